// Says what happened, and moves the focus to where the person's attention is after a swap.
// Words come from data-status in the answer, from the region's own attributes, or from an "announce" event (also by
// HX-Trigger).

const region = document.getElementById("status");
let clearing;

function announce(words, keep = false) {
  clearTimeout(clearing);
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = words; });
  if (!keep) clearing = setTimeout(() => { region.textContent = ""; }, 10_000);
}

const within = (part, selector) => (part.matches(selector) ? part : part.querySelector(selector));

document.body.addEventListener("announce", ({ detail }) => announce(detail.value ?? detail));

document.body.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => {
  const said = within(elt, "[data-status]");
  if (said) announce(said.dataset.status);
  (within(elt, "[aria-invalid='true']") ?? within(elt, "[data-focus]"))?.focus();
});

for (const [event, reason] of [
  ["htmx:sendError", ({ noConnection }) => noConnection],
  ["htmx:timeout", ({ noAnswer }) => noAnswer],
  ["htmx:responseError", ({ answered }, { xhr }) => answered.replace("{code}", xhr.status)],
]) {
  document.body.addEventListener(event, ({ detail }) => {
    const words = region.dataset;
    const undone = detail.requestConfig.verb === "get" ? words.notLoaded : words.notSaved;
    announce(undone.replace("{reason}", reason(words, detail)), true);
  });
}

document.addEventListener("keydown", ({ key }) => { if (key === "Escape") region.textContent = ""; });
