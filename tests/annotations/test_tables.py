"""Actors, aliases, roles and claims as small tables: out, in again, what is refused and by which line."""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.admin_tables import Outcome
from annotations.models import Actor, Alias, Claim, Role
from annotations.resources import ActorResource, AliasResource, ClaimResource, RoleResource, TableResource
from annotations.tables import LARGEST, MOST_ROWS, WRITERS, TableError
from articles.models import Story
from tests.factories import (
    NOW,
    ActorFactory,
    AdministratorFactory,
    AliasFactory,
    ClaimFactory,
    EditorFactory,
    RoleFactory,
    StoryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

RESOURCES: dict[str, type[TableResource]] = {
    "actor": ActorResource,
    "alias": AliasResource,
    "role": RoleResource,
    "claim": ClaimResource,
}
MODELS = {"actor": Actor, "alias": Alias, "role": Role, "claim": Claim}
FORMATS = sorted(WRITERS)


def exported(what: str, format: str = "csv") -> bytes:
    resource = RESOURCES[what]()
    return WRITERS[format][1](resource.columns(), resource.listed(MODELS[what].objects.order_by("pk")))


def brought_in(what: str, data: bytes | str, *, is_trial: bool = False) -> Outcome:
    resource = RESOURCES[what]
    table = resource.table_of(data.encode() if isinstance(data, str) else data)
    return Outcome.of(resource().bring_in(table, is_trial=is_trial), table)


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return (outcome.new, outcome.changed, outcome.same, outcome.refused)


def stored(what: str) -> list[list[str]]:
    """The rows by their columns, whatever their numbers."""
    resource = RESOURCES[what]()
    return sorted(resource.listed(MODELS[what].objects.all()))


def history_of(what: str) -> int:
    return int(MODELS[what]._meta.get_field("history").related_model.objects.count())  # type: ignore[union-attr]


@contextmanager
def another_site() -> Iterator[None]:
    """What is made in here is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def people() -> Actor:
    """Some actors with everything: merged in a chain, with aliases and roles that no spreadsheet should run."""
    state = ActorFactory(name="United States", slug="us", kind="government")
    sample = ActorFactory(
        name="=Sam  Sample", slug="sam", wikidata_id="Q80976", description="-a minister,\r\n“of samples”"
    )
    once = ActorFactory(name="S. Sample", slug="s-sample", merged_into=sample)
    ActorFactory(name="Samuel Sample", slug="samuel", merged_into=once)
    AliasFactory(actor=sample, name="@sam")
    AliasFactory(actor=once, name="The Minister")
    RoleFactory(
        actor=sample,
        title="Minister of Samples",
        organisation=state,
        since=dt.date(2018, 4, 26),
        until=dt.date(2021, 1, 20),
    )
    RoleFactory(actor=sample, title="Minister of Samples", since=None, until=dt.date(2017, 1, 1))
    RoleFactory(actor=once, title="Member")
    story = StoryFactory(slug="5g", title="5G")
    ClaimFactory(story=story, slug="keep-out", text="+The vendor should be kept out.", number=4)
    ClaimFactory(story=story, slug="delay", text="The rollout will be delayed.", number=2)
    return sample


# Out, and in again.


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("what", RESOURCES)
def test_an_export_brought_in_again_changes_nothing(what: str, format: str) -> None:
    people()
    before, events, count = stored(what), history_of(what), MODELS[what].objects.count()
    changed_at = Story.objects.get().changed_at
    outcome = brought_in(what, exported(what, format))
    assert counts(outcome) == (0, 0, count, 0), outcome
    assert stored(what) == before
    assert history_of(what) == events
    assert Story.objects.get().changed_at == changed_at


@pytest.mark.parametrize("format", FORMATS)
def test_exports_make_the_same_in_an_empty_database(format: str) -> None:
    with another_site():
        people()
        before = {what: stored(what) for what in RESOURCES}
        files = {what: exported(what, format) for what in RESOURCES}
    assert not Actor.objects.exists()
    StoryFactory(slug="5g")
    made = {what: brought_in(what, files[what]) for what in RESOURCES}
    assert [counts(made[what]) for what in ("actor", "claim")] == [(4, 0, 0, 0), (2, 0, 0, 0)]
    # Spaces that were stored twice come in once; what belonged to a merged actor goes to the one that stands.
    again = {
        what: [[cell.replace("  ", " ") for cell in row] for row in rows] for what, rows in before.items()
    }
    assert [[cell.replace("\r\n", "\n") for cell in row] for row in stored("actor")] == [
        [cell.replace("\r\n", "\n") for cell in row] for row in again["actor"]
    ]
    assert stored("claim") == again["claim"]
    assert [row[1:] for row in stored("role")] == sorted(row[1:] for row in again["role"])
    assert stored("alias") == [["sam", "@sam"], ["sam", "The Minister"]]


@pytest.mark.parametrize("what", RESOURCES)
def test_no_cell_is_a_formula(what: str) -> None:
    people()
    rows = list(csv.reader(io.StringIO(exported(what).decode("utf-8-sig"), newline="")))
    assert [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    assert any(cell.startswith("'") for row in rows for cell in row) or what == "role"


_CELLS = st.text(
    st.one_of(st.sampled_from("=+-@'\"\t,;\r\n "), st.characters(exclude_categories=["Cs", "Cc"])), max_size=8
).filter(str.strip)
_DAYS = st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    actors=st.lists(st.tuples(_CELLS, _CELLS, st.sampled_from(Actor.Kind.values)), min_size=1, max_size=3),
    merged=st.booleans(),
    aliases=st.lists(_CELLS, max_size=3, unique_by=lambda name: name.lower()),
    roles=st.lists(st.tuples(_CELLS, _DAYS, st.booleans()), max_size=3),
    claims=st.lists(_CELLS, max_size=3, unique_by=lambda text: text.lower()),
)
def test_whatever_is_stored_is_exported_and_comes_in_as_the_same(
    actors: list[Any], merged: bool, aliases: list[str], roles: list[Any], claims: list[str]
) -> None:
    with another_site():
        made = [
            ActorFactory(slug=f"actor-{number}", name=name, description=said, kind=kind)
            for number, (name, said, kind) in enumerate(actors)
        ]
        if merged and len(made) > 1:
            made[0].merged_into = made[1]
            made[0].save()
        for name in aliases:
            AliasFactory(actor=made[0], name=name)
        for title, since, has_organisation in roles:
            RoleFactory(
                actor=made[0], title=title, since=since, organisation=made[-1] if has_organisation else None
            )
        story = StoryFactory()
        for number, text in enumerate(claims, start=1):
            ClaimFactory(story=story, text=text, number=number, slug=f"claim-{number}")
        for what, model in MODELS.items():
            for format in FORMATS if model.objects.exists() else ():
                outcome = brought_in(what, exported(what, format))
                assert counts(outcome) == (0, 0, model.objects.count(), 0), (what, format, outcome)


# What rows do.


def test_rows_of_actors_are_made_and_changed() -> None:
    ActorFactory(slug="bbc", name="BBC", kind="person", description="Old")
    outcome = brought_in(
        "actor",
        "name,slug,kind,description\nBBC,bbc,Organisation,\nThe Harbour Post,,organisation,A newspaper.\n",
    )
    assert counts(outcome) == (1, 1, 0, 0), outcome
    bbc = Actor.objects.get(slug="bbc")
    assert (bbc.kind, bbc.description) == ("organisation", "")
    made = Actor.objects.get(slug="the-harbour-post")
    assert (made.kind, made.description, made.wikidata_id) == ("organisation", "A newspaper.", "")


def test_a_column_that_is_left_out_is_left_alone_and_so_is_a_member() -> None:
    ActorFactory(slug="bbc", name="BBC", description="A broadcaster.", wikidata_id="Q9531")
    brought_in("actor", "slug,kind\nbbc,organisation\n")
    brought_in("actor", json.dumps([{"slug": "bbc", "wikidata_id": None}, {"slug": "x", "name": "X"}]))
    bbc = Actor.objects.get(slug="bbc")
    assert (bbc.name, bbc.kind, bbc.description, bbc.wikidata_id) == (
        "BBC",
        "organisation",
        "A broadcaster.",
        "",
    )


def test_a_name_without_a_slug_is_the_actor_of_that_name_and_no_other() -> None:
    ActorFactory(slug="sam-sample", name="Sam Sample")
    assert counts(brought_in("actor", "name\nsam sample\n")) == (0, 1, 0, 0)  # written otherwise
    outcome = brought_in("actor", "name\nSam-Sample!\n")
    assert "is sam sample already" in outcome.errors[0][1][0]


def test_an_actor_may_be_merged_into_one_of_an_earlier_row() -> None:
    brought_in("actor", "name,merged_into\nSam Sample,\nS. Sample,sam-sample\n")
    assert Actor.objects.get(name="S. Sample").merged_into == Actor.objects.get(name="Sam Sample")


def test_a_new_claim_goes_to_the_end_of_its_storys_list_and_readers_are_told() -> None:
    story = StoryFactory(slug="5g")
    ClaimFactory(story=story, number=7, slug="first", text="The first.")
    outcome = brought_in(
        "claim", "story,text,number\n5g,The vendor should be kept out.,\n5g,the first.,3\n5g,A third.,\n"
    )
    assert counts(outcome) == (2, 1, 0, 0), outcome
    claims = [(claim.number, claim.slug, claim.text) for claim in Claim.objects.order_by("number")]
    assert claims == [
        (3, "first", "the first."),
        (8, "the-vendor-should-be-kept-out", "The vendor should be kept out."),
        (9, "a-third", "A third."),
    ]
    story.refresh_from_db()
    assert story.changed_at > NOW


def test_a_role_is_known_by_its_title_and_first_day() -> None:
    role = RoleFactory(actor=ActorFactory(slug="sam"), title="Minister", since=dt.date(2018, 4, 26))
    ActorFactory(slug="us", name="United States")
    outcome = brought_in(
        "role",
        "actor,title,organisation,from,to\nsam,minister,us,2018-04-26,2021-01-20\nsam,Minister,us,2021-01-21,\n",
    )
    assert counts(outcome) == (1, 1, 0, 0), outcome
    role.refresh_from_db()
    assert (str(role.organisation), role.until) == ("United States", dt.date(2021, 1, 20))


@pytest.mark.parametrize(
    ("what", "row"),
    [("alias", "actor,name\nsamuel,Sammy\n"), ("role", "actor,title,since\nsamuel,Mayor,2019-05-09\n")],
)
def test_what_is_new_for_a_merged_actor_goes_to_the_one_it_was_merged_into(what: str, row: str) -> None:
    sample = people()
    outcome = brought_in(what, row)
    assert counts(outcome) == (1, 0, 0, 0), outcome
    assert outcome.rows[0].note == "“samuel” was merged into “sam”: it goes there."
    assert MODELS[what].objects.order_by("-pk").first().actor == sample
    assert counts(brought_in(what, row)) == (0, 0, 1, 0)


def test_what_a_merged_actor_has_already_stays_there() -> None:
    people()
    assert counts(brought_in("alias", "actor,name\ns-sample,the minister\n")) == (0, 1, 0, 0)
    assert Alias.objects.get(name="the minister").actor.slug == "s-sample"


def test_a_role_in_a_merged_organisation_is_in_the_one_it_was_merged_into() -> None:
    people()
    ActorFactory(slug="usa", merged_into=Actor.objects.get(slug="us"))
    outcome = brought_in("role", "actor,title,organisation\nsam,Envoy,usa\n")
    assert Role.objects.get(title="Envoy").organisation == Actor.objects.get(slug="us")
    assert "was merged into “us”" in outcome.rows[0].note


# What is refused.

REFUSED = [
    ("actor", "name,kind\nA,person\nB,persn\n", "Line 3", "“persn” is no kind"),
    ("actor", "name,wikidata_id\nA,80976\n", "Line 2", "A Wikidata identifier is a Q and a number"),
    ("actor", "name,wikidata_id\nA,Q80976\n", "Line 2", "Another actor has this Wikidata identifier"),
    ("actor", "name,slug\nA,not a slug!\n", "Line 2", "valid “slug”"),
    ("actor", "slug,name\nsam,\n", "Line 2", "This field cannot be blank"),
    ("actor", "slug,kind\nnobody-here,person\n", "Line 2", "This field cannot be blank"),
    ("actor", "name,merged_into\nA,nobody\n", "Line 2", "There is no actor with the slug “nobody”"),
    ("actor", "slug,merged_into\nsam,sam\n", "Line 2", "merged into itself"),
    ("actor", "slug,merged_into\nsam,samuel\n", "Line 2", "merged into itself"),
    ("actor", f"name\n{'x' * 201}\n", "Line 2", "at most 200 characters"),
    ("actor", "name\nA\nB\nA\n", "Line 4", "It is the same as line 2"),
    ("alias", "actor,name\nsam,Sammy\nsam,sammy\n", "Line 3", "It is the same as line 2"),
    ("alias", "actor,name\nsam,=sam sample\n", "Line 2", "That is the actor’s name already"),
    ("alias", "actor,name\nMike,Sammy\n", "Line 2", "There is no actor with the slug “Mike”"),
    ("alias", "actor,name\nSam,Sammy\n", "Line 2", "There is one with “sam”"),
    ("alias", "actor,name\nsam,\n", "Line 2", "This field cannot be blank"),
    ("alias", "actor,name\ns-sample,@SAM\nsam,@sam\n", "Line 3", "It is the same as line 2"),
    ("role", "actor,title,since\nsam,Mayor,9 May 2019\n", "Line 2", "“9 May 2019” is no day"),
    ("role", "actor,title,since\nsam,Mayor,05/06/2019\n", "Line 2", "is no day"),
    ("role", "actor,title,since,until\nsam,Mayor,2019-05-09,2018-01-01\n", "Line 2", "end before it begins"),
    ("role", "actor,title,organisation\nsam,Mayor,sam\n", "Line 2", "hold a role in themselves"),
    (
        "role",
        "actor,title,organisation\nsam,Mayor,nobody\n",
        "Line 2",
        "There is no actor with the slug “nobody”",
    ),
    (
        "role",
        "actor,title,organisation,since\nsam,minister of samples,us,2019-01-01\n",
        "Line 2",
        "holds this role already from 2018-04-26 until 2021-01-20: the two overlap",
    ),
    ("role", "actor,title,since,until\nsam,Mayor,2019-01-01,\nsam,Mayor,2020-01-01,\n", "Line 3", "overlap"),
    ("role", "actor,title,since\nsam,Mayor,2019-01-01\nsam,Mayor,2019-01-01\n", "Line 3", "same as line 2"),
    ("claim", "story,text\nnothing,A claim.\n", "Line 2", "There is no story with the slug “nothing”"),
    ("claim", "story,text,number\n5g,A claim.,first\n", "Line 2", "“first” is no place in the list"),
    ("claim", "story,text,number\n5g,A claim.,0\n", "Line 2", "is no place in the list"),
    ("claim", "story,slug,text\n5g,new,the rollout WILL be delayed.\n", "Line 2", "has this claim already"),
    ("claim", "story,text\n5g,One.\n5g,one.\n", "Line 3", "It is the same as line 2"),
    ("claim", f"story,text\n5g,{'x' * 301}\n", "Line 2", "at most 300 characters"),
]


@pytest.mark.parametrize(("what", "data", "place", "reason"), REFUSED)
def test_a_row_is_refused_by_its_line_and_nothing_is_stored(
    what: str, data: str, place: str, reason: str
) -> None:
    people()
    before = {name: stored(name) for name in RESOURCES}
    outcome = brought_in(what, data)
    assert outcome.refused == 1, outcome
    [(where, reasons)] = outcome.errors
    assert where.capitalize() == place
    assert reason in " ".join(reasons)
    assert {name: stored(name) for name in RESOURCES} == before


def test_lines_are_those_of_the_file_and_entries_those_of_the_array() -> None:
    outcome = brought_in("actor", 'name,description\nA,"Two\nlines"\n\nB,\n,x\n')
    assert outcome.errors == [("line 6", ["name: Give the name."])]
    outcome = brought_in("actor", json.dumps([{"name": "A"}, {"name": ""}]))
    assert [place for place, _ in outcome.errors] == ["entry 2"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty"),
        (b"\x00\x01\x02" * 90, "not text"),
        (b"x" * (LARGEST + 1), "2 MB is the most"),
        (b"name\n" + b"A\n" * (MOST_ROWS + 1), f"{MOST_ROWS:,} is the most"),
        (b"title,actor\nA,B\n", "There is no column “slug” or “name”"),
        (b"name,Name\nA,B\n", "Two columns are for “name”"),
        (b"name,kind\nA\nB,person,x\n", "Line 2: it has 1 cells, the first line 2"),
        (b'name,kind\nA,"person\n', "Line 2: it can’t be read"),
        (b"name\n" + b"x" * 30_000 + b"\n", "more than 20,000 characters"),
        (b'[{"name": "A"}, 5]', "Entry 2: it is no object"),
        (b'[{"name": ["A"]}]', "Entry 1: “name” is neither text nor a number"),
        (b'[{"name": "A", "name": "B"}]', "stands in it twice"),
        (b"[" * 100_000, "nested deeper"),
        (b"name\n", "There is no row in it"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(TableError) as refused:
        ActorResource.table_of(data)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        "name;kind\nBBC;organisation\n".encode("utf-16"),
        b"name\tkind\nBBC\torganisation\n",
        b'{"Name": "BBC", "kind": "organisation"}',
        "KIND,Name,notes\norganisation,BBC,x\n".encode("utf-8-sig"),
    ],
)
def test_tables_are_read_as_they_are_laid_out(data: bytes) -> None:
    table = ActorResource.table_of(data)
    assert [dict(zip(table.headers, row, strict=True)) for row in table] == [
        {"name": "BBC", "kind": "organisation"}
    ]


# In the admin site.


def page_of(what: str, page: str = "import") -> str:
    return reverse(f"admin:annotations_{what}_{page}")


def upload(data: str | bytes, name: str = "table.csv") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)}


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(AdministratorFactory(username="ada"))
    return client


def test_a_file_is_shown_first_and_stored_when_that_is_asked_for(administrator: Client) -> None:
    ActorFactory(slug="bbc", name="BBC", kind="person")
    shown = administrator.post(
        page_of("actor"), upload("name,slug,kind\nBBC,bbc,organisation\n<b>New</b>,,\n")
    )
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "1 new, 1 changed, 0 the same as before. Nothing is stored yet" in page
    assert "<del>person</del> <ins>organisation</ins>" in page
    assert "&lt;b&gt;New&lt;/b&gt;" in page
    assert Actor.objects.count() == 1
    done = administrator.post(page_of("actor"), {"table": shown.context["table"]}, follow=True)
    assert "Stored: 1 new, 1 changed, 0 the same as before." in done.content.decode()
    bbc = Actor.objects.get(slug="bbc")
    assert bbc.kind == "organisation"
    events = bbc.history.order_by("-pgh_id")
    assert [event.pgh_label for event in events][:1] == ["update"]
    assert Actor.objects.count() == 2
    history = administrator.get(reverse("admin:annotations_actor_history", args=[bbc.pk])).content.decode()
    # By whom: the triggers know the session’s user.
    assert not re.search(r"\bEd\b", history)
    assert "Reader" in history


def test_a_refused_file_answers_422_and_has_nothing_to_store(administrator: Client) -> None:
    for data in ("name,kind\nA,person\nB,nobody\n", "nothing\nof use\n"):
        shown = administrator.post(page_of("actor"), upload(data))
        assert shown.status_code == 422
        assert 'name="table"' not in shown.content.decode()
    assert not Actor.objects.exists()
    assert administrator.post(page_of("actor"), {}).status_code == 422


def test_an_export_given_again_has_nothing_to_store(administrator: Client) -> None:
    people()
    shown = administrator.post(page_of("role"), upload(exported("role"))).content.decode()
    assert "0 new, 0 changed, 3 the same as before" in shown
    assert "Store this" not in shown


def test_what_no_longer_holds_when_it_is_to_be_stored_is_refused_with_409(administrator: Client) -> None:
    sam = ActorFactory(slug="sam")
    shown = administrator.post(page_of("alias"), upload("actor,name\nsam,Sammy\n"))
    sam.name = "Sammy"
    sam.save()
    late = administrator.post(page_of("alias"), {"table": shown.context["table"]})
    assert late.status_code == 409
    assert "That is the actor’s name already" in late.content.decode()
    assert not Alias.objects.exists()


@pytest.mark.parametrize("forge", [lambda said: said[:-3] + "abc", lambda said: "nothing"])
def test_only_what_was_looked_at_is_stored(administrator: Client, forge: Callable[[str], str]) -> None:
    shown = administrator.post(page_of("actor"), upload("name\nBBC\n"))
    done = administrator.post(page_of("actor"), {"table": forge(shown.context["table"])}, follow=True)
    assert "The page was out of date" in done.content.decode()
    assert not Actor.objects.exists()
    other = administrator.post(page_of("alias"), {"table": shown.context["table"]}, follow=True)
    assert "The page was out of date" in other.content.decode()


@pytest.mark.parametrize("what", RESOURCES)
def test_only_who_may_add_and_change_brings_a_table_in(client: Client, what: str) -> None:
    person = UserFactory(is_staff=True)
    client.force_login(person)
    assert client.get(page_of(what)).status_code == 403
    for verbs in (["view"], ["view", "add"], ["view", "change"]):
        wanted = [f"{verb}_{what}" for verb in verbs]
        person.user_permissions.set(Permission.objects.filter(codename__in=wanted))
        listing = client.get(page_of(what, "changelist")).content.decode()
        assert "Import from a file" not in listing
        assert "Export these as CSV" in listing
        assert client.get(page_of(what)).status_code == 403
        assert client.post(page_of(what), upload("name\nBBC\n")).status_code == 403
        export = reverse(f"admin:annotations_{what}_export", args=["csv"])
        assert client.get(export).status_code == 200
    client.force_login(EditorFactory(is_staff=True))
    assert client.get(page_of(what)).status_code == 200
    assert "Import from a file" in client.get(page_of(what, "changelist")).content.decode()


@pytest.mark.parametrize("what", RESOURCES)
def test_the_list_is_exported_as_it_is_filtered_or_selected(administrator: Client, what: str) -> None:
    people()
    first = MODELS[what].objects.order_by("pk").first()
    export = reverse(f"admin:annotations_{what}_export", args=["json"])
    whole = administrator.get(export)
    assert len(json.loads(whole.content)) == MODELS[what].objects.count()
    plural = str(MODELS[what]._meta.verbose_name_plural)
    assert f'"{plural}-{timezone.localdate().isoformat()}.json"' in whole["Content-Disposition"]
    found = administrator.get(f"{export}?q=minister")
    assert len(json.loads(found.content)) < MODELS[what].objects.count()
    assert "search-minister.json" in found["Content-Disposition"]
    chosen = administrator.post(
        page_of(what, "changelist"), {"action": "export_csv", ACTION_CHECKBOX_NAME: [first.pk]}
    )
    assert len(list(csv.reader(io.StringIO(chosen.content.decode("utf-8-sig"), newline="")))) == 2
    assert "selected.csv" in chosen["Content-Disposition"]


@pytest.mark.parametrize("what", ["alias", "role"])
def test_lists_take_as_many_queries_for_ten_times_the_rows(administrator: Client, what: str) -> None:
    factory = {"alias": AliasFactory, "role": RoleFactory}[what]

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert administrator.get(page_of(what, "changelist")).status_code == 200
        return len(found)

    factory.create_batch(2)
    few = queries()
    factory.create_batch(18)
    assert queries() == few


@pytest.mark.parametrize("what", RESOURCES)
def test_rows_that_change_nothing_cost_no_query_each(what: str) -> None:
    people()

    def queries() -> int:
        data = exported(what)
        with CaptureQueriesContext(connection) as found:
            assert brought_in(what, data).changed == 0
        return sum("SAVEPOINT" not in query["sql"] for query in found)

    few = queries()
    sam = Actor.objects.get(slug="sam")
    for number in range(20):
        AliasFactory(actor=sam, name=f"Sam {number}")
        RoleFactory(actor=sam, title=f"Envoy {number}", organisation=ActorFactory())
        ClaimFactory(story=Story.objects.get())
    assert queries() == few
