from collections import Counter
from itertools import product
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from annotations.network import Take, Tie, network


def take(actor: str, claim: str, position: str, utterance: object = None) -> Take:
    quote = uuid4()
    return Take(actor, claim, position, utterance or quote, quote)


def tied(*takes: Take) -> list[tuple[object, object, str, tuple[str, ...]]]:
    return [(tie.one, tie.other, tie.kind, tie.claims) for tie in network(takes).ties]


def test_two_who_are_on_the_same_side_agree_and_two_on_different_sides_do_not() -> None:
    assert tied(
        take("Hunt", "ban", "supports"),
        take("Wright", "ban", "supports"),
        take("Huawei", "ban", "opposes"),
    ) == [
        ("Hunt", "Wright", "agreement", ("ban",)),
        ("Hunt", "Huawei", "conflict", ("ban",)),
        ("Wright", "Huawei", "conflict", ("ban",)),
    ]


def test_a_tie_weighs_as_many_claims_as_it_is_made_of() -> None:
    (tie,) = network(take(who, claim, "opposes") for claim in ("b", "a") for who in ("Hunt", "Wright")).ties
    assert (tie.claims, tie.weight, tie.utterances) == (("a", "b"), 2, 4)


def test_mixed_and_unclear_words_tie_nobody() -> None:
    takes = [
        take("Hunt", "ban", "supports"),
        take("Wright", "ban", "mixed"),
        take("Huawei", "ban", "unclear"),
    ]
    assert network(takes).ties == []
    assert network(takes).actors == {"Hunt": 1}


def test_renderings_of_one_utterance_count_once_and_are_all_named() -> None:
    here, there = take("Hunt", "ban", "supports", "Tuesday"), take("Hunt", "ban", "supports", "Tuesday")
    other = take("Wright", "ban", "supports")
    found = network([here, there, other])
    assert found.actors == {"Hunt": 1, "Wright": 1}
    (tie,) = found.ties
    assert (tie.utterances, tie.quotes) == (2, (here.quote, there.quote, other.quote))


def test_renderings_that_contradict_each_other_put_nobody_on_a_side() -> None:
    takes = [take("Hunt", "ban", "supports", "Tuesday"), take("Hunt", "ban", "opposes", "Tuesday")]
    assert network([*takes, take("Wright", "ban", "supports")]).ties == []


def test_one_rendering_may_be_clearer_than_another() -> None:
    takes = [take("Hunt", "ban", "supports", "Tuesday"), take("Hunt", "ban", "unclear", "Tuesday")]
    assert tied(*takes, take("Wright", "ban", "supports")) == [("Hunt", "Wright", "agreement", ("ban",))]


def test_who_changed_sides_agrees_and_is_in_conflict() -> None:
    takes = [
        take("Hunt", "ban", "supports"),
        take("Hunt", "ban", "opposes"),
        take("Wright", "ban", "opposes"),
    ]
    assert {(kind, claims) for _, _, kind, claims in tied(*takes)} == {
        ("agreement", ("ban",)),
        ("conflict", ("ban",)),
    }


def test_claims_are_kept_apart() -> None:
    assert tied(take("Hunt", "a", "supports"), take("Wright", "b", "supports")) == []


TAKES = st.lists(
    st.builds(
        Take,
        st.sampled_from("ABCD"),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["supports", "opposes", "mixed", "unclear"]),
        st.integers(0, 5),
        st.uuids(),
    ),
    max_size=30,
)


def test_two_who_were_both_on_both_sides_are_tied_by_all_that_they_said() -> None:
    takes = [
        Take(actor, "x", position, number, UUID(int=number))
        for number, (actor, position) in enumerate(product("AB", ["supports", "opposes"]))
    ]
    assert {(tie.kind, tie.weight, tie.utterances, len(tie.quotes)) for tie in network(takes).ties} == {
        ("agreement", 1, 4, 4),
        ("conflict", 1, 4, 4),
    }


@given(TAKES)
def test_no_tie_is_told_twice_and_each_rests_on_quotes_of_both(takes: list[Take]) -> None:
    ties = network(takes).ties
    assert max(Counter((frozenset((t.one, t.other)), t.kind) for t in ties).values(), default=1) == 1
    said: dict[object, set[UUID]] = {}
    for one in takes:
        said.setdefault(one.actor, set()).add(one.quote)
    for tie in ties:
        assert tie.one != tie.other
        assert tie.weight >= 1
        assert set(tie.quotes) & said[tie.one] and set(tie.quotes) & said[tie.other]
        assert set(tie.quotes) <= said[tie.one] | said[tie.other]


@given(TAKES)
def test_the_order_in_which_quotes_come_changes_no_tie(takes: list[Take]) -> None:
    def told(ties: list[Tie]) -> set[object]:
        return {
            (frozenset((t.one, t.other)), t.kind, t.claims, frozenset(t.quotes), t.utterances) for t in ties
        }

    assert told(network(takes).ties) == told(network(takes[::-1]).ties)
