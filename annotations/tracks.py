"""Position tracks: what was said on each side, as marks along a line of time.

Everything is a number between 0 and 100, the share of the line's length, so that a picture of any width can be
drawn from it. Nothing is placed where no text dates it: what is undated is only counted.
"""

import calendar
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotations.dates import Interval
from annotations.positions import Shift, Side, Utterance

MARGIN = 0.04
"""The share of the days that is left free before the first mark and behind the last."""

MOST_TICKS = 5

FEWEST_DAYS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A day that the line names; `with_year` where its year differs from that of the tick before."""

    x: float
    day: dt.date
    with_year: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The days from `first` to `last`, and those of them that are named: single days, months or years."""

    first: dt.date
    last: dt.date
    unit: str
    ticks: tuple[Tick, ...]

    def at(self, day: dt.date) -> float:
        """Where a day lies; one that lies outside is at the end that it is nearer to."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(100 * min(1.0, max(0.0, share)), 2)


@dataclass(frozen=True, slots=True)
class Mark:
    """What was said on one side between the same two days: how many utterances, and where they stand.

    `start` and `end` are apart where the day is uncertain; an interval that is open to one side reaches to that end
    of the line.
    """

    side: Side
    said: Interval
    count: int
    start: float
    end: float

    @property
    def is_exact(self) -> bool:
        return self.said.earliest == self.said.latest

    @property
    def x(self) -> float:
        """Where its sign stands: in the middle, or at the only day that is known."""
        if self.said.earliest is None:
            return self.end
        if self.said.latest is None:
            return self.start
        return round((self.start + self.end) / 2, 2)


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of side, from the mark of the last statement before to the mark of the first one after."""

    before: Side
    start: float
    after: Side
    end: float


@dataclass(frozen=True, slots=True)
class Track:
    """The marks of one actor on one claim, by time, its changes of side, and how much of it no text dates."""

    marks: tuple[Mark, ...]
    turns: tuple[Turn, ...]
    undated: int


def line(intervals: Iterable[Interval]) -> Line | None:
    """The line that holds all these days, with some room at both ends; None where no day is known."""
    days = [day for said in intervals for day in (said.earliest, said.latest) if day]
    if not days:
        return None
    first, last = min(days), max(days)
    room = dt.timedelta(
        days=max(round((last - first).days * MARGIN), (FEWEST_DAYS - (last - first).days + 1) // 2, 1)
    )
    first = first - min(room, first - dt.date.min)
    last = last + min(room, dt.date.max - last)
    unit, named = _named(first, last)
    span = (last - first).days
    ticks, year = [], None
    for day in named:
        ticks.append(Tick(round(100 * (day - first).days / span, 2), day, day.year != year))
        year = day.year
    return Line(first, last, unit, tuple(ticks))


def track(uttered: Iterable[Utterance], shifts: Sequence[Shift], along: Line) -> Track:
    """One actor's track along a line. `shifts` are the changes of side that the utterances make."""
    counted: Counter[tuple[Side, Interval]] = Counter((one.side, one.said) for one in uttered)
    undated = sum(number for (_, said), number in counted.items() if not (said.earliest or said.latest))
    marks = [
        _mark(side, said, number, along)
        for (side, said), number in counted.items()
        if said.earliest or said.latest
    ]
    marks.sort(key=lambda mark: (mark.x, mark.start, mark.side))
    turns = tuple(
        Turn(
            shift.before,
            _mark(shift.before, shift.said_before, 1, along).x,
            shift.after,
            _mark(shift.after, shift.said_after, 1, along).x,
        )
        for shift in shifts
    )
    return Track(tuple(marks), turns, undated)


def _mark(side: Side, said: Interval, count: int, along: Line) -> Mark:
    start = along.at(said.earliest) if said.earliest else 0.0
    end = along.at(said.latest) if said.latest else 100.0
    return Mark(side, said, count, start, end)


def _named(first: dt.date, last: dt.date) -> tuple[str, list[dt.date]]:
    """The days to name: whole years where two or more begin within the line, else months, else days."""
    years = [dt.date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    if len(years) > MOST_TICKS or (last - first).days > 3 * 366:
        return "year", _every(years)
    months = [day for day in _months(first, last) if first <= day <= last]
    if len(months) > 2:
        return "month", _every(months)
    return "day", _every([first + dt.timedelta(days=n) for n in range(1, (last - first).days)])


def _months(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    day = first.replace(day=1)
    while day <= last:
        yield day
        length = calendar.monthrange(day.year, day.month)[1]
        if dt.date.max - day < dt.timedelta(days=length):
            return
        day += dt.timedelta(days=length)


def _every(days: list[dt.date]) -> list[dt.date]:
    """Of many, every second, third … one: MOST_TICKS at most."""
    return days[:: -(-len(days) // MOST_TICKS) or 1]
