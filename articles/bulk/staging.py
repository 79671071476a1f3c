"""Reading an import's file into rows, a chunk at a time, each compared with what is here. Articles stay untouched.

A chunk's rows, the counts and how far reading has come are one transaction: a worker that is killed leaves whole
chunks, and the next one goes on after them. Two workers can't stage one chunk: each holds the import's row while
it writes, and the second finds the import further than it thought.
"""

import io
import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from articles.bulk.matching import ChunkHoldings, Defaults, Keys, Outlets, packed
from articles.importing import Outcome, reasons
from articles.models import Import
from articles.reading import read, sniff
from articles.reading.draft import ArticleDraft, ReadError, Refusal, storable
from articles.reading.sniffing import HEAD
from articles.text import digest

logger = logging.getLogger(__name__)

CHUNK_ROWS = 500
CHUNK_CHARACTERS = 4_000_000
"""Of text in a chunk: what bounds a worker's memory when the articles are long."""

type Found = ArticleDraft | Refusal

_COLUMNS = (
    "batch_id",
    "number",
    "where",
    "outcome",
    "reason",
    "headline",
    "text",
    "digest",
    "draft",
    "raw",
    "changed_fields",
    "notes",
    "target_id",
    "follows",
    "copy_of_id",
    "copies_row",
    "near_copy",
    "key_address",
    "key_identifier",
    "key_headline",
    "sketch",
)
_COPY = "COPY articles_importrow ({}) FROM STDIN".format(", ".join(f'"{name}"' for name in _COLUMNS))


class TakenOver(Exception):
    """Another worker has gone on with the import, or a person has changed its stage."""


class Cancelled(Exception):
    """A person has asked to stop."""


def stage(import_id: int, *, tell: Callable[[Import], None] | None = None) -> Import:
    """Read the file from where reading stood, to its end, to a cancellation, or to a failure with its reason.

    `tell` hears of the import after each chunk.
    """
    batch = Import.objects.select_related("outlet").get(pk=import_id)
    if batch.stage == Import.Stage.UPLOADED:
        Import.objects.filter(pk=batch.pk, stage=Import.Stage.UPLOADED).update(
            stage=Import.Stage.READING, changed_at=timezone.now()
        )
        batch.stage = Import.Stage.READING
    if batch.stage != Import.Stage.READING:
        return batch
    try:
        _read_to_the_end(batch, tell)
    except TakenOver:
        logger.info("Import %s: another worker has it, or it was stopped.", import_id)
    except Cancelled:
        Import.objects.filter(pk=batch.pk, stage=Import.Stage.READING).update(
            stage=Import.Stage.CANCELLED, cancel_requested=False, changed_at=timezone.now()
        )
    except (ReadError, ValueError) as error:
        _fail(batch, str(error))
    except FileNotFoundError:
        _fail(batch, "The uploaded file is no longer there. Upload it again.")
    batch.refresh_from_db()
    return batch


def _read_to_the_end(batch: Import, tell: Callable[[Import], None] | None = None) -> None:
    outlets = Outlets(batch.new_outlets)
    with batch.file.open("rb") as file:
        _sniff(batch, file)
        counted = _Counted(cast(io.RawIOBase, file.file))
        found = _numbered(_whatever(_read(batch, counted)), after=batch.rows_read)
        started = time.monotonic()
        while chunk := _chunk(found):
            started = _stage_chunk(batch, chunk, outlets, counted.position, started)
            if tell:
                tell(batch)
    with transaction.atomic():
        _hold(batch)
        now = timezone.now()
        Import.objects.filter(pk=batch.pk).update(
            stage=Import.Stage.READ, read_at=now, changed_at=now, bytes_read=batch.size
        )


def _sniff(batch: Import, file: Any) -> None:
    """Keep what the file seems to be, for people to see and to correct."""
    found = sniff(
        batch.name,
        file.read(HEAD),
        format=batch.format,
        encoding=batch.encoding,
        delimiter=batch.delimiter,
    )
    file.seek(0)
    # PostgreSQL keeps the members of an object in an order of its own.
    batch.sniffed = asdict(found) | {"order": list(found.columns)}
    Import.objects.filter(pk=batch.pk).update(sniffed=batch.sniffed)


def _read(batch: Import, file: "_Counted") -> Iterator[Found]:
    zone = batch.time_zone or (batch.outlet.time_zone if batch.outlet else None)
    # A column that is to be left out need not be there; one that is to be brought in must.
    there = batch.sniffed["columns"]
    mapping = {column: field for column, field in batch.mapping.items() if field or column in there}
    return read(
        batch.name,
        cast(Any, file),
        format=batch.format or None,
        encoding=batch.encoding or None,
        delimiter=batch.delimiter or None,
        mapping=mapping or None,
        time_zone=zone,
    )


def _whatever(found: Iterator[Found]) -> Iterator[Found]:
    """A file that can't be read any further ends with a refusal; raises ReadError if nothing of it can be."""
    is_first = True
    while True:
        try:
            one = next(found)
        except StopIteration:
            return
        except ReadError as error:
            if is_first:
                raise
            yield Refusal(f"The file can’t be read any further: {error}")
            return
        is_first = False
        yield one


