"""Stories: their title and summary, what belongs to them, and whether readers see them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from annotations.access import desk_article, desk_story, editors_only
from annotations.changes import cards
from annotations.desklists import claim_rows, unpublished_per_story
from annotations.forms.articles import ArticleFilterForm, TickedForm
from annotations.forms.claims import ClaimForm
from annotations.forms.stories import PublicationForm, StoryForm
from annotations.models import Claim, Event, Quote, Status
from annotations.views.desk.annotating import is_partial
from annotations.views.desk.articles import rows_of
from articles.models import Article, Story
from articles.search import newest

STORIES_A_PAGE = 20
ROWS_A_PAGE = 25
FIRST_ROWS = 8
PAGE = "annotations/desk/story.html"


@editors_only
@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """Every story, drafts too, by last change."""
    page = Paginator(Story.objects.latest_changed_first(), STORIES_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    waiting = unpublished_per_story(shown)
    rows = [(card, waiting.get(card.story.pk, 0)) for card in cards(shown)]
    return render(request, "annotations/desk/stories.html", {"page": page, "rows": rows})


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_story(request: HttpRequest) -> HttpResponse:
    form = StoryForm(request.POST if request.method == "POST" else None, instance=Story())
    if request.method == "POST" and form.is_valid():
        made = form.create(now=timezone.now())
        messages.success(request, "The story is made, as a draft. Add its articles and word its claims.")
        return redirect("desk:story", slug=made.slug)
    return render(request, "annotations/desk/story_new.html", {"form": form}, status=form.status)


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about a story; POST changes its title and summary."""
    found = desk_story(slug)
    form = StoryForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.change(now=timezone.now())
        messages.success(request, "Saved.")
        return redirect("desk:story", slug=slug)
    # A form that failed has set what was typed on its instance.
    return show_story(request, desk_story(slug), form=form, status=form.status)


def show_story(
    request: HttpRequest,
    story: Story,
    *,
    form: StoryForm | None = None,
    claim_form: ClaimForm | None = None,
    status: int = 200,
) -> HttpResponse:
    articles = Article.objects.filter(stories=story, current_version__isnull=False)
    events = Event.objects.filter(story=story).live()
    context = {
        "story": story,
        "form": form or StoryForm(instance=story),
        "claim_form": claim_form or ClaimForm(story=story),
        "claims": claim_rows(story),
        "articles": rows_of(newest(articles, FIRST_ROWS)[0]),
        "article_count": articles.count(),
        "events": events.select_related("story").by_date()[:FIRST_ROWS],
        "event_count": events.count(),
    }
    return render(request, PAGE, context, status=status)


# Whether readers see it.


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    """GET says what readers would see, or would lose, and asks; POST publishes the story or takes it back."""
    found = desk_story(slug)
    form = PublicationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, _publish(found, form.cleaned_data["status"]))
        return redirect("desk:story", slug=slug)
    quotes = Quote.objects.in_story(found).aggregate(
        seen=Count("pk", filter=Q(status=Status.PUBLISHED), distinct=True),
        unseen=Count("pk", filter=Q(status__in=[Status.DRAFT, Status.SUGGESTED]), distinct=True),
    )
    events = Event.objects.filter(story=found).aggregate(
        seen=Count("pk", filter=Q(status=Status.PUBLISHED)),
        unseen=Count("pk", filter=Q(status__in=[Status.DRAFT, Status.SUGGESTED])),
    )
    context = {
        "story": found,
        "quotes": quotes,
        "events": events,
        "article_count": found.articles.count(),
        "claim_count": Claim.objects.filter(story=found).count(),
        "undated_count": Article.objects.filter(stories=found).undated().count(),
    }
    status = 422 if form.errors else 200
    return render(request, "annotations/desk/story_publication.html", context, status=status)


def _publish(story: Story, status: str) -> str:
    if status == story.status:
        return "The story is published already." if story.is_published else "The story is a draft already."
    if status == Story.Status.PUBLISHED:
        story.publish(now=timezone.now())
        return "The story is published: readers see it now."
    story.unpublish(now=timezone.now())
    return "The story is a draft again: readers no longer see it."


# What belongs to it.


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def story_articles(request: HttpRequest, slug: str) -> HttpResponse:
    """GET lists the story's articles, and others to add, found by their words; POST adds the ticked ones."""
    found = desk_story(slug)
    adding = TickedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and adding.is_valid():
        added = found.add_articles(adding.cleaned_data["article"], now=timezone.now())
        messages.success(request, f"{added} article{'' if added == 1 else 's'} added.")
        return redirect("desk:story-articles", slug=slug)
    filters = ArticleFilterForm(request.GET)
    others = filters.found().exclude(stories=found)
    context = {
        "story": found,
        "adding": adding,
        "filters": filters,
        "others": rows_of(newest(others, ROWS_A_PAGE)[0]),
        "ticked": request.POST.getlist("article"),
        "removed": _removed(found, request.GET.get("removed", "")),
    }
    if is_partial(request):
        return render(request, "annotations/desk/story_articles.html#others", {**context, "is_swap": True})
    inside = Article.objects.filter(stories=found, current_version__isnull=False).select_related("outlet")
    page = Paginator(inside.defer("search", "as_imported").newest_first(), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context |= {"page": page, "inside": rows_of(list(page))}
    status = 422 if adding.errors else 200
    return render(request, "annotations/desk/story_articles.html", context, status=status)


def _removed(story: Story, pk: str) -> Article | None:
    """The article that was just taken out, to put it back with one press."""
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    return Article.objects.exclude(stories=story).filter(pk=pk).first()


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def article_removal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """GET says what becomes of the article's quotes, and asks; POST takes the article out of the story."""
    found, article = desk_story(slug), desk_article(pk)
    if request.method == "POST":
        if found.remove_article(article, now=timezone.now()):
            return redirect(f"{reverse('desk:story-articles', args=[slug])}?removed={article.pk}")
        messages.info(request, "The article is not in the story.")
        return redirect("desk:story-articles", slug=slug)
    live = Quote.objects.filter(article=article).live()
    context = {
        "story": found,
        "article": article,
        "quote_count": live.count(),
        "stance_count": live.filter(stances__claim__story=found).distinct().count(),
        "is_inside": found.articles.filter(pk=pk).exists(),
    }
    return render(request, "annotations/desk/story_removal.html", context)
