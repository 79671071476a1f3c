"""Words of a quote that an outlet removed: where they stood, and where they may be now, for an editor to judge."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Prefetch

from annotations.anchoring import Operation, Proposal, proposals_for, word_diff
from annotations.attribution import Attribution
from annotations.models import Actor, Anchor, Quote, Role
from annotations.models.placing import selector_of
from annotations.speakers import Speaker, compare, said_beside
from articles.models import Version

AROUND = 240
"""Code points on either side of words that are shown with them, within their paragraph."""

MOST_SEARCHED = 2_000_000
"""Characters in which is looked for the nearest words on one page; what is beyond that is looked for by itself."""

PROPOSED = 3
LEAST_LIKE = 0.5
"""Scores below this are somebody's name and little else."""

type Pieces = list[tuple[Operation, str]]


@dataclass(frozen=True, slots=True)
class Side:
    """Words of a version with what stands around them, in pieces where they differ from those of another."""

    version: int
    before: Pieces
    words: Pieces
    after: Pieces


@dataclass(frozen=True, slots=True)
class Place:
    """Words of the current version that may be those that are gone, and what speaks for and against it.

    `spans` are where the whole quote would stand, `left_out` what it would lose; `id` is its own on a page.
    """

    id: str
    before: str
    diff: Pieces
    after: str
    likeness: str
    speaker: Speaker
    mention: str
    was: str
    verbs: tuple[str, str] | None
    kind: str
    spans: list[tuple[int, int, str]]
    left_out: list[str]

    @property
    def is_offered(self) -> bool:
        """Whether one press may put the quote there: never on words that somebody else says."""
        return self.speaker is not Speaker.OTHER


@dataclass(frozen=True, slots=True)
class Lost:
    """A part of a quote in the version that last had it, and where it may be now: the likeliest first."""

    old: Side
    places: list[Place]


@dataclass(frozen=True, slots=True)
class Found:
    """What an orphan still has, and what it lost. `is_searched` is false where nothing was looked for: too long."""

    standing: list[str]
    lost: list[Lost]
    is_searched: bool

    @property
    def has_places(self) -> bool:
        return any(lost.places for lost in self.lost)


@dataclass(frozen=True, slots=True)
class _Part:
    """An anchor without words, and the one that last had some."""

    quote: Quote
    orphan: Anchor
    last: Anchor | None
    is_searched: bool


def search(orphans: Sequence[tuple[Quote, Version]]) -> list[Found]:
    """Quotes, each with its article's current version and its text; in a fixed number of queries.

    Each text is cut into words once, and only so many characters are looked through.
    """
    left = MOST_SEARCHED
    by_version: dict[Version, list[_Part]] = defaultdict(list)
    searched: list[bool] = []
    for quote, version in orphans:
        _, gone = _divided(quote, version)
        searched.append(left > 0)
        left -= len(version.text) * len(gone)
        last = _last_standing(quote)
        by_version[version] += [_Part(quote, a, last.get(a.part), searched[-1]) for a in gone]
    known = _known_names([quote for quote, _ in orphans])
    parts = [part for group in by_version.values() for part in group]
    read_in = Version.objects.in_bulk({part.last.version_id for part in parts if part.last})
    lost: dict[int, list[Lost]] = defaultdict(list)
    for version, group in by_version.items():
        for part, proposed in _proposed(version, group):
            old = read_in[part.last.version_id] if part.last else version
            found = _Search(part, old, version, known[part.quote.pk])
            lost[part.quote.pk].append(found.lost(proposed))
    return [
        Found([a.exact for a in _divided(quote, version)[0]], lost[quote.pk], is_searched)
        for (quote, version), is_searched in zip(orphans, searched, strict=True)
    ]


def _proposed(version: Version, group: Sequence[_Part]) -> Iterator[tuple[_Part, list[Proposal]]]:
    selectors = [selector_of(part.last) for part in group if part.last and part.is_searched]
    found = iter(proposals_for(version.text, selectors, PROPOSED) if selectors else [])
    for part in group:
        yield part, next(found) if part.last and part.is_searched else []


def _divided(quote: Quote, version: Version) -> tuple[list[Anchor], list[Anchor]]:
    """The parts that stand in a version, and those that do not."""
    here = sorted((a for a in quote.anchors.all() if a.version_id == version.pk), key=lambda a: a.part)
    return [a for a in here if a.start is not None], [a for a in here if a.start is None]


