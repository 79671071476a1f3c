"""Readers: what comes in (tables, JSON, feeds, wires, pages, text, a zip of these) becomes drafts.

Nothing here touches Django. `sniff` tells what a file is, `read` reads it, `write_refusals` gives back what was
refused, to be mended; `ArticleDraft`, `Refusal` and `ReadError` are what comes out.
"""

import datetime as dt
import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from os import PathLike
from pathlib import PurePath
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from articles.reading import archive
from articles.reading.columns import COLUMNS, match_columns
from articles.reading.decoding import decode, decode_wire
from articles.reading.draft import ArticleDraft, ReadError, Refusal
from articles.reading.entries import outcomes
from articles.reading.feeds import read_feed
from articles.reading.moments import zone_named
from articles.reading.newsml import read_newsml_1, read_newsml_g2
from articles.reading.nitf import read_nitf
from articles.reading.page import LARGEST_PAGE, read_page
from articles.reading.plaintext import read_plain_text
from articles.reading.records import read_json
from articles.reading.refusals import refusal_of, write_refusals
from articles.reading.sniffing import (
    FORMATS,
    GZIP,
    HEAD,
    Format,
    Sniffed,
    file_format,
    refuse_other_kinds,
    sniff,
)
from articles.reading.tables import read_table
from articles.reading.wiretext import read_wire_text
from articles.reading.xmlrows import read_xml_rows

__all__ = [
    "COLUMNS",
    "FORMATS",
    "ArticleDraft",
    "Format",
    "ReadError",
    "Refusal",
    "Sniffed",
    "match_columns",
    "read",
    "refusal_of",
    "sniff",
    "write_refusals",
]

LARGEST_TEXT_FILE = 4 * 1024 * 1024
LARGEST_WIRE_FILE = 16 * 1024 * 1024
MOST_REFUSED = 10_000
"""Refusals from a file's beginning on after which it is taken for another kind of file."""
LARGEST_UNPACKED = 2 * 1024 * 1024 * 1024
"""Bytes of what was packed with gzip."""

_IN_MEMORY = 16 * 1024 * 1024
_CHUNK = 1024 * 1024
_ALL_REFUSED = (
    f"None of the first {MOST_REFUSED:,} is an article, so reading stopped here. "
    "Choose another format, encoding, delimiter or mapping."
)
_NOTHING = "There is no article in it. Is it the right file?"

type Outcomes = Iterator[ArticleDraft | Refusal]


def read(
    name: str | PathLike[str],
    data: BinaryIO | bytes,
    *,
    format: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    mapping: Mapping[str, str] | None = None,
    time_zone: str | dt.tzinfo | None = None,
) -> Outcomes:
    """The drafts and refusals of a file, in its order; what can be long is read as they are asked for.

    Format (a key of FORMATS), encoding and delimiter are found by the name and the content where they are not
    given. A file packed with gzip is unpacked if its name ends in .gz. `time_zone` (an IANA name, the outlet's)
    dates times that come without a zone; without it they stay undated, with a note. `mapping` gives fields
    (keys of COLUMNS, "" for none) for columns, members or elements by name.

    ReadError, at once or at a later outcome, for a file that can't be read at all or any further, with what to
    do; ValueError for an unknown format, field or time zone.
    """
    if format is not None and format not in FORMATS:
        raise ValueError(f"“{format}” is no format; the formats are {', '.join(FORMATS)}.")
    reading = _Reading(
        encoding=encoding or "",
        delimiter=delimiter or "",
        mapping=mapping or {},
        zone=zone_named(time_zone) if isinstance(time_zone, str) else time_zone,
    )
    stream: BinaryIO = BytesIO(data) if isinstance(data, bytes | bytearray) else data
    if not stream.seekable():
        stream = _spooled(stream, LARGEST_UNPACKED)
    name = PurePath(name).name
    stream = _unpacked(name.lower(), stream)
    head = _head(stream)
    if head.startswith((archive.SIGN, archive.EMPTY_SIGN)):
        inner = None if format == "zip" else cast("Format | None", format)
        return _started(
            archive.read_archive(stream, lambda member, data: reading.member(member, data, inner))
        )
    if format == "zip":
        raise ReadError("It is no zip. Choose another format, or let it be found.")
    return _started(reading.outcomes(stream, cast("Format | None", format) or file_format(name, head)))


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a file is to be read; "" where that is to be found out."""

    encoding: str
    delimiter: str
    zone: dt.tzinfo | None
    mapping: Mapping[str, str] = field(default_factory=dict)
    may_lack: bool = False

    def outcomes(self, stream: BinaryIO, kind: Format) -> Outcomes:
        """The outcomes of a stream of one format."""
        encoding, zone, mapping = self.encoding, self.zone, self.mapping
        if kind in _ENTRIES:
            notes: list[str] = []
            found = _ENTRIES[kind](stream, encoding, notes)
            return outcomes(found, time_zone=zone, file_notes=notes, nothing=_NOTHING)
        match kind:
            case "csv" | "tsv":
                return read_table(
                    stream,
                    encoding=encoding,
                    delimiter=self.delimiter,
                    time_zone=zone,
                    mapping=mapping,
                    may_lack=self.may_lack,
                )
            case "jsonl" | "json" | "ninjs" | "jsonfeed":
                return read_json(
                    stream,
                    is_lines=kind == "jsonl",
                    is_ninjs=kind == "ninjs",
                    encoding=encoding,
                    time_zone=zone,
                    mapping=mapping,
                )
            case "xml":
                return read_xml_rows(stream, encoding=encoding, time_zone=zone, mapping=mapping)
            case "wire":
                text = decode_wire(_whole(stream, LARGEST_WIRE_FILE, "file"), encoding)
                return outcomes(read_wire_text(text), time_zone=zone, file_notes=[], nothing=_NOTHING)
            case "page":
                page = read_page(_whole(stream, LARGEST_PAGE, "page"), encoding=encoding, time_zone=zone)
                return iter([replace(page, row=1)])
            case _:
                return iter([self._text(stream)])

    def _text(self, stream: BinaryIO) -> ArticleDraft:
        text, encoding = decode(_whole(stream, LARGEST_TEXT_FILE, "text"), self.encoding)
        draft = replace(read_plain_text(text, time_zone=self.zone), row=1)
        if encoding == "cp1252" and not self.encoding:
            note = "The file is not UTF-8; it was read as Windows-1252."
            draft = replace(draft, notes=(*draft.notes, note))
        return draft

    def member(self, name: str, stream: BinaryIO, kind: Format | None) -> Outcomes:
        """The outcomes of a zip's member; what is packed once more is refused."""
        head = _head(stream)
        if head.startswith((archive.SIGN, archive.EMPTY_SIGN, GZIP)):
            raise ReadError("It is packed once more. Unpack it, and pack the files themselves.")
        return replace(self, may_lack=True).outcomes(stream, kind or file_format(name, head))


