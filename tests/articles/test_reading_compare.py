import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, Import, Outlet
from articles.reading.compare import (
    beside,
    compare,
    compare_folder,
    gold_body,
    pages_beside,
    same_instant,
    totals,
    word_overlap,
)
from articles.reading.draft import ArticleDraft, Refusal

FUNDUS = Path(__file__).parents[3] / "shared" / "data" / "pages-fundus"

GOLD = {
    "external_id": "g1",
    "headline": "Rain at last ",
    "authors": ["Ada Quill", "Jo Bell"],
    "published_at": "2019-05-09 10:00:30+00:00",
    "summary": ["A wet day."],
    "sections": [{"headline": ["After"], "paragraphs": ["It rained.", "It dripped."]}],
}


def draft(**fields: object) -> ArticleDraft:
    known = {
        "headline": "Rain at last",
        "byline": "Jo Bell, Ada Quill",
        "published_at": dt.datetime(2019, 5, 9, 10, tzinfo=dt.UTC),
        "text": gold_body(GOLD),
    }
    return ArticleDraft(**known | fields)  # type: ignore[arg-type]


def test_a_draft_like_the_gold_is_right_in_everything():
    page = compare(GOLD, draft())
    assert (page.headline, page.authors, page.instant, page.f1) == (True, True, True, 1.0)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"headline": "Rain"}, "headline"),
        ({"byline": "Ada Quill"}, "authors"),
        ({"published_at": dt.datetime(2019, 5, 9, 10, 2, tzinfo=dt.UTC)}, "instant"),
        ({"published_at": None}, "instant"),
    ],
)
def test_what_differs_is_wrong(fields, wrong):
    page = compare(GOLD, draft(**fields))
    assert [name for name in ("headline", "authors", "instant") if not getattr(page, name)] == [wrong]


def test_a_gold_date_without_a_zone_is_read_in_the_pages_own():
    found = dt.datetime(2019, 5, 9, 10, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    assert same_instant(found, "2019-05-09 10:00:00")
    assert not same_instant(found, "2019-05-09 08:00:00")


def test_words_are_counted_as_a_bag_whatever_their_case():
    assert word_overlap("It rained it", "it RAINED. It dripped!") == (1.0, 0.75)
    assert word_overlap("", "it rained") == (0.0, 0.0)


def test_a_refused_page_counts_as_wrong():
    total = totals([compare(GOLD, draft()), compare(GOLD, Refusal("No article text was found."))])
    assert (total.pages, total.refused, total.headline, total.f1) == (2, 1, 0.5, 0.5)


def test_nothing_cannot_be_compared():
    with pytest.raises(ValueError, match="nothing"):
        totals([])


def test_a_folder_of_pages_is_compared_row_by_row(tmp_path):
    paragraph = (
        "The council voted on Thursday to keep the night ferry, ending a row that had run for three years."
    )
    (tmp_path / "a.html").write_text(
        f"<!doctype html><html><body><article><h1>Rain at last</h1><p>{paragraph}</p><p>{paragraph[4:]}</p>"
        "</article></body></html>"
    )
    (tmp_path / "b.html").write_bytes(b"\x1f\x8b damaged")
    rows = [GOLD | {"html": "a.html", "external_id": "a"}, GOLD | {"html": "b.html", "external_id": "b"}]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    first, second = compare_folder(tmp_path)
    assert first.headline and not first.authors
    assert "gzip" in second.refused


class TestTheCommand:
    def test_it_prints_a_line_for_each_page_and_the_totals(self, tmp_path, capsys):
        (tmp_path / "a.html").write_bytes(b"<!doctype html><title>nothing</title>")
        (tmp_path / "articles.jsonl").write_text(json.dumps(GOLD | {"html": "a.html"}) + "\n")
        call_command("compare_pages", tmp_path)
        printed = capsys.readouterr().out
        assert "g1  refused: No article text was found on the page." in printed
        assert "1 pages, 1 refused. Headline 0.000" in printed

    def test_a_folder_without_gold_is_refused(self, tmp_path):
        with pytest.raises(CommandError, match="There is no"):
            call_command("compare_pages", tmp_path)


class TestBesideATable:
    def test_what_is_the_same_is_told_and_so_is_what_one_of_them_has_more(self):
        page = draft(url="https://x.example/1", outlet="The Post", outlet_domain="x.example")
        row = draft(
            url="https://x.example/1",
            outlet="ThePost",
            outlet_domain="x.example",
            byline="Ada Quill, Jo Bell",
        )
        alike = beside("g1", page, row)
        assert (alike.headline, alike.authors, alike.instant, alike.outlet, alike.address, alike.text) == (
            True,
            True,
            True,
            True,
            True,
            "same",
        )
        other = beside(
            "g1", page, draft(text=page.text.replace("It dripped.", "It poured."), url="", headline="Rain")
        )
        assert not (other.headline or other.address)
        assert (other.text, other.added, other.lacking) == ("other", ("It dripped.",), ("It poured.",))

    def test_a_date_that_one_of_them_lacks_is_neither_the_same_nor_another(self):
        assert beside("g1", draft(), draft(published_at=None)).instant is None

    def test_spaces_of_other_kinds_are_told_apart_from_other_words(self):
        page = draft(text="It cost 5 pounds.")
        assert beside("g1", page, draft(text="It cost 5\u00a0pounds.")).text == "spaces"

    def test_a_page_without_a_row_is_told(self, tmp_path):
        (tmp_path / "a.html").write_bytes(b"<!doctype html><title>nothing</title>")
        (tmp_path / "articles.jsonl").write_text(json.dumps(GOLD | {"html": "a.html"}) + "\n")
        (tmp_path / "rows.csv").write_text("headline,body,external_id\nRain,It rained.,other\n")
        [page] = pages_beside(tmp_path, tmp_path / "rows.csv")
        assert page.refused


PAGE = """<!doctype html><html><head>
<link rel="canonical" href="{canonical}"><meta property="og:url" content="{own}">
<meta property="og:site_name" content="The Post"><meta property="article:published_time" content="2019-05-09T10:00:00Z">
</head><body><article><h1>{headline}</h1>{body}</article></body></html>"""
BODY = "The council voted on Thursday to keep the night ferry, ending a row that had run for three years."


@pytest.fixture
def folder(tmp_path):
    """Two pages, one of them a copy with a canonical link elsewhere, and a table that names them otherwise."""
    rows, table = [], ["external_id,headline,outlet,url,published_at,body"]
    for number, canonical in enumerate(["https://post.example/1", "https://sister.example/2"], start=1):
        own, name = f"https://post.example/{number}", f"page-{number}"
        headline = f"The ferry stays: part {number}"
        body = "".join(f"<p>{part} {BODY}</p>" for part in ("First.", f"Then {number}.", "Last."))
        page = PAGE.format(canonical=canonical, own=own, headline=headline, body=body)
        (tmp_path / f"{name}.html").write_text(page)
        rows.append(GOLD | {"external_id": name, "html": f"{name}.html"})
        table.append(
            f"{name},{headline},ThePost,{own}?utm_source=rss&utm_medium=rss,2019-05-09T12:00+02:00,It stays."
        )
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "articles.csv").write_text("\n".join(table) + "\n")
    return tmp_path


