// Says what happened, and moves the focus to where the person's attention is after a swap.
// Words come from data-status in the answer, or from an "announce" event (also by HX-Trigger).

const region = document.getElementById("status");

function announce(words) {
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = words; });
}

document.body.addEventListener("announce", ({ detail }) => announce(detail.value ?? detail));

document.body.addEventListener("htmx:afterSettle", () => {
  const said = document.querySelector("[data-status]");
  if (said) announce(said.dataset.status);
  said?.removeAttribute("data-status");
  const next = document.querySelector("[aria-invalid='true'][data-focus], [data-focus]");
  next?.removeAttribute("data-focus");
  next?.focus();
});

document.body.addEventListener("htmx:sendError", () => announce("Not saved: no connection. Try again."));
document.body.addEventListener("htmx:timeout", () => announce("Not saved: no answer. Try again."));
document.body.addEventListener("htmx:responseError", ({ detail }) =>
  announce(`Not saved: the server answered ${detail.xhr.status}. Try again.`));

document.addEventListener("keydown", (event) => { if (event.key === "Escape") region.textContent = ""; });
