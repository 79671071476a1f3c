"""Two versions of a text for reading side by side: paragraph by paragraph, word by word; in bounded time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotations.aligning import align
from annotations.anchoring import Operation, word_diff
from articles.typography import tokens

MOST_IN_WORDS = 120_000
"""Characters of changed paragraphs, old and new, that are compared word by word; of more, paragraphs are told whole."""

BREAK = "\n\n"
SIGN = "¶"
"""Stands for the end of a paragraph that was taken out or put in."""

type Piece = tuple[Operation, str]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that differs, in pieces."""

    pieces: list[Piece]

    @property
    def is_removed(self) -> bool:
        return all(operation == "removed" for operation, _ in self.pieces)

    @property
    def is_added(self) -> bool:
        return all(operation == "added" for operation, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class Same:
    """Paragraphs that follow each other and are the same in both, but for typography; as the newer text has them."""

    texts: list[str]


type Row = Paragraph | Same


def compare(old: str, new: str) -> list[Row]:
    """The paragraphs of two canonical texts in reading order. Only typography differing is no difference.

    A paragraph that was split or joined is shown with signs for the breaks. Within MOST_IN_WORDS words are compared,
    beyond that whole paragraphs.
    """
    before, after = old.split(BREAK), new.split(BREAK)
    both = {*before} & {*after}
    same = align([_key(one, both) for one in before], [_key(one, both) for one in after])
    rows: list[Row] = []
    left = MOST_IN_WORDS
    for (i, j), (k, m) in pairwise([(-1, -1), *same, (len(before), len(after))]):
        removed, added = before[i + 1 : k], after[j + 1 : m]
        length = sum(map(len, removed)) + sum(map(len, added))
        rows += _changed(removed, added, in_words=length <= left)
        left -= length if length <= left else 0
        if m == len(after):
            break
        if rows and isinstance(rows[-1], Same):
            rows[-1].texts.append(after[m])
        else:
            rows.append(Same([after[m]]))
    return rows


def is_same(rows: Sequence[Row]) -> bool:
    """Whether nothing differs."""
    return all(isinstance(row, Same) for row in rows)


def _key(paragraph: str, both: set[str]) -> str:
    return paragraph if paragraph in both else "\n".join(form for _, _, form in tokens(paragraph))


def _changed(removed: Sequence[str], added: Sequence[str], *, in_words: bool) -> Iterator[Paragraph]:
    if in_words and removed and added:
        yield from _paragraphs(word_diff(BREAK.join(removed), BREAK.join(added)))
        return
    for text in removed:
        yield Paragraph([("removed", text)])
    for text in added:
        yield Paragraph([("added", text)])


def _paragraphs(pieces: Sequence[Piece]) -> Iterator[Paragraph]:
    """Pieces of several paragraphs, cut where the new text has a paragraph's end."""
    row: list[Piece] = []
    rows: list[tuple[list[Piece], bool]] = []
    for operation, text in pieces:
        for number, part in enumerate(text.split(BREAK)):
            if number and operation == "removed":
                row.append(("removed", BREAK))
            elif number:
                rows.append((row, operation == "added"))
                row = []
            if part:
                row.append((operation, part))
    rows.append((row, False))
    for number, (row, is_new_end) in enumerate(rows):
        following = rows[number + 1][0] if number + 1 < len(rows) else []
        was_split = is_new_end and _holds_old(row) and _holds_old(following)
        yield from _apart([*row, ("added", SIGN)] if was_split else row)


def _holds_old(row: Sequence[Piece]) -> bool:
    return any(operation == "same" and text.strip() for operation, text in row)


def _apart(row: Sequence[Piece]) -> Iterator[Paragraph]:
    """A row, and by themselves the whole paragraphs that were taken out before, within or after it."""
    joined: list[Piece] = []
    part: list[Piece] = []
    for piece in [*row, ("removed", BREAK)]:
        if piece != ("removed", BREAK):
            part.append(piece)
            continue
        if part and all(operation == "removed" for operation, _ in part):
            if joined:
                yield Paragraph(joined)
                joined = []
            yield Paragraph(part)
        elif part:
            joined += [("removed", SIGN), *part] if joined else part
        part = []
    if joined:
        yield Paragraph(joined)
