import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.text import (
    count_words,
    digest,
    from_utf16,
    normalise,
    one_line,
    paragraphs,
    quotations,
    sentences,
    to_utf16,
    words_of,
)

# Text with a lot of what goes wrong: marks, spaces, joiners, breaks, emoji, combining characters.
awkward = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            list("aZé.,!?…\"'“”‘’«»„-—()[] \t\n\r\u00a0\u200b\u200d\u200f\ufe0f\u0301\u2029\x00\ufeff")
        ),
        st.sampled_from(["👩", "🏴", "\U0001f3fd", "क", "्", "ه", "\u200c", "\u202e", "\U000e0067", "\ud800"]),
        st.characters(),
    ),
    max_size=120,
)
canonical = awkward.map(normalise)


def sentence_texts(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in sentences(text)]


def word_texts(text: str) -> list[str]:
    return [text[word.start : word.end] for word in words_of(text, 0, len(text))]


class TestNormalise:
    @given(awkward)
    @example("E\u200d\u200dE")
    @example("a\u200b\u0301")
    @example("one\n \u200f\n two")
    def test_normalising_twice_changes_nothing(self, raw):
        once = normalise(raw)
        assert normalise(once) == once

    @given(awkward)
    def test_the_outcome_has_the_canonical_shape(self, raw):
        text = normalise(raw)
        assert unicodedata.is_normalized("NFC", text)
        assert "\n\n\n" not in text and text == text.strip()
        for paragraph in text.split("\n\n") if text else []:
            assert paragraph and paragraph == paragraph.strip()
            assert "\n" not in paragraph and "  " not in paragraph
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in text.replace("\n", ""))
        text.encode()

    @given(st.text(alphabet="abc ", max_size=80))
    def test_no_word_is_lost(self, raw):
        assert normalise(raw).split() == raw.split()

    def test_line_ends_of_every_system_become_one_kind(self):
        assert normalise("One.\r\n\r\nTwo.\r\rThree.\u2029Four.") == "One.\n\nTwo.\n\nThree.\n\nFour."

    def test_letters_are_composed(self):
        assert normalise("e\u0301te\u0301") == "été"

    def test_byte_order_mark_nul_and_zero_width_spaces_are_dropped(self):
        assert normalise("\ufeffHua\u200bwei\x00 \u00adsaid\u2060") == "Huawei said"

    def test_an_emoji_family_keeps_its_joiners_and_a_word_does_not(self):
        assert normalise("👩\u200d👩\u200d👧\u200d👦") == "👩\u200d👩\u200d👧\u200d👦"
        assert normalise("zero\u200bwidth\u200d\ufeff") == "zerowidth"

    def test_the_flag_of_scotland_keeps_its_tags_and_other_tags_go(self):
        scotland = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
        assert normalise(f"{scotland} a\U000e0067b") == f"{scotland} ab"

    def test_joiners_that_spell_in_persian_and_hindi_stay(self):
        assert normalise("می\u200cخواهم") == "می\u200cخواهم"
        assert normalise("क्\u200dष") == "क्\u200dष"

    def test_directional_marks_stay_and_overrides_go(self):
        assert normalise("שלום\u200f!") == "שלום\u200f!"
        assert normalise("\u202egnp.exe\u202c report") == "gnp.exe report"

    def test_a_lone_surrogate_becomes_the_replacement_character(self):
        assert normalise("a\ud800b") == "a\ufffdb"

    def test_a_non_breaking_space_stays_and_runs_of_spaces_shrink(self):
        assert normalise("5\u00a0km   and\tmore ") == "5\u00a0km and more"

    def test_hand_wrapped_prose_is_joined(self):
        raw = (
            "The harbour board said on Monday that it would\n"
            "close the eastern quay for repairs until the end of\n"
            "the year. Ferries will leave from the western quay.\n"
            "\n"
            "Fares stay the same."
        )
        assert normalise(raw) == (
            "The harbour board said on Monday that it would close the eastern quay for repairs until the end "
            "of the year. Ferries will leave from the western quay.\n\nFares stay the same."
        )

    def test_lines_that_are_whole_paragraphs_stay_apart(self):
        first = "The council met on Monday, and " + "talked " * 20 + "until late."
        second = "It meets again on Friday."
        assert normalise(f"{first}\n{second}") == f"{first}\n\n{second}"

    def test_list_items_stay_apart(self):
        raw = "The plan has three parts\n- a new bridge over the river at the old mill\n- a tunnel\n- a ferry"
        assert normalise(raw).split("\n\n") == [
            "The plan has three parts",
            "- a new bridge over the river at the old mill",
            "- a tunnel",
            "- a ferry",
        ]

    def test_the_rows_of_a_table_stay_apart(self):
        raw = "Wheat......................736.7 up.......2.1\nMaize......................734.6 up.......2.2"
        assert len(paragraphs(normalise(raw))) == 2

    def test_a_name_and_a_role_on_two_lines_stay_apart(self):
        assert normalise("Ada Quill\nPolitics Editor") == "Ada Quill\n\nPolitics Editor"

    def test_a_word_broken_at_its_hyphen_gets_no_space(self):
        raw = "The minister defended what he called a long-\nterm plan for the whole of the northern coast."
        assert "long-term plan" in normalise(raw)

    def test_chinese_lines_are_joined_without_a_space(self):
        raw = "中" * 55 + "\n" + "文" * 40 + "。"
        assert normalise(raw) == "中" * 55 + "文" * 40 + "。"

    def test_one_line_makes_one_line(self):
        assert one_line(" A headline\n\nthat was  broken ") == "A headline that was broken"


