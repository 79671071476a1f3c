"""The main job, end to end: a pasted article is brought in, tagged by an editor and read on the story's page."""

import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Locator, Page, expect

from annotations.models import Quote, Stance, Status
from articles.models import Article, Story
from tests.browser.conftest import Site
from tests.browser.hands import drag_over
from tests.factories import PASSWORD, ClaimFactory, EditorFactory, StoryFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ROOT = Path(__file__).parents[2]
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))


@dataclass(frozen=True)
class Job:
    """A raw text, what is to be read out of it, and who speaks in it: the name, a surname, the stance taken."""

    path: Path
    headline: str
    byline: str
    image_credit: str
    speakers: tuple[tuple[str, str, str], ...]


JOBS = [
    Job(
        ROOT / "tests" / "data" / "harbour.txt",
        "Northern islands told to wait as harbour council weighs night ferry",
        "Ada Quill",
        "Harbour Board",
        (
            ("Lena Brandt", "Brandt", "opposes"),
            ("Mina Okafor", "Okafor", "supports"),
            ("Tomas Reyl", "Reyl", "mixed"),
        ),
    ),
    *(
        Job(
            path,
            "US Secretary of State pleads UK to consider wider world in Huawei decision",
            "Connor Jones",
            "Shutterstock",
            (
                ("Mike Pompeo", "Pompeo", "opposes"),
                ("Jeremy Hunt", "Hunt", "mixed"),
                ("Jeremy Wright", "Wright", "unclear"),
            ),
        )
        for path in SEEDS[:1]
    ),
]


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.path.stem)
def test_a_raw_text_becomes_quotes_with_stances_on_the_storys_page(
    own_site: Site, browser: Browser, job: Job
) -> None:
    story = StoryFactory(slug="decision", title="The decision", status=Story.Status.DRAFT)
    claim = ClaimFactory(story=story, text="The decision should be taken at once.")
    editor = EditorFactory(username="editor")
    article = bring_in(job, story)

    page = browser.new_page(viewport={"width": 1280, "height": 900})
    own_site.watch(page)
    log_in(page, own_site.url, editor.username)
    page.get_by_role("link", name="Articles", exact=True).click()
    page.get_by_role("link", name=job.headline).click()
    expect(page.get_by_text("This article is undated").first).to_be_visible()
    told = {}
    for name, surname, position in job.speakers:
        words = quotation_by(surname, article.text)
        told[name] = (words, position)
        tag(page, words, name, claim.text, position)
        row = page.locator(".desk-quote", has_text=name)
        expect(row).to_contain_text(words)
        expect(row).to_contain_text("Published")

    publish(page, story)
    page.close()

    quotes = Quote.objects.filter(article=article)
    assert {(q.speaker.name, q.words) for q in quotes if q.speaker} == {
        (name, words) for name, (words, _) in told.items()
    }
    assert {quote.status for quote in quotes} == {Status.PUBLISHED}
    assert Stance.objects.filter(claim=claim).count() == len(job.speakers)

    stranger = browser.new_page(viewport={"width": 390, "height": 844})
    own_site.watch(stranger)
    stranger.goto(own_site.url)
    stranger.get_by_role("link", name=story.title).click()
    undated = stranger.locator(".timeline__day--undated")
    expect(undated).to_contain_text("No text says on which day these were.")
    for name, (words, position) in told.items():
        entry = undated.locator(".entry--quote", has_text=name)
        expect(entry.locator("blockquote")).to_have_text(words)
        expect(entry).to_contain_text(position)
        standing = stranger.locator("#claims ~ ul .position, .claim .position", has_text=name)
        expect(standing).to_contain_text(position)
    expect(undated.locator(".entry--publication")).to_contain_text("on a day that the article does not give")
    stranger.get_by_role("link", name="The words in the article").first.click()
    expect(stranger.locator(".mark").first).to_be_visible()
    expect(stranger.locator(".page-header")).to_contain_text(re.compile("undated", re.IGNORECASE))
    stranger.close()


def bring_in(job: Job, story: Story) -> Article:
    """By the command; the text's parts are in their fields, and nothing of them is left in the body."""
    call_command("import_articles", str(job.path), "--story", story.slug, stdout=StringIO())
    article = story.articles.get()
    assert (article.headline, article.byline, article.image_credit) == (
        job.headline,
        job.byline,
        job.image_credit,
    )
    assert article.published_at is None
    assert article.author_bio
    raw = job.path.read_text(encoding="utf-8")
    for part in (article.headline, article.image_credit, article.author_bio.split(".")[0]):
        assert part in raw
        assert part not in article.text
    return article


def quotation_by(surname: str, text: str) -> str:
    """The first words in quotation marks in a paragraph that names the speaker, without the marks."""
    for paragraph in text.split("\n\n"):
        if surname in paragraph and (found := re.search(r"[“\"]([^”\"]+[^”\",.])[,.]?[”\"]", paragraph)):
            return found[1]
    raise AssertionError(f"{surname} says nothing")


def log_in(page: Page, url: str, username: str) -> None:
    page.goto(f"{url}/desk/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Desk", level=1)).to_be_visible()


def tag(page: Page, words: str, name: str, claim: str, position: str) -> None:
    """Select the words with the mouse, say who speaks and where they stand, and publish."""
    drag_over(page, words)
    panel = page.locator("#panel")
    expect(panel.get_by_role("heading", name="New quote")).to_be_visible()
    expect(panel.get_by_label("The words of the quote")).to_have_text(words)
    panel.get_by_label("Speaker", exact=True).fill(name)
    take(panel.get_by_role("group", name=claim), position)
    panel.get_by_role("button", name="Save and publish").click()
    take(panel.get_by_role("group", name="Did you mean"), f"Make “{name}” a new person")
    panel.get_by_role("button", name="Save and publish").click()
    expect(panel.get_by_role("heading")).to_have_count(0)


def take(group: Locator, choice: str) -> None:
    group.locator("label", has_text=choice).click()


def publish(page: Page, story: Story) -> None:
    page.get_by_role("link", name="Stories", exact=True).click()
    page.get_by_role("link", name=story.title).click()
    page.get_by_role("link", name="Publish …").click()
    page.get_by_role("button", name=re.compile("^Publish")).click()
    expect(page.get_by_text("readers see it now")).to_be_visible()
