# ruff: noqa: E501
"""Who is meant by a mention, as far as the article itself tells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from annotations.suggesting.found import Span
from annotations.suggesting.layout import Layout
from annotations.suggesting.suggestion import How, Resolved

_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Mx|Miss|Dr|Sir|Lord|Lady|Dame|Prof|Sen|Rep|Gov|Gen)\.?[ \u00a0])?"
    r"[A-Z][\w’'\-]*(?:[ \u00a0](?:[A-Z]\.(?:[A-Z]\.)?[ \u00a0])?(?:(?:de|van|von|der|den|bin|al|el|da|di|du|la|le)[ \u00a0])*[A-Z][\w’'\-]*)*"
)
_TITLE = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Mx|Miss|Dr|Sir|Lord|Lady|Dame|Prof|Professor|Sen|Senator|Rep|Gov|Governor|Gen|General|"
    r"Congressman|Congresswoman|Justice|Judge|Former|The|But|And|For|When|In|On|At|As|If)\.?[ \u00a0])+"
)
_POSSESSIVE = re.compile(r"[’']s$|(?<=s)[’']$")
_WOMAN = re.compile(
    r"\b(?:Mrs|Ms|Miss|Lady|Dame|she|her|herself|woman|wife|mother|daughter|queen|sister|congresswoman|spokeswoman|"
    r"chairwoman|actress|girl|widow|first lady)\b",
    re.IGNORECASE,
)
_MAN = re.compile(
    r"\b(?:Mr|Sir|Lord|he|his|him|himself|man|husband|father|son|king|brother|congressman|spokesman|chairman|actor|"
    r"boy|widower)\b",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "his",
        "her",
        "its",
        "their",
        "our",
        "my",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "about",
        "of",
        "to",
        "and",
        "but",
        "or",
        "yet",
        "so",
        "if",
        "when",
        "while",
        "as",
        "although",
        "though",
        "since",
        "because",
        "after",
        "before",
        "what",
        "who",
        "how",
        "why",
        "where",
        "which",
        "there",
        "here",
        "he",
        "she",
        "they",
        "it",
        "we",
        "i",
        "you",
        "not",
        "no",
        "yes",
        "then",
        "now",
        "also",
        "still",
        "even",
        "just",
        "only",
        "some",
        "many",
        "most",
        "all",
        "both",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "today",
        "yesterday",
        "according",
        "asked",
        "speaking",
        "last",
        "next",
        "earlier",
        "later",
        "meanwhile",
        "however",
        "democrats",
        "republicans",
    ]
)
_ROLES = frozenset(
    [
        "secretary",
        "minister",
        "president",
        "chancellor",
        "premier",
        "governor",
        "senator",
        "mayor",
        "ambassador",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "chairman",
        "chairwoman",
        "chair",
        "director",
        "chief",
        "executive",
        "officer",
        "leader",
        "head",
        "professor",
        "commissioner",
        "general",
        "admiral",
        "commander",
        "judge",
        "justice",
        "attorney",
        "lawyer",
        "analyst",
        "economist",
        "strategist",
        "adviser",
        "advisor",
        "aide",
        "candidate",
        "nominee",
        "congressman",
        "congresswoman",
        "representative",
        "speaker",
        "king",
        "queen",
        "prince",
        "princess",
        "pope",
        "bishop",
        "archbishop",
        "founder",
        "editor",
        "author",
        "manager",
        "coach",
        "deputy",
        "vice",
        "councillor",
        "lawmaker",
        "pollster",
        "historian",
        "doctor",
        "activist",
    ]
)


@dataclass(frozen=True, slots=True)
class _Name:
    full: str
    last: str
    span: Span


class People:
    """The names in an article."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.names: list[_Name] = []
        for match in _NAME.finditer(layout.text):
            start, end = match.span()
            bare = _TITLE.sub("", match[0], count=1) if _TITLE.match(match[0]) else match[0]
            start = end - len(bare)
            bare = _POSSESSIVE.sub("", bare)
            words = bare.split()
            while words and words[0].lower() in _NO_NAMES:
                bare = bare[len(words[0]) :].lstrip()
                start = end - len(_POSSESSIVE.sub("", layout.text[start:end]))
                start = layout.text.index(bare, match.start()) if bare else start
                words = words[1:]
            if words:
                self.names.append(_Name(" ".join(words), words[-1], (start, start + len(bare))))
        self.by_last: dict[str, list[_Name]] = {}
        for name in self.names:
            if " " in name.full:
                self.by_last.setdefault(name.last, []).append(name)
        self._gender: dict[str, str] = {}

    def resolve(self, mention: str, span: Span | None, earlier: Sequence[tuple[Span, Resolved]]) -> Resolved:
        """Who a mention means; `earlier` are the speakers that were resolved before, in order."""
        if span is None or not mention:
            return Resolved("", None, How.NONE, "The text names no speaker here.")
        if mention.lower() in ("he", "she"):
            return self._pronoun(mention.lower(), span, earlier)
        if mention.lower() in ("they", "it", "we", "i", "you", "who", "which", "that"):
            if mention.lower() in ("who", "which", "that"):
                return self._relative(mention, span)
            return Resolved("", None, How.NONE, f"“{mention}” may stand for several.")
        inside = [n for n in self.names if span[0] <= n.span[0] and n.span[1] <= span[1]]
        people = [n for n in inside if " " in n.full] or inside
        for name in people:
            if " " in name.full:
                return Resolved(name.full, name.span, How.NAME, f"Named in full: {name.full}.")
        for name in people:
            full = self._full(name)
            if full:
                return Resolved(
                    full.full,
                    full.span,
                    How.SURNAME,
                    f"“{name.full}” is {full.full} elsewhere in the article.",
                )
        role = self._role(mention, span)
        if role:
            return role
        if people:
            return Resolved(people[0].full, people[0].span, How.NAME, f"Named: {people[0].full}.")
        return Resolved("", None, How.NONE, "The article names nobody for this mention.")

    def _full(self, name: _Name) -> _Name | None:
        """The full name that ends as this one: the first in the article."""
        found = self.by_last.get(name.last)
        if not found:
            return None
        return found[0]

    def _role(self, mention: str, span: Span) -> Resolved | None:
        """The holder of "the foreign secretary", where the article joins the role with a name."""
        words = [w for w in re.findall(r"[\w’'\-]+", mention.lower()) if w not in _NO_NAMES]
        if not words or not any(w in _ROLES for w in words):
            return None
        role = r"[ \u00a0]".join(map(re.escape, words[-3:]))
        text = self.layout.text
        for match in re.finditer(rf"\b{role}\b,?[ \u00a0](?:[A-Z]\.[ \u00a0])?", text, re.IGNORECASE):
            for name in self.names:
                if abs(name.span[0] - match.end()) <= 1 and " " in name.full:
                    return Resolved(name.full, name.span, How.ROLE, f"The article calls {name.full} that.")
                if (
                    name.span[0] <= match.start() and match.end() <= name.span[1]
                ):  # "Foreign Secretary Jeremy Hunt"
                    rest = text[match.end() : name.span[1]]
                    if rest.strip() and " " in rest.strip():
                        place = (match.end(), name.span[1])
                        return Resolved(
                            rest.strip(), place, How.ROLE, f"The article calls {rest.strip()} that."
                        )
        for match in re.finditer(
            rf",[ \u00a0](?:the|a|an|its|their)[ \u00a0](?:\w+[ \u00a0]){{0,2}}?{role}\b", text, re.IGNORECASE
        ):
            for name in self.names:
                if abs(name.span[1] - match.start()) <= 1 and " " in name.full:
                    return Resolved(name.full, name.span, How.ROLE, f"The article calls {name.full} that.")
        return None

    def _relative(self, mention: str, span: Span) -> Resolved:
        before = [n for n in self.names if n.span[1] <= span[0] and span[0] - n.span[1] < 120]
        if before:
            name = self._full(before[-1]) or before[-1]
            return Resolved(name.full, name.span, How.PRONOUN, f"“{mention}” follows {name.full}.")
        return Resolved("", None, How.NONE, f"“{mention}” follows no name.")

    def _pronoun(self, pronoun: str, span: Span, earlier: Sequence[tuple[Span, Resolved]]) -> Resolved:
        """The nearest fitting name: who spoke last in the paragraph or the one before, else the nearest subject."""
        paragraph = (
            self.layout.sentences[self.layout.sentence_at(span[0])].paragraph if self.layout.sentences else 0
        )
        for place, resolved in reversed(earlier):
            there = self.layout.sentences[self.layout.sentence_at(place[0])].paragraph
            if (
                place[0] < span[0]
                and paragraph - there <= 1
                and resolved.name
                and self._fits(resolved.name, pronoun)
            ):
                return Resolved(
                    resolved.name,
                    resolved.mention,
                    How.PRONOUN,
                    f"“{pronoun}” is probably {resolved.name}, who spoke just before.",
                )
        for name in reversed([n for n in self.names if n.span[1] <= span[0] and span[0] - n.span[1] < 1500]):
            if self.layout.region_at(name.span[0]):
                continue
            full = self._full(name) or name
            known = full.full
            if self._gender_of(known) in (pronoun, "") and (" " in known) and self._gender_of(known):
                return Resolved(
                    known,
                    full.span,
                    How.PRONOUN,
                    f"“{pronoun}” is probably {known}, the nearest name that fits.",
                )
        return Resolved("", None, How.NONE, f"The article does not tell plainly who “{pronoun}” is.")

    def _fits(self, name: str, pronoun: str) -> bool:
        return self._gender_of(name) in (pronoun, "")

    def _gender_of(self, name: str) -> str:
        """ "he" or "she", as the words beside the name have it; empty where they don't tell."""
        if name not in self._gender:
            last = name.rsplit(maxsplit=1)[-1]
            text = self.layout.text
            women = men = 0
            for n in self.names:
                if n.last != last:
                    continue
                before = text[max(0, n.span[0] - 14) : n.span[0]]
                after = text[n.span[1] : n.span[1] + 60].split("\n")[0]
                women += 3 * bool(re.search(r"\b(?:Mrs|Ms|Miss|Lady|Dame)\.?\s$", before)) + bool(
                    _WOMAN.search(after)
                )
                men += 3 * bool(re.search(r"\b(?:Mr|Sir|Lord)\.?\s$", before)) + bool(_MAN.search(after))
            self._gender[name] = "she" if women > men else "he" if men > women else ""
        return self._gender[name]
