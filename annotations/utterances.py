"""Which quotes render one act of speaking: told from their words, dates and speakers, and only proposed.

Words are compared without what outlets do to them: square brackets and what stands in them, ellipses, quotation
marks, dashes, capitals, "won't" for "will not", "could" for "can". What an ellipsis or a bracket of one rendering
leaves out may be anything; elsewhere a "not" or a number that only one of them has makes them two.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import combinations, islice, pairwise, product

from annotations.aligning import align
from annotations.wording import LITTLE, is_word
from articles.typography import tokens

MOST_IN_ONE = 20
"""Renderings that are proposed as one at a time; an utterance counts as one. More come once these are decided on."""

RUN = 3
"""Words in a row that two renderings must share to be compared at all."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """A quote as it is compared. `article` is whose it is; `published` the day after which it can't have been said.

    `is_reported` says that none of the words stand in quotation marks. Quotes of one `utterance` are one already.
    """

    key: int
    speaker: int
    article: int
    parts: tuple[str, ...]
    earliest: dt.date | None = None
    latest: dt.date | None = None
    published: dt.date | None = None
    is_reported: bool = False
    utterance: int | None = None


class How(IntEnum):
    """How the words of two renderings are alike; more is surer."""

    OVERLAPPING = 1
    CONTAINED = 2
    SAME = 3


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two renderings that may be one utterance, the lower key first.

    `share` is how much of what the shorter one says the longer one says too, from 0 to 1; `evidence` how much that
    is: 1 for a word, a quarter for one such as "the" and for a character of scripts without spaces.
    """

    one: int
    other: int
    how: How
    share: float
    evidence: float


@dataclass(frozen=True, slots=True)
class Group:
    """Renderings proposed as one utterance; each of `units` is a quote, or the quotes of an utterance that is there.

    `how` and `share` are those of the weakest likeness that holds the group together.
    """

    units: tuple[tuple[int, ...], ...]
    how: How
    share: float

    @property
    def keys(self) -> tuple[int, ...]:
        return tuple(sorted(key for unit in self.units for key in unit))


def proposed(
    renderings: Iterable[Rendering], apart: Iterable[tuple[int, int]] = (), most: int = MOST_IN_ONE
) -> list[Group]:
    """The groups that may be one utterance each; no quote is in two of them. The order of what is given is all one.

    `apart` are pairs of keys that are not the same: they never come into one group, not by way of others either.
    """
    by_speaker: dict[int, list[Rendering]] = defaultdict(list)
    for one in renderings:
        by_speaker[one.speaker].append(one)
    not_the_same: dict[int, set[int]] = defaultdict(set)
    for a, b in apart:
        not_the_same[a].add(b)
        not_the_same[b].add(a)
    groups = [
        group
        for quotes in by_speaker.values()
        if len(quotes) > 1
        for group in _Speaker(sorted(quotes, key=_order), not_the_same).groups(most)
    ]
    return sorted(groups, key=lambda group: group.units)


def alike(a: Rendering, b: Rendering) -> Likeness | None:
    """How two quotes are alike, if they may be one utterance."""
    found = _compared(_read(a.parts), _read(b.parts), either_reported=a.is_reported or b.is_reported)
    return _judged(a, b, found) if found else None


def _order(one: Rendering) -> tuple[dt.date, int]:
    return _days(one)[0], one.key


# -- the words ---------------------------------------------------------------------------------------------

_BRACKETS = re.compile(r"\[[^\[\]]*\]")
_SPACED_DOTS = re.compile(r"\.(?:\s\.)+")
_NUMBER = re.compile(r"-?\d")
_SCALED = re.compile(r"(-?\d+(?:[.,]\d+)*)(bn|tn|mn|m|k)")
_SCALES = {"bn": "billion", "tn": "trillion", "mn": "million", "m": "million", "k": "thousand"}
_NUMERALS = (
    dict(
        zip(
            ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
            map(str, range(2, 13)),
            strict=True,
        )
    )
    | {"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70"}
    | {"eighty": "80", "ninety": "90"}
)
_LARGE = frozenset(["hundred", "thousand", "million", "billion", "trillion", "dozen"])
_SHORT = {
    "won't": ("will", "not"),
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "shan't": ("shall", "not"),
}
_ENDINGS = {"'ll": "will", "'re": "be", "'ve": "have", "'m": "be", "'d": "will"}
_SHIFTED = {"would": "will", "could": "can", "might": "may", "should": "shall", "has": "have", "had": "have"}
_SHIFTED |= dict.fromkeys(["am", "are", "is", "was", "were"], "be")
"""Verbs as they are reported, and as they were said: one form for both."""

