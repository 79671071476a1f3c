"""A story's coverage: its outlets beside its claims and its people, and what each of them left out."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Count, Min

from annotations import timeline
from annotations.carrying import Carried, Cell, cells, missed, shared
from annotations.models import Actor, Claim, Quote, Stance
from articles.models import Article, Outlet, Story

ACTORS_SHOWN = 8
"""Columns; those who are quoted by most outlets."""

UTTERANCES_SHOWN = 12

MISSED_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Place:
    """What an outlet carried on one thing, since which day of its own, and where its quotes are shown; `cell` is None
    where it carried nothing."""

    cell: Cell | None
    since: dt.date | None
    address: str


NOTHING = Place(None, None, "")


@dataclass(frozen=True, slots=True)
class Column:
    """A claim, or somebody who speaks."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    outlet: Outlet
    places: list[Place]


@dataclass(frozen=True, slots=True)
class Grid:
    """Outlets down, claims or people across. `left_out` more columns are not shown."""

    columns: list[Column]
    rows: list[Row]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """An utterance that others carried, by the longest quote of it."""

    quote: Quote
    carriers: int


@dataclass(frozen=True, slots=True)
class Share:
    """An outlet's part in a story: how many articles, since when, how many quotes; which claims it carried nothing
    on, and which utterances that others carried it did not."""

    outlet: Outlet
    articles: int
    first: dt.date | None
    quotes: int
    silent_on: list[Claim]
    missing: list[Missing]
    missing_more: int


@dataclass(frozen=True, slots=True)
class Shared:
    """An utterance that several outlets carried; `quote` is the longest rendering, whose page has all side by side."""

    quote: Quote
    outlets: list[Outlet]


@dataclass(frozen=True, slots=True)
class Coverage:
    claims: Grid | None
    actors: Grid | None
    shares: list[Share]
    shared: list[Shared]
    shared_more: int


@dataclass(frozen=True, slots=True)
class _Quoted:
    """A published quote, as far as it is counted here."""

    pk: int
    utterance: Hashable
    outlet: int
    at: dt.datetime | None
    speaker: int | None


def coverage(story: Story) -> Coverage:
    """All of it, in a fixed number of queries."""
    outlets = _outlets(story)
    quoted = _quoted(story)
    on = _claims_of(story)
    claims = list(Claim.objects.filter(story=story).for_readers().select_related("story").in_order())
    carried = [Carried(q.outlet, q.utterance, q.at, frozenset(on.get(q.pk, ()))) for q in quoted]
    by_claim = cells(carried)
    carriers = shared(carried)
    longest = _longest(quoted, carriers)
    lost = missed(carried, [outlet.pk for outlet, *_ in outlets])
    numbers = Counter(q.outlet for q in quoted)
    shares = [
        Share(
            outlet,
            articles,
            _day(first, outlet),
            numbers[outlet.pk],
            [claim for claim in claims if (outlet.pk, claim.pk) not in by_claim],
            [Missing(longest[utterance], number) for utterance, number in lost[outlet.pk][:MISSED_SHOWN]],
            max(0, len(lost[outlet.pk]) - MISSED_SHOWN),
        )
        for outlet, articles, first in outlets
    ]
    by_key = {outlet.pk: outlet for outlet, *_ in outlets}
    several = [
        Shared(longest[utterance], sorted((by_key[pk] for pk in who), key=lambda outlet: outlet.name))
        for utterance, who in carriers.items()
    ]
    only = [outlet for outlet, *_ in outlets]
    slugs = {claim.pk: claim.slug for claim in claims}
    return Coverage(
        claims=_grid(
            only,
            [(claim.pk, Column(claim.text, claim.get_absolute_url())) for claim in claims],
            by_claim,
            lambda outlet, pk: timeline.address(story, outlet=outlet.slug, claim=slugs[pk]),
        )
        if by_claim
        else None,
        actors=_by_actor(story, only, quoted),
        shares=shares,
        shared=several[:UTTERANCES_SHOWN],
        shared_more=max(0, len(several) - UTTERANCES_SHOWN),
    )


