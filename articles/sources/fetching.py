"""Fetching a feed: one GET, a few redirects, and an end to it however the server behaves."""

import gzip
import re
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from urllib.parse import urljoin

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError

from articles.sources.addresses import Guard, NoAnswer, Place, Refused, Resolve

MOST_REDIRECTS = 5
LONGEST_REST = 24 * 60 * 60.0
"""Seconds that a server may ask us to stay away."""

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9,"
    " application/json;q=0.9, */*;q=0.5"
)
_REDIRECTS = (301, 302, 303, 307, 308)
_FOR_GOOD = (301, 308)
_IN_MEMORY = 1024 * 1024
_CHUNK = 64 * 1024
_SHOWN = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,498}[\x21-\x7e])?")


class FetchError(Exception):
    """The feed could not be had; the message says why, for people.

    `rest`: seconds that the server asks us to stay away; `is_gone`: it says that the feed will not come back.
    """

    def __init__(self, message: str, *, rest: float = 0, is_gone: bool = False) -> None:
        super().__init__(message)
        self.rest = rest
        self.is_gone = is_gone


@dataclass(frozen=True, slots=True)
class Rules:
    """How feeds are fetched: by whom, from where, for how long (seconds), and how much (bytes)."""

    user_agent: str
    guard: Guard = field(default_factory=Guard)
    connecting: float = 10
    silent: float = 20
    in_all: float = 60
    largest_packed: int = 32 * 1024 * 1024
    largest: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a feed's server gave, unpacked, at its start. `moved_to` is where it says the feed is for good now."""

    file: BinaryIO
    address: str
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""


def fetch(
    address: str,
    rules: Rules,
    *,
    etag: str = "",
    last_modified: str = "",
    resolve: Resolve | None = None,
) -> Fetched | None:
    """What is at the address; None if it is what `etag` or `last_modified` stand for. Raises FetchError.

    Names are looked up by the system, or by `resolve`.
    """
    resolve = resolve or socket.getaddrinfo
    until = time.monotonic() + rules.in_all
    headers = {
        "User-Agent": rules.user_agent,
        "Accept": _ACCEPT,
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    try:
        place = rules.guard.place(address)
        is_for_good, moved_to = True, ""
        for _ in range(MOST_REDIRECTS + 1):
            with _asked(place, rules, headers, until, resolve) as (response, still_in_time):
                if response.status not in _REDIRECTS:
                    if response.status == HTTPStatus.NOT_MODIFIED and (etag or last_modified):
                        return None
                    _refuse_status(response)
                    return _taken(response, place, moved_to, rules, still_in_time)
                place, before = _next(place, response, rules.guard), response.status
            is_for_good = is_for_good and before in _FOR_GOOD
            moved_to = str(place) if is_for_good else moved_to
    except (Refused, NoAnswer) as error:
        raise FetchError(str(error)) from None
    raise FetchError(f"The address leads on to another more than {MOST_REDIRECTS} times.")


type _Asked = tuple[HTTPResponse, "_InTime"]


@contextmanager
def _asked(
    place: Place, rules: Rules, headers: dict[str, str], until: float, resolve: Resolve
) -> Iterator[_Asked]:
    """The response's head, its body still to be read, and what tells whether there is time for it."""

    def seconds() -> float:
        if (left := until - time.monotonic()) <= 0:
            raise FetchError(_slow(rules))
        return min(rules.connecting, left)

    connection = rules.guard.connect(place, seconds=seconds, resolve=resolve)
    in_time = _InTime(connection, until - time.monotonic(), _slow(rules))
    try:
        connection.timeout = rules.silent
        connection.request(
            "GET",
            place.target,
            headers={"Host": place.authority, **headers},
            preload_content=False,
            decode_content=False,
        )
        response = connection.getresponse()
        in_time.check()
        yield response, in_time
    except (OSError, EOFError, zlib.error, HTTPError, HTTPException) as error:
        in_time.check()
        if isinstance(error, TimeoutError | ReadTimeoutError):
            raise FetchError(f"{place.authority} sent nothing for {rules.silent:g} seconds.") from None
        if isinstance(error, gzip.BadGzipFile | EOFError | zlib.error):
            raise FetchError(f"What {place.authority} sent is packed, and damaged.") from None
        raise FetchError(f"{place.authority} broke off, or does not speak HTTP.") from None
    finally:
        in_time.cancel()
        connection.close()


class _InTime(threading.Timer):
    """Shuts the connection when the time is over: a time-out of reading begins anew with every byte that drips."""

    def __init__(self, connection: HTTPConnection, seconds: float, told: str) -> None:
        super().__init__(max(0.0, seconds), self._shut)
        self.daemon = True
        # The connection lets go of its socket once the head of a last response is there.
        self.socket = connection.sock
        self.told = told
        self.is_over = threading.Event()
        self.start()

    def check(self) -> None:
        if self.is_over.is_set():
            raise FetchError(self.told) from None

    def _shut(self) -> None:
        self.is_over.set()
        if self.socket is not None:
            with suppress(OSError):
                # Not TLS's own, which would let the reading thread go on without it.
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)


