"""The main job, end to end: a raw text comes in by the command, an editor tags its quotes, a reader finds them."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from annotations.models import Claim, Quote
from articles.models import Article, Story
from tests.browser.hands import drag_over
from tests.factories import PASSWORD, ActorFactory, EditorFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"

RAW = """\
Harbour council told to think of its neighbours in crane decision

Mayor Ada Sample at the quay
(Image credit: Sample picture desk)

Mayor Ada Sample urged the council to think of the neighbouring ports before it buys its cranes 🏗️.

Speaking at the quay yesterday, Sample said the ports had “made their wishes [about the cranes] well known”.

Councillor Ben Trial insisted that the town would never "compromise" its ties with them.

"There is certainly a chance of delay," Cleo Probe told the committee. "So I don’t rule it out."

The committee meets again in the autumn.

Dora Specimen
Harbour Editor

Dora Specimen has written about the quay for twenty years, and has never been lifted by one of its cranes.
"""


@dataclass(frozen=True)
class Tagged:
    """What an editor tags: the words, whose they are, and where they stand on the one claim."""

    words: str
    speaker: str
    position: str
    kind: str


OWN = (
    Tagged("made their wishes [about the cranes] well known", "Ada Sample", "supports", "direct"),
    Tagged('would never "compromise" its ties with them', "Ben Trial", "supports", "mixed"),
    Tagged("There is certainly a chance of delay,", "Cleo Probe", "unclear", "direct"),
)
SEED = (
    Tagged("made its views [on Huawei's potential inclusion] well known", "Mike Pompeo", "opposes", "direct"),
    Tagged('the UK would never "compromise" its position with the US', "Jeremy Hunt", "unclear", "mixed"),
    Tagged("There is certainly the possibility of a delay", "Jeremy Wright", "unclear", "direct"),
)


def test_a_raw_text_becomes_an_annotated_story(page: Page, live_server: Any, tmp_path: Path) -> None:
    raw = tmp_path / "harbour.txt"
    raw.write_text(RAW)
    article = brought_in(raw)
    assert article.byline == "Dora Specimen"
    assert article.image_credit == "Sample picture desk"
    assert article.author_bio.startswith("Harbour Editor")
    assert article.text.startswith("Mayor Ada Sample urged")
    assert article.text.endswith("The committee meets again in the autumn.")
    tag_publish_and_read(page, live_server.url, article, OWN)


def test_the_article_that_the_project_began_from_becomes_an_annotated_story(
    page: Page, live_server: Any
) -> None:
    seeds = sorted(SEEDS.glob("*.txt")) if SEEDS.is_dir() else []
    if not seeds:
        pytest.skip("the seed article is not beside this checkout")
    article = brought_in(seeds[0])
    assert (article.byline, article.image_credit) == ("Connor Jones", "Shutterstock")
    assert article.author_bio
    assert len(article.text.split("\n\n")) == 14
    tag_publish_and_read(page, live_server.url, article, SEED)


def brought_in(raw: Path) -> Article:
    call_command("import_articles", str(raw), "--story", "running-story", stdout=StringIO())
    article: Article = Article.objects.get()
    assert article.published_at is None
    return article


def tag_publish_and_read(page: Page, site: str, article: Article, quotes: tuple[Tagged, ...]) -> None:
    story = Story.objects.get(slug="running-story")
    claim = Claim.stated(story, "The decision should wait.")
    for quote in quotes:
        ActorFactory(name=quote.speaker, slug=quote.speaker.lower().replace(" ", "-"))
    page.set_default_timeout(10_000)

    # The editor logs in and opens the article.
    EditorFactory(username="ana")
    page.goto(f"{site}/desk/articles/{article.pk}/")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(article.headline)

    for number, quote in enumerate(quotes, start=1):
        drag_over(page, quote.words)
        expect(page.get_by_label("The words of the quote")).to_have_text(quote.words)
        expect(page.locator(f"input[name=kind][value={quote.kind}]")).to_be_checked()
        page.get_by_label("Speaker").fill(quote.speaker)
        page.keyboard.press("Tab")
        expect(page.get_by_role("listbox")).to_have_count(0)
        page.locator(f"#stances .choice--{quote.position}").click()
        expect(page.locator(f"#stances input[value={quote.position}]")).to_be_checked()
        page.get_by_role("button", name="Save and publish").click()
        expect(page.locator("#quotes .desk-quote")).to_have_count(number)
        expect(page.locator("#quotes .desk-quote", has_text=quote.words)).to_contain_text("Published")

    stored = {quote.words: quote for quote in Quote.objects.published()}
    assert {words: stored[words].speaker_name for words in stored} == {q.words: q.speaker for q in quotes}
    assert {words: stored[words].stances.get().position for words in stored} == {
        q.words: q.position for q in quotes
    }

    # Readers see nothing before the story is published.
    assert page.request.get(f"{site}/stories/running-story/").status == 404
    page.goto(f"{site}/desk/stories/running-story/publication/")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Log out").click()

    # A reader finds each quote under its speaker, its stance beside it, and its words in the article a click away.
    page.goto(f"{site}/stories/running-story/")
    for quote in quotes:
        entry = page.locator(".timeline__entries > li", has_text=quote.words).last
        expect(entry).to_contain_text(quote.speaker)
        expect(entry).to_contain_text(quote.position)
        expect(entry).to_contain_text(claim.text)
    page.locator(".timeline__entries > li", has_text=quotes[0].words).last.get_by_role(
        "link", name="The words in the article"
    ).click()
    expect(page.get_by_text("Undated").first).to_be_visible()
    marked = page.locator(f"[id='quote-{stored[quotes[0].words].uuid}']")
    expect(marked).to_be_in_viewport()
