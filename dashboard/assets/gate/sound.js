// The sound of an alarm, made here from two tones; no file, no foreign source. It sounds once for
// each event that calls for somebody (an alarm, a rise, the end of a shelf), and again as often as
// the server says until somebody acknowledges. Windows of one browser share a memory, so that four
// outputs of one wall sound once.
(function () {
  "use strict";
  var MEMORY = "honglan-alarm-sound";
  var KEPT = 86400000;
  var ASK_EVERY = 10000;
  var context = null;
  var TONES = { 1: [880, 660, 880, 660, 880, 660], 2: [880, 660, 880, 660], 3: [780, 620], 4: [620] };

  // Whether this page may sound is found out by playing a tenth of a second of silence: a browser
  // that forbids it refuses, without a word on its console.
  var allowed = false, askedAt = 0;

  function ask() {
    askedAt = Date.now();
    var probe = new window.Audio("/assets/gate/silence.wav");
    var begun = probe.play();
    if (begun) { begun.then(function () { allowed = true; }, function () {}); }
  }

  function audio() {
    if (!context && window.AudioContext) { context = new window.AudioContext(); }
    return context;
  }

  // "on", or "off" where the browser forbids sound until somebody touches the page
  function state() {
    if (!allowed && Date.now() - askedAt > ASK_EVERY) { ask(); }
    return allowed ? "on" : "off";
  }

  function play(rank) {
    var found = audio();
    if (found.state !== "running") { found.resume(); }
    (TONES[rank] || TONES[4]).forEach(function (hertz, number) {
      var begin = found.currentTime + 0.05 + number * 0.32;
      var tone = found.createOscillator(), loud = found.createGain();
      tone.type = "triangle";
      tone.frequency.value = hertz;
      loud.gain.setValueAtTime(0, begin);
      loud.gain.linearRampToValueAtTime(0.5, begin + 0.02);
      loud.gain.setValueAtTime(0.5, begin + 0.22);
      loud.gain.linearRampToValueAtTime(0, begin + 0.3);
      tone.connect(loud);
      loud.connect(found.destination);
      tone.start(begin);
      tone.stop(begin + 0.31);
    });
    document.documentElement.dataset.sounded = String(Number(document.documentElement.dataset.sounded || 0) + 1);
  }

  function remembered() {
    try { return JSON.parse(window.localStorage.getItem(MEMORY)) || {}; } catch (e) { return {}; }
  }

  // said: "<rank> <seconds between, 0 = once> <key>,<key>", empty when nothing is to be heard
  function due(said) {
    var parts = said.split(" ");
    var again = Number(parts[1]) * 1000, now = Date.now(), known = remembered(), wanted = false;
    (parts[2] || "").split(",").filter(Boolean).forEach(function (key) {
      if (!known[key] || (again && now - known[key] >= again)) { wanted = true; }
    });
    if (!wanted) { return; }
    parts[2].split(",").forEach(function (key) { known[key] = now; });
    Object.keys(known).forEach(function (key) { if (now - known[key] > KEPT) { delete known[key]; } });
    try { window.localStorage.setItem(MEMORY, JSON.stringify(known)); } catch (e) { /* private window */ }
    play(Number(parts[0]));
  }

  // called every moment; only a window that is seen sounds
  function follow(said) {
    var is = state();
    if (document.documentElement.dataset.sound !== is) { document.documentElement.dataset.sound = is; }
    if (!said || is !== "on") { return; }
    if (navigator.locks) {
      navigator.locks.request(MEMORY, { ifAvailable: true }, function (lock) { if (lock) { due(said); } });
    } else { due(said); }
  }

  window.honglanSound = { follow: follow };
  ["pointerdown", "keydown"].forEach(function (kind) {
    window.addEventListener(kind, function () { if (!allowed) { ask(); } }, { passive: true, capture: true });
  });
})();
