"""Rows of CSV and TSV, one by one, to drafts or refusals; a file of any length in little memory."""

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from articles.reading.columns import MARK, ORIGINAL, OWN, REASON, distinct, match_columns, unused
from articles.reading.decoding import encoding_given, encoding_of
from articles.reading.draft import ArticleDraft, ReadError, Refusal, excerpt, storable
from articles.reading.rows import KINDS, Rows
from articles.reading.spreadsheets import without_guards
from articles.reading.textlines import NUL_NOTE, Lines
from articles.text import one_line

LARGEST_CELL = 4 * 1024 * 1024
"""Characters of a cell; a text's own limit is lower."""
MOST_COLUMNS = 1_000
LONGEST_HEADER = 100_000
"""Characters of the line that names the columns."""
MOST_EMPTY_ROWS = 1_100_000
"""Empty rows one after the other: more than a spreadsheet has rows."""
MOST_PIECES = 500_000
"""Pieces of rows one after the other."""
LARGEST_DAMAGE = 200_000
"""Characters of damaged lines that a refusal keeps."""

DELIMITERS = (",", ";", "\t", "|")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}")

csv.field_size_limit(max(csv.field_size_limit(), LARGEST_CELL))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out: its delimiter, the names of its columns, and which of them hold which field."""

    delimiter: str
    header: list[str]
    columns: dict[str, str]


def read_table(
    stream: BinaryIO,
    *,
    encoding: str = "",
    delimiter: str = "",
    time_zone: dt.tzinfo | None = None,
    mapping: Mapping[str, str] | None = None,
    may_lack: bool = False,
) -> Iterator[ArticleDraft | Refusal]:
    """The rows of a CSV or TSV file. ReadError at once where its encoding or its columns are not fit.

    Delimiter and encoding are found out where they are not given. A row with too few or too many cells is
    refused with its number and line; a run of pieces of rows is refused once. A cell that a missing quotation
    mark has made swallow rows is found and refused. A date that is none refuses its row; one without a zone is
    read in `time_zone`. With `may_lack`, columns that `mapping` names need not be there.
    """
    found = encoding_given(stream, encoding) if encoding else encoding_of(stream)
    lines = Lines(stream, found)
    try:
        layout = layout_of(lines, delimiter, mapping, may_lack=may_lack)
        _check(layout)
    except ValueError:
        lines.release()
        raise
    notes = []
    if left := unused((name for name in layout.header if not _NAMELESS.fullmatch(name)), layout.columns):
        notes.append(f"Columns that were not used: {', '.join(left)}.")
    if found == "cp1252" and not encoding:
        notes.append("The file is not UTF-8; it was read as Windows-1252.")
    return _Table(lines, layout, Rows(time_zone, notes)).outcomes()


_NAMELESS = re.compile(r"column \d+")


def layout_of(
    lines: Iterator[str],
    delimiter: str = "",
    mapping: Mapping[str, str] | None = None,
    *,
    may_lack: bool = False,
) -> Layout:
    """The layout that the first line gives: of all delimiters, the one with the most known columns."""
    line = next(lines, "").removeprefix("\ufeff")
    if match := re.fullmatch(r"sep=(.)\s*", line):
        delimiter, line = delimiter or match[1], next(lines, "")
    if not line.strip():
        raise ReadError(
            "The file is empty, or begins with an empty line. Its first line must name the columns."
        )
    if len(line) > LONGEST_HEADER:
        raise ReadError(
            f"The first line has more than {LONGEST_HEADER:,} characters. It must name the columns."
        )
    if delimiter and (len(delimiter) > 1 or delimiter.isalnum() or delimiter in '"\r\n\x00'):
        raise ReadError(f"“{delimiter}” can't part cells. Use a comma, a semicolon, a tab or a bar.")

    def known(delimiter: str) -> tuple[int, int]:
        names = _cells(line, delimiter)
        asked = sum(name in (mapping or {}) for name in names)
        return asked + len(match_columns(names)), len(names)

    delimiter = delimiter or max(DELIMITERS, key=known)
    names = _cells(line, delimiter)
    if len(names) > MOST_COLUMNS:
        raise ReadError(f"There are more than {MOST_COLUMNS:,} columns. Leave some out.")
    header = distinct(names)
    if may_lack:
        mapping = {name: target for name, target in (mapping or {}).items() if name in header}
    return Layout(delimiter, header, match_columns(header, mapping))


def _check(layout: Layout) -> None:
    targets = set(layout.columns.values())
    missing = [
        name
        for name in ("headline", "body")
        if name not in targets and not (name == "body" and "sections" in targets)
    ]
    if missing:
        raise ReadError(
            f"There is no column for the {' and the '.join(missing)}. The file has: "
            f"{excerpt(', '.join(layout.header), 500)}. Name it “{missing[0]}”, or say which column it is."
        )


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [one_line(name) for name in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


class _Kept:
    """The lines for the CSV reader; those of the row that is being read are kept as they stand."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.row: list[str] = []
        self.size = 0

    def __iter__(self) -> "_Kept":
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        if self.size <= LARGEST_DAMAGE:
            self.row.append(line)
            self.size += len(line)
        return line

    def begin(self) -> None:
        """Another row begins."""
        self.row.clear()
        self.size = 0

    def text(self) -> str:
        """What is kept, as far as a refusal holds it."""
        return "".join(self.row)[:LARGEST_DAMAGE].rstrip("\r\n")


