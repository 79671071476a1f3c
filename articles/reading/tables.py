"""Rows of CSV, TSV and JSON lines, one by one, to drafts or refusals; a file of any length in little memory."""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from articles.reading.decoding import ASK_FOR_UTF8, encoding_of
from articles.reading.draft import ArticleDraft, Part, ReadError, Refusal, excerpt, make_draft
from articles.reading.furniture import sift
from articles.reading.markup import has_tags, is_markup, parts_of_markup
from articles.reading.moments import read_moment
from articles.text import normalise, one_line

LARGEST_CELL = 8 * 1024 * 1024
"""Characters in a cell or a line, where reading stops; a text's own limit is lower."""

# One table: the fields, and the names that columns for them go by. Case, spaces and signs don't count.
COLUMNS: dict[str, tuple[str, ...]] = {
    "headline": ("headline", "title", "heading", "article title", "article headline"),
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
    ),
    "sections": ("sections", "paragraphs"),
    "summary": ("summary",),
    "byline": ("byline", "author", "authors", "writer", "creator", "by", "author name"),
    "author_bio": ("author bio", "author biography", "about the author", "biography", "bio"),
    "dateline": ("dateline",),
    "section": ("section", "category", "categories", "article section", "rubric", "desk", "topics"),
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
    "url": ("url", "link", "article url", "permalink", "href", "web address", "source url"),
    "archive_url": ("archive url", "archived url", "archive", "archive link"),
    "image_url": ("image url", "image", "top image", "lead image", "thumbnail"),
    "image_caption": ("image caption", "caption", "photo caption"),
    "image_credit": ("image credit", "credit", "photo credit"),
    "external_id": ("external id", "id", "article id", "guid", "uid", "doc id", "identifier", "uuid"),
}
_FIELD_OF = {re.sub(r"[\W_]+", "", name): target for target, names in COLUMNS.items() for name in names}
_DELIMITERS = (",", ";", "\t", "|")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}")

csv.field_size_limit(max(csv.field_size_limit(), LARGEST_CELL))


