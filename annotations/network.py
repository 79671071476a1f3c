"""Who agrees with whom, and on what: a network of actors, made of the claims on which they take the same side or not.

As in discourse network analysis (Leifeld, "Discourse Network Analysis", 2017): two actors are tied once for each claim
that both support or both oppose, and once for each that one supports and the other opposes. An utterance counts once,
however many outlets carried it; one that is mixed or unclear ties nobody.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal
from uuid import UUID

type Kind = Literal["agreement", "conflict"]


@dataclass(frozen=True, slots=True)
class Take:
    """One quote's stance on a claim: who takes it, and what it renders (equal for renderings of one utterance)."""

    actor: Hashable
    claim: str
    position: str
    utterance: Hashable
    quote: UUID


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties two actors: the claims on which they agree, or those on which they are in conflict.

    `one` and `other` stand in the order in which the actors were first met. `quotes` are all renderings of what
    either said on these claims, those of `one` first; `utterances` is how many acts of speaking that is.
    """

    one: Hashable
    other: Hashable
    kind: Kind
    claims: tuple[str, ...]
    quotes: tuple[UUID, ...]
    utterances: int

    @property
    def weight(self) -> int:
        return len(self.claims)


@dataclass(frozen=True, slots=True)
class Network:
    """The actors that take a side, each with how many utterances do, and their ties."""

    actors: dict[Hashable, int]
    ties: list[Tie]


@dataclass(slots=True)
class _Side:
    """What an actor said for or against one claim."""

    utterances: int
    quotes: list[UUID]


def network(takes: Iterable[Take]) -> Network:
    """The network of some takes, in a fixed order: actors as they were first met, claims by their names."""
    sides = _sides(takes)
    actors: dict[Hashable, int] = defaultdict(int)
    for by_actor in sides.values():
        for actor, found in by_actor.items():
            actors[actor] += sum(side.utterances for side in found.values())
    met = {actor: place for place, actor in enumerate(_met(sides, actors))}
    ties: dict[tuple[Hashable, Hashable, Kind], dict[str, list[tuple[_Side, _Side]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for claim in sorted(sides):
        by_actor = sides[claim]
        for one, other in combinations(sorted(by_actor, key=met.__getitem__), 2):
            for its, mine in by_actor[one].items():
                for theirs, yours in by_actor[other].items():
                    kind: Kind = "agreement" if its == theirs else "conflict"
                    ties[one, other, kind][claim].append((mine, yours))
    return Network(
        {actor: actors[actor] for actor in met},
        [_tie(*key, on) for key, on in sorted(ties.items(), key=lambda tie: _place(met, *tie[0]))],
    )


def _sides(takes: Iterable[Take]) -> dict[str, dict[Hashable, dict[str, _Side]]]:
    """By claim, actor and side. Renderings that contradict each other make an utterance that is on none."""
    renderings: dict[tuple[str, Hashable, Hashable], list[Take]] = defaultdict(list)
    for take in takes:
        renderings[take.claim, take.actor, take.utterance].append(take)
    sides: dict[str, dict[Hashable, dict[str, _Side]]] = defaultdict(lambda: defaultdict(dict))
    for (claim, actor, _), rendered in renderings.items():
        clear = {take.position for take in rendered} - {"unclear"}
        if len(clear) == 1 and (position := clear.pop()) in {"supports", "opposes"}:
            side = sides[claim][actor].setdefault(position, _Side(0, []))
            side.utterances += 1
            side.quotes += [take.quote for take in rendered]
    return sides


def _met(sides: Mapping[str, Mapping[Hashable, object]], actors: Mapping[Hashable, int]) -> list[Hashable]:
    order: dict[Hashable, None] = {}
    for by_actor in sides.values():
        order.update(dict.fromkeys(by_actor))
    return [actor for actor in order if actors[actor]]


def _place(met: Mapping[Hashable, int], one: Hashable, other: Hashable, kind: Kind) -> tuple[int, int, str]:
    return met[one], met[other], kind


def _tie(one: Hashable, other: Hashable, kind: Kind, on: Mapping[str, list[tuple[_Side, _Side]]]) -> Tie:
    """Who was on both sides of a claim may be tied by either: all of it counts."""
    pairs = [pair for of_claim in on.values() for pair in of_claim]
    mine = [quote for side, _ in pairs for quote in side.quotes]
    yours = [quote for _, side in pairs for quote in side.quotes]
    return Tie(
        one,
        other,
        kind,
        claims=tuple(on),
        quotes=tuple(dict.fromkeys([*mine, *yours])),
        utterances=sum(side.utterances for pair in pairs for side in pair),
    )
