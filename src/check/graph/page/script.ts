/**
 * The script of the page, for browsers as they are: no library, nothing loaded. Names only ever become text (`textContent`), never markup. What it works on is in
 * the page: the cards, and a list of edges as JSON.
 */
export const SCRIPT = String.raw`'use strict';
(() => {
  const byId = id => document.getElementById(id);
  const { edges } = JSON.parse(byId('edges').textContent);
  const main = document.querySelector('main');
  const aside = document.querySelector('aside');
  const cards = [...main.querySelectorAll('.node')];
  const parts = [...main.querySelectorAll('.part')];
  const nodeOf = card => Number(card.dataset.node);
  const cardsOf = [];
  cards.forEach(card => (cardsOf[nodeOf(card)] ??= []).push(card));
  const leaving = cardsOf.map(() => []);
  const entering = cardsOf.map(() => []);
  edges.forEach((edge, index) => {
    leaving[edge.from].push(index);
    entering[edge.to].push(index);
  });
  const texts = cardsOf.map((_, node) => (byId('about-' + node).textContent + ' ' + cardsOf[node][0].textContent).toLowerCase());

  // ---- ways: what leads to nodes, and where they lead. A step that is denied is shown, and leads no further
  function follow(nodes, edgesOf, end, ways) {
    const queue = [...nodes];
    const seen = new Set(queue);
    const first = new Set(queue);
    for (let next = 0; next < queue.length; next++) {
      for (const index of edgesOf[queue[next]]) {
        const edge = edges[index];
        if (edge.verdict === 'denied' && !first.has(queue[next])) {
          continue;
        }
        ways.edges.add(index);
        ways.nodes.add(edge[end]);
        if (edge.verdict !== 'denied' && !seen.has(edge[end])) {
          seen.add(edge[end]);
          queue.push(edge[end]);
        }
      }
    }
  }

  function waysThrough(nodes) {
    const ways = { nodes: new Set(nodes), edges: new Set() };
    follow(nodes, leaving, 'to', ways);
    follow(nodes, entering, 'from', ways);
    return ways;
  }

  // ---- filters: what is shown lies on a way through something that each filter wants
  const search = byId('search');
  const selects = ['cluster', 'namespace', 'account'].map(byId);
  const found = byId('found');
  const status = byId('status');
  let picked;
  let only;

  function wanted() {
    const text = search.value.trim().toLowerCase();
    const wants = [];
    if (text) {
      wants.push(node => texts[node].includes(text));
    }
    selects.filter(select => select.value !== '').forEach(select => {
      wants.push(node => cardsOf[node][0].dataset[select.id] === select.value);
    });
    if (found.checked) {
      wants.push(node => cardsOf[node][0].dataset.found !== undefined);
    }
    if (only !== undefined) {
      wants.push(node => node === only);
    }
    return wants;
  }

  function filter() {
    const nodes = cardsOf.map((_, node) => node);
    const shown = wanted().map(wants => waysThrough(nodes.filter(wants)).nodes).reduce((all, some) => all.filter(node => some.has(node)), nodes);
    const visible = new Set(shown);
    cards.forEach(card => { card.parentElement.hidden = !isOn(card, visible); });
    parts.forEach(part => { part.hidden = !part.querySelector('li:not([hidden])'); });
    status.textContent = shown.length === nodes.length ? nodes.length + ' shown' : shown.length + ' of ' + nodes.length + ' shown';
    reachable();
    redraw();
  }

  // what is at the end of ways has a card in each part that leads there: it belongs to what it is connected with in its own part
  const beside = new Map();
  parts.forEach(part => {
    const inPart = new Map([...part.querySelectorAll('.node')].map(card => [nodeOf(card), card]));
    part.querySelectorAll('.edge').forEach(path => {
      const { from, to } = edges[Number(path.dataset.edge)];
      [[from, to], [to, from]].forEach(([one, other]) => {
        const card = inPart.get(one);
        beside.has(card) ? beside.get(card).push(other) : beside.set(card, [other]);
      });
    });
  });
  const isEnd = card => card.dataset.kind === 'policy' || card.dataset.kind === 'principal';
  const isOn = (card, nodes) => nodes.has(nodeOf(card)) && (!isEnd(card) || beside.get(card).some(other => nodes.has(other)));

  // ---- lines: only of what can be seen
  const near = new Set();
  const dirty = new Set(parts);
  let drawing = false;

  function redraw() {
    parts.forEach(part => dirty.add(part));
    drawSoon();
  }

  function drawSoon() {
    if (!drawing) {
      drawing = true;
      requestAnimationFrame(() => {
        drawing = false;
        near.forEach(part => {
          if (dirty.delete(part)) {
            draw(part);
          }
        });
      });
    }
  }

  function draw(part) {
    const { left, top } = part.getBoundingClientRect();
    const boxes = new Map();
    part.querySelectorAll('.node').forEach(card => {
      const box = card.getBoundingClientRect();
      if (box.width > 0) {
        boxes.set(nodeOf(card), { left: box.left - left, right: box.right - left, middle: box.top - top + box.height / 2 });
      }
    });
    part.querySelectorAll('.edge').forEach(path => {
      const edge = edges[Number(path.dataset.edge)];
      const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
      path.setAttribute('d', from && to ? line(from, to) : '');
    });
  }

  function line(from, to) {
    if (to.left > from.right) {
      const bend = Math.max(24, (to.left - from.right) / 2);
      return 'M' + [from.right, from.middle] + 'C' + [from.right + bend, from.middle, to.left - bend, to.middle, to.left - 2, to.middle]
        + 'M' + [to.left - 8, to.middle - 4] + 'L' + [to.left - 2, to.middle] + 'L' + [to.left - 8, to.middle + 4];
    }
    // to the same column, or back: around the right side
    const out = Math.max(from.right, to.right) + 44;
    return 'M' + [from.right, from.middle - 4] + 'C' + [out, from.middle - 4, out, to.middle + 4, to.right + 2, to.middle + 4]
      + 'M' + [to.right + 8, to.middle] + 'L' + [to.right + 2, to.middle + 4] + 'L' + [to.right + 8, to.middle + 8];
  }

  const watch = new IntersectionObserver(entries => {
    entries.forEach(({ target, isIntersecting }) => isIntersecting ? near.add(target) : near.delete(target));
    drawSoon();
  }, { rootMargin: '400px' });
  parts.forEach(part => watch.observe(part));
  new ResizeObserver(redraw).observe(main);
  const header = document.querySelector('header');
  new ResizeObserver(() => document.documentElement.style.setProperty('--top', header.offsetHeight + 'px')).observe(header);

  // ---- selection
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

  // ---- keys: one stop for the tabulator, arrows within
  const isShown = card => !card.parentElement.hidden;
  const columns = [];
  cards.forEach(card => (columns[Number(card.dataset.column)] ??= []).push(card));

  function reachable(card = cards.find(each => each.tabIndex === 0 && isShown(each)) ?? cards.find(isShown)) {
    cards.forEach(each => { each.tabIndex = each === card ? 0 : -1; });
  }

  function neighbour(card, key) {
    const column = (columns[Number(card.dataset.column)] ?? []).filter(isShown);
    const place = column.indexOf(card);
    const part = card.closest('.part');
    const along = (indexes, end) => indexes.map(index => cardsOf[edges[index][end]].find(each => isShown(each) && each.closest('.part') === part)).find(Boolean);
    switch (key) {
      case 'ArrowUp': return column[place - 1];
      case 'ArrowDown': return column[place + 1];
      case 'Home': return column[0];
      case 'End': return column[column.length - 1];
      case 'ArrowRight': return along(leaving[nodeOf(card)], 'to');
      case 'ArrowLeft': return along(entering[nodeOf(card)], 'from');
      default: return undefined;
    }
  }

  main.addEventListener('keydown', event => {
    const card = event.target.closest('.node');
    const next = card && !event.altKey && !event.ctrlKey && !event.metaKey ? neighbour(card, event.key) : undefined;
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
  main.addEventListener('focusin', event => {
    const card = event.target.closest('.node');
    if (card) {
      reachable(card);
    }
  });
  main.addEventListener('click', event => {
    const card = event.target.closest('.node');
    if (card) {
      pick(nodeOf(card) === picked ? undefined : nodeOf(card), false);
    }
  });
  document.addEventListener('keydown', event => {
    if (event.key === '/' && !/^(?:INPUT|SELECT)$/.test(event.target.tagName)) {
      event.preventDefault();
      search.focus();
    } else if (event.key === 'Escape') {
      if (aside.contains(document.activeElement) && picked !== undefined) {
        cardsOf[picked].find(isShown)?.focus();
      }
      only = undefined;
      pick(undefined, false);
      filter();
    }
  });
  let waiting;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  [...selects, found].forEach(control => control.addEventListener('change', filter));
  document.querySelector('form').addEventListener('submit', event => event.preventDefault());
  byId('reset').addEventListener('click', reset);
  filter();
})();
`;
