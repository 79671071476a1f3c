// Reviewing suggestions: single keys, and a mark on the claim that a digit is for. Works beside plain forms.
import "./combobox.js";
import "./save-state.js";

const KEPT = "single-keys";
const FIELD = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const PRESSED = "button, a, summary, input, select, textarea"; // what the space bar presses itself
const toggle = document.getElementById("single-keys");
const help = document.getElementById("keys");
const card = () => document.getElementById("review");
let claim = "";

toggle.checked = localStorage.getItem(KEPT) !== "off";
toggle.addEventListener("change", () => localStorage.setItem(KEPT, toggle.checked ? "on" : "off"));

const claims = () => [...card().querySelectorAll("[data-claim]")];
const current = () => claims().find((one) => one.dataset.claim === claim) ?? claims()[0];

function mark(one) {
  claim = one?.dataset.claim ?? "";
  for (const other of claims()) other.toggleAttribute("data-current", other === one);
}

function next() {
  const all = claims();
  mark(all[(all.indexOf(current()) + 1) % all.length]);
  current()?.scrollIntoView({ block: "nearest" });
  return all.length > 0;
}

function stance(digit) {
  const choice = current()?.querySelector(`[data-digit="${digit}"]`);
  if (!choice) return false;
  choice.checked = true;
  const said = `${choice.closest("label").innerText.replace(/\s*\d\s*$/, "")}: ${current().querySelector("legend").innerText}`;
  document.body.dispatchEvent(new CustomEvent("announce", { detail: said }));
  return next();
}

function press(key) {
  const button = card().querySelector(`[data-key="${key}"]`);
  button?.click();
  return Boolean(button);
}

function move(edge, way) {
  const buttons = [...card().querySelectorAll(`#words [id$="-${edge}-${way}"]`)];
  const button = edge === "start" ? buttons[0] : buttons.at(-1);
  button?.click();
  return Boolean(button);
}

function choose() {
  const first = card().querySelector(".did-you-mean input[type=radio]");
  if (!first) return false;
  first.checked = true;
  const detail = first.closest("label").querySelector("b, span").innerText;
  document.body.dispatchEvent(new CustomEvent("announce", { detail }));
  return true;
}

const acts = {
  "?": () => {
    help.open = !help.open;
    help.querySelector("summary").focus();
    return true;
  },
  a: () => press("a"),
  p: () => press("p"),
  x: () => press("x"),
  " ": () => press(" "),
  u: () => press("u"),
  Backspace: () => press("u"),
  y: choose,
  c: next,
  s: () => {
    const field = card().querySelector("#quote-speaker");
    field?.focus();
    return Boolean(field);
  },
  "[": () => move("end", "earlier"),
  "]": () => move("end", "later"),
  "{": () => move("start", "earlier"),
  "}": () => move("start", "later"),
};

const act = (key) => (/^[0-4]$/.test(key) ? stance(key) : Boolean(acts[key]?.()));

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
  if (on || !toggle.checked || (event.key === " " && event.target.closest?.(PRESSED))) return;
  if (isBusy ? event.key in acts : act(event.key)) event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const group = event.target.closest?.("#review [data-claim]");
  if (group) mark(group);
});

document.body.addEventListener("htmx:afterSettle", () => mark(current()));
mark(current());
