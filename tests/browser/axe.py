"""axe-core, run on a page as it stands: the rules, what they told, and the check that most tests want."""

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


def is_accessible(page: Page) -> None:
    """axe finds nothing wrong, and nothing is wider than the window."""
    page.evaluate(AXE)  # not by a script element: the policy refuses those
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    assert not told(found["violations"], "violations")
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
