"""Annotating in a real browser: with the mouse, a finger, the keyboard alone, and without any script."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from accounts.models import User
from annotations.models import Actor, Quote, Status
from articles.models import Article
from tests.browser.axe import is_accessible
from tests.browser.hands import PLACE, drag_over
from tests.factories import (
    NOW,
    PASSWORD,
    ActorFactory,
    AliasFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    QuoteFactory,
    RoleFactory,
    StoryFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = (
    "📡📡 “Five bars” of trouble 👩‍💻: the minister said that the rollout of 5G could be delayed by the review.\n\n"
    "“We will not compromise on security 🇬🇧,” the minister told lawmakers on Tuesday. “But we have not decided.”\n\n"
    "The vendor denies that its equipment is a risk. Nobody else spoke."
)


@pytest.fixture
def article() -> Article:
    made: Article = ArticleFactory(text=TEXT, stories=[StoryFactory()])
    return made


@pytest.fixture
def pompeo() -> Actor:
    actor: Actor = ActorFactory(name="Mike Pompeo", slug="mike-pompeo")
    RoleFactory(actor=actor, title="Secretary of state")
    return actor


type SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(browser: Browser, live_server: Any) -> Iterator[SignIn]:
    """A browser of one's own for an editor; afterwards, no script may have failed nor anything been blocked."""
    wrong: list[str] = []
    contexts: list[BrowserContext] = []

    def open_browser(editor: User, **how: Any) -> Page:
        session = Client()
        session.force_login(editor)
        context = browser.new_context(**how)
        contexts.append(context)
        cookie = {"name": "sessionid", "value": session.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Security Policy" in said.text else None)
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture
def ana() -> User:
    editor: User = EditorFactory(first_name="Ana", last_name="First")
    return editor


def address(live_server: Any, article: Article, more: str = "") -> str:
    return f"{live_server.url}/desk/articles/{article.pk}/{more}"


def chosen(page: Page) -> Locator:
    return page.get_by_label("The words of the quote")


def becomes(page: Page, expression: str, value: object) -> None:
    """Waits until what the page says is so."""
    for _ in range(60):
        if page.evaluate(expression) == value:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{expression} is {page.evaluate(expression)!r}, not {value!r}")


# -- with the mouse ----------------------------------------------------------------------------------------


def test_words_are_tagged_with_the_mouse(
    sign_in: SignIn, live_server: Any, ana: User, article: Article, pompeo: Actor
) -> None:
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "We will not compromise on security 🇬🇧")
    expect(chosen(page)).to_have_text("We will not compromise on security 🇬🇧")
    expect(page.get_by_label("Verb")).to_have_value("told")
    expect(page.get_by_label("Speaker")).to_be_focused()
    page.keyboard.type("pomp")
    expect(page.get_by_role("option", name="Mike Pompeo")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Speaker")).to_have_value("Mike Pompeo")
    expect(page.get_by_label("Role")).to_contain_text("Secretary of state")
    before = page.evaluate("performance.timeOrigin")
    page.get_by_role("button", name="Save as draft").click()
    quote_item = page.locator("#quotes .desk-quote")
    expect(quote_item).to_be_focused()
    expect(quote_item).to_contain_text("Mike Pompeo")
    expect(page.get_by_role("status").filter(has_text="Quote saved as draft.")).to_be_visible()
    expect(page.locator("#save-state")).to_contain_text("Saved")
    expect(page.locator("#text .mark--draft")).to_have_text("We will not compromise on security 🇬🇧")
    assert page.evaluate("performance.timeOrigin") == before, "the page was not loaded again"
    quote = Quote.objects.get()
    assert (quote.words, quote.speaker) == ("We will not compromise on security 🇬🇧", pompeo)
    assert quote.said_expression.endswith("Tuesday")


def test_words_within_and_across_marks_keep_their_places(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    QuoteFactory(article=article, exact="“We will not compromise on security 🇬🇧,”", by=ana)
    QuoteFactory(article=article, exact="compromise", by=ana)
    page = sign_in(ana)
    page.goto(address(live_server, article))
    words = "on security 🇬🇧,” the minister told lawmakers"
    drag_over(page, words)
    expect(chosen(page)).to_have_text(words)
    page.get_by_label("Speaker").fill("")
    page.get_by_label("Named as").fill("the minister")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator("#quotes .desk-quote")).to_have_count(3)
    assert Quote.objects.latest("pk").words == words


def test_a_selection_over_two_paragraphs_keeps_the_blank_line(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "delayed by the review.“We will not compromise")
    expect(page.locator("[name=exact]")).to_have_value("delayed by the review.\n\n“We will not compromise")


def test_a_click_on_marked_words_opens_their_quote(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    quote = QuoteFactory(article=article, exact="We will not compromise", by=ana)
    page = sign_in(ana)
    page.goto(address(live_server, article))
    page.locator("#text .mark").click()
    expect(page.get_by_role("heading", name="Edit quote")).to_be_focused()
    expect(page.get_by_label("Speaker")).to_have_value(quote.speaker.name)


def test_a_second_part_joins_the_open_form_and_what_was_typed_stays(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "We will not compromise on security 🇬🇧")
    page.get_by_label("Named as").fill("the minister for samples")
    drag_over(page, "But we have not decided.")
    page.get_by_role("button", name="Add as a part").click()
    expect(chosen(page)).to_have_text("We will not compromise on security 🇬🇧 … But we have not decided.")
    expect(page.get_by_label("Named as")).to_have_value("the minister for samples")
    page.get_by_label("Speaker").fill("")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator("#text .mark--draft")).to_have_count(2)
    assert Quote.objects.get().words == "We will not compromise on security 🇬🇧 … But we have not decided."


def test_another_selection_does_not_throw_away_what_was_typed(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "We will not compromise")
    expect(page.get_by_label("Speaker")).to_be_focused()
    page.get_by_label("Named as").fill("typed by hand")
    drag_over(page, "Nobody else spoke.")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Tag this quote").click()
    expect(page.get_by_label("Named as")).to_have_value("typed by hand")
    assert "not saved" in asked[0]


# -- names -------------------------------------------------------------------------------------------------


def test_an_unknown_speaker_is_asked_about_in_the_form(
    sign_in: SignIn, live_server: Any, ana: User, article: Article, pompeo: Actor
) -> None:
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "We will not compromise")
    page.get_by_label("Speaker").fill("Mike Pompeyo")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_label("Speaker")).to_be_focused()
    expect(page.get_by_role("group", name="Did you mean")).to_contain_text("Make “Mike Pompeyo” a new person")
    assert not Quote.objects.exists()
    page.get_by_role("radio", name="Mike Pompeo Secretary of state").check()
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator("#quotes .desk-quote")).to_contain_text("Mike Pompeo")
    assert Actor.objects.count() == 1
    assert Quote.objects.get().speaker == pompeo


