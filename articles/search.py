"""Full-text search over the articles that a query set allows: headline, byline, body, weighted in that order.

Everything is bounded: counts, facets and ranking look at the newest `CAP` hits, pages are read by keyset, and
snippets are cut for the articles of one page.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.postgres.search import SearchQueryField, SearchRank
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    F,
    FloatField,
    Func,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Left, Replace

from articles.models import Article, Outlet, Version
from articles.querysets import ArticleQuerySet

CAP = 1000
"""How many hits are counted, ranked and divided into facets: ranking 100,000 takes 0.6 s, 1,000 take 0.05."""

FOUND_START, FOUND_END = "\ue000", "\ue001"
"""Around each found word of a snippet: private-use characters, which become markup only after escaping."""

SNIPPET_SOURCE = 100_000
"""Characters of a text in which a snippet is looked for."""

A_DAY = dt.timedelta(days=1)

_TERM = re.compile(r'(-?)(?:["“”„«»]([^"“”„«»]*)["“”„«»]?|([^\s"“”„«»]+))')


class BadCursor(ValueError):
    """The place in the list at which a page should begin is none that we gave out."""


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody typed, as PostgreSQL understands it."""

    typed: str
    tsquery: str
    """In PostgreSQL's own notation; empty when there is nothing to look for."""
    left_out: tuple[str, ...] = ()
    """Words that nearly every English text has ("the", "with"); the index does not hold them."""

    def __bool__(self) -> bool:
        return bool(self.tsquery)

    @property
    def expression(self) -> Cast:
        return Cast(Value(self.tsquery), SearchQueryField())


def understand(typed: str) -> Words:
    """Read a query as web searches do: words, “a phrase”, -without, this or that.

    Each term is looked for as English (stemmed) and as it stands, since bylines and articles in other
    languages are indexed as they stand. PostgreSQL's own websearch_to_tsquery takes a whole query: of two
    configurations joined, one would find for `x -delays` the text in which the other sees “delay”.
    """
    terms = [
        (bool(minus), bool(minus or phrase), (phrase or word))
        for minus, phrase, word in _TERM.findall(typed)
        if phrase or word
    ]
    parsed = _parse([text for _, _, text in terms])
    alternatives: list[list[str]] = [[]]
    common: list[tuple[str, str]] = []
    for (without, marked, text), (english, simple) in zip(terms, parsed, strict=True):
        if text.lower() == "or" and not marked:
            alternatives.append([])
        elif english:
            either = english if english == simple else f"{english} | {simple}"
            alternatives[-1].append(f"!({either})" if without else f"({either})")
        elif simple and not without:
            common.append((text, simple))
    if not any(alternatives):
        return Words(typed, " & ".join(f"({simple})" for _, simple in common))
    joined = " | ".join("(" + " & ".join(group) + ")" for group in alternatives if group)
    return Words(typed, joined, tuple(dict.fromkeys(text for text, _ in common)))


def _parse(terms: Sequence[str]) -> list[tuple[str, str]]:
    """Each term in English and as it stands, as PostgreSQL writes queries; empty where nothing is left."""
    if not terms:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phraseto_tsquery('english', term)::text, phraseto_tsquery('simple', term)::text"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS t (term, place) ORDER BY place",
            [list(terms)],
        )
        return [(str(english), str(simple)) for english, simple in cursor.fetchall()]


# Narrowing.


def matching(articles: ArticleQuerySet, words: Words) -> ArticleQuerySet:
    """Those that hold the words; all of them when there are none to look for."""
    if not words:
        return articles
    return articles.filter(
        Func(F("search"), words.expression, arg_joiner=" @@ ", template="%(expressions)s",
             output_field=BooleanField())
    )  # fmt: skip


def published_between(
    articles: ArticleQuerySet, earliest: dt.date | None, latest: dt.date | None
) -> ArticleQuerySet:
    """Those published from one day to another, both included, each in its outlet's own day; no undated ones."""
    if not (earliest or latest):
        return articles
    day = Func(
        F("outlet__time_zone"),
        F("published_at"),
        function="timezone",
        template="%(function)s(%(expressions)s)::date",
        output_field=DateField(),
    )
    within: Any = articles.filter(published_at__isnull=False).alias(day=day)
    # No zone is more than a day away from UTC: that range is one that the index knows.
    if earliest:
        start = dt.datetime.combine(max(earliest, dt.date.min + A_DAY), dt.time(), dt.UTC) - A_DAY
        within = within.filter(published_at__gte=start, day__gte=earliest)
    if latest:
        end = dt.datetime.combine(min(latest, dt.date.max - 2 * A_DAY), dt.time(), dt.UTC) + 2 * A_DAY
        within = within.filter(published_at__lt=end, day__lte=latest)
    return cast("ArticleQuerySet", within)


