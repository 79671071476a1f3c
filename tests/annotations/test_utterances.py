# ruff: noqa: E501
"""Which quotes are proposed as one act of speaking: a table of cases as newsrooms have them, and what always holds."""

import datetime as dt
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotations import utterances
from annotations.utterances import MOST_IN_ONE, How, Rendering, alike, proposed

DAY = dt.date(2019, 5, 8)
FULL = (
    "We will never compromise the security of our networks. The review has found no evidence of a back door, and "
    "I have seen nothing that changes my mind. But if our allies in Washington want to talk, we are ready to listen."
)


def quote(key, *parts, day=DAY, until=None, **fields):
    fields = {"speaker": 1, "article": key, "earliest": day, "latest": until or day} | fields
    return Rendering(key, parts=parts, **fields)


def undated(key, *parts, **fields):
    return quote(key, *parts, earliest=None, latest=None, **fields)


# A table of cases.

SAME, CONTAINED, OVERLAPPING = How.SAME, How.CONTAINED, How.OVERLAPPING
SECURITY = "We will never compromise the security of our networks."
CASES = [
    ("the same words", SECURITY, SECURITY, SAME),
    ("other marks, dashes and capitals", "“We will NEVER compromise – ever.”", '"we will never compromise - ever"', SAME),
    ("other marks on enough words", f"“{SECURITY}”", SECURITY.replace("We", "we").rstrip(".") + ",", SAME),
    ("a straight apostrophe", "We won’t let the vendor build our networks.", "We won't let the vendor build our networks.", SAME),
    ("a contraction written out", "We won’t let the vendor build our networks.", "We will not let the vendor build our networks.", SAME),
    ("the first sentence of several", SECURITY, FULL, CONTAINED),
    ("a piece out of the middle", "no evidence of a back door, and I have seen nothing that changes my mind", FULL, CONTAINED),
    ("a cut with dots", "We will never compromise … But if our allies in Washington want to talk, we are ready to listen.", FULL, CONTAINED),
    ("a cut with dots in brackets", "We will never compromise the security of our networks [...] we are ready to listen.", FULL, CONTAINED),
    ("a cut with spaced dots", "The review has found no evidence . . . we are ready to listen.", FULL, CONTAINED),
    ("a word in square brackets put in", "We will never compromise the security of our [mobile] networks.", SECURITY, SAME),
    ("a word in square brackets for another", "[Britain] will never compromise the security of our networks.", SECURITY, CONTAINED),
    ("reported with the same words", "the review has found no evidence of a back door", FULL, CONTAINED),
    ("a verb as it is reported", "We could delay the whole rollout of the networks.", "We can delay the whole rollout of the networks.", SAME),
    (
        "reported with most of the words",
        "the review had found no evidence of a back door and he had seen nothing that changed his mind",
        FULL,
        OVERLAPPING,
    ),
    ("a slip of the pen", "The review has found no evidence of a back door, and I saw nothing that changes my mind.", FULL, OVERLAPPING),
    ("figures with and without a comma", "It will cost us 2,000 jobs in the north.", "It will cost us 2000 jobs in the north.", SAME),
    ("a number in words", "It will take the review five years to report.", "It will take the review 5 years to report.", SAME),
    ("a number with its scale", "They spent £1.2bn on roads nobody uses.", "They spent £1.2 billion on roads nobody uses.", SAME),
    ("a negation taken out", "We will compromise the security of our networks.", SECURITY, None),
    ("a negation put in", "The vendor is not a risk to our networks in the north.", "The vendor is a risk to our networks in the north.", None),
    ("a negation contracted", "The vendor isn’t a risk to our networks in the north.", "The vendor is a risk to our networks in the north.", None),
    ("a negation before the cut", "compromise the security of our networks and of our allies", "We will never compromise the security of our networks and of our allies.", None),
    ("a denial that only one has", "The vendor should build our networks in the north.", "I never said that the vendor should build our networks in the north.", None),
    ("denied by another word", "The vendor should build our networks.", "I deny that the vendor should build our networks.", None),
    ("said to be false", "The vendor will build our networks in the north.", "It is false that the vendor will build our networks in the north.", None),
    ("hardly for never", "We will hardly compromise the security of our networks or those of our allies.", "We will never compromise the security of our networks or those of our allies.", None),
    ("another number", "It will cost us 2,000 jobs in the north and the west.", "It will cost us 3,000 jobs in the north and the west.", None),
    ("another number in words", "It will take the review five years to report.", "It will take the review nine years to report.", None),
    ("another scale", "They spent 2 million on roads nobody uses at all.", "They spent 2 billion on roads nobody uses at all.", None),
    ("could for must", "The vendor must leave the core of our networks by the end of the year.", "The vendor could leave the core of our networks by the end of the year.", None),
    ("a condition put in", "We will leave the core to the vendor from next spring.", "We will leave the core to the vendor if from next spring.", None),
    ("two words only", "We agree.", "We agree.", None),
    ("one word only", "Absolutely", "absolutely!", None),
    ("little words only", "It is what it is, and that is that.", "It is what it is, and that is that.", None),
    ("an answer within another", "I agree", "I agree that the vendor should leave our networks.", None),
    ("another subject", "The vendor should leave our networks.", "The bridge ought to be repaired at night.", None),
    ("common words scattered", "the review of our allies is the end of it", "The bridge of ours, the review, our talks with allies and the cost: the end is near and it is dear.", None),
]  # fmt: skip


