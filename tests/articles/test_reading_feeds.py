import datetime as dt
from pathlib import Path

import pytest

from articles.reading import ArticleDraft, ReadError, Refusal, read

DATA = Path(__file__).parents[1] / "data" / "reading"


def outcomes(name: str, data: bytes | None = None, **options: object) -> list[ArticleDraft | Refusal]:
    return list(read(name, (DATA / name).read_bytes() if data is None else data, **options))  # type: ignore[arg-type]


def rss(*items: str, head: str = "<title>The Harbour Gazette</title>") -> bytes:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0"><channel>{head}{inside}</channel></rss>'.encode()


def only(data: bytes, name: str = "feed.xml") -> ArticleDraft:
    (draft,) = outcomes(name, data)
    assert isinstance(draft, ArticleDraft), draft
    return draft


class TestRss:
    def test_an_item_with_its_full_content(self):
        draft = outcomes("feed.rss")[0]
        assert isinstance(draft, ArticleDraft)
        assert draft.headline == "Council keeps the night ferry & its crew"
        assert draft.text.split("\n\n") == [
            "The council voted to keep the night ferry.",
            "A late vote",
            '"It was close," said Mayor Jo Bell.',
            "We will not go home.",
            "Yes: 12",
            "No: 11",
        ]
        assert draft.kinds == {1: "heading", 3: "blockquote", 4: "list-item", 5: "list-item"}
        assert draft.published_at == dt.datetime(2019, 5, 9, 9, 15, tzinfo=dt.UTC)
        assert (draft.byline, draft.outlet, draft.outlet_domain) == (
            "Ada Quill",
            "The Harbour Gazette",
            "gazette.example",
        )
        assert draft.url == "https://www.gazette.example/ferry?from=feed"
        assert (draft.external_id, draft.section, draft.language) == ("gazette-1", "Transport", "en-GB")
        assert (draft.where, draft.row) == ("entry 1", 1)

    def test_the_picture_that_the_feed_names_goes_before_those_in_the_text(self):
        draft = outcomes("feed.rss")[0]
        assert isinstance(draft, ArticleDraft)
        assert draft.image_url == "https://www.gazette.example/lead.jpg"
        assert (draft.image_caption, draft.image_credit) == ("The night ferry leaves.", "Lee Marsh")
        assert any("The ferry at night. Photo: Lee Marsh" in note for note in draft.notes)

    def test_what_the_feed_adds_to_the_text_is_left_out_and_told(self):
        draft = outcomes("feed.rss")[0]
        assert isinstance(draft, ArticleDraft)
        assert "appeared first" not in draft.text
        assert any("appeared first" in note for note in draft.notes)

    def test_a_description_is_taken_as_the_text_and_said_to_be_one(self):
        draft = outcomes("feed.rss")[1]
        assert isinstance(draft, ArticleDraft)
        assert draft.text == "It rained in the town. It rained in the harbour, too."
        assert draft.byline == "Jo Bell"
        assert any("summary" in note for note in draft.notes)

    @pytest.mark.parametrize("end", ["…", "...", "[&hellip;]", "Read more", "Continue reading Fog →"])
    def test_the_beginning_of_a_text_is_refused_with_what_to_do(self, end):
        (refusal,) = outcomes("f.xml", rss(f"<title>Fog</title><description>It hung {end}</description>"))
        assert isinstance(refusal, Refusal)
        assert "Only the beginning" in refusal.reason and "Save the page" in refusal.reason
        assert refusal.raw["headline"] == "Fog"  # type: ignore[index]

    def test_the_address_may_be_the_permalink_or_that_before_a_feed_service(self):
        draft = only(rss("<description>It rained.</description><guid>https://a.example/1</guid>"))
        assert draft.url == "https://a.example/1"
        draft = only(
            rss(
                "<description>It rained.</description><link>https://feeds.example/x</link>"
                "<feedburner:origLink>https://a.example/1</feedburner:origLink>"
            )
        )
        assert draft.url == "https://a.example/1"

    def test_names_of_html_characters_and_bare_ampersands_are_read(self):
        draft = only(
            rss("<title>Caf&eacute; &amp; Fish & Chips</title><description>It&rsquo;s AT&T.</description>")
        )
        assert (draft.headline, draft.text) == ("Café & Fish & Chips", "It’s AT&T.")

    def test_cdata_is_left_as_it_is(self):
        title = "<title><![CDATA[R&D <b>cut</b>]]></title>"
        draft = only(rss(f"{title}<description><![CDATA[<p>a &amp; b.</p><p>And c.</p>]]></description>"))
        assert (draft.headline, draft.text) == ("R&D cut", "a & b.\n\nAnd c.")

    def test_prefixes_without_their_namespaces_are_known(self):
        draft = only(
            rss(
                "<content:encoded>&lt;p&gt;It rained.&lt;/p&gt;</content:encoded><dc:creator>Ada</dc:creator>"
            )
        )
        assert (draft.text, draft.byline) == ("It rained.", "Ada")

    def test_a_script_in_the_text_does_not_enter_it(self):
        draft = only(
            rss(
                "<description>&lt;p&gt;Rain&lt;script&gt;alert(1)&lt;/script&gt; fell.&lt;/p&gt;</description>"
            )
        )
        assert draft.text == "Rain fell."

    def test_a_link_that_is_none_of_the_web_is_left_out(self):
        draft = only(rss("<description>It rained.</description><link>javascript:alert(1)</link>"))
        assert draft.url == ""

    def test_the_source_that_an_item_names_is_its_outlet(self):
        draft = only(
            rss('<description>It rained.</description><source url="https://b.example/f">The Post</source>')
        )
        assert draft.outlet == "The Post"

    def test_a_date_that_cannot_be_read_leaves_the_article_undated_and_is_told(self):
        draft = only(rss("<description>It rained.</description><pubDate>yesterday</pubDate>"))
        assert draft.published_at is None and any("yesterday" in note for note in draft.notes)

    def test_a_feed_without_items_is_refused(self):
        with pytest.raises(ReadError, match="no article"):
            outcomes("feed.xml", rss())


