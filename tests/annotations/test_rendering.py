import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.rendering import Marked, at_the_outlet, blocks, web_address
from articles.text import normalise, paragraphs

TEXT = "One two three four five.\n\nSix seven eight.\n\nNine ten."


def span(words, text=TEXT):
    return (text.index(words), text.index(words) + len(words))


def laid(*marked, text=TEXT, kinds=None):
    return blocks(text, kinds or {}, [Marked(name, name, "quote", spans) for name, *spans in marked])


def shape(block):
    return [(piece.text, "".join(note.name for note in piece.notes)) for piece in block.pieces]


def test_a_text_without_marks_is_its_paragraphs():
    found = laid(kinds={"1": "heading"})
    assert [(b.number, b.kind, shape(b)) for b in found] == [
        (0, "", [("One two three four five.", "")]),
        (1, "heading", [("Six seven eight.", "")]),
        (2, "", [("Nine ten.", "")]),
    ]


def test_overlapping_marks_are_cut_into_flat_pieces_and_know_of_each_other():
    first = laid(("a", span("two three four")), ("b", span("four five")))[0]
    assert shape(first) == [("One ", ""), ("two three ", "a"), ("four", "ba"), (" five", "b"), (".", "")]
    a, b = first.notes
    assert (a.number, [note.name for note in a.overlaps]) == (1, ["b"])
    assert (b.number, [note.name for note in b.overlaps]) == (2, ["a"])


def test_a_nested_mark_comes_first_where_both_stand_and_the_outer_has_the_lower_number():
    first = laid(("inner", span("three")), ("outer", span("two three four")))[0]
    assert ("three", "innerouter") in shape(first)
    assert [(note.number, note.name) for note in first.notes] == [(1, "outer"), (2, "inner")]


def test_two_marks_on_the_very_same_words_are_both_there():
    pieces = laid(("a", span("two")), ("b", span("two")))[0].pieces
    both = next(piece for piece in pieces if piece.text == "two")
    assert {note.name for note in both.notes} == {"a", "b"}
    assert {note.name for note in both.begins} == {"a", "b"}
    assert [note.number for note in both.ends] == [1, 2]


def test_a_mark_over_two_paragraphs_begins_once_ends_once_and_has_one_note():
    start, end = span("five")[0], span("Six seven")[1]
    one, two, _ = laid(("long", (start, end)))
    assert [note.name for note in one.notes] == ["long"]
    assert two.notes == []
    begins = [piece.text for block in (one, two) for piece in block.pieces if piece.begins]
    ends = [piece.text for block in (one, two) for piece in block.pieces if piece.ends]
    assert (begins, ends) == (["five."], ["Six seven"])


def test_a_quote_in_parts_shows_its_number_at_the_end_of_each_and_begins_once():
    pieces = [p for block in laid(("said", span("One two"), span("Six seven"))) for p in block.pieces]
    assert [piece.text for piece in pieces if piece.begins] == ["One two"]
    assert [piece.text for piece in pieces if piece.ends] == ["One two", "Six seven"]


def test_the_blank_lines_at_the_ends_of_a_mark_are_not_drawn():
    start, end = span("\n\nSix seven eight.\n\n")
    one, two, three = laid(("wide", (start, end)))
    assert not one.notes
    assert not three.notes
    assert [piece.text for piece in two.pieces if piece.ends] == ["Six seven eight."]


@pytest.mark.parametrize("wrong", [(-1, 3), (3, 3), (0, len(TEXT) + 1), (5, 2)])
def test_a_span_outside_the_text_is_refused(wrong):
    with pytest.raises(ValueError, match="not within"):
        laid(("wrong", wrong))


@given(st.text(max_size=200), st.data())
def test_whatever_is_marked_the_pieces_are_the_text_and_every_mark_is_reachable(raw, data):
    text = normalise(raw)
    if not text:
        return
    spans = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(lambda s: s[0] < s[1])
    marks = [(str(n), one) for n, one in enumerate(data.draw(st.lists(spans, max_size=8)))]
    found = laid(*marks, text=text)
    assert ["".join(p.text for p in b.pieces) for b in found] == [
        text[p.start : p.end] for p in paragraphs(text)
    ]
    drawn = {name for name, (start, end) in marks if text[start:end].strip("\n")}
    begun = [note.name for block in found for piece in block.pieces for note in piece.begins]
    assert sorted(begun) == sorted(drawn)
    assert {note.name for block in found for note in block.notes} == drawn
    for number, (start, end) in marks:
        covered = "".join(p.text for b in found for p in b.pieces if number in {n.name for n in p.notes})
        assert covered == re.sub("\n", "", text[start:end])


def test_words_at_the_outlet_are_a_text_fragment_with_its_own_signs_encoded():
    url = at_the_outlet("https://courier.example/a", "non-core, “yes” & no")
    assert url == "https://courier.example/a#:~:text=non%2Dcore%2C%20%E2%80%9Cyes%E2%80%9D%20%26%20no"


def test_long_words_are_given_by_their_two_ends():
    words = " ".join(f"w{n}" for n in range(40))
    assert at_the_outlet("https://courier.example/a#top", words) == (
        "https://courier.example/a#top:~:text=w0%20w1%20w2%20w3%20w4,w35%20w36%20w37%20w38%20w39"
    )


def test_words_over_two_paragraphs_are_found_by_the_ends_that_lie_in_one():
    assert at_the_outlet("http://courier.example/", "One two.\n\nThree.").endswith("text=One%20two.,Three.")


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "ftp://courier.example/", "http://[", "//courier.example/"]
)
def test_an_address_that_is_none_of_the_web_is_no_link(url):
    assert web_address(url) == ""
    assert at_the_outlet(url, "words") == ""
