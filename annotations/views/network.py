from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from annotations import access
from annotations.agreement import picture
from newsdesk.addresses import absolute
from newsdesk.caching import public_page


@require_safe
@public_page
def story_network(request: HttpRequest, slug: str) -> HttpResponse:
    """Who agrees with whom in a story, and on what."""
    story = access.public_story(slug)
    context = {
        "story": story,
        "picture": picture(story),
        "trail": [(gettext("Stories"), reverse("stories")), (story.title, story.get_absolute_url())],
        "canonical": absolute(request.path),
    }
    return render(request, "annotations/network.html", context)
