"""What saving a draft does to the database: the same article, what changed in it, and nothing half-written."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from articles.importing import NOT_STATED, Outcome, Saved, bring_in, kinds_after, plan, save
from articles.models import Article, Outlet, Story, Version
from articles.reading.draft import ArticleDraft, ReadError, Refusal
from articles.signals import text_changed
from tests.factories import NOW, OutletFactory, StoryFactory

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=1)
TEXT = "The council met on Tuesday.\n\nIt decided nothing, its chair said."
DRAFT = ArticleDraft(
    headline="Council meets",
    text=TEXT,
    byline="Ann Writer",
    language="en-GB",
    published_at=dt.datetime(2019, 5, 8, 23, 30, tzinfo=dt.UTC),
    outlet="The Harbour Post",
    outlet_domain="harbour.example",
    url="https://www.harbour.example/council",
    external_id="hp-1",
    notes=("A newsletter prompt was left out.",),
)
BARE = ArticleDraft(headline="Council meets", text=TEXT)


def brought(draft: ArticleDraft, now: dt.datetime = LATER, **kwargs: Any) -> Saved:
    return save(draft, now=now, **kwargs)


@pytest.fixture
def article() -> Article:
    return save(DRAFT, now=NOW).article


# New articles.


def test_a_new_article_has_every_field_in_its_place() -> None:
    saved = brought(DRAFT, NOW)
    article = Article.objects.get()
    assert saved.outcome == Outcome.NEW
    assert (article.headline, article.byline, article.language) == ("Council meets", "Ann Writer", "en-GB")
    assert article.published_at == DRAFT.published_at
    assert article.url == "https://www.harbour.example/council"
    assert article.text == TEXT
    assert article.versions.get().recorded_at == NOW
    assert "A newsletter prompt was left out." in article.notes


def test_an_unknown_date_stays_unknown() -> None:
    assert brought(replace(DRAFT, published_at=None)).article.published_at is None


def test_an_unknown_language_stays_unknown_unless_one_is_given_for_such_articles() -> None:
    assert brought(replace(DRAFT, language="")).article.language == ""
    other = replace(DRAFT, language="", url="https://harbour.example/2", external_id="2")
    assert brought(other, language="de").article.language == "de"


def test_the_kinds_of_paragraphs_come_along() -> None:
    saved = brought(replace(DRAFT, text=f"Who\n\n{TEXT}", kinds={0: "heading"}))
    assert saved.version.kind_of(0) == "heading"
    assert saved.version.kind_of(1) == ""


def test_an_image_address_that_cannot_be_stored_is_left_out_and_told() -> None:
    saved = brought(replace(DRAFT, image_url="https://harbour example/a.jpg"))
    assert saved.article.image_url == ""
    assert any("image address" in note for note in saved.notes)
    assert "https://harbour example/a.jpg" in saved.article.notes


# The same again, and what has changed.


def test_the_same_again_writes_nothing(article: Article) -> None:
    before = article.history.count()
    saved = brought(DRAFT)
    assert saved.outcome == Outcome.SAME
    assert (Article.objects.count(), Version.objects.count(), Outlet.objects.count()) == (1, 1, 1)
    assert article.history.count() == before


def test_a_changed_text_is_a_new_version_beside_the_old_one(article: Article) -> None:
    heard: list[Version] = []

    def hear(new: Version, **_: Any) -> None:
        heard.append(new)

    text_changed.connect(hear)
    try:
        saved = brought(replace(DRAFT, text=TEXT.replace("nothing", "little")))
    finally:
        text_changed.disconnect(hear)
    assert (saved.outcome, saved.changed, saved.version.number) == (Outcome.CHANGED, ("text",), 2)
    assert [version.text for version in article.versions.order_by("number")] == [
        TEXT,
        TEXT.replace("nothing", "little"),
    ]
    assert heard == [saved.version]


def test_a_changed_byline_is_updated_without_a_new_version(article: Article) -> None:
    saved = brought(replace(DRAFT, byline="Ann Writer and Bo Reporter"))
    article.refresh_from_db()
    assert (saved.outcome, saved.changed) == (Outcome.CHANGED, ("byline",))
    assert article.byline == "Ann Writer and Bo Reporter"
    assert article.versions.count() == 1


def test_a_changed_headline_is_kept_with_its_version(article: Article) -> None:
    saved = brought(replace(DRAFT, headline="Council meets again"))
    article.refresh_from_db()
    assert article.headline == "Council meets again"
    assert [v.headline for v in article.versions.order_by("number")] == [
        "Council meets",
        "Council meets again",
    ]
    assert saved.version.number == 2


def test_what_a_source_no_longer_says_is_not_blanked(article: Article) -> None:
    saved = brought(replace(DRAFT, byline="", published_at=None, language=""))
    article.refresh_from_db()
    assert saved.outcome == Outcome.SAME
    assert (article.byline, article.published_at) == ("Ann Writer", DRAFT.published_at)


def test_what_an_editor_filled_in_stays_when_the_source_is_imported_again(article: Article) -> None:
    Article.objects.update(byline="Ann Q. Writer", section="Politics")
    saved = brought(DRAFT)
    article.refresh_from_db()
    assert saved.outcome == Outcome.SAME
    assert (article.byline, article.section) == ("Ann Q. Writer", "Politics")


def test_a_field_that_both_changed_stays_as_the_editor_has_it_and_is_told_once(article: Article) -> None:
    Article.objects.update(byline="Ann Q. Writer")
    changed = replace(DRAFT, byline="A. Writer")
    first, second = brought(changed), brought(changed)
    article.refresh_from_db()
    assert article.byline == "Ann Q. Writer"
    assert any("“Ann Q. Writer”" in note and "“A. Writer”" in note for note in first.notes)
    assert second.notes == ()
    assert article.notes.count("A. Writer") == 1


def test_an_editors_version_stays_until_the_source_says_something_else(article: Article) -> None:
    mended = TEXT.replace("Tuesday", "Tuesday, 7 May")
    article.record_version(mended, now=NOW)
    assert brought(DRAFT).outcome == Outcome.SAME
    article.refresh_from_db()
    assert article.text == mended
    saved = brought(replace(DRAFT, text=TEXT + "\n\nMore."))
    assert saved.version.number == 3


def test_a_note_that_an_editor_has_cleared_does_not_come_back(article: Article) -> None:
    Article.objects.update(notes="")
    brought(replace(DRAFT, byline="Someone"))
    article.refresh_from_db()
    assert article.notes == ""


# Which article it is.


@pytest.mark.parametrize(
    "url",
    [
        "http://www.harbour.example/council",
        "https://www.harbour.example/council/",
        "https://www.harbour.example/council#comments",
    ],
)
def test_the_same_page_under_another_spelling_of_its_address_is_the_same_article(
    article: Article, url: str
) -> None:
    saved = brought(replace(DRAFT, url=url, external_id="", headline="Otherwise"))
    assert saved.article == article
    assert saved.article.url == "https://www.harbour.example/council"


def test_another_address_is_another_article_whatever_its_headline(article: Article) -> None:
    saved = brought(replace(DRAFT, url="https://www.harbour.example/other", external_id=""))
    assert saved.outcome == Outcome.NEW


def test_an_article_that_moved_is_known_by_its_outlets_identifier(article: Article) -> None:
    saved = brought(replace(DRAFT, url="https://www.harbour.example/moved"))
    article.refresh_from_db()
    assert (saved.article, saved.changed) == (article, ("url",))
    assert article.url == "https://www.harbour.example/moved"


def test_an_identifier_counts_within_its_outlet_only(article: Article) -> None:
    saved = brought(replace(DRAFT, outlet="The Hill Post", outlet_domain="", url=""))
    assert saved.outcome == Outcome.NEW
    assert Article.objects.filter(external_id="hp-1").count() == 2


def test_without_address_or_identifier_outlet_headline_and_day_tell() -> None:
    OutletFactory(name="Night Post", time_zone="America/New_York")
    late = dt.datetime(2019, 5, 8, 23, 30, tzinfo=dt.UTC)  # 19.30 in New York
    draft = replace(BARE, outlet="Night Post", published_at=late)
    first = brought(draft).article
    same_day = replace(draft, published_at=late + dt.timedelta(hours=4), text="Other words.")
    next_day = replace(draft, published_at=late + dt.timedelta(hours=5), text="Other words still.")
    assert brought(same_day).article == first
    assert brought(next_day).outcome == Outcome.NEW


def test_an_undated_article_is_known_by_its_words() -> None:
    draft = replace(BARE, outlet="The Harbour Post")
    first = brought(draft).article
    assert brought(replace(draft, headline="Another headline")).article == first
    other = brought(replace(draft, text="Other words."))
    assert other.outcome == Outcome.NEW
    assert brought(replace(draft, outlet="The Hill Post")).outcome == Outcome.NEW


def test_an_undated_article_of_a_known_headline_is_told_of(article: Article) -> None:
    saved = brought(replace(BARE, outlet="The Harbour Post", text="Other words."))
    assert any("article of this headline" in note for note in saved.notes)


def test_words_that_an_editor_dated_are_still_the_same_article() -> None:
    draft = replace(BARE, outlet="The Harbour Post")
    first = brought(draft).article
    Article.objects.update(published_at=NOW, url="https://harbour.example/found-it")
    assert brought(draft).article == first


def test_the_page_of_a_pasted_article_gives_it_its_address_and_date() -> None:
    first = brought(replace(BARE, outlet="The Harbour Post")).article
    saved = brought(DRAFT)
    first.refresh_from_db()
    assert saved.article == first
    assert (first.url, first.published_at) == (DRAFT.url, DRAFT.published_at)


# Whose it is.


def test_an_unknown_outlet_is_made_and_told_of() -> None:
    saved = brought(DRAFT)
    outlet = Outlet.objects.get()
    assert (outlet.name, outlet.domain, outlet.slug) == (
        "The Harbour Post",
        "harbour.example",
        "the-harbour-post",
    )
    assert any("“The Harbour Post” is new" in note for note in saved.notes)


@pytest.mark.parametrize(("domain", "zone"), [("zeitung.de", "Europe/Berlin"), ("post.com", "Europe/London")])
def test_a_new_outlets_time_zone_is_its_countrys_if_that_has_one(domain: str, zone: str) -> None:
    assert brought(replace(DRAFT, outlet_domain=domain)).article.outlet.time_zone == zone


def test_a_time_zone_that_is_given_is_the_new_outlets() -> None:
    assert brought(DRAFT, time_zone="Asia/Tokyo").article.outlet.time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("name", "domain"),
    [("the harbour post", ""), ("Harbour Online", "harbour.example"), ("", "news.harbour.example")],
)
def test_a_known_outlet_is_found_by_name_or_domain(name: str, domain: str) -> None:
    known = OutletFactory(name="The Harbour Post", domain="harbour.example")
    draft = replace(DRAFT, outlet=name, outlet_domain=domain)
    assert brought(draft).article.outlet == known


def test_a_name_that_is_stated_goes_before_a_domain() -> None:
    OutletFactory(name="Aggregator", domain="harbour.example")
    named = OutletFactory(name="The Harbour Post", domain="")
    assert brought(DRAFT).article.outlet == named


def test_the_outlet_given_is_for_articles_that_name_none() -> None:
    given = OutletFactory(name="Given")
    assert brought(BARE, outlet=given).article.outlet == given
    assert brought(DRAFT, outlet=given).article.outlet.name == "The Harbour Post"


def test_an_article_without_an_outlet_says_so_until_somebody_tells() -> None:
    saved = brought(BARE)
    assert saved.article.outlet.name == NOT_STATED
    assert "which outlet" in saved.article.notes
    assert brought(BARE).outcome == Outcome.SAME
    told = brought(BARE, outlet=OutletFactory(name="The Harbour Post"))
    assert (told.article, told.changed) == (saved.article, ("outlet",))
    article = Article.objects.get()
    assert article.outlet.name == "The Harbour Post"
    assert article.notes == ""


def test_an_article_that_an_editor_gave_to_an_outlet_stays_there() -> None:
    article = brought(BARE).article
    Article.objects.update(outlet=OutletFactory(name="The Harbour Post"))
    assert brought(BARE).article == article
    assert Article.objects.get().outlet.name == "The Harbour Post"


# Stories.


def test_an_article_comes_into_its_stories_once_and_readers_see_that_they_changed() -> None:
    story = StoryFactory(changed_at=NOW)
    saved = brought(DRAFT, stories=[story])
    assert list(story.articles.all()) == [saved.article]
    assert Story.objects.get().changed_at == LATER
    brought(DRAFT, now=LATER + dt.timedelta(days=1), stories=[story])
    assert Story.objects.get().changed_at == LATER


def test_an_article_that_is_here_joins_another_story(article: Article) -> None:
    story = StoryFactory()
    saved = brought(DRAFT, stories=[story])
    assert saved.outcome == Outcome.SAME
    assert saved.notes == (f"It is in the story “{story}” now.",)
    assert story.articles.get() == article


# What a person mends on the way in.


def test_what_a_person_mends_is_stored_and_stays_when_the_source_comes_again() -> None:
    mended = {"headline": "Council met", "text": TEXT.replace("met", "sat"), "published_at": None}
    saved = brought(DRAFT, mended=mended)
    article = Article.objects.get()
    assert (article.headline, article.published_at) == ("Council met", None)
    assert article.text == TEXT.replace("met", "sat")
    assert saved.version.headline == "Council met"
    again = brought(DRAFT)
    article.refresh_from_db()
    assert again.outcome == Outcome.SAME
    assert article.headline == "Council met"


def test_a_mended_paste_is_known_again_by_the_words_it_came_with() -> None:
    first = brought(BARE, mended={"text": TEXT.replace("met", "sat")}).article
    assert brought(BARE).article == first


def test_a_mended_text_keeps_the_kinds_of_the_paragraphs_that_stayed() -> None:
    old = "One\n\nTwo\n\nThree"
    assert kinds_after(old, {0: "heading", 1: "heading"}, "Zero\n\nOne\n\nTwo changed\n\nThree") == {
        1: "heading"
    }


# Nothing half-written.


def test_a_plan_writes_nothing() -> None:
    made = plan(DRAFT)
    assert made.outcome == Outcome.NEW
    assert (Article.objects.count(), Outlet.objects.count()) == (0, 0)


def test_an_article_that_is_refused_leaves_nothing_behind(article: Article) -> None:
    other = brought(replace(DRAFT, url="https://www.harbour.example/b", external_id="hp-2", text="B")).article
    clash = replace(DRAFT, url=other.url, external_id="hp-1", text="C", byline="Changed")
    with pytest.raises(ValidationError, match="identifier already"):
        brought(clash)
    other.refresh_from_db()
    assert (other.byline, other.versions.count()) == ("Ann Writer", 1)


def test_a_refused_article_makes_no_outlet() -> None:
    draft = replace(DRAFT, url="https://harbour.example/" + "a b", outlet="Brand New")
    [refusal] = bring_in([draft], now=NOW)
    assert isinstance(refusal, Refusal)
    assert "Address" in refusal.reason
    assert refusal.raw == "Council meets"
    assert not Outlet.objects.exists()


def test_one_that_is_refused_does_not_stop_the_others() -> None:
    bad = replace(DRAFT, url="https://harbour.example/a b")
    refused = Refusal("There is no text.", where="row 2")
    given = Outlet(name="Given", slug="given")
    results = list(bring_in([bad, refused, BARE, DRAFT], now=NOW, outlet=given))
    assert [type(result) for result in results] == [Refusal, Refusal, Saved, Saved]
    assert results[1] is refused
    assert Article.objects.filter(outlet__name="Given").count() == 1


def test_a_file_that_breaks_off_ends_with_its_reason() -> None:
    def broken() -> Iterator[ArticleDraft]:
        yield DRAFT
        raise ReadError("Line 7 does not end.")

    saved, refusal = bring_in(broken(), now=NOW)
    assert isinstance(saved, Saved)
    assert refusal == Refusal("Line 7 does not end.")


@pytest.mark.django_db(transaction=True)
def test_two_who_import_the_same_at_once_make_it_once() -> None:
    drafts = [replace(DRAFT, url="", external_id="", text=f"Text {n}.", headline=f"H {n}") for n in range(12)]

    def run(_: int) -> list[Saved | Refusal]:
        try:
            return list(bring_in(drafts, now=NOW))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        results = [result for found in pool.map(run, range(3)) for result in found]
    assert not [result for result in results if isinstance(result, Refusal)]
    assert Article.objects.count() == 12
    assert Outlet.objects.count() == 1
    assert sorted(r.outcome for r in results if isinstance(r, Saved)) == ["new"] * 12 + ["same"] * 24
