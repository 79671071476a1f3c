"""Exports of articles: what is in the file, that it comes in again as it was, and that it costs little."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from articles import exports
from articles.bulk import applying, orders, report, staging
from articles.exports import WRITERS, records
from articles.importing import FIELDS, save
from articles.models import Article, Import, ImportRow, Version
from articles.reading import COLUMNS
from articles.reading.draft import PART_KINDS, ArticleDraft
from articles.text import normalise
from tests.factories import (
    NOW,
    AdministratorFactory,
    ArticleFactory,
    OutletFactory,
    StoryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

FORMATS = sorted(WRITERS)
LIST = "/admin/articles/article/"


def exported(format: str, articles: Any = None) -> bytes:
    _, write = WRITERS[format]
    return b"".join(write(records(Article.objects.order_by("id") if articles is None else articles)))


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def changed(data: bytes, change: Any) -> bytes:
    """The CSV with its rows changed by `change`, as in a spreadsheet."""
    rows = table(data)
    for row in rows:
        change(row)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def read(data: bytes, format: str) -> Import:
    batch = orders.upload(io.BytesIO(data), f"articles.{format}", now=NOW, start=False)
    return staging.stage(batch.pk)


def applied(batch: Import) -> Import:
    orders.apply(batch, now=NOW, start=False)
    return applying.apply_rows(batch.pk)


def counts(batch: Import) -> tuple[int, int, int, int]:
    return (batch.rows_new, batch.rows_changed, batch.rows_same, batch.rows_rejected)


def outcomes(batch: Import) -> list[tuple[str, str, Any]]:
    rows = ImportRow.objects.filter(batch=batch).order_by("number")
    return [(row.outcome, row.reason, row.changed_fields) for row in rows]


def everything() -> list[dict[str, Any]]:
    """What an article is, without what a database numbers and dates by itself."""
    found = Article.objects.select_related("outlet", "current_version").order_by(
        "outlet__name", "headline", "id"
    )
    return [
        {name: getattr(article, name) for name in FIELDS}
        | {
            "outlet": (article.outlet.name, article.outlet.domain),
            "text": article.text,
            "kinds": article.current_version.kinds if article.current_version else None,
        }
        for article in found
    ]


@contextmanager
def another_site() -> Iterator[None]:
    """What is made in here is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def full_article(**changes: Any) -> Article:
    """One with something in every field, some of it what a spreadsheet or a reader would stumble over."""
    article = ArticleFactory(
        outlet=OutletFactory(name="The Harbour Post", domain="harbour.example", time_zone="America/New_York"),
        **{
            "headline": "=1+1 is what he said",
            "byline": "By Sam Sample",
            "author_bio": "-Sam\r\nhas written, and writes.",
            "dateline": "LONDON -",
            "section": "@politics",
            "language": "en-GB",
            "published_at": dt.datetime(2019, 5, 8, 0, 0, 0, 123456, tzinfo=dt.UTC),
            "url": "https://harbour.example/1?a=1#part",
            "external_id": "'=id",
            "image_url": "https://harbour.example/1.jpg",
            "image_caption": "+Sam, “at” a lectern",
            "image_credit": "'quoted",
            "archive_url": "https://archive.example/1",
        }
        | changes,
    )
    article.record_version(
        "LONDON, May 8 (Reuters) - The <p>council</p> met.\n\nThe rest\n\nRead more: the other one\n\n"
        "Sam Sample is a writer.",
        now=NOW,
        kinds={1: "heading", 3: "blockquote"},
    )
    return article


# What is in the file.


def test_columns_are_the_importers_fields() -> None:
    assert set(exports.COLUMNS) <= set(COLUMNS)
    article = full_article()
    [row] = table(exported("csv"))
    assert list(row) == [*exports.COLUMNS, "guarded"]
    [record] = [json.loads(line) for line in exported("jsonl").splitlines()]
    assert list(record) == list(exports.COLUMNS)
    assert record["body"] == article.text
    assert record["published_at"] == "2019-05-07T20:00:00.123456-04:00"
    assert record["paragraph_kinds"] == {"2": "heading", "4": "blockquote"}


def test_no_cell_is_a_formula() -> None:
    full_article()
    [row] = table(exported("csv"))
    assert [name for name, cell in row.items() if cell[:1] in "=+-@\t\r" and cell] == []
    assert row["headline"] == "'=1+1 is what he said"


