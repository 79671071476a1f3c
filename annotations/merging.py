"""One actor entered twice is made one; one entry that holds two people is made two. Both can be taken back.

An actor that is merged keeps its quotes, names and roles, and its address leads on: all of it counts for the actor
that it went into, and is its own again when the merging is taken back. Splitting gives quotes to another actor, each
as an act on the quote that its editor can undo.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce

from annotations.models import (
    Actor,
    NamesCompared,
    NotAllowed,
    Quote,
    StaleRevision,
)
from articles.models import Story

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = 3
"""Quotes of each of two actors that are shown side by side."""


class ChangedMeanwhile(Exception):
    """One of the actors is not as the editor saw it; nothing was written."""


# Two beside each other.


@dataclass(frozen=True, slots=True)
class Side:
    """An actor as it stands beside another that may be the same."""

    actor: Actor
    names: list[str]
    roles: list[Any]
    quotes: int
    published: int
    first: dt.date | None
    last: dt.date | None
    stories: list[Story]
    examples: list[Quote]


def side(actor: Actor) -> Side:
    quotes = Quote.objects.live().of_actor(actor)
    counted = quotes.aggregate(
        count=Count("pk"),
        published=Count("pk", filter=Q(status="published")),
        first=Min(Coalesce("said_earliest", "said_latest")),
        last=Max(Coalesce("said_latest", "said_earliest")),
    )
    told = Story.objects.filter(articles__quotes__in=quotes).distinct()
    merged = Actor.objects.filter(canonical=actor).order_by("name", "pk")
    aliases = [
        *actor.aliases.order_by("name", "pk").values_list("name", flat=True),
        *merged.values_list("name", flat=True),
    ]
    shown = quotes.select_related("article__outlet").defer("article__search", "version__text")
    return Side(
        actor,
        list(dict.fromkeys(aliases)),
        list(actor.roles.newest_first().select_related("organisation")),
        counted["count"],
        counted["published"],
        counted["first"],
        counted["last"],
        list(told.order_by("title", "pk")),
        list(shown.prefetch_related("anchors__version").order_by("-updated_at", "-pk")[:SHOWN]),
    )


def seen(*actors: Actor) -> str:
    """What two actors are like now, to be sent along with a decision: the newest entry of each in the history."""
    latest = dict(
        Actor.objects.filter(pk__in=[actor.pk for actor in actors])
        .annotate(latest=Max("history__pgh_id"))
        .values_list("pk", "latest")
    )
    return ".".join(f"{pk}-{latest[pk]}" for pk in sorted(latest))


def advised(one: Side, other: Side) -> Actor:
    """Which of the two to keep, if nothing speaks against it: the one that is known to others, or says more."""

    def weight(of: Side) -> tuple[bool, int, int, int]:
        return bool(of.actor.wikidata_id), of.published, of.quotes, -of.actor.pk

    return max(one, other, key=weight).actor


# Merging.


@transaction.atomic
def merge(actor: Actor, into: Actor, *, read: str, now: dt.datetime) -> None:
    """Make `actor` one with `into`. `read` is what the editor saw of both, as `seen` gave it.

    Raises ChangedMeanwhile where that is no longer so, NotAllowed for one with itself or where one was merged before.
    """
    if actor.pk == into.pk:
        raise NotAllowed("That is one actor already.")
    locked = {one.pk: one for one in _locked(actor, into)}
    if seen(actor, into) != read:
        raise ChangedMeanwhile
    if any(one.merged_into_id for one in locked.values()):
        raise NotAllowed(
            "One of them was merged before. Take that back first, or merge the one that it went into."
        )
    merged = locked[actor.pk]
    merged.merged_into = locked[into.pk]
    try:
        with transaction.atomic():
            merged.save(update_fields=["merged_into"])
    except IntegrityError:
        raise ChangedMeanwhile from None
    _tell([actor, into], now)


@transaction.atomic
def part(actor: Actor, *, read: str, now: dt.datetime) -> Actor:
    """Take a merging back: the actor is one of its own again. Returns the one that it was merged into.

    Raises ChangedMeanwhile, and NotAllowed where it is merged into nobody.
    """
    locked = _locked(actor)[0]
    if locked.merged_into is None:
        raise NotAllowed("It is an actor of its own already.")
    if seen(actor) != read:
        raise ChangedMeanwhile
    into = locked.merged_into
    _tell([actor], now)  # what readers see of it as the other's
    locked.merged_into = None
    locked.save(update_fields=["merged_into"])
    _tell([actor, into], now)
    return into


def _locked(*actors: Actor) -> list[Actor]:
    rows = Actor.objects.filter(pk__in=[actor.pk for actor in actors])
    return list(rows.select_for_update(of=["self"]).select_related("merged_into").order_by("pk"))


def _tell(actors: Sequence[Actor], now: dt.datetime) -> None:
    """Bump the stories whose readers see the actors, and have the names compared again."""
    keys = [actor.pk for actor in actors]
    quotes = Quote.objects.published().filter(
        Q(speaker__in=keys) | Q(speaker__canonical__in=keys) | Q(relayed_by_actor__in=keys)
    )
    Story.objects.filter(articles__quotes__in=quotes).update(changed_at=now)
    NamesCompared.objects.filter(actor__in=keys).delete()


@dataclass(frozen=True, slots=True)
class Merged:
    """An actor that was merged into another: since when, and who did it (empty for the program itself)."""

    actor: Actor
    at: dt.datetime | None
    by: str
    seen: str


def merged_into(actor: Actor) -> list[Merged]:
    """Those that are one with an actor by a merging of their own, by name."""
    from django.contrib.auth import get_user_model

    found = list(Actor.objects.filter(merged_into=actor).order_by("name", "pk"))
    told = []
    for one in found:
        events = one.history.filter(merged_into=actor).select_related("pgh_context").order_by("-pgh_id")  # type: ignore[attr-defined]
        event = events.first()
        user = event.pgh_context.metadata.get("user") if event and event.pgh_context else None
        by = get_user_model()._default_manager.filter(pk=user).first() if user else None
        told.append(Merged(one, event.pgh_created_at if event else None, str(by or ""), seen(one)))
    return told


# Splitting.


@transaction.atomic
def hand_over(
    actor: Actor, read: Mapping[UUID, int], to: Actor, *, by: "User", now: dt.datetime
) -> list[Quote]:
    """Make `to` the speaker of some of an actor's quotes, each as it was read, by UUID and revision; all or none.

    Raises StaleRevision where one was changed since, NotAllowed where one is not the actor's or nothing would change.
    """
    if actor.pk == to.pk:
        raise NotAllowed("These are theirs already. Name somebody else.")
    found = Quote.objects.of_actor(actor).filter(uuid__in=read).select_for_update(of=["self"])
    quotes = list(found.select_related("speaker__canonical", "role").order_by("pk"))
    if len(quotes) != len(read):
        raise NotAllowed("One of these quotes has another speaker now. Nothing was changed: choose again.")
    for quote in quotes:
        if quote.revision != read[quote.uuid]:
            raise StaleRevision(quote)
    for quote in quotes:
        quote.edit(by=by, revision=quote.revision, now=now, speaker=to, role=None)
    return quotes
