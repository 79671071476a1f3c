"""What a file is, by its first bytes and its name: format, encoding, delimiter, columns."""

import codecs
import csv
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from json import dumps
from pathlib import PurePath
from typing import Literal, cast, get_args

from articles.reading import archive
from articles.reading.columns import match_columns
from articles.reading.decoding import (
    XML_STARTS,
    decode_wire,
    encoding_named,
    encoding_of,
    encoding_of_page,
    encoding_of_xml,
    marked_encoding,
)
from articles.reading.draft import ReadError, excerpt, storable
from articles.reading.jsontext import JsonError, loads, read_array
from articles.reading.ninjs import is_ninjs
from articles.reading.records import is_in_lines, list_in
from articles.reading.tables import DELIMITERS, layout_of
from articles.reading.wiretext import is_wire_text
from articles.reading.xmlrows import columns_in
from articles.reading.xmltext import root_of

Format = Literal[
    "csv", "tsv", "jsonl", "json", "ninjs", "jsonfeed", "feed", "wordpress", "newsml-g2", "newsml-1", "nitf", "xml",
    "wire", "page", "text", "zip",
]  # fmt: skip

FORMATS: dict[Format, str] = {
    "csv": "CSV",
    "tsv": "TSV",
    "jsonl": "JSON lines",
    "json": "JSON",
    "ninjs": "ninjs",
    "jsonfeed": "JSON Feed",
    "feed": "RSS, RDF or Atom",
    "wordpress": "WordPress export",
    "newsml-g2": "NewsML-G2",
    "newsml-1": "NewsML 1",
    "nitf": "NITF",
    "xml": "other XML",
    "wire": "ANPA 1312 or IPTC 7901",
    "page": "saved web page",
    "text": "plain text",
    "zip": "zip of these",
}
"""The formats, and what people call them."""

HEAD = 1024 * 1024
"""Bytes of a file's beginning that are looked at."""

