// What is new in a story since this browser was here last. It stays in this browser: nothing of it is sent.
// Words come from the page: see templates/annotations/since.html.

const VISIT = 30 * 60; // seconds: whoever comes back within them is still on the same visit

const line = document.getElementById("since");
const { lang } = document.documentElement;
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

function counted(kind, number) {
  const plurals = new Intl.PluralRules(lang);
  const alike = [1, 2, 5].findIndex((one) => plurals.select(one) === plurals.select(number));
  return line.dataset[kind].split("|").at(alike).replace("{n}", number);
}

function told(last) {
  const numbers = {};
  const recorded = line.dataset.recorded.split(" ").filter(Boolean);
  const isNew = recorded.filter((one) => Number(one.slice(1)) > last);
  for (const [kind] of isNew) numbers[kind] = (numbers[kind] ?? 0) + 1;
  if (!isNew.length) return line.dataset.nothing;
  const things = Object.entries(numbers).map(([kind, number]) => counted(kind, number)).join(", ");
  const isAll = isNew.length === recorded.length && recorded.length >= Number(line.dataset.most);
  return isAll ? line.dataset.atLeast.replace("{things}", things) : things;
}

function mark(part, last) {
  for (const element of part.querySelectorAll("[data-since]")) {
    if (Number(element.dataset.since) <= last || element.querySelector(".badge--new")) continue;
    const badge = document.createElement("span");
    badge.className = "badge badge--new";
    badge.textContent = line.dataset.new;
    (element.querySelector(".entry__kind") ?? element).append(" ", badge);
  }
}

const last = lastVisit();
if (last) {
  const day = new Intl.DateTimeFormat(lang, { dateStyle: "long" }).format(last * 1000);
  const where = document.createElement("span");
  where.className = "since__where";
  where.textContent = line.dataset.where;
  line.append(line.dataset.words.replace("{day}", day).replace("{things}", told(last)), where);
  line.hidden = false;
  mark(document, last);
  document.body.addEventListener("htmx:afterSettle", ({ detail: { elt } }) => mark(elt.parentElement ?? elt, last));
}
