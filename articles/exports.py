"""Articles written out as CSV or JSON lines, with the columns by which articles.reading reads them in again.

Few articles are in memory at a time: their numbers come through a cursor of the database, and for each chunk of
them there is one query.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from typing import Any
from zoneinfo import ZoneInfo

from articles.importing import FIELDS
from articles.marks import Mark, state_of
from articles.models import Article
from articles.querysets import ArticleQuerySet
from articles.reading.columns import MARK
from articles.reading.spreadsheets import guarded

CHUNK = 50
"""Articles in memory at a time. With the longest texts that there may be, they have 20 million characters."""

_NUMBERS = 5_000

COLUMNS = (
    "newsdesk_id",
    "headline",
    "outlet",
    "outlet_domain",
    "published_at",
    "byline",
    "url",
    "external_id",
    "section",
    "language",
    "dateline",
    "author_bio",
    "image_url",
    "image_caption",
    "image_credit",
    "archive_url",
    "paragraph_kinds",
    "body",
)
"""What is written of an article, in this order; by these names articles.reading knows them."""

_ASKED = (
    "pk",
    "recorded_at",
    *FIELDS,
    "outlet__name",
    "outlet__domain",
    "outlet__time_zone",
    "current_version__text",
    "current_version__digest",
    "current_version__kinds",
)

type Record = dict[str, Any]


def records(articles: ArticleQuerySet) -> Iterator[Record]:
    """What there is to write of each article, by COLUMNS, in the query's order."""
    numbers = articles.prefetch_related(None).values_list("pk", flat=True)
    for chunk in batched(numbers.iterator(chunk_size=_NUMBERS), CHUNK):
        whole = Article.objects.filter(pk__in=chunk, current_version__isnull=False).values(*_ASKED)
        found = {values["pk"]: values for values in whole}
        yield from (_record(found[number]) for number in chunk if number in found)


def _record(values: dict[str, Any]) -> Record:
    kinds: dict[str, str] = values["current_version__kinds"]
    record = {name: values[name] or "" for name in FIELDS} | {
        "newsdesk_id": str(_mark(values)),
        "outlet": values["outlet__name"],
        "outlet_domain": values["outlet__domain"],
        "published_at": _instant(values["published_at"], values["outlet__time_zone"]),
        "paragraph_kinds": {str(int(number) + 1): kinds[number] for number in sorted(kinds, key=int)},
        "body": values["current_version__text"],
    }
    return {name: record[name] for name in COLUMNS}


def _mark(values: dict[str, Any]) -> Mark:
    said = {name: values[name] for name in FIELDS}
    said |= {"outlet": values["outlet__name"], "text": values["current_version__digest"]}
    return Mark(values["pk"], values["recorded_at"], state_of(said))


def _instant(at: dt.datetime | None, time_zone: str) -> str:
    """The instant in the outlet's own time; in UTC where its clock was off by seconds, as long ago."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(time_zone))
    offset = local.utcoffset() or dt.timedelta()
    return (local if not offset.seconds % 60 else at.astimezone(dt.UTC)).isoformat()


# The formats.


def as_csv(found: Iterable[Record]) -> Iterator[bytes]:
    """A table that spreadsheet programs open as it is meant: UTF-8 with its mark, no cell a formula."""
    yield "\ufeff".encode() + _lines([[*COLUMNS, MARK]])
    for chunk in batched(found, CHUNK):
        yield _lines([*map(_cells, chunk)])


def _cells(record: Record) -> list[str]:
    kinds = record["paragraph_kinds"]
    cells = record | {"paragraph_kinds": json.dumps(kinds) if kinds else ""}
    return [*(guarded(cells[name]) for name in COLUMNS), ""]


def _lines(rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_json_lines(found: Iterable[Record]) -> Iterator[bytes]:
    for chunk in batched(found, CHUNK):
        yield "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in chunk).encode()


WRITERS: dict[str, tuple[str, Callable[[Iterable[Record]], Iterator[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/jsonl; charset=utf-8", as_json_lines),
}
"""By format, which is also the end of the file's name: the media type, and what writes it."""
