"""Reading an article's text alone, and finding what overlaps."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.pages import a_quote, much_annotated, odd, sample

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def without_scripts(browser: Browser, sample_site: Site) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, base_url=sample_site.url)
    page = context.new_page()
    sample_site.watch(page)
    yield page
    context.close()


def expect_hidden(page: Page) -> None:
    mark = page.locator(".mark").first
    expect(mark).to_have_css("text-decoration-line", "none")
    expect(mark).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    expect(page.locator(".mark__number").first).to_be_hidden()
    expect(page.locator(".notes").first).to_be_hidden()


def test_highlights_are_hidden_and_shown_again_without_a_script(without_scripts: Page) -> None:
    page = without_scripts
    page.goto(much_annotated().get_absolute_url())
    expect(page.locator(".mark__number").first).to_be_visible()
    box = page.get_by_label("Hide highlights")
    box.check()
    expect_hidden(page)
    box.uncheck()
    expect(page.locator(".notes").first).to_be_visible()


def test_the_browser_remembers_that_they_are_hidden_and_nothing_is_sent(
    page: Page, sample_site: Site
) -> None:
    sample_site.watch(page)
    page.goto(f"{sample_site.url}{much_annotated().get_absolute_url()}")
    page.get_by_label("Hide highlights").check()
    expect_hidden(page)
    page.goto(f"{sample_site.url}/")
    page.goto(f"{sample_site.url}{much_annotated().get_absolute_url()}")
    expect(page.get_by_label("Hide highlights")).to_be_checked()
    expect_hidden(page)
    assert page.context.cookies() == []
    page.get_by_label("Hide highlights").uncheck()
    page.reload()
    expect(page.get_by_label("Hide highlights")).not_to_be_checked()
    expect(page.locator(".mark__number").first).to_be_visible()


def test_the_tab_key_passes_over_hidden_marks(page: Page, sample_site: Site) -> None:
    sample_site.watch(page)
    page.goto(f"{sample_site.url}{much_annotated().get_absolute_url()}")
    page.get_by_label("Hide highlights").check()
    page.keyboard.press("Tab")
    expect(page.locator(".mark:focus, .note :focus")).to_have_count(0)
    page.get_by_label("Hide highlights").uncheck()
    page.keyboard.press("Tab")
    expect(page.locator(".mark").first).to_be_focused()


def test_words_that_the_address_names_are_marked_all_the_same(page: Page, sample_site: Site) -> None:
    sample_site.watch(page)
    quote = a_quote(status="published")
    page.goto(f"{sample_site.url}{quote.article.get_absolute_url()}")
    page.get_by_label("Hide highlights").check()
    page.goto(f"{sample_site.url}/")
    page.goto(f"{sample_site.url}{quote.address_in(sample())}")
    mark = page.locator(f'.mark[id="quote-{quote.uuid}"]')
    expect(mark).to_have_css("text-decoration-line", "underline")


def test_of_marks_that_overlap_a_click_takes_the_smallest_whose_note_leads_to_the_others(
    page: Page, sample_site: Site
) -> None:
    sample_site.watch(page)
    page.goto(f"{sample_site.url}{odd('arabic').get_absolute_url()}")
    both = page.locator('.mark[data-annotation*=" "]')
    names = str(both.first.get_attribute("data-annotation")).split()
    both.first.click()
    expect(page).to_have_url(re.compile(f"#note-{names[0]}$"))
    note = page.locator(f"#note-{names[0]}")
    for other in names[1:]:
        link = note.locator(".note__also").locator(f'a[href="#note-{other}"]')
        expect(link).to_be_visible()
    link.click()
    expect(page.locator(f"#note-{names[-1]}")).to_be_in_viewport()


@pytest.mark.parametrize(("width", "place"), [(390, "folded"), (800, "below"), (1280, "beside")])
def test_notes_stand_where_there_is_room(page: Page, sample_site: Site, width: int, place: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{sample_site.url}{much_annotated().get_absolute_url()}")
    note = page.locator(".note").first
    paragraph = page.locator(".para", has=page.locator(".note")).first.locator(".annotated__text")
    if place == "folded":
        expect(note).to_be_hidden()
        page.locator("summary.notes__summary").first.click()
    expect(note).to_be_visible()
    words, beside = paragraph.bounding_box(), note.bounding_box()
    assert words and beside
    if place == "beside":
        assert beside["x"] > words["x"] + words["width"]
        assert abs(beside["y"] - words["y"]) < 40
    else:
        assert beside["y"] >= words["y"] + words["height"]
