"""Actors on the desk: found, made, told apart, and the names and roles they have."""

import datetime as dt
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import Actor, Alias, Role
from tests.factories import (
    ActorFactory,
    AliasFactory,
    ArticleFactory,
    EditorFactory,
    QuoteFactory,
    RoleFactory,
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


def text_of(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return unescape(answer.content.decode())


def listed(client, **query: str) -> list[str]:
    """The names in the list."""
    html = text_of(client.get("/desk/actors/", query))
    return [row.split("</bdi>")[0].split("<bdi>")[1] for row in html.split('class="desk-row__title"')[1:]]


def page_of(actor) -> str:
    return reverse("desk:actor", args=[actor.pk])


def fields(**changed: str) -> dict[str, str]:
    return {"name": "Jeremy Hunt", "kind": "person", "description": "", "wikidata_id": "", **changed}


# The list.


def test_actors_stand_by_name_and_are_found_by_name_alias_and_role(client):
    pompeo = ActorFactory(name="Mike Pompeo")
    AliasFactory(actor=pompeo, name="the top diplomat")
    RoleFactory(actor=ActorFactory(name="jeremy Hunt"), title="Foreign Secretary")
    ActorFactory(name="Huawei", kind="organisation")
    assert listed(client) == ["Huawei", "jeremy Hunt", "Mike Pompeo"]
    assert listed(client, q="pomp") == ["Mike Pompeo"]
    assert listed(client, q="diplomat top") == ["Mike Pompeo"]
    assert listed(client, q="foreign secretary") == ["jeremy Hunt"]
    assert listed(client, kind="organisation") == ["Huawei"]


def test_one_that_was_merged_is_not_listed(client):
    into = ActorFactory(name="The BBC")
    ActorFactory(name="BBC News", merged_into=into)
    assert listed(client) == ["The BBC"]


def test_who_shares_a_name_or_an_alias_is_pointed_at(client):
    one, two = ActorFactory(name="Gavin Smith", description="A minister"), ActorFactory(name="gavin smith")
    AliasFactory(actor=ActorFactory(name="G. Smith"), name="Gavin Smith")
    left, right = ActorFactory(name="Left"), ActorFactory(name="Right")
    AliasFactory(actor=left, name="The pair")
    AliasFactory(actor=right, name="the PAIR")
    ActorFactory(name="Alone")
    html = text_of(client.get("/desk/actors/"))
    assert html.count("Same name") == 5
    assert "(A minister)" in html
    assert "Alone" not in listed(client, twice="on")
    assert len(listed(client, twice="on")) == 5
    assert "Somebody else has the same name" in text_of(client.get(page_of(one)))
    two.merged_into = one
    two.save()
    assert len(listed(client, twice="on")) == 4


def test_a_search_with_nothing_found_names_itself_and_offers_the_next_step(client):
    html = text_of(client.get("/desk/actors/", {"q": "nobody at all", "kind": "person"}))
    assert "Nobody matches “<bdi>nobody at all</bdi>”" in html
    assert 'href="/desk/actors/new/"' in html
    assert "There are no actors yet" in text_of(client.get("/desk/actors/"))


def test_with_htmx_only_the_list_comes_and_says_how_many(client):
    ActorFactory(name="Mike Pompeo")
    html = text_of(client.get("/desk/actors/", {"q": "pompeo"}, headers=HTMX))
    assert html.lstrip().startswith('<div id="results"')
    assert 'data-status="1 actor."' in html


@pytest.mark.parametrize(
    "query", ["q=%00", "kind=nonsense", "page=x", "page=-1", "q=" + "x" * 400, "twice=maybe", "q=%25_%5C"]
)
def test_junk_in_the_address_is_no_error(client, query):
    actor = ActorFactory()
    assert client.get(f"/desk/actors/?{query}").status_code == 200
    assert client.get(f"{page_of(actor)}?{query}").status_code == 200


# Making and changing one.


def test_an_actor_is_made_with_an_address_of_its_own(client):
    ActorFactory(name="Another Hunt", slug="jeremy-hunt")
    answer = client.post("/desk/actors/new/", fields(name="  Jeremy   Hunt ", wikidata_id="Q268584"))
    made = Actor.objects.get(wikidata_id="Q268584")
    assert answer.headers["Location"] == page_of(made)
    assert (made.name, made.slug) == ("Jeremy Hunt", "jeremy-hunt-2")


def test_a_name_that_somebody_has_is_asked_about_before_another_is_made(client):
    there = ActorFactory(name="Jeremy Hunt", description="The politician")
    html = text_of(client.post("/desk/actors/new/", fields(name="jeremy hunt")), 422)
    assert "Somebody here has this name already." in html
    assert f'href="{page_of(there)}"' in html
    assert "The politician" in html
    assert Actor.objects.count() == 1
    assert client.post("/desk/actors/new/", fields(name="jeremy hunt", another="on")).status_code == 302
    assert Actor.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"name": " "}, "This field is required."),
        ({"wikidata_id": "80976"}, "A Wikidata identifier is a Q and a number"),
        ({"wikidata_id": "Q1"}, "Another actor has this Wikidata identifier."),
        ({"kind": "robot"}, "robot is not one of the available choices"),
        ({"name": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, sent, reason):
    ActorFactory(wikidata_id="Q1")
    html = text_of(client.post("/desk/actors/new/", fields(description="Somebody of note", **sent)), 422)
    assert reason in html
    assert "Somebody of note</textarea>" in html
    assert Actor.objects.count() == 1


def test_the_address_stays_when_the_name_changes(client):
    actor = ActorFactory(name="Theresa May", slug="theresa-may")
    assert client.post(page_of(actor), fields(name="Baroness May", description="A peer")).status_code == 302
    actor.refresh_from_db()
    assert (actor.name, actor.slug, actor.description) == ("Baroness May", "theresa-may", "A peer")


def test_what_a_colleague_changed_meanwhile_is_kept_or_asked_about(client):
    actor = ActorFactory(name="T. May", description="Old")
    seen = {f"initial-{name}": value for name, value in fields(name="T. May", description="Old").items()}
    Actor.objects.filter(pk=actor.pk).update(name="Theresa May", description="Theirs")
    assert (
        client.post(
            page_of(actor), {**fields(name="T. May", description="Old", kind="other"), **seen}
        ).status_code
        == 302
    )
    actor.refresh_from_db()
    assert (actor.name, actor.description, actor.kind) == ("Theresa May", "Theirs", "other")
    html = text_of(
        client.post(page_of(actor), {**fields(name="Theresa May", description="Mine"), **seen}), 409
    )
    assert "Meanwhile somebody made this “Theirs”." in html
    assert "Mine</textarea>" in html
    actor.refresh_from_db()
    assert actor.description == "Theirs"


def test_its_page_leads_to_its_quotes_where_they_are_worked_on(client, ana):
    quote = QuoteFactory(by=ana)
    html = text_of(client.get(page_of(quote.speaker)))
    assert f'href="/desk/quotes/{quote.uuid}/"' in html
    assert "Readers see an actor once a quote of theirs is published." in html
    quote.article.stories.add(StoryFactory())
    quote.publish(by=ana, revision=1, now=quote.created_at)
    assert f'href="{quote.speaker.get_absolute_url()}"' in text_of(client.get(page_of(quote.speaker)))


# Other names.


def test_a_name_is_added_and_taken_away(client):
    actor = ActorFactory(name="British Broadcasting Corporation")
    address = reverse("desk:actor-aliases", args=[actor.pk])
    assert client.post(address, {"name": " the  BBC "}).headers["Location"] == f"{page_of(actor)}#aliases"
    alias = Alias.objects.get()
    assert alias.name == "the BBC"
    assert "the BBC" in text_of(client.get(page_of(actor)))
    assert client.post(reverse("desk:alias-removal", args=[alias.pk])).status_code == 302
    assert not Alias.objects.exists()
    assert "Alias “the BBC” removed." in text_of(client.get(page_of(actor)))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "Give the other name."),
        ("THE bbc", "The actor has this alias already."),
        ("british broadcasting corporation", "That is the actor’s name already."),
    ],
)
def test_a_name_that_adds_nothing_is_refused(client, name, reason):
    actor = ActorFactory(name="British Broadcasting Corporation")
    AliasFactory(actor=actor, name="the BBC")
    html = text_of(client.post(reverse("desk:actor-aliases", args=[actor.pk]), {"name": name}), 422)
    assert reason in html
    assert Alias.objects.count() == 1