_IS_MARK_MISSING = " Is a quotation mark missing?"


@dataclass(slots=True)
class _Damage:
    """A row that can't be read, or a run of pieces of rows."""

    reason: str
    row: int
    first: int
    last: int
    cells: dict[str, Any]
    text: str
    count: int = 1

    def add(self, text: str, last: int) -> None:
        """Take another piece, as far as a refusal holds it."""
        self.count, self.last = self.count + 1, last
        if len(self.text) < LARGEST_DAMAGE:
            self.text = f"{self.text}\n{text}"[:LARGEST_DAMAGE]

    def refusal(self) -> Refusal:
        if self.count == 1:
            where = f"row {self.row} (line {self.first})"
            return Refusal(self.reason, where, storable({**self.cells, ORIGINAL: self.text}), self.row)
        reason = f"{self.reason.removesuffix(_IS_MARK_MISSING)} So are the {self.count - 1:,} after it."
        reason += _IS_MARK_MISSING
        where = f"row {self.row} (lines {self.first} to {self.last})"
        return Refusal(reason, where, storable({ORIGINAL: self.text}), self.row)


class _Table:
    """A table that is being read. A row waits until the one after it is seen: it may show that this one is cut."""

    def __init__(self, lines: Lines, layout: Layout, rows: Rows) -> None:
        header = layout.header
        self.lines = lines
        self.layout = layout
        self.rows = rows
        self.kept = _Kept(lines)
        self.targets = [layout.columns.get(name, "") for name in header]
        needed = [n for n, target in enumerate(self.targets) if target in ("headline", "body", "sections")]
        self.needed = max(needed) + 1
        self.own = {name for name in header if name in OWN}
        self.is_guarded = REASON in header or MARK in header
        self.is_exported = KINDS in self.targets
        self.number = 0
        self.empty = 0
        self.held: ArticleDraft | Refusal | None = None
        self.damage: _Damage | None = None

    def outcomes(self) -> Iterator[ArticleDraft | Refusal]:
        try:
            yield from self._outcomes()
        finally:
            self.lines.release()

    def _outcomes(self) -> Iterator[ArticleDraft | Refusal]:
        reader = csv.reader(self.kept, delimiter=self.layout.delimiter, strict=True)
        at_end = False
        while not at_end:
            first, nuls = self.lines.number + 1, self.lines.with_nul
            self.kept.begin()
            cells: list[str] | None = None
            reason = ""
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                reason = _csv_reason(str(error))
            except ReadError as error:
                reason, at_end = f"{error} What comes after it was not read.", True
            if cells is not None and not any(map(str.strip, cells)):
                self.empty += 1
                if self.empty <= MOST_EMPTY_ROWS:
                    continue
                reason, at_end = f"There are more than {MOST_EMPTY_ROWS:,} empty rows. Delete them.", True
            self.empty = 0
            self.number += 1
            reason = reason or self._reason(cells or [])
            if reason:
                yield from self._refuse(cells, reason, first)
                if self.damage and self.damage.count == MOST_PIECES:
                    self.damage.reason += " What comes after them was not read."
                    break
            else:
                yield from self._let_go()
                self.held = self._outcome(cells or [], first, has_nul=self.lines.with_nul > nuls)
        yield from self._let_go()

    def _outcome(self, cells: list[str], first: int, *, has_nul: bool) -> ArticleDraft | Refusal:
        named = self._named(cells)
        if self.is_guarded:
            named = {name: without_guards(cell) for name, cell in named.items()}
        values = {target: named[name] for name, target in self.layout.columns.items() if name in named}
        where = f"row {self.number} (line {first})"
        notes = [NUL_NOTE] if has_nul else []
        return self.rows.outcome(values, where=where, row=self.number, raw=named, notes=notes)

    def _named(self, cells: list[str]) -> dict[str, str]:
        named = dict(zip(self.layout.header, cells, strict=False))
        for name in self.own:
            named.pop(name, None)
        return named

    def _refuse(self, cells: list[str] | None, reason: str, first: int) -> Iterator[ArticleDraft | Refusal]:
        """Keep a row as damage; a piece of a row goes with the pieces before it, a whole one stands by itself."""
        is_piece = cells is None or len(cells) < self.needed
        if self.damage and is_piece:
            self.damage.add(self.kept.text(), self.lines.number)
            return
        if self.held and is_piece:
            self.held = _warned(self.held)
        yield from self._let_go()
        named = self._named(cells or [])
        self.damage = _Damage(reason, self.number, first, self.lines.number, named, self.kept.text())
        if not is_piece:
            yield from self._let_go()

    def _let_go(self) -> Iterator[ArticleDraft | Refusal]:
        if self.held:
            yield self.held
        if self.damage:
            yield self.damage.refusal()
        self.held = self.damage = None

    def _reason(self, cells: list[str]) -> str:
        """Why a row can't be read, or ""."""
        columns, delimiter = len(self.layout.header), self.layout.delimiter
        if len(cells) < self.needed or any(map(str.strip, cells[columns:])):
            cells_of = f"{len(cells)} cell" + ("" if len(cells) == 1 else "s")
            return (
                f"The row has {cells_of}, the header {columns}. "
                "Cells with line breaks or the delimiter in them need quotation marks."
            )
        if "published_at" not in self.targets:
            return ""
        date = self.targets.index("published_at")
        for cell in cells:
            for line in cell.splitlines()[1:] if "\n" in cell else ():
                if line.count(delimiter) >= columns - 1:
                    swallowed = _cells(line, delimiter)
                    if len(swallowed) >= self.needed and self._is_date(swallowed[date]):
                        return "A cell holds what looks like whole rows: a quotation mark is missing. Add it."
        return ""

    def _is_date(self, cell: str) -> bool:
        """Whether the cell of a swallowed row is its date; in an export, where a text may list dates, one of ours."""
        return bool(_INSTANT.fullmatch(cell) if self.is_exported else _DATE.match(cell))


def _warned(outcome: ArticleDraft | Refusal) -> ArticleDraft | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    note = "The rows after this one are damaged: its text may be cut short."
    return replace(outcome, notes=(*outcome.notes, note))


def _csv_reason(error: str) -> str:
    if "field limit" in error:
        return f"A cell has more than {LARGEST_CELL:,} characters.{_IS_MARK_MISSING}"
    if "end of data" in error:
        return "A quotation mark opens a cell and is never closed. Close it."
    return (
        "A quotation mark stands inside a quoted cell, or is missing at its end. Write it twice, or add it."
    )
