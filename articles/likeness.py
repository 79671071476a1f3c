"""Whether two texts are copies of one another, told from a few numbers of each. Pure.

Agencies' stories are carried with another headline, another first line, other paragraphs, a cut end. So a text is told
by its sentences, as letters alone: of their 64-bit digests the smallest are kept, as in Broder, "On the resemblance
and containment of documents" (1997). Of two texts that share most sentences, most of the smallest are the same.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b

KEPT = 4
"""Numbers of a text."""

SHARED = 2
"""So many of them are the same in a copy: about half of the sentences."""

LETTERS = 40
"""A sentence with fewer is nobody's in particular: “He did not reply to a request for comment.”"""

_END = re.compile(r"(?:[.!?…]['\"”’)\]]*\s|\n)")
_NO_LETTERS = re.compile(r"[\W_]+")

type Sketch = tuple[int, ...]
"""The smallest digests of a text's sentences, ascending; signed 64-bit numbers. Empty for a text that tells nothing."""


def sketch(text: str) -> Sketch:
    """Of a text in canonical form; the same for the same words, whatever their quotation marks, case and paragraphs."""
    found = set()
    for sentence in _END.split(text):
        letters = _NO_LETTERS.sub("", sentence)
        if len(letters) >= LETTERS:
            digest = blake2b(letters.casefold().encode(), digest_size=8).digest()
            found.add(int.from_bytes(digest, signed=True))
    smallest = sorted(found)[:KEPT]
    return tuple(smallest) if len(smallest) >= SHARED else ()


def are_alike(one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether texts with these sketches seem to be copies."""
    return len(set(one) & set(other)) >= SHARED