# Reading the hits.


def newest_ids(hits: ArticleQuerySet) -> list[int]:
    """The newest hits, at most CAP + 1 of them: one more than CAP says that there are more."""
    return list(hits.newest_first().values_list("pk", flat=True)[: CAP + 1])


def newest(hits: ArticleQuerySet, size: int, after: str = "") -> tuple[list[Article], str]:
    """A page of hits, newest first, the undated at the end; and where the next page begins, or "".

    Raises BadCursor.
    """
    place, pk = _cursor(after)
    listed = hits.select_related("outlet").defer("search")
    page: list[Article] = []
    if place != "undated":
        dated = listed.filter(published_at__isnull=False)
        if after:
            try:
                when = dt.datetime.fromisoformat(place)
            except ValueError as error:
                raise BadCursor(after) from error
            if when.tzinfo is None:
                raise BadCursor(after)
            dated = dated.filter(published_at__lte=when).exclude(published_at=when, pk__gte=pk)
        page += dated.order_by(F("published_at").desc(nulls_last=True), "-pk")[: size + 1]
    if len(page) <= size:
        undated = listed.filter(published_at__isnull=True)
        if place == "undated":
            undated = undated.filter(pk__lt=pk)
        page += undated.order_by("-pk")[: size + 1 - len(page)]
    if len(page) <= size:
        return page, ""
    last = page[size - 1]
    return page[:size], f"{_instant(last.published_at)}_{last.pk}"


def most_relevant(ids: Iterable[int], words: Words, size: int, after: str = "") -> tuple[list[Article], str]:
    """A page of the articles with these ids, by how well they match; and where the next page begins, or "".

    Raises BadCursor.
    """
    rank = Cast(SearchRank(F("search"), words.expression, cover_density=True, normalization=1), FloatField())
    ranked: Any = Article.objects.filter(pk__in=list(ids)[:CAP]).annotate(rank=rank)
    if after:
        place, pk = _cursor(after)
        try:
            score = float(place)
        except ValueError as error:
            raise BadCursor(after) from error
        ranked = ranked.filter(Q(rank__lt=score) | Q(rank=score, pk__lt=pk))
    page = list(ranked.select_related("outlet").defer("search").order_by("-rank", "-pk")[: size + 1])
    if len(page) <= size:
        return page, ""
    last: Any = page[size - 1]
    return page[:size], f"{last.rank!r}_{last.pk}"


def outlet_counts(ids: Iterable[int]) -> list[tuple[Outlet, int]]:
    """How many of these articles each outlet has, the most first."""
    counted: Any = Outlet.objects.filter(articles__in=list(ids)).annotate(hits=Count("articles"))
    return [(outlet, outlet.hits) for outlet in counted.order_by("-hits", "name", "pk")]


def snippets(articles: Iterable[Article], words: Words) -> dict[int, str]:
    """By article: the words around what was found, each found word between FOUND_START and FOUND_END.

    The rest is the text as it stands, hostile or not: escape it before the marks are made markup.
    """
    versions = [article.current_version_id for article in articles if article.current_version_id]
    if not words or not versions:
        return {}
    text: Any = Left("text", SNIPPET_SOURCE)
    for mark in (FOUND_START, FOUND_END):
        text = Replace(text, Value(mark), Value(""))
    config = Case(
        When(article__language__iregex=r"^(en|$)", then=Value("english")),
        default=Value("simple"),
        output_field=TextField(),
    )
    options = (
        f"StartSel={FOUND_START}, StopSel={FOUND_END}, MaxFragments=2, MinWords=12, MaxWords=30,"
        ' FragmentDelimiter=" … "'
    )
    headline = Func(
        Func(config, template="%(expressions)s::regconfig"),
        text,
        words.expression,
        Value(options),
        function="ts_headline",
        output_field=TextField(),
    )
    found = Version.objects.filter(pk__in=versions).values_list("article_id", headline, Left(text, 100))
    return {article: _with_gaps(snippet, opening) for article, snippet, opening in found}


def _with_gaps(snippet: str, opening: str) -> str:
    """A snippet with an ellipsis where words before it are left off, and after it unless a sentence ends there."""
    plain = snippet.replace(FOUND_START, "").replace(FOUND_END, "")
    before = "" if opening.startswith(plain[:40]) else "… "
    after = "" if plain.endswith((".", "!", "?", "”", '"', "…")) else " …"
    return f"{before}{snippet}{after}"


def _cursor(after: str) -> tuple[str, int]:
    if not after:
        return "", 0
    place, _, pk = after.rpartition("_")
    if not place or not re.fullmatch(r"[0-9]{1,18}", pk):
        raise BadCursor(after)
    return place, int(pk)


def _instant(when: dt.datetime | None) -> str:
    return when.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if when else "undated"
