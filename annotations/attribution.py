"""What the text beside a quote tells about it: whether it is direct, the verb that attributes it, and to whom.

Only for proposals that an editor sees and may change. Nothing here knows people; it points at words.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from articles.text import Sentence, paragraphs, quotations, sentences

type Span = tuple[int, int]
"""Start and end in code points, end exclusive."""


def kind_of(text: str, spans: Sequence[Span]) -> str:
    """ "direct" where all the words of the spans stand in quotation marks, "mixed" where some do, else "indirect".

    A paragraph whose quotation is not closed counts as quoted to its end, as print does when the next goes on.
    """
    inside = total = 0
    found = paragraphs(text)
    for start, end in spans:
        total += _letters(text, start, end)
        first = bisect_right(found, start, key=lambda p: p.end)
        for paragraph in found[first:]:
            if paragraph.start >= end:
                break
            for left, right in quotations(text, paragraph.start, paragraph.end):
                inside += _letters(text, max(left, start), min(right, end))
    if not inside:
        return "indirect"
    return "direct" if inside == total else "mixed"


def _letters(text: str, start: int, end: int) -> int:
    return sum(1 for character in text[start:end] if character.isalnum())


@dataclass(frozen=True, slots=True)
class Attribution:
    """The words that attribute a quote, as they stand in the text; empty where none were found."""

    cue: str = ""
    mention: str = ""


def cue_near(text: str, spans: Sequence[Span]) -> str:
    """The verb of saying next to a quote, as it stands: "told", "according to"; empty where there is none."""
    return attribution_near(text, spans).cue


def mention_near(text: str, spans: Sequence[Span]) -> str:
    """How the text names the speaker beside the verb of saying: "he", "the foreign secretary"; may be empty."""
    return attribution_near(text, spans).mention


def attribution_near(text: str, spans: Sequence[Span]) -> Attribution:
    """The cue nearest to a quote, and its subject.

    Looked for outside the quote in its own sentences; then, where the quote is not all in quotation marks, within
    it ("urged Britain to …" is quote and cue in one); then, for a bare quotation, in the rest of its paragraph.
    """
    if not spans:
        return Attribution()
    ordered = sorted(spans)
    every = sentences(text)
    own = [s for s in every if any(s.start < end and start < s.end for start, end in ordered)]
    kind = kind_of(text, ordered)
    found = _nearest(text, own, ordered, hidden=ordered)
    if not found and kind != "direct":
        found = _nearest(text, own, ordered, hidden=[])
    if not found and kind == "direct":
        numbers = {s.paragraph for s in own}
        beside = [s for s in every if s.paragraph in numbers and s not in own]
        found = _nearest(text, beside, ordered, hidden=[])
    return found or Attribution()


# -- the cue -----------------------------------------------------------------------------------------------

_VERBS = """
    said says say saying told tells telling asked asks asking added adds adding claimed claims claiming
    insisted insists insisting argued argues arguing warned warns warning stated states announced announces
    announcing declared declares declaring denied denies denying admitted admits admitting confirmed confirms
    confirming conceded concedes suggested suggests suggesting predicted predicts believed believes thought thinks
    replied replies responded responds wrote writes writing explained explains explaining urged urges urging
    demanded demands demanding promised promises promising pledged pledges vowed vows accused accuses accusing
    rejected rejects rejecting dismissed dismisses dismissing refused refuses condemned condemns praised praises
    noted notes noting stressed stresses stressing emphasised emphasises emphasized emphasizes acknowledged
    acknowledges agreed agrees disagreed disagrees complained complains joked jokes quipped tweeted tweets recalled
    recalls revealed reveals reported reports reiterated reiterates maintained maintains contended contends
    asserted asserts alleged alleges hinted hints doubted doubts questioned questions expected expects hoped hopes
    feared fears concluded concludes cautioned cautions cautioning remarked remarks observed observes commented
    comments continued continues repeated repeats proposed proposes recommended recommends boasted lamented mused
    countered retorted testified posted called calls described describes hailed blamed blames threatened threatens
    say tell think believe argue warn insist claim deny reportedly allegedly
