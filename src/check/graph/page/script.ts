import { KEYS } from './keys';
import { LINES } from './lines';
import { SELECTION } from './selection';

/**
 * The script of the page, for browsers as they are: no library, nothing loaded. Names only ever become text (`textContent`), never markup. What it works on is in
 * the page: the cards, and a list of edges as JSON. Its parts share the names of the first lines here.
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

${LINES}${SELECTION}${KEYS}  let waiting;
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
