from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from annotations import access
from annotations.forms.filters import VersionForm
from annotations.margin import annotated
from annotations.models import Stance
from annotations.rendering import web_address
from articles.models import Article, Version
from newsdesk.addresses import absolute
from newsdesk.caching import public_page


@require_safe
@public_page
def article(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An article's text with its annotations, in its current version or in the one asked for."""
    story = access.public_story(slug)
    found = access.public_article(story, pk)
    version = _version(found, request)
    context = {
        "story": story,
        "article": found,
        "version": version,
        "is_current": version.pk == found.current_version_id,
        "versions": found.versions.defer("text").order_by("number"),
        "text": annotated(story, found, version),
        "positions": Stance.Position.values,
        "original": web_address(found.url),
        "archived": web_address(found.archive_url),
        "trail": [("Stories", reverse("stories")), (story.title, story.get_absolute_url())],
        "canonical": absolute(request.path),
    }
    return render(request, "annotations/article.html", context)


def _version(article: Article, request: HttpRequest) -> Version:
    form = VersionForm(request.GET)
    if not form.is_valid():
        raise Http404("no such version")
    number = form.cleaned_data["version"]
    current = article.current_version
    if current and number in (None, current.number):
        return current
    return get_object_or_404(article.versions, number=number)
