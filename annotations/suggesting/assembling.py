# ruff: noqa: PLR0917, PLW2901
"""From what one sentence tells to whole quotes: the fragments around an attribution and beside it, made one."""

import re
from collections.abc import Sequence

from annotations.suggesting.found import Found, Span
from annotations.suggesting.layout import Layout, Region
from annotations.suggesting.lexicon import VERBS

_GAP = re.compile(r"[\s,;:—–\-]*")
_RIGHT_GAP = re.compile(r"[\s,:—–\-]*(?:(?:that|as)\s+)?")
_COMMA_END = re.compile(r"[,:;—–-]\s*$")
_LEAD = re.compile(r"(?:But|And|Yet|So|Still|However|Meanwhile|Also),?\s+(?=\w)")
_FEWEST_WORDS = 6
"""Of a bare quotation: fewer are a title or a nickname."""
_AFTER_NO_CONTENT = ("that", "to", "object", "about", "noun", "naming")


def assemble(layout: Layout, found: Sequence[Found]) -> list[Found]:
    """The attributions with their contents completed; those without content left out."""
    text = layout.text
    outside = [f for f in found if not layout.region_at(f.cue[0])]
    by_sentence: dict[int, list[Found]] = {}
    for one in outside:
        by_sentence.setdefault(layout.sentence_at(one.cue[0]), []).append(one)
    taken: set[int] = set()
    last: Found | None = None
    previous = None
    for number, sentence in enumerate(layout.sentences):
        here = by_sentence.get(number, [])
        regions = layout.regions_in(sentence.start, sentence.end)
        if not here or all(f.shape == "" and not _touches(layout, f, regions) for f in here):
            part = _bare(sentence.start, sentence.end, regions)
            if last is not None and previous is not None and part:
                same = sentence.paragraph == previous.paragraph
                leads = text[previous.end - 1] in ":," and sentence.paragraph == previous.paragraph + 1
                unclosed = _is_open(layout, previous.end) and sentence.paragraph == previous.paragraph + 1
                if same or leads or unclosed:
                    last.content.append(part)
                    if not last.shape:
                        last.shape = "quote"
                    taken.update(r.start for r in regions)
                    previous = sentence
                    continue
            last = None
            previous = sentence
            continue
        for place, one in enumerate(here):
            before = max((f.cue[1] for f in here[:place]), default=sentence.start)
            _complete(layout, one, sentence.start, sentence.end, before, taken, here)
        last = _heir(layout, here, text[sentence.end - 1] in ":,")
        previous = sentence
    return [f for f in outside if f.content]


def _touches(layout: Layout, one: Found, regions: Sequence[Region]) -> bool:
    return bool(regions) or one.shape != ""


def _is_open(layout: Layout, end: int) -> bool:
    """Whether a paragraph ends within a quotation that nothing closes."""
    return layout.region_at(end - 1) is not None and layout.text[end - 1] not in "\"'”’»"


def _heir(layout: Layout, here: Sequence[Found], leads: bool) -> Found | None:
    """Whose words a bare quotation after the sentence goes on with."""
    speech = [f for f in here if f.says]
    if leads and speech:
        return speech[-1]
    quoted = [f for f in speech if f.content and layout.kind_of(f.content) != "indirect"]
    if quoted:
        return quoted[-1]
    told = [f for f in speech if f.content]
    return told[-1] if told else None


def _hull(one: Found) -> Span:
    if one.speaker and one.how in ("subject", "agent", "relative") and abs(one.speaker[0] - one.cue[0]) < 200:
        return min(one.cue[0], one.speaker[0]), max(one.cue[1], one.speaker[1])
    return one.cue


