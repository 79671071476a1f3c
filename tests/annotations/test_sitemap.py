import datetime as dt
import re
import xml.etree.ElementTree as ET

import pytest
from django.test import Client
from django.utils import timezone

from annotations import sitemaps
from tests.factories import (
    NOW,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    OutletFactory,
    QuoteFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def locations(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/xml")
    return [str(element.text) for element in ET.fromstring(response.content).iter(LOC)]


def everything(client: Client) -> set[str]:
    paths = [
        address.removeprefix("https://newsdesk.example") for address in locations(client, "/sitemap.xml")
    ]
    return {address for path in paths for address in locations(client, path)}


@pytest.fixture(autouse=True)
def address(settings) -> None:
    settings.SITE_URL = "https://newsdesk.example"


def test_every_public_page_is_named_once_under_the_sites_own_address(client: Client) -> None:
    story, other = StoryFactory(slug="first"), StoryFactory(slug="second")
    article = ArticleFactory(stories=[story, other], outlet=OutletFactory(slug="outlet"))
    quote = QuoteFactory(article=article, speaker=ActorFactory(slug="speaker"), published=True)
    ClaimFactory(story=story, slug="claim")
    assert everything(client) == {
        "https://newsdesk.example/stories/first/",
        "https://newsdesk.example/stories/second/",
        f"https://newsdesk.example/stories/second/articles/{article.pk}/",
        "https://newsdesk.example/stories/first/claims/claim/",
        "https://newsdesk.example/actors/speaker/",
        "https://newsdesk.example/outlets/outlet/",
        f"https://newsdesk.example/quotes/{quote.uuid}/",
    }


def test_every_address_named_is_there(client: Client) -> None:
    story = StoryFactory()
    QuoteFactory(article=ArticleFactory(stories=[story]), published=True)
    ClaimFactory(story=story)
    addresses = everything(client)
    assert len(addresses) == 6
    for address in addresses:
        assert client.get(address.removeprefix("https://newsdesk.example")).status_code == 200, address


def test_nothing_else_is_named(client: Client) -> None:
    story, hidden = StoryFactory(), StoryFactory(status="draft", slug="canary-story")
    article = ArticleFactory(stories=[story])
    drafts = [
        QuoteFactory(article=article, speaker=ActorFactory(slug="canary-draft")),
        QuoteFactory(article=article, speaker=ActorFactory(slug="canary-suggested"), status="suggested"),
        QuoteFactory(
            article=ArticleFactory(stories=[hidden]),
            speaker=ActorFactory(slug="canary-hidden"),
            published=True,
        ),
    ]
    withdrawn = QuoteFactory(article=article, speaker=ActorFactory(slug="canary-withdrawn"), published=True)
    withdrawn.withdraw(by=EditorFactory(), revision=withdrawn.revision, now=NOW, reason="Wrong speaker")
    ClaimFactory(story=hidden, slug="canary-claim")
    ActorFactory(slug="canary-silent")
    shown = ActorFactory(slug="shown")
    merged = ActorFactory(slug="canary-merged", merged_into=shown)
    QuoteFactory(article=article, speaker=merged, published=True)
    named = " ".join(everything(client))
    assert "canary" not in named
    assert "/actors/shown/" in named
    for quote in [*drafts, withdrawn]:
        assert str(quote.uuid) not in named


def test_a_long_list_goes_on_in_further_files(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps.PublicSitemap, "limit", 2)
    stories = [StoryFactory() for _ in range(5)]
    index = locations(client, "/sitemap.xml")
    assert [address for address in index if "stories" in address] == [
        "https://newsdesk.example/sitemap-stories.xml",
        "https://newsdesk.example/sitemap-stories.xml?p=2",
        "https://newsdesk.example/sitemap-stories.xml?p=3",
    ]
    assert everything(client) == {f"https://newsdesk.example/stories/{story.slug}/" for story in stories}


def test_the_number_of_queries_stays(client: Client, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def make(number: int) -> None:
        for _ in range(number):
            story = StoryFactory()
            QuoteFactory(article=ArticleFactory(stories=[story]), published=True)
            ClaimFactory(story=story)

    make(1)
    with CaptureQueriesContext(connection) as few:
        everything(client)
    make(9)
    with django_assert_num_queries(len(few)):
        everything(client)


@pytest.mark.parametrize(
    "path", ["/sitemap-nothing.xml", "/sitemap-stories.xml?p=2", "/sitemap-stories.xml?p=%00"]
)
def test_a_part_that_is_none_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_robots_are_kept_from_the_desk_and_told_of_the_sitemap(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert {"Disallow: /desk/", "Disallow: /admin/", "Disallow: /search/?"} <= set(lines)
    assert {line for line in lines if line.startswith("Sitemap")} == {
        "Sitemap: https://newsdesk.example/sitemap.xml",
        "Sitemap: https://newsdesk.example/sitemap-news.xml",
    }
    assert not re.search(r"Disallow: /\s*$", "\n".join(lines), re.MULTILINE)


NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


def test_what_was_published_in_the_last_two_days_is_news(client: Client) -> None:
    now, hidden = timezone.now().replace(microsecond=0), StoryFactory(status="draft")
    story = StoryFactory(slug="first")
    hour = dt.timedelta(hours=1)
    fresh = ArticleFactory(
        headline="Ministers <meet> & \x0bask",
        outlet__name="The Courier & Post",
        published_at=now - hour,
        stories=[story],
    )
    older = ArticleFactory(published_at=now - 47 * hour, language="", stories=[story])
    ArticleFactory(published_at=now - 49 * hour, stories=[story])
    ArticleFactory(published_at=now + hour, stories=[story])
    ArticleFactory(published_at=None, stories=[story])
    ArticleFactory(published_at=now - hour, stories=[hidden])
    ArticleFactory(published_at=now - hour)
    assert locations(client, "/sitemap-news.xml") == [
        f"https://newsdesk.example/stories/first/articles/{one.pk}/" for one in (fresh, older)
    ]
    root = ET.fromstring(client.get("/sitemap-news.xml").content)
    assert [one.text for one in root.iter(f"{NEWS}title")] == ["Ministers <meet> & ask", older.headline]
    assert [one.text for one in root.iter(f"{NEWS}name")] == ["The Courier & Post", older.outlet.name]
    assert [one.text for one in root.iter(f"{NEWS}language")] == ["en-GB", "en"]
    dates = [one.text for one in root.iter(f"{NEWS}publication_date")]
    assert dates == [(now - hour).isoformat(), (now - 47 * hour).isoformat()]