def _outlets(story: Story) -> list[tuple[Outlet, int, dt.datetime | None]]:
    """With the number of their articles in the story and the instant of the first, by name."""
    counted = {
        pk: (number, first)
        for pk, number, first in Article.objects.filter(stories=story)
        .order_by()
        .values_list("outlet")
        .annotate(number=Count("pk"), first=Min("published_at"))
    }
    return [
        (outlet, *counted[outlet.pk])
        for outlet in Outlet.objects.filter(pk__in=counted).order_by("name", "pk")
    ]


def _quoted(story: Story) -> list[_Quoted]:
    rows = (
        Quote.objects.in_story(story)
        .published()
        .order_by("pk")
        .values_list(
            "pk",
            "utterance",
            "article__outlet",
            "article__published_at",
            "speaker",
            "speaker__canonical",
        )
    )
    return [
        _Quoted(pk, utterance or f"quote {pk}", outlet, at, into or speaker)
        for pk, utterance, outlet, at, speaker, into in rows
    ]


def _claims_of(story: Story) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    quotes = Quote.objects.in_story(story).published()
    for quote, claim in Stance.objects.filter(claim__story=story, quote__in=quotes).values_list(
        "quote", "claim"
    ):
        found[quote].append(claim)
    return found


def _by_actor(story: Story, outlets: Sequence[Outlet], quoted: Sequence[_Quoted]) -> Grid | None:
    carried = [Carried(q.outlet, q.utterance, q.at, frozenset([q.speaker])) for q in quoted if q.speaker]
    found = cells(carried)
    outlets_of = Counter(pk for _, pk in found)
    quotes_of = Counter(q.speaker for q in quoted)
    actors = Actor.objects.in_bulk(list(outlets_of))
    ordered = sorted(
        actors.values(), key=lambda actor: (-outlets_of[actor.pk], -quotes_of[actor.pk], actor.name, actor.pk)
    )
    shown = ordered[:ACTORS_SHOWN]
    return _grid(
        outlets,
        [(actor.pk, Column(actor.name, actor.get_absolute_url())) for actor in shown],
        found,
        lambda outlet, pk: timeline.address(story, outlet=outlet.slug, actor=actors[pk].slug),
        left_out=len(ordered) - len(shown),
    )


def _grid(
    outlets: Sequence[Outlet],
    columns: Sequence[tuple[int, Column]],
    found: dict[tuple[int, int], Cell],
    address: Callable[[Outlet, int], str],
    left_out: int = 0,
) -> Grid | None:
    if not columns:
        return None
    rows = [
        Row(
            outlet,
            [
                Place(cell, _day(cell.first, outlet), address(outlet, key)) if cell else NOTHING
                for key, _ in columns
                for cell in [found.get((outlet.pk, key))]
            ],
        )
        for outlet in outlets
    ]
    return Grid([column for _, column in columns], rows, left_out)


def _longest(quoted: Iterable[_Quoted], carriers: Container[Hashable]) -> dict[Hashable, Quote]:
    """Of each utterance that several outlets carried, the quote with the most words."""
    wanted = {q.pk: q.utterance for q in quoted if q.utterance in carriers}
    quotes = Quote.objects.filter(pk__in=wanted).with_words().defer("version__text", "article__search")
    found: dict[Hashable, Quote] = {}
    for quote in quotes.order_by("pk"):
        best = found.get(wanted[quote.pk])
        if best is None or len(quote.words) > len(best.words):
            found[wanted[quote.pk]] = quote
    return found


def _day(instant: dt.datetime | None, outlet: Outlet) -> dt.date | None:
    """As its own readers would say it."""
    return instant.astimezone(ZoneInfo(outlet.time_zone)).date() if instant else None
