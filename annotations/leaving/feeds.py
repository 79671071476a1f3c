"""Feeds as programs read them: Atom (RFC 4287) and JSON Feed 1.1 (jsonfeed.org), from the same entries."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.feedgenerator import Atom1Feed

from annotations.leaving.xmltext import writable


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. The title is plain text, the summary HTML that our own template made, `language` that of
    the title. Its id stays when its address changes."""

    id: str
    title: str
    address: str
    summary: str
    author: str
    category: str
    language: str
    published_at: dt.datetime | None
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: the page that it follows, its entries with the last changed first, and when it changed if it has none."""

    id: str
    title: str
    page: str
    subtitle: str
    entries: list[Entry]
    changed_at: dt.datetime

    @property
    def updated_at(self) -> dt.datetime:
        """Never "now": a feed stays the same until something in it does not."""
        return max([self.changed_at, *(entry.updated_at for entry in self.entries)])


def as_atom(feed: Feed, address: str) -> bytes:
    """The feed as it stands at an address."""
    written = _Atom(
        title=writable(feed.title),
        link=feed.page,
        description=None,
        subtitle=writable(feed.subtitle) or None,
        language="en",
        feed_url=address,
        feed_guid=feed.id,
        author_name="Newsdesk",
        updated_at=feed.updated_at,
    )
    for entry in feed.entries:
        written.add_item(
            title=writable(entry.title),
            link=entry.address,
            description=writable(entry.summary),
            unique_id=entry.id,
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
            author_name=writable(entry.author),
            categories=[entry.category],
        )
    return written.writeString("utf-8").encode()


class _Atom(Atom1Feed):
    def latest_post_date(self) -> dt.datetime:
        updated_at: dt.datetime = self.feed["updated_at"]
        return updated_at


def as_json(feed: Feed, address: str) -> bytes:
    """The feed as it stands at an address."""
    written = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": address,
        "description": feed.subtitle,
        "language": "en",
        "authors": [{"name": "Newsdesk"}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return json.dumps(
        {name: value for name, value in written.items() if value != ""}, ensure_ascii=False
    ).encode()


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": entry.id,
        "url": entry.address,
        "title": entry.title,
        "content_html": entry.summary,
        "date_published": entry.published_at.isoformat() if entry.published_at else "",
        "date_modified": entry.updated_at.isoformat(),
        "authors": [{"name": entry.author}],
        "tags": [entry.category],
        "language": entry.language,
    }
    return {name: value for name, value in item.items() if value != ""}


WRITERS: dict[str, tuple[str, Callable[[Feed, str], bytes]]] = {
    "atom": ("application/atom+xml; charset=utf-8", as_atom),
    "json": ("application/feed+json; charset=utf-8", as_json),
}
"""By format, which is also the end of the address: the media type, and what writes it."""
