import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reading import ArticleDraft, Refusal, read, refusal_of, sniff, write_refusals
from articles.reading.columns import ORIGINAL, REASON
from articles.reading.spreadsheets import guarded, without_guards


def refused(name: str, data: bytes, **options: object) -> list[Refusal]:
    return [one for one in read(name, data, **options) if isinstance(one, Refusal)]  # type: ignore[arg-type]


def written(format_: str, refusals: list[Refusal], **options: str) -> bytes:
    out = io.BytesIO()
    assert write_refusals(format_, refusals, out, **options) == len(refusals)
    return out.getvalue()


class TestTables:
    DATA = (
        "Nr;Titel;Text;Stand;Datum\n"
        "1;Rain;It rained.;wet;2019-05-09T10:00Z\n"
        "2;Fog;;=grey;2019-05-09T10:00Z\n"
        '3;"Hail; heavy";It fell.;-1;31/02/2019\n'
        "4;Sun;It shone.;warm;2019-05-09T10:00Z;one more\n"
    )
    MAPPING = {"Titel": "headline", "Datum": "published_at", "Nr": "external_id"}

    def test_rejected_rows_come_as_they_were_with_the_reason(self):
        out = written("csv", refused("a.csv", self.DATA.encode(), mapping=self.MAPPING), delimiter=";")
        rows = list(csv.DictReader(io.StringIO(out.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert list(rows[0]) == ["Nr", "Titel", "Text", "Stand", "Datum", ORIGINAL, REASON]
        assert [row["Nr"] for row in rows] == ["2", "3", "4"]
        assert rows[1]["Titel"] == "Hail; heavy"
        assert "31/02/2019" in rows[1][REASON]
        assert rows[2][ORIGINAL] == "4;Sun;It shone.;warm;2019-05-09T10:00Z;one more"

    def test_mended_they_come_in_and_what_was_added_does_not(self):
        out = written("csv", refused("a.csv", self.DATA.encode(), mapping=self.MAPPING), delimiter=";")
        mended = (
            out.decode("utf-8-sig")
            .replace("2;Fog;;", "2;Fog;It hung.;")
            .replace("31/02/2019", "2019-05-09T10:00Z")
        )
        found = list(read("a.csv", mended.encode(), mapping=self.MAPPING))
        assert [one.headline for one in found if isinstance(one, ArticleDraft)] == [
            "Fog",
            "Hail; heavy",
            "Sun",
        ]
        assert isinstance(found[0], ArticleDraft)
        assert found[0].notes == ("Columns that were not used: Stand.",)

    def test_refused_again_they_are_the_same_again(self):
        first = refused("a.csv", self.DATA.encode(), mapping=self.MAPPING)[:2]
        out = written("csv", first)
        again = refused("a.csv", out, mapping=self.MAPPING)
        assert [one.raw for one in again] == [one.raw for one in first]
        assert first[0].raw["Stand"] == "=grey"  # type: ignore[index]

    def test_spreadsheets_do_not_run_them(self):
        out = written("tsv", refused("a.csv", self.DATA.encode(), mapping=self.MAPPING)).decode("utf-8-sig")
        assert "\t'=grey\t" in out and "\t'-1\t" in out

    def test_a_row_that_cannot_be_parted_comes_as_its_lines(self):
        data = b'title,text\nRain,"It rained\nFog,It "hung".\n'
        (refusal,) = refused("a.csv", data)
        assert refusal.raw == {ORIGINAL: 'Rain,"It rained\nFog,It "hung".'}
        rows = list(csv.reader(io.StringIO(written("csv", [refusal]).decode("utf-8-sig"), newline="")))
        assert rows[0] == ["headline", "body", ORIGINAL, REASON]

    @given(st.text(max_size=20))
    def test_guarding_is_undone_exactly(self, cell):
        assert without_guards(guarded(cell)) == cell
        assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


class TestJson:
    @pytest.mark.parametrize("format_", ["json", "jsonl"])
    def test_objects_come_back_with_the_reason_and_can_be_mended(self, format_):
        records = [
            {"title": "Fog", "text": "", "tags": ["a", {"b": 1}]},
            {"title": "Rain", "text": "It rained."},
        ]
        lines = b"".join(json.dumps(record).encode() + b"\n" for record in records)
        data = lines if format_ == "jsonl" else json.dumps(records).encode()
        out = written(format_, refused(f"a.{format_}", data))
        again = refused(f"a.{format_}", out)
        assert again[0].raw == records[0]
        found = list(read(f"a.{format_}", out.replace(b'"text": ""', b'"text": "It hung."')))
        assert isinstance(found[0], ArticleDraft)
        assert found[0].notes == ("Members that were not used: tags.",)

    def test_a_line_that_is_no_json_comes_as_it_was(self):
        data = b'{"title": "Rain", "text": "It rained."}\n{"title": "Fo\n'
        (record,) = [json.loads(line) for line in written("jsonl", refused("a.jsonl", data)).splitlines()]
        assert record[ORIGINAL] == '{"title": "Fo'

    def test_nothing_refused_is_an_empty_file_of_the_kind(self):
        assert json.loads(written("json", [])) == []
        assert written("jsonl", []) == b""


class TestOtherFormats:
    def test_their_fields_come_as_csv_and_can_be_brought_in(self):
        feed = (
            "<rss><channel><title>Gazette</title><item><title>Fog</title><link>https://a.example/1</link>"
            "<description>It hung over the …</description></item></channel></rss>"
        )
        out = written("feed", refused("f.xml", feed.encode()))
        (row,) = csv.DictReader(io.StringIO(out.decode("utf-8-sig"), newline=""))
        assert (row["headline"], row["url"], row["outlet"]) == ("Fog", "https://a.example/1", "Gazette")
        assert row["where it stood"] == "entry 1" and "beginning" in row[REASON]
        (draft,) = read("f.csv", out.replace("It hung over the …".encode(), b"It hung over the town."))
        assert isinstance(draft, ArticleDraft)
        assert (draft.text, draft.outlet, draft.notes) == ("It hung over the town.", "Gazette", ())

    def test_a_draft_that_is_not_to_come_in_is_written_under_the_files_own_names(self):
        data = b"Kop,Text,Datum\nRain,It rained.,2019-05-09T10:00Z\n"
        mapping = {"Kop": "headline", "Datum": "published_at"}
        (draft,) = read("a.csv", data, mapping=mapping)
        assert isinstance(draft, ArticleDraft)
        columns = sniff("a.csv", data).columns | mapping
        refusal = refusal_of(draft, "Twice in the file.", columns=columns)
        assert (refusal.where, refusal.row) == ("row 1 (line 2)", 1)
        (again,) = read("a.csv", written("csv", [refusal]), mapping=mapping)
        assert isinstance(again, ArticleDraft)
        assert (again.headline, again.text, again.published_at) == (
            draft.headline,
            draft.text,
            draft.published_at,
        )


class TestAbout:
    @pytest.mark.parametrize(
        ("raw", "about"),
        [
            ("", ""),
            ("x\ny", "x y"),
            ({"title": "Rain", "id": "1"}, "Rain"),
            ({"n": 1, "kop": "Regen"}, "Regen"),
            ({"n": 1}, ""),
        ],
    )
    def test_how_it_begins(self, raw, about):
        assert Refusal("Why.", raw=raw).about == about