@pytest.mark.parametrize(("what", "one", "other", "how"), CASES, ids=[case[0] for case in CASES])
def test_as_a_careful_editor_would_want_it(what, one, other, how):
    found = alike(quote(1, one), quote(2, other))
    assert (found and found.how) == how
    assert alike(quote(2, other), quote(1, one)) == found
    assert len(proposed([quote(1, one), quote(2, other)])) == (how is not None)


def test_the_share_tells_how_much_of_the_shorter_one_is_in_the_longer():
    found = alike(
        quote(1, "The cautious review found evidence of seven serious back doors in northern masts."),
        quote(2, "The review found evidence of seven serious back doors in masts."),
    )
    assert found is not None
    assert (found.how, found.share) == (How.OVERLAPPING, 1.0)
    found = alike(
        quote(1, "Everybody knows the review found evidence of several serious back doors in masts."),
        quote(2, "Yes, the review found evidence of several serious back doors in towers."),
    )
    assert found is not None
    assert 0.7 <= found.share < 1


# Who, when, and where.

LONG = "We will never compromise the security of our networks, and our allies in Washington know it."


def test_several_parts_of_a_quote_are_one():
    one = quote(
        1, "We will never compromise the security of our networks,", "and our allies in Washington know it."
    )
    assert alike(one, quote(2, LONG)).how is How.SAME


@pytest.mark.parametrize(
    ("days", "is_one"),
    [
        (((5, 8), (5, 8)), True),
        (((5, 1), (5, 8)), True),  # "last week" and a day in it
        (((5, 8), (5, 9)), True),
        (((5, 9), (5, 9)), False),
        (((4, 22), (4, 28)), False),
    ],
)
def test_dates_have_to_be_compatible(days, is_one):
    other = quote(2, LONG, earliest=dt.date(2019, *days[0]), latest=dt.date(2019, *days[1]))
    assert bool(alike(quote(1, LONG), other)) is is_one


def test_without_a_date_it_takes_more_words():
    assert alike(undated(1, LONG), quote(2, LONG)) is not None
    assert alike(undated(1, LONG), undated(2, LONG)) is not None
    short = "We will repair the bridge at night."
    assert alike(quote(1, short), quote(2, short)) is not None
    assert alike(undated(1, short), quote(2, short)) is None
    year = {"earliest": dt.date(2019, 1, 1), "latest": dt.date(2019, 12, 31)}
    assert alike(quote(1, short, **year), quote(2, short)) is None  # as good as no date


def test_nobody_is_quoted_before_they_speak():
    before = undated(1, LONG, published=DAY - dt.timedelta(days=3))
    assert alike(before, quote(2, LONG)) is None
    assert alike(undated(1, LONG, published=DAY), quote(2, LONG)) is not None


def test_another_speaker_is_another_utterance():
    assert alike(quote(1, LONG), quote(2, LONG, speaker=2)) is None
    assert proposed([quote(1, LONG), quote(2, LONG, speaker=2)]) == []


def test_in_one_article_only_the_same_words_are_one():
    assert alike(quote(1, LONG, article=7), quote(2, LONG, article=7)) is not None  # headline and text
    assert alike(quote(1, LONG, article=7), quote(2, LONG[:53], article=7)) is None


# Groups.


def test_renderings_in_three_outlets_are_one_group():
    [group] = proposed(
        [quote(1, FULL), quote(2, SECURITY), quote(3, FULL[55:]), quote(4, "Something else altogether.")]
    )
    assert group.keys == (1, 2, 3)
    assert (group.how, group.share) == (How.CONTAINED, 1.0)


