"""A story's timeline: what happened, what was said and what was published, in dated sections.

The day on which something was said or happened is never mixed with the day on which it was published. What no text
dates stands in a section of its own at the end.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext

from annotations import telling
from annotations.life import Spell
from annotations.models import Anchor, Event, Quote, Stance
from annotations.querysets import EventQuerySet, QuoteQuerySet
from annotations.rendering import web_address
from annotations.telling import Phrase
from articles.models import Article, Story
from articles.querysets import ArticleQuerySet

UNNAMED = "_unnamed"
"""Stands for the speakers whom the articles do not name, where others have their slug; no slug looks so."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What of a timeline is wanted: slugs of actors (or UNNAMED), claims and outlets, positions, and days.

    Empty means any. An actor, a claim or a position leaves only quotes; an outlet leaves what it published and what
    its articles are evidence of; days leave what may have been on one of them.
    """

    actors: Sequence[str] = ()
    claims: Sequence[str] = ()
    positions: Sequence[str] = ()
    outlets: Sequence[str] = ()
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def only_quotes(self) -> bool:
        return bool(self.actors or self.claims or self.positions)


@dataclass(frozen=True, slots=True)
class When:
    """Days between which something was, ends included, and what they rest on.

    That is the expression in a text, and the day on which its article was published; an article may be undated.
    `language` and `direction` are those of the expression.
    """

    earliest: dt.date | None = None
    latest: dt.date | None = None
    expression: str = ""
    written: dt.date | None = None
    in_undated: bool = False
    language: str = field(default="", compare=False)
    direction: str = field(default="", compare=False)

    @property
    def is_known(self) -> bool:
        return self.earliest is not None or self.latest is not None

    @property
    def is_exact(self) -> bool:
        return self.is_known and self.earliest == self.latest

    @property
    def days(self) -> str:
        """The days written out: "8 May 2019", "22–28 April 2019", "on or before 1 May 2019"; empty if unknown."""
        if not self.is_known:
            return ""
        if self.earliest is None:
            assert self.latest is not None
            return gettext("on or before %(day)s") % {"day": telling.day(self.latest)}
        if self.latest is None:
            return gettext("on or after %(day)s") % {"day": telling.day(self.earliest)}
        return telling.days(self.earliest, self.latest)

    @property
    def reason(self) -> Phrase | None:
        """What the date rests on: “last week” in the article of 1 May. The expression is apart."""
        if not self.expression:
            return None
        near = self.earliest or self.latest
        return telling.reason(self.expression, self.written, near=near, in_undated=self.in_undated)

    @property
    def section(self) -> "When":
        """What decides the section: the reason only where the date is uncertain."""
        if not self.is_known:
            return UNDATED
        return When(self.earliest, self.latest) if self.is_exact else self

    @property
    def order(self) -> tuple[Any, ...]:
        """By the first day, exact days before intervals that begin with them, the undated last."""
        first, last = self.earliest or self.latest, self.latest or dt.date.max
        return (
            not self.is_known,
            first or dt.date.max,
            not self.is_exact,
            last,
            self.expression,
            self.written or dt.date.min,
        )


UNDATED = When()


class Kind(IntEnum):
    """What an entry is about, in the order of a day: it happens, is spoken of, is published."""

    EVENT = 0
    QUOTE = 1
    PUBLICATION = 2


@dataclass(frozen=True, slots=True)
class Place:
    """An entry's place in the timeline, before anything else of it is loaded."""

    order: tuple[Any, ...]
    kind: Kind
    pk: int
    uuid: UUID | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """An outlet published an article."""

    article: Article
    address: str
    kind: str = "publication"


@dataclass(frozen=True, slots=True)
class Said:
    """A speaker said something; `address` leads to the very words."""

    quote: Quote
    when: When
    address: str
    changed: Spell | None
    kind: str = "quote"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of an article that show that an event took place."""

    article: Article
    words: str
    address: str
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, with its evidence: words of articles, the address of a source, or both."""

    event: Event
    when: When
    evidence: list[Evidence]
    source: str
    kind: str = "event"


type Entry = Publication | Said | Happened


@dataclass(frozen=True, slots=True)
class Section:
    """A day, an interval or the undated, and what belongs there."""

    when: When
    entries: list[Entry]


