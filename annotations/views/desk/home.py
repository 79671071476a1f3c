"""The desk's front page: what waits, and what one did last."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations.access import editors_only
from annotations.checking import WORKLISTS
from annotations.desklists import BY_SLUG, acts_of, deeds, tallies
from annotations.evidence import Changed
from annotations.models import ProposedUtterance
from annotations.views.desk.annotating import editor
from annotations.views.desk.checking import show_worklist

ROWS_A_PAGE = 25
DEEDS_SHOWN = 6
SHOWN = ("mine", "changed", "orphans")
"""The lists of which the front page shows the first rows."""


@editors_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """How much there is of each list, the first rows of the urgent ones, and one's last acts."""
    user = editor(request)
    found = tallies(user, showing=SHOWN)
    context = {
        "tallies": found,
        "utterances": ProposedUtterance.objects.standing().count(),
        "waiting": [tally for tally in found if tally.of.slug in SHOWN and tally.count],
        "deeds": deeds(list(acts_of(user)[:DEEDS_SHOWN])),
    }
    return render(request, "annotations/desk/home.html", context)


@editors_only
@require_safe
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    """One list, page by page."""
    found = BY_SLUG.get(slug)
    if found is None:
        raise Http404("no such list")
    if found.slug in WORKLISTS:
        return show_worklist(request, found)
    page = Paginator(found.rows(editor(request)), ROWS_A_PAGE).get_page(request.GET.get("page"))
    rows = [Changed.of(event) for event in page] if found.kind == "evidence" else page
    return render(request, "annotations/desk/list.html", {"list": found, "page": page, "rows": rows})


@editors_only
@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """Everything one did, the newest first; what is still the last word on its quote or event can be undone."""
    page = Paginator(acts_of(editor(request)), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "annotations/desk/acts.html", {"page": page, "deeds": deeds(list(page))})
