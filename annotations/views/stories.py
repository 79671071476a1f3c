from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from annotations import access, changes, standing, timeline
from annotations.forms.filters import PlaceForm, TimelineFilterForm
from annotations.lately import lately
from annotations.leaving import gathering, schema_org
from annotations.matrix import matrix
from annotations.models import Quote
from annotations.since import MOST, recorded
from articles.models import Article, Story
from newsdesk.addresses import absolute
from newsdesk.caching import public_page

STORIES_A_PAGE = 20
ENTRIES_A_PAGE = 150
ARTICLES_LISTED = 12


@require_safe
@public_page
def stories(request: HttpRequest) -> HttpResponse:
    """The published stories, by last change."""
    published = Story.objects.published().latest_changed_first()
    page = Paginator(published, STORIES_A_PAGE).get_page(request.GET.get("page"))
    query = f"?page={page.number}" if page.number > 1 else ""
    context = {
        "page": page,
        "cards": changes.cards(list(page)),
        "canonical": absolute(f"{request.path}{query}"),
        "linked_data": schema_org.document(
            schema_org.website(absolute("/"), absolute(reverse("search"))),
            schema_org.items(
                [(absolute(one.get_absolute_url()), one.title) for one in page], first=page.start_index()
            ),
        ),
    }
    return render(request, "annotations/stories.html", context)


@require_safe
@public_page
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """A story: who stands where on its claims, its articles, and its timeline, which can be filtered."""
    found = access.public_story(slug)
    form = TimelineFilterForm(found, request.GET)
    places = timeline.places(found, form.filters)
    page = _page_of(places, request)
    context = {
        "story": found,
        "filters": form,
        "page": page,
        "sections": timeline.sections(found, list(page)),
        "total": timeline.count(found) if form.encoded() else len(places),
    }
    if request.headers.get("HX-Request"):
        response = render(request, "annotations/story.html#results", context)
        query = form.encoded()
        response.headers["HX-Push-Url"] = f"{request.path}?{query}" if query else request.path
        return response
    articles = Article.objects.filter(stories=found, current_version__isnull=False).with_outlet()
    shown = list(articles.defer("search", "notes").newest_first()[:ARTICLES_LISTED])
    numbers = Quote.objects.published().per_article(shown)
    claims = standing.of_story(found)
    context |= {
        "articles": [(article, numbers.get(article.pk, 0)) for article in shown],
        "article_count": articles.count(),
        "claims": claims,
        "matrix": matrix(claims),
        "lately": lately(found, claims),
        "recorded": recorded(found),
        "most_recorded": MOST,
        "picture": absolute(reverse("story-card", args=[found.slug])),
        "trail": [(gettext("Stories"), reverse("stories"))],
        "canonical": absolute(found.get_absolute_url()),
        "linked_data": schema_org.document(
            schema_org.story(
                gathering.told(found),
                [gathering.source(article, found) for article in shown],
                [gathering.claim(one.claim) for one in claims],
            )
        ),
    }
    return render(request, "annotations/story.html", context)


def _page_of(places: Sequence[timeline.Place], request: HttpRequest) -> Page[timeline.Place]:
    """The page asked for by its number, or by an entry on it."""
    form = PlaceForm(request.GET)
    form.full_clean()
    number, entry = form.cleaned_data.get("page"), form.cleaned_data.get("at")
    if entry and not number:
        number = next((n for n, place in enumerate(places) if place.uuid == entry), 0) // ENTRIES_A_PAGE + 1
    return Paginator(places, ENTRIES_A_PAGE).get_page(number or 1)
