/* The number of a row in a case table is the link to the page of its case. What stands in it is set
   as text, its address was made by the server; a row that is no case has a number and no link. */
(function () {
  "use strict";
  var made = window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};

  made.CaseLink = function (cell) {
    var words = cell.value === null || cell.value === undefined ? "" : String(cell.value);
    var href = cell.data && cell.data._case;
    if (!href) return words;
    /* the arrow keys go from cell to cell, and Enter follows what the cell holds */
    return window.React.createElement("a", { href: href, className: "case-link", "data-go": "1", tabIndex: -1 }, words);
  };

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.target instanceof Element) || !event.target.matches(".case-rows .ag-cell")) return;
    var link = event.target.querySelector("a.case-link");
    if (link) link.click();
  });

  document.addEventListener("click", function (event) {
    if (!(event.target instanceof Element)) return;
    var failed = document.querySelector("#case-failed:not(:empty)");
    var again = event.target.closest("[data-rows-again]"); /* another filter or order asks anew by itself */
    if (!failed || !(again || event.target.closest(".ag-filter button, .ag-header-cell-label"))) return;
    window.dash_clientside.set_props("case-failed", { children: null });
    if (again) window.dash_ag_grid.getApi("case-rows").refreshInfiniteCache();
  });

  /* what was filtered by hand stands in the copied link only: the way back needs it as well */
  document.addEventListener("click", function (event) {
    if (!(event.target instanceof Element) || !event.target.closest("a.case-link")) return;
    var copy = document.getElementById("sheet-copy");
    if (!copy) return;
    var here = new URL(location.href), view = new URL(copy.dataset.copy, location.href).searchParams.get("view");
    if (view) here.searchParams.set("view", view); else here.searchParams.delete("view");
    history.replaceState(history.state, "", here.pathname + here.search);
  }, true);
})();