def _numbered(found: Iterator[Found], after: int) -> Iterator[tuple[int, Found]]:
    return ((number, one) for number, one in enumerate(found, start=1) if number > after)


def _chunk(found: Iterator[tuple[int, Found]]) -> list[tuple[int, Found]]:
    chunk: list[tuple[int, Found]] = []
    characters = 0
    while len(chunk) < CHUNK_ROWS and characters < CHUNK_CHARACTERS:
        item = next(found, None)
        if item is None:
            break
        chunk.append(item)
        characters += len(item[1].text) if isinstance(item[1], ArticleDraft) else len(str(item[1].raw))
    return chunk


def _stage_chunk(
    batch: Import, chunk: list[tuple[int, Found]], outlets: Outlets, position: int, started: float
) -> float:
    """Compare and write the chunk's rows; gives back when that was done."""
    with transaction.atomic():
        _hold(batch)
        here = ChunkHoldings(outlets, Defaults.of(batch))
        here.gather([one for _, one in chunk if isinstance(one, ArticleDraft)], batch, before=batch.rows_read)
        rows = [_values(batch, number, one, here) for number, one in chunk]
        counts = Counter(str(values["outcome"]) for values in rows)
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for values in rows:
                copy.write_row([values.get(name, _EMPTY.get(name)) for name in _COLUMNS])
        batch.rows_read = chunk[-1][0]
        batch.rows_new += counts["new"]
        batch.rows_changed += counts["changed"]
        batch.rows_same += counts["same"]
        batch.rows_rejected += counts["rejected"]
        batch.bytes_read = min(position, batch.size)
        batch.new_outlets = outlets.described()
        batch.changed_at = timezone.now()
        done = time.monotonic()
        batch.seconds_reading += done - started
        batch.save(
            update_fields=[
                "rows_read",
                "rows_new",
                "rows_changed",
                "rows_same",
                "rows_rejected",
                "bytes_read",
                "new_outlets",
                "changed_at",
                "seconds_reading",
            ]
        )
    return done


_EMPTY: dict[str, Any] = {
    "reason": "",
    "headline": "",
    "text": "",
    "digest": "",
    "changed_fields": "[]",
    "notes": "[]",
    "near_copy": False,
    "sketch": "{}",
}


def _values(batch: Import, number: int, one: Found, here: ChunkHoldings) -> dict[str, Any]:
    """The columns of a row."""
    values: dict[str, Any] = {
        "batch_id": batch.pk,
        "number": number,
        "where": one.where[:300],
    }
    if isinstance(one, Refusal):
        return values | {
            "outcome": "rejected",
            "reason": storable(one.reason),
            "headline": storable(one.about)[:500],
            "raw": _json(storable(one.raw)) if one.raw else None,
        }
    values |= {"headline": one.headline, "text": one.text, "draft": _json(packed(one))}
    try:
        made = here.plan(one)
    except ValidationError as error:
        return values | {"outcome": "rejected", "reason": reasons(error)}
    article = here.accept(made, number)
    changed = [change.field for change in made.changes] + ["text"] * made.text_changes
    keys = Keys.of(article)
    values |= {
        "outcome": made_as(article.pk, number, changed),
        "digest": digest(one.text),
        "key_address": keys.address,
        "key_identifier": keys.identifier,
        "key_headline": keys.headline,
    }
    if article.pk > 0:
        values["target_id"] = article.pk
    elif article.pk != -number:
        values["follows"] = -article.pk
    if values["outcome"] == Outcome.NEW:
        values["sketch"] = list(sketched := here.sketch_of(made.text))
        copy = here.copy_of(made, sketched)
        values["copy_of_id"], values["copies_row"], values["near_copy"] = copy
        here.note_sketch(sketched, -number)
    elif changed:
        values["changed_fields"] = _json(changed)
    if made.notes or one.notes:
        values["notes"] = _json([*one.notes, *made.notes])
    return values


def made_as(article: int, number: int, changed: list[str]) -> Outcome:
    """The outcome of a row, by the number of its article: a new one has the row's own, negative."""
    if article == -number:
        return Outcome.NEW
    return Outcome.CHANGED if changed else Outcome.SAME


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _hold(batch: Import) -> None:
    """Lock the import; raises TakenOver unless it stands where this worker has brought it."""
    stands = (
        Import.objects.select_for_update()
        .values_list("stage", "rows_read", "cancel_requested")
        .get(pk=batch.pk)
    )
    if stands[:2] != (Import.Stage.READING, batch.rows_read):
        raise TakenOver
    if stands[2]:
        raise Cancelled


def _fail(batch: Import, reason: str) -> None:
    Import.objects.filter(pk=batch.pk, stage=Import.Stage.READING).update(
        stage=Import.Stage.FAILED, error=storable(reason), changed_at=timezone.now()
    )


class _Counted(io.RawIOBase):
    """A file that tells how far it has been read: where reading is, not how far somebody looked ahead before."""

    def __init__(self, file: io.RawIOBase) -> None:
        self.file = file
        self.position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.file.read(len(buffer)) or b""
        buffer[: len(data)] = data
        self.position = self.file.tell()
        return len(data)

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size) or b""
        self.position = self.file.tell()
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()
