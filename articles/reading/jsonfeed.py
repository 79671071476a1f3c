"""JSON Feed (jsonfeed.org), versions 1 and 1.1."""

from collections.abc import Iterator, Mapping
from typing import Any

from articles.reading.draft import joined, lexicon, plain_parts, web_address
from articles.reading.entries import NO_OBJECT, Entry, names_of, summary_note
from articles.reading.markup import read_fragment
from articles.reading.rows import as_text

_USED = lexicon("""
    id url external_url title content_html content_text summary image banner_image date_published date_modified
    authors author tags language attachments
    """)


def is_feed(document: Any) -> bool:
    """Whether a JSON document is such a feed."""
    return isinstance(document, dict) and "jsonfeed.org" in as_text(document.get("version"))


def entries_of(feed: Mapping[str, Any]) -> Iterator[Entry]:
    """The feed's items."""
    items = feed.get("items")
    for item in items if isinstance(items, list) else ():
        try:
            yield _entry(item, feed) if isinstance(item, dict) else Entry(refused=NO_OBJECT)
        except ValueError as error:
            yield Entry(refused=str(error))


def _entry(item: Mapping[str, Any], feed: Mapping[str, Any]) -> Entry:
    home = as_text(feed.get("home_page_url"))
    address = joined(home, as_text(item.get("url")))
    identifier = as_text(item.get("id"))
    tags = item.get("tags")
    entry = Entry(unused=[name for name, value in item.items() if value and name not in _USED])
    entry.fields = {
        "headline": as_text(item.get("title")),
        "byline": names_of(_authors(item) or _authors(feed)),
        "outlet": as_text(feed.get("title")),
        "url": address or web_address(identifier),
        "external_id": identifier,
        "section": as_text(tags[:1]) if isinstance(tags, list) else "",
        "language": as_text(item.get("language")) or as_text(feed.get("language")),
        "image_url": as_text(item.get("image")) or as_text(item.get("banner_image")),
    }
    entry.published = as_text(item.get("date_published"))
    if not entry.published and (changed := as_text(item.get("date_modified"))):
        entry.notes.append(f"The feed says only when it was last changed: {changed}")
    if markup := as_text(item.get("content_html")).strip():
        entry.take(read_fragment(markup))
    summary = as_text(item.get("summary"))
    plain = as_text(item.get("content_text")) or ("" if entry.parts else summary)
    entry.is_summary = not entry.parts and plain == summary
    if not entry.parts:
        entry.parts = plain_parts(plain)
    entry.notes += [] if entry.is_summary else summary_note(summary, entry)
    return entry


def _authors(told: Mapping[str, Any]) -> list[str]:
    authors = told.get("authors")
    found = authors if isinstance(authors, list) else [told.get("author")]
    return [name for author in found if (name := as_text(author).strip())]
