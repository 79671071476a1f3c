"""The workers' jobs: reading an import's file, applying it, and picking up what a killed worker left."""

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from articles.models import Import

logger = logging.getLogger(__name__)

AGAIN = RetryStrategy(max_attempts=8, exponential_wait=2)
"""Of what can go wrong, such as PostgreSQL being restarted, most is over within minutes."""

SOON = 70
"""Seconds: longer than a file has to lie still."""


def have_read(import_id: int, *, source_id: int | None = None) -> None:
    """With `source_id`, of what a look at that source found: it is settled afterwards, one after the other."""
    if source_id is None:
        _order(read_import, import_id=import_id)
    else:
        _order(read_import, lock=_lock_of(source_id), import_id=import_id, is_found=True)


def have_applied(import_id: int) -> None:
    _order(apply_import, import_id=import_id)


def _lock_of(source_id: int) -> str:
    """Of the jobs of one source only one is done at a time, in their order."""
    return f"source-{source_id}"


@app.task(queue="imports", retry=AGAIN)
def read_import(import_id: int, is_found: bool = False) -> None:
    from articles.bulk.staging import stage
    from articles.sources.looking import settle

    if Import.objects.filter(pk=import_id).exists():  # else it is deleted
        batch = stage(import_id)
        if is_found:
            settle(batch, now=timezone.now())


@app.task(queue="imports", retry=AGAIN)
def apply_import(import_id: int) -> None:
    from articles.bulk.applying import apply_rows

    if Import.objects.filter(pk=import_id).exists():
        apply_rows(import_id)


@app.periodic(cron="* * * * *")
@app.task(queue="imports", queueing_lock="pick_up_stalled")
async def pick_up_stalled(timestamp: int) -> None:
    await give_back_stalled()


async def give_back_stalled(*, silent_for: float = 30) -> int:
    """Queue again the jobs of workers that have not been heard of for that many seconds; how many there were."""
    found = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent_for))
    for job in found:
        logger.warning("Job %s (%s) was left by its worker; it is started again.", job.id, job.task_name)
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:  # another for the same import waits already
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
    return len(found)


@app.periodic(cron="*/5 * * * *")
@app.task(queue="imports", queueing_lock="order_what_waits")
def order_what_waits(timestamp: int) -> None:
    """Order anew what waits without a job: one that failed for good, or was lost with its row."""
    late = timezone.now() - dt.timedelta(minutes=5)
    for batch in Import.objects.at_work().filter(changed_at__lt=late).order_by("id"):
        (have_applied if batch.stage == Import.Stage.APPLYING else have_read)(batch.pk)


@app.periodic(cron="* * * * *")
@app.task(queue="imports", queueing_lock="order_looks")
def order_looks(timestamp: int) -> None:
    """Order a look at each source that is due."""
    from articles.sources.looking import due

    for source in due(timezone.now()):
        _order(look_at_source, lock=_lock_of(source.pk), source_id=source.pk)


def look_again_soon(source_id: int) -> None:
    """Order a look before the next is due, at a folder in which files are not whole yet."""
    _order(look_at_source, lock=_lock_of(source_id), delay=SOON, source_id=source_id, is_due=False)


@app.task(queue="imports")
def look_at_source(source_id: int, is_due: bool = True) -> None:
    from articles.sources.looking import due, look, watched

    now = timezone.now()
    for source in due(now) if is_due else watched():  # it may be looked at, or switched off, meanwhile
        if source.pk == source_id:
            look(source, now=now)


def _order(task: Any, *, lock: str | None = None, delay: int = 0, **about: Any) -> None:
    """Queue a job, unless one about the same waits already. `delay` in seconds."""
    number = next(iter(about.values()))
    try:
        with transaction.atomic():
            task.configure(
                queueing_lock=f"{task.name}-{number}", lock=lock, schedule_in={"seconds": delay}
            ).defer(**about)
    except AlreadyEnqueued:
        logger.info("%s %s waits for a worker already.", task.name, number)
