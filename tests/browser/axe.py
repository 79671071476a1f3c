"""axe-core, run on a page as it stands: the rules, what they told, and the check that most tests want."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations", "incomplete"],
    "preload": False,  # it would write style elements, which the policy refuses
    "checks": {"color-contrast": {"options": {"ignoreLength": True}}},  # a single letter is text, too
}


SETTLED = """async (width) => {
  let before = "", same = 0;
  while (same < 3) {
    await new Promise(requestAnimationFrame);
    const now = `${innerWidth} ${document.documentElement.scrollHeight} ${document.querySelectorAll("*").length}`;
    same = now === before && (!width || innerWidth === width) ? same + 1 : 0;
    before = now;
  }
}"""
"""Until nothing moves: axe takes where things are at its start, and would find one thing upon another else."""

DRAWN = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => [r, g, b]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour[3]) return colour;
    }
    return [255, 255, 255, 255];
  };
  return [...document.querySelectorAll("svg text")].flatMap((text) => {
    const style = getComputedStyle(text);
    const [one, other] = [rgb(style.fill), ground(text)].map(luminance);
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const enough = /[\\p{L}\\p{N}]/u.test(text.textContent) ? 4.5 : 3;
    return ratio < enough ? [`${text.textContent.trim()}: ${style.fill} stands out by ${ratio.toFixed(2)} only`] : [];
  });
}"""
"""What is written in pictures and does not stand out from what it is drawn on. Of this axe says that it can't tell."""


def findings(
    page: Page, rules: dict[str, Any] = RULES, kinds: Sequence[str] = ("violations", "incomplete")
) -> list[str]:
    """What axe finds wrong in a page, or is not certain of."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)  # not by a script element: the policy refuses those
    found = page.evaluate("rules => axe.run({ exclude: [['svg text']] }, rules)", rules)
    return [line for kind in kinds for line in told(found[kind], kind)] + page.evaluate(DRAWN)


def is_accessible(page: Page) -> None:
    """axe finds nothing wrong, and nothing is wider than the window."""
    page.evaluate(SETTLED, 0)
    assert findings(page, kinds=["violations"]) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert page.viewport_size
    assert width <= page.viewport_size["width"]


def told(results: list[dict[str, Any]], when: str) -> list[str]:
    return [
        f"{when}: {result['id']}: {node['target']}: {why(node)}: {node['html'][:160]}"
        for result in results
        for node in result["nodes"]
    ]


def why(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(check["message"] for check in checks)
