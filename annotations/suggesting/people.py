"""Who is meant by a mention, as far as the article itself tells."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from annotations.speakers import is_name
from annotations.suggesting.found import Span
from annotations.suggesting.layout import Layout
from annotations.suggesting.suggestion import How, Resolved


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SPACE = "[ \u00a0]"
_NAME = re.compile(
    rf"[A-Z][\w’'\-]*\.?(?:{_SPACE}(?:[A-Z]\.{_SPACE}?)*"
    rf"(?:(?:de|van|von|der|den|bin|al|el|da|di|du|la|le){_SPACE})*[A-Z][\w’'\-]*)*"
)
_WORD = re.compile(r"[\w’'\-]+")
_POSSESSIVE = re.compile(r"[’']s$|(?<=s)[’']$")
_TITLES = _set(
    "mr mrs ms mx miss dr sir lord lady dame prof professor sen rep gov gen sgt lt col capt rev fr st"
)
_ROLES = _set("""
    secretary minister president chancellor premier governor senator mayor ambassador spokesman spokeswoman
    spokesperson chairman chairwoman chair director chief executive officer leader head professor commissioner general
    admiral commander judge justice attorney lawyer analyst economist strategist adviser advisor aide candidate
    nominee congressman congresswoman representative speaker king queen prince princess pope bishop archbishop founder
    editor author manager coach deputy vice councillor lawmaker pollster historian activist reporter
""")
_NO_NAMES = _set("""
    a an the this that these those his her its their our my in on at by for from with about of to and but or yet so
    if when while as although though since because after before what who how why where which there here he she they it
    we i you not no yes then now also still even just only some many most all both one two three four five six seven
    eight nine ten monday tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december today yesterday according asked speaking last next earlier later
    meanwhile however former ex foreign
""")
_BODIES = _set("""
    council committee party ministry department office university college school institute institution company group
    corporation inc ltd plc bank agency association union federation foundation court house senate congress parliament
    commission board service police army navy government administration campaign international mail times post news
    national united states kingdom states nations street center centre hall
""")
_WOMAN = re.compile(
    r"\b(?:she|her|herself|woman|wife|mother|daughter|queen|sister|congresswoman|spokeswoman|chairwoman|actress|widow)\b",
    re.IGNORECASE,
)
_MAN = re.compile(
    r"\b(?:he|his|him|himself|man|husband|father|son|king|brother|congressman|spokesman|chairman|widower)\b",
    re.IGNORECASE,
)
_MRS = re.compile(rf"\b(?:Mrs|Ms|Miss|Lady|Dame)\.?{_SPACE}$")
_MR = re.compile(rf"\b(?:Mr|Sir|Lord)\.?{_SPACE}$")
_RELATIVE = ("who", "which", "that")
_SEVERAL = ("they", "it", "we", "i", "you", "some", "many", "others", "one", "both")
_NEAR = 1500
"""How far back, in code points, a pronoun's name is looked for."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name without titles and roles, and its place."""

    text: str
    start: int
    end: int

    @property
    def last(self) -> str:
        return self.text.rsplit(maxsplit=1)[-1]

    @property
    def is_full(self) -> bool:
        return " " in self.text and not _BODIES & {word.lower() for word in self.text.split()}


