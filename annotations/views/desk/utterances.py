"""Quotes in several outlets that may be one utterance: proposed by the program, row by row decided on here."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotations.access import editors_only
from annotations.forms.utterances import DecisionForm, ListForm, UtteranceFilters
from annotations.joining import Decision, decision, join, keep_apart, undo
from annotations.models import NotAllowed, ProposedUtterance, Quote, StaleRevision
from annotations.renderings import Row, rows, with_renderings
from annotations.views.desk.annotating import editor, is_partial

PAGE = "annotations/desk/utterances.html"
ROWS_A_PAGE = 10

CHANGED = (
    "Somebody changed one of these meanwhile. Nothing was done: look at them as they are now, and press again if "
    "you still want to."
)


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def utterances(request: HttpRequest) -> HttpResponse:
    """GET lists what is proposed; POST makes one utterance of the renderings that are ticked."""
    if request.method == "POST":
        return _decide(request, join)
    filters, place = UtteranceFilters(request.GET), ListForm(request.GET).cleaned_data
    page = Paginator(with_renderings(filters.found()), ROWS_A_PAGE).get_page(place.get("page"))
    done = decision(editor(request), place["done"]) if place.get("done") else None
    context = {
        **_context(filters, page.number),
        "page": page,
        "count": page.paginator.count,
        "rows": rows(page),
        **_told(done),
    }
    context["is_partial"] = is_partial(request)
    template = f"{PAGE}#list" if is_partial(request) else PAGE
    return render(request, template, context)


@editors_only
@require_POST
def distinction(request: HttpRequest) -> HttpResponse:
    """Remembers that no two of the renderings are the same utterance."""
    return _decide(request, keep_apart)


def _decide(request: HttpRequest, decide: Callable[..., Any]) -> HttpResponse:
    form, now = DecisionForm(request.POST), timezone.now()
    if not form.is_valid():
        return _refused(request, form, form.problem, status=422)
    try:
        decide(form.read, by=editor(request), now=now)
    except StaleRevision:
        return _refused(request, form, CHANGED, status=409)
    except NotAllowed as reason:
        return _refused(request, form, str(reason), status=422)
    done = decision(editor(request), now)
    assert done is not None
    said = _said(done)
    if not is_partial(request):
        messages.success(request, said)
        return _back(request, now)
    left = ProposedUtterance.objects.standing().filter(pk__in=_naming(done.quotes))
    return _answer(request, rows(with_renderings(left).order_by("pk")), done=done, said=said)


def _said(done: Decision) -> str:
    if done.is_joining:
        return f"Joined: {_number(len(done.quotes))} came to one utterance."
    return f"Remembered: these {_number(len(done.quotes))} are not the same, and are not proposed again."


def _number(count: int) -> str:
    return f"{count} rendering{'' if count == 1 else 's'}"


@editors_only
@require_POST
def undoing(request: HttpRequest) -> HttpResponse:
    """Takes back what one decided on the list at one moment."""
    at = ListForm(request.POST).cleaned_data.get("done")
    of = decision(editor(request), at) if at else None
    if of is None:
        return _refused(request, None, "There is nothing of yours to undo here any more.", status=422)
    kept = undo(of, by=editor(request), now=timezone.now())
    said = "Undone." if not kept else f"Undone, but for {_number(kept)}: something was done to them since."
    if not is_partial(request):
        messages.success(request, said)
        return _back(request)
    found = ProposedUtterance.objects.standing().filter(pk__in=_naming(of.quotes))
    return _answer(request, rows(with_renderings(found).order_by("pk")), said=said)


# -- answers -----------------------------------------------------------------------------------------------


def _refused(request: HttpRequest, form: DecisionForm | None, error: str, *, status: int) -> HttpResponse:
    """Nothing was done: why, beside the renderings as they stand now."""
    if not is_partial(request):
        messages.error(request, error)
        return _back(request)
    quotes = Quote.objects.filter(uuid__in=form.read if form else []).values_list("pk", flat=True)
    found = ProposedUtterance.objects.standing().filter(pk__in=_naming(list(quotes)))
    shown = rows(with_renderings(found).order_by("pk"))
    if shown:
        shown[0].error = error
    return _answer(request, shown, said="" if shown else error, status=status)


def _naming(quotes: Sequence[int]) -> Any:
    return ProposedUtterance.objects.naming(quotes).values("pk")


def _answer(
    request: HttpRequest, shown: Sequence[Row], *, done: Decision | None = None, said: str, status: int = 200
) -> HttpResponse:
    """What stands in the place of the row: what was done, and what of it is proposed still."""
    filters = UtteranceFilters(request.POST)
    context = {
        **_context(filters, ListForm(request.POST).cleaned_data.get("page") or 1),
        **_told(done),
        "rows": shown,
        "said": said,
        "count": filters.found().count(),
        "is_answer": True,
    }
    return render(request, f"{PAGE}#answer", context, status=status)


def _context(filters: UtteranceFilters, page: int) -> dict[str, Any]:
    return {"filters": filters, "kept": {**filters.kept, **({"page": page} if page > 1 else {})}}


def _told(done: Decision | None) -> dict[str, Any]:
    """What was decided, with the quotes that it was about."""
    if done is None:
        return {"done": None}
    quotes = Quote.objects.with_words().filter(pk__in=done.quotes).defer("version__text", "article__search")
    return {"done": done, "done_quotes": list(quotes.order_by("pk")[:3]), "done_said": _said(done)}


def _back(request: HttpRequest, done: dt.datetime | None = None) -> HttpResponse:
    """For a browser without scripts: the list again, where one was in it."""
    query = QueryDict(mutable=True)
    query.update(UtteranceFilters(request.POST).kept)
    if page := ListForm(request.POST).cleaned_data.get("page"):
        query["page"] = str(page)
    if done:
        query["done"] = done.isoformat()
    answer = redirect("desk:utterances")
    if query:
        answer["Location"] += f"?{query.urlencode()}"
    return answer
