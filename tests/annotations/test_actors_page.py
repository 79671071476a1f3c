import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.models import Actor
from tests.factories import (
    NOW,
    ActorFactory,
    AliasFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    OutletFactory,
    QuoteFactory,
    RoleFactory,
    StanceFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)> & <b>bold</b>"


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return unescape(response.content.decode())


def names(html: str) -> list[str]:
    return re.findall(r'article-card__headline"><a href="/actors/[^"]+"><bdi>([^<]+)<', html)


@pytest.fixture
def story():
    return StoryFactory(title="The decision")


def quoted(story, **actor) -> Actor:
    """An actor with a published quote."""
    made = ActorFactory(**actor)
    QuoteFactory(article=ArticleFactory(stories=[story]), speaker=made, published=True)
    return made


class TestTheList:
    def test_who_speaks_stands_by_name_with_counts(self, client: Client, story) -> None:
        hunt = quoted(story, name="jeremy Hunt", description="Foreign secretary once.")
        outlet = OutletFactory()
        for _ in range(2):
            QuoteFactory(article=ArticleFactory(stories=[story], outlet=outlet), speaker=hunt, published=True)
        quoted(story, name="Adam Able")
        html = page(client, "/actors/")
        assert names(html) == ["Adam Able", "jeremy Hunt"]
        assert "3 quotes in 2 outlets" in html
        assert "1 quote in 1 outlet<" in html
        assert "Foreign secretary once." in html

    def test_one_who_only_relayed_what_others_said_is_there(self, client: Client, story) -> None:
        bbc = ActorFactory(name="BBC", kind="organisation")
        QuoteFactory(article=ArticleFactory(stories=[story]), relayed_by_actor=bbc, published=True)
        assert "relayed what others said" in page(client, "/actors/?name=bbc")

    def test_name_alias_and_kind_narrow_it(self, client: Client, story) -> None:
        AliasFactory(actor=quoted(story, name="Michael Pompeo"), name="Mike Pompeo")
        quoted(story, name="United Kingdom", kind="government")
        assert names(page(client, "/actors/?name=mike")) == ["Michael Pompeo"]
        assert names(page(client, "/actors/?kind=government")) == ["United Kingdom"]
        html = page(client, "/actors/?name=mike&kind=government")
        assert names(html) == []
        assert "Nobody matches all of these filters" in html
        assert 'href="/actors/?kind=government"' in html

    def test_it_goes_on_over_pages(self, client: Client, story) -> None:
        for number in range(60):
            quoted(story, name=f"Speaker {number:02}")
        first, second = names(page(client, "/actors/")), names(page(client, "/actors/?page=2"))
        assert first + second == [f"Speaker {number:02}" for number in range(60)]

    def test_an_empty_list_says_what_will_be_there(self, client: Client) -> None:
        assert "Nobody has been quoted yet" in page(client, "/actors/")

    def test_only_those_of_whom_readers_may_know(self, client: Client, story) -> None:
        article = ArticleFactory(stories=[story])
        QuoteFactory(article=article, speaker=ActorFactory(name="Canary draft"))
        QuoteFactory(article=article, speaker=ActorFactory(name="Canary suggested"), status="suggested")
        rejected = QuoteFactory(article=article, speaker=ActorFactory(name="Canary rejected"))
        rejected.reject(by=EditorFactory(), revision=rejected.revision, now=NOW)
        withdrawn = QuoteFactory(
            article=article, speaker=ActorFactory(name="Canary withdrawn"), published=True
        )
        withdrawn.withdraw(by=EditorFactory(), revision=withdrawn.revision, now=NOW, reason="Wrong")
        hidden = ArticleFactory(stories=[StoryFactory(status="draft")])
        QuoteFactory(article=hidden, speaker=ActorFactory(name="Canary hidden"), published=True)
        ActorFactory(name="Canary silent")
        shown = quoted(story, name="Shown")
        merged = ActorFactory(name="Canary merged", merged_into=shown)
        QuoteFactory(article=article, speaker=merged, published=True)
        for address in ("/actors/", "/actors/?kind=person", "/actors/?name=a"):
            assert "Canary" not in page(client, address)
        assert "2 quotes in 2 outlets" in page(client, "/actors/")

    @pytest.mark.parametrize(
        "query",
        [
            "name=%00",
            "kind=%00",
            "kind=nothing",
            "page=%00",
            "page=-1",
            "page=999999999999",
            "name=" + "x" * 999,
        ],
    )
    def test_no_query_is_too_odd(self, client: Client, story, query: str) -> None:
        quoted(story)
        page(client, f"/actors/?{query}")

    def test_htmx_gets_the_list_and_a_clean_address(self, client: Client, story) -> None:
        quoted(story, name="Hunt")
        response = client.get("/actors/?name=hunt&page=", headers={"HX-Request": "true"})
        html = response.content.decode()
        assert response.headers["HX-Push-Url"] == "/actors/?name=hunt"
        assert "<html" not in html
        assert 'data-status="1 name."' in html
        assert 'id="facet-kind" hx-swap-oob="true"' in html

    def test_ten_times_the_actors_take_as_many_queries(
        self, client: Client, story, django_assert_num_queries
    ) -> None:
        for _ in range(2):
            quoted(story)
        client.get("/actors/")
        with CaptureQueriesContext(connection) as few:
            client.get("/actors/")
        for _ in range(18):
            quoted(story)
        with django_assert_num_queries(len(few)):
            client.get("/actors/")


