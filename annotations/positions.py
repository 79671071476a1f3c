"""Where an actor stands on a claim, as the quotes bear it out, and never more strongly.

The shares and their words follow what TheyWorkForYou does with votes, but these are statements: they express
support or opposition. An utterance counts once, however many outlets carried it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Literal

from annotations.dates import Interval

type Side = Literal["supports", "opposes", "mixed", "unclear"]
type Strength = Literal["consistently", "almost always", "generally", "tended to", "divided", "alone"]
"""How far the utterances are on one side; "divided" where they are on none, "alone" where one tells all."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One quote's stance on a claim: what it renders (of whatever kind, equal for equal utterances), the outlet
    that carried it, and when it was said. `quote` is the caller's own name for the quote, handed through."""

    utterance: Hashable
    outlet: str
    position: Side
    earliest: dt.date | None = None
    latest: dt.date | None = None
    quote: Hashable = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A change of side, from the last statement on the one side to the first on the other."""

    before: Side
    said_before: Interval
    after: Side
    said_after: Interval


@dataclass(frozen=True, slots=True)
class Position:
    """What the quotes say together.

    `strength` and `side` make the phrase for it ("consistently opposed", see `annotations.telling`). It rests on
    the utterances in `counted`, which it can open: those that take a position, for, against or both; only where
    none does, those that are unclear. `quotes` is their number, `outlets` that of who carried them, `said` when the
    first of them was said.
    """

    strength: Strength
    side: Side
    said: Interval
    quotes: int
    outlets: int
    supporting: int
    opposing: int
    mixed: int
    unclear: int
    shifts: tuple[Shift, ...]
    counted: tuple[Hashable, ...]


_SIDES: tuple[Side, ...] = ("supports", "opposes")
_SHARES: tuple[tuple[int, Strength], ...] = (
    (100, "consistently"),
    (95, "almost always"),
    (85, "generally"),
    (70, "tended to"),
)


@dataclass(frozen=True, slots=True)
class Utterance:
    """One act of speaking, whatever its renderings: the side that they put it on, and when it was said."""

    id: Hashable
    side: Side
    said: Interval
    renderings: tuple[Statement, ...]

    @property
    def outlets(self) -> frozenset[str]:
        return frozenset(statement.outlet for statement in self.renderings if statement.outlet)


def position(statements: Iterable[Statement]) -> Position | None:
    """Where the statements of one actor on one claim put that actor; None without any.

    From the shares of supporting and opposing utterances: all of them "consistently", 95 in 100 "almost always",
    85 "generally", 70 "tended to", else a mixture. One that is mixed counts as neither; one that is unclear does
    not count. Below two utterances the phrase tells what the one says.
    """
    uttered = utterances(statements)
    if not uttered:
        return None
    counted = [u for u in uttered if u.side != "unclear"]
    unclear = len(uttered) - len(counted)
    evidence = counted or uttered
    strength, side = _phrase(counted) if len(counted) > 1 else ("alone", evidence[0].side)
    outlets = len(frozenset().union(*(u.outlets for u in evidence)))
    sides = [u.side for u in uttered]
    return Position(
        strength=strength,
        side=side,
        said=evidence[0].said,
        quotes=len(evidence),
        outlets=outlets,
        supporting=sides.count("supports"),
        opposing=sides.count("opposes"),
        mixed=sides.count("mixed"),
        unclear=unclear,
        shifts=_shifts(counted),
        counted=tuple(u.id for u in evidence),
    )


# -- utterances --------------------------------------------------------------------------------------------


def utterances(statements: Iterable[Statement]) -> list[Utterance]:
    """The renderings of each utterance as one, in the order in which they were first given.

    One rendering may be clearer than another; where they contradict each other the utterance is mixed.
    """
    renderings: dict[Hashable, list[Statement]] = defaultdict(list)
    for statement in statements:
        renderings[statement.utterance].append(statement)
    return [
        Utterance(id_, _side({s.position for s in given}), _said(given), tuple(given))
        for id_, given in renderings.items()
    ]


def _side(sides: set[Side]) -> Side:
    clear = sides - {"unclear"}
    if len(clear) == 1:
        return clear.pop()
    return "mixed" if clear else "unclear"


def _said(given: list[Statement]) -> Interval:
    """When it was said: within the dates of all renderings, or where they exclude each other, of any."""
    earliest = [s.earliest for s in given if s.earliest]
    latest = [s.latest for s in given if s.latest]
    first, last = max(earliest, default=None), min(latest, default=None)
    if first and last and first > last:
        return Interval(min(earliest), max(latest))
    return Interval(first, last)


# -- shares ------------------------------------------------------------------------------------------------


def _phrase(counted: list[Utterance]) -> tuple[Strength, Side]:
    for side in _SIDES:
        number = sum(1 for u in counted if u.side == side)
        for share, strength in _SHARES:
            if number * 100 >= share * len(counted):
                return strength, side
    return "divided", "mixed"


# -- changes of side ---------------------------------------------------------------------------------------


def _shifts(counted: list[Utterance]) -> tuple[Shift, ...]:
    """The changes of side in order of time, each from the last statement on one side to the first on the other.

    Undated statements, and such whose dates overlap, have no order: nothing is said about them.
    """
    sided = [u for u in counted if u.side in _SIDES]
    ended = sorted((u for u in sided if u.said.latest), key=lambda u: (_latest(u), _earliest(u)))
    begun = sorted((u for u in sided if u.said.earliest), key=_earliest)
    last: dict[Side, Utterance] = {}
    since = dt.date.min  # the latest beginning of all that was over by then
    changes: list[tuple[Utterance, Utterance]] = []
    n = 0
    for later in begun:
        while n < len(ended) and _latest(ended[n]) < _earliest(later):
            last[ended[n].side] = ended[n]
            since = max(since, _earliest(ended[n]))
            n += 1
        earlier = last.get("opposes" if later.side == "supports" else "supports")
        if earlier and _latest(earlier) >= since:
            changes.append((earlier, later))
    shifts: list[Shift] = []
    for earlier, later in sorted(
        changes, key=lambda change: (_latest(change[1]), _earliest(change[1]), change[1].side)
    ):
        if not shifts or shifts[-1].after != later.side:
            shifts.append(Shift(earlier.side, earlier.said, later.side, later.said))
    return tuple(shifts)


def _earliest(utterance: Utterance) -> dt.date:
    return utterance.said.earliest or dt.date.min


def _latest(utterance: Utterance) -> dt.date:
    return utterance.said.latest or dt.date.max
