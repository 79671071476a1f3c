from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.views.decorators.http import require_safe

from annotations import finding
from annotations.forms.search import SearchForm
from articles.search import CAP, BadCursor
from newsdesk.addresses import absolute
from newsdesk.caching import public_page


@require_safe
@public_page
def search(request: HttpRequest) -> HttpResponse:
    """Articles of published stories, or quotes in them, by words, filters and dates; all when nothing is asked for."""
    form = SearchForm(request.GET)
    try:
        found = finding.find(form)
    except BadCursor as error:
        raise Http404("No page of the results begins there.") from error
    context = {
        "form": form,
        "found": found,
        "cap": number_format(CAP, force_grouping=True),
        "size": finding.HITS_A_PAGE,
        "listed": found.quotes if form.of_quotes else found.articles,
        "next": form.query(after=found.following) if found.following else "",
        "instead": form.query(q=found.instead) if found.instead else "",
        "first": f"{request.path}?{form.query()}",
        "canonical": absolute(reverse("search")),
    }
    if not request.headers.get("HX-Request"):
        return render(request, "annotations/search.html", context)
    response = render(request, "annotations/search.html#results", {**context, "is_swap": True})
    query = form.query()
    response.headers["HX-Push-Url"] = f"{request.path}?{query}" if query else request.path
    return response
