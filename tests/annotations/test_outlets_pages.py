import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.annotations.reading import a_story, text_of, tree_of, words_of
from tests.factories import (
    NOW,
    TEXT,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    OutletFactory,
    QuoteFactory,
    StanceFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def outlet():
    return OutletFactory(name="The Sample Wire", slug="the-wire", domain="wire.example", country="FR")


def read(client, path="/outlets/the-wire/"):
    response = client.get(path)
    assert response.status_code == 200
    return response


def part(response, name):
    """What is read under a heading."""
    (section,) = tree_of(response).xpath(f"//section[@aria-labelledby='{name}']")
    return " ".join(section.text_content().split())


# The list.


def test_outlets_are_listed_by_name_with_what_is_here_of_them(client, outlet):
    story, other = StoryFactory(), StoryFactory()
    article = ArticleFactory(outlet=outlet, stories=[story, other])
    ArticleFactory(outlet=outlet, stories=[other])
    QuoteFactory(article=article, published=True)
    QuoteFactory(article=article)
    ArticleFactory(outlet=OutletFactory(name="a courier"), stories=[story])
    response = read(client, "/outlets/")
    first, second = tree_of(response).find_class("article-card")
    assert "a courier" in text_of(first)
    assert "wire.example 2 articles in 2 stories 1 quote" in text_of(second)
    assert "Sample outlet" in text_of(second)


def test_an_outlet_with_nothing_that_readers_may_see_is_not_there(client, outlet):
    article = ArticleFactory(outlet=outlet, stories=[StoryFactory(status="draft")])
    assert client.get("/outlets/the-wire/").status_code == 404
    assert "The Sample Wire" not in words_of(read(client, "/outlets/"))
    story = StoryFactory()
    story.articles.add(article)
    assert "The Sample Wire" in words_of(read(client, "/outlets/"))
    assert "No outlet yet" not in words_of(read(client, "/outlets/"))


def test_without_any_outlet_the_list_says_what_is_missing(client):
    assert "No outlet yet" in words_of(read(client, "/outlets/"))


# The page.


def test_an_outlet_says_what_it_is(client, outlet):
    ArticleFactory(outlet=outlet, stories=[StoryFactory()])
    words = words_of(read(client))
    for fact in ("The Sample Wire", "Sample outlet", "wire.example", "Country: FR", "Europe/London"):
        assert fact in words


def test_search_engines_are_told_what_it_is(client, outlet):
    ArticleFactory(outlet=outlet, stories=[StoryFactory()])
    (script,) = tree_of(read(client)).xpath("//script[@type='application/ld+json']")
    told = json.loads(script.text)
    about = (told["@graph"][0] if "@graph" in told else told)["mainEntity"]
    assert about == {
        "@type": "NewsMediaOrganization",
        "name": "The Sample Wire",
        "url": "https://wire.example/",
    }


def test_its_part_in_a_story_stands_beside_the_whole(client, outlet):
    story = StoryFactory(title="The bridge", slug="bridge")
    claims = [ClaimFactory(story=story) for _ in range(3)]
    own = ArticleFactory(outlet=outlet, stories=[story])
    elsewhere = [ArticleFactory(stories=[story]) for _ in range(3)]
    quote = QuoteFactory(article=own, published=True)
    StanceFactory(quote=quote, claim=claims[0])
    StanceFactory(quote=QuoteFactory(article=own), claim=claims[1])  # a draft
    for article in elsewhere:
        StanceFactory(quote=QuoteFactory(article=article, published=True), claim=claims[2])
    response = read(client)
    assert "The bridge 1 of 4 articles, 1 of 4 quotes; quotes on 1 of 3 claims" in part(response, "stories")
    assert tree_of(response).xpath("//a[@href='/stories/bridge/coverage/']")


def test_a_draft_story_and_what_is_only_in_it_is_not_told(client, outlet):
    draft = StoryFactory(title="Hush", status="draft")
    shown = ArticleFactory(outlet=outlet, stories=[StoryFactory(), draft])
    hidden = ArticleFactory(outlet=outlet, stories=[draft], headline="Nobody may read this")
    QuoteFactory(article=hidden, speaker=ActorFactory(name="Minister Hush"), published=True)
    hidden.record_version(f"{TEXT}\n\nMore.", now=NOW + HOUR)
    StanceFactory(quote=QuoteFactory(article=shown, published=True), claim=ClaimFactory(story=draft))
    words = words_of(read(client))
    assert "Hush" not in words
    assert "Nobody may read" not in words
    assert "1 article " in words


def test_whom_it_quotes_most_comes_first_and_one_who_was_merged_counts_with_the_other(client, outlet):
    article = ArticleFactory(outlet=outlet, stories=[StoryFactory()])
    often, once = ActorFactory(name="Minister Often"), ActorFactory(name="Minister Once")
    merged = ActorFactory(name="Old Name", merged_into=often)
    for speaker in (once, often, merged, None):
        QuoteFactory(article=article, speaker=speaker, published=True)
    QuoteFactory(article=article, speaker=once)
    assert "Minister Often 2 quotesMinister Once 1 quote" in part(read(client), "quoted")


def test_what_it_changed_afterwards_is_told_with_the_quotes_that_it_touched(client, outlet):
    story = StoryFactory(slug="bridge")
    article = ArticleFactory(outlet=outlet, stories=[story], headline="On the bridge")
    QuoteFactory(article=article, published=True)
    changed = TEXT.replace("not compromise", "hardly compromise")
    article.record_version(changed, now=NOW + HOUR, reason="Mended.")
    article.record_version(changed.replace("“", '"'), now=NOW + 2 * HOUR)  # typography
    article.record_version(f"{changed}\n\nMore.", now=NOW + 3 * HOUR)
    response = read(client)
    told = part(response, "changed")
    assert "“On the bridge”, version 2 touched 1 quote Recorded as: Mended. 9 May 2019, 14:00 BST" in told
    assert "version 3" not in told
    assert told.index("version 4") < told.index("version 2")
    assert told.count("touched") == 1
    assert tree_of(response).xpath(f"//a[@href='/stories/bridge/articles/{article.pk}/diff/1/2/']")


def test_its_articles_come_in_pages_newest_first(client, outlet):
    story = StoryFactory()
    for day in range(25):
        ArticleFactory(
            outlet=outlet,
            stories=[story],
            headline=f"Day {day}.",
            published_at=NOW + day * dt.timedelta(days=1),
        )
    first, second = (
        part(read(client), "articles"),
        part(read(client, "/outlets/the-wire/?page=2"), "articles"),
    )
    assert first.index("Day 24.") < first.index("Day 5.")
    assert "Day 4." not in first
    assert second.index("Day 4.") < second.index("Day 0.")


def test_names_of_outlets_lead_to_their_pages(client, outlet):
    story = StoryFactory()
    article = ArticleFactory(outlet=outlet, stories=[story])
    quote = QuoteFactory(article=article, published=True)
    claim = ClaimFactory(story=story)
    StanceFactory(quote=quote, claim=claim)
    pages = [story, article, quote, claim, quote.speaker]
    addresses = [page.get_absolute_url() for page in pages]
    for page in (*addresses, f"{story.get_absolute_url()}coverage/", "/search/?q=minister"):
        assert tree_of(read(client, page)).xpath("//a[@href='/outlets/the-wire/']"), page


@pytest.mark.parametrize("path", ["/outlets/", "/outlets/the-wire/"])
def test_many_are_asked_for_as_often_as_few(client, outlet, path):
    def grow(number):
        for _ in range(number):
            story = a_story(articles=2)
            for article in story.articles.all():
                if number == 1 or article.pk % 2:
                    type(article).objects.filter(pk=article.pk).update(outlet=outlet)
                changed = TEXT.replace("not compromise", "hardly compromise")
                article.record_version(changed, now=NOW + HOUR)

    grow(1)
    read(client, path)
    with CaptureQueriesContext(connection) as few:
        read(client, path)
    grow(10)
    with CaptureQueriesContext(connection) as many:
        read(client, path)
    assert len(many) == len(few)
