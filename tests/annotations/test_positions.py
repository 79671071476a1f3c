import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import telling
from annotations.dates import Interval
from annotations.positions import Shift, Statement, position

SIDES = {"s": "supports", "o": "opposes", "m": "mixed", "u": "unclear"}


def said(letters, *days, outlets=3):
    """A statement for each letter (s, o, m, u), of utterances 0, 1, 2 …; each day is (month, day) of 2019 or None."""
    days = [*days, *[None] * (len(letters) - len(days))]
    return [
        Statement(n, f"outlet {n % outlets}", SIDES[letter], *[dt.date(2019, *day) if day else None] * 2)
        for n, (letter, day) in enumerate(zip(letters, days, strict=True))
    ]


def words(found):
    return telling.stance(found).words


def sentence(found):
    return str(telling.stance(found))


def change(found):
    return telling.shift(found.shifts[-1]) if found.shifts else None


@pytest.mark.parametrize(
    ("letters", "told"),
    [
        ("oo", "consistently opposed"),
        ("ssss", "consistently supported"),
        ("s" * 20, "consistently supported"),
        ("s" * 19 + "o", "almost always supported"),  # 95 in 100
        ("s" * 99 + "o", "almost always supported"),
        ("o" * 18 + "s", "generally opposed"),  # 94.7
        ("o" * 17 + "s" * 3, "generally opposed"),  # 85
        ("o" * 16 + "s" * 3, "tended to oppose"),  # 84.2
        ("s" * 7 + "o" * 3, "tended to support"),  # 70
        ("s" * 69 + "o" * 31, "expressed a mixture of support and opposition"),
        ("sso", "expressed a mixture of support and opposition"),  # 66.7
        ("so", "expressed a mixture of support and opposition"),
        ("mm", "expressed a mixture of support and opposition"),
        ("sm", "expressed a mixture of support and opposition"),  # a mixed one is half of neither
        ("s" * 9 + "m", "generally supported"),  # 90: so it is not "consistently"
        ("oooouu", "consistently opposed"),  # unclear ones do not count
        ("s", "expressed support"),
        ("o", "expressed opposition"),
        ("m", "expressed both support and opposition"),
        ("u", "took no clear position"),
        ("uuu", "took no clear position"),
        ("suu", "expressed support"),  # one quote is one quote
    ],
)
def test_the_words_are_no_stronger_than_the_shares(letters, told):
    assert words(position(said(letters))) == told


@pytest.mark.parametrize(
    ("letters", "days", "told"),
    [
        ("oooo", (), "consistently opposed, 4 quotes in 3 outlets"),
        ("s", [(5, 8)], "expressed support in one quote, 8 May 2019"),
        ("o", (), "expressed opposition in one quote, date unknown"),
        ("m", [(5, 8)], "expressed both support and opposition in one quote, 8 May 2019"),
        ("u", [(5, 8)], "took no clear position in one quote, 8 May 2019"),
        ("uu", (), "took no clear position, 2 quotes in 2 outlets"),
        (
            "su",
            [(5, 8)],
            "expressed support in one quote, 8 May 2019, and 1 quote that took no clear position",
        ),
        ("oouu", (), "consistently opposed, 2 quotes in 2 outlets, and 2 quotes that took no clear position"),
        (
            "os",
            [(4, 24), (5, 8)],
            "expressed a mixture of support and opposition, 2 quotes in 2 outlets; "
            "opposed on 24 April 2019, supported on 8 May 2019",
        ),
        (
            "oooosssssssssss",
            [(4, 24)] * 4 + [(5, 8)] * 11,
            "tended to support, 15 quotes in 3 outlets; opposed on 24 April 2019, supported on 8 May 2019",
        ),
    ],
)
def test_the_sentence_says_what_the_words_rest_on(letters, days, told):
    assert sentence(position(said(letters, *days))) == told


def test_nothing_is_said_from_silence():
    assert position([]) is None


