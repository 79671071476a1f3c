"""Actors on the desk: found, made, described; their other names and the roles they held."""

from collections import Counter

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Prefetch, ProtectedError
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations.access import desk_actor, desk_alias, desk_role, editors_only, public_actors
from annotations.desklists import listed
from annotations.duplicates import likely
from annotations.forms.people import ActorForm, ActorSearchForm, AliasForm, HeldRoleForm
from annotations.merging import merged_into, seen
from annotations.models import Actor, Alias, Quote, Role
from annotations.namesakes import namesakes
from annotations.views.desk.annotating import is_partial

ROWS_A_PAGE = 30
QUOTES_A_PAGE = 10


@editors_only
@require_safe
def actors(request: HttpRequest) -> HttpResponse:
    """Everybody who was not merged into another, by name; with who shares a name."""
    form = ActorSearchForm(request.GET)
    found = form.found().prefetch_related(
        Prefetch("aliases", Alias.objects.order_by("name", "id")),
        Prefetch("roles", Role.objects.newest_first().select_related("organisation")),
    )
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    numbers, twins = _quotes_of(shown), namesakes(shown)
    context = {
        "form": form,
        "page": page,
        "rows": [(one, numbers[one.pk], twins[one.pk]) for one in shown],
        "is_swap": is_partial(request),
    }
    part = "#results" if context["is_swap"] else ""
    return render(request, f"annotations/desk/people.html{part}", context)


def _quotes_of(actors: list[Actor]) -> Counter[int]:
    said = Quote.objects.live().annotate(who=Coalesce("speaker__canonical", "speaker"))
    counted = said.filter(who__in=[actor.pk for actor in actors]).order_by().values_list("who")
    return Counter(dict(counted.annotate(Count("pk"))))


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_actor(request: HttpRequest) -> HttpResponse:
    form = ActorForm(request.POST if request.method == "POST" else None, instance=Actor())
    if request.method == "POST" and form.is_valid():
        made = form.create()
        messages.success(request, f"{made.name} is made. Add other names and roles.")
        return redirect("desk:actor", pk=made.pk)
    return render(request, "annotations/desk/person_new.html", {"form": form}, status=form.status)


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def actor(request: HttpRequest, pk: int) -> HttpResponse:
    """An actor with everything about it; POST changes name, kind, description and Wikidata identifier."""
    form = ActorForm(request.POST if request.method == "POST" else None, instance=desk_actor(pk))
    if request.method == "POST" and form.is_valid():
        form.change()
        messages.success(request, "Saved. The actor’s address stays as it was.")
        return redirect("desk:actor", pk=pk)
    return _show(request, pk, form=form, status=form.status)


def _show(
    request: HttpRequest,
    pk: int,
    *,
    form: ActorForm | None = None,
    alias_form: AliasForm | None = None,
    status: int = 200,
) -> HttpResponse:
    # A form that failed has set what was typed on its own instance.
    found = desk_actor(pk)
    quotes = listed(Quote.objects.of_actor(found).live()).latest_changed_first()
    context = {
        "actor": found,
        "form": form or ActorForm(instance=found),
        "alias_form": alias_form or AliasForm(actor=found),
        "aliases": found.aliases.order_by("name", "id"),
        "roles": found.roles.newest_first().select_related("organisation"),
        "twins": namesakes([found])[found.pk],
        "merged": merged_into(found),
        "alike": [(pair.besides(found), pair) for pair in likely([found])[found.pk]],
        "read": seen(found),
        "is_public": public_actors().filter(pk=pk).exists(),
        "page": Paginator(quotes, QUOTES_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "annotations/desk/person.html", context, status=status)


# Other names.


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def aliases(request: HttpRequest, pk: int) -> HttpResponse:
    """POST adds a name to the actor's list, which GET leads to."""
    found = desk_actor(pk)
    form = AliasForm(request.POST, actor=found)
    if request.method == "POST" and not form.is_valid():
        return _show(request, pk, alias_form=form, status=422)
    if request.method == "POST":
        messages.success(request, form.create())
    return redirect(f"{reverse('desk:actor', args=[pk])}#aliases")


@editors_only
@require_POST
def alias_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a name away; quotes keep their speaker."""
    found = desk_alias(pk)
    found.delete()
    messages.success(request, f"Alias “{found.name}” removed. Add it again if that was a slip.")
    return redirect(f"{reverse('desk:actor', args=[found.actor_id])}#aliases")


# Roles.


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_role(request: HttpRequest, pk: int) -> HttpResponse:
    form = HeldRoleForm(request.POST if request.method == "POST" else None, actor=desk_actor(pk))
    return _role(request, form, "Role added.")


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, pk: int) -> HttpResponse:
    found = desk_role(pk)
    form = HeldRoleForm(request.POST if request.method == "POST" else None, actor=found.actor, role=found)
    return _role(request, form, "Saved.")


def _role(request: HttpRequest, form: HeldRoleForm, said: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
        messages.success(request, said)
        return redirect(f"{reverse('desk:actor', args=[form.actor.pk])}#roles")
    context = {
        "actor": form.actor,
        "role": form.role,
        "form": form,
        "organisation": form.view("organisation"),
        "quote_count": form.role.quotes.count() if form.role else 0,
    }
    return render(request, "annotations/desk/role.html", context, status=422 if form.errors else 200)


@editors_only
@require_POST
def role_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a role away that no quote names; the history keeps it."""
    found = desk_role(pk)
    try:
        found.delete()
    except ProtectedError:
        messages.error(request, "Quotes name this role, so it stays. Correct its title or its dates instead.")
        return redirect("desk:role", pk=pk)
    messages.success(request, f"Role “{found.title}” removed.")
    return redirect(f"{reverse('desk:actor', args=[found.actor_id])}#roles")
