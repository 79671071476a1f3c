import io
import struct
import zipfile
from pathlib import Path

import pytest

from articles.reading import ArticleDraft, ReadError, Refusal, read
from articles.reading.archive import MOST_MEMBERS

DATA = Path(__file__).parents[1] / "data" / "reading"
CSV = b"title,text\nRain,It rained.\nFog,\n"


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def outcomes(data: bytes, **options: object) -> list[ArticleDraft | Refusal]:
    return list(read("upload.zip", data, **options))  # type: ignore[arg-type]


class TestMembers:
    def test_each_is_read_as_what_it_is_and_its_place_is_told(self):
        names = ["feed.rss", "flat.json", "newsml-1.xml", "plain.html", "pasted.txt"]
        found = outcomes(
            packed(("rows.csv", CSV), *((f"in/{name}", (DATA / name).read_bytes()) for name in names))
        )
        assert [one.where for one in found] == [
            "member rows.csv row 1 (line 2)",
            "member rows.csv row 2 (line 3)",
            "member in/feed.rss entry 1",
            "member in/feed.rss entry 2",
            "member in/feed.rss entry 3",
            "member in/flat.json entry 1",
            "member in/flat.json entry 2",
            "member in/flat.json entry 3",
            "member in/flat.json entry 4",
            "member in/newsml-1.xml entry 1",
            "member in/plain.html",
            "member in/pasted.txt",
        ]

    def test_one_that_cannot_be_read_is_refused_and_the_others_go_on(self):
        found = outcomes(
            packed(("a.pdf", b"%PDF-1.7"), ("b.csv", b"x,y\n1,2\n"), ("c.csv", CSV), ("d.txt", b""))
        )
        told = {one.where.split()[1]: one.reason for one in found if isinstance(one, Refusal)}
        assert "a PDF" in told["a.pdf"] and "no column" in told["b.csv"] and "empty" in told["d.txt"]
        assert sum(isinstance(one, ArticleDraft) for one in found) == 1

    def test_parts_of_saved_pages_are_passed_over_and_counted(self):
        page = (DATA / "plain.html").read_bytes()
        found = outcomes(
            packed(
                ("p.html", page),
                ("p_files/a.css", b"x"),
                ("p_files/b.PNG", b"x"),
                ("__MACOSX/._p.html", b"x"),
            )
        )
        assert len(found) == 1 and isinstance(found[0], ArticleDraft)
        assert "Passed over in the zip, as no articles: 1 × .css, 1 × .png." in found[0].notes

    def test_a_mapping_holds_for_the_members_that_have_the_columns(self):
        found = outcomes(
            packed(("a.csv", b"kop,text\nRegen,Het regende.\n"), ("b.csv", CSV)), mapping={"kop": "headline"}
        )
        assert [one.headline for one in found if isinstance(one, ArticleDraft)] == ["Regen", "Rain"]

    def test_names_lead_nowhere(self):
        found = outcomes(packed(("../../etc/passwd", b"Rain\n\nIt rained."), ("/a.txt", b"Fog\n\nIt hung.")))
        assert [one.headline for one in found if isinstance(one, ArticleDraft)] == ["Rain", "Fog"]

    def test_a_stream_that_cannot_seek(self):
        class Pipe(io.BytesIO):
            def seekable(self) -> bool:
                return False

        assert len(list(read("a.zip", Pipe(packed(("a.csv", CSV)))))) == 2

    def test_the_name_need_not_say_it(self):
        assert len(list(read("upload", packed(("a.csv", CSV))))) == 2


class TestRefusals:
    def test_a_zip_or_gzip_inside(self):
        inner = packed(("a.csv", CSV))
        for name, data in (("inner.zip", inner), ("a.csv.gz", b"\x1f\x8b\x08" + inner)):
            first, *rest = outcomes(packed((name, data), ("b.csv", CSV)))
            assert isinstance(first, Refusal) and "packed once more" in first.reason
            assert len(rest) == 2

    def test_a_password(self):
        data = bytearray(packed(("a.csv", CSV)))
        data[6] |= 1
        data[data.rfind(b"PK\x01\x02") + 8] |= 1
        (refusal,) = outcomes(bytes(data))
        assert isinstance(refusal, Refusal) and "encrypted" in refusal.reason

    def test_a_damaged_member(self):
        data = bytearray(packed(("a.csv", CSV), ("b.csv", CSV), method=zipfile.ZIP_STORED))
        data[data.find(b"Rain")] = ord("P")
        found = outcomes(bytes(data))
        assert any("damaged" in one.reason for one in found if isinstance(one, Refusal))
        assert any(one.where.startswith("member b.csv") for one in found)

    @pytest.mark.parametrize("cut", [5, 40, 100])
    def test_a_zip_that_breaks_off(self, cut):
        with pytest.raises(ReadError, match=r"Send it again|Pack it anew"):
            outcomes(packed(("a.csv", CSV))[:-cut])

    def test_a_zip_without_articles(self):
        with pytest.raises(ReadError, match="no file that could be an article"):
            outcomes(packed(("a.png", b"x")))
        with pytest.raises(ReadError, match="no file that could be an article"):
            outcomes(packed())

    def test_a_member_or_a_whole_that_is_packed_too_small(self):
        found = outcomes(packed(("a.csv", b"title,text\n" + b"a" * 8_000_000), ("b.csv", CSV)))
        assert isinstance(found[0], Refusal) and "times as large" in found[0].reason
        with pytest.raises(ReadError, match="times as large"):
            outcomes(packed(*((f"{n}.csv", b"a" * 900_000) for n in range(30))))

    def test_too_many_members_are_refused_before_they_are_listed(self):
        data = bytearray(packed(("a.csv", CSV)))
        end = data.rfind(b"PK\x05\x06")
        struct.pack_into("<HH", data, end + 8, MOST_MEMBERS + 1, MOST_MEMBERS + 1)
        with pytest.raises(ReadError, match="50,000 members"):
            outcomes(bytes(data))

    def test_a_member_that_says_it_is_smaller_than_it_is(self):
        data = bytearray(packed(("a.txt", b"Rain\n\n" + b"It rained. " * 1_000)))
        struct.pack_into("<L", data, data.rfind(b"PK\x01\x02") + 24, 100)
        (refusal,) = outcomes(bytes(data))
        assert isinstance(refusal, Refusal) and "damaged" in refusal.reason

    def test_an_office_file_is_none(self):
        for inside, what in (("xl/workbook.xml", "Excel"), ("word/document.xml", "Word")):
            with pytest.raises(ReadError, match=what):
                outcomes(packed(("[Content_Types].xml", b"x"), (inside, b"x")))

    def test_another_format_cannot_be_taken_for_a_zip(self):
        with pytest.raises(ReadError, match="no zip"):
            list(read("a.csv", CSV, format="zip"))
