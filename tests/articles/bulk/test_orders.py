"""What else a person orders: cancelling before anything is read, keeping a way of reading, deleting."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from articles import tasks
from articles.bulk import applying, orders, report, staging
from articles.models import Article, Import, ImportRow, ImportSource
from articles.reading import read
from tests.factories import NOW, OutletFactory, StoryFactory

pytestmark = pytest.mark.django_db

ROWS = "Überschrift;Zeitung;body\nCouncil meets;The Post;It met.\nNo text;The Post;\n".encode()
MAPPING = {"Überschrift": "headline", "Zeitung": "outlet"}


def upload(data: bytes = ROWS, **options: Any) -> Import:
    return orders.upload(io.BytesIO(data), "rows.csv", now=NOW, start=False, **options)


def test_what_is_not_begun_is_cancelled_at_once_and_can_be_resumed() -> None:
    batch = upload(mapping=MAPPING)
    orders.cancel(batch, now=NOW)
    assert batch.stage == Import.Stage.CANCELLED
    tasks.read_import(import_id=batch.pk)
    assert not ImportRow.objects.exists()
    orders.resume(batch, now=NOW, start=False)
    assert staging.stage(batch.pk).rows_read == 2


def test_how_a_file_was_read_is_kept_for_the_next_ones_of_its_source() -> None:
    outlet, story = OutletFactory(), StoryFactory()
    batch = staging.stage(upload(mapping=MAPPING, outlet=outlet, stories=[story]).pk)
    source = orders.keep_as_source(batch, name="The archive")
    assert (source.mapping, source.outlet, list(source.stories.all())) == (MAPPING, outlet, [story])
    assert not source.is_watched
    assert staging.stage(upload(source=source).pk).rows_new == 1
    batch = staging.stage(upload(source=source, time_zone="Europe/Vienna").pk)
    assert orders.keep_as_source(batch) == source
    source.refresh_from_db()
    assert source.time_zone == "Europe/Vienna"


def test_without_a_source_one_must_be_named_by_a_name_of_its_own() -> None:
    batch = staging.stage(upload(mapping=MAPPING).pk)
    with pytest.raises(orders.NotNow):
        orders.keep_as_source(batch)
    ImportSource.objects.create(name="The archive")
    with pytest.raises(ValidationError):
        orders.keep_as_source(batch, name="The archive")


def test_deleting_an_import_keeps_its_articles_and_removes_its_file() -> None:
    batch = staging.stage(upload(mapping=MAPPING).pk)
    with pytest.raises(orders.NotNow):
        orders.forget(batch)
    orders.apply(batch, now=NOW, start=False)
    batch = applying.apply_rows(batch.pk)
    storage, name = batch.file.storage, batch.file.name
    number = batch.pk
    assert storage.exists(name)
    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        orders.forget(batch)
    assert not storage.exists(name)
    assert (Import.objects.count(), ImportRow.objects.count(), Article.objects.count()) == (0, 0, 1)
    tasks.read_import(import_id=number)  # a job that is left over does no harm
    tasks.apply_import(import_id=number)


def test_what_was_applied_is_not_read_again() -> None:
    batch = staging.stage(upload(mapping=MAPPING).pk)
    orders.apply(batch, now=NOW, start=False)
    applying.apply_rows(batch.pk)
    with pytest.raises(orders.NotNow):
        orders.read_again(batch, now=NOW)


def test_rejected_rows_come_with_all_columns_so_that_the_mapping_holds_when_they_are_mended() -> None:
    """A row that could be read, and can't be stored beside another: its address is that one's."""
    data = (
        "Überschrift;Zeitung;Autor;id;url;body\n"
        "A;The Post;;1;https://post.example/1;It met.\nB;The Post;;2;https://post.example/1;It met again.\n"
    )
    mapping = {**MAPPING, "Autor": "byline"}
    batch = staging.stage(upload(data.encode(), mapping=mapping, identity=Import.Identity.IDENTIFIER).pk)
    out = io.BytesIO()
    assert report.write_rejected(batch, out) == 1
    assert (
        out.getvalue().decode("utf-8-sig").splitlines()[0].startswith("Überschrift;Zeitung;Autor;id;url;body")
    )
    [draft] = read("rejected.csv", out.getvalue(), mapping=mapping)
    assert (draft.headline, draft.text) == ("B", "It met again.")


def test_a_column_that_is_to_be_left_out_need_not_be_there() -> None:
    assert staging.stage(upload(mapping={**MAPPING, "Rubrik": ""}).pk).rows_new == 1
    batch = staging.stage(upload(mapping={**MAPPING, "Autor": "byline"}).pk)
    assert batch.stage == Import.Stage.FAILED
    assert "There is no column “Autor”." in batch.error


def test_what_a_file_seems_to_be_is_kept_with_the_order_and_samples_of_its_columns() -> None:
    batch = staging.stage(upload(mapping=MAPPING).pk)
    assert batch.columns_in_order == ["Überschrift", "Zeitung", "body"]
    assert batch.sniffed["samples"]["Zeitung"] == ["The Post", "The Post"]
    assert (batch.sniffed["format"], batch.sniffed["delimiter"]) == ("csv", ";")
