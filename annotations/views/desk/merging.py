"""Two actors that may be one, side by side; merging them and taking it back; giving an actor's quotes to another."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import duplicates, merging
from annotations.access import desk_actor, editors_only
from annotations.desklists import listed
from annotations.forms.merging import (
    DuplicatesForm,
    MergingForm,
    MomentForm,
    OtherForm,
    PartingForm,
    SplittingForm,
)
from annotations.models import Actor, NotAllowed, Quote, Role, StaleRevision, Verb
from annotations.undoing import acts_at, take_back
from annotations.views.desk.annotating import editor, is_partial

ROWS_A_PAGE = 30
QUOTES_SHOWN = 100

CHANGED = "Somebody changed one of the two meanwhile. Nothing was done: look at them as they are now, and decide again."


@editors_only
@require_safe
def likely(request: HttpRequest) -> HttpResponse:
    """Pairs of actors that may be one, the surest first."""
    form = DuplicatesForm(request.GET)
    page = Paginator(form.found(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "is_swap": is_partial(request)}
    part = "#results" if context["is_swap"] else ""
    return render(request, f"annotations/desk/duplicates.html{part}", context)


@editors_only
@require_safe
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks with whom to compare an actor; leads on once that is known."""
    found = desk_actor(pk)
    form = OtherForm(request.GET if "other" in request.GET else None)
    if form.is_bound and form.is_valid():
        other = form.named["other"]
        assert isinstance(other, Actor)
        if other.pk != found.pk:
            return redirect("desk:actor-beside", pk=pk, other=other.pk)
        form.add_error("other", f"“{form.cleaned_data['other']}” is this very actor.")
    context = {"actor": found, "form": form, "name": form.view("other")}
    return render(
        request, "annotations/desk/actor_beside_whom.html", context, status=422 if form.errors else 200
    )


