import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.dates import Interval
from annotations.positions import Statement, position, utterances
from annotations.tracks import MOST_TICKS, line, track


def day(month, number, year=2019):
    return dt.date(year, month, number)


def drawn(*statements):
    uttered = utterances(statements)
    along = line(u.said for u in uttered)
    return track(uttered, position(statements).shifts, along)


def said(number, side, *days, outlet="Post"):
    earliest, latest = days if len(days) == 2 else (days[0], days[0]) if days else (None, None)
    return Statement(number, outlet, side, earliest, latest)


def test_marks_stand_in_the_order_in_which_they_were_said():
    found = drawn(said(1, "opposes", day(5, 8)), said(2, "supports", day(4, 1)), said(3, "mixed", day(6, 1)))
    assert [mark.side for mark in found.marks] == ["supports", "opposes", "mixed"]
    assert 0 < found.marks[0].x < found.marks[1].x < found.marks[2].x < 100


def test_what_was_said_on_one_side_on_one_day_is_one_mark_with_its_number():
    found = drawn(
        said(1, "opposes", day(5, 8)), said(2, "opposes", day(5, 8)), said(3, "supports", day(5, 8))
    )
    assert [(mark.side, mark.count) for mark in found.marks] == [("opposes", 2), ("supports", 1)]


def test_renderings_of_one_utterance_are_one_mark_that_counts_one():
    found = drawn(*(said(1, "opposes", day(5, 8), outlet=outlet) for outlet in ("Post", "Mail", "Sun")))
    assert [(mark.side, mark.count) for mark in found.marks] == [("opposes", 1)]


def test_an_uncertain_day_is_an_interval_with_its_sign_in_the_middle():
    (mark, _) = drawn(said(1, "opposes", day(4, 22), day(4, 28)), said(2, "opposes", day(5, 30))).marks
    assert not mark.is_exact
    assert mark.start < mark.x < mark.end


@pytest.mark.parametrize(("days", "place"), [((None, day(5, 1)), "end"), ((day(5, 1), None), "start")])
def test_an_open_interval_reaches_to_the_end_of_the_line_and_its_sign_stands_at_the_known_day(days, place):
    found = drawn(said(1, "opposes", day(3, 1)), said(2, "supports", *days), said(3, "opposes", day(6, 1)))
    (mark,) = [mark for mark in found.marks if mark.side == "supports"]
    assert mark.x == getattr(mark, place)
    assert (mark.start, mark.end)[place == "start"] == (100.0 if place == "start" else 0.0)


def test_what_is_undated_is_counted_and_drawn_nowhere():
    found = drawn(said(1, "opposes", day(5, 8)), said(2, "opposes"), said(3, "supports"))
    assert (len(found.marks), found.undated) == (1, 2)


def test_a_change_of_side_leads_from_the_last_mark_before_to_the_first_after():
    found = drawn(
        said(1, "opposes", day(4, 1)), said(2, "opposes", day(4, 24)), said(3, "supports", day(5, 8))
    )
    (turn,) = found.turns
    last, first = found.marks[1], found.marks[2]
    assert (turn.before, turn.start, turn.after, turn.end) == ("opposes", last.x, "supports", first.x)


def test_without_a_day_there_is_no_line():
    assert line([Interval(None, None)]) is None
    assert line([]) is None


@pytest.mark.parametrize(
    ("first", "last", "unit", "names"),
    [
        (day(5, 8), day(5, 8), "day", ["7 May", "8 May", "9 May"]),
        (day(1, 10), day(6, 20), "month", ["1 Feb", "1 Mar", "1 Apr", "1 May", "1 Jun"]),
        (day(1, 10), day(12, 20), "month", ["1 Jan", "1 Apr", "1 Jul", "1 Oct", "1 Jan"]),
        (day(6, 1, 2012), day(6, 1, 2019), "year", ["1 Jan", "1 Jan", "1 Jan", "1 Jan"]),
    ],
)
def test_the_line_names_days_months_or_years(first, last, unit, names):
    found = line([Interval(first, first), Interval(last, last)])
    assert found.unit == unit
    assert [f"{tick.day.day} {tick.day:%b}" for tick in found.ticks] == names


def test_a_tick_has_its_year_where_the_year_is_another():
    found = line([Interval(day(11, 3, 2018), day(11, 3, 2018)), Interval(day(3, 5), day(3, 5))])
    assert [(tick.day.year, tick.with_year) for tick in found.ticks] == [
        (2018, True),
        (2018, False),
        (2019, True),
        (2019, False),
        (2019, False),
    ]


days = st.dates()


@given(
    st.lists(st.one_of(days.map(lambda d: (d, d)), st.tuples(days, days).map(sorted), st.just((None, None))))
)
def test_all_marks_lie_on_the_line_and_every_utterance_is_in_one_of_them(given_days):
    statements = [said(n, "opposes", *d) for n, d in enumerate(given_days)]
    uttered = utterances(statements)
    along = line(u.said for u in uttered)
    if along is None:
        assert all(d == (None, None) for d in given_days)
        return
    assert along.first < along.last
    assert len(along.ticks) <= MOST_TICKS
    assert all(0 <= tick.x <= 100 for tick in along.ticks)
    found = track(uttered, (), along)
    assert sum(mark.count for mark in found.marks) + found.undated == len(statements)
    for mark in found.marks:
        assert 0 <= mark.start <= mark.x <= mark.end <= 100


@given(days, days)
def test_the_earlier_day_never_lies_behind_the_later_one(one, other):
    along = line([Interval(one, one), Interval(other, other)])
    earlier, later = sorted((one, other))
    assert along.at(earlier) <= along.at(later)
    assert along.first <= earlier
    assert later <= along.last
