import datetime as dt
import gzip
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reading import ReadError, Refusal, read
from articles.reading.draft import ArticleDraft
from articles.reading.page import read_page

DATA = Path(__file__).parent.parent / "data" / "reading"

PARAGRAPHS = [
    "The council voted on Thursday to keep the night ferry, ending a row that had run for three years.",
    "“We heard the islands,” said its leader, Mina Okafor, after the vote of eleven to ten in the old hall.",
    "Fares will rise by a tenth from October, and the state will pay no more than it does now, she added.",
]


def page(
    head: str = "", over: str = "<h1>Council keeps the ferry</h1>", under: str = "", lang: str = ""
) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{head}</head>'
        f"<body><article>{over}{body}{under}</article></body></html>"
    ).encode()


def linked(**article: object) -> str:
    told = {"@type": "NewsArticle", "headline": "Council keeps the ferry"} | article
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


def draft_of(data: bytes, **options: object) -> ArticleDraft:
    outcome = read_page(data, **options)  # type: ignore[arg-type]
    assert isinstance(outcome, ArticleDraft), outcome
    return outcome


class TestAWholePage:
    def draft(self) -> ArticleDraft:
        return draft_of((DATA / "article.html").read_bytes())

    def test_the_metadata_fill_the_fields(self):
        draft = self.draft()
        assert draft.headline == "Council keeps the night ferry after a three-year row"
        assert draft.byline == "Ada Quill, Tom Reed, Jo Bell"
        assert draft.outlet == "The Harbour Gazette"
        assert draft.outlet_domain == "harbour-gazette.example"
        assert draft.url == "https://www.harbour-gazette.example/news/2019/05/09/night-ferry/"
        assert draft.section == "Transport"
        assert draft.language == "en-GB"
        assert draft.image_url == "https://img.harbour-gazette.example/ferry.jpg"
        assert draft.image_caption == "The ferry at the eastern quay."
        assert draft.image_credit == "Harbour Board"
        assert draft.author_bio.startswith("Transport editor\n\nAda Quill has written")

    def test_the_instant_keeps_its_zone(self):
        assert self.draft().published_at == dt.datetime(2019, 5, 9, 18, 30, tzinfo=dt.UTC)
        assert self.draft().published_at.utcoffset() == dt.timedelta(hours=1)

    def test_the_text_is_the_article_and_nothing_else(self):
        draft = self.draft()
        paragraphs = draft.text.split("\n\n")
        assert paragraphs[0].startswith("Islanders cheer")
        assert paragraphs[1].startswith("The town council voted on Thursday")
        assert paragraphs[-1].startswith("The first crossing")
        assert len(paragraphs) == 11
        assert draft.dateline == "PORT ELDER"

    def test_headings_list_items_and_quotations_have_their_kinds(self):
        draft = self.draft()
        paragraphs = draft.text.split("\n\n")
        by_kind = {
            kind: [paragraphs[n] for n, k in draft.kinds.items() if k == kind]
            for kind in draft.kinds.values()
        }
        assert by_kind["heading"] == ["What it costs"]
        assert by_kind["list-item"][0] == "a second captain on every crossing after dark;"
        assert len(by_kind["list-item"]) == 3
        assert by_kind["blockquote"] == ["The boat is not a luxury. It is the road that we were never given."]

    def test_links_and_prompts_go_to_the_notes(self):
        notes = "\n".join(self.draft().notes)
        assert "Read more: what the islands lose" in notes
        assert "Sign up to our newsletter" in notes

    def test_it_is_read_in_no_time(self):
        begun = time.perf_counter()
        self.draft()
        assert time.perf_counter() - begun < 2


class TestAPageWithLittleMetadata:
    def draft(self) -> ArticleDraft:
        return draft_of((DATA / "plain.html").read_text().encode("cp1252"))

    def test_its_encoding_is_found(self):
        assert "“It’s over – at last,” said Renée Blanc" in self.draft().text
        assert "£5,000" in self.draft().text

    def test_broken_json_is_passed_over(self):
        assert self.draft().headline == "Café owners win their case"

    def test_byline_outlet_and_language_come_from_elsewhere(self):
        draft = self.draft()
        assert (draft.byline, draft.outlet, draft.language) == ("Zoë Marsh", "Northern Courier", "en-GB")

    def test_a_day_alone_is_no_instant(self):
        draft = self.draft()
        assert draft.published_at is None
        assert any("only the day 2019-05-09" in note for note in draft.notes)


