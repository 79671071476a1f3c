"""What programs read: feeds in Atom and JSON, sitemaps, robots.txt."""

from django.contrib.sitemaps.views import sitemap as django_sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from annotations import access, finding
from annotations.forms.search import SearchForm
from annotations.leaving import entries
from annotations.leaving.feeds import WRITERS, Feed
from annotations.sitemaps import SITEMAPS, news
from newsdesk.addresses import absolute
from newsdesk.caching import public_page, tagged_by_content
from newsdesk.languages import in_one_language
from newsdesk.sharing import for_other_sites


@require_safe
@in_one_language
@for_other_sites
@public_page
@tagged_by_content
def site_feed(request: HttpRequest, format: str) -> HttpResponse:
    return _answer(request, format, entries.of_site())


@require_safe
@in_one_language
@for_other_sites
@public_page
@tagged_by_content
def story_feed(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    return _answer(request, format, entries.of_story(access.public_story(slug)))


@require_safe
@in_one_language
@for_other_sites
@public_page
@tagged_by_content
def claim_feed(request: HttpRequest, slug: str, claim_slug: str, format: str) -> HttpResponse:
    claim = access.public_claim(access.public_story(slug), claim_slug)
    return _answer(request, format, entries.of_claim(claim))


@require_safe
@in_one_language
@for_other_sites
@public_page
@tagged_by_content
def actor_feed(request: HttpRequest, slug: str, format: str) -> HttpResponse:
    found = access.public_actor(slug)
    if found.slug != slug:
        return redirect("actor-feed", found.slug, format, permanent=True)
    return _answer(request, format, entries.of_actor(found))


@require_safe
@in_one_language
@for_other_sites
@public_page
@tagged_by_content
def search_feed(request: HttpRequest, format: str) -> HttpResponse:
    """The search page's query as a feed: always the newest first, from the first page on."""
    asked = request.GET.copy()
    asked["sort"] = SearchForm.NEWEST
    asked.pop("after", None)
    form = SearchForm(asked)
    query = form.query(sort="")
    feed = entries.of_search(form.typed, query, form.listed, finding.newest(form, entries.ENTRIES))
    return _answer(request, format, feed, query)


def _answer(request: HttpRequest, format: str, feed: Feed, query: str = "") -> HttpResponse:
    if format not in WRITERS:
        raise Http404("no such format")
    media_type, write = WRITERS[format]
    address = absolute(f"{request.path}?{query}" if query else request.path)
    return HttpResponse(write(feed, address), content_type=media_type)


@require_safe
@in_one_language
@public_page
@conditional_page
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index: one address for every so many pages of a kind."""
    pages = [
        absolute(reverse("sitemap-section", args=[section])) + (f"?p={page}" if page > 1 else "")
        for section, kind in SITEMAPS.items()
        for page in kind().paginator.page_range
    ]
    sitemaps = [{"location": address} for address in pages]
    return render(request, "sitemap_index.xml", {"sitemaps": sitemaps}, content_type="application/xml")


@require_safe
@in_one_language
@public_page
@conditional_page
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    return django_sitemap(request, {**SITEMAPS}, section).render()


@require_safe
@in_one_language
@public_page
@conditional_page
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """What the outlets published in the last two days, as Google News reads it."""
    context = {"news": news(timezone.now())}
    return render(request, "news_sitemap.xml", context, content_type="application/xml")


@require_safe
@in_one_language
@public_page
def robots(request: HttpRequest) -> HttpResponse:
    context = {"sitemaps": [absolute(reverse("sitemap")), absolute(reverse("sitemap-news"))]}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")
