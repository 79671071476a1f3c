"""Who an actor is at the end of its mergings, whatever the order in which they are made and taken back."""

import datetime as dt
import random

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from annotations.models import Actor, Quote
from tests.factories import ActorFactory, QuoteFactory, RoleFactory

pytestmark = pytest.mark.django_db


def canonical(actor: Actor) -> Actor | None:
    return Actor.objects.get(pk=actor.pk).canonical


def merge(actor: Actor, into: Actor | None) -> None:
    Actor.objects.filter(pk=actor.pk).update(merged_into=into)


def test_an_actor_that_was_merged_is_the_last_of_the_chain_in_whatever_order_it_was_made():
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        chain = [ActorFactory() for _ in range(4)]
        for number in order:
            merge(chain[number], chain[number + 1])
        assert [canonical(actor) for actor in chain] == [chain[3], chain[3], chain[3], None]


def test_taking_a_merging_back_gives_everybody_below_it_back():
    a, b, c = ActorFactory(), ActorFactory(), ActorFactory()
    merge(a, b)
    merge(b, c)
    merge(b, None)
    assert [canonical(actor) for actor in (a, b, c)] == [b, None, None]


def test_an_actor_saved_from_an_old_copy_is_whole_still():
    a, b, c = ActorFactory(), ActorFactory(), ActorFactory()
    merge(a, b)
    stale = Actor.objects.get(pk=b.pk)
    merge(b, c)
    stale.description = "A newspaper"
    stale.save()
    assert [canonical(actor) for actor in (a, b, c)] == [b, None, None]


def test_a_new_actor_knows_at_once_who_it_is():
    kept = ActorFactory()
    between = ActorFactory(merged_into=kept)
    assert ActorFactory(merged_into=between).canonical == kept


def test_who_is_canonical_can_not_be_written_by_hand():
    a, b, other = ActorFactory(), ActorFactory(), ActorFactory()
    merge(a, b)
    Actor.objects.filter(pk__in=[a.pk, other.pk]).update(canonical=other)
    assert [canonical(actor) for actor in (a, b, other)] == [b, None, None]


def test_a_circle_is_refused_and_nothing_of_it_is_kept():
    a, b, c = ActorFactory(), ActorFactory(), ActorFactory()
    merge(a, b)
    merge(b, c)
    with pytest.raises(IntegrityError, match="merged into itself"), transaction.atomic():
        merge(c, a)
    assert [canonical(actor) for actor in (a, b, c)] == [c, c, None]


def test_a_circle_is_told_by_a_form_before_the_database_is_asked():
    a, b = ActorFactory(name="Hunt"), ActorFactory(name="J. Hunt")
    merge(b, a)
    a.merged_into = b
    with pytest.raises(ValidationError, match="merged into itself"):
        a.full_clean()


def test_a_circle_made_by_one_statement_is_refused():
    a, b = ActorFactory(), ActorFactory()
    merge(a, b)
    a.refresh_from_db()
    a.merged_into, b.merged_into = None, a
    with pytest.raises(IntegrityError), transaction.atomic():
        Actor.objects.bulk_update([Actor(pk=a.pk, merged_into=b), b], ["merged_into"])


def test_words_of_an_actor_merged_twice_over_are_the_last_ones():
    a, b, c = ActorFactory(name="J. Hunt"), ActorFactory(name="Hunt"), ActorFactory(name="Jeremy Hunt")
    quote = QuoteFactory(speaker=a)
    merge(a, b)
    merge(b, c)
    quote = type(quote).objects.get(pk=quote.pk)
    assert quote.said_by == c
    assert quote.speaker_name == "Jeremy Hunt"
    assert list(type(quote).objects.of_actor(c)) == [quote]


@pytest.mark.parametrize("seed", range(3))
def test_any_mergings_and_their_taking_back_leave_everybody_at_the_end_of_their_chain(seed: int):
    chance = random.Random(seed)
    actors = [ActorFactory() for _ in range(8)]
    into: dict[int, int | None] = {actor.pk: None for actor in actors}

    def chain(pk: int) -> list[int]:
        further = into[pk]
        return [pk] if further is None else [pk, *chain(further)]

    for _ in range(60):
        one, other = chance.sample([actor.pk for actor in actors], 2)
        if into[one] is not None and chance.random() < 0.5:
            into[one] = None
            Actor.objects.filter(pk=one).update(merged_into=None)
        elif one not in chain(other):
            into[one] = other
            Actor.objects.filter(pk=one).update(merged_into=other)
        else:
            with pytest.raises(IntegrityError), transaction.atomic():
                Actor.objects.filter(pk=one).update(merged_into=other)
        found = dict(Actor.objects.values_list("pk", "canonical"))
        assert found == {pk: chain(pk)[-1] if into[pk] else None for pk in into}


def test_a_role_entered_with_either_of_two_who_are_one_is_the_quotes():
    kept = ActorFactory(name="Jeremy Hunt")
    merged = ActorFactory(name="J. Hunt", merged_into=kept)
    day = dt.date(2019, 5, 9)
    RoleFactory(actor=merged, title="Foreign Secretary", since=dt.date(2018, 7, 9))
    quote = QuoteFactory(speaker=kept, said_earliest=day, said_latest=day)
    other = QuoteFactory(speaker=merged, said_earliest=day, said_latest=day)
    assert str(kept.role_at(day, day)) == "Foreign Secretary"
    assert str(Quote.objects.get(pk=other.pk).role_then) == "Foreign Secretary"
    RoleFactory(actor=kept, title="foreign secretary", since=dt.date(2018, 1, 1))
    assert kept.role_at(day, day) is not None
    assert Quote.objects.get(pk=quote.pk).role_then is not None
    assert Quote.objects.get(pk=other.pk).role_then is not None
    RoleFactory(actor=kept, title="Party leader")
    assert kept.role_at(day, day) is None
    assert Quote.objects.get(pk=quote.pk).role_then is None