def test_a_new_actor_is_made_on_demand(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "its equipment is a risk")
    page.get_by_label("Speaker").fill("Huawei")
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Make “Huawei” a new organisation").check()
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator("#quotes .desk-quote")).to_contain_text("Huawei")
    assert Actor.objects.get().kind == "organisation"


# -- with the keyboard alone -------------------------------------------------------------------------------


def tab_to(page: Page, target: Locator, most: int = 60) -> None:
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


def test_the_sentence_picker_works_with_the_keyboard_alone(
    sign_in: SignIn, live_server: Any, ana: User, article: Article, pompeo: Actor
) -> None:
    page = sign_in(ana)
    page.goto(address(live_server, article))
    tab_to(page, page.get_by_role("link", name="Choose words by sentences").first)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="“We will not compromise on security"))
    page.keyboard.press("Enter")
    # The first word is chosen already; one word on leaves the quotation mark out.
    expect(page.get_by_role("group", name="First word").get_by_role("radio", checked=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#preview")).to_have_text(
        "We will not compromise on security 🇬🇧,” the minister told lawmakers on Tuesday."
    )
    page.keyboard.press("Tab")
    for _ in range(9):
        page.keyboard.press("ArrowLeft")
    expect(page.locator("#preview")).to_have_text("We will not compromise on security 🇬🇧")
    tab_to(page, page.get_by_role("button", name="Use these words"), 120)
    page.keyboard.press("Enter")
    expect(chosen(page)).to_have_text("We will not compromise on security 🇬🇧")
    expect(page.get_by_label("Speaker")).to_be_focused()
    page.keyboard.type("Mike Pompeo")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#quotes .desk-quote")).to_be_focused()
    assert Quote.objects.get().words == "We will not compromise on security 🇬🇧"
    assert Quote.objects.get().speaker == pompeo


def test_a_stance_is_one_key_each_and_undone_with_one(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    story = article.stories.get()
    first, second = ClaimFactory(story=story, number=1), ClaimFactory(story=story, number=2)
    quote = QuoteFactory(article=article, exact="We will not compromise", by=ana)
    page = sign_in(ana)
    page.goto(address(live_server, article))
    page.keyboard.press("j")
    expect(page.locator("#quotes .desk-quote")).to_be_focused()
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="Edit quote")).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator(f"[data-claim='{first.pk}'] [aria-pressed=true]")).to_contain_text("opposes")
    expect(page.locator("#text .mark--opposes")).to_have_text("We will not compromise")
    page.keyboard.press("1")
    expect(page.locator(f"[data-claim='{second.pk}'] [aria-pressed=true]")).to_contain_text("supports")
    stances = {stance.claim: stance.position for stance in quote.stances.all()}
    assert stances == {first: "opposes", second: "supports"}
    page.keyboard.press("u")
    expect(page.locator(f"[data-claim='{second.pk}'] [aria-pressed=true]")).to_contain_text("none")
    assert quote.stances.get().claim == first


