"""Copies are told from their sentences, however an outlet has dressed them."""

from hypothesis import given
from hypothesis import strategies as st

from articles.likeness import KEPT, are_alike, sketch

STORY = (
    "The council voted on Tuesday to close the old bridge until the spring.\n\n"
    "Engineers had found cracks in two of its piers during an inspection last month. "
    "“Nobody should be worried, but nobody should drive over it either,” the surveyor told residents.\n\n"
    "A ferry will carry passengers from the market to the station in the meantime. "
    "Shopkeepers on both banks of the river said they expected to lose customers. "
    "The repairs are to cost about three million, half of it paid by the county."
)
OTHER = (
    "The museum has bought a painting that hung in a village school for ninety years. "
    "Its director said that nobody had known who painted it until a restorer looked. "
    "Visitors will be able to see it from the first weekend of the summer holidays. "
    "The school has been given a copy, and enough money for a new roof."
)


def test_a_copy_with_another_first_line_other_paragraphs_and_marks_is_alike() -> None:
    copy = "RIVERTON (Sample Wire) – " + STORY.replace("\n\n", " ").replace("“", '"').replace("”", '"')
    assert are_alike(sketch(STORY), sketch(copy))
    assert are_alike(sketch(STORY), sketch(STORY.upper()))


def test_another_story_is_not_alike_even_with_a_sentence_in_common() -> None:
    common = " Newsdesk Sample Wire has asked everybody named here for a comment."
    assert not are_alike(sketch(STORY), sketch(OTHER))
    assert not are_alike(sketch(STORY + common), sketch(OTHER + common))


def test_a_text_of_one_sentence_tells_nothing() -> None:
    assert sketch("The council voted on Tuesday to close the old bridge until the spring.") == ()
    assert not are_alike((), ())


def test_a_cut_end_leaves_most_copies_alike() -> None:
    sentences = [f"Witness number {n} told the inquiry what he had seen on that evening." for n in range(200)]
    whole = [" ".join(sentences[n : n + 20]) for n in range(0, 180, 20)]
    cut = [" ".join(sentences[n : n + 15]) for n in range(0, 180, 20)]
    assert sum(are_alike(sketch(a), sketch(b)) for a, b in zip(whole, cut, strict=True)) >= 7


@given(st.text())
def test_any_text_has_a_sketch_that_fits_the_database(text: str) -> None:
    found = sketch(text)
    assert len(found) <= KEPT
    assert list(found) == sorted(set(found))
    assert all(-(2**63) <= number < 2**63 for number in found)
    assert sketch(text.replace(" ", "  ")) == found
