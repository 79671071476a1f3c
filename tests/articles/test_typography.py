import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Story
from articles.text import normalise
from articles.typography import differs_only_in_typography, tokens
from tests.factories import NOW, TEXT, ArticleFactory, StoryFactory

SAME = {
    "curly marks": ('He said "never".', "He said “never”."),
    "double marks became single": ("He said “never”.", "He said ‘never’."),
    "doubled apostrophes": ("He said ``never''.", "He said “never”."),
    "apostrophes": ("It's the workers' right.", "It’s the workers’ right."),
    "angled marks": ("He said «never».", "He said “never”."),
    "a longer dash with spaces": ("The board--all of it--met.", "The board – all of it – met."),
    "a hyphen that does not break": ("a well-known man", "a well‑known man"),
    "dots": ("Well... no.", "Well… no."),
    "spaces that do not break": ("5 million", "5\u00a0million"),
    "a space before a sign": ("Really ?", "Really?"),
    "a space that was forgotten": ("The end.He left.", "The end. He left."),
}
OTHER = {
    "a word": ("He said never.", "He said ever."),
    "a capital": ("the minister", "the Minister"),
    "a comma": ("eats, shoots", "eats shoots"),
    "the marks are gone": ("He said “never”.", "He said never."),
    "a mark more": ("He said “never.", "He said “never”."),
    "words that grew together": ("It may be so.", "It maybe so."),
    "a minus sign": ("It was 5 degrees.", "It was -5 degrees."),
    "a range became a minus": ("between 10 – 20", "between 10 –20"),
    "a paragraph more": ("One. Two.", "One.\n\nTwo."),
    "a paragraph moved": ("One.\n\nTwo.", "Two.\n\nOne."),
    "a figure": ("2,000", "2.000"),
}


@pytest.mark.parametrize("name", SAME)
def test_spaces_marks_and_dashes_are_typography(name: str) -> None:
    assert differs_only_in_typography(*SAME[name])
    assert differs_only_in_typography(*reversed(SAME[name]))


@pytest.mark.parametrize("name", OTHER)
def test_anything_else_is_a_change_of_the_text(name: str) -> None:
    assert not differs_only_in_typography(*OTHER[name])
    assert not differs_only_in_typography(*reversed(OTHER[name]))


@given(st.text(alphabet="ab 5.\n’'\"“-–…世", max_size=60))
def test_a_text_in_other_marks_and_dashes_is_the_same_text(raw: str) -> None:
    text = re.sub("(['’])['’]+", r"\1", normalise(raw))  # two straight apostrophes are one quotation mark
    other = text.translate({ord("“"): '"', ord("’"): "'", ord("–"): "—"})
    assert differs_only_in_typography(text, other)
    assert differs_only_in_typography(text, text)


@given(st.text(max_size=80))
def test_every_character_but_spaces_is_in_exactly_one_token(text: str) -> None:
    spans = [(start, end) for start, end, _ in tokens(text)]
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    covered = {place for start, end in spans for place in range(start, end)}
    assert {n for n, character in enumerate(text) if not character.isspace()} <= covered


def test_a_long_text_is_told_apart_in_a_moment() -> None:
    text = "\n\n".join(f"It’s paragraph {n}: “words, words” – and more of them." for n in range(6000))
    started = time.perf_counter()
    assert differs_only_in_typography(text, text.replace("–", "-").replace("’", "'"))
    assert not differs_only_in_typography(text, text.replace("’", "'") + " One more.")
    assert time.perf_counter() - started < 5


# A version that is recorded.

RETYPESET = TEXT.replace("“", '"').replace("”", '"')


@pytest.mark.django_db
def test_a_version_in_other_marks_is_minor_by_itself_and_marks_no_story() -> None:
    story = StoryFactory(changed_at=NOW)
    article = ArticleFactory(stories=[story])
    later = NOW.replace(year=2020)
    version = article.record_version(RETYPESET, now=later, headline=article.headline.replace("-", "–"))
    assert version.number == 2
    assert version.minor
    assert Story.objects.get().changed_at == NOW
    assert not article.record_version(RETYPESET + " More.", now=later).minor
    assert Story.objects.get().changed_at == later


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "minor"), [(RETYPESET, False), (TEXT + " More.", True)])
def test_who_records_a_version_has_the_last_word(text: str, minor: bool) -> None:
    assert ArticleFactory().record_version(text, now=NOW, minor=minor).minor is minor


@pytest.mark.django_db
def test_another_headline_is_a_change_and_a_first_version_is_none() -> None:
    article = ArticleFactory()
    assert not article.versions.get().minor
    assert not article.record_version(TEXT, now=NOW, headline="Quite another").minor
