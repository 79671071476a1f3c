"""A chunk of rows gets the same answers as its rows one by one: outcome, article, what changes, and why refused."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.bulk import applying, orders, staging
from articles.importing import Saved, reasons, save
from articles.models import Article, Import, ImportRow, Outlet
from articles.reading.draft import ArticleDraft
from tests.factories import NOW

pytestmark = pytest.mark.django_db

WORDS = ["The council met.", "The council met at last.", "Nobody came.", "It rained."]
DAYS = [None, dt.datetime(2019, 5, 8, 10, tzinfo=dt.UTC), dt.datetime(2019, 5, 8, 23, 30, tzinfo=dt.UTC)]


@st.composite
def drafts(draw: st.DrawFn) -> ArticleDraft:
    pick = lambda *options: draw(st.sampled_from(options))  # noqa: E731
    outlet, domain = pick(
        ("", ""), ("Post", ""), ("Post", "post.example"), ("", "post.example"), ("Mail", "post.example")
    )
    return ArticleDraft(
        headline=pick("Council meets", "Council decides", "Rain"),
        text=pick(*WORDS),
        byline=pick("", "Ann Writer", "Bo Reporter"),
        outlet=outlet,
        outlet_domain=domain,
        url=pick("", "https://post.example/1", "http://post.example/1/", "https://post.example/2"),
        external_id=pick("", "a", "b"),
        published_at=pick(*DAYS),
        image_url=pick("", "", "", "https://post example/a.jpg"),
    )


def told(result: Saved) -> tuple[Any, ...]:
    return (str(result.outcome), result.article.pk, result.changed, result.notes)


def state(first: int) -> list[tuple[Any, ...]]:
    """Every article, its fields and its versions; their numbers count from the first."""
    return [
        (
            article.pk - first,
            article.outlet.name,
            article.outlet.domain,
            *(
                getattr(article, name)
                for name in ("url", "external_id", "headline", "byline", "published_at", "notes")
            ),
            article.as_imported,
            [(one.number, one.headline, one.text) for one in article.versions.order_by("number")],
        )
        for article in Article.objects.order_by("id").select_related("outlet")
    ]


def singly(found: list[ArticleDraft], identity: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    with transaction.atomic():
        results = []
        for draft in found:
            try:
                results.append(told(save(draft, now=NOW, identity=identity)))
            except ValidationError as error:
                results.append(("rejected", reasons(error)))
        order = {
            pk: number
            for number, pk in enumerate(Article.objects.order_by("id").values_list("pk", flat=True))
        }
        results = [(one[0], order.get(one[1], one[1]), *one[2:]) for one in results]
        there = [(order[row[0]], *row[1:]) for row in state(0)]
        transaction.set_rollback(True)
    return results, there


def in_bulk(found: list[ArticleDraft], identity: str, chunk: int) -> tuple[Any, ...]:
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(staging, "CHUNK_ROWS", chunk)
        patch.setattr(applying, "CHUNK_ROWS", chunk)
        patch.setattr(staging, "_read", lambda batch, file: iter(found))
        batch = orders.upload(io.BytesIO(b"x"), "x.csv", now=NOW, start=False, identity=identity)
        staging.stage(batch.pk)
        staged = [
            (row.outcome, row.reason if row.outcome == "rejected" else tuple(row.changed_fields))
            for row in ImportRow.objects.filter(batch=batch).order_by("number")
        ]
        batch.refresh_from_db()
        assert batch.stage == Import.Stage.READ, batch.error
        assert not Article.objects.exists() and not Outlet.objects.exists()
        orders.apply(batch, now=NOW, start=False)
        batch = applying.apply_rows(batch.pk)
        assert batch.stage == Import.Stage.REPORTED, batch.error
        order = {
            pk: number
            for number, pk in enumerate(Article.objects.order_by("id").values_list("pk", flat=True))
        }
        rows = ImportRow.objects.filter(batch=batch).order_by("number")
        applied = [(row.outcome, row.reason or order[row.target_id]) for row in rows]
        there = [(order[row[0]], *row[1:]) for row in state(0)]
        transaction.set_rollback(True)
    return staged, applied, there


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    found=st.lists(drafts(), min_size=1, max_size=9),
    chunk=st.sampled_from([1, 2, 3, 100]),
    identity=st.sampled_from(Import.Identity.values),
)
def test_a_chunk_is_answered_as_its_rows_one_by_one(
    found: list[ArticleDraft], chunk: int, identity: str
) -> None:
    expected, there = singly(found, identity)
    staged, applied, then = in_bulk(found, identity, chunk)
    outcomes = [one[:2] if one[0] == "rejected" else (one[0], one[2]) for one in expected]
    assert [one if one[0] != "new" else ("new", ()) for one in staged] == [
        one if one[0] != "new" else ("new", ()) for one in outcomes
    ]
    assert applied == [one[:2] for one in expected]
    assert then == there
