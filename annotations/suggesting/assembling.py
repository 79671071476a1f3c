"""From what one sentence tells to whole quotes: the fragments around an attribution and beside it, made one."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from annotations.suggesting.found import Found, Span
from annotations.suggesting.layout import Layout, Region
from annotations.suggesting.lexicon import COMMON, VERBS

_ADDRESSEE = re.compile(r"\s(?:(?:the|a|an|his|her|their|its)\s)?(?:[\w.\-]+\s){1,3}")
_ADJOINS = re.compile(r"[\s,;:—–\-'’\"”]*")
_LEADS = re.compile(r"[\s,:—–\-]*(?:(?:that|as)\s+)?")
_PAUSE = re.compile(r"[,:;(—–-]\s*$")
_ENDS_SPEECH = re.compile(r"[,?!—–-][\"'’”]*\s*$|[\"'’”],\s*$")
_CONNECTIVE = re.compile(r"(?:But|And|Yet|So|Still|However|Meanwhile|Also),?\s+(?=\w)")
_LEADS_ON = re.compile(r"(?:(?:But|And|Yet|So|Still|Or|Instead|Indeed|Also|Plus),?\s+)?")
_AND = re.compile(r",?\s+(?:and|or|but),?\s+")
_AND_THAT = re.compile(r",?\s+(?:and|but|or)\s+(?:that|how|why|whether)\s")
_SOURCE = re.compile(r",?\s+according to\b")
_DASH = re.compile(r"\s[—–-]{1,2}\s|—")
_CLAUSES = ("that", "clause", "question", "to", "noun", "object")
_BY_OTHERS = ("that", "to", "object", "about", "noun", "naming")
"""Shapes whose content stands after the cue, so that a quotation before it is somebody else's."""
_NEED_SPEAKERS = ("object", "about", "to", "as", "according", "before", "around", "noun")
_TOPICS = ("object", "about", "to", "as", "according")
_FEWEST = 4
"""Words of a thing that somebody spoke of: fewer name it and tell nothing."""
_FEWEST_BARE = 6
"""Words of a bare quotation: fewer are a title or a nickname."""
_MOST_CUES = 40
"""In one sentence; what has more is no prose."""
_LONGEST_ADJUNCT = 20
"""Words between a cue and the quotation that it leads to: "said in an interview with …, “"."""


def assemble(layout: Layout, found: Sequence[Found]) -> list[Found]:
    """The attributions with their contents completed; without those that have none, or that others tell."""
    outside = [one for one in found if not layout.region_at(one.cue[0])]
    _Assembly(layout, outside).run()
    kept = [one for one in outside if one.content and _is_worth(layout, one)]
    beside: dict[int, list[Found]] = {}
    for one in kept:
        beside.setdefault(layout.sentence_at(one.cue[0]), []).append(one)
    return [one for together in beside.values() for one in together if not _is_within(one, together)]


def completed(parsed: Sequence[Found], by_rules: Sequence[Found]) -> list[Found]:
    """What the parse found, with what the rules know as well or better.

    What is plain they know better; and where the parse missed the clause of a cue, theirs is taken.
    """
    ruled = {one.cue[0]: one for one in by_rules}
    kept: list[Found] = []
    for one in parsed:
        other = ruled.pop(one.cue[0], None)
        if other is not None and other.is_plain:
            kept.append(other)
            continue
        if not one.shape and other is not None and other.shape in ("that", "question", "naming"):
            one.shape, one.content = other.shape, other.content
        if other is not None and other.speaker and _knows_speaker(one, other):
            one.speaker, one.how = other.speaker, other.how
        kept.append(one)
    return kept + [other for other in ruled.values() if other.is_plain or other.shape == "naming"]


def _knows_speaker(parsed: Found, ruled: Found) -> bool:
    """Whether the rules saw a subject beside the cue where the parse has none, or another verb's."""
    return parsed.speaker is None or (
        ruled.how == "subject" and parsed.how != "subject" and ruled.lemma in COMMON
    )


def _is_worth(layout: Layout, one: Found) -> bool:
    """Whether an attribution is worth an editor's look: not "he criticised her", nor words that nobody says."""
    words = layout.count_words(one.content)
    if one.shape in _NEED_SPEAKERS and one.speaker is None:
        return False
    if one.shape == "as" and one.lemma == "say":
        return False
    if one.shape in ("before", "around") and one.lemma not in COMMON:
        return False
    if one.shape == "clause":
        has_speaker = one.how in ("subject", "agent") or one.lemma in COMMON
        return has_speaker and one.lemma not in (
            "think",
            "find",
            "show",
            "prove",
            "demonstrate",
            "illustrate",
        )
    if one.shape in _TOPICS:
        quoted = one.shape != "as" and layout.kind_of(one.content) != "indirect"
        return words >= _FEWEST or quoted
    return words > 0