def _complete(
    layout: Layout,
    one: Found,
    start: int,
    end: int,
    before: int,
    taken: set[int],
    here: Sequence[Found],
) -> None:
    text = layout.text
    frame = VERBS.get(text[one.cue[0] : one.cue[1]].lower())
    says = one.shape == "according" or (frame is not None and frame.takes("swx")) or " " in one.lemma
    hull = _hull(one)
    regions = layout.regions_in(start, end)
    if one.shape in ("according", "before", "around"):
        _parenthetical(layout, one, hull, start, end, before)
    if says and one.shape not in _AFTER_NO_CONTENT:
        left = [r for r in regions if r.end <= hull[0]]
        if left and _GAP.fullmatch(text, left[-1].end, hull[0]) and left[-1].start not in taken:
            _take_left(layout, one, left[-1], hull, start, before, taken)
    if says and one.shape in ("", "quote", "before", "around"):
        stop = min((f.cue[0] for f in here if f.cue[0] > hull[1]), default=end)
        right = [r for r in regions if hull[1] <= r.start < stop and r.start not in taken]
        if right and _leads(text[hull[1] : right[0].start]):
            one.content = [s for s in one.content if s[1] <= hull[0]]
            if one.content and layout.kind_of(one.content) == "indirect" and one.shape == "around":
                one.content = _kept_before_quote(text, one.content)
            one.content.append((right[0].start, right[0].end))
            taken.add(right[0].start)
            one.shape = one.shape or "quote"
    _widen(layout, one, taken)


def _leads(gap: str) -> bool:
    return bool(_RIGHT_GAP.fullmatch(gap) or (_COMMA_END.search(gap) and len(gap.split()) <= 20))


def _kept_before_quote(text: str, content: list[Span]) -> list[Span]:
    """What stands before an attribution that a quotation follows, where it begins the quotation's sentence."""
    start, end = content[0]
    words = text[start:end].split()
    if words and words[0].lower() in ("in", "on", "at", "asked", "when", "after", "during", "speaking", "as"):
        return []
    return content


def _take_left(
    layout: Layout, one: Found, region: Region, hull: Span, start: int, before: int, taken: set[int]
) -> None:
    text = layout.text
    begin = region.start
    if before == start:
        lead = text[start:begin]
        if lead.strip() and not _COMMA_END.search(lead):
            begin = start
    one.content = [s for s in one.content if s[0] >= hull[1] and one.shape in ("before", "around")]
    one.content.insert(0, (begin, region.end))
    one.shape = "quote"
    taken.add(region.start)


def _parenthetical(layout: Layout, one: Found, hull: Span, start: int, end: int, before: int) -> None:
    """Content around an attribution that is set apart by commas: "A, she said, B", "A, according to B"."""
    text = layout.text
    begin = start
    if lead := _LEAD.match(text, start, hull[0]):
        begin = lead.end()
    left = (begin, hull[0])
    edge = max(hull[1], one.adjunct[1] if one.adjunct else 0)
    right = (edge, end)
    spans: list[Span] = []
    if one.shape == "according":
        if layout.count_words([left]) > 1:
            spans.append(left)
        else:
            spans.append(right)
    elif one.shape == "around":
        if layout.count_words([left]) > 1:
            spans.append(left)
        spans.append(right)
    else:
        spans.append(left)
    one.content = spans


def _widen(layout: Layout, one: Found, taken: set[int]) -> None:
    """A quotation that a part touches belongs to it whole."""
    widened: list[Span] = []
    for start, end in sorted(one.content):
        for region in (layout.region_at(start), layout.region_at(end - 1)):
            if region and not region.start <= one.cue[0] < region.end:
                start, end = min(start, region.start), max(end, region.end)
        for region in layout.regions_in(start, end):
            taken.add(region.start)
        widened.append((start, end))
    one.content = widened


def _bare(start: int, end: int, regions: Sequence[Region]) -> Span | None:
    """The sentence where it begins with a quotation and is little else."""
    if not regions or regions[0].start > start:
        return None
    inside = sum(r.end - r.start for r in regions)
    return (start, end) if inside >= 0.7 * (end - start) else None


def bare_quotations(layout: Layout, covered: Sequence[Span]) -> list[Span]:
    """Paragraphs and sentences that are all quotation, and that no attribution reaches."""
    found = []
    for sentence in layout.sentences:
        regions = layout.regions_in(sentence.start, sentence.end)
        part = _bare(sentence.start, sentence.end, regions)
        if part is None or sum(r.words for r in regions) < _FEWEST_WORDS:
            continue
        if not any(start < part[1] and part[0] < end for start, end in covered):
            found.append(part)
    return found
