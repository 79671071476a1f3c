"""Words and signs as they are compared, whatever marks, dashes and spaces they are printed with.

Offsets are Unicode code points, end exclusive.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest

_CJK = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff"
_DASHES = "-‐‑‒–—―−"
_TOKEN = re.compile(
    rf"""
      (?<!\w)[{_DASHES}]?\d+(?:[.,:]\d+)*\w*          # -5, 2,000, 5G: the sign belongs to the number
    | [{_CJK}]                                        # scripts without spaces, character by character
    | ['’]s\b                                         # Hunt's is Hunt
    | [^\W{_CJK}]+(?:['’](?!s\b)[^\W{_CJK}]+)*        # don't
    | [{_DASHES}]+ | \.{{2,}} | ''|``|[‘’]{{2}}
    | \S
    """,
    re.VERBOSE,
)
_FOLD = str.maketrans(
    dict.fromkeys("‘’‚‛′´`", "'") | dict.fromkeys('“”„‟″«»‹›"', '"') | dict.fromkeys(_DASHES, "-")
)
MARK = '"'
"""The form of every quotation mark, single or double."""


@lru_cache(maxsize=1 << 15)
def folded(token: str) -> str:
    """The form of a token: one for all kinds of quotation marks, one for all dashes, one for dots left out."""
    form = token.translate(_FOLD)
    if form.isalnum():
        return form
    if form == MARK or not form.strip("'"):
        return MARK
    if not form.strip("-"):
        return "-"
    return "…" if len(form) > 1 and not form.strip(".") else form


def tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Words and signs in order: start, end, and the form in which they are compared."""
    for match in _TOKEN.finditer(text):
        yield match.start(), match.end(), folded(match[0])


def differs_only_in_typography(old: str, new: str) -> bool:
    """Whether two canonical texts have the same words and signs in the same paragraphs.

    Spaces, and the kind of quotation marks, apostrophes, dashes and ellipses, may be others; a mark more or less,
    a capital or a comma is a change of the text. So is "may be" for "maybe".
    """
    if old == new:
        return True
    before, after = old.split("\n\n"), new.split("\n\n")
    return len(before) == len(after) and all(
        a == b or all(one == other for one, other in zip_longest(_forms(a), _forms(b)))
        for a, b in zip(before, after, strict=True)
    )


def _forms(paragraph: str) -> Iterator[str]:
    return (form for _, _, form in tokens(paragraph))
