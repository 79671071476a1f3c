import datetime as dt
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOW,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    OutletFactory,
    QuoteFactory,
    StanceFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)> & <b>bold</b>"


@pytest.fixture
def story():
    return StoryFactory(slug="decision", title="The decision")


@pytest.fixture
def claim(story):
    return ClaimFactory(story=story, slug="ban", text="The vendor should be kept out.")


def taken(claim, position: str, **quote):
    """A stance that a published quote takes, in an article of the claim's story."""
    quote = {"article": ArticleFactory(stories=[claim.story]), "published": True, **quote}
    return StanceFactory(quote=QuoteFactory(**quote), claim=claim, position=position)


def page(client: Client, query: str = "", status: int = 200) -> str:
    response = client.get(f"/stories/decision/claims/ban/{query}")
    assert response.status_code == status
    return unescape(response.content.decode())


def test_every_stance_stands_under_its_position_with_speaker_date_outlet_and_words(
    client: Client, claim
) -> None:
    hunt = ActorFactory(name="Jeremy Hunt", slug="hunt")
    stance = taken(claim, "opposes", speaker=hunt)
    StanceFactory(
        quote=stance.quote, claim=ClaimFactory(story=claim.story, text="Another claim."), position="supports"
    )
    stance.note = "Argues against it."
    stance.save()
    html = page(client)
    side = html.split('id="opposes"')[1]
    assert "The vendor should be kept out." in html
    assert "We will not compromise on security," in side
    assert '<a href="/actors/hunt/"><bdi>Jeremy Hunt</bdi></a>' in side
    assert "8 May 2019" in side
    assert "published <time" in side
    assert stance.quote.article.outlet.name in side
    assert "Argues against it." in side
    assert f"/articles/{stance.quote.article_id}/?version=1#quote-{stance.quote.uuid}" in side
    assert f"/quotes/{stance.quote.uuid}/" in side
    assert 'id="supports"' not in html


def test_positions_stand_in_the_order_of_the_legend_and_quotes_as_they_were_said(
    client: Client, claim
) -> None:
    may = dt.date(2019, 5, 1)
    for name, position, days in (
        ("Third", "opposes", 7),
        ("Second", "supports", 2),
        ("First", "supports", 1),
    ):
        day = may + dt.timedelta(days=days)
        taken(
            claim, position, speaker=ActorFactory(name=f"{name} speaker"), said_earliest=day, said_latest=day
        )
    taken(
        claim, "supports", speaker=ActorFactory(name="Undated speaker"), said_earliest=None, said_latest=None
    )
    html = page(client).split('id="quotes"')[1]
    order = ["First speaker", "Second speaker", "Undated speaker", "Third speaker"]
    assert sorted(order, key=html.index) == order
    assert html.index('id="supports"') < html.index('id="opposes"')


def test_it_says_who_stands_where_and_links_to_the_quotes_counted(client: Client, claim) -> None:
    hunt = ActorFactory(name="Jeremy Hunt", slug="hunt")
    for _ in range(2):
        taken(claim, "opposes", speaker=hunt)
    html = page(client).split('id="stands"')[1].split('id="quotes"')[0]
    assert "Jeremy Hunt" in html
    assert "2 quotes in 2 outlets" in html
    assert 'href="/stories/decision/?actor=hunt&stance=opposes&claim=ban#timeline"' in html


def test_an_unnamed_source_is_named_as_the_text_names_it(client: Client, claim) -> None:
    taken(claim, "supports", speaker=None, mention="a senior official")
    html = page(client)
    assert "“<bdi>a senior official</bdi>”" in html
    assert "unnamed source" in html


def test_who_was_merged_stands_in_the_list_as_the_actor_that_they_are(client: Client, claim) -> None:
    hunt = ActorFactory(name="Jeremy Hunt", slug="hunt")
    taken(claim, "opposes", speaker=ActorFactory(name="J. Hunt", slug="j-hunt", merged_into=hunt))
    html = page(client)
    assert '<a href="/actors/hunt/"><bdi>Jeremy Hunt</bdi></a>' in html.split('id="opposes"')[1]
    assert "J. Hunt" not in html


