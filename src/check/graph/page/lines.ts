/** Part of the script of the page: the lines between cards, only of what can be seen. */
export const LINES = String.raw`  // ---- lines: only of what can be seen
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

`;
