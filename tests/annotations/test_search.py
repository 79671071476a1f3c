import datetime as dt
from html import unescape

import pytest
from django.test import Client

from articles.models import Article
from articles.search import CAP
from tests.factories import (
    NOW,
    ActorFactory,
    AliasFactory,
    ArticleFactory,
    OutletFactory,
    QuoteFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HOSTILE = '<img src=x onerror=alert(1)> & "quoted" <b>delay</b>'


def page(client: Client, query: str = "", status: int = 200, **headers: str) -> str:
    response = client.get(f"/search/?{query}", headers=headers or None)
    assert response.status_code == status
    return unescape(response.content.decode())


@pytest.fixture
def story():
    return StoryFactory()


def test_finds_by_headline_byline_and_body_and_marks_the_words(client: Client, story) -> None:
    ArticleFactory(headline="Ministers meet", byline="Connor Jones", stories=[story])
    for words in ("ministers meeting", "connor", "lawmakers"):
        assert "Ministers meet" in page(client, f"q={words}")
    assert "<mark>lawmakers</mark>" in page(client, "q=lawmaker")
    assert "No article has “<bdi>parliamentarian</bdi>”" in page(client, "q=parliamentarian")


def test_without_words_all_articles_stand_newest_first(client: Client, story) -> None:
    ArticleFactory(headline="The elder", published_at=NOW - dt.timedelta(days=1), stories=[story])
    ArticleFactory(headline="The younger", published_at=NOW, stories=[story])
    ArticleFactory(headline="The undated", published_at=None, stories=[story])
    html = page(client)
    assert html.index("The younger") < html.index("The elder") < html.index("The undated")
    assert "3 articles" in html


def test_outlets_and_speakers_are_facets_that_combine(client: Client, story) -> None:
    post, wire = OutletFactory(name="The Post", slug="post"), OutletFactory(name="The Wire", slug="wire")
    hunt, wright = ActorFactory(name="Hunt", slug="hunt"), ActorFactory(name="Wright", slug="wright")
    for outlet, actor, headline in (
        (post, hunt, "Hunt in the Post"),
        (post, wright, "Wright in the Post"),
        (wire, hunt, "Hunt on the Wire"),
    ):
        article = ArticleFactory(outlet=outlet, headline=headline, stories=[story])
        QuoteFactory(article=article, speaker=actor, published=True)
    html = page(client, "outlet=post&actor=hunt")
    assert "Hunt in the Post" in html
    assert "Wright in the Post" not in html
    assert "Hunt on the Wire" not in html
    # Each facet counts what it would leave, the other one being on.
    assert option(html, "post") == "1"
    assert option(html, "wire") == "1"
    assert option(html, "hunt") == "1"
    assert option(html, "wright") == "1"
    both = page(client, "outlet=post&outlet=wire&actor=hunt")
    assert "Hunt in the Post" in both
    assert "Hunt on the Wire" in both
    assert 'href="/search/?outlet=wire&actor=hunt"' in both  # the chip that takes the Post away


def option(html: str, value: str) -> str:
    return html.split(f'value="{value}"')[1].split('class="count">')[1].partition("<")[0]


def test_a_speaker_is_a_facet_by_published_quotes_only(client: Client, story) -> None:
    article = ArticleFactory(stories=[story])
    QuoteFactory(article=article, speaker=ActorFactory(name="Shown Speaker"), published=True)
    QuoteFactory(article=article, speaker=ActorFactory(name="Draft Speaker"))
    html = page(client)
    assert "Shown Speaker" in html
    assert "Draft Speaker" not in html


def test_what_a_merged_actor_said_counts_for_the_one_it_was_merged_into(client: Client, story) -> None:
    kept = ActorFactory(name="Jeremy Hunt", slug="jeremy-hunt")
    merged = ActorFactory(name="J Hunt", slug="j-hunt", merged_into=kept)
    QuoteFactory(article=ArticleFactory(headline="He spoke", stories=[story]), speaker=merged, published=True)
    html = page(client, "actor=jeremy-hunt")
    assert "He spoke" in html
    assert option(html, "jeremy-hunt") == "1"
    assert "J Hunt" not in html


def test_a_range_of_days_leaves_out_the_undated_and_says_so(client: Client, story) -> None:
    ArticleFactory(headline="On the ninth", published_at=NOW, stories=[story])
    ArticleFactory(headline="Never dated", published_at=None, stories=[story])
    html = page(client, "from=2019-05-09&to=2019-05-09")
    assert "On the ninth" in html
    assert "Never dated" not in html
    assert "Undated articles are left out" in html
    assert "until 9 May 2019" in html
    assert "No article matches this filter" in page(client, "to=2019-05-08")


def test_actors_of_that_name_or_alias_stand_at_the_top(client: Client, story) -> None:
    pompeo = ActorFactory(name="Michael Pompeo", slug="pompeo")
    AliasFactory(actor=pompeo, name="Mike Pompeo")
    QuoteFactory(article=ArticleFactory(stories=[story]), speaker=pompeo, published=True)
    QuoteFactory(
        article=ArticleFactory(stories=[story]), speaker=ActorFactory(name="Pompeo Draft", slug="draft")
    )
    for words in ("mike pompeo", "POMPEO", "“Mike Pompeo”"):
        html = page(client, f"q={words}")
        assert '<a href="/actors/pompeo/">' in html
        assert "Pompeo Draft" not in html
    assert "/actors/pompeo/" not in page(client, "q=mike+wright")


def test_pages_follow_each_other_and_meet_every_article_once(client: Client, story) -> None:
    made = {ArticleFactory(headline=f"Vendor {n}", stories=[story]).pk for n in range(45)}
    for first in ("", "q=vendor", "q=vendor&sort=newest"):
        seen: list[int] = []
        query = first
        while True:
            html = page(client, query)
            seen += [int(part.split("/")[0]) for part in html.split(f"/stories/{story.slug}/articles/")[1:]]
            if 'rel="next"' not in html:
                break
            query = html.split('rel="next" href="/search/?')[1].split('"')[0]
        assert sorted(seen) == sorted(made), first


def test_the_most_relevant_comes_first_unless_the_newest_is_asked_for(client: Client, story) -> None:
    ArticleFactory(headline="The vendor", published_at=NOW - dt.timedelta(days=9), stories=[story])
    ArticleFactory(headline="Weather", published_at=NOW, stories=[story])  # its text names the vendor once
    html = page(client, "q=vendor")
    assert html.index("The vendor") < html.index("Weather")
    html = page(client, "q=vendor&sort=newest")
    assert html.index("Weather") < html.index("The vendor")


def test_a_query_without_a_word_asks_nothing_and_says_what_to_do(client: Client, story) -> None:
    ArticleFactory(headline="Some article", stories=[story])
    html = page(client, "q=%3F%3F%3F")
    assert "There is no word in “<bdi>???</bdi>”" in html
    assert "Some article" not in html
    assert "Left out, because nearly every text has it: <bdi>the</bdi>" in page(client, "q=the+vendor")


def test_counts_stop_at_the_cap(client: Client, story) -> None:
    outlet, template = OutletFactory(), ArticleFactory(stories=[story])
    many = Article.objects.bulk_create(
        Article(outlet=outlet, headline=f"Vendor {n}", current_version=template.current_version)
        for n in range(CAP + 1)
    )
    story.articles.add(*many)
    html = page(client, "q=vendor")
    assert "1,000+ articles" in html
    assert "of the newest 1,000" in html


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=a%00b",
        "q=%ff%fe",
        "q=%ed%a0%80",
        "q=" + "x" * 5000,
        "q=" + "%27%28%26" * 60,
        "outlet=%00",
        "outlet='; --",
        "actor=%F0%9F%98%80",
        "actor=" + "&actor=".join(str(n) for n in range(500)),
        "from=yesterday",
        "from=%00",
        "from=0001-01-01",
        "to=9999-12-31",
        "from=0001-01-01&to=9999-12-31",
        "from=2019-05-09&to=2019-05-08",
        "sort=%00",
        "sort=nothing",
        "after=%00",
        "q=vendor&after=nan_1",
        "q=vendor&after=-inf_1",
        "q=vendor&after=",
        "unknown=1",
    ],
)
def test_no_query_is_too_odd(client: Client, story, query: str) -> None:
    ArticleFactory(stories=[story])
    page(client, query)


