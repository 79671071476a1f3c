"""Moving the ends of a quote's parts by words, as the desk's buttons do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

from articles.text import Word, paragraphs, words_of

type Span = tuple[int, int]
"""Start and end in code points, end exclusive."""

type Edge = Literal["start", "end"]
type Way = Literal["earlier", "later"]


@dataclass(frozen=True, slots=True)
class Move:
    """One press of a button: an end of a part goes a word earlier or later, or a part is taken out."""

    part: int
    edge: Edge | None = None
    way: Way | None = None

    @classmethod
    def parse(cls, raw: str) -> Self:
        """From "0-start-earlier", "2-end-later" or "1-remove". Raises ValueError for anything else."""
        match raw.split("-"):
            case [part, ("start" | "end") as edge, ("earlier" | "later") as way] if part.isdecimal():
                return cls(int(part), edge, way)
            case [part, "remove"] if part.isdecimal():
                return cls(int(part))
        raise ValueError(f"{raw[:40]!r} is no move")


def moved(text: str, spans: Sequence[Span], move: Move) -> list[Span]:
    """The spans, in reading order, after a move.

    A part never loses its last word, never leaves the text and never runs into its neighbour: a move that would
    do so changes nothing. The only part is not taken out.
    """
    parts = sorted(spans)
    if move.part >= len(parts):
        return parts
    if move.edge is None:
        return [span for number, span in enumerate(parts) if number != move.part] if parts[1:] else parts
    start, end = parts[move.part]
    floor = parts[move.part - 1][1] if move.part else 0
    ceiling = parts[move.part + 1][0] if move.part + 1 < len(parts) else len(text)
    words = _words_around(text, start if move.edge == "start" else end)
    if move.edge == "start":
        places = [word.start for word in words if floor <= word.start < end]
        start = _next(places, start, move.way)
    else:
        places = [word.end for word in words if start < word.end <= ceiling]
        end = _next(places, end, move.way)
    parts[move.part] = (start, end)
    return parts


def _next(places: list[int], here: int, way: Way | None) -> int:
    if way == "earlier":
        return max((place for place in places if place < here), default=here)
    return min((place for place in places if place > here), default=here)


def _words_around(text: str, place: int) -> list[Word]:
    """The words of the paragraph at a place, and of those before and after it."""
    found = paragraphs(text)
    here = next((n for n, p in enumerate(found) if p.end >= place), len(found) - 1)
    near = found[max(0, here - 1) : here + 2]
    return [word for paragraph in near for word in words_of(text, paragraph.start, paragraph.end)]


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends; an empty one where it holds nothing else."""
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    return first, max(first, start + len(words.rstrip()))
