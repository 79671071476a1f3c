"""The suggestions that wait, one after the other in the order of their articles, each in its context."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower

from annotations.models import Anchor, Finding, Quote, Verb
from annotations.querysets import QuoteQuerySet
from annotations.rendering import Block, Marked, blocks
from annotations.resizing import Span
from annotations.suggested import PRONOUNS
from annotations.undoing import acts_at, take_back

if TYPE_CHECKING:
    from accounts.models import User

MOST_AT_ONCE = 500
"""Suggestions that are accepted in one transaction."""


def waiting(filters: Mapping[str, Any]) -> Any:
    """Suggestions whose words all stand in the current version: the newest article first, then as they are read."""
    found = Quote.objects.suggested()
    if story := filters.get("story"):
        found = found.filter(article__stories=story)
    if article := filters.get("article"):
        found = found.filter(article=article)
    if tier := filters.get("tier"):
        found = found.filter(finding__tier=tier)
    if kind := filters.get("kind"):
        found = found.filter(kind=kind)
    lost = Anchor.objects.filter(
        quote=OuterRef("pk"), version=OuterRef("article__current_version"), state="orphan"
    )
    return (
        placed(found)
        .filter(place__isnull=False)
        .exclude(Exists(lost))
        .order_by("-day", "-article_id", "place", "id")
    )


def placed(quotes: QuoteQuerySet) -> Any:
    """With what their order goes by: the day of the article, and where they begin in its current version."""
    here = Anchor.objects.placed().filter(quote=OuterRef("pk"), version=OuterRef("article__current_version"))
    return quotes.annotate(
        day=Coalesce("article__published_at", "article__recorded_at"),
        place=Subquery(here.order_by("part").values("start")[:1]),
    )


def following(filters: Mapping[str, Any], after: Any) -> Quote | None:
    """The first that waits; behind the one of the UUID `after`, whatever became of that."""
    found: QuoteQuerySet = waiting(filters)
    last = placed(Quote.objects.filter(uuid=after)).values_list("day", "article_id", "place", "id").first()
    if last:
        day, article, place, pk = last
        place = -1 if place is None else place
        found = found.filter(
            Q(day__lt=day)
            | Q(day=day, article_id__lt=article)
            | Q(day=day, article_id=article, place__gt=place)
            | Q(day=day, article_id=article, place=place, id__gt=pk)
        )
    return found.first()


# One suggestion in its context.


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text and what it is: the words, the cue, the mention, or several of these."""

    text: str
    classes: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: str
    runs: list[Run]


CLASSES = {"words": "mark mark--quote review__words", "cue": "review__cue", "mention": "review__mention"}


def context_of(quote: Quote, spans: Sequence[Span], finding: Finding | None) -> list[Paragraph]:
    """The paragraphs in which the words stand and the one before and after them, with everything marked."""
    version = quote.article.current_version
    assert version is not None
    marked = [Marked("words", "words", "quote", spans)] if spans else []
    if finding is not None and finding.version_id == version.pk:
        for name, span in (("cue", finding.cue_span), ("mention", finding.mention_span)):
            if span:
                marked.append(Marked(name, name, "quote", [span]))
    found = blocks(version.text, version.kinds, marked)
    told = [block.number for block in found if any(piece.notes for piece in block.pieces)]
    if not told:
        return []
    return [_paragraph(block) for block in found[max(0, told[0] - 1) : told[-1] + 2]]


def _paragraph(block: Block[str]) -> Paragraph:
    return Paragraph(
        block.kind,
        [Run(piece.text, " ".join(CLASSES[note.of] for note in piece.notes)) for piece in block.pieces],
    )


def spans_now(quote: Quote) -> list[Span]:
    """Where the words stand in the current version of the article."""
    here = [a for a in quote.anchors.all() if a.version_id == quote.article.current_version_id]
    ordered = sorted(here, key=lambda anchor: anchor.part)
    return [(a.start, a.end) for a in ordered if a.start is not None and a.end is not None]


# Many at once.


@dataclass(frozen=True, slots=True)
class Batch:
    """What accepting all that match would do, said before it is done."""

    quotes: list[Quote]
    waiting: int
    unasked: int
    """Those left out, because who speaks is to be asked, or was found in an earlier version of the text."""
    unnamed: list[str]
    """How the text names the speakers of those that go in without an actor."""

    @property
    def is_cut(self) -> bool:
        return len(self.quotes) + self.unasked < self.waiting

    @property
    def examples(self) -> str:
        return ", ".join(f"“{name}”" for name in dict.fromkeys(self.unnamed[:3]))


def batch(filters: Mapping[str, Any]) -> Batch:
    found = waiting(filters)
    certain = found.alias(said_by_word=Lower("mention")).filter(
        Q(speaker__isnull=False) | (Q(finding__how="none") & ~Q(mention="") & ~Q(said_by_word__in=PRONOUNS)),
        Q(finding__isnull=True) | Q(finding__version=F("article__current_version")),
    )
    quotes = list(
        certain.select_related("speaker__canonical", "article__current_version", "finding")[:MOST_AT_ONCE]
    )
    count = found.count()
    return Batch(quotes, count, count - certain.count(), [q.mention for q in quotes if q.speaker is None])


@transaction.atomic
def accept_all(quotes: Sequence[Quote], *, by: "User", now: dt.datetime) -> None:
    """As drafts, all or none. Raises StaleRevision where another editor was quicker with one of them."""
    for quote in quotes:
        version = quote.article.current_version
        assert version is not None
        quote.accept(version, by=by, revision=quote.revision, now=now)


def accepted_at(by: "User", at: dt.datetime) -> int:
    """How many an editor accepted at one moment, and still could take back."""
    return len(acts_at(by, at, Verb.ACCEPTED))


@transaction.atomic
def undo_all(by: "User", at: dt.datetime, *, now: dt.datetime) -> tuple[int, int]:
    """Take back what was accepted at one moment: how many are suggestions again, and how many stay as changed since."""
    return take_back(acts_at(by, at, Verb.ACCEPTED), by=by, now=now)
