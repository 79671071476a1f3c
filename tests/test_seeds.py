"""The sample story is sound: references resolve, words stand where it says, and nobody is made to speak."""

import datetime as dt
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).parent.parent / "seeds"
STORY: dict[str, Any] = tomllib.loads((SEEDS / "story.toml").read_text(encoding="utf-8"))
TEXTS = {
    (article["key"], number): (SEEDS / version["file"]).read_text(encoding="utf-8").removesuffix("\n")
    for article in STORY["articles"]
    for number, version in enumerate(article["versions"], start=1)
}
FOLD = str.maketrans("“”‘’–\u00a0", "\"\"''- ")

# Everything that may stand between quotation marks in the articles: words reported in public in May 2019.
REPORTED = (
    "made its views [on Huawei's potential inclusion] well known",
    "compromise",
    "considering the evidence",
    "imminently",
    "not be too long from now",
    "There is certainly the possibility of a delay in the process of the rollout of 5G: If you want to do 5G "
    "fastest then you do that without any consideration for security",
    "But we not prepared to do that. So I don't exclude the possibility that there will be some delay.",
)
# A made-up outlet may be quoted by another one.
FROM_THE_COURIER = (
    "Britain would never 'compromise' its position with the United States when it came to sharing "
    "intelligence, he said."
)


def keys(table: str, field: str = "key") -> list[str]:
    return [row[field] for row in STORY[table]]


def label(row: dict[str, Any]) -> str:
    return row.get("title") or f"{row['article']}: {row['parts'][0]['exact'][:40]}"


def offset(text: str, place: dict[str, Any]) -> int:
    """Where the words begin; asserts that they are there once, or that the seed says which time is meant."""
    exact = place["exact"]
    starts = [m.start() for m in re.finditer(re.escape(exact), text)]
    assert starts, f"not in the text: {exact}"
    assert len(starts) == 1 or "occurrence" in place, f"{len(starts)} times in the text: {exact}"
    return starts[place.get("occurrence", 1) - 1]


def in_double_marks(text: str) -> list[str]:
    return re.findall(r'"([^"]*)"', text.translate(FOLD))


def without_edits(text: str) -> str:
    """The words without square brackets, for comparing utterances."""
    return re.sub(r"\s*\[[^\]]*\]\s*", " ", text.translate(FOLD)).strip(" ,").casefold()


@pytest.mark.parametrize(("table", "field"), [("outlets", "key"), ("articles", "key"), ("actors", "key"),
                                               ("utterances", "key"), ("claims", "slug"), ("actors", "slug"),
                                               ("articles", "url"), ("outlets", "domain")])  # fmt: skip
def test_keys_are_unique(table: str, field: str) -> None:
    assert len(keys(table, field)) == len(set(keys(table, field)))


def test_made_up_outlets_say_so() -> None:
    for outlet in STORY["outlets"]:
        assert outlet["is_sample"] is True
        assert outlet["domain"].endswith(".example")
    domains = {outlet["key"]: outlet["domain"] for outlet in STORY["outlets"]}
    for article in STORY["articles"]:
        assert article["url"].startswith(f"https://{domains[article['outlet']]}/")
        assert "(sample)" in article["byline"]


def test_texts_are_canonical() -> None:
    for (article, _), text in TEXTS.items():
        assert text == unicodedata.normalize("NFC", text), article
        paragraphs = text.split("\n\n")
        assert all(p and "\n" not in p and p == p.strip() for p in paragraphs), article
        assert 200 <= len(text.split()) <= 500, article


def test_paragraph_kinds_point_at_paragraphs() -> None:
    for article in STORY["articles"]:
        for number, version in enumerate(article["versions"], start=1):
            count = len(TEXTS[article["key"], number].split("\n\n"))
            for paragraph, kind in version["kinds"].items():
                assert 0 <= int(paragraph) < count
                assert kind in {"heading", "list-item", "blockquote"}


def test_every_text_file_is_used() -> None:
    named = {version["file"] for article in STORY["articles"] for version in article["versions"]}
    assert named == {f"articles/{path.name}" for path in (SEEDS / "articles").iterdir()}


def test_instants_have_a_zone_and_follow_each_other() -> None:
    undated = [a["key"] for a in STORY["articles"] if "published_at" not in a]
    assert undated == ["gazette-explained"]
    for article in STORY["articles"]:
        instants = [article["published_at"]] if "published_at" in article else []
        instants += [version["recorded_at"] for version in article["versions"]]
        assert all(isinstance(i, dt.datetime) and i.tzinfo for i in instants)
        assert instants == sorted(instants)


