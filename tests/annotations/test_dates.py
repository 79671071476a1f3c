import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations import telling
from annotations.dates import Expression, Interval, find, resolve

WEDNESDAY = dt.date(2019, 5, 8)


def meant(expression, published=WEDNESDAY, **context):
    interval = resolve(expression, published, **context)
    return telling.interval(interval) if interval else None


# -- what an expression means ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        # day words
        ("today", "8 May 2019"),
        ("yesterday", "7 May 2019"),
        ("Yesterday afternoon", "7 May 2019"),
        ("tomorrow", "9 May 2019"),
        ("tonight", "8 May 2019"),
        ("this morning", "8 May 2019"),
        ("last night", "7 May 2019"),
        ("earlier today", "8 May 2019"),
        ("the day before yesterday", "6 May 2019"),
        ("the day after tomorrow", "10 May 2019"),
        # weekdays
        ("Wednesday", "8 May 2019"),
        ("on Tuesday", "7 May 2019"),
        ("Thursday", "2 May 2019"),
        ("Monday's", "6 May 2019"),
        ("Sunday night", "5 May 2019"),
        ("late on Friday", "3 May 2019"),
        ("last Wednesday", "1 May 2019"),
        ("last Tuesday", "7 May 2019"),
        ("next Wednesday", "15 May 2019"),
        ("next Monday", "13 May 2019"),
        ("this Friday", "10 May 2019"),
        ("this Monday", "6 May 2019"),
        ("this past Monday", "6 May 2019"),
        ("this coming Monday", "13 May 2019"),
        ("Friday last week", "3 May 2019"),
        ("Friday of next week", "17 May 2019"),
        # weeks, weekends, months, years
        ("this week", "6–12 May 2019"),
        ("last week", "29 April – 5 May 2019"),
        ("Last Week", "29 April – 5 May 2019"),
        ("next week", "13–19 May 2019"),
        ("earlier this week", "6–8 May 2019"),
        ("later this week", "8–12 May 2019"),
        ("early next week", "13–14 May 2019"),
        ("the weekend", "4–5 May 2019"),
        ("over the weekend", "4–5 May 2019"),
        ("last weekend", "4–5 May 2019"),
        ("next weekend", "18–19 May 2019"),
        ("this month", "May 2019"),
        ("last month", "April 2019"),
        ("next month", "June 2019"),
        ("earlier this month", "1–8 May 2019"),
        ("later this month", "8–31 May 2019"),
        ("late last month", "21–30 April 2019"),
        ("the end of the month", "21–31 May 2019"),
        ("this year", "2019"),
        ("last year", "2018"),
        ("next year", "2020"),
        ("this years", "2019"),
        ("earlier this year", "1 January – 8 May 2019"),
        ("later in the year", "8 May – 31 December 2019"),
        ("early next year", "January–April 2020"),
        ("the end of the year", "November–December 2019"),
        ("the start of last year", "January–February 2018"),
        ("the previous year", "2018"),
        ("this decade", "2010–2019"),
        ("last summer", "June–August 2018"),
        ("this summer", "June–August 2019"),
        ("next spring", "March–May 2020"),
        ("last autumn", "September–November 2018"),
        ("this past winter", "December 2018 – February 2019"),
        ("spring last year", "March–May 2018"),
        # ago
        ("three days ago", "5 May 2019"),
        ("11 days ago", "27 April 2019"),
        ("24 hours ago", "7 May 2019"),
        ("three hours ago", "7–8 May 2019"),
        ("ten minutes ago", "8 May 2019"),
        ("a week ago", "29 April – 5 May 2019"),
        ("a fortnight ago", "22–28 April 2019"),
        ("two weeks ago", "22–28 April 2019"),
        ("about two months ago", "March 2019"),
        ("six months ago", "November 2018"),
        ("a year ago", "2018"),
        ("Seventeen years ago", "2002"),
        ("[Ten] years ago", "2009"),
        ("twenty-five years ago", "1994"),
        ("two decades ago", "1999"),
        ("a few days ago", "3–6 May 2019"),
        ("a couple of days ago", "6 May 2019"),
        ("in two weeks' time", "20–26 May 2019"),
        ("in a month’s time", "June 2019"),
        # dates without their year
        ("24 April", "24 April 2019"),
        ("April 24", "24 April 2019"),
        ("on the 24th of April", "24 April 2019"),
        ("May 8", "8 May 2019"),
        ("May 23", "23 May 2019"),
        ("23 May", "23 May 2019"),
        ("Nov. 8", "8 November 2018"),
        ("Tuesday, April 23", "23 April 2019"),
        ("Sunday 23 April", "23 April 2017"),
        ("24 April last year", "24 April 2018"),
        ("22–28 April", "22–28 April 2019"),
        ("April 22-28", "22–28 April 2019"),
        ("22 to 28 April", "22–28 April 2019"),
        ("April", "April 2019"),
        ("in December", "December 2018"),
        ("late April", "21–30 April 2019"),
        ("mid-April", "11–20 April 2019"),
        ("early May", "1–10 May 2019"),
        ("last March", "March 2019"),
        ("last April", "April 2018"),
        ("last May", "May 2018"),
        ("next May", "May 2020"),
        ("this May", "May 2019"),
        ("June last year", "June 2018"),
        ("March of next year", "March 2020"),
    ],
)
def test_what_leans_on_the_day_of_publication(expression, days):
    assert meant(expression) == days
    assert resolve(expression, None) is None


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("24 April 2019", "24 April 2019"),
        ("24th April, 2019", "24 April 2019"),
        ("the 24th of April 2019", "24 April 2019"),
        ("April 24, 2019", "24 April 2019"),
        ("Apr. 24, 2019", "24 April 2019"),
        ("Friday, July 21, 2017", "21 July 2017"),
        ("Wed 24 Apr 2019", "24 April 2019"),
        ("2019-04-24", "24 April 2019"),
        ("24/04/2019", "24 April 2019"),
        ("4/24/2019", "24 April 2019"),
        ("24.04.2019", "24 April 2019"),
        ("22–28 April 2019", "22–28 April 2019"),
        ("April 22-28, 2019", "22–28 April 2019"),
        ("30 April – 6 May 2019", "30 April – 6 May 2019"),
        ("April 30 - May 6, 2019", "30 April – 6 May 2019"),
        ("30 December 2018 – 5 January 2019", "30 December 2018 – 5 January 2019"),
        ("30 December – 5 January 2019", "30 December 2018 – 5 January 2019"),
        ("May 2019", "May 2019"),
        ("in May, 2019", "May 2019"),
        ("early May 2019", "1–10 May 2019"),
        ("the end of May 2019", "21–31 May 2019"),
        ("late February 2020", "21–29 February 2020"),
        ("April–May 2019", "April–May 2019"),
        ("2018", "2018"),
        ("in 2018", "2018"),
        ("early 2018", "January–April 2018"),
        ("mid-2018", "May–August 2018"),
        ("late 2018", "September–December 2018"),
        ("the end of 2018", "November–December 2018"),
        ("2017–2018", "2017–2018"),
        ("the 1990s", "1990–1999"),
        ("the late 1980s", "September 1986 – December 1989"),
        ("summer 2018", "June–August 2018"),
        ("the winter of 2018", "December 2018 – February 2019"),
        ("Q3 2018", "July–September 2018"),
        ("the third quarter of 1984", "July–September 1984"),
        ("before 8 May 2019", "before 8 May 2019"),
        ("after May 2019", "after May 2019"),
    ],
)
def test_what_is_written_out_needs_no_day_of_publication(expression, days):
    assert meant(expression, None) == days
    assert meant(expression, WEDNESDAY) == days


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "soon",
        "now",
        "recently",
        "31 June 2019",
        "30 February",
        "4/3/2019",
        "28–22 April 2019",
        "May Theresa",
        "three weeks",
        "2018–2017",
        "Mondays",
        "Tuesday the committee",
        "13/13/2019",
        "a few",
        "99 centuries ago",
    ],
)
def test_what_means_no_day_is_not_resolved(expression):
    assert resolve(expression, WEDNESDAY) is None


