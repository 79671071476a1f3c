"""Exports from the lists of the admin site: of all that a list shows, or of the rows selected."""

import re
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http.response import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from articles.admin_classes import ModelAdmin
from articles.exports import WRITERS, records
from articles.models import Article
from articles.querysets import ArticleQuerySet

LONGEST_NAME = 120
"""Characters of a file's name, without its ending."""

type Download = HttpResponse | StreamingHttpResponse


class ListExports[M: Model](ModelAdmin[M]):
    """An admin with an address a format. What is written is the subclass's to say in `exported`."""

    export_formats: ClassVar[dict[str, str]]
    """By the end of the file's name, what people call the format."""

    def exported(self, rows: QuerySet[M], format: str) -> Download:
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export)
        return [path("export/<slug:format>/", export, name=f"{self._named}_export"), *super().get_urls()]

    @property
    def _named(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def export(self, request: HttpRequest, format: str) -> HttpResponseBase:
        """The rows that the list shows with the same query, on all its pages."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        if format not in self.export_formats:
            raise Http404
        query = request.GET.copy()
        for pages in (PAGE_VAR, ALL_VAR):
            query.pop(pages, None)
        request.GET = cast(Any, query)
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(f"{reverse(f'admin:{self._named}_changelist')}?{ERROR_FLAG}=1")
        response = self.download(shown.queryset, format, what_is_shown(shown))
        if request.method == "HEAD" and isinstance(response, StreamingHttpResponse):
            response.streaming_content = iter(())
        return response

    def export_selected(self, request: HttpRequest, rows: QuerySet[M], format: str) -> HttpResponseBase:
        """For an action: the rows selected, or all that the list shows if that was asked for."""
        if request.POST.get("select_across") == "1":
            return self.download(rows, format, what_is_shown(self.get_changelist_instance(request)))
        return self.download(rows, format, ["selected"])

    def download(self, rows: QuerySet[M], format: str, words: list[str]) -> Download:
        """The rows as a file whose name has the day and the words."""
        response = self.exported(rows, format)
        plural = str(self.opts.verbose_name_plural)
        name = f"{name_of([plural, timezone.localdate().isoformat(), *words])}.{format}"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return response

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        links = [
            (label, reverse(f"admin:{self._named}_export", args=[format]))
            for format, label in self.export_formats.items()
        ]
        return super().changelist_view(request, {"exports": links, **(extra_context or {})})


class ArticleExports(ListExports[Article]):
    """For the list of articles."""

    export_formats: ClassVar = {"csv": "CSV", "jsonl": "JSON lines"}
    actions = ["export_csv", "export_json_lines"]

    def exported(self, rows: QuerySet[Article], format: str) -> Download:
        media_type, write = WRITERS[format]
        return StreamingHttpResponse(write(records(cast(ArticleQuerySet, rows))), content_type=media_type)

    @admin.action(description="Export the selected articles as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponseBase:
        return self.export_selected(request, articles, "csv")

    @admin.action(description="Export the selected articles as JSON lines", permissions=["view"])
    def export_json_lines(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponseBase:
        return self.export_selected(request, articles, "jsonl")


def name_of(words: list[str]) -> str:
    """Such as “articles-2026-02-03-outlet-the-courier-search-bridge”."""
    return slugify(" ".join(words), allow_unicode=True)[:LONGEST_NAME].rstrip("-")


def what_is_shown(shown: ChangeList) -> list[str]:
    """The search and the filters of a list, in words."""
    words = ["search", shown.query] if shown.query else []
    for spec in shown.filter_specs:
        choices: list[Any] = list(spec.choices(shown))
        for choice in choices[1:]:  # the first is for all
            if choice.get("selected"):
                words += [str(spec.title), str(choice["display"])]
    days = re.compile(r"\w+__(?:year|month|day)")
    words += [str(value) for name, value in sorted(shown.params.items()) if days.fullmatch(name)]
    return words
