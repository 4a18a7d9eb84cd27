// A screen of the wall before it is known. It makes a key pair once, whose private half never leaves
// this browser, and shows the code that belongs to it; when the screen is known it signs and goes on
// to the wall. The same page brings a known screen back after a restart, without a hand.
(function () {
  "use strict";
  var ASK_EVERY = 3000;
  var wall = "/wall" + window.location.search;
  var until = 0;

  function say(words) { document.getElementById("say").textContent = words; }

  function show(code) {
    var halves = document.querySelectorAll("#code span");
    halves[0].textContent = code.slice(0, 4);
    halves[1].textContent = code.slice(4);
  }

  function store() {
    return new Promise(function (done, fail) {
      var opening = indexedDB.open("honglan", 1);
      opening.onupgradeneeded = function () { opening.result.createObjectStore("screen"); };
      opening.onsuccess = function () { done(opening.result); };
      opening.onerror = function () { fail(opening.error); };
    });
  }

  function within(base, mode, ask) {
    return new Promise(function (done, fail) {
      var asked = ask(base.transaction("screen", mode).objectStore("screen"));
      asked.onsuccess = function () { done(asked.result); };
      asked.onerror = function () { fail(asked.error); };
    });
  }

  // several windows of one screen start together: the pair that was kept first is everybody's
  async function keys() {
    var base = await store();
    var kept = await within(base, "readonly", function (s) { return s.get("keys"); });
    if (kept) { return kept; }
    var made = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    try { await within(base, "readwrite", function (s) { return s.add(made, "keys"); }); } catch (e) { /* another window */ }
    return within(base, "readonly", function (s) { return s.get("keys"); });
  }

  function base64(buffer) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer)));
  }

  async function post(path, body) {
    var answer = await fetch("/wall/pair/" + path, {
      method: "POST", cache: "no-store",
      headers: { "content-type": "application/json" }, body: JSON.stringify(body)
    });
    if (!answer.ok) { throw new Error(String(answer.status)); }
    return answer.json();
  }

  async function enter(pair, device) {
    var asked = (await post("challenge", { device: device })).challenge;
    var text = new TextEncoder().encode("honglan-wall\n" + asked);
    var signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, text);
    return (await post("enter", { device: device, challenge: asked, signature: base64(signature) })).entered;
  }

  async function turn(pair, open) {
    var told = await post("code", { key: open });
    if (told.device) {
      say("正在进入大屏");
      if (await enter(pair, told.device)) { window.location.replace(wall); return 0; }
      show("");
      say("本机的地址不在允许之列，请联系系统管理员");
      return 30000;
    }
    if (told.code) { show(told.code); until = Date.now() + told.seconds * 1000; count(); return ASK_EVERY; }
    show("");
    until = 0;
    say("等待配对的屏幕过多，" + told.wait + " 秒后再试");
    return Math.min(told.wait, 30) * 1000;
  }

  async function run() {
    if (!window.crypto || !crypto.subtle || !window.indexedDB) {
      say("浏览器不支持配对：请用 https 地址打开，或用账号登录");
      return;
    }
    // somebody who followed a link has a session after all
    var known = await fetch("/login/known").catch(function () { return null; });
    if (known && known.ok && (await known.text()) === "yes") { window.location.replace(wall); return; }
    if (navigator.storage && navigator.storage.persist) { navigator.storage.persist(); }
    var pair = await keys();
    var open = base64(await crypto.subtle.exportKey("raw", pair.publicKey));
    for (;;) {
      var pause;
      try { pause = await turn(pair, open); } catch (e) { until = 0; say("服务器没有应答，正在重试"); pause = ASK_EVERY; }
      if (!pause) { return; }
      await new Promise(function (done) { window.setTimeout(done, pause); });
    }
  }

  function count() {
    if (!until) { return; }
    var left = Math.max(0, Math.round((until - Date.now()) / 1000));
    say("配对码还剩 " + Math.floor(left / 60) + " 分 " + (left % 60) + " 秒有效");
  }

  window.setInterval(count, 500);
  document.getElementById("login").href = "/login?next=" + encodeURIComponent(wall);
  run().catch(function () { say("浏览器不能保存密钥：请检查存储设置，或用账号登录"); });
})();
