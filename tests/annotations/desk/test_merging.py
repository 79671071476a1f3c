"""Two actors that are one, and one that is two: looked at side by side, decided, and taken back."""

import datetime as dt
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotations.duplicates import catch_up
from annotations.models import Actor, Quote, Status
from tests.factories import (
    NOW,
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


@pytest.fixture(autouse=True)
def ana(client):
    editor = EditorFactory(first_name="Ana")
    client.force_login(editor)
    return editor


@pytest.fixture
def hunts():
    return ActorFactory(name="Jeremy Hunt", slug="jeremy-hunt"), ActorFactory(name="J. Hunt", slug="j-hunt")


def text_of(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return unescape(answer.content.decode())


def beside(one, other) -> str:
    return reverse("desk:actor-beside", args=[one.pk, other.pk])


def read_in(html: str) -> str:
    return html.split('name="read" value="')[1].partition('"')[0]


def merge(client, one, other, *, keep, read: str = ""):
    read = read or read_in(text_of(client.get(beside(one, other))))
    return client.post(f"{beside(one, other)}merging/", {"keep": keep.pk, "read": read}, follow=True)


def part(client, actor, page=None):
    html = text_of(client.get(reverse("desk:actor", args=[(page or actor).pk])))
    form = html.split(reverse("desk:actor-parting", args=[actor.pk]))[1]
    return client.post(reverse("desk:actor-parting", args=[actor.pk]), {"read": read_in(form)}, follow=True)


def canonical(actor) -> Actor | None:
    return Actor.objects.get(pk=actor.pk).canonical


# The list.


def test_likely_duplicates_are_listed_with_what_makes_them_alike(client, hunts):
    ActorFactory(name="Mike Pompeo")
    catch_up(NOW)
    html = text_of(client.get("/desk/actors/duplicates/"))
    assert "1 pair" in html
    assert "One may be short for the other" in html
    assert beside(*hunts) in html
    assert beside(*hunts) in text_of(client.get(reverse("desk:actor", args=[hunts[1].pk])))
    assert "1 pair." in text_of(client.get("/desk/actors/duplicates/", {"q": "jeremy"}, headers=HTMX))
    assert "No pair matches “<bdi>pompeo</bdi>”" in text_of(
        client.get("/desk/actors/duplicates/", {"q": "pompeo"})
    )
    assert "No pair matches" in text_of(client.get("/desk/actors/duplicates/", {"kind": "government"}))


def test_an_empty_list_says_what_it_would_hold(client):
    assert "Nobody looks like somebody else" in text_of(client.get("/desk/actors/duplicates/"))


def test_two_found_to_be_two_leave_the_list_and_come_back_when_that_is_undone(client, hunts):
    catch_up(NOW)
    html = text_of(client.post(f"{beside(*hunts)}apart/", follow=True))
    assert "Remembered: Jeremy Hunt and J. Hunt are two." in html
    assert "They were found to be two" in html
    assert "Nobody looks like" in text_of(client.get("/desk/actors/duplicates/"))
    client.post(f"{beside(*hunts)}apart/", {"undo": "1"})
    assert "1 pair" in text_of(client.get("/desk/actors/duplicates/"))


# Side by side.


def test_both_stand_side_by_side_with_all_that_tells_them_apart(client, hunts):
    one, other = hunts
    AliasFactory(actor=one, name="The Foreign Secretary")
    RoleFactory(actor=other, title="MP for South West Surrey", since=dt.date(2005, 5, 5))
    story = StoryFactory(title="Huawei and 5G")
    day = dt.date(2019, 5, 9)
    QuoteFactory(
        speaker=one,
        article=ArticleFactory(stories=[story]),
        said_earliest=day,
        said_latest=day,
        published=True,
    )
    html = text_of(client.get(beside(one, other)))
    for words in (
        "The Foreign Secretary",
        "MP for South West Surrey",
        "5 May 2005",
        "Huawei and 5G",
        "1 published",
    ):
        assert words in html
    assert "said 9 May 2019" in html
    checked = html.split(" checked")[0].rsplit('value="', 1)[1]
    assert checked.startswith(f'{one.pk}"')


def test_an_actor_is_compared_with_whom_one_names(client, hunts):
    one, other = hunts
    url = reverse("desk:actor-beside-whom", args=[one.pk])
    assert "Who may be the same?" in text_of(client.get(url))
    answer = client.get(url, {"other": "j. hunt"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == beside(one, other)
    assert "this very actor" in text_of(client.get(url, {"other": "Jeremy Hunt"}), 422)
    assert "Nobody here is called “Hunnt”" in text_of(client.get(url, {"other": "Hunnt"}), 422)
    new = {"other": "Somebody", "other_choice": "new-person", "other_asked": "Somebody"}
    assert "only known actors can be merged" in text_of(client.get(url, new), 422)
    assert Actor.objects.count() == 2


# Merging.


def test_what_was_said_by_both_is_one_actors_after_the_merging_and_twos_after_it_is_taken_back(client, hunts):
    one, other = hunts
    story = StoryFactory(status="published", changed_at=NOW)
    quote = QuoteFactory(speaker=other, article=ArticleFactory(stories=[story]), published=True)
    html = text_of(merge(client, one, other, keep=one))
    assert "J. Hunt is one with Jeremy Hunt now." in html
    assert "merged into this by Ana" in html
    assert canonical(other) == one
    assert Quote.objects.get(pk=quote.pk).speaker_name == "Jeremy Hunt"
    assert client.get("/actors/j-hunt/").headers["Location"] == "/actors/jeremy-hunt/"
    story.refresh_from_db()
    assert story.changed_at > NOW
    assert "What it says counts for" in text_of(client.get(reverse("desk:actor", args=[other.pk])))
    assert "an actor of its own again" in text_of(part(client, other, page=one))
    assert canonical(other) is None
    assert Quote.objects.get(pk=quote.pk).speaker_name == "J. Hunt"


def test_either_of_the_two_can_be_kept(client, hunts):
    merge(client, *hunts, keep=hunts[1])
    assert canonical(hunts[0]) == hunts[1]


def test_a_merging_of_two_as_they_are_no_more_is_answered_with_how_they_are_and_does_nothing(client, hunts):
    one, other = hunts
    read = read_in(text_of(client.get(beside(one, other))))
    other.description = "A footballer"
    other.save()
    html = text_of(merge(client, one, other, keep=other, read=read), 409)
    assert "Somebody changed one of the two meanwhile" in html
    assert "A footballer" in html
    checked = html.split(" checked")[0].rsplit('value="', 1)[1]
    assert checked.startswith(f'{other.pk}"')
    assert canonical(one) is None
    assert canonical(other) is None


def test_one_that_was_merged_is_not_merged_again(client, hunts):
    one, other = hunts
    third = ActorFactory(name="Hunt")
    merge(client, one, other, keep=one)
    html = text_of(client.get(beside(other, third)))
    assert "They are one: merge" not in html
    answer = client.post(f"{beside(other, third)}merging/", {"keep": third.pk, "read": "1"})
    assert answer.status_code == 409
    assert canonical(other) == one


def test_a_chain_of_mergings_is_taken_back_link_by_link(client, hunts):
    one, other = hunts
    third = ActorFactory(name="Hunt")
    merge(client, other, one, keep=one)
    merge(client, one, third, keep=third)
    assert canonical(other) == third
    part(client, one)
    assert canonical(other) == one
    assert canonical(one) is None


@pytest.mark.parametrize(
    "sent", [{}, {"keep": "x", "read": "1"}, {"keep": "999999", "read": "1"}, {"read": "1"}]
)
def test_a_merging_that_does_not_say_what_it_means_is_refused(client, hunts, sent):
    html = text_of(client.post(f"{beside(*hunts)}merging/", sent), 422)
    assert "Choose which of the two to keep." in html


def test_parting_from_nobody_or_on_an_old_page_does_nothing(client, hunts):
    one, other = hunts
    url = reverse("desk:actor-parting", args=[other.pk])
    assert "an actor of its own already" in text_of(client.post(url, {"read": "1-1"}, follow=True))
    merge(client, one, other, keep=one)
    assert "Somebody changed this actor meanwhile" in text_of(client.post(url, {"read": "1-1"}, follow=True))
    assert "did not say" in text_of(client.post(url, follow=True))
    assert canonical(other) == one


def test_an_actor_beside_itself_is_only_itself(client, hunts):
    answer = client.get(beside(hunts[0], hunts[0]))
    assert answer.headers["Location"] == reverse("desk:actor", args=[hunts[0].pk])


# Splitting.


def split(client, actor, quotes, **fields: str):
    ticked = [f"{quote.uuid}.{quote.revision}" for quote in quotes]
    return client.post(reverse("desk:actor-split", args=[actor.pk]), {"quote": ticked, **fields}, follow=True)


@pytest.fixture
def said(hunts):
    return [QuoteFactory(speaker=hunts[0]) for _ in range(3)]


def speakers(quotes) -> list[str]:
    return [Quote.objects.get(pk=quote.pk).speaker_name for quote in quotes]


def test_ticked_quotes_go_to_another_and_come_back_by_undo(client, hunts, said):
    html = text_of(split(client, hunts[0], said[:2], speaker="J. Hunt"))
    assert "2 quotes are J. Hunt’s now." in html
    assert speakers(said) == ["J. Hunt", "J. Hunt", "Jeremy Hunt"]
    done = html.split('name="done" value="')[1].split('"')[0]
    undone = client.post(reverse("desk:actor-split-undo", args=[hunts[0].pk]), {"done": done}, follow=True)
    assert "2 quotes came back." in text_of(undone)
    assert speakers(said) == ["Jeremy Hunt"] * 3


def test_a_new_actor_is_made_only_when_asked_for_and_only_if_all_goes_well(client, hunts, said):
    asked = text_of(split(client, hunts[0], said[:1], speaker="Jane Hunt"), 422)
    assert "Make “Jane Hunt”" in asked
    assert f'value="{said[0].uuid}.{said[0].revision}" checked' in asked
    fields = {"speaker": "Jane Hunt", "speaker_choice": "new-person", "speaker_asked": "Jane Hunt"}
    said[1].edit(by=EditorFactory(), revision=said[1].revision, now=timezone.now(), cue="warned")
    stale = Quote(uuid=said[1].uuid, revision=1)
    assert "Somebody changed one of these quotes" in text_of(
        split(client, hunts[0], [said[0], stale], **fields), 409
    )
    assert not Actor.objects.filter(name="Jane Hunt").exists()
    assert speakers(said) == ["Jeremy Hunt"] * 3
    split(client, hunts[0], said[:1], **fields)
    assert speakers(said) == ["Jane Hunt", "Jeremy Hunt", "Jeremy Hunt"]


def test_a_role_of_the_one_is_not_the_others(client, hunts, said):
    role = RoleFactory(actor=hunts[0], title="Foreign Secretary")
    Quote.objects.filter(pk=said[0].pk).update(role=role)
    split(client, hunts[0], said[:1], speaker="J. Hunt")
    assert Quote.objects.get(pk=said[0].pk).role is None


def test_what_can_not_be_given_is_said(client, hunts, said):
    one = hunts[0]
    assert "Tick the quotes that somebody else said." in text_of(
        split(client, one, [], speaker="J. Hunt"), 422
    )
    assert "Say who said the ticked quotes." in text_of(split(client, one, said), 422)
    assert "theirs already" in text_of(split(client, one, said, speaker="Jeremy Hunt"), 422)
    bad = {"quote": ["x.y"], "speaker": "J. Hunt"}
    assert "Reload it" in text_of(client.post(reverse("desk:actor-split", args=[one.pk]), bad), 422)
    other = QuoteFactory(speaker=ActorFactory(name="Mike Pompeo"))
    assert "has another speaker now" in text_of(split(client, one, [*said, other], speaker="J. Hunt"), 422)
    assert speakers(said) == ["Jeremy Hunt"] * 3


def test_undoing_keeps_what_was_changed_since(client, hunts, said):
    html = text_of(split(client, hunts[0], said[:2], speaker="J. Hunt"))
    done = html.split('name="done" value="')[1].split('"')[0]
    changed = Quote.objects.get(pk=said[0].pk)
    changed.edit(by=EditorFactory(), revision=changed.revision, now=timezone.now(), cue="warned")
    undone = client.post(reverse("desk:actor-split-undo", args=[hunts[0].pk]), {"done": done}, follow=True)
    assert "1 quote came back. 1 quote stayed: something was done to it since." in text_of(undone)
    assert speakers(said) == ["J. Hunt", "Jeremy Hunt", "Jeremy Hunt"]
    nothing = client.post(reverse("desk:actor-split-undo", args=[hunts[0].pk]), {"done": done}, follow=True)
    assert "nothing of yours to undo" in text_of(nothing)


def test_rejected_quotes_are_not_listed(client, hunts):
    QuoteFactory(speaker=hunts[0], status=Status.REJECTED)
    assert "There are no quotes here." in text_of(client.get(reverse("desk:actor-split", args=[hunts[0].pk])))


# How much is asked of the database.


@pytest.mark.parametrize("shown", ["duplicates", "split", "beside"])
def test_a_page_takes_the_same_queries_whatever_it_lists(client, hunts, shown):
    one, other = hunts
    urls = {"split": reverse("desk:actor-split", args=[one.pk]), "beside": beside(one, other)}
    url = urls.get(shown, "/desk/actors/duplicates/")

    def count() -> int:
        catch_up(NOW)
        with CaptureQueriesContext(connection) as queries:
            text_of(client.get(url))
        return len(queries)

    QuoteFactory(speaker=one)
    first = count()
    for number in range(10):
        QuoteFactory(speaker=one)
        RoleFactory(actor=one, title=f"Role {number}")
        ActorFactory(name=f"J. Hunt {number}")
        AliasFactory(actor=ActorFactory(), name="Hunt")
    assert count() == first
