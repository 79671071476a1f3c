"""How much a request may send: what is too large is refused before anything of it is read or kept.

Only somebody who may import articles may send a large file, and only to the page that takes it. This stands before
the check of the form's token, for which Django reads the whole body and puts its files on the disk.
"""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from newsdesk.errors import too_large
from newsdesk.middleware import GetResponse

MARGIN = 1024 * 1024
"""Bytes for the other fields of a form."""

LARGEST = 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + MARGIN
"""Bytes of any other request: a file of the largest size that a form takes, and its fields."""

READ_OUT = 4
"""A browser shows an answer only once its request is sent: of an import that is too large, so many times as much
as we take is read and dropped for that."""


def refuse_what_is_too_large(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        length = length_of(request)
        if length <= LARGEST:
            return get_response(request)
        if not is_import(request):
            return too_large(LARGEST - MARGIN)
        if length <= settings.IMPORT_LARGEST + MARGIN:
            return get_response(request)
        if length <= READ_OUT * settings.IMPORT_LARGEST:
            while request.read(MARGIN):
                pass
        return too_large(settings.IMPORT_LARGEST, is_import=True)

    return middleware


def length_of(request: HttpRequest) -> int:
    said = cast(str, request.META.get("CONTENT_LENGTH", ""))
    return int(said) if said.isdecimal() else 0


def is_import(request: HttpRequest) -> bool:
    is_page = request.path_info == reverse("admin:articles_import_add")
    user = request.user
    return (
        is_page
        and user.is_active
        and getattr(user, "is_staff", False)
        and user.has_perm("articles.add_import")
    )
