"""What programs read: the feed of a story, the sitemap, robots.txt."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps.views import sitemap as django_sitemap
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.text import Truncator
from django.views.decorators.http import conditional_page, require_safe

from annotations import access
from annotations.models import Event, Quote
from annotations.sitemaps import SITEMAPS
from annotations.timeline import When, when_said
from articles.models import Article, Story, Version
from newsdesk.addresses import absolute
from newsdesk.caching import public_page

ENTRIES = 100
"""Entries a feed has: what changed last."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. The title is plain text, the summary HTML that our own template made."""

    id: str
    title: str
    path: str
    summary: str
    author: str
    category: str
    published_at: dt.datetime | None
    updated_at: dt.datetime


@require_safe
@public_page
@conditional_page
def story_feed(request: HttpRequest, slug: str) -> HttpResponse:
    story = access.public_story(slug)
    feed = _StoryAtom(
        title=_xml(f"{story.title} – Newsdesk"),
        link=absolute(story.get_absolute_url()),
        description=None,
        subtitle=_xml(story.summary),
        language="en",
        feed_url=absolute(request.path),
        feed_guid=_tag(story.created_at, f"story:{story.pk}"),
        author_name="Newsdesk",
        changed_at=story.changed_at,
    )
    entries = [*_quotes(story), *_events(story), *_articles(story)]
    for entry in sorted(entries, key=lambda e: (e.updated_at, e.id), reverse=True)[:ENTRIES]:
        feed.add_item(
            title=_xml(entry.title),
            link=absolute(entry.path),
            description=_xml(entry.summary),
            unique_id=entry.id,
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
            author_name=_xml(entry.author),
            categories=[entry.category],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


class _StoryAtom(Atom1Feed):
    def latest_post_date(self) -> dt.datetime:
        """With no entries yet it's when the story changed, not now: the feed stays the same until something does."""
        latest: dt.datetime = max([self.feed["changed_at"], *(item["updateddate"] for item in self.items)])
        return latest


def _quotes(story: Story) -> Iterator[Entry]:
    quotes = Quote.objects.published().in_story(story).for_readers(story).latest_changed_first()
    for quote in quotes[:ENTRIES]:
        yield Entry(
            id=quote.uuid.urn,
            title=f"{quote.speaker_name}: {Truncator(quote.words).chars(140)}",
            path=quote.get_absolute_url(),
            summary=_summary("quote", quote=quote, when=when_said(quote)),
            author=quote.article.outlet.name,
            category="quote",
            published_at=quote.published_at,
            updated_at=quote.updated_at,
        )


def _events(story: Story) -> Iterator[Entry]:
    events = Event.objects.public().filter(story=story).evidenced().for_readers().latest_changed_first()
    for event in events[:ENTRIES]:
        when = When(event.when_earliest, event.when_latest, event.when_expression)
        yield Entry(
            id=event.uuid.urn,
            title=event.title,
            path=f"{story.get_absolute_url()}#event-{event.uuid}",
            summary=_summary("event", event=event, when=when),
            author="Newsdesk",
            category="event",
            published_at=event.published_at,
            updated_at=event.updated_at,
        )


def _articles(story: Story) -> Iterator[Entry]:
    """Each with the newest version that changed more than its typography: of a minor one nobody need hear."""
    telling = Version.objects.filter(article=OuterRef("pk"), minor=False).order_by("-number").values("pk")[:1]
    articles: Any = (
        Article.objects.filter(stories=story, current_version__isnull=False)
        .annotate(told=Coalesce(Subquery(telling), "current_version"))
        .select_related("outlet")
        .defer("search")
        .order_by("-told", "-pk")
    )
    listed = list(articles[:ENTRIES])
    versions = Version.objects.defer("text").in_bulk([article.told for article in listed])
    for article in listed:
        version = versions[article.told]
        yield Entry(
            id=_tag(article.recorded_at, f"article:{article.pk}"),
            title=f"{article.outlet.name}: {article.headline}",
            path=reverse("article", args=[story.slug, article.pk]),
            summary=_summary("article", article=article, version=version),
            author=article.byline or article.outlet.name,
            category="article",
            published_at=article.published_at,
            updated_at=version.recorded_at,
        )


def _summary(part: str, **context: object) -> str:
    return render_to_string(f"annotations/feed.html#{part}", context).strip()


def _tag(day: dt.datetime, name: str) -> str:
    """A name that stays when addresses change (RFC 4151)."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{day:%Y-%m-%d}:{name}"


def _xml(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write."""
    return _NOT_IN_XML.sub("", text)


@require_safe
@public_page
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index: one address for every so many pages of a kind."""
    pages = [
        absolute(reverse("sitemap-section", args=[section])) + (f"?p={page}" if page > 1 else "")
        for section, kind in SITEMAPS.items()
        for page in kind().paginator.page_range
    ]
    sitemaps = [{"location": address} for address in pages]
    return render(request, "sitemap_index.xml", {"sitemaps": sitemaps}, content_type="application/xml")


@require_safe
@public_page
@conditional_page
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    return django_sitemap(request, {**SITEMAPS}, section).render()


@require_safe
@public_page
def robots(request: HttpRequest) -> HttpResponse:
    context = {"sitemap": absolute(reverse("sitemap"))}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")
