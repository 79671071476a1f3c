"""Whether two actors may be one: what their names tell, and nothing else. An editor decides."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from annotations.slips import is_slip


class How(StrEnum):
    """How two names are alike, the surest first."""

    SAME = "same"
    ORDER = "order"
    INITIALS = "initials"
    SLIP = "slip"
    PART = "part"


LIKENESS = {How.SAME: 1.0, How.ORDER: 0.9, How.INITIALS: 0.8, How.SLIP: 0.7, How.PART: 0.5}
"""From 0 to 1: how often, roughly, two who are so alike turn out to be one. Only their order matters."""


@dataclass(frozen=True, slots=True)
class Named:
    """An actor by all its names, the first of them the one it goes by."""

    names: Collection[str]
    is_person: bool


@dataclass(frozen=True, slots=True)
class Resemblance:
    how: How
    one: str
    other: str

    @property
    def likeness(self) -> float:
        return LIKENESS[self.how]


def resemblance(one: Named, other: Named) -> Resemblance | None:
    """The strongest likeness between a name of the one and a name of the other.

    None where there is none, and where two people have whole names that tell them apart ("Jeremy Hunt" and
    "Jane Hunt") and none that is the same. A person and an organisation are alike by the same name only.
    """
    pairs = [(a, b, words_of(a), words_of(b)) for a, b in product(one.names, other.names)]
    if same := next((Resemblance(How.SAME, a, b) for a, b, x, y in pairs if x and x == y), None):
        return same
    if one.is_person != other.is_person:
        return None
    if one.is_person:
        if any(_are_two(x, y) for _, _, x, y in pairs):
            return None
        ways = _between_people
    else:
        ways = _between_bodies
    found = [Resemblance(how, a, b) for a, b, x, y in pairs if x and y and (how := ways(x, y))]
    return max(found, key=lambda like: like.likeness, default=None)


# Words of names.

_TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady baron baroness hon rt the president minister".split()  # noqa: SIM905
)
_SMALL = frozenset("of the and for in on to de du des la le les der die das und für von et y".split())  # noqa: SIM905
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def words_of(name: str) -> tuple[str, ...]:
    """The words that tell, without marks, case and titles; "O’Neil" is one. Empty where titles are all there is."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = tuple(word.replace("’", "'").casefold() for word in _WORD.findall(plain))
    return tuple(word for word in words if word not in _TITLES)


def initials_of(words: Collection[str]) -> str:
    """The letters that an organisation's short name may have: "bbc"."""
    return "".join(word[0] for word in words if word not in _SMALL)


# People: the last word is taken for the surname, the first for the given name.


def _are_two(x: tuple[str, ...], y: tuple[str, ...]) -> bool:
    """Both whole, with one surname and given names of which neither is the other's initial, slip or beginning."""
    if len(x) < 2 or len(y) < 2 or x[-1] != y[-1]:
        return False
    given, others = x[:-1], y[:-1]
    if _abbreviates(given, others) or _abbreviates(others, given) or set(given) & set(others):
        return False
    return not _may_be_one_given_name(x[0], y[0])


def _may_be_one_given_name(a: str, b: str) -> bool:
    return a.startswith(b) or b.startswith(a) or is_slip(a, b)


def _between_people(x: tuple[str, ...], y: tuple[str, ...]) -> How | None:
    if len(x) > 1 and sorted(x) == sorted(y):
        return How.ORDER
    short, long = sorted((x, y), key=len)
    if len(short) == 1:
        return How.PART if short[0] == long[-1] else None
    if x[-1] == y[-1]:
        if _abbreviates(short[:-1], long[:-1]) or _abbreviates(long[:-1], short[:-1]):
            return How.INITIALS
        if set(short) <= set(long):
            return How.PART
    return How.SLIP if _are_slips(x, y) else None


def _abbreviates(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether given names may be written so: "j" or "j p" for "jeremy philip", "mike" for "mike r"."""
    if len(short) == 1 and len(short[0]) > 1 and short[0] == initials_of(long):
        return True
    return len(short) <= len(long) and all(
        (len(a) == 1 and b.startswith(a)) or a == b for a, b in zip(short, long, strict=False)
    )


def _are_slips(x: tuple[str, ...], y: tuple[str, ...]) -> bool:
    return len(x) == len(y) and all(
        a == b or is_slip(a, b) or is_slip(b, a) for a, b in zip(x, y, strict=True)
    )


# Organisations and governments.


def _between_bodies(x: tuple[str, ...], y: tuple[str, ...]) -> How | None:
    short, long = sorted((x, y), key=len)
    if len(short) == 1 and len(long) > 1 and 1 < len(short[0]) <= 8 and short[0] == initials_of(long):
        return How.INITIALS
    if _are_slips(x, y):
        return How.SLIP
    if len(x) > 1 and sorted(x) == sorted(y):
        return How.ORDER
    return How.PART if short == long[: len(short)] and len(short[0]) > 1 else None
