"""Who stands where on a story's claims, counted from published quotes and from nothing else."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from annotations.models import Claim, Quote, Stance
from annotations.timeline import UNNAMED
from articles.models import Story


@dataclass(frozen=True, slots=True)
class Count:
    """How many quotes take a position, and where they are shown."""

    position: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: where it starts and how long it is, in percent of the whole."""

    position: str
    start: float
    share: float


@dataclass(frozen=True, slots=True)
class Person:
    """An actor's standing on a claim, in a sentence; `quotes` shows those that were counted."""

    name: str
    address: str
    position: str
    sentence: str
    quotes: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim, how the quotes on it divide, and who stands where."""

    claim: Claim
    counts: list[Count]
    bar: list[Part]
    people: list[Person]


def of_story(story: Story) -> list[Standing]:
    """The story's claims in their order. What two outlets carried of one utterance counts once in the sentences."""
    quotes = Quote.objects.in_story(story).published()
    stances = (
        Stance.objects.filter(claim__story=story, quote__in=quotes)
        .select_related("quote__speaker", "quote__article__outlet")
        .only(
            "claim",
            "position",
            "quote__speaker__name",
            "quote__speaker__slug",
            "quote__utterance",
            "quote__said_earliest",
            "quote__said_latest",
            "quote__article__outlet__name",
        )
        .order_by("claim", "quote")
    )
    by_claim: dict[int, list[Stance]] = defaultdict(list)
    for stance in stances:
        by_claim[stance.claim_id].append(stance)
    claims = Claim.objects.filter(story=story).select_related("story").in_order()
    return [_standing(story, claim, by_claim[claim.pk]) for claim in claims]


def _standing(story: Story, claim: Claim, stances: Sequence[Stance]) -> Standing:
    counted = dict.fromkeys(Stance.Position.values, 0)
    for stance in stances:
        counted[stance.position] += 1
    counts = [
        Count(position, number, _timeline(story, claim=claim.slug, stance=position))
        for position, number in counted.items()
        if number
    ]
    by_speaker: dict[str, list[Stance]] = defaultdict(list)
    for stance in stances:
        by_speaker[stance.quote.speaker.slug if stance.quote.speaker else UNNAMED].append(stance)
    people = [_person(story, claim, slug, group) for slug, group in by_speaker.items()]
    return Standing(claim, counts, bar(counts), people)


def bar(counts: Sequence[Count]) -> list[Part]:
    """The parts of a bar that is as long as the counts together."""
    whole, start, parts = sum(count.count for count in counts), 0.0, []
    for count in counts:
        share = 100 * count.count / whole
        parts.append(Part(count.position, start, share))
        start += share
    return parts


def _timeline(story: Story, **filters: str) -> str:
    return f"{story.get_absolute_url()}?{urlencode(filters)}#timeline"


def _person(story: Story, claim: Claim, slug: str, stances: Sequence[Stance]) -> Person:
    speaker = stances[0].quote.speaker
    positions = {stance.position for stance in stances}
    position = positions.pop() if len(positions) == 1 else "mixed"
    outlets = len({stance.quote.article.outlet_id for stance in stances})
    return Person(
        name=speaker.name if speaker else "Unnamed sources",
        address=speaker.get_absolute_url() if speaker else "",
        position=position,
        sentence=f"{len(stances)} quotes in {outlets} outlets",
        quotes=_timeline(story, actor=slug, claim=claim.slug),
    )