class TestDates:
    def test_a_time_without_a_zone_is_read_in_the_outlets_zone_if_that_is_known(self):
        data = page(linked(datePublished="2019-05-09T10:00:00"))
        assert draft_of(data).published_at is None
        from zoneinfo import ZoneInfo

        dated = draft_of(data, time_zone=ZoneInfo("Europe/London"))
        assert dated.published_at == dt.datetime(2019, 5, 9, 9, tzinfo=dt.UTC)

    def test_a_day_is_made_an_instant_by_another_source_of_the_same_day(self):
        head = linked(datePublished="2019-05-09") + '<meta name="dc.date" content="2019-05-09T06:00+02:00">'
        assert draft_of(page(head)).published_at == dt.datetime(2019, 5, 9, 4, tzinfo=dt.UTC)

    def test_an_instant_of_another_day_does_not_count(self):
        head = linked(datePublished="2019-05-09") + '<meta name="date" content="2021-01-01T06:00+02:00">'
        assert draft_of(page(head)).published_at is None

    def test_exactly_midnight_is_doubted(self):
        draft = draft_of(page(linked(datePublished="2019-05-09T00:00:00Z")))
        assert draft.published_at == dt.datetime(2019, 5, 9, tzinfo=dt.UTC)
        assert any("exactly midnight" in note for note in draft.notes)

    def test_a_page_without_any_date_says_so(self):
        draft = draft_of(page())
        assert draft.published_at is None
        assert "No date of publication was found on the page." in draft.notes

    def test_the_year_1970_is_a_placeholder(self):
        assert draft_of(page(linked(datePublished="1970-01-01T00:00:00Z"))).published_at is None


class TestHeadlines:
    def test_the_sites_name_behind_it_is_dropped(self):
        head = linked(headline="Council keeps the ferry | News")
        assert draft_of(page(head)).headline == "Council keeps the ferry"

    def test_one_that_was_cut_is_completed(self):
        assert draft_of(page(linked(headline="Council keeps…"))).headline == "Council keeps the ferry"

    def test_entities_are_resolved_however_often_they_were_escaped(self):
        head = linked(headline="Council &amp;amp; ferry: &#039;yes&#039;")
        assert draft_of(page(head)).headline == "Council & ferry: 'yes'"

    def test_another_heading_on_the_page_is_told_of(self):
        draft = draft_of(
            page(linked(headline="Ferry saved"), over="<h1>The boat that would not sink after all</h1>")
        )
        assert draft.headline == "Ferry saved"
        assert any("The boat that would not sink" in note for note in draft.notes)


class TestAddresses:
    @pytest.mark.parametrize(
        ("canonical", "own", "taken"),
        [
            ("https://sister.example/1", "https://gazette.example/1", "https://gazette.example/1"),
            (
                "https://www.gazette.example/1",
                "https://m.gazette.example/1?p=2",
                "https://www.gazette.example/1",
            ),
            ("https://gazette.example/1", "https://news.gazette.example/1", "https://gazette.example/1"),
            ("/1", "https://gazette.example/2", "https://gazette.example/1"),
            ("https://gazette.example/1", "nonsense", "https://gazette.example/1"),
        ],
    )
    def test_a_copy_of_another_sites_article_keeps_its_own_address(self, canonical, own, taken):
        draft = draft_of(
            page(f'<link rel="canonical" href="{canonical}"><meta property="og:url" content="{own}">')
        )
        assert draft.url == taken
        assert draft.outlet_domain == taken.split("/")[2].removeprefix("www.")

    def test_an_archives_copy_names_both(self):
        archived = "https://web.archive.org/web/20190509100000/https://gazette.example/1"
        head = f'<link rel="canonical" href="{archived}"><meta property="og:url" content="https://gazette.example/1">'
        draft = draft_of(page(head))
        assert (draft.url, draft.archive_url) == ("https://gazette.example/1", archived)

    def test_a_canonical_link_to_the_front_page_is_a_mistake(self):
        head = (
            '<link rel="canonical" href="https://gazette.example/">'
            '<meta property="og:url" content="https://gazette.example/ferry">'
        )
        assert draft_of(page(head)).url == "https://gazette.example/ferry"

    def test_an_archived_page_has_both_addresses(self):
        archived = "https://web.archive.org/web/20190509120000/https://gazette.example/ferry"
        draft = draft_of(page(f'<link rel="canonical" href="{archived}">'))
        assert (draft.archive_url, draft.url) == (archived, "https://gazette.example/ferry")
        assert draft.outlet_domain == "gazette.example"

    def test_the_browsers_note_of_where_it_was_saved_from(self):
        data = b"<!-- saved from url=(0029)https://gazette.example/ferry -->" + page()
        assert draft_of(data).url == "https://gazette.example/ferry"

    def test_a_script_is_no_address(self):
        head = linked(image="javascript:alert(1)", url="javascript:alert(2)")
        draft = draft_of(page(head))
        assert (draft.url, draft.image_url) == ("", "")


