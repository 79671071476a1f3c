"""What an outlet changed, in a real browser: the lists in which editors decide, and the comparison for readers."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from annotations.models import Actor, Quote
from articles.models import Article, Story
from tests.browser.axe import findings
from tests.browser.hands import says, tab_to
from tests.factories import NOW, ActorFactory, ArticleFactory, ClaimFactory, EditorFactory, StoryFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEFORE = (
    "“We will not compromise on security,” Mr Hunt told reporters.\n\n"
    "Mr Hunt said no final decision had been made about the network.\n\n"
    "Mr Wright said no final date had been set for the arrival of the network.\n\n"
    "Mr Hunt said that the vendor could be kept out of the core."
)
AFTER = (
    "“We will hardly compromise on security,” Mr Hunt told reporters.\n\n"
    "Later Mr Hunt insisted that no final decision on it was made.\n\n"
    "On the arrival, Mr Wright insisted that a final date of it was not set.\n\n"
    "Mr Hunt denied that the vendor could be kept out of the core."
)
QUOTES = {
    "We will not compromise on security,": "Jeremy Hunt",
    "no final decision had been made about the network": "Jeremy Hunt",
    "no final date had been set for the arrival of the network": "Jeremy Wright",
    "the vendor could be kept out of the core": "Jeremy Hunt",
}


@pytest.fixture
def ana() -> User:
    editor: User = EditorFactory(first_name="Ana")
    return editor


@pytest.fixture
def story() -> Story:
    made: Story = StoryFactory(slug="networks")
    return made


@pytest.fixture
def article(ana: User, story: Story) -> Article:
    """With two quotes to check again and two whose words are gone."""
    made: Article = ArticleFactory(text=BEFORE, stories=[story], headline="Hunt and Wright")
    claim = ClaimFactory(story=story, text="It should be banned.")
    for words, name in QUOTES.items():
        speaker = Actor.objects.filter(name=name).first() or ActorFactory(name=name)
        start = BEFORE.index(words)
        span = (start, start + len(words))
        quote = Quote.draft(
            made.current_version, [span], by=ana, now=NOW, speaker=speaker, stances={claim: "opposes"}
        )  # type: ignore[arg-type]
        quote.publish(by=ana, revision=quote.revision, now=NOW)
    made.record_version(AFTER, now=NOW, reason="Corrected.")
    assert Quote.objects.to_check_again().count() == Quote.objects.orphaned().count() == 2
    return made


@pytest.fixture
def desk(page: Page, live_server: Any, ana: User, article: Article) -> Iterator[Page]:
    """A browser in which Ana is logged in; nothing may fail in it or be blocked."""
    wrong: list[str] = []
    sign_in(page, live_server.url, ana)
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Security Policy" in said.text else None)
    yield page
    assert not wrong


def sign_in(page: Page, url: str, user: User) -> None:
    session = Client()
    session.force_login(user)
    cookie = {"name": "sessionid", "value": session.cookies["sessionid"].value, "url": url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def axe(page: Page) -> list[str]:
    page.emulate_media(reduced_motion="reduce")
    return findings(page)


def test_orphans_are_decided_on_with_the_keyboard_alone(desk: Page, live_server: Any) -> None:
    desk.goto(f"{live_server.url}/desk/lists/orphans/")
    loaded = desk.evaluate("performance.timeOrigin")
    rows = desk.locator(".check")
    expect(rows).to_have_count(2)
    second = rows.nth(1).get_by_role("heading")
    tab_to(desk, "Put it on these words")
    desk.keyboard.press("Enter")
    says(desk, "The quote stands on the new words.")
    expect(second).to_be_focused()
    expect(desk.locator("#list-count")).to_have_text("1 in the list")
    assert Quote.objects.orphaned().count() == 1

    # Second thoughts: back to the row above, and undo.
    tab_to(desk, "Undo the new words", key="Shift+Tab")
    desk.keyboard.press("Enter")
    says(desk, "Undone: the new words.")
    expect(rows.nth(0).get_by_role("heading")).to_be_focused()
    expect(desk.locator("#list-count")).to_have_text("2 in the list")

    # And now both, one after the other.
    for left in (1, 0):
        tab_to(desk, "Put it on these words")
        desk.keyboard.press("Enter")
        expect(desk.locator("#list-count")).to_have_text(f"{left} in the list")
    expect(rows.nth(1)).to_be_focused()  # nothing is left to decide on
    assert not Quote.objects.orphaned().exists()
    assert desk.evaluate("performance.timeOrigin") == loaded
    assert axe(desk) == []


def test_orphans_are_decided_on_with_the_mouse(desk: Page, live_server: Any) -> None:
    desk.goto(f"{live_server.url}/desk/lists/orphans/")
    row = desk.locator(".check").first
    row.get_by_text("Withdraw", exact=False).first.click()
    row.get_by_role("button", name="Withdraw the quote").click()
    error = row.get_by_role("alert")
    expect(error).to_contain_text("Say why it is withdrawn")
    expect(error).to_be_focused()
    row.get_by_label("Why it is withdrawn").fill("The outlet has taken it back.")
    row.get_by_role("button", name="Withdraw the quote").click()
    says(desk, "Quote withdrawn.")
    expect(desk.locator(".check").nth(1).get_by_role("heading")).to_be_focused()
    row.get_by_role("button", name="Undo the withdrawal").click()
    says(desk, "Undone: the withdrawal.")
    assert not Quote.objects.filter(status="withdrawn").exists()

    row.get_by_role("link", name="None of these: choose by sentences").click()
    expect(desk).to_have_url(re.compile("/sentences/"))
    desk.get_by_role("button", name="Later Mr Hunt insisted").or_(
        desk.get_by_role("button", name="On the arrival")
    ).first.click()
    expect(desk.get_by_role("heading", level=1)).to_be_visible()


def test_words_are_checked_again_one_quote_after_the_other(desk: Page, live_server: Any) -> None:
    desk.goto(f"{live_server.url}/desk/lists/changed/")
    loaded = desk.evaluate("performance.timeOrigin")
    rows = desk.locator(".check")
    expect(rows.locator("del").first).to_be_visible()
    expect(rows.locator("ins").first).to_be_visible()
    mixed = rows.first.get_by_role("button", name="mixed")
    mixed.click()
    expect(mixed).to_have_attribute("aria-pressed", "true")
    expect(mixed).to_be_focused()
    says(desk, "Mixed: It should be banned.")
    rows.first.get_by_role("button", name="The quote and its stances still stand").click()
    says(desk, "Checked: the quote stands.")
    expect(rows.nth(1).get_by_role("heading")).to_be_focused()
    assert axe(desk) == []
    rows.first.get_by_role("button", name="Undo the check").click()
    says(desk, "Undone: the check.")
    expect(rows.first.get_by_role("heading")).to_be_focused()
    expect(mixed).to_have_attribute("aria-pressed", "true")
    assert Quote.objects.to_check_again().count() == 2
    assert desk.evaluate("performance.timeOrigin") == loaded


def test_what_a_colleague_did_meanwhile_is_told_in_the_row(desk: Page, live_server: Any) -> None:
    desk.goto(f"{live_server.url}/desk/lists/changed/")
    ben: User = EditorFactory(first_name="Ben", last_name="Other")
    for quote in Quote.objects.to_check_again():
        quote.edit(by=ben, revision=quote.revision, now=NOW, cue="urged")
    row = desk.locator(".check").first
    row.get_by_role("button", name="still stand").click()
    expect(row.get_by_role("alert")).to_contain_text("edited it meanwhile. Nothing was done")
    expect(row.get_by_role("alert")).to_be_focused()
    row.get_by_role("button", name="still stand").click()
    says(desk, "Checked: the quote stands.")


def test_without_scripts_the_lists_do_the_same(
    browser: Browser, live_server: Any, ana: User, article: Article
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, ana)
    page.goto(f"{live_server.url}/desk/lists/orphans/")
    page.get_by_role("button", name="Put it on these words").first.click()
    expect(page.get_by_text("The quote stands on the new words.").first).to_be_visible()
    assert Quote.objects.orphaned().count() == 1
    page.get_by_role("button", name="Undo the new words").click()
    assert Quote.objects.orphaned().count() == 2
    page.goto(f"{live_server.url}/desk/lists/changed/")
    page.get_by_role("button", name="still stand").first.click()
    expect(page.get_by_text("Checked: the quote stands.").first).to_be_visible()
    assert Quote.objects.to_check_again().count() == 1
    context.close()


def test_a_reader_comes_from_the_article_to_what_changed_and_on_to_a_quote(
    page: Page, live_server: Any, article: Article
) -> None:
    page.goto(f"{live_server.url}{article.get_absolute_url()}")
    page.get_by_text("What changed", exact=True).click()
    page.get_by_role("link", name="Compare with version 1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("From version 1 to version 2")
    expect(page.get_by_text("Corrected.")).to_be_visible()
    text = page.get_by_role("region", name="The text")
    assert re.search(r"We will .*not.*hardly.* compromise", text.inner_text(), re.S)
    assert (
        page.locator("del").first.evaluate("one => getComputedStyle(one).textDecorationLine")
        == "line-through"
    )
    assert (
        page.locator("ins").first.evaluate("one => getComputedStyle(one).textDecorationLine") == "underline"
    )
    page.get_by_role("region", name="Quotes that it touched").get_by_role(
        "link", name="Jeremy Wright"
    ).first.click()
    expect(page.get_by_role("heading", name="In the article’s versions")).to_be_visible()
    page.get_by_role("link", name="What else changed in version 2").click()
    expect(page).to_have_url(re.compile(r"/diff/1/2/$"))


def test_what_is_the_same_unfolds_without_scripts(
    browser: Browser, live_server: Any, article: Article
) -> None:
    article.record_version(AFTER.replace("hardly", "never"), now=NOW)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}{article.get_absolute_url()}diff/2/3/")
    same = page.locator(".diff__same")
    expect(same).to_have_count(1)
    expect(same.locator("p").first).to_be_hidden()
    same.locator("summary").click()
    expect(same.locator("p").first).to_be_visible()
    context.close()
