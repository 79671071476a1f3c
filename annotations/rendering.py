"""An article's version as a page shows it: paragraphs of flat pieces, with numbered marks and their notes.

Works on plain data. What a mark stands for (a quote, an event) is carried along unread.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from annotations.segments import Mark, segments
from articles.text import Paragraph, paragraphs

type Span = tuple[int, int]
"""Start and end in code points, end exclusive."""


@dataclass(frozen=True, slots=True)
class Marked[T]:
    """What is to be marked: a thing, its name on the page, its tone, and the spans of its parts."""

    of: T
    name: str
    tone: str
    spans: Sequence[Span]


@dataclass(slots=True, eq=False)
class Note[T]:
    """A mark's note: its number in the text, and the notes whose marks overlap its own."""

    number: int
    of: T
    name: str
    tone: str
    overlaps: "list[Note[T]]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Piece[T]:
    """A run of text under the same marks, smallest first; plain text has none.

    `begins` are the notes whose first words these are, `ends` those of which a part ends here. `start` is where
    it stands in the article's text, in code points.
    """

    text: str
    notes: "tuple[Note[T], ...]"
    begins: "tuple[Note[T], ...]"
    ends: "tuple[Note[T], ...]"
    start: int


@dataclass(frozen=True, slots=True)
class Block[T]:
    """A paragraph: its number (from 0), its kind ("", heading, list-item, blockquote) and the notes beside it."""

    number: int
    kind: str
    pieces: "list[Piece[T]]"
    notes: "list[Note[T]]"


def blocks[T](text: str, kinds: Mapping[str, str], marked: Iterable[Marked[T]]) -> list[Block[T]]:
    """The paragraphs of a canonical text with their pieces and notes.

    `kinds` maps a paragraph's number, as a string, to its kind. Notes are numbered by where their marks begin, of
    two that begin together the longer one first, and stand beside the paragraph in which their mark begins. A mark
    may run over several paragraphs. Raises ValueError for a span that is not within the text.
    """
    placed = [(one, spans) for one in marked if (spans := _trimmed(text, one.spans))]
    placed.sort(key=lambda pair: (pair[1][0][0], -pair[1][-1][1], pair[0].name))
    notes = [Note(number, one.of, one.name, one.tone) for number, (one, _) in enumerate(placed, 1)]
    marks = [
        Mark(note, start, end) for note, (_, spans) in zip(notes, placed, strict=True) for start, end in spans
    ]
    ending: dict[int, set[Note[T]]] = defaultdict(set)
    for mark in marks:
        ending[mark.end].add(mark.id)  # type: ignore[arg-type]

    found = paragraphs(text)
    laid: list[Block[T]] = [Block(p.number, kinds.get(str(p.number), ""), [], []) for p in found]
    begun: set[Note[T]] = set()
    overlaps: dict[Note[T], set[Note[T]]] = defaultdict(set)
    for segment in segments(text, marks):
        over: tuple[Note[T], ...] = segment.ids  # type: ignore[assignment]
        for note in over:
            overlaps[note].update(over)
        for block, start, end in _cut(laid, found, segment.start, segment.end):
            begins = tuple(note for note in over if note not in begun)
            begun.update(begins)
            block.notes.extend(begins)
            ends = tuple(sorted(ending[end].intersection(over), key=_number))
            block.pieces.append(Piece(text[start:end], over, begins, ends, start))
    for note, others in overlaps.items():
        note.overlaps = sorted(others - {note}, key=_number)
    for block in laid:
        block.notes.sort(key=_number)
    return laid


def _number[T](note: Note[T]) -> int:
    return note.number


def _trimmed(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans in order, without the blank lines at their ends: nothing of those is drawn."""
    kept = []
    for start, end in sorted(spans):
        if not 0 <= start < end <= len(text):
            raise ValueError(f"The span {start} to {end} is not within a text of {len(text)} characters.")
        words = text[start:end]
        first, last = start + len(words) - len(words.lstrip("\n")), start + len(words.rstrip("\n"))
        if first < last:
            kept.append((first, last))
    return kept


def _cut[T](
    laid: Sequence[Block[T]], found: Sequence[Paragraph], start: int, end: int
) -> Iterator[tuple[Block[T], int, int]]:
    """The range from start to end, paragraph by paragraph; the blank lines between them are nobody's."""
    for place in range(bisect_right(found, start, key=lambda p: p.end), len(found)):
        paragraph = found[place]
        if paragraph.start >= end:
            return
        yield laid[place], max(start, paragraph.start), min(end, paragraph.end)


# -- the words at the outlet ---------------------------------------------------------------------------------

FRAGMENT_WORDS = 5
"""Words at either end of a long quote by which a browser finds it."""


def web_address(url: str) -> str:
    """The address, if it is one of the web; empty for any other, which a page must not link to."""
    try:
        return url if urlsplit(url).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def at_the_outlet(url: str, words: str) -> str:
    """The address of words on the outlet's own page, as a text fragment (WICG, "URL Fragment Text Directives").

    Long words are given by their first and last few. Empty where the address is none of the web.
    """
    if not web_address(url):
        return ""
    first, *others = [paragraph.split() for paragraph in words.split("\n") if paragraph.strip()] or [[]]
    last = others[-1] if others else first
    is_long = bool(others) or len(first) > 2 * FRAGMENT_WORDS
    ends = [first[:FRAGMENT_WORDS], last[-FRAGMENT_WORDS:]] if is_long else [first]
    address, _, fragment = url.partition("#")
    return f"{address}#{fragment}:~:text={','.join(_encoded(' '.join(part)) for part in ends)}"


def _encoded(words: str) -> str:
    # A dash, a comma and an ampersand mean something in a directive; the first is safe in other addresses.
    return percent_encoded(words, safe="").replace("-", "%2D")
