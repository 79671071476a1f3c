"""Articles and stories on the desk: found, put together, published and taken back."""

import datetime as dt
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Story
from tests.factories import (
    NOW,
    AdministratorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    EventFactory,
    OutletFactory,
    QuoteFactory,
    StanceFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
HOSTILE = '<img src=x onerror=alert(1)> & "quoted"'


@pytest.fixture(autouse=True)
def ana(client):
    editor = EditorFactory(first_name="Ana")
    client.force_login(editor)
    return editor


@pytest.fixture
def story():
    return StoryFactory(slug="networks", title="The networks", status=Story.Status.DRAFT)


def text_of(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return unescape(answer.content.decode())


def page(client, address: str, **query) -> str:
    return text_of(client.get(address, query))


def titles(html: str) -> list[str]:
    return [row.split("</bdi>")[0].split("<bdi>")[1] for row in html.split('class="desk-row__title"')[1:]]


# Articles.


def test_articles_are_found_by_words_outlet_story_and_what_they_lack(client, story):
    post = OutletFactory(name="The Post", slug="post")
    ArticleFactory(headline="Ministers meet", stories=[story], text="About antennas.")
    ArticleFactory(headline="Nothing new", outlet=post)
    ArticleFactory(headline="Long ago", published_at=None)

    def found(**query: str) -> list[str]:
        return titles(page(client, "/desk/articles/", **query))

    assert found() == ["Nothing new", "Ministers meet", "Long ago"]
    assert found(q="antenna") == ["Ministers meet"]
    assert found(outlet="post") == ["Nothing new"]
    assert found(story="networks") == ["Ministers meet"]
    assert found(undated="on") == ["Long ago"]
    assert found(loose="on") == ["Nothing new", "Long ago"]
    assert found(outlet="no-such", story="no-such") == ["Nothing new", "Ministers meet", "Long ago"]


def test_a_row_tells_the_quotes_and_stories_and_leads_to_the_annotating_page(client, ana, story):
    article = ArticleFactory(stories=[story])
    QuoteFactory(article=article, by=ana)
    rejected = QuoteFactory(article=article, by=ana)
    rejected.reject(by=ana, revision=1, now=NOW)
    html = page(client, "/desk/articles/")
    assert f'href="/desk/articles/{article.pk}/"' in html
    assert "1 quote<" in html
    assert "The networks" in html


def test_words_that_match_nothing_are_named(client):
    assert "There are no articles yet" in page(client, "/desk/articles/")
    ArticleFactory()
    html = page(client, "/desk/articles/", q="zeppelin", undated="on")
    assert "Words: “<bdi>zeppelin</bdi>”." in html
    assert "Only undated ones." in html


def test_a_long_list_is_read_to_its_end(client):
    for n in range(27):
        when = None if n > 24 else NOW - dt.timedelta(hours=n)
        ArticleFactory(headline=f"Article {n}", published_at=when)
    first = page(client, "/desk/articles/", q="article")
    assert len(titles(first)) == 25
    following = first.split('rel="next" href="')[1].split('"')[0]
    assert sorted(titles(page(client, f"/desk/articles/{following}"))) == ["Article 25", "Article 26"]


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=undated_x",
        "q=%00",
        "q=-",
        "q=%27%3A%26%7C%21",
        "outlet=%00",
        "after=9_9999999999999999999",
    ],
)
def test_junk_in_the_address_is_no_error(client, query):
    ArticleFactory()
    assert client.get(f"/desk/articles/?{query}").status_code == 200


def test_who_may_add_articles_is_led_to_where_that_is_done(client):
    address = reverse("admin:articles_article_from_source")
    assert address not in page(client, "/desk/articles/")
    client.force_login(AdministratorFactory())
    assert address in page(client, "/desk/articles/")


def test_ticked_articles_are_added_to_a_story(client, story):
    inside, other, unticked = ArticleFactory(stories=[story]), ArticleFactory(), ArticleFactory()
    answer = client.post(
        "/desk/articles/?q=minister", {"article": [inside.pk, other.pk], "story": "networks"}
    )
    assert answer.headers["Location"] == "/desk/articles/?q=minister"
    assert set(story.articles.all()) == {inside, other}
    html = page(client, answer.headers["Location"])
    assert "1 article added to “The networks”. 1 of the ticked was in it already." in html
    assert unticked.headline in html


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"story": "networks"}, "Tick the articles first."),
        ({"article": ["1"]}, "Choose the story"),
        ({"article": ["x"], "story": "networks"}, "not there any more"),
        ({"article": ["9" * 30], "story": "networks"}, "not there any more"),
        ({"article": ["1"], "story": "no-such"}, "not there any more"),
    ],
)
def test_what_is_missing_is_said_and_the_ticks_stay(client, story, sent, reason):
    article = ArticleFactory()
    ticked = [str(article.pk) if pk == "1" else pk for pk in sent.get("article", [])]
    html = text_of(client.post("/desk/articles/", {**sent, "article": ticked}), 422)
    assert reason in html
    if str(article.pk) in ticked:
        assert " checked>" in html.split(f'id="article-{article.pk}"')[1][:200]
    assert not story.articles.exists()


