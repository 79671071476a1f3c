from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from annotations import access
from annotations import outlets as carriers
from annotations.forms.filters import PlaceForm
from annotations.leaving import gathering, schema_org
from annotations.models import Quote
from articles.models import Outlet
from newsdesk.addresses import absolute
from newsdesk.caching import public_page

OUTLETS_A_PAGE = 50
ARTICLES_A_PAGE = 20
STORIES_SHOWN = 20


@require_safe
@public_page
def outlets(request: HttpRequest) -> HttpResponse:
    """The outlets whose articles tell the published stories, by name."""
    page = Paginator(Outlet.objects.public().by_name(), OUTLETS_A_PAGE).get_page(_number(request))
    held = carriers.holdings(page)
    query = f"?page={page.number}" if page.number > 1 else ""
    context = {
        "page": page,
        "outlets": [(outlet, held.get(outlet.pk, carriers.Holdings())) for outlet in page],
        "canonical": absolute(f"{request.path}{query}"),
        "linked_data": schema_org.document(
            schema_org.items(
                [(absolute(one.get_absolute_url()), one.name) for one in page], first=page.start_index()
            )
        ),
    }
    return render(request, "annotations/outlets.html", context)


@require_safe
@public_page
def outlet(request: HttpRequest, slug: str) -> HttpResponse:
    """An outlet: its part in each story, whom it quotes most, what it changed afterwards, and its articles."""
    found = access.public_outlet(slug)
    page: Page[Any] = Paginator(carriers.articles_of(found), ARTICLES_A_PAGE).get_page(_number(request))
    numbers = Quote.objects.published().per_article(list(page))
    stories = carriers.stories_of(found)
    context = {
        "outlet": found,
        "holdings": carriers.holdings([found]).get(found.pk, carriers.Holdings()),
        "parts": carriers.parts(found, list(stories[:STORIES_SHOWN])),
        "quoted": carriers.quoted(found),
        "rewritten": carriers.rewritten(found),
        "page": page,
        "articles": [
            (article, reverse("article", args=[article.story_slug, article.pk]), numbers.get(article.pk, 0))
            for article in page
        ],
        "trail": [(gettext("Outlets"), reverse("outlets"))],
        "canonical": absolute(request.path),
        "linked_data": schema_org.document(
            schema_org.profile(absolute(request.path), schema_org.publisher(gathering.publisher(found)))
        ),
    }
    return render(request, "annotations/outlet.html", context)


def _number(request: HttpRequest) -> int:
    form = PlaceForm(request.GET)
    form.full_clean()
    return form.cleaned_data.get("page") or 1
