/* What stands on a page while another one, or the same under other filters, is on its way: after
   300 ms the panels are grey blocks in their places, never old figures under a new address; when it
   fails the page says so and offers to try again. A new snapshot of the same address takes nothing
   away: old figures stay until the new ones are there. */
(function () {
  "use strict";
  var PATIENCE_MS = 300;
  var OF_A_PROOF = /^(proof|from|to|p-.*|was|against|whole|by|part|rows|due|view|gen|sent|sent-at)$/;
  var root = document.documentElement;
  var real = window.fetch;
  var shown = null, turn = 0, timer = 0;

  function said(id) {
    return document.getElementById(id) || Object.assign(document.createElement("div"), { id: id });
  }

  /* The address a question to the server is about, without an opened proof; null for other questions. */
  function addressOf(input, init) {
    var url = typeof input === "string" ? input : (input && input.url) || "";
    if (url.indexOf("_dash-update-component") < 0 || !init || typeof init.body !== "string") return null;
    if (init.body.indexOf('"..top.children...head.children') < 0) return null;
    var values = {};
    JSON.parse(init.body).inputs.forEach(function (one) { values[one.property] = one.value; });
    var words = new URLSearchParams(values.search || "");
    Array.from(words.keys()).forEach(function (key) { if (OF_A_PROOF.test(key)) words.delete(key); });
    return values.pathname + "?" + words.toString();
  }

  function waits(address) {
    root.classList.toggle("waiting-elsewhere", shown !== null && shown.split("?")[0] !== address.split("?")[0]);
    root.classList.add("waiting");
    var body = document.getElementById("body"), note = said("waiting-said");
    if (body) body.setAttribute("aria-busy", "true");
    note.setAttribute("role", "status");
    note.className = "said-only";
    note.textContent = "正在取数";
    document.body.appendChild(note);
  }

  function ends() {
    clearTimeout(timer);
    root.classList.remove("waiting", "waiting-elsewhere");
    var body = document.getElementById("body");
    if (body) body.removeAttribute("aria-busy");
    said("waiting-said").remove();
    said("waiting-failed").remove();
  }

  /* Dash draws a moment after the answer: the blocks stand until something has changed under them. */
  function drawn(mine) {
    var main = document.getElementById("main");
    if (!main || !root.classList.contains("waiting")) { ends(); return; }
    var watch = new MutationObserver(done), late = setTimeout(done, 1000);
    watch.observe(main, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["href"] });
    function done() {
      watch.disconnect();
      clearTimeout(late);
      requestAnimationFrame(function () { if (mine === turn) ends(); });
    }
  }

  function failed(why) {
    clearTimeout(timer);
    waits(location.pathname);
    said("waiting-said").remove();
    var box = said("waiting-failed"), words = document.createElement("b"), again = document.createElement("button");
    words.textContent = why;
    again.type = "button";
    again.className = "button small";
    again.textContent = "重试";
    again.addEventListener("click", function () { location.reload(); });
    box.className = "panel waiting-failed";
    box.setAttribute("role", "alert");
    box.replaceChildren(words, again);
    document.body.appendChild(box);
    again.focus();
  }

  window.fetch = function (input, init) {
    var address = addressOf(input, init);
    if (address === null) return real.apply(window, arguments);
    var mine = ++turn, fresh = address !== shown;
    clearTimeout(timer);
    if (fresh) {
      said("waiting-failed").remove();
      if (shown !== null) timer = setTimeout(function () { waits(address); }, PATIENCE_MS);
    }
    return real.apply(window, arguments).then(function (answer) {
      if (mine !== turn) return answer;
      if (answer.ok) { shown = address; drawn(mine); }
      else if (fresh && answer.status >= 500) failed("这一页没取到：服务器出错。稍后重试，仍不行请告诉管理员。");
      else ends();
      return answer;
    }, function (error) {
      if (mine === turn && fresh) failed("这一页没取到：与服务器连不上。");
      throw error;
    });
  };
})();
