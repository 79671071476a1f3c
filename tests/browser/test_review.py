"""Reviewing suggestions in a real browser: by keys alone, by mouse, and without any script."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from annotations.models import Claim, Quote, Stance, Status
from annotations.suggested import read
from articles.models import Article
from tests.factories import (
    NOW,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    QuoteFactory,
    StoryFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MANY = 20


@pytest.fixture
def ana() -> User:
    editor: User = EditorFactory(first_name="Ana")
    return editor


def sign_in(page: Page, url: str, editor: User) -> None:
    session = Client()
    session.force_login(editor)
    cookie = {"name": "sessionid", "value": session.cookies["sessionid"].value, "url": url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.set_default_timeout(10_000)


@pytest.fixture
def desk(page: Page, live_server: Any, ana: User) -> Iterator[Page]:
    """A browser in which Ana is logged in; nothing may fail in it or be blocked."""
    wrong: list[str] = []
    sign_in(page, live_server.url, ana)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Security Policy" in said.text else None)
    yield page
    assert not wrong


@pytest.fixture
def article() -> Article:
    ActorFactory(name="Ada Quill")
    text = "\n\n".join(
        f"“We will repair bridge {n} at night,” Ada Quill told reporters." for n in range(MANY)
    )
    made: Article = ArticleFactory(text=text, stories=[StoryFactory(slug="bridges")])
    read(made.current_version_id or 0, nlp=None, now=NOW)
    assert Quote.objects.suggested().count() == MANY
    return made


def is_at(page: Page, number: int, of: int = MANY) -> None:
    expect(page.locator("#review-title")).to_have_text(f"Suggestion {number} of {of}")


def counts() -> dict[str, int]:
    return {
        status: Quote.objects.filter(status=status).count() for status in ("suggested", "draft", "rejected")
    }


def test_twenty_are_reviewed_by_keys_without_a_page_load(
    desk: Page, live_server: Any, article: Article
) -> None:
    desk.goto(f"{live_server.url}/desk/review/")
    is_at(desk, 1)
    loads: list[str] = []
    asked: list[str] = []
    desk.on("framenavigated", lambda frame: loads.append(frame.url))
    desk.on("request", lambda request: asked.append(f"{request.method} {request.resource_type}"))
    begun = desk.evaluate("performance.now()")
    for number in range(1, MANY + 1):
        desk.keyboard.press("x" if number % 4 == 0 else "a")
        if number < MANY:
            is_at(desk, number + 1)
            expect(desk.locator("#review-title")).to_be_focused()
    expect(desk.get_by_text("All suggestions are reviewed")).to_be_visible()
    seconds = (desk.evaluate("performance.now()") - begun) / 1000
    assert loads == []
    assert asked == ["POST xhr"] * MANY
    assert counts() == {"suggested": 0, "draft": 15, "rejected": 5}
    assert seconds < MANY, f"{seconds:.1f} s for {MANY}"


def test_keys_skip_undo_and_take_stances(desk: Page, live_server: Any, article: Article) -> None:
    first: Claim = ClaimFactory(story=article.stories.get(), number=1)
    second: Claim = ClaimFactory(story=article.stories.get(), number=2)
    desk.goto(f"{live_server.url}/desk/review/")
    desk.keyboard.press("Space")
    is_at(desk, 2)
    desk.keyboard.press("1")
    desk.keyboard.press("2")
    desk.keyboard.press("a")
    is_at(desk, 3)
    expect(desk.locator("#status")).to_contain_text("Accepted as a draft.")
    draft = Quote.objects.get(status=Status.DRAFT)
    taken = {stance.claim_id: stance.position for stance in Stance.objects.filter(quote=draft)}
    assert taken == {first.pk: "supports", second.pk: "opposes"}
    desk.keyboard.press("Backspace")
    is_at(desk, 2)
    expect(desk.locator("#status")).to_contain_text("Undone")
    assert counts()["suggested"] == MANY
    assert not Stance.objects.exists()
    desk.keyboard.press("?")
    expect(desk.locator("#keys")).to_have_attribute("open", "")


def test_keys_do_nothing_in_a_field_and_can_be_switched_off(
    desk: Page, live_server: Any, article: Article
) -> None:
    desk.goto(f"{live_server.url}/desk/review/")
    desk.keyboard.press("s")
    speaker = desk.get_by_label("Speaker")
    expect(speaker).to_be_focused()
    desk.keyboard.press("End")
    desk.keyboard.type(" ax")
    expect(speaker).to_have_value("Ada Quill ax")
    is_at(desk, 1)
    desk.keyboard.press("Escape")
    desk.locator("#keys summary").click()
    desk.get_by_label("Single keys are on").uncheck()
    desk.locator("#review-title").focus()
    desk.keyboard.press("x")
    desk.reload()
    desk.keyboard.press("x")
    desk.wait_for_timeout(300)
    is_at(desk, 1)
    assert counts()["suggested"] == MANY


def test_with_the_mouse_a_corrected_suggestion_is_published(
    desk: Page, live_server: Any, article: Article
) -> None:
    desk.goto(f"{live_server.url}/desk/review/")
    desk.get_by_label("Verb", exact=True).fill("promised")
    desk.get_by_role("button", name="Accept and publish").click()
    is_at(desk, 2)
    quote = Quote.objects.get(status=Status.PUBLISHED)
    assert (quote.cue, quote.speaker_name) == ("promised", "Ada Quill")
    desk.get_by_role("button", name="Reject").click()
    is_at(desk, 3)
    desk.get_by_role("button", name="Undo").click()
    is_at(desk, 2)
    desk.locator("#skip").click()
    is_at(desk, 3)
    assert counts() == {"suggested": MANY - 1, "draft": 0, "rejected": 0}


def test_twenty_are_reviewed_with_the_mouse_without_a_page_load(
    desk: Page, live_server: Any, article: Article
) -> None:
    desk.goto(f"{live_server.url}/desk/review/")
    is_at(desk, 1)
    loads: list[str] = []
    asked: list[str] = []
    desk.on("framenavigated", lambda frame: loads.append(frame.url))
    desk.on("request", lambda request: asked.append(f"{request.method} {request.resource_type}"))
    begun = desk.evaluate("performance.now()")
    for number in range(1, MANY + 1):
        desk.locator("#reject" if number % 4 == 0 else "#accept").click()
        if number < MANY:
            is_at(desk, number + 1)
    expect(desk.get_by_text("All suggestions are reviewed")).to_be_visible()
    seconds = (desk.evaluate("performance.now()") - begun) / 1000
    assert loads == []
    assert asked == ["POST xhr"] * MANY
    assert counts() == {"suggested": 0, "draft": 15, "rejected": 5}
    assert seconds < MANY, f"{seconds:.1f} s for {MANY}"


REPORTED = (
    "Ada Quill, the harbour minister, opened the meeting.\n\n"
    "Ms Quill said that the bridge should be closed at night.\n\n"
    "Ms Quill said that the ferry would sail at night instead."
)


@pytest.fixture
def reported() -> Article:
    ActorFactory(name="Ada Quill")
    story = StoryFactory(slug="bridges")
    ClaimFactory(story=story, text="The bridge ought to be closed by night.")
    made: Article = ArticleFactory(text=REPORTED, stories=[story])
    read(made.current_version_id or 0, nlp=None, now=NOW)
    return made


def test_a_claim_is_taken_by_keys_and_a_stance_on_it_given(
    desk: Page, live_server: Any, reported: Article
) -> None:
    desk.goto(f"{live_server.url}/desk/review/?story=bridges")
    is_at(desk, 1, 2)
    desk.get_by_label("Verb", exact=True).fill("demanded")
    desk.keyboard.press("Escape")
    desk.keyboard.press("n")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Take as a claim")
    text = desk.get_by_label("Claim", exact=True)
    expect(text).to_be_focused()
    expect(text).to_have_value("The bridge should be closed at night.")
    expect(desk.get_by_role("heading", name="Is it one of these?")).to_be_visible()
    text.fill("The old bridge should be closed at night.")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    is_at(desk, 1, 2)
    made = Claim.objects.get(taken_from__isnull=False)
    expect(desk.locator(f"#stance-on-{made.pk}")).to_have_attribute("data-current", "")
    expect(desk.get_by_label("Verb", exact=True)).to_have_value("demanded")
    desk.keyboard.press("1")
    desk.keyboard.press("a")
    is_at(desk, 2, 2)
    quote = Quote.objects.get(status=Status.DRAFT)
    assert quote.cue == "demanded"
    assert [(s.claim, s.position) for s in quote.stances.all()] == [(made, "supports")]


def test_a_claim_that_is_there_is_chosen_with_the_mouse_on_the_panel(
    desk: Page, live_server: Any, reported: Article
) -> None:
    quote = Quote.objects.suggested().order_by("id").first()
    assert quote is not None
    desk.goto(f"{live_server.url}/desk/quotes/{quote.uuid}/")
    desk.get_by_label("Verb", exact=True).fill("demanded")
    desk.get_by_role("button", name="Take as a claim").click()
    desk.get_by_role("link", name="It is this one").first.click()
    expect(desk.get_by_label("Verb", exact=True)).to_have_value("demanded")
    claim = Claim.objects.get()
    expect(desk.locator(f"#stance-on-{claim.pk}")).to_be_in_viewport()


def test_words_are_chosen_by_sentences_during_a_review(
    desk: Page, live_server: Any, reported: Article
) -> None:
    desk.goto(f"{live_server.url}/desk/review/")
    desk.get_by_label("Verb", exact=True).fill("demanded")
    desk.get_by_text("Change the words").click()
    desk.get_by_role("button", name="Other words by sentences").click()
    desk.get_by_role("button", name="Ms Quill said that the bridge").click()
    desk.get_by_role("button", name="Use these words").click()
    is_at(desk, 1, 2)
    expect(desk.get_by_role("group", name="The words of the quote")).to_have_text(REPORTED.split("\n\n")[1])
    expect(desk.get_by_label("Verb", exact=True)).to_have_value("demanded")


def test_mine_is_put_on_top_of_what_another_editor_accepted(
    desk: Page, live_server: Any, article: Article
) -> None:
    desk.goto(f"{live_server.url}/desk/review/")
    quote = Quote.objects.suggested().with_words().order_by("id").first()
    assert quote is not None and article.current_version
    desk.get_by_label("Verb", exact=True).fill("promised")
    ben = EditorFactory(first_name="Ben")
    quote.accept(article.current_version, by=ben, revision=1, now=NOW, mention="the minister")
    desk.get_by_role("button", name="Accept", exact=False).first.click()
    expect(desk.get_by_text("Nothing of yours was saved")).to_be_visible()
    desk.get_by_role("button", name="Put mine on top").click()
    is_at(desk, 2)
    quote.refresh_from_db()
    assert (quote.cue, quote.mention) == ("promised", "the minister")


def test_a_lost_session_loses_nothing_that_was_typed(
    desk: Page, live_server: Any, article: Article, ana: User
) -> None:
    desk.goto(f"{live_server.url}/desk/review/")
    desk.get_by_label("Verb", exact=True).fill("promised")
    desk.context.clear_cookies()
    desk.locator("#accept").click()
    expect(desk.locator("#save-state")).to_contain_text("You are logged out")
    expect(desk.get_by_label("Verb", exact=True)).to_have_value("promised")
    sign_in(desk, live_server.url, ana)
    desk.get_by_role("button", name="Retry").click()
    is_at(desk, 2)
    assert Quote.objects.get(status=Status.DRAFT).cue == "promised"


def test_a_long_quote_and_one_from_right_to_left_fit_a_phone(desk: Page, live_server: Any) -> None:
    ActorFactory(name="Ada Quill")
    story = StoryFactory()
    words = "We will repair the bridge at night and close it by day, whatever it takes, " * 40
    long: Article = ArticleFactory(text=f"“{words.strip(' ,')},” Ada Quill told reporters.", stories=[story])
    arabic: Article = ArticleFactory(
        text="«لن نساوم على الأمن في بلادنا أبدا»، قال الوزير للنواب.", language="ar", stories=[story]
    )
    read(long.current_version_id or 0, nlp=None, now=NOW)
    QuoteFactory(article=arabic, exact="لن نساوم على الأمن في بلادنا أبدا", status=Status.SUGGESTED)
    desk.set_viewport_size({"width": 390, "height": 844})
    for article in (long, arabic):
        quote = Quote.objects.suggested().get(article=article)
        desk.goto(f"{live_server.url}/desk/review/{quote.uuid}/")
        desk.get_by_label("Speaker", exact=True).scroll_into_view_if_needed()
        expect(desk.locator("#accept")).to_be_in_viewport()
        wide = desk.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
    expect(desk.locator(".review__text")).to_have_css("direction", "rtl")
    box = desk.get_by_role("group", name="The words of the quote")
    expect(box.locator("blockquote")).to_have_css("direction", "rtl")


def test_whom_a_pronoun_means_is_asked_and_answered_by_a_key(desk: Page, live_server: Any) -> None:
    ActorFactory(name="Ada Quill")
    text = (
        "“We will repair it,” Ada Quill told reporters.\n\n“Nobody will be stopped for long,” she said.\n\n"
        "“It will be quick,” Ada Quill told reporters."
    )
    article: Article = ArticleFactory(text=text, stories=[StoryFactory()])
    read(article.current_version_id or 0, nlp=None, now=NOW)
    of = Quote.objects.suggested().count()
    desk.goto(f"{live_server.url}/desk/review/")
    desk.keyboard.press("a")
    is_at(desk, 2, of)
    desk.keyboard.press("a")
    expect(desk.get_by_text("alone would go in without a speaker").first).to_be_visible()
    expect(desk.get_by_label("Speaker")).to_be_focused()
    desk.keyboard.press("Escape")
    desk.keyboard.press("y")
    desk.keyboard.press("a")
    is_at(desk, 3, of)
    assert Quote.objects.get(mention="she").speaker_name == "Ada Quill"


def test_when_somebody_was_quicker_one_goes_on(desk: Page, live_server: Any, article: Article) -> None:
    desk.goto(f"{live_server.url}/desk/review/")
    quote = Quote.objects.suggested().with_words().order_by("id").first()
    assert quote is not None
    assert article.current_version
    quote.accept(article.current_version, by=EditorFactory(first_name="Ben"), revision=1, now=NOW)
    desk.keyboard.press("a")
    expect(desk.locator("#review-title")).to_contain_text("accepted it meanwhile")
    expect(desk.locator("#review-title")).to_be_focused()
    desk.get_by_role("link", name="Keep theirs, and go on").click()
    is_at(desk, 1, MANY)


def test_all_at_once_with_the_number_said_first(desk: Page, live_server: Any, article: Article) -> None:
    desk.goto(f"{live_server.url}/desk/review/?story=bridges")
    desk.get_by_role("link", name="Accept them all").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(f"Accept {MANY} suggestions as drafts?")
    desk.get_by_role("button", name=f"Accept {MANY} as drafts").click()
    expect(desk.get_by_text(f"{MANY} suggestions are drafts now.")).to_be_visible()
    assert counts()["draft"] == MANY
    desk.get_by_role("button", name=f"Undo all {MANY}").click()
    is_at(desk, 1)
    assert counts()["suggested"] == MANY


def test_without_scripts(browser: Browser, live_server: Any, ana: User, article: Article) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, ana)
    page.goto(f"{live_server.url}/desk/review/?story=bridges")
    page.get_by_role("button", name="Accept", exact=False).first.click()
    is_at(page, 2)
    page.get_by_role("button", name="Reject").click()
    is_at(page, 3)
    page.locator("#skip").click()
    is_at(page, 4)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: it is a suggestion again.")).to_be_visible()
    assert counts() == {"suggested": MANY - 1, "draft": 1, "rejected": 0}
    context.close()


def test_a_claim_is_taken_without_scripts(
    browser: Browser, live_server: Any, ana: User, reported: Article
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, ana)
    page.goto(f"{live_server.url}/desk/review/?story=bridges")
    page.get_by_label("Verb", exact=True).fill("demanded")
    page.get_by_role("button", name="Take as a claim").click()
    page.get_by_role("button", name="Add the claim").click()
    is_at(page, 1, 2)
    made = Claim.objects.get(taken_from__isnull=False)
    assert made.text == "The bridge should be closed at night."
    expect(page.get_by_label("Verb", exact=True)).to_have_value("demanded")
    page.locator(f"#stance-on-{made.pk}").get_by_label("supports").check()
    page.locator("#accept").click()
    is_at(page, 2, 2)
    assert Stance.objects.get().claim == made
    context.close()
