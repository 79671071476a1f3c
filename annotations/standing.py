"""Who stands where on claims, counted from published quotes and from nothing else."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext

from annotations import telling
from annotations.models import Actor, Claim, Stance, Status
from annotations.positions import Position, Shift, Side, Statement, Utterance, position, utterances
from annotations.telling import Phrase
from annotations.timeline import UNNAMED, address
from articles.models import Story

LEANING = 70
"""The share of quotes, in percent, from which an actor's words say "tended to" one side."""


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
    """An actor's standing on a claim in a sentence, with the words that `quotes` opens, which shows what was counted;
    `count` is how many utterances that is. `shifts` are its changes of side, the latest last. `uttered` is all that it
    said on the claim, each statement with its Quote.

    The sources that no article names stand together, without an address: of them only numbers are told, as they
    may be many people or one.
    """

    name: str
    address: str
    position: str
    sentence: Phrase
    quotes: str
    count: int
    shifts: tuple[Shift, ...] = ()
    uttered: tuple[Utterance, ...] = ()


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
    claims = Claim.objects.filter(story=story).for_readers().select_related("story").in_order()
    return [_standing(claim, by_claim.get(claim.pk, [])) for claim in claims]


def of_claim(claim: Claim) -> Standing:
    """One claim. Needs its story."""
    return _standing(claim, _by_claim(Stance.objects.filter(claim=claim)).get(claim.pk, []))


def of_actor(actor: Actor) -> list[Standing]:
    """The claims of published stories on which an actor takes a stance, each with that actor alone."""
    said = Q(quote__speaker=actor) | Q(quote__speaker__canonical=actor)
    by_claim = _by_claim(Stance.objects.filter(said, claim__story__status=Story.Status.PUBLISHED))
    claims = Claim.objects.filter(pk__in=by_claim).select_related("story")
    return [_standing(claim, by_claim[claim.pk]) for claim in claims.order_by("story__title", "number", "pk")]


def _by_claim(stances: QuerySet[Stance]) -> dict[int, list[Stance]]:
    """Stances of published quotes in articles of the claim's own story, by claim."""
    found: dict[int, list[Stance]] = defaultdict(list)
    public = stances.filter(quote__status=Status.PUBLISHED, quote__article__stories=F("claim__story"))
    for stance in (
        public.select_related("quote__speaker__canonical", "quote__article__outlet")
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
    statements = [
        Statement(
            stance.quote.utterance_id or f"quote {stance.quote_id}",
            str(stance.quote.article.outlet_id),
            cast(Side, stance.position),
            stance.quote.said_earliest,
            stance.quote.said_latest,
            stance.quote,
        )
        for stance in stances
    ]
    found = position(statements)
    assert found is not None
    side = _side(found)
    if speaker is None:
        outlets = len({stance.quote.article.outlet_id for stance in stances})
        return Person(
            name=gettext("Unnamed sources"),
            address="",
            position=side,
            sentence=telling.counted(len(stances), outlets),
            quotes=_timeline(claim, actor=UNNAMED),
            count=len(stances),
        )
    # Unclear quotes are not counted where any takes a position, so they are not among those that are opened.
    clear = sorted({stance.position for stance in stances} - {Stance.Position.UNCLEAR})
    return Person(
        name=speaker.name,
        address=speaker.get_absolute_url(),
        position=side,
        sentence=telling.stance(found),
        quotes=_timeline(claim, actor=speaker.slug, stance=clear),
        count=found.quotes,
        shifts=found.shifts,
        uttered=tuple(utterances(statements)),
    )


def _side(found: Position) -> str:
    """The position to which most quotes lean, as the words do."""
    if not (found.supporting or found.opposing or found.mixed):
        return Stance.Position.UNCLEAR
    for side, number in (
        (Stance.Position.SUPPORTS, found.supporting),
        (Stance.Position.OPPOSES, found.opposing),
    ):
        if number * 100 >= LEANING * found.quotes:
            return side
    return Stance.Position.MIXED


def _timeline(claim: Claim, **filters: str | list[str]) -> str:
    """The story's timeline with the quotes that were counted."""
    return address(claim.story, **filters, claim=claim.slug)
