# ruff: noqa: E501
"""How good suggestions are, against articles whose quotes people have marked.

The measures follow PolNeAR (Newell et al., LREC 2018) and the work on it: two quotes match when their sets of words
overlap, intersection over union; matching is one to one, the best first. A match counts from 0.8. Every marked
attribution counts for precision; for recall only those that are reported speech: direct, mixed, or indirect with a
cue of speech and at least four words.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotations import dates
from annotations.suggesting.found import Span
from annotations.suggesting.suggestion import Suggestion, Tier

ENOUGH = 0.8
"""The overlap from which two quotes are the same."""

ROWS = ("direct", "mixed", "indirect", "quoted", "reported")

_ORDER = [tier.name.lower() for tier in Tier]

_WORD = re.compile(r"\w+(?:[’'\-.]\w+)*")
_NAME = re.compile(r"[A-Z][\w’'-]+")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")

type Words = frozenset[Span]
type Json = dict[str, Any]


def prediction(
    article_id: str,
    suggestions: Iterable[Suggestion],
    expressions: Iterable[tuple[Span, dates.Interval]] = (),
) -> Json:
    """Suggestions in the exchange format of one line an article."""
    return {
        "id": article_id,
        "quotes": [
            {
                "parts": [list(span) for span in made.spans],
                "speaker": list(span) if (span := said_by(made)) else None,
                "tier": made.tier.name.lower(),
            }
            for made in suggestions
        ],
        "dates": [
            {"span": list(span), "earliest": str(days.earliest), "latest": str(days.latest)}
            for span, days in expressions
        ],
    }


def said_by(made: Suggestion) -> Span | None:
    """The words that the article attributes to; the outlet where it is all that is named."""
    return made.mention_span or (made.relay.mention if made.relay else None)


def resolved_dates(text: str, published: dt.date | None) -> list[tuple[Span, dates.Interval]]:
    """The expressions of time in a text that mean days with a beginning and an end."""
    found = []
    for one in dates.find(text):
        days = dates.resolve(one.text, published, before=text[: one.start], after=text[one.end :])
        if days and days.earliest and days.latest:
            found.append(((one.start, one.end), days))
    return found


# -- quotes ------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """What is counted for one class of quotes. Shares are per cent."""

    gold: int = 0
    predicted: int = 0
    right: int = 0
    found: int = 0
    right_and_named: int = 0
    found_and_named: int = 0
    with_speaker: int = 0
    named: int = 0

    @property
    def precision(self) -> float:
        return _share(self.right, self.predicted)

    @property
    def recall(self) -> float:
        return _share(self.found, self.gold)

    @property
    def f(self) -> float:
        return _harmonic(self.precision, self.recall)

    @property
    def joint(self) -> float:
        """F where the speaker must be right too."""
        return _harmonic(
            _share(self.right_and_named, self.predicted), _share(self.found_and_named, self.gold)
        )

    @property
    def speakers(self) -> float:
        """How many of the matches have the right speaker, or the right name."""
        return _share(self.named, self.with_speaker)


@dataclass
class Scores:
    """The counts over all articles."""

    rows: dict[str, Row] = field(default_factory=lambda: {name: Row() for name in ROWS})
    tiers: Counter[str] = field(default_factory=Counter)
    tiers_right: Counter[str] = field(default_factory=Counter)
    dates: Counter[str] = field(default_factory=Counter)

    def add(self, gold: Mapping[str, Any], predicted: Mapping[str, Any]) -> None:
        """Count an article in."""
        if "quotes" in gold:
            self._add_quotes(gold["text"], gold["quotes"], predicted["quotes"])
        if "dates" in gold:
            self._add_dates(gold["dates"], predicted["dates"])

    def precision_of(self, tier: str) -> float:
        """How many of a tier's suggestions are right, words and speaker."""
        return _share(self.tiers_right[tier], self.tiers[tier])

    def share_of_dates(self, part: str, whole: str) -> float:
        return _share(self.dates[part], self.dates[whole])

    def _add_quotes(self, text: str, gold: Sequence[Json], predicted: Sequence[Json]) -> None:
        quoted = _quoted(text)
        predicted = [one for one in predicted if _words(text, one["parts"])]
        matches = _matches(
            [_words(text, one["content"]) for one in gold], [_words(text, one["parts"]) for one in predicted]
        )
        of_gold = {i: j for i, j, overlap in matches if overlap >= ENOUGH}
        of_predicted = {j: i for i, j in of_gold.items()}
        for i, quote in enumerate(gold):
            named = i in of_gold and _same_speaker(text, quote, predicted[of_gold[i]])
            for name in _classes_of_gold(text, quote):
                row = self.rows[name]
                row.gold += 1
                if i in of_gold:
                    row.found += 1
                    row.found_and_named += named
                    row.with_speaker += bool(quote["speaker"])
                    row.named += named and bool(quote["speaker"])
        for j, one in enumerate(predicted):
            named = j in of_predicted and _same_speaker(text, gold[of_predicted[j]], one)
            self.tiers[str(one.get("tier"))] += 1
            self.tiers_right[str(one.get("tier"))] += named
            kind = _kind(text, quoted, one["parts"])
            for name in (
                ([kind, "reported"] if kind == "indirect" else [kind, "quoted", "reported"]) if kind else []
            ):
                row = self.rows[name]
                row.predicted += 1
                row.right += j in of_predicted
                row.right_and_named += named

    def _add_dates(self, gold: Sequence[Json], predicted: Sequence[Json]) -> None:
        for one in gold:
            days = _days(one)
            if days is None:
                continue
            hits = [guess for guess in predicted if _overlap(guess["span"], one["span"])]
            self.dates["gold"] += 1
            self.dates["found"] += bool(hits)
            self.dates["right"] += any((guess["earliest"], guess["latest"]) == days for guess in hits)
        for guess in predicted:
            self.dates["predicted"] += 1
            self.dates["precise"] += any(_overlap(guess["span"], one["span"]) for one in gold)


