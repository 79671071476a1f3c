// Single keys, for hands that stay on the keyboard. They never act while a field has the focus.
import { close } from "./panel.js";

const KEPT = "single-keys";
const FIELD = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const toggle = document.getElementById("single-keys");
const help = document.getElementById("keys");
let claim = "";

toggle.checked = localStorage.getItem(KEPT) !== "off";
toggle.addEventListener("change", () => localStorage.setItem(KEPT, toggle.checked ? "on" : "off"));

const claims = () => [...document.querySelectorAll("#panel [data-claim]")];
const current = () => claims().find((one) => one.dataset.claim === claim) ?? claims()[0];

function mark(one) {
  claim = one?.dataset.claim ?? "";
  for (const other of claims()) other.toggleAttribute("data-current", other === one);
}

function next() {
  const all = claims();
  mark(all[(all.indexOf(current()) + 1) % all.length]);
  current()?.scrollIntoView({ block: "nearest" });
}

function stance(digit) {
  const choice = current()?.querySelector(`[data-digit="${digit}"]`);
  if (!choice) return false;
  choice.click();
  next();
  return true;
}

function press(key) {
  const active = document.activeElement;
  const scope = active.closest(".desk-quote") ?? document.getElementById("panel");
  const button = scope.querySelector(`[data-key="${key}"]`);
  button?.click();
  return Boolean(button);
}

function walk(by) {
  const all = [...document.querySelectorAll("#quotes .desk-quote")].filter((one) => one.checkVisibility());
  const here = all.indexOf(document.activeElement.closest(".desk-quote"));
  const there = all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + by))];
  there?.focus();
  return Boolean(there);
}

function move(edge, way) {
  const buttons = [...document.querySelectorAll(`#words [id$="-${edge}-${way}"]`)];
  const button = edge === "start" ? buttons[0] : buttons.at(-1);
  button?.click();
  return Boolean(button);
}

const take = () => {
  const bar = document.getElementById("selection-bar");
  if (!bar.hidden) bar.querySelector("[data-take=new]").click();
  return !bar.hidden;
};
const showHelp = () => {
  help.open = !help.open;
  help.querySelector("summary").focus();
  return true;
};

const acts = {
  "?": showHelp,
  j: () => walk(1),
  k: () => walk(-1),
  e: () => press("e"),
  p: () => press("p"),
  u: () => press("u"),
  Backspace: () => press("u"),
  t: take,
  c: () => (next(), claims().length > 0),
  "[": () => move("end", "earlier"),
  "]": () => move("end", "later"),
  "{": () => move("start", "earlier"),
  "}": () => move("start", "later"),
};

// While a step is on its way the panel is about to be drawn anew: keys pressed meanwhile are for what comes then.
const waiting = [];
const isBusy = () => Boolean(document.querySelector("#panel .htmx-request"));

function act(key) {
  return /^[0-4]$/.test(key) ? stance(key) : Boolean(acts[key]?.());
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const form = document.querySelector("#panel form[data-form]");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
    form.requestSubmit();
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(FIELD)) return;
  if (event.key === "Escape") return close();
  if (!toggle.checked) return;
  if (isBusy()) waiting.push(event.key);
  else if (act(event.key)) event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const group = event.target.closest?.("#panel [data-claim]");
  if (group) mark(group);
});
document.body.addEventListener("htmx:afterSettle", () => {
  mark(current());
  setTimeout(() => {
    while (waiting.length && !isBusy()) act(waiting.shift());
  });
});
mark(current());
