from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from annotations import access, correction_log
from newsdesk.addresses import absolute
from newsdesk.caching import public_page


@require_safe
@public_page
def story_corrections(request: HttpRequest, slug: str) -> HttpResponse:
    """What the desk corrected or took back in a story, and what outlets changed in texts that are quoted."""
    story = access.public_story(slug)
    after = request.GET.get("after", "")
    try:
        log = correction_log.log(story, after)
    except correction_log.BadCursor as error:
        raise Http404("No page of the corrections begins there.") from error
    context = {
        "story": story,
        "log": log,
        "is_first": not after,
        "next": urlencode({"after": log.following}) if log.following else "",
        "trail": [(gettext("Stories"), reverse("stories")), (story.title, story.get_absolute_url())],
        "canonical": absolute(request.path),
    }
    return render(request, "annotations/corrections.html", context)
