"""The published annotations of the whole site as one list, read page by page.

They stand as they were first published, then by their uuid: neither ever changes, so that what is published later comes
at the end, and a page begins where the page before it ended whatever was withdrawn in between.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.urls import reverse

from annotations.leaving import gathering, web_annotation
from annotations.leaving.records import Happening, Statement
from annotations.models import Event, Quote
from annotations.querysets import EventQuerySet, QuoteQuerySet
from articles.models import Story
from newsdesk.addresses import absolute

ANNOTATIONS_A_PAGE = 100

BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When the container of a site without a story last changed."""


class BadPlace(ValueError):
    """The place where a page should begin is none that we gave out."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an annotation stands in the list."""

    at: dt.datetime
    uuid: UUID

    def __str__(self) -> str:
        return f"{self.at.astimezone(dt.UTC):%Y%m%dT%H%M%S.%f}_{self.uuid}"

    @classmethod
    def read(cls, written: str) -> "Place":
        """Raises BadPlace."""
        at, _, uuid = written.partition("_")
        try:
            return cls(dt.datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC), UUID(uuid))
        except ValueError as error:
            raise BadPlace(written) from error


@dataclass(frozen=True, slots=True)
class Page:
    """So many annotations from place number `start` on (the first is 0), and where the pages beside it begin.

    A neighbour is the place after which it begins, "" for the beginning of the list, None where there is no such page.
    """

    places: Sequence[Place]
    start: int
    following: str | None
    previous: str | None


def _quotes() -> QuoteQuerySet:
    found: QuoteQuerySet = Quote.objects.public()
    return found


def _events() -> EventQuerySet:
    found: EventQuerySet = Event.objects.public().evidenced()
    return found


def total() -> int:
    return _quotes().count() + _events().count()


def modified() -> dt.datetime:
    """When readers last got something new or different: withdrawing counts."""
    last: dt.datetime | None = Story.objects.published().aggregate(last=Max("changed_at"))["last"]
    return last or BEGINNING


def page(after: Place | None) -> Page:
    """The page that begins after a place, or with the first annotation."""
    found = _places(Q(), after=after, limit=ANNOTATIONS_A_PAGE + 1)
    places = found[:ANNOTATIONS_A_PAGE]
    following = str(places[-1]) if len(found) > ANNOTATIONS_A_PAGE else None
    if after is None:
        return Page(places, 0, following, None)
    before = _places(_until(after), limit=ANNOTATIONS_A_PAGE + 1, is_backwards=True)
    previous = str(before[-1]) if len(before) > ANNOTATIONS_A_PAGE else ""
    start = sum(rows.filter(_until(after)).count() for rows in (_quotes(), _events()))
    return Page(places, start, following, previous if before else None)


def last(total: int) -> str:
    """Where the last page of so many annotations begins, when they are read from the first page on."""
    on_it = (total - 1) % ANNOTATIONS_A_PAGE + 1
    found = _places(Q(), limit=on_it + 1, is_backwards=True)
    return str(found[on_it]) if len(found) > on_it else ""


def annotations(places: Sequence[Place]) -> list[web_annotation.Node]:
    """The annotations at some places, in that order, in a fixed number of queries."""
    uuids = [place.uuid for place in places]
    told = {
        **{
            one.uuid: of_quote(one)
            for one in gathering.statements(_quotes().for_readers().filter(uuid__in=uuids))
        },
        **{
            one.uuid: of_event(one)
            for one in map(gathering.happening, _events().for_readers().filter(uuid__in=uuids))
        },
    }
    return [told[uuid] for uuid in uuids if uuid in told]


def of_quote(one: Statement) -> web_annotation.Node:
    return web_annotation.of_quote(one, address_of(one.uuid), absolute("/"))


def of_event(one: Happening) -> web_annotation.Node:
    return web_annotation.of_event(one, address_of(one.uuid), absolute("/"))


def address_of(uuid: UUID) -> str:
    return absolute(reverse("annotation", args=[uuid]))


def _places(these: Q, *, limit: int, after: Place | None = None, is_backwards: bool = False) -> list[Place]:
    if after:
        these &= Q(published_at__gt=after.at) | Q(published_at=after.at, uuid__gt=after.uuid)
    order = ("-published_at", "-uuid") if is_backwards else ("published_at", "uuid")
    sources: Iterable[QuerySet[Any]] = (_quotes(), _events())
    rows = [
        Place(at, uuid)
        for source in sources
        for at, uuid in source.filter(these).order_by(*order).values_list("published_at", "uuid")[:limit]
    ]
    return sorted(rows, reverse=is_backwards)[:limit]


def _until(place: Place) -> Q:
    return Q(published_at__lt=place.at) | Q(published_at=place.at, uuid__lte=place.uuid)
