import datetime as dt
import html
import re

import feedparser
import pytest
from django.test import Client

from annotations.models import Quote
from tests.factories import (
    NOW,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    EventFactory,
    QuoteFactory,
    StanceFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db


def read(client: Client, story) -> feedparser.FeedParserDict:
    return read_at(client, f"/feeds/stories/{story.slug}.atom")


def read_at(client: Client, path: str) -> feedparser.FeedParserDict:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(
        response.content, response_headers={"content-type": response.headers["Content-Type"]}
    )
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10"
    return feed


def test_quotes_events_and_articles_are_entries_the_last_changed_first(client: Client, settings) -> None:
    settings.SITE_URL = "https://newsdesk.example"
    story = StoryFactory(title="The decision", slug="decision", summary="Who wants what.")
    article = ArticleFactory(headline="Ministers meet", stories=[story])
    quote = QuoteFactory(article=article, speaker=ActorFactory(name="Jeremy Hunt"), published=True)
    StanceFactory(
        quote=quote,
        claim=ClaimFactory(story=story, text="The vendor should be kept out."),
        position="opposes",
    )
    event = EventFactory(story=story, title="The council met", published=True)
    Quote.objects.filter(pk=quote.pk).update(updated_at=NOW + dt.timedelta(hours=1))

    feed = read(client, story)

    assert feed.feed.title == "The decision – Newsdesk"
    assert feed.feed.subtitle == "Who wants what."
    assert feed.feed.link == "https://newsdesk.example/stories/decision/"
    assert any(
        link.rel == "self" and link.href == "https://newsdesk.example/feeds/stories/decision.atom"
        for link in feed.feed.links
    )
    first, *others = feed.entries
    assert first.title == "Jeremy Hunt: We will not compromise on security,"
    assert first.link == f"https://newsdesk.example/quotes/{quote.uuid}/"
    assert first.id == f"urn:uuid:{quote.uuid}"
    assert first.published == "2019-05-09T12:00:00+00:00"
    assert first.updated == "2019-05-09T13:00:00+00:00"
    assert "said: <span" in first.summary
    assert "8 May 2019" in first.summary
    assert "Opposes: The vendor should be kept out." in first.summary
    assert {entry.title for entry in others} == {"The council met", f"{article.outlet.name}: Ministers meet"}
    assert {entry.link for entry in others} == {
        f"https://newsdesk.example/stories/decision/#event-{event.uuid}",
        f"https://newsdesk.example/stories/decision/articles/{article.pk}/",
    }


def test_an_entry_keeps_its_id_when_it_changes(client: Client) -> None:
    story = StoryFactory()
    article = ArticleFactory(stories=[story])
    quote = QuoteFactory(article=article, published=True)
    before = {entry.id for entry in read(client, story).entries}
    quote.edit(by=EditorFactory(), revision=quote.revision, now=NOW + dt.timedelta(days=1), cue="insisted")
    article.record_version("An altogether other text.", now=NOW + dt.timedelta(days=1), headline="New words")
    after = read(client, story)
    assert {entry.id for entry in after.entries} == before
    assert after.entries[0].updated == "2019-05-10T12:00:00+00:00"


def test_a_version_that_only_looks_different_is_no_news(client: Client) -> None:
    story = StoryFactory()
    article = ArticleFactory(stories=[story])
    QuoteFactory(article=article, published=True)
    before = client.get(f"/feeds/stories/{story.slug}.atom").content
    marks = article.text.replace("“", '"').replace("”", '"')
    assert article.record_version(marks, now=NOW + dt.timedelta(days=1)).minor
    entries = read(client, story).entries
    assert max(entry.updated for entry in entries) == "2019-05-09T12:00:00+00:00"
    assert client.get(f"/feeds/stories/{story.slug}.atom").content == before


def test_an_undated_article_has_no_publication_date(client: Client) -> None:
    story = StoryFactory()
    ArticleFactory(published_at=None, stories=[story])
    (entry,) = read(client, story).entries
    assert "published" not in entry
    assert entry.updated == "2019-05-09T12:00:00+00:00"
    assert "Undated" in entry.summary


def test_an_empty_feed_is_valid_and_stays_the_same(client: Client) -> None:
    story = StoryFactory()
    feed = read(client, story)
    assert feed.entries == []
    assert feed.feed.updated == "2019-05-09T12:00:00+00:00"
    assert (
        client.get(f"/feeds/stories/{story.slug}.atom").content
        == client.get(f"/feeds/stories/{story.slug}.atom").content
    )


def test_drafts_withdrawn_quotes_and_other_stories_are_not_in_it(client: Client) -> None:
    story, other = StoryFactory(), StoryFactory()
    article = ArticleFactory(stories=[story])
    QuoteFactory(article=article, speaker=ActorFactory(name="Canary draft"))
    QuoteFactory(article=article, speaker=ActorFactory(name="Canary suggested"), status="suggested")
    withdrawn = QuoteFactory(article=article, speaker=ActorFactory(name="Canary withdrawn"), published=True)
    withdrawn.withdraw(by=EditorFactory(), revision=withdrawn.revision, now=NOW, reason="Canary reason")
    EventFactory(story=story, title="Canary event")
    QuoteFactory(
        article=ArticleFactory(stories=[other]), speaker=ActorFactory(name="Canary elsewhere"), published=True
    )
    quote = QuoteFactory(article=article, published=True)
    hidden = StoryFactory(status="draft", title="Canary story")
    hidden.articles.add(article)
    StanceFactory(quote=quote, claim=ClaimFactory(story=hidden, text="Canary claim"))
    assert b"Canary" not in client.get(f"/feeds/stories/{story.slug}.atom").content
    assert client.get(f"/feeds/stories/{hidden.slug}.atom").status_code == 404
    assert client.get("/feeds/stories/nothing.atom").status_code == 404
    for path in (
        "/feeds/site.atom",
        "/feeds/site.json",
        "/feeds/search.atom",
        f"/feeds/stories/{story.slug}.json",
    ):
        told = client.get(path).content
        assert b"Canary" not in told.replace(b"Canary elsewhere", b""), path


def test_hostile_text_stays_text(client: Client) -> None:
    hostile = "<script>alert(1)</script> & ]]> \x0b\x01 <b>bold</b>"
    story = StoryFactory(title=f"Title {hostile}", summary=f"Summary {hostile}")
    article = ArticleFactory(
        headline=f"Headline {hostile}",
        byline=f"Byline {hostile}",
        text=f"Before {hostile} after.",
        stories=[story],
    )
    QuoteFactory(
        article=article,
        exact="<b>bold</b> after.",
        speaker=ActorFactory(name=f"Actor {hostile}"),
        published=True,
    )
    EventFactory(story=story, title=f"Event {hostile}", place=f"Place {hostile}", published=True)
    feed = read(client, story)
    assert len(feed.entries) == 3
    for entry in feed.entries:
        assert "<script>alert(1)</script> & ]]>" in entry.title or "<b>bold</b>" in entry.title
        assert entry.title_detail.type == "text/plain"
        assert "<script" not in entry.summary
        assert "<b>" not in entry.summary


def test_a_feed_that_has_not_changed_answers_304(client: Client) -> None:
    story = StoryFactory()
    QuoteFactory(article=ArticleFactory(stories=[story]), published=True)
    address = f"/feeds/stories/{story.slug}.atom"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.head(address).headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"].startswith("public")


def test_ten_times_the_entries_take_as_many_queries(client: Client, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    story = StoryFactory()

    def make(number: int) -> None:
        for _ in range(number):
            QuoteFactory(article=ArticleFactory(stories=[story]), published=True)
            EventFactory(story=story, published=True)

    make(2)
    client.get(f"/feeds/stories/{story.slug}.atom")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/feeds/stories/{story.slug}.atom")
    make(18)
    with django_assert_num_queries(len(few)):
        client.get(f"/feeds/stories/{story.slug}.atom")


# The other feeds, and JSON.


@pytest.fixture
def told():
    """A story with a claim, and a quote on it by an actor who bore another name once."""
    story = StoryFactory(title="The decision", slug="decision")
    article = ArticleFactory(headline="Ministers meet", stories=[story], language="fr")
    hunt = ActorFactory(name="Jeremy Hunt", slug="hunt")
    merged = ActorFactory(slug="jeremy", merged_into=hunt)
    quote = QuoteFactory(article=article, speaker=merged, published=True)
    QuoteFactory(article=article, speaker=ActorFactory(name="Somebody Else"), published=True)
    claim = ClaimFactory(story=story, slug="out", text="The vendor should be kept out.")
    StanceFactory(quote=quote, claim=claim)
    return quote


def test_the_site_an_actor_a_claim_and_a_search_have_feeds(client: Client, told, settings) -> None:
    settings.SITE_URL = "https://newsdesk.example"
    said = "Jeremy Hunt: We will not compromise on security,"
    for path, title, page, entries in (
        ("site", "Newsdesk", "/", 3),
        (
            "stories/decision/claims/out",
            "The vendor should be kept out. – Newsdesk",
            "/stories/decision/claims/out/",
            1,
        ),
        ("actors/hunt", "Jeremy Hunt – Newsdesk", "/actors/hunt/", 1),
    ):
        feed = read_at(client, f"/feeds/{path}.atom")
        assert (feed.feed.title, feed.feed.link) == (title, f"https://newsdesk.example{page}")
        assert len(feed.entries) == entries
        assert said in {entry.title for entry in feed.entries}
        assert feed.feed.id.startswith("tag:newsdesk.example,")
    response = client.get("/feeds/actors/jeremy.atom")
    assert (response.status_code, response.headers["Location"]) == (301, "/feeds/actors/hunt.atom")


def test_the_feed_of_a_search_finds_what_the_page_finds_newest_first(client: Client, settings) -> None:
    settings.SITE_URL = "https://newsdesk.example"
    story = StoryFactory()
    old = ArticleFactory(headline="Ministers meet", stories=[story], published_at=NOW - dt.timedelta(days=9))
    new = ArticleFactory(headline="Ministers meet again", stories=[story])
    ArticleFactory(headline="The harbour", text="Nothing of the kind.", stories=[story])
    feed = read_at(client, "/feeds/search.atom?q=ministers&sort=relevance&after=0")
    assert feed.feed.link == "https://newsdesk.example/search/?q=ministers"
    assert any(
        link.href == "https://newsdesk.example/feeds/search.atom?q=ministers" for link in feed.feed.links
    )
    addresses = {entry.link for entry in feed.entries}
    assert addresses == {
        f"https://newsdesk.example/stories/{story.slug}/articles/{one.pk}/" for one in (old, new)
    }
    assert read_at(client, "/feeds/search.atom?q=magpie").entries == []
    assert client.get("/feeds/search.atom?q=%00&from=x&outlet=-").status_code == 200


def test_json_feeds_have_the_same_entries(client: Client, told, settings) -> None:
    settings.SITE_URL = "https://newsdesk.example"
    response = client.get("/feeds/stories/decision.json")
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    feed = response.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"] == "https://newsdesk.example/stories/decision/"
    assert feed["feed_url"] == "https://newsdesk.example/feeds/stories/decision.json"
    by_id = {item["id"]: item for item in feed["items"]}
    assert set(by_id) == {entry.id for entry in read(client, told.article.stories.get()).entries}
    said = by_id[told.uuid.urn]
    assert said["url"] == f"https://newsdesk.example/quotes/{told.uuid}/"
    assert said["date_modified"] == "2019-05-09T12:00:00+00:00"
    assert (said["language"], said["tags"]) == ("fr", ["quote"])
    assert "The vendor should be kept out." in said["content_html"]


def test_an_unknown_format_is_not_found(client: Client, told) -> None:
    for path in ("site", "search", "stories/decision", "actors/hunt", "stories/decision/claims/out"):
        assert client.get(f"/feeds/{path}.rss").status_code == 404


def test_pages_name_their_feeds(client: Client, told) -> None:
    for page, feeds in (
        ("/", "/feeds/site"),
        ("/stories/decision/", "/feeds/stories/decision"),
        ("/stories/decision/claims/out/", "/feeds/stories/decision/claims/out"),
        ("/actors/hunt/", "/feeds/actors/hunt"),
        ("/search/?q=ministers", "/feeds/search"),
    ):
        found = re.findall(
            r'<link rel="alternate" type="(.*?)" title=".*?" href="(.*?)">', client.get(page).content.decode()
        )
        assert [(kind, address.split(".")[0]) for kind, address in found] == [
            ("application/atom+xml", feeds),
            ("application/feed+json", feeds),
        ]
        for _, address in found:
            assert client.get(html.unescape(address)).status_code == 200


@pytest.mark.parametrize(
    "path", ["site.atom", "actors/hunt.json", "stories/decision/claims/out.atom", "search.json"]
)
def test_more_of_the_same_takes_as_many_queries(
    client: Client, told, django_assert_num_queries, path: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    story, claim = told.article.stories.get(), told.stances.get().claim

    def make(number: int) -> None:
        for _ in range(number):
            article = ArticleFactory(stories=[story, StoryFactory()])
            quote = QuoteFactory(article=article, speaker=told.speaker, published=True)
            StanceFactory(quote=quote, claim=claim)
            EventFactory(story=story, published=True)

    make(2)
    client.get(f"/feeds/{path}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/feeds/{path}")
    make(18)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/feeds/{path}")
    assert len(many) <= len(few)
