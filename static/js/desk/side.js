// The column beside the text ends at the foot of the window, wherever it begins: what it ends with stays in sight.

const side = document.getElementById("side");
const beside = matchMedia("(min-width: 64rem)");
const GAP = 16;
let waiting = false;

function fit() {
  waiting = false;
  const top = Math.max(side.getBoundingClientRect().top, GAP);
  side.style.maxBlockSize = beside.matches ? `${Math.max(innerHeight - top - GAP, 200)}px` : "";
}

function soon() {
  if (!waiting) requestAnimationFrame(fit);
  waiting = true;
}

addEventListener("scroll", soon, { passive: true });
addEventListener("resize", soon);
fit();
