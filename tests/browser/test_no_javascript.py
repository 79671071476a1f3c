"""Reading without any script: every link and form of the public pages is the browser's own."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.pages import much_annotated

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(params=[390, 1280], ids=["phone", "desk"])
def plain(request: pytest.FixtureRequest, browser: Browser, sample_site: Site) -> Iterator[Page]:
    context = browser.new_context(
        java_script_enabled=False, base_url=sample_site.url, viewport={"width": request.param, "height": 800}
    )
    page = context.new_page()
    sample_site.watch(page)
    yield page
    context.close()


def test_a_reader_gets_from_the_front_page_to_the_words_and_back(plain: Page) -> None:
    plain.goto("/")
    plain.get_by_role("link", name="Huawei and Britain’s 5G network").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Huawei and Britain’s 5G network")
    entry = plain.locator(".entry--quote").first
    words = entry.locator("blockquote").inner_text().split(" … ")[0]
    entry.get_by_role("link", name="The words in the article").click()
    mark = plain.locator(".mark:target")
    expect(mark).to_be_visible()
    assert " ".join(mark.inner_text().split())[:20] in words
    plain.go_back()
    entry.get_by_role("link", name="Permalink").click()
    expect(plain.locator(".quote--large")).to_be_visible()


def test_a_highlight_leads_to_its_note_also_where_notes_are_folded(plain: Page) -> None:
    plain.goto(much_annotated().get_absolute_url())
    number = plain.locator("a.mark, .mark a").first
    note = plain.locator(str(number.get_attribute("href")))
    number.click()
    expect(note).to_be_visible()
    note.get_by_role("link", name="On the timeline").click()
    expect(plain.locator(":target")).to_be_visible()


def test_the_timeline_is_filtered_by_a_form_and_says_what_is_on(plain: Page) -> None:
    plain.goto("/stories/huawei-5g/")
    count = plain.locator(".entry").count()
    folded = plain.locator("summary.filters__summary")
    if folded.is_visible():
        folded.click()
    plain.locator("label", has=plain.locator("input[name=stance][value=opposes]")).click()
    plain.locator("label", has_text="Jeremy Hunt").first.click()
    plain.get_by_role("button", name="Show", exact=True).click()
    expect(plain).to_have_url(
        re.compile(r"stance=opposes.*actor=jeremy-hunt|actor=jeremy-hunt.*stance=opposes")
    )
    entries = plain.locator(".entry")
    assert 0 < entries.count() < count
    for speaker in entries.locator(".entry__speaker").all_inner_texts():
        assert speaker == "Jeremy Hunt"
    expect(plain.locator(".filter-line")).to_contain_text(f"{entries.count()} of ")
    plain.locator(".chip", has_text="Jeremy Hunt").click()
    assert "actor" not in plain.url
    plain.locator(".filter-line").get_by_role("link", name="Clear").click()
    assert plain.locator(".entry").count() == count


def test_a_search_finds_articles_and_narrows_them(plain: Page) -> None:
    plain.goto("/")
    if plain.locator("#site-search").is_visible():
        plain.locator("#site-search").fill("security")
        plain.locator("#site-search").press("Enter")
    else:
        plain.get_by_role("navigation", name="Site", exact=True).get_by_role(
            "link", name="Search", exact=True
        ).click()
        plain.locator("main input[name=q]").fill("security")
        plain.locator("main input[name=q]").press("Enter")
    expect(plain).to_have_url(re.compile("q=security"))
    results = plain.locator("#results")
    expect(results.locator("mark").first).to_be_visible()
    found = results.get_by_role("listitem").count()
    plain.goto("/search/?q=security&outlet=sample-courier")
    assert 0 < results.get_by_role("listitem").count() < found


def test_earlier_versions_actors_and_claims_are_links_away(plain: Page) -> None:
    plain.goto(much_annotated().get_absolute_url())
    plain.get_by_role("navigation", name="Versions").get_by_role("link", name="1").click()
    expect(plain).to_have_url(re.compile(r"version=1"))
    plain.get_by_role("navigation", name="Site", exact=True).get_by_role("link", name="Who speaks").click()
    plain.get_by_role("link", name="Jeremy Hunt").first.click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Jeremy Hunt")
    plain.locator("main a[href*='/claims/']").first.click()
    expect(plain).to_have_url(re.compile("/claims/"))
    expect(plain.locator("blockquote").first).to_be_visible()


def test_corrections_and_outlets_are_links_away(plain: Page) -> None:
    plain.goto("/stories/huawei-5g/")
    plain.get_by_role("link", name="Corrections", exact=True).first.click()
    entries = plain.locator(".correction")
    expect(entries.filter(has_text="Taken back").first).to_contain_text("Why:")
    changed = entries.filter(has_text="Changed by the outlet").last
    changed.get_by_role("link", name="Sample Courier").last.click()
    expect(plain.get_by_role("heading", name="What it changed afterwards")).to_be_visible()
    plain.get_by_role("link", name="version 2").first.click()
    expect(plain).to_have_url(re.compile("/diff/1/2/"))
    plain.get_by_role("navigation", name="About the site").get_by_role("link", name="Outlets").click()
    plain.locator("main").get_by_role("link", name="The Sample Courier", exact=True).click()
    plain.get_by_role("link", name="Compare the coverage").first.click()
    expect(plain).to_have_url(re.compile("/coverage/"))


def test_what_needs_a_script_is_not_offered(plain: Page) -> None:
    for path in ("/stories/huawei-5g/", much_annotated().get_absolute_url()):
        plain.goto(path)
        assert [one for one in plain.locator(".needs-script").all() if one.is_visible()] == []
