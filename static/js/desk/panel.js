// The open form: what was typed in it is not lost by accident, and closing it gives the focus back.
import { onLeaving } from "./leaving.js";

let typedIn = "";
let dropped = ""; // closed by its own button, whose answer is on its way
let opener = null;

const panel = document.getElementById("panel");
const form = () => panel.querySelector("form[data-form]");

export const isDirty = () => Boolean(typedIn) && typedIn !== dropped && form()?.dataset.form === typedIn;

export function close() {
  if (isDirty()) {
    const detail = "The form has changes that are not saved. Save them, or press Close to drop them.";
    document.body.dispatchEvent(new CustomEvent("announce", { detail }));
  } else {
    document.getElementById("close-panel")?.click();
  }
}

const type = (event) => {
  const open = event.target.closest?.("#panel form[data-form]");
  if (!open || !event.isTrusted) return;
  typedIn = open.dataset.form;
  dropped = "";
};
document.addEventListener("input", type);
document.addEventListener("change", type);

// Another form would replace what was typed: ask. The form's own buttons carry it along, and Close drops it.
document.body.addEventListener("htmx:confirm", (event) => {
  const { elt, verb, target } = event.detail;
  if ((verb !== "get" && elt.id !== "selection-bar") || target !== panel) return;
  opener = document.activeElement;
  if (elt.id === "close-panel") dropped = typedIn;
  if (!isDirty()) return;
  event.preventDefault();
  if (confirm("The open form has changes that are not saved. Drop them?")) event.detail.issueRequest(true);
});

onLeaving(() => { typedIn = ""; });
addEventListener("beforeunload", (event) => {
  if (isDirty()) event.preventDefault();
});

for (const failure of ["sendError", "responseError", "timeout", "sendAbort"]) {
  document.body.addEventListener(`htmx:${failure}`, () => { dropped = ""; });
}

document.body.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => {
  if (elt === panel && !form() && document.activeElement === document.body) {
    (opener?.isConnected ? opener : document.getElementById("text-region")).focus({ preventScroll: true });
  }
  if (!form()) typedIn = dropped = "";
});

panel.querySelector("[aria-invalid='true'], [data-focus]")?.focus();
