import gzip
import json
from pathlib import Path

import pytest

from articles.reading import FORMATS, ArticleDraft, ReadError, read, sniff

DATA = Path(__file__).parents[1] / "data" / "reading"


class TestSniff:
    @pytest.mark.parametrize(
        ("name", "format_"),
        [
            ("feed.rss", "feed"),
            ("feed.atom", "feed"),
            ("feed.rdf", "feed"),
            ("feed.json", "jsonfeed"),
            ("wordpress.xml", "wordpress"),
            ("newsml-g2.xml", "newsml-g2"),
            ("newsml-1.xml", "newsml-1"),
            ("article.nitf.xml", "nitf"),
            ("ninjs-1.json", "ninjs"),
            ("ninjs-3.json", "ninjs"),
            ("anpa.tst", "wire"),
            ("iptc.txt", "wire"),
            ("flat.json", "json"),
            ("flat.xml", "xml"),
            ("article.html", "page"),
            ("pasted.txt", "text"),
        ],
    )
    @pytest.mark.parametrize("as_", ["", "upload"])
    def test_the_format_is_known_by_the_content(self, name, format_, as_):
        assert sniff(as_ or name, (DATA / name).read_bytes()).format == format_

    @pytest.mark.parametrize(
        ("delimiter", "format_"), [(",", "csv"), (";", "csv"), ("|", "csv"), ("\t", "tsv")]
    )
    def test_a_table_with_its_delimiter_and_columns(self, delimiter, format_):
        head = delimiter.join(["Titel", "Full text", "Pub Date", "tag", "tag", ""]) + "\nx"
        found = sniff("rows.csv", head.encode())
        assert (found.format, found.delimiter, found.encoding) == (format_, delimiter, "utf-8")
        assert found.columns == {
            "Titel": "",
            "Full text": "body",
            "Pub Date": "published_at",
            "tag": "",
            "tag (2)": "",
            "column 6": "",
        }

    def test_the_delimiter_can_be_set(self):
        assert list(sniff("rows.csv", b"a;b,c\n", delimiter=";").columns) == ["a", "b,c"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
    def test_the_encoding(self, encoding):
        assert sniff("rows.csv", "title,text\nCafé – £5,x\n".encode(encoding)).encoding == encoding

    def test_a_head_may_end_within_a_character(self):
        head = "title,text\nCafé".encode()
        assert sniff("rows.csv", head[:-1]).encoding == "utf-8"

    def test_members_of_json_and_elements_of_xml(self):
        assert sniff("a.jsonl", b'{"title": "a", "mood": 1}\n{"x').columns == {
            "title": "headline",
            "mood": "",
        }
        assert sniff("a.json", json.dumps({"data": [{"kop": "a", "text": "b"}]}).encode()).columns == {
            "kop": "",
            "text": "body",
        }
        assert sniff("flat.xml", (DATA / "flat.xml").read_bytes()).columns["Title"] == "headline"
        assert sniff("a.xml", b"<a><n><kop>x</kop><tekst>y</tekst><d>1</d></n></a>").columns == {
            "kop": "",
            "tekst": "",
            "d": "",
        }

    def test_what_is_packed_is_looked_into(self):
        assert sniff("rows.tsv.gz", gzip.compress(b"title\ttext\n")).delimiter == "\t"

    @pytest.mark.parametrize(
        ("head", "what"),
        [
            (b"", "empty"),
            (b"\xef\xbb\xbf\r\n", "empty"),
            (b"%PDF-1.7\n", "a PDF"),
            (b"\x89PNG\r\n\x1a\n", "a picture"),
            (b"{\\rtf1\\ansi", "rich text"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word or Excel"),
            (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
            (b"From: <Saved by Blink>\r\nContent-Type: multipart/related;", "HTML only"),
            (bytes(range(32)) * 100, "not text"),
        ],
    )
    def test_what_is_never_read_says_what_to_do(self, head, what):
        with pytest.raises(ReadError, match=what):
            sniff("upload", head)

    def test_every_format_has_a_name_for_people(self):
        assert all(FORMATS.values()) and "csv" in FORMATS


class TestChoosing:
    def test_a_format_that_is_set_goes_before_what_it_looks_like(self):
        data = b"title,text\nRain,It rained.\n"
        (draft,) = read("rows.csv", data, format="text")
        assert isinstance(draft, ArticleDraft) and draft.headline == "title,text"

    def test_a_format_that_does_not_fit_is_refused_and_not_read_wrongly(self):
        for format_ in FORMATS:
            for name in ("feed.rss", "flat.json", "pasted.txt", "anpa.tst"):
                try:
                    found = list(read(name, (DATA / name).read_bytes(), format=format_))
                except ReadError as error:
                    assert str(error).endswith((".", "?"))
                else:
                    assert all(one.text if isinstance(one, ArticleDraft) else one.reason for one in found)

    def test_an_unknown_format_is_an_error(self):
        with pytest.raises(ValueError, match="no format"):
            read("a", b"x", format="docx")

    def test_a_delimiter_that_is_set(self):
        data = b"title;text\nRain, again;It rained, and rained.\n"
        (draft,) = read("rows.csv", data, delimiter=";")
        assert isinstance(draft, ArticleDraft) and draft.headline == "Rain, again"
        for delimiter in ("a", '"', "::", "\n"):
            with pytest.raises(ReadError, match="can't part cells"):
                list(read("rows.csv", data, delimiter=delimiter))

    def test_an_encoding_that_is_set(self):
        data = "title,text\nПаром,Паром остаётся.\n".encode("cp1251")
        (draft,) = read("rows.csv", data, encoding="windows-1251")
        assert isinstance(draft, ArticleDraft) and draft.headline == "Паром"
        for name in ("a.txt", "a.html", "a.jsonl", "a.tst"):
            with pytest.raises(ReadError, match="no encoding"):
                list(read(name, b"<p>x</p>" if name == "a.html" else b"\x01x\x02y", encoding="hex"))
