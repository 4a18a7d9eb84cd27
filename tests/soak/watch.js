// Watches a frame of the wall from outside of its own book-keeping: what each chart was given, what
// it shows, and whether that is the same at the moment a beat is acknowledged.
(leak) => {
  const seen = window.soak = { acknowledged: 0, tick: 0, wrong: [], given: {}, kept: [] };
  const side = window.dash_clientside;
  const told = () => document.getElementById("tick").textContent.split(" ");
  const plot = id => document.querySelector("#" + id + " .js-plotly-plot");
  const chart = side.wall.chart, set = side.set_props;
  side.wall.chart = figure => {
    const made = chart(figure);
    if (made && made.layout) { seen.given[side.callback_context.outputs_list.id] = made.layout.meta; }
    return made;
  };
  side.set_props = (id, props) => {
    if (id === "tick-drawn") { check(props.data); }
    return set(id, props);
  };
  function check(number) {
    const parts = told();
    if (number > Number(parts[0])) { seen.wrong.push(`beat ${number} was not sent, ${parts[0]} was`); }
    for (const [id, meta] of Object.entries(seen.given)) {
      const drawn = plot(id);
      const shown = drawn && drawn.offsetHeight ? drawn._fullLayout.meta : meta;
      if (shown !== meta) { seen.wrong.push(`beat ${number}: ${id} shows figure ${shown}, not ${meta}`); }
    }
    seen.acknowledged = number;
    if (number === Number(parts[0])) { seen.tick = Number(parts[7]); }
    if (leak) {
      for (const event of ["keydown", "keyup", "click", "wheel", "resize"]) {
        const one = () => seen.kept.length;
        seen.kept.push(one);
        document.addEventListener(event, one);
      }
    }
  }
}
