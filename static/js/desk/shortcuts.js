// What the desk's pages with single keys have in common: the switch, the help, the claim that a digit is for.

export const FIELD = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

const KEPT = "single-keys";
const toggle = document.getElementById("single-keys");
const help = document.getElementById("keys");

toggle.checked = localStorage.getItem(KEPT) !== "off";
toggle.addEventListener("change", () => localStorage.setItem(KEPT, toggle.checked ? "on" : "off"));

export const areOn = () => toggle.checked;

export function showHelp() {
  help.open = !help.open;
  help.querySelector("summary").focus();
  return true;
}

/** An end of the words by a word: the first part's start, the last part's end. */
export function moveEnd(edge, way) {
  const buttons = [...document.querySelectorAll(`#words [id$="-${edge}-${way}"]`)];
  const button = edge === "start" ? buttons[0] : buttons.at(-1);
  button?.click();
  return Boolean(button);
}

export const ends = {
  "[": () => moveEnd("end", "earlier"),
  "]": () => moveEnd("end", "later"),
  "{": () => moveEnd("start", "earlier"),
  "}": () => moveEnd("start", "later"),
};

let claim = /^#stance-on-(\d+)$/.exec(location.hash)?.[1] ?? ""; // after one was made, or found, for these words

const claims = () => [...document.querySelectorAll("[data-claim]")];
const current = () => claims().find((one) => one.dataset.claim === claim) ?? claims()[0];

function mark(one) {
  claim = one?.dataset.claim ?? "";
  for (const other of claims()) other.toggleAttribute("data-current", other === one);
}

/** Goes on to the next claim; whether there is any. */
export function nextClaim() {
  const all = claims();
  mark(all[(all.indexOf(current()) + 1) % all.length]);
  current()?.scrollIntoView({ block: "nearest" });
  return all.length > 0;
}

/** Takes the digit's stance on the current claim and goes on to the next; `take` gets the choice and its claim. */
export function stance(digit, take) {
  const choice = current()?.querySelector(`[data-digit="${digit}"]`);
  if (!choice) return false;
  take(choice, current());
  return nextClaim();
}

document.addEventListener("focusin", (event) => {
  const group = event.target.closest?.("[data-claim]");
  if (group) mark(group);
});
document.body.addEventListener("htmx:afterSettle", () => mark(current()));
mark(current());
