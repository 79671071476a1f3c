import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from articles.reading.compare import compare, compare_folder, gold_body, same_instant, totals, word_overlap
from articles.reading.draft import ArticleDraft, Refusal

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
