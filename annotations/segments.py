"""Flat segments of a text under overlapping marks, as a page can show them.

HTML cannot nest marks that overlap, so the text is cut wherever a mark begins or ends, and each piece
names all the marks over it.
"""

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of text, in code points, end exclusive. Several marks may share an id: the parts of a quote."""

    id: Hashable
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text, in code points, end exclusive, and the ids of its marks, smallest mark first."""

    start: int
    end: int
    ids: tuple[Hashable, ...]


def segments(
    length_or_text: int | str, marks: Iterable[Mark], start: int = 0, end: int | None = None
) -> list[Segment]:
    """The range from start to end as segments that follow one another without a gap.

    Marks are clipped to the range; a mark without characters in it is left out. Of two marks of one size
    the later one in the text comes first, then the later one given: what was laid on top. Raises ValueError
    when the range is not within the text.
    """
    length = length_or_text if isinstance(length_or_text, int) else len(length_or_text)
    end = length if end is None else end
    if not 0 <= start <= end <= length:
        raise ValueError(f"The range {start} to {end} is not within a text of {length} characters.")
    inside = [m for m in marks if max(m.start, start) < min(m.end, end)]
    inside.reverse()
    inside.sort(key=lambda m: (m.end - m.start, -m.start))

    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for rank, mark in enumerate(inside):
        opening.setdefault(max(mark.start, start), []).append(rank)
        closing.setdefault(min(mark.end, end), []).append(rank)

    found: list[Segment] = []
    open_ranks: list[int] = []
    for here, there in pairwise(sorted({start, end, *opening, *closing})):
        for rank in closing.get(here, ()):
            del open_ranks[bisect_left(open_ranks, rank)]
        for rank in opening.get(here, ()):
            insort(open_ranks, rank)
        ids = tuple(dict.fromkeys(inside[rank].id for rank in open_ranks))
        if found and found[-1].ids == ids:
            found[-1] = Segment(found[-1].start, there, ids)
        else:
            found.append(Segment(here, there, ids))
    return found
