import datetime as dt
import json
from pathlib import Path

import pytest

from articles.reading import ArticleDraft, ReadError, Refusal, read

DATA = Path(__file__).parents[1] / "data" / "reading"


def outcomes(name: str, data: bytes | None = None, **options: object) -> list[ArticleDraft | Refusal]:
    return list(read(name, (DATA / name).read_bytes() if data is None else data, **options))  # type: ignore[arg-type]


def drafts(name: str, **options: object) -> list[ArticleDraft]:
    return [one for one in outcomes(name, **options) if isinstance(one, ArticleDraft)]


def ninjs(**members: object) -> list[ArticleDraft | Refusal]:
    item = {"uri": "urn:x", "versioncreated": "2019-05-09T09:15:00Z", "body_text": "It rained."} | members
    return outcomes("item.json", json.dumps(item).encode())


class TestNewsMLG2:
    def test_a_text_item(self):
        draft = drafts("newsml-g2.xml")[0]
        assert draft.headline == "Council keeps the ferry"
        assert draft.text == 'The council voted.\n\nAfter the vote\n\n"It was close," said Mayor Jo Bell.'
        assert draft.kinds == {1: "heading"}
        assert draft.byline == "Ada Quill"
        assert draft.dateline == "HARBOUR TOWN, May 9 (CNA)"
        assert (draft.outlet, draft.outlet_domain) == ("Coast News", "coast.example")
        assert (draft.section, draft.language) == ("transport", "en-GB")
        assert draft.external_id == "urn:newsml:coast.example:20190509:ferry"  # without the version
        assert draft.published_at == dt.datetime(2019, 5, 9, 9, 15, tzinfo=dt.UTC)

    def test_what_has_no_field_is_told(self):
        notes = " ".join(drafts("newsml-g2.xml")[0].notes)
        for words in ("A late vote", "Adds the mayor.", "The night ferry stays after a vote.", "2019-05-08"):
            assert words in notes

    def test_nitf_inside_and_the_end_of_an_embargo(self):
        draft = drafts("newsml-g2.xml")[1]
        assert (draft.headline, draft.text, draft.byline) == ("Rain", "It rained.", "Jo Bell")
        assert draft.published_at == dt.datetime(2019, 5, 10, 6, 0, tzinfo=dt.UTC)
        assert any("embargo" in note for note in draft.notes)

    def test_what_was_taken_back_or_is_elsewhere_is_refused(self):
        found = [one for one in outcomes("newsml-g2.xml") if isinstance(one, Refusal)]
        assert [refusal.row for refusal in found] == [4, 5]
        assert "canceled" in found[0].reason
        assert "https://coast.example/hail.xml" in found[1].reason

    def test_pictures_and_packages_are_passed_over_and_counted(self):
        last = outcomes("newsml-g2.xml")[-1]
        assert isinstance(last, Refusal)
        assert "1 × package, 1 × picture" in last.reason

    def test_a_file_of_nothing_else_is_refused(self):
        data = b'<newsItem xmlns="urn:x"><itemMeta><itemClass qcode="ninat:picture"/></itemMeta></newsItem>'
        (refusal,) = outcomes("item.xml", data)
        assert isinstance(refusal, Refusal) and "1 × picture" in refusal.reason


class TestNewsML1:
    def test_the_body_and_not_what_stands_beside_it(self):
        (draft,) = drafts("newsml-1.xml")
        assert (draft.headline, draft.text) == ("Council keeps the ferry", "The council voted.\n\nYes: 12")
        assert draft.kinds == {1: "list-item"}
        assert any("Press office" in note for note in draft.notes)
        assert not any("color" in note for note in draft.notes)

    def test_its_fields(self):
        (draft,) = drafts("newsml-1.xml")
        assert (draft.byline, draft.dateline) == ("Ada Quill", "Harbour Town, May 9 (CNA)")
        assert (draft.outlet, draft.outlet_domain) == ("Coast News Agency", "coast.example")
        assert draft.external_id == "urn:newsml:coast.example:20190509:ferry"  # without the revision
        assert draft.published_at == dt.datetime(2019, 5, 9, 9, 15, tzinfo=dt.UTC)