def test_what_is_one_utterance_already_is_proposed_only_with_what_is_not():
    one, two = quote(1, FULL, utterance=5), quote(2, SECURITY, utterance=5)
    assert proposed([one, two]) == []
    [group] = proposed([one, two, quote(3, SECURITY)])
    assert group.units == ((1, 2), (3,))
    [group] = proposed([one, two, quote(3, SECURITY, utterance=6), quote(4, FULL, utterance=6)])
    assert group.units == ((1, 2), (3, 4))


def test_what_an_editor_kept_apart_is_not_brought_together_by_way_of_others():
    quotes = [quote(1, FULL), quote(2, SECURITY), quote(3, FULL)]
    groups = proposed(quotes, apart=[(1, 3)])
    assert all(not {1, 3} <= set(group.keys) for group in groups)
    assert len(groups) == 1
    assert proposed(quotes, apart=[(1, 2), (1, 3), (2, 3)]) == []
    joined = [quote(1, FULL, utterance=5), quote(2, SECURITY, utterance=5), quote(3, FULL)]
    assert proposed(joined, apart=[(2, 3)]) == []


def test_what_contradicts_is_not_brought_together_by_way_of_others():
    to_be_built = "The vendor will build the masts in the north of the country"
    groups = proposed(
        [
            quote(1, f"{to_be_built} and pay for them."),
            quote(2, to_be_built.replace("will", "will not") + " and pay for them."),
            quote(3, "… in the north of the country and pay for them."),
        ]
    )
    assert [group.keys for group in groups] in ([(1, 3)], [(2, 3)])


def test_two_quotes_of_one_article_are_not_brought_together_by_another_outlets_longer_one():
    half, rest = FULL[:55], FULL[55:]
    groups = proposed([quote(1, half, article=7), quote(2, rest, article=7), quote(3, FULL)])
    assert [group.keys for group in groups] in ([(1, 3)], [(2, 3)])


def test_an_undated_quote_does_not_tie_two_days_together():
    groups = proposed([quote(1, LONG), undated(2, LONG), quote(3, LONG, day=DAY + dt.timedelta(days=20))])
    assert len(groups) == 1
    assert not {1, 3} <= set(groups[0].keys)


def test_what_a_hundred_outlets_carry_comes_in_portions():
    quotes = [quote(n, LONG) for n in range(100)]
    groups = proposed(quotes)
    assert all(len(group.units) <= MOST_IN_ONE for group in groups)
    joined = [quote(n, LONG, utterance=1 if n < 90 else None) for n in range(100)]
    [group] = proposed(joined)
    assert len(group.units) == 11


# What always holds.

VOCABULARY = [
    "we",
    "you",
    "they",
    "the",
    "a",
    "of",
    "in",
    "and",
    "to",
    "for",
    "with",
    "our",
    "will",
    "can",
    "bridge",
    "harbour",
    "council",
    "review",
    "vendor",
    "network",
    "mast",
    "north",
    "minister",
    "budget",
    "school",
    "river",
    "tunnel",
    "ferry",
    "winter",
    "summer",
    "repair",
    "build",
    "close",
    "open",
    "promise",
    "spend",
    "vote",
    "leave",
    "stay",
    "allies",
    "security",
    "risk",
    "jobs",
    "money",
    "road",
    "train",
    "friends",
    "five",
    "12",
    "2,000",
    "not",
    "never",
    "no",
    "hardly",
]
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=25)
PLAIN = [word for word in VOCABULARY if word not in {"not", "never", "no", "hardly"}]
DISTINCT = st.permutations([w for w in PLAIN if len(w) > 3]).map(lambda words: words[:24])
DAYS = st.none() | st.integers(0, 40).map(lambda n: DAY + dt.timedelta(days=n))


@st.composite
def renderings(draw, number=6):
    base = draw(WORDS)
    made = []
    for key in range(draw(st.integers(2, number))):
        words = draw(WORDS) if draw(st.booleans()) else list(base)
        if draw(st.booleans()):
            cut = draw(st.integers(0, len(words)))
            words = [*words[:cut], draw(st.sampled_from(["…", "[sic]", "not", ",", "harbour"])), *words[cut:]]
        earliest = draw(DAYS)
        latest = earliest and earliest + dt.timedelta(days=draw(st.integers(0, 9)))
        made.append(
            Rendering(
                key,
                speaker=draw(st.integers(1, 2)),
                article=draw(st.integers(1, 4)),
                parts=(" ".join(words),),
                earliest=earliest,
                latest=latest,
                utterance=draw(st.none() | st.just(1)) if key < 2 else None,
            )
        )
    return made


