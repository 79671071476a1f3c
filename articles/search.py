"""Full-text search over the articles that a query set allows: headline, byline, body, weighted in that order.

What narrows, ranks and pages takes query sets of other models too, with the names of their vector and day.
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
    DateField,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Left, Replace

from articles.models import Article, Version
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


def matching[Hits: QuerySet[Any]](hits: Hits, words: Words, vector: str = "search") -> Hits:
    """Those whose vector holds the words; all of them when there are none to look for."""
    if not words:
        return hits
    return hits.filter(
        Func(F(vector), words.expression, arg_joiner=" @@ ", template="%(expressions)s",
             output_field=BooleanField())
    )  # fmt: skip


def day_of_publication(to_article: str = "") -> Func:
    """The day on which an article was published, at its outlet; `to_article` is a path such as "article__"."""
    return Func(
        F(f"{to_article}outlet__time_zone"),
        F(f"{to_article}published_at"),
        function="timezone",
        template="%(function)s(%(expressions)s)::date",
        output_field=DateField(),
    )


def published_between[Hits: QuerySet[Any]](
    hits: Hits, earliest: dt.date | None, latest: dt.date | None, to_article: str = ""
) -> Hits:
    """Those published from one day to another, both included, each in its outlet's own day; no undated ones."""
    if not (earliest or latest):
        return hits
    when = f"{to_article}published_at"
    within: Any = hits.filter(**{f"{when}__isnull": False}).alias(day=day_of_publication(to_article))
    # No zone is more than a day away from UTC: that range is one that the index knows.
    if earliest:
        start = dt.datetime.combine(max(earliest, dt.date.min + A_DAY), dt.time(), dt.UTC) - A_DAY
        within = within.filter(**{f"{when}__gte": start}, day__gte=earliest)
    if latest:
        end = dt.datetime.combine(min(latest, dt.date.max - 2 * A_DAY), dt.time(), dt.UTC) + 2 * A_DAY
        within = within.filter(**{f"{when}__lt": end}, day__lte=latest)
    return cast("Hits", within)


# Reading the hits.


def newest_ids(hits: QuerySet[Any], when: str = "published_at") -> list[int]:
    """The newest hits, at most CAP + 1 of them: one more than CAP says that there are more."""
    ordered = hits.order_by(F(when).desc(nulls_last=True), "-pk")
    return list(ordered.values_list("pk", flat=True)[: CAP + 1])


def newest(hits: ArticleQuerySet, size: int, after: str = "") -> tuple[list[Article], str]:
    """A page of articles, newest first, the undated at the end; and where the next page begins, or "".

    Raises BadCursor.
    """
    page, following = page_by_date(hits, size, after)
    return loaded(page), following


def most_relevant(ids: Sequence[int], words: Words, size: int, after: str = "") -> tuple[list[Article], str]:
    """A page of the articles with these ids, by how well they match; and where the next page begins, or "".

    Raises BadCursor.
    """
    page, following = page_by_rank(Article.objects.filter(pk__in=ids[:CAP]), words, size, after)
    return loaded(page), following


def loaded(pks: Sequence[int]) -> list[Article]:
    """The articles with these keys, in their order, for a list."""
    articles = Article.objects.select_related("outlet").defer("search").in_bulk(pks)
    return [articles[pk] for pk in pks if pk in articles]


def page_by_date(
    hits: QuerySet[Any], size: int, after: str = "", when: str = "published_at"
) -> tuple[list[int], str]:
    """The keys of a page of hits, newest first, the undated at the end; and where the next page begins, or "".

    Raises BadCursor.
    """
    place, pk = _cursor(after)
    page: list[tuple[int, dt.datetime | None]] = []
    if place != "undated":
        dated = hits.filter(**{f"{when}__isnull": False})
        if after:
            moment = _moment(place)
            dated = dated.filter(Q(**{f"{when}__lt": moment}) | Q(**{when: moment}, pk__lt=pk))
            dated = dated.filter(**{f"{when}__lte": moment})  # what the index can begin at
        ordered = dated.order_by(F(when).desc(nulls_last=True), "-pk")
        page += ordered.values_list("pk", when)[: size + 1]
    if len(page) <= size:
        undated = hits.filter(**{f"{when}__isnull": True})
        if place == "undated":
            undated = undated.filter(pk__lt=pk)
        page += undated.order_by("-pk").values_list("pk", when)[: size + 1 - len(page)]
    following = f"{_instant(page[size - 1][1])}_{page[size - 1][0]}" if len(page) > size else ""
    return [pk for pk, _ in page[:size]], following


def page_by_rank(
    hits: QuerySet[Any], words: Words, size: int, after: str = "", vector: str = "search"
) -> tuple[list[int], str]:
    """The keys of a page of hits by how well they match, and where the next page begins, or "". All are ranked.

    Raises BadCursor.
    """
    rank = Cast(SearchRank(F(vector), words.expression, cover_density=True, normalization=1), FloatField())
    ranked: Any = hits.annotate(rank=rank)
    if after:
        place, pk = _cursor(after)
        try:
            score = float(place)
        except ValueError as error:
            raise BadCursor(after) from error
        ranked = ranked.filter(Q(rank__lt=score) | Q(rank=score, pk__lt=pk))
    page = list(ranked.order_by("-rank", "-pk").values_list("pk", "rank")[: size + 1])
    following = f"{page[size - 1][1]!r}_{page[size - 1][0]}" if len(page) > size else ""
    return [pk for pk, _ in page[:size]], following


def snippets(articles: Iterable[Article], words: Words) -> dict[int, str]:
    """By article: the words around what was found, each found word between FOUND_START and FOUND_END.

    The rest is the text as it stands, hostile or not: escape it before the marks are made markup.
    """
    versions = [article.current_version_id for article in articles if article.current_version_id]
    if not words or not versions:
        return {}
    headline = marked(
        Left("text", SNIPPET_SOURCE),
        words,
        "article__language",
        'MaxFragments=2, MinWords=12, MaxWords=30, FragmentDelimiter=" … "',
    )
    found = Version.objects.filter(pk__in=versions).values_list("article_id", headline, Left("text", 100))
    return {article: _with_gaps(snippet, opening) for article, snippet, opening in found}


def marked(text: Any, words: Words, language: str, options: str) -> Func:
    """A text with each found word between FOUND_START and FOUND_END, as `options` of ts_headline say.

    `language` is the path to the language of the text.
    """
    for mark in (FOUND_START, FOUND_END):
        text = Replace(text, Value(mark), Value(""))
    config = Case(
        When(**{f"{language}__iregex": r"^(en|$)"}, then=Value("english")),
        default=Value("simple"),
        output_field=TextField(),
    )
    return Func(
        Func(config, template="%(expressions)s::regconfig"),
        text,
        words.expression,
        Value(f"StartSel={FOUND_START}, StopSel={FOUND_END}, {options}"),
        function="ts_headline",
        output_field=TextField(),
    )


def _with_gaps(snippet: str, opening: str) -> str:
    """A snippet with an ellipsis where words before it are left off, and after it unless a sentence ends there."""
    plain, opening = (text.replace(FOUND_START, "").replace(FOUND_END, "") for text in (snippet, opening))
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


def _moment(place: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(place)
    except ValueError as error:
        raise BadCursor(place) from error
    if moment.tzinfo is None:
        raise BadCursor(place)
    return moment


def _instant(when: dt.datetime | None) -> str:
    return when.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if when else "undated"