def test_keys_pressed_faster_than_the_server_answers_are_not_lost(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    claims = [ClaimFactory(story=article.stories.get(), number=number) for number in range(4)]
    quote = QuoteFactory(article=article, exact="We will not compromise", by=ana)
    page = sign_in(ana)
    page.goto(address(live_server, article, f"../../quotes/{quote.uuid}/"))
    page.get_by_role("heading", name="Edit quote").focus()
    page.keyboard.type("1234")
    pressed = "[...document.querySelectorAll('#panel [aria-pressed=true]')].map((one) => one.value).join()"
    becomes(page, pressed, "supports,opposes,mixed,unclear")
    found = {stance.claim: stance.position for stance in quote.stances.all()}
    assert [found[claim] for claim in claims] == ["supports", "opposes", "mixed", "unclear"]


def test_keys_choose_stances_in_a_new_quote_too(
    sign_in: SignIn, live_server: Any, ana: User, article: Article, pompeo: Actor
) -> None:
    AliasFactory(actor=pompeo, name="the minister")
    claim = ClaimFactory(story=article.stories.get())
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "We will not compromise")
    expect(page.get_by_role("heading", name="New quote")).to_be_focused()
    page.keyboard.press("3")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#quotes .desk-quote")).to_contain_text("mixed")
    assert Quote.objects.get().stances.get().claim == claim