def match_columns(names: list[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """The field of each column that has one, by the column's name.

    `mapping` gives fields (keys of COLUMNS, or "" for none) for columns by name, and goes before the names in
    COLUMNS. Where two columns would do for a field, the name that COLUMNS lists first wins. ReadError where
    `mapping` names a column that isn't there, ValueError where it names an unknown field.
    """
    chosen: dict[str, str] = {}
    for column, target in (mapping or {}).items():
        if target and target not in COLUMNS:
            raise ValueError(f"“{target}” is no field; the fields are {', '.join(COLUMNS)}.")
        if column not in names:
            raise ReadError(f"There is no column “{column}”. The file has: {', '.join(names)}.")
        chosen[column] = target
    taken = set(chosen.values())
    ranked = sorted(
        (COLUMNS_RANK[key], column)
        for column in names
        if column not in chosen and (key := re.sub(r"[\W_]+", "", column.casefold())) in _FIELD_OF
    )
    for _, column in ranked:
        target = _FIELD_OF[re.sub(r"[\W_]+", "", column.casefold())]
        if target not in taken:
            taken.add(target)
            chosen[column] = target
    return {column: target for column, target in chosen.items() if target}


COLUMNS_RANK = {
    re.sub(r"[\W_]+", "", name): rank for names in COLUMNS.values() for rank, name in enumerate(names)
}


@dataclass(slots=True)
class _Rows:
    """What is the same for all rows of a file. `file_notes` go with the first draft."""

    time_zone: dt.tzinfo | None
    file_notes: list[str] = field(default_factory=list)

    def outcome(self, values: dict[str, Any], where: str, notes: list[str]) -> ArticleDraft | Refusal:
        """The draft of one row, given its values by field."""
        raw = excerpt(_as_text(values.get("headline")) or _as_text(values.get("body")))
        moment = read_moment(_as_text(values.get("published_at")), self.time_zone)
        if not moment.understood:
            return Refusal(f"Publication date: {moment.note}", where, raw)
        fields = {
            name: _as_text(value)
            for name, value in values.items()
            if name not in ("body", "sections", "summary", "standfirst", "published_at")
        }
        fields["byline"] = re.sub(r"^by:?\s+", "", fields.get("byline", "").strip(), flags=re.IGNORECASE)
        fields["dateline"] = re.sub(r"\s*[-–—]+\s*$", "", fields.get("dateline", ""))
        if isinstance(values.get("section"), list):
            fields["section"] = _as_text(values["section"][:1])
        notes = [*notes, *_remarks(values, moment.note)]
        parts = _parts(values)
        if not parts:
            return Refusal("There is no text.", where, raw)
        sifted = sift(
            parts, byline=fields["byline"], dateline=fields["dateline"], outlet=fields.get("outlet", "")
        )
        fields |= {"byline": sifted.byline, "dateline": sifted.dateline}
        if sifted.author_bio.strip():
            fields["author_bio"] = "\n\n".join(
                filter(None, [fields.get("author_bio", ""), sifted.author_bio])
            )
        notes += sifted.notes
        try:
            draft = make_draft(sifted.parts, fields, published_at=moment.at, notes=self.file_notes + notes)
        except ValueError as error:
            return Refusal(str(error), where, raw)
        self.file_notes = []
        return draft


def _remarks(values: dict[str, Any], date_note: str) -> list[str]:
    notes = [date_note] if date_note else []
    notes += [
        f"The column for the {label} is empty."
        for name, label in (("outlet", "outlet"), ("external_id", "identifier"))
        if name in values and not _as_text(values[name]).strip()
    ]
    held = [
        name
        for name in ("headline", "body")
        if has_tags(text := _as_text(values.get(name))) and not is_markup(text)
    ]
    return [*notes, *(f"The {name} holds markup, and shows it as it stands." for name in held)]


def _as_text(value: Any) -> str:
    """A cell's or a member's value as text; lists are joined with commas, objects give their name."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, (_as_text(item) for item in value)))
    if isinstance(value, dict):
        return _as_text(value.get("name") or value.get("title") or value.get("url"))
    return str(value)


def _parts(values: dict[str, Any]) -> list[Part]:
    """The parts of a row's text: of its body, or of sections with their headings and paragraphs."""
    sections = _parsed(values.get("sections"))
    body = values.get("body")
    standfirst = _as_text(values.get("standfirst"))
    if isinstance(body, list):
        sections, body = sections or body, None
    if isinstance(sections, list) and sections and not _as_text(body).strip():
        # Where the text comes in sections, the summary is what the page shows over them.
        over = [standfirst, *_strings(_parsed(values.get("summary")))]
        parts: list[Part] = [("", words) for words in over if words.strip()]
        for section in sections:
            if isinstance(section, dict):
                parts += [
                    ("heading", words)
                    for words in _strings(section.get("headline") or section.get("heading"))
                ]
                parts += [("", words) for words in _strings(section.get("paragraphs") or section.get("text"))]
            else:
                parts += [("", words) for words in _strings(section)]
        return [(kind, words) for kind, words in parts if words.strip()]
    text = _as_text(body)
    parts = (
        parts_of_markup(text) if is_markup(text) else [("", words) for words in normalise(text).split("\n\n")]
    )
    parts = [(kind, words) for kind, words in parts if words.strip()]
    if parts and standfirst.strip() and one_line(standfirst) not in one_line(text):
        parts.insert(0, ("", standfirst))
    return parts


def _parsed(value: Any) -> Any:
    """JSON that a cell holds, or the value itself."""
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _strings(value: Any) -> list[str]:
    return (
        [_as_text(item) for item in value] if isinstance(value, list) else [_as_text(value)] if value else []
    )


# -- CSV and TSV -------------------------------------------------------------------------------------------


def read_table(
    stream: BinaryIO,
    *,
    time_zone: dt.tzinfo | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[ArticleDraft | Refusal]:
    """The rows of a CSV or TSV file. ReadError at once where its encoding or its columns are not fit.

    Delimiter and encoding are found out. A row with too few or too many cells is refused with its number and
    line; a run of such rows is refused once. A cell that a missing quotation mark has made swallow rows is
    found and refused. A date that is none refuses its row; one without a zone is read in `time_zone`.
    """
    encoding = encoding_of(stream)
    lines = _Lines(stream, encoding)
    try:
        delimiter, header = _header(lines, mapping)
        columns = _fit_columns(header, mapping)
    except ValueError:
        lines.release()
        raise
    rows = _Rows(time_zone, _file_notes(header, columns, encoding))
    return _table_rows(lines, delimiter, header, columns, rows)


def _fit_columns(header: list[str], mapping: Mapping[str, str] | None) -> dict[str, str]:
    columns = match_columns(header, mapping)
    targets = set(columns.values())
    missing = [
        name
        for name in ("headline", "body")
        if name not in targets and not (name == "body" and "sections" in targets)
    ]
    if missing:
        raise ReadError(
            f"There is no column for the {' and the '.join(missing)}. The file has: {', '.join(header)}. "
            f"Name it “{missing[0]}”, or say which column it is."
        )
    return columns


def _file_notes(header: list[str], columns: Mapping[str, str], encoding: str) -> list[str]:
    notes = []
    if unused := [name for name in header if name and name not in columns]:
        notes.append(f"Columns that were not used: {', '.join(unused)}.")
    if encoding == "cp1252":
        notes.append("The file is not UTF-8; it was read as Windows-1252.")
    return notes


class _Lines:
    """The lines of a text stream, NULs taken out and counted; a line without end is refused."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self.text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        self.number = 0
        self.with_nul = 0

    def release(self) -> None:
        """Let go of the stream, which is the caller's to close."""
        if not self.text.closed:
            self.text.detach()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.text.readline(LARGEST_CELL)
        if not line:
            raise StopIteration
        if len(line) == LARGEST_CELL and not line.endswith(("\n", "\r")):
            raise ReadError(
                f"Line {self.number + 1} has more than {LARGEST_CELL:,} characters. Is it a table?"
            )
        self.number += 1
        if "\x00" in line:
            self.with_nul += 1
            line = line.replace("\x00", "")
        return line


def _header(lines: _Lines, mapping: Mapping[str, str] | None) -> tuple[str, list[str]]:
    """The delimiter and the column names: of all delimiters, the one that gives most known columns."""
    line = next(lines, "").removeprefix("\ufeff")
    if match := re.fullmatch(r"sep=(.)\s*", line):
        return match[1], _cells(next(lines, ""), match[1])
    if not line.strip():
        raise ReadError(
            "The file is empty, or begins with an empty line. Its first line must name the columns."
        )

    def known(delimiter: str) -> tuple[int, int]:
        names = _cells(line, delimiter)
        asked = sum(name in (mapping or {}) for name in names)
        return asked + len(match_columns(names)), len(names)

    delimiter = max(_DELIMITERS, key=known)
    return delimiter, _cells(line, delimiter)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [one_line(name) for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


@dataclass(slots=True)
class _Damage:
    """A run of rows that can't be read."""

    reason: str
    row: int
    first: int
    last: int
    raw: str
    count: int = 1

    def refusal(self) -> Refusal:
        if self.count == 1:
            return Refusal(self.reason, f"row {self.row} (line {self.first})", self.raw)
        reason = f"{self.reason} So are the {self.count - 1} after it. Is a quotation mark missing?"
        return Refusal(reason, f"row {self.row} (lines {self.first} to {self.last})", self.raw)


def _table_rows(
    lines: _Lines, delimiter: str, header: list[str], columns: Mapping[str, str], rows: _Rows
) -> Iterator[ArticleDraft | Refusal]:
    try:
        yield from _outcomes(lines, delimiter, header, columns, rows)
    finally:
        lines.release()


def _outcomes(
    lines: _Lines, delimiter: str, header: list[str], columns: Mapping[str, str], rows: _Rows
) -> Iterator[ArticleDraft | Refusal]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    targets = [columns.get(name, "") for name in header]
    needed = (
        max(number for number, target in enumerate(targets) if target in ("headline", "body", "sections")) + 1
    )
    held: ArticleDraft | Refusal | None = None  # a row waits until the one after it is seen
    damage: _Damage | None = None
    number = 0
    while True:
        first, nuls = lines.number + 1, lines.with_nul
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            reason, cells = _csv_reason(str(error)), []
        else:
            if not any(cell.strip() for cell in cells):
                continue
            reason = _row_reason(cells, header, targets, needed, delimiter)
        number += 1
        if reason and damage:
            damage.last, damage.count = lines.number, damage.count + 1
        elif reason:
            damage = _Damage(reason, number, first, lines.number, excerpt(delimiter.join(cells)))
        if reason:
            continue
        if held:
            yield _warned(held) if damage else held
        if damage:
            yield damage.refusal()
            damage = None
        values = {target: cell for target, cell in zip(targets, cells, strict=False) if target}
        notes = ["Zero characters (NUL) were taken out."] if lines.with_nul > nuls else []
        held = rows.outcome(values, f"row {number} (line {first})", notes)
    if held:
        yield _warned(held) if damage else held
    if damage:
        yield damage.refusal()


def _warned(outcome: ArticleDraft | Refusal) -> ArticleDraft | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    note = "The rows after this one are damaged: its text may be cut short."
    return replace(outcome, notes=(*outcome.notes, note))


def _csv_reason(error: str) -> str:
    if "field limit" in error:
        return f"A cell has more than {LARGEST_CELL:,} characters."
    if "end of data" in error:
        return "A quotation mark opens a cell and is never closed."
    return "A quotation mark stands inside a quoted cell, or is missing at its end."


def _row_reason(cells: list[str], header: list[str], targets: list[str], needed: int, delimiter: str) -> str:
    """Why a row can't be read, or ""."""
    if len(cells) < needed or any(cell.strip() for cell in cells[len(header) :]):
        cells_of = f"{len(cells)} cell" + ("" if len(cells) == 1 else "s")
        return f"The row has {cells_of}, the header {len(header)}."
    if "published_at" not in targets:
        return ""
    date = targets.index("published_at")
    for cell in cells:
        for line in cell.splitlines()[1:] if "\n" in cell else ():
            if line.count(delimiter) >= len(header) - 1:
                swallowed = _cells(line, delimiter)
                if len(swallowed) >= needed and _DATE.match(swallowed[date]):
                    return "A cell holds what looks like whole rows: a quotation mark is missing."
    return ""


# -- JSON lines --------------------------------------------------------------------------------------------


def read_json_lines(
    stream: BinaryIO,
    *,
    time_zone: dt.tzinfo | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[ArticleDraft | Refusal]:
    """The lines of a JSON lines file, one object each; a line that is none is refused by its number."""
    encoding = encoding_of(stream)
    if encoding == "cp1252":
        raise ReadError(f"JSON lines must be UTF-8. {ASK_FOR_UTF8}")
    return _json_rows(_Lines(stream, encoding), mapping, _Rows(time_zone))


def _json_rows(
    lines: _Lines, mapping: Mapping[str, str] | None, rows: _Rows
) -> Iterator[ArticleDraft | Refusal]:
    try:
        yield from _json_outcomes(lines, mapping, rows)
    finally:
        lines.release()


def _json_outcomes(
    lines: _Lines, mapping: Mapping[str, str] | None, rows: _Rows
) -> Iterator[ArticleDraft | Refusal]:
    known: dict[tuple[str, ...], dict[str, str]] = {}
    while True:
        nuls = lines.with_nul
        line = next(lines, "").removeprefix("\ufeff")
        if not line:
            return
        if not line.strip():
            continue
        where = f"line {lines.number}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            yield Refusal("The line is no whole JSON object.", where, excerpt(line))
            continue
        if not isinstance(record, dict):
            yield Refusal("The line is JSON, but no object with named members.", where, excerpt(line))
            continue
        keys = tuple(record)
        if keys not in known:
            given = {name: target for name, target in (mapping or {}).items() if name in record}
            known[keys] = match_columns(list(keys), given)
            if len(known) > 1_000:
                known.clear()
                known[keys] = match_columns(list(keys), given)
        columns = known[keys]
        if not {"body", "sections"} & set(columns.values()):
            yield Refusal(
                f"There is no member for the text, only: {', '.join(keys)[:200]}.", where, excerpt(line)
            )
            continue
        notes = ["Zero characters (NUL) were taken out."] if lines.with_nul > nuls else []
        if (
            not rows.file_notes
            and lines.number == 1
            and (unused := [name for name in keys if name not in columns])
        ):
            rows.file_notes = [f"Members that were not used: {', '.join(unused)}."]
        yield rows.outcome({target: record[name] for name, target in columns.items()}, where, notes)
