/* A new snapshot draws a page anew, four times a minute at most: what its reader has open, where the
   keyboard stands and how far a list is scrolled are put back, as long as the address is the same.
   On the alarms' desk, whose list changes its order, only groups are, which have a name. */
(function () {
  "use strict";
  var PARTS = "#top, #head, #body, #foot, #tabs";
  var STOPS = "a[href], button, summary, input, select, textarea, [tabindex]";
  var here = "", open = {}, rolled = {}, stood = null;

  /* the address without what opens something over the page or chooses in a list */
  function address() {
    var words = new URLSearchParams(location.search), pages = document.getElementById("pages");
    (pages ? pages.dataset.over : "").split(" ").forEach(function (key) { words.delete(key); });
    return location.pathname + "?" + words.toString();
  }

  /* forget it all on another page, or on this one under other filters */
  function current() {
    var now = address();
    if (now !== here) { here = now; open = {}; rolled = {}; stood = null; }
  }

  function titled(panel) {
    var title = panel.querySelector("h2, h3");
    return title ? title.textContent : "";
  }

  /* where something stands, in words that the next drawing of the page has as well */
  function placeOf(one, kind) {
    var panel = one.closest("#body .panel"), part = panel || one.closest(PARTS), group = one.dataset.group;
    if (part && group && kind === "details") { // its name tells it, wherever it stands and whatever it counts
      return { kind: '[data-group="' + CSS.escape(group) + '"]', part: "#body", index: 0, says: null };
    }
    if (!part || one.closest(".desk")) return null;
    var index = Array.prototype.indexOf.call(part.querySelectorAll(kind), one);
    return { kind: kind, part: panel ? titled(panel) : "#" + part.id, index: index, says: says(one) };
  }

  /* what a fold says of itself, without its numbers: another one may stand in its place by then */
  function says(one) {
    var head = one instanceof HTMLDetailsElement ? one.querySelector("summary") : null;
    return head ? head.textContent.replace(/[0-9]+/g, "") : "";
  }

  function found(place) {
    var part = place.part.charAt(0) === "#" ? document.querySelector(place.part)
      : Array.prototype.find.call(document.querySelectorAll("#body .panel"), function (panel) { return titled(panel) === place.part; });
    var one = part ? part.querySelectorAll(place.kind)[place.index] : null;
    return one && (place.says === null || says(one) === place.says) ? one : null;
  }

  function note(book, one, kind, value) {
    current();
    var place = placeOf(one, kind);
    if (place) book[JSON.stringify(place)] = value;
  }

  document.addEventListener("toggle", function (event) {
    var one = event.target;
    if (one instanceof HTMLDetailsElement && one.isConnected) note(open, one, "details", one.open);
  }, true);

  document.addEventListener("scroll", function (event) {
    var one = event.target;
    if (one instanceof Element && one.className && typeof one.className === "string") {
      note(rolled, one, "." + CSS.escape(one.classList[0]), one.scrollTop);
    }
  }, { capture: true, passive: true });

  document.addEventListener("focusin", function (event) {
    current();
    stood = placeOf(event.target, STOPS);
    if (stood) stood.one = event.target;
  });

  document.addEventListener("focusout", function (event) {
    var one = event.target; /* what is taken away while it has the focus keeps its place */
    setTimeout(function () { if (stood && stood.one === one && one.isConnected && document.activeElement !== one) stood = null; }, 0);
  });

  function putBack() {
    current();
    Object.keys(open).forEach(function (key) {
      var one = open[key] && found(JSON.parse(key));
      if (one && !one.open) { one.dataset.again = "1"; one.open = true; }
    });
    Object.keys(rolled).forEach(function (key) {
      var one = rolled[key] && found(JSON.parse(key));
      if (one && !one.dataset.rolled) { one.dataset.rolled = "1"; one.scrollTop = rolled[key]; }
    });
    if (stood && !stood.one.isConnected && document.activeElement === document.body) {
      var next = found(stood);
      if (next) next.focus({ preventScroll: true });
    }
  }

  /* once a frame at most, and only when something was drawn */
  var asked = 0;
  new MutationObserver(function () {
    if (!asked) asked = requestAnimationFrame(function () { asked = 0; putBack(); });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
