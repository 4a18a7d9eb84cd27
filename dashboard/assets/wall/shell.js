// The outer page of the wall. It loads the wall in a hidden frame, shows it when every panel is
// drawn, then drops the old one. Recovery, a new version, another window size and the nightly
// reload all take this one way, so that there is never a dark or half-drawn moment.
(function () {
  "use strict";
  var root = document.documentElement;
  var address = root.dataset.frame;
  var asked = new URLSearchParams(window.location.search); // ?profile=KEY&output=N
  var profiles = JSON.parse(root.dataset.profiles);
  var SILENT = 10000;        // ms without a beat after which the frame is changed
  var DOUBT = 4500;          // ms without a beat after which the server is asked whether it lives
  var LOOK_EVERY = 500, LOOK_AGAIN = 100; // ms; again while a frame is waited for
  var ASK_EVERY = 2000;      // between two questions whether the server is back
  var STILL = 7000;          // for a frame that gets no further; twice as long after each such one
  var GIVE_UP = 45000;       // at most, and for one whose beats are heard and which is not drawn
  var SHIFT_EVERY = 300000;  // against burn-in
  var REPORT_EVERY = 60000;
  var NIGHT = "04:00";

  var shown = null, waiting = null, askedAt = 0, asking = false, triedAt = 0, wasDown = false, stuck = 0;
  var began = Date.now(), swaps = 0, errors = 0;
  var nightDone = "", size = "", sizeAt = 0, step = 0;
  var owed = false; // a new frame that was wanted while none could be opened
  // a window may be held on one scene by its own address; else the server says which one is on
  var own = asked.get("scene");
  var scene = own || mine(root.dataset.scene);

  // the profile the address names, else the one whose signal is nearest to this window: by shape,
  // then by height; a stretched signal or one of several outputs cannot be told by a window's shape
  function profile() {
    var wanted = asked.get("profile") || root.dataset.ownProfile;
    var known = profiles.filter(function (one) { return one.key === wanted; })[0];
    if (known) { return known; }
    var aspect = window.innerWidth / window.innerHeight;
    var height = window.innerHeight * window.devicePixelRatio;
    function far(one) {
      return [Math.round(100 * Math.abs(Math.log(one.aspect / aspect))), Math.abs(Math.log(one.height / height))];
    }
    return profiles.filter(function (one) { return one.plain; }).sort(function (a, b) {
      return far(a)[0] - far(b)[0] || far(a)[1] - far(b)[1];
    })[0];
  }

  // which of several outputs this window is; 0 for the whole
  function output() {
    var number = Number(asked.get("output") || root.dataset.ownOutput);
    return number >= 1 && number <= profile().outputs ? number : 0;
  }

  function source() {
    var one = profile();
    var part = output() ? "&output=" + output() : "";
    return address + "?profile=" + encodeURIComponent(one.key) + part + "&scene=" + encodeURIComponent(scene);
  }

  // a screen whose record names scenes shows those only: the wanted one if it is among them
  function mine(wanted) {
    var mine = (root.dataset.ownScenes || "").split(" ").filter(Boolean);
    var name = (wanted || "").replace(/-visitors$/, "");
    if (!mine.length || mine.indexOf(name) >= 0) { return wanted; }
    return mine[0] + (name === wanted ? "" : "-visitors"); // visitors stand before this screen, too
  }

  function say(words) {
    var line = document.getElementById("say");
    if (line.textContent !== words) { line.textContent = words; }
  }

  function inside(frame) {
    try { return frame.contentDocument ? frame.contentDocument.documentElement : null; } catch (e) { return null; }
  }

  // whether it holds the wall's own page, and not what a proxy or the browser says instead of it
  function isWall(html) { return !!html && html.dataset.wall === "1"; }

  function sizeNow() { return window.innerWidth + "x" + window.innerHeight; }

  function open() {
    if (waiting) { return; }
    owed = false;
    var frame = document.createElement("iframe");
    frame.className = "waiting";
    frame.title = "大屏";
    frame.dataset.since = frame.dataset.moved = String(Date.now());
    frame.dataset.size = sizeNow(); // what it is drawn for, whatever the window is by then
    frame.addEventListener("load", function () { arrived(frame); });
    frame.src = source();
    waiting = frame;
    triedAt = Date.now();
    document.body.appendChild(frame);
  }

  function drop(frame) {
    if (frame && frame.parentNode) {
      frame.src = "about:blank"; // ends its scripts and its link before it goes
      frame.parentNode.removeChild(frame);
    }
  }

  // this screen is not known any more, or the session is over: in again by the screen's key or code;
  // whatever else is not the wall makes room at once for the next attempt
  function arrived(frame) {
    var where = "";
    try { where = frame.contentWindow.location.pathname; } catch (e) { where = ""; }
    if (frame !== waiting) { return; }
    if (where === "/login") { window.location.assign("/wall/pair" + window.location.search); }
    else if (!isWall(inside(frame))) { fail(); }
  }

  function fail() {
    drop(waiting);
    waiting = null;
  }

  // how far a frame has come: it is given up when this stands still, so that a slow machine or line
  // is not taken for one that is cut
  function progress(html) {
    if (!isWall(html)) { return ""; }
    var pieces = 0;
    try { pieces = waiting.contentWindow.performance.getEntriesByType("resource").length; } catch (e) { pieces = 0; }
    return waiting.contentDocument.readyState + " " + pieces + " " + html.getElementsByTagName("*").length;
  }

  function isLost(html) {
    var now = Date.now(), come = progress(html), most = Math.min(STILL * Math.pow(2, stuck), GIVE_UP);
    if (come !== waiting.dataset.come) { waiting.dataset.come = come; waiting.dataset.moved = String(now); }
    var heard = isWall(html) && html.dataset.heard;
    if (heard && Number(heard) < most) { return now - Number(waiting.dataset.since) > GIVE_UP; }
    return now - Number(waiting.dataset.moved) > most;
  }

  function look() {
    if (waiting) {
      var html = inside(waiting);
      if (html && html.dataset.drawn === "1") {
        var old = shown;
        shown = waiting;
        waiting = null;
        shown.className = "shown";
        swaps += 1;
        stuck = 0;
        size = shown.dataset.size;
        say("");
        window.setTimeout(function () { drop(old); }, 400);
      } else if (isLost(html)) {
        stuck += 1;
        fail();
      }
    }
    var page = shown ? inside(shown) : null;
    var silent = page && page.dataset.heard ? Number(page.dataset.heard) : 0;
    if (!shown || !page || silent > DOUBT) {
      if (!waiting) { ask(!shown || !page || silent > SILENT); }
      return;
    }
    wasDown = false;
    if (!own && page.dataset.wanted && mine(page.dataset.wanted) !== page.dataset.scene) {
      scene = mine(page.dataset.wanted);
      ask(true);
    }
    if (page.dataset.outdated === "1" && Date.now() - triedAt > GIVE_UP) { ask(true); }
    if (page.dataset.time === NIGHT && nightDone !== page.dataset.day) {
      nightDone = page.dataset.day;
      owed = true;
    }
    var now = sizeNow();
    if (now !== size) {
      if (!sizeAt) { sizeAt = Date.now(); }
      if (Date.now() - sizeAt > 1000) { sizeAt = 0; size = now; owed = true; }
    } else { sizeAt = 0; }
    if (owed && !waiting) { ask(true); }
  }

  // never load while the server is away: the last picture stays until a new one is drawn; a server
  // that was away and is back gets a new frame at once, one that is only slow is waited for
  function ask(wanted) {
    if (asking || Date.now() - askedAt < ASK_EVERY) { return; }
    asking = true;
    askedAt = Date.now();
    var late = new AbortController();
    var timer = window.setTimeout(function () { late.abort(); }, 4000);
    fetch("/healthz", { cache: "no-store", signal: late.signal }).then(function (answer) {
      if (!answer.ok) { wasDown = true; say("服务器尚未就绪，正在重试"); }
      else if (wanted || wasDown) { wasDown = false; open(); }
    }).catch(function () {
      wasDown = true;
      say("服务器没有应答，正在重试");
    }).then(function () {
      window.clearTimeout(timer);
      asking = false;
    });
  }

  function shift() {
    var ring = [[0, 0], [1, 0], [2, 1], [1, 2], [0, 1], [-1, 2], [-2, 1], [-1, 0], [-2, -1], [-1, -2], [0, -1], [1, -2], [2, -1]];
    step = (step + 1) % ring.length;
    document.body.style.transform = "translate(" + ring[step][0] + "px," + ring[step][1] + "px)";
  }

  // one small post a minute: how this screen is
  function report() {
    var page = shown ? inside(shown) : null;
    var said = {
      scene: page ? page.dataset.scene || scene : scene,
      profile: profile().key,
      output: output(),
      size: sizeNow(),
      up: Math.round((Date.now() - began) / 1000),
      drawn: page && page.dataset.heard ? Math.round(Number(page.dataset.heard) / 1000) : -1,
      swaps: swaps,
      errors: errors
    };
    if (performance.memory) { said.heap = Math.round(performance.memory.usedJSHeapSize / 1048576); }
    fetch("/wall/health", {
      method: "POST", cache: "no-store", keepalive: true,
      headers: { "content-type": "application/json" }, body: JSON.stringify(said)
    }).catch(function () { /* the next one tells */ });
  }

  // the player's watchdog reads the title: that this window lives, and whether an alarm wakes a screen
  function title() {
    var page = shown ? inside(shown) : null;
    var waking = page && page.querySelector("#takeover.taking.rank-1, #takeover.taking.rank-2");
    document.title = "智慧洪蓝 · 大屏 · " + (waking ? "告警 · " : "") + Math.round(Date.now() / 1000);
  }

  window.addEventListener("error", function () { errors += 1; });
  if (root.dataset.screen) {
    window.setTimeout(report, 10000);
    window.setInterval(report, REPORT_EVERY);
  }
  window.setInterval(title, 2000);
  window.setInterval(look, LOOK_EVERY);
  window.setInterval(function () { if (waiting) { look(); } }, LOOK_AGAIN);
  window.setInterval(shift, SHIFT_EVERY);
  open();
})();