def test_single_keys_are_letters_in_a_field_and_can_be_switched_off(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    claim = ClaimFactory(story=article.stories.get())
    quote = QuoteFactory(article=article, exact="We will not compromise", by=ana)
    page = sign_in(ana)
    page.goto(address(live_server, article, f"../../quotes/{quote.uuid}/"))
    field = page.get_by_label("Named as")
    field.fill("")
    field.press_sequentially("2u?")
    expect(field).to_have_value("2u?")
    page.locator("#keys summary").click()
    page.get_by_label("Single keys are on").uncheck()
    page.get_by_role("heading", name="Edit quote").focus()
    page.keyboard.press("2")
    page.keyboard.press("u")
    page.wait_for_timeout(300)
    assert not quote.stances.filter(claim=claim).exists()
    quote.refresh_from_db()
    assert quote.status == Status.DRAFT


# -- without scripts ---------------------------------------------------------------------------------------


def test_all_of_it_works_without_scripts(
    sign_in: SignIn, live_server: Any, ana: User, article: Article, pompeo: Actor
) -> None:
    claim = ClaimFactory(story=article.stories.get())
    page = sign_in(ana, java_script_enabled=False)
    page.goto(address(live_server, article))
    page.get_by_role("link", name="Choose words by sentences").first.click()
    page.get_by_role("button", name="“We will not compromise on security").click()
    page.get_by_role("link", name="Only “We will not compromise").click()
    page.get_by_role("button", name="Use these words").click()
    expect(page.locator("#text .mark--selected")).to_have_text("We will not compromise on security 🇬🇧")
    page.get_by_label("Speaker").fill("Mike Pompeyo")
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("radio", name="Mike Pompeo Secretary of state").check()
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_text("Quote saved as draft.")).to_be_visible()
    quote = Quote.objects.get()
    assert (quote.words, quote.speaker) == ("We will not compromise on security 🇬🇧", pompeo)
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_role("button", name="opposes").click()
    assert quote.stances.get().claim == claim
    page.get_by_text("Change the words").click()
    page.get_by_role("button", name="End a word earlier").click()
    expect(chosen(page)).to_have_text("We will not compromise on security")
    page.get_by_role("button", name="Put the quote on these words").click()
    assert Quote.objects.get().words == "We will not compromise on security"
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("Saved and published.")).to_be_visible()
    page.get_by_role("button", name="Undo the publication").click()
    assert Quote.objects.get().status == Status.DRAFT


# -- resizing, undo ----------------------------------------------------------------------------------------


def test_a_quote_is_resized_by_buttons_and_by_a_selection(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    quote = QuoteFactory(article=article, exact="We will not compromise", by=ana)
    page = sign_in(ana)
    page.goto(address(live_server, article))
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Named as").fill("typed meanwhile")
    page.get_by_text("Change the words").click()
    page.get_by_role("button", name="End a word later").click()
    expect(chosen(page)).to_have_text("We will not compromise on")
    expect(page.get_by_role("button", name="End a word later")).to_be_focused()
    page.keyboard.press("Enter")
    expect(chosen(page)).to_have_text("We will not compromise on security")
    assert Quote.objects.get().words == "We will not compromise", "a preview saves nothing"
    page.get_by_role("button", name="Put the quote on these words").click()
    expect(page.locator("#text .mark")).to_have_text("We will not compromise on security")
    expect(page.get_by_label("Named as")).to_have_value("typed meanwhile")
    drag_over(page, "But we have not decided.")
    page.get_by_role("button", name="Use these words").click()
    expect(chosen(page)).to_have_text("But we have not decided.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#text .mark")).to_have_text("But we have not decided.")
    quote = Quote.objects.get()
    assert (quote.words, quote.mention) == ("But we have not decided.", "typed meanwhile")


def test_the_open_forms_words_are_painted_in_the_text(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "We will not compromise on security 🇬🇧")
    expect(chosen(page)).to_be_visible()
    painted = "[...CSS.highlights.get('selected')].map((range) => range.toString()).join('')"
    becomes(page, painted, "We will not compromise on security 🇬🇧")
    page.get_by_role("link", name="Close").click()
    expect(chosen(page)).to_have_count(0)
    becomes(page, painted, "")


def test_a_triple_click_on_marked_words_selects_them_and_a_single_one_opens_their_quote(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    QuoteFactory(article=article, exact="We will not compromise", by=ana)
    page = sign_in(ana)
    page.goto(address(live_server, article))
    mark = page.locator("#text .mark")
    mark.click(click_count=3)
    expect(chosen(page)).to_contain_text("We will not compromise on security 🇬🇧")
    expect(page.get_by_role("heading", name="New quote")).to_be_visible()
    page.get_by_role("link", name="Close").click()
    expect(chosen(page)).to_have_count(0)
    mark.click()
    expect(page.get_by_role("heading", name="Edit quote")).to_be_visible()


def test_what_was_closed_is_not_asked_about_again_while_the_answer_is_on_its_way(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    QuoteFactory(article=article, exact="We will not compromise", by=ana)
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "But we have not decided.")
    page.get_by_label("Named as").fill("typed")

    def slowly(route: Any) -> None:
        time.sleep(1)
        route.continue_()

    page.route(address(live_server, article), slowly)
    page.get_by_role("link", name="Close").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_role("heading", name="Edit quote")).to_be_visible()


