import datetime as dt
import json

import pytest
from django.test import Client

from annotations.leaving import schema_org
from annotations.leaving.records import Agent, Told
from annotations.templatetags.linked_data import json_ld
from tests.annotations.leaving.linked import SCRIPT, flattened, told_by, values
from tests.annotations.reading import HOSTILE
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

S = "https://schema.org/"
SITE = "https://newsdesk.example"


@pytest.fixture(autouse=True)
def address(settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def quote():
    story = StoryFactory(slug="decision", title="The decision", summary="Who wants what.")
    outlet = OutletFactory(name="The Courier", domain="courier.example")
    article = ArticleFactory(
        headline="Ministers meet",
        outlet=outlet,
        stories=[story],
        url="https://courier.example/1",
        archive_url="https://archive.example/1",
    )
    speaker = ActorFactory(name="Jeremy Hunt", slug="jeremy-hunt", wikidata_id="Q304")
    quote = QuoteFactory(article=article, speaker=speaker, published=True)
    claim = ClaimFactory(story=story, slug="kept-out", text="The vendor should be kept out.")
    StanceFactory(quote=quote, claim=claim, position="opposes")
    return quote


def graph(client: Client, path: str):
    response = client.get(path)
    assert response.status_code == 200
    return flattened(told_by(response.content.decode()))


def test_a_quote_is_a_quotation_by_its_speaker_in_its_article_about_its_claims(client: Client, quote) -> None:
    nodes = graph(client, f"/quotes/{quote.uuid}/")
    said = nodes[f"{SITE}/quotes/{quote.uuid}/"]
    assert said["@type"] == [f"{S}Quotation"]
    assert values(said, f"{S}text") == ["We will not compromise on security,"]
    assert values(said, f"{S}spokenByCharacter") == [f"{SITE}/actors/jeremy-hunt/"]
    assert values(said, f"{S}creator") == [f"{SITE}/actors/jeremy-hunt/"]
    assert values(said, f"{S}dateCreated") == ["2019-05-08"]
    assert values(said, f"{S}datePublished") == ["2019-05-09T12:00:00+00:00"]
    assert values(said, f"{S}citation") == ["https://courier.example/1"]
    speaker = nodes[f"{SITE}/actors/jeremy-hunt/"]
    assert speaker["@type"] == [f"{S}Person"]
    assert values(speaker, f"{S}sameAs") == ["https://www.wikidata.org/entity/Q304"]
    (claim,) = values(said, f"{S}about")
    assert claim == f"{SITE}/stories/decision/claims/kept-out/"
    assert nodes[claim]["@type"] == [f"{S}Claim"]
    assert values(nodes[claim], f"{S}text") == ["The vendor should be kept out."]
    (article,) = values(said, f"{S}isBasedOn")
    assert nodes[article]["@type"] == [f"{S}NewsArticle"]


def test_an_article_says_who_published_it_when_and_in_which_story_it_is(client: Client, quote) -> None:
    path = f"/stories/decision/articles/{quote.article_id}/"
    nodes = graph(client, path)
    article = nodes[f"{SITE}{path}"]
    assert article["@type"] == [f"{S}NewsArticle"]
    assert values(article, f"{S}headline") == ["Ministers meet"]
    assert values(article, f"{S}datePublished") == ["2019-05-09T12:00:00+00:00"]
    assert values(article, f"{S}isBasedOn") == ["https://courier.example/1"]
    assert values(article, f"{S}archivedAt") == ["https://archive.example/1"]
    assert values(article, f"{S}isPartOf") == [f"{SITE}/stories/decision/"]
    (publisher,) = (nodes[one] for one in values(article, f"{S}publisher"))
    assert publisher["@type"] == [f"{S}NewsMediaOrganization"]
    assert values(publisher, f"{S}name") == ["The Courier"]
    assert values(publisher, f"{S}url") == ["https://courier.example/"]
    (author,) = (nodes[one] for one in values(article, f"{S}author"))
    assert (author["@type"], values(author, f"{S}name")) == ([f"{S}Person"], ["Sam Sample"])


def test_a_story_collects_its_articles_and_is_about_its_claims(client: Client, quote) -> None:
    nodes = graph(client, "/stories/decision/")
    story = nodes[f"{SITE}/stories/decision/"]
    assert story["@type"] == [f"{S}CollectionPage"]
    assert values(story, f"{S}description") == ["Who wants what."]
    assert values(story, f"{S}about") == [f"{SITE}/stories/decision/claims/kept-out/"]
    (listed,) = (nodes[one] for one in values(story, f"{S}mainEntity"))
    assert listed["@type"] == [f"{S}ItemList"]
    (item,) = (nodes[one] for one in values(listed, f"{S}itemListElement"))
    assert values(item, f"{S}url") == [f"{SITE}/stories/decision/articles/{quote.article_id}/"]
    assert (values(item, f"{S}position"), values(item, f"{S}name")) == ([1], ["Ministers meet"])


def test_a_claim_appears_in_articles_and_is_the_subject_of_quotes(client: Client, quote) -> None:
    nodes = graph(client, "/stories/decision/claims/kept-out/")
    claim = nodes[f"{SITE}/stories/decision/claims/kept-out/"]
    assert claim["@type"] == [f"{S}Claim"]
    assert values(claim, f"{S}subjectOf") == [f"{SITE}/quotes/{quote.uuid}/"]
    assert values(claim, f"{S}appearance") == [f"{SITE}/stories/decision/articles/{quote.article_id}/"]
    assert values(claim, f"{S}isPartOf") == [f"{SITE}/stories/decision/"]


def test_an_actor_has_a_profile_with_names_and_roles(client: Client, quote) -> None:
    AliasFactory(actor=quote.speaker, name="Mr Hunt")
    RoleFactory(actor=quote.speaker, title="Foreign Secretary")
    nodes = graph(client, "/actors/jeremy-hunt/")
    (page,) = (node for node in nodes.values() if node.get("@type") == [f"{S}ProfilePage"])
    assert values(page, f"{S}mainEntity") == [f"{SITE}/actors/jeremy-hunt/"]
    actor = nodes[f"{SITE}/actors/jeremy-hunt/"]
    assert values(actor, f"{S}alternateName") == ["Mr Hunt"]
    assert values(actor, f"{S}jobTitle") == ["Foreign Secretary"]


def test_the_front_page_says_how_to_search_and_lists_stories_as_the_list_of_actors_does(
    client: Client, quote
) -> None:
    nodes = graph(client, "/")
    site = nodes[f"{SITE}/"]
    (action,) = (nodes[one] for one in values(site, f"{S}potentialAction"))
    (target,) = (nodes[one] for one in values(action, f"{S}target"))
    assert values(target, f"{S}urlTemplate") == [f"{SITE}/search/?q={{words}}"]
    for path, listed in (("/", f"{SITE}/stories/decision/"), ("/actors/", f"{SITE}/actors/jeremy-hunt/")):
        items = [node for node in graph(client, path).values() if node.get("@type") == [f"{S}ListItem"]]
        assert [values(item, f"{S}url") for item in items] == [[listed]]


def test_what_is_not_known_is_not_said(client: Client) -> None:
    story = StoryFactory()
    article = ArticleFactory(stories=[story], published_at=None, byline="", url="", outlet__domain="")
    quote = QuoteFactory(
        article=article,
        speaker=None,
        mention="an official",
        said_earliest=None,
        said_latest=None,
        published=True,
    )
    nodes = graph(client, f"/quotes/{quote.uuid}/")
    said = nodes[f"{SITE}/quotes/{quote.uuid}/"]
    assert not {f"{S}dateCreated", f"{S}temporalCoverage", f"{S}about"} & set(said)
    assert values(said, f"{S}citation") == [f"{SITE}/stories/{story.slug}/articles/{article.pk}/?version=1"]
    (speaker,) = (nodes[one] for one in values(said, f"{S}spokenByCharacter"))
    assert values(speaker, f"{S}name") == ["an official"]
    assert f"{S}url" not in speaker
    told = nodes[f"{SITE}/stories/{story.slug}/articles/{article.pk}/"]
    assert not {f"{S}datePublished", f"{S}isBasedOn", f"{S}archivedAt"} & set(told)


def test_an_uncertain_date_is_an_interval(client: Client) -> None:
    quote = QuoteFactory(
        article=ArticleFactory(stories=[StoryFactory()]),
        said_earliest=dt.date(2019, 4, 22),
        said_latest=dt.date(2019, 4, 28),
        published=True,
    )
    said = graph(client, f"/quotes/{quote.uuid}/")[f"{SITE}/quotes/{quote.uuid}/"]
    assert values(said, f"{S}temporalCoverage") == ["2019-04-22/2019-04-28"]
    assert f"{S}dateCreated" not in said


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("person", "Person"),
        ("organisation", "Organization"),
        ("government", "GovernmentOrganization"),
        ("other", "Thing"),
    ],
)
def test_actors_have_the_type_of_their_kind(kind: str, expected: str) -> None:
    node = schema_org.agent(Agent("The Council", kind, f"{SITE}/actors/council/"))
    assert flattened(schema_org.document(node))[f"{SITE}/actors/council/"]["@type"] == [f"{S}{expected}"]


