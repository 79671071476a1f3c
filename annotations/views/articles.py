from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from annotations import access
from annotations.anchoring import word_diff
from annotations.comparing import compare, is_same
from annotations.forms.filters import VersionForm
from annotations.leaving import gathering, schema_org
from annotations.margin import annotated
from annotations.models import Stance
from annotations.rendering import web_address
from annotations.touched import touched
from articles.models import Article, Version
from newsdesk.addresses import absolute
from newsdesk.caching import public_page, tagged_by_content
from newsdesk.sharing import for_other_sites

ROWS_SHOWN = 2_000
"""Rows of a comparison: a page of more could be shown by no browser."""


@require_safe
@public_page
def article(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An article's text with its annotations, in its current version or in the one asked for."""
    story = access.public_story(slug)
    found = access.public_article(story, pk)
    version = _version(found, request)
    context = {
        "story": story,
        "article": found,
        "version": version,
        "is_current": version.pk == found.current_version_id,
        "versions": _versions(found),
        "text": annotated(story, found, version),
        "positions": Stance.Position.values,
        "original": web_address(found.url),
        "zone": _zone(found),
        "archived": web_address(found.archive_url),
        "trail": [(gettext("Stories"), reverse("stories")), (story.title, story.get_absolute_url())],
        "canonical": absolute(request.path),
        "linked_data": schema_org.document(
            schema_org.news_article(
                gathering.source(found, story),
                gathering.told(story),
                headline=version.headline,
                version=version.number,
            )
        ),
    }
    return render(request, "annotations/article.html", context)


@require_safe
@for_other_sites
@public_page
@tagged_by_content
def text(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """The text of a version and nothing else: what the offsets of annotations count in."""
    found = access.public_article(access.public_story(slug), pk)
    version = get_object_or_404(found.versions, number=number)
    headers = {"X-Robots-Tag": "noindex", "Content-Language": found.language}
    return HttpResponse(
        version.text,
        content_type="text/plain; charset=utf-8",
        headers={name: value for name, value in headers.items() if value},
    )


def _zone(article: Article) -> str:
    """The time zone in which the publication is told, such as BST; where it has no letters, as UTC+04."""
    if article.published_at is None:
        return ""
    name = article.published_at.astimezone(ZoneInfo(article.outlet.time_zone)).tzname() or ""
    return f"UTC{name}" if name.startswith(("+", "-")) else name


def _versions(article: Article) -> list[Version]:
    return list(article.versions.defer("text").order_by("number"))


def _version(article: Article, request: HttpRequest) -> Version:
    form = VersionForm(request.GET)
    if not form.is_valid():
        raise Http404("no such version")
    number = form.cleaned_data["version"]
    current = article.current_version
    if current and number in (None, current.number):
        return current
    return get_object_or_404(article.versions, number=number)


@require_safe
@public_page
def differences(request: HttpRequest, slug: str, pk: int, old: int, new: int) -> HttpResponse:
    """What changed in an article from one version to a later one: the headline, the text, the quotes."""
    story = access.public_story(slug)
    found = access.public_article(story, pk)
    before = get_object_or_404(found.versions, number=old)
    after = get_object_or_404(found.versions, number=new)
    if old == new:
        raise Http404("a version does not differ from itself")
    if old > new:
        return redirect("article-diff", slug, pk, new, old, permanent=True)
    rows = compare(before.text, after.text)
    versions = _versions(found)
    context = {
        "story": story,
        "article": found,
        "old": before,
        "new": after,
        "headline": word_diff(before.headline, after.headline) if before.headline != after.headline else [],
        "rows": rows[:ROWS_SHOWN],
        "has_more": len(rows) > ROWS_SHOWN,
        "is_same": is_same(rows),
        "touched": touched(story, found, before, after),
        "versions": versions,
        "between": [version for version in versions if old < version.number <= new],
        "page": reverse("article", args=[slug, pk]),
        "trail": [
            (gettext("Stories"), reverse("stories")),
            (story.title, story.get_absolute_url()),
            (after.headline, reverse("article", args=[slug, pk])),
        ],
        "canonical": absolute(request.path),
    }
    return render(request, "annotations/article_diff.html", context)
