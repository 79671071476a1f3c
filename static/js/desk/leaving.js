// Buttons that lead to another page (sentences, a new claim): left to the browser, which takes what was typed along.

/** `before` is called when such a button was pressed. */
export function onLeaving(before = () => {}) {
  document.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (!submitter?.hasAttribute("formaction") || submitter.hasAttribute("hx-post")) return;
    event.stopPropagation(); // or htmx would fill the page's part with the other page
    before();
  }, true);
}
