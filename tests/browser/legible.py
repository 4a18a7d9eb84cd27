"""What a person would object to in a drawn page, found by measuring it in the browser."""

DEFECTS = """() => {
  const apart = '[hidden], input[aria-hidden=true], .said-only, .skip, .leaflet-container, '
    + '.ag-root, .js-plotly-plot, .sheet:not(.open), details:not([open]) > :not(summary)';
  const seen = each => {
    const box = each.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && !each.closest(apart)
      && getComputedStyle(each).visibility === 'visible';
  };
  const name = each => `${each.className || each.tagName}: ${each.textContent.trim().slice(0, 24)}`;
  const found = [], texts = [], wide = document.documentElement;
  if (wide.scrollWidth > wide.clientWidth) found.push(`sideways ${wide.scrollWidth}`);
  for (const each of document.querySelectorAll('.top-bar *, main *')) {
    if (!seen(each)) continue;
    const own = [...each.childNodes].filter(n => n.nodeType === 3 && n.textContent.trim());
    const hides = /hidden|clip/.test(getComputedStyle(each).overflowX);
    if (own.length && hides && each.scrollWidth > each.clientWidth + 1 && !each.closest('td'))
      found.push(`cut ${name(each)}`);
    for (const words of own) {
      const range = document.createRange();
      range.selectNodeContents(words);
      for (const box of range.getClientRects()) if (box.width > 2) texts.push([box, each]);
    }
  }
  const frames = '.panel-body, .twin-rows, .top-bar nav, .case-list, .record';
  const out = (box, each) => {
    const frame = each.closest(frames);
    const edge = frame && frame.getBoundingClientRect();
    return edge && (box.right > edge.right || box.bottom > edge.bottom || box.left < edge.left);
  };
  texts.forEach(([a, one], n) => texts.slice(n + 1).forEach(([b, other]) => {
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const along = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across <= 2 || along <= 0.5 * Math.min(a.height, b.height)) return;
    if (one === other || one.contains(other) || other.contains(one)) return;
    if (out(a, one) || out(b, other)) return; /* scrolled out of sight */
    found.push(`${name(one)} over ${name(other)}`);
  }));
  const targets = '.button, .segment, .arrow, .tab, .chip, .chip-off, .chip-way, .map-layer, '
    + 'main summary, button, input:not([type=checkbox]):not([type=hidden])';
  if (innerWidth < 720) for (const each of document.querySelectorAll(targets)) {
    if (!seen(each) || each.closest('.ag-root')) continue;
    const box = each.getBoundingClientRect();
    if (box.height < 43.5) found.push(`${Math.round(box.height)} px high: ${name(each)}`);
  }
  return [...new Set(found)];
}"""
