// Filters that are swapped for ones with new numbers stay unfolded if they were, and keep the focus.

let left = "";

document.body.addEventListener("htmx:oobBeforeSwap", ({ detail: { target, fragment } }) => {
  for (const fold of target.querySelectorAll("details[open][id]")) {
    fragment.querySelector(`[id="${fold.id}"]`)?.setAttribute("open", "");
  }
  if (target.contains(document.activeElement)) left = target.id;
});

// A choice that leaves with its last hit has no successor: the first of its group is next.
document.body.addEventListener("htmx:afterSettle", () => {
  if (left && document.activeElement === document.body) {
    const next = document.querySelector(`#${left} input`) ?? document.getElementById("q");
    next?.focus();
  }
  left = "";
});
