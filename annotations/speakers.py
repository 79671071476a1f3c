"""Whether the same person says the words in two places, as far as the text beside them tells.

Only names are compared; nothing here knows people. In doubt the answer is no.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from annotations.attribution import Attribution, attribution_near, candidates, kind_of

AROUND = 2_000
"""Code points on either side of words, within their paragraph, in which is looked for who says them."""

_TITLES = {"mr": "m", "sir": "m", "lord": "m", "mrs": "f", "ms": "f", "miss": "f", "lady": "f", "dame": "f"}
_PRONOUN = re.compile(r"(?:he|she|they|it|we|i|who)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SMALL = frozenset(["a", "an", "the", "his", "her", "its", "their", "our", "and", "of", "for", "in", "at"])


class Speaker(StrEnum):
    """Who says the words in the second place, against the first."""

    SAME = "same"
    UNNAMED = "unnamed"
    UNSURE = "unsure"
    OTHER = "other"


def said_beside(text: str, start: int, end: int) -> tuple[Attribution, str]:
    """By which verb text[start:end] is given to whom, and how: direct, mixed, indirect; told from its paragraph."""
    first = text.rfind("\n\n", 0, start)
    first = max(0 if first < 0 else first + 2, start - AROUND)
    last = text.find("\n\n", end)
    last = min(len(text) if last < 0 else last, end + AROUND)
    around, span = text[first:last], (start - first, end - first)
    return attribution_near(around, [span]), kind_of(around, [span])


def compare(old: Attribution, new: Attribution, known: Iterable[str] = ()) -> Speaker:
    """Whether a new mention is of whom the old one, or a `known` name, alias or role of the speaker, is.

    The same: the same surname with nothing against it, or a role that is known. Another: a name where other names
    are known, or a role where other roles are. Anything between is unsure.
    """
    if not new.mention:
        return Speaker.UNNAMED
    if _PRONOUN.fullmatch(new.mention):
        return Speaker.UNSURE
    olds = [mention for mention in (old.mention, *known) if mention and not _PRONOUN.fullmatch(mention)]
    if not olds:
        return Speaker.UNSURE
    if {_sex(new.mention)} | {_sex(one) for one in olds} >= {"m", "f"}:
        return Speaker.UNSURE
    names = _names(new.mention)
    if not names:
        return _compared_roles(new.mention, olds)
    known_names = [name for one in olds for name in _names(one)]
    matches = [any(_is_same_name(name, other) for other in known_names) for name in names]
    if re.search(r"\b[A-Z][\w-]*['’]s?\b", new.mention):  # Mr Hunt’s spokesman
        return Speaker.UNSURE if any(matches) else Speaker.OTHER
    if all(matches):
        return Speaker.SAME
    return Speaker.UNSURE if any(matches) or not known_names else Speaker.OTHER


def _names(mention: str) -> list[list[str]]:
    """The names in a mention, each in its words, without titles: "the foreign secretary, Jeremy Hunt"."""
    found = [name for name in candidates(mention) if all(w[0].isupper() or w in _SMALL for w in name.split())]
    return [
        words
        for name in found
        if (words := [w.lower() for w in _WORD.findall(name) if w.lower() not in _TITLES | {"the": ""}])
    ]


def _is_same_name(one: list[str], other: list[str]) -> bool:
    return one[-1] == other[-1] and (set(one) <= set(other) or set(other) <= set(one))


def _compared_roles(mention: str, olds: Iterable[str]) -> Speaker:
    new = _telling(mention)
    known = [_telling(old) for old in olds]
    if any(new and new <= one for one in known):
        return Speaker.SAME
    is_other = any(not _names(old) for old in olds) and not any(new & one for one in known)
    return Speaker.OTHER if new and is_other else Speaker.UNSURE


def _telling(mention: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(mention)} - _SMALL


def _sex(mention: str) -> str:
    return next((_TITLES[w.lower()] for w in _WORD.findall(mention) if w.lower() in _TITLES), "")