class TestAtom:
    def test_an_entry_with_xhtml(self):
        draft = outcomes("feed.atom")[0]
        assert isinstance(draft, ArticleDraft)
        assert draft.headline == "Council <keeps> the ferry"
        assert draft.text == "The council voted.\n\nIt was late."
        assert draft.byline == "Ada Quill, Jo Bell"
        assert draft.url == "https://gazette.example/news/ferry"  # against xml:base
        assert draft.image_url == "https://gazette.example/ferry.jpg"
        assert draft.published_at == dt.datetime(2019, 5, 9, 9, 15, tzinfo=dt.UTC)

    def test_plain_text_is_plain(self):
        draft = outcomes("feed.atom")[1]
        assert isinstance(draft, ArticleDraft)
        assert draft.text == "It rained <heavily>.\n\nAnd it poured."
        assert draft.byline == "The news desk"  # the feed's
        assert any("last changed" in note for note in draft.notes)

    def test_content_that_is_elsewhere_is_refused_with_its_address(self):
        refusal = outcomes("feed.atom")[2]
        assert isinstance(refusal, Refusal)
        assert "https://gazette.example/fog" in refusal.reason and refusal.row == 3


class TestRdfAndJsonFeed:
    def test_rdf_in_the_encoding_that_it_names(self):
        (draft,) = outcomes("feed.rdf")
        assert isinstance(draft, ArticleDraft)
        assert (draft.headline, draft.text) == ("Café stays", "The café stays.")
        assert (draft.outlet, draft.section, draft.language) == ("The Harbour Gazette", "Town", "en")

    def test_a_json_feed(self):
        ferry, rain, fog = outcomes("feed.json")
        assert isinstance(ferry, ArticleDraft) and isinstance(rain, ArticleDraft)
        assert (ferry.text, ferry.byline) == ("The council voted.\n\nIt was late.", "Ada Quill")
        assert ferry.url == "https://gazette.example/ferry"
        assert (ferry.section, ferry.language, ferry.outlet) == ("Transport", "en-GB", "The Harbour Gazette")
        assert "Not used: _mood." in ferry.notes
        assert (rain.text, rain.byline) == ("It rained.\n\nIt poured.", "The news desk")
        assert isinstance(fog, Refusal) and "Only the beginning" in fog.reason


class TestWordPress:
    def test_a_post(self):
        draft = outcomes("wordpress.xml")[0]
        assert isinstance(draft, ArticleDraft)
        assert draft.text == (
            'The council [sic] voted to keep "[the] night ferry".\n\nAfter the vote\n\nMayor Jo Bell said it was late.'
        )
        assert draft.byline == "Ada Quill"  # not the name that she logs in with
        assert draft.section == "Transport"  # not the tag
        assert draft.published_at == dt.datetime(2019, 5, 9, 9, 15, tzinfo=dt.UTC)
        assert (draft.image_url, draft.image_caption) == (
            "https://gazette.example/ferry.jpg",
            "The ferry at night.",
        )
        assert any("contact_form, gallery" in note for note in draft.notes)

    def test_what_is_not_published_is_refused_and_what_is_no_post_is_passed_over(self):
        found = outcomes("wordpress.xml")
        assert len(found) == 2
        refusal = found[1]
        assert isinstance(refusal, Refusal)
        assert "not published" in refusal.reason and "1 × attachment, 1 × menu item" in refusal.reason