_NOT = frozenset(["not", "no", "never", "nor", "neither", "none", "nobody", "nothing", "nowhere", "without"])
_BARELY = frozenset(["hardly", "barely", "scarcely"])
_DENY = frozenset(
    ["deny", "denies", "denied", "refuse", "refuses", "refused", "reject", "rejects", "rejected"]
)
_UNTRUE = frozenset(["false", "untrue", "wrong", "nonsense", "lie", "myth"])
"""Before a clause these deny all of it."""
_DENIALS = _NOT | _BARELY | _DENY | _UNTRUE

_MODAL = frozenset(["will", "can", "may", "shall", "must", "if", "unless", "whether"])


@dataclass(frozen=True, slots=True)
class _Words:
    """What a quote says. `gaps` are the places, by the number of the word that follows, where an outlet has cut
    or put something in; `stops` those where punctuation stands."""

    words: tuple[str, ...]
    gaps: frozenset[int]
    stops: frozenset[int]

    def segments(self) -> Iterator[tuple[str, ...]]:
        edges = [0, *sorted(self.gaps), len(self.words)]
        for start, end in pairwise(edges):
            if start < end:
                yield self.words[start:end]


def _read(parts: Sequence[str]) -> _Words:
    words: list[str] = []
    gaps: set[int] = set()
    stops: set[int] = set()
    text = _SPACED_DOTS.sub("…", _BRACKETS.sub(" … ", " … ".join(parts)))
    for _, _, form in tokens(text):
        if form == "…":
            gaps.add(len(words))
        elif is_word(form):
            words += _expanded(form.casefold())
        elif form in ",.;:?!()":
            stops.add(len(words))
    return _Words(tuple(words), frozenset(gaps), frozenset(stops | gaps))


def _expanded(word: str) -> Iterator[str]:
    if word in _SHORT:
        yield from _SHORT[word]
    elif word.endswith("n't"):
        yield _SHIFTED.get(word[:-3], word[:-3])
        yield "not"
    elif _NUMBER.match(word):
        scaled = _SCALED.fullmatch(word)
        yield re.sub(r",(?=\d{3})", "", scaled[1] if scaled else word)
        if scaled:
            yield _SCALES[scaled[2]]
    elif word != "'s":
        stem, mark, ending = word.rpartition("'")
        if stem and mark + ending in _ENDINGS:
            yield stem
            word = _ENDINGS[mark + ending]
        yield _SHIFTED.get(word) or _NUMERALS.get(word, word)


def _evidence(words: Iterable[str]) -> float:
    return sum(0.25 if word in LITTLE or (len(word) == 1 and not word.isascii()) else 1.0 for word in words)


def _content(words: Iterable[str]) -> float:
    return sum(0.0 if word in LITTLE else 1.0 for word in words)


def _denies(words: Iterable[str]) -> bool:
    return any(word in _DENIALS for word in words)


def _is_number(word: str) -> bool:
    return bool(_NUMBER.match(word)) or word in _LARGE


def _charges(words: Iterable[str], *, either_reported: bool) -> Counter[str]:
    """What in these words may not differ: denials, numbers, and between quotations what is possible and on what
    condition. Reported speech has its own ways to say that."""
    found: Counter[str] = Counter()
    for word in words:
        if word in _NOT:
            found["not"] += 1
        elif word in _BARELY:
            found["hardly"] += 1
        elif _is_number(word) or (word in _MODAL and not either_reported):
            found[word] += 1
    return found


# -- two renderings ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Alike:
    """What the words say; `how` is None where they contradict each other."""

    how: How | None
    share: float = 1.0
    evidence: float = 0.0


def _compared(a: _Words, b: _Words, *, either_reported: bool) -> _Alike | None:
    if a.words == b.words:
        return _Alike(How.SAME, 1.0, _evidence(a.words))
    short, long = sorted([a, b], key=lambda w: (len(w.words), w.words, sorted(w.gaps), sorted(w.stops)))
    return _contained(short, long) or _overlapping(short, long, either_reported)


