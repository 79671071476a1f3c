// Single keys, for hands that stay on the keyboard. They never act while a field has the focus.
import { close } from "./panel.js";
import { FIELD, areOn, ends, nextClaim, showHelp, stance } from "./shortcuts.js";

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

const take = () => {
  const bar = document.getElementById("selection-bar");
  if (!bar.hidden) bar.querySelector("[data-take=new]").click();
  return !bar.hidden;
};

const acts = {
  "?": showHelp,
  j: () => walk(1),
  k: () => walk(-1),
  e: () => press("e"),
  p: () => press("p"),
  u: () => press("u"),
  Backspace: () => press("u"),
  n: () => press("n"),
  t: take,
  c: nextClaim,
  ...ends,
};

// While a step is on its way the panel is about to be drawn anew: keys pressed meanwhile are for what comes then.
const waiting = [];
const isBusy = () => Boolean(document.querySelector("#panel .htmx-request"));

function act(key) {
  return /^[0-4]$/.test(key) ? stance(key, (choice) => choice.click()) : Boolean(acts[key]?.());
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
  if (!areOn()) return;
  if (isBusy()) waiting.push(event.key);
  else if (act(event.key)) event.preventDefault();
});

document.body.addEventListener("htmx:afterSettle", () => {
  setTimeout(() => {
    while (waiting.length && !isBusy()) act(waiting.shift());
  });
});
