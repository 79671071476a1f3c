"""What holds of every page: it fits the window, is headed in order, and nothing in it fails or is blocked."""

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pages import SCREENS, Screen, account

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WIDTHS = (320, 390, 768, 1280)


@pytest.mark.parametrize("shown", SCREENS, ids=lambda screen: screen.name, indirect=True)
def test_a_page_fits_the_window_and_is_headed_in_order(shown: tuple[Page, Screen]) -> None:
    page, _ = shown
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, too_wide(page)
    assert re.fullmatch(r"\S.+ [–|] Newsdesk|Newsdesk: .+", page.title())
    assert page.locator("html").get_attribute("lang") in {
        "en",
        "en-gb",
    }  # Django's admin says so more exactly
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


@pytest.mark.parametrize("path", ["/", "/stories/huawei-5g/", "/search/?q=security", "/actors/", "/nothing/"])
def test_the_first_tab_leads_past_the_masthead(sample_site: Site, page: Page, path: str) -> None:
    page.goto(f"{sample_site.url}{path}")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate(
        "document.activeElement === document.body || !document.activeElement.closest('header.masthead')"
    )


def test_the_desk_can_be_skipped_to_as_well(sample_site: Site, page: Page) -> None:
    sample_site.sign_in(page, account("editor"))
    page.goto(f"{sample_site.url}/desk/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