@pytest.mark.parametrize(
    ("before", "after", "day"),
    [
        ("Pompeo said on ", " that the choice was clear", "2 May 2019"),
        ("The council will decide on ", ".", "9 May 2019"),
        ("On ", ", the council will decide.", "9 May 2019"),
        ("A decision is expected on ", "", "9 May 2019"),
        ("The talks, which are due to end on ", ",", "9 May 2019"),
        ("They have until ", " to answer.", "9 May 2019"),
        ("It was not until ", " that they answered.", "2 May 2019"),
        ("Until ", ", they had said nothing.", "2 May 2019"),
        ("Officials said the minister will meet them on ", ".", "9 May 2019"),
        ("The minister said on ", " that she will meet them.", "2 May 2019"),
        ("The meeting planned for ", " was called off.", "2 May 2019"),
        ("They will meet. She spoke to them on ", ".", "2 May 2019"),
        ("It could come as early as ", ", she said.", "9 May 2019"),
        ("He would be travelling to the United States ", " with his wife.", "9 May 2019"),
        ("", "", "2 May 2019"),
    ],
)
def test_the_verb_nearby_tells_a_coming_weekday_from_the_last_one(before, after, day):
    assert meant("Thursday", before=before, after=after) == day


@pytest.mark.parametrize(
    ("expression", "before", "after", "days"),
    [
        ("Wednesday", "The board will vote on ", ".", "8 May 2019"),
        ("this weekend", "The party will meet ", ".", "11–12 May 2019"),
        ("the weekend", "The party will meet at ", ".", "11–12 May 2019"),
        ("this Monday", "They will meet ", ".", "13 May 2019"),
        ("November 20", "The vote is to be held on ", ".", "20 November 2019"),
        ("20 November", "The vote was held on ", ".", "20 November 2018"),
        ("June", "He resigned in ", ".", "June 2018"),
        ("June", "The vote was put off to ", ".", "June 2019"),
        ("December", "The law will come into force in ", ".", "December 2019"),
        ("1 May", "It was scheduled for ", ", they said.", "1 May 2019"),
        ("the year before", "In 2015 it was 51 per cent, down from ", ",", "2014"),
        ("the following year", "She married in 1995. ", " he died.", "1996"),
        ("the following year", "", "", None),
    ],
)
def test_the_words_around_help_to_resolve(expression, before, after, days):
    assert meant(expression, before=before, after=after) == days


