"""From the words of a quote to the wording of a claim, for an editor to finish: what pronouns mean stays theirs."""

import re
from collections.abc import Sequence

_MARKS = {"“": "”", "„": "“", "«": "»", "‘": "’", '"': '"'}
"""What opens a quotation, and what closes it."""
_OPENS, _CLOSES = "“„«", "”»"
_STOPS = (".", "!", "?", "…", "؟", "。", "！", "？")
_LOOSE = " ,;:–—-…"
"""What joins the words to the sentence around them."""
_THAT = re.compile(
    r"that,?\s+(?!(?:is|was|would|will|could|can|should|shall|had|has|did|does|may|might|must|were|are|wasn|isn)\b)"
)
"""The conjunction; before a verb "that" is a pronoun and stays: "that would be wrong"."""


def as_claim(parts: Sequence[str]) -> str:
    """The parts of a quote as one sentence: a capital first, a full stop last, without the "that" that led to it.

    Quotation marks around the whole, and those whose other one is not in the words, go.
    """
    text = ""
    for part in filter(None, (" ".join(part.split()) for part in parts)):
        if text and part[0].islower():
            text = text.rstrip(_LOOSE)  # “The bridge,” she said, “will be closed”
        text = f"{text} {part}".strip()
    text = _bare(text)
    led_by = _THAT.match(text)
    text = _bare(text[led_by.end() :] if led_by else text)
    if not text:
        return ""
    return _capital(text) if _is_ended(text) else f"{_capital(text)}."


def _bare(text: str) -> str:
    """Without what only stands at its ends because it was cut out of a sentence."""
    text = _paired(text).lstrip(_LOOSE).rstrip(_LOOSE.replace("…", ""))
    inner = text[1:-1]
    if len(text) > 2 and _MARKS.get(text[0]) == text[-1] and text[0] not in inner and text[-1] not in inner:
        return _bare(inner)
    return text


def _paired(text: str) -> str:
    """Without the quotation marks that open and never close, or close what never opened."""
    opened: list[int] = []
    stray: set[int] = set()
    for place, character in enumerate(text):
        if character in _OPENS and not (character == "“" and opened and text[opened[-1]] == "„"):
            opened.append(place)
        elif character in _CLOSES or character == "“":
            if opened:
                opened.pop()
            else:
                stray.add(place)
    stray.update(opened)
    if text.count('"') % 2:
        stray.add(text.index('"'))
    return "".join(character for place, character in enumerate(text) if place not in stray).strip()


def _is_ended(text: str) -> bool:
    return text.rstrip("”»’\"'").endswith(_STOPS)


def _capital(text: str) -> str:
    """With a capital first letter, behind a quotation mark too; a word like iPhone has its own."""
    first = next((place for place, character in enumerate(text) if character.isalnum()), 0)
    word = re.match(r"\w*", text[first:])
    if word and not word[0].islower():
        return text
    return f"{text[:first]}{text[first].upper()}{text[first + 1 :]}"