@pytest.mark.parametrize(
    "after", ["x", "9999999999999999999_1", "undated_99999999999999999999", "2019_1", "nan_1", "inf_1"]
)
def test_a_page_that_begins_nowhere_is_not_found(client: Client, story, after: str) -> None:
    ArticleFactory(stories=[story])
    page(client, f"after={after}", status=404)


@pytest.mark.parametrize("after", ["x", "x_1", "2019-05-09T00:00:00Z_1", "undated_1", "0.1_x"])
def test_nor_is_one_of_the_most_relevant(client: Client, story, after: str) -> None:
    ArticleFactory(stories=[story])
    page(client, f"q=vendor&after={after}", status=404)


def test_what_is_no_filter_is_left_out_and_named_as_such(client: Client, story) -> None:
    ArticleFactory(headline="Still here", stories=[story])
    for query in ("outlet=nowhere", "actor=nobody", "from=yesterday"):
        html = page(client, query)
        assert "Part of the address is no filter of this search" in html
        assert "Still here" in html


def test_hostile_text_never_becomes_markup(client: Client, story) -> None:
    outlet = OutletFactory(name=f"Outlet {HOSTILE}")
    article = ArticleFactory(
        outlet=outlet,
        headline=f"Headline {HOSTILE}",
        byline=f"Byline {HOSTILE}",
        text=f"Before {HOSTILE} \ue000delay\ue001 </p><script>alert(1)</script> a vendor.",
        stories=[story],
    )
    QuoteFactory(
        article=article,
        exact="a vendor",
        speaker=ActorFactory(name=f"Actor {HOSTILE}", slug="hostile"),
        published=True,
    )
    for query in ("q=delay", f"q={HOSTILE}", "q=vendor&actor=hostile", "q=actor&from=2019-01-01"):
        raw = client.get(f"/search/?{query}").content.decode()
        assert "<img src=x" not in raw
        assert "<script>alert" not in raw
        assert "<b>delay" not in raw
        assert "\ue000" not in raw
        assert "\ue001" not in raw
    assert "<mark>delay</mark>" in raw or "<mark>" in client.get("/search/?q=delay").content.decode()


