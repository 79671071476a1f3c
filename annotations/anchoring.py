"""Anchors of annotations in a text, and where they stand after the text was changed.

An anchor is a `Selector`: the TextPositionSelector and the TextQuoteSelector of the W3C's Web Annotation Data
Model in one. The server holds both versions of a text, so an anchor follows a *diff* of the two instead of
searching the new text for similar words. Sentences are compared first, then the words of those that answer to
each other: words alone would let a deleted sentence hand its quote on to the next speaker who said the same.

When in doubt an anchor becomes an orphan, which an editor places by hand. A quote under the wrong speaker would
be the worst error of all.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import islice
from typing import Literal

from annotations.aligning import align, align_texts
from annotations.wording import (
    CALENDAR,
    CUES,
    LIGHT,
    LITTLE,
    PRONOUNS,
    WHOSE,
    Text,
    is_word,
    reverses,
    weight,
)
from articles.typography import MARK, differs_only_in_typography, tokens

CONTEXT = 32
"""Code points of prefix and suffix that a selector keeps."""

SURVIVING = 0.6
"""The share of a span's tokens that must survive for the anchor to follow them. Right in trials."""

NEAR = 2
"""Words on either side of a span that must stay for it to be exact."""

FARTHEST = 400
"""Tokens from a span within which its own sentence may say who speaks: sentences can be endless."""


class State(StrEnum):
    EXACT = "exact"
    CHANGED = "changed"
    MOVED = "moved"
    ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Selector:
    """A span of a text: code points, end exclusive, its exact words, and up to 32 code points on either side."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Reanchored:
    """What became of an anchor; an orphan has no selector."""

    state: State
    selector: Selector | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place that an orphan may have come to, for a person to judge. The score is between 0 and 1."""

    selector: Selector
    score: float


