// The wall's page in the browser: profile, type size of charts, clock, link, "all is drawn".
// The server sends every chart in canvas units; here they become pixels.
(function () {
  "use strict";
  var root = document.documentElement;
  var asked = new URLSearchParams(window.location.search);
  root.dataset.profile = asked.get("profile") || "screen_16x9";
  if (asked.get("output")) { root.dataset.output = asked.get("output"); }
  root.dataset.scene = asked.get("scene") || "overview";
  root.dataset.link = "ok";

  var SIZES = { size: 1, width: 1, l: 1, r: 1, t: 1, b: 1, pad: 1, xshift: 1, yshift: 1, gridwidth: 1, ticklen: 1 };
  var FREE = { x: 1, y: 1, range: 1, tickvals: 1, ticktext: 1 };

  function rem() {
    return parseFloat(window.getComputedStyle(root).fontSize) || 16;
  }

  function scaled(value, key, k) {
    if (Array.isArray(value)) {
      return value.map(function (one) { return typeof one === "object" ? scaled(one, key, k) : one; });
    }
    if (value && typeof value === "object") {
      var made = {};
      Object.keys(value).forEach(function (name) {
        var inner = value[name];
        if (typeof inner === "number" && SIZES[name]) { made[name] = inner * k; }
        else if (FREE[name]) { made[name] = inner; }
        else { made[name] = scaled(inner, name, k); }
      });
      return made;
    }
    return value;
  }

  // at night a chart is drawn in the colours that the theme has for it, but none of a takeover
  var night = JSON.parse(root.dataset.night || "{}");

  function lit(value) {
    if (typeof value === "string") { return night[value] || value; }
    if (Array.isArray(value)) { return value.map(lit); }
    if (!value || typeof value !== "object") { return value; }
    var made = {};
    Object.keys(value).forEach(function (name) { made[name] = lit(value[name]); });
    return made;
  }

  function drawn_as(id, figure) {
    var graph = document.getElementById(id);
    var is_dim = root.dataset.light === "night" && !(graph && graph.closest("#takeover"));
    var made = scaled(is_dim ? lit(figure) : figure, "", rem());
    made.layout.meta = given[id];
    return made;
  }

  // by night and by day; charts that stand are drawn anew, under the number they have
  function light(now) {
    if ((root.dataset.light || "day") === now) { return; }
    root.dataset.light = now;
    Object.keys(sent).forEach(function (id) {
      if (given[id] && sent[id].layout) {
        window.dash_clientside.set_props(id, { figure: drawn_as(id, sent[id]) });
      }
    });
  }

  var charts = 0, given = {}; // how many figures came, and the last one of each chart

  // Dash keeps every value that a callback's input ever had, to take it back on request, which on
  // a wall that nobody touches is each figure of each tick: what a new one replaces is emptied
  var sent = {};

  function replace(id, figure) {
    var old = sent[id];
    if (old && old !== figure) { Object.keys(old).forEach(function (part) { delete old[part]; }); }
    sent[id] = figure;
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.wall = {
    chart: function (figure) {
      if (!figure) { return window.dash_clientside.no_update; }
      var id = window.dash_clientside.callback_context.outputs_list.id;
      replace(id, figure);
      charts += 1;
      given[id] = charts; // the chart that carries it is this figure drawn
      return drawn_as(id, figure);
    }
  };

  // beat: "<number> <server's time in ms> <speed> <version> <scene to be shown> <charts sent>
  // <state of the site> <data ticks sent> <day or night>", written by the loop
  var heard = { text: "", at: 0, server: 0, speed: 1 };
  var version = "";
  var LOST_AFTER = 8000;

  function listen() {
    var tick = document.getElementById("tick");
    var text = tick ? tick.textContent : "";
    if (text && text !== heard.text) {
      var parts = text.split(" ");
      heard = { text: text, at: performance.now(), server: Number(parts[1]), speed: Number(parts[2]) || 1 };
      if (!version) { version = parts[3] || ""; }
      if ((parts[3] || "") !== version) { root.dataset.outdated = "1"; }
      heard.number = Number(parts[0]);
      heard.charts = Number(parts[5]) || 0;
      root.dataset.wanted = parts[4] || "";
      root.dataset.state = parts[6] || "";
      light(parts[8] || "day");
    }
    root.dataset.heard = heard.text ? String(Math.round(performance.now() - heard.at)) : "";
  }

  function two(n) { return (n < 10 ? "0" : "") + n; }

  function write(selector, words) {
    var found = document.querySelector(selector);
    if (found && found.textContent !== words) { found.textContent = words; }
  }

  function show() {
    listen();
    acknowledge();
    if (!heard.text) { return; }
    var silent = performance.now() - heard.at;
    var lost = silent > LOST_AFTER;
    var state = lost ? "lost" : "ok";
    if (root.dataset.link !== state) { root.dataset.link = state; }
    var minutes = Math.floor(silent / 60000);
    write(".link-words", !lost ? "链路正常" : minutes < 1 ? "断开不到 1 分" : "断开 " + minutes + " 分");
    // the time of the street, whatever zone the browser stands in
    var now = new Date(heard.server + silent * heard.speed + 8 * 3600000);
    root.dataset.time = two(now.getUTCHours()) + ":" + two(now.getUTCMinutes());
    root.dataset.day = String(Math.floor(now.getTime() / 86400000));
    count(heard.server + silent * heard.speed);
    if (window.honglanSound && seen()) { window.honglanSound.follow(said("alarm-sound")); }
    write(".clock", two(now.getUTCHours()) + ":" + two(now.getUTCMinutes()) + ":" + two(now.getUTCSeconds()));
    if (!root.dataset.drawn && drawn()) { root.dataset.drawn = "1"; }
  }

  // --- alarms: clocks that count up, and the sign that a takeover is on the screen -------------
  function said(id) {
    var found = document.getElementById(id);
    return found ? found.textContent : "";
  }

  // a frame that the shell still holds back is seen by nobody
  function seen() {
    var frame = window.frameElement;
    return !frame || frame.className === "shown";
  }

  function count(server) {
    Array.prototype.forEach.call(document.querySelectorAll(".counting"), function (one) {
      var seconds = Math.max(0, Math.floor((server - Number(one.dataset.since)) / 1000));
      var words = two(Math.floor(seconds / 3600)) + ":" + two(Math.floor(seconds / 60) % 60) + ":" + two(seconds % 60);
      if (one.textContent !== words) { one.textContent = words; }
    });
  }

  // a chart that was drawn while nothing of it was seen takes the size of its card
  var taken = false;
  function fit() {
    var now = !!document.querySelector("#takeover.taking");
    if (now !== taken) {
      taken = now;
      window.dispatchEvent(new Event("resize"));
    }
  }

  var reported = "";
  function report() {
    var mark = said("alarm-mark");
    if (mark === reported || !seen()) { return; }
    var bar = document.querySelector("#takeover.taking .alarm-bar");
    if (mark && !bar) { return; }
    window.requestAnimationFrame(function () {
      window.requestAnimationFrame(function () {
        if (mark === reported || said("alarm-mark") !== mark) { return; }
        reported = mark;
        window.dash_clientside.set_props("alarm-drawn", { data: mark });
      });
    });
  }

  // --- beats: the number of the last one that is on the screen as a whole -----------------------
  var acknowledged = 0, asked_for = 0;
  var LATEST = 10000; // ms: one chart that cannot be drawn must not end the link of all the others

  function settled() {
    return charts >= heard.charts && Object.keys(given).every(function (id) {
      var graph = document.getElementById(id);
      if (!graph || graph.offsetHeight === 0) { return true; }
      var plot = graph.querySelector(".js-plotly-plot");
      return !!plot && !!plot.layout && plot.layout.meta === given[id];
    });
  }

  function acknowledge() {
    var number = heard.number || 0;
    if (number <= acknowledged || asked_for === number) { return; }
    var late = performance.now() - heard.at > LATEST;
    if (!settled() && !late) { return; }
    asked_for = number;
    function done() {
      if (!settled() && !late) { asked_for = 0; return; }
      if (late) { root.dataset.late = String(Number(root.dataset.late || 0) + 1); }
      acknowledged = number;
      window.dash_clientside.set_props("tick-drawn", { data: number });
    }
    if (document.hidden) { done(); return; } // nothing is painted in a window that nobody sees
    window.requestAnimationFrame(function () { window.requestAnimationFrame(done); });
  }

  function follow() {
    listen();
    acknowledge();
    if (heard.text) { count(heard.server + (performance.now() - heard.at) * heard.speed); }
    fit();
    report();
  }

  new MutationObserver(follow).observe(document.documentElement, {
    childList: true, subtree: true, characterData: true
  });

  // a chart takes the size of its place a moment after it is drawn; one that never does is shown all
  // the same, since it must not keep the others back
  function fits(chart) {
    var svg = chart.querySelector(".main-svg");
    var place = chart.querySelector(".js-plotly-plot");
    var off = svg && place ? Math.abs(svg.getBoundingClientRect().height - place.getBoundingClientRect().height) : 0;
    return !!svg && (off < 2 || performance.now() > 8000);
  }

  // every card of this profile that has a chart has drawn it, and the fonts are there
  function drawn() {
    if (document.fonts && document.fonts.status !== "loaded") { return false; }
    var cards = Array.prototype.slice.call(document.querySelectorAll("[data-panel]"));
    var seen = cards.filter(function (card) { return card.offsetWidth > 0; });
    return seen.length > 0 && seen.every(function (card) {
      var body = card.querySelector(".body");
      var chart = card.querySelector(".chart");
      var filled = body && body.childElementCount > 0;
      // a chart that stands below figures is drawn once over the whole card, before they come
      return chart && chart.offsetHeight > 0 && chart.querySelector(".main-svg") ? fits(chart) : filled;
    });
  }

  window.setInterval(show, 250);
  // the shell shows this frame as soon as it is drawn: until then it is looked at more often
  var hurry = window.setInterval(function () {
    if (root.dataset.drawn) { window.clearInterval(hurry); } else { show(); }
  }, 50);
})();
