import csv
import datetime as dt
import gzip
import io
import json

import pytest

from articles.reading import ReadError, Refusal, read
from articles.reading.columns import match_columns
from articles.reading.draft import ArticleDraft

HEADER = "id,headline,byline,outlet,url,published_at,section,language,body"


def table(*rows: dict[str, str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, HEADER.split(","), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def row(**cells: str) -> dict[str, str]:
    return {
        "id": "a1",
        "headline": "Council keeps the ferry",
        "byline": "By Ada Quill",
        "outlet": "The Harbour Gazette",
        "url": "https://gazette.example/ferry",
        "published_at": "2019-05-09T10:00:00+01:00",
        "section": "Transport",
        "language": "en_GB",
        "body": "The council voted.\n\nIt was late, and it rained.",
    } | cells


def outcomes(data: bytes, name: str = "rows.csv", **options: object) -> list[ArticleDraft | Refusal]:
    return list(read(name, data, **options))  # type: ignore[arg-type]


def only(data: bytes, name: str = "rows.csv", **options: object) -> ArticleDraft:
    (draft,) = outcomes(data, name, **options)
    assert isinstance(draft, ArticleDraft), draft
    return draft


def refusals(found: list[ArticleDraft | Refusal]) -> list[Refusal]:
    return [outcome for outcome in found if isinstance(outcome, Refusal)]


class TestARow:
    def test_its_cells_fill_the_fields(self):
        draft = only(table(row()))
        assert draft.headline == "Council keeps the ferry"
        assert draft.byline == "Ada Quill"
        assert draft.outlet == "The Harbour Gazette"
        assert draft.outlet_domain == "gazette.example"
        assert draft.published_at == dt.datetime(2019, 5, 9, 9, tzinfo=dt.UTC)
        assert (draft.external_id, draft.section, draft.language) == ("a1", "Transport", "en-GB")
        assert draft.text == "The council voted.\n\nIt was late, and it rained."
        assert draft.notes == ()

    def test_columns_are_known_by_their_usual_names_in_any_order(self):
        data = (
            b"Full Text,Pub Date,Link,Authors,Source,Title\n"
            b"It rained.,2019-05-09T10:00Z,https://a.example/b,Ada Quill,Gazette,Rain\n"
        )
        draft = only(data)
        assert (draft.headline, draft.text, draft.byline, draft.outlet) == (
            "Rain",
            "It rained.",
            "Ada Quill",
            "Gazette",
        )
        assert draft.published_at == dt.datetime(2019, 5, 9, 10, tzinfo=dt.UTC)

    def test_a_mapping_goes_before_the_names(self):
        data = b"title,kicker,text\nOver,Rain at last,It rained.\n"
        assert only(data).headline == "Over"
        draft = only(data, mapping={"kicker": "headline"})
        assert draft.headline == "Rain at last"

    def test_a_mapping_to_a_column_that_is_not_there_is_refused(self):
        with pytest.raises(ReadError, match="no column “lead”"):
            outcomes(table(row()), mapping={"lead": "headline"})

    def test_a_mapping_to_an_unknown_field_is_an_error(self):
        with pytest.raises(ValueError, match="no field"):
            match_columns(["title"], {"title": "colour"})

    def test_columns_that_are_not_used_are_named_once(self):
        data = b"title,text,mood\nRain,It rained.,wet\nSun,It shone.,dry\n"
        first, second = outcomes(data)
        assert first.notes == ("Columns that were not used: mood.",)
        assert second.notes == ()

    def test_markup_in_the_body_becomes_paragraphs_with_kinds(self):
        body = "<h2>Late</h2><p>The council<br>voted.</p><ul><li>Yes</li></ul><script>alert(1)</script>"
        draft = only(table(row(body=body)))
        assert draft.text == "Late\n\nThe council\n\nvoted.\n\nYes"
        assert draft.kinds == {0: "heading", 3: "list-item"}

    def test_a_tag_that_is_no_paragraph_stays_as_text_and_is_told_of(self):
        draft = only(table(row(headline="<script>alert(1)</script>", body="About <MRDN> and 1 < 2.")))
        assert draft.headline == "<script>alert(1)</script>"
        assert draft.text == "About <MRDN> and 1 < 2."
        assert draft.notes == ("The headline holds markup, and shows it as it stands.",)

    def test_an_address_that_is_none_of_the_web_is_left_out(self):
        draft = only(table(row(url="javascript:alert(1)")))
        assert draft.url == ""
        assert any("javascript:alert(1)" in note for note in draft.notes)

    def test_a_missing_headline_is_taken_from_the_first_line_and_told_of(self):
        draft = only(table(row(headline="", body="Council keeps it\n\nThe council voted. It rained.")))
        assert (draft.headline, draft.text) == ("Council keeps it", "The council voted. It rained.")
        assert any("first line of the text" in note for note in draft.notes)

    def test_empty_cells_for_outlet_and_identifier_are_told_of(self):
        notes = only(table(row(outlet="", id=""))).notes
        assert len(notes) == 2 and "outlet" in notes[0] and "identifier" in notes[1]

    def test_formulas_are_text(self):
        assert only(table(row(headline='=HYPERLINK("https://a.example","x")'))).headline.startswith(
            "=HYPERLINK"
        )


class TestDates:
    def test_a_date_that_is_none_refuses_its_row_alone(self):
        found = outcomes(table(row(), row(published_at="31/02/2019"), row(published_at="yesterday"), row()))
        assert [type(outcome).__name__ for outcome in found] == [
            "ArticleDraft",
            "Refusal",
            "Refusal",
            "ArticleDraft",
        ]
        assert refusals(found)[0].where == "row 2 (line 5)"
        assert "31/02/2019" in refusals(found)[0].reason

    def test_a_time_without_a_zone_is_undated_or_in_the_outlets_zone(self):
        data = table(row(published_at="1987-02-26T15:01:01"))
        assert only(data).published_at is None
        assert "no time zone" in only(data).notes[0]
        dated = only(data, time_zone="America/New_York")
        assert dated.published_at == dt.datetime(1987, 2, 26, 20, 1, 1, tzinfo=dt.UTC)

    def test_an_ambiguous_date_is_flagged(self):
        draft = only(table(row(published_at="02/03/2019")))
        assert draft.published_at is None and "day/month" in draft.notes[0]

    def test_an_unknown_time_zone_is_an_error(self):
        with pytest.raises(ValueError, match="no time zone"):
            outcomes(table(row()), time_zone="Atlantis")


class TestFiles:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_every_delimiter_is_found(self, delimiter):
        assert only(table(row(), delimiter=delimiter)).text.endswith("it rained.")

    def test_the_line_that_excel_writes_first(self):
        assert only(b"sep=;\r\n" + table(row(), delimiter=";")).headline == "Council keeps the ferry"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_every_encoding_gives_the_same_words(self, encoding):
        headline = "Café “naïve” – £5 – l’été"
        draft = only(table(row(headline=headline), encoding=encoding))
        assert (draft.headline, draft.external_id) == (headline, "a1")

    def test_utf16_without_a_mark_is_found(self):
        assert only(table(row(), encoding="utf-16-le")).headline == "Council keeps the ferry"

    def test_windows_1252_is_told_of(self):
        assert any(
            "Windows-1252" in note for note in only(table(row(headline="Café"), encoding="cp1252")).notes
        )

    @pytest.mark.parametrize("encoding", ["cp1251", "shift_jis", "cp1253"])
    def test_an_encoding_that_cannot_be_told_is_refused_and_never_garbled(self, encoding):
        words = {
            "cp1251": "Паром остаётся ночью",
            "shift_jis": "夜間フェリー存続へ",
            "cp1253": "Το πλοίο μένει",
        }[encoding]
        with pytest.raises(ReadError, match="UTF-8"):
            outcomes(table(row(headline=words), encoding=encoding))

    def test_utf8_with_a_broken_place_is_refused_and_never_garbled(self):
        with pytest.raises(ReadError, match="UTF-8"):
            outcomes(table(row(headline="Café “naïve” – £5")) + b"\xff")

    @pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
    def test_every_line_end_is_read(self, newline):
        data = table(row(body="One line.")).replace(b"\r\n", newline)
        assert only(data).text == "One line."

    def test_a_packed_table_is_unpacked(self):
        assert only(gzip.compress(table(row())), "rows.csv.gz").headline == "Council keeps the ferry"

    def test_a_packed_table_that_does_not_say_so_is_refused(self):
        with pytest.raises(ReadError, match="gzip"):
            outcomes(gzip.compress(table(row())))

    @pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
    def test_an_empty_file_is_refused(self, data):
        with pytest.raises(ReadError, match="empty"):
            outcomes(data)

    def test_a_header_alone_gives_no_rows(self):
        assert outcomes(table()) == []

    def test_a_file_without_the_column_is_refused_and_says_which(self):
        with pytest.raises(ReadError, match="no column for the headline"):
            outcomes(b"id,body\n1,It rained.\n")
        with pytest.raises(ReadError, match="no column for the body"):
            outcomes(b"id,title\n1,Rain\n")

    def test_a_picture_is_refused(self):
        with pytest.raises(ReadError, match="not text"):
            outcomes(b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 50)

    def test_a_stream_that_cannot_seek_is_read(self):
        class Pipe(io.BytesIO):
            def seekable(self) -> bool:
                return False

        assert next(read("rows.csv", Pipe(table(row())))).headline == "Council keeps the ferry"

    def test_the_callers_stream_is_left_open(self):
        stream = io.BytesIO(table(row()))
        list(read("rows.csv", stream))
        assert not stream.closed

    def test_a_table_is_known_by_its_content(self):
        assert only(table(row()), "upload").headline == "Council keeps the ferry"

    def test_rows_come_as_they_are_asked_for(self):
        stream = io.BytesIO(table(*[row(id=str(n), body="It rained. " * 300) for n in range(500)]))
        next(read("rows.csv", stream))
        assert stream.tell() < len(stream.getvalue()) / 10


class TestDamage:
    def test_zeros_are_taken_out_and_told_of(self):
        data = table(row()).replace(b"Council", b"Coun\x00cil")
        draft = only(data)
        assert draft.headline == "Council keeps the ferry"
        assert "Zero characters (NUL) were taken out." in draft.notes

    def test_a_cell_beyond_the_csv_modules_limit_is_read(self):
        assert len(only(table(row(body="word " * 30_000))).text) == 149_999

    def test_a_text_that_is_too_long_is_refused_with_the_limit(self):
        found = outcomes(table(row(body="word " * 100_000), row()))
        assert "400,000" in refusals(found)[0].reason and len(found) == 2

    def test_a_quotation_mark_missing_at_the_beginning(self):
        good = table(row(), row(id="a2"), row(id="a3")).decode()
        first = good.index('"The council')
        found = outcomes((good[:first] + good[first + 1 :]).encode())
        assert len(refusals(found)) == 1
        assert "quotation mark" in refusals(found)[0].reason or "cell" in refusals(found)[0].reason
        drafts = [outcome for outcome in found if isinstance(outcome, ArticleDraft)]
        assert [draft.external_id for draft in drafts if "cut short" not in " ".join(draft.notes)] == [
            "a2",
            "a3",
        ]

    def test_a_quotation_mark_missing_at_the_end_never_swallows_rows_silently(self):
        good = table(row(), row(id="a2"), row(id="a3")).decode()
        end = good.index('it rained."') + len("it rained.")
        found = outcomes((good[:end] + good[end + 1 :]).encode())
        assert refusals(found)
        for outcome in found:
            assert isinstance(outcome, Refusal) or "gazette.example" not in outcome.text

    def test_rows_swallowed_by_a_cell_are_found_where_the_quotes_come_out_even(self):
        swallowed = 'It rained.\na2,Sun,,Gazette,,2019-05-10T10:00Z,s,en,""It shone.""\n'
        (found,) = outcomes(f'{HEADER}\na1,Rain,,Gazette,,2019-05-09T10:00Z,s,en,"{swallowed}"\n'.encode())
        assert isinstance(found, Refusal) and "whole rows" in found.reason

    def test_a_mark_that_is_never_closed(self):
        found = outcomes(f'{HEADER}\na1,Rain,,G,,,s,en,"It rained.\nAnd rained.\n'.encode())
        assert "never closed" in refusals(found)[0].reason

    def test_short_and_long_rows_are_refused_by_number(self):
        found = outcomes(b"title,text,url\nRain,It rained.,\nSun\nFog,It hung.,,extra\nHail,It fell.,\n")
        assert [refusal.where for refusal in refusals(found)] == ["row 2 (line 3)", "row 3 (line 4)"]
        assert "1 cell" in refusals(found)[0].reason and "4 cells" in refusals(found)[1].reason
        assert len(found) == 4

    def test_empty_lines_are_no_rows(self):
        assert len(outcomes(b"title,text\nRain,It rained.\n\n,\nSun,It shone.\n")) == 2

    def test_a_row_without_text_is_refused(self):
        found = outcomes(table(row(body="  "), row()))
        assert refusals(found)[0].reason.startswith("There is no text.") and len(found) == 2


class TestJsonLines:
    def lines(self, *records: object) -> bytes:
        return "".join(f"{json.dumps(record)}\n" for record in records).encode()

    def test_members_fill_the_fields(self):
        record = {"title": "Rain", "content": "It rained.", "author": ["Ada Quill", {"name": "Jo Bell"}]}
        draft = only(self.lines(record | {"source": {"id": "hg", "name": "Gazette"}}), "rows.jsonl")
        assert (draft.headline, draft.byline, draft.outlet) == ("Rain", "Ada Quill, Jo Bell", "Gazette")

    def test_sections_give_headings_and_the_summary_stands_over_them(self):
        record = {
            "headline": "Rain",
            "summary": ["A wet day."],
            "sections": [
                {"headline": [], "paragraphs": ["It rained.", "It poured."]},
                {"headline": ["After"], "paragraphs": ["It dripped."]},
            ],
        }
        draft = only(self.lines(record), "rows.jsonl")
        assert draft.text == "A wet day.\n\nIt rained.\n\nIt poured.\n\nAfter\n\nIt dripped."
        assert draft.kinds == {3: "heading"}

    def test_sections_in_a_cell_are_read_as_json(self):
        sections = json.dumps([{"headline": ["After"], "paragraphs": ["It dripped.", "It dried."]}]).replace(
            '"', '""'
        )
        draft = only(f'title,sections\nRain,"{sections}"\n'.encode())
        assert draft.kinds == {0: "heading"}

    def test_a_bad_line_is_refused_by_its_number_and_the_others_are_read(self):
        good = {"title": "Rain", "text": "It rained."}
        found = outcomes(self.lines(good) + b'{"title": "Su\n[1]\n"x"\n\n' + self.lines(good), "rows.jsonl")
        assert [refusal.where for refusal in refusals(found)] == ["line 2", "line 3", "line 4"]
        assert len(found) == 5

    def test_a_line_without_a_text_is_refused(self):
        assert "no member for the text" in refusals(outcomes(b'{"title": "Rain"}\n', "rows.jsonl"))[0].reason

    def test_deep_nesting_is_refused(self):
        data = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
        assert refusals(outcomes(data, "rows.jsonl"))[0].where == "line 1"

    def test_half_a_surrogate_pair_is_replaced(self):
        draft = only(b'{"title": "Rain \\ud83d", "text": "It rained."}\n', "rows.jsonl")
        assert draft.headline == "Rain \ufffd"

    def test_a_mapping_applies_to_members(self):
        data = self.lines({"kopf": "Rain", "rumpf": "It rained."})
        assert only(data, "rows.jsonl", mapping={"kopf": "headline", "rumpf": "body"}).headline == "Rain"


def test_a_mapping_finds_its_columns_however_they_are_spelt():
    names = ["Titel", "Inhalt", "  Datum "]
    assert match_columns(names, {"titel": "headline", "INHALT": "body", "datum": "published_at"}) == {
        "Titel": "headline",
        "Inhalt": "body",
        "  Datum ": "published_at",
    }
