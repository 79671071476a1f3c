"""Who stands where on claims, counted from published quotes and from nothing else."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet

from annotations.models import Actor, Claim, Stance, Status
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
    """An actor's standing on a claim, in a sentence; `quotes` shows those that were counted.

    The sources that no article names are one person without an address.
    """

    name: str
    address: str
    position: str
    sentence: str
    quotes: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim, how the quotes on it divide, and who stands where: who is quoted most comes first."""

    claim: Claim
    counts: list[Count]
    bar: list[Part]
    people: list[Person]


def of_story(story: Story) -> list[Standing]:
    """The story's claims in their order."""
    by_claim = _by_claim(Stance.objects.filter(claim__story=story))
    claims = Claim.objects.filter(story=story).select_related("story").in_order()
    return [_standing(claim, by_claim.get(claim.pk, [])) for claim in claims]


def of_claim(claim: Claim) -> Standing:
    """One claim. Needs its story."""
    return _standing(claim, _by_claim(Stance.objects.filter(claim=claim)).get(claim.pk, []))


def of_actor(actor: Actor) -> list[Standing]:
    """The claims of published stories on which an actor takes a stance, each with that actor alone."""
    said = Q(quote__speaker=actor) | Q(quote__speaker__merged_into=actor)
    by_claim = _by_claim(Stance.objects.filter(said, claim__story__status=Story.Status.PUBLISHED))
    claims = Claim.objects.filter(pk__in=by_claim).select_related("story")
    return [_standing(claim, by_claim[claim.pk]) for claim in claims.order_by("story__title", "number", "pk")]


def _by_claim(stances: QuerySet[Stance]) -> dict[int, list[Stance]]:
    """Stances of published quotes in articles of the claim's own story, by claim."""
    found: dict[int, list[Stance]] = defaultdict(list)
    public = stances.filter(quote__status=Status.PUBLISHED, quote__article__stories=F("claim__story"))
    for stance in (
        public.select_related("quote__speaker__merged_into", "quote__article")
        .defer("quote__article__search", "quote__article__notes", "quote__article__author_bio")
        .order_by("quote__said_earliest", "pk")
    ):
        found[stance.claim_id].append(stance)
    return found


def _standing(claim: Claim, stances: Sequence[Stance]) -> Standing:
    counted = Counter(stance.position for stance in stances)
    counts = [
        Count(position, counted[position], _timeline(claim, stance=position))
        for position in Stance.Position.values
        if counted[position]
    ]
    by_speaker: dict[Actor | None, list[Stance]] = defaultdict(list)
    for stance in stances:
        by_speaker[stance.quote.said_by].append(stance)
    speakers = sorted(by_speaker, key=lambda one: (one is None, -len(by_speaker[one]), str(one)))
    people = [_person(claim, speaker, by_speaker[speaker]) for speaker in speakers]
    return Standing(claim, counts, _bar(counts), people)


def _bar(counts: Sequence[Count]) -> list[Part]:
    whole, start, parts = sum(count.count for count in counts), 0.0, []
    for count in counts:
        share = 100 * count.count / whole
        parts.append(Part(count.position, start, share))
        start += share
    return parts


def _person(claim: Claim, speaker: Actor | None, stances: Sequence[Stance]) -> Person:
    positions = {stance.position for stance in stances}
    outlets = len({stance.quote.article.outlet_id for stance in stances})
    return Person(
        name=speaker.name if speaker else "Unnamed sources",
        address=speaker.get_absolute_url() if speaker else "",
        position=positions.pop() if len(positions) == 1 else Stance.Position.MIXED,
        sentence=f"{len(stances)} quotes in {outlets} outlets",
        quotes=_timeline(claim, actor=speaker.slug if speaker else UNNAMED),
    )


def _timeline(claim: Claim, **filters: str) -> str:
    """The story's timeline with the quotes that were counted."""
    query = urlencode({**filters, "claim": claim.slug})
    return f"{claim.story.get_absolute_url()}?{query}#timeline"
