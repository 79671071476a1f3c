"""How many hits each choice of a search would leave, of the newest CAP that the other filters leave."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import CharField, Count, F, Func, Model, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import pgettext_lazy

from annotations import narrowing
from annotations.forms.filters import Facet, Option, TimelineFilterForm
from annotations.models import Quote
from annotations.narrowing import Asked, Period
from annotations.telling import KINDS, POSITIONS
from articles.models import Article
from articles.search import CAP, day_of_publication, newest_ids

OPTIONS = 30
"""Choices of a facet that are listed: the most frequent."""

TITLES = {
    **TimelineFilterForm.TITLES,
    "kind": pgettext_lazy("kind of", "Speech"),
}

type Row = tuple[str, str, int]
"""A choice's value, its label, and how many hits there are."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is listed: articles, or quotes in them; with paths from a hit to its article, and from a quote to a hit."""

    model: type[Model]
    hits: Callable[..., QuerySet[Any]]
    to_article: str
    from_quote: str

    @property
    def when(self) -> str:
        return f"{self.to_article}published_at"

    def newest_ids(self, asked: Asked, besides: str = "") -> list[int]:
        return newest_ids(self.hits(asked, besides), self.when)


ARTICLES = Listing(Article, narrowing.articles, to_article="", from_quote="article")
QUOTES = Listing(Quote, narrowing.quotes, to_article="article__", from_quote="pk")


@dataclass(frozen=True, slots=True)
class Span:
    """A year or a month that can be chosen. The count is "" where only older hits than the counted ones can be."""

    value: str
    label: str
    count: str
    chosen: bool
    months: "list[Span]"


def facets(listing: Listing, asked: Asked, ids: Sequence[int]) -> list[Facet]:
    """The choices by who speaks, what about and where; `ids` are the newest hits.

    Each facet is one query, or two where something is chosen in it.
    """
    counts: dict[str, Callable[[Listing, Asked, Any], Iterable[Row]]] = {
        "stance": _stances,
        "actor": _actors,
        "claim": _claims,
        "outlet": _outlets,
        "kind": _kinds,
    }
    chosen = {
        "stance": [(one, str(POSITIONS[one])) for one in asked.positions],
        "actor": [(one.slug, one.name) for one in asked.actors],
        "claim": [(value_of(one.story.slug, one.slug), one.text) for one in asked.claims],
        "outlet": [(one.slug, one.name) for one in asked.outlets],
        "kind": [(one, str(KINDS[one])) for one in asked.kinds],
    }
    return [
        _facet(name, list(count(listing, asked, _within(listing, asked, ids, name))), chosen[name])
        for name, count in counts.items()
    ]


def value_of(story: str, claim: str) -> str:
    """How an address names a claim: its slug is its own only within its story."""
    return f"{story}.{claim}"


def _within(listing: Listing, asked: Asked, ids: Sequence[int], besides: str) -> Sequence[int]:
    """The keys of the newest hits there would be without the facet.

    In a query of its own: with both in one, the planner takes a few hits for many and walks through all articles.
    """
    return (listing.newest_ids(asked, besides) if asked.has(besides) else ids)[:CAP]


def _facet(name: str, rows: Sequence[Row], chosen: Sequence[tuple[str, str]]) -> Facet:
    """The choices counted, and those that are on, whatever their count."""
    on = dict(chosen)
    counted = {value for value, _, _ in rows}
    rows = [*rows, *((value, label, 0) for value, label in chosen if value not in counted)]
    return Facet(name, TITLES[name], [Option(*row, row[0] in on) for row in rows])


def _outlets(listing: Listing, asked: Asked, within: Any) -> Any:
    slug, name = f"{listing.to_article}outlet__slug", f"{listing.to_article}outlet__name"
    hits: Any = listing.model._default_manager.filter(pk__in=within)
    return hits.values_list(slug, name).annotate(number=Count("pk")).order_by("-number", name, slug)[:OPTIONS]


def _actors(listing: Listing, asked: Asked, within: Any) -> Any:
    found: Any = narrowing.said(asked, "actor").filter(
        **{f"{listing.from_quote}__in": within}, speaker__isnull=False
    )
    return (
        found.annotate(
            slug=Coalesce("speaker__canonical__slug", "speaker__slug"),
            name=Coalesce("speaker__canonical__name", "speaker__name"),
        )
        .values_list("slug", "name")
        .annotate(number=Count(listing.from_quote, distinct=True))
        .order_by("-number", "name", "slug")[:OPTIONS]
    )