@pytest.mark.parametrize(
    ("published", "expression", "days"),
    [
        (dt.date(2019, 5, 11), "the weekend", "11–12 May 2019"),  # a Saturday
        (dt.date(2019, 5, 12), "this weekend", "11–12 May 2019"),
        (dt.date(2019, 5, 12), "last weekend", "4–5 May 2019"),
        (dt.date(2019, 5, 12), "last week", "29 April – 5 May 2019"),
        (dt.date(2019, 5, 12), "this week", "6–12 May 2019"),
        (dt.date(2019, 5, 9), "this weekend", "11–12 May 2019"),  # a Thursday
        (dt.date(2019, 1, 2), "December", "December 2018"),
        (dt.date(2019, 1, 2), "last December", "December 2017"),
        (dt.date(2019, 1, 2), "last month", "December 2018"),
        (dt.date(2019, 1, 2), "this winter", "December 2018 – February 2019"),
        (dt.date(2019, 1, 2), "last winter", "December 2017 – February 2018"),
        (dt.date(2019, 4, 2), "last winter", "December 2018 – February 2019"),
        (dt.date(2019, 10, 2), "last summer", "June–August 2019"),
        (dt.date(2019, 12, 30), "January 14", "14 January 2020"),
        (dt.date(2020, 3, 31), "last month", "February 2020"),
        (dt.date(2019, 3, 1), "29 February", "29 February 2016"),
        (dt.date(2015, 9, 15), "September 11th", "11 September 2015"),
    ],
)
def test_days_near_a_border(published, expression, days):
    assert meant(expression, published) == days


