/* One press after the other. Dash shows the answer to the newest question of a callback only: of two
   presses on its way to the server the first would be done and never be told, a one-time password
   among them. The same button pressed again at once is pressed once; another one waits until the
   answer is there, and is left alone when that answer is shown this one time only. */
(function () {
  "use strict";
  var TWICE_MS = 700;       // a second press within it is the same press
  var GIVE_UP_MS = 10000;   // a server that does not answer holds no button back
  var DRAWN_MS = 60;        // after the answer has come
  var real = window.fetch;
  var asked = [];           // what is on its way: {ids of its buttons, the pressed ones, since}
  var waits = "";

  function named(id) {
    if (typeof id === "string") return id;
    return "{" + Object.keys(id).sort().map(function (key) {
      return JSON.stringify(key) + ":" + JSON.stringify(id[key]);
    }).join(",") + "}";
  }

  /* The buttons of a question and which of them was pressed; null when nobody pressed any. */
  function pressOf(input, init) {
    var url = typeof input === "string" ? input : (input && input.url) || "";
    if (url.indexOf("_dash-update-component") < 0 || !init || typeof init.body !== "string") return null;
    if (init.body.indexOf(".n_clicks") < 0) return null;
    var told = JSON.parse(init.body), changed = told.changedPropIds || [];
    var press = { ids: {}, pressed: {}, since: Date.now(), where: location.href }, any = false;
    [].concat.apply([], told.inputs).forEach(function (one) {
      if (one.property !== "n_clicks") return;
      var id = named(one.id);
      press.ids[id] = true;
      if (one.value && changed.indexOf(id + ".n_clicks") >= 0) any = press.pressed[id] = true;
    });
    return any ? press : null;
  }

  function answered(press, words) {
    asked = asked.filter(function (one) { return one !== press; });
    if (!waits || !press.ids[waits]) return;
    var id = waits;
    waits = "";
    if (words.indexOf('"className":"once"') >= 0) return;
    setTimeout(function () {
      var button = document.getElementById(id);
      if (button && !button.disabled) button.click();
    }, DRAWN_MS);
  }

  window.fetch = function (input, init) {
    var press = pressOf(input, init), sent = real.apply(window, arguments);
    if (!press) return sent;
    asked.push(press);
    sent.then(function (answer) { return answer.clone().text(); }).then(
      function (words) { answered(press, words); }, function () { answered(press, ""); });
    return sent;
  };

  window.addEventListener("click", function (event) {
    var button = event.target instanceof Element && event.target.closest("button[id]");
    if (!button || button.dataset.atOnce) return;
    var now = Date.now();
    var before = asked.filter(function (one) { return one.ids[button.id] && now - one.since < GIVE_UP_MS; }).pop();
    if (!before) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    var same = before.pressed[button.id] && before.where === location.href && now - before.since < TWICE_MS;
    if (!same) waits = button.id;
  }, true);
})();