class TestNitf:
    def test_text_headings_quotations_and_tables(self):
        (draft,) = drafts("article.nitf.xml")
        assert draft.text.split("\n\n") == [
            "The council voted.",
            "After the vote",
            "It was late.",
            "We will not go home.",
            "Yes 12",
            "No 11",
        ]
        assert draft.kinds == {1: "heading", 3: "blockquote"}

    def test_its_fields(self):
        (draft,) = drafts("article.nitf.xml")
        assert (draft.headline, draft.byline, draft.dateline) == (
            "Council keeps the ferry",
            "Ada Quill",
            "Harbour Town",
        )
        assert (draft.outlet, draft.section, draft.language) == ("Coast News", "Transport", "en-GB")
        assert draft.external_id == "CNA.20190509.ferry"
        assert draft.published_at == dt.datetime(2019, 5, 9, 9, 15, tzinfo=dt.UTC)  # released, not issued
        assert (draft.image_url, draft.image_caption, draft.image_credit) == (
            "https://coast.example/ferry.jpg",
            "The ferry at night.",
            "Lee Marsh",
        )

    def test_notes_to_editors_do_not_enter_the_text(self):
        (draft,) = drafts("article.nitf.xml")
        notes = " ".join(draft.notes)
        for words in (
            "Not for broadcast.",
            "Adds the mayor.",
            "Additional reporting by Jo Bell",
            "A late vote",
        ):
            assert words in notes and words not in draft.text


class TestNinjs:
    def test_version_1(self):
        (draft,) = drafts("ninjs-1.json")
        assert draft.text == "The council voted.\n\nIt was late."  # of the markup, which has the paragraphs
        assert (draft.headline, draft.byline, draft.dateline) == (
            "Council keeps the ferry",
            "Ada Quill",
            "Harbour Town",
        )
        assert (draft.outlet, draft.section, draft.language) == ("Coast News", "Transport", "en-GB")
        assert draft.url == draft.external_id == "https://coast.example/items/ferry"
        assert draft.published_at == dt.datetime(2019, 5, 9, 9, 15, tzinfo=dt.UTC)
        assert (draft.image_url, draft.image_caption, draft.image_credit) == (
            "https://coast.example/o.jpg",
            "The ferry at night.",
            "Lee Marsh",
        )
        assert "Members that were not used: urgency." in draft.notes

    def test_version_3_in_an_array(self):
        ferry, photo, fog, rain = outcomes("ninjs-3.json")
        assert isinstance(ferry, ArticleDraft) and isinstance(rain, ArticleDraft)
        assert ferry.headline == "Council keeps the ferry"  # the main one
        assert ferry.text == "The council voted.\n\nIt was late."
        assert (ferry.byline, ferry.outlet, ferry.section) == ("Ada Quill", "Coast News", "Transport")
        assert (ferry.url, ferry.external_id) == ("", "urn:coast:ferry")
        assert (ferry.image_url, ferry.image_caption) == (
            "https://coast.example/m.jpg",
            "The ferry at night.",
        )
        assert isinstance(photo, Refusal) and "“picture”" in photo.reason
        assert isinstance(fog, Refusal) and "taken it back" in fog.reason and fog.where == "entry 3"
        assert any("summary" in note for note in rain.notes)

    def test_a_refusal_keeps_the_whole_item(self):
        photo = outcomes("ninjs-3.json")[1]
        assert isinstance(photo, Refusal)
        assert photo.raw["descriptions"] == [{"role": "caption", "value": "The ferry at night."}]  # type: ignore[index]

    def test_items_in_an_answer_and_in_lines(self):
        item = {"uri": "urn:x", "versioncreated": "2019-05-09T09:15:00Z", "body_html": "<p>It rained.</p>"}
        answer = json.dumps({"total": 1, "item": [item]}).encode()
        lines = b"".join(json.dumps(item | {"uri": f"urn:{n}"}).encode() + b"\n" for n in range(3))
        assert len(outcomes("a.json", answer)) == 1
        assert [one.where for one in outcomes("a.jsonl", lines)] == ["line 1", "line 2", "line 3"]

    def test_an_embargo_that_ends_later_dates_it(self):
        (draft,) = ninjs(embargoed="2019-05-10T06:00:00Z")
        assert isinstance(draft, ArticleDraft)
        assert draft.published_at == dt.datetime(2019, 5, 10, 6, tzinfo=dt.UTC)

    def test_the_dateline_in_the_text_goes_before_the_place(self):
        body = "HARBOUR TOWN, May 9 (CNA) - The council voted to keep the night ferry of the town."
        (draft,) = ninjs(body_text=body, located="Harbour Town")
        assert isinstance(draft, ArticleDraft)
        assert draft.dateline == "HARBOUR TOWN, May 9 (CNA)"
        assert draft.text.startswith("The council voted")

    def test_odd_values_do_no_harm(self):
        odd: list[object] = [None, 7, True, [], {}, [None, 3], {"a": [1]}, "x"]
        for value in odd:
            names = (
                "headline",
                "byline",
                "service",
                "associations",
                "bodies",
                "renditions",
                "authors",
                "dateline",
            )
            assert len(ninjs(**dict.fromkeys(names, value))) == 1


