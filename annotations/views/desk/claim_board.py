"""A story's claims made fewer or more: two that say the same, one that says two things, one that is retired."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotations import claim_board
from annotations.access import desk_claim, editors_only
from annotations.desklists import listed, stance_rows
from annotations.forms.claim_board import MergingForm, RetirementForm, SplittingForm
from annotations.forms.merging import MomentForm
from annotations.models import Claim, NotAllowed, Quote, StaleRevision, Verb
from annotations.undoing import acts_at, take_back
from annotations.views.desk.annotating import editor

QUOTES_SHOWN = 100

CHANGED = "Somebody changed one of the claims, or a stance on it, meanwhile. Nothing was done: look at it as it is now."


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def merging(request: HttpRequest, pk: int) -> HttpResponse:
    """GET says what making this claim one with another would do; POST does it."""
    found, posted = desk_claim(pk), request.method == "POST"
    form = MergingForm(
        request.POST if posted else request.GET if "into" in request.GET else None, claim=found
    )
    if not form.is_valid():
        return _show_merging(request, found, form, status=422 if form.is_bound else 200)
    into, opposite = form.cleaned_data["into"], form.cleaned_data["opposite"]
    if not posted:
        return _show_merging(request, found, form, into=into)
    try:
        many = claim_board.merge(
            found,
            into,
            opposite=opposite,
            read=form.cleaned_data["read"],
            by=editor(request),
            now=timezone.now(),
        )
    except claim_board.ChangedMeanwhile:
        return _show_merging(request, desk_claim(pk), form, into=into, problem=CHANGED, status=409)
    except NotAllowed as reason:
        return _show_merging(request, found, form, into=into, problem=str(reason), status=422)
    messages.success(
        request, f"Merged: {_stances(many)} moved here. Take the other claim up again to undo that."
    )
    return redirect("desk:claim", pk=into.pk)


def _stances(count: int) -> str:
    return f"{count} stance{'' if count == 1 else 's'}"


def _show_merging(
    request: HttpRequest,
    claim: Claim,
    form: MergingForm,
    *,
    into: Claim | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    opposite = form.is_bound and bool(form.cleaned_data.get("opposite"))
    what = claim_board.merging(claim, into, opposite=opposite) if into else None
    context = {"claim": claim, "form": form, "what": what, "problem": problem}
    return render(request, "annotations/desk/claim_merging.html", context, status=status)


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """GET lists the quotes with a stance on the claim; POST gives those ticked a stance on another."""
    found, now = desk_claim(pk), timezone.now()
    form = SplittingForm(request.POST if request.method == "POST" else None, claim=found)
    if not form.is_valid():
        return _show_split(request, found, form, status=422 if form.is_bound else 200)
    try:
        with transaction.atomic():
            to = form.settled()
            keep = form.cleaned_data["keep"]
            many = claim_board.split(found, form.read, to, keep=keep, by=editor(request), now=now)
    except StaleRevision:
        problem = "Somebody changed one of these quotes meanwhile. Nothing was done: tick them again."
        return _show_split(request, found, form, problem=problem, status=409)
    except NotAllowed as reason:
        return _show_split(request, found, form, problem=str(reason), status=422)
    messages.success(request, f"{_stances(many)} {'given to' if keep else 'moved to'}: {to.text}")
    query = QueryDict(mutable=True)
    query["done"] = now.isoformat()
    return redirect(f"{reverse('desk:claim-split', args=[pk])}?{query.urlencode()}")


def _show_split(
    request: HttpRequest, claim: Claim, form: SplittingForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    quotes = listed(Quote.objects.live().filter(stances__claim=claim)).as_said()
    done = _moment(request.GET)
    context: dict[str, Any] = {
        "claim": claim,
        "form": form,
        "rows": stance_rows(claim, quotes[:QUOTES_SHOWN]),
        "count": quotes.count(),
        "problem": problem,
        "done": done,
        "undoable": len(acts_at(editor(request), done, Verb.STANCE)) if done else 0,
    }
    return render(request, "annotations/desk/claim_split.html", context, status=status)


def _moment(data: QueryDict) -> dt.datetime | None:
    form = MomentForm(data)
    return form.cleaned_data["done"] if form.is_valid() else None


@editors_only
@require_POST
def split_undone(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back what one did to stances at one moment."""
    found, at, by = desk_claim(pk), _moment(request.POST), editor(request)
    with transaction.atomic():
        undone, kept = take_back(acts_at(by, at, Verb.STANCE), by=by, now=timezone.now()) if at else (0, 0)
    messages.success(request, _said(undone, kept) or "There is nothing of yours to undo here any more.")
    return redirect("desk:claim-split", pk=found.pk)


def _said(back: int, kept: int) -> str:
    said = f"{_stances(back)} came back." if back else ""
    return (
        f"{said} {_stances(kept)} stayed where {'it is' if kept == 1 else 'they are'}.".strip()
        if kept
        else said
    )


@editors_only
@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Offers the claim for stances no longer."""
    form = RetirementForm(request.POST)
    if not form.is_valid():
        messages.error(request, next(str(error) for errors in form.errors.values() for error in errors))
        return redirect(f"{reverse('desk:claim', args=[pk])}#retire")
    try:
        claim_board.retire(desk_claim(pk), by=editor(request), now=timezone.now(), **form.cleaned_data)
    except claim_board.ChangedMeanwhile:
        messages.error(request, CHANGED)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, "Retired. The stances on it stand; nothing takes a new one.")
    return redirect("desk:claim", pk=pk)


@editors_only
@require_POST
def revival(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a retired claim up again, with the stances that one moved away from it."""
    try:
        back, kept = claim_board.revive(desk_claim(pk), by=editor(request), now=timezone.now())
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, f"In use again. {_said(back, kept)}".strip())
    return redirect("desk:claim", pk=pk)