# -- renderings of one utterance ---------------------------------------------------------------------------


def test_renderings_of_one_utterance_count_once():
    day = dt.date(2019, 5, 8)
    found = position([Statement("speech", outlet, "opposes", day, day) for outlet in ("Post", "Mail", "Sun")])
    assert (found.quotes, found.outlets) == (1, 3)
    assert sentence(found) == "expressed opposition in one quote carried by 3 outlets, 8 May 2019"


def test_an_outlet_counts_once_however_many_quotes_it_carried():
    found = position([Statement(n, "Post", "opposes") for n in range(4)])
    assert sentence(found) == "consistently opposed, 4 quotes in 1 outlet"


def test_outlets_of_quotes_that_do_not_count_do_not_count_either():
    found = position([*said("oo", outlets=1), Statement("aside", "Mail", "unclear")])
    assert (
        sentence(found)
        == "consistently opposed, 2 quotes in 1 outlet, and 1 quote that took no clear position"
    )
    assert found.counted == (0, 1)


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        (("supports", "unclear"), "expressed support"),
        (("supports", "opposes"), "expressed both support and opposition"),
        (("supports", "mixed"), "expressed both support and opposition"),
        (("unclear", "unclear"), "took no clear position"),
    ],
)
def test_renderings_that_differ_are_weighed(sides, told):
    assert words(position([Statement("speech", side, side) for side in sides])) == told


def test_renderings_narrow_the_date_of_an_utterance():
    week, day = (dt.date(2019, 4, 22), dt.date(2019, 4, 28)), (dt.date(2019, 4, 24), dt.date(2019, 4, 24))
    one = Statement("speech", "Post", "supports", *week)
    assert sentence(position([one])).endswith("22–28 April 2019")
    assert sentence(position([one, Statement("speech", "Mail", "supports", *day)])).endswith(
        ", 24 April 2019"
    )
    assert sentence(position([one, Statement("speech", "Mail", "supports")])).endswith(", 22–28 April 2019")


def test_renderings_with_dates_that_exclude_each_other_leave_all_of_them_open():
    days = [dt.date(2019, 4, 24), dt.date(2019, 4, 26)]
    found = position([Statement("speech", str(day), "supports", day, day) for day in days])
    assert sentence(found) == "expressed support in one quote carried by 2 outlets, 24–26 April 2019"


# -- changes of side ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("letters", "days", "told"),
    [
        ("os", [(4, 24), (5, 8)], "opposed on 24 April 2019, supported on 8 May 2019"),
        ("so", [(5, 8), (4, 24)], "opposed on 24 April 2019, supported on 8 May 2019"),
        # the last on the one side, the first on the other
        ("ooss", [(4, 1), (4, 24), (5, 8), (5, 20)], "opposed on 24 April 2019, supported on 8 May 2019"),
        # back again: the latest change is named
        ("oso", [(4, 24), (5, 8), (6, 1)], "supported on 8 May 2019, opposed on 1 June 2019"),
        ("omus", [(4, 24), (4, 26), (4, 28), (5, 8)], "opposed on 24 April 2019, supported on 8 May 2019"),
        # no change, or none that can be dated
        ("oo", [(4, 24), (5, 8)], None),
        ("om", [(4, 24), (5, 8)], None),
        ("os", [(4, 24), (4, 24)], None),
        ("os", [None, (5, 8)], None),
        ("os", [(4, 24), None], None),
        ("oso", [(4, 24), None, (5, 8)], None),
    ],
)
def test_a_change_of_side_is_named_with_its_two_dates(letters, days, told):
    assert change(position(said(letters, *days))) == told


def test_every_change_of_side_is_kept_in_order():
    found = position(said("oso", (4, 24), (5, 8), (6, 1)))
    assert [(s.before, s.after) for s in found.shifts] == [("opposes", "supports"), ("supports", "opposes")]


