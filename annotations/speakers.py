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


# -- whether it is a name ----------------------------------------------------------------------------------


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_GROUPS = _set("""
    activist adviser advisor aide ally analyst attorney authority backbencher banker broadcaster campaigner captain
    citizen colleague commentator commissioner conservative councillor critic customer delegate democrat detective
    diplomat director doctor driver economist editor employee employer engineer executive expert family farmer
    firefighter fisherman friend general governor historian insider inspector intermediary investigator investor
    journalist judge lawmaker lawyer leader liberal local manager mayor migrant minister mp neighbour neighbor nurse
    observer officer official operator opponent organiser organizer parent passenger people person police policeman
    policewoman politician pollster president prosecutor protester protestor pupil rebel refugee regulator relative
    reporter republican rescuer researcher resident rival scholar scientist secretary senator shareholder shopkeeper
    socialist soldier source spokesman spokesperson spokeswoman spokespeople staff strategist student supplier
    supporter survivor teacher tory tourist trader troop unionist union veteran victim villager volunteer voter
    witness worker
""")
"""What a person may be called who isn't named, one or many."""
_ODD_ONES = {"men": "man", "women": "woman"}
_NOT_AT_WORK = frozenset(["spokesman", "spokeswoman", "spokesperson"])
"""These speak for the name before them: "a Huawei spokesman"."""
_PARTICLES = _set("de da di du del der den van von bin ibn al el la le y")
_NUMBER_10 = re.compile(r"(?:No\.?|Number)[ \u00a0](?:10|11|Ten|Eleven)")
_BEFORE_A_SENTENCE = re.compile(r"(?:^|[.!?…:]|\n)[”’\"')]*\s*[“‘\"'(]*$")


def is_name(name: str, mention: str = "", text: str = "") -> bool:
    """Whether words for a speaker name somebody: "Huawei", "No 10", but not "Ministers" or the "Senior" of officials.

    `mention` is what the words were taken from: in "Treasury officials" nobody is named. A single word with a
    capital that `text` has in small letters too, and with a capital only where a sentence begins, is no name.
    """
    if _NUMBER_10.fullmatch(name):
        return True
    words = [word for word in _WORD.findall(name) if word.lower() not in _SMALL]
    if not words or not all(word[0].isupper() or word[0].isdigit() or word in _PARTICLES for word in words):
        return False
    if _is_of_a_group(name, mention) or all(_group(word) for word in words):
        return False
    return len(words) > 1 or not _only_begins_sentences(words[0], text)


def _group(word: str) -> str:
    """The singular of a word that says what people are, not who; empty for another word."""
    small = word.lower()
    for ending, odd in _ODD_ONES.items():
        if small.endswith(ending):
            small = small.removesuffix(ending) + odd
    ways = (small, small.removesuffix("s"), small.removesuffix("es"), f"{small.removesuffix('ies')}y")
    return next((one for one in ways if one in _GROUPS), "")


def _is_of_a_group(name: str, mention: str) -> bool:
    """Whether the mention is of people beside whom the name only says of what sort: "Senior ministers"."""
    _, found, after = mention.partition(name)
    words = _WORD.findall(after)
    if not found or not words or not re.match(r"[ \u00a0]", after) or not all(w[0].islower() for w in words):
        return False
    return bool(_group(words[-1])) and _group(words[-1]) not in _NOT_AT_WORK


def _only_begins_sentences(word: str, text: str) -> bool:
    if not text or not re.search(rf"(?<![\w’'-]){re.escape(word.lower())}(?![\w’'-])", text):
        return False
    places = re.finditer(rf"(?<![\w’'-]){re.escape(word)}(?![\w’'-])", text)
    return all(_BEFORE_A_SENTENCE.search(text, max(0, one.start() - 10), one.start()) for one in places)