class TestParagraphs:
    @given(canonical)
    def test_paragraphs_joined_by_blank_lines_are_the_text(self, text):
        found = paragraphs(text)
        assert "\n\n".join(text[p.start : p.end] for p in found) == text
        assert [p.number for p in found] == list(range(len(found)))

    def test_an_empty_text_has_none(self):
        assert paragraphs("") == []


class TestQuotations:
    @pytest.mark.parametrize(
        "quoted",
        [
            "“Yes. No.”",
            '"Yes. No."',
            "''Yes. No.''",
            "``Yes. No.''",
            "‘Yes. No.’",
            "'Yes. No.'",
            "«Yes. No.»",
            "« Yes. No. »",
            "»Yes. No.«",
            "„Yes. No.“",
            "„Yes. No.”",
            "”Yes. No.”",
            "‚Yes. No.‘",
            "「Yes. No.」",
        ],
    )
    def test_every_style_of_mark_is_paired(self, quoted):
        text = f"She said {quoted} and left."
        assert quotations(text, 0, len(text)) == [(9, 9 + len(quoted))]

    def test_an_unclosed_mark_quotes_to_the_end_of_its_paragraph(self):
        text = "He said: “One. Two."
        assert quotations(text, 0, len(text)) == [(9, len(text))]

    def test_apostrophes_inches_and_possessives_quote_nothing(self):
        text = "It's the workers' 5\" pipe in the '90s, don't you know, rock 'n' roll."
        assert quotations(text, 0, len(text)) == []

    def test_a_possessive_plural_does_not_close_a_single_quotation(self):
        text = "‘The workers’ rights are safe,’ he said."
        assert quotations(text, 0, len(text)) == [(0, 31)]

    def test_nested_marks_make_one_span(self):
        text = "“He told me ‘never. ever’ again,” she said."
        assert quotations(text, 0, len(text)) == [(0, 33)]

    @given(canonical)
    def test_spans_are_sorted_and_apart(self, text):
        for paragraph in paragraphs(text):
            last = paragraph.start
            for left, right in quotations(text, paragraph.start, paragraph.end):
                assert last <= left < right <= paragraph.end
                last = right


