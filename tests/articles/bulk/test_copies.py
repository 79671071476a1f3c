"""Copies in a file are left out by a person's order, and taken back in: counts balance, and nothing else changes."""

import io
from typing import Any

import pytest

from articles.bulk import applying, orders, report, staging
from articles.models import Article, Import, ImportRow
from tests.factories import NOW, ArticleFactory, OutletFactory

pytestmark = pytest.mark.django_db

WORDS = " ".join(f"word{number}" for number in range(70))


def table(*rows: tuple[str, str, str]) -> bytes:
    lines = ["headline,outlet,url,body"]
    lines += [f"{headline},The Post,https://post.example/{name},{body}" for name, headline, body in rows]
    return "\n".join(lines).encode()


def read(data: bytes, **options: Any) -> Import:
    batch = orders.upload(io.BytesIO(data), "rows.csv", now=NOW, start=False, **options)
    return staging.stage(batch.pk)


def outcomes(batch: Import) -> list[str]:
    return list(ImportRow.objects.filter(batch=batch).order_by("number").values_list("outcome", flat=True))


def counts(batch: Import) -> tuple[int, int, int, int, int]:
    batch.refresh_from_db()
    return (batch.rows_new, batch.rows_changed, batch.rows_same, batch.rows_rejected, batch.rows_left_out)


@pytest.fixture
def batch() -> Import:
    """An exact copy, a later text of it, a near copy, a row of its own, and a copy of that row."""
    here = ArticleFactory(outlet=OutletFactory(name="The Wire"), text=f"{WORDS} end.")
    assert here.pk
    return read(
        table(
            ("1", "Council meets", f"{WORDS} end."),
            ("1", "Council meets", f"{WORDS} end. And more."),
            ("2", "Quite another", "It is another text."),
            ("3", "Council met", "It is another text."),
        )
    )


def test_a_copy_is_left_out_with_what_goes_on_with_it_and_taken_back(batch: Import) -> None:
    assert outcomes(batch) == ["new", "changed", "new", "new"]
    assert orders.leave_out(batch, now=NOW, numbers=[1]) == 2
    assert outcomes(batch) == ["rejected", "rejected", "new", "new"]
    assert counts(batch) == (2, 0, 0, 2, 2)
    rows = list(ImportRow.objects.filter(batch=batch).order_by("number"))
    assert rows[0].reason == f"Left out: a copy of article {rows[0].copy_of_id}."
    assert rows[1].reason == "Left out with row 1."
    assert orders.take_back(batch, now=NOW, numbers=[1]) == 2
    assert outcomes(batch) == ["new", "changed", "new", "new"]
    assert counts(batch) == (3, 1, 0, 0, 0)
    assert not ImportRow.objects.exclude(reason="").exists()


def test_all_copies_are_left_out_and_the_rest_comes_in(batch: Import) -> None:
    assert orders.leave_out(batch, now=NOW) == 3
    assert ImportRow.objects.get(batch=batch, number=4).reason == "Left out: a copy of row 3."
    assert counts(batch) == (1, 0, 0, 3, 3)
    orders.apply(batch, now=NOW, policy=Import.Policy.ALL_OR_NOTHING, start=False)
    batch = applying.apply_rows(batch.pk)
    assert (batch.stage, batch.rows_applied) == (Import.Stage.REPORTED, 1)
    assert list(Article.objects.filter(outlet__name="The Post").values_list("headline", flat=True)) == [
        "Quite another"
    ]
    assert counts(batch) == (1, 0, 0, 3, 3)


def test_only_those_of_the_kind_that_is_asked_for() -> None:
    ArticleFactory(outlet=OutletFactory(name="The Wire"), text=f"{WORDS} one end.")
    batch = read(table(("1", "Near", f"{WORDS} another end."), ("2", "Exact", f"{WORDS} one end.")))
    assert orders.leave_out(batch, now=NOW, near=False) == 1
    assert outcomes(batch) == ["new", "rejected"]


def test_what_is_not_a_copy_can_not_be_left_out(batch: Import) -> None:
    assert orders.leave_out(batch, now=NOW, numbers=[3]) == 0
    assert counts(batch) == (3, 1, 0, 0, 0)


def test_only_between_reading_and_applying(batch: Import) -> None:
    orders.apply(batch, now=NOW, start=False)
    for order in (orders.leave_out, orders.take_back):
        with pytest.raises(orders.NotNow):
            order(batch, now=NOW)
    applying.apply_rows(batch.pk)
    with pytest.raises(orders.NotNow):
        orders.leave_out(batch, now=NOW)


def test_what_is_left_out_is_not_among_what_is_to_be_mended(batch: Import) -> None:
    orders.leave_out(batch, now=NOW)
    out = io.BytesIO()
    assert report.write_rejected(batch, out) == 0
    assert report.summary(batch)["left_out"] == 3


def test_reading_again_forgets_what_was_left_out(batch: Import) -> None:
    orders.leave_out(batch, now=NOW)
    orders.read_again(batch, now=NOW, start=False)
    staging.stage(batch.pk)
    assert counts(batch) == (3, 1, 0, 0, 0)


CARRIED = (
    "The council voted on Tuesday to close the old bridge until the spring. "
    "Engineers had found cracks in two of its piers during an inspection last month. "
    "A ferry will carry passengers from the market to the station in the meantime. "
    "Shopkeepers on both banks of the river said they expected to lose customers."
)


def test_what_an_agency_wrote_is_told_as_nearly_a_copy_wherever_the_article_came_from() -> None:
    here = ArticleFactory(outlet=OutletFactory(name="The Wire"), text=CARRIED)
    dressed = f"{CARRIED} The Post has asked the council for a comment on all of this."
    batch = read(
        table(
            ("1", "Bridge to close", dressed),
            ("2", "A bridge is closed", dressed.replace("The council voted", "Councillors voted")),
            ("3", "Something else", f"{WORDS}. {WORDS}."),
        )
    )
    rows = ImportRow.objects.filter(batch=batch).order_by("number")
    assert [(row.copy_of_id, row.near_copy) for row in rows] == [
        (here.pk, True),
        (here.pk, True),
        (None, False),
    ]
    assert orders.leave_out(batch, now=NOW, near=True) == 2
    assert rows.get(number=1).reason == f"Left out: nearly a copy of article {here.pk}."


def test_an_earlier_row_of_the_file_is_found_too_in_another_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "CHUNK_ROWS", 1)
    batch = read(table(("1", "Bridge to close", CARRIED), ("2", "A bridge", f"{CARRIED} It rained.")))
    copy = ImportRow.objects.get(batch=batch, number=2)
    assert (copy.copies_row, copy.copy_of_id, copy.near_copy) == (1, None, True)
