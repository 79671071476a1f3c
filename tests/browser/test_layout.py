"""What holds of every page: it fits the window, is headed in order, and nothing in it fails or is blocked."""

import itertools
import re

import pytest
from playwright.sync_api import Page

from tests.browser.pages import SCREENS, Screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WIDTHS = (320, 390, 768, 1280)


@pytest.mark.parametrize("shown", SCREENS, ids=lambda screen: screen.name, indirect=True)
def test_a_page_fits_the_window_and_is_headed_in_order(shown: tuple[Page, Screen]) -> None:
    page, _ = shown
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, too_wide(page)
    assert re.fullmatch(r"\S.+ – Newsdesk|Newsdesk: .+", page.title())
    assert page.locator("html").get_attribute("lang") == "en"
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((h) => h.checkVisibility())"
        ".map((h) => Number(h.tagName[1]))"
    )
    assert levels.count(1) == 1, levels
    assert levels[0] == 1, levels
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), levels


def too_wide(page: Page) -> list[str]:
    """What reaches beyond the window's right edge, innermost first."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("body *")]
             .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".visually-hidden"))
             .reverse().slice(0, 4).map((one) => `${innerWidth}: ${one.outerHTML.slice(0, 160)}`)"""
    )
    return found
