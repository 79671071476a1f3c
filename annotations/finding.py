"""What a search finds: articles with the words around each hit, facets with their counts, and actors of that name."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from annotations import access
from annotations.forms.filters import Facet, Option
from annotations.forms.search import SearchForm
from annotations.models import Actor, Quote
from annotations.querysets import QuoteQuerySet
from articles import search
from articles.models import Article, Outlet
from articles.querysets import ArticleQuerySet

HITS_A_PAGE = 20
FACET_OPTIONS = 30
ACTORS_LISTED = 6

TITLES = {"outlet": "Outlet", "actor": "Who speaks"}

_FOUND = re.compile(f"{search.FOUND_START}([^{search.FOUND_START}{search.FOUND_END}]*){search.FOUND_END}")
_NAME = re.compile(r"\w[\w’'.-]*\w")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a snippet: plain text, found or not."""

    text: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Hit:
    article: Article
    address: str
    snippet: list[Piece]
    quotes: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, and what there is besides. `following` is where the next page begins, or "".

    Counts are of the newest CAP articles: with `is_capped` there are more.
    """

    hits: list[Hit]
    following: str
    count: int
    is_capped: bool
    facets: list[Facet]
    actors: list[Actor]


NOTHING = Found([], "", 0, is_capped=False, facets=[Facet(n, t, []) for n, t in TITLES.items()], actors=[])


def find(form: SearchForm) -> Found:
    """Everything that the form asks for, in a fixed number of queries. Raises search.BadCursor."""
    if form.is_wordless:
        return NOTHING
    narrowed = _narrowed(form)
    ids = search.newest_ids(narrowed)
    after = form.cleaned_data.get("after", "")
    if form.by_relevance:
        articles, following = search.most_relevant(ids, form.words, HITS_A_PAGE, after)
    else:
        articles, following = search.newest(narrowed, HITS_A_PAGE, after)
    return Found(
        hits=_hits(articles, form.words),
        following=following,
        count=min(len(ids), search.CAP),
        is_capped=len(ids) > search.CAP,
        facets=[_outlets(form, ids), _actors(form, ids)],
        actors=[] if after else actors_called(form.words.typed),
    )


def actors_called(typed: str) -> list[Actor]:
    """The first few actors whose name or alias holds every word of what was typed."""
    words = _NAME.findall(typed)
    return list(access.public_actors().standing().called(words).by_name()[:ACTORS_LISTED]) if words else []


def _narrowed(form: SearchForm, besides: str = "") -> ArticleQuerySet:
    """The articles that the form leaves, or would leave without the facet `besides`."""
    articles = Article.objects.public().filter(current_version__isnull=False)
    articles = search.matching(articles, form.words)
    days = form.cleaned_data.get("from"), form.cleaned_data.get("to")
    articles = search.published_between(articles, *days)
    if form.outlets and besides != "outlet":
        articles = articles.filter(outlet__in=form.outlets)
    if form.actors and besides != "actor":
        articles = articles.filter(Exists(_quotes_by(form.actors).filter(article=OuterRef("pk"))))
    return articles


def _hits(articles: Sequence[Article], words: search.Words) -> list[Hit]:
    stories = access.stories_telling(article.pk for article in articles)
    quotes = Quote.objects.published().per_article(articles)
    snippets = search.snippets(articles, words)
    return [
        Hit(
            article,
            reverse("article", args=[story.slug, article.pk]),
            pieces(snippets.get(article.pk, "")),
            quotes.get(article.pk, 0),
        )
        for article in articles
        if (story := stories.get(article.pk))
    ]


def pieces(snippet: str) -> list[Piece]:
    """A snippet cut at its marks; a mark without its other half marks nothing."""
    parts = _FOUND.split(snippet)
    plain = [part.replace(search.FOUND_START, "").replace(search.FOUND_END, "") for part in parts]
    return [Piece(text, number % 2 == 1) for number, text in enumerate(plain) if text]


def _outlets(form: SearchForm, ids: list[int]) -> Facet:
    within = search.newest_ids(_narrowed(form, besides="outlet")) if form.outlets else ids
    counted = dict(search.outlet_counts(within[: search.CAP]))
    return _facet("outlet", [(o.slug, o.name, n) for o, n in counted.items()], form.outlets)


def _actors(form: SearchForm, ids: list[int]) -> Facet:
    within = search.newest_ids(_narrowed(form, besides="actor")) if form.actors else ids
    counted = (
        Quote.objects.published()
        .filter(article__in=within[: search.CAP], speaker__isnull=False)
        .values_list(Coalesce("speaker__merged_into", "speaker"))
        .annotate(number=Count("article", distinct=True))
        .order_by("-number", Coalesce("speaker__merged_into", "speaker"))
    )
    numbers = dict(counted[:FACET_OPTIONS])
    actors = Actor.objects.in_bulk(numbers)
    rows = [(actors[pk].slug, actors[pk].name, number) for pk, number in numbers.items()]
    return _facet("actor", rows, form.actors)


def _facet(name: str, rows: Iterable[tuple[str, str, int]], chosen: Sequence[Actor | Outlet]) -> Facet:
    """The most frequent choices, and those that are on, whatever their count."""
    counted = {slug: (label, number) for slug, label, number in rows}
    on = {one.slug: one.name for one in chosen}
    listed = list(counted)[:FACET_OPTIONS]
    listed += [slug for slug in on if slug not in listed]
    options = [Option(slug, *counted.get(slug, (on.get(slug, ""), 0)), slug in on) for slug in listed]
    return Facet(name, TITLES[name], options)


def _quotes_by(actors: Sequence[Actor]) -> QuoteQuerySet:
    return Quote.objects.published().filter(Q(speaker__in=actors) | Q(speaker__merged_into__in=actors))
