import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.reading import ArticleDraft, ReadError, Refusal, read
from articles.reading.jsontext import DEEPEST_JSON, JsonError, loads, read_array

DATA = Path(__file__).parents[1] / "data" / "reading"
ROW = {"title": "Rain", "text": "It rained."}


def outcomes(data: object, name: str = "a.json", **options: object) -> list[ArticleDraft | Refusal]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return list(read(name, raw, **options))  # type: ignore[arg-type]


def refusals(found: list[ArticleDraft | Refusal]) -> list[Refusal]:
    return [one for one in found if isinstance(one, Refusal)]


class TestLayouts:
    def test_an_array_of_flat_articles(self):
        ferry, rain, fog, hail = outcomes((DATA / "flat.json").read_bytes())
        assert isinstance(ferry, ArticleDraft) and isinstance(hail, ArticleDraft)
        assert (ferry.byline, ferry.outlet) == ("Ada Quill, Jo Bell", "Gazette")
        assert ferry.notes == ("Members that were not used: mood.",)
        assert isinstance(rain, Refusal) and (rain.where, rain.row) == ("entry 2", 2)
        assert rain.raw == {"title": "Rain", "text": ""}
        assert isinstance(fog, Refusal) and fog.raw == "Fog"

    def test_one_article(self):
        (draft,) = outcomes(ROW | {"url": "https://a.example/b"})
        assert isinstance(draft, ArticleDraft) and draft.headline == "Rain"

    @pytest.mark.parametrize(
        "document",
        [
            {"status": "ok", "totalResults": 2, "articles": [ROW, ROW]},
            {"response": {"pages": 1, "results": [ROW, ROW]}},
            {"hits": {"total": 2, "hits": [{"_id": "1", "_source": ROW}, {"_id": "2", "_source": ROW}]}},
            {"data": [{"id": 1, "attributes": ROW}, {"id": 2, "attributes": ROW}]},
            {"made": "2019", "whatever": [ROW, ROW]},
        ],
    )
    def test_the_list_in_what_a_program_answers(self, document):
        found = outcomes(document)
        assert [one.headline for one in found if isinstance(one, ArticleDraft)] == ["Rain", "Rain"]

    def test_what_belongs_to_an_article_may_be_one_level_deeper(self):
        (draft,) = outcomes(
            [{"webUrl": "https://a.example/b", "fields": {"headline": "Rain", "bodyText": "It rained."}}]
        )
        assert isinstance(draft, ArticleDraft)
        assert (draft.headline, draft.text, draft.url) == ("Rain", "It rained.", "https://a.example/b")

    def test_objects_one_a_line_are_read_so_whatever_the_files_name(self):
        lines = b"".join(json.dumps(ROW).encode() + b"\n" for _ in range(3))
        assert [one.where for one in outcomes(lines, "a.json")] == ["line 1", "line 2", "line 3"]

    def test_a_document_without_articles_is_refused(self):
        (refusal,) = outcomes({"requests": {"a": 1}})
        assert isinstance(refusal, Refusal) and "no member for the text" in refusal.reason

    def test_a_mapping_names_the_members(self):
        (draft,) = outcomes(
            [{"kop": "Regen", "tekst": "Het regende."}], mapping={"kop": "headline", "tekst": "body"}
        )
        assert isinstance(draft, ArticleDraft) and draft.headline == "Regen"

    def test_other_encodings_than_utf8_must_be_marked(self):
        assert len(outcomes(json.dumps([ROW]).encode("utf-16"))) == 1
        with pytest.raises(ReadError, match="must be UTF-8"):
            outcomes(json.dumps([{"title": "Café", "text": "Déjà."}], ensure_ascii=False).encode("cp1252"))


class TestOddities:
    def test_a_member_that_comes_twice_refuses_its_article_alone(self):
        found = outcomes(
            b'[{"title": "a", "title": "b", "text": "c"}, {"title": "Rain", "text": "It rained."}]'
        )
        assert len(found) == 2
        assert "“title” stands in it twice" in refusals(found)[0].reason

    @pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
    def test_what_is_no_json_value_refuses_its_article_alone(self, value):
        found = outcomes(
            f'[{{"title": "a", "text": {value}}}, {{"title": "Rain", "text": "It rained."}}]'.encode()
        )
        assert len(found) == 2 and value in refusals(found)[0].reason

    def test_a_number_too_long_to_be_one(self):
        found = outcomes(
            b'[{"title": "a", "text": ' + b"9" * 10_000 + b'}, {"title": "Rain", "text": "It rained."}]'
        )
        assert len(found) == 2 and "number" in refusals(found)[0].reason

    def test_an_array_that_breaks_off_gives_what_came_before_and_the_line(self):
        found = outcomes(b'[\n{"title": "Rain", "text": "It rained."},\n{"title": "Fog", "te')
        assert isinstance(found[0], ArticleDraft)
        (refusal,) = refusals(found)
        assert "Line 3" in refusal.reason and "was not read" in refusal.reason
        assert (refusal.where, refusal.row) == ("entry 2", 2)

    @pytest.mark.parametrize("after", [b' {"title": "b"}]', b"] x", b""])
    def test_an_array_that_goes_wrong(self, after):
        found = outcomes(b'[{"title": "Rain", "text": "It rained."}' + after)
        assert len(found) == 2 and isinstance(found[1], Refusal)

    def test_depth(self):
        text = "[" * (DEEPEST_JSON - 1) + "]" * (DEEPEST_JSON - 1)
        assert loads(text)
        for deep in ("[" * 60 + "]" * 60, '{"a":' * 60 + "1" + "}" * 60, "[" * 100_000):
            with pytest.raises(JsonError, match=r"deeper|no whole JSON"):
                loads(deep)

    def test_what_postgresql_cannot_keep_is_not_in_what_a_refusal_keeps(self):
        (refusal,) = outcomes(b'[{"title": "a\\u0000b\\ud83d", "text": ""}]')
        assert isinstance(refusal, Refusal)
        assert refusal.raw == {"title": "ab\ufffd", "text": ""}

    def test_an_array_is_read_as_it_is_asked_for(self):
        stream = io.BytesIO(json.dumps([{"title": "Rain", "text": "It rained. " * 300}] * 500).encode())
        next(read("a.json", stream))
        assert stream.tell() < len(stream.getvalue()) / 4

    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5), max_size=20))
    def test_an_array_gives_the_items_that_json_has_in_any_chunks(self, values):
        class Slow(io.StringIO):
            def read(self, size: int | None = -1) -> str:
                return super().read(7)

        for text in (json.dumps(values), json.dumps(values, indent=3, ensure_ascii=False)):
            assert [item.value for item in read_array(Slow(text))] == values