def test_the_list_goes_on_over_pages_with_its_position_named_again(client: Client, claim) -> None:
    for _ in range(52):
        taken(claim, "supports")
    first, second = page(client), page(client, "?page=2")
    assert first.count("<figure") == 50
    assert second.count("<figure") == 2
    assert "52 quotes, continued" in second
    assert 'rel="next"' in first


def test_a_claim_without_stances_says_so(client: Client, claim) -> None:
    assert "No published quote takes a stance on this yet" in page(client)


def test_nothing_unpublished_is_on_the_page(client: Client, claim) -> None:
    article = ArticleFactory(stories=[claim.story])
    taken(claim, "supports", article=article, speaker=ActorFactory(name="Shown speaker"))
    taken(claim, "supports", article=article, speaker=ActorFactory(name="Canary draft"), published=False)
    taken(
        claim,
        "supports",
        article=article,
        speaker=ActorFactory(name="Canary suggested"),
        published=False,
        status="suggested",
    )
    withdrawn = taken(claim, "opposes", article=article, speaker=ActorFactory(name="Canary withdrawn")).quote
    withdrawn.withdraw(by=EditorFactory(), revision=withdrawn.revision, now=NOW, reason="Canary reason")
    # A quote in an article that has left the story since.
    gone = taken(claim, "opposes", speaker=ActorFactory(name="Canary elsewhere")).quote
    claim.story.articles.remove(gone.article)
    html = page(client)
    assert "Shown speaker" in html
    assert "Canary" not in html
    assert "1 quote<" in html


def test_a_claim_of_another_or_of_no_published_story_is_not_found(client: Client, claim) -> None:
    other = StoryFactory(slug="other")
    assert client.get(f"/stories/{other.slug}/claims/ban/").status_code == 404
    assert client.get("/stories/decision/claims/nothing/").status_code == 404
    claim.story.unpublish(now=NOW)
    page(client, status=404)


def test_hostile_text_stays_text(client: Client, story) -> None:
    claim = ClaimFactory(story=story, slug="ban", text=f"Claim {HOSTILE}")
    story.title = f"Story {HOSTILE}"
    story.save()
    article = ArticleFactory(
        text=f"Before {HOSTILE} after.", stories=[story], outlet=OutletFactory(name=f"Outlet {HOSTILE}")
    )
    stance = taken(
        claim, "supports", article=article, exact=f"{HOSTILE} after.", speaker=ActorFactory(name=HOSTILE)
    )
    stance.note = f"Note {HOSTILE}"
    stance.save()
    raw = client.get("/stories/decision/claims/ban/").content.decode()
    assert "<img src=x" not in raw
    assert "<b>bold" not in raw
    assert raw.count("&lt;img src=x") >= 6


@pytest.mark.parametrize("query", ["?page=%00", "?page=-1", "?page=9999", "?page=x", "?at=x"])
def test_no_query_is_too_odd(client: Client, claim, query: str) -> None:
    taken(claim, "supports")
    page(client, query)


def test_ten_times_the_stances_take_as_many_queries(client: Client, claim, django_assert_num_queries) -> None:
    for position in ("supports", "opposes"):
        taken(claim, position)
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    for position in ("supports", "opposes", "mixed") * 6:
        taken(claim, position)
    with django_assert_num_queries(len(few)):
        page(client)


def test_the_page_is_the_same_for_everybody_and_names_the_feed(
    client: Client, admin_client: Client, claim
) -> None:
    taken(claim, "supports")
    stranger, administrator = (one.get("/stories/decision/claims/ban/") for one in (client, admin_client))
    assert stranger.content == administrator.content
    assert stranger.headers["Cache-Control"].startswith("public")
    assert 'href="/feeds/stories/decision/claims/ban.atom"' in stranger.content.decode()