def _contained(short: _Words, long: _Words) -> _Alike | None:
    """Every piece of the short one stands in the long one, in their order."""
    place, first, evidence = 0, -1, 0.0
    for segment in short.segments():
        found = _find(segment, long.words, place)
        if found < 0:
            return None
        first = found if first < 0 else first
        place = found + len(segment)
        if len(segment) >= RUN:
            evidence += _evidence(segment)
    if not evidence:
        return None
    flips = _flips_before(short, 0, long, first) or _flips_after(short, len(short.words), long, place)
    return _Alike(None) if flips else _Alike(How.CONTAINED, 1.0, evidence)


def _find(piece: Sequence[str], words: Sequence[str], start: int) -> int:
    size, first = len(piece), piece[0]
    return next(
        (
            i
            for i in range(start, len(words) - size + 1)
            if words[i] == first and words[i : i + size] == piece
        ),
        -1,
    )


def _flips_before(a: _Words, i: int, b: _Words, j: int) -> bool:
    """Whether what stands before the first word that both have denies it in one of them: "I never said that we …"."""
    in_a = () if j in b.gaps else _clause_before(a, i)
    in_b = () if i in a.gaps else _clause_before(b, j)
    return _denies(in_a) != _denies(in_b) or _are_other_numbers(in_a, in_b)


def _clause_before(words: _Words, end: int) -> tuple[str, ...]:
    start = max((stop for stop in words.stops if stop <= end), default=0)
    return words.words[start:end]


def _flips_after(a: _Words, i: int, b: _Words, j: int) -> bool:
    """The same of what stands behind the last one, of which only the next word can deny it."""
    in_a = () if j in b.gaps else _clause_after(a, i)
    in_b = () if i in a.gaps else _clause_after(b, j)
    return _denies(in_a[:1]) != _denies(in_b[:1]) or _are_other_numbers(in_a, in_b)


def _clause_after(words: _Words, start: int) -> tuple[str, ...]:
    end = min((stop for stop in words.stops if stop >= start), default=len(words.words))
    return words.words[start:end]


def _are_other_numbers(a: Iterable[str], b: Iterable[str]) -> bool:
    in_a, in_b = ([word for word in words if _is_number(word)] for words in (a, b))
    return bool(in_a and in_b) and in_a != in_b


def _overlapping(short: _Words, long: _Words, either_reported: bool) -> _Alike | None:
    """Most of what the short one says stands in the long one, in long enough runs."""
    pairs = align(short.words, long.words)
    if not pairs:
        return None
    matched = [short.words[i] for i, _ in pairs]
    mass = _content(short.words)
    share = _content(matched) / mass if mass else 0.0
    runs = 1 + sum((k, m) != (i + 1, j + 1) for (i, j), (k, m) in pairwise(pairs))
    if share < LEAST_SHARE or len(pairs) < 2.5 * runs:
        return None
    for (i, j), (k, m) in pairwise(pairs):
        if (k, m) == (i + 1, j + 1):
            continue
        ours = () if _has(long.gaps, j + 1, m) else short.words[i + 1 : k]
        theirs = () if _has(short.gaps, i + 1, k) else long.words[j + 1 : m]
        charges = (_charges(words, either_reported=either_reported) for words in (ours, theirs))
        if next(charges) != next(charges):
            return _Alike(None)
    flips = _flips_before(short, pairs[0][0], long, pairs[0][1]) or _flips_after(
        short, pairs[-1][0] + 1, long, pairs[-1][1] + 1
    )
    return _Alike(None) if flips else _Alike(How.OVERLAPPING, share, _evidence(matched))


def _has(places: Collection[int], first: int, last: int) -> bool:
    return any(first <= place <= last for place in places)


# -- two quotes --------------------------------------------------------------------------------------------

LEAST_SHARE = 0.65
_WIDE = dt.timedelta(days=31)
_CLOSE = dt.timedelta(days=7)
_LEAST = {
    # Evidence that is wanted of the same words, of contained ones, of overlapping ones: where both were said in the
    # same week, where their days overlap, and where those of one are not known, or hardly.
    "same": {How.SAME: 2.5, How.CONTAINED: 3.5, How.OVERLAPPING: 6.0},
    "near": {How.SAME: 4.0, How.CONTAINED: 4.5, How.OVERLAPPING: 6.0},
    "open": {How.SAME: 6.0, How.CONTAINED: 7.0, How.OVERLAPPING: 9.0},
}
_OPEN_SHARE = 0.75

