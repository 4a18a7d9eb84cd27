/* Printing: maps and curves are drawn for the width of the sheet and given back to the screen
   afterwards. The browser tells before it lays the sheet out; all of this is done by then. */
(function () {
  "use strict";
  var root = document.documentElement;
  var MOST = 1000, STEP = 100, WAIT_MS = 15000; /* rows of a table on paper: what its grid holds at a time */
  var WIDE = 12; /* columns that can still be read on a sheet of A4 */

  function curves() {
    return Array.prototype.slice.call(document.querySelectorAll(".js-plotly-plot"));
  }

  function fitted(curve) {
    var box = curve.parentElement.getBoundingClientRect();
    if (window.Plotly && box.width && box.height) {
      window.Plotly.relayout(curve, { width: Math.floor(box.width), height: Math.floor(box.height) });
    }
  }

  /* the grid of an open table of cases; it draws the rows in sight only */
  function grid() {
    var box = document.querySelector(".sheet.open #case-rows");
    try { return box && window.dash_ag_grid ? window.dash_ag_grid.getApi("case-rows") : null; } catch (error) { return null; }
  }

  function cell(kind, words) {
    var one = document.createElement(kind);
    one.textContent = words === null || words === undefined ? "" : String(words);
    return one;
  }

  /* the rows that the grid has loaded, as a plain table, which a sheet of paper can break */
  function tabled(api) {
    var every = api.getAllDisplayedColumns(), columns = every.slice(0, WIDE), table = document.createElement("table"), count = 0;
    var head = table.createTHead().insertRow(), body = table.createTBody();
    columns.forEach(function (column) { head.appendChild(cell("th", column.getColDef().headerName)); });
    api.forEachNode(function (node) {
      if (!node.data) return;
      var row = body.insertRow();
      count += 1;
      columns.forEach(function (column) { row.appendChild(cell("td", api.getCellValue({ rowNode: node, colKey: column, useFormatter: true }))); });
    });
    var box = document.createElement("div"), total = api.getDisplayedRowCount();
    table.className = "rows";
    box.className = "print-only paper-rows";
    box.appendChild(table);
    if (count < total) box.appendChild(cell("p", "先印 " + count + " 行，全部行请导出。"));
    if (columns.length < every.length) box.appendChild(cell("p", "纸上印前 " + WIDE + " 列，要印别的列请先在“列”里选；其余 " + (every.length - WIDE) + " 列请导出。"));
    return box;
  }

  function unloaded(api) {
    for (var index = 0; index < Math.min(api.getDisplayedRowCount(), MOST); index += STEP) {
      var node = api.getDisplayedRowAtIndex(index);
      if (!node || !node.data) return index;
    }
    return -1;
  }

  /* the rows that nobody has scrolled to are fetched first; what does not come is said on paper */
  function print() {
    var api = grid(), until = Date.now() + WAIT_MS;
    (function again() {
      var next = api ? unloaded(api) : -1;
      if (next < 0 || Date.now() > until) { window.print(); return; }
      api.ensureIndexVisible(next, "top");
      setTimeout(again, 120);
    })();
  }

  document.addEventListener("click", function (event) {
    if (event.target instanceof Element && event.target.closest("[data-print]")) print();
  });

  window.addEventListener("beforeprint", function () {
    var api = grid(), sheet = document.querySelector(".sheet.open .sheet-foot");
    root.classList.add("paper");
    if (api && sheet) sheet.before(tabled(api));
    curves().forEach(fitted);
    if (window.honglan && window.honglan.map) window.honglan.map.onPaper(true);
  });

  window.addEventListener("afterprint", function () {
    root.classList.remove("paper");
    document.querySelectorAll(".paper-rows").forEach(function (rows) { rows.remove(); });
    curves().forEach(function (curve) {
      if (window.Plotly) window.Plotly.relayout(curve, { width: null, height: null, autosize: true });
    });
    if (window.honglan && window.honglan.map) window.honglan.map.onPaper(false);
  });
})();
