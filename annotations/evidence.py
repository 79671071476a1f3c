"""What shows that an event took place: words of articles, piece by piece; and what those words tell of its date."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self

from annotations import dates
from annotations.anchoring import Operation, word_diff
from annotations.models import Anchor, Event
from annotations.resizing import Span
from articles.models import Article, Version
from articles.text import sentences

AROUND = 400
"""Code points on either side of an expression in which verbs tell whether it lies ahead."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one article, as an editor chose them, and what has become of them in its newest version.

    `now` are the newest version's words where it has others; `state` is the anchor's there.
    """

    article: Article
    part: int
    words: str
    now: str
    state: str

    @property
    def is_changed(self) -> bool:
        return self.state == Anchor.State.CHANGED

    @property
    def is_orphan(self) -> bool:
        return self.state == Anchor.State.ORPHAN

    @property
    def diff(self) -> list[tuple[Operation, str]]:
        """How the newest version's words differ from those that were chosen; nothing where they do not."""
        return word_diff(self.words, self.now) if self.now else []


def pieces(event: Event) -> list[Piece]:
    """An event's evidence. Needs the event as `with_evidence` loads it."""
    found = []
    for (_, part), group in groupby(event.anchors.all(), key=lambda a: (a.version.article_id, a.part)):
        anchors = list(group)
        newest = anchors[-1]
        kept = [a for a in anchors if a.state in {Anchor.State.EXACT, Anchor.State.MOVED}]
        best = kept[-1] if kept else newest
        now = newest.exact if newest.state != Anchor.State.ORPHAN and newest.exact != best.exact else ""
        found.append(Piece(newest.version.article, part, best.exact, now, newest.state))
    return found


@dataclass(frozen=True, slots=True)
class Changed:
    """An event with those of its pieces that an outlet has changed or removed."""

    event: Event
    pieces: list[Piece]

    @classmethod
    def of(cls, event: Event) -> Self:
        """Needs the event as `with_evidence` loads it."""
        return cls(event, [piece for piece in pieces(event) if piece.is_changed or piece.is_orphan])

    @property
    def can_stand(self) -> bool:
        return any(piece.is_changed for piece in self.pieces)


def in_article(article: Article) -> list[Event]:
    """The live events for which words of the article are evidence, by date."""
    events = Event.objects.filter(anchors__version__article=article).live()
    return list(Event.objects.filter(pk__in=events.values("pk")).select_related("story").by_date())


# When it was.


def dated_by(article: Article, version: Version, spans: Sequence[Span]) -> dict[str, str]:
    """Values for the form's dates from the first expression of time in the words, else in their sentence."""
    text = version.text
    around = [
        (s.start, s.end)
        for s in sentences(text)
        if any(s.start < end and start < s.end for start, end in spans)
    ]
    for start, end in (*spans, *around):
        for found in dates.find(text[start:end]):
            begin, finish = start + found.start, start + found.end
            before, after = text[max(begin - AROUND, 0) : begin], text[finish : finish + AROUND]
            return {
                "when_expression": found.text,
                **days_of(found.text, article, before=before, after=after),
            }
    return {}


def days_of(expression: str, article: Article, *, before: str = "", after: str = "") -> dict[str, str]:
    """The days that words for a date mean in an article; nothing where they mean none, or lean on an unknown day."""
    meant = dates.resolve(expression, article.published_on, before=before, after=after)
    if meant is None or meant.earliest is None or meant.latest is None:
        return {}
    return {"when_earliest": meant.earliest.isoformat(), "when_latest": meant.latest.isoformat()}
