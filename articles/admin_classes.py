"""What the apps' admins are made of: classes that take types, tell a row's whole history, or only show.

The history is the one that the database's triggers keep, so it has every change, wherever it was made.
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, TabularInline
else:

    class _TakesTypes:
        """Django's admin classes take type arguments in their stubs only."""

        def __class_getitem__(cls, _types):
            return cls

    class ModelAdmin(_TakesTypes, admin.ModelAdmin):
        pass

    class TabularInline(_TakesTypes, admin.TabularInline):
        pass


__all__ = ["ModelAdmin", "ReadOnlyAdmin", "ReadOnlyInline", "TabularInline", "TracedAdmin", "laid_out"]

PAGE = 50
LONGEST = 200
"""Characters of a value that are shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One change of a row: when, by whom (empty for the program itself), and what it changed."""

    at: dt.datetime
    who: str
    what: str
    differences: list[Difference]


WHAT = {"insert": "made", "update": "changed", "delete": "deleted"}


def happenings(events: list[Any], before: Any = None) -> list[Happening]:
    """What each event did, newest first. `events` are newest first; `before` is the event before them."""
    users = get_user_model()._default_manager.in_bulk(
        {user for event in events if (user := (event.pgh_context and event.pgh_context.metadata.get("user")))}
    )
    found = []
    for event, previous in zip(events, [*events[1:], before], strict=True):
        user = event.pgh_context and event.pgh_context.metadata.get("user")
        found.append(
            Happening(
                event.pgh_created_at,
                str(users.get(user, "")) if user else "",
                WHAT.get(event.pgh_label, event.pgh_label),
                _differences(previous, event) if event.pgh_label == "update" else [],
            )
        )
    return found


def _differences(old: Any, new: Any) -> list[Difference]:
    fields = [field for field in new._meta.fields if not field.name.startswith("pgh_")]
    return [
        Difference(str(field.verbose_name), _shown(before), _shown(after))
        for field in fields
        if old is not None
        and (before := getattr(old, field.attname)) != (after := getattr(new, field.attname))
    ]


def _shown(value: Any) -> str:
    words = "" if value is None else str(value)
    return words if len(words) <= LONGEST else words[:LONGEST].rstrip() + "…"


class TracedAdmin[M: Model](ModelAdmin[M]):
    """An admin whose History page tells every change of the row, wherever it was made."""

    def formfield_for_dbfield(self, *args: Any, **kwargs: Any) -> Any:
        """Without the button that deletes the row chosen: an outlet is not deleted from within an article."""
        field = super().formfield_for_dbfield(*args, **kwargs)
        if field is not None and hasattr(field.widget, "can_delete_related"):
            field.widget.can_delete_related = False
        return field

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row: Any = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        if not hasattr(row, "history"):
            return super().history_view(request, object_id, extra_context)
        events = row.history.select_related("pgh_context").order_by("-pgh_id")
        page = self.get_paginator(request, events, PAGE).get_page(request.GET.get(PAGE_VAR, 1))
        shown = list(page)
        before = events.filter(pgh_id__lt=shown[-1].pgh_id).first() if shown else None
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {row}",
            "subtitle": None,
            "happenings": happenings(shown, before),
            "page": page,
            "page_var": PAGE_VAR,
            "object": row,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/history.html", context)


class ReadOnlyAdmin[M: Model](TracedAdmin[M]):
    """Shown here, changed elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline[M: Model, P: Model](TabularInline[M, P]):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def laid_out(form: Any, model_admin: "ModelAdmin[Any]") -> AdminForm:
    """A form as the admin's own pages show theirs, by its FIELDSETS."""
    return AdminForm(form, form.FIELDSETS, {}, model_admin=model_admin)