_ENTRIES = {
    "feed": read_feed,
    "wordpress": read_feed,
    "newsml-g2": read_newsml_g2,
    "newsml-1": read_newsml_1,
    "nitf": read_nitf,
}


def _started(found: Outcomes) -> Outcomes:
    """The same outcomes, the first of them read already: so that a file that can't be read fails at once."""
    first = next(found, None)
    return _from(first, found) if first else iter(())


def _from(first: ArticleDraft | Refusal, rest: Outcomes) -> Outcomes:
    yield first
    refused = 1
    if isinstance(first, Refusal):
        for outcome in rest:
            yield outcome
            if isinstance(outcome, ArticleDraft):
                break
            refused += 1
            if refused == MOST_REFUSED:
                row = outcome.row + 1
                yield Refusal(_ALL_REFUSED, outcome.where, row=row)
                return
    yield from rest


def _head(stream: BinaryIO) -> bytes:
    """The beginning of a stream, which is left at its start. ReadError where it is empty, or never read."""
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ReadError("The file is empty. Choose another one.")
    refuse_other_kinds(head)
    return head


def _unpacked(name: str, stream: BinaryIO) -> BinaryIO:
    """A seekable stream of the file's own bytes, at its start."""
    packed_size = stream.seek(0, 2)
    stream.seek(0)
    is_packed = stream.read(2) == GZIP
    stream.seek(0)
    if not is_packed:
        return stream
    if not name.endswith(".gz"):
        raise ReadError("This is not text: it is packed with gzip. Unpack it, or name it “….gz”.")
    try:
        with gzip.GzipFile(fileobj=stream) as packed:
            return _spooled(cast(BinaryIO, packed), LARGEST_UNPACKED, packed_size=packed_size)
    except (OSError, EOFError, zlib.error):
        raise ReadError("The file is packed with gzip, and damaged. Pack it anew.") from None


def _spooled(source: BinaryIO, limit: int, *, packed_size: int = 0) -> BinaryIO:
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
        if packed_size and size > _IN_MEMORY and size > archive.MOST_PACKED * packed_size:
            spool.close()
            raise ReadError(
                f"Unpacked, the file is more than {archive.MOST_PACKED} times as large. No text is packed as "
                "small as that: bring it in unpacked."
            )
        spool.write(chunk)
    spool.seek(0)
    return spool


def _whole(stream: BinaryIO, limit: int, what: str) -> bytes:
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise ReadError(f"The {what} has more than {limit:,} bytes. Is it one article?")
    return data
