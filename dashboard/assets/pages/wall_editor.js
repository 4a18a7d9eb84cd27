// The walls page: arrow keys and dragging on the board, and the preview scaled into its panel.
// What was done is told to the server, which draws the board anew.
(function () {
  "use strict";
  var told = 0, steps = []; // what the board that is drawn does not show yet

  function taken() {
    var cells = document.querySelector("#wall-board .wall-cells");
    var done = cells ? Number(cells.dataset.done) : 0;
    steps = steps.filter(function (one) { return one.n > done; });
  }

  // a step is told again with the next ones until the board shows it: Dash shows the newest answer only
  function tell(what) {
    watch();
    taken();
    told += 1;
    what.n = told;
    steps.push(what);
    window.dash_clientside.set_props("wall-key", { data: { steps: steps.slice() } });
  }

  function piece(target) {
    return target && target.closest ? target.closest(".wall-piece") : null;
  }

  document.addEventListener("keydown", function (event) {
    var one = piece(event.target);
    if (!one || !/^(Arrow(Left|Right|Up|Down)|Enter| )$/.test(event.key)) { return; }
    event.preventDefault();
    focused = one.dataset.panel;
    tell({ panel: one.dataset.panel, key: event.key, shift: event.shiftKey });
  });

  // a drag moves a piece by the cells that the pointer crossed; less than one cell is a click
  var held = null;

  function cell(event) {
    var board = held.board;
    var frame = board.getBoundingClientRect();
    var style = window.getComputedStyle(board);
    function index(tracks, gap, at) {
      var sizes = tracks.split(" ").map(parseFloat);
      var end = 0;
      for (var i = 0; i < sizes.length; i += 1) {
        end += sizes[i] + gap;
        if (at < end) { return i; }
      }
      return sizes.length - 1;
    }
    return {
      x: index(style.gridTemplateColumns, parseFloat(style.columnGap) || 0, event.clientX - frame.left - parseFloat(style.paddingLeft)),
      y: index(style.gridTemplateRows, parseFloat(style.rowGap) || 0, event.clientY - frame.top - parseFloat(style.paddingTop))
    };
  }

  document.addEventListener("pointerdown", function (event) {
    var one = piece(event.target);
    if (!one) { focused = ""; return; }
    focused = one.dataset.panel;
    held = { one: one, board: one.parentElement };
    held.from = cell(event);
    var column = parseInt(one.style.gridColumn || one.style.gridColumnStart, 10) - 1;
    var row = parseInt(one.style.gridRow || one.style.gridRowStart, 10) - 1;
    held.at = { x: column, y: row };
    one.classList.add("carried");
  });

  document.addEventListener("pointerup", function (event) {
    if (!held) { return; }
    var to = cell(event);
    var by = { x: to.x - held.from.x, y: to.y - held.from.y };
    var panel = held.one.dataset.panel;
    held.one.classList.remove("carried");
    if (by.x || by.y) { tell({ panel: panel, key: "drop", left: held.at.x + by.x, top: held.at.y + by.y }); }
    else { tell({ panel: panel, key: "pick" }); }
    held = null;
  });

  document.addEventListener("pointercancel", function () {
    if (held) { held.one.classList.remove("carried"); }
    held = null;
  });

  // the board is drawn anew after each step: the piece that had the focus has it again
  var focused = "", watched = null;

  function refocus() {
    taken();
    var here = document.activeElement;
    if (!focused || (here && here !== document.body)) { return; }
    var one = watched.querySelector('.wall-piece[data-panel="' + focused + '"]');
    if (one) { one.focus({ preventScroll: true }); }
  }

  function watch() {
    var board = document.getElementById("wall-board");
    if (!board || board === watched) { return; }
    watched = board;
    told = 0; // a page of its own
    steps = [];
    new MutationObserver(refocus).observe(board, { childList: true, subtree: true });
  }

  // the frame keeps its own pixels, so that type is drawn as on the wall, and is scaled as a whole
  function scale() {
    watch();
    var pane = document.querySelector(".wall-pane");
    var frame = pane && pane.querySelector("iframe");
    if (!frame || !pane.clientWidth) { return; }
    var x = pane.clientWidth / frame.offsetWidth;
    var y = pane.clientHeight / frame.offsetHeight;
    var wanted = "scale(" + x.toFixed(5) + "," + y.toFixed(5) + ")";
    if (frame.style.transform !== wanted) { frame.style.transform = wanted; }
  }

  window.setInterval(scale, 300);
})();
