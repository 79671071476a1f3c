import time

from hypothesis import given
from hypothesis import strategies as st

from annotations.comparing import SIGN, Paragraph, Same, compare, is_same
from articles.text import normalise

OLD = "The board met.\n\nMr Hunt said no. Nothing was settled.\n\nThe end."


def test_what_changed_stands_between_what_is_the_same():
    assert compare(OLD, OLD.replace("said no", "said yes").replace(" Nothing was settled.", "")) == [
        Same(["The board met."]),
        Paragraph(
            [
                ("same", "Mr Hunt said "),
                ("removed", "no"),
                ("added", "yes"),
                ("same", "."),
                ("removed", " Nothing was settled."),
            ]
        ),
        Same(["The end."]),
    ]


def test_paragraphs_that_were_taken_out_or_put_in_stand_by_themselves():
    rows = compare(OLD, "The board met.\n\nA new paragraph.\n\nMr Hunt said no. Nothing was settled.")
    assert [type(row) for row in rows] == [Same, Paragraph, Same, Paragraph]
    assert rows[1].is_added
    assert rows[3].is_removed
    assert rows[3].pieces == [("removed", "The end.")]


def test_a_paragraph_taken_out_beside_one_that_was_reworded_stands_by_itself():
    old = "First words here.\n\nMiddle words were removed here.\n\nThird words stay the same."
    rows = compare(old, "First words are here.\n\nThird words stay the same.")
    assert rows[0].pieces == [("same", "First words "), ("added", "are "), ("same", "here.")]
    assert rows[1].is_removed
    assert rows[1].pieces == [("removed", "Middle words were removed here.")]


def test_a_paragraph_that_was_split_or_joined_is_no_other_paragraph():
    one, two = "Field said one. Rowe said two.", "Field said one.\n\nRowe said two."
    assert [row.pieces[0] for row in compare(one, two)] == [
        ("same", "Field said one."),
        ("same", "Rowe said two."),
    ]
    assert ("added", SIGN) in compare(one, two)[0].pieces
    (joined,) = compare(two, one)
    assert ("removed", SIGN) in joined.pieces


def test_typography_is_no_difference_and_is_shown_as_it_is_now():
    rows = compare('He said "never" - twice.', "He said “never” – twice.")
    assert is_same(rows)
    assert rows == [Same(["He said “never” – twice."])]


words = st.lists(st.sampled_from(["a", "b", "Hunt", "said", "no.", "\n\n", "“c”", "-"]), max_size=40)
texts = words.map(" ".join).map(normalise).filter(bool)


@given(texts, texts)
def test_the_new_text_can_be_read_in_the_rows(old, new):
    rows = compare(old, new)
    read = []
    for row in rows:
        if isinstance(row, Same):
            read += row.texts
        elif text := "".join(t for op, t in row.pieces if op != "removed" and t != SIGN):
            read.append(text)
    assert " ".join("\n\n".join(read).split()) == " ".join(new.split())


@given(texts)
def test_a_text_is_the_same_as_itself(text):
    assert is_same(compare(text, text))


def paragraphs(count, word):
    return "\n\n".join(
        f"{word} {n} and the other words of paragraph {n * 7919 % 1000}, said {word}." for n in range(count)
    )


def test_the_longest_texts_are_compared_in_a_moment():
    long = paragraphs(7000, "alpha")[:400_000]
    for other in (
        paragraphs(7000, "omega")[:400_000],
        long.replace("said", "told"),
        long[:200_000],
        long.replace("\n\n", " "),
        "Yes.\n\n" * 60_000 + "No.",
    ):
        started = time.perf_counter()
        compare(long, other)
        assert time.perf_counter() - started < 10
