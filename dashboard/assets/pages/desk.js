/* The alarms' desk in the browser: sound, clocks that count up, keys, and the replay of one alarm.
   Keys work only with the list or the detail focused and never while something is typed. */
(function () {
  "use strict";

  var skew = 0, saidAt = "";

  function sound() { return document.getElementById("desk-sound"); }

  function two(n) { return (n < 10 ? "0" : "") + n; }

  function span(ms) {
    var seconds = Math.max(0, Math.floor(ms / 1000));
    var hours = Math.floor(seconds / 3600);
    return (hours ? hours + ":" + two(Math.floor(seconds / 60) % 60) : Math.floor(seconds / 60)) + ":" + two(seconds % 60);
  }

  function tick() {
    var told = sound();
    if (told && told.dataset.now !== saidAt) {
      saidAt = told.dataset.now;
      skew = Number(saidAt) - Date.now();
    }
    document.querySelectorAll(".desk .counting").forEach(function (one) {
      var words = span(Date.now() + skew - Number(one.dataset.since));
      if (one.textContent !== words) { one.textContent = words; }
    });
    if (told && window.honglanSound) {
      window.honglanSound.follow(told.textContent);
      var off = document.documentElement.dataset.sound === "off";
      document.documentElement.classList.toggle("no-desk-sound", off);
    }
    answered();
    replay();
  }

  /* a press is handed to the server as one wish; what it answered bears the number of the wish */
  var wished = 0, waits = { 1000: "正在保存…", 10000: "10 秒没有回音，不知道是否存上。请看事件经过，没有记上就再按一次。" };

  function say(number, where, words) {
    var said = document.getElementById("desk-said");
    if (!said || where !== location.href || number !== wished) { return; } // the page was left
    if (said.querySelector('[data-wish="' + number + '"]')) { return; }
    window.dash_clientside.set_props("desk-said", { children: words });
  }

  /* what was done is drawn at once, by a beat out of turn */
  var drawn = 0;

  function answered() {
    if (drawn === wished || !document.querySelector('#desk-said [data-wish="' + wished + '"]')) { return; }
    drawn = wished;
    window.dash_clientside.set_props("desk-beat", { n_intervals: wished });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest(".desk [data-do]");
    if (!button || button.disabled || !document.getElementById("desk-said")) { return; }
    var number = wished = Date.now(), where = location.href;
    window.dash_clientside.set_props("desk-wish", { data: { "do": button.dataset.do, at: number } });
    Object.keys(waits).forEach(function (after) {
      window.setTimeout(function () { say(number, where, waits[after]); }, Number(after));
    });
  });

  /* keys */
  function press(id) {
    var button = document.getElementById(id);
    if (button && !button.disabled) { button.click(); }
  }

  function step(by) {
    var links = Array.prototype.slice.call(document.querySelectorAll("#desk-list .desk-link"));
    var here = links.findIndex(function (one) { return one.querySelector(".here"); });
    var next = links[Math.min(links.length - 1, Math.max(0, here + by))];
    if (next) { next.click(); }
  }

  document.addEventListener("keydown", function (event) {
    var at = document.activeElement;
    if (!at || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (!at.closest("#desk-list, #desk-detail") || at.matches("input, textarea, select")) { return; }
    var key = event.key.toLowerCase();
    if (key === "a") { press("desk-ack"); }
    else if (key === "f" || key === "s") {
      var reason = document.getElementById("desk-reason");
      if (reason && !reason.value) { reason.focus(); } else { press(key === "f" ? "desk-false" : "desk-shelve"); }
    }
    else if (key === "arrowdown") { step(1); }
    else if (key === "arrowup") { step(-1); }
    else { return; }
    event.preventDefault();
  });

  /* replay: a slider over the whole time, the curve up to the chosen moment, what had happened */
  var playing = 0;

  function replay() {
    var box = document.getElementById("replay");
    if (!box || box.dataset.ready || !document.querySelector("#replay-curve .js-plotly-plot, #replay")) { return; }
    box.dataset.ready = "1";
    var first = Number(box.dataset.first), last = Number(box.dataset.last);
    var points = JSON.parse(box.dataset.points), steps = JSON.parse(box.dataset.steps);
    var button = document.createElement("button");
    button.type = "button"; button.className = "button filled"; button.textContent = "播放";
    var slider = document.createElement("input");
    slider.type = "range"; slider.min = "0"; slider.max = "1000"; slider.value = "1000";
    slider.setAttribute("aria-label", "回放到");
    var words = document.createElement("output");
    words.setAttribute("role", "status");
    box.append(button, slider, words);

    function show() {
      var at = first + (last - first) * Number(slider.value) / 1000;
      var day = new Date(at + 8 * 3600000);
      var level = null;
      points.forEach(function (one) { if (one[0] <= at) { level = one[1]; } });
      var done = steps.filter(function (one) { return one[0] <= at; });
      var step = done.length ? done[done.length - 1][1] : "尚未发现";
      words.textContent = two(day.getUTCHours()) + ":" + two(day.getUTCMinutes()) + ":" + two(day.getUTCSeconds()) +
        " · " + step + (level === null ? "" : " · " + level.toFixed(2) + " m");
      document.querySelectorAll(".journal tr[data-at]").forEach(function (row) {
        row.classList.toggle("ahead", Number(row.dataset.at) > at);
      });
      var plot = document.querySelector("#replay-curve .js-plotly-plot");
      if (plot && window.Plotly) {
        var line = (plot.layout.shapes || []).filter(function (one) { return one.name !== "now"; });
        var x = day.toISOString().slice(0, 19).replace("T", " ");
        line.push({ name: "now", type: "line", xref: "x", yref: "paper", x0: x, x1: x, y0: 0, y1: 1,
          line: { width: 2, color: window.getComputedStyle(box).color } });
        window.Plotly.relayout(plot, { shapes: line });
      }
    }

    function stop() { window.clearInterval(playing); playing = 0; button.textContent = "播放"; }

    button.addEventListener("click", function () {
      if (playing) { stop(); return; }
      if (Number(slider.value) >= 1000) { slider.value = "0"; }
      button.textContent = "暂停";
      playing = window.setInterval(function () {
        if (!document.body.contains(box)) { stop(); return; }
        slider.value = String(Math.min(1000, Number(slider.value) + 5));
        show();
        if (Number(slider.value) >= 1000) { stop(); }
      }, 150);
    });
    slider.addEventListener("input", function () { stop(); show(); });
    show();
  }

  window.setInterval(tick, 500);
})();