def table(scores: Scores) -> Iterator[str]:
    """The scores as lines to print."""
    if scores.rows["reported"].gold or scores.rows["reported"].predicted:
        yield f"{'':10}{'marked':>8}{'suggested':>11}{'F':>7}{'prec.':>7}{'recall':>8}{'joint F':>9}{'speakers':>10}"
        for name, row in scores.rows.items():
            yield (
                f"{name:10}{row.gold:8}{row.predicted:11}{row.f:7.1f}{row.precision:7.1f}{row.recall:8.1f}"
                f"{row.joint:9.1f}{row.speakers:10.1f}"
            )
        for tier in sorted(scores.tiers, key=_ORDER.index):
            yield f"tier {tier}: {scores.tiers[tier]} suggested, {scores.precision_of(tier):.1f}% right with their speakers"
    if scores.dates["gold"]:
        yield (
            f"dates: {scores.dates['gold']} marked, {scores.share_of_dates('found', 'gold'):.1f}% found, "
            f"{scores.share_of_dates('right', 'gold'):.1f}% right, "
            f"precision {scores.share_of_dates('precise', 'predicted'):.1f}%"
        )


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0


def _words(text: str, spans: Iterable[Sequence[int]]) -> Words:
    return frozenset(match.span() for start, end in spans for match in _WORD.finditer(text, start, end))


def _matches(gold: Sequence[Words], predicted: Sequence[Words]) -> list[tuple[int, int, float]]:
    """Pairs with their overlap, one to one, the best first."""
    pairs = sorted(
        (
            (len(a & b) / len(a | b), i, j)
            for i, a in enumerate(gold)
            for j, b in enumerate(predicted)
            if not a.isdisjoint(b)
        ),
        reverse=True,
    )
    taken: set[tuple[str, int]] = set()
    found = []
    for overlap, i, j in pairs:
        if ("gold", i) not in taken and ("predicted", j) not in taken:
            taken |= {("gold", i), ("predicted", j)}
            found.append((i, j, overlap))
    return found


def _same_speaker(text: str, gold: Json, predicted: Json) -> bool:
    """Whether the mentions overlap, or share a word with a capital."""
    if not gold["speaker"]:
        return True
    guess = predicted.get("speaker")
    if not guess:
        return False
    if any(_overlap(guess, span) for span in gold["speaker"]):
        return True
    names = set(_NAME.findall(" ".join(text[start:end] for start, end in gold["speaker"])))
    return bool(names & set(_NAME.findall(text[guess[0] : guess[1]])))


def _overlap(one: Sequence[int], other: Sequence[int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _classes_of_gold(text: str, quote: Json) -> list[str]:
    if quote["type"] != "indirect":
        return [quote["type"], "quoted", "reported"]
    is_speech = quote.get("speech") and len(_words(text, quote["content"])) >= 4
    return ["indirect", "reported"] if is_speech else []


def _kind(text: str, quoted: Sequence[bool], spans: Iterable[Sequence[int]]) -> str:
    letters = [place for start, end in spans for place in range(start, end) if text[place].isalnum()]
    share = sum(quoted[place] for place in letters) / len(letters) if letters else 0
    return "" if not letters else "direct" if share >= 0.95 else "mixed" if share else "indirect"


def _quoted(text: str) -> list[bool]:
    """For each character whether it stands in double quotation marks.

    The marked articles were classed by this plain reading: by paragraph, an unclosed mark to its end, no single marks.
    """
    text = re.sub(r"(?<!')''(?!')", '""', text)
    mask = [False] * len(text)
    for paragraph in re.finditer(r"[^\n]+", text):
        opened = -1
        place = paragraph.start()
        while place < paragraph.end():
            mark = text[place]
            width = 2 if mark in '"‟' and text[place + 1 : place + 2] == mark else 1
            if mark in "“„«" or (mark in '"‟' and opened < 0):
                opened = place
            elif mark in "”»" and opened >= 0:
                mask[opened : place + 1] = [True] * (place + 1 - opened)
                opened = -1
            elif mark in '"‟':
                mask[opened : place + width] = [True] * (place + width - opened)
                opened = -1
            place += width
        if opened >= 0:
            mask[opened : paragraph.end()] = [True] * (paragraph.end() - opened)
    return mask


def _days(one: Json) -> tuple[str, str] | None:
    """The first and last day of a marked date, in ISO; None where it isn't one of the calendar."""
    first, last = one.get("when") or one.get("from"), one.get("when") or one.get("to")
    if not (first and last):
        return None
    begins, ends = _DATE.fullmatch(first[:10]), _DATE.fullmatch(last[:10])
    if not (begins and ends):
        return None
    year, month, day = (int(part) if part else None for part in ends.groups())
    assert year is not None
    if day is None:
        ending = dt.date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1) - dates.ONE_DAY
    else:
        ending = dt.date(year, month or 1, day)
    beginning = dt.date(int(begins[1]), int(begins[2] or 1), int(begins[3] or 1))
    return beginning.isoformat(), ending.isoformat()
