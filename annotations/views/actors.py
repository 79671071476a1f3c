from collections.abc import Iterable
from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from annotations import access, charts, profiles, standing
from annotations.forms.actors import ActorFilterForm
from annotations.forms.filters import PlaceForm
from annotations.leaving import gathering, schema_org
from articles.models import Story
from newsdesk.addresses import absolute
from newsdesk.caching import public_page

ACTORS_A_PAGE = 50
QUOTES_A_PAGE = 50


@require_safe
@public_page
def actors(request: HttpRequest) -> HttpResponse:
    """Who speaks in published quotes, by name."""
    form = ActorFilterForm(request.GET)
    named = form.named(access.public_actors().standing())
    page = Paginator(form.of_kind(named).by_name(), ACTORS_A_PAGE).get_page(
        form.cleaned_data.get("page") or 1
    )
    covered = profiles.coverage(page)
    kinds = dict(named.order_by().values_list("kind").annotate(number=Count("pk")))
    context = {
        "form": form,
        "facet": form.facet(kinds),
        "page": page,
        "actors": [(actor, covered.get(actor.pk, profiles.Coverage())) for actor in page],
        "canonical": absolute(request.path),
        "linked_data": schema_org.document(
            schema_org.items(
                [(absolute(one.get_absolute_url()), one.name) for one in page], first=page.start_index()
            )
        ),
    }
    if not request.headers.get("HX-Request"):
        return render(request, "annotations/actors.html", context)
    response = render(request, "annotations/actors.html#results", context)
    query = form.encoded()
    response.headers["HX-Push-Url"] = f"{request.path}?{query}" if query else request.path
    return response


@require_safe
@public_page
def actor(request: HttpRequest, slug: str) -> HttpResponse:
    """An actor: names, roles by date, where it stands on each claim, and what it said by date."""
    found = access.public_actor(slug)
    if found.slug != slug:
        return redirect(found, permanent=True)
    place = PlaceForm(request.GET)
    place.full_clean()
    quotes = Paginator(profiles.quotes_of(found).for_readers(), QUOTES_A_PAGE)
    page = quotes.get_page(place.cleaned_data.get("page") or 1)
    aliases, roles = list(found.aliases.order_by("name", "pk")), profiles.roles_of(found)
    context = {
        "actor": found,
        "aliases": aliases,
        "roles": roles,
        "coverage": profiles.coverage([found]).get(found.pk, profiles.Coverage()),
        "standings": _by_story(standing.of_actor(found)),
        "page": page,
        "sections": profiles.sections(list(page)),
        "trail": [(gettext("Who speaks"), reverse("actors"))],
        "canonical": absolute(found.get_absolute_url()),
        "linked_data": schema_org.document(
            schema_org.profile(
                absolute(found.get_absolute_url()),
                schema_org.agent(
                    gathering.agent(found),
                    names=[alias.name for alias in aliases],
                    roles=[str(held.role) for held in roles],
                ),
            )
        ),
    }
    return render(request, "annotations/actor.html", context)


type OnStory = tuple[Story, list[standing.Standing], charts.Chart | None]


def _by_story(standings: Iterable[standing.Standing]) -> list[OnStory]:
    found = [(story, list(group)) for story, group in groupby(standings, key=lambda one: one.claim.story)]
    return [(story, on_story, charts.of_actor(on_story)) for story, on_story in found]
