// <div class="combobox" data-combobox="/address/of/options/"><input></div>: names are offered while one types.
// What is chosen goes into the hidden fields NAME_choice and NAME_asked beside it.

const WAIT = 120;

function enhance(box) {
  const input = box.querySelector("input");
  if (!input || input.role === "combobox") return;
  const list = document.createElement("ul");
  list.className = "combobox__list";
  list.id = `${input.id}-names`;
  list.role = "listbox";
  list.ariaLabel = "Names";
  list.hidden = true;
  box.append(list);
  input.role = "combobox";
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  let timer = 0;
  let asking = null;

  const options = () => [...list.children];
  const active = () => options().find((option) => option.ariaSelected === "true");

  function activate(option) {
    for (const one of options()) one.ariaSelected = String(one === option);
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) activate(null);
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    open(false);
  }

  async function ask() {
    const query = new URLSearchParams({ q: input.value, list: list.id });
    if ("outlets" in box.dataset) query.set("outlets", "on");
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.combobox}?${query}`, {
        signal: asking.signal,
        headers: { "HX-Request": "true" },
      });
      if (!answer.ok) return;
      list.innerHTML = await answer.text();
      open(list.childElementCount > 0 && document.activeElement === input);
    } catch {
      // Another letter was typed meanwhile, or there is no connection: the field works as a plain one.
    }
  }

  function choose(option) {
    const field = box.closest(".field");
    field.querySelector(".did-you-mean")?.remove();
    input.value = option.dataset.name;
    for (const [what, value] of [["choice", option.dataset.key], ["asked", option.dataset.name]]) {
      const name = `${input.name}_${what}`;
      let hidden = field.querySelector(`input[type=hidden][name=${name}]`);
      if (!hidden) field.append((hidden = Object.assign(document.createElement("input"), { type: "hidden", name })));
      hidden.value = value;
    }
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function step(by) {
    const all = options();
    if (list.hidden || !all.length) return;
    const here = all.indexOf(active());
    activate(all[(here + by + all.length + (here < 0 && by < 0 ? 1 : 0)) % all.length]);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim()) timer = setTimeout(ask, WAIT);
    else close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && list.hidden && input.value.trim()) ask();
    else if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Enter" && active()) choose(active());
    else if (event.key === "Escape" && !list.hidden) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}

const enhanceAll = () => document.querySelectorAll("[data-combobox]").forEach(enhance);

document.body.addEventListener("htmx:afterSettle", enhanceAll);
enhanceAll();