@pytest.mark.django_db
class TestTheImportOfBoth:
    def test_pages_and_table_are_the_same_articles_in_either_order_and_nothing_is_stored(
        self, folder, capsys
    ):
        call_command("compare_pages", folder, table=folder / "articles.csv")
        printed = capsys.readouterr().out
        assert "headline 2" in printed and "instant 2" in printed and "outlet 2, address 2" in printed
        assert "0 the same, 0 but for spaces, 2 other" in printed
        assert (
            "pages: 2 new, 0 changed, 0 same, 0 refused; table: 0 new, 2 changed, 0 same, 0 refused; "
            "table: 0 new, 0 changed, 2 same, 0 refused again. 2 articles were made."
        ) in printed
        assert (
            "table: 2 new, 0 changed, 0 same, 0 refused; pages: 0 new, 2 changed, 0 same, 0 refused; "
            "pages: 0 new, 0 changed, 2 same, 0 refused again. 2 articles were made."
        ) in printed
        assert not (Article.objects.exists() or Outlet.objects.exists() or Import.objects.exists())

    def test_a_table_that_cannot_be_read_is_refused(self, folder):
        (folder / "articles.csv").write_text("nothing,of,use\n")
        with pytest.raises(CommandError, match="There is no column"):
            call_command("compare_pages", folder, table=folder / "articles.csv")

    @pytest.mark.skipif(not FUNDUS.is_dir(), reason="the pages lie beside the checkout, in ../shared/data")
    def test_forty_real_pages_and_their_table_are_forty_articles(self, capsys):
        call_command("compare_pages", FUNDUS, table=FUNDUS / "articles.csv")
        printed = capsys.readouterr().out
        first, second = re.findall(r"^(?:pages|table): .*$", printed, re.MULTILINE)
        assert first.startswith("pages: 40 new, 0 changed, 0 same, 0 refused; table: 0 new, 40 changed,")
        assert second.startswith("table: 40 new, 0 changed, 0 same, 0 refused; pages: 0 new, 40 changed,")
        assert all(
            line.endswith("0 new, 0 changed, 40 same, 0 refused again. 40 articles were made.")
            for line in (first, second)
        )
        said = {
            name: int(count)
            for name, count in re.findall(r"(headline|authors|instant|outlet|address) (\d+)\b", printed)
        }
        assert said["authors"] == said["outlet"] == 40
        assert said["headline"] >= 37
        assert said["instant"] >= 38  # two rows have a time without a zone
        assert said["address"] >= 39
        texts = re.search(r"Text: (\d+) the same", printed)
        assert texts and int(texts[1]) >= 16