@editors_only
@require_safe
def beside(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    return _compare(request, desk_actor(pk), desk_actor(other))


def _compare(
    request: HttpRequest,
    one: Actor,
    other: Actor,
    *,
    keep: int | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    if one.pk == other.pk:
        return redirect("desk:actor", pk=one.pk)
    sides = [merging.side(one), merging.side(other)]
    context = {
        "sides": sides,
        "one": one,
        "other": other,
        "are_open": not (one.merged_into or other.merged_into),
        "keep": keep or merging.advised(*sides).pk,
        "read": merging.seen(one, other),
        "are_apart": duplicates.told_apart(one, other),
        "problem": problem,
    }
    return render(request, "annotations/desk/actors_beside.html", context, status=status)


@editors_only
@require_POST
def merge(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Makes the two one: which of them stays is what the form says."""
    one, two, form = desk_actor(pk), desk_actor(other), MergingForm(request.POST)
    if not form.is_valid() or form.cleaned_data["keep"] not in (pk, other):
        return _compare(request, one, two, problem="Choose which of the two to keep.", status=422)
    kept, gone = (one, two) if form.cleaned_data["keep"] == pk else (two, one)
    try:
        merging.merge(gone, kept, read=form.cleaned_data["read"], now=timezone.now())
    except merging.ChangedMeanwhile:
        return _compare(request, desk_actor(pk), desk_actor(other), keep=kept.pk, problem=CHANGED, status=409)
    except NotAllowed as reason:
        return _compare(request, one, two, keep=kept.pk, problem=str(reason), status=422)
    messages.success(
        request, f"{gone.name} is one with {kept.name} now. You can take that back on this page."
    )
    return redirect(f"{reverse('desk:actor', args=[kept.pk])}#merged")


@editors_only
@require_POST
def part(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a merging back."""
    found, form = desk_actor(pk), PartingForm(request.POST)
    back = redirect("desk:actor", pk=pk)
    if not form.is_valid():
        messages.error(request, "The page did not say which state of the actor it showed. Try again.")
        return back
    try:
        into = merging.part(found, read=form.cleaned_data["read"], now=timezone.now())
    except merging.ChangedMeanwhile:
        messages.error(
            request, "Somebody changed this actor meanwhile. Nothing was done: look at it as it is now."
        )
    except NotAllowed as reason:
        messages.error(request, str(reason))
    else:
        messages.success(request, f"{found.name} is an actor of its own again, beside {into.name}.")
    return back


@editors_only
@require_POST
def apart(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Remembers that they are two; with `undo`, forgets it."""
    one, two = desk_actor(pk), desk_actor(other)
    if one.pk == two.pk:
        return redirect("desk:actor", pk=pk)
    if request.POST.get("undo"):
        duplicates.forget_apart(one, two)
        messages.success(request, "Forgotten: they may be listed as likely duplicates again.")
    else:
        duplicates.tell_apart(one, two, by=editor(request), now=timezone.now())
        messages.success(request, f"Remembered: {one.name} and {two.name} are two.")
    return redirect("desk:actor-beside", pk=pk, other=other)


# -- one that is two ---------------------------------------------------------------------------------------


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """GET lists the actor's quotes; POST gives the ticked ones to another actor, known or new."""
    found = desk_actor(pk)
    if request.method != "POST":
        return _show_split(request, found, SplittingForm())
    form, now = SplittingForm(request.POST), timezone.now()
    if not form.is_valid():
        return _show_split(request, found, form, status=422)
    try:
        with transaction.atomic():
            to = form.settled("speaker")
            assert isinstance(to, Actor)
            given = merging.hand_over(found, form.read, to, by=editor(request), now=now)
    except StaleRevision:
        problem = "Somebody changed one of these quotes meanwhile. Nothing was done: tick them again."
        return _show_split(request, found, form, problem=problem, status=409)
    except NotAllowed as reason:
        return _show_split(request, found, form, problem=str(reason), status=422)
    messages.success(request, f"{_quotes(len(given))} {'are' if len(given) > 1 else 'is'} {to.name}’s now.")
    query = QueryDict(mutable=True)
    query["done"] = now.isoformat()
    return redirect(f"{reverse('desk:actor-split', args=[pk])}?{query.urlencode()}")


def _quotes(count: int) -> str:
    return f"{count} quote{'' if count == 1 else 's'}"


def _show_split(
    request: HttpRequest, actor: Actor, form: SplittingForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    roles = Role.objects.select_related("organisation").order_by("id")
    quotes = listed(Quote.objects.live().of_actor(actor)).as_said()
    quotes = quotes.prefetch_related(
        Prefetch("speaker__roles", roles), Prefetch("speaker__canonical__roles", roles)
    )
    done = _moment(request.GET)
    context: dict[str, Any] = {
        "actor": actor,
        "form": form,
        "name": form.view("speaker"),
        "quotes": list(quotes[:QUOTES_SHOWN]),
        "count": quotes.count(),
        "problem": problem,
        "done": done,
        "undoable": len(acts_at(editor(request), done, Verb.EDITED)) if done else 0,
    }
    return render(request, "annotations/desk/actor_split.html", context, status=status)


def _moment(data: QueryDict) -> dt.datetime | None:
    form = MomentForm(data)
    return form.cleaned_data["done"] if form.is_valid() else None


@editors_only
@require_POST
def split_undone(request: HttpRequest, pk: int) -> HttpResponse:
    """Gives back what one gave away at one moment."""
    found, at, by = desk_actor(pk), _moment(request.POST), editor(request)
    with transaction.atomic():
        undone, kept = take_back(acts_at(by, at, Verb.EDITED), by=by, now=timezone.now()) if at else (0, 0)
    said = f"{_quotes(undone)} came back." if undone else "There is nothing of yours to undo here any more."
    if kept:
        said += f" {_quotes(kept)} stayed: something was done to {'them' if kept > 1 else 'it'} since."
    messages.success(request, said)
    return redirect("desk:actor-split", pk=found.pk)
