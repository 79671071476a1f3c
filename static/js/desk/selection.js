// Words selected in the text open the form (mouse), or a bar that offers to (finger, keyboard, an open form).
import { wordsOf } from "./offsets.js";

const LONG = 500;
const bar = document.getElementById("selection-bar");
const shown = document.getElementById("selected-words");
let words = null;
let taken = "";
let pressed = false;
let isMouse = true;
let committing = false; // by a mouse let go, once no further click has come
let timer = 0;
let opening = 0;

const text = () => document.getElementById("text");
const form = () => document.querySelector("#panel form[data-words]");
const place = (found) => (found ? `${found.start}-${found.end}` : "");

function selected() {
  const selection = getSelection();
  return selection.rangeCount && !selection.isCollapsed ? wordsOf(selection.getRangeAt(0), text()) : null;
}

function offer() {
  const found = selected();
  if (pressed || bar.contains(document.activeElement)) return;
  words = found;
  if (!found) taken = "";
  bar.hidden = !found || place(found) === taken;
  if (bar.hidden) return;
  shown.textContent = found.exact;
  for (const button of bar.querySelectorAll("[data-take=add], [data-take=replace]")) button.hidden = !form();
}

function commit() {
  committing = false;
  const found = selected();
  if (!found || place(found) === taken) return;
  words = found;
  if (form()) offer();
  else take("new");
}

function take(how) {
  if (!words) return;
  const { start, end, exact } = words;
  const open = form();
  taken = place(words);
  bar.hidden = true;
  if (how === "new" || how === "event") {
    const values = { version: bar.dataset.version, start, end, exact };
    // Words that are too long for an address are posted, which saves nothing either.
    const verb = exact.length > LONG ? "POST" : "GET";
    if (verb === "POST") values.open = how;
    htmx.ajax(verb, bar.dataset[how], { source: bar, target: "#panel", swap: "innerHTML", values });
  } else if (open && how !== "none") {
    const values = { move: how, new_start: start, new_end: end, new_exact: exact };
    htmx.ajax("POST", open.dataset.words, { source: open, target: "#panel", swap: "innerHTML", values });
  }
}

function later(act, delay) {
  clearTimeout(timer);
  timer = setTimeout(act, delay);
}

document.addEventListener("pointerdown", (event) => { isMouse = event.pointerType === "mouse"; });
document.addEventListener("mousedown", (event) => {
  pressed = !bar.contains(event.target);
  committing = false;
  clearTimeout(timer);
  clearTimeout(opening);
});
document.addEventListener("mouseup", (event) => {
  pressed = false;
  if (bar.contains(event.target)) return;
  const inText = event.target.closest?.("#text-region");
  committing = isMouse && Boolean(inText);
  later(committing ? commit : offer, event.detail > 1 ? 400 : 0); // a second click may be followed by a third
});
document.addEventListener("selectionchange", () => {
  if (!pressed && !committing) later(offer, 250);
});
document.addEventListener("keyup", (event) => {
  if (event.key === "Shift") later(offer, 0);
});
document.addEventListener("contextmenu", () => later(offer, 0));

// A press on the bar must not take the selection away.
bar.addEventListener("pointerdown", (event) => event.preventDefault());
bar.addEventListener("click", (event) => {
  const how = event.target.closest("[data-take]")?.dataset.take;
  if (!how) return;
  take(how);
  getSelection().removeAllRanges();
});

// A click on marked words, that selects none, opens their quote; unless a mouse clicks twice, which selects.
document.addEventListener("click", (event) => {
  const mark = event.target.closest?.("#text [data-quote]");
  if (!mark || !getSelection().isCollapsed) return;
  const open = () => htmx.ajax("GET", mark.dataset.quote, { source: text(), target: "#panel", swap: "innerHTML" });
  clearTimeout(opening);
  opening = setTimeout(open, isMouse ? 300 : 0);
});

document.body.addEventListener("htmx:afterSettle", () => {
  const version = document.querySelector("#text")?.dataset.version;
  if (version) bar.dataset.version = version;
});