type _Days = tuple[dt.date, dt.date]


def _days(one: Rendering) -> _Days:
    """From when to when it may have been said; a day more than published, for the clocks of other countries."""
    first, last = one.earliest or one.latest, one.latest or one.earliest
    if first and last:
        return first, last
    return dt.date.min, one.published + dt.timedelta(days=1) if one.published else dt.date.max


def _certainty(a: Rendering, b: Rendering) -> str:
    """How sure it is that both may be of one day; nothing where they are not."""
    (a0, a1), (b0, b1) = _days(a), _days(b)
    if max(a0, b0) > min(a1, b1):
        return ""
    if max(a1 - a0, b1 - b0) > _WIDE:
        return "open"
    return "same" if max(a1, b1) - min(a0, b0) <= _CLOSE else "near"


def _judged(a: Rendering, b: Rendering, found: _Alike) -> Likeness | None:
    if found.how is None or a.speaker != b.speaker or a.key == b.key:
        return None
    if a.article == b.article and found.how is not How.SAME:
        return None
    certainty = _certainty(a, b)
    if not certainty or found.evidence < _LEAST[certainty][found.how]:
        return None
    if certainty == "open" and found.share < _OPEN_SHARE:
        return None
    one, other = sorted([a.key, b.key])
    return Likeness(one, other, found.how, found.share, found.evidence)


# -- all that one speaker says -----------------------------------------------------------------------------

_RARE = 10
"""Runs of words, the rarest of a quote, by which others that have them are looked up."""
_POSTINGS = 100
_CANDIDATES = 60
"""Others that a quote is compared with; those that share its rarest words come first."""
_ENOUGH = 6
"""Others that are alike: where both texts of a pair have as many, it is not looked at any more. What hundreds of
outlets carry is held together by far fewer."""
_TIMES = 30
"""Quotes with the very same words, or with two texts that are alike, that are paired with each of them."""


class _Speaker:
    """The quotes of one speaker. Each text is read once, however often it was carried."""

    def __init__(self, quotes: Sequence[Rendering], apart: dict[int, set[int]]) -> None:
        self.quotes = {one.key: one for one in quotes}
        self.apart = apart
        self.text_of: dict[int, int] = {}
        self.texts: list[_Words] = []
        self.carried: list[list[Rendering]] = []
        self.contradicting: dict[int, set[int]] = defaultdict(set)
        numbers: dict[tuple[tuple[str, ...], frozenset[int]], int] = {}
        for one in quotes:
            words = _read(one.parts)
            number = numbers.setdefault((words.words, words.gaps), len(numbers))
            if number == len(self.texts):
                self.texts.append(words)
                self.carried.append([])
            self.carried[number].append(one)
            self.text_of[one.key] = number

    def groups(self, most: int) -> list[Group]:
        groups = _Groups(self, most)
        links = sorted(self._links(), key=lambda x: (-x.how, -x.share, -x.evidence, x.one, x.other))
        for link in links:
            groups.link(link)
        return groups.found()

    def _links(self) -> Iterator[Likeness]:
        for words, quotes in zip(self.texts, self.carried, strict=True):
            same = _Alike(How.SAME, 1.0, _evidence(words.words))
            for number, one in enumerate(quotes):
                for other in quotes[number + 1 : number + 1 + _TIMES]:
                    if link := _judged(one, other, same):
                        yield link
        found = [0] * len(self.texts)
        content = [frozenset(word for word in text.words if word not in LITTLE) for text in self.texts]
        for a, b in sorted(self._candidates()):
            shared, least = content[a] & content[b], min(len(content[a]), len(content[b]))
            if min(found[a], found[b]) >= _ENOUGH or 2 * len(shared) < least:
                continue
            links = list(self._between(a, b))
            if links:
                found[a] += 1
                found[b] += 1
                yield from links

    def _between(self, a: int, b: int) -> Iterator[Likeness]:
        pairs = [
            (one, other)
            for one, other in islice(product(self.carried[a], self.carried[b]), _TIMES * _TIMES)
            if _certainty(one, other)
        ]
        reported = any(one.is_reported or other.is_reported for one, other in pairs)
        found = _compared(self.texts[a], self.texts[b], either_reported=reported) if pairs else None
        if found is None:
            return
        if found.how is None:
            self.contradicting[a].add(b)
            self.contradicting[b].add(a)
        yield from (link for one, other in pairs if (link := _judged(one, other, found)))

    def _candidates(self) -> set[tuple[int, int]]:
        """Texts that share one of the rarest runs of words of either: what is contained shares all of its own."""
        holding: dict[tuple[str, ...], list[int]] = defaultdict(list)
        runs = [set(_runs(words)) for words in self.texts]
        for number, of_text in enumerate(runs):
            for run in of_text:
                holding[run].append(number)
        found: set[tuple[int, int]] = set()
        for number, of_text in enumerate(runs):
            others: set[int] = set()
            rarest = sorted(
                (run for run in of_text if len(holding[run]) > 1), key=lambda r: (len(holding[r]), r)
            )
            for run in rarest[:_RARE]:
                if len(others) >= _CANDIDATES:
                    break
                others.update(islice(holding[run], _POSTINGS))
            found.update((min(number, other), max(number, other)) for other in others if other != number)
        by_words: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, words in enumerate(self.texts):
            by_words[words.words].append(number)
        for same in by_words.values():
            found.update(combinations(same[:_TIMES], 2))
        return found


