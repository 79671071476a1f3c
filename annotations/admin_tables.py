"""Small tables in the admin site: a page on which a file is looked at and brought in, and exports of the list."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from annotations.forms.tables import TableForm, signed, unsigned
from annotations.resources import TableResource, TableRow
from annotations.tables import WRITERS, Table
from articles.admin_classes import laid_out
from articles.admin_exports import Download, ListExports

if TYPE_CHECKING:
    from import_export.results import Result

SHOWN = 200
"""Rows of each kind that a page shows."""

CLASHED = "Somebody changed the same rows at this moment. Nothing was stored: look at it again."


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that would be made or changed: where it stood, and by column its old and new value."""

    place: str
    is_new: bool
    cells: list[tuple[str, str, str]]
    note: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a table's rows do: how many, the first of them, and what is wrong with the others."""

    new: int
    changed: int
    same: int
    refused: int
    rows: list[ChangedRow]
    errors: list[tuple[str, list[str]]]
    unused: list[str]

    @classmethod
    def of(cls, result: "Result", table: Table) -> "Outcome":
        found: list[TableRow] = list(result.rows)  # type: ignore[arg-type]
        refused = [row for row in found if row.errors or row.validation_error]
        changed = [row for row in found if row.is_new() or row.is_update()]
        return cls(
            new=sum(row.is_new() for row in found),
            changed=sum(row.is_update() for row in found),
            same=sum(row.is_skip() for row in found),
            refused=len(refused) + len(result.base_errors),
            rows=[
                ChangedRow(row.place, row.is_new(), cast(Any, row.diff), row.note) for row in changed[:SHOWN]
            ],
            errors=[(row.place, _reasons(row)) for row in refused[:SHOWN]]
            + [("", [str(error.error)]) for error in result.base_errors],
            unused=table.unused,
        )

    @property
    def has_notes(self) -> bool:
        return any(row.note for row in self.rows)

    @property
    def not_shown(self) -> int:
        return self.new + self.changed - len(self.rows)


def _reasons(row: TableRow) -> list[str]:
    """Why a row is refused, with the column that each reason is about."""
    error = row.validation_error
    if error is None:
        return [f"It can’t be stored ({type(one.error).__name__})." for one in row.errors]
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    return [
        message if name == NON_FIELD_ERRORS else f"{name}: {message}"
        for name, said in error.message_dict.items()
        for message in said
    ]


class TableAdmin[M: Model](ListExports[M]):
    """An admin of a model whose rows come and go as small tables."""

    resource: ClassVar[type[TableResource]]
    export_formats: ClassVar = {"csv": "CSV", "json": "JSON"}
    change_list_template = "admin/annotations/table_list.html"
    actions = ["export_csv", "export_json"]

    # Out.

    def exported(self, rows: QuerySet[M], format: str) -> Download:
        media_type, write = WRITERS[format]
        resource = self.resource()
        plain = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
        data = write(resource.columns(), resource.listed(plain.order_by("pk")))
        return HttpResponse(data, content_type=media_type)

    @admin.action(description="Export the selected %(verbose_name_plural)s as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, rows: QuerySet[M]) -> HttpResponseBase:
        return self.export_selected(request, rows, "csv")

    @admin.action(description="Export the selected %(verbose_name_plural)s as JSON", permissions=["view"])
    def export_json(self, request: HttpRequest, rows: QuerySet[M]) -> HttpResponseBase:
        return self.export_selected(request, rows, "json")

    # In.

    def has_import_permission(self, request: HttpRequest) -> bool:
        """A table makes rows and changes them."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.bring_in)
        return [path("import/", page, name=f"{self._named}_import"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        may = {"has_import_permission": self.has_import_permission(request)}
        return super().changelist_view(request, {**may, **(extra_context or {})})

    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """One address for all steps: asking for a file, showing what it does, and, with `table`, storing that."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, TableForm(resource=self.resource))
        if "table" in request.POST:
            return self._store(request)
        form = TableForm(request.POST, request.FILES, resource=self.resource)
        if not form.is_valid():
            return self._page(request, form, status=422)
        return self._show(request, form, form.content, form.table)

    def _show(self, request: HttpRequest, form: TableForm, data: bytes, table: Table) -> HttpResponse:
        outcome = Outcome.of(self.resource().bring_in(table, is_trial=True), table)
        if outcome.errors:
            return self._page(request, form, outcome=outcome, status=422)
        return self._page(request, form, outcome=outcome, table=signed(data, self.resource))

    def _store(self, request: HttpRequest) -> HttpResponse:
        try:
            table = self.resource.table_of(unsigned(request.POST["table"], self.resource))
        except signing.BadSignature:
            messages.error(request, "The page was out of date. Give the file again, please.")
            return redirect(request.path)
        empty = TableForm(resource=self.resource)
        try:
            with transaction.atomic():
                outcome = Outcome.of(self.resource().bring_in(table, is_trial=False), table)
        except DatabaseError:
            messages.error(request, CLASHED)
            return redirect(request.path)
        if outcome.errors:  # not so when the person looked at it
            return self._page(request, empty, outcome=outcome, status=409)
        counts = f"{outcome.new} new, {outcome.changed} changed, {outcome.same} the same as before"
        messages.success(request, f"Stored: {counts}.")
        return redirect(reverse(f"admin:{self._named}_changelist"))

    def _page(
        self,
        request: HttpRequest,
        form: TableForm,
        *,
        outcome: Outcome | None = None,
        table: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Import {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "form": form,
            "adminform": laid_out(form, self),
            "columns": self.resource.columns(),
            "outcome": outcome,
            "table": table,
        }
        return render(request, "admin/annotations/table_import.html", context, status=status)
