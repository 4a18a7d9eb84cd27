// A link from elsewhere arrives without the session cookie (SameSite=Strict) and is sent here;
// when this browser has a session after all, go straight on.
(async () => {
  const next = document.querySelector('input[name="next"]').value;
  if (!next.startsWith("/") || next.startsWith("//")) return;
  const answer = await fetch("/login/known");
  if (answer.ok && (await answer.text()) === "yes") location.replace(next);
})();