def test_nothing_is_ever_a_review_of_a_claim(client: Client, quote) -> None:
    pages = ["/", "/actors/", "/stories/decision/", "/stories/decision/claims/kept-out/"]
    pages += [
        f"/quotes/{quote.uuid}/",
        f"/stories/decision/articles/{quote.article_id}/",
        "/actors/jeremy-hunt/",
    ]
    for page in pages:
        assert b"ClaimReview" not in client.get(page).content, page


def test_no_text_ends_the_element_that_it_stands_in(client: Client) -> None:
    hostile = f"</script><!--<script> ]]> {HOSTILE}"
    story = StoryFactory(title=hostile[:200], summary=hostile)
    article = ArticleFactory(
        headline=hostile, byline=hostile, text=f"Before {hostile} after.", stories=[story]
    )
    quote = QuoteFactory(
        article=article, exact=hostile, speaker=ActorFactory(name=hostile[:200]), published=True
    )
    page = client.get(f"/quotes/{quote.uuid}/").content.decode()
    (written,) = SCRIPT.findall(page)
    assert not {"<", ">", "&"} & set(written)
    nodes = flattened(json.loads(written))
    said = nodes[f"{SITE}/quotes/{quote.uuid}/"]
    assert values(said, f"{S}text") == [quote.words]
    assert "</script>" in quote.words


def test_the_element_holds_what_it_was_given() -> None:
    data = {"name": "</script>&amp;<!-- \u2028 “\N{SATELLITE ANTENNA}”"}
    assert told_by(json_ld(data)) == data


def test_a_story_that_others_are_part_of_is_told_in_short() -> None:
    told = Told(f"{SITE}/stories/a/", "a", "A story", "At length.", NOW)
    assert schema_org.story(told, whole=False) == {
        "@type": "CollectionPage",
        "@id": f"{SITE}/stories/a/",
        "url": f"{SITE}/stories/a/",
        "name": "A story",
    }


def test_roles_are_those_of_persons() -> None:
    assert "jobTitle" not in schema_org.agent(Agent("The Council", "government"), roles=["Council"])
    assert schema_org.agent(Agent("A", "person"), roles=["Chair"])["jobTitle"] == ["Chair"]
