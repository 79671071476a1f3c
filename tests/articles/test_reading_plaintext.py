import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reading import ReadError
from articles.reading.draft import ArticleDraft
from articles.reading.plaintext import read_plain_text

DATA = Path(__file__).parent.parent / "data" / "reading"
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"

BODY = """The council voted on Thursday to keep the night ferry, ending a row of three years.

"We heard the islands," said its leader, Mina Okafor. "A boat home is what they will have."

Fares will rise by a tenth from October, and the state will pay no more than it does now."""


def article(over: str = "", under: str = "") -> ArticleDraft:
    return read_plain_text("\n\n".join(filter(None, ["Council keeps the night ferry", over, BODY, under])))


def said(draft: ArticleDraft) -> str:
    """Everything that a draft holds."""
    fields = [getattr(draft, name) for name in draft.__slots__ if isinstance(getattr(draft, name), str)]
    return "\n".join([*fields, *draft.notes, str(draft.published_at or "")])


class TestAWholeArticle:
    def draft(self) -> ArticleDraft:
        return read_plain_text((DATA / "pasted.txt").read_text())

    def test_headline_byline_image_and_biography_go_to_their_fields(self):
        draft = self.draft()
        assert draft.headline == "Minister asks islands to wait as ferry decision slips"
        assert draft.byline == "Ada Quill"
        assert draft.image_caption == "A ferry waits at the eastern quay"
        assert draft.image_credit == "Harbour Board"
        role, biography = draft.author_bio.split("\n\n")
        assert role == "Transport and Politics Editor"
        assert biography.startswith("Ada Quill has covered the harbour") and biography.endswith("by the sea.")

    def test_the_body_is_exactly_the_articles_paragraphs(self):
        paragraphs = self.draft().text.split("\n\n")
        assert len(paragraphs) == 6
        assert paragraphs[0].startswith("Transport minister Lena Brandt")
        assert paragraphs[-1] == "The ferry has run since 1951."

    def test_without_a_date_it_is_undated(self):
        assert self.draft().published_at is None

    def test_nothing_is_left_for_the_notes(self):
        assert self.draft().notes == ()


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the raw seed articles are not on this machine")
class TestTheSeedArticle:
    def draft(self) -> ArticleDraft:
        return read_plain_text(next(iter(sorted(SEEDS.glob("*.txt")))).read_text())

    def test_its_parts_go_to_their_fields(self):
        draft = self.draft()
        assert draft.headline.startswith("US Secretary of State pleads UK")
        assert draft.byline == "Connor Jones"
        assert draft.image_credit == "Shutterstock"
        assert draft.image_caption == "Mike Pompeo giving a speech"
        assert draft.author_bio.startswith("News and Analysis Editor\n\nConnor Jones has been")
        assert draft.published_at is None

    def test_its_body_is_its_fourteen_paragraphs(self):
        paragraphs = self.draft().text.split("\n\n")
        assert len(paragraphs) == 14
        assert paragraphs[0].startswith("US Secretary of State Mike Pompeo urged")
        assert paragraphs[-1].endswith("cyber espionage campaigns on other nations.")


