"""What search engines are told of: what readers may see, under the site's own address, and nothing else."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from annotations import access
from annotations.leaving.xmltext import writable
from annotations.models import Actor, Claim, Quote
from articles.models import Article, Outlet, Story
from newsdesk.addresses import absolute

if TYPE_CHECKING:
    _Sitemap = Sitemap[Any]
else:
    _Sitemap = Sitemap


class PublicSitemap(_Sitemap):
    """Its addresses begin with SITE_URL, whatever host the request named."""

    limit = 5000

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class StorySitemap(PublicSitemap):
    def items(self) -> QuerySet[Story]:
        return Story.objects.published().order_by("pk")

    def lastmod(self, story: Story) -> dt.datetime:
        return story.changed_at


class ClaimSitemap(PublicSitemap):
    def items(self) -> QuerySet[Claim]:
        return (
            Claim.objects.filter(story__in=Story.objects.published())
            .for_readers()
            .select_related("story")
            .order_by("pk")
        )


class ArticleSitemap(PublicSitemap):
    """Each article once, in the story that `Article.get_absolute_url` names."""

    def items(self) -> QuerySet[Any, Any]:
        articles: Any = Article.objects.public().filter(current_version__isnull=False).with_story_slug()
        pairs: QuerySet[Any, Any] = articles.order_by("pk").values_list("story_slug", "pk")
        return pairs

    def location(self, item: tuple[str, int]) -> str:
        return reverse("article", args=item)


class ActorSitemap(PublicSitemap):
    def items(self) -> QuerySet[Actor]:
        return access.public_actors().standing().order_by("pk")


class OutletSitemap(PublicSitemap):
    def items(self) -> QuerySet[Outlet]:
        return Outlet.objects.public().order_by("pk")


class QuoteSitemap(PublicSitemap):
    def items(self) -> QuerySet[Quote]:
        return Quote.objects.public().only("uuid", "updated_at").order_by("pk")

    def lastmod(self, quote: Quote) -> dt.datetime:
        return quote.updated_at


SITEMAPS: dict[str, type[PublicSitemap]] = {
    "stories": StorySitemap,
    "claims": ClaimSitemap,
    "articles": ArticleSitemap,
    "actors": ActorSitemap,
    "outlets": OutletSitemap,
    "quotes": QuoteSitemap,
}

NEWS_DAYS = 2
NEWS = 1000
"""Google News looks at articles of the last two days, and at a thousand of them."""


@dataclass(frozen=True, slots=True)
class News:
    """An article that was published lately, and the address of our page of it."""

    address: str
    outlet: str
    language: str
    title: str
    published_at: dt.datetime


def news(now: dt.datetime) -> list[News]:
    """The newest first; what is dated in the future, or not at all, is none."""
    articles: Any = (
        Article.objects.public()
        .filter(current_version__isnull=False, published_at__range=(now - dt.timedelta(NEWS_DAYS), now))
        .with_story_slug()
    )
    rows = articles.newest_first().values_list(
        "story_slug", "pk", "outlet__name", "language", "headline", "published_at"
    )
    return [
        News(
            absolute(reverse("article", args=[slug, pk])),
            writable(outlet),
            language or "en",
            writable(headline),
            at,
        )
        for slug, pk, outlet, language, headline, at in rows[:NEWS]
    ]
