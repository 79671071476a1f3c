import csv
import datetime as dt
import io
import json

import networkx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.leaving import exports, tables
from tests.factories import (
    NOW,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    EventFactory,
    OutletFactory,
    QuoteFactory,
    RoleFactory,
    StanceFactory,
    StoryFactory,
    UtteranceFactory,
)

pytestmark = pytest.mark.django_db

SITE = "https://newsdesk.example"


@pytest.fixture(autouse=True)
def address(settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def story():
    return StoryFactory(slug="decision", title="The decision", summary="Who wants what.")


def body(client: Client, name: str) -> bytes:
    response = client.get(f"/stories/decision/export/{name}")
    assert response.status_code == 200
    written = b"".join(response)
    assert response.headers["Content-Length"] == str(len(written))
    return written


def rows(client: Client) -> list[dict[str, str]]:
    written = body(client, "statements.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(written, newline="")))


def said(story, claim, position, **fields):
    quote = QuoteFactory(article=ArticleFactory(stories=[story]), published=True, **fields)
    StanceFactory(quote=quote, claim=claim, position=position)
    return quote


# CSV.


def test_a_statement_is_a_row_with_the_columns_of_discourse_network_analysis(client: Client, story) -> None:
    actor = ActorFactory(name="Jeremy Hunt")
    role = RoleFactory(
        actor=actor, title="Foreign Secretary", organisation=ActorFactory(name="Foreign Office")
    )
    article = ArticleFactory(
        headline="Ministers meet",
        stories=[story],
        outlet=OutletFactory(name="The Courier"),
        url="https://courier.example/1",
    )
    quote = QuoteFactory(article=article, speaker=actor, role=role, published=True, cue="urged")
    claim = ClaimFactory(story=story, text="The vendor should be kept out.")
    StanceFactory(quote=quote, claim=claim, position="opposes", note="In passing.")
    response = client.get("/stories/decision/export/statements.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="decision-statements.csv"'
    (row,) = rows(client)
    assert list(row)[:5] == ["person", "organisation", "concept", "agreement", "date"]
    assert tuple(row) == tables.COLUMNS
    start = article.text.index("We will not")
    expected = {
        "person": "Jeremy Hunt",
        "organisation": "Foreign Office",
        "concept": "The vendor should be kept out.",
        "agreement": "0",
        "date": "2019-05-08",
        "position": "opposes",
        "words": "We will not compromise on security,",
        "permalink": f"{SITE}/quotes/{quote.uuid}/",
        "article": "Ministers meet",
        "article_url": f"{SITE}/stories/decision/articles/{article.pk}/",
        "outlet": "The Courier",
        "original_url": "https://courier.example/1",
        "version": "1",
        "offsets": f"{start}-{start + len('We will not compromise on security,')}",
        "role": "Foreign Secretary",
        "cue": "urged",
        "note": "In passing.",
        "published_at": "2019-05-09T12:00:00+00:00",
    }
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("position", "agreement"), [("supports", "1"), ("opposes", "0"), ("mixed", ""), ("unclear", "")]
)
def test_agreement_is_yes_or_no_or_nothing(client: Client, story, position: str, agreement: str) -> None:
    said(story, ClaimFactory(story=story), position)
    (row,) = rows(client)
    assert (row["agreement"], row["position"]) == (agreement, position)


def test_each_stance_is_a_row_and_a_quote_without_one_is_none(client: Client, story) -> None:
    quote = said(story, ClaimFactory(story=story, text="One."), "supports")
    StanceFactory(quote=quote, claim=ClaimFactory(story=story, text="Two."), position="opposes")
    QuoteFactory(article=quote.article, published=True)
    assert [(row["concept"], row["agreement"]) for row in rows(client)] == [("One.", "1"), ("Two.", "0")]


def test_an_organisation_speaks_for_itself_and_an_unnamed_source_for_nobody(client: Client, story) -> None:
    claim = ClaimFactory(story=story)
    said(story, claim, "opposes", speaker=ActorFactory(name="Huawei", kind="organisation"))
    said(story, claim, "supports", speaker=None, mention="an official")
    told = {(row["person"], row["organisation"], row["named_as"]) for row in rows(client)}
    assert told == {("", "Huawei", "the minister"), ("", "", "an official")}


def test_an_uncertain_date_has_two_ends_and_its_reason_and_an_unknown_one_has_none(
    client: Client, story
) -> None:
    claim = ClaimFactory(story=story)
    days = {"said_earliest": dt.date(2019, 4, 22), "said_latest": dt.date(2019, 4, 28)}
    said(story, claim, "opposes", **days, said_expression="last week")
    said(story, claim, "opposes", said_earliest=None, said_latest=None)
    dates = [(row["date"], row["date_latest"], row["date_expression"]) for row in rows(client)]
    assert dates == [("2019-04-22", "2019-04-28", "last week"), ("", "", "")]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(client: Client, story, start: str) -> None:
    evil = f'{start}HYPERLINK("https://evil.example")'
    outlet = OutletFactory(name=f"{evil} Post")
    article = ArticleFactory(
        headline=evil, stories=[story], outlet=outlet, text=f"Before.\n\n{evil.strip()} said so."
    )
    quote = QuoteFactory(
        article=article,
        exact=f"{evil.strip()} said",
        speaker=ActorFactory(name=evil),
        cue=evil,
        mention=evil,
        published=True,
    )
    StanceFactory(quote=quote, claim=ClaimFactory(story=story, text=evil), note=evil)
    (row,) = rows(client)
    assert not [cell for cell in row.values() if cell and cell[0] in "=+-@\t\r"]
    assert row["person"] == f"'{evil}"


def test_merged_actors_are_the_one_that_they_were_merged_into(client: Client, story) -> None:
    hunt = ActorFactory(name="Jeremy Hunt")
    said(story, ClaimFactory(story=story), "opposes", speaker=ActorFactory(merged_into=hunt))
    assert [row["person"] for row in rows(client)] == ["Jeremy Hunt"]


# JSON.


def test_a_story_is_one_object_with_claims_statements_and_events(client: Client, story) -> None:
    claim = ClaimFactory(story=story, slug="ban", text="The vendor should be kept out.")
    quote = said(
        story, claim, "opposes", speaker=ActorFactory(name="Jeremy Hunt", slug="hunt", wikidata_id="Q304")
    )
    event = EventFactory(story=story, title="The council met", published=True)
    told = json.loads(body(client, "story.json"))
    assert told["story"] == {
        "url": f"{SITE}/stories/decision/",
        "slug": "decision",
        "title": "The decision",
        "summary": "Who wants what.",
        "changed_at": "2019-05-09T12:00:00+00:00",
    }
    assert [one["slug"] for one in told["claims"]] == ["ban"]
    (statement,) = told["statements"]
    assert statement["words"] == "We will not compromise on security,"
    assert statement["speaker"]["wikidata"] == "Q304"
    assert statement["said"] == {"earliest": "2019-05-08", "latest": "2019-05-08", "expression": ""}
    assert statement["stances"] == [
        {"claim": "ban", "url": f"{SITE}/stories/decision/claims/ban/", "position": "opposes", "note": ""}
    ]
    (part,) = statement["found"]["parts"]
    text = client.get(statement["found"]["version"]["text"].removeprefix(SITE)).content.decode()
    assert text[part["start"] : part["end"]] == part["exact"] == quote.words
    (happening,) = told["events"]
    assert (happening["uuid"], happening["title"]) == (str(event.uuid), "The council met")


def test_a_story_with_nothing_in_it_can_be_exported(client: Client, story) -> None:
    told = json.loads(body(client, "story.json"))
    assert (told["claims"], told["statements"], told["events"]) == ([], [], [])
    assert rows(client) == []
    assert networkx.parse_graphml(body(client, "actors.graphml").decode()).number_of_nodes() == 0


# GraphML.


def test_the_graph_opens_with_who_agrees_with_whom(client: Client, story) -> None:
    ban, delay = ClaimFactory(story=story, slug="ban"), ClaimFactory(story=story, slug="delay")
    hunt, wright, huawei = (
        ActorFactory(name=name, slug=name.lower()) for name in ("Hunt", "Wright", "Huawei")
    )
    utterance = UtteranceFactory(speaker=hunt)
    first = said(story, ban, "supports", speaker=hunt, utterance=utterance)
    again = said(story, ban, "supports", speaker=hunt, utterance=utterance)
    second = said(story, ban, "supports", speaker=wright)
    said(story, ban, "opposes", speaker=huawei)
    said(story, delay, "supports", speaker=wright)
    said(story, delay, "supports", speaker=huawei)
    said(story, ban, "supports", speaker=None, mention="an official")
    response = client.get("/stories/decision/export/actors.graphml")
    assert response.headers["Content-Type"].startswith("application/graphml+xml")
    graph = networkx.parse_graphml(b"".join(response).decode(), force_multigraph=True)
    assert graph.nodes["hunt"] == {
        "name": "Hunt",
        "kind": "person",
        "url": f"{SITE}/actors/hunt/",
        "utterances": 1,
    } | {key: value for key, value in graph.nodes["hunt"].items() if key == "wikidata"}
    edges = {
        (frozenset((one, other)), data["kind"], data["weight"], data["claims"])
        for one, other, data in graph.edges(data=True)
    }
    assert edges == {
        (frozenset(("hunt", "wright")), "agreement", 1, "ban"),
        (frozenset(("hunt", "huawei")), "conflict", 1, "ban"),
        (frozenset(("wright", "huawei")), "conflict", 1, "ban"),
        (frozenset(("wright", "huawei")), "agreement", 1, "delay"),
    }
    (data,) = graph.get_edge_data("hunt", "wright").values()
    assert set(data["quotes"].split()) == {str(one.uuid) for one in (first, again, second)}
    assert data["utterances"] == 2


def test_names_that_xml_cannot_hold_or_that_look_like_it_are_written_all_the_same(
    client: Client, story
) -> None:
    name = '<b>Hunt</b> & \x0b\x01\uffff ]]> "quoted" \u05e9\u05dc\u05d5\u05dd'
    said(story, ClaimFactory(story=story), "supports", speaker=ActorFactory(name=name, slug="hunt"))
    graph = networkx.parse_graphml(body(client, "actors.graphml").decode())
    assert graph.nodes["hunt"]["name"] == '<b>Hunt</b> &  ]]> "quoted" \u05e9\u05dc\u05d5\u05dd'


# All of them.

NAMES = list(exports.EXPORTS)


@pytest.mark.parametrize("name", NAMES)
def test_only_what_is_published_leaves(client: Client, story, name: str) -> None:
    claim = ClaimFactory(story=story)
    article = ArticleFactory(stories=[story])
    for status in ("draft", "suggested"):
        draft = QuoteFactory(article=article, status=status, speaker=ActorFactory(name=f"Canary {status}"))
        StanceFactory(quote=draft, claim=claim)
    withdrawn = said(story, claim, "opposes", speaker=ActorFactory(name="Canary withdrawn"))
    withdrawn.withdraw(by=EditorFactory(), revision=withdrawn.revision, now=NOW, reason="Canary")
    EventFactory(story=story, title="Canary event")
    other = StoryFactory(slug="other")
    quote = said(story, claim, "opposes")
    other.articles.add(quote.article)
    StanceFactory(quote=quote, claim=ClaimFactory(story=other, text="Canary of another story", slug="canary"))
    said(
        other,
        ClaimFactory(story=other),
        "opposes",
        speaker=ActorFactory(name="Canary elsewhere", slug="canary-e"),
    )
    assert b"canary" not in body(client, name).lower()


@pytest.mark.parametrize("name", NAMES)
def test_what_has_not_changed_is_not_sent_again(client: Client, story, name: str) -> None:
    claim = ClaimFactory(story=story)
    quote = said(story, claim, "opposes")
    path = f"/stories/decision/export/{name}"
    tag = client.get(path).headers["ETag"]
    head = client.head(path)
    assert (head.headers["ETag"], head.content) == (tag, b"")
    unchanged = client.get(path, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.headers["ETag"]) == (304, tag)
    quote.set_stance(claim, "supports", by=EditorFactory(), revision=quote.revision, now=NOW)
    said(story, claim, "opposes")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_ten_times_the_statements_take_as_many_queries(
    client: Client, story, name: str, django_assert_num_queries
) -> None:
    claim = ClaimFactory(story=story)

    def make(number: int) -> None:
        for _ in range(number):
            said(story, claim, "opposes", utterance=UtteranceFactory())
            EventFactory(story=story, published=True)

    make(2)
    body(client, name)
    with CaptureQueriesContext(connection) as few:
        body(client, name)
    make(18)
    with django_assert_num_queries(len(few)):
        body(client, name)


@pytest.mark.parametrize("name", ["statements.csv", "story.json"])
def test_a_long_story_is_read_chunk_by_chunk(
    client: Client, story, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = ClaimFactory(story=story)
    made = [said(story, claim, "opposes") for _ in range(5)]
    whole = body(client, name)
    monkeypatch.setattr(exports, "CHUNK", 2)
    monkeypatch.setattr("annotations.views.exports.IN_MEMORY", 100)
    assert body(client, name) == whole
    assert all(str(quote.uuid).encode() in whole for quote in made)