class TestThePagesOwnText:
    def test_what_it_leaves_out_after_the_article_goes_to_notes(self):
        under = (
            "<p>Your subscription is in use on another device, and so you may not read on with this one.</p>"
        )
        draft = draft_of(page(linked(articleBody=" ".join(PARAGRAPHS * 2)), under=under))
        assert draft.text.split("\n\n") == PARAGRAPHS
        assert any("another device" in note for note in draft.notes)

    def test_it_is_the_text_where_the_page_shows_none(self):
        data = (
            f"<!doctype html><html><head>{linked(articleBody=chr(10).join(PARAGRAPHS))}</head>"
            "<body><div id=app></div></body></html>"
        ).encode()
        draft = draft_of(data)
        assert draft.text.split("\n\n") == PARAGRAPHS
        assert any("metadata" in note for note in draft.notes)

    def test_it_may_hold_markup(self):
        told = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
        data = f"<!doctype html><html><head>{linked(articleBody=told)}</head><body></body></html>".encode()
        assert draft_of(data).text.split("\n\n") == PARAGRAPHS

    def test_a_last_paragraph_stays_where_the_page_gives_no_text(self):
        under = "<p>Your subscription is in use on another device, said the clerk, and the hall laughed at him.</p>"
        assert "said the clerk" in draft_of(page(under=under)).text


HOSTILE = {
    "nothing but a title": b"<!doctype html><title>x</title>",
    "an empty body": b"<html><body></body></html>",
    "a hundred thousand nested elements": b"<html><body>" + b"<div>" * 100_000,
    "a hundred thousand elements": b"<html><body>" + b"<p>x</p>" * 100_000,
    "five million characters": b"<html><body><p>" + b"word " * 1_000_000,
    "every byte there is": b"<html>" + bytes(range(256)) * 1000,
}


class TestHostilePages:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_it_is_refused_with_a_reason(self, name):
        begun = time.perf_counter()
        outcome = read_page(HOSTILE[name])
        assert isinstance(outcome, Refusal)
        assert outcome.reason.endswith(".")
        assert time.perf_counter() - begun < 2

    @pytest.mark.parametrize(
        "told",
        [
            "[" * 100_000,
            '{"a":' * 50_000,
            "",
            "null",
            '{"@type": "NewsArticle", "author": {"@id": "a"}, "@id": "a"}',
        ],
    )
    def test_hostile_metadata_do_no_harm(self, told):
        draft = draft_of(page(f'<script type="application/ld+json">{told}</script>'))
        assert draft.text.split("\n\n") == PARAGRAPHS

    @given(
        st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "headline", "author", "datePublished", "image", "articleBody", "url"]
            ),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("NewsArticle"),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(["name", "url", "@id", "@type"]), inner, max_size=3)
                ),
                max_leaves=8,
            ),
        )
    )
    def test_metadata_of_any_shape_do_no_harm(self, told):
        draft = draft_of(page(f'<script type="application/ld+json">{json.dumps(told)}</script>'))
        assert PARAGRAPHS[1] in draft.text

    def test_zeros_in_the_text_are_dropped(self):
        assert "\x00" not in draft_of(page().replace(b"council", b"coun\x00cil")).text

    def test_a_page_that_is_too_large_is_refused(self):
        with pytest.raises(ReadError, match="bytes"):
            next(read("page.html", b"<html>" + b" " * 17_000_000))

    def test_a_packed_page_is_unpacked(self):
        outcome = next(read("ferry.html.gz", gzip.compress(page())))
        assert isinstance(outcome, ArticleDraft)
        assert outcome.headline == "Council keeps the ferry"

    def test_a_damaged_packed_page_is_refused(self):
        with pytest.raises(ReadError, match="damaged"):
            next(read("ferry.html.gz", gzip.compress(page())[:-20]))