class People:
    """The names in an article."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._names = list(_names(layout.text))
        self._starts = [name.start for name in self._names]
        self._full: dict[str, Name] = {}
        for name in self._names:
            if name.is_full:
                self._full.setdefault(name.last, name)
        self._by_last: dict[str, list[Name]] = {}
        for name in self._names:
            self._by_last.setdefault(name.last, []).append(name)
        self._pronouns: dict[str, str] = {}
        self._holders: dict[str, Name | None] = {}

    def resolve(self, mention: str, span: Span | None, earlier: Sequence[tuple[Span, Resolved]]) -> Resolved:
        """Who a mention means; `earlier` are the speakers that were resolved before it, in order."""
        if span is None:
            return _nobody("The text names no speaker here.")
        lower = mention.lower()
        if lower in ("he", "she"):
            return self._of_pronoun(lower, span, earlier)
        if lower in _RELATIVE:
            return self._before_relative(lower, span)
        if lower in _SEVERAL:
            return _nobody(f"“{mention}” may stand for several.")
        inside = self._names[bisect_left(self._starts, span[0]) : bisect_left(self._starts, span[1])]
        for name in sorted(inside, key=lambda name: not name.is_full):
            if name.is_full:
                return _resolved(name, How.NAME, f"Named in full: {name.text}.")
            if full := self._full.get(name.last):
                return _resolved(full, How.SURNAME, f"“{name.text}” is {full.text} elsewhere in the article.")
        if role := self._of_role(mention):
            return role
        if inside and is_name(inside[-1].text, mention, self._layout.text):
            return _resolved(inside[-1], How.NAME, f"Named: {inside[-1].text}.")
        if not inside and is_name(mention):
            return Resolved(mention, span, How.NAME, f"Named: {mention}.")
        return _nobody("The article gives no name for this mention.")

    def _of_role(self, mention: str) -> Resolved | None:
        """The holder of "the foreign secretary", where the article joins the role with a name."""
        words = [
            word for word in _WORD.findall(mention.lower()) if word not in _NO_NAMES or word == "foreign"
        ]
        if not _ROLES & set(words):
            return None
        role = " ".join(words[-3:])
        if role not in self._holders:
            self._holders[role] = self._holder(words[-3:])
        name = self._holders[role]
        return _resolved(name, How.ROLE, f"The article calls {name.text} that.") if name else None

    def _holder(self, words: Sequence[str]) -> Name | None:
        """The first name that stands directly after the words of a role, or before them and a comma."""
        role = _SPACE.join(map(re.escape, words))
        text = self._layout.text
        before = re.compile(rf"\b{role},?{_SPACE}$", re.IGNORECASE)
        after = re.compile(
            rf",{_SPACE}(?:(?:the|a|an|its|their|his|her){_SPACE})?(?:\w+{_SPACE}){{0,2}}{role}\b",
            re.IGNORECASE,
        )
        for name in self._names:
            if name.is_full and (
                before.search(text, max(0, name.start - 80), name.start) or after.match(text, name.end)
            ):
                return name
        return None

    def _before_relative(self, word: str, span: Span) -> Resolved:
        number = bisect_left(self._starts, span[0]) - 1
        name = self._names[number] if number >= 0 else None
        if name is None or span[0] - name.end > 120:
            return _nobody(f"“{word}” follows no name.")
        full = self._full.get(name.last, name)
        return _resolved(full, How.PRONOUN, f"“{word}” follows {full.text}.")

    def _of_pronoun(self, pronoun: str, span: Span, earlier: Sequence[tuple[Span, Resolved]]) -> Resolved:
        """The nearest fitting name: who spoke last here or a paragraph before, else the nearest person named."""
        here = self._layout.paragraph_at(span[0])
        for place, resolved in reversed(earlier):
            if here - self._layout.paragraph_at(place[0]) > 1:
                break
            fits = resolved.name and self._pronoun_of(resolved.name) in (pronoun, "")
            if place[0] < span[0] and fits:
                reason = f"“{pronoun}” is probably {resolved.name}, who spoke just before."
                return Resolved(resolved.name, resolved.mention, How.PRONOUN, reason)
        near = bisect_left(self._starts, span[0] - _NEAR), bisect_left(self._starts, span[0])
        for name in reversed(self._names[slice(*near)]):
            full = self._full.get(name.last)
            if full and not self._layout.region_at(name.start) and self._pronoun_of(full.text) == pronoun:
                reason = f"“{pronoun}” is probably {full.text}, the nearest name that fits."
                return _resolved(full, How.PRONOUN, reason)
        return _nobody(f"The article does not tell plainly who “{pronoun}” is.")

    def _pronoun_of(self, name: str) -> str:
        """ "he" or "she", as the words beside the name have it; empty where they don't tell."""
        last = name.rsplit(maxsplit=1)[-1]
        if last not in self._pronouns:
            text = self._layout.text
            women = men = 0
            for one in self._by_last.get(last, []):
                before = text[max(0, one.start - 14) : one.start]
                after = text[one.end : one.end + 60].split("\n")[0]
                women += 3 * bool(_MRS.search(before)) + bool(_WOMAN.search(after))
                men += 3 * bool(_MR.search(before)) + bool(_MAN.search(after))
            self._pronouns[last] = "she" if women > men else "he" if men > women else ""
        return self._pronouns[last]


def _resolved(name: Name, how: How, reason: str) -> Resolved:
    return Resolved(name.text, (name.start, name.end), how, reason)


def _nobody(reason: str) -> Resolved:
    return Resolved("", None, How.NONE, reason)


def _names(text: str) -> list[Name]:
    """Runs of words with capitals, without the titles and roles before them, and without possessives."""
    found = []
    for match in _NAME.finditer(text):
        words = [(word[0], match.start() + word.start()) for word in re.finditer(r"[^\s\u00a0]+", match[0])]
        first = 0
        for number, (word, _) in enumerate(words):
            if word.rstrip(".").lower() in _ROLES | _TITLES:
                first = number + 1
        while first < len(words) and words[first][0].lower() in _NO_NAMES:
            first += 1
        if first < len(words) and re.search(rf"\b(?:of|for){_SPACE}$", text[: words[0][1]][-5:]):
            begins = text[: words[0][1]][-30:].split()
            if len(begins) > 1 and begins[-2].lower() in _ROLES and len(words) - first > 2:
                first += 1  # "Secretary of State Mike Pompeo"
        if first >= len(words):
            continue
        start = words[first][1]
        bare = _POSSESSIVE.sub("", text[start : match.end()].rstrip("."))
        if bare:
            found.append(Name(" ".join(bare.split()), start, start + len(bare)))
    return found
