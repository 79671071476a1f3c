"""The desk beside the annotating page, in a real browser: where the focus goes and what is said after a swap."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from annotations.models import Claim, Event, Stance
from articles.models import Article, Story
from tests.browser.hands import drag_over, says
from tests.factories import (
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    EventFactory,
    QuoteFactory,
    StoryFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEETING = "The council met last week."
DENIAL = "The vendor denies that its equipment is a risk."
TEXT = f"{MEETING}\n\n{DENIAL}"


@pytest.fixture
def ana() -> User:
    editor: User = EditorFactory(first_name="Ana")
    return editor


@pytest.fixture
def desk(page: Page, live_server: Any, ana: User) -> Iterator[Page]:
    """A browser in which Ana is logged in; nothing may fail in it or be blocked."""
    wrong: list[str] = []
    session = Client()
    session.force_login(ana)
    cookie = {"name": "sessionid", "value": session.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Security Policy" in said.text else None)
    yield page
    assert not wrong


@pytest.fixture
def story() -> Story:
    made: Story = StoryFactory(slug="networks")
    return made


@pytest.fixture
def article(story: Story) -> Article:
    made: Article = ArticleFactory(text=TEXT, stories=[story])
    return made


def test_selected_words_become_an_event_without_a_page_load(
    desk: Page, live_server: Any, story: Story, article: Article
) -> None:
    desk.goto(f"{live_server.url}/desk/articles/{article.pk}/")
    loaded = desk.evaluate("performance.timeOrigin")
    drag_over(desk, MEETING)
    desk.get_by_role("button", name="Tag as an event instead").click()
    expect(desk.get_by_role("heading", name="New event")).to_be_focused()
    expect(desk.get_by_label("Words for the date")).to_have_value("last week")
    expect(desk.get_by_label("On, or not before")).to_have_value("2019-04-29")
    desk.get_by_role("button", name="Save as draft").click()
    expect(desk.get_by_label("What happened")).to_be_focused()  # the first invalid field
    desk.get_by_label("What happened").fill("The council meets")
    desk.get_by_role("button", name="Save as draft").click()
    entry = desk.locator("#events .desk-quote")
    expect(entry).to_be_focused()
    expect(entry).to_contain_text("The council meets")
    expect(desk.locator("#text .mark--event")).to_have_text("The council met last week.")
    says(desk, "Event saved as draft.")
    assert desk.evaluate("performance.timeOrigin") == loaded
    event = Event.objects.get()
    assert (event.story, [anchor.exact for anchor in event.anchors.all()]) == (
        story,
        ["The council met last week."],
    )


def test_other_words_replace_or_join_those_of_an_open_event_and_what_was_typed_stays(
    desk: Page, live_server: Any, article: Article
) -> None:
    desk.goto(f"{live_server.url}/desk/articles/{article.pk}/")
    drag_over(desk, MEETING)
    desk.get_by_role("button", name="Tag as an event instead").click()
    desk.get_by_label("What happened").fill("The council meets")
    drag_over(desk, DENIAL)
    desk.get_by_role("button", name="Add as a part").click()
    expect(desk.get_by_label("The words that show the event")).to_contain_text("its equipment is a risk")
    expect(desk.get_by_label("The words that show the event")).to_contain_text("The council met")
    expect(desk.get_by_label("What happened")).to_have_value("The council meets")
    desk.get_by_role("button", name="Save and publish").click()
    says(desk, "Event saved and published.")
    assert Event.objects.get().anchors.count() == 2


def test_words_are_added_to_an_event_that_is_there(
    desk: Page, live_server: Any, ana: User, story: Story, article: Article
) -> None:
    EventFactory(story=story, title="The vendor answers", by=ana)
    desk.goto(f"{live_server.url}/desk/articles/{article.pk}/")
    drag_over(desk, DENIAL)
    desk.get_by_role("button", name="Tag as an event instead").click()
    desk.get_by_label("Add the words to an event that is there").select_option("The vendor answers")
    desk.get_by_role("button", name="Add as evidence").click()
    says(desk, "Evidence added to “The vendor answers”.")
    expect(desk.locator("#events .desk-quote")).to_be_focused()


def test_days_are_filled_in_from_the_words_for_them(desk: Page, live_server: Any, article: Article) -> None:
    desk.goto(f"{live_server.url}/desk/articles/{article.pk}/")
    drag_over(desk, DENIAL)
    desk.get_by_role("button", name="Tag as an event instead").click()
    expect(desk.get_by_role("heading", name="New event")).to_be_focused()
    desk.get_by_label("Words for the date").fill("yesterday")
    desk.keyboard.press("Tab")
    expect(desk.get_by_label("On, or not before")).to_have_value("2019-05-08")
    says(desk, "Days filled in.")


def test_claims_are_put_in_order_with_the_keyboard_alone(desk: Page, live_server: Any, story: Story) -> None:
    for n in (1, 2, 3):
        ClaimFactory(story=story, number=n, text=f"Claim number {n} is true.")
    desk.goto(f"{live_server.url}/desk/stories/networks/")
    down = desk.get_by_role("button", name=re.compile("Down.*Claim number 1"))
    down.focus()
    desk.keyboard.press("Enter")
    says(desk, "Moved down.")
    expect(down).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#claims .desk-row__title")).to_have_text(
        ["Claim number 2 is true.", "Claim number 3 is true.", "Claim number 1 is true."]
    )
    expect(down).to_be_focused()
    assert Claim.objects.in_order().last().text == "Claim number 1 is true."


def test_one_claim_after_another_is_added_from_the_field(desk: Page, live_server: Any, story: Story) -> None:
    desk.goto(f"{live_server.url}/desk/stories/networks/")
    field = desk.get_by_label("Claim", exact=True)
    field.fill("Should it be kept out?")
    desk.get_by_role("button", name="Add the claim").click()
    expect(desk.locator("#claims .field__error")).to_contain_text("This is a question.")
    expect(field).to_be_focused()
    expect(field).to_have_value("Should it be kept out?")
    field.fill("It should be kept out")
    desk.get_by_role("button", name="Add the claim").click()
    says(desk, "Claim added.")
    expect(field).to_be_focused()
    expect(field).to_have_value("")


def test_a_stance_is_taken_in_the_list_and_the_focus_stays_on_it(
    desk: Page, live_server: Any, ana: User, story: Story
) -> None:
    claim = ClaimFactory(story=story)
    QuoteFactory(article=ArticleFactory(stories=[story]), by=ana)
    desk.goto(f"{live_server.url}/desk/claims/{claim.pk}/")
    opposes = desk.get_by_role("button", name="opposes")
    opposes.click()
    expect(opposes).to_have_attribute("aria-pressed", "true")
    expect(opposes).to_be_focused()
    assert Stance.objects.get().position == "opposes"


def test_a_search_narrows_the_list_and_its_address_goes_back(
    desk: Page, live_server: Any, story: Story
) -> None:
    ArticleFactory(headline="Ministers meet", stories=[story])
    ArticleFactory(headline="Nothing new")
    desk.goto(f"{live_server.url}/desk/articles/")
    desk.get_by_label("Only in no story").check()
    says(desk, "1 article.")
    expect(desk.locator(".desk-row__title")).to_have_text(["Nothing new"])
    desk.go_back()
    expect(desk.locator(".desk-row__title")).to_have_text(["Nothing new", "Ministers meet"])