def address(story: Story, **filters: str | list[str]) -> str:
    """Where a story's timeline stands with filters on, by the names of its form: actor, claim, stance, outlet."""
    return f"{story.get_absolute_url()}?{urlencode(filters, doseq=True)}#timeline"


def places(story: Story, filters: Filters) -> list[Place]:
    """Where the entries that the filters leave stand, in the timeline's order."""
    found = list(_places_of_quotes(_quotes(story, filters)))
    if not filters.only_quotes:
        found += _places_of_events(_events(story, filters))
        found += _places_of_publications(_articles(story, filters), filters)
    return sorted(found, key=lambda place: place.order)


def count(story: Story) -> int:
    """How many entries the whole timeline has."""
    everything = Filters()
    sources = (_quotes, _events, _articles)
    return sum(source(story, everything).count() for source in sources)


def sections(story: Story, chosen: Sequence[Place]) -> list[Section]:
    """The entries at some places, loaded, in dated sections. The places must be in the timeline's order."""
    wanted: dict[Kind, list[int]] = {kind: [] for kind in Kind}
    for place in chosen:
        wanted[place.kind].append(place.pk)
    entries: dict[tuple[Kind, int], tuple[When, Entry]] = {}
    for quote in Quote.objects.for_readers(story).filter(pk__in=wanted[Kind.QUOTE]):
        said = when_said(quote)
        entries[Kind.QUOTE, quote.pk] = (
            said,
            Said(quote, said, quote.address_in(story), quote.changed_since_read()),
        )
    for event in Event.objects.for_readers().filter(pk__in=wanted[Kind.EVENT]):
        shown = evidence_of(event)
        when = when_happened(event, shown)
        entries[Kind.EVENT, event.pk] = (when, Happened(event, when, shown, web_address(event.source_url)))
    articles = Article.objects.filter(pk__in=wanted[Kind.PUBLICATION]).with_outlet()
    for article in articles.defer("search", "notes", "author_bio", "image_caption"):
        day = article.published_on
        address = reverse("article", args=[story.slug, article.pk])
        entries[Kind.PUBLICATION, article.pk] = (When(day, day), Publication(article, address))
    loaded = [entries[place.kind, place.pk] for place in chosen if (place.kind, place.pk) in entries]
    return [
        Section(when, [entry for _, entry in group])
        for when, group in groupby(loaded, key=lambda pair: pair[0].section)
    ]


def when_said(quote: Quote) -> When:
    """When a quote was said. Needs the article's outlet, for the day on which it was published."""
    return _when(quote.said_earliest, quote.said_latest, quote.said_expression, quote.article)


def evidence_of(event: Event) -> list[Evidence]:
    """An event's evidence, piece by piece, each in the newest version that has the words as an editor chose them.

    Needs the event as `for_readers` loads it.
    """
    found = []
    pieces = groupby(event.anchors.all(), key=lambda anchor: (anchor.version.article_id, anchor.part))
    for _, group in pieces:
        anchors = [anchor for anchor in group if anchor.state != Anchor.State.ORPHAN]
        unchanged = [anchor for anchor in anchors if anchor.state != Anchor.State.CHANGED]
        if anchors:
            best = (unchanged or anchors)[-1]
            article = best.version.article
            page = reverse("article", args=[event.story.slug, article.pk])
            address = f"{page}?version={best.version.number}#event-{event.uuid}"
            found.append(Evidence(article, best.exact, address, best))
    return found


def when_happened(event: Event, evidence: Sequence[Evidence]) -> When:
    """When an event was. Its expression is told with the article that has it, if the evidence shows which one."""
    expression = event.when_expression.casefold()
    those = [piece.article for piece in evidence if expression and expression in piece.words.casefold()]
    articles = {article.pk: article for article in those or (piece.article for piece in evidence)}
    only = articles.popitem()[1] if len(articles) == 1 else None
    return _when(event.when_earliest, event.when_latest, event.when_expression, only)


def _when(earliest: dt.date | None, latest: dt.date | None, expression: str, article: Article | None) -> When:
    written = article.published_on if article else None
    return When(
        earliest,
        latest,
        expression,
        written,
        in_undated=article is not None and written is None,
        language=article.language if article else "",
        direction=article.direction if article else "",
    )


# What the filters leave.


