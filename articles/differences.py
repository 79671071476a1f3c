"""Two texts compared word by word, for showing; in bounded time, whatever the texts are."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

type Operation = Literal["same", "removed", "added"]

MOST_PARAGRAPHS = 400
"""Paragraphs of both texts, between what is the same at their ends, up to which they are set against each other."""

MOST_WORDS = 1_500
"""Words and signs of a changed passage, of both texts, up to which it is compared word by word."""

CONTEXT = 80
"""Characters that are left of a long piece that is the same, on each side of a change."""

MARKUP = 12

_TOKEN = re.compile(r"\w+(?:['’]\w+)?|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    operation: Operation
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphs that belong together, in pieces; `skipped` is how many paragraphs before it are the same."""

    pieces: tuple[Piece, ...]
    skipped: int = 0


def passages(old: str, new: str, *, shortened: bool = True) -> Iterator[Passage]:
    """What differs between two canonical texts, passage by passage; with `shortened`, no more than it takes to see.

    The last passage has no pieces where only paragraphs that are the same follow.
    """
    before, after = old.split("\n\n") if old else [], new.split("\n\n") if new else []
    skipped = 0
    for tag, a, b, c, d in _compared(before, after, MOST_PARAGRAPHS):
        if tag == "equal":
            skipped += b - a
            continue
        pieces = _words("\n\n".join(before[a:b]), "\n\n".join(after[c:d]))
        yield Passage(tuple(_shortened(pieces) if shortened else pieces), skipped)
        skipped = 0
    if skipped:
        yield Passage((), skipped)


def _words(old: str, new: str) -> list[Piece]:
    if not (old and new):
        return [Piece("removed", old)] if old else [Piece("added", new)]
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []

    def put(operation: Operation, tokens: Sequence[str]) -> None:
        if text := "".join(tokens):
            if pieces and pieces[-1].operation == operation:
                pieces[-1] = Piece(operation, pieces[-1].text + text)
            else:
                pieces.append(Piece(operation, text))

    for tag, a, b, c, d in _compared(before, after, MOST_WORDS, is_junk=str.isspace):
        if tag == "equal":
            put("same", after[c:d])
        else:
            put("removed", before[a:b])
            put("added", after[c:d])
    return pieces


def _compared(
    old: Sequence[str], new: Sequence[str], most: int, is_junk: Callable[[str], bool] | None = None
) -> Iterator[tuple[str, int, int, int, int]]:
    """Opcodes as difflib has them. What is the same at both ends goes first; what is too long is one change."""
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)
    if head:
        yield "equal", 0, head, 0, head
    a, b, c, d = head, len(old) - tail, head, len(new) - tail
    if b - a + d - c > most:
        yield "replace", a, b, c, d
    elif b > a or d > c:
        matcher = SequenceMatcher(is_junk, old[a:b], new[c:d])
        for tag, one, two, three, four in matcher.get_opcodes():
            yield tag, a + one, a + two, c + three, c + four
    if tail:
        yield "equal", b, len(old), d, len(new)


def _shortened(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The same pieces, the long ones that are the same cut down to what stands beside a change."""
    last = len(pieces) - 1
    for number, piece in enumerate(pieces):
        if piece.operation != "same" or len(piece.text) <= 2 * CONTEXT + 20:
            yield piece
        elif number == 0:
            yield Piece("same", "… " + piece.text[-CONTEXT:].partition(" ")[2])
        elif number == last:
            yield Piece("same", piece.text[:CONTEXT].rpartition(" ")[0] + " …")
        else:
            start, end = piece.text[:CONTEXT].rpartition(" ")[0], piece.text[-CONTEXT:].partition(" ")[2]
            yield Piece("same", f"{start} … {end}")


def cut(found: Iterator[Passage], most: int) -> tuple[list[Passage], bool]:
    """The passages up to that many characters, each piece with MARKUP more, and whether there are more."""
    taken: list[Passage] = []
    length = 0
    for passage in found:
        pieces: list[Piece] = []
        for piece in passage.pieces:
            room = max(0, most - length)
            if len(piece.text) > room:
                pieces.append(Piece(piece.operation, piece.text[:room].rpartition(" ")[0] + " …"))
                return [*taken, Passage(tuple(pieces), passage.skipped)], True
            pieces.append(piece)
            length += len(piece.text) + MARKUP
        taken.append(Passage(tuple(pieces), passage.skipped))
    return taken, False
