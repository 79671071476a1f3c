from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from annotations import access
from annotations.coverage import coverage
from newsdesk.addresses import absolute
from newsdesk.caching import public_page


@require_safe
@public_page
def story_coverage(request: HttpRequest, slug: str) -> HttpResponse:
    """Which outlets carried what of a story, when first, and what they left out."""
    story = access.public_story(slug)
    context = {
        "story": story,
        "coverage": coverage(story),
        "trail": [(gettext("Stories"), reverse("stories")), (story.title, story.get_absolute_url())],
        "canonical": absolute(request.path),
    }
    return render(request, "annotations/coverage.html", context)
