# ruff: noqa: PLR0917, PLW2901
"""From what one sentence tells to whole quotes: the fragments around an attribution and beside it, made one."""

import re
from collections.abc import Sequence

from annotations.suggesting.found import Found, Span
from annotations.suggesting.layout import Layout, Region
from annotations.suggesting.lexicon import COMMON, VERBS

_GAP = re.compile(r"[\s,;:—–\-'’\"”]*")
_RIGHT_GAP = re.compile(r"[\s,:—–\-]*(?:(?:that|as)\s+)?")
_COMMA_END = re.compile(r"[,:;—–-]\s*$")
_LEAD = re.compile(r"(?:But|And|Yet|So|Still|However|Meanwhile|Also),?\s+(?=\w)")
_MORE = re.compile(r",?\s+(?:and|but|or)\s+(?:that|how|why|whether)\s")
_DASH = re.compile(r"\s[—–-]{1,2}\s|—")
_FEWEST_INDIRECT = 4
"""Of what a verb is about: fewer name a thing and tell nothing."""
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
            _tidy(layout, one, sentence.end, here)
        last = _heir(layout, here, text[sentence.end - 1] in ":,")
        previous = sentence
    kept = [f for f in outside if f.content and _is_worth(layout, f)]
    return [f for f in kept if not _is_within(f, kept)]


def _is_within(one: Found, others: Sequence[Found]) -> bool:
    """Whether an attribution is told by another speaker: "she said that he had criticised …".

    "According to" names a source for what others said, so these stay.
    """
    return any(
        start <= one.cue[0] < end
        for other in others
        if other is not one and other.shape not in ("according", "as")
        for start, end in other.content
    )


def _is_worth(layout: Layout, one: Found) -> bool:
    """Whether an attribution is worth an editor's look: not "he criticised her", nor words that nobody says."""
    words = layout.count_words(one.content)
    if (
        one.shape in ("object", "about", "to", "as", "according", "before", "around", "noun")
        and one.speaker is None
    ):
        return False
    if one.shape == "as" and (one.lemma == "say" or words < _FEWEST_INDIRECT):
        return False
    if one.shape in ("object", "about", "to", "according"):
        return words >= _FEWEST_INDIRECT or layout.kind_of(one.content) != "indirect"
    if one.shape in ("before", "around") and one.lemma not in COMMON:
        return False
    if one.shape == "clause" and one.how not in ("subject", "agent") and one.lemma not in COMMON:
        return False
    if one.shape == "clause" and one.lemma in ("think", "find", "show", "prove", "demonstrate", "illustrate"):
        return False
    return words > 0


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
            if one.content and layout.kind_of(one.content) == "indirect" and _is_sentence(text, right[0]):
                one.content = []
            one.content.append((right[0].start, right[0].end))
            taken.add(right[0].start)
            one.shape = one.shape or "quote"
    _widen(layout, one, taken)


def _leads(gap: str) -> bool:
    return bool(_RIGHT_GAP.fullmatch(gap) or (_COMMA_END.search(gap) and len(gap.split()) <= 20))


def _is_sentence(text: str, region: Region) -> bool:
    """Whether a quotation begins with a capital: what stands before its attribution is then no part of it."""
    return text[region.start : region.end].lstrip("\"'“”‘’„«… .").lstrip()[:1].isupper()


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


def _tidy(layout: Layout, one: Found, end: int, here: Sequence[Found]) -> None:
    """Cut asides of the writer's off a clause, and the attribution itself out of it."""
    text = layout.text
    hull = _hull(one)
    if one.shape in ("that", "clause", "question", "to", "noun", "object") and one.content:
        start, stop = one.content[-1]
        if start < hull[0] and stop > hull[1]:
            one.content[-1:] = [(start, hull[0]), (hull[1], stop)]
            start = hull[1]
        if start < one.cue[1] < stop and start >= one.cue[0]:
            one.content[-1] = (one.cue[1], stop)
            start = one.cue[1]
        more = _MORE.match(text, stop, end)
        if more and one.shape in ("that", "clause"):
            later = min((f.cue[0] for f in here if f.cue[0] > more.end()), default=end)
            if later == end:
                stop = end
                while not text[stop - 1].isalnum() and stop > start and not layout.region_at(stop - 1):
                    stop -= 1
        dashes = [m for m in _DASH.finditer(text, start, stop) if not layout.region_at(m.start())]
        if len(dashes) == 1 and layout.count_words([(start, dashes[0].start())]) >= _FEWEST_INDIRECT:
            stop = dashes[0].start()
        one.content[-1] = (start, stop)


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


_SPEAKER_LINE = re.compile(
    r"(?:(?:Former|Ex-)[ ]?)?[A-Z][\w.’'\-]*(?:[ ](?:[A-Z][\w.’'\-]*|of|de|van|von|at|on|to|and|the)){0,6}:[ \u00a0]"
)
_NO_SPEAKER = re.compile(
    r"(?:(?:Exclusive|Update|Video|Watch|Read|Related|More|Note|Correction|Report|Analysis|Opinion|Photo|Photos|Live|Breaking|"
    r"Poll|Fact Check|The Latest|Editor|Source|Sources|Headlines?|Result|Answer|Question|Bottom line|Step \w+|Part \w+)s?\b|"
    r"(?:The|A|An|In|On|And|But|For|At|With|By|That|This|These|What|How|Why|When|Where|If|It|One|Two|Three|First|"
    r"Second|Third|Here|There|Remember|Consider|So|Then|To)\b)",
    re.IGNORECASE,
)


def spoken_lines(layout: Layout) -> list[Found]:
    """Paragraphs that put a name and a colon before what is said, as headlines and interviews do."""
    found = []
    for paragraph in layout.paragraphs:
        match = _SPEAKER_LINE.match(layout.text, paragraph.start, paragraph.end)
        if match is None or _NO_SPEAKER.match(match[0]):
            continue
        content = match.end(), paragraph.end
        if layout.count_words([content]) < _FEWEST_INDIRECT:
            continue
        colon = match.end() - 2
        found.append(Found((colon, colon + 1), ":", "headline", (paragraph.start, colon), [content]))
    return found


def completed(parsed: Sequence[Found], by_rules: Sequence[Found]) -> list[Found]:
    """What the parse found; where it missed the content of a cue, what the rules found."""
    ruled = {one.cue[0]: one for one in by_rules}
    found = []
    for one in parsed:
        other = ruled.get(one.cue[0])
        if not one.shape and other is not None and other.shape in ("that", "question"):
            one.shape, one.content = other.shape, other.content
            if one.speaker is None:
                one.speaker, one.how = other.speaker, other.how
        found.append(one)
    return found