def test_a_name_that_another_has_too_is_added_and_said(client):
    ActorFactory(name="Gavin Smith")
    actor = ActorFactory(name="G. Smith")
    client.post(reverse("desk:actor-aliases", args=[actor.pk]), {"name": "Gavin Smith"})
    assert "Gavin Smith has this name too: forms will ask who is meant." in text_of(
        client.get(page_of(actor))
    )


# Roles.


def role_fields(**changed: str) -> dict[str, str]:
    return {
        "title": "Foreign Secretary",
        "organisation": "",
        "since": "2018-07-09",
        "until": "2019-07-24",
        **changed,
    }


def test_a_role_is_added_with_its_dates_and_organisation(client):
    actor, government = ActorFactory(), ActorFactory(name="UK government")
    address = reverse("desk:role-new", args=[actor.pk])
    assert (
        client.post(address, role_fields(organisation="uk government")).headers["Location"].endswith("#roles")
    )
    role = Role.objects.get()
    assert (role.title, role.organisation) == ("Foreign Secretary", government)
    assert (role.since, role.until) == (dt.date(2018, 7, 9), dt.date(2019, 7, 24))
    assert "Foreign Secretary, UK government" in text_of(client.get(page_of(actor)))


def test_an_unknown_organisation_is_asked_about_and_made_only_when_told(client):
    actor = ActorFactory()
    address = reverse("desk:role-new", args=[actor.pk])
    html = text_of(client.post(address, role_fields(organisation="Foreign Office")), 422)
    assert "Nobody here is called “Foreign Office”." in html
    assert not Role.objects.exists()
    told = {"organisation_choice": "new-organisation", "organisation_asked": "Foreign Office"}
    assert client.post(address, role_fields(organisation="Foreign Office", **told)).status_code == 302
    assert Role.objects.get().organisation.name == "Foreign Office"


