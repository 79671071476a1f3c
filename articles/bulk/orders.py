"""What a person orders of an import; the work itself is a worker's. Raises NotNow for what the stage forbids."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from django.core.files import File
from django.db import transaction
from django.db.models import Case, CharField, Q, Value, When
from django.db.models.functions import Cast, Concat

from articles.models import Import, ImportRow, ImportSource, Story
from articles.querysets import LEFT_OUT

_CHUNK = 1024 * 1024
_READ_ANEW: dict[str, Any] = {
    "rows_read": 0,
    "rows_new": 0,
    "rows_changed": 0,
    "rows_same": 0,
    "rows_rejected": 0,
    "rows_left_out": 0,
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
    stories: Iterable[Story] | None = None,
    start: bool = True,
    **options: Any,
) -> None:
    """Read the file anew with other settings; what was staged goes. Not once anything of it is applied."""
    with _locked(batch):
        if batch.stage in (Import.Stage.APPLYING, Import.Stage.REPORTED) or batch.rows_applied:
            raise NotNow("Articles of this import are in already. Upload the file once more instead.")
        ImportRow.objects.filter(batch=batch).delete()
        if mapping is not None:
            batch.mapping = dict(mapping)
        if stories is not None:
            batch.stories.set(stories)
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
        if policy is not None and policy != batch.policy and batch.applied_to:
            raise NotNow(
                f"Part of it is applied already, {batch.get_policy_display().lower()}: resume it, which goes on so."
            )
        if policy is not None:
            batch.policy = policy
        if batch.stage not in (Import.Stage.READ, Import.Stage.CANCELLED, Import.Stage.FAILED):
            raise NotNow(
                f"The import is {batch.get_stage_display().lower()}; it can be applied once it is read."
            )
        if batch.read_at is None:
            raise NotNow("The file has not been read to its end. Read it again first.")
        if batch.policy == Import.Policy.ALL_OR_NOTHING and batch.rows_to_mend:
            raise NotNow(
                f"{batch.rows_to_mend:,} row{' is' if batch.rows_to_mend == 1 else 's are'} rejected, and all or "
                "nothing was asked for. Mend what is rejected and upload the file again, or let in all the others."
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
        if batch.stage in (Import.Stage.UPLOADED, Import.Stage.READ):
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


# Copies.


def leave_out(
    batch: Import,
    *,
    now: dt.datetime,
    numbers: Iterable[int] | None = None,
    near: bool | None = None,
) -> int:
    """Reject new rows that are copies of an article or of an earlier row; how many rows that were.

    Of those `numbers`, else all; only near copies, or only those with the same words, where `near` says so. Rows
    that go on with an article that is left out are left out with it.
    """
    with _locked(batch):
        _is_only_read(batch)
        rows = ImportRow.objects.filter(batch=batch)
        copies = rows.copies().filter(outcome=ImportRow.Outcome.NEW)
        if numbers is not None:
            copies = copies.filter(number__in=list(numbers))
        if near is not None:
            copies = copies.filter(near_copy=near)
        left = list(copies.values_list("number", flat=True))
        follow = rows.exclude(outcome=ImportRow.Outcome.REJECTED).filter(follows__in=left)
        moved = Counter(follow.values_list("outcome", flat=True)) + Counter(
            {ImportRow.Outcome.NEW: len(left)}
        )
        follow.update(
            outcome=ImportRow.Outcome.REJECTED,
            reason=Concat(Value(f"{LEFT_OUT} with row "), Cast("follows", CharField()), Value(".")),
        )
        rows.filter(number__in=left).update(outcome=ImportRow.Outcome.REJECTED, reason=_OF_WHAT)
        _move(batch, moved, now, sign=1)
    return moved.total()


def take_back(batch: Import, *, now: dt.datetime, numbers: Iterable[int] | None = None) -> int:
    """Let in again what was left out, of those `numbers` or all, with the rows that go on with it."""
    with _locked(batch):
        _is_only_read(batch)
        rows = ImportRow.objects.filter(batch=batch)
        left = rows.left_out()
        if numbers is not None:
            asked = list(numbers)
            makers = left.filter(number__in=asked).values_list("follows", flat=True)
            asked += [number for number in makers if number]
            left = left.filter(Q(number__in=asked) | Q(follows__in=asked))
        was = Case(
            When(follows__isnull=True, then=Value("new")),
            When(changed_fields=[], then=Value("same")),
            default=Value("changed"),
        )
        moved = Counter(left.annotate(was=was).values_list("was", flat=True))
        left.update(outcome=was, reason="")
        _move(batch, moved, now, sign=-1)
    return moved.total()


_OF_WHAT = Concat(
    Value(f"{LEFT_OUT}: "),
    Case(When(near_copy=True, then=Value("nearly a copy of ")), default=Value("a copy of ")),
    Case(
        When(copy_of__isnull=False, then=Concat(Value("article "), Cast("copy_of", CharField()))),
        default=Concat(Value("row "), Cast("copies_row", CharField())),
    ),
    Value("."),
)


def _is_only_read(batch: Import) -> None:
    is_read = batch.stage in (Import.Stage.READ, Import.Stage.CANCELLED) and batch.read_at is not None
    if not is_read or batch.applied_to:
        raise NotNow(
            f"The import is {batch.get_stage_display().lower()}; copies are left out between reading and applying."
        )


def _move(batch: Import, moved: Mapping[str, int], now: dt.datetime, *, sign: int) -> None:
    """Count rows over to the rejected, or back from there."""
    for outcome in ("new", "changed", "same"):
        name = f"rows_{outcome}"
        setattr(batch, name, getattr(batch, name) - sign * moved.get(outcome, 0))
    batch.rows_rejected += sign * sum(moved.values())
    batch.rows_left_out += sign * sum(moved.values())
    batch.changed_at = now
    batch.save()


# What is kept, and what goes.


def keep_as_source(batch: Import, *, name: str = "") -> ImportSource:
    """Keep how the file was read for all files of its source, or of a new one of that name; gives the source."""
    with _locked(batch):
        source = ImportSource(name=name, is_watched=False) if name else batch.source
        if source is None:
            raise NotNow("The import has no source. Give a name for one.")
        for field, value in batch.how_to_read().items():
            setattr(source, field, value)
        source.full_clean()
        source.save()
        source.stories.set(batch.stories.all())
        batch.source = source
        batch.save(update_fields=["source"])
    return source


def forget(batch: Import) -> None:
    """Delete what is known of an import that is over: its rows, its report and its file. Articles stay."""
    with _locked(batch):
        if not batch.is_over:
            raise NotNow(
                f"The import is {batch.get_stage_display().lower()}. Cancel it, or wait for its end, first."
            )
        ImportRow.objects.filter(batch=batch).delete()
        file = batch.file
        batch.delete()
        transaction.on_commit(lambda: file.delete(save=False))


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