# It comes in again.


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_imported_again_is_the_same_in_every_row(format: str) -> None:
    full_article()
    ArticleFactory(published_at=None, url="", byline="", language="")
    before, versions = everything(), Version.objects.count()
    notes = list(Article.objects.order_by("id").values("notes", "as_imported"))
    batch = read(exported(format), format)
    assert counts(batch) == (0, 0, 2, 0), outcomes(batch)
    assert list(ImportRow.objects.filter(batch=batch).values_list("notes", flat=True)) == [[], []]
    applied(batch)
    assert everything() == before
    assert Version.objects.count() == versions
    assert list(Article.objects.order_by("id").values("notes", "as_imported")) == notes


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_makes_the_same_articles_in_an_empty_database(format: str) -> None:
    with another_site():
        full_article()
        part = OutletFactory(domain="news.harbour.example")
        ArticleFactory(published_at=None, byline="", language="", outlet=part)
        ArticleFactory(outlet=OutletFactory(domain=""), url="https://harbour.example/other", external_id="7")
        before, data = everything(), exported(format)
    assert not Article.objects.exists()
    batch = applied(read(data, format))
    assert counts(batch) == (3, 0, 0, 0), outcomes(batch)
    # An address without its fragment leads to the same page, and is kept so.
    before = [one | {"url": one["url"].partition("#")[0]} for one in before]
    assert everything() == before
    assert counts(read(data, format)) == (0, 0, 3, 0)


@pytest.mark.parametrize("format", FORMATS)
def test_rows_of_an_export_are_known_where_nothing_but_their_mark_tells_them_apart(format: str) -> None:
    outlet = OutletFactory()
    for at in (NOW, NOW + dt.timedelta(hours=1), None, None):
        ArticleFactory(outlet=outlet, headline="Live: the vote", url="", published_at=at)
    assert counts(read(exported(format), format)) == (0, 0, 4, 0)


# It is mended in a spreadsheet, and comes in again.


def test_a_cell_that_somebody_changed_is_a_mending_and_a_new_version() -> None:
    article = full_article()
    ArticleFactory()

    def mend(row: dict[str, str]) -> None:
        if row["url"] == article.url:
            row["headline"] = "Council meets"
            row["outlet"] = "The Hill Post"
            row["body"] = row["body"].replace("The rest", "What is left")
            row["byline"] = ""

    batch = applied(read(changed(exported("csv"), mend), "csv"))
    assert counts(batch) == (0, 1, 1, 0), outcomes(batch)
    article.refresh_from_db()
    assert (article.headline, article.outlet.name) == ("Council meets", "The Hill Post")
    assert article.byline == "By Sam Sample", "an emptied cell leaves the field alone"
    assert article.current_version is not None
    assert article.current_version.number == 3
    assert "What is left" in article.text
    assert article.current_version.kinds == {"1": "heading", "3": "blockquote"}


def test_a_mended_export_that_is_brought_in_twice_is_the_same_the_second_time() -> None:
    ArticleFactory(), ArticleFactory()
    data = changed(exported("csv"), lambda row: row.update(section="Politics", byline=""))
    assert counts(applied(read(data, "csv"))) == (0, 2, 0, 0)
    before = everything()
    assert counts(applied(read(data, "csv"))) == (0, 0, 2, 0)
    assert everything() == before


def test_what_was_mended_in_an_export_stays_when_its_source_comes_again() -> None:
    source = ArticleDraft(
        headline="Counsil meets", text="It met.", outlet="Post", url="https://post.example/1"
    )
    article = save(source, now=NOW).article
    for headline in ("Council meets", "The council meets"):
        data = changed(exported("csv"), lambda row, new=headline: row.update(headline=new))
        assert counts(applied(read(data, "csv"))) == (0, 1, 0, 0)
        save(source, now=NOW)
        article.refresh_from_db()
        assert article.headline == headline


def test_a_row_changed_in_a_file_that_is_older_than_the_article_is_refused_and_an_untouched_one_is_the_same() -> (
    None
):
    mended, untouched = ArticleFactory(), ArticleFactory()
    data = exported("csv")
    for article in (mended, untouched):
        article.record_version("Other words.", now=NOW, headline="Another headline")
    before = everything()

    def mend(row: dict[str, str]) -> None:
        if row["url"] == mended.url:
            row["section"] = "Politics"

    batch = read(changed(data, mend), "csv")
    assert counts(batch) == (0, 0, 1, 1)
    assert "changed here since this file was exported" in outcomes(batch)[0][1]
    applied(batch)
    assert everything() == before


def test_a_row_that_is_mended_is_refused_if_the_article_changes_before_it_is_applied() -> None:
    article = ArticleFactory()
    batch = read(changed(exported("csv"), lambda row: row.update(section="Politics")), "csv")
    assert counts(batch) == (0, 1, 0, 0)
    article.record_version("Other words.", now=NOW)
    batch = applied(batch)
    assert counts(batch) == (0, 0, 0, 1)
    article.refresh_from_db()
    assert article.section == ""


