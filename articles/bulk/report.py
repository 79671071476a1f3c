"""What became of an import: its counts, and the rejected rows as a file to be mended and uploaded again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Any, BinaryIO

from articles.bulk.matching import unpacked
from articles.models import Import, ImportRow
from articles.reading import Refusal, refusal_of, write_refusals
from articles.reading.refusals import EXTENSIONS


def rejections(batch: Import) -> Iterator[Refusal]:
    """The rows to mend, in their order, as they stood in the file, few of them in memory at a time.

    Those of a table have all its columns, so that a mapping that is asked for holds for what is mended, too.
    """
    how = batch.read_as
    rows = ImportRow.objects.filter(batch=batch).to_mend().order_by("number")
    for row in rows.iterator(chunk_size=200):
        if row.draft is not None:
            refusal = refusal_of(unpacked(row), row.reason, columns=how["columns"])
        else:
            refusal = Refusal(row.reason, row.where, row.raw or "", row.number)
        if isinstance(refusal.raw, dict):
            is_whole = row.draft is not None or how["format"] in ("csv", "tsv")
            raw = refusal.raw
            ordered = {name: raw.get(name, "") for name in batch.columns_in_order if is_whole or name in raw}
            refusal = replace(refusal, raw=ordered | raw)
        yield refusal


def write_rejected(batch: Import, out: BinaryIO) -> int:
    """Write the rejected rows in the file's own format, each with its reason; how many there are."""
    how = batch.read_as
    return write_refusals(how["format"] or "csv", rejections(batch), out, delimiter=how["delimiter"])


def name_of_rejected(batch: Import) -> str:
    """A name for that file: “archive.csv” gives “archive-rejected.csv”."""
    stem = PurePath(batch.name.removesuffix(".gz")).stem
    return f"{stem}-rejected{EXTENSIONS.get(batch.read_as['format'], '.csv')}"


def summary(batch: Import) -> dict[str, Any]:
    """The counts and times of an import as JSON has them; read = new + changed + same + rejected."""
    return {
        "file": batch.name,
        "sha256": batch.sha256,
        "stage": batch.stage,
        "error": batch.error,
        "read": batch.rows_read,
        "new": batch.rows_new,
        "changed": batch.rows_changed,
        "same": batch.rows_same,
        "rejected": batch.rows_rejected,
        "left_out": batch.rows_left_out,
        "applied": batch.rows_applied,
        "copies": ImportRow.objects.filter(batch=batch).copies().count(),
        "seconds_reading": round(batch.seconds_reading, 3),
        "seconds_applying": round(batch.seconds_applying, 3),
        "rejections": [
            {"where": row.where, "reason": row.reason, "headline": row.headline}
            for row in ImportRow.objects.filter(batch=batch)
            .rejected()
            .defer("text")
            .order_by("number")[:1000]
        ],
    }
