/* Printing: maps and curves are drawn for the width of the sheet and given back to the screen
   afterwards. The browser tells before it lays the sheet out; all of this is done by then. */
(function () {
  "use strict";
  var root = document.documentElement;

  function curves() {
    return Array.prototype.slice.call(document.querySelectorAll(".js-plotly-plot"));
  }

  function fitted(curve) {
    var box = curve.parentElement.getBoundingClientRect();
    if (window.Plotly && box.width && box.height) {
      window.Plotly.relayout(curve, { width: Math.floor(box.width), height: Math.floor(box.height) });
    }
  }

  window.addEventListener("beforeprint", function () {
    root.classList.add("paper");
    curves().forEach(fitted);
    if (window.honglan && window.honglan.map) window.honglan.map.onPaper(true);
  });

  window.addEventListener("afterprint", function () {
    root.classList.remove("paper");
    curves().forEach(function (curve) {
      if (window.Plotly) window.Plotly.relayout(curve, { width: null, height: null, autosize: true });
    });
    if (window.honglan && window.honglan.map) window.honglan.map.onPaper(false);
  });
})();