def _slow(rules: Rules) -> str:
    return f"It took longer than {rules.in_all:g} seconds."


def _next(place: Place, response: HTTPResponse, guard: Guard) -> Place:
    """Where a redirect leads. Raises Refused."""
    said = response.headers.get("Location", "")
    with suppress(UnicodeError):  # headers are read as Latin-1, addresses in them are mostly UTF-8
        said = said.encode("latin-1").decode("utf-8")
    if not said:
        raise Refused(f"{place.authority} leads on to another address, and doesn’t say to which.")
    try:
        onward = guard.place(urljoin(str(place), said.strip()))
    except (Refused, ValueError) as error:
        reason = str(error) if isinstance(error, Refused) else "That is no web address."
        raise Refused(f"{place.authority} leads on to where nothing is fetched. {reason}") from None
    if place.scheme == "https" and onward.scheme == "http":
        raise Refused(f"{place.authority} leads on from https to an address without it, {onward.authority}.")
    return onward


def _refuse_status(response: HTTPResponse) -> None:
    """Raises FetchError for whatever is not a feed's content."""
    status = response.status
    if status in (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION):
        return
    try:
        named = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        named = str(status)
    if status == HTTPStatus.GONE:
        raise FetchError(f"The server says that the feed is gone for good ({named}).", is_gone=True)
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        rest = _rest(response.headers.get("Retry-After", ""))
        what = "is asked too often" if status == HTTPStatus.TOO_MANY_REQUESTS else "can’t answer now"
        raise FetchError(f"The server {what} ({named}).", rest=rest)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise FetchError(f"The server does not let us have it ({named}).")
    if status == HTTPStatus.NOT_FOUND:
        raise FetchError(f"There is nothing at the address ({named}).")
    raise FetchError(f"The server answered {named}.")


def _rest(said: str) -> float:
    """The seconds of a Retry-After, which is their number or a date."""
    if said.strip().isdecimal():
        return min(float(said.strip()[:9]), LONGEST_REST)
    try:
        at = parsedate_to_datetime(said)
        seconds = (at - datetime.now(at.tzinfo)).total_seconds()
    except (ValueError, OverflowError):
        return 0
    return min(max(0.0, seconds), LONGEST_REST)


def _taken(response: HTTPResponse, place: Place, moved_to: str, rules: Rules, in_time: _InTime) -> Fetched:
    """The whole body, unpacked."""
    packed = response.headers.get("Content-Encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"{place.authority} sent it packed as “{packed[:40]}”, which was not asked for.")
    body: Any = _Body(response, rules.largest_packed)
    if packed.endswith("gzip"):
        body = gzip.GzipFile(fileobj=body)
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - is handed on
    try:
        while chunk := body.read(_CHUNK):
            file.write(chunk)
            if file.tell() > rules.largest:
                raise FetchError(f"Unpacked, the feed has more than {_size(rules.largest)}.")
        in_time.check()
        if not file.tell():
            raise FetchError(f"{place.authority} sent nothing.")
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Fetched(
        file=cast(BinaryIO, file),
        address=str(place),
        media_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        etag=_kept(response, "ETag", 500),
        last_modified=_kept(response, "Last-Modified", 100),
        moved_to=moved_to,
    )


class _Body:
    """What comes over the wire, up to a size in bytes."""

    def __init__(self, response: HTTPResponse, largest: int) -> None:
        self.response = response
        self.largest = largest
        self.so_far = 0
        self._refuse_above(response.length_remaining or 0)

    def read(self, size: int = -1) -> bytes:
        data = self.response.read(_CHUNK if size < 0 else size, decode_content=False)
        self.so_far += len(data)
        self._refuse_above(self.so_far)
        return data

    def _refuse_above(self, size: int) -> None:
        if size > self.largest:
            raise FetchError(f"The feed has more than {_size(self.largest)}.")


def _kept(response: HTTPResponse, name: str, length: int) -> str:
    """A header to be sent back as it is, or "" for one that no server should send."""
    said = response.headers.get(name, "").strip()
    return said if _SHOWN.fullmatch(said) and len(said) <= length else ""


def _size(count: int) -> str:
    return f"{count / 1024 / 1024:g} MB"
