"""JSON: lines, an array, or one document; of flat articles, of ninjs items, or a JSON Feed."""

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from articles.reading import jsonfeed, ninjs
from articles.reading.columns import ORIGINAL, REASON, match_columns, unused
from articles.reading.decoding import ASK_FOR_UTF8, encoding_given, encoding_of
from articles.reading.draft import ArticleDraft, Raw, ReadError, Refusal, storable
from articles.reading.entries import NO_OBJECT, Entry, outcome_of, outcomes
from articles.reading.jsontext import LARGEST_DOCUMENT, MOST_VALUES, JsonError, loads, read_array
from articles.reading.rows import Rows, as_text
from articles.reading.textlines import NUL_NOTE, Lines

# The members that hold the list of articles in what programs answer, the likelier first.
_LISTS = (
    "items",
    "item",
    "articles",
    "results",
    "entries",
    "posts",
    "stories",
    "news",
    "docs",
    "documents",
    "data",
    "hits",
)
_WRAPPERS = ("response", "result", "feed", "hits", "payload")
# One object within that holds what belongs to the record.
_NESTED = ("_source", "fields", "article", "attributes")
_MOST_SHAPES = 1_000


def read_json(
    stream: BinaryIO,
    *,
    is_lines: bool = False,
    is_ninjs: bool = False,
    encoding: str = "",
    time_zone: dt.tzinfo | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[ArticleDraft | Refusal]:
    """The articles of a JSON file, whichever way it is laid out; lines and arrays are read as they are asked for.

    With `is_lines` it is one object a line, with `is_ninjs` each object is such an item; else that is found
    out. ReadError where the file as a whole is no
    JSON or holds no articles.
    """
    encoding = encoding_given(stream, encoding) if encoding else encoding_of(stream)
    if encoding == "cp1252":
        raise ReadError(f"JSON must be UTF-8. {ASK_FOR_UTF8}")
    lines = Lines(stream, encoding)
    records = _Records(time_zone, mapping, is_ninjs=is_ninjs)
    try:
        opening = "" if is_lines else _first_sign(stream, encoding)
        if opening == "[":
            yield from _array(lines.text, records)
        elif opening != "{" or is_in_lines(stream, encoding):
            yield from _lines(lines, records)
        else:
            yield from _document(lines.text, records)
    finally:
        lines.release()


def _first_sign(stream: BinaryIO, encoding: str) -> str:
    """The first character that is no space, of the first million; the stream is left at its start."""
    start = stream.read(1_000_000).decode(encoding, errors="ignore")
    stream.seek(0)
    return start.removeprefix("\ufeff").lstrip()[:1]


def is_in_lines(stream: BinaryIO, encoding: str) -> bool:
    """Whether the first line is an object by itself; the stream is left at its start."""
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    try:
        line = ""
        while not line.strip("\ufeff \t\r\n"):
            if not (line := text.readline(LARGEST_DOCUMENT)):
                return False
        is_whole = isinstance(loads(line.removeprefix("\ufeff").strip()), dict)
        # An object alone on one line is a document.
        return is_whole and any(more.strip() for more in iter(lambda: text.readline(1_000), ""))
    except JsonError:
        # A first line that is damaged, with another object under it.
        return text.readline(1_000).lstrip().startswith("{") and line.lstrip("\ufeff \t").startswith('{"')
    finally:
        text.detach()
        stream.seek(0)


class _Records:
    """Makes drafts of records, in whatever of the layouts each of them is."""

    def __init__(
        self, time_zone: dt.tzinfo | None, mapping: Mapping[str, str] | None, *, is_ninjs: bool
    ) -> None:
        self.is_ninjs = is_ninjs
        self.time_zone = time_zone
        self.mapping = mapping or {}
        self.rows = Rows(time_zone)
        self.known: dict[tuple[str, ...], dict[str, str]] = {}
        self.is_first = True

    def outcome(
        self, record: Any, *, where: str, row: int, raw: Raw, notes: list[str]
    ) -> ArticleDraft | Refusal:
        if not isinstance(record, dict):
            return Refusal(NO_OBJECT, where, storable(raw), row)
        if self.is_ninjs or (ninjs.is_ninjs(record) and not self.mapping):
            return self._of_ninjs(record, where=where, row=row, raw=raw, notes=notes)
        keys = tuple(record)
        columns = self.known.get(keys)
        if columns is None:
            columns = match_columns(
                list(keys), {name: target for name, target in self.mapping.items() if name in record}
            )
            if len(self.known) >= _MOST_SHAPES:
                self.known.clear()
            self.known[keys] = columns
        if not {"body", "sections"} & set(columns.values()):
            nested = next((record[name] for name in _NESTED if isinstance(record.get(name), dict)), None)
            if nested:
                outer = {name: value for name, value in record.items() if not isinstance(value, dict)}
                return self.outcome(outer | nested, where=where, row=row, raw=raw, notes=notes)
            reason = f"There is no member for the text, only: {', '.join(keys)[:200]}. Name it “body”."
            return Refusal(reason, where, storable(raw), row)
        if self.is_first and (left := unused(keys, columns)):
            self.rows.file_notes = [f"Members that were not used: {', '.join(left)}."]
        values = {target: record[name] for name, target in columns.items()}
        outcome = self.rows.outcome(values, where=where, row=row, raw=raw, notes=notes)
        self.is_first = False
        return outcome

    def _of_ninjs(
        self, record: dict[str, Any], *, where: str, row: int, raw: Raw, notes: list[str]
    ) -> ArticleDraft | Refusal:
        try:
            entry = ninjs.entry_of(record)
        except ValueError as error:
            entry = Entry(refused=str(error))
        told = list(notes)
        if self.is_first and (left := unused(entry.unused, {})):
            told.append(f"Members that were not used: {', '.join(left)}.")
        outcome = outcome_of(entry, where=where, row=row, time_zone=self.time_zone, notes=told)
        if isinstance(outcome, Refusal):
            return Refusal(outcome.reason, where, storable(raw), row)
        self.is_first = False
        return outcome


def _lines(lines: Lines, records: _Records) -> Iterator[ArticleDraft | Refusal]:
    while True:
        nuls = lines.with_nul
        try:
            line = next(lines, "").removeprefix("\ufeff")
        except ReadError as error:
            yield Refusal(
                f"{error} What comes after it was not read.", f"line {lines.number + 1}", row=lines.number + 1
            )
            return
        if not line:
            return
        if not line.strip():
            continue
        number = lines.number
        where = f"line {number}"
        notes = [NUL_NOTE] if lines.with_nul > nuls else []
        try:
            record = loads(line)
        except JsonError as error:
            yield Refusal(str(error), where, storable(line.rstrip("\r\n")), number)
            continue
        yield records.outcome(record, where=where, row=number, raw=_own(record, line), notes=notes)


def _array(text: io.TextIOWrapper, records: _Records) -> Iterator[ArticleDraft | Refusal]:
    for item in read_array(text):
        where, row = f"entry {item.number}", item.number
        if item.is_last:
            reason = f"Line {item.line}: {item.error} What comes after it was not read. Mend it there."
            yield Refusal(reason, where, row=row)
        elif item.error:
            yield Refusal(f"Line {item.line}: {item.error}", where, row=row)
        else:
            yield records.outcome(item.value, where=where, row=row, raw=_own(item.value, ""), notes=[])


def _own(record: Any, line: str) -> Raw:
    """What a refusal keeps of a record: the object without the reason that an earlier refusal added to it."""
    if not isinstance(record, dict):
        return line.rstrip("\r\n") or as_text(record)
    return {name: value for name, value in record.items() if name not in (REASON, ORIGINAL)}


def _document(text: io.TextIOWrapper, records: _Records) -> Iterator[ArticleDraft | Refusal]:
    said = text.read(LARGEST_DOCUMENT + 1).removeprefix("\ufeff")
    if len(said) > LARGEST_DOCUMENT:
        raise ReadError(
            f"The JSON document has more than {LARGEST_DOCUMENT:,} characters. "
            "Write its articles as an array, or one a line."
        )
    try:
        document = loads(said.replace("\x00", ""), most_values=4 * MOST_VALUES)
    except JsonError as error:
        raise ReadError(str(error)) from None
    if jsonfeed.is_feed(document):
        yield from outcomes(
            jsonfeed.entries_of(document),
            time_zone=records.time_zone,
            file_notes=[],
            nothing="The feed has no items. Fetch it again later.",
        )
        return
    if not ninjs.is_ninjs(document) and (listed := list_in(document)) is not None:
        for number, record in enumerate(listed, start=1):
            where = f"entry {number}"
            yield records.outcome(record, where=where, row=number, raw=_own(record, ""), notes=[])
        return
    yield records.outcome(document, where="", row=1, raw=_own(document, ""), notes=[])


def list_in(document: dict[str, Any], depth: int = 0) -> list[Any] | None:
    """The list of articles in a document; None where it is an article itself, or holds none."""
    if {"body", "sections"} & set(match_columns(list(document)).values()) and not depth:
        text = as_text(document.get("body") or document.get("text") or document.get("content"))
        if text or "items" not in document:
            return None
    for name in _LISTS:
        found = document.get(name)
        if isinstance(found, list) and all(isinstance(one, dict) for one in found):
            return found
    for name in (*_WRAPPERS, *_LISTS):
        inner = document.get(name)
        if isinstance(inner, dict) and depth < 3 and (listed := list_in(inner, depth + 1)) is not None:
            return listed
    lists = [
        value
        for value in document.values()
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value)
    ]
    return lists[0] if len(lists) == 1 else None
