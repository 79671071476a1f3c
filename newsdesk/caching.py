"""The public list: pages that are the same for everybody, which a shared cache may keep."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import get_conditional_response, set_response_etag

PUBLIC = "public, max-age=0, must-revalidate"


_compress = GZipMiddleware(lambda request: HttpResponse())


def public_page[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Puts a view on the public list. It must not read the user, the session, messages or a CSRF token.

    Only these pages are compressed: none holds a secret that their length could tell.
    """

    @wraps(view)
    def shared(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", PUBLIC)
        _compress.process_response(request, response)  # in place
        return response

    return shared


def tagged_by_content[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Gives what a view answers an ETag, and answers 304 to who has that already; to HEAD as to GET."""

    @wraps(view)
    def tagged(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD") or response.status_code != 200:
            return response
        set_response_etag(response)
        answer = get_conditional_response(request, etag=response.headers.get("ETag"), response=response)
        return answer or response

    return tagged
