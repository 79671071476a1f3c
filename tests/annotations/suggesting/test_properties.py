"""What holds for every text: the spans are in it, in order and apart; nothing is raised; the same comes twice."""

import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.suggesting import load_nlp, parsing, suggest
from articles.text import normalise

PIECES = st.sampled_from(
    """
    said says told warned that whether to if who which Mr Hunt Jeremy he she They the minister officials according
    BBC claim his report adding and but yesterday on Monday 2019 not called urged Britain asked reported 5G I’m don’t
    “We wait,” “No.” , . : ; “ ” " ' '' ‘ ’ — – - ( ) … 😀 🇬🇧 ﷽ é ı
    """.split()  # noqa: SIM905
)
JOINTS = st.sampled_from([" ", "", "\n\n", " ", "\u00a0"])
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.tuples(PIECES, JOINTS), max_size=40).map(lambda parts: "".join(a + b for a, b in parts)),
)


def check(text: str, nlp) -> None:
    found = suggest(text, published=None, nlp=nlp)
    assert found == suggest(text, published=None, nlp=nlp)
    assert [made.spans for made in found] == sorted(made.spans for made in found)
    for made in found:
        assert made.spans
        end = 0
        for start, stop in made.spans:
            assert end <= start < stop <= len(text)
            assert text[start:stop].strip()
            end = stop
        for span, words in ((made.cue_span, made.cue), (made.mention_span, made.mention)):
            assert words == (text[slice(*span)] if span else "")
        if made.said:
            assert text[slice(*made.said.span)] == made.said.expression


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_rules_keep_to_the_text(text):
    check(normalise(text), None)


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_text_that_is_not_canonical_does_no_harm(text):
    check(text, None)


@given(TEXTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_parse_keeps_to_the_text(text):
    nlp = load_nlp()
    if nlp is None:
        pytest.skip("spaCy and its small English model are not installed")
    check(normalise(text), nlp)


@given(st.text(alphabet="😀🇬🇧é\u00a0", min_size=1, max_size=12))
@settings(max_examples=50, deadline=None)
def test_offsets_count_code_points_whatever_stands_before(lead):
    text = normalise("“We have not decided,” Mr Hunt said.")
    before = f"{lead}\n\n"
    [made] = suggest(before + text, published=None)
    assert [(before + text)[start:end] for start, end in made.spans] == ["“We have not decided,”"]
    assert made.mention == "Mr Hunt"


def counted(text: str) -> int:
    """How many calls it takes to find the quotes of a text."""
    count = 0

    def counting(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counting)
    try:
        suggest(text, published=None)
    finally:
        sys.setprofile(None)
    return count


def test_the_work_grows_with_the_text_and_not_faster():
    paragraph = (
        "Mr Hunt said on Monday that the network would be late, adding: “We wait.” Officials denied it.\n\n"
    )

    assert counted(normalise(paragraph * 80)) < 5 * counted(normalise(paragraph * 20))


@pytest.mark.parametrize(
    "piece", ["said ", "Mr Hunt said that ", "X, said Y, ", "“a” said ", "A.B. ", "“", "A "]
)
def test_what_is_no_prose_takes_no_more_work_for_each_word(piece):
    assert counted(piece * 4000) < 6 * counted(piece * 1000)


def test_the_model_is_loaded_once_and_each_text_parsed_once(monkeypatch):
    pytest.importorskip("spacy")
    import spacy

    if load_nlp() is None:
        pytest.skip("its small English model is not installed")
    parsing.load.cache_clear()
    loads = []
    real = spacy.load
    monkeypatch.setattr(spacy, "load", lambda *args, **options: loads.append(args) or real(*args, **options))
    nlp = load_nlp()
    assert load_nlp() is nlp
    assert len(loads) == 1

    parses = []

    class Counting:
        def make_doc(self, text):
            return nlp.make_doc(text)

        def __call__(self, doc):
            parses.append(doc)
            return nlp(doc)

    suggest("Mr Hunt said no.\n\nMs Li said yes.", published=None, nlp=Counting())
    assert len(parses) == 1


def test_without_spacy_there_is_no_parser(monkeypatch):
    parsing.load.cache_clear()
    monkeypatch.setitem(sys.modules, "spacy", None)
    try:
        assert load_nlp() is None
    finally:
        parsing.load.cache_clear()


def test_a_text_too_long_to_parse_is_read_by_rules(monkeypatch):
    monkeypatch.setattr("annotations.suggesting.LONGEST_PARSED", 10)
    [made] = suggest("“We have not decided,” Mr Hunt said.", published=None, nlp=object())
    assert made.mention == "Mr Hunt"
