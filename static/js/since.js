// What is new in a story since this browser was here last. It stays in this browser: nothing of it is sent.

const VISIT = 30 * 60; // seconds: whoever comes back within them is still on the same visit
const THINGS = {
  a: ["article", "articles"],
  t: ["changed text", "changed texts"],
  q: ["quote", "quotes"],
  e: ["event", "events"],
};

const line = document.getElementById("since");
const now = Math.floor(Date.now() / 1000);

function lastVisit() {
  const key = `newsdesk.visit.${line.dataset.story}`;
  try {
    const kept = JSON.parse(localStorage.getItem(key)) ?? {};
    const last = now - kept.seen > VISIT ? kept.seen : kept.last;
    localStorage.setItem(key, JSON.stringify({ seen: now, last }));
    return last;
  } catch {
    return undefined; // a browser that keeps nothing
  }
}

function told(last) {
  const numbers = {};
  const recorded = line.dataset.recorded.split(" ").filter(Boolean);
  const isNew = recorded.filter((one) => Number(one.slice(1)) > last);
  for (const [kind] of isNew) numbers[kind] = (numbers[kind] ?? 0) + 1;
  const things = Object.entries(numbers).map(([kind, n]) => `${n} ${THINGS[kind][n === 1 ? 0 : 1]}`);
  if (!things.length) return "nothing new";
  return `${isNew.length === recorded.length && recorded.length >= Number(line.dataset.most) ? "at least " : ""}${things.join(", ")}`;
}

function mark(part, last) {
  for (const element of part.querySelectorAll("[data-since]")) {
    if (Number(element.dataset.since) <= last || element.querySelector(".badge--new")) continue;
    const badge = document.createElement("span");
    badge.className = "badge badge--new";
    badge.textContent = "new";
    (element.querySelector(".entry__kind") ?? element).append(" ", badge);
  }
}

const last = lastVisit();
if (last) {
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long" }).format(last * 1000);
  const where = document.createElement("span");
  where.className = "since__where";
  where.textContent = "Only your browser keeps when you were here.";
  line.append(`Since you were last here, on ${day}: ${told(last)}.`, where);
  line.hidden = false;
  mark(document, last);
  document.body.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => mark(elt.parentElement ?? elt, last));
}
