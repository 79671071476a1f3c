"""The fields of an article, the names that columns and members for them go by, and which column is which."""

import re
from collections.abc import Iterable, Mapping

from articles.reading.draft import ReadError

# One table: the fields, and the names that columns for them go by. Case, spaces and signs don't count.
COLUMNS: dict[str, tuple[str, ...]] = {
    "headline": ("headline", "title", "heading", "article title", "article headline", "web title"),
    "standfirst": ("standfirst", "subtitle", "subheadline", "subheading", "dek", "deck"),
    "body": (
        "body",
        "text",
        "content",
        "article body",
        "article text",
        "full text",
        "main text",
        "story",
        "plain text",
        "body text",
        "body html",
        "content html",
        "content text",
    ),
    "sections": ("sections", "paragraphs"),
    "summary": ("summary",),
    "byline": ("byline", "author", "authors", "writer", "creator", "by", "author name"),
    "author_bio": ("author bio", "author biography", "about the author", "biography", "bio"),
    "dateline": ("dateline",),
    "section": (
        "section",
        "category",
        "categories",
        "article section",
        "section name",
        "rubric",
        "desk",
        "topics",
    ),
    "language": ("language", "lang", "locale"),
    "published_at": (
        "published at",
        "published",
        "date",
        "date published",
        "publish date",
        "publication date",
        "publication time",
        "pub date",
        "published date",
        "published time",
        "web publication date",
        "timestamp",
        "datetime",
    ),
    "outlet": (
        "outlet",
        "source",
        "publisher",
        "publication",
        "newspaper",
        "site name",
        "source name",
        "site",
    ),
    "outlet_domain": ("outlet domain", "domain", "source domain", "hostname"),
    "url": ("url", "link", "article url", "permalink", "href", "web address", "web url", "source url"),
    "archive_url": ("archive url", "archived url", "archive", "archive link"),
    "image_url": ("image url", "image", "top image", "lead image", "thumbnail"),
    "image_caption": ("image caption", "caption", "photo caption"),
    "image_credit": ("image credit", "credit", "photo credit"),
    "external_id": (
        "external id",
        "id",
        "article id",
        "guid",
        "uid",
        "doc id",
        "news id",
        "item id",
        "identifier",
        "uuid",
    ),
    "newsdesk_id": ("newsdesk id",),
    "paragraph_kinds": ("paragraph kinds",),
}
REASON = "reason for refusal"
"""The column that `refusals.write_refusals` adds; a file with it is a mended one, and the column is passed over."""
ORIGINAL = "original line"
"""The column for what stood in the file where its cells could not be told apart; passed over, too."""
PLACE = "where it stood"
"""The column of our file of refused entries for their place; passed over, too."""
MARK = "guarded"
"""A column that says: the cells are guarded as in `spreadsheets`. Passed over, too; its cells are empty."""


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


_FIELD_OF = {_key(name): target for target, names in COLUMNS.items() for name in names}
_RANK = {_key(name): rank for names in COLUMNS.values() for rank, name in enumerate(names)}


def match_columns(names: list[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """The field of each column that has one, by the column's name.

    `mapping` gives fields (keys of COLUMNS, or "" for none) for columns by name, and goes before the names in
    COLUMNS. Where two columns would do for a field, the name that COLUMNS lists first wins. ReadError where
    `mapping` names a column that isn't there, ValueError where it names an unknown field.
    """
    chosen: dict[str, str] = {}
    spelt = {_key(name): name for name in reversed(names)}
    for given, target in (mapping or {}).items():
        column = given if given in names else spelt.get(_key(given), given)
        if target and target not in COLUMNS:
            raise ValueError(f"“{target}” is no field; the fields are {', '.join(COLUMNS)}.")
        if column not in names:
            raise ReadError(f"There is no column “{column}”. The file has: {', '.join(names)}.")
        chosen[column] = target
    taken = set(chosen.values())
    ranked = sorted(
        (_RANK[key], column) for column in names if column not in chosen and (key := _key(column)) in _RANK
    )
    for _, column in ranked:
        target = _FIELD_OF[_key(column)]
        if target not in taken:
            taken.add(target)
            chosen[column] = target
    return {column: target for column, target in chosen.items() if target}


OWN = frozenset([REASON, ORIGINAL, PLACE, MARK])


def unused(names: Iterable[str], columns: Mapping[str, str]) -> list[str]:
    """The columns that hold no field, without those that our own file of refused rows has added."""
    return [name for name in names if name not in columns and name not in OWN]


def distinct(names: Iterable[str]) -> list[str]:
    """The names of a header, each once: the second "tag" becomes "tag (2)", one without a name "column 3"."""
    found: dict[str, None] = {}
    for number, given in enumerate(names, start=1):
        stem = name = given or f"column {number}"
        count = 1
        while name in found:
            count += 1
            name = f"{stem} ({count})"
        found[name] = None
    return list(found)
