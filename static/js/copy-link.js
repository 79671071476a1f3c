// <button class="button button--quiet needs-script" type="button" data-copy-link="/quotes/…/">

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy-link]");
  if (!button) return;
  const address = new URL(button.dataset.copyLink, document.baseURI).href;
  const words = document.getElementById("status").dataset;
  let detail = words.copied;
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    detail = words.notCopied.replace("{link}", () => address);
  }
  document.body.dispatchEvent(new CustomEvent("announce", { detail }));
});
