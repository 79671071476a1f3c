"""The lists in which quotes are decided on whose words an outlet changed or removed: row by row, on one page."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from annotations.access import desk_quote
from annotations.checking import Row, row_of, rows, worklist
from annotations.desklists import DeskList
from annotations.models import Quote
from annotations.panels import POSITIONS
from annotations.views.desk.annotating import editor, is_partial

PAGE = "annotations/desk/checking.html"
ROWS_A_PAGE = 10


def show_worklist(request: HttpRequest, of: DeskList) -> HttpResponse:
    """A page of the list; `only` leaves one quote in it, `done` shows what was just done with another."""
    user = editor(request)
    found = of.rows(user)
    if only := _uuid(request.GET, "only"):
        found = found.filter(uuid=only)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **_context(of),
        "page": page,
        "count": page.paginator.count,
        "only": only,
        "rows": rows(of, page, user),
        "done": _done(of, request),
    }
    return render(request, PAGE, context)


def _done(of: DeskList, request: HttpRequest) -> Row | None:
    uuid = _uuid(request.GET, "done")
    quote = Quote.objects.filter(uuid=uuid).first() if uuid else None
    row = row_of(of, quote, editor(request)) if quote else None
    return row if row and row.is_done else None


def list_of(request: HttpRequest) -> DeskList | None:
    """The list in which a step was taken, as its form says in `back`; None for a step taken elsewhere."""
    return worklist(request.POST.get("back"))


def answer_in_list(
    request: HttpRequest, of: DeskList, uuid: UUID, *, said: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    """The row as it is now, or what was done with it; without scripts, the list again."""
    if not is_partial(request):
        messages.success(request, said) if said else messages.error(request, error)
        back = redirect("desk:list", slug=of.slug)
        back["Location"] += f"?{_page_and_done(request, uuid)}"
        return back
    user = editor(request)
    row: Row = row_of(of, desk_quote(uuid), user)
    row.error = error
    context = {**_context(of), "row": row, "said": said, "count": of.find(user).count(), "is_answer": True}
    context["pressed"] = request.POST.get("position")
    context["claim_pressed"] = request.GET.get("claim")
    context["reason"] = request.POST.get("reason") if error else None
    return render(request, f"{PAGE}#answer", context, status=status)


def _context(of: DeskList) -> dict[str, Any]:
    return {"list": of, "positions": POSITIONS}


def _page_and_done(request: HttpRequest, uuid: UUID) -> str:
    query = QueryDict(mutable=True)
    if (page := request.POST.get("page", "")).isdecimal():
        query["page"] = page
    query["done"] = str(uuid)
    return query.urlencode()


def _uuid(data: QueryDict, name: str) -> UUID | None:
    try:
        found: UUID | None = forms.UUIDField(required=False).clean(data.get(name))
    except forms.ValidationError:
        return None
    return found
