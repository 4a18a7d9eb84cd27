/* What keyboards and screen readers need and the markup of the libraries does not give: a region
   that scrolls can be scrolled by keys (only while it does scroll), and boxes to tick are a named
   group of boxes, not a list of options with boxes inside. */
(function () {
  "use strict";
  var REGIONS = ".case-list, .record, .panel-body, .sheet section, .twin-rows, .fact-tables > div, .group-example, .map-areas, #report-list";

  function scrolls(region) {
    var style = getComputedStyle(region);
    return (region.scrollWidth > region.clientWidth + 1 && /auto|scroll/.test(style.overflowX)) ||
      (region.scrollHeight > region.clientHeight + 1 && /auto|scroll/.test(style.overflowY));
  }

  function reach() {
    document.querySelectorAll(REGIONS).forEach(function (region) {
      if (scrolls(region)) region.tabIndex = 0;
      else region.removeAttribute("tabindex");
    });
    document.querySelectorAll(".dash-checklist[role=listbox]").forEach(function (list) {
      var named = list.closest("[data-group]");
      if (named) list.setAttribute("aria-label", named.dataset.group);
      list.setAttribute("role", "group");
    });
    document.querySelectorAll(".dash-dropdown-focus-target[tabindex='0']").forEach(function (target) {
      target.tabIndex = -1; /* hidden from screen readers; the button beside it has the focus */
    });
    document.querySelectorAll(".dash-checklist [role=option], .dash-checklist [aria-selected]").forEach(function (box) {
      box.removeAttribute("role");
      box.removeAttribute("aria-selected");
    });
  }

  var asked = 0;
  function soon() {
    if (asked) return;
    asked = requestAnimationFrame(function () { asked = 0; reach(); });
  }
  new MutationObserver(soon).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["class", "open", "role", "aria-selected"],
  });
  window.addEventListener("resize", soon);
})();
