"""Renderings of one utterance side by side: what each has of the longest of them, and what it leaves out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotations.anchoring import Operation, word_diff
from annotations.models import Quote

LEAST_SAME = 0.3
"""Of a rendering's letters, how many must stand in the longest one for a comparison to tell anything: not those of a
translation, or of the other end of a speech."""


@dataclass(frozen=True, slots=True)
class Side:
    """A rendering beside others. `diff` tells how its words differ from those of the longest one; nothing for that
    one itself, for the same words, and where it has too little in common with it."""

    quote: Quote
    is_longest: bool
    diff: list[tuple[Operation, str]]
    leaves_out: int
    adds: int

    @property
    def is_whole(self) -> bool:
        """Whether it has all the words of the longest one, and no others."""
        return not self.is_longest and not self.leaves_out and not self.adds


def side_by_side(quotes: Sequence[Quote]) -> list[Side]:
    """The quotes in their order, each compared with the longest; numbers are of words."""
    if not quotes:
        return []
    longest = max(quotes, key=lambda quote: (len(quote.words), -quote.pk))
    return [_side(quote, longest) for quote in quotes]


def _side(quote: Quote, longest: Quote) -> Side:
    if quote is longest:
        return Side(quote, True, [], 0, 0)
    diff = word_diff(longest.words, quote.words)
    same = sum(len(text) for operation, text in diff if operation == "same")
    are_comparable = same >= LEAST_SAME * len(quote.words)
    return Side(
        quote,
        False,
        diff if are_comparable and any(operation != "same" for operation, _ in diff) else [],
        _words(text for operation, text in diff if operation == "removed"),
        _words(text for operation, text in diff if operation == "added"),
    )


def _words(texts: Iterable[str]) -> int:
    return sum(any(map(str.isalnum, word)) for text in texts for word in text.split())