"""
_CUE = re.compile(
    r"\b(?:according to|in the words of|pointed out|points out|made (?:it )?clear|makes (?:it )?clear|"
    + "|".join(sorted(_VERBS.split(), key=len, reverse=True))
    + r")\b",
    re.IGNORECASE,
)
_PREPOSITIONAL = ("according to", "in the words of")
_NO_CUE_AFTER = re.compile(
    r"(?:\b(?:the|a|an|his|her|its|their|this|that|as|be|been|is|are|was|were|to)|[’'-])\s*$", re.I
)
_HIDDEN = "\x00"


def _nearest(
    text: str, looked: Sequence[Sentence], spans: Sequence[Span], *, hidden: Sequence[Span]
) -> Attribution | None:
    best: tuple[int, Attribution] | None = None
    for sentence in looked:
        shown = _shown(text, sentence, hidden)
        for cue in _CUE.finditer(shown):
            if not _is_cue(shown, cue):
                continue
            distance = _distance(sentence.start + cue.start(), sentence.start + cue.end(), spans)
            if best is None or distance < best[0]:
                best = distance, Attribution(cue[0], _subject(shown, cue))
    return best[1] if best else None


def _is_cue(shown: str, cue: re.Match[str]) -> bool:
    """Not the noun in "the claims", the passive in "was told", the infinitive in "to say", the name in "the States"."""
    if cue[0].lower() in _PREPOSITIONAL:
        return True
    return cue[0][0].islower() and not _NO_CUE_AFTER.search(shown, 0, cue.start())


def _shown(text: str, sentence: Sentence, hidden: Sequence[Span]) -> str:
    """The sentence with what stands in quotation marks, and the hidden spans, blotted out."""
    letters = list(text[sentence.start : sentence.end])
    for left, right in [*quotations(text, sentence.start, sentence.end), *hidden]:
        for place in range(max(left, sentence.start), min(right, sentence.end)):
            letters[place - sentence.start] = _HIDDEN
    return "".join(letters)


def _distance(start: int, end: int, spans: Sequence[Span]) -> int:
    """Code points between the cue and the nearest end of the spans."""
    return min(
        min(abs(start - right), abs(left - end)) if not left <= start < right else start - left
        for left, right in spans
    )


# -- the subject -------------------------------------------------------------------------------------------

_BOUNDARY = re.compile(rf"[{_HIDDEN}.;:!?—–()\"“”]|\s[-]\s")


def _lexicon(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NOT_SUBJECT = _lexicon(
    """that when while as after before because if but and or so then who which whom since although though where
    have has had having was were is are be been would will could should may might must can did does do not never
    also later earlier previously repeatedly reportedly again now still yet already just even further both"""
)
_LEADING = re.compile(
    r"^(?:but|and|so|yet|then|however|meanwhile|instead|still|earlier|later|separately|afterwards|today|yesterday|"
    r"also|last \w+|this \w+|on \w+day(?: \w+)?|in (?:an?|the) \w+|in [A-Z0-9]\w+)\b,?\s*",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\s(?:yesterday|today|last \w+|on \w+day(?: \w+)?|\w+ (?:days|weeks|months|years) ago)$", re.IGNORECASE
)
_PRONOUN = re.compile(r"^(?:he|she|they|it|we|i|who)$", re.IGNORECASE)
_AFTER_SUBJECT = re.compile(
    r"\s(?:on|in|at|during|after|before|when|as|while|who|that|told|to|by|with|from|this|last|yesterday|today|"
    r"earlier|later|late|and|but|had|has|was|is|will|would|adding|saying)\b",
    re.IGNORECASE,
)
_LONGEST = 12
"""Words that a mention may have; more is no mention but a misreading."""


def _subject(shown: str, cue: re.Match[str]) -> str:
    if cue[0].lower() in _PREPOSITIONAL:
        return _noun_phrase_after(shown[cue.end() :])
    before = shown[: cue.start()].rstrip(" ,")
    if not before or before[-1] in f'{_HIDDEN}"“”':
        return _noun_phrase_after(shown[cue.end() :])
    return _noun_phrase_before(shown[: cue.start()])


def _noun_phrase_after(rest: str) -> str:
    """ "the foreign secretary, Jeremy Hunt, on Wednesday." → "the foreign secretary, Jeremy Hunt"."""
    rest = _BOUNDARY.split(rest.replace("Mr. ", "Mr ").replace("Mrs. ", "Mrs "), maxsplit=1)[0]
    first, *more = rest.split(",")
    cut = _AFTER_SUBJECT.search(first)
    if cut:
        return _sound(first[: cut.start()])
    if more and re.match(r"\s(?:[A-Z][\w.’'-]*|(?:the|a|an|his|her)\s)", more[0]):
        apposed = _AFTER_SUBJECT.search(more[0])
        return _sound(f"{first},{more[0][: apposed.start()] if apposed else more[0]}")
    return _sound(first)


def _noun_phrase_before(before: str) -> str:
    """ "But the US secretary of state, Mike Pompeo, also" → "the US secretary of state, Mike Pompeo"."""
    clause = _BOUNDARY.split(before)[-1].strip()
    words = clause.split()
    while words and (words[-1].lower().strip(",") in _NOT_SUBJECT or words[-1].endswith("ly")):
        words.pop()
    clause = " ".join(words)
    apposed = clause.endswith(",")
    pieces = [piece.strip() for piece in clause.rstrip(",").split(",")]
    kept = pieces[-2:] if apposed and len(pieces) > 1 else pieces[-1:]
    phrase = ", ".join(kept)
    while (shorter := _LEADING.sub("", phrase)) != phrase:
        phrase = shorter
    words = _WHEN.sub("", phrase).split()
    if words and _PRONOUN.match(words[-1]):
        return words[-1]
    for place in range(len(words) - 1, -1, -1):
        if words[place].lower().strip(",") in _NOT_SUBJECT:
            words = words[place + 1 :]
            break
    return _sound(" ".join(words))


def _sound(phrase: str) -> str:
    """The phrase if it can name somebody, else nothing."""
    phrase = phrase.strip(" ,’'")
    words = phrase.split()
    if not 0 < len(words) <= _LONGEST or _HIDDEN in phrase or not any(c.isalpha() for c in phrase):
        return ""
    begins = re.match(
        r"(?:the|a|an|his|her|its|their|one|another|some|several|two|three|\d+)\b", phrase, re.I
    )
    return phrase if words[0][0].isupper() or begins or _PRONOUN.match(phrase) else ""


_NAME = re.compile(r"(?:[A-Z][\w’'-]*\.?\s+(?:(?:of|de|von|van|al|bin|the)\s+)?)*[A-Z][\w’'-]*")
_TITLES = re.compile(r"^(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady|Prof|President|Senator)\.?\s+)+")
_DEPENDS = re.compile(r"\b(?:of|from|in|at|for|by|with|to|on|near)\s+(?:the\s+)?$")


def candidates(mention: str) -> Iterator[str]:
    """The names in a mention, the whole of it first: "the foreign secretary, Jeremy Hunt" → …, "Jeremy Hunt".

    Titles such as Mr are left out, and names that only say of where or of what: "a leak from the Security Council".
    """
    yield mention
    for match in _NAME.finditer(mention):
        name = _TITLES.sub("", match[0])
        if name and name != mention and not _DEPENDS.search(mention, 0, match.start()):
            yield name
