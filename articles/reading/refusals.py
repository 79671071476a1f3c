"""What was refused, written out again as a file of the same format, each with its reason: to be mended."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

from articles.reading.columns import COLUMNS, ORIGINAL, OWN, PLACE, REASON
from articles.reading.draft import ArticleDraft, Refusal, storable
from articles.reading.rows import KINDS, kinds_said
from articles.reading.spreadsheets import guarded

EXTENSIONS = {"tsv": ".tsv", "jsonl": ".jsonl", "ninjs": ".json", "json": ".json"}
"""The end of the file's name, by the format; .csv for all others."""

_IN_MEMORY = 8 * 1024 * 1024


def refusal_of(draft: ArticleDraft, reason: str, *, columns: Mapping[str, str] | None = None) -> Refusal:
    """The refusal of a draft that could be read but is not to come in.

    `columns` (field by column, as `sniff` gives it) lets it be written out under the file's own names.
    """
    names = {target: column for column, target in (columns or {}).items() if target}
    said = {
        "body": draft.text,
        "published_at": draft.published_at.isoformat() if draft.published_at else draft.published_day,
    }
    said |= {
        name: getattr(draft, name) for name in COLUMNS if hasattr(draft, name) and name != "published_at"
    }
    if KINDS in names:  # it was taken as it stands, and is to be again
        said[KINDS] = kinds_said(draft.kinds)
    raw = {names.get(name, name): value for name, value in said.items() if value}
    return Refusal(reason, draft.where, raw, draft.row)


def write_refusals(format: str, refusals: Iterable[Refusal], out: BinaryIO, *, delimiter: str = "") -> int:
    """Write refusals to `out` as `format` (a key of FORMATS); gives back how many there were.

    CSV and TSV get columns for the reason and, where cells could not be told apart, for the line as it stood;
    JSON lines and JSON get a member for it. Of other formats, the fields that could be read come as CSV. The
    file can be brought in again: those columns and members are passed over then. Everything is UTF-8.
    """
    if format == "jsonl":
        return _json_lines(refusals, out)
    if format in ("json", "ninjs"):
        return _json(refusals, out)
    is_table = format in ("csv", "tsv")
    return _table(refusals, out, delimiter or ("\t" if format == "tsv" else ","), with_place=not is_table)


def _record(refusal: Refusal) -> dict[str, Any]:
    raw = storable(refusal.raw)
    record = dict(raw) if isinstance(raw, dict) else {ORIGINAL: raw} if raw else {}
    return {**record, REASON: refusal.reason}


def _json_lines(refusals: Iterable[Refusal], out: BinaryIO) -> int:
    count = 0
    for refusal in refusals:
        out.write(json.dumps(_record(refusal), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        count += 1
    return count


def _json(refusals: Iterable[Refusal], out: BinaryIO) -> int:
    count = 0
    out.write(b"[")
    for refusal in refusals:
        out.write(b",\n" if count else b"\n")
        out.write(json.dumps(_record(refusal), ensure_ascii=False).encode("utf-8", "replace"))
        count += 1
    out.write(b"\n]\n" if count else b"]\n")
    return count


def _table(refusals: Iterable[Refusal], out: BinaryIO, delimiter: str, *, with_place: bool) -> int:
    """The columns are known only when all has been seen, so the records wait in a file without a name."""
    names: dict[str, None] = {}
    with_original = False
    count = 0
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as waiting:
        for refusal in refusals:
            record = {**_record(refusal), PLACE: refusal.where}
            names |= dict.fromkeys(name for name in record if name not in OWN)
            with_original = with_original or ORIGINAL in record
            waiting.write(json.dumps(record).encode() + b"\n")
            count += 1
        # A header must tell what the columns are, even of a file in which not one row could be read.
        columns = [*(names or ["headline", "body"]), *([ORIGINAL] if with_original else [])]
        columns += [PLACE, REASON] if with_place else [REASON]
        text = io.TextIOWrapper(out, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
        try:
            writer = csv.writer(text, delimiter=delimiter)
            writer.writerow(columns)
            waiting.seek(0)
            for line in waiting:
                record = json.loads(line)
                writer.writerow(guarded(_cell(record.get(name, ""))) for name in columns)
        finally:
            text.detach()
    return count


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
