"""Exports from the list of articles in the admin site: of all that the list shows, or of the rows selected."""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from articles.exports import WRITERS, records
from articles.models import Article
from articles.querysets import ArticleQuerySet

if TYPE_CHECKING:
    from articles.admin_classes import ModelAdmin

    Base = ModelAdmin[Article]
else:
    Base = object

LONGEST_NAME = 120
"""Characters of a file's name, without its ending."""


class ArticleExports(Base):
    """Mixed into the admin of articles: an address a format, and an action for each."""

    actions = ["export_csv", "export_json_lines"]

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export)
        return [path("export/<slug:format>/", export, name="articles_article_export"), *super().get_urls()]

    def export(self, request: HttpRequest, format: str) -> HttpResponseBase:
        """The articles that the list shows with the same query, on all its pages."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        if format not in WRITERS:
            raise Http404
        query = request.GET.copy()
        for pages in (PAGE_VAR, ALL_VAR):
            query.pop(pages, None)
        request.GET = cast(Any, query)
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(f"{reverse('admin:articles_article_changelist')}?{ERROR_FLAG}=1")
        response = download(shown.queryset, format, what_is_shown(shown))
        if request.method == "HEAD":
            response.streaming_content = iter(())
        return response

    @admin.action(description="Export the selected articles as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponseBase:
        return self._selected(request, articles, "csv")

    @admin.action(description="Export the selected articles as JSON lines", permissions=["view"])
    def export_json_lines(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponseBase:
        return self._selected(request, articles, "jsonl")

    def _selected(self, request: HttpRequest, articles: QuerySet[Article], format: str) -> HttpResponseBase:
        if request.POST.get("select_across") == "1":
            return download(articles, format, what_is_shown(self.get_changelist_instance(request)))
        return download(articles, format, ["selected"])


def download(articles: QuerySet[Article], format: str, words: list[str]) -> StreamingHttpResponse:
    """The articles as a file whose name has the day and the words."""
    media_type, write = WRITERS[format]
    response = StreamingHttpResponse(write(records(cast(ArticleQuerySet, articles))), content_type=media_type)
    name = f"{name_of(words, timezone.localdate())}.{format}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def name_of(words: list[str], today: dt.date) -> str:
    """Such as “articles-2026-02-03-outlet-the-courier-search-bridge”."""
    said = slugify(" ".join(words), allow_unicode=True)
    return f"articles-{today.isoformat()}-{said}"[:LONGEST_NAME].rstrip("-")


def what_is_shown(shown: ChangeList) -> list[str]:
    """The search and the filters of a list, in words."""
    words = ["search", shown.query] if shown.query else []
    for spec in shown.filter_specs:
        choices: list[Any] = list(spec.choices(shown))
        for choice in choices[1:]:  # the first is for all
            if choice.get("selected"):
                words += [str(spec.title), str(choice["display"])]
    years = re.compile(r"published_at__(?:year|month|day)")
    words += [str(value) for name, value in sorted(shown.params.items()) if years.fullmatch(name)]
    return words
