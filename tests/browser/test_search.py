"""The search page as a person uses it: filters by keyboard, what is announced, and where the focus is after a swap."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pages import unfold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_filter_keeps_the_focus_and_says_what_is_left(sample_site: Site, page: Page) -> None:
    page.goto(f"{sample_site.url}/search/?in=quotes")
    unfold(page)
    box = page.locator("#stance-opposes")
    box.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"\?in=quotes&stance=opposes$"))
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    expect(page.locator("#status")).to_have_text(re.compile(r"\d+ quotes? found\."))
    left = page.locator("#results figure").count()
    assert page.locator("#results figure .stance--opposes").count() >= left > 0
    year = page.locator("input[name=when]:not([value=''])").first
    year.focus()
    page.keyboard.press("Space")
    month = page.locator(".facet__narrower input").first
    expect(month).to_be_visible()
    expect(page.locator(f"#when-{year.get_attribute('value')}")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(month).to_be_checked()
    expect(month).to_be_focused()
    page.locator(".chip").first.click()
    expect(page).not_to_have_url(re.compile("stance"))


def test_articles_and_quotes_are_a_link_apart_and_keep_the_filters(sample_site: Site, page: Page) -> None:
    page.goto(f"{sample_site.url}/search/?q=security&actor=jeremy-hunt")
    tabs = page.get_by_role("navigation", name="What is listed")
    expect(tabs.get_by_role("link").first).to_have_attribute("aria-current", "page")
    tabs.get_by_role("link", name=re.compile("quotes?$")).click()
    expect(page).to_have_url(re.compile(r"(?=.*in=quotes)(?=.*actor=jeremy-hunt)(?=.*q=security)"))
    for speaker in page.locator("#results .quote__speaker a").all_inner_texts():
        assert speaker == "Jeremy Hunt"
    expect(page.locator("#results mark").first).to_be_visible()
