/** Part of the script of the page: all of it by the keyboard, one stop for the tabulator and arrows within. */
export const KEYS = String.raw`  // ---- keys: one stop for the tabulator, arrows within
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
`;