def describe(text: str, start: int, end: int) -> Selector:
    """The selector of text[start:end], in code points. Raises ValueError where no words stand."""
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"The span {start} to {end} is not within a text of {len(text)} characters.")
    if start == end:
        raise ValueError(f"The span at {start} is empty.")
    exact = text[start:end]
    if exact.isspace():
        raise ValueError(f"The span {start} to {end} holds only white space.")
    return Selector(start, end, exact, text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def reanchor(old: str, new: str, selector: Selector) -> Reanchored:
    """Where an anchor of the old text stands in the new one. Raises ValueError as `reanchor_all` does."""
    return reanchor_all(old, new, [selector])[0]


def reanchor_all(old: str, new: str, selectors: Iterable[Selector]) -> list[Reanchored]:
    """Where anchors of the old text stand in the new one: one answer each, in their order.

    - exact: the same words, by the same speaker as far as the text beside them tells. Quotation marks, dashes,
      commas, white space, and a capital at the start of a sentence may differ. Where nothing but typography differs
      in the whole text, every anchor is exact.
    - changed: most of the words survive; or all do, and what stands beside them has other names, another verb
      of saying, a negation more or less, or no quotation marks any more.
    - moved: at least four words that stand elsewhere, once only, with what was beside them.
    - orphan: anything else, and words that changed together with the name beside them.

    Raises ValueError when a selector's words do not stand in the old text at its offsets.
    """
    wanted = list(selectors)
    for selector in wanted:
        if old[selector.start : selector.end] != selector.exact or not selector.exact.strip():
            raise ValueError(f"The words of the anchor do not stand at {selector.start} to {selector.end}.")
    if not wanted:
        return []
    if old == new:
        return [Reanchored(State.EXACT, describe(new, s.start, s.end)) for s in wanted]
    before, after = Text(old), Text(new)
    if differs_only_in_typography(old, new):
        change = _Change(before, after, zip(range(len(before.keys)), range(len(after.keys)), strict=True))
        return [change.retypeset(selector) for selector in wanted]
    change = _Change(before, after, align_texts(before, after))
    return [change.follow(selector) for selector in wanted]


# -- the change from one version to the next ---------------------------------------------------------------


class _Beside(IntEnum):
    """What became of the words beside a span that tell who speaks."""

    SAME = 0
    ALTERED = 1
    OTHER_NAMES = 2


class _Change:
    """Which token of the old text became which of the new one (-1: none), and what that means for a span."""

    def __init__(self, old: Text, new: Text, pairs: Iterable[tuple[int, int]]) -> None:
        self.old = old
        self.new = new
        lower = frozenset(form for text in (old, new) for form in text.forms if form.islower())
        old.find_heads(lower)
        new.find_heads(lower)
        self.to_new = [-1] * len(old.keys)
        self.to_old = [-1] * len(new.keys)
        for i, j in pairs:
            self.to_new[i] = j
            self.to_old[j] = i
        self.lost = self._telling(old, self.to_new)
        self.gained = self._telling(new, self.to_old)
        self.lost_names = [h for h in old.heads if self.to_new[h] < 0 and not old.is_place(h)]
        self.gained_names = [h for h in new.heads if self.to_old[h] < 0 and not new.is_place(h)]
        known = {old.keys[h] for h in self.lost_names}
        self.strangers = [h for h in self.gained_names if new.keys[h] not in known and new.speaks(h)]
        self._line: _Line | None = None

    def _telling(self, text: Text, counterpart: list[int]) -> list[int]:
        """The tokens without counterpart that tell who speaks, or turn what is said into its opposite."""
        heads = set(text.heads)
        return [
            n
            for n, key in enumerate(text.keys)
            if counterpart[n] < 0
            and (
                n in heads
                or key in CUES
                or key in PRONOUNS
                or key in WHOSE
                or reverses(key)
                or (text.speaks(n) and not self._is_apposition(text, n, counterpart))
            )
        ]

    def _is_apposition(self, text: Text, token: int, counterpart: list[int]) -> bool:
        """Whether the noun only describes a name that is still there: "Jeremy Hunt, the *chancellor*, said"."""
        if text.keys[token + 1 : token + 2] != [","]:
            return False
        near = text.heads[bisect_left(text.heads, token - 8) : bisect_left(text.heads, token)]
        return any(counterpart[head] >= 0 and text.keys[head + 1] == "," for head in near)

    # -- a span in the new text

    def follow(self, selector: Selector) -> Reanchored:
        i0, i1 = self.old.tokens(selector.start, selector.end)
        return (
            self._projected(selector, i0, i1)
            or self._moved(selector, i0, i1)
            or Reanchored(State.ORPHAN, None)
        )

    def retypeset(self, selector: Selector) -> Reanchored:
        """The same tokens, where every token of the one text is that of the other."""
        span = self.old.tokens(selector.start, selector.end)
        return Reanchored(State.EXACT, describe(self.new.text, *self._characters(selector, span, span)))

    def _projected(self, selector: Selector, i0: int, i1: int) -> Reanchored | None:
        kept = [i for i in range(i0, i1) if self.to_new[i] >= 0]
        kept = max(self._pieces(kept), key=len, default=[])
        if not kept or not self._survives(kept, i0, i1):
            return None
        j0, j1 = self._edges(kept, i0, i1)
        if len(kept) * 3 < j1 - j0:
            return None
        start, end = self._characters(selector, (i0, i1), (j0, j1))
        is_same = self._says_the_same(selector, start, end)
        beside = self._beside((i0, i1), (j0, j1), kept)
        if not is_same and beside == _Beside.OTHER_NAMES:
            return None
        support = self._support(i0, i1)
        if support is None:
            return None
        is_exact = is_same and beside == _Beside.SAME and support >= 0.5
        return Reanchored(State.EXACT if is_exact else State.CHANGED, describe(self.new.text, start, end))

    def _pieces(self, kept: list[int]) -> Iterator[list[int]]:
        """The kept tokens, broken where somebody else's sentence was put in between."""
        piece: list[int] = []
        before = -1
        for i in kept:
            here = self.to_new[i]
            if piece and here != before + 1 and self._is_interrupted(before, here):
                yield piece
                piece = []
            piece.append(i)
            before = here
        if piece:
            yield piece

    def _is_interrupted(self, before: int, after: int) -> bool:
        new = self.new
        if _between(self.strangers, before, after):
            return True
        for sentence in range(new.sentence(before) + 1, new.sentence(after)):
            within = new.keys[new.first[sentence] : new.first[sentence + 1]]
            if new.heads_of[sentence] or not CUES.isdisjoint(within):
                return True
        return False

    def _survives(self, kept: list[int], i0: int, i1: int) -> bool:
        def telling(tokens: Iterable[int]) -> int:
            return sum(1 for i in tokens if self.old.is_word[i] and self.old.keys[i] not in LITTLE)

        return len(kept) >= SURVIVING * (i1 - i0) and 2 * telling(kept) >= telling(range(i0, i1))

    def _edges(self, kept: list[int], i0: int, i1: int) -> tuple[int, int]:
        """The new tokens of the span, from its first kept token to its last and what belongs to it beyond."""
        j0 = self._edge(kept[0], i0, -1)
        j1 = self._edge(kept[-1], i1 - 1, 1) + 1
        while j0 < j1 - 1 and self.new.keys[j0] in LIGHT and self.old.keys[i0] not in LIGHT:
            j0 += 1
        while j0 < j1 - 1 and self.new.keys[j1 - 1] in LIGHT and self.old.keys[i1 - 1] not in LIGHT:
            j1 -= 1
        return j0, j1

    def _edge(self, inner: int, outer: int, step: int) -> int:
        """The new text's last token of a span towards one side (step -1 or 1), when `inner` is the last token of
        it that was kept and `outer` its last of all.

        New words there belong to the span where they replace words of it, or where it filled its quotation marks
        or its sentence to that side.
        """
        old, new = self.old, self.new
        edge = self.to_new[inner]
        sentence = new.sentence(edge)
        token, run = edge + step, []
        while new.first[sentence] <= token < new.first[sentence + 1] and self.to_old[token] < 0:
            run.append(token)
            token += step
        if not run:
            return edge
        words = [new.keys[n] for n in run]
        replaced = old.keys[inner + 1 : outer + 1] if step > 0 else old.keys[outer:inner]
        rest = self._beyond(outer, step)
        meets = 0 <= outer + step < len(old.keys) and self.to_new[outer + step] == token
        fills_marks = meets and rest[:1] == [MARK]
        fills_sentence = not rest and words[0] != "," and old.keys[outer] != MARK
        if not (fills_marks or fills_sentence or (replaced and meets)):
            return edge
        if not fills_marks and not CUES.isdisjoint(words) and CUES.isdisjoint(replaced):
            return edge
        if MARK in words and MARK not in replaced:
            run = run[: words.index(MARK)]
        return run[-1] if run else edge

    def _beyond(self, outer: int, step: int) -> list[str]:
        """What follows a span in its old sentence towards one side, without punctuation that may differ."""
        sentence = self.old.sentence(outer)
        first, last = self.old.first[sentence], self.old.first[sentence + 1]
        beyond = self.old.keys[outer + 1 : last] if step > 0 else self.old.keys[first:outer][::-1]
        return [key for key in beyond if key not in LIGHT]

    def _characters(
        self, selector: Selector, span: tuple[int, int], place: tuple[int, int]
    ) -> tuple[int, int]:
        """The characters of the new tokens; a span that began or ended within a token does so again."""
        (i0, i1), (j0, j1) = span, place
        old, new = self.old, self.new
        start, end = new.starts[j0], new.ends[j1 - 1]
        if self.to_new[i0] == j0:
            start = min(start + max(0, selector.start - old.starts[i0]), new.ends[j0] - 1)
        if self.to_new[i1 - 1] == j1 - 1:
            end = max(end - max(0, old.ends[i1 - 1] - selector.end), new.starts[j1 - 1] + 1)
        if start >= end:
            start, end = new.starts[j0], new.ends[j1 - 1]
        space = old.starts[i0] - selector.start
        if space > 0 and new.text[max(0, start - space) : start] == selector.exact[:space]:
            start -= space
        space = selector.end - old.ends[i1 - 1]
        if space > 0 and new.text[end : end + space] == selector.exact[-space:]:
            end += space
        return start, end

    def _says_the_same(self, selector: Selector, start: int, end: int) -> bool:
        before = self.old.words(selector.start, selector.end)
        after = self.new.words(start, end)
        return len(before) == len(after) and all(
            a == b
            or (
                a.lower() == b.lower()
                and a[1:] == b[1:]
                and (n == 0 or self.old.begins(i) or self.new.begins(j))
            )
            for n, ((a, i), (b, j)) in enumerate(zip(before, after, strict=True))
        )

    def _support(self, i0: int, i1: int) -> float | None:
        """How much of what stood around a span of fewer than four words still does, 0 to 1; None when too little to
        tell that the word is the same one and not the same word of another sentence. Longer spans speak for
        themselves (1). Names count where they survive; others' are judged by `_beside`."""
        old = self.old
        if sum(1 for i in range(i0, i1) if old.is_word[i]) >= 4:
            return 1.0
        around = _Around(old, i0, i1)
        beside = [
            [i for i in tokens if old.is_word[i] and (self.to_new[i] >= 0 or not old.forms[i][0].isupper())]
            for tokens in (range(i0 - 1, around.first - 1, -1), range(i1, around.last))
        ]
        near = [i for tokens in beside for i in tokens[:8]]
        total = sum(weight(old.keys[i]) for i in near)
        share = sum(weight(old.keys[i]) for i in near if self.to_new[i] >= 0) / total if total else 1.0
        if share >= 0.5:
            return share
        for nearest in (side[:3] for side in beside):
            survives = len(nearest) > 1 and all(self.to_new[i] >= 0 for i in nearest)
            if survives and any(old.keys[i] not in LITTLE for i in nearest):
                return share
        return None

    # -- who speaks

    def _beside(self, span: tuple[int, int], place: tuple[int, int], kept: list[int]) -> _Beside:
        old, new = self.old, self.new
        before, after = _Around(old, *span), _Around(new, *place)
        lost, gained = before.names_of(self.lost_names), after.names_of(self.gained_names)
        if lost - gained and gained - lost:
            return _Beside.OTHER_NAMES
        if before.is_unnamed():
            context = self._context(before, after)
            if context != _Beside.SAME:
                return context
        if before.outside(self.lost) or after.outside(self.gained):
            return _Beside.ALTERED
        if self._lacks(before, self.to_new) or self._lacks(after, self.to_old):
            return _Beside.ALTERED
        words = [i for i in kept if old.is_word[i]] or kept
        if any(old.is_quoted(i) != new.is_quoted(self.to_new[i]) for i in (words[0], words[-1])):
            return _Beside.ALTERED
        return _Beside.SAME

    def _lacks(self, around: "_Around", counterpart: list[int]) -> bool:
        """Whether a word right beside the span has no counterpart: no small word, no first name or title."""
        keys, forms = around.text.keys, around.text.forms
        return any(
            counterpart[n] < 0
            and keys[n] not in LITTLE
            and keys[n] not in CALENDAR
            and not forms[n][0].isupper()
            for n in around.nearby()
        )

    def _context(self, before: "_Around", after: "_Around") -> _Beside:
        """What became of the name that a "he said" leans on: the nearest one before, a few sentences back."""
        sentence, counterpart = before.antecedent(), after.antecedent()
        if sentence is None:
            return _Beside.SAME
        if counterpart is None:
            return _Beside.ALTERED
        names = [self.to_new[head] for head in self.old.heads_of[sentence]]
        first, last = self.new.first[counterpart], self.new.first[counterpart + 1]
        there = [first <= token < last for token in names]
        if not any(there):
            return _Beside.OTHER_NAMES
        added = any(self.to_old[head] < 0 for head in self.new.heads_of[counterpart])
        return _Beside.ALTERED if added or not all(there) else _Beside.SAME

    # -- words that stand elsewhere now

    def _moved(self, selector: Selector, i0: int, i1: int) -> Reanchored | None:
        words = [form for form, _ in self.old.words(selector.start, selector.end)]
        if sum(1 for word in words if is_word(word)) < 4:
            return None
        self._line = self._line or _Line(self.new)
        place = self._line.only(words)
        if place is None:
            return None
        j0, j1 = place
        if any(self.to_old[j] >= 0 and not i0 <= self.to_old[j] < i1 for j in range(j0, j1)):
            return None  # those words are another sentence's, which stayed
        if self.old.keys[i1 - 1] in LIGHT and self.new.keys[j1 : j1 + 1] == [self.old.keys[i1 - 1]]:
            j1 += 1
        if not _came_along(_Around(self.old, i0, i1), _Around(self.new, j0, j1)):
            return None
        start, end = self._characters(selector, (i0, i1), (j0, j1))
        return Reanchored(State.MOVED, describe(self.new.text, start, end))


class _Around:
    """The sentences that a span of tokens stands in."""

    def __init__(self, text: Text, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.sentence = text.sentence(start)
        self.first = max(text.first[self.sentence], start - FARTHEST)
        last = text.sentence(end - 1) + 1
        if last < text.count and text.keys[text.first[last]] == "-":
            last += 1  # a signature: "— Anna Field"
        self.last = min(text.first[last], end + FARTHEST)

    def outside(self, tokens: list[int]) -> list[int]:
        """Those of the tokens, given in order, that stand in the sentences but not in the span."""
        return _between(tokens, self.first, self.start) + _between(tokens, self.end, self.last)

    def nearby(self) -> list[int]:
        """The words right before and after the span, in its sentences."""
        beside = (range(self.start - 1, self.first - 1, -1), range(self.end, self.last))
        return [n for side in beside for n in islice((n for n in side if self.text.is_word[n]), NEAR)]

    def names_of(self, names: list[int]) -> set[tuple[str, bool]]:
        """Those of the names that stand beside the span, or speak within it; each with whether it speaks."""
        within = _between(names, self.start, self.end)
        speaking = {(self.text.keys[n], True) for n in within if self.text.speaks(n)}
        return speaking | {(self.text.keys[n], self.text.speaks(n)) for n in self.outside(names)}

    def is_unnamed(self) -> bool:
        """Whether the sentences name nobody beside the span, or say "he" before they do."""
        names, pronouns = self.outside(self.text.heads), self.outside(self.text.pronouns)
        return not names or (bool(pronouns) and pronouns[0] < names[0])

    def is_whole(self) -> bool:
        """Whether the span leaves nothing of its sentences but punctuation, and names somebody."""
        beside = [*range(self.first, self.start), *range(self.end, self.last)]
        return bool(_between(self.text.heads, self.start, self.end)) and not any(
            self.text.is_word[i] for i in beside
        )

    def antecedent(self) -> int | None:
        """The nearest sentence before, of the last three, that names somebody."""
        for sentence in range(self.sentence - 1, max(-1, self.sentence - 4), -1):
            if self.text.heads_of[sentence]:
                return sentence
        return None

    def telling(self) -> list[str]:
        """The names and verbs of saying beside the span, and what turns them into their opposite."""
        heads = set(self.outside(self.text.heads))
        beside = [*range(self.first, self.start), *range(self.end, self.last)]
        keys = self.text.keys
        told = CUES | PRONOUNS
        return [keys[i] for i in beside if i in heads or keys[i] in told or reverses(keys[i])]

    def nearest(self, step: int) -> list[str]:
        """The words beside the span, from it outwards, within the prefix (-1) or the suffix (1)."""
        text, found = self.text, []
        edge = text.starts[self.start] - CONTEXT if step < 0 else text.ends[self.end - 1] + CONTEXT
        token = self.start - 1 if step < 0 else self.end
        while 0 <= token < len(text.keys) and (
            text.starts[token] >= edge if step < 0 else text.ends[token] <= edge
        ):
            if text.is_word[token]:
                found.append(text.keys[token])
            token += step
        return found


def _between(tokens: list[int], first: int, last: int) -> list[int]:
    """Those of the tokens, given in order, from `first` to before `last`."""
    return tokens[bisect_left(tokens, first) : bisect_left(tokens, last)]


def _came_along(before: _Around, after: _Around) -> bool:
    """Whether the words beside a span moved with it, those that tell who speaks first of all."""
    old, new = before.text, after.text
    if before.telling() != after.telling():
        return False
    if old.is_quoted(before.start) != new.is_quoted(after.start):
        return False
    if before.is_whole() and after.is_whole():
        return True
    if before.is_unnamed():
        leaning = before.sentence > 0 and after.sentence > 0
        if not leaning or old.key_of(before.sentence - 1) != new.key_of(after.sentence - 1):
            return False
    for step in (-1, 1):
        together = 0
        for a, b in zip(before.nearest(step), after.nearest(step), strict=False):
            if a != b:
                break
            together += 1
        if together >= 2:
            return True
    return False


class _Line:
    """The words of a text in a row, to find some of them in."""

    def __init__(self, text: Text) -> None:
        self.tokens = [i for i, form in enumerate(text.forms) if form not in LIGHT]
        self.row = "\n" + "".join(text.forms[i] + "\n" for i in self.tokens)
        self.offsets = [0]
        for i in self.tokens:
            self.offsets.append(self.offsets[-1] + len(text.forms[i]) + 1)

    def only(self, words: list[str]) -> tuple[int, int] | None:
        """The tokens where the words stand; None where they do not, or more than once."""
        needle = "\n" + "".join(word + "\n" for word in words)
        found = self.row.find(needle)
        if found < 0 or self.row.find(needle, found + 1) >= 0:
            return None
        place = bisect_left(self.offsets, found)
        return self.tokens[place], self.tokens[place + len(words) - 1] + 1


# -- for people to look at ---------------------------------------------------------------------------------

LEAST_SCORE = 0.35
"""Below this a proposal would only be noise."""


def proposals(new: str, selector: Selector, limit: int = 3) -> list[Proposal]:
    """Where an orphan's words may be in a text: the likeliest places first, at most `limit`.

    Only for a person to choose from. The score is the share of words in common and in order, those of the
    quotation weighing most, those beside it a little; a word for word find in its old surroundings has 1.
    """
    return proposals_for(new, [selector], limit)[0]


def proposals_for(new: str, selectors: Iterable[Selector], limit: int = 3) -> list[list[Proposal]]:
    """`proposals` for several orphans of one text, which is cut into words once."""
    words = [token for token in tokens(new) if is_word(token[2])]
    keys = [form.lower() for _, _, form in words]
    return [_proposed(new, words, keys, selector, limit) for selector in selectors]


def _proposed(
    new: str, words: Sequence[tuple[int, int, str]], keys: list[str], selector: Selector, limit: int
) -> list[Proposal]:
    needle = _words_of(selector.exact)
    mass = sum(map(weight, needle))
    if not mass or limit < 1:
        return []
    found = []
    for place in _windows(keys, Counter(needle), len(needle), 4 * limit):
        low, high = max(0, place - len(needle)), place + 2 * len(needle)
        places = [low + j for _, j in align(needle, keys[low:high])]
        likeness, first, last = _likest(keys, places, mass)
        start, end = words[first][0], words[last][1]
        score = round(0.9 * likeness + 0.1 * _context_kept(new, start, end, selector), 3)
        if score >= LEAST_SCORE:
            found.append(Proposal(describe(new, start, end), score))
    found.sort(key=lambda p: (-p.score, abs(p.selector.start - selector.start), p.selector.start))
    chosen: list[Proposal] = []
    for proposal in found:
        here = proposal.selector
        if len(chosen) < limit and all(
            here.end <= other.selector.start or other.selector.end <= here.start for other in chosen
        ):
            chosen.append(proposal)
    return chosen


def _likest(keys: list[str], places: list[int], mass: float) -> tuple[float, int, int]:
    """Of the places of words in common, the run that is most like the words of this mass: how much (0 to 1),
    its first place and its last."""
    best = (0.0, places[0], places[0])
    for n, first in enumerate(places[:200]):
        shared, span, token = 0.0, 0.0, first
        for place in places[n : n + 200]:
            span += sum(weight(key) for key in keys[token : place + 1])
            token = place + 1
            shared += weight(keys[place])
            best = max(best, (2 * shared / (mass + span), first, place), key=lambda run: run[0])
    return best


def _windows(keys: list[str], wanted: Counter[str], width: int, count: int) -> list[int]:
    """Where those windows of `width` words begin that hold most of what is wanted, none overlapping another."""
    seen: Counter[str] = Counter()
    shared = 0.0
    heavy: list[tuple[float, int]] = []
    for n, key in enumerate(keys):
        if seen[key] < wanted[key]:
            shared += weight(key)
        seen[key] += 1
        if n >= width:
            left = keys[n - width]
            seen[left] -= 1
            if seen[left] < wanted[left]:
                shared -= weight(left)
        if shared > 0.9:
            heavy.append((-shared, max(0, n - width + 1)))
    chosen: list[int] = []
    for _, start in sorted(heavy):
        if all(abs(start - other) >= width for other in chosen):
            chosen.append(start)
            if len(chosen) == count:
                break
    return chosen


def _context_kept(text: str, start: int, end: int, selector: Selector) -> float:
    """The share of a selector's prefix and suffix that stands beside a span."""
    before, after = _words_of(selector.prefix), _words_of(selector.suffix)
    if not before and not after:
        return 1.0
    kept = len(align(before, _words_of(text[max(0, start - CONTEXT) : start])))
    kept += len(align(after, _words_of(text[end : end + CONTEXT])))
    return kept / (len(before) + len(after))


def _words_of(text: str) -> list[str]:
    return [form.lower() for _, _, form in tokens(text) if is_word(form)]


type Operation = Literal["same", "removed", "added"]


def word_diff(old: str, new: str) -> list[tuple[Operation, str]]:
    """The two texts word by word, for showing: what is the same, removed, added, in reading order.

    The pieces that are the same and added make the new text; the same and removed make the old one but for
    the kind of its quotation marks and dashes, which is no change.
    """
    before, after = Text(old), Text(new)
    change = _Change(before, after, align_texts(before, after))
    pieces: list[tuple[Operation, str]] = []

    def put(operation: Operation, text: str) -> None:
        if text and pieces and pieces[-1][0] == operation:
            pieces[-1] = (operation, pieces[-1][1] + text)
        elif text:
            pieces.append((operation, text))

    a = b = 0

    def stays(i: int, j: int) -> bool:
        """As it was, but for the kind of a mark: how many dots there are is not its kind."""
        form = before.forms[i]
        return form == after.forms[j] and (form != "…" or token(old, before, i) == token(new, after, j))

    def token(text: str, of: Text, number: int) -> str:
        return text[of.starts[number] : of.ends[number]]

    gaps = [(i, j) for i, j in enumerate(change.to_new) if j >= 0 and stays(i, j)]
    for i, j in [*gaps, (len(before.keys), len(after.keys))]:
        ends = i == len(before.keys)
        removed = old[a:] if ends else old[a : before.starts[i]]
        added = new[b:] if ends else new[b : after.starts[j]]
        lead = _common_space(removed, added)
        put("same", added[:lead])
        removed, added = removed[lead:], added[lead:]
        tail = _common_space(removed[::-1], added[::-1])
        put("removed", removed[: len(removed) - tail])
        put("added", added[: len(added) - tail])
        put("same", added[len(added) - tail :])
        if not ends:
            put("same", new[after.starts[j] : after.ends[j]])
            a, b = before.ends[i], after.ends[j]
    return pieces


def _common_space(a: str, b: str) -> int:
    count = 0
    while count < min(len(a), len(b)) and a[count] == b[count] and a[count].isspace():
        count += 1
    return count
