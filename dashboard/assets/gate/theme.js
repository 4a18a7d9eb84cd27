/* Light, dark, or as the device has it: the reader's choice is kept in this browser and put on the
   page before it is drawn, so that none flashes in the other. It runs in the head, unlike all else. */
(function () {
  "use strict";
  var NAME = "honglan-theme", root = document.documentElement;

  function chosen() {
    try { return localStorage.getItem(NAME) || "auto"; } catch (closed) { return root.dataset.theme || "auto"; }
  }

  function show(choice) {
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else delete root.dataset.theme;
  }

  function mark(inside) {
    inside.querySelectorAll("[data-theme-choice]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen()));
    });
  }

  show(chosen());
  window.addEventListener("storage", function (event) { if (event.key === NAME) show(chosen()); });
  document.addEventListener("toggle", function (event) {
    if (event.target instanceof Element && event.target.matches(".theme-switch")) mark(event.target);
  }, true);
  document.addEventListener("click", function (event) {
    var button = event.target instanceof Element && event.target.closest("[data-theme-choice]");
    if (!button) return;
    var choice = button.dataset.themeChoice, menu = button.closest("details");
    try {
      if (choice === "auto") localStorage.removeItem(NAME);
      else localStorage.setItem(NAME, choice);
    } catch (closed) { /* a browser that keeps nothing still shows it until the page is left */ }
    show(choice);
    mark(menu);
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  });
})();