def _quotes(story: Story, filters: Filters) -> QuoteQuerySet:
    quotes: QuoteQuerySet = Quote.objects.in_story(story).published()
    if filters.actors:
        slugs = [slug for slug in filters.actors if slug != UNNAMED]
        named = Q(speaker__slug__in=slugs) | Q(speaker__canonical__slug__in=slugs)
        quotes = quotes.filter(named | Q(speaker=None) if UNNAMED in filters.actors else named)
    if filters.claims or filters.positions:
        stances = Stance.objects.filter(quote=OuterRef("pk"), claim__story=story)
        if filters.claims:
            stances = stances.filter(claim__slug__in=filters.claims)
        if filters.positions:
            stances = stances.filter(position__in=filters.positions)
        quotes = quotes.filter(Exists(stances))
    if filters.outlets:
        quotes = quotes.filter(article__outlet__slug__in=filters.outlets)
    return quotes.filter(_overlapping("said", filters))


def _events(story: Story, filters: Filters) -> EventQuerySet:
    events: EventQuerySet = Event.objects.filter(story=story).published().evidenced()
    if filters.outlets:
        evidence = Anchor.objects.placed().filter(
            event=OuterRef("pk"),
            version__article__stories=story,
            version__article__outlet__slug__in=filters.outlets,
        )
        events = events.filter(Exists(evidence))
    return events.filter(_overlapping("when", filters))


def _articles(story: Story, filters: Filters) -> ArticleQuerySet:
    articles: ArticleQuerySet = Article.objects.filter(stories=story, current_version__isnull=False)
    return articles.filter(outlet__slug__in=filters.outlets) if filters.outlets else articles


def _overlapping(prefix: str, filters: Filters) -> Q:
    """Intervals that share a day with the filters'; an undated one shares none."""
    earliest, latest = f"{prefix}_earliest", f"{prefix}_latest"
    shared = Q()
    if filters.since:
        shared &= Q(**{f"{latest}__gte": filters.since}) | Q(**{f"{latest}__isnull": True})
    if filters.until:
        shared &= Q(**{f"{earliest}__lte": filters.until}) | Q(**{f"{earliest}__isnull": True})
    if filters.since or filters.until:
        shared &= ~Q(**{f"{earliest}__isnull": True, f"{latest}__isnull": True})
    return shared


# Where they stand.


def _places_of_quotes(quotes: QuoteQuerySet) -> Iterable[Place]:
    """On a day, quotes stand as their articles appeared, then as they are read."""
    position = Anchor.objects.filter(quote=OuterRef("pk"), version=OuterRef("version")).order_by("part")
    rows = quotes.annotate(position=Subquery(position.values("start")[:1])).values_list(
        "pk",
        "uuid",
        "said_earliest",
        "said_latest",
        "said_expression",
        "article__published_at",
        "article__outlet__time_zone",
        "article_id",
        "position",
    )
    for pk, uuid, earliest, latest, expression, published_at, zone, article, start in rows:
        when = When(earliest, latest, expression, _day(published_at, zone))
        order = (when.section.order, Kind.QUOTE, _instant(published_at), article, start or 0, pk)
        yield Place(order, Kind.QUOTE, pk, uuid)


def _places_of_events(events: EventQuerySet) -> Iterable[Place]:
    rows = events.values_list("pk", "uuid", "when_earliest", "when_latest", "when_expression")
    for pk, uuid, earliest, latest, expression in rows:
        when = When(earliest, latest, expression)
        order = (when.section.order, Kind.EVENT, _instant(None), 0, 0, pk)
        yield Place(order, Kind.EVENT, pk, uuid)


def _places_of_publications(articles: ArticleQuerySet, filters: Filters) -> Iterable[Place]:
    for pk, published_at, zone in articles.values_list("pk", "published_at", "outlet__time_zone"):
        day = _day(published_at, zone)
        if filters.since and (day is None or day < filters.since):
            continue
        if filters.until and (day is None or day > filters.until):
            continue
        yield Place(
            (When(day, day).order, Kind.PUBLICATION, _instant(published_at), pk, 0, pk), Kind.PUBLICATION, pk
        )


def _day(instant: dt.datetime | None, zone: str) -> dt.date | None:
    return instant.astimezone(ZoneInfo(zone)).date() if instant else None


def _instant(instant: dt.datetime | None) -> dt.datetime:
    return instant or dt.datetime.max.replace(tzinfo=dt.UTC)