@given(st.dates(dt.date(1600, 1, 1), dt.date(2090, 12, 31)), st.sampled_from(range(7)))
def test_a_bare_weekday_is_at_most_six_days_back(published, number):
    name = (dt.date(2024, 1, 1) + dt.timedelta(days=number)).strftime("%A")
    interval = resolve(name, published)
    assert interval is not None and interval.earliest == interval.latest
    assert interval.latest.weekday() == number
    assert 0 <= (published - interval.latest).days <= 6


@given(st.text(max_size=30), st.one_of(st.none(), st.dates()), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_typed_gives_an_interval_or_nothing(expression, published, before, after):
    interval = resolve(expression, published, before=before, after=after)
    if interval and interval.earliest and interval.latest:
        assert interval.earliest <= interval.latest


# -- finding -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "marked",
    [
        "Speaking in London ⟦yesterday⟧, Pompeo was keen to reiterate it.",
        "Information leaked ⟦last week⟧ from the council.",
        "It was published on ⟦Friday, July 21, 2017⟧, and updated on ⟦Monday⟧.",
        "He resigned on ⟦Tuesday night⟧, ⟦three days ago⟧.",
        "The council met on ⟦Wednesday 24 April 2019⟧.",
        "It ran from ⟦22–28 April⟧ and from ⟦November 20⟧ to ⟦December 11⟧.",
        "The poll was taken ⟦Sept. 19 to 22⟧.",
        "⟦Earlier this month⟧ she said that ⟦next year⟧’s budget was safe.",
        "It was founded in ⟦1994⟧, closed in the ⟦early 1990s⟧ and reopened in ⟦mid-2018⟧.",
        "Over ⟦the weekend⟧ and ⟦early on Monday⟧ it rained.",
        "A decision is due in ⟦late May⟧ or in ⟦June⟧, not in ⟦March next year⟧.",
        "Between ⟦1994⟧ and ⟦1997⟧ there were none.",
        "⟦Last Year⟧ 4 million came; ⟦this year⟧ the city expects more.",
        "“⟦[Ten] years ago⟧, a browser was born.”",
        "The deal of ⟦August 2018⟧ and the ⟦October⟧ agreement",
        "At ⟦Monday⟧’s meeting, in the ⟦2008⟧ campaign, on ⟦2019-04-24⟧.",
        "⟦Last summer⟧ and in ⟦the summer of 2010⟧ it was hot.",
        "It fell from ⟦the year before⟧, when it was higher.",
        # none of these
        "Theresa May said that she may march in London.",
        "In May’s cabinet nobody moved; May will resign.",
        "April Jones met June Brown and August Wilson.",
        "About 2000 people came, 1990 of them by bus; he paid £2019 and $1,999.",
        "She reads the Sunday Times and USA Today every Friday, except on Good Friday.",
        "Mondays are quiet. The week before the vote it took two weeks and 15 years.",
        "In the last week of the campaign the last year’s figures mattered; the next month will tell.",
        "Flight 1984 landed at 10.30, 5G came second, and the sun shone at sat 3.",
        "The year before the vote nobody cared. He is at CBS This Morning.",
        "He will fall in spring; the fall was deep. 2019.5 and 20191 are no years, 12/2018/3 neither.",
    ],
)
def test_finding_what_tells_a_time_and_nothing_else(marked):
    text = marked.replace("⟦", "").replace("⟧", "")
    found = find(text)
    for expression in reversed(found):
        text = f"{text[: expression.start]}⟦{expression.text}⟧{text[expression.end :]}"
    # "the" may stand on either side of the bracket: "in the early 1990s".
    assert text.replace("⟦the ", "the ⟦") == marked.replace("⟦the ", "the ⟦")


