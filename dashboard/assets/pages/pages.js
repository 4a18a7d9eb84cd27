/* What the browser does by itself on the pages: links open in place and stay in the history,
   menus shut, the proof drawer takes and gives back the focus, addresses are copied, days are
   picked, and a lost server is said in words. No state is kept here: it is all in the address. */
(function () {
  "use strict";

  function go(href) {
    if (href === location.pathname + location.search) return;
    history.pushState({}, "", href);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  function shutMenus(except) {
    document.querySelectorAll("details.drop[open]").forEach(function (menu) {
      if (menu !== except) menu.removeAttribute("open");
    });
  }

  /* a door is known by what it asks, whatever snapshot it was drawn from */
  function keyOf(href) {
    var words = new URL(href, location.href).searchParams;
    if (!words.get("proof")) return "";
    var kept = [];
    words.forEach(function (value, name) {
      if (name === "proof" || name === "from" || name === "to" || name.indexOf("p-") === 0) kept.push(name + "=" + value);
    });
    return kept.sort().join("&");
  }

  function doorOf(key) {
    var found = null;
    document.querySelectorAll("#main a.door").forEach(function (door) {
      if (!found && keyOf(door.href) === key) found = door;
    });
    return found;
  }

  var opened = "", wasOpen = false;

  function sheetChanged() {
    var sheet = document.getElementById("sheet");
    if (!sheet) return;
    var open = sheet.classList.contains("open");
    document.documentElement.classList.toggle("sheet-open", open);
    document.querySelectorAll(".panel.ring").forEach(function (panel) { panel.classList.remove("ring"); });
    if (open) {
      opened = keyOf(location.href) || opened; /* the address changes before the drawer shuts */
      var door = doorOf(opened);
      var panel = door && door.closest(".panel");
      if (panel) panel.classList.add("ring");
      if (!wasOpen || !sheet.contains(document.activeElement)) {
        var title = sheet.querySelector("h2");
        if (title) title.focus({ preventScroll: true });
      }
    } else if (wasOpen) {
      var back = doorOf(opened);
      if (back) back.focus({ preventScroll: true });
    }
    wasOpen = open;
  }

  function closeSheet() {
    var close = document.getElementById("sheet-close");
    if (close) go(close.getAttribute("href"));
  }

  function say(words) {
    var old = document.querySelector(".toast");
    if (old) old.remove();
    var toast = document.createElement("div");
    toast.className = "toast";
    toast.setAttribute("role", "status");
    toast.textContent = words;
    document.body.appendChild(toast);
    setTimeout(function () { toast.remove(); }, 2500);
  }

  function copy(href) {
    var text = location.origin + href;
    function fallback() {
      var area = document.createElement("textarea");
      area.value = text;
      document.body.appendChild(area);
      area.select();
      var done = document.execCommand("copy");
      area.remove();
      say(done ? "链接已复制" : "没能复制，请从地址栏复制");
    }
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(function () { say("链接已复制"); }, fallback);
    } else fallback();
  }

  function named() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  }

  /* the boxes stand under the drawer, which gives them the room: they cover none of its buttons */
  function exports_of() {
    var holder = document.querySelector(".export-boxes");
    if (!holder) {
      holder = document.createElement("div");
      holder.className = "export-boxes";
      document.body.appendChild(holder);
    }
    return holder;
  }
  function give_room() {
    var holder = exports_of();
    var room = holder.childElementCount ? window.innerHeight - holder.getBoundingClientRect().top + 12 : 0;
    document.documentElement.style.setProperty("--exports", Math.round(room) + "px");
  }
  window.addEventListener("resize", function () { if (document.querySelector(".export-boxes")) give_room(); });

  /* how far a file is: rows written of all, and a way to stop it; the child process tells it */
  function follow_export(job, total) {
    var address = "/api/v1/exports/" + job, missed = 0;
    var box = document.createElement("div"), words = document.createElement("span");
    var bar = document.createElement("progress"), button = document.createElement("button");
    box.className = "export-box";
    words.setAttribute("role", "status");
    bar.max = total;
    bar.value = 0;
    bar.setAttribute("aria-label", "导出进度");
    button.type = "button";
    button.className = "button small";
    button.textContent = "取消";
    [words, bar, button].forEach(function (part) { box.appendChild(part); });
    exports_of().appendChild(box);
    give_room();
    function rows(count) { return count.toLocaleString("zh-CN"); }
    words.textContent = "正在导出 " + rows(total) + " 行…";
    button.addEventListener("click", function () {
      button.disabled = true;
      fetch(address, { method: "POST", credentials: "same-origin" }).then(function () { words.textContent = "正在停下…"; });
    });
    function end(text) {
      words.textContent = text;
      bar.remove();
      button.remove();
      setTimeout(function () { box.remove(); give_room(); }, 6000);
    }
    function ask() {
      fetch(address, { credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok) { end("导出的进度查不到，文件由浏览器保存"); return; }
        return answer.json().then(function (told) {
          if (told.state === "unknown") { /* not begun yet, or cleared away */
            if (++missed > 30) end("导出的进度查不到，文件由浏览器保存"); else setTimeout(ask, 700);
            return;
          }
          bar.value = told.rows;
          if (told.state === "done") { bar.value = total; end("已写完 " + rows(told.total) + " 行，由浏览器保存"); return; }
          if (told.state === "stopped") { end("导出已取消，不完整的文件请删去"); return; }
          if (told.state === "failed") { end("没能导出，请缩短时段再试"); return; }
          if (!button.disabled) words.textContent = told.state === "waiting" ? "前面有别的导出，正在排队" : "已写 " + rows(told.rows) + " / " + rows(total) + " 行";
          setTimeout(ask, 700);
        });
      }, function () { end("与服务器断开，导出已停"); });
    }
    ask();
  }

  /* how many rows a file would have is asked first, so that one too large is refused in words */
  function take(href) {
    fetch(href + "&check=1", { credentials: "same-origin" }).then(function (answer) {
      return answer.json().then(function (told) {
        if (!answer.ok) { say((told.error && told.error.message) || "没能导出"); return; }
        if (!told.fits) { say(told.message); return; }
        var job = named();
        var saved = document.createElement("a"); /* a download, so that the page waits for nothing */
        saved.href = href + "&job=" + job;
        saved.download = "";
        saved.click();
        follow_export(job, told.rows);
      });
    }, function () { say("没能导出，请稍后再试"); });
  }

  document.addEventListener("click", function (event) {
    var target = event.target;
    if (!(target instanceof Element)) return;
    var copier = target.closest("[data-copy]");
    if (copier) { copy(copier.getAttribute("data-copy")); return; }
    var taken = target.closest("a[data-export]");
    if (taken) { event.preventDefault(); take(taken.href); return; }
    var presser = target.closest("[data-press]");
    if (presser) { document.getElementById(presser.dataset.press).click(); return; }
    var link = target.closest("a[data-go]");
    var menu = target.closest("details.drop");
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      shutMenus(null);
      go(link.getAttribute("href"));
      return;
    }
    shutMenus(menu);
    if (target.classList.contains("shade")) closeSheet();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    if (document.querySelector("details.drop[open]")) {
      var menu = document.querySelector("details.drop[open]");
      shutMenus(null);
      var head = menu.querySelector("summary");
      if (head) head.focus();
    } else if (document.documentElement.classList.contains("sheet-open")) closeSheet();
  });

  /* days of one's own: two months, Monday first; the first click begins, the second ends */
  function iso(day) {
    return day.getFullYear() + "-" + String(day.getMonth() + 1).padStart(2, "0") + "-" + String(day.getDate()).padStart(2, "0");
  }
  var begun = null; /* the first of two days, and the month it was picked in */
  function dayOf(text) { var p = text.split("-"); return new Date(+p[0], +p[1] - 1, +p[2]); }

  function drawCalendar(box) {
    var first = box.dataset.begin || box.dataset.first;
    var last = box.dataset.begin ? box.dataset.begin : box.dataset.last;
    var today = box.dataset.today;
    var end = box.dataset.month ? dayOf(box.dataset.month) : dayOf(last > today ? today : last);
    box.textContent = "";
    var months = document.createElement("div");
    months.className = "months";
    [-1, 0].forEach(function (step) {
      months.appendChild(month(new Date(end.getFullYear(), end.getMonth() + step, 1), first, last, today));
    });
    box.appendChild(months);
    var said = document.createElement("div");
    said.className = "said";
    said.appendChild(turn("‹", "前一个月", -1));
    var words = document.createElement("span");
    words.textContent = box.dataset.begin ? box.dataset.begin + " 起，再点结束日" : "点起始日，再点结束日";
    said.appendChild(words);
    said.appendChild(turn("›", "后一个月", 1));
    box.appendChild(said);
    function turn(sign, name, step) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "turn";
      button.textContent = sign;
      button.setAttribute("aria-label", name);
      button.dataset.turn = iso(new Date(end.getFullYear(), end.getMonth() + step, 1));
      return button;
    }
  }

  function month(start, first, last, today) {
    var table = document.createElement("table");
    table.createCaption().textContent = start.getFullYear() + "年" + (start.getMonth() + 1) + "月";
    var head = table.createTHead().insertRow();
    "一二三四五六日".split("").forEach(function (name) {
      var cell = document.createElement("th");
      cell.textContent = name;
      head.appendChild(cell);
    });
    var body = table.createTBody(), row = body.insertRow(), day = new Date(start);
    for (var i = 0; i < (start.getDay() + 6) % 7; i++) row.insertCell();
    while (day.getMonth() === start.getMonth()) {
      if (row.cells.length === 7) row = body.insertRow();
      var text = iso(day), button = document.createElement("button");
      button.type = "button";
      button.textContent = String(day.getDate());
      button.dataset.day = text;
      button.disabled = text > today;
      if (text === first || text === last) button.className = "end";
      else if (text > first && text < last) button.className = "in";
      row.insertCell().appendChild(button);
      day.setDate(day.getDate() + 1);
    }
    return table;
  }

  document.addEventListener("click", function (event) {
    var target = event.target;
    if (!(target instanceof HTMLElement)) return;
    var box = target.closest(".calendar");
    if (!box) return;
    event.stopPropagation(); /* the day clicked is drawn anew and no longer in its menu */
    if (target.dataset.turn) { box.dataset.month = target.dataset.turn; drawCalendar(box); return; }
    var day = target.dataset.day;
    if (!day) return;
    if (!box.dataset.begin) { box.dataset.begin = day; begun = { day: day, month: box.dataset.month }; drawCalendar(box); return; }
    var ends = [box.dataset.begin, day].sort();
    delete box.dataset.begin;
    shutMenus(null);
    var address = new URL(box.dataset.base, location.href);
    address.searchParams.set("period", ends[0] + ".." + ends[1]);
    go(address.pathname + address.search);
  }, true);

  document.addEventListener("toggle", function (event) {
    var menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches("details.drop") || !menu.hasAttribute("open")) return;
    shutMenus(menu);
    var box = menu.querySelector(".calendar");
    if (!box) return;
    if (menu.dataset.again && begun) { /* drawn anew between the two days */
      box.dataset.begin = begun.day;
      if (begun.month) box.dataset.month = begun.month;
    } else { delete box.dataset.begin; delete box.dataset.month; begun = null; }
    delete menu.dataset.again;
    drawCalendar(box);
  }, true);

  /* a server that does not answer any more: the clock stands still, and the page says so */
  var lastBeat = Date.now(), shownClock = "", lost = null;
  var LIMIT_MS = 95000;

  function watch() {
    var clock = document.getElementById("clock");
    var text = clock ? clock.textContent : "";
    if (text !== shownClock) { shownClock = text; lastBeat = Date.now(); }
    var silent = Date.now() - lastBeat;
    if (silent < LIMIT_MS || document.hidden || !text) {
      if (lost) { lost.remove(); lost = null; }
      return;
    }
    if (!lost) {
      lost = document.createElement("div");
      lost.className = "lost";
      lost.setAttribute("role", "alert");
      document.body.appendChild(lost);
    }
    var seconds = Math.floor(silent / 1000);
    lost.textContent = "与服务器断开 " + Math.floor(seconds / 60) + " 分 " + (seconds % 60) + " 秒，页面停在断开时的样子，连上后自动更新";
  }
  setInterval(watch, 1000);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) lastBeat = Date.now(); });

  /* the drawer and the title follow what the server drew */
  var seenSheet = "";
  function follow() {
    var sheet = document.getElementById("sheet");
    if (sheet) {
      var mark = sheet.className + "|" + (sheet.firstChild ? location.search : "");
      if (mark !== seenSheet) { seenSheet = mark; sheetChanged(); }
    }
    if (!document.querySelector(".shade")) {
      var shade = document.createElement("div");
      shade.className = "shade";
      document.body.appendChild(shade);
    }
    var heading = document.querySelector("h1");
    if (heading) {
      var title = (heading.dataset.title || heading.textContent) + " · 智慧洪蓝";
      if (document.title !== title) document.title = title;
    }
  }
  new MutationObserver(follow).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] });

})();