def _runs(words: _Words) -> Iterator[tuple[str, ...]]:
    for segment in words.segments():
        for start in range(len(segment) - RUN + 1):
            yield segment[start : start + RUN]


@dataclass(slots=True)
class _Unit:
    """What has grown together so far."""

    units: list[tuple[int, ...]]
    keys: set[int]
    days: _Days
    texts: set[int]
    articles: dict[int, set[tuple[str, ...]]]
    links: list[Likeness] = field(default_factory=list)


class _Groups:
    """Grows groups from the surest likeness to the weakest; nothing comes together that may not be one."""

    def __init__(self, of: _Speaker, most: int) -> None:
        self.of, self.most = of, most
        self.group_of: dict[int, _Unit] = {}
        together: dict[tuple[str, int], list[Rendering]] = defaultdict(list)
        for one in of.quotes.values():
            together[("quote", one.key) if one.utterance is None else ("utterance", one.utterance)].append(
                one
            )
        for quotes in together.values():
            unit = self._unit(quotes)
            self.group_of.update((one.key, unit) for one in quotes)

    def _unit(self, quotes: Sequence[Rendering]) -> _Unit:
        days = [_days(one) for one in quotes]
        # Of days that exclude each other, which an editor joined all the same, none is left: nothing more is proposed.
        first, last = max(a for a, _ in days), min(b for _, b in days)
        articles: dict[int, set[tuple[str, ...]]] = defaultdict(set)
        for one in quotes:
            articles[one.article].add(self.of.texts[self.of.text_of[one.key]].words)
        keys = sorted(one.key for one in quotes)
        texts = {self.of.text_of[key] for key in keys}
        return _Unit([tuple(keys)], set(keys), (first, last), texts, articles)

    def link(self, link: Likeness) -> None:
        a, b = self.group_of[link.one], self.group_of[link.other]
        if a is b or not self._may_be_one(a, b):
            return
        if len(a.keys) < len(b.keys):
            a, b = b, a
        a.units += b.units
        a.keys |= b.keys
        a.texts |= b.texts
        a.days = max(a.days[0], b.days[0]), min(a.days[1], b.days[1])
        for article, words in b.articles.items():
            a.articles[article] |= words
        a.links += [*b.links, link]
        self.group_of.update((key, a) for key in b.keys)

    def _may_be_one(self, a: _Unit, b: _Unit) -> bool:
        if len(a.units) + len(b.units) > self.most:
            return False
        if max(a.days[0], b.days[0]) > min(a.days[1], b.days[1]):
            return False
        if any(self.of.apart[key] & b.keys for key in a.keys if key in self.of.apart):
            return False
        if any(self.of.contradicting[text] & b.texts for text in a.texts if text in self.of.contradicting):
            return False
        return not any(len(a.articles[x] | b.articles[x]) > 1 for x in a.articles.keys() & b.articles.keys())

    def found(self) -> list[Group]:
        groups = {id(one): one for one in self.group_of.values() if len(one.units) > 1}
        return [
            Group(
                tuple(sorted(one.units)),
                min(link.how for link in one.links),
                min(link.share for link in one.links),
            )
            for one in groups.values()
        ]