def _is_within(one: Found, others: Sequence[Found]) -> bool:
    """Whether an attribution is told by another speaker: "she said that he had criticised …".

    "According to" names a source for what others said, so these stay.
    """
    return any(
        start <= one.cue[0] < end
        for other in others
        if other is not one and other.shape not in ("according", "as")
        if not (one.shape == "noun" and other.shape == "object")
        for start, end in other.content
    )


class _Assembly:
    """Goes through a text sentence by sentence and completes what was found in each."""

    def __init__(self, layout: Layout, found: Sequence[Found]) -> None:
        self.layout = layout
        self.text = layout.text
        self.by_sentence: dict[int, list[Found]] = {}
        for one in found:
            together = self.by_sentence.setdefault(layout.sentence_at(one.cue[0]), [])
            if len(together) < _MOST_CUES:
                together.append(one)
            else:
                one.content = []
        self.taken: set[int] = set()
        """Where the quotations begin that have an attribution."""

    def run(self) -> None:
        heir: Found | None = None
        previous = 0
        for number, sentence in enumerate(self.layout.sentences):
            here = self.by_sentence.get(number, [])
            regions = self.layout.regions_in(sentence.start, sentence.end)
            if not here or (not regions and not any(one.shape for one in here)):
                part = bare_part(self.text, sentence.start, sentence.end, regions)
                if heir is not None and part and self._goes_on(previous, number, heir):
                    heir.content.append(part)
                    heir.shape = heir.shape or "quote"
                    self.taken.update(region.start for region in regions)
                else:
                    heir = self._heir(here, is_leading=True) if self.text[sentence.end - 1] in ":," else None
            else:
                for place, one in enumerate(here):
                    _Completing(self, one, here, place, (sentence.start, sentence.end)).run()
                heir = self._heir(here, is_leading=self.text[sentence.end - 1] in ":,")
            previous = number

    def _goes_on(self, previous: int, number: int, heir: Found) -> bool:
        """Whether a bare quotation continues the sentence before it: in its paragraph, or led to, or unclosed."""
        before, this = self.layout.sentences[previous], self.layout.sentences[number]
        if this.paragraph == before.paragraph:
            return True
        last = self.text[before.end - 1]
        kinds = [self.layout.kinds.get(sentence.paragraph, "") for sentence in (before, this)]
        if "heading" in kinds or (kinds == ["blockquote", ""]):
            return False
        is_speech = heir.cue[0] >= before.start and self.layout.kind_of(heir.content) == "direct"
        is_open = self.layout.region_at(before.end - 1) is not None and last not in "\"'”’»"
        if this.paragraph != before.paragraph + 1:
            return False
        return is_open or last in ":," or (is_speech and self._is_whole(number))

    def _is_whole(self, number: int) -> bool:
        """Whether a sentence is its whole paragraph, and all quotation."""
        this = self.layout.sentences[number]
        first = self.layout.regions_in(this.start, this.end)[0]
        return (
            first.start == this.start
            and self.text[this.end : this.end + 1] in ("", "\n")
            and first.end == this.end
        )

    def _heir(self, here: Sequence[Found], *, is_leading: bool) -> Found | None:
        """Whose words a bare quotation after the sentence goes on with."""
        speech = [one for one in here if one.says]
        if is_leading and speech:
            return speech[-1]
        told = [one for one in speech if one.content]
        quoted = [one for one in told if self.layout.kind_of(one.content) != "indirect"]
        if quoted:
            spoken = [one for one in quoted if self.layout.kind_of(one.content) == "direct"]
            return (spoken or quoted)[-1]
        return told[-1] if told else None


