from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotations.aligning import align

few = st.text(alphabet="abc", max_size=24)


def longest_common(old, new):
    """The length of a longest common subsequence, by the textbook."""
    row = [0] * (len(new) + 1)
    for a in old:
        before = row
        row = [0]
        for j, b in enumerate(new):
            row.append(before[j] + 1 if a == b else max(before[j + 1], row[j]))
    return row[-1]


@given(st.text(alphabet="abcdefgh", max_size=24), st.text(alphabet="abcdefgh", max_size=24))
def test_pairs_are_of_equal_items_in_order(old, new):
    pairs = align(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))


@given(few, few)
def test_items_that_all_occur_often_are_aligned_as_far_as_can_be(old, new):
    old, new = old + old, new + new
    assert len(align(old, new)) == longest_common(old, new)


@given(st.lists(st.integers(0, 9).map(str), max_size=20))
def test_equal_sequences_are_aligned_one_by_one(items):
    assert align(items, items) == [(n, n) for n in range(len(items))]


def test_what_occurs_once_decides_which_of_two_equal_neighbours_is_meant():
    old = ["No", "Hale said", "No", "Rowe said"]
    assert align(old, ["No", "Rowe said"]) == [(2, 0), (3, 1)]
    assert align(old, ["No", "Hale said"]) == [(0, 0), (1, 1)]


def test_what_changed_places_is_aligned_once():
    assert align("abcdef", "defabc") in ([(0, 3), (1, 4), (2, 5)], [(3, 0), (4, 1), (5, 2)])


def test_too_many_repetitions_are_compared_from_the_start_only():
    assert align("a" * 20_000 + "b", "a" * 15_000 + "b" * 5) == [(n, n) for n in range(15_000)]