def _kinds(listing: Listing, asked: Asked, within: Any) -> Iterable[Row]:
    found: Any = narrowing.said(asked, "kind").filter(**{f"{listing.from_quote}__in": within})
    counted = dict(found.values_list("kind").annotate(number=Count(listing.from_quote, distinct=True)))
    return [(value, str(label), counted[value]) for value, label in KINDS.items() if value in counted]


def _claims(listing: Listing, asked: Asked, within: Any) -> Iterable[Row]:
    rows = (
        _taken(listing, asked, within, "claim")
        .values_list("claim__story__slug", "claim__slug", "claim__text")
        .annotate(number=Count(f"quote__{listing.from_quote}", distinct=True))
        .order_by("-number", "claim__text", "claim__story__slug", "claim__slug")[:OPTIONS]
    )
    return [(value_of(story, claim), text, number) for story, claim, text, number in rows]


def _stances(listing: Listing, asked: Asked, within: Any) -> Iterable[Row]:
    rows = _taken(listing, asked, within, "stance").values_list("position")
    counted = dict(rows.annotate(number=Count(f"quote__{listing.from_quote}", distinct=True)))
    return [(value, str(word), counted[value]) for value, word in POSITIONS.items() if value in counted]


def _taken(listing: Listing, asked: Asked, within: Any, besides: str) -> Any:
    quotes = narrowing.by_whom(asked, besides).filter(**{f"{listing.from_quote}__in": within})
    return narrowing.stances(asked, besides).filter(quote__in=quotes)


# Years and months.


def spans(listing: Listing, asked: Asked, ids: Sequence[int]) -> list[Span]:
    """Years of publication, the newest first, and the months of the one that is chosen.

    Beyond the newest CAP hits nothing is counted: the year in which they end has at least so many, and older years are
    listed without a number as far as the oldest hit goes.
    """
    counts = _months(listing, _within(listing, asked, ids, "when"))
    years = Counter[int]()
    for month, number in counts.items():
        years[month.year] += number
    is_capped = years.total() >= CAP
    partial = min(years) if years and is_capped else None
    if is_capped and (oldest := _oldest(listing, asked)):
        years.update(dict.fromkeys(range(oldest.year, min(years)), 0))
    chosen = asked.period
    if chosen:
        years.setdefault(chosen.year, 0)
        if is_capped:
            whole = replace(asked, period=Period(chosen.year))
            counts = _months(listing, listing.newest_ids(whole)[:CAP])
    return [
        Span(
            value=Period(year).value,
            label=Period(year).value,
            count=f"{number}+" if year == partial else str(number) if number or not is_capped else "",
            chosen=chosen == Period(year),
            months=_months_of(year, counts, chosen) if chosen and chosen.year == year else [],
        )
        for year, number in sorted(years.items(), reverse=True)
    ]


def _months_of(year: int, counts: dict[dt.date, int], chosen: Period) -> list[Span]:
    there = {month: number for month, number in counts.items() if month.year == year}
    if chosen.month:
        there.setdefault(chosen.first, 0)
    return [
        Span(
            Period(year, month.month).value,
            date_format(month, "F"),
            str(number),
            chosen == Period(year, month.month),
            [],
        )
        for month, number in sorted(there.items())
    ]


def _months(listing: Listing, within: Any) -> dict[dt.date, int]:
    """How many of the hits were published in each month, by its first day; the undated are in none."""
    hits: Any = listing.model._default_manager.filter(pk__in=within, **{f"{listing.when}__isnull": False})
    day = day_of_publication(listing.to_article)
    month = Func(day, Value("YYYY-MM-01"), function="to_char", output_field=CharField())
    rows = hits.annotate(month=month).values_list("month").annotate(number=Count("pk")).order_by("month")
    return {dt.date.fromisoformat(written): number for written, number in rows}


def _oldest(listing: Listing, asked: Asked) -> dt.date | None:
    dated = listing.hits(asked, "when").filter(**{f"{listing.when}__isnull": False})
    oldest = dated.order_by(F(listing.when).asc(nulls_first=True)).values_list(listing.when, flat=True)[:1]
    return next((moment.date() for moment in oldest), None)