def test_an_undated_statement_still_counts():
    found = position(said("ooo", (4, 24), None, (5, 8)))
    assert sentence(found) == "consistently opposed, 3 quotes in 3 outlets"


def on(month, first, last):
    return dt.date(2019, month, first), dt.date(2019, month, last)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (on(4, 22, 28), on(5, 8, 8), "opposed between 22 and 28 April 2019, supported on 8 May 2019"),
        (on(4, 1, 30), on(5, 1, 31), "opposed in April 2019, supported in May 2019"),
        (on(4, 22, 28), on(4, 28, 28), None),  # either may have been first
        ((None, dt.date(2019, 4, 30)), on(5, 8, 8), "opposed before May 2019, supported on 8 May 2019"),
        (on(4, 24, 24), (dt.date(2019, 5, 1), None), "opposed on 24 April 2019, supported after April 2019"),
        ((dt.date(2019, 4, 24), None), on(5, 8, 8), None),
    ],
)
def test_a_change_between_uncertain_dates_is_named_when_their_order_is_certain(before, after, told):
    found = position([Statement(1, "Post", "opposes", *before), Statement(2, "Post", "supports", *after)])
    assert change(found) == told


def test_a_statement_that_lies_between_makes_it_two_changes():
    dates = [on(4, 1, 1), on(4, 10, 12), on(4, 20, 20)]
    found = position(
        [Statement(n, "Post", SIDES[s], *d) for n, (s, d) in enumerate(zip("oso", dates, strict=True))]
    )
    assert found.shifts == (
        Shift("opposes", Interval(*dates[0]), "supports", Interval(*dates[1])),
        Shift("supports", Interval(*dates[1]), "opposes", Interval(*dates[2])),
    )


# -- whatever was said -------------------------------------------------------------------------------------

dates = st.dates(dt.date(2019, 1, 1), dt.date(2019, 3, 1))
statements = st.lists(
    st.builds(
        lambda utterance, outlet, side, days: Statement(utterance, outlet, side, *days),
        st.integers(0, 8),
        st.sampled_from(["Post", "Mail", "Sun"]),
        st.sampled_from(list(SIDES.values())),
        st.one_of(
            st.just((None, None)),
            st.tuples(dates, dates).map(sorted),
            dates.map(lambda day: (day, day)),
            st.tuples(dates, st.none()),
        ),
    ),
    max_size=14,
)


@given(statements)
def test_counts_add_up_and_no_phrase_overstates_them(given_statements):
    found = position(given_statements)
    if not given_statements:
        assert found is None
        return
    assert found.supporting + found.opposing + found.mixed + found.unclear == len(
        {s.utterance for s in given_statements}
    )
    assert found.quotes == len(found.counted) == len(set(found.counted))
    assert 1 <= found.outlets <= 3
    clear = found.supporting + found.opposing + found.mixed
    if words(found).startswith("consistently"):
        assert max(found.supporting, found.opposing) == clear >= 2
    if "always" in words(found) or "generally" in words(found) or "tended" in words(found):
        assert 100 * max(found.supporting, found.opposing) >= 70 * clear
        assert clear >= 2
    assert sentence(found).startswith(words(found))


@given(statements, st.randoms())
def test_the_order_in_which_statements_are_given_does_not_matter(given_statements, random):
    shuffled = list(given_statements)
    random.shuffle(shuffled)
    one, other = position(given_statements), position(shuffled)
    if one and one.quotes > 1:
        assert (words(one), one.quotes, one.outlets) == (words(other), other.quotes, other.outlets)
        assert [(s.before, s.after) for s in one.shifts] == [(s.before, s.after) for s in other.shifts]


@given(statements)
def test_a_named_change_is_between_days_whose_order_is_certain(given_statements):
    found = position(given_statements)
    for shift in found.shifts if found else ():
        assert {shift.before, shift.after} == {"supports", "opposes"}
        assert shift.said_before.latest < shift.said_after.earliest
