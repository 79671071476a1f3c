import datetime as dt

import pytest
from django.test import Client

from annotations.leaving import container
from annotations.models import Event
from tests.annotations.leaving.linked import AS, DCTERMS, OA, flattened, values
from tests.annotations.reading import publish
from tests.factories import (
    NOW,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    EventFactory,
    QuoteFactory,
    RoleFactory,
    StanceFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

SITE = "https://newsdesk.example"
PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
VALUE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#value"


@pytest.fixture(autouse=True)
def address(settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def story():
    return StoryFactory(slug="decision")


def quotes(story, number: int, **fields):
    """One after the other, a minute apart."""
    made = [QuoteFactory(article=ArticleFactory(stories=[story]), **fields) for _ in range(number)]
    for minute, quote in enumerate(made):
        quote.publish(by=quote.created_by, revision=1, now=NOW + dt.timedelta(minutes=minute))
    return made


def bodies(nodes, annotation, purpose: str):
    found = (nodes[one] for one in values(annotation, f"{OA}hasBody"))
    return [body for body in found if values(body, f"{OA}hasPurpose") == [f"{OA}{purpose}"]]


# One annotation.


def test_a_quote_is_an_annotation_of_its_words_with_its_speaker_dates_and_stances(
    client: Client, story
) -> None:
    article = ArticleFactory(stories=[story], url="https://courier.example/1", language="en-GB")
    speaker = ActorFactory(name="Jeremy Hunt", slug="hunt", wikidata_id="Q304")
    quote = QuoteFactory(
        article=article, speaker=speaker, cue="urged", role=RoleFactory(actor=speaker), published=True
    )
    claim = ClaimFactory(story=story, slug="out", text="The vendor should be kept out.")
    StanceFactory(quote=quote, claim=claim, position="opposes")

    response = client.get(f"/annotations/{quote.uuid}/")

    assert response.headers["Content-Type"] == PROFILE
    assert '<http://www.w3.org/ns/oa#Annotation>; rel="type"' in response.headers["Link"]
    nodes = flattened(response.json())
    it = nodes[f"{SITE}/annotations/{quote.uuid}/"]
    assert it["@type"] == [f"{OA}Annotation"]
    assert values(it, f"{OA}motivatedBy") == [f"{OA}identifying", f"{OA}classifying", f"{OA}assessing"]
    assert values(it, f"{OA}canonical") == [quote.uuid.urn]
    assert values(it, f"{DCTERMS}created") == ["2019-05-09T12:00:00Z"]
    assert values(it, "https://schema.org/mainEntityOfPage") == [f"{SITE}/quotes/{quote.uuid}/"]
    (who,) = bodies(nodes, it, "identifying")
    assert values(who, f"{OA}hasSource") == [f"{SITE}/actors/hunt/"]
    actor = nodes[f"{SITE}/actors/hunt/"]
    assert actor["@type"] == ["http://xmlns.com/foaf/0.1/Person"]
    assert values(actor, "https://schema.org/jobTitle") == ["Minister of Samples"]
    assert values(actor, "https://schema.org/sameAs") == ["http://www.wikidata.org/entity/Q304"]
    assert [values(one, VALUE) for one in bodies(nodes, it, "classifying")] == [["direct"], ["on-the-record"]]
    cue, said = bodies(nodes, it, "describing")
    assert values(cue, VALUE) == ["“urged”"]
    assert values(said, VALUE) == ["said: 8 May 2019"]
    assert values(said, "https://schema.org/temporalCoverage") == ["2019-05-08"]
    (stance,) = bodies(nodes, it, "assessing")
    assert values(stance, VALUE) == ["opposes"]
    assert values(stance, "https://schema.org/about") == [f"{SITE}/stories/decision/claims/out/"]


def test_its_target_leads_to_the_words_by_offsets_and_by_themselves(client: Client, story) -> None:
    article = ArticleFactory(stories=[story], url="https://courier.example/1")
    quote = QuoteFactory(article=article, published=True)
    article.record_version(f"New first words. {article.text}", now=NOW)

    (target,) = client.get(f"/annotations/{quote.uuid}/").json()["target"]

    page = f"/stories/decision/articles/{article.pk}/"
    assert target["source"]["id"] == f"{SITE}{page}?version=1"
    assert target["source"]["canonical"] == "https://courier.example/1"
    position, words = target["selector"]
    cached = target["state"]["cached"]
    assert (target["state"]["type"], target["state"]["sourceDate"]) == ("TimeState", "2019-05-09T12:00:00Z")
    text = client.get(cached.removeprefix(SITE)).content.decode()
    start, end = position["start"], position["end"]
    assert text[start:end] == words["exact"] == quote.words
    assert text[:start].endswith(words["prefix"])
    assert text[end:].startswith(words["suffix"])


def test_each_part_of_a_quote_is_a_target(client: Client, story) -> None:
    article = ArticleFactory(stories=[story])
    quote = QuoteFactory(article=article)
    parts = ["We will not compromise on security,", "But we have not decided."]
    spans = [(article.text.index(part), article.text.index(part) + len(part)) for part in parts]
    quote.resize(article.current_version, spans, by=quote.created_by, revision=1, now=NOW)
    publish(quote)
    targets = client.get(f"/annotations/{quote.uuid}/").json()["target"]
    assert [target["selector"][1]["exact"] for target in targets] == parts


def test_a_speaker_without_a_name_is_only_the_words_for_them(client: Client, story) -> None:
    quote = QuoteFactory(
        article=ArticleFactory(stories=[story]), speaker=None, mention="an official", said_earliest=None,
        said_latest=None, published=True,
    )  # fmt: skip
    nodes = flattened(client.get(f"/annotations/{quote.uuid}/").json())
    it = nodes[f"{SITE}/annotations/{quote.uuid}/"]
    (who,) = bodies(nodes, it, "identifying")
    assert values(who, VALUE) == ["an official"]
    assert not [one for one in bodies(nodes, it, "describing") if values(one, VALUE)[0].startswith("said")]


def test_an_event_is_an_annotation_of_its_evidence_and_of_its_source(client: Client, story) -> None:
    article = ArticleFactory(stories=[story])
    event = Event.draft(
        story,
        by=EditorFactory(),
        now=NOW,
        title="The review began",
        place="London",
        when_earliest=dt.date(2019, 4, 1),
        when_latest=dt.date(2019, 4, 30),
        source_url="https://courier.example/council",
        evidence=[(article.current_version, 0, 12)],
    )
    publish(event)
    nodes = flattened(client.get(f"/annotations/{event.uuid}/").json())
    it = nodes[f"{SITE}/annotations/{event.uuid}/"]
    title, when = bodies(nodes, it, "describing")
    assert values(title, VALUE) == ["The review began"]
    assert values(when, "https://schema.org/temporalCoverage") == ["2019-04-01/2019-04-30"]
    assert [values(one, VALUE) for one in bodies(nodes, it, "tagging")] == [["London"]]
    evidence, source = values(it, f"{OA}hasTarget")
    assert source == "https://courier.example/council"
    selectors = [nodes[one] for one in values(nodes[evidence], f"{OA}hasSelector")]
    assert [values(one, f"{OA}exact") for one in selectors if f"{OA}exact" in one] == [["The minister"]]


def test_one_that_was_withdrawn_is_gone_and_one_that_nobody_has_seen_is_not_there(
    client: Client, story
) -> None:
    article = ArticleFactory(stories=[story])
    draft, withdrawn = QuoteFactory(article=article), QuoteFactory(article=article, published=True)
    withdrawn.withdraw(by=EditorFactory(), revision=withdrawn.revision, now=NOW, reason="Wrong speaker")
    assert client.get(f"/annotations/{draft.uuid}/").status_code == 404
    gone = client.get(f"/annotations/{withdrawn.uuid}/")
    assert (gone.status_code, gone.json()["detail"]) == (410, "Wrong speaker")
    assert client.get("/annotations/").json()["total"] == 0


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [
        ("*/*", 200, PROFILE),
        ("application/ld+json", 200, PROFILE),
        (PROFILE, 200, PROFILE),
        ("application/json", 200, "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200, PROFILE),
        ("text/turtle", 406, "text/plain; charset=utf-8"),
    ],
)
def test_a_client_gets_the_type_that_it_accepts(
    client: Client, story, accept: str, status: int, media_type: str
) -> None:
    (quote,) = quotes(story, 1)
    for path in ("/annotations/", f"/annotations/{quote.uuid}/"):
        response = client.get(path, headers={"Accept": accept})
        assert (response.status_code, response.headers["Content-Type"]) == (status, media_type)
        assert "Accept" in response.headers["Vary"]


def test_what_has_not_changed_is_not_sent_again(client: Client, story) -> None:
    (quote,) = quotes(story, 1)
    for path in (
        "/annotations/",
        "/annotations/?iris=1",
        "/annotations/?page=1",
        f"/annotations/{quote.uuid}/",
    ):
        tag = client.get(path).headers["ETag"]
        assert client.head(path).headers["ETag"] == tag
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    quote.edit(by=EditorFactory(), revision=quote.revision, now=NOW, cue="insisted")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_it_says_what_may_be_done_and_other_sites_may_read_it(client: Client, story) -> None:
    (quote,) = quotes(story, 1)
    for path in ("/annotations/", f"/annotations/{quote.uuid}/"):
        for response in (client.get(path), client.options(path)):
            assert response.status_code == 200
            assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
            assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert client.post(path).status_code == 405


# The container.


def test_the_container_is_a_collection_with_its_first_page(client: Client, story) -> None:
    made = quotes(story, 2)
    response = client.get("/annotations/")
    assert '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"' in response.headers["Link"]
    assert "http://www.w3.org/ns/ldp#constrainedBy" in response.headers["Link"]
    assert response.headers["Content-Location"] == f"{SITE}/annotations/?iris=0"
    assert "Prefer" in response.headers["Vary"]
    nodes = flattened(response.json())
    it = nodes[f"{SITE}/annotations/?iris=0"]
    assert set(it["@type"]) == {"http://www.w3.org/ns/ldp#BasicContainer", f"{AS}OrderedCollection"}
    assert values(it, f"{AS}totalItems") == [2]
    assert values(it, f"{AS}first") == [f"{SITE}/annotations/?iris=0&page=1"]
    items = [one["id"] for one in response.json()["first"]["items"]]
    assert items == [f"{SITE}/annotations/{quote.uuid}/" for quote in made]
    assert all(node in nodes for node in items)


@pytest.mark.parametrize(
    ("prefer", "location", "bare"),
    [
        ('return=representation;include="http://www.w3.org/ns/oa#PreferContainedIRIs"', "?iris=1", True),
        (
            'return=representation;include="http://www.w3.org/ns/oa#PreferContainedDescriptions"',
            "?iris=0",
            False,
        ),
        ("return=minimal", "?iris=0", False),
    ],
)
def test_a_client_may_prefer_addresses_alone(
    client: Client, story, prefer: str, location: str, bare: bool
) -> None:
    quotes(story, 1)
    response = client.get("/annotations/", headers={"Prefer": prefer})
    assert response.headers["Content-Location"] == f"{SITE}/annotations/{location}"
    (item,) = response.json()["first"]["items"]
    assert isinstance(item, str) == bare
    assert ("Preference-Applied" in response.headers) == ("representation" in prefer)


def test_a_client_may_prefer_the_container_without_what_is_in_it(client: Client, story) -> None:
    quotes(story, 1)
    minimal = 'return=representation;include="http://www.w3.org/ns/ldp#PreferMinimalContainer"'
    told = client.get("/annotations/", headers={"Prefer": minimal}).json()
    assert told["total"] == 1
    assert "first" not in told


def walk(client: Client, path: str, way: str) -> list[list[str]]:
    pages = []
    while path:
        page = client.get(path.removeprefix(SITE)).json()
        assert page["startIndex"] >= 0
        pages.append(page["items"])
        path = page.get(way, "")
    return pages


def test_pages_lead_to_each_other_both_ways(client: Client, story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "ANNOTATIONS_A_PAGE", 2)
    made = quotes(story, 4)
    event = EventFactory(story=story)
    event.publish(by=event.created_by, revision=1, now=NOW + dt.timedelta(minutes=1, seconds=30))
    order = [*made[:2], event, *made[2:]]
    addresses = [f"{SITE}/annotations/{one.uuid}/" for one in order]
    whole = client.get("/annotations/?iris=1").json()
    forwards = walk(client, whole["first"]["id"], "next")
    assert forwards == [addresses[:2], addresses[2:4], addresses[4:]]
    backwards = walk(client, whole["last"], "prev")
    assert backwards == [addresses[4:], addresses[2:4], addresses[:2]]
    second = client.get(
        client.get(whole["first"]["id"].removeprefix(SITE)).json()["next"].removeprefix(SITE)
    ).json()
    assert (second["startIndex"], second["partOf"]["total"]) == (2, 5)


def test_a_page_begins_where_the_one_before_it_ended_whatever_was_withdrawn(
    client: Client, story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "ANNOTATIONS_A_PAGE", 2)
    made = quotes(story, 4)
    following = client.get("/annotations/?iris=1&page=1").json()["next"].removeprefix(SITE)
    for quote in made[:2]:
        quote.withdraw(by=EditorFactory(), revision=quote.revision, now=NOW, reason="Wrong")
    assert client.get(following).json()["items"] == [f"{SITE}/annotations/{q.uuid}/" for q in made[2:]]


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=20190509T120000.000000_x",
        "page=2",
        "iris=2",
        "after=%00",
        "after=99990101T000000.0_" + "0" * 32,
    ],
)
def test_a_page_that_is_none_is_not_found(client: Client, story, query: str) -> None:
    quotes(story, 1)
    assert client.get(f"/annotations/?{query}").status_code == 404


