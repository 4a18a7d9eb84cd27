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
  var drawn = []; /* the maps that have been fitted, some of them gone again */
  var left = null; /* {key, center, zoom} once the reader has moved the map himself */

  /* a page that is left or drawn anew takes its map away, and what was put off comes after that */
  function isGone(map) { return !map.getPane("markerPane"); }

  function fit(map, frame) {
    var key = frame.join(" ");
    if (map.honglanFrame === key) return;
    map.honglanFrame = key;
    var own = false;
    function now() {
      if (isGone(map)) return;
      own = true;
      map.invalidateSize({ pan: false });
      if (left && left.key === key) map.setView(left.center, left.zoom, { animate: false });
      else map.fitBounds([[frame[1], frame[0]], [frame[3], frame[2]]], { animate: false, padding: [14, 14] });
      own = false;
    }
    map.honglanFit = now;
    if (drawn.indexOf(map) < 0) drawn.push(map);
    if (map.honglanHeard) map.off(map.honglanHeard);
    map.honglanHeard = {
      resize: function () { if (!own) now(); }, /* the library tells of both a little later */
      moveend: function () { if (!own && !isGone(map)) left = { key: key, center: map.getCenter(), zoom: map.getZoom() }; },
    };
    now();
    setTimeout(function () {
      now();
      if (!isGone(map)) map.on(map.honglanHeard);
    }, 0);
  }

  /* Signs and names that lie on each other are moved apart by a few pixels, the important ones
     staying where they are: a rank, what is overdue, a name, a level, a sign, a cluster. */
  var AROUND = [[0, 0]];
  [13, 20, 27, 34, 42, 52, 64].forEach(function (far) {
    [[0, -1], [0, 1], [1, 0], [-1, 0], [0.8, -0.7], [-0.8, -0.7], [0.8, 0.7], [-0.8, 0.7]].forEach(function (way) {
      AROUND.push([way[0] * far, way[1] * far]);
    });
  });

  function weightOf(sign) {
    var name = sign.className;
    if (name.indexOf("is-rank") >= 0 || name.indexOf("is-picked") >= 0) return 0;
    if (name.indexOf("is-over") >= 0) return 1;
    if (name.indexOf("map-label") >= 0) return 2;
    return name.indexOf("many") >= 0 ? 5 : sign.textContent.length > 1 ? 3 : 4;
  }

  function overlap(a, b) {
    var wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    var high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return wide > 0 && high > 0 ? wide * high : 0;
  }

  function settle(map) {
    if (isGone(map)) return;
    var signs = Array.prototype.slice.call(map.getPane("markerPane").querySelectorAll(".mk-box > span"));
    signs.forEach(function (sign) { sign.style.transform = ""; });
    var boxes = signs.map(function (sign) { return { sign: sign, at: sign.getBoundingClientRect(), weight: weightOf(sign) }; });
    boxes.sort(function (a, b) { return a.weight - b.weight || a.at.top - b.at.top || a.at.left - b.at.left; });
    var taken = [];
    boxes.forEach(function (box) {
      if (!box.at.width) return;
      var best = null, least = Infinity;
      for (var i = 0; i < AROUND.length && least > 0; i++) {
        var dx = AROUND[i][0], dy = AROUND[i][1];
        var here = { left: box.at.left + dx, right: box.at.right + dx, top: box.at.top + dy, bottom: box.at.bottom + dy };
        var over = taken.reduce(function (sum, one) { return sum + overlap(here, one); }, 0);
        if (over < least) { least = over; best = { box: here, dx: dx, dy: dy }; }
      }
      taken.push(best.box);
      if (best.dx || best.dy) box.sign.style.transform = "translate(" + best.dx + "px," + best.dy + "px)";
    });
  }

  function settling(map) {
    if (map.honglanSettling) return;
    map.honglanSettling = true;
    var waiting = 0;
    map.on("layeradd zoomend moveend resize", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () { settle(map); }, 60);
    });
  }

  /* On paper a map has the width of its column there, held in pixels while the sheet is made. */
  function onPaper(is) {
    drawn = drawn.filter(function (map) { return document.body.contains(map.getContainer()); });
    drawn.forEach(function (map) {
      var box = map.getContainer(), room = box.parentElement.getBoundingClientRect();
      box.style.flex = is ? "none" : "";
      box.style.width = is ? Math.floor(room.width) + "px" : "";
      map.honglanFit();
      settle(map);
    });
  }

  home.map = {
    onPaper: onPaper,
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
      if (context && context.map && context.hideout) { settling(context.map); fit(context.map, context.hideout.frame); }
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
        icon: icon("mk is-" + told.look + (told.picked ? " is-picked" : ""), [told.sign], [24, 24]),
        title: told.words, alt: told.words, keyboard: false, riseOnHover: true,
        zIndexOffset: told.picked ? 1200 : told.look.indexOf("rank") === 0 ? 900 : told.look === "over" ? 300 : 0,
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
