"""The workers' jobs: one an import at a time, and none lost."""

import io

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from articles import tasks
from articles.bulk import orders
from articles.models import Import
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ROWS = b"headline,outlet,body\nCouncil meets,The Post,It met.\n"


@pytest.fixture
def batch() -> Import:
    return orders.upload(io.BytesIO(ROWS), "rows.csv", now=NOW)


def test_an_upload_orders_its_reading_and_parses_nothing(batch: Import) -> None:
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args, job.status) == (
        "articles.tasks.read_import",
        {"import_id": batch.pk},
        "todo",
    )
    assert (batch.stage, batch.rows_read, batch.sniffed) == (Import.Stage.UPLOADED, 0, {})


def test_ordering_twice_queues_once_and_breaks_no_transaction(batch: Import) -> None:
    tasks.have_read(batch.pk)
    assert ProcrastinateJob.objects.count() == 1
    assert Import.objects.count() == 1


def test_reading_and_applying_as_jobs(batch: Import) -> None:
    tasks.read_import(import_id=batch.pk)
    batch.refresh_from_db()
    assert batch.stage == Import.Stage.READ
    orders.apply(batch, now=NOW)
    assert list(ProcrastinateJob.objects.order_by("id").values_list("task_name", flat=True)) == [
        "articles.tasks.read_import",
        "articles.tasks.apply_import",
    ]
    tasks.apply_import(import_id=batch.pk)
    tasks.apply_import(import_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.stage, batch.rows_applied) == (Import.Stage.REPORTED, 1)


def test_an_import_whose_job_is_gone_is_ordered_anew(batch: Import) -> None:
    ProcrastinateJob.objects.all()._raw_delete("default")
    tasks.order_what_waits(timestamp=0)
    assert ProcrastinateJob.objects.get().args == {"import_id": batch.pk}


def test_what_gets_on_is_left_alone(batch: Import) -> None:
    from django.utils import timezone

    ProcrastinateJob.objects.all()._raw_delete("default")
    Import.objects.update(changed_at=timezone.now())
    tasks.order_what_waits(timestamp=0)
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.parametrize("stage", ["uploaded", "reading", "applying", "reported"])
def test_applying_is_refused_at_any_stage_but_read(batch: Import, stage: str) -> None:
    Import.objects.update(stage=stage)
    with pytest.raises(orders.NotNow):
        orders.apply(batch, now=NOW)