def test_without_its_mark_a_row_is_what_a_source_says() -> None:
    article = ArticleFactory(headline="Old")
    data = changed(exported("csv"), lambda row: row.update(newsdesk_id="", byline="Dana Mockridge"))
    assert counts(read(data, "csv")) == (0, 0, 1, 0)  # an editor has set the byline here: it stays
    Article.objects.filter(pk=article.pk).update(as_imported={"byline": article.byline})
    assert counts(read(data, "csv")) == (0, 1, 0, 0)


def test_a_broken_export_is_refused_by_rows_and_its_rejected_rows_come_in_when_mended() -> None:
    full_article()
    data = changed(
        exported("csv"),
        lambda row: row.update(url="nonsense", newsdesk_id="", external_id="", headline="Council"),
    )
    batch = read(data, "csv")
    assert counts(batch) == (0, 0, 0, 1)
    out = io.BytesIO()
    report.write_rejected(batch, out)
    mended = changed(out.getvalue(), lambda row: row.update(url="https://harbour.example/2"))
    batch = read(mended, "csv")
    assert counts(batch) == (1, 0, 0, 0), outcomes(batch)
    row = ImportRow.objects.get(batch=batch)
    assert "<p>council</p>" in row.text
    assert row.draft is not None
    assert row.draft["kinds"] == {"1": "heading", "3": "blockquote"}


# Whatever there is.

_SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
_CELLS = st.text(st.one_of(st.sampled_from("=+-@'\"\t,;\r\n <>"), _SIGNS), max_size=12).map(
    lambda cell: cell if cell.strip() else ""
)
_WORDS = st.sampled_from(
    [
        "Read more:",
        "<p>",
        "LONDON, May 8 (Reuters) -",
        "By Sam",
        "Sam Sample",
        "=SUM(A1)",
        "2019-05-09",
        "x, " * 20,
    ]
)
_PARAGRAPHS = st.lists(st.one_of(_WORDS, _CELLS), min_size=1, max_size=4)


@st.composite
def drafts(draw: Any) -> ArticleDraft:
    number = draw(st.integers(0, 3))
    text = normalise("\n\n".join(draw(_PARAGRAPHS))) or "x"
    paragraphs = range(text.count("\n\n") + 1)
    fields = draw(
        st.fixed_dictionaries(
            {"headline": _CELLS.filter(str.strip)},
            optional={
                **dict.fromkeys(
                    ["byline", "author_bio", "dateline", "section", "image_caption", "image_credit"], _CELLS
                ),
                "external_id": _CELLS,
                "language": st.sampled_from(["", "en", "zh-Hans-CN", "de-LU"]),
                "published_at": st.datetimes(
                    dt.datetime(1600, 1, 2),
                    dt.datetime(2200, 12, 30),
                    timezones=st.just(dt.UTC) | st.just(dt.timezone(dt.timedelta(hours=5, minutes=45))),
                ),
                "outlet": st.sampled_from(["", "Post", "=Post", "https://x.example"]),
                "outlet_domain": st.sampled_from(["", "post.example", "news.post.example"]),
                "url": st.just(f"https://post.example/{number}"),
                "image_url": st.just("https://post.example/1.jpg"),
                "archive_url": st.just("https://archive.example/1"),
                "kinds": st.dictionaries(st.sampled_from(paragraphs), st.sampled_from(PART_KINDS)),
            },
        )
    )
    return ArticleDraft(text=text, **fields)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(found=st.lists(drafts(), min_size=1, max_size=4))
@example(found=[ArticleDraft(headline="H", text="T", published_at=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))])
@example(found=[ArticleDraft(headline="H", text="T", published_at=dt.datetime(1900, 1, 1, tzinfo=dt.UTC))])
def test_whatever_is_stored_is_exported_and_comes_in_as_the_same(found: list[ArticleDraft]) -> None:
    with another_site():
        for draft in found:
            try:
                save(draft, now=NOW)
            except ValidationError:
                continue
        stored, count = everything(), Article.objects.count()
        files = {format: exported(format) for format in FORMATS}
        for format, data in files.items():
            batch = read(data, format)
            assert counts(batch) == (0, 0, count, 0), (format, outcomes(batch))
    if len({one["text"] for one in stored}) < count or len({one["headline"] for one in stored}) < count:
        return  # elsewhere, what has no address is known by its words alone
    for format, data in files.items():
        with another_site():
            batch = applied(read(data, format))
            assert (batch.rows_new, batch.rows_rejected) == (count, 0), (format, outcomes(batch))
            assert everything() == stored, format


