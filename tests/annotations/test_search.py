import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.models import Quote
from articles.models import Article
from articles.search import CAP
from tests.factories import (
    NOW,
    ActorFactory,
    AliasFactory,
    ArticleFactory,
    ClaimFactory,
    OutletFactory,
    QuoteFactory,
    RoleFactory,
    StanceFactory,
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
    assert 'href="/search/?actor=hunt&outlet=wire"' in both  # the chip that takes the Post away


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
        "claim=%00",
        "claim=a.b.c",
        "claim=.",
        "stance=%00&kind='",
        "when=0000",
        "when=9999-12",
        "when=2019-13",
        "in=%00",
        "in=quotes&q=%00",
        "in=quotes&q=((&from=0001-01-01&when=0001",
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


@pytest.mark.parametrize("listed", ["articles", "quotes"])
def test_ten_times_the_articles_take_as_many_queries(
    client: Client, story, django_assert_num_queries, listed: str
) -> None:
    claim = ClaimFactory(story=story, slug="out")
    speaker, outlet = ActorFactory(slug="hunt"), OutletFactory(slug="post")

    def make(number: int) -> None:
        for _ in range(number):
            article = ArticleFactory(outlet=outlet, stories=[story])
            quote = QuoteFactory(article=article, speaker=speaker, published=True)
            StanceFactory(quote=quote, claim=claim)

    query = (
        f"q=compromise&in={listed}&outlet=post&actor=hunt&claim={story.slug}.out&stance=opposes&kind=direct"
        "&when=2019-05&from=2019-01-01&to=2019-12-31&sort=newest"
    )
    make(21)
    assert f"21 {listed}" in page(client, query)
    with CaptureQueriesContext(connection) as few:
        page(client, query)
    make(189)
    with django_assert_num_queries(len(few)):
        assert f"210 {listed}" in page(client, query)
    assert len(few) <= 26  # with every filter on


# What is asked of quotes, and the quotes themselves.


@pytest.fixture
def told(story):
    """Three articles of two years: Hunt is against it in one and for it in another, Wright is against it."""
    claim = ClaimFactory(story=story, slug="out", text="The vendor should be kept out.")
    other = ClaimFactory(story=story, slug="cheap", text="The vendor is cheap.")
    hunt = ActorFactory(name="Jeremy Hunt", slug="jeremy-hunt")
    wright = ActorFactory(name="Jeremy Wright", slug="jeremy-wright")
    RoleFactory(actor=hunt, title="Foreign Secretary")
    post, wire = OutletFactory(name="The Post", slug="post"), OutletFactory(name="The Wire", slug="wire")
    for headline, outlet, year, actor, kind, words, positions in (
        (
            "Hunt against",
            post,
            2019,
            hunt,
            "direct",
            "We will not compromise on security,",
            {claim: "opposes"},
        ),
        ("Hunt for", wire, 2018, hunt, "indirect", "But we have not decided.", {claim: "supports"}),
        (
            "Wright against",
            post,
            2019,
            wright,
            "mixed",
            "the rollout of 5G could be delayed",
            {claim: "opposes", other: "supports"},
        ),
    ):
        article = ArticleFactory(
            headline=headline,
            outlet=outlet,
            published_at=dt.datetime(year, 5, 9, 12, tzinfo=dt.UTC),
            stories=[story],
        )
        quote = QuoteFactory(article=article, speaker=actor, kind=kind, exact=words, published=True)
        for of, position in positions.items():
            StanceFactory(quote=quote, claim=of, position=position)
    return story


HEADLINES = ("Hunt against", "Hunt for", "Wright against")


@pytest.mark.parametrize(
    ("query", "headlines"),
    [
        ("stance=opposes", {"Hunt against", "Wright against"}),
        ("stance=opposes&actor=jeremy-hunt", {"Hunt against"}),
        ("stance=supports", {"Hunt for", "Wright against"}),
        ("stance=supports&claim={}.out", {"Hunt for"}),
        ("stance=supports&claim={}.cheap", {"Wright against"}),
        ("claim={}.out&kind=mixed&kind=indirect", {"Hunt for", "Wright against"}),
        ("when=2019", {"Hunt against", "Wright against"}),
        ("when=2018-05", {"Hunt for"}),
        ("when=2018-06", set()),
        ("when=2019&from=2019-05-10", set()),
        ("kind=direct&stance=supports", set()),
    ],
)
def test_what_is_asked_of_a_quote_is_asked_of_one_quote(
    client: Client, told, query: str, headlines: set[str]
) -> None:
    html = page(client, query.format(told.slug))
    assert {one for one in HEADLINES if one in html} == headlines
    assert count_of(html, "articles") == len(headlines)
    # And the same quotes stand on their own.
    quotes = page(client, f"in=quotes&{query}".format(told.slug))
    assert count_of(quotes, "quotes") == len(headlines)
    assert quotes.count("<figure") == len(headlines)


def count_of(html: str, listed: str) -> int:
    links = re.findall(r'class="listings__link"[^>]*>(\d+) (article|quote)s?<', html)
    return {f"{what}s": int(number) for number, what in links}[listed]


@pytest.mark.parametrize("listed", ["articles", "quotes"])
@pytest.mark.parametrize(
    "on", ["", "actor=jeremy-hunt", "stance=opposes", "kind=direct&outlet=post", "when=2019"]
)
def test_every_number_is_what_choosing_it_leaves(client: Client, told, listed: str, on: str) -> None:
    """What is chosen in one facet widens the others of it; each is asked for alone here."""
    html = page(client, f"in={listed}&{on}")
    offered = re.findall(
        r'name="(\w+)" value="([^"]+)"[^>]*>.*?class="count">(\d+)<', html.split('id="filters"')[1], re.DOTALL
    )
    assert {name for name, _, _ in offered} == {"stance", "actor", "claim", "outlet", "kind", "when"}
    for name, value, number in offered:
        kept = [pair for pair in on.split("&") if not pair.startswith(f"{name}=")]
        narrowed = page(client, "&".join(filter(None, [f"in={listed}", *kept, f"{name}={value}"])))
        assert count_of(narrowed, listed) == int(number), (name, value)


def test_years_lead_to_their_months_and_each_filter_comes_off(client: Client, told) -> None:
    html = page(client)
    assert 'value="2018"' in html
    assert 'value="2018-05"' not in html
    html = page(client, f"when=2018&stance=supports&kind=indirect&claim={told.slug}.out&actor=jeremy-hunt")
    assert option(html, "2018-05") == "1"
    for left in (
        f"/search/?stance=supports&actor=jeremy-hunt&claim={told.slug}.out&kind=indirect",
        f"/search/?stance=supports&actor=jeremy-hunt&claim={told.slug}.out&when=2018",
        f"/search/?actor=jeremy-hunt&claim={told.slug}.out&kind=indirect&when=2018",
        "/search/?stance=supports&actor=jeremy-hunt&kind=indirect&when=2018",
    ):
        assert f'class="chip" href="{left}"' in html
    assert "from 1 June" not in html
    assert "<bdi>May 2018</bdi>" in page(client, "when=2018-05")


def test_quotes_are_found_by_their_own_words_with_who_says_them_and_where(client: Client, told) -> None:
    html = page(client, "in=quotes&q=compromise")
    assert "We will not <mark>compromise</mark> on security," in html
    assert '<a href="/actors/jeremy-hunt/"><bdi>Jeremy Hunt</bdi></a>' in html
    assert 'direct speech, “<bdi lang="en-GB" dir="ltr">told</bdi>”' in html
    assert "stance--opposes" in html
    assert "The Post" in html
    assert re.search(r'href="/stories/[\w-]+/articles/\d+/\?version=1#quote-[\w-]+">The words', html)
    assert re.search(r'href="/quotes/[\w-]+/">Permalink', html)
    # Every article has these words, one quote only.
    assert count_of(html, "articles") == 3
    assert count_of(html, "quotes") == 1
    assert "will not" in page(client, "in=quotes&q=“will not”")
    assert count_of(page(client, "in=quotes&q=“will not”"), "quotes") == 1
    nothing = page(client, "in=quotes&q=equipment")
    assert "No quote has “<bdi>equipment</bdi>”" in nothing
    assert "have it, in other words than those quoted" in nothing


def test_pages_of_quotes_meet_every_quote_once(client: Client, story) -> None:
    made = set()
    for number in range(23):
        when = NOW - dt.timedelta(days=number // 2) if number < 18 else None
        article = ArticleFactory(published_at=when, stories=[story])
        made |= {
            str(QuoteFactory(article=article, exact=words, published=True).uuid)
            for words in ("We will not compromise", "But we have not decided.")
        }
    for first in ("in=quotes", "in=quotes&q=we", "in=quotes&q=we&sort=newest"):
        seen: list[str] = []
        query = first
        while True:
            html = page(client, query)
            seen += re.findall(r'<figure [^>]*id="quote-([\w-]+)"', html)
            if 'rel="next"' not in html:
                break
            query = html.split('rel="next" href="/search/?')[1].split('"')[0]
        assert sorted(seen) == sorted(made), first


def test_quotes_that_are_not_published_are_neither_listed_nor_counted(client: Client, told) -> None:
    article = Article.objects.get(headline="Hunt for")
    secret = ActorFactory(name="Secret Speaker", slug="secret")
    draft = QuoteFactory(article=article, speaker=secret, kind="mixed", exact="The vendor denies")
    StanceFactory(quote=draft, claim=draft.stances.model.objects.first().claim, position="unclear")
    hidden = StanceFactory(
        quote=Quote.objects.published().first(),
        claim=ClaimFactory(story=StoryFactory(status="draft"), text="Canary claim."),
        position="mixed",
    )
    for listed in ("articles", "quotes"):
        html = page(client, f"in={listed}")
        assert "Secret Speaker" not in html
        assert 'value="unclear"' not in html
        assert 'value="mixed" checked' not in html
        assert "Canary" not in html
        assert "stance-mixed" not in html
        assert count_of(html, "quotes") == 3
        assert count_of(page(client, f"in={listed}&stance=mixed"), listed) == 0
        named = f"{hidden.claim.story.slug}.{hidden.claim.slug}"
        assert "is no filter of this search" in page(client, f"in={listed}&claim={named}")
    assert count_of(page(client, "in=quotes&q=denies"), "quotes") == 0


@pytest.mark.parametrize(
    ("typed", "slugs", "is_guessed"),
    [
        ("Pompoe", {"pompeo"}, True),
        ("mike pompeio", {"pompeo"}, True),
        ("jeremy hun", {"jeremy-hunt"}, False),
        ("jeremey hunt", {"jeremy-hunt"}, True),
        ("foreign secretary", {"jeremy-hunt"}, False),
        ("foreign", {"jeremy-hunt"}, False),
        ("jeremy", {"jeremy-hunt", "jeremy-wright"}, False),
        ("secretary of state", {"pompeo"}, False),
        ("unt", set(), False),
        ("wrong", set(), False),
        ("harbour", set(), False),
        ("pompeo hunt", set(), False),
        ("huntsman", set(), False),
        ("decided", set(), False),
    ],
)
def test_names_are_found_with_slips_aliases_and_roles_and_nobody_else(
    client: Client, told, typed: str, slugs: set[str], is_guessed: bool
) -> None:
    pompeo = ActorFactory(name="Michael R. Pompeo", slug="pompeo")
    AliasFactory(actor=pompeo, name="Mike Pompeo")
    RoleFactory(actor=pompeo, title="US Secretary of State")
    QuoteFactory(article=Article.objects.first(), speaker=pompeo, published=True)
    ActorFactory(name="Mike Pompoe", slug="hidden")
    html = page(client, f"q={typed}")
    _, _, named = html.partition('class="found-actors')
    assert set(re.findall(r'href="/actors/([\w-]+)/"', named.partition("</section>")[0])) == slugs
    assert ("Did you mean somebody" in html) == is_guessed


def test_where_nothing_is_found_a_name_put_right_is_offered_if_it_finds_something(
    client: Client, story
) -> None:
    pompeo = ActorFactory(name="Mike Pompeo")
    article = ArticleFactory(headline="Pompeo urges a ban", stories=[story])
    QuoteFactory(article=article, speaker=pompeo, published=True)
    html = page(client, "q=pompoe urges")
    assert 'Did you mean <a href="/search/?q=pompeo+urges"><bdi>pompeo urges</bdi></a>?' in html
    assert "Did you mean" not in page(client, "q=pompoe zebra")


def test_what_lies_beyond_the_cap_can_still_be_reached_by_its_year(client: Client, story) -> None:
    outlet, template = OutletFactory(), ArticleFactory(stories=[story])
    Article.objects.update(published_at=NOW.replace(year=2016))
    many = Article.objects.bulk_create(
        Article(
            outlet=outlet, headline=f"Vendor {n}", current_version=template.current_version, published_at=NOW
        )
        for n in range(CAP + 1)
    )
    story.articles.add(*many)
    html = page(client, "q=vendor")
    assert option(html, "2019") == "1000+"
    assert option(html, "2016") == ""
    assert "Numbers are of the newest 1,000." in html
    html = page(client, "q=vendor&when=2016")
    assert option(html, "2016-05") == "1"
    assert "1 article" in html


def test_words_from_right_to_left_stand_so(client: Client, story) -> None:
    article = ArticleFactory(
        language="ar", headline="الشبكات", text="قال الوزير إن الشبكات الجديدة آمنة تماما.", stories=[story]
    )
    QuoteFactory(article=article, exact="الشبكات الجديدة آمنة", published=True)
    assert 'lang="ar" dir="rtl">قال الوزير إن <mark>الشبكات</mark>' in page(client, "q=الشبكات")
    html = page(client, "in=quotes&q=الشبكات")
    assert re.search(r'lang="ar" dir="rtl" cite="[^"]+"><p><mark>الشبكات</mark> الجديدة', html)


def test_hostile_words_of_a_quote_stay_words(client: Client, story) -> None:
    article = ArticleFactory(text=f"Before {HOSTILE} \ue000odd\ue001 after.", stories=[story])
    QuoteFactory(article=article, exact=f"{HOSTILE} \ue000odd\ue001 after.", mention=HOSTILE, published=True)
    for query in ("in=quotes", "in=quotes&q=delay", "in=quotes&q=odd", f"in=quotes&q={HOSTILE}"):
        raw = client.get(f"/search/?{query}").content.decode()
        assert "&lt;img src=x" in raw
        assert "<img src=x" not in raw
        assert "<b>" not in raw.partition('id="results"')[2].replace("<b>Most", "").replace("<b>Newest", "")
    assert "<mark>odd</mark>" in client.get("/search/?in=quotes&q=odd").content.decode()


def test_the_feed_of_a_search_has_its_filters(client: Client, told) -> None:
    def titles(query: str) -> set[str]:
        return {item["title"] for item in client.get(f"/feeds/search.json?{query}").json()["items"]}

    query = "stance=opposes&actor=jeremy-hunt&when=2019"
    assert titles(query) == {"The Post: Hunt against"}
    assert titles(f"in=quotes&{query}") == {"Jeremy Hunt: We will not compromise on security,"}
    assert titles(f"in=quotes&{query}&q=zebra") == set()
    html = page(client, f"in=quotes&{query}&q=we")
    linked = re.search(r'type="application/feed\+json"[^>]* href="/feeds/search.json\?([^"]*)"', html)
    assert linked
    assert titles(linked[1]) == titles(f"in=quotes&{query}")


def test_htmx_gets_the_numbers_of_all_facets_and_keeps_what_is_listed(client: Client, told) -> None:
    response = client.get("/search/?in=quotes&when=2019&actor=jeremy-hunt", headers={"HX-Request": "true"})
    html = response.content.decode()
    assert response.headers["HX-Push-Url"] == "/search/?in=quotes&actor=jeremy-hunt&when=2019"
    for facet in ("stance", "actor", "claim", "outlet", "kind", "when"):
        assert f'id="facet-{facet}" hx-swap-oob="true"' in html
    assert 'data-status="1 quote found."' in html
