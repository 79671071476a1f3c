// Reviewing suggestions: single keys, and a mark on the claim that a digit is for. Works beside plain forms.
import "./combobox.js";
import "./save-state.js";
import { onLeaving } from "./leaving.js";
import { FIELD, areOn, ends, nextClaim, showHelp, stance } from "./shortcuts.js";

const PRESSED = "button, a, summary, input, select, textarea"; // what the space bar presses itself
const card = () => document.getElementById("review");
const announce = (detail) => document.body.dispatchEvent(new CustomEvent("announce", { detail }));

function choose(choice, claim) {
  choice.checked = true;
  const taken = choice.closest("label").innerText.replace(/\s*\d\s*$/, "");
  announce(`${taken}: ${claim.querySelector("legend").innerText}`);
}

function press(key) {
  const button = card().querySelector(`[data-key="${key}"]`);
  button?.click();
  return Boolean(button);
}

function sayYes() {
  const first = card().querySelector(".did-you-mean input[type=radio]");
  if (!first) return false;
  first.checked = true;
  announce(first.closest("label").querySelector("b, span").innerText);
  return true;
}

const acts = {
  "?": showHelp,
  a: () => press("a"),
  p: () => press("p"),
  x: () => press("x"),
  " ": () => press(" "),
  u: () => press("u"),
  Backspace: () => press("u"),
  n: () => press("n"),
  y: sayYes,
  c: nextClaim,
  s: () => {
    const field = card().querySelector("#quote-speaker");
    field?.focus();
    return Boolean(field);
  },
  ...ends,
};

const act = (key) => (/^[0-4]$/.test(key) ? stance(key, choose) : Boolean(acts[key]?.()));

onLeaving();

// While a step is on its way the next suggestion isn't there yet: a key pressed meanwhile would decide it unread.
let isBusy = false;
document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target === card()) isBusy = true;
});
for (const end of ["afterSettle", "sendError", "responseError", "timeout", "sendAbort", "swapError"]) {
  document.body.addEventListener(`htmx:${end}`, () => { isBusy = false; });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const on = event.target.closest?.(FIELD);
  if (event.key === "Escape" && on) return on.blur();
  if (on || !areOn() || (event.key === " " && event.target.closest?.(PRESSED))) return;
  if (isBusy ? event.key in acts : act(event.key)) event.preventDefault();
});
