"""What stands in the feeds: published quotes, events and articles, the last changed first."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator

from annotations import access
from annotations.leaving.feeds import Entry, Feed
from annotations.models import Actor, Claim, Event, Quote
from annotations.querysets import EventQuerySet, QuoteQuerySet
from annotations.timeline import evidence_of, when_happened, when_said
from articles.models import Article, Story, Version
from articles.querysets import ArticleQuerySet
from newsdesk.addresses import absolute

ENTRIES = 100
"""Entries a feed has: what changed last."""

FOUNDED = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)
"""The day in the names of feeds that have none of their own, and when an empty site last changed."""


def of_site() -> Feed:
    """All published stories: their quotes, events and articles."""
    articles: ArticleQuerySet = Article.objects.public()
    events = Event.objects.public().evidenced()
    return Feed(
        id=tag(FOUNDED, "site"),
        title="Newsdesk",
        page=absolute("/"),
        subtitle="Who said what in the news, when, and for or against which claim.",
        entries=_newest([*_quotes(Quote.objects.public()), *_events(events), *_articles(articles)]),
        changed_at=_last_change(),
    )


def of_story(story: Story) -> Feed:
    articles = Article.objects.filter(stories=story)
    events = Event.objects.public().filter(story=story).evidenced()
    quotes = Quote.objects.published().in_story(story)
    return Feed(
        id=tag(story.created_at, f"story:{story.pk}"),
        title=f"{story.title} – Newsdesk",
        page=absolute(story.get_absolute_url()),
        subtitle=story.summary,
        entries=_newest([*_quotes(quotes, story), *_events(events), *_articles(articles, story)]),
        changed_at=story.changed_at,
    )


def of_claim(claim: Claim) -> Feed:
    """The quotes that take a stance on a claim. Needs its story."""
    quotes = Quote.objects.published().in_story(claim.story).filter(stances__claim=claim)
    return Feed(
        id=tag(claim.created_at, f"claim:{claim.pk}"),
        title=f"{claim.text} – Newsdesk",
        page=absolute(claim.get_absolute_url()),
        subtitle=f"Who supports and who opposes it. Of the story: {claim.story.title}",
        entries=_newest(_quotes(quotes, claim.story)),
        changed_at=claim.created_at,
    )


def of_actor(actor: Actor) -> Feed:
    """What an actor said, and what those said who were merged into it."""
    return Feed(
        id=tag(FOUNDED, f"actor:{actor.pk}"),
        title=f"{actor.name} – Newsdesk",
        page=absolute(actor.get_absolute_url()),
        subtitle=f"What {actor.name} said, when, and for or against which claim.",
        entries=_newest(_quotes(Quote.objects.public().of_actor(actor))),
        changed_at=FOUNDED,
    )


def of_search(words: str, query: str, listed: str, found: Sequence[int]) -> Feed:
    """Articles or quotes that a search found, by their keys; `query` is what was asked for, as in an address."""
    asked = f"?{query}" if query else ""
    told: Iterable[Entry] = (
        _quotes(Quote.objects.public().filter(pk__in=found))
        if listed == "quotes"
        else _articles(Article.objects.public().filter(pk__in=found))
    )
    return Feed(
        id=absolute(f"{reverse('search')}{asked}"),
        title=f"“{words}” – Newsdesk" if words else "Search – Newsdesk",
        page=absolute(f"{reverse('search')}{asked}"),
        subtitle=f"The newest {listed} that this search finds.",
        entries=_newest(told),
        changed_at=FOUNDED,
    )


def tag(day: dt.datetime, name: str) -> str:
    """A name that stays when addresses change (RFC 4151)."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{day:%Y-%m-%d}:{name}"


def _last_change() -> dt.datetime:
    last: dt.datetime | None = Story.objects.published().aggregate(last=Max("changed_at"))["last"]
    return last or FOUNDED


def _newest(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda e: (e.updated_at, e.id), reverse=True)[:ENTRIES]


def _quotes(quotes: QuoteQuerySet, story: Story | None = None) -> Iterator[Entry]:
    for quote in quotes.for_readers(story).latest_changed_first()[:ENTRIES]:
        yield Entry(
            id=quote.uuid.urn,
            title=f"{quote.speaker_name}: {Truncator(quote.words).chars(140)}",
            address=absolute(quote.get_absolute_url()),
            summary=_summary("quote", quote=quote, when=when_said(quote)),
            author=quote.article.outlet.name,
            category="quote",
            language=quote.article.language,
            published_at=quote.published_at,
            updated_at=quote.updated_at,
        )


def _events(events: EventQuerySet) -> Iterator[Entry]:
    for event in events.for_readers().latest_changed_first()[:ENTRIES]:
        yield Entry(
            id=event.uuid.urn,
            title=event.title,
            address=absolute(f"{event.story.get_absolute_url()}#event-{event.uuid}"),
            summary=_summary("event", event=event, when=when_happened(event, evidence_of(event))),
            author="Newsdesk",
            category="event",
            language="en",
            published_at=event.published_at,
            updated_at=event.updated_at,
        )


def _articles(articles: ArticleQuerySet, story: Story | None = None) -> Iterator[Entry]:
    """Each with the newest version that changed more than its typography: of a minor one nobody need hear."""
    telling = Version.objects.filter(article=OuterRef("pk"), minor=False).order_by("-number").values("pk")[:1]
    newest: Any = (
        articles.filter(current_version__isnull=False)
        .annotate(told=Coalesce(Subquery(telling), "current_version"))
        .select_related("outlet")
        .defer("search", "notes", "author_bio", "as_imported")
        .order_by("-told", "-pk")
    )
    listed = list(newest[:ENTRIES])
    versions = Version.objects.defer("text").in_bulk([article.told for article in listed])
    stories = {} if story else access.stories_telling([article.pk for article in listed])
    for article in listed:
        version, where = versions[article.told], story or stories[article.pk]
        yield Entry(
            id=tag(article.recorded_at, f"article:{article.pk}"),
            title=f"{article.outlet.name}: {article.headline}",
            address=absolute(reverse("article", args=[where.slug, article.pk])),
            summary=_summary("article", article=article, version=version),
            author=article.byline or article.outlet.name,
            category="article",
            language=article.language,
            published_at=article.published_at,
            updated_at=version.recorded_at,
        )


def _summary(part: str, **context: object) -> str:
    return render_to_string(f"annotations/feed.html#{part}", context).strip()
