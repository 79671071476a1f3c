"""What the engine suggests, and how sure it may be of it."""

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from annotations.suggesting.found import Span


class Kind(StrEnum):
    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


class Basis(StrEnum):
    """Where the words come from, as the article tells it."""

    ON_RECORD = "on-the-record"
    ANONYMOUS = "anonymous"
    LEAK = "leak"
    DOCUMENT = "document"


class How(StrEnum):
    """How a mention was resolved to a name."""

    NAME = "name"
    SURNAME = "surname"
    ROLE = "role"
    PRONOUN = "pronoun"
    NONE = "none"


class Tier(IntEnum):
    """How often suggestions of a sort are right, words and speaker: the first are best.

    The order follows the measured precision; docs/suggestions.md has the figures.
    """

    QUOTED = 1
    """In quotation marks, with a common verb of saying that has its subject beside it."""
    SAID = 2
    """A clause, partly in quotation marks or not at all, with such a verb and subject; "according to"."""
    ATTRIBUTED = 3
    """Another verb of saying, or a noun, or a subject that stands further off."""
    LOOSE = 4
    """What a verb is about, asks for or promises; thoughts; nobody named."""
    BARE = 5
    """In quotation marks without an attribution: only the words are offered."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who a mention means within the article."""

    name: str
    """The full name as the article has it; empty where none was found."""
    mention: Span | None
    """Where the article gives that name."""
    how: How
    reason: str
    """Why, in words for the editor."""


@dataclass(frozen=True, slots=True)
class Said:
    """When it was said: words of the article, and the days that they mean; None while the article is undated."""

    expression: str
    span: Span
    earliest: dt.date | None
    latest: dt.date | None


@dataclass(frozen=True, slots=True)
class Source:
    """An outlet or body through which the words came: "according to the BBC"."""

    name: str
    mention: Span


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A quote that the article seems to carry. Spans are code points, end exclusive."""

    spans: tuple[Span, ...]
    """The parts of the content, in order, not overlapping."""
    kind: Kind
    cue: str
    """The words that attribute, as they stand; empty for a bare quotation."""
    cue_span: Span | None
    mention: str
    """How the text names the speaker; empty where it doesn't."""
    mention_span: Span | None
    speaker: Resolved
    said: Said | None
    relay: Source | None
    basis: Basis
    tier: Tier
    reason: str
    """Why it is suggested, in words for the editor."""
