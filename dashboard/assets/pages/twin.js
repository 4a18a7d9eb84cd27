/* The table beside a curve: filled, when it is opened, from the very points that were drawn. */
(function () {
  "use strict";

  function cell(row, kind, words, right) {
    var made = document.createElement(kind);
    made.textContent = words;
    if (right) made.className = "n";
    row.appendChild(made);
  }

  function drawn(twin) {
    var graph = twin.parentNode && twin.parentNode.querySelector(".js-plotly-plot");
    return graph && graph.data && graph.on ? graph : null;
  }

  function fill(twin) {
    var box = twin.querySelector("[data-heads]"), graph = drawn(twin);
    if (!box || !graph) return;
    var heads = box.dataset.heads.split("|"), found = {};
    graph.data.forEach(function (trace) {
      if (!trace.meta) return; /* the mark of the last reading says nothing of its own */
      trace.x.forEach(function (at, index) {
        var value = trace.y[index];
        if (value === null || value === undefined) return;
        found[at] = found[at] || {};
        found[at][trace.meta.column] = value.toFixed(trace.meta.digits);
      });
    });
    var table = document.createElement("table"), body = table.createTBody();
    table.className = "rows";
    var head = table.createTHead().insertRow();
    heads.forEach(function (words, column) { cell(head, "th", words, column > 0); });
    Object.keys(found).sort().reverse().forEach(function (at) {
      var row = body.insertRow();
      cell(row, "td", at.slice(5), false);
      for (var column = 1; column < heads.length; column += 1) cell(row, "td", found[at][column] || "—", true);
    });
    box.replaceChildren(table);
  }

  /* on paper a curve is as wide as its panel there, not as it was on the screen */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll(".chart .main-svg").forEach(function (drawn) {
      drawn.setAttribute("viewBox", "0 0 " + drawn.getAttribute("width") + " " + drawn.getAttribute("height"));
    });
  });

  function follow(twin) {
    var graph = drawn(twin);
    fill(twin);
    if (graph.honglanTwin) return;
    graph.honglanTwin = true; /* readings that arrive while it is open */
    graph.on("plotly_afterplot", function () { if (twin.open) fill(twin); });
  }

  /* on a slow line a table is opened before its curve is there */
  function wait(twin) {
    twin.honglanWaits = true;
    new MutationObserver(function (_, seen) {
      if (!drawn(twin)) return;
      seen.disconnect();
      twin.honglanWaits = false;
      if (twin.open) follow(twin);
    }).observe(twin.parentNode, { attributes: true, attributeFilter: ["class"], childList: true, subtree: true });
  }

  document.addEventListener("toggle", function (event) {
    var twin = event.target;
    if (!(twin instanceof Element) || !twin.matches(".of-curve[open]")) return;
    if (drawn(twin)) follow(twin);
    else if (!twin.honglanWaits) wait(twin);
  }, true);
})();