def test_references_resolve() -> None:
    outlets, articles, actors = set(keys("outlets")), set(keys("articles")), set(keys("actors"))
    claims, utterances = set(keys("claims", "slug")), {u["key"]: u["speaker"] for u in STORY["utterances"]}
    roles = {role["key"]: actor["key"] for actor in STORY["actors"] for role in actor.get("roles", [])}
    assert {a["outlet"] for a in STORY["articles"]} == outlets
    assert set(utterances.values()) <= actors
    for actor in STORY["actors"]:
        for role in actor.get("roles", []):
            assert role["organisation"] in actors
            assert role["since"] <= role["until"]
    for quote in STORY["quotes"]:
        assert quote["article"] in articles
        assert "speaker" not in quote or quote["speaker"] in actors
        assert "role" not in quote or roles[quote["role"]] == quote["speaker"], label(quote)
        assert "utterance" not in quote or utterances[quote["utterance"]] == quote["speaker"], label(quote)
        relayed = quote.get("relayed_by", {})
        assert len(relayed) <= 1
        assert relayed.get("actor", "bbc") in actors
        assert relayed.get("outlet", "courier") in outlets
        stances = [stance["claim"] for stance in quote.get("stances", [])]
        assert set(stances) <= claims
        assert len(stances) == len(set(stances)), label(quote)
    assert {q["utterance"] for q in STORY["quotes"] if "utterance" in q} == set(utterances)


@pytest.mark.parametrize("quote", STORY["quotes"], ids=label)
def test_quote_stands_in_its_article(quote: dict[str, Any]) -> None:
    text = TEXTS[quote["article"], quote["version"]]
    end = 0
    for part in quote["parts"]:
        start = offset(text, part)
        assert start >= end, "parts overlap or are out of order"
        end = start + len(part["exact"])
    assert quote["mention"] in text
    assert quote["cue"] in text
    assert quote.get("said", {}).get("expression", "") in text

    words = " ".join(part["exact"] for part in quote["parts"]).translate(FOLD)
    if words == f'"{FROM_THE_COURIER}"':
        words = FROM_THE_COURIER.replace(
            "'", '"'
        )  # the outer marks are the quoted outlet's, not the speaker's
    outside = re.sub(r'"[^"]*"', "", words).strip()
    assert quote["kind"] == ("indirect" if outside == words else "mixed" if outside else "direct")


@pytest.mark.parametrize("row", [*STORY["quotes"], *STORY["events"]], ids=label)
def test_dates_and_status(row: dict[str, Any]) -> None:
    when = row.get("said", row.get("when", {}))
    assert ("earliest" in when) == ("latest" in when)
    assert "earliest" not in when or when["earliest"] <= when["latest"]
    article = next((a for a in STORY["articles"] if a["key"] == row.get("article")), {})
    if "earliest" in when and "article" in row:
        assert when["earliest"] <= article["published_at"].date(), "said before it was published"
    assert row["status"] in {"draft", "published", "rejected", "withdrawn"}
    assert (row["status"] == "withdrawn") == ("withdrawn_reason" in row)


@pytest.mark.parametrize("event", STORY["events"], ids=label)
def test_event_has_evidence(event: dict[str, Any]) -> None:
    assert event.get("evidence") or event.get("source_url")
    texts = [TEXTS[e["article"], e["version"]] for e in event.get("evidence", [])]
    for text, evidence in zip(texts, event.get("evidence", []), strict=True):
        offset(text, evidence)
    expression = event["when"].get("expression")
    assert not expression or any(expression in text for text in texts)


@pytest.mark.parametrize("text", TEXTS.values(), ids=lambda text: text[:30])
def test_nobody_is_quoted_beyond_what_was_reported(text: str) -> None:
    said = [without_edits(words) for words in REPORTED]
    for words in in_double_marks(text):
        if words == FROM_THE_COURIER:
            assert FROM_THE_COURIER in TEXTS["courier-allies", 1].replace('"', "'")
        else:
            assert any(without_edits(words) in whole for whole in said), words
    assert text.translate(FOLD).count('"') % 2 == 0


def test_second_version_rewords_two_quotes_and_drops_another() -> None:
    first, second, third = (TEXTS["courier-allies", number] for number in (1, 2, 3))
    gone = [
        part["exact"]
        for quote in STORY["quotes"]
        if quote["article"] == "courier-allies"
        for part in quote["parts"]
        if part["exact"] in first and part["exact"] not in second
    ]
    assert len(gone) == 3
    assert second != third
    assert second.translate(FOLD) == third.translate(FOLD)


def test_enough_of_everything() -> None:
    published = [quote for quote in STORY["quotes"] if quote["status"] == "published"]
    assert len(published) >= 18
    assert {quote["kind"] for quote in published} == {"direct", "mixed", "indirect"}
    assert {row["status"] for row in STORY["quotes"]} == {"draft", "published", "rejected", "withdrawn"}
    assert sum(event["status"] == "published" for event in STORY["events"]) >= 6
    positions = {stance["position"] for quote in published for stance in quote.get("stances", [])}
    assert positions == {"supports", "opposes", "mixed", "unclear"}
