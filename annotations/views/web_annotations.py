"""The reading side of the W3C's Web Annotation Protocol: one container, and each annotation at its own address."""

import json
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from annotations import access
from annotations.forms.container import ContainerForm
from annotations.leaving import container, gathering
from annotations.leaving import web_annotation as written
from newsdesk.addresses import absolute
from newsdesk.caching import public_page, tagged_by_content
from newsdesk.languages import in_one_language
from newsdesk.sharing import for_other_sites

METHODS = ["GET", "HEAD", "OPTIONS"]
OFFERED = [written.MEDIA_TYPE, "application/ld+json", "application/json"]

IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"
MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"


@require_http_methods(METHODS)
@in_one_language
@for_other_sites
@public_page
@tagged_by_content
def annotation_container(request: HttpRequest) -> HttpResponse:
    """The container, or a page of it: whole annotations, or with ?iris=1 or by preference their addresses alone."""
    form = ContainerForm(request.GET)
    if not form.is_valid():
        raise Http404("no such page")
    asked = form.cleaned_data
    wanted = _preferred(request)
    if asked["page"] or asked["after"]:
        return _answer(
            request, _page(asked["after"], is_bare=bool(asked["iris"])), written.ANNOTATION_LINKS[:1]
        )
    is_bare = bool(asked["iris"]) if asked["iris"] is not None else IRIS in wanted
    is_minimal = asked["iris"] is None and MINIMAL in wanted
    response = _answer(request, _whole(is_bare=is_bare, is_minimal=is_minimal), written.CONTAINER_LINKS)
    response["Content-Location"] = _address() if is_minimal else _address(iris=int(is_bare))
    if wanted and asked["iris"] is None:
        response["Preference-Applied"] = "return=representation"
    patch_vary_headers(response, ["Prefer"])
    return response


@require_http_methods(METHODS)
@in_one_language
@for_other_sites
@public_page
@tagged_by_content
def annotation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One published quote or event as an annotation."""
    try:
        found = _found(uuid)
    except access.Gone as gone:
        reason = {"status": 410, "title": "Withdrawn", "detail": gone.reason}
        return HttpResponse(json.dumps(reason), status=410, content_type="application/problem+json")
    return _answer(request, found, written.ANNOTATION_LINKS)


def _found(uuid: UUID) -> written.Node:
    try:
        quote = access.public_quote(uuid)
    except access.Gone:
        raise
    except Http404:
        return container.of_event(gathering.happening(access.public_event(uuid)))
    story = access.stories_telling([quote.article_id])[quote.article_id]
    return container.of_quote(gathering.statement(quote, story))


def _whole(*, is_bare: bool, is_minimal: bool) -> written.Node:
    """The container with its first page in it, or with that page's address where addresses are wanted."""
    total = container.total()
    first: written.Node | str = ""
    if not is_minimal:
        page = container.page(None)
        first = written.page(
            _address(iris=int(is_bare), page=1),
            collection={},
            start=0,
            items=_items(page, is_bare=is_bare),
            following=_beginning(page.following, is_bare=is_bare),
            is_embedded=True,
        )
    return written.container(
        _address() if is_minimal else _address(iris=int(is_bare)),
        total=total,
        modified=container.modified(),
        first=first,
        last=_beginning(container.last(total), is_bare=is_bare),
        is_minimal=is_minimal,
    )


def _page(after: container.Place | None, *, is_bare: bool) -> written.Node:
    page = container.page(after)
    if after and not page.places:
        raise Http404("no such page")
    collection = written.container(
        _address(iris=int(is_bare)),
        total=container.total(),
        modified=container.modified(),
        first="",
        last="",
        is_minimal=True,
    )
    return written.page(
        _beginning(str(after) if after else "", is_bare=is_bare),
        collection=collection,
        start=page.start,
        items=_items(page, is_bare=is_bare),
        following=_beginning(page.following, is_bare=is_bare),
        previous=_beginning(page.previous, is_bare=is_bare),
    )


def _items(page: container.Page, *, is_bare: bool) -> list[written.Node] | list[str]:
    if is_bare:
        return [container.address_of(place.uuid) for place in page.places]
    return container.annotations(page.places)


def _beginning(after: str | None, *, is_bare: bool) -> str:
    """The address of the page that begins after a place, "" for the first; empty for no page."""
    if after is None:
        return ""
    return _address(iris=int(is_bare), after=after) if after else _address(iris=int(is_bare), page=1)


def _address(**query: str | int) -> str:
    address = absolute(reverse("annotations"))
    return f"{address}?{urlencode(query)}" if query else address


def _preferred(request: HttpRequest) -> set[str]:
    """What the client prefers that the container says of what is in it (RFC 7240, LDP 1.0 section 7.2)."""
    prefer = request.headers.get("Prefer", "")
    return (
        {one for one in (IRIS, DESCRIPTIONS, MINIMAL) if one in prefer}
        if "representation" in prefer
        else set()
    )


def _answer(request: HttpRequest, node: written.Node, links: tuple[str, ...]) -> HttpResponse:
    chosen = request.get_preferred_type(OFFERED)
    if chosen is None and request.method != "OPTIONS":
        offered = f"This is offered as {', '.join(OFFERED[1:])}.\n"
        response = HttpResponse(offered, status=406, content_type="text/plain; charset=utf-8")
    elif request.method == "OPTIONS":
        response = HttpResponse()
    else:
        media_type = "application/json" if chosen == OFFERED[2] else written.MEDIA_TYPE
        response = HttpResponse(json.dumps(node, ensure_ascii=False), content_type=media_type)
    response["Allow"] = ", ".join(METHODS)
    response["Link"] = ", ".join(links)
    patch_vary_headers(response, ["Accept"])
    return response
