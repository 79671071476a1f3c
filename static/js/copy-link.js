// <button class="button button--quiet needs-script" type="button" data-copy-link="/quotes/…/">

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy-link]");
  if (!button) return;
  const address = new URL(button.dataset.copyLink, document.baseURI).href;
  let detail = "Link copied.";
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    detail = `The browser did not allow copying. The link is ${address}`;
  }
  document.body.dispatchEvent(new CustomEvent("announce", { detail }));
});