def test_a_long_selection_in_another_script_opens_the_form(
    sign_in: SignIn, live_server: Any, ana: User
) -> None:
    words = "Безопасность важнее всего, " * 140 + "и точка."
    article = ArticleFactory(text=f"Он сказал: «{words}»", stories=[StoryFactory()])
    page = sign_in(ana)
    page.goto(address(live_server, article))
    page.evaluate(f"(words) => getSelection().addRange(({PLACE})(words))", words)
    page.get_by_role("button", name="Tag this quote").click()
    expect(chosen(page)).to_have_text(words)
    page.get_by_label("Named as").fill("он")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator("#quotes .desk-quote")).to_have_count(1)
    assert Quote.objects.get().words == words


def test_a_step_is_undone_after_a_reload(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    quote = QuoteFactory(article=article, exact="We will not compromise", by=ana)
    page = sign_in(ana)
    page.goto(address(live_server, article))
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("#quotes .desk-quote")).to_contain_text("Published")
    page.reload()
    page.get_by_role("button", name="Undo the publication").click()
    expect(page.locator("#quotes .desk-quote")).to_contain_text("Draft")
    expect(page.locator("#quotes .desk-quote")).to_be_focused()
    quote.refresh_from_db()
    assert quote.status == Status.DRAFT


# -- when things go wrong ----------------------------------------------------------------------------------


def test_two_editors_see_both_texts_and_lose_neither(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    ben = EditorFactory(first_name="Ben", last_name="Second")
    quote = QuoteFactory(article=article, exact="We will not compromise", by=ana)
    mine, theirs = sign_in(ana), sign_in(ben)
    for page in (mine, theirs):
        page.goto(address(live_server, article))
        page.get_by_role("link", name="Edit", exact=True).click()
    theirs.get_by_label("Verb").fill("insisted")
    theirs.get_by_label("Named as").fill("the minister for samples")
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.locator("#save-state")).to_contain_text("Saved")
    mine.get_by_label("Verb").fill("maintained")
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_role("heading", name="Ben Second edited it meanwhile.")).to_be_focused()
    verb = mine.get_by_role("listitem").filter(has=mine.get_by_role("heading", name="Verb"))
    expect(verb).to_contain_text("changed by both")
    expect(verb.locator(".conflict__side")).to_have_text(["Theirs, as it is nowinsisted", "Yoursmaintained"])
    expect(verb).to_contain_text("Before: told")
    mine.get_by_role("button", name="Put mine on top").click()
    expect(mine.locator("#quotes .desk-quote")).to_be_focused()
    quote.refresh_from_db()
    assert (quote.cue, quote.mention) == ("maintained", "the minister for samples")


def test_a_lost_session_keeps_what_was_typed_until_one_has_logged_in_again(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "We will not compromise")
    page.get_by_label("Named as").fill("typed before")
    page.get_by_label("Speaker").fill("")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator("#save-state")).to_contain_text("You are logged out. What you typed is still here.")
    expect(page.get_by_label("Named as")).to_have_value("typed before")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Log in in a new tab").click()
    log_in = opened.value
    log_in.get_by_label("Username").fill(ana.username)
    log_in.get_by_label("Password").fill(PASSWORD)
    log_in.get_by_role("button", name="Log in").click()
    log_in.wait_for_url("**/desk/**")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#quotes .desk-quote")).to_contain_text("typed before")
    assert Quote.objects.get().words == "We will not compromise"


