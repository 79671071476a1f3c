"""Small tables as files: CSV with cells that no spreadsheet runs, or JSON with an object a row."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from articles.reading.columns import MARK
from articles.reading.decoding import decode
from articles.reading.draft import ReadError, storable
from articles.reading.jsontext import JsonError, loads
from articles.reading.spreadsheets import guarded, without_guards

LARGEST = 2 * 1024 * 1024
"""Bytes of a file."""
MOST_ROWS = 5_000
MOST_COLUMNS = 100
LARGEST_CELL = 20_000
"""Characters."""
MOST_TOLD = 20
"""Damaged rows that are told of one by one."""

DELIMITERS = (",", ";", "\t")


class TableError(ValueError):
    """The file can't be read; `reasons` say what to mend, and in which line."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, and for each of them where it stood ("line 3", "entry 2").

    A cell is None where an object has no such member, which others have.
    """

    headers: list[str]
    rows: list[list[str | None]]
    places: list[str]
    unused: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[list[str | None]]:
        return iter(self.rows)


def read_table(data: bytes, columns: Mapping[str, str]) -> Table:
    """The table in a CSV or JSON file. `columns` gives the column that each known name means.

    TableError where it can't be read. Columns of other names are passed over.
    """
    if len(data) > LARGEST:
        raise TableError(f"The file has {len(data) / 1024**2:.1f} MB; {LARGEST // 1024**2} MB is the most.")
    try:
        text = decode(data)[0].removeprefix("\ufeff").replace("\x00", "")
    except ReadError as error:
        raise TableError(str(error)) from None
    if not text.strip():
        raise TableError("The file is empty.")
    is_json = text.lstrip()[:1] in ("[", "{")
    table = _of_json(text) if is_json else _of_csv(text, columns)
    if len(table) > MOST_ROWS:
        raise TableError(f"There are {len(table):,} rows; {MOST_ROWS:,} is the most. Split the file.")
    if not len(table):
        raise TableError("There is no row in it.")
    return _by_column(table, columns)


def _by_column(table: Table, columns: Mapping[str, str]) -> Table:
    """The table with the columns that are known, under their own names."""
    known = {}
    for number, name in enumerate(table.headers):
        column = columns.get(name.strip().lower().replace(" ", "_"), "")
        if column in known:
            raise TableError(f"Two columns are for “{column}”. Leave one of them out.")
        if column:
            known[column] = number
    unused = [
        name for number, name in enumerate(table.headers) if number not in known.values() and name != MARK
    ]
    rows = [[row[number] for number in known.values()] for row in table.rows]
    return Table(list(known), rows, table.places, unused)


def _of_csv(text: str, columns: Mapping[str, str]) -> Table:
    delimiter = _delimiter(text, columns)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    headers: list[str] = []
    rows: list[list[str | None]] = []
    places: list[str] = []
    damage: list[str] = []
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            damage.append(f"Line {first}: it can’t be read ({error}). Is a quotation mark missing?")
            break
        if not any(map(str.strip, cells)):
            continue
        if not headers:
            headers = [name.strip() for name in cells]
        elif len(cells) != len(headers):
            damage.append(
                f"Line {first}: it has {len(cells)} cells, the first line {len(headers)}. Cells with line breaks "
                "or the delimiter in them need quotation marks."
            )
        elif any(len(cell) > LARGEST_CELL for cell in cells):
            damage.append(f"Line {first}: a cell has more than {LARGEST_CELL:,} characters.")
        else:
            rows.append([*cells])
            places.append(f"line {first}")
    if damage:
        raise TableError(*damage[:MOST_TOLD])
    if len(headers) > MOST_COLUMNS:
        raise TableError(f"There are {len(headers)} columns; {MOST_COLUMNS} is the most.")
    if MARK in headers:
        rows = [[without_guards(cell or "") for cell in row] for row in rows]
    return Table(headers, rows, places)


def _delimiter(text: str, columns: Mapping[str, str]) -> str:
    """Of the usual ones, the one that gives the most known columns."""
    first = text.lstrip().partition("\n")[0]

    def known(delimiter: str) -> int:
        return sum(name.strip(' "\r').lower().replace(" ", "_") in columns for name in first.split(delimiter))

    return max(DELIMITERS, key=known)


def _of_json(text: str) -> Table:
    try:
        found = loads(text)
    except JsonError as error:
        raise TableError(str(error)) from None
    entries = found if isinstance(found, list) else [found]
    names: dict[str, None] = {}
    damage: list[str] = []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            damage.append(f"Entry {number}: it is no object with named members.")
        elif said := next(
            (name for name, value in entry.items() if isinstance(value, list | dict | bool)), ""
        ):
            damage.append(f"Entry {number}: “{said[:50]}” is neither text nor a number.")
        else:
            names |= dict.fromkeys(entry)
    if damage:
        raise TableError(*damage[:MOST_TOLD])
    if len(names) > MOST_COLUMNS:
        raise TableError(f"There are {len(names)} names of members; {MOST_COLUMNS} is the most.")
    rows = [[_cell(entry[name]) if name in entry else None for name in names] for entry in entries]
    return Table(list(names), rows, [f"entry {number}" for number in range(1, len(rows) + 1)])


def _cell(value: Any) -> str:
    return "" if value is None else str(storable(str(value)))


# Writing.


def as_csv(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, so that spreadsheet programs open it as it is meant."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*headers, MARK])
    writer.writerows([*map(guarded, row), ""] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_json(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    said: list[dict[str, Any]] = [dict(zip(headers, row, strict=True)) for row in rows]
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


WRITERS = {"csv": ("text/csv; charset=utf-8", as_csv), "json": ("application/json", as_json)}
"""By format, which is also the end of the file's name: the media type, and what writes it."""