class _Completing:
    """Completes one attribution within its sentence."""

    def __init__(
        self, assembly: _Assembly, one: Found, here: Sequence[Found], place: int, sentence: Span
    ) -> None:
        self.layout = assembly.layout
        self.text = assembly.text
        self.taken = assembly.taken
        self.one = one
        self.start, self.end = sentence
        self.is_first = place == 0
        self.later = here[place + 1 :]
        self.following = [other.cue[0] for other in self.later]
        self.hull = _hull(one)
        frame = VERBS.get(self.text[one.cue[0] : one.cue[1]].lower())
        takes_quotations = frame is not None and frame.takes("swx")
        is_known = frame is not None or " " in one.lemma
        self.quotes = (
            one.shape == "according"
            or takes_quotations
            or " " in one.lemma
            or (one.is_plain and not is_known)
        )

    def run(self) -> None:
        if self.one.shape in ("according", "before", "around"):
            self._set_apart()
        regions = self.layout.regions_in(self.start, self.end)
        if self.quotes and (self.one.shape not in _BY_OTHERS or self._closes_speech(regions)):
            self._take_left([region for region in regions if region.end <= self.hull[0]])
        if self.quotes and self.one.shape in ("", "quote", "before", "around"):
            self._take_right([region for region in regions if region.start >= self.hull[1]])
        self._stop_before_speech(regions)
        self._widen()
        if self.one.shape in _CLAUSES and self.one.content:
            self._tidy()

    def _closes_speech(self, regions: Sequence[Region]) -> bool:
        """Whether a sentence opens with a quotation and its attribution: “…,” she told us after the talks that …

        What the verb seems to lead to is then an aside.
        """
        first = regions[0] if regions else None
        return (
            first is not None
            and first.start == self.start
            and first.end <= self.hull[0]
            and self.one.how == "subject"
            and _ENDS_SPEECH.search(self.text, first.end - 2, self.hull[0]) is not None
        )

    def _set_apart(self) -> None:
        """Content around an attribution between commas: "A, she said, B", "A, according to B"."""
        connective = _CONNECTIVE.match(self.text, self.start, self.hull[0])
        left = connective.end() if connective else self.start, self.hull[0]
        right = max(self.hull[1], self.one.adjunct[1] if self.one.adjunct else 0), self.end
        has_left = self.layout.count_words([left]) > 1
        if self.one.shape == "around":
            self.one.content = [left, right] if has_left else [right]
        elif self.one.shape == "according" and not has_left:
            self.one.content = [right]
        else:
            self.one.content = [left]

    def _take_left(self, regions: Sequence[Region]) -> None:
        """The quotation that ends where the attribution begins, with the words of its clause before it."""
        if not regions or regions[-1].start in self.taken:
            return
        region = regions[-1]
        if not _ADJOINS.fullmatch(self.text, region.end, self.hull[0]):
            return
        begin = region.start
        lead = self.text[self.start : begin]
        goes_on = self.text[begin : region.end].lstrip("\"'“‘„« ")[:1].islower() and ":" not in lead
        if self.is_first and lead.strip() and (goes_on or not _PAUSE.search(lead)):
            begin = self.start
        keeps_right = self.one.shape in ("before", "around")
        self.one.content = [span for span in self.one.content if span[0] >= self.hull[1] and keeps_right]
        self.one.content.insert(0, (begin, region.end))
        self.one.shape = "quote"
        self.taken.add(region.start)

    def _take_right(self, regions: Sequence[Region]) -> None:
        """The quotation that the attribution leads to."""
        stop = self.following[0] if self.following else self.end
        right = [region for region in regions if region.start < stop and region.start not in self.taken]
        if not right or self._is_of_another(right[0], self.end):
            return
        gap = self.text[self.hull[1] : right[0].start]
        if not (
            _LEADS.fullmatch(gap)
            or self._is_addressee(gap, right[0])
            or (_PAUSE.search(gap) and len(gap.split()) <= _LONGEST_ADJUNCT)
        ):
            return
        kept = [span for span in self.one.content if span[1] <= self.hull[0]]
        if self.layout.kind_of(kept) == "indirect" and _is_sentence(self.text, right[0]):
            kept = []
        end = right[0].end
        for region in right[1:]:
            if not _AND.fullmatch(self.text, end, region.start):
                break
            end = region.end
        self.one.content = [*kept, (right[0].start, end)]
        self.one.shape = self.one.shape if kept else "quote"
        self.taken.add(right[0].start)

    def _is_addressee(self, gap: str, region: Region) -> bool:
        """Whether only whom it was said to stands before a sentence in quotation marks: "asked the crowd “…”"."""
        frame = VERBS.get(self.text[slice(*self.one.cue)].lower())
        return (
            frame is not None
            and frame.takes("aw")
            and _ADDRESSEE.fullmatch(gap) is not None
            and region.words > _FEWEST
            and _is_sentence(self.text, region)
        )

    def _stop_before_speech(self, regions: Sequence[Region]) -> None:
        """Leave to the next attribution the quotation that is its own: "urged more of it: “…,” she said"."""
        if not self.one.content or self.one.shape not in (*_CLAUSES, "about"):
            return
        start, end = self.one.content[-1]
        for region in regions:
            is_apart = start < region.start < end and _PAUSE.search(self.text, start, region.start)
            if is_apart and self._is_of_another(region, end):
                self.one.content[-1] = start, len(self.text[: region.start].rstrip(" :,;—–-"))
                return

    def _is_of_another(self, region: Region, end: int) -> bool:
        """Whether a later attribution stands directly after a quotation, as after speech."""
        return any(
            region.end <= _hull(other)[0] < end
            and other.shape not in _BY_OTHERS
            and other.how == "subject"
            and _ENDS_SPEECH.search(self.text, region.end - 2, _hull(other)[0])
            and _ADJOINS.fullmatch(self.text, region.end, _hull(other)[0])
            for other in self.later
        )

    def _widen(self) -> None:
        """A quotation that a part touches belongs to it whole."""
        widened: list[Span] = []
        for part in sorted(self.one.content):
            start, end = part
            for region in (self.layout.region_at(part[0]), self.layout.region_at(part[1] - 1)):
                if region and not region.start <= self.one.cue[0] < region.end:
                    start, end = min(start, region.start), max(end, region.end)
            self.taken.update(region.start for region in self.layout.regions_in(start, end))
            widened.append((start, end))
        self.one.content = widened

    def _tidy(self) -> None:
        """Cut the attribution itself and the writer's last aside out of a clause; add "and that …" to it."""
        start, end = self.one.content[-1]
        if start < self.hull[0] and end > self.hull[1]:
            self.one.content[-1:] = [(start, self.hull[0]), (self.hull[1], end)]
            start = self.hull[1]
        if self.one.cue[0] <= start < self.one.cue[1] < end:
            start = self.one.cue[1]
        more = _AND_THAT.match(self.text, end, self.end)
        if (
            more
            and self.one.shape in ("that", "clause")
            and not any(cue > more.end() for cue in self.following)
        ):
            end = self._end_of_sentence(start)
        source = _SOURCE.search(self.text, start, end)
        if source and not self.layout.region_at(source.start()):
            end = source.start()
        dashes = [
            dash for dash in _DASH.finditer(self.text, start, end) if not self.layout.region_at(dash.start())
        ]
        if len(dashes) == 1 and self.layout.count_words([(start, dashes[0].start())]) >= _FEWEST:
            end = dashes[0].start()
        self.one.content[-1] = start, end

    def _end_of_sentence(self, start: int) -> int:
        end = self.end
        while end > start and not self.text[end - 1].isalnum() and not self.layout.region_at(end - 1):
            end -= 1
        return end


