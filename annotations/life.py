"""What became of words from version to version of their article, told from their anchors."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Fate(StrEnum):
    """How the words stand in a run of versions, against the run before."""

    FIRST = "first"
    REWORDED = "reworded"
    SURROUNDED = "surrounded"
    """The same words; what stands beside them and tells who speaks, or denies it, is another."""
    REMOVED = "removed"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Standing:
    """The words in one version, nothing where they do not stand; and whether their anchor was marked as changed."""

    version: int
    words: str | None
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Spell:
    """A run of versions, from `first` to `last`, in which the words stayed as they were; nothing: they were absent."""

    first: int
    last: int
    words: str | None
    fate: Fate

    @property
    def versions(self) -> str:
        """The versions in words: "version 2", "versions 1–3"."""
        return f"version {self.first}" if self.first == self.last else f"versions {self.first}–{self.last}"


def same_words(one: str, other: str) -> bool:
    """Whether two texts have the same words, whatever their quotation marks, dashes, commas and capitals."""
    return _words(one) == _words(other)


def _words(text: str) -> list[str]:
    return [word.replace("’", "'").casefold() for word in _WORD.findall(text)]


def spells(standings: Iterable[Standing]) -> list[Spell]:
    """The life of words, from one Standing a version in order. Versions before the first that has them are left out.

    The words of a spell are those of its first version.
    """
    found: list[Spell] = []
    last: Standing | None = None
    for now in standings:
        if last is None and now.words is None:
            continue
        fate = _fate(last, now)
        if fate is None:
            found[-1] = replace(found[-1], last=now.version)
        else:
            found.append(Spell(now.version, now.version, now.words, fate))
        last = now
    return found


def _fate(before: Standing | None, now: Standing) -> Fate | None:
    if before is None:
        return Fate.FIRST
    if before.words is None or now.words is None:
        return None if before.words is now.words else Fate.REMOVED if now.words is None else Fate.BACK
    if not same_words(before.words, now.words):
        return Fate.REWORDED
    return Fate.SURROUNDED if now.changed and not before.changed else None


def changed_since(life: Sequence[Spell], version: int) -> Spell | None:
    """How the words stand now, if that is otherwise than in the given version; None when it is the same."""
    read = next((n for n, spell in enumerate(life) if spell.first <= version <= spell.last), None)
    if read is None or read == len(life) - 1:
        return None
    now, then = life[-1], life[read].words
    if now.words is None or then is None or not same_words(now.words, then):
        return now
    return next((spell for spell in life[read + 1 :] if spell.fate is Fate.SURROUNDED), None)


def between(life: Sequence[Spell], one: int, other: int) -> Fate | None:
    """What became of words from one version to a later one; None where they are the same, or in neither.

    Words that no version before has are back, or for the first time there: FIRST.
    """
    before, after = at(life, one), at(life, other)
    if before is None and after is None:
        return None
    if after is None:
        return Fate.REMOVED
    if before is None:
        return Fate.BACK if life and life[0].first <= one else Fate.FIRST
    if not same_words(before, after):
        return Fate.REWORDED
    is_other_around = any(s.fate is Fate.SURROUNDED and one < s.first <= other for s in life)
    return Fate.SURROUNDED if is_other_around else None


def at(life: Sequence[Spell], version: int) -> str | None:
    """The words as a version has them."""
    return next((spell.words for spell in life if spell.first <= version <= spell.last), None)
