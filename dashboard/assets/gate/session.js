// Keys and pointer keep a session; a page that refreshes itself does not. When the session is
// over, the page goes to the login and comes back to the same address afterwards.
(() => {
  const EVERY_MS = 60000;
  const ask = window.fetch.bind(window);
  let told = 0;

  const toLogin = () => {
    if (location.pathname.startsWith("/desk/")) { // counts and sound go on while a seat is locked
      location.assign("/desk/locked");
      return;
    }
    const here = location.pathname + location.search;
    location.assign("/login?next=" + encodeURIComponent(here));
  };

  window.fetch = async (...request) => {
    const answer = await ask(...request);
    if (answer.status === 401) toLogin();
    return answer;
  };

  const active = () => {
    if (Date.now() - told < EVERY_MS) return;
    told = Date.now();
    ask("/session/seen", { method: "POST" })
      .then((answer) => { if (answer.status === 200) toLogin(); }) // the session is over
      .catch(() => {});
  };

  for (const kind of ["pointerdown", "keydown"]) {
    window.addEventListener(kind, active, { passive: true, capture: true });
  }
})();
