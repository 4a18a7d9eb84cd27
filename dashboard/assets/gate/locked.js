// The locked seat stays new and goes on sounding; a browser that is not known any more goes to the
// login. What is being chosen or typed stays.
(function () {
  "use strict";
  const EVERY_MS = 2000;
  let sound = document.getElementById("heard").dataset.sound;

  const look = () => fetch("/desk/locked/state", { cache: "no-store" })
    .then((answer) => (answer.ok ? answer.json() : null))
    .then((told) => {
      if (!told) { return; }
      if (!told.known) { location.assign("/login?next=/desk/alarms"); return; }
      sound = told.sound;
      const counts = document.getElementById("counts");
      if (counts.dataset.said !== told.counts) {
        counts.dataset.said = told.counts;
        counts.replaceChildren(...rows(told.counts, "table").querySelectorAll("tr"));
      }
      const list = document.getElementById("alarm");
      if (list.dataset.said !== told.waiting) {
        const kept = list.value;
        list.dataset.said = told.waiting;
        list.replaceChildren(...rows(told.waiting, "select").querySelectorAll("option"));
        if ([...list.options].some((one) => one.value === kept)) { list.value = kept; }
      }
    })
    .catch(() => {});

  const rows = (words, around) => {
    const page = new DOMParser().parseFromString("<" + around + ">" + words + "</" + around + ">", "text/html");
    return page.querySelector(around);
  };

  setInterval(look, EVERY_MS);
  setInterval(() => {
    if (!window.honglanSound) { return; }
    window.honglanSound.follow(sound);
    document.querySelector(".no-sound").hidden = document.documentElement.dataset.sound !== "off";
  }, 500);
})();
