import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.segments import Mark, Segment, segments

TEXT = "Hunt said that the UK would wait."


@st.composite
def marked_texts(draw):
    text = draw(st.text(max_size=60))
    offset = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(offset, offset), max_size=12))
    shared = draw(st.booleans())
    marks = [Mark(n % 4 if shared else n, *sorted(span)) for n, span in enumerate(spans)]
    return text, marks


@given(marked_texts())
def test_the_segments_put_together_are_the_text(marked):
    text, marks = marked
    assert "".join(text[s.start : s.end] for s in segments(text, marks)) == text


@given(marked_texts())
def test_the_segments_that_name_an_id_are_the_characters_of_its_marks(marked):
    text, marks = marked
    found = segments(text, marks)
    for id_ in {m.id for m in marks}:
        wanted = {i for m in marks if m.id == id_ for i in range(m.start, m.end)}
        assert {i for s in found if id_ in s.ids for i in range(s.start, s.end)} == wanted


@given(marked_texts())
def test_the_words_of_a_mark_are_the_words_of_the_segments_that_name_it(marked):
    text, marks = marked
    marks = [Mark(n, m.start, m.end) for n, m in enumerate(marks)]
    found = segments(text, marks)
    for mark in marks:
        words = "".join(text[s.start : s.end] for s in found if mark.id in s.ids)
        assert words == text[mark.start : mark.end]


@given(marked_texts())
def test_no_segment_is_empty_or_could_be_one_with_its_neighbour(marked):
    text, marks = marked
    found = segments(text, marks)
    assert all(s.start < s.end and len(set(s.ids)) == len(s.ids) for s in found)
    assert all(a.end == b.start and a.ids != b.ids for a, b in pairwise(found))


@given(marked_texts(), st.data())
def test_a_part_of_the_text_has_the_same_marks_as_in_the_whole(marked, data):
    text, marks = marked
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    whole = {i: s.ids for s in segments(text, marks) for i in range(s.start, s.end)}
    part = {i: s.ids for s in segments(text, marks, start, end) for i in range(s.start, s.end)}
    assert part == {i: whole[i] for i in range(start, end)}


def test_the_smallest_mark_comes_first():
    assert segments(10, [Mark("sentence", 0, 10), Mark("word", 3, 5), Mark("clause", 2, 8)]) == [
        Segment(0, 2, ("sentence",)),
        Segment(2, 3, ("clause", "sentence")),
        Segment(3, 5, ("word", "clause", "sentence")),
        Segment(5, 8, ("clause", "sentence")),
        Segment(8, 10, ("sentence",)),
    ]


def test_size_is_that_of_the_whole_mark_even_where_the_range_cuts_it():
    assert segments(20, [Mark("long", 0, 12), Mark("short", 9, 20)], 10, 20) == [
        Segment(10, 12, ("short", "long")),
        Segment(12, 20, ("short",)),
    ]


def test_marks_on_the_same_words_are_both_named_the_later_one_first():
    assert segments(5, [Mark("a", 0, 5), Mark("b", 0, 5)]) == [Segment(0, 5, ("b", "a"))]


def test_a_text_without_marks_is_one_segment():
    assert segments(TEXT, []) == [Segment(0, len(TEXT), ())]


def test_a_length_serves_as_well_as_the_text():
    marks = [Mark(1, 3, 7)]
    assert segments(len(TEXT), marks) == segments(TEXT, marks)


def test_an_empty_range_has_no_segments():
    assert segments("", []) == []
    assert segments(TEXT, [Mark(1, 0, 9)], 4, 4) == []


def test_marks_outside_the_range_are_left_out():
    assert segments(10, [Mark(1, 0, 2), Mark(2, 8, 40), Mark(3, 5, 5)], 2, 8) == [Segment(2, 8, ())]


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 3), (0, 11), (11, None)])
def test_a_range_outside_the_text_is_refused(start, end):
    with pytest.raises(ValueError, match="not within a text of 10 characters"):
        segments(10, [], start, end)


def test_many_marks_take_little_time():
    marks = [Mark(n, n * 50, n * 50 + 120) for n in range(20_000)]
    began = time.process_time()
    found = segments(1_000_200, marks)
    assert time.process_time() - began < 2
    assert len(found) == 40_000