# It costs little.


def queries_of(format: str, articles: int) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert exported(format).count(b"Minister warns") == articles
    return len(queries)


@pytest.mark.parametrize("format", FORMATS)
def test_queries_are_one_a_chunk(monkeypatch: pytest.MonkeyPatch, format: str) -> None:
    monkeypatch.setattr(exports, "CHUNK", 4)
    outlet = OutletFactory()
    ArticleFactory.create_batch(4, outlet=outlet)
    one = queries_of(format, 4)
    ArticleFactory.create_batch(8, outlet=OutletFactory())
    three = queries_of(format, 12)
    assert (one, three) == (2, 4)


def test_a_file_begins_before_all_of_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "CHUNK", 2)
    ArticleFactory.create_batch(6, outlet=OutletFactory())
    with CaptureQueriesContext(connection) as queries:
        written = exports.as_csv(records(Article.objects.order_by("id")))
        first = next(written) + next(written)
    assert len(table(first)) == 2
    assert len(queries) == 2


# From the list.


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(AdministratorFactory())
    return client


def headlines(response: Any) -> list[str]:
    assert response.status_code == 200
    return [row["headline"] for row in table(b"".join(response.streaming_content))]


def test_what_the_list_shows_is_exported_with_search_filters_and_order(administrator: Client) -> None:
    outlet = OutletFactory(name="The Hill Post")
    for headline in ("Bridge opens", "Bridge closes", "Tunnel opens"):
        ArticleFactory(headline=headline, outlet=outlet)
    ArticleFactory(headline="Bridge elsewhere")
    query = f"q=bridge&outlet__id__exact={outlet.pk}&o=1"
    page = administrator.get(f"{LIST}?{query}").content.decode()
    assert f"{LIST}export/csv/?" in page
    response = administrator.get(f"{LIST}export/csv/?{query}&p=7&all=")
    assert headlines(response) == ["Bridge closes", "Bridge opens"]
    name = response["Content-Disposition"]
    assert f'attachment; filename="articles-{timezone.localdate().isoformat()}-search-bridge-' in name
    assert 'outlet-the-hill-post.csv"' in name


def test_a_list_of_many_pages_is_exported_whole(administrator: Client) -> None:
    ArticleFactory.create_batch(60, outlet=OutletFactory())
    assert len(headlines(administrator.get(f"{LIST}export/csv/"))) == 60
    undated = administrator.get(f"{LIST}export/csv/?dated=no")
    assert headlines(undated) == []
    assert "date-of-publication-unknown" in undated["Content-Disposition"]


@pytest.mark.parametrize(("across", "exported"), [("0", ["A"]), ("1", ["A", "C"])])
def test_selected_rows_are_exported_or_all_that_match(
    administrator: Client, across: str, exported: list[str]
) -> None:
    story = StoryFactory(title="The vote")
    chosen = ArticleFactory(headline="A", stories=[story])
    ArticleFactory(headline="B")
    ArticleFactory(headline="C", stories=[story])
    response = administrator.post(
        f"{LIST}?stories__id__exact={story.pk}&o=1",
        {"action": "export_csv", "select_across": across, "index": "0", ACTION_CHECKBOX_NAME: [chosen.pk]},
    )
    assert headlines(response) == exported
    assert ("story-the-vote" if across == "1" else "selected") in response["Content-Disposition"]


def test_json_lines_are_exported_as_an_action_too(administrator: Client) -> None:
    article = ArticleFactory()
    response = administrator.post(LIST, {"action": "export_json_lines", ACTION_CHECKBOX_NAME: [article.pk]})
    [line] = b"".join(response.streaming_content).splitlines()
    assert json.loads(line)["headline"] == article.headline


def test_only_who_may_see_articles_gets_them(client: Client) -> None:
    ArticleFactory(headline="Secret")
    where = f"{LIST}export/csv/"
    client.force_login(UserFactory(is_staff=True))
    assert client.get(where).status_code == 403
    seer = UserFactory(is_staff=True)
    seer.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(seer)
    assert headlines(client.get(where)) == ["Secret"]
    assert f"{LIST}export/csv/" in client.get(LIST).content.decode()


def test_an_unknown_format_or_filter_gives_no_file(administrator: Client) -> None:
    assert administrator.get(f"{LIST}export/pdf/").status_code == 404
    assert administrator.get(f"{LIST}export/csv/?nonsense=1")["Location"] == f"{LIST}?e=1"
    assert administrator.post(f"{LIST}export/csv/").status_code == 405
