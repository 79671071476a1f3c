"""Outlets as readers may know them: what of theirs is here, whom they quote, and what they changed afterwards."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from annotations import access
from annotations.life import Spell, between
from annotations.models import Actor, Claim, Quote, Stance, Status
from annotations.querysets import QuoteQuerySet
from articles.models import Article, Outlet, Story, StoryArticle, Version
from articles.querysets import ArticleQuerySet

QUOTED_SHOWN = 10
CHANGES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many public articles of an outlet there are, in how many stories, and how many quotes in them."""

    articles: int = 0
    stories: int = 0
    quotes: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """An outlet's part in a story, beside the whole of it: articles, quotes, and claims on which it quotes somebody."""

    story: Story
    articles: int
    of_articles: int
    quotes: int
    of_quotes: int
    claims: int
    of_claims: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """Somebody whom an outlet quotes, and how often."""

    actor: Actor
    quotes: int


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text that the outlet changed after it had been recorded here, and how many published quotes that touched."""

    at: dt.datetime
    version: Version
    address: str
    touched: int


def articles_of(outlet: Outlet) -> ArticleQuerySet:
    """What readers may see of it, newest first, with the slug of the story in which each stands."""
    articles = Article.objects.public().filter(outlet=outlet, current_version__isnull=False).with_outlet()
    return articles.with_story_slug().defer("search", "notes", "author_bio", "as_imported").newest_first()


def quotes_in(outlet: Outlet) -> QuoteQuerySet:
    public: QuoteQuerySet = Quote.objects.public()
    return public.filter(article__outlet=outlet)


def holdings(outlets: Iterable[Outlet]) -> dict[int, Holdings]:
    """By the outlet's key."""
    keys = [outlet.pk for outlet in outlets]
    counted = (
        StoryArticle.objects.filter(
            story__status=Story.Status.PUBLISHED,
            article__outlet__in=keys,
            article__current_version__isnull=False,
        )
        .order_by()
        .values_list("article__outlet")
        .annotate(articles=Count("article", distinct=True), stories=Count("story", distinct=True))
    )
    of = Quote.objects.public().filter(article__outlet__in=keys).order_by().values_list("article__outlet")
    quotes = dict(of.annotate(number=Count("pk")))
    return {pk: Holdings(articles, stories, quotes.get(pk, 0)) for pk, articles, stories in counted}


def parts(outlet: Outlet, stories: Sequence[Story]) -> list[Part]:
    """What it carried of each story beside all that is there, in the stories' order."""
    is_its_own = Q(article__outlet=outlet)
    held = StoryArticle.objects.filter(story__in=stories, article__current_version__isnull=False)
    articles = _two(held.values_list("story"), is_its_own, "article")
    told = Quote.objects.published().filter(article__stories__in=stories).order_by()
    quotes = _two(told.values_list("article__stories"), is_its_own, "pk")
    stances = Stance.objects.filter(
        quote__status=Status.PUBLISHED,
        quote__article__stories=F("claim__story"),
        quote__article__outlet=outlet,
        claim__story__in=stories,
    )
    numbers = stances.order_by().values_list("claim__story").annotate(number=Count("claim", distinct=True))
    claims = dict(numbers)
    asked = Claim.objects.filter(story__in=stories).for_readers().order_by().values_list("story")
    of_claims = dict(asked.annotate(number=Count("pk")))
    return [
        Part(
            story,
            *articles.get(story.pk, (0, 0)),
            *quotes.get(story.pk, (0, 0)),
            claims.get(story.pk, 0),
            of_claims.get(story.pk, 0),
        )
        for story in stories
    ]


def _two(rows: Any, is_its_own: Q, counted: str) -> dict[int, tuple[int, int]]:
    """By the first column: how many are the outlet's own, and how many there are."""
    numbered = rows.order_by().annotate(
        own=Count(counted, filter=is_its_own, distinct=True), of=Count(counted, distinct=True)
    )
    return {pk: (own, of) for pk, own, of in numbered}


def stories_of(outlet: Outlet) -> Any:
    """The published stories in which it has an article, by last change."""
    its = StoryArticle.objects.filter(article__outlet=outlet, article__current_version__isnull=False)
    return Story.objects.published().filter(pk__in=its.values("story")).latest_changed_first()


def quoted(outlet: Outlet) -> list[Quoted]:
    """Those whom it quotes most, by how many public quotes."""
    who = Coalesce("speaker__canonical", "speaker")
    of_known = quotes_in(outlet).filter(speaker__isnull=False).annotate(who=who).order_by()
    numbers = of_known.values_list("who").annotate(number=Count("pk")).order_by("-number", "who")
    counted = list(numbers[:QUOTED_SHOWN])
    actors = access.public_actors().in_bulk([pk for pk, _ in counted])
    found = [Quoted(actors[pk], number) for pk, number in counted if pk in actors]
    return sorted(found, key=lambda one: (-one.quotes, one.actor.name.lower(), one.actor.pk))


def rewritten(outlet: Outlet) -> list[Rewritten]:
    """The last texts that it changed in more than typography, newest first."""
    public = Article.objects.public().filter(outlet=outlet)
    changed = (
        Version.objects.filter(article__in=public, number__gt=1, minor=False)
        .select_related("article")
        .defer("text", "article__search", "article__notes", "article__author_bio", "article__as_imported")
        .order_by("-recorded_at", "-pk")
    )
    versions = list(changed[:CHANGES_SHOWN])
    articles = {version.article_id for version in versions}
    stories = access.stories_telling(articles)
    lives: dict[int, list[list[Spell]]] = defaultdict(list)
    for quote in Quote.objects.for_readers().published().filter(article__in=articles).order_by("pk"):
        lives[quote.article_id].append(quote.life())
    return [
        Rewritten(
            version.recorded_at,
            version,
            reverse(
                "article-diff",
                args=[
                    stories[version.article_id].slug,
                    version.article_id,
                    version.number - 1,
                    version.number,
                ],
            ),
            sum(
                between(life, version.number - 1, version.number) is not None
                for life in lives[version.article_id]
            ),
        )
        for version in versions
    ]