def test_an_empty_container_says_so(client: Client) -> None:
    told = client.get("/annotations/").json()
    assert told["total"] == 0
    assert "first" not in told
    assert client.get("/annotations/?page=1").json()["items"] == []


def test_hostile_words_stay_words(client: Client, story) -> None:
    hostile = '</script> "quoted" \\ & \u05e9\u05dc\u05d5\u05dd\u200f \N{SATELLITE ANTENNA} \u2028'
    article = ArticleFactory(stories=[story], text=f"Before {hostile} after.")
    speaker = ActorFactory(name=f"Name {hostile}")
    quote = QuoteFactory(article=article, exact="quoted", speaker=speaker, cue=hostile[:90], published=True)
    told = client.get(f"/annotations/{quote.uuid}/").json()
    assert told["body"][0]["source"]["name"] == f"Name {hostile}"
    assert told["target"][0]["selector"][1]["exact"] == "quoted"


def test_ten_times_the_annotations_take_as_many_queries(
    client: Client, story, django_assert_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def make(number: int) -> None:
        for quote in quotes(story, number):
            StanceFactory(quote=quote, claim=ClaimFactory(story=story))
        for _ in range(number):
            publish(EventFactory(story=story))

    make(2)
    with CaptureQueriesContext(connection) as few:
        client.get("/annotations/")
    make(18)
    with django_assert_num_queries(len(few)):
        client.get("/annotations/")
