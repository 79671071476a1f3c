"""An import from upload to report: what each stage leaves, and that nothing is touched before it is applied."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import pytest

from articles.bulk import applying, orders, report, staging
from articles.models import Article, Import, ImportRow, Outlet, Version
from tests.factories import NOW, StoryFactory

pytestmark = pytest.mark.django_db

COLUMNS = ["external_id", "headline", "outlet", "url", "published_at", "body"]


def table(rows: Iterable[Iterable[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, *rows])
    return out.getvalue().encode()


def row(number: int, **changes: str) -> list[str]:
    values = {
        "external_id": f"id-{number}",
        "headline": f"Council meets for the {number}th time",
        "outlet": "The Harbour Post",
        "url": f"https://harbour.example/{number}",
        "published_at": f"2019-05-{number % 28 + 1:02}T10:00:00Z",
        "body": f"The council met. It was its meeting number {number}, and it decided nothing.",
    } | changes
    return [values[name] for name in COLUMNS]


def read(data: bytes, name: str = "rows.csv", **options: Any) -> Import:
    return staging.stage(orders.upload(io.BytesIO(data), name, now=NOW, start=False, **options).pk)


def applied(batch: Import) -> Import:
    orders.apply(batch, now=NOW, start=False)
    return applying.apply_rows(batch.pk)


def counts(batch: Import) -> tuple[int, int, int, int, int]:
    return (batch.rows_read, batch.rows_new, batch.rows_changed, batch.rows_same, batch.rows_rejected)


def outcomes(batch: Import) -> list[str]:
    return list(ImportRow.objects.filter(batch=batch).order_by("number").values_list("outcome", flat=True))


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "CHUNK_ROWS", 2)
    monkeypatch.setattr(applying, "CHUNK_ROWS", 2)


def test_reading_stages_every_row_and_touches_no_article() -> None:
    batch = read(table([row(1), row(2), row(3, body="")]))
    assert batch.stage == Import.Stage.READ
    assert counts(batch) == (3, 2, 0, 0, 1)
    assert outcomes(batch) == ["new", "new", "rejected"]
    assert not Article.objects.exists()
    assert not Outlet.objects.exists()
    assert batch.new_outlets[0]["name"] == "The Harbour Post"
    refused = ImportRow.objects.get(batch=batch, outcome="rejected")
    assert "no text" in refused.reason
    assert "line 4" in refused.where


def test_applying_writes_what_was_read_and_reports() -> None:
    story = StoryFactory()
    batch = applied(read(table([row(1), row(2), row(3, body="")]), stories=[story]))
    assert batch.stage == Import.Stage.REPORTED
    assert (batch.rows_applied, batch.applied_to) == (2, 3)
    assert [article.external_id for article in Article.objects.order_by("id")] == ["id-1", "id-2"]
    article = Article.objects.get(external_id="id-1")
    assert article.text == "The council met. It was its meeting number 1, and it decided nothing."
    assert article.versions.get() == article.current_version
    assert article.history.count() == 1
    assert Article.objects.filter(search="meeting & decided").count() == 2
    assert story.articles.count() == 2
    assert ImportRow.objects.get(batch=batch, number=1).target == article
    assert ImportRow.objects.filter(batch=batch, applied_at__isnull=False).count() == 2


def test_the_same_file_again_writes_nothing(small_chunks: None) -> None:
    data = table([row(number) for number in range(1, 8)])
    applied(read(data))
    before = list(Article.objects.order_by("id").values())
    batch = applied(read(data))
    assert counts(batch) == (7, 0, 0, 7, 0)
    assert batch.rows_applied == 0
    assert list(Article.objects.order_by("id").values()) == before
    assert (Version.objects.count(), Outlet.objects.count()) == (7, 1)


@pytest.mark.parametrize("between", [0, 1, 5])
def test_what_is_twice_in_a_file_is_taken_as_it_comes(small_chunks: None, between: int) -> None:
    others = [row(number) for number in range(2, 2 + between)]
    changed = row(1, body="The council met, and decided something at last.")
    batch = read(table([row(1), *others, row(1), changed, row(1, headline="Council decides")]))
    assert outcomes(batch) == ["new", *["new"] * between, "same", "changed", "changed"]
    assert ImportRow.objects.filter(batch=batch, follows=1).count() == 3
    batch = applied(batch)
    assert outcomes(batch) == ["new", *["new"] * between, "same", "changed", "changed"]
    article = Article.objects.get(external_id="id-1")
    assert [version.number for version in article.versions.order_by("number")] == [1, 2, 3]
    assert article.headline == "Council decides"


def test_a_changed_article_gets_a_new_version() -> None:
    applied(read(table([row(1), row(2)])))
    batch = read(table([row(1, body="The council met after all."), row(2)]))
    changed = ImportRow.objects.get(batch=batch, outcome="changed")
    assert changed.changed_fields == ["text"]
    assert changed.target == Article.objects.get(external_id="id-1")
    assert Version.objects.count() == 2
    batch = applied(batch)
    assert (batch.rows_applied, counts(batch)) == (1, (2, 0, 1, 1, 0))
    assert Article.objects.get(external_id="id-1").current_version.number == 2


def test_the_same_words_at_another_address_are_pointed_out() -> None:
    applied(read(table([row(1)])))
    words = row(1)[-1]
    batch = read(
        table(
            [
                row(8, body=words, outlet="The Hill Post", url="https://hill.example/8"),
                row(9, body="Words of its own."),
                row(10, body="Words of its own.", outlet="The Hill Post", url="https://hill.example/10"),
            ]
        )
    )
    first, second, third = ImportRow.objects.filter(batch=batch).order_by("number")
    assert first.copy_of == Article.objects.get()
    assert (second.copy_of, second.copies_row) == (None, None)
    assert (third.copies_row, third.near_copy) == (2, False)


def test_a_file_that_cannot_be_read_fails_with_its_reason() -> None:
    batch = read(b"a,b\n1,2\n")
    assert batch.stage == Import.Stage.FAILED
    assert "no column" in batch.error


# All or nothing; cancelling; what a stage forbids.


def test_all_or_nothing_is_not_begun_with_rejected_rows() -> None:
    batch = read(table([row(1), row(2, body="")]), policy=Import.Policy.ALL_OR_NOTHING)
    assert not batch.can_be_applied
    with pytest.raises(orders.NotNow, match="1 row is rejected"):
        orders.apply(batch, now=NOW, start=False)
    assert not Article.objects.exists()


def test_all_or_nothing_writes_nothing_if_a_row_is_refused_on_the_way(small_chunks: None) -> None:
    batch = read(table([row(number) for number in range(1, 6)]), policy=Import.Policy.ALL_OR_NOTHING)
    blocking = read(table([row(9, external_id="id-5", url="https://harbour.example/99")]))
    applied(blocking)
    Article.objects.update(external_id="", url="https://harbour.example/5", as_imported={})
    other = read(table([row(77, external_id="id-5", url="https://harbour.example/77")]))
    applied(other)
    batch = applied(batch)
    assert batch.stage == Import.Stage.FAILED
    assert "row 5" in batch.error
    assert (batch.applied_to, batch.rows_applied) == (0, 0)
    assert Article.objects.count() == 2


def test_all_or_nothing_writes_everything_in_one_go(small_chunks: None) -> None:
    batch = applied(read(table([row(number) for number in range(1, 6)]), policy=Import.Policy.ALL_OR_NOTHING))
    assert batch.stage == Import.Stage.REPORTED
    assert (batch.applied_to, batch.rows_applied, Article.objects.count()) == (5, 5, 5)


def test_a_cancelled_import_stops_and_goes_on_where_it_stood(
    small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = read(table([row(number) for number in range(1, 8)]))
    orders.apply(batch, now=NOW, start=False)
    chunk, done = applying._Work.chunk, []

    def cancelling(self: Any) -> None:
        chunk(self)
        done.append(1)
        if len(done) == 2:
            orders.cancel(Import.objects.get(), now=NOW)

    monkeypatch.setattr(applying._Work, "chunk", cancelling)
    batch = applying.apply_rows(batch.pk)
    assert (batch.stage, batch.applied_to, Article.objects.count()) == (Import.Stage.CANCELLED, 4, 4)
    with pytest.raises(orders.NotNow, match="Part of it is applied already, all but the rejected"):
        orders.apply(batch, now=NOW, policy=Import.Policy.ALL_OR_NOTHING, start=False)
    orders.resume(batch, now=NOW, start=False)
    batch = applying.apply_rows(batch.pk)
    assert (batch.stage, batch.applied_to, Article.objects.count()) == (Import.Stage.REPORTED, 7, 7)


def test_what_is_left_of_an_import_can_come_in_all_or_nothing(small_chunks: None) -> None:
    batch = read(table([row(number) for number in range(1, 6)]))
    orders.apply(batch, now=NOW, start=False)
    applying._Work(Import.objects.get()).chunk()
    Import.objects.update(policy=Import.Policy.ALL_OR_NOTHING)
    batch = applying.apply_rows(batch.pk)
    assert (batch.stage, batch.applied_to, Article.objects.count()) == (Import.Stage.REPORTED, 5, 5)


def test_a_worker_that_comes_too_late_writes_nothing(small_chunks: None) -> None:
    batch = orders.upload(io.BytesIO(table([row(1), row(2), row(3)])), "rows.csv", now=NOW, start=False)
    late = Import.objects.get()
    staging.stage(batch.pk)
    late.stage = Import.Stage.READING
    with pytest.raises(staging.TakenOver):
        staging._read_to_the_end(late)
    assert ImportRow.objects.count() == 3


# The report.


def test_the_rejected_rows_come_as_a_file_of_the_same_format_that_can_be_mended(
    small_chunks: None,
) -> None:
    batch = applied(read(table([row(1), row(2, body=""), row(3), row(4, published_at="some day")])))
    out = io.BytesIO()
    assert report.write_rejected(batch, out) == 2
    lines = list(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    assert [line["external_id"] for line in lines] == ["id-2", "id-4"]
    assert "no text" in lines[0]["reason for refusal"]
    assert report.name_of_rejected(batch) == "rows-rejected.csv"
    mended = out.getvalue().replace(b"some day", b"2019-05-08")
    again = applied(read(mended))
    assert counts(again) == (2, 1, 0, 0, 1)
    assert Article.objects.filter(external_id="id-4").exists()


def test_what_was_found_out_of_the_file_is_kept_and_can_be_set_otherwise() -> None:
    data = b"Title;Text;Number\nCouncil meets;It met.;7\n"
    batch = read(data)
    assert batch.read_as["format"] == "csv"
    assert batch.read_as["delimiter"] == ";"
    assert batch.read_as["columns"]["Title"] == "headline"
    orders.read_again(batch, now=NOW, mapping={"Number": "external_id"}, start=False)
    batch = staging.stage(batch.pk)
    assert batch.rows_read == 1
    applied(batch)
    assert Article.objects.get().external_id == "7"


def test_a_summary_balances() -> None:
    told = report.summary(applied(read(table([row(1), row(1), row(2, body="")]))))
    assert told["read"] == told["new"] + told["changed"] + told["same"] + told["rejected"] == 3
    assert told["rejections"][0]["where"].startswith("row 3")


@pytest.mark.parametrize("identity", [Import.Identity.AUTOMATIC, Import.Identity.HEADLINE])
def test_an_article_of_which_only_the_day_is_known_is_known_again_by_it(identity: str) -> None:
    bare = {"external_id": "", "url": "", "published_at": "2019-05-08"}
    applied(read(table([row(1, **bare)]), identity=identity))
    more = row(1, **bare, body="The council met, and this time it decided something after all.")
    other = row(
        1, **bare | {"published_at": "2019-05-09", "body": "It met on another day, about another matter."}
    )
    batch = applied(read(table([more, other]), identity=identity))
    assert outcomes(batch) == ["changed", "new"]
    later = row(1, **bare | {"published_at": "2019-05-08T18:30:00Z"}, body=more[-1])
    assert outcomes(applied(read(table([later]), identity=identity))) == ["changed"]
    article = Article.objects.get(published_at__isnull=False)
    assert article.versions.count() == 2


def test_a_text_that_was_mended_here_and_then_changed_by_its_source_is_told_of() -> None:
    applied(read(table([row(1), row(2)])))
    article = Article.objects.get(external_id="id-1")
    article.record_version(article.text.replace("nothing", "NOTHING"), now=NOW, reason="A mistake")
    assert outcomes(read(table([row(1), row(2)]))) == ["same", "same"]
    batch = read(
        table([row(1, body=f"{row(1)[-1]} It meets again."), row(2, body=f"{row(2)[-1]} It meets again.")])
    )
    mended, other = ImportRow.objects.filter(batch=batch).order_by("number")
    assert any("The text was mended here, as version 2" in note for note in mended.notes)
    assert not any("mended" in note for note in other.notes)
    applied(batch)
    assert [version.number for version in article.versions.order_by("number")] == [1, 2, 3]
    assert "NOTHING" in article.versions.get(number=2).text
