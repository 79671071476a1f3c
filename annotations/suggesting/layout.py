"""The lie of a text: its paragraphs, sentences and quotations, and which of these a place is in."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from annotations.suggesting.found import Span
from articles.text import Paragraph, Sentence, paragraphs, quotations, sentences

WORD = re.compile(r"\w+(?:[’'\-.]\w+)*")
"""What counts as a word when spans are compared."""


@dataclass(frozen=True, slots=True)
class Region:
    """Words in quotation marks, marks included."""

    start: int
    end: int
    words: int


class Layout:
    """Paragraphs, sentences and quotations of a text, with look-ups by place.

    `kinds` says which paragraphs are a heading, a list item or a block quotation.
    """

    def __init__(self, text: str, kinds: Mapping[int, str] | None = None) -> None:
        self.text = text
        self.kinds = kinds or {}
        self.paragraphs: list[Paragraph] = paragraphs(text)
        self.sentences: list[Sentence] = sentences(text)
        self.regions = [
            Region(start, end, sum(1 for _ in WORD.finditer(text, start, end)))
            for paragraph in self.paragraphs
            for start, end in self._quoted(paragraph)
        ]
        self._starts = [s.start for s in self.sentences]
        self._region_starts = [r.start for r in self.regions]

    def _quoted(self, paragraph: Paragraph) -> list[Span]:
        """What a paragraph quotes; all of it where it is set as a block quotation."""
        if self.kinds.get(paragraph.number) == "blockquote":
            return [(paragraph.start, paragraph.end)]
        return quotations(self.text, paragraph.start, paragraph.end)

    def sentence_at(self, place: int) -> int:
        """The number of the sentence that holds a place."""
        return max(0, bisect_right(self._starts, place) - 1)

    def paragraph_at(self, place: int) -> int:
        """The number of the paragraph that holds a place."""
        return self.sentences[self.sentence_at(place)].paragraph if self.sentences else 0

    def region_at(self, place: int) -> Region | None:
        """The quotation that holds a place."""
        number = bisect_right(self._region_starts, place) - 1
        if number >= 0 and place < self.regions[number].end:
            return self.regions[number]
        return None

    def regions_in(self, start: int, end: int) -> list[Region]:
        """The quotations that begin in a span."""
        first = bisect_right(self._region_starts, start - 1)
        last = bisect_right(self._region_starts, end - 1)
        return self.regions[first:last]

    def kind_of(self, spans: list[Span]) -> str:
        """ "direct" where all letters stand in quotation marks, "mixed" where some do, else "indirect"."""
        inside = total = 0
        for start, end in spans:
            total += _letters(self.text, start, end)
            number = max(0, bisect_right(self._region_starts, start) - 1)
            for region in self.regions[number:]:
                if region.start >= end:
                    break
                inside += _letters(self.text, max(start, region.start), min(end, region.end))
        if not inside:
            return "indirect"
        return "direct" if inside >= 0.95 * total else "mixed"

    def count_words(self, spans: list[Span]) -> int:
        return sum(1 for start, end in spans for _ in WORD.finditer(self.text, start, end))


def _letters(text: str, start: int, end: int) -> int:
    return sum(map(str.isalnum, text[start:end])) if end > start else 0