class TestWireText:
    def test_anpa(self):
        (draft,) = drafts("anpa.tst")
        assert draft.headline == "Council keeps the night ferry"
        assert draft.text == "The council voted to keep the ferry.\n\n``It was close,'' said Mayor Jo Bell."
        assert (draft.byline, draft.outlet, draft.dateline) == (
            "ADA QUILL",
            "Coast News",
            "HARBOUR TOWN (AP)",
        )
        assert draft.published_at == dt.datetime(2019, 5, 9, 9, 15, tzinfo=dt.UTC)
        assert any("Adds the mayor" in note for note in draft.notes)

    def test_iptc_7901(self):
        (draft,) = drafts("iptc.txt")
        assert draft.headline == "Council keeps the night ferry"
        assert draft.byline == "Ada Quill, The Harbour Gazette"
        assert draft.text == "The council voted to keep the night ferry of the town.\n\nIt was late."
        assert draft.published_at is None
        (dated,) = drafts("iptc.txt", time_zone="Europe/Berlin")
        assert dated.published_at == dt.datetime(2019, 5, 9, 8, 15, tzinfo=dt.UTC)

    def test_several_messages(self):
        data = (DATA / "anpa.tst").read_bytes() * 3
        assert [one.row for one in outcomes("wire.tst", data)] == [1, 2, 3]

    def test_control_characters_alone_are_no_message(self):
        with pytest.raises(ReadError):
            outcomes("wire.tst", b"\x16\x16\x01" * 50)


class TestOtherXml:
    def test_an_element_with_a_headline_and_a_body_is_an_article(self):
        ferry, rain, fog = outcomes("flat.xml")
        assert isinstance(ferry, ArticleDraft) and isinstance(fog, ArticleDraft)
        assert ferry.headline == "Council keeps the ferry & its crew"
        assert (ferry.text, ferry.byline, ferry.external_id) == (
            "The council voted.\n\nIt was late.",
            "Ada Quill",
            "7",
        )
        assert "Elements that were not used: Mood." in ferry.notes
        assert isinstance(rain, Refusal) and "yesterday" in rain.reason
        assert rain.raw == {"id": "8", "Title": "Rain", "PublishDate": "yesterday", "Content": "It rained."}
        assert fog.text == "It hung.\n\nAnd hung."

    def test_a_mapping_names_the_elements(self):
        data = b"<a><n><kop>Regen</kop><tekst>Het regende.</tekst></n><n><kop>Zon</kop><tekst>Zon.</tekst></n></a>"
        with pytest.raises(ReadError, match="no kind that is known"):
            outcomes("a.xml", data)
        found = outcomes("a.xml", data, mapping={"kop": "headline", "tekst": "body"})
        assert [one.headline for one in found if isinstance(one, ArticleDraft)] == ["Regen", "Zon"]

    def test_a_deeper_layout_is_found_in_little_memory(self):
        data = b"<x><y>" + b"<z><r><title>a</title><body>b</body></r></z>" * 5_000 + b"</y></x>"
        assert len(outcomes("a.xml", data)) == 5_000