def test_nothing_but_articles_of_published_stories_is_found(client: Client) -> None:
    hidden = StoryFactory(status="draft")
    outlet = OutletFactory(name="Canary Outlet", slug="canary-outlet")
    article = ArticleFactory(
        headline="Canary headline", text="Canary vendor.", outlet=outlet, stories=[hidden]
    )
    QuoteFactory(
        article=article,
        exact="Canary vendor.",
        speaker=ActorFactory(name="Canary Actor", slug="canary"),
        published=True,
    )
    ArticleFactory(headline="Canary orphan")
    for query in ("", "q=vendor", "q=canary&sort=newest", "outlet=canary-outlet", "actor=canary"):
        assert "Canary" not in page(client, query).replace("“canary”", "")


def test_htmx_gets_the_results_with_new_counts_and_a_clean_address(client: Client, story) -> None:
    ArticleFactory(headline="Found it", stories=[story])
    response = client.get("/search/?q=vendor&outlet=&from=&to=&sort=", headers={"HX-Request": "true"})
    html = response.content.decode()
    assert response.headers["HX-Push-Url"] == "/search/?q=vendor"
    assert "HX-Request" in response.headers["Vary"]
    assert "<html" not in html
    assert 'id="results"' in html
    assert 'id="facet-outlet" hx-swap-oob="true"' in html
    assert 'data-status="1 article found."' in html
    assert "Found it" in html


def test_the_page_is_the_same_for_everybody(client: Client, admin_client: Client, story) -> None:
    ArticleFactory(stories=[story])
    stranger, administrator = client.get("/search/?q=vendor"), admin_client.get("/search/?q=vendor")
    assert stranger.content == administrator.content
    assert stranger.headers["Cache-Control"].startswith("public")
    assert "csrfmiddlewaretoken" not in stranger.content.decode()
    assert not stranger.cookies


def test_ten_times_the_articles_take_as_many_queries(
    client: Client, story, django_assert_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def make(number: int) -> None:
        for _ in range(number):
            QuoteFactory(article=ArticleFactory(stories=[story]), published=True)

    queries = "q=vendor&outlet={}&actor={}&from=2019-01-01"
    make(2)
    quoted = Article.objects.first()
    query = queries.format(quoted.outlet.slug, quoted.quotes.first().speaker.slug)
    page(client, query)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client, query)
    make(18)
    with django_assert_num_queries(len(few)):
        page(client, query)
    assert len(few) <= 14
