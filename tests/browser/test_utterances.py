"""The list of proposed utterances in a real browser: decided on by keys alone, by mouse, and without scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from annotations.joining import catch_up
from annotations.models import Apart, Quote
from tests.browser.axe import findings
from tests.browser.conftest import Site
from tests.browser.hands import says, tab_to
from tests.factories import (
    NOW,
    ActorFactory,
    ArticleFactory,
    EditorFactory,
    OutletFactory,
    QuoteFactory,
    StoryFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FULL = "We will never compromise the security of our networks, and our allies know it."
CUT = "We will never compromise the security of our networks"
BRIDGE = "Nobody wants to close the harbour bridge before the winter is over."


@pytest.fixture
def ana(own_site: Site) -> User:
    """Three renderings of what Hunt said, two of what Wright said; readers see all of them."""
    editor: User = EditorFactory(first_name="Ana")
    story = StoryFactory(slug="networks")
    outlets = [OutletFactory(name=name) for name in ("The Courier", "The Post", "The Wire")]
    for name, *carried in (("Jeremy Hunt", FULL, CUT, FULL), ("Jeremy Wright", BRIDGE, BRIDGE)):
        speaker = ActorFactory(name=name)
        for outlet, words in zip(outlets, carried, strict=False):
            article = ArticleFactory(text=f"“{words}” he said.", stories=[story], outlet=outlet)
            QuoteFactory(article=article, exact=words, speaker=speaker, by=editor, published=True)
    catch_up(NOW)
    return editor


@pytest.fixture
def desk(own_site: Site, page: Page, ana: User) -> Page:
    page.set_default_timeout(10_000)
    own_site.watch(page)
    own_site.sign_in(page, ana)
    page.goto(f"{own_site.url}/desk/utterances/")
    expect(page.locator("#list-count")).to_have_text("2 proposed")
    return page


def row_of(page: Page, speaker: str) -> Any:
    return page.locator(".check").filter(has=page.get_by_role("heading", name=speaker))


def axe(page: Page) -> list[str]:
    """What axe finds in the page, without the words over it that tell what was done: they go by themselves."""
    page.keyboard.press("Escape")
    says(page, "")
    page.emulate_media(reduced_motion="reduce")
    return findings(page)


def joined() -> int:
    return Quote.objects.filter(utterance__isnull=False).count()


def test_joined_and_told_apart_with_the_keyboard_alone(desk: Page) -> None:
    loaded = desk.evaluate("performance.timeOrigin")
    tab_to(desk, "These are one utterance")
    desk.keyboard.press("Enter")
    says(desk, "Joined: 2 renderings came to one utterance.")
    expect(row_of(desk, "Jeremy Hunt").get_by_role("heading")).to_be_focused()
    expect(desk.locator("#list-count")).to_have_text("1 proposed")
    assert joined() == 2

    # Second thoughts: back up, and undo.
    tab_to(desk, "Undo the joining", key="Shift+Tab")
    desk.keyboard.press("Enter")
    says(desk, "Undone.")
    expect(row_of(desk, "Jeremy Wright").get_by_role("heading")).to_be_focused()
    expect(desk.locator("#list-count")).to_have_text("2 proposed")
    assert joined() == 0

    tab_to(desk, "Not the same")
    desk.keyboard.press("Enter")
    says(desk, "Remembered: these 2 renderings are not the same, and are not proposed again.")
    expect(row_of(desk, "Jeremy Hunt").get_by_role("heading")).to_be_focused()
    assert Apart.objects.count() == 1
    assert desk.evaluate("performance.timeOrigin") == loaded
    assert axe(desk) == []


def test_some_of_several_are_joined_with_the_mouse(desk: Page) -> None:
    row = row_of(desk, "Jeremy Hunt")
    boxes = row.get_by_role("checkbox")
    expect(boxes).to_have_count(3)
    for box in boxes.all()[1:]:
        box.uncheck()
    row.get_by_role("button", name="These are one utterance").click()
    error = row.get_by_role("alert")
    expect(error).to_have_text("Tick at least two of the renderings.")
    expect(error).to_be_focused()

    row.get_by_role("checkbox", name="The Wire").uncheck()
    row.get_by_role("button", name="These are one utterance").click()
    says(desk, "Joined: 2 renderings came to one utterance.")
    expect(row.get_by_role("heading")).to_be_focused()  # the third one is proposed with them still
    expect(row).to_contain_text("Joined with 1 other already.")
    row.get_by_role("button", name="These are one utterance").click()
    says(desk, "Joined: 1 rendering came to one utterance.")
    assert joined() == 3
    assert axe(desk) == []


def test_the_filter_swaps_the_list_and_stands_in_the_address(desk: Page) -> None:
    desk.get_by_label("Speaker").fill("wright")
    desk.get_by_role("button", name="Show").click()
    expect(desk.locator("#list-count")).to_have_text("1 proposed")
    says(desk, "1 proposed")
    expect(row_of(desk, "Jeremy Hunt")).to_have_count(0)
    assert "speaker=wright" in desk.url
    row_of(desk, "Jeremy Wright").get_by_role("button", name="These are one utterance").click()
    expect(desk.locator("#list-count")).to_have_text("0 proposed")


def test_readers_see_the_utterance_once_it_is_joined(desk: Page, own_site: Site) -> None:
    row_of(desk, "Jeremy Hunt").get_by_role("button", name="These are one utterance").click()
    says(desk, "Joined: 3 renderings came to one utterance.")
    quote = Quote.objects.filter(utterance__isnull=False).order_by("id").first()
    assert quote is not None
    desk.goto(f"{own_site.url}{quote.get_absolute_url()}")
    there = desk.get_by_role("region", name="This utterance in other outlets")
    expect(there.locator(".rendering")).to_have_count(3)
    expect(there.locator("del")).to_contain_text("and our allies know it")


@pytest.fixture
def plain(browser: Browser, own_site: Site, ana: User) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, base_url=own_site.url)
    page = context.new_page()
    own_site.watch(page)
    own_site.sign_in(page, ana)
    yield page
    context.close()


def test_without_scripts(plain: Page) -> None:
    plain.goto("/desk/")
    plain.get_by_role("link", name="2 utterances proposed").click()
    row_of(plain, "Jeremy Wright").get_by_role("button", name="Not the same").click()
    expect(plain.locator("#list-count")).to_have_text("1 proposed")
    row_of(plain, "Jeremy Hunt").get_by_role("button", name="These are one utterance").click()
    expect(plain.locator("#list-count")).to_have_text("0 proposed")
    assert joined() == 3
    plain.get_by_role("button", name="Undo the joining").click()
    expect(plain.get_by_text("Undone.")).to_be_visible()
    expect(plain.locator("#list-count")).to_have_text("1 proposed")
    assert joined() == 0
