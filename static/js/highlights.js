// "Hide highlights" is the stylesheet's doing. This keeps the choice in the browser, and takes marks that are hidden out of
// the way of the Tab key.
const box = document.getElementById("hide-highlights");

function kept() {
  try {
    return localStorage.getItem("hide-highlights") === "yes";
  } catch {
    return false; // storage is switched off: the choice holds for this page
  }
}

function apply() {
  for (const mark of document.querySelectorAll("a.mark")) {
    if (box.checked) mark.tabIndex = -1;
    else mark.removeAttribute("tabindex");
  }
}

if (box) {
  box.checked = kept();
  apply();
  box.addEventListener("change", () => {
    try {
      if (box.checked) localStorage.setItem("hide-highlights", "yes");
      else localStorage.removeItem("hide-highlights");
    } catch {
      // as above
    }
    apply();
  });
}
