from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.resizing import Move, moved, trimmed

TEXT = "Mr Hunt said “we will never compromise”.\n\nHe would not say more than that."


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def words(spans: list[tuple[int, int]]) -> list[str]:
    return [TEXT[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        ("0-start-earlier", "“we will never"),
        ("0-start-later", "will never"),
        ("0-end-earlier", "we will"),
        ("0-end-later", "we will never compromise"),
    ],
)
def test_an_end_goes_by_one_word(move, expected):
    assert words(moved(TEXT, [span("we will never")], Move.parse(move))) == [expected]


def test_a_quotation_mark_is_a_step_of_its_own():
    assert words(moved(TEXT, [span("“we will")], Move.parse("0-start-later"))) == ["we will"]


def test_the_last_word_stays():
    assert words(moved(TEXT, [span("never")], Move.parse("0-start-later"))) == ["never"]
    assert words(moved(TEXT, [span("never")], Move.parse("0-end-earlier"))) == ["never"]


def test_the_ends_of_the_text_are_the_limit():
    assert words(moved(TEXT, [span("Mr Hunt")], Move.parse("0-start-earlier"))) == ["Mr Hunt"]
    assert words(moved(TEXT, [span("than that.")], Move.parse("0-end-later"))) == ["than that."]


def test_an_end_goes_over_a_blank_line():
    assert words(moved(TEXT, [span("compromise”.")], Move.parse("0-end-later"))) == ["compromise”.\n\nHe"]


def test_a_part_stops_at_its_neighbour():
    parts = [span("we will"), span("never compromise")]
    assert moved(TEXT, parts, Move.parse("0-end-later")) == parts
    assert moved(TEXT, parts, Move.parse("1-start-earlier")) == parts


def test_a_part_is_taken_out_unless_it_is_the_only_one():
    parts = [span("we will"), span("never compromise")]
    assert moved(TEXT, parts, Move.parse("0-remove")) == parts[1:]
    assert moved(TEXT, parts[1:], Move.parse("0-remove")) == parts[1:]


def test_a_part_that_is_not_there_changes_nothing():
    assert moved(TEXT, [span("we will")], Move.parse("7-end-later")) == [span("we will")]


@pytest.mark.parametrize(
    "raw", ["", "0", "x-start-earlier", "0-start", "0-middle-later", "-1-remove", "0-start-up"]
)
def test_what_is_no_move_is_refused(raw):
    with pytest.raises(ValueError, match="no move"):
        Move.parse(raw)


def test_white_space_is_trimmed_from_both_ends():
    assert trimmed("a  b c \n\n d", 1, 9) == (3, 6)
    assert trimmed("a   b", 1, 4) == (4, 4)


TEXTS = st.lists(
    st.text("ab“” ,.é😀", min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=4
).map(lambda lines: "\n\n".join(" ".join(line.split()) for line in lines))


@given(TEXTS, st.data())
def test_any_row_of_moves_leaves_words_in_parts_that_do_not_overlap(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=4, unique=True)))
    spans = [trimmed(text, *pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
    spans = [s for s in spans if s[0] < s[1]]
    for _ in range(6):
        edge, way = (
            data.draw(st.sampled_from(["start", "end"])),
            data.draw(st.sampled_from(["earlier", "later"])),
        )
        spans = moved(text, spans, Move(data.draw(st.integers(0, 2)), edge, way))
        assert all(0 <= start < end <= len(text) and text[start:end].strip() for start, end in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
