"""All articles: found by their words, by outlet and by story; and added to a story by the handful."""

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from annotations.access import editors_only
from annotations.forms.articles import ArticleFilterForm, IntoStoryForm
from annotations.models import Quote
from annotations.views.desk.annotating import is_partial
from articles.models import Article, Story
from articles.search import CAP, BadCursor, newest, newest_ids

ROWS_A_PAGE = 25


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def articles(request: HttpRequest) -> HttpResponse:
    """GET lists what the filters leave, newest first; POST adds the ticked ones to a story."""
    filters = ArticleFilterForm(request.GET)
    adding = IntoStoryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and adding.is_valid():
        story: Story = adding.cleaned_data["story"]
        chosen = adding.cleaned_data["article"]
        added = story.add_articles(chosen, now=timezone.now())
        messages.success(request, _said(story, added, len(chosen)))
        return redirect(f"{reverse('desk:articles')}?{request.GET.urlencode()}")
    found, following = _page(filters, request.GET.get("after", ""))
    count = len(newest_ids(filters.found()))
    context = {
        "filters": filters,
        "adding": adding,
        "ticked": request.POST.getlist("article"),
        "rows": rows_of(found),
        "count": f"{CAP:,}+" if count > CAP else count,
        "next": filters.query(after=following),
        "is_first": "after" not in request.GET,
        "is_swap": is_partial(request),
    }
    part = "#results" if context["is_swap"] else ""
    return render(
        request, f"annotations/desk/articles.html{part}", context, status=422 if adding.errors else 200
    )


def _page(filters: ArticleFilterForm, after: str) -> tuple[list[Article], str]:
    """A place in the list that is none begins it anew."""
    try:
        return newest(filters.found(), ROWS_A_PAGE, after)
    except BadCursor:
        return newest(filters.found(), ROWS_A_PAGE)


def rows_of(found: list[Article]) -> list[tuple[Article, int]]:
    """Articles with their stories, and how many live quotes each has, in two queries."""
    prefetch_related_objects(found, Prefetch("stories", Story.objects.order_by("title", "id")))
    numbers = Quote.objects.live().per_article(found)
    return [(article, numbers.get(article.pk, 0)) for article in found]


def _said(story: Story, added: int, chosen: int) -> str:
    already = chosen - added
    said = f"{added} article{'' if added == 1 else 's'} added to “{story}”."
    return (
        f"{said} {already} of the ticked {'was' if already == 1 else 'were'} in it already."
        if already
        else said
    )