def test_a_role_ends_after_it_begins_and_is_not_in_oneself(client):
    actor = ActorFactory(name="Huawei")
    html = text_of(
        client.post(
            reverse("desk:role-new", args=[actor.pk]),
            role_fields(title=" ", until="2017-01-01", organisation="Huawei"),
        ),
        422,
    )
    assert "Give the role’s title." in html
    assert "A role can’t end before it begins." in html
    assert "can’t hold a role in themselves" in html
    assert not Role.objects.exists()


def test_a_role_is_changed_and_keeps_its_organisation(client):
    role = RoleFactory(organisation=ActorFactory(name="UK government"))
    address = reverse("desk:role", args=[role.pk])
    html = text_of(client.get(address))
    assert 'value="UK government"' in html
    assert client.post(address, role_fields(organisation="UK government", until="")).status_code == 302
    role.refresh_from_db()
    assert (role.title, role.until, role.organisation.name) == ("Foreign Secretary", None, "UK government")


def test_a_role_that_quotes_name_stays_and_another_goes(client):
    named, free = RoleFactory(), RoleFactory()
    QuoteFactory(speaker=named.actor, role=named)
    assert "1 quote names this role" in text_of(client.get(reverse("desk:role", args=[named.pk])))
    for role in (named, free):
        assert client.post(reverse("desk:role-removal", args=[role.pk])).status_code == 302
    assert list(Role.objects.all()) == [named]


# What holds for all of them.


def test_hostile_words_are_shown_and_not_run(client, ana):
    actor = ActorFactory(name=HOSTILE, description=HOSTILE)
    ActorFactory(name=HOSTILE, description=HOSTILE)
    AliasFactory(actor=actor, name=HOSTILE + "2")
    role = RoleFactory(actor=actor, title=HOSTILE)
    article = ArticleFactory(headline=HOSTILE, text=f"So {HOSTILE} it is.")
    QuoteFactory(speaker=actor, article=article, exact=HOSTILE, by=ana)
    answers = [
        client.get("/desk/actors/"),
        client.get("/desk/actors/", {"q": HOSTILE}),
        client.get(page_of(actor)),
        client.get(reverse("desk:role", args=[role.pk])),
        client.post("/desk/actors/new/", fields(name=HOSTILE)),
        client.post(reverse("desk:role", args=[role.pk]), role_fields(organisation=HOSTILE + "3")),
    ]
    for answer in answers:
        assert b"<img src=x" not in answer.content
        assert b"&lt;img src=x" in answer.content


def test_ten_times_the_rows_take_as_many_queries(client, ana):
    actor = ActorFactory(name="The same")

    def grow(times: int) -> None:
        for n in range(times):
            other = ActorFactory(name="The same")
            AliasFactory(actor=other)
            AliasFactory(actor=actor)
            RoleFactory(actor=other, organisation=ActorFactory())
            RoleFactory(actor=actor, organisation=ActorFactory(), title=f"Minister {n}")
            QuoteFactory(speaker=actor, by=ana)

    def count() -> list[int]:
        numbers = []
        for address in ("/desk/actors/", "/desk/actors/?q=same&twice=on", page_of(actor)):
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            numbers.append(len(caught))
        return numbers

    grow(1)
    before = count()
    grow(9)
    assert count() == before
