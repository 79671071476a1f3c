// Says before sending that files are too large or too many, and while sending how far they are.

const megabytes = (bytes) => `${(bytes / 1024 ** 2).toLocaleString("en", { maximumFractionDigits: 1 })} MB`;

function complaint({ files, dataset: { largest, most } }) {
  const size = [...files].reduce((sum, file) => sum + file.size, 0);
  if (files.length > most) return `These are ${files.length} files; ${most} is the most at once. Zip them.`;
  if (size > largest) return `That is ${megabytes(size)}; ${megabytes(largest)} is the most. Split it, or pack it.`;
  return "";
}

document.body.addEventListener("change", ({ target }) => {
  if (!target.matches("input[type=file][data-largest]")) return;
  target.setCustomValidity(complaint(target));
  target.reportValidity();
});

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const field = event.target.querySelector("input[type=file][data-largest]");
  if (field && !field.reportValidity()) return event.preventDefault();
  event.target.querySelector(".import-upload__progress").hidden = false;
});

document.body.addEventListener("htmx:xhr:progress", ({ target, detail: { loaded, total } }) => {
  if (!total || !target.matches(".import-upload")) return;
  target.querySelector("progress").value = (100 * loaded) / total;
  target.querySelector(".import-upload__told").textContent =
    loaded < total ? `${megabytes(loaded)} of ${megabytes(total)} sent` : "Sent. It is being stored …";
});

document.body.addEventListener("htmx:afterRequest", ({ target, detail }) => {
  if (!detail.successful) target.querySelector?.(".import-upload__progress")?.setAttribute("hidden", "");
});