class TestDamage:
    def test_entries_before_the_damage_come_in_and_its_line_is_told(self):
        data = rss("<title>Rain</title><description>It rained.</description>\n", "<title>Fog</b>")
        first, refusal = outcomes("feed.xml", data)
        assert isinstance(first, ArticleDraft) and isinstance(refusal, Refusal)
        assert "Line 2" in refusal.reason and "What comes after it was not read" in refusal.reason
        assert (refusal.where, refusal.row) == ("entry 2", 2)

    def test_a_file_that_ends_too_early(self):
        data = rss("<title>Rain</title><description>It rained.</description>")[:-8]
        first, refusal = outcomes("feed.xml", data)
        assert isinstance(first, ArticleDraft) and isinstance(refusal, Refusal)

    def test_control_characters_are_taken_out_and_told_of(self):
        draft = only(rss("<title>Ra\x0bin\x00</title><description>It ra\x01ined.</description>"))
        assert (draft.headline, draft.text) == ("Rain", "It rained.")
        assert any("Control characters" in note for note in draft.notes)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be", "cp1252"])
    def test_the_encoding_is_found_without_its_being_named(self, encoding):
        data = (
            rss("<title>Café “naïve”</title><description>It rained.</description>").decode().encode(encoding)
        )
        assert only(data).headline == "Café “naïve”"

    @pytest.mark.parametrize(
        ("declared", "actual", "words"),
        [
            ("iso-8859-1", "cp1252", "Café “naïve”"),
            ("iso-8859-1", "utf-8", "Café “naïve”"),
            ("utf-8", "cp1252", "Café “naïve” – £5"),
            ("windows-1251", "cp1251", "Паром остаётся"),
            ("gb2312", "gb18030", "渡轮保留"),
            ("shift_jis", "shift_jis", "夜間フェリー存続へ"),
            ("euc-kr", "euc-kr", "야간 여객선"),
        ],
    )
    def test_the_encoding_that_is_named_holds_unless_the_bytes_say_otherwise(self, declared, actual, words):
        data = (
            f'<?xml version="1.0" encoding="{declared}"?>'
            + rss(f"<title>{words}</title><description>{words}.</description>").decode()
        )
        assert only(data.encode(actual)).headline == words

    def test_an_encoding_that_cannot_be_told_can_be_set(self):
        data = rss("<title>Паром</title><description>Паром остаётся.</description>").decode().encode("cp1251")
        with pytest.raises(ReadError, match="Choose its encoding"):
            outcomes("feed.xml", data)
        (draft,) = outcomes("feed.xml", data, encoding="windows-1251")
        assert isinstance(draft, ArticleDraft) and draft.headline == "Паром"
        with pytest.raises(ReadError, match="no encoding"):
            outcomes("feed.xml", data, encoding="rot13")
        with pytest.raises(ReadError, match="not in utf-8"):
            outcomes("feed.xml", data, encoding="utf-8")

    def test_short_names_that_the_file_declares_are_read(self):
        data = b'<!DOCTYPE rss [<!ENTITY gazette "The Harbour Gazette"><!ENTITY nbsp "&#160;">]>' + rss(
            "<title>&gazette;</title><description>It&nbsp;rained.</description>"
        )
        draft = only(data)
        assert (draft.headline, draft.text) == ("The Harbour Gazette", "It\u00a0rained.")

    @pytest.mark.parametrize(
        "declaration",
        [
            '<!ENTITY a "b"><!ENTITY x "&a;&a;&a;">',
            '<!ENTITY x SYSTEM "file:///etc/hostname">',
            '<!ENTITY x PUBLIC "p" "https://gazette.example/x">',
            '<!ENTITY x "<b>bold</b>">',
            f'<!ENTITY x "{"long " * 50}">',
        ],
    )
    def test_other_entities_are_refused_whole(self, declaration):
        data = f"<!DOCTYPE rss [{declaration}]>".encode() + rss("<description>&x;</description>")
        with pytest.raises(ReadError, match="declares an entity"):
            outcomes("feed.xml", data)

    def test_an_external_document_type_is_not_fetched(self):
        data = b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://gazette.example/rss.dtd">'
        assert only(data + rss("<description>It rained.</description>")).text == "It rained."
