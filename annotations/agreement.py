"""Who agrees with whom in a story, from its published quotes."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from typing import cast

from annotations.circle import Spot, spots
from annotations.models import Actor, Claim, Quote, Stance
from annotations.network import Network, Take, Tie, network
from annotations.timeline import address
from articles.models import Story

MOST_DRAWN = 14
"""Actors in a picture: those who take most sides. The table has all of their ties."""

THICKEST = 7
"""Pixels of a line: beyond, it would hide others. The table names all of its claims."""

_NUMBERS = 5_000


@dataclass(frozen=True, slots=True)
class On:
    """A claim on which two actors are tied, and where both their quotes on it are shown."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """A tie, drawn from one spot to the other; thicker, the more claims it is made of."""

    one: Actor
    other: Actor
    kind: str
    start: Spot
    end: Spot
    width: int
    claims: list[On]


@dataclass(frozen=True, slots=True)
class Point:
    """An actor in the picture, and how often it takes a side."""

    actor: Actor
    spot: Spot
    utterances: int


@dataclass(frozen=True, slots=True)
class Picture:
    """`left_out` is how many more actors take a side."""

    points: list[Point]
    lines: list[Line]
    left_out: int


def takes(story: Story) -> tuple[list[Take], dict[str, Actor]]:
    """Every stance of a named speaker on the story's claims, and the speakers by their slugs. One query.

    They are made of numbers and slugs alone, so a whole story's fit in memory.
    """
    quotes = Quote.objects.in_story(story).published()
    taken = Stance.objects.filter(claim__story=story, quote__in=quotes, quote__speaker__isnull=False)
    rows = taken.select_related("quote__speaker__canonical", "claim").only(
        "claim__slug",
        "position",
        "quote__uuid",
        "quote__utterance",
        *(f"quote__speaker__{name}" for name in _OF_ACTORS),
        *(f"quote__speaker__canonical__{name}" for name in _OF_ACTORS),
    )
    found: list[Take] = []
    actors: dict[str, Actor] = {}
    for stance in rows.order_by("quote_id", "pk").iterator(chunk_size=_NUMBERS):
        quote = stance.quote
        who = quote.said_by
        assert who is not None
        actors.setdefault(who.slug, who)
        utterance = quote.utterance_id or quote.uuid
        found.append(Take(who.slug, stance.claim.slug, stance.position, utterance, quote.uuid))
    return found, actors


_OF_ACTORS = ("slug", "name", "kind", "wikidata_id", "description", "canonical")


def picture(story: Story) -> Picture | None:
    """The network of a story, to be drawn; None where nobody is tied to anybody."""
    taken, actors = takes(story)
    whole = network(taken)
    if not whole.ties:
        return None
    drawn = _most_tied(whole)
    shown = Network(
        {actor: number for actor, number in whole.actors.items() if actor in drawn},
        [tie for tie in whole.ties if tie.one in drawn and tie.other in drawn],
    )
    texts = dict(Claim.objects.filter(story=story).values_list("slug", "text"))
    where = spots(shown)
    points = [Point(actors[cast(str, slug)], spot, shown.actors[slug]) for slug, spot in where.items()]
    lines = [_line(story, tie, actors, where, texts) for tie in shown.ties]
    lines.sort(key=lambda line: (-len(line.claims), line.one.name, line.other.name, line.kind))
    return Picture(points, lines, len(whole.actors) - len(shown.actors))


def _most_tied(whole: Network) -> set[Hashable]:
    ties: Counter[Hashable] = Counter()
    for tie in whole.ties:
        ties[tie.one] += tie.weight
        ties[tie.other] += tie.weight
    return {actor for actor, _ in ties.most_common(MOST_DRAWN)}


def _line(
    story: Story,
    tie: Tie,
    actors: dict[str, Actor],
    where: dict[Hashable, Spot],
    texts: dict[str, str],
) -> Line:
    one, other = actors[cast(str, tie.one)], actors[cast(str, tie.other)]
    sides = ["supports", "opposes"]
    claims = [
        On(
            texts[slug],
            address(story, actor=[one.slug, other.slug], stance=sides, claim=slug),
        )
        for slug in tie.claims
    ]
    return Line(one, other, tie.kind, where[tie.one], where[tie.other], min(tie.weight + 1, THICKEST), claims)