# Stories.


def test_stories_are_listed_with_drafts_and_what_waits_in_them(client, ana, story):
    article = ArticleFactory(stories=[story])
    QuoteFactory(article=article, by=ana, published=True)
    QuoteFactory(article=article, by=ana)
    html = page(client, "/desk/stories/")
    assert "The networks" in html
    assert "Draft" in html
    assert "1 article · 1 published quote · 1 not published yet" in html


def test_a_story_is_made_as_a_draft_with_an_address_of_its_own(client, story):
    answer = client.post("/desk/stories/new/", {"title": " The  networks ", "summary": "About them."})
    assert answer.headers["Location"] == "/desk/stories/the-networks/"
    made = Story.objects.get(slug="the-networks")
    assert (made.title, made.summary, made.status) == ("The networks", "About them.", "draft")
    assert "No claims yet." in page(client, "/desk/stories/the-networks/")


def test_a_story_called_new_does_not_take_the_address_where_stories_are_made(client):
    answer = client.post("/desk/stories/new/", {"title": "New", "summary": ""})
    assert answer.headers["Location"] == "/desk/stories/new-story/"
    assert "It begins as a draft." in page(client, "/desk/stories/new/")


@pytest.mark.parametrize("title", ["", "  ", "x" * 201])
def test_a_story_has_a_title(client, title):
    html = text_of(client.post("/desk/stories/new/", {"title": title, "summary": "Kept"}), 422)
    assert "Kept</textarea>" in html
    assert not Story.objects.exists()


def test_title_and_summary_change_and_the_address_stays(client, story):
    assert client.post("/desk/stories/networks/", {"title": "5G", "summary": "New words."}).status_code == 302
    story.refresh_from_db()
    assert (story.title, story.summary, story.slug) == ("5G", "New words.", "networks")
    assert story.changed_at > NOW


def test_a_summary_that_a_colleague_wrote_meanwhile_is_not_overwritten_unseen(client, story):
    seen = {"initial-title": story.title, "initial-summary": story.summary}
    Story.objects.filter(pk=story.pk).update(summary="Theirs.")
    html = text_of(
        client.post("/desk/stories/networks/", {"title": story.title, "summary": "Mine.", **seen}), 409
    )
    assert "Meanwhile somebody made this “Theirs.”." in html
    assert "Mine.</textarea>" in html
    story.refresh_from_db()
    assert story.summary == "Theirs."


def test_publishing_says_first_what_readers_will_see(client, ana, story):
    article = ArticleFactory(stories=[story], published_at=None)
    QuoteFactory(article=article, by=ana, published=True)
    QuoteFactory(article=article, by=ana)
    EventFactory(story=story, by=ana)
    html = page(client, "/desk/stories/networks/publication/")
    assert "1 article, 0 claims, 1 published quote and 0 published events" in html
    assert "1 quote and 1 event that are drafts or suggestions" in html
    assert "1 of its articles has no date of publication" in html
    story.refresh_from_db()
    assert not story.is_published
    assert client.post("/desk/stories/networks/publication/", {"status": "published"}).status_code == 302
    assert client.get("/stories/networks/").status_code == 200
    html = page(client, "/desk/stories/networks/")
    assert "readers see it now" in html
    assert 'href="/stories/networks/"' in html


def test_a_published_story_is_taken_back(client, story):
    story.publish(now=NOW)
    assert "Readers no longer see the story" in page(client, "/desk/stories/networks/publication/")
    assert client.post("/desk/stories/networks/publication/", {"status": "draft"}).status_code == 302
    assert client.get("/stories/networks/").status_code == 404
    changed = Story.objects.get().changed_at
    client.post("/desk/stories/networks/publication/", {"status": "draft"})
    assert Story.objects.get().changed_at == changed


