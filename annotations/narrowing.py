"""What a search's words and filters leave: of the articles of published stories, and of the quotes in them.

Filters of one kind widen each other, those of different kinds narrow. What is asked of a quote (who speaks, on which
claim, with which stance, in which kind of speech) is asked of one quote: an article stays when one of its quotes has
all of it, and claim and stance must be those of one stance.
"""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from annotations.models import Actor, Claim, Quote, Stance
from annotations.querysets import QuoteQuerySet
from articles import search
from articles.models import Article, Outlet, StoryArticle
from articles.querysets import ArticleQuerySet
from articles.search import Words


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or a month of one."""

    year: int
    month: int | None = None

    @property
    def value(self) -> str:
        return f"{self.year:04}-{self.month:02}" if self.month else f"{self.year:04}"

    @property
    def first(self) -> dt.date:
        return dt.date(self.year, self.month or 1, 1)

    @property
    def last(self) -> dt.date:
        month = self.month or 12
        return dt.date(self.year, month, calendar.monthrange(self.year, month)[1])


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks for. Empty means any; `since` and `until` are days of publication, both included."""

    words: Words
    outlets: Sequence[Outlet] = ()
    actors: Sequence[Actor] = ()
    claims: Sequence[Claim] = ()
    positions: Sequence[str] = ()
    kinds: Sequence[str] = ()
    period: Period | None = None
    since: dt.date | None = None
    until: dt.date | None = None

    def has(self, facet: str) -> bool:
        """Whether anything is chosen in a facet."""
        return bool(
            {
                "outlet": self.outlets,
                "actor": self.actors,
                "claim": self.claims,
                "stance": self.positions,
                "kind": self.kinds,
                "when": self.period,
            }[facet]
        )


def articles(asked: Asked, besides: str = "") -> ArticleQuerySet:
    """The articles that are left, or that would be without the facet `besides`."""
    public: ArticleQuerySet = Article.objects.public().filter(current_version__isnull=False)
    found = search.matching(_published(public, asked, besides, ""), asked.words)
    if any(asked.has(facet) for facet in ("actor", "claim", "stance", "kind") if facet != besides):
        found = found.filter(Exists(said(asked, besides).filter(article=OuterRef("pk"))))
    return found


def quotes(asked: Asked, besides: str = "") -> QuoteQuerySet:
    """The quotes whose own words match that are left, or that would be without the facet `besides`."""
    told = StoryArticle.objects.filter(article=OuterRef("article"), story__status="published")
    public = said(asked, besides).filter(Exists(told), article__current_version__isnull=False)
    found = _published(public, asked, besides, "article__")
    return search.matching(found, asked.words, "as_text__search")


def said(asked: Asked, besides: str = "") -> QuoteQuerySet:
    """Published quotes of which all holds that is asked of a quote, whatever their words and articles."""
    found = by_whom(asked, besides)
    if any(asked.has(facet) for facet in ("claim", "stance") if facet != besides):
        found = found.filter(Exists(stances(asked, besides).filter(quote=OuterRef("pk"))))
    return found


def by_whom(asked: Asked, besides: str = "") -> QuoteQuerySet:
    """As `said`, whatever the stances."""
    found: QuoteQuerySet = Quote.objects.published()
    if asked.actors and besides != "actor":
        found = found.filter(Q(speaker__in=asked.actors) | Q(speaker__canonical__in=asked.actors))
    if asked.kinds and besides != "kind":
        found = found.filter(kind__in=asked.kinds)
    return found


def stances(asked: Asked, besides: str = "") -> QuerySet[Stance]:
    """The stances on claims of published stories that are asked for, whosever they are."""
    found = Stance.objects.filter(claim__story__status="published")
    if asked.claims and besides != "claim":
        found = found.filter(claim__in=asked.claims)
    if asked.positions and besides != "stance":
        found = found.filter(position__in=asked.positions)
    return found


def _published[Hits: QuerySet[Any]](hits: Hits, asked: Asked, besides: str, to_article: str) -> Hits:
    """Those in articles of the outlets and days asked for."""
    found = search.published_between(hits, asked.since, asked.until, to_article)
    if asked.period and besides != "when":
        found = search.published_between(found, asked.period.first, asked.period.last, to_article)
    if asked.outlets and besides != "outlet":
        found = found.filter(**{f"{to_article}outlet__in": asked.outlets})
    return found