@given(renderings(number=2))
def test_likeness_is_symmetric(quotes):
    assert alike(quotes[0], quotes[1]) == alike(quotes[1], quotes[0])


@given(renderings(), st.randoms())
def test_the_order_is_all_one_and_no_quote_is_in_two_groups(quotes, chance):
    groups = proposed(quotes)
    shuffled = list(quotes)
    chance.shuffle(shuffled)
    assert proposed(shuffled) == groups
    keys = [key for group in groups for key in group.keys]
    assert len(keys) == len(set(keys))
    assert all(len(group.units) > 1 for group in groups)


def test_to_what_was_joined_although_its_days_exclude_each_other_nothing_more_is_proposed():
    joined = [quote(n, SECURITY, day=DAY + dt.timedelta(days=n), utterance=1) for n in (0, 1)]
    assert proposed([*joined, quote(2, SECURITY)]) == []
    assert [group.keys for group in proposed([joined[0], quote(2, SECURITY)])] == [(0, 2)]


@given(renderings(), st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5))))
def test_nothing_comes_together_that_may_not(quotes, apart):
    by_key = {one.key: one for one in quotes}
    for group in proposed(quotes, apart):
        of = [by_key[key] for key in group.keys]
        assert len({one.speaker for one in of}) == 1
        for a in of:
            for b in of:
                if a.key < b.key and not (a.utterance and b.utterance):
                    assert not (
                        a.earliest and b.earliest and (a.latest < b.earliest or b.latest < a.earliest)
                    )
                    assert (a.key, b.key) not in apart
                    assert (b.key, a.key) not in apart


@given(DISTINCT, st.data())
def test_cutting_any_piece_out_of_a_long_enough_quote_still_joins(words, data):
    words = list(words)
    words.insert(data.draw(st.integers(0, len(words))), data.draw(st.sampled_from(["not", "never", "the"])))
    start = data.draw(st.integers(0, len(words)))
    end = data.draw(st.integers(start, min(len(words), start + 12)))
    cut = [*words[:start], data.draw(st.sampled_from(["…", "...", "[…]", "[all of them]"])), *words[end:]]
    assert alike(quote(1, " ".join(words)), quote(2, " ".join(cut))) is not None
    assert [group.keys for group in proposed([quote(1, " ".join(words)), quote(2, " ".join(cut))])] == [
        (1, 2)
    ]


@given(WORDS, st.data())
def test_a_negation_more_or_less_never_joins(words, data):
    other = list(words)
    other.insert(
        data.draw(st.integers(0, len(words))), data.draw(st.sampled_from(["not", "never", "no", "hardly"]))
    )
    assert alike(quote(1, " ".join(words)), quote(2, " ".join(other))) is None


@given(WORDS, st.data())
def test_another_number_never_joins(words, data):
    place = data.draw(st.integers(0, len(words)))
    numbers = data.draw(
        st.lists(st.sampled_from(["3", "five", "1,000", "40"]), min_size=2, max_size=2, unique=True)
    )
    one, other = ([*words[:place], number, *words[place:]] for number in numbers)
    assert alike(quote(1, " ".join(one)), quote(2, " ".join(other))) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_borne(one, other):
    assert alike(quote(1, one), quote(2, other)) == alike(quote(2, other), quote(1, one))
    assume(one.strip())
    proposed([quote(1, one), quote(2, other), quote(3, one, other)])


def test_four_times_as_many_quotes_of_one_speaker_take_some_four_times_as_many_comparisons(monkeypatch):
    """Not sixteen times, as if each were compared with all others."""
    chance = random.Random(7)
    vocabulary = [f"word{n}" for n in range(4000)]
    weights = [1 / (n + 5) for n in range(4000)]

    def many(number):
        made = []
        for key in range(number):
            words = chance.choices(vocabulary, weights, k=25)
            if key % 3 == 1:
                words = [*made[-1].parts[0].split()[:18], "…"]
            made.append(quote(key, " ".join(words), day=DAY + dt.timedelta(days=key // 3 % 1500)))
        return made

    compared = utterances._compared
    made = []

    def counted(*args, **kwargs):
        made.append(args)
        return compared(*args, **kwargs)

    def comparisons(quotes):
        made.clear()
        assert len(proposed(quotes)) >= len(quotes) // 3
        return len(made)

    monkeypatch.setattr(utterances, "_compared", counted)
    few, all_of_them = comparisons(many(2_000)), comparisons(many(8_000))
    assert 0 < all_of_them < 8 * few