class TestOverTheText:
    def test_a_byline_under_the_headline(self):
        draft = article("By Ada Quill, Transport Editor")
        assert (draft.byline, draft.author_bio, draft.text) == ("Ada Quill", "Transport Editor", BODY)

    def test_several_authors(self):
        assert (
            article("By Ada Quill, Tom van der Berg and Jo Bell").byline
            == "Ada Quill, Tom van der Berg, Jo Bell"
        )

    def test_byline_date_and_reading_time_on_one_line(self):
        draft = article("By Ada Quill | 9 May 2019 10:30 BST | 3 min read")
        assert draft.byline == "Ada Quill"
        assert draft.published_at == dt.datetime(2019, 5, 9, 9, 30, tzinfo=dt.UTC)
        assert "3 min read" in said(draft) and draft.text == BODY

    def test_a_labelled_date_without_a_zone_is_no_instant_and_says_so(self):
        draft = article("Published: 9 May 2019 10:30")
        assert draft.published_at is None
        assert any("no time zone" in note for note in draft.notes)
        assert draft.text == BODY

    def test_the_day_of_an_update_is_not_the_publication(self):
        draft = article("Updated: 10 May 2019 08:00 GMT")
        assert draft.published_at is None
        assert any("Updated: 10 May 2019" in note for note in draft.notes)

    def test_lines_that_name_their_field(self):
        draft = article(
            "Author: Ada Quill\nDate: 2019-05-09T10:00:00Z\nSource: The Harbour Gazette\nhttps://gazette.example/ferry"
        )
        assert draft.byline == "Ada Quill"
        assert draft.published_at == dt.datetime(2019, 5, 9, 10, tzinfo=dt.UTC)
        assert (draft.outlet, draft.outlet_domain) == ("The Harbour Gazette", "gazette.example")
        assert draft.text == BODY

    @pytest.mark.parametrize(
        ("line", "caption", "credit"),
        [
            ("The eastern quay\n(Image credit: Harbour Board)", "The eastern quay", "Harbour Board"),
            ("The eastern quay\n\n(Image credit: Harbour Board)", "The eastern quay", "Harbour Board"),
            ("Photo: Jo Bell/Courier", "", "Jo Bell/Courier"),
            ("The quay at dawn. Photograph: Jo Bell/Courier", "The quay at dawn.", "Jo Bell/Courier"),
            ("The quay at dawn (Photo by Jo Bell/Getty Images)", "The quay at dawn", "Jo Bell/Getty Images"),
            ("The quay at dawn © Jo Bell", "The quay at dawn", "Jo Bell"),
            ("The quay at dawn\nGetty Images", "The quay at dawn", "Getty Images"),
        ],
    )
    def test_an_image_with_its_credit(self, line, caption, credit):
        draft = article(line)
        assert (draft.image_caption, draft.image_credit, draft.text) == (caption, credit, BODY)

    def test_a_dateline_goes_to_its_field(self):
        draft = read_plain_text(
            "Ferry stays\n\nPORT ELDER, May 9 (HNA) - The council voted on Thursday. It was late."
        )
        assert draft.dateline == "PORT ELDER, May 9 (HNA)"
        assert draft.text == "The council voted on Thursday. It was late."

    @pytest.mark.parametrize(
        "first", ["NATO is ready - or so it says.", "EXCLUSIVE - The council will vote to keep it."]
    )
    def test_capitals_before_a_dash_are_not_always_a_dateline(self, first):
        draft = read_plain_text(f"A headline\n\n{first}\n\nMore.")
        assert (draft.dateline, draft.text.split("\n\n")[0]) == ("", first)

    def test_a_headline_on_two_lines_is_joined(self):
        draft = read_plain_text(f"Council keeps the night\nferry after a long row\n\n{BODY}")
        assert draft.headline == "Council keeps the night ferry after a long row"