def test_a_failed_request_says_not_saved_and_is_sent_again(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "We will not compromise")
    page.get_by_label("Named as").fill("the minister")
    page.get_by_label("Speaker").fill("")
    page.route(
        "**/quotes/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator("#save-state")).to_contain_text("Not saved")
    page.unroute("**/quotes/")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#save-state")).to_contain_text("Saved")
    assert Quote.objects.get().words == "We will not compromise"


def test_a_new_version_of_the_text_comes_to_the_form_that_was_open(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    page = sign_in(ana)
    page.goto(address(live_server, article))
    drag_over(page, "We will not compromise")
    page.get_by_label("Named as").fill("typed before")
    page.get_by_label("Speaker").fill("")
    article.record_version(f"A new first line.\n\n{TEXT}", now=NOW)
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_text("The article has a new version")).to_be_visible()
    expect(page.locator("#text")).to_contain_text("A new first line.")
    expect(page.get_by_label("Named as")).to_have_value("typed before")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.locator("#text .mark--draft")).to_have_text("We will not compromise")


# -- with a finger -----------------------------------------------------------------------------------------


def test_on_a_phone_a_bar_at_the_foot_offers_to_tag_the_selected_words(
    sign_in: SignIn, live_server: Any, ana: User, article: Article
) -> None:
    page = sign_in(ana, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.goto(address(live_server, article))
    # A finger's own way of selecting is the system's: what the page gets of it is the selection and its event.
    page.evaluate(
        f"(words) => getSelection().addRange(({PLACE})(words))", "We will not compromise on security 🇬🇧"
    )
    button = page.get_by_role("button", name="Tag this quote")
    expect(button).to_be_visible()
    assert not page.locator("#quote-form").count(), "nothing opens under a finger that may be about to go on"
    box = button.bounding_box()
    assert box and box["height"] >= 44 and box["width"] >= 44
    assert box["y"] + box["height"] <= 800
    is_accessible(page)
    button.tap()
    expect(chosen(page)).to_have_text("We will not compromise on security 🇬🇧")
    expect(page.locator("#selection-bar")).to_be_hidden()
    is_accessible(page)


# -- every state, for everybody ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
)
def test_every_state_of_the_page_is_accessible_and_fits(
    sign_in: SignIn, live_server: Any, ana: User, article: Article, pompeo: Actor, width: int, scheme: str
) -> None:
    claim = ClaimFactory(story=article.stories.get())
    quote = QuoteFactory(article=article, exact="We will not compromise", by=ana, published=True)
    quote.set_stance(claim, "opposes", by=ana, revision=quote.revision, now=NOW)
    other = QuoteFactory(article=article, exact="its equipment is a risk", by=ana)
    other.reject(by=ana, revision=other.revision, now=NOW)
    page = sign_in(
        ana, viewport={"width": width, "height": 850}, color_scheme=scheme, reduced_motion="reduce"
    )
    page.goto(address(live_server, article))
    page.locator("#keys summary").click()
    page.get_by_text("Rejected and withdrawn").click()
    is_accessible(page)
    # A new quote, and what was typed wrong in it.
    drag_over(page, "But we have not decided.")
    if page.locator("#selection-bar").is_visible():
        page.get_by_role("button", name="Tag this quote").click()
    page.get_by_text("Change the words").click()
    is_accessible(page)
    page.get_by_label("Speaker").fill("pomp")
    expect(page.get_by_role("option", name="Mike Pompeo")).to_be_visible()
    page.keyboard.press("ArrowDown")
    is_accessible(page)
    page.keyboard.press("Escape")
    page.get_by_label("Speaker").fill("Mike Pompeyo")
    page.get_by_label("Not after").fill("2019-05-01")
    page.get_by_label("Said on").fill("2019-05-08")
    page.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_role("group", name="Did you mean")).to_be_visible()
    is_accessible(page)
    page.get_by_role("link", name="Close").click()
    # A quote that is there, the other editor's step, and both side by side.
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_text("Withdraw", exact=True).click()
    is_accessible(page)
    quote.edit(by=EditorFactory(), revision=quote.revision, now=NOW, cue="insisted")
    page.get_by_label("Verb").fill("maintained")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Put mine on top")).to_be_visible()
    is_accessible(page)
    # Words by sentences.
    page.goto(address(live_server, article, "sentences/"))
    is_accessible(page)
    page.get_by_role("button", name="The vendor denies").click()
    is_accessible(page)
    # An undated article without quotes.
    page.goto(address(live_server, ArticleFactory(published_at=None)))
    is_accessible(page)
