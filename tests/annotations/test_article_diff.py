"""What readers see of an article's versions: a comparison of any two, and what changed lately in a story."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import Stance
from tests.annotations.reading import words_of
from tests.factories import (
    NOW,
    TEXT,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    QuoteFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
REWORDED = TEXT.replace("not compromise", "hardly compromise")
REMOVED = "The minister said that the rollout of 5G could be delayed by the review."


@pytest.fixture
def story():
    return StoryFactory(slug="the-story", title="The 5G decision")


@pytest.fixture
def article(story):
    return ArticleFactory(stories=[story], headline="Minister warns", outlet__name="The Courier")


@pytest.fixture
def quote(article):
    return QuoteFactory(article=article, speaker__name="Jeremy Hunt", published=True)


def address(article, old, new):
    return reverse("article-diff", args=["the-story", article.pk, old, new])


def page_of(client, article, old, new):
    response = client.get(address(article, old, new))
    assert response.status_code == 200
    return response


# Two versions.


def test_two_versions_are_compared_word_by_word_and_what_is_the_same_is_folded(client, article):
    article.record_version(REWORDED, now=NOW + DAY, reason="The minister’s office corrected us.")
    response = page_of(client, article, 1, 2)
    read = words_of(response)
    assert "Version 2: The minister’s office corrected us." in read
    assert "We will [removed: not ] [added: hardly ] compromise on security" in read
    assert read.count("1 paragraph the same") == 2
    page = response.content.decode()
    assert page.count('<details class="diff__same">') == 2
    assert f'href="/stories/the-story/articles/{article.pk}/?version=1"' in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_any_two_can_be_compared_and_the_others_are_offered(client, article):
    for number in (2, 3, 4):
        article.record_version(
            f"{TEXT}\n\nParagraph {number}.", now=NOW + number * DAY, reason=f"Why {number}"
        )
    response = page_of(client, article, 1, 3)
    read, page = words_of(response), response.content.decode()
    assert "From version 1 to version 3" in read
    assert "Why 2" in read
    assert "Why 3" in read
    assert "Why 4" not in read
    for old, new in (2, 3), (1, 2), (1, 4):
        assert f'href="{address(article, old, new)}"' in page
    assert client.get(address(article, 3, 1))["Location"] == address(article, 1, 3)


def test_another_headline_is_told(client, article):
    article.record_version(TEXT, now=NOW + DAY, headline="Minister denies")
    read = words_of(page_of(client, article, 1, 2))
    assert "Minister [removed: warns ] [added: denies ]" in read
    assert "The text is the same in both." in read


def test_typography_alone_is_named_as_such(client, article):
    article.record_version(TEXT.replace("“", '"').replace("”", '"'), now=NOW + DAY)
    read = words_of(page_of(client, article, 1, 2))
    assert "Only spaces, quotation marks, dashes or dots differ" in read
    assert "(typography only)" in read


def test_quotes_that_a_change_touched_are_named_and_lead_to_their_pages(client, article, quote):
    other = QuoteFactory(
        article=article, exact="its equipment is a risk", speaker__name="The vendor", published=True
    )
    draft = QuoteFactory(article=article, exact="we have not decided", speaker__name="Canary draft")
    article.record_version(REWORDED, now=NOW + DAY)
    article.record_version(REMOVED, now=NOW + 2 * DAY)
    response = page_of(client, article, 1, 2)
    read, page = words_of(response), response.content.decode()
    assert "Reworded: Jeremy Hunt We will [removed: not ] [added: hardly ]" in read
    assert f'href="{quote.get_absolute_url()}"' in page
    assert f"?version=2#quote-{quote.uuid}" in page
    assert "The vendor," not in read
    removed = words_of(page_of(client, article, 2, 3))
    assert "Removed: Jeremy Hunt, “We will hardly compromise on security,”" in removed
    assert "Removed: The vendor, “its equipment is a risk”" in removed
    assert f"?version=2#quote-{other.uuid}" in page_of(client, article, 2, 3).content.decode()
    assert str(draft.uuid) not in page
    assert "Canary" not in read


@pytest.mark.parametrize(("old", "new"), [(1, 1), (1, 9), (9, 1), (0, 1), (1, 10**30)])
def test_versions_that_are_not_there_can_not_be_compared(client, article, old, new):
    article.record_version(REWORDED, now=NOW + DAY)
    assert client.get(address(article, old, new)).status_code == 404


def test_an_article_that_is_not_for_readers_has_no_comparison_either(client, article):
    article.record_version(REWORDED, now=NOW + DAY)
    loose = ArticleFactory()
    loose.record_version(REWORDED, now=NOW)
    draft = StoryFactory(slug="draft", status="draft")
    draft.articles.add(article)
    for story, one in ("the-story", loose), ("draft", article), ("nothing", article):
        assert client.get(f"/stories/{story}/articles/{one.pk}/diff/1/2/").status_code == 404


def test_the_article_leads_to_its_comparisons(client, article):
    article.record_version(REWORDED, now=NOW + DAY)
    article.record_version(REMOVED, now=NOW + 2 * DAY)
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'href="{address(article, 1, 2)}"' in page
    assert f'href="{address(article, 2, 3)}"' in page
    earlier = client.get(f"{article.get_absolute_url()}?version=1").content.decode()
    assert f'href="{address(article, 1, 3)}">see what changed since</a>' in earlier


def test_hostile_words_are_shown_and_not_run(client, article):
    article.record_version(
        "<script>alert(1)</script> “said” <b>", now=NOW + DAY, headline="<i>x</i>", reason="<u>"
    )
    page = page_of(client, article, 1, 2).content.decode()
    assert "<script>alert" not in page
    assert "<i>x" not in page
    assert "<u>" not in page


def test_a_page_of_very_many_changes_ends(client, article):
    article.record_version("\n\n".join(f"Paragraph {n}." for n in range(9000)), now=NOW + DAY)
    response = page_of(client, article, 1, 2)
    assert "more places than one page can show" in words_of(response)
    assert len(response.content) < 700_000


def test_more_quotes_and_versions_take_no_more_queries(client, article, quote):
    article.record_version(REWORDED, now=NOW + DAY)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            page_of(client, article, 1, 2)
        return len(caught)

    before = queries()
    for n in range(9):
        QuoteFactory(article=article, exact="We will hardly compromise on security,", published=True)
        article.record_version(f"{REWORDED}\n\nMore: {n}.", now=NOW + (n + 2) * DAY)
    assert queries() == before <= 16


# Lately, in a story.


def lately(client, story):
    page = client.get(story.get_absolute_url()).content.decode()
    found = re.search(r'<h2 class="section__title" id="lately">(.*?)</section>', page, re.S)
    return found[1] if found else ""


def without_links(html: str) -> str:
    return " ".join(re.sub(r"</?(?:a|bdi)\b[^>]*>", "", html).split())


def test_a_story_tells_what_changed_lately_newest_first(client, story, article, quote):
    second = ArticleFactory(stories=[story], headline="The vendor answers", outlet__name="The Gazette")
    taken = QuoteFactory(article=second, speaker__name="Canary withdrawn", exact="a risk", published=True)
    article.record_version(REWORDED, now=NOW + DAY, reason="Corrected.")
    second.record_version(TEXT + "\n\nMore.", now=NOW + 2 * DAY)
    editor = EditorFactory()
    taken.withdraw(by=editor, revision=taken.revision, now=NOW + 3 * DAY, reason="Not his words.")
    html = lately(client, story)
    words = without_links(html)
    assert (
        words.index("The desk took back")
        < words.index("The Gazette changed")
        < words.index("The Courier changed")
    )
    assert f'href="{address(article, 1, 2)}"' in html
    assert "Corrected." in html
    assert f'Reworded:</b> <a href="{quote.get_absolute_url()}"' in html
    assert f'href="{taken.get_absolute_url()}"' in html
    assert "Canary" not in html


def test_a_quote_that_is_gone_is_told_until_others_follow(client, story, article, quote):
    article.record_version(REMOVED, now=NOW + DAY)
    assert "Removed:</b>" in lately(client, story)
    for n in range(5):
        article.record_version(f"{REMOVED}\n\n{n}", now=NOW + (n + 2) * DAY)
    html = lately(client, story)
    assert "Removed:</b>" not in html
    assert without_links(html).count("The Courier changed") == 5


def test_typography_is_no_news(client, story, article):
    article.record_version(TEXT.replace("“", '"').replace("”", '"'), now=NOW + DAY)
    assert lately(client, story) == ""
    assert "changed by its outlet" not in words_of(client.get("/"))


def test_who_changed_sides_is_told_with_both_days(client, story, article):
    claim, speaker = ClaimFactory(story=story, text="It should be banned."), ActorFactory(name="Jeremy Hunt")
    for day, words, position in (
        (1, "could be delayed", "opposes"),
        (6, "We will not compromise", "supports"),
    ):
        said = dt.date(2019, 5, day)
        quote = QuoteFactory(
            article=article,
            exact=words,
            speaker=speaker,
            said_earliest=said,
            said_latest=said,
            published=True,
        )
        Stance.objects.create(quote=quote, claim=claim, position=position)
    html = lately(client, story)
    assert "Changed sides" in html
    assert "opposed on 1 May 2019, supported on 6 May 2019" in re.sub(r"\s+", " ", html)
    assert "It should be banned." in html


def test_a_story_in_which_nothing_changed_says_nothing_of_it(client, story, article, quote):
    assert lately(client, story) == ""


def test_many_changes_take_as_many_queries_as_one(client, story, article, quote):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(story.get_absolute_url())
        return len(caught)

    editor = EditorFactory()
    article.record_version(REWORDED, now=NOW + DAY)
    withdrawn = QuoteFactory(article=article, exact="a risk", published=True)
    withdrawn.withdraw(by=editor, revision=withdrawn.revision, now=NOW, reason="Wrong.")
    before = queries()
    for n in range(10):
        more = ArticleFactory(stories=[story])
        for _ in range(3):
            QuoteFactory(article=more, published=True)
        gone = QuoteFactory(article=more, exact="a risk", published=True)
        gone.withdraw(by=editor, revision=gone.revision, now=NOW, reason="Wrong.")
        more.record_version(REWORDED, now=NOW + n * DAY)
    assert queries() == before