class TestAnActor:
    def test_names_roles_and_quotes_with_the_role_held_then(self, client: Client, story) -> None:
        hunt = ActorFactory(name="Jeremy Hunt", slug="hunt", wikidata_id="Q123")
        AliasFactory(actor=hunt, name="Mr Hunt")
        government = ActorFactory(name="UK government", kind="government")
        RoleFactory(
            actor=hunt,
            title="Health secretary",
            since=dt.date(2012, 9, 4),
            until=dt.date(2018, 7, 8),
            organisation=government,
        )
        RoleFactory(
            actor=hunt, title="Foreign secretary", since=dt.date(2018, 7, 9), until=dt.date(2019, 7, 24)
        )
        article = ArticleFactory(stories=[story])
        QuoteFactory(article=article, speaker=hunt, published=True)  # said on 8 May 2019
        QuoteFactory(
            article=article,
            speaker=hunt,
            exact="The vendor denies",
            said_earliest=dt.date(2017, 1, 1),
            said_latest=dt.date(2017, 1, 1),
            published=True,
        )
        html = page(client, "/actors/hunt/")
        assert "<bdi>Mr Hunt</bdi>" in html
        assert 'href="https://www.wikidata.org/wiki/Q123"' in html
        roles = html.split("<dt>Roles</dt>")[1].split("</dl>")[0]
        assert roles.index("Foreign secretary") < roles.index("Health secretary, UK government")
        assert "4 September 2012" in roles
        said = html.split('id="said"')[1]
        assert said.index("1 January 2017") < said.index("Health secretary") < said.index("The vendor denies")
        assert (
            said.index("8 May 2019") < said.index("Foreign secretary") < said.index("We will not compromise")
        )
        assert "2 quotes</a> <span>in 1 article of 1 outlet" in html

    def test_every_quote_leads_to_its_words(self, client: Client, story) -> None:
        hunt = ActorFactory(slug="hunt")
        quote = QuoteFactory(article=ArticleFactory(stories=[story]), speaker=hunt, published=True)
        html = page(client, "/actors/hunt/")
        words = f"/stories/{story.slug}/articles/{quote.article_id}/?version=1#quote-{quote.uuid}"
        assert f'href="{words}"' in html
        assert f'href="/quotes/{quote.uuid}/"' in html
        assert f'id="quote-{quote.uuid}"' in page(client, words)

    def test_where_it_stands_on_each_claim(self, client: Client, story) -> None:
        hunt = ActorFactory(name="Hunt", slug="hunt")
        claim = ClaimFactory(story=story, text="The vendor should be kept out.")
        for _ in range(2):
            quote = QuoteFactory(article=ArticleFactory(stories=[story]), speaker=hunt, published=True)
            StanceFactory(quote=quote, claim=claim, position="opposes")
        other = QuoteFactory(article=ArticleFactory(stories=[story]), published=True)
        StanceFactory(quote=other, claim=ClaimFactory(story=story, text="Not about Hunt."))
        html = page(client, "/actors/hunt/")
        stands = html.split('id="stands"')[1].split('id="said"')[0]
        assert "The vendor should be kept out." in stands
        assert "Not about Hunt." not in stands
        assert "2 quotes in 2 outlets" in stands
        address = f"/stories/{story.slug}/?actor=hunt&stance=opposes&claim={claim.slug}"
        assert f'<a href="{address}#timeline">consistently opposed</a>' in stands
        opened = client.get(address).content.decode()
        assert opened.count("entry--quote") == 2

    def test_nothing_is_claimed_from_silence(self, client: Client, story) -> None:
        quoted(story, name="Hunt", slug="hunt")
        assert "No published quote of Hunt takes a stance" in page(client, "/actors/hunt/")

    def test_uncertain_and_unknown_dates_keep_their_reason(self, client: Client, story) -> None:
        hunt = ActorFactory(slug="hunt")
        article = ArticleFactory(stories=[story])
        QuoteFactory(
            article=article,
            speaker=hunt,
            said_earliest=dt.date(2019, 4, 29),
            said_latest=dt.date(2019, 5, 5),
            said_expression="last week",
            published=True,
        )
        QuoteFactory(
            article=article,
            speaker=hunt,
            exact="The vendor denies",
            said_earliest=None,
            said_latest=None,
            published=True,
        )
        html = page(client, "/actors/hunt/")
        assert '“<bdi lang="en-GB" dir="ltr">last week</bdi>” in the article of 9 May' in html
        assert "timeline__day--undated" in html

    def test_an_old_address_leads_to_the_actor_it_was_merged_into(self, client: Client, story) -> None:
        kept = quoted(story, name="Jeremy Hunt", slug="jeremy-hunt")
        between = ActorFactory(slug="j-hunt", merged_into=kept)
        first = ActorFactory(slug="hunt", merged_into=between)
        for slug in (between.slug, first.slug):
            response = client.get(f"/actors/{slug}/")
            assert response.status_code == 301
            assert response.headers["Location"] == "/actors/jeremy-hunt/"
        for speaker in (between, first):
            quote = QuoteFactory(article=ArticleFactory(stories=[story]), speaker=speaker, published=True)
            assert str(quote.uuid) in page(client, "/actors/jeremy-hunt/")

    def test_a_merge_into_one_that_nobody_may_know_of_tells_nothing(self, client: Client) -> None:
        ActorFactory(slug="merged", merged_into=ActorFactory(slug="unknown"))
        page(client, "/actors/merged/", 404)

    def test_one_of_whom_readers_may_not_know_is_not_found(self, client: Client, story) -> None:
        draft = ActorFactory(slug="draft")
        QuoteFactory(article=ArticleFactory(stories=[story]), speaker=draft)
        hidden = ActorFactory(slug="hidden")
        QuoteFactory(
            article=ArticleFactory(stories=[StoryFactory(status="draft")]), speaker=hidden, published=True
        )
        for slug in ("draft", "hidden", "nobody"):
            page(client, f"/actors/{slug}/", 404)

    def test_nothing_unpublished_is_on_the_page(self, client: Client, story) -> None:
        hunt = ActorFactory(slug="hunt")
        text = (
            "“Shown words,” he said. “Canary draft,” he said. “Canary withdrawn,” he said. “Canary rejected.”"
        )
        article = ArticleFactory(stories=[story], text=text)
        shown = QuoteFactory(article=article, speaker=hunt, exact="Shown words", published=True)
        QuoteFactory(article=article, speaker=hunt, exact="Canary draft", mention="Canary mention")
        withdrawn = QuoteFactory(article=article, speaker=hunt, exact="Canary withdrawn", published=True)
        withdrawn.withdraw(by=EditorFactory(), revision=withdrawn.revision, now=NOW, reason="Canary reason")
        rejected = QuoteFactory(article=article, speaker=hunt, exact="Canary rejected")
        rejected.reject(by=EditorFactory(), revision=rejected.revision, now=NOW)
        hidden = StoryFactory(status="draft", title="Canary story")
        hidden.articles.add(article)
        StanceFactory(quote=shown, claim=ClaimFactory(story=hidden, text="Canary claim", slug="canary-claim"))
        other = ArticleFactory(stories=[hidden], headline="Canary headline", text="Canary elsewhere.")
        QuoteFactory(article=other, speaker=hunt, exact="Canary elsewhere.", published=True)
        html = page(client, "/actors/hunt/")
        assert "Shown words" in html
        assert "anary" not in html
        assert "1 quote</a>" in html

    def test_hostile_text_stays_text(self, client: Client, story) -> None:
        actor = ActorFactory(name=f"Name {HOSTILE}", slug="hostile", description=f"Described {HOSTILE}")
        AliasFactory(actor=actor, name=f"Alias {HOSTILE}")
        RoleFactory(
            actor=actor, title=f"Role {HOSTILE}", organisation=ActorFactory(name=f"Organisation {HOSTILE}")
        )
        article = ArticleFactory(
            text=f"Before {HOSTILE} after.", stories=[story], outlet=OutletFactory(name=HOSTILE)
        )
        quote = QuoteFactory(
            article=article, speaker=actor, exact=f"{HOSTILE} after.", cue=HOSTILE, published=True
        )
        StanceFactory(quote=quote, claim=ClaimFactory(story=story, text=f"Claim {HOSTILE}"), note=HOSTILE)
        for address in ("/actors/", "/actors/hostile/", f"/actors/?name={HOSTILE}"):
            raw = client.get(address).content.decode()
            assert "<img src=x" not in raw
            assert "<b>bold" not in raw
            assert "&lt;img src=x" in raw

    def test_ten_times_the_quotes_take_as_many_queries(
        self, client: Client, story, django_assert_num_queries
    ) -> None:
        hunt = ActorFactory(slug="hunt")

        def make(number: int) -> None:
            for _ in range(number):
                quote = QuoteFactory(article=ArticleFactory(stories=[story]), speaker=hunt, published=True)
                StanceFactory(quote=quote, claim=ClaimFactory(story=story))
                RoleFactory(actor=hunt, organisation=ActorFactory())
                AliasFactory(actor=hunt)

        make(2)
        client.get("/actors/hunt/")
        with CaptureQueriesContext(connection) as few:
            client.get("/actors/hunt/")
        make(18)
        with django_assert_num_queries(len(few)):
            client.get("/actors/hunt/")

    def test_the_page_is_the_same_for_everybody(self, client: Client, admin_client: Client, story) -> None:
        quoted(story, slug="hunt")
        for address in ("/actors/", "/actors/hunt/"):
            stranger, administrator = client.get(address), admin_client.get(address)
            assert stranger.content == administrator.content
            assert stranger.headers["Cache-Control"].startswith("public")
            assert "csrfmiddlewaretoken" not in stranger.content.decode()
