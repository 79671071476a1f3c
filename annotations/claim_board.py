"""Claims that say the same made one, one that says two things made two, and claims retired; all of it taken back.

Stances move by an act on each quote, so that its history tells of it, readers find it among the corrections, and
whoever did it can undo it. The claim that was given up stays on record, retired: its address leads to the other.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from annotations.models import Act, Claim, NotAllowed, Quote, StaleRevision, Stance, Verb
from annotations.undoing import acts_at, take_back

if TYPE_CHECKING:
    from accounts.models import User

Position = Stance.Position
REVERSED = {Position.SUPPORTS: Position.OPPOSES, Position.OPPOSES: Position.SUPPORTS}
"""Where one stands on the opposite of a claim."""


class ChangedMeanwhile(Exception):
    """A claim or a stance on it is not as the editor saw it; nothing was written."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A quote that takes a stance on both claims, and not the same: only an editor can say which holds."""

    quote: Quote
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Merging:
    """What making one claim of two would do."""

    claim: Claim
    into: Claim
    is_opposite: bool
    stances: Sequence[Stance]
    clashes: Sequence[Clash]
    read: str
    """What the editor sees of both, to be sent along with the decision."""

    @property
    def moving(self) -> int:
        return len(self.stances)


def merging(claim: Claim, into: Claim, *, opposite: bool) -> Merging:
    stances = _stances(claim)
    there = {stance.quote_id: stance for stance in _stances(into)}
    clashes = [
        Clash(stance.quote, moved, there[stance.quote_id].position)
        for stance in stances
        if stance.quote_id in there
        and (moved := _moved(stance.position, opposite)) != there[stance.quote_id].position
    ]
    return Merging(claim, into, opposite, stances, clashes, seen(claim, into))


def _stances(claim: Claim) -> list[Stance]:
    found = Stance.objects.filter(claim=claim).select_related(
        "quote__speaker__canonical", "quote__article__outlet"
    )
    return list(
        found.prefetch_related("quote__anchors__version")
        .defer("quote__article__search", "quote__article__notes", "quote__article__author_bio")
        .order_by("quote")
    )


def _moved(position: str, opposite: bool) -> str:
    return REVERSED.get(Position(position), Position(position)).value if opposite else position


def seen(*claims: Claim) -> str:
    """The state of claims and of every quote with a stance on them, in short."""
    rows = [
        *Claim.objects.filter(pk__in=[claim.pk for claim in claims])
        .order_by("pk")
        .values_list("pk", "text", "retired_at"),
        *Stance.objects.filter(claim__in=claims)
        .order_by("claim", "quote")
        .values_list("claim", "quote", "position", "quote__revision"),
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]


@transaction.atomic
def merge(
    claim: Claim, into: Claim, *, opposite: bool, read: str, by: "User", now: dt.datetime, reason: str = ""
) -> int:
    """Move every stance on `claim` to `into`, and retire it; how many quotes that was.

    `opposite` turns support into opposition and the other way round. Raises ChangedMeanwhile where something is not
    as it was `read`; NotAllowed for claims of two stories, one that is retired, and where stances clash.
    """
    locked = {one.pk: one for one in _locked(claim, into)}
    claim, into = locked[claim.pk], locked[into.pk]
    if claim.pk == into.pk:
        raise NotAllowed("That is one claim already.")
    if claim.story_id != into.story_id:
        raise NotAllowed("The two are claims of different stories.")
    quotes = Quote.objects.filter(stances__claim__in=[claim, into]).order_by("pk")
    list(quotes.select_for_update(of=["self"]))
    if seen(claim, into) != read:
        raise ChangedMeanwhile
    if claim.is_retired or into.is_retired:
        raise NotAllowed("One of the two is retired. Take it up again first.")
    what = merging(claim, into, opposite=opposite)
    if what.clashes:
        raise NotAllowed("Some quotes take another stance on each of the two. Decide on those first.")
    for stance in what.stances:
        quote = stance.quote
        position = _moved(stance.position, opposite)
        quote.move_stance(claim, into, position, keep=False, by=by, revision=quote.revision, now=now)
    claim.retire(
        by=by, now=now, reason=reason or f"It says the same as “{into.text}”"[:500], merged_into=into
    )
    return what.moving


@transaction.atomic
def split(
    claim: Claim, read: Mapping[UUID, int], to: Claim, *, keep: bool, by: "User", now: dt.datetime
) -> int:
    """Give the stances of some quotes, each by UUID and revision, to another claim too (`keep`) or instead.

    Raises StaleRevision where one was changed since, NotAllowed where one takes no stance here or takes one there.
    """
    if claim.pk == to.pk:
        raise NotAllowed("That is the same claim.")
    if claim.story_id != to.story_id:
        raise NotAllowed("The two are claims of different stories.")
    found = Quote.objects.filter(uuid__in=read, stances__claim=claim).order_by("pk")
    quotes = list(found.select_for_update(of=["self"]))
    if len(quotes) != len(read):
        raise NotAllowed("One of these quotes takes no stance on the claim any more. Nothing was changed.")
    taken = dict(Stance.objects.filter(claim=claim, quote__in=quotes).values_list("quote", "position"))
    there = set(Stance.objects.filter(claim=to, quote__in=quotes).values_list("quote", flat=True))
    for quote in quotes:
        if quote.revision != read[quote.uuid]:
            raise StaleRevision(quote)
        if quote.pk in there:
            raise NotAllowed("One of these quotes takes a stance on the other claim already. Leave it out.")
    for quote in quotes:
        quote.move_stance(claim, to, taken[quote.pk], keep=keep, by=by, revision=quote.revision, now=now)
    return len(quotes)


@transaction.atomic
def retire(claim: Claim, *, read: str, by: "User", now: dt.datetime, reason: str) -> None:
    """Raises ChangedMeanwhile, and NotAllowed for one that is retired."""
    (claim,) = _locked(claim)
    if claim.is_retired:
        raise NotAllowed("It is retired already.")
    if seen(claim) != read:
        raise ChangedMeanwhile
    claim.retire(by=by, now=now, reason=reason)


@transaction.atomic
def revive(claim: Claim, *, by: "User", now: dt.datetime) -> tuple[int, int]:
    """Take a claim up again. The stances that left it in a merging come back: how many do, and how many stay.

    Those stay that were changed since, and all of them where somebody else did the merging: an editor undoes one's
    own acts alone. Raises NotAllowed where the claim is in use.
    """
    (claim,) = _locked(claim)
    if not claim.is_retired:
        raise NotAllowed("It is in use.")
    acts = moved(claim)
    is_own = claim.retired_by_id == by.pk
    claim.revive(now=now)
    return take_back(acts, by=by, now=now) if is_own else (0, len(acts))


def moved(claim: Claim) -> list[Act]:
    """The acts in force that moved the stances of a claim when it was merged."""
    if claim.merged_into_id is None or claim.retired_at is None or claim.retired_by is None:
        return []
    return acts_at(claim.retired_by, claim.retired_at, Verb.STANCE)


def _locked(*claims: Claim) -> list[Claim]:
    rows = Claim.objects.filter(pk__in=[claim.pk for claim in claims]).order_by("pk")
    return list(rows.select_for_update(of=["self"]).select_related("story"))
