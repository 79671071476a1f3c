"""The article that everything began with, read as an import reads it."""

from pathlib import Path

import pytest

from annotations.suggesting import Kind, Suggestion, load_nlp, suggest
from articles.reading import read
from articles.reading.draft import ArticleDraft

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed article is not here")


@pytest.fixture(params=["rules", "spacy"])
def nlp(request: pytest.FixtureRequest):
    loaded = load_nlp() if request.param == "spacy" else None
    if request.param == "spacy" and loaded is None:
        pytest.skip("spaCy and its small English model are not installed")
    return loaded


@pytest.fixture
def article() -> ArticleDraft:
    path = next(SEEDS.glob("*.txt"))
    [draft] = read(path.name, path.read_bytes())
    assert isinstance(draft, ArticleDraft)
    assert draft.published_at is None
    return draft


@pytest.fixture
def found(article, nlp) -> list[Suggestion]:
    return suggest(article.text, published=None, kinds=article.kinds, nlp=nlp)


@pytest.mark.parametrize(
    ("name", "cue", "kind", "words"),
    [
        ("Mike Pompeo", "urged", Kind.INDIRECT, "the UK to consider ally relationships"),
        ("Mike Pompeo", "said", Kind.MIXED, 'the US has "made its views'),
        ("Jeremy Hunt", "insist", Kind.MIXED, 'that the UK would never "compromise" its position'),
        ("Jeremy Hunt", "said", Kind.MIXED, "that the UK is still weighing up its options"),
        ("Jeremy Wright", "said", Kind.INDIRECT, "that the security concerns around Huawei"),
        ("Jeremy Wright", "told", Kind.DIRECT, '"There is certainly the possibility of a delay'),
        ("Jeremy Wright", "added", Kind.MIXED, 'that it would "not be too long from now"'),
    ],
)
def test_the_three_ministers_words_come_with_their_speakers_and_kinds(article, found, name, cue, kind, words):
    [made] = [one for one in found if one.cue == cue and article.text[one.spans[0][0] :].startswith(words)]
    assert (made.speaker.name, made.kind) == (name, kind)


def test_wrights_words_to_lawmakers_have_two_parts(article, found):
    [made] = [one for one in found if one.cue == "told"]
    assert [article.text[start:end][:25] for start, end in made.spans] == [
        '"There is certainly the p',
        '"But we not prepared to d',
    ]


def test_the_bbc_is_the_relay_of_the_threat(article, found):
    threats = [
        made
        for made in found
        if any("cease its intelligence sharing" in article.text[start:end] for start, end in made.spans)
    ]
    assert threats
    assert {made.relay.name for made in threats if made.relay} == {"the BBC"}
    assert all(made.relay for made in threats)


def test_what_leans_on_an_unknown_day_stays_unresolved(found):
    said = [made.said for made in found if made.said]
    assert said
    assert all((one.earliest, one.latest) == (None, None) for one in said)