PIECES = (
    "Friday|May|in|2018|last|week|early|8|the|ago|three|days|said|–|July 21,|1990s|weekend|yesterday|to|.|,|"
    "\n\n|this|of|April|Nov."
)


@given(
    st.lists(
        st.sampled_from(PIECES.split("|")),
        max_size=30,
    ).map(" ".join)
)
def test_expressions_stand_where_they_say_in_order_without_overlap(text):
    last = 0
    for expression in find(text):
        assert last <= expression.start < expression.end
        assert text[expression.start : expression.end] == expression.text
        last = expression.end


def test_the_place_of_an_expression_is_counted_in_code_points():
    assert find("🎪🎪 “On Friday”") == [Expression(7, 13, "Friday")]


def test_every_expression_found_means_something():
    text = (
        "Yesterday, on Friday, last week, this month, next year, in May 2019, on 8 May, three weeks ago, late April, "
        "the weekend, in 2018, in the 1990s, last summer, tonight, 22–28 April, Q3 2018, the end of the year"
    )
    found = find(text)
    assert len(found) == 17
    assert all(resolve(e.text, WEDNESDAY) for e in found)


def test_a_long_text_is_searched_in_a_moment():
    text = (
        "The council met on Tuesday. It had 1,200 members in May 2019 and may have more next year, he said. "
        * 1000
    )
    began = time.process_time()
    assert len(find(text)) == 3000
    assert time.process_time() - began < 3


# -- saying it ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        ("2019-05-08", "2019-05-08", "8 May 2019"),
        ("2019-04-22", "2019-04-28", "22–28 April 2019"),
        ("2019-04-30", "2019-05-06", "30 April – 6 May 2019"),
        ("2018-12-31", "2019-01-06", "31 December 2018 – 6 January 2019"),
        ("2019-05-01", "2019-05-31", "May 2019"),
        ("2019-05-01", "2019-05-30", "1–30 May 2019"),
        ("2019-02-01", "2019-02-28", "February 2019"),
        ("2020-02-01", "2020-02-28", "1–28 February 2020"),
        ("2019-04-01", "2019-06-30", "April–June 2019"),
        ("2018-12-01", "2019-02-28", "December 2018 – February 2019"),
        ("2018-01-01", "2018-12-31", "2018"),
        ("2017-01-01", "2018-12-31", "2017–2018"),
        (None, "2019-05-07", "before 8 May 2019"),
        (None, "2019-04-30", "before May 2019"),
        (None, "2018-12-31", "before 2019"),
        ("2019-05-09", None, "after 8 May 2019"),
        ("2019-06-01", None, "after May 2019"),
        ("2019-01-01", None, "after 2018"),
        (None, None, "date unknown"),
    ],
)
def test_an_interval_in_words(earliest, latest, words):
    earliest, latest = (dt.date.fromisoformat(day) if day else None for day in (earliest, latest))
    assert telling.interval(Interval(earliest, latest)) == words


days = st.dates(dt.date(1600, 1, 1), dt.date(2090, 12, 31))


@given(
    st.one_of(
        st.tuples(days, days).map(sorted).map(tuple),
        st.tuples(days).map(lambda day: day * 2),
        st.tuples(days, st.none()),
        st.tuples(st.none(), days),
        st.tuples(st.integers(1600, 2090), st.integers(0, 3)).map(
            lambda years: (dt.date(years[0], 1, 1), dt.date(sum(years), 12, 31))
        ),
        st.tuples(st.integers(1600, 2090), st.integers(1, 12)).map(
            lambda month: (dt.date(*month, 1), (dt.date(*month, 28) + dt.timedelta(days=4)).replace(day=1))
        ),
    )
)
def test_an_interval_in_words_means_that_interval(interval):
    interval = Interval(*interval)
    assert resolve(telling.interval(interval), None) == interval


@pytest.mark.parametrize("interval", [Interval(dt.date.min, None), Interval(None, dt.date.max)])
def test_all_of_time_is_an_unknown_date(interval):
    assert telling.interval(interval) == "date unknown"
