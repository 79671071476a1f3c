"""Readers: what comes in (pasted text, saved pages, tables) becomes drafts. Nothing here touches Django.

`read` finds out which reader a file needs; `ArticleDraft`, `Refusal` and `ReadError` are what comes out.
"""

import datetime as dt
import gzip
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from os import PathLike
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import BinaryIO, Literal, cast

from articles.reading.decoding import decode, marked_encoding
from articles.reading.draft import ArticleDraft, ReadError, Refusal
from articles.reading.moments import zone_named
from articles.reading.page import LARGEST_PAGE, read_page
from articles.reading.plaintext import read_plain_text
from articles.reading.tables import match_columns, read_json_lines, read_table

__all__ = ["ArticleDraft", "Format", "ReadError", "Refusal", "read"]

Format = Literal["text", "page", "table", "lines"]

LARGEST_TEXT_FILE = 8 * 1024 * 1024
LARGEST_TABLE = 2 * 1024 * 1024 * 1024
"""Bytes, unpacked."""

_IN_MEMORY = 16 * 1024 * 1024
_CHUNK = 1024 * 1024
_GZIP = b"\x1f\x8b"
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_BY_NAME: dict[str, Format] = {
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".csv": "table",
    ".tsv": "table",
    ".tab": "table",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".json": "lines",
    ".txt": "text",
    ".text": "text",
    ".md": "text",
}


def read(
    path_or_name: str | PathLike[str],
    data: BinaryIO | bytes,
    *,
    time_zone: str | dt.tzinfo | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[ArticleDraft | Refusal]:
    """The drafts and refusals of a file, in its order; a table is read as they are asked for.

    The format is found by the name and the content: plain text, a saved web page, CSV or TSV, JSON lines, each
    also packed with gzip (a name ending in .gz). `time_zone` (an IANA name, the outlet's) dates times that come
    without a zone; without it they stay undated, with a note. `mapping` gives fields for columns by name.
    ReadError for a file that can't be read at all, with what to do; ValueError for an unknown time zone.
    """
    zone = zone_named(time_zone) if isinstance(time_zone, str) else time_zone
    name = PurePath(path_or_name).name.lower()
    stream: BinaryIO = BytesIO(data) if isinstance(data, bytes | bytearray) else data
    stream = _unpacked(name, stream)
    head = stream.read(_CHUNK)
    stream.seek(0)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ReadError("The file is empty.")
    match file_format(name, head):
        case "page":
            return iter([read_page(_whole(stream, LARGEST_PAGE, "page"), time_zone=zone)])
        case "table":
            return read_table(stream, time_zone=zone, mapping=mapping)
        case "lines":
            return read_json_lines(stream, time_zone=zone, mapping=mapping)
        case _:
            text, encoding = decode(_whole(stream, LARGEST_TEXT_FILE, "text"))
            draft = read_plain_text(text, time_zone=zone)
            if encoding == "cp1252":
                draft = replace(
                    draft, notes=(*draft.notes, "The file is not UTF-8; it was read as Windows-1252.")
                )
            return iter([draft])


def file_format(name: str, head: bytes) -> Format:
    """The format by the file's name and first bytes; what the content plainly is goes before the name."""
    start = head.decode(marked_encoding(head) or "utf-8", errors="replace").lstrip("\ufeff")
    if _HTML.match(start):
        return "page"
    if known := _BY_NAME.get(PurePath(name.removesuffix(".gz")).suffix):
        return known
    if start.lstrip().startswith("{"):
        return "lines"
    first = start.split("\n", 1)[0]
    columns = max((first.split(delimiter) for delimiter in ",;\t|"), key=len)
    named = set(match_columns([column.strip('" \r') for column in columns]).values())
    return "table" if {"headline", "body"} <= named else "text"


def _unpacked(name: str, stream: BinaryIO) -> BinaryIO:
    """A seekable stream of the file's own bytes, at its start."""
    if not stream.seekable():
        stream = _spooled(stream, LARGEST_TABLE)
    stream.seek(0)
    is_packed = stream.read(2) == _GZIP
    stream.seek(0)
    if not is_packed:
        return stream
    if not name.endswith(".gz"):
        raise ReadError("This is not text: it is packed with gzip. Unpack it, or name it “….gz”.")
    try:
        with gzip.GzipFile(fileobj=stream) as packed:
            return _spooled(cast(BinaryIO, packed), LARGEST_TABLE)
    except (OSError, EOFError, zlib.error):
        raise ReadError("The file is packed with gzip, and damaged. Pack it anew.") from None


def _spooled(source: BinaryIO, limit: int) -> BinaryIO:
    """A seekable copy: in memory as long as it is small, else in a temporary file without a name."""
    spool: BinaryIO = BytesIO()
    size = 0
    while chunk := source.read(_CHUNK):
        if size <= _IN_MEMORY < size + len(chunk):
            small, spool = spool, cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - lives as long as its reader
            spool.write(cast(BytesIO, small).getvalue())
        size += len(chunk)
        if size > limit:
            spool.close()
            raise ReadError(f"Unpacked, the file has more than {limit:,} bytes. Split it.")
        spool.write(chunk)
    spool.seek(0)
    return spool


def _whole(stream: BinaryIO, limit: int, what: str) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise ReadError(f"The {what} has more than {limit:,} bytes. Is it one article?")
    return data