def _hull(one: Found) -> Span:
    """The attribution's own words: from speaker to cue, or from cue to speaker."""
    beside = one.speaker and one.how in ("subject", "agent", "relative")
    if one.speaker and beside and abs(one.speaker[0] - one.cue[0]) < 200:
        return min(one.cue[0], one.speaker[0]), max(one.cue[1], one.speaker[1])
    return one.cue


def _is_sentence(text: str, region: Region) -> bool:
    """Whether a quotation begins with a capital: what stands before its attribution is then no part of it."""
    return text[region.start : region.end].lstrip("\"'“‘„«… .")[:1].isupper()


# -- quotations without an attribution ---------------------------------------------------------------------


def bare_part(text: str, start: int, end: int, regions: Sequence[Region]) -> Span | None:
    """The sentence where it begins with a quotation, or a word that joins, and is little else."""
    if not regions or not _LEADS_ON.fullmatch(text, start, regions[0].start):
        return None
    inside = sum(region.end - region.start for region in regions)
    return (start, end) if inside >= 0.7 * (end - start) else None


def bare_quotations(layout: Layout, covered: Sequence[Span]) -> Iterator[Span]:
    """Sentences that are all quotation, and that no attribution reaches."""
    ends = sorted(covered, key=lambda span: span[1])
    for sentence in layout.sentences:
        regions = layout.regions_in(sentence.start, sentence.end)
        part = bare_part(layout.text, sentence.start, sentence.end, regions)
        if part is None or sum(region.words for region in regions) < _FEWEST_BARE:
            continue
        after = bisect_right(ends, part[0], key=lambda span: span[1])
        if after == len(ends) or ends[after][0] >= part[1]:
            yield part