class TestInAndUnderTheText:
    @pytest.mark.parametrize(
        "line",
        [
            "Read more: What the islands lose when the ferry goes",
            "Related: Five ferries that went under",
            "Sign up to our newsletter and get the harbour in your inbox.",
            "Advertisement",
            "Follow us on Twitter for more from the harbour.",
            "© 2019 The Harbour Gazette. All rights reserved.",
        ],
    )
    def test_what_is_not_the_article_goes_to_a_note(self, line):
        before, after = BODY.split("\n\n", 1)
        draft = read_plain_text(f"Council keeps the night ferry\n\n{before}\n\n{line}\n\n{after}")
        assert draft.text == BODY
        assert any(line in note for note in draft.notes)

    @pytest.mark.parametrize(
        "line",
        [
            '"Sign up to the newsletter," she told them, "and get it in your inbox."',
            "Related parties have to be named in the accounts, the auditors said.",
            "Get your email read to you: that is what the new service promises its first users, it said, and more "
            "than a thousand have joined since, among them the mayor, both of his deputies, the head of the port, "
            "the chair of the bench, the editor of this newspaper, most of its readers, and, as of yesterday, the "
            "whole of the fire brigade of the northern islands, which had long been looking for just such a service "
            "and is now very pleased with it.",
        ],
    )
    def test_what_only_sounds_like_a_prompt_stays(self, line):
        draft = article(under=f"{line}\n\nThat was all.")
        assert line in draft.text

    def test_an_image_in_the_text_is_noted(self):
        draft = read_plain_text(
            f"Council keeps it\n\nPhoto: Jo Bell\n\n{BODY}\n\n"
            "The quay from the air\n(Image credit: Harbour Board)\n\nIt rained."
        )
        assert draft.image_credit == "Jo Bell"
        assert draft.text == f"{BODY}\n\nIt rained."
        assert any("The quay from the air (credit: Harbour Board)" in note for note in draft.notes)

    def test_contributions_and_signs_off_go_to_notes(self):
        draft = article(under="(Reporting by Ada Quill; Editing by Tom Reed)\n\n###")
        assert draft.text == BODY
        assert any("Editing by Tom Reed" in note for note in draft.notes)

    def test_a_biography_of_the_byline(self):
        draft = article("By Ada Quill", "Ada Quill is the transport editor of the Gazette.")
        assert (draft.text, draft.author_bio) == (BODY, "Ada Quill is the transport editor of the Gazette.")

    def test_a_biography_that_gives_the_byline(self):
        draft = article(under="Ada Quill is a reporter for the Gazette.")
        assert draft.byline == "Ada Quill"
        assert any("biography" in note for note in draft.notes)

    def test_a_last_paragraph_about_somebody_in_the_news_stays(self):
        last = "Mina Okafor is a former reporter who has led the council since 2016."
        draft = article(under=last)
        assert draft.text.endswith(last) and draft.byline == ""

    def test_a_name_as_a_heading_over_the_last_paragraphs_stays(self):
        last = "Lena Brandt\n\nBrandt has been minister since 2017 and has never lost a vote."
        draft = article("By Ada Quill", last)
        assert draft.text.endswith(last) and draft.author_bio == ""


class TestOddTexts:
    @pytest.mark.parametrize("raw", ["", " \n\n ", "\ufeff"])
    def test_an_empty_text_is_refused_with_what_to_do(self, raw):
        with pytest.raises(ReadError, match="Paste the headline"):
            read_plain_text(raw)

    def test_a_headline_alone_is_refused(self):
        with pytest.raises(ReadError, match="no text"):
            read_plain_text("Council keeps the night ferry")

    def test_a_text_that_begins_with_a_paragraph_has_no_headline_and_says_so(self):
        paragraph = "The council met. " * 30
        draft = read_plain_text(f"{paragraph}\n\nIt rained. Then it stopped.")
        assert draft.headline == ""
        assert "No headline was given." in draft.notes
        assert draft.text.startswith("The council met.")

    def test_windows_and_old_mac_line_ends(self):
        for newline in ("\r\n", "\r"):
            assert read_plain_text(f"Council keeps it\n\n{BODY}".replace("\n", newline)).text == BODY

    @given(
        st.lists(
            st.sampled_from(
                [
                    "By Ada Quill",
                    "Ada Quill",
                    "News Editor",
                    "Photo: Jo Bell",
                    "(Image credit: Board)",
                    "9 May 2019",
                    "Published: yesterday",
                    "LONDON, May 2 (Reuters) - It began.",
                    "Read more: Boats",
                    "Subscribe to our newsletter",
                    "Ada Quill is a reporter at sea.",
                    "The council voted to keep it. Nobody laughed.",
                    "A quay",
                    "ENDS",
                    "https://gazette.example/a",
                    "Source: Gazette",
                    "x",
                    "",
                    "",
                ]
            ),
            min_size=1,
            max_size=14,
        )
    )
    def test_no_word_is_lost(self, lines):
        raw = "\n".join(lines)
        try:
            draft = read_plain_text(raw)
        except ReadError:
            return
        ignored = {"By", "Photo:", "(Image", "credit:", "Published:", "Source:", "-", "9", "May", "2019"}
        held = Counter(word.strip("().,:“”") for word in said(draft).split())
        for word in {word for word in raw.split() if word not in ignored}:
            assert held[word.strip("().,:")] >= 1, (word, draft)