@pytest.mark.parametrize("status", ["", "withdrawn", "<b>"])
def test_a_story_has_no_other_status(client, story, status):
    assert client.post("/desk/stories/networks/publication/", {"status": status}).status_code == 422


# A story's articles.


def test_articles_are_added_from_the_story_by_their_words(client, story):
    inside = ArticleFactory(headline="Inside the story", stories=[story])
    outside = ArticleFactory(headline="Outside the story")
    html = page(client, "/desk/stories/networks/articles/", q="story")
    ours, others = html.split('id="others-title"')
    assert inside.headline in ours
    assert outside.headline in others
    assert inside.headline not in others
    part = text_of(client.get("/desk/stories/networks/articles/", {"q": "zeppelin"}, headers=HTMX))
    assert part.lstrip().startswith('<div id="others"')
    assert "No other article matches “<bdi>zeppelin</bdi>”" in part
    assert client.post("/desk/stories/networks/articles/", {"article": [outside.pk]}).status_code == 302
    assert set(story.articles.all()) == {inside, outside}
    assert "Tick the articles first." in text_of(client.post("/desk/stories/networks/articles/", {}), 422)


def test_an_article_is_removed_when_confirmed_and_put_back_with_all_that_is_in_it(client, ana, story):
    article = ArticleFactory(headline="To be removed", stories=[story])
    quote = QuoteFactory(article=article, by=ana)
    StanceFactory(quote=quote, claim=ClaimFactory(story=story))
    address = reverse("desk:story-removal", args=["networks", article.pk])
    assert "Its 1 quote leaves the story’s pages with it; 1 of them has a stance" in page(client, address)
    assert story.articles.exists()
    answer = client.post(address)
    assert not story.articles.exists()
    html = page(client, answer.headers["Location"])
    assert "Removed: <bdi>To be removed</bdi>" in html
    assert "Put it back" in html
    assert client.post("/desk/stories/networks/articles/", {"article": [article.pk]}).status_code == 302
    assert story.articles.get() == article
    assert quote.stances.count() == 1
    assert "Put it back" not in page(client, answer.headers["Location"])


@pytest.mark.parametrize("removed", ["x", "-1", "9" * 30, "²", ""])
def test_junk_in_place_of_the_removed_is_no_error(client, story, removed):
    assert "Put it back" not in page(client, "/desk/stories/networks/articles/", removed=removed, page="x")


def test_an_article_that_is_not_in_the_story_can_not_be_removed(client, story):
    address = reverse("desk:story-removal", args=["networks", ArticleFactory().pk])
    assert "It is not in the story." in page(client, address)
    assert client.post(address).status_code == 302
    assert client.get(reverse("desk:story-removal", args=["networks", 999999])).status_code == 404


# What holds for all of them.


def test_hostile_words_are_shown_and_not_run(client, ana):
    story = StoryFactory(slug="networks", title=HOSTILE, summary=HOSTILE)
    article = ArticleFactory(headline=HOSTILE, byline=HOSTILE, stories=[story])
    ArticleFactory(headline=HOSTILE, outlet__name=HOSTILE)
    answers = [
        client.get("/desk/articles/"),
        client.get("/desk/articles/", {"q": HOSTILE}),
        client.get("/desk/stories/"),
        client.get("/desk/stories/networks/"),
        client.get("/desk/stories/networks/publication/"),
        client.get("/desk/stories/networks/articles/"),
        client.get(reverse("desk:story-removal", args=["networks", article.pk])),
    ]
    for answer in answers:
        assert b"<img src=x" not in answer.content
        assert b"&lt;img src=x" in answer.content


def test_ten_times_the_rows_take_as_many_queries(client, ana):
    story = StoryFactory(slug="networks")

    def grow(times: int) -> None:
        for _ in range(times):
            other = StoryFactory()
            article = ArticleFactory(stories=[story, other])
            ArticleFactory(stories=[other], published_at=None)
            QuoteFactory(article=article, by=ana, published=True)
            QuoteFactory(article=article, by=ana)
            ClaimFactory(story=story)
            EventFactory(story=story, by=ana)

    def count() -> list[int]:
        numbers = []
        for address in (
            "/desk/articles/",
            "/desk/articles/?q=minister",
            "/desk/stories/",
            "/desk/stories/networks/",
            "/desk/stories/networks/publication/",
            "/desk/stories/networks/articles/",
        ):
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            numbers.append(len(caught))
        return numbers

    grow(1)
    before = count()
    grow(9)
    # A full page of dated articles needs no look for undated ones.
    assert all(now <= then for now, then in zip(count(), before, strict=True))
