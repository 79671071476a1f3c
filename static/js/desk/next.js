// A row that was dealt with gives the focus to the next one that was not, or to the one before it.

document.body.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => {
  const done = elt.matches("[data-done]") ? elt : elt.querySelector("[data-done]");
  if (!done) return;
  const open = [...document.querySelectorAll("[data-place]")];
  const follows = (one) => done.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
  (open.find(follows) ?? open.at(-1) ?? done).focus();
});
