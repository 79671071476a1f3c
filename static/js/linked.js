// Lights what belongs together: a highlight in the text, its note, its entry on the timeline.
// They name their annotations, separated by spaces, in data-annotation.

const names = (element) => element?.dataset.annotation.split(" ") ?? [];
let lit = "";

function light(target) {
  const wanted = names(target.closest?.("[data-annotation]"));
  if (wanted.join(" ") === lit) return;
  lit = wanted.join(" ");
  for (const element of document.querySelectorAll("[data-annotation]")) {
    element.toggleAttribute("data-active", names(element).some((name) => wanted.includes(name)));
  }
}

document.addEventListener("pointerover", (event) => light(event.target));
document.addEventListener("focusin", (event) => light(event.target));
