"""Who may be one actor: found when names change, listed until somebody decides."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations import duplicates
from annotations.duplicates import behind, catch_up, forget_apart, likely, tell_apart
from annotations.models import Actor, LikelyDuplicate
from tests.factories import NOW, ActorFactory, AliasFactory, EditorFactory

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(hours=1)


def pairs() -> set[tuple[str, str, str]]:
    found = LikelyDuplicate.objects.standing().surest_first()
    return {(pair.one_name, pair.other_name, pair.how) for pair in found}


def test_actors_that_may_be_one_are_found_with_the_names_that_say_so():
    jeremy = ActorFactory(name="Jeremy Hunt")
    ActorFactory(name="J. Hunt")
    ActorFactory(name="Jane Hunter")
    ActorFactory(name="Mike Pompeo")
    assert catch_up(NOW) == 4
    assert pairs() == {("Jeremy Hunt", "J. Hunt", "initials")}
    (pair,) = likely([jeremy])[jeremy.pk]
    assert pair.other.name == "J. Hunt"


def test_short_names_of_organisations_are_found_whichever_came_first():
    ActorFactory(name="BBC", kind="organisation")
    ActorFactory(name="British Broadcasting Corporation", kind="organisation")
    ActorFactory(name="Department for Culture, Media and Sport", kind="government")
    catch_up(NOW)
    ActorFactory(name="DCMS", kind="government")
    catch_up(NOW)
    assert {(one, other) for one, other, _ in pairs()} == {
        ("BBC", "British Broadcasting Corporation"),
        ("Department for Culture, Media and Sport", "DCMS"),
    }


def test_only_those_with_other_names_are_compared_again():
    one = ActorFactory(name="Jeremy Hunt")
    catch_up(NOW)
    assert catch_up(NOW) == 0
    AliasFactory(actor=one, name="The Chancellor")
    assert [actor.pk for actor in behind()] == [one.pk]
    ActorFactory(name="the chancellor")
    assert catch_up(NOW) == 2
    assert pairs() == {("The Chancellor", "the chancellor", "same")}
    one.aliases.all().delete()
    assert catch_up(NOW) == 1
    assert pairs() == set()


def test_two_who_were_told_apart_are_not_listed_until_that_is_taken_back():
    one, other = ActorFactory(name="Gavin Smith"), ActorFactory(name="Gavin Smith")
    catch_up(NOW)
    tell_apart(other, one, by=EditorFactory(), now=LATER)
    tell_apart(one, other, by=EditorFactory(), now=LATER)
    assert pairs() == set()
    Actor.objects.filter(pk=one.pk).update(name="GAVIN SMITH")
    catch_up(LATER)
    assert pairs() == set()
    forget_apart(one, other)
    assert len(pairs()) == 1


def test_one_that_was_merged_is_no_duplicate_any_more():
    one, other = ActorFactory(name="Gavin Smith"), ActorFactory(name="Gavin Smith")
    catch_up(NOW)
    Actor.objects.filter(pk=one.pk).update(merged_into=other)
    assert pairs() == set()
    assert catch_up(LATER) == 0


def test_a_run_leaves_the_rest_to_the_next(monkeypatch):
    for number in range(5):
        ActorFactory(name=f"Somebody Number{number}")
    monkeypatch.setattr(duplicates, "AT_ONCE", 3)
    assert [catch_up(NOW), catch_up(NOW), catch_up(NOW)] == [3, 2, 0]


def test_names_that_look_like_patterns_are_only_names():
    for name in ["A.*", "(((", "[a-z]+", "100%", "\\d", "_", "'; DROP TABLE x; --"]:
        ActorFactory(name=name, kind="organisation")
    ActorFactory(name="Alpha Beta", kind="organisation")
    catch_up(NOW)
    assert pairs() == set()


def test_a_comparison_takes_the_same_queries_among_many_actors():
    def count() -> int:
        ActorFactory(name="Jeremy Hunt")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert catch_up(NOW) == 1
        return len(queries)

    count()
    first = count()
    for number in range(12):
        ActorFactory(name=f"Jeremy P{number} Hunt")
    catch_up(NOW)
    assert count() == first
