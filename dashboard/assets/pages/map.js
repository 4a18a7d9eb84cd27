/* How the map page draws what the server sent: styles from the page's own tokens, signs and labels
   made of text (never of HTML), clicks as addresses. The view fits the frame the server names and
   then stays as the reader left it, until another frame is named. */
(function () {
  "use strict";
  var home = (window.honglan = window.honglan || {});

  function token(name) {
    return "var(--" + name + ")"; /* so that a change of theme, and paper, need no new drawing */
  }

  function open(href) {
    if (!href || href.charAt(0) !== "/" || href === location.pathname + location.search) return;
    history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  function icon(className, texts, size) {
    var body = document.createElement("span");
    body.className = className;
    texts.forEach(function (text) {
      var line = document.createElement("span");
      line.textContent = text;
      body.appendChild(line);
    });
    return window.L.divIcon({ html: body, className: "mk-box", iconSize: size });
  }

  /* A new snapshot draws the page anew, and with it the map: where the reader was is kept here. */
  var left = null; /* {key, center, zoom} once the reader has moved the map himself */

  function fit(map, frame) {
    var key = frame.join(" ");
    if (map.honglanFrame === key) return;
    map.honglanFrame = key;
    var own = false;
    function now() {
      own = true;
      map.invalidateSize({ pan: false });
      if (left && left.key === key) map.setView(left.center, left.zoom, { animate: false });
      else map.fitBounds([[frame[1], frame[0]], [frame[3], frame[2]]], { animate: false, padding: [14, 14] });
      own = false;
    }
    if (map.honglanHeard) map.off(map.honglanHeard);
    map.honglanHeard = {
      resize: function () { if (!own) now(); },
      moveend: function () { if (!own) left = { key: key, center: map.getCenter(), zoom: map.getZoom() }; },
    };
    now();
    setTimeout(function () { now(); map.on(map.honglanHeard); }, 0);
  }

  home.map = {
    water: function (feature) {
      var closed = feature.properties.closed;
      return {
        stroke: true, color: token("grey"), weight: closed ? 1 : 2.2,
        fill: closed, fillColor: token("water"), fillOpacity: 1, interactive: false,
      };
    },
    area: function (feature, context) {
      var told = feature.properties;
      var clear = context && context.hideout && context.hideout.tiles;
      return {
        color: token(told.chosen ? "ink" : "panel"), weight: told.chosen ? 3 : 1.6,
        fillColor: token("map-" + told.step), fillOpacity: clear ? 0.45 : 1,
      };
    },
    line: function () {
      return { color: token("panel"), weight: 0.7, opacity: 0.8, fill: false, interactive: false };
    },
    each: function (feature, layer, context) {
      if (context && context.map && context.hideout) fit(context.map, context.hideout.frame);
      layer.on("click", function () { open(feature.properties.href); });
      layer.on("add", function () {
        var path = layer.getElement && layer.getElement();
        if (!path) return;
        path.setAttribute("role", "img"); /* the table beside the map is the way of the keyboard */
        path.setAttribute("aria-label", feature.properties.words);
      });
    },
    label: function (feature, place) {
      var told = feature.properties;
      return window.L.marker(place, {
        icon: icon("map-label on-" + told.step, [told.name, told.figure], [0, 0]),
        interactive: false, keyboard: false, zIndexOffset: 600,
      });
    },
    point: function (feature, place) {
      var told = feature.properties;
      var mark = window.L.marker(place, {
        icon: icon("mk is-" + told.look, [told.sign], [24, 24]),
        title: told.words, alt: told.words, keyboard: false, riseOnHover: true,
        zIndexOffset: told.look.indexOf("rank") === 0 ? 900 : told.look === "over" ? 300 : 0,
      });
      if (told.href) mark.on("click", function () { open(told.href); });
      return mark;
    },
    cluster: function (feature, place, index, context) {
      var count = feature.properties.point_count, sign = "";
      if (context && context.hideout) sign = context.hideout.sign;
      return window.L.marker(place, {
        icon: icon("mk many", [sign, String(count)], [40, 24]),
        title: sign + " " + count, keyboard: false,
      });
    },
  };

  /* a layer's box answers to the space bar as boxes do */
  document.addEventListener("keydown", function (event) {
    var box = event.key === " " && event.target instanceof Element && event.target.closest('a[role="checkbox"]');
    if (!box) return;
    event.preventDefault();
    box.click();
  });
})();
