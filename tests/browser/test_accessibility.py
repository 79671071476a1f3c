"""Accessibility: axe-core on every page and state, light and dark, narrow and wide, and in forced colours."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.pages import SCREENS, Screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations", "incomplete"],
    "preload": False,  # it would write style elements, which the policy refuses
}
LOOKS: list[dict[str, Any]] = [
    {"color_scheme": "light", "forced_colors": "none"},
    {"color_scheme": "dark", "forced_colors": "none"},
    {"color_scheme": "light", "forced_colors": "active"},
]
WIDTHS = (390, 1280)

HARMLESS: list[tuple[str, str, str]] = []
"""What axe can't decide and a person did: its rule, where, and why it is no fault."""


@pytest.mark.parametrize("shown", SCREENS, ids=lambda screen: screen.name, indirect=True)
def test_axe_finds_nothing_and_is_certain(shown: tuple[Page, Screen]) -> None:
    page, _ = shown
    page.evaluate(AXE)  # not by a script element: the policy refuses those
    found: set[str] = set()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for look in LOOKS:
            page.emulate_media(**look)
            said = page.evaluate("rules => axe.run(document, rules)", RULES)
            for kind in ("violations", "incomplete"):
                found |= set(
                    told(said[kind], f"{kind} {width} {look['color_scheme']} {look['forced_colors']}")
                )
    assert not sorted(found)


def told(results: list[dict[str, Any]], when: str) -> list[str]:
    return [
        f"{when}: {result['id']}: {node['target']}: {why(node)}: {node['html'][:160]}"
        for result in results
        for node in result["nodes"]
        if not any(result["id"] == rule and where in node["html"] for rule, where, _ in HARMLESS)
    ]


def why(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(check["message"] for check in checks)
