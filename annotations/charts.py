"""Who said what on which side, along one line of time: for a claim its people, for an actor its claims."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from annotations import telling
from annotations.models import Quote
from annotations.positions import Side
from annotations.standing import Person, Standing
from annotations.tracks import Line, Track, line, track

MOST_ROWS = 12
"""Beyond, a picture shows nothing any more; those who are quoted most come first."""

FEWEST_MARKS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A track under its name, with what it comes to in words."""

    name: str
    address: str
    person: Person
    track: Track


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table behind the picture: an utterance, and the quotes that render it."""

    said: str
    name: str
    side: Side
    quotes: list[Quote]


@dataclass(frozen=True, slots=True)
class Chart:
    """Tracks along one line, and the same as a table; `left_out` is how many more there are."""

    line: Line
    rows: list[Row]
    entries: list[Entry]
    left_out: int


def of_claim(standing: Standing) -> Chart | None:
    """The people who are named, on one claim, as far as any day is known on which they spoke."""
    people = [
        (person.name, person.address, person)
        for person in standing.people
        if any(one.said.earliest or one.said.latest for one in person.uttered)
    ]
    return _chart(people[:MOST_ROWS], left_out=max(0, len(people) - MOST_ROWS))


def of_actor(standings: Iterable[Standing]) -> Chart | None:
    """One actor, on the claims of a story."""
    return _chart(
        [
            (standing.claim.text, standing.claim.get_absolute_url(), person)
            for standing in standings
            for person in standing.people
            if person.uttered
        ]
    )


def _chart(shown: Sequence[tuple[str, str, Person]], left_out: int = 0) -> Chart | None:
    """None where there are not even two marks to compare."""
    along = line(one.said for _, _, person in shown for one in person.uttered)
    if along is None:
        return None
    rows = [
        Row(name, address, person, track(person.uttered, person.shifts, along))
        for name, address, person in shown
    ]
    if sum(len(row.track.marks) for row in rows) < FEWEST_MARKS:
        return None
    return Chart(along, rows, _entries(rows), left_out)


def _entries(rows: Sequence[Row]) -> list[Entry]:
    """By the day on which it was said, the undated last."""
    uttered = [(row.name, one) for row in rows for one in row.person.uttered]
    uttered.sort(
        key=lambda pair: (
            pair[1].said.earliest or pair[1].said.latest or dt.date.max,
            pair[1].said.latest or dt.date.max,
            pair[0],
        )
    )
    return [
        Entry(
            telling.interval(one.said),
            name,
            one.side,
            [cast(Quote, statement.quote) for statement in one.renderings],
        )
        for name, one in uttered
    ]
