"""Which names may be one actor's, and which are told apart by themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.resemblance import How, Named, resemblance

PEOPLE = [
    ("Jeremy Hunt", "jeremy hunt", How.SAME),
    ("José Pérez", "Jose Perez", How.SAME),
    ("Rt Hon Jeremy Hunt", "Jeremy Hunt", How.SAME),
    ("Mr Hunt", "Hunt", How.SAME),
    ("Hunt, Jeremy", "Jeremy Hunt", How.ORDER),
    ("J. Hunt", "Jeremy Hunt", How.INITIALS),
    ("J. P. Hunt", "Jeremy Philip Hunt", How.INITIALS),
    ("JP Hunt", "Jeremy Philip Hunt", How.INITIALS),
    ("Jeremy Hunt", "Jeremy P. Hunt", How.INITIALS),
    ("Robert O’Neil", "Robert O'Neil", How.SAME),
    ("Jeremey Hunt", "Jeremy Hunt", How.SLIP),
    ("Mike Pompoe", "Mike Pompeo", How.SLIP),
    ("Hunt", "Jeremy Hunt", How.PART),
    ("Philip Hunt", "Jeremy Philip Hunt", How.PART),
    ("Jeremy Hunt", "Jane Hunt", None),
    ("Jeremy Hunt", "Jeremy Corbyn", None),
    ("Jeremy", "Jeremy Hunt", None),
    ("J. Hunt", "Mike Pompeo", None),
    ("The Minister", "Mr", None),
    ("", "Jeremy Hunt", None),
    ("Ann Lee", "Ann Leigh", None),
]
BODIES = [
    ("The BBC", "BBC", How.SAME),
    ("BBC", "British Broadcasting Corporation", How.INITIALS),
    ("DCMS", "Department for Culture, Media and Sport", How.INITIALS),
    ("Huawei", "Huawei Technologies", How.PART),
    ("Huawai", "Huawei", How.SLIP),
    ("Ministry of Defence", "Defence Ministry", None),
    ("Defence Ministry", "Ministry Defence", How.ORDER),
    ("Vodafone", "Three", None),
    ("University of Oxford", "University of Cambridge", None),
    ("UK government", "US government", None),
]


def alike(one: str, other: str, *, people: bool) -> How | None:
    found = resemblance(Named([one], people), Named([other], people))
    assert found == (None if found is None else type(found)(found.how, one, other))
    back = resemblance(Named([other], people), Named([one], people))
    assert (back and back.how) == (found and found.how)
    return found and found.how


@pytest.mark.parametrize(("one", "other", "how"), PEOPLE, ids=[f"{a}-{b}" for a, b, _ in PEOPLE])
def test_people(one: str, other: str, how: How | None) -> None:
    assert alike(one, other, people=True) == how


@pytest.mark.parametrize(("one", "other", "how"), BODIES, ids=[f"{a}-{b}" for a, b, _ in BODIES])
def test_organisations(one: str, other: str, how: How | None) -> None:
    assert alike(one, other, people=False) == how


def test_one_whole_name_that_differs_tells_two_people_apart_whatever_their_aliases() -> None:
    jeremy, jane = Named(["Jeremy Hunt", "Hunt"], True), Named(["Jane Hunt", "J. Hunt"], True)
    assert resemblance(jeremy, jane) is None


def test_an_alias_counts_as_a_name() -> None:
    found = resemblance(Named(["Jeremy Hunt", "the Chancellor"], True), Named(["The Chancellor"], True))
    assert found is not None
    assert (found.how, found.one) == (How.SAME, "the Chancellor")


def test_a_person_and_an_organisation_are_alike_by_the_same_name_only() -> None:
    assert resemblance(Named(["Trump"], True), Named(["Donald Trump"], False)) is None
    same = resemblance(Named(["Trump"], True), Named(["trump"], False))
    assert same is not None
    assert same.how == How.SAME


names = st.lists(
    st.text(max_size=20) | st.sampled_from(["J. Hunt", "Jeremy Hunt", "Hunt", "BBC"]), max_size=4
)


@given(one=names, other=names, people=st.booleans())
def test_any_names_are_compared_alike_from_either_side(
    one: list[str], other: list[str], people: bool
) -> None:
    there = resemblance(Named(one, people), Named(other, people))
    back = resemblance(Named(other, people), Named(one, people))
    assert (there and there.likeness) == (back and back.likeness)
