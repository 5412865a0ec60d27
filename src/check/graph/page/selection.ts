/** Part of the script of the page: a card is chosen, and what there is to say of it is said beside. */
export const SELECTION = String.raw`  // ---- selection
  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function pick(node, focus) {
    picked = node;
    const ways = node === undefined ? undefined : waysThrough([node]);
    main.classList.toggle('picked', node !== undefined);
    cards.forEach(card => {
      card.classList.toggle('on', ways !== undefined && isOn(card, ways.nodes));
      card.setAttribute('aria-pressed', String(nodeOf(card) === node));
    });
    main.querySelectorAll('.edge').forEach(path => path.classList.toggle('on', ways !== undefined && ways.edges.has(Number(path.dataset.edge))));
    describe(node, ways);
    if (only !== undefined) {
      only = node;
      filter();
    }
    if (focus) {
      const card = cardsOf[node].find(each => each.offsetParent) ?? cardsOf[node][0];
      card.focus();
      card.scrollIntoView({ block: 'center', inline: 'nearest' });
    }
  }

  function describe(node, ways) {
    byId('nothing').hidden = node !== undefined;
    byId('chosen').replaceChildren();
    byId('said').textContent = '';
    if (node === undefined) {
      return;
    }
    const show = element('button', 'plain', 'Show only this');
    show.type = 'button';
    show.setAttribute('aria-pressed', String(only !== undefined));
    show.addEventListener('click', () => {
      only = only === undefined ? picked : undefined;
      show.setAttribute('aria-pressed', String(only !== undefined));
      filter();
    });
    const accounts = [...ways.nodes].filter(each => each !== node && cardsOf[each][0].classList.contains('service-account')).length;
    byId('chosen').append(
      ...[...byId('about-' + node).children].map(child => child.cloneNode(true)),
      show,
      ...steps('Who gets here', entering[node], 'from'),
      ...steps('Where it leads', leaving[node], 'to'),
    );
    byId('said').textContent = 'Chosen. On its ways: ' + accounts + ' service account' + (accounts === 1 ? '' : 's') + ', ' + (ways.nodes.size - 1 - accounts) + ' others';
  }

  function steps(title, indexes, end) {
    if (indexes.length === 0) {
      return [];
    }
    const list = element('ul', 'ways', '');
    indexes.forEach(index => {
      const edge = edges[index];
      const card = cardsOf[edge[end]][0];
      const button = element('button', card.dataset.kind, card.querySelector('.name').textContent);
      button.type = 'button';
      button.addEventListener('click', () => {
        clearFilters(edge[end]);
        pick(edge[end], true);
      });
      const item = element('li', '', '');
      item.append(button, element('p', '', [edge.what, ...edge.notes].join('; ')));
      list.append(item);
    });
    return [element('h3', '', title), list];
  }

  /** What is chosen has to be seen. */
  function clearFilters(node) {
    if (cardsOf[node].every(card => card.parentElement.hidden)) {
      reset();
    }
  }

  function reset() {
    search.value = '';
    selects.forEach(select => { select.value = ''; });
    found.checked = false;
    only = undefined;
    filter();
  }

`;