GZIP = b"\x1f\x8b"
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_BY_NAME: dict[str, Format] = {
    **dict.fromkeys([".html", ".htm", ".xhtml"], "page"),
    **dict.fromkeys([".csv"], "csv"),
    **dict.fromkeys([".tsv", ".tab"], "tsv"),
    **dict.fromkeys([".jsonl", ".ndjson"], "jsonl"),
    **dict.fromkeys([".json"], "json"),
    **dict.fromkeys([".txt", ".text", ".md"], "text"),
}
_BY_ROOT: dict[str, Format] = {
    **dict.fromkeys(["rss", "rdf", "feed", "channel"], "feed"),
    **dict.fromkeys(["newsmessage", "newsitem", "packageitem", "conceptitem", "knowledgeitem"], "newsml-g2"),
    **dict.fromkeys(["planningitem", "catalogitem", "contentset", "groupset"], "newsml-g2"),
    **dict.fromkeys(["newsml"], "newsml-1"),
    **dict.fromkeys(["nitf"], "nitf"),
    **dict.fromkeys(["html"], "page"),
}
_SIGNS = (
    (b"%PDF", "a PDF", "Save its text as a text file and bring that in."),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Word or Excel file",
        "Save it as “CSV UTF-8”, or as a text file and bring that in.",
    ),
    (b"\x89PNG", "a picture", "Bring in the text that goes with it."),
    (b"\xff\xd8\xff", "a picture", "Bring in the text that goes with it."),
    (b"GIF87a", "a picture", "Bring in the text that goes with it."),
    (b"GIF89a", "a picture", "Bring in the text that goes with it."),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip", "Pack it as zip and bring that in."),
    (b"Rar!\x1a\x07", "packed with RAR", "Pack it as zip and bring that in."),
    (b"BZh91AY&SY", "packed with bzip2", "Unpack it and bring that in."),
    (b"\xfd7zXZ", "packed with xz", "Unpack it and bring that in."),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "Unpack it and bring that in."),
    (b"{\\rtf", "a rich text file", "Save it as a plain text file and bring that in."),
)
_OFFICE = (
    (b"xl/", "an Excel workbook", "Save it as “CSV UTF-8” and bring that in."),
    (b"word/", "a Word document", "Save it as a text file and bring that in."),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        "a spreadsheet",
        "Save it as CSV in UTF-8 and bring that in.",
    ),
    (
        b"mimetypeapplication/vnd.oasis.opendocument",
        "an office document",
        "Save it as a text file and bring that in.",
    ),
    (b"mimetypeapplication/epub", "an e-book", "Save its text as a text file and bring that in."),
)
_MHTML = re.compile(r"(?:From: <Saved by |MIME-Version: 1\.0\s|Snapshot-Content-Location: )", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file seems to be. `columns` gives the field of each column or member, "" where there is none.

    `encoding` holds for what was looked at: `read` looks through the whole file, if it is not told another.
    """

    format: Format
    encoding: str = ""
    delimiter: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    samples: dict[str, list[str]] = field(default_factory=dict, compare=False)
    """Some values of each column or member, cut short, for people to know it by."""


SAMPLES = 3
"""Records from which samples are taken."""


def sniff(name: str, head: bytes, *, format: str = "", encoding: str = "", delimiter: str = "") -> Sniffed:
    """What the file that begins with `head` is; HEAD bytes are enough. ReadError for what is never read.

    What a person has set (a key of FORMATS, an encoding, a delimiter) is taken for given.
    """
    head = unpacked_head(name, head)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ReadError("The file is empty. Choose another one.")
    refuse_other_kinds(head)
    if head.startswith((archive.SIGN, archive.EMPTY_SIGN)):
        return Sniffed("zip")
    format_ = cast(Format, format) if format in FORMATS and format != "zip" else file_format(name, head)
    start, encoding = _decoded(format_, head, encoding)
    if format_ in ("csv", "tsv"):
        return _sniffed_table(format_, start, encoding, delimiter)
    if format_ in ("jsonl", "json"):
        return _sniffed_json(format_, start, encoding)
    columns = columns_in(head, encoding) if format_ == "xml" else {}
    return Sniffed(format_, encoding, columns=columns)


def _sniffed_table(format_: Format, start: str, encoding: str, delimiter: str) -> Sniffed:
    lines = iter(start.splitlines(keepends=True))
    try:
        layout = layout_of(lines, delimiter)
    except ReadError:
        return Sniffed(format_, encoding)
    records: list[dict[str, object]] = []
    try:
        for cells in csv.reader(lines, delimiter=layout.delimiter):
            if cells:
                records.append(dict(zip(layout.header, cells, strict=False)))
            if len(records) == SAMPLES:
                break
    except csv.Error:
        pass  # reading tells what is wrong, and where
    columns = {column: layout.columns.get(column, "") for column in layout.header}
    format_ = "tsv" if layout.delimiter == "\t" else "csv"
    return Sniffed(format_, encoding, layout.delimiter, columns, _samples(columns, records))


def _samples(columns: Iterable[str], records: list[dict[str, object]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for column in columns:
        values = [value for one in records if (value := one.get(column))]
        said = [one if isinstance(one, str) else dumps(one, ensure_ascii=False) for one in values]
        found[column] = [words for value in said if (words := excerpt(str(storable(value)), 80))]
    return found


def unpacked_head(name: str, head: bytes) -> bytes:
    """The beginning of what gzip has packed, or `head` itself."""
    if not head.startswith(GZIP) or not name.lower().endswith(".gz"):
        return head
    try:
        return zlib.decompressobj(31).decompress(head, HEAD)
    except zlib.error:
        raise ReadError("The file is packed with gzip, and damaged. Pack it anew.") from None


def refuse_other_kinds(head: bytes) -> None:
    """ReadError for a file of a kind that is never read, saying what to do with it."""
    for sign, what, todo in _SIGNS:
        if head.startswith(sign):
            raise ReadError(f"This is not text: it is {what}. {todo}")
    if head.startswith(archive.SIGN):
        is_office = b"[Content_Types].xml" in head
        for sign, what, todo in _OFFICE:
            if (is_office and sign in head) or (sign.startswith(b"mimetype") and sign in head[:200]):
                raise ReadError(f"This is {what}. {todo}")
    if _MHTML.match(head[:200].decode("latin-1")) and b"multipart/related" in head[:4096].lower():
        raise ReadError(
            "This is a web page with all its parts in one file. Save it as “web page, HTML only”."
        )


def file_format(name: str, head: bytes) -> Format:
    """The format by the file's name and first bytes; what the content plainly is goes before the name."""
    known = _BY_NAME.get(PurePath(name.lower().removesuffix(".gz")).suffix)
    start = _start(head)
    if _HTML.match(start):
        return "page"
    if is_wire_text(start[:4096]):
        return "wire"
    begins = start.lstrip()[:1]
    if begins == "<" and (found := _xml_format(head, known)):
        return found
    if known in ("jsonl", "json") or (known is None and begins == "{"):
        return _json_layout(known, begins, head)
    if known:
        return known
    if begins == "[" and _is_json_array(start):
        return "json"
    first = start.split("\n", 1)[0]
    columns = max((first.split(delimiter) for delimiter in DELIMITERS), key=len)
    named = set(match_columns([column.strip('" \r') for column in columns[:1_000]]).values())
    if {"headline", "body"} <= named:
        return "tsv" if len(first.split("\t")) == len(columns) else "csv"
    return "text"


def _xml_format(head: bytes, known: Format | None) -> Format | None:
    """The format by the root element; what has an unknown one is XML if its name does not say otherwise."""
    root = root_of(_start(head))
    if root is None:
        return None
    if root.name == "rss" and b"wordpress.org/export" in head[:20_000]:
        return "wordpress"
    return _BY_ROOT.get(root.name) or ("xml" if known is None else None)


def _start(head: bytes) -> str:
    """The beginning of a text, good enough to know its kind by."""
    encoding = marked_encoding(head) or next(
        (name for sign, name in XML_STARTS if head.startswith(sign)), "utf-8"
    )
    return head.decode(encoding, errors="replace").lstrip("\ufeff")


def _json_layout(known: Format | None, begins: str, head: bytes) -> Format:
    if begins == "[" or known == "jsonl":
        return "json" if begins == "[" else "jsonl"
    encoding = marked_encoding(head) or "utf-8"
    return "jsonl" if begins != "{" or is_in_lines(BytesIO(head), encoding) else "json"


def _is_json_array(start: str) -> bool:
    """Whether a text that begins with a bracket begins as an array of objects does."""
    return bool(re.match(r"\[\s*(?:\{\s*[\"}]|\])", start.lstrip()))


def _whole_characters(head: bytes) -> bytes:
    """The head without the piece of a UTF-8 character at its end, where it was cut off."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
    except UnicodeDecodeError:
        return head
    pending, _ = decoder.getstate()
    return head[: len(head) - len(pending)]


def _decoded(format_: Format, head: bytes, given: str = "") -> tuple[str, str]:
    """The text of the head, and its encoding. ReadError where it is no text, or in what encoding can't be told."""
    whole = _whole_characters(head)
    if format_ != "wire" and (encoding := encoding_named(given)):
        return whole.decode(encoding, errors="replace").removeprefix("\ufeff"), encoding
    if format_ == "wire":
        return decode_wire(whole), "utf-8" if whole.isascii() else "cp1252"
    if format_ == "page":
        encoding = encoding_of_page(whole)
    elif format_ in ("feed", "wordpress", "newsml-g2", "newsml-1", "nitf", "xml"):
        encoding = encoding_of_xml(BytesIO(whole))
    else:
        encoding = encoding_of(BytesIO(whole))
    return whole.decode(encoding, errors="replace").removeprefix("\ufeff"), encoding


def _sniffed_json(format_: Format, start: str, encoding: str) -> Sniffed:
    """With the members of the first record, and whether they are those of ninjs or of a feed."""
    if re.search(r'"version"\s*:\s*"https?:(?:\\?/){2}jsonfeed\.org', start[:HEAD]):
        return Sniffed("jsonfeed", encoding)
    record = _first_record(format_, start)
    if record is None:
        return Sniffed(format_, encoding)
    if is_ninjs(record):
        return Sniffed("ninjs", encoding)
    matched = match_columns(list(record))
    columns = {name: matched.get(name, "") for name in record}
    return Sniffed(format_, encoding, columns=columns, samples=_samples(columns, [record]))


def _first_record(format_: Format, start: str) -> dict[str, object] | None:
    if format_ == "jsonl":
        for line in start.splitlines()[:20]:
            try:
                record = loads(line)
            except JsonError:
                continue
            if isinstance(record, dict):
                return record
        return None
    if start.lstrip().startswith("["):
        item = next(read_array(StringIO(start)), None)
        return item.value if item and isinstance(item.value, dict) else None
    try:
        record = loads(start)
    except JsonError:
        return None
    listed = None if is_ninjs(record) else list_in(record)
    first = listed[0] if listed else record
    return first if isinstance(first, dict) else None


assert set(get_args(Format)) == set(FORMATS)
