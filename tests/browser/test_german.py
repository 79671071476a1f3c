"""Pages in German, whose words are longer: they fit the window, and nothing about them hinders anybody."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import RULES, SETTLED, findings
from tests.browser.conftest import Site
from tests.browser.pages import SCREENS, Screen
from tests.browser.test_accessibility import UNROLL
from tests.browser.test_layout import WIDTHS, too_wide

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

READERS = [one for one in SCREENS if not one.who and one.act is None and not one.fulfil]


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "de-DE"}


@pytest.mark.parametrize("shown", READERS, ids=lambda screen: screen.name, indirect=True)
def test_a_german_page_fits_the_window_and_axe_finds_nothing(shown: tuple[Page, Screen]) -> None:
    page, _ = shown
    assert page.locator("html").get_attribute("lang") == "de"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, too_wide(page)
    page.set_viewport_size({"width": 390, "height": 900})
    page.evaluate(UNROLL)
    page.evaluate(SETTLED, 390)
    found = findings(page, RULES)
    if found:
        pytest.fail("\n".join(sorted(found)), pytrace=False)


def test_days_are_written_as_in_german_and_quotes_stay_in_the_language_of_their_article(
    sample_site: Site, page: Page
) -> None:
    page.goto(f"{sample_site.url}/stories/huawei-5g/")
    expect(page.get_by_role("main")).to_contain_text("8. Mai 2019")
    words = page.locator("blockquote").first
    assert (words.get_attribute("lang") or "").startswith("en")
