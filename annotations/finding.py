"""What a search finds: articles or quotes with the words marked, facets with their counts, and whom a name means."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse

from annotations import access, faceting
from annotations.called import called, nearly_called, respelt
from annotations.faceting import ARTICLES, QUOTES, Span
from annotations.forms.filters import Facet
from annotations.forms.search import SearchForm
from annotations.life import Spell
from annotations.models import Actor, Quote, QuoteText
from annotations.timeline import When, when_said
from articles import search
from articles.models import Article
from articles.search import CAP, Words, understand

HITS_A_PAGE = 20
HARDLY_ANY = 5
"""With fewer hits than that, a word that nobody is called by may be a slip."""

_FOUND = re.compile(f"{search.FOUND_START}([^{search.FOUND_START}{search.FOUND_END}]*){search.FOUND_END}")


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
class QuoteHit:
    """A quote; `address` leads to its words in the article."""

    quote: Quote
    address: str
    words: list[Piece]
    when: When
    changed: Spell | None


@dataclass(frozen=True, slots=True)
class Tab:
    """What else the same words and filters find."""

    count: int = 0
    is_capped: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, and what there is besides. `following` is where the next page begins, or "".

    Counts are of the newest CAP hits: with `is_capped` there are more.
    """

    hits: Sequence[Hit | QuoteHit]
    following: str
    articles: Tab
    quotes: Tab
    facets: list[Facet]
    spans: list[Span] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)
    guessed: bool = False
    """Whether the actors are called nearly so."""
    instead: str = ""
    """The words as they may have been meant, where these find nothing."""


NOTHING = Found([], "", Tab(), Tab(), [Facet(name, title, []) for name, title in faceting.TITLES.items()])


def find(form: SearchForm) -> Found:
    """Everything that the form asks for, in a bounded number of queries. Raises search.BadCursor."""
    if form.is_wordless:
        return NOTHING
    asked, listing, after = form.asked, form.listing, form.cleaned_data.get("after", "")
    ids = listing.newest_ids(asked)
    page, following = _page(form, ids, HITS_A_PAGE)
    tabs = {listing: _tab(len(ids))}
    other = ARTICLES if form.of_quotes else QUOTES
    tabs[other] = _tab(len(other.newest_ids(asked)))
    actors = [] if after else called(form.words.typed)
    guessed = [] if after or actors or len(ids) >= HARDLY_ANY else nearly_called(form.words.typed)
    return Found(
        hits=_quotes(page, form.words) if form.of_quotes else _articles(page, form.words),
        following=following,
        articles=tabs[ARTICLES],
        quotes=tabs[QUOTES],
        facets=faceting.facets(listing, asked, ids),
        spans=faceting.spans(listing, asked, ids),
        actors=actors or guessed,
        guessed=bool(guessed),
        instead="" if ids or after else _instead(form),
    )


def newest(form: SearchForm, size: int) -> list[int]:
    """The keys of the newest hits alone."""
    if form.is_wordless:
        return []
    return search.page_by_date(form.listing.hits(form.asked), size, "", form.listing.when)[0]


def pieces(snippet: str) -> list[Piece]:
    """A snippet cut at its marks; a mark without its other half marks nothing."""
    parts = _FOUND.split(snippet)
    plain = [part.replace(search.FOUND_START, "").replace(search.FOUND_END, "") for part in parts]
    return [Piece(text, number % 2 == 1) for number, text in enumerate(plain) if text]


def _tab(found: int) -> Tab:
    return Tab(min(found, CAP), found > CAP)


def _page(form: SearchForm, ids: Sequence[int], size: int) -> tuple[list[int], str]:
    after, listing = form.cleaned_data.get("after", ""), form.listing
    if not form.by_relevance:
        return search.page_by_date(listing.hits(form.asked), size, after, listing.when)
    hits: Any = listing.model._default_manager.filter(pk__in=ids[:CAP])
    vector = "as_text__search" if form.of_quotes else "search"
    return search.page_by_rank(hits, form.words, size, after, vector)


def _articles(page: Sequence[int], words: Words) -> list[Hit]:
    articles = search.loaded(page)
    stories = access.stories_telling(page)
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


def _quotes(page: Sequence[int], words: Words) -> list[QuoteHit]:
    quotes = Quote.objects.for_readers().in_bulk(page)
    stories = access.stories_telling(quote.article_id for quote in quotes.values())
    marked = _marked(page, words)
    return [
        QuoteHit(
            quote,
            quote.address_in(story),
            pieces(marked.get(pk, quote.words)),
            when_said(quote),
            quote.changed_since_read(),
        )
        for pk in page
        if (quote := quotes.get(pk)) and (story := stories.get(quote.article_id))
    ]


def _marked(page: Sequence[int], words: Words) -> dict[int, str]:
    """The words of quotes with those marked that were found."""
    if not words:
        return {}
    text = search.marked("text", words, "quote__article__language", "HighlightAll=true")
    return dict(QuoteText.objects.filter(pk__in=page).values_list("pk", text))


def _instead(form: SearchForm) -> str:
    """The words with names put right, if so they find anything."""
    right = respelt(form.words.typed)
    asked = replace(form.asked, words=understand(right)) if right else None
    return right if asked and asked.words and form.listing.hits(asked).exists() else ""
