"""What a person orders of an import; the work itself is a worker's. Raises NotNow for what the stage forbids."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from django.core.files import File
from django.db import transaction

from articles.models import Import, ImportRow, ImportSource, Outlet, Story

_CHUNK = 1024 * 1024
_READ_ANEW: dict[str, Any] = {
    "rows_read": 0,
    "rows_new": 0,
    "rows_changed": 0,
    "rows_same": 0,
    "rows_rejected": 0,
    "rows_applied": 0,
    "applied_to": 0,
    "bytes_read": 0,
    "new_outlets": [],
    "seconds_reading": 0,
    "seconds_applying": 0,
    "read_at": None,
    "error": "",
    "cancel_requested": False,
}


class NotNow(ValueError):
    """The import is at a stage that does not allow this; the message says what does."""


def upload(
    file: BinaryIO,
    name: str,
    *,
    now: dt.datetime,
    by: Any = None,
    source: ImportSource | None = None,
    stories: Iterable[Story] = (),
    start: bool = True,
    **options: Any,
) -> Import:
    """Keep the file and have it read. `options` are fields of Import: outlet, mapping, language, identity …

    What the options leave out is as the source has it; the source's stories come on top of `stories`.
    Nothing of the file is parsed here. Without `start` nothing is ordered of the workers: the caller reads it.
    """
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    if source:
        options = source.how_to_read() | options
        stories = {*stories, *source.stories.all()}
    batch = Import(
        source=source,
        name=name[-255:],
        size=size,
        sha256=digest.hexdigest(),
        created_by=by,
        created_at=now,
        changed_at=now,
        **options,
    )
    with transaction.atomic():
        batch.file.save(name, File(file), save=False)
        batch.save()
        batch.stories.set(stories)
        if start:
            _have_read(batch)
    return batch


def read_again(
    batch: Import,
    *,
    now: dt.datetime,
    mapping: Mapping[str, str] | None = None,
    outlet: Outlet | None = None,
    start: bool = True,
    **options: Any,
) -> None:
    """Read the file anew with other settings; what was staged goes. Not once anything of it is applied."""
    with _locked(batch):
        if batch.stage == Import.Stage.APPLYING or batch.rows_applied:
            raise NotNow("Articles of this import are in already. Upload the file once more instead.")
        ImportRow.objects.filter(batch=batch).delete()
        if mapping is not None:
            batch.mapping = dict(mapping)
        if outlet is not None:
            batch.outlet = outlet
        for name, value in (_READ_ANEW | options).items():
            setattr(batch, name, value)
        batch.stage, batch.changed_at = Import.Stage.UPLOADED, now
        batch.save()
        if start:
            _have_read(batch)


def apply(
    batch: Import, *, now: dt.datetime, by: Any = None, policy: str | None = None, start: bool = True
) -> None:
    """Have the rows that were read written as articles."""
    with _locked(batch):
        if policy is not None:
            batch.policy = policy
        if batch.stage not in (Import.Stage.READ, Import.Stage.CANCELLED, Import.Stage.FAILED):
            raise NotNow(
                f"The import is {batch.get_stage_display().lower()}; it can be applied once it is read."
            )
        if batch.read_at is None:
            raise NotNow("The file has not been read to its end. Read it again first.")
        if batch.policy == Import.Policy.ALL_OR_NOTHING and batch.rows_rejected:
            raise NotNow(
                f"{batch.rows_rejected:,} rows are rejected, and all or nothing was asked for. Mend them and "
                "upload the file again, or let in all but the rejected."
            )
        batch.stage, batch.applied_by, batch.changed_at = Import.Stage.APPLYING, by, now
        batch.cancel_requested, batch.error = False, ""
        batch.save()
        if start:
            _have_applied(batch)


def cancel(batch: Import, *, now: dt.datetime) -> None:
    """Stop at the next chunk. What is applied stays, and `resume` goes on from there."""
    with _locked(batch):
        if batch.is_over:
            raise NotNow(f"The import is {batch.get_stage_display().lower()} already.")
        if batch.stage == Import.Stage.READ:
            batch.stage = Import.Stage.CANCELLED
        else:
            batch.cancel_requested = True
        batch.changed_at = now
        batch.save(update_fields=["stage", "cancel_requested", "changed_at"])


def resume(batch: Import, *, now: dt.datetime, start: bool = True) -> None:
    """Go on where a cancelled or failed import stood."""
    with _locked(batch):
        if batch.stage not in (Import.Stage.CANCELLED, Import.Stage.FAILED):
            raise NotNow(f"The import is {batch.get_stage_display().lower()}: there is nothing to resume.")
        batch.cancel_requested, batch.error, batch.changed_at = False, "", now
        if batch.read_at is None:
            batch.stage = Import.Stage.READING
        else:
            batch.stage = Import.Stage.APPLYING if batch.applied_to else Import.Stage.READ
        batch.save()
        if start and batch.stage == Import.Stage.READING:
            _have_read(batch)
        elif start and batch.stage == Import.Stage.APPLYING:
            _have_applied(batch)


class _locked(transaction.Atomic):
    """A transaction that holds the import's row, read anew."""

    def __init__(self, batch: Import) -> None:
        super().__init__(using=None, savepoint=True, durable=False)
        self.batch = batch

    def __enter__(self) -> None:
        super().__enter__()
        self.batch.refresh_from_db(from_queryset=Import.objects.select_for_update())


def _have_read(batch: Import) -> None:
    from articles.tasks import have_read

    have_read(batch.pk)


def _have_applied(batch: Import) -> None:
    from articles.tasks import have_applied

    have_applied(batch.pk)
