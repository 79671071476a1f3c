"""What a person sees when something is wrong: pages in the site's own look that need neither database nor user."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from annotations.access import Gone
from newsdesk.middleware import GetResponse

RETRY_AFTER = "5"
"""Seconds: PostgreSQL restarts in less."""

LAST_RESORT = (
    "<!doctype html><title>Newsdesk</title><h1>Something went wrong here</h1><p>Try again in a moment.</p>"
)

logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page("403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page("403_csrf.html", 403)


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    if isinstance(exception, Gone):
        return gone(exception.reason)
    return _page("404.html", 404)


def gone(reason: str = "") -> HttpResponse:
    """It was published and was taken back; `reason` is what the editor wrote."""
    return _page("annotations/gone.html", 410, reason=reason)


def too_large(most: int, *, is_import: bool = False) -> HttpResponse:
    """What was sent has more bytes than we take."""
    return _page("413.html", 413, most=most, is_import=is_import)


def server_error(request: HttpRequest) -> HttpResponse:
    """Also for what middleware raises: that does not pass `DatabaseAway`."""
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return unavailable()
    return _page("500.html", 500)


def unavailable() -> HttpResponse:
    """The database is away or too busy; the request may be sent again as it was."""
    response = _page("503.html", 503)
    response["Retry-After"] = RETRY_AFTER
    return response


class DatabaseAway:
    """Middleware: a view that lost its database answers 503 and when to try again, not 500."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, (OperationalError, InterfaceError)):
            return None
        logger.error("%s %s: the database failed: %s", request.method, request.path, exception)
        return unavailable()


def _page(template: str, status: int, **context: object) -> HttpResponse:
    try:
        return HttpResponse(render_to_string(template, context), status=status)
    except Exception:
        logger.exception("The page for error %s can't be drawn", status)
        return HttpResponse(LAST_RESORT, status=status)
