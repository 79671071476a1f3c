import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.reading import ReadError, Refusal, read
from articles.reading.draft import ArticleDraft, compose, domain_of, language_tag, make_draft, web_address
from articles.reading.sniffing import file_format

PAGE = b"<!doctype html><html><body><p>x</p></body></html>"


class TestTheFormat:
    @pytest.mark.parametrize(
        ("name", "head", "format_"),
        [
            ("a.txt", b"A headline\n\nA body.", "text"),
            ("a.html", b"anything", "page"),
            ("a.htm.gz", b"anything", "page"),
            ("a.csv", b"title,text", "csv"),
            ("a.tsv", b"title\ttext", "tsv"),
            ("a.jsonl", b"{}", "jsonl"),
            ("a.txt", PAGE, "page"),
            ("upload", b"\xef\xbb\xbf  <!-- saved --> <!DOCTYPE HTML><html>", "page"),
            ("upload", '<html lang="de">'.encode("utf-16"), "page"),
            ("upload", b'{"title": "Rain"}\n', "json"),
            ("upload", b'"Title";"Text"\n', "csv"),
            ("upload", b"Title and text, a memoir\n\nIt rained.", "text"),
            ("upload", b"A headline\n\nA body.", "text"),
        ],
    )
    def test_it_is_told_by_content_and_name(self, name, head, format_):
        assert file_format(name, head) == format_

    def test_pasted_text_in_windows_1252_says_so(self):
        (draft,) = read("a.txt", "Café stays\n\nThe café stays – “for good”.".encode("cp1252"))
        assert draft.text == "The café stays – “for good”."
        assert any("Windows-1252" in note for note in draft.notes)

    def test_the_outlets_zone_dates_pasted_text(self):
        raw = b"Rain\n\nPublished: 9 May 2019 10:30\n\nIt rained."
        assert next(read("a.txt", raw)).published_at is None
        dated = next(read("a.txt", raw, time_zone="Europe/London"))
        assert dated.published_at == dt.datetime(2019, 5, 9, 9, 30, tzinfo=dt.UTC)

    @settings(max_examples=60, deadline=None)
    @given(
        st.sampled_from(["a.txt", "a.html", "a.csv", "a.jsonl", "a", "a.csv.gz"]),
        st.binary(max_size=300)
        | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
    def test_any_bytes_are_read_or_refused(self, name, data):
        try:
            outcomes = list(read(name, data))
        except ReadError as error:
            assert str(error).endswith((".", "?"))
            return
        for outcome in outcomes:
            assert outcome.reason if isinstance(outcome, Refusal) else outcome.text

    def test_the_damaged_files_give_what_they_should(self):
        folder = Path(__file__).parents[3] / "shared" / "data" / "broken-imports"
        if not folder.is_dir():
            pytest.skip("the collection of damaged files is not on this machine")
        found = {}
        for name in [told["file"] for told in json.loads((folder / "MANIFEST.json").read_text())]:
            try:
                with (folder / name).open("rb") as stream:
                    outcomes = list(read(name, stream))
                found[name[:2]] = (
                    sum(isinstance(outcome, ArticleDraft) for outcome in outcomes),
                    sum(isinstance(outcome, Refusal) for outcome in outcomes),
                )
            except ReadError as error:
                found[name[:2]] = str(error).split(".")[0]
        whole, with_one_refused = (40, 0), (39, 1)
        assert found == {
            "01": whole,
            "02": whole,
            "03": whole,
            "04": whole,
            "05": (38, 2),
            "06": (42, 0),
            "07": with_one_refused,
            "08": "There is no column for the headline",
            "09": whole,
            "10": (40, 1),
            "11": whole,
            "12": with_one_refused,
            "13": whole,
            "14": whole,
            "15": whole,
            "16": "The file is empty",
            "17": (0, 0),
            "18": "This is not text: it is packed with gzip",
            "19": whole,
            "20": with_one_refused,
        }


class TestDrafts:
    def test_kinds_are_by_paragraph_number_from_0(self):
        text, kinds = compose([("", "One.\n\nTwo."), ("heading", "Three"), ("", " "), ("list-item", "Four")])
        assert text == "One.\n\nTwo.\n\nThree\n\nFour"
        assert kinds == {2: "heading", 3: "list-item"}

    def test_a_field_that_is_too_long_is_cut_and_told_whole(self):
        draft = make_draft([("", "It rained.")], {"headline": "Rain", "byline": "Ada " * 100})
        assert len(draft.byline) <= 300 and draft.byline.endswith("…")
        assert ("Ada " * 100).strip() in draft.notes[0]

    def test_no_text_is_no_draft(self):
        with pytest.raises(ValueError, match="no text"):
            make_draft([("", " \n ")], {"headline": "Rain"})

    @pytest.mark.parametrize(
        ("raw", "tag"),
        [
            ("en", "en"),
            ("en_gb", "en-GB"),
            ("EN-us", "en-US"),
            ("eng", "en"),
            ("zh-Hant-TW", "zh-Hant-TW"),
            ("English", ""),
            ("e", ""),
            ("<b>", ""),
        ],
    )
    def test_languages(self, raw, tag):
        assert language_tag(raw) == tag

    @pytest.mark.parametrize(
        "raw",
        [
            "javascript:alert(1)",
            "//a.example/b",
            "/b",
            "ftp://a.example",
            "https://",
            "https://a b",
            'http://a/"',
            "http://[",
            "",
        ],
    )
    def test_what_is_no_web_address(self, raw):
        assert web_address(raw) == ""

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("https://x.example/1?utm_source=rss&utm_medium=rss", "https://x.example/1"),
            ("https://x.example/1?id=7&fbclid=abc&b=2#top", "https://x.example/1?id=7&b=2#top"),
            ("https://x.example/?gclid", "https://x.example/"),
            ("https://x.example/1?utmost=1&b", "https://x.example/1?utmost=1&b"),
            ("https://x.example/1?", "https://x.example/1?"),
        ],
    )
    def test_how_somebody_came_to_an_address_is_none_of_it(self, given, kept):
        assert make_draft([("", "It rained.")], {"headline": "Rain", "url": given}).url == kept

    def test_the_domain_of_an_address(self):
        assert domain_of("https://www.gazette.example:8080/a") == "gazette.example"
        assert domain_of("https://www1.gazette.example/a") == "gazette.example"
        assert domain_of("javascript:alert(1)") == ""