class TestSentences:
    @given(canonical)
    def test_every_visible_character_is_in_exactly_one_sentence(self, text):
        covered = [0] * len(text)
        for sentence in sentences(text):
            assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end] != ""
            for position in range(sentence.start, sentence.end):
                covered[position] += 1
        assert all(n == 1 for n, c in zip(covered, text, strict=True) if not c.isspace())
        assert all(n <= 1 for n in covered)

    @given(canonical)
    def test_a_sentence_is_within_the_paragraph_it_names(self, text):
        found = paragraphs(text)
        for sentence in sentences(text):
            paragraph = found[sentence.paragraph]
            assert paragraph.start <= sentence.start < sentence.end <= paragraph.end

    @given(
        st.sampled_from(["“{}”", '"{}"', "«{}»", "„{}“", "‘{}’", "''{}''"]),
        st.lists(
            st.sampled_from(["We won.", "They lost!", "Who knows?", "So it goes…"]), min_size=1, max_size=4
        ),
    )
    def test_a_sentence_never_ends_inside_quotation_marks(self, marks, said):
        quotation = marks.format(" ".join(said))
        text = f"It rained. She told us {quotation} Then she left. He stayed."
        assert any(quotation in found for found in sentence_texts(text))

    @pytest.mark.parametrize(
        "whole",
        [
            "Mr. Hunt met Gen. Lee in St. Ives.",
            "The U.S. Senate met on Jan. 5 at 5.30 p.m. Eastern time.",
            "J. K. Rowling sold 3.5 million books.",
            "No. 10 would not say.",
            "3. The bridge over the river.",
            "Am 7. Oktober war es so weit.",
            "“Why now?” Mr Hunt asked.",
            "“Stop!” shouted the minister.",
            "She waited ... and waited.",
            "Acme Inc. Chairman Jo Bell resigned.",
        ],
    )
    def test_what_is_one_sentence_stays_one(self, whole):
        assert sentence_texts(whole) == [whole]

    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("He said no. Then he left.", ["He said no.", "Then he left."]),
            ("They fled the U.S. The army followed.", ["They fled the U.S.", "The army followed."]),
            ("Really? Yes! Fine.", ["Really?", "Yes!", "Fine."]),
            ("“It is over.” Mr Hunt left.", ["“It is over.”", "Mr Hunt left."]),
            ("(It rained.) We left.", ["(It rained.)", "We left."]),
            ("« Oui. Non. » Il part.", ["« Oui. Non. »", "Il part."]),
            ("これは文です。次です。", ["これは文です。", "次です。"]),
            ("यह वाक्य है। यह दूसरा है।", ["यह वाक्य है।", "यह दूसरा है।"]),
            ("It was 2019. Everyone knew.", ["It was 2019.", "Everyone knew."]),
        ],
    )
    def test_what_is_several_sentences_is_parted(self, text, parts):
        assert sentence_texts(text) == parts

    def test_a_heading_without_a_full_stop_is_a_sentence(self):
        text = "What happens next\n\nNobody knows. We wait."
        assert [s.paragraph for s in sentences(text)] == [0, 1, 1]


class TestWords:
    @given(canonical, st.data())
    def test_every_visible_character_of_the_span_is_in_exactly_one_token(self, text, data):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        found = words_of(text, start, end)
        rebuilt = "".join(text[word.start : word.end] for word in found)
        assert rebuilt == "".join(text[start:end].split())
        for before, after in pairwise(found):
            assert before.end <= after.start
        assert all(start <= word.start < word.end <= end for word in found)

    def test_quotation_marks_are_tokens_by_themselves(self):
        assert word_texts("“We won’t,” he said.") == ["“", "We", "won’t", ",", "”", "he", "said", "."]

    def test_words_keep_what_is_within_them(self):
        words = ["the", "U.S.", "paid", "$5.3bn", "(", "5%", ")", "for", "non-core", "5G", "in", "2019–20"]
        assert word_texts("the U.S. paid $5.3bn (5%) for non-core 5G in 2019–20") == words

    def test_a_dash_between_words_parts_them(self):
        assert word_texts("won—“really”—that") == ["won", "—", "“", "really", "”", "—", "that"]


class TestCounting:
    def test_only_runs_with_a_letter_or_digit_are_words(self):
        assert count_words("“We won’t” — he said, in 2019 …") == 6

    def test_the_digest_is_the_sha256_of_the_utf8(self):
        assert digest("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


class TestBrowserOffsets:
    @given(
        st.text(alphabet=st.one_of(st.sampled_from("aé“🙂👩🏽\U00020000"), st.characters(codec="utf-8"))),
        st.data(),
    )
    def test_there_and_back_is_the_same_offset(self, text, data):
        offset = data.draw(st.integers(0, len(text)))
        there = to_utf16(text, offset)
        assert there == len(text[:offset].encode("utf-16-le")) // 2
        assert from_utf16(text, there) == offset

    def test_an_emoji_counts_two_in_the_browser(self):
        assert to_utf16("🙂 yes", 2) == 3
        assert from_utf16("🙂 yes", 3) == 2

    @pytest.mark.parametrize("offset", [1, -1, 7])
    def test_half_an_emoji_and_places_outside_the_text_are_refused(self, offset):
        with pytest.raises(ValueError, match="offset"):
            from_utf16("🙂 yes", offset)

    @pytest.mark.parametrize("offset", [-1, 6])
    def test_code_points_outside_the_text_are_refused(self, offset):
        with pytest.raises(ValueError, match="outside"):
            to_utf16("🙂 yes", offset)
