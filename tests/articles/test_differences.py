"""What differs between two texts: nothing is lost, and no text takes long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.differences import MOST_WORDS, Passage, Piece, cut, passages

PARAGRAPHS = st.lists(
    st.lists(
        st.sampled_from(["the", "council", "met", "“no”", "said,", "5G", "x"]), min_size=1, max_size=12
    ).map(" ".join),
    max_size=6,
).map("\n\n".join)


def said(found: list[Passage]) -> list[list[tuple[str, str]]]:
    return [[(piece.operation, piece.text) for piece in passage.pieces] for passage in found]


def test_words_are_told_within_their_paragraph_and_the_same_paragraphs_are_counted() -> None:
    old = "First.\n\nThe council met on Monday and decided nothing.\n\nLast."
    new = "First.\n\nThe council met on Tuesday and decided nothing.\n\nLast.\n\nMore."
    assert list(passages(old, new)) == [
        Passage(
            (
                Piece("same", "The council met on "),
                Piece("removed", "Monday"),
                Piece("added", "Tuesday"),
                Piece("same", " and decided nothing."),
            ),
            skipped=1,
        ),
        Passage((Piece("added", "More."),), skipped=1),
    ]


def test_what_is_the_same_to_its_end_has_no_pieces() -> None:
    assert list(passages("a\n\nb", "a\n\nb")) == [Passage((), skipped=2)]
    assert list(passages("", "")) == []


def test_long_stretches_that_are_the_same_are_cut_down_to_what_stands_beside_a_change() -> None:
    same = " ".join(f"word{number}" for number in range(60))
    [passage] = passages(f"{same} old {same}", f"{same} new {same}")
    first, removed, added, last = passage.pieces
    assert (removed.text, added.text) == ("old", "new")
    assert first.text.startswith("… word") and first.text.endswith("word59 ")
    assert last.text.startswith(" word0") and last.text.endswith(" …")
    assert len(first.text) + len(last.text) < 200
    [whole] = passages(f"{same} old {same}", f"{same} new {same}", shortened=False)
    assert whole.pieces[0].text == f"{same} "


@given(PARAGRAPHS, PARAGRAPHS)
def test_the_pieces_make_the_two_texts(old: str, new: str) -> None:
    def made(*operations: str) -> list[str]:
        return [
            "".join(piece.text for piece in passage.pieces if piece.operation in operations)
            for passage in passages(old, new, shortened=False)
        ]

    for text, operations in ((old, ("same", "removed")), (new, ("same", "added"))):
        rest = text
        for piece in filter(None, made(*operations)):
            assert piece in rest
            rest = rest[rest.index(piece) + len(piece) :]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" ".join(["a"] * 700) + " b", "c " + " ".join(["a"] * 700)),
        ("\n\n".join(["a"] * 190 + ["b"]), "\n\n".join(["c"] + ["a"] * 190)),
        ("x " * 400_000, "y " * 400_000),
        ("\n\n".join(f"old {n}" for n in range(20_000)), "\n\n".join(f"new {n}" for n in range(20_000))),
    ],
    ids=["one word", "one line", "long", "many paragraphs"],
)
def test_no_text_takes_long(old: str, new: str) -> None:
    started = time.perf_counter()
    assert list(passages(old.strip(), new.strip()))
    assert time.perf_counter() - started < 2


def test_a_difference_is_cut_and_says_so() -> None:
    found, has_more = cut(passages("a " * MOST_WORDS, "b " * MOST_WORDS), 100)
    assert has_more
    assert sum(len(piece.text) for passage in found for piece in passage.pieces) < 120
    assert cut(passages("a", "b"), 100)[1] is False
