"""Which outlet carried what: first, alone, or not at all.

An utterance is carried where a quote renders it; however often an outlet quotes it, it carries it once. "First" is said
only where every other outlet's date is known and later.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Carried[O: Hashable, T: Hashable]:
    """An outlet carried an utterance, in an article published `at`, if that is known; `about` is what one asks for:
    the claims that it takes a stance on, or who speaks."""

    outlet: O
    utterance: Hashable
    at: dt.datetime | None
    about: frozenset[T]


@dataclass(frozen=True, slots=True)
class Cell:
    """What an outlet carried on one thing: how many utterances, and the instant of the first article with any."""

    count: int
    first: dt.datetime | None
    is_first: bool
    is_only: bool


def cells[O: Hashable, T: Hashable](carried: Iterable[Carried[O, T]]) -> dict[tuple[O, T], Cell]:
    """By outlet and thing; nothing where an outlet carried nothing on it."""
    found: dict[T, dict[O, list[Carried[O, T]]]] = defaultdict(lambda: defaultdict(list))
    for one in carried:
        for thing in one.about:
            found[thing][one.outlet].append(one)
    return {
        (outlet, thing): Cell(
            count=len({one.utterance for one in given}),
            first=_earliest(given),
            is_first=_is_first(outlet, by_outlet),
            is_only=len(by_outlet) == 1,
        )
        for thing, by_outlet in found.items()
        for outlet, given in by_outlet.items()
    }


def shared[O: Hashable, T: Hashable](carried: Iterable[Carried[O, T]]) -> dict[Hashable, set[O]]:
    """The utterances that several outlets carried, with these outlets: those that most of them carried first."""
    by: dict[Hashable, set[O]] = defaultdict(set)
    for one in carried:
        by[one.utterance].add(one.outlet)
    found = [(utterance, who) for utterance, who in by.items() if len(who) > 1]
    return dict(sorted(found, key=lambda pair: -len(pair[1])))


def missed[O: Hashable, T: Hashable](
    carried: Iterable[Carried[O, T]], outlets: Iterable[O]
) -> dict[O, list[tuple[Hashable, int]]]:
    """The utterances that at least two other outlets carried and this one did not, with how many did: most first."""
    carriers = shared(carried)
    return {
        outlet: [(utterance, len(who)) for utterance, who in carriers.items() if outlet not in who]
        for outlet in outlets
    }


def _is_first[O: Hashable, T: Hashable](outlet: O, by_outlet: dict[O, list[Carried[O, T]]]) -> bool:
    if len(by_outlet) < 2 or any(one.at is None for given in by_outlet.values() for one in given):
        return False
    firsts = {who: _earliest(given) for who, given in by_outlet.items()}
    own = firsts.pop(outlet)
    return own is not None and all(other is not None and own < other for other in firsts.values())


def _earliest[O: Hashable, T: Hashable](given: Sequence[Carried[O, T]]) -> dt.datetime | None:
    return min((one.at for one in given if one.at), default=None)
