"""What a story has published, as files."""

import hashlib
from tempfile import SpooledTemporaryFile

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from annotations import access
from annotations.leaving.exports import EXPORTS
from newsdesk.caching import PUBLIC
from newsdesk.languages import in_one_language
from newsdesk.sharing import for_other_sites

IN_MEMORY = 1024 * 1024
"""Bytes of a file that are kept in memory; a longer one is written to the disk before it is sent."""


@require_safe
@in_one_language
@for_other_sites
def story_export(request: HttpRequest, slug: str, name: str, format: str) -> HttpResponseBase:
    """A story as a table, as JSON or as a graph.

    The file is whole before its first byte is sent: so it has a length and an ETag, and what fails fails with a status.
    """
    story = access.public_story(slug)
    if f"{name}.{format}" not in EXPORTS:
        raise Http404("no such export")
    media_type, write = EXPORTS[f"{name}.{format}"]
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 a long one is the response's to close
    digest = hashlib.sha256()
    for piece in write(story):
        digest.update(piece)
        file.write(piece)
    headers = {"ETag": f'"{digest.hexdigest()[:32]}"', "Cache-Control": PUBLIC}
    if unchanged := get_conditional_response(request, etag=headers["ETag"]):
        file.close()
        for header, value in headers.items():
            unchanged[header] = value
        return unchanged
    length = file.tell()
    headers["Content-Length"] = str(length)
    named = content_disposition_header(True, f"{slug}-{name}.{format}")
    headers["Content-Disposition"] = named or "attachment"
    file.seek(0)
    if length > IN_MEMORY:
        return FileResponse(file, content_type=media_type, headers=headers)
    with file:
        return HttpResponse(file.read(), content_type=media_type, headers=headers)
