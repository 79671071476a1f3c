"""What leaves the page, as plain data. Addresses are whole; texts are plain and not escaped for any format."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Agent:
    """Who speaks: `kind` is person, organisation, government or other; `wikidata` an identifier such as Q80976.

    `address` is empty for an actor that readers know by name only.
    """

    name: str
    kind: str
    address: str = ""
    slug: str = ""
    wikidata: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Publisher:
    """An outlet; `domain` is empty where it is not known."""

    name: str
    domain: str = ""

    @property
    def address(self) -> str:
        return f"https://{self.domain}/" if self.domain else ""


@dataclass(frozen=True, slots=True)
class Source:
    """An article as our page shows it, and where it was published: `original` and `archived`, empty if unknown."""

    address: str
    headline: str
    publisher: Publisher
    byline: str = ""
    language: str = ""
    published_at: dt.datetime | None = None
    published_on: dt.date | None = None
    section: str = ""
    original: str = ""
    archived: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Words in a version's text: offsets in code points, end exclusive, and up to 32 of them on either side."""

    start: int
    end: int
    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Parts of one version of an article. `page` shows it with its annotations, `plain` is its text and no more."""

    source: Source
    version: int
    recorded_at: dt.datetime
    page: str
    plain: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Proposition:
    """A claim of a story, as a full sentence."""

    address: str
    slug: str
    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a quote stands on a claim."""

    claim: Proposition
    position: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """Days between which something was, ends included, and the words in the text that say so. Nothing: unknown."""

    earliest: dt.date | None = None
    latest: dt.date | None = None
    expression: str = ""
    in_words: str = ""

    @property
    def interval(self) -> str:
        """As ISO 8601 writes it: a day, or two with a slash; ".." where one is open; empty if both are."""
        if self.earliest is None and self.latest is None:
            return ""
        if self.earliest == self.latest:
            return str(self.earliest)
        return f"{self.earliest or '..'}/{self.latest or '..'}"


@dataclass(frozen=True, slots=True)
class Statement:
    """A published quote. `address` is its page for good; `speaker` is None where the article names none."""

    uuid: UUID
    address: str
    words: str
    found: Words
    speaker: Agent | None
    speaker_name: str
    mention: str
    role: str
    organisation: str
    kind: str
    cue: str
    basis: str
    said: Days
    relayed_by: str
    taken: tuple[Taken, ...]
    utterance: int | None
    published_at: dt.datetime
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """A published event, with the words that show it; `source` is the address of another, or empty."""

    uuid: UUID
    address: str
    title: str
    place: str
    when: Days
    evidence: tuple[Words, ...]
    source: str
    published_at: dt.datetime
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A story: its page, and when readers last got something new."""

    address: str
    slug: str
    title: str
    summary: str
    changed_at: dt.datetime
