"""The workers' jobs: reading an import's file, applying it, and picking up what a killed worker left."""

import logging
from typing import Any

from django.db import connection
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from articles.models import Import

logger = logging.getLogger(__name__)

AGAIN = RetryStrategy(max_attempts=8, exponential_wait=2)
"""Of what can go wrong, such as PostgreSQL being restarted, most is over within minutes."""


def have_read(import_id: int) -> None:
    _order(read_import, import_id)


def have_applied(import_id: int) -> None:
    _order(apply_import, import_id)


@app.task(queue="imports", retry=AGAIN)
def read_import(import_id: int) -> None:
    from articles.bulk.staging import stage

    try:
        stage(import_id)
    finally:
        connection.close()


@app.task(queue="imports", retry=AGAIN)
def apply_import(import_id: int) -> None:
    from articles.bulk.applying import apply_rows

    try:
        apply_rows(import_id)
    finally:
        connection.close()


@app.periodic(cron="* * * * *")
@app.task(queue="imports", queueing_lock="pick_up_stalled", pass_context=False)
async def pick_up_stalled(timestamp: int) -> None:
    """Give back the jobs of workers that have not been heard of for half a minute."""
    for job in await app.job_manager.get_stalled_jobs():
        logger.warning("Job %s (%s) was left by its worker; it is started again.", job.id, job.task_name)
        await app.job_manager.retry_job(job)


@app.periodic(cron="*/5 * * * *")
@app.task(queue="imports", queueing_lock="order_what_waits")
def order_what_waits(timestamp: int) -> None:
    """Order anew what waits without a job: one that failed for good, or was lost with its row."""
    late = timezone.now() - timezone.timedelta(minutes=5)
    for batch in Import.objects.at_work().filter(changed_at__lt=late).order_by("id"):
        (have_applied if batch.stage == Import.Stage.APPLYING else have_read)(batch.pk)


def _order(task: Any, import_id: int) -> None:
    """Queue a job, unless one for the import waits already."""
    try:
        task.configure(queueing_lock=f"import-{import_id}", lock=f"import-{import_id}").defer(
            import_id=import_id
        )
    except AlreadyEnqueued:
        logger.info("Import %s waits for a worker already.", import_id)
