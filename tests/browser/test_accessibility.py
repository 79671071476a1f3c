"""Accessibility: axe-core on every page and state, light and dark, narrow and wide, and in forced colours."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.axe import RULES, SETTLED, findings
from tests.browser.pages import ADMIN, SCREENS, Screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WITHOUT_CONTRAST = {**RULES, "rules": {"color-contrast": {"enabled": False}}}
"""For light words on dark in forced colours: axe takes the stylesheet's colour, where the browser shows its own."""
LOOKS: list[dict[str, Any]] = [
    {"color_scheme": "light", "forced_colors": "none"},
    {"color_scheme": "dark", "forced_colors": "none"},
    {"color_scheme": "light", "forced_colors": "active"},
]
WIDTHS = (390, 1280)

UNROLL = """() => {
  const set = (one, name, value) => one.style.setProperty(name, value, "important");
  const narrow = (part) => {
    if (part.closest("svg")) return;
    set(part, "min-inline-size", "0"), set(part, "white-space", "normal"), set(part, "overflow-wrap", "anywhere");
    if (part.localName === "table") set(part, "table-layout", "fixed");
  };
  for (const one of document.querySelectorAll("body *")) {
    const { overflow, position } = getComputedStyle(one);
    if (/auto|scroll/.test(overflow)) {
      const isWide = one.scrollWidth > one.clientWidth;
      set(one, "overflow", "visible"), set(one, "max-block-size", "none");
      if (isWide && one.matches(".table-scroll")) for (const part of one.querySelectorAll("*")) narrow(part);
    }
    if (/fixed|sticky/.test(position) || one.role === "listbox") set(one, "position", "static");
  }
}"""
"""Nothing is scrolled out of its own window or the page's, or stands before something else: of words that can't be seen
axe can't say how well they can be read."""


@pytest.mark.parametrize("shown", SCREENS, ids=lambda screen: screen.name, indirect=True)
def test_axe_finds_nothing_and_is_certain(shown: tuple[Page, Screen]) -> None:
    page, screen = shown
    found: set[str] = set()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(UNROLL)
        page.evaluate(SETTLED, width)
        for look in LOOKS:
            page.emulate_media(**look, reduced_motion="reduce")  # no colour on its way to another
            is_forced = look["forced_colors"] == "active"
            rules = WITHOUT_CONTRAST if is_forced and screen in ADMIN else RULES
            where = f"{width} {look['color_scheme']} {look['forced_colors']}"
            found |= {f"{where}: {finding}" for finding in findings(page, rules)}
    if found:
        pytest.fail("\n".join(sorted(found)), pytrace=False)