def _last_standing(quote: Quote) -> dict[int, Anchor]:
    """For each part its anchor in the version that an editor read, else in the newest that has it."""
    anchors = sorted(
        (a for a in quote.anchors.all() if a.start is not None),
        key=lambda a: (a.version_id == quote.version_id, a.version.number),
    )
    return {anchor.part: anchor for anchor in anchors}


class _Search:
    """For one part: what was said beside it, and what is said beside each place that is proposed."""

    def __init__(self, part: _Part, old: Version, current: Version, known: Sequence[str]) -> None:
        self.part, self.old, self.current, self.known = part, old, current, known
        self.standing, gone = _divided(part.quote, current)
        self.left_out = [a.exact for a in gone if a.part != part.orphan.part]
        self.beside, self.kind = Attribution(), ""
        if part.last and part.last.start is not None and part.last.end is not None:
            self.beside, self.kind = said_beside(old.text, part.last.start, part.last.end)

    def lost(self, proposed: Sequence[Proposal]) -> Lost:
        likely = [one for one in proposed if one.score >= LEAST_LIKE]
        places = [self._place(one, spans) for one in likely if (spans := self._spans(one))]
        anchor = self.part.last or self.part.orphan
        side = plain(self.old.number, *with_surroundings(self.old.text, anchor))
        return Lost(side, sorted(places, key=lambda place: not place.is_offered))

    def _spans(self, one: Proposal) -> list[tuple[int, int, str]]:
        """Where the quote would stand; nothing where a part of it stands on these words already."""
        spans = [
            (a.start, a.end, a.exact) for a in self.standing if a.start is not None and a.end is not None
        ]
        spans = sorted([*spans, (one.selector.start, one.selector.end, one.selector.exact)])
        return spans if all(a[1] <= b[0] for a, b in pairwise(spans)) else []

    def _place(self, one: Proposal, spans: list[tuple[int, int, str]]) -> Place:
        text, here = self.current.text, one.selector
        before, after = surroundings(text, here.start, here.end)
        beside, kind = said_beside(text, here.start, here.end)
        is_other_verb = beside.cue and self.beside.cue and beside.cue.lower() != self.beside.cue.lower()
        return Place(
            id=f"place-{self.part.quote.uuid}-{self.part.orphan.part}-{here.start}",
            before=before,
            diff=word_diff((self.part.last or self.part.orphan).exact, here.exact),
            after=after,
            likeness=in_words(one.score),
            speaker=compare(self.beside, beside, self.known),
            mention=beside.mention,
            was=self.beside.mention or self.part.quote.speaker_name,
            verbs=(self.beside.cue, beside.cue) if is_other_verb else None,
            kind=kind if self.kind and kind != self.kind else "",
            spans=spans,
            left_out=self.left_out,
        )


def _known_names(quotes: Sequence[Quote]) -> Mapping[int, list[str]]:
    """What each quote's speaker is called: names, aliases, roles, and how the text names them."""
    actors = Actor.objects.filter(pk__in={q.said_by.pk for q in quotes if q.said_by}).prefetch_related(
        "aliases", Prefetch("roles", Role.objects.order_by("id"))
    )
    names = {
        actor.pk: [actor.name, *(a.name for a in actor.aliases.all()), *(r.title for r in actor.roles.all())]
        for actor in actors
    }
    return {q.pk: [*(names[q.said_by.pk] if q.said_by else []), q.mention] for q in quotes}


# -- for showing -------------------------------------------------------------------------------------------


def in_words(score: float) -> str:
    """How like the old words a proposal is."""
    if score >= 0.97:
        return "The same words"
    if score >= 0.8:
        return "Nearly the same words"
    return "Most of the words" if score >= 0.6 else "Some of the words"


def plain(version: int, before: str, words: str, after: str) -> Side:
    return Side(version, [("same", before)], [("same", words)], [("same", after)])


def with_surroundings(text: str, anchor: Anchor) -> tuple[str, str, str]:
    """What stands before an anchor's words, the words, what stands after; only the words of an orphan."""
    if anchor.start is None or anchor.end is None:
        return "", anchor.exact, ""
    before, after = surroundings(text, anchor.start, anchor.end)
    return before, anchor.exact, after


def surroundings(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and after words in their paragraph, cut at a space where it is long."""
    first = text.rfind("\n\n", 0, start)
    before = text[0 if first < 0 else first + 2 : start]
    if len(before) > AROUND:
        before = "… " + before[-AROUND:].partition(" ")[2]
    last = text.find("\n\n", end)
    after = text[end : len(text) if last < 0 else last]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + " …"
    return before, after
