"""Quotes in several outlets joined to one utterance: found and proposed by the program, decided by an editor.

Proposals are stored. To find them all quotes of a speaker have to be compared with each other, which takes seconds
for the busiest, and the desk's front page wants their number each time that it is opened. So a worker compares
the quotes of a speaker anew whenever they have changed, and a page only reads; after a decision just the quotes
that it was about are compared again. Nothing is joined but by an editor.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import BigIntegerField, Count, F, Max, Q, Sum
from django.db.models.functions import Cast, Coalesce, Extract

from annotations.models import (
    Act,
    Anchor,
    Apart,
    Comparison,
    NotAllowed,
    ProposedUtterance,
    Quote,
    StaleRevision,
    Utterance,
    Verb,
)
from annotations.models.renderings import AT_WORK
from annotations.querysets import QuoteQuerySet
from annotations.undoing import acts_at, take_back
from annotations.utterances import Group, Rendering, proposed

if TYPE_CHECKING:
    from accounts.models import User

WHO = Coalesce("speaker__canonical", "speaker")
"""The actor who speaks: the one that others were merged into."""


# -- finding -----------------------------------------------------------------------------------------------


def behind() -> list[int]:
    """The speakers whose quotes were not compared since one of them changed, came in or ended."""
    compared = dict(Comparison.objects.values_list("speaker", "state"))
    states = dict.fromkeys(compared, "") | _states()
    return [speaker for speaker, state in states.items() if state != compared.get(speaker)]


def catch_up(now: dt.datetime) -> int:
    """Compare the quotes of all who are behind, speaker by speaker; of how many that was."""
    speakers = behind()
    for speaker in speakers:
        compare(speaker, now)
    return len(speakers)


def _states(speaker: int | None = None) -> dict[int, str]:
    """In which state the quotes of each speaker are: how many, what was last done to them, and when their articles
    appeared: before that they were said."""
    quotes = Quote.objects.filter(status__in=AT_WORK, speaker__isnull=False).annotate(who=WHO)
    if speaker is not None:
        quotes = quotes.filter(who=speaker)
    days = Cast(Extract("article__published_at", "epoch"), BigIntegerField())
    found = (
        quotes.order_by()
        .values_list("who")
        .annotate(
            Count("pk"), Sum("revision"), Max("updated_at"), Count("article__published_at"), seconds=Sum(days)
        )
    )
    return {
        who: f"{count} {revisions} {newest.isoformat()} {dated} {seconds}"
        for who, count, revisions, newest, dated, seconds in found
    }


def compare(speaker: int, now: dt.datetime) -> int:
    """Find anew what of a speaker may be one utterance; how many proposals that makes.

    What was found is dropped where something was done to the quotes meanwhile: then they are behind still.
    """
    state = _states(speaker).get(speaker, "")
    found = _find(Quote.objects.filter(status__in=AT_WORK).alias(who=WHO).filter(who=speaker))
    with transaction.atomic():
        done = _locked(speaker)
        if _states(speaker).get(speaker, "") != state or _apart(found.renderings.values()) != found.apart:
            return 0
        done.state = state
        done.save(update_fields=["state"])
        ProposedUtterance.objects.filter(speaker=speaker).delete()
        _store(found, now)
    return len(found.groups)


def _locked(speaker: int) -> Comparison:
    """So that no comparison is stored while an editor decides on what it is about, nor two decisions at once."""
    Comparison.objects.get_or_create(speaker_id=speaker)
    return Comparison.objects.select_for_update().get(speaker_id=speaker)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a comparison was of, and what it found."""

    renderings: Mapping[int, Rendering]
    apart: set[tuple[int, int]]
    groups: Sequence[Group]


def _find(quotes: QuoteQuerySet) -> _Found:
    renderings = _renderings(quotes)
    apart = _apart(renderings.values())
    return _Found(renderings, apart, proposed(renderings.values(), apart))


def _apart(renderings: Collection[Rendering]) -> set[tuple[int, int]]:
    """Which of them an editor keeps apart. What was decided on one rendering holds for its whole utterance, also when
    that one is withdrawn."""
    keys = {one.key for one in renderings}
    members: dict[int | None, list[int]] = defaultdict(list)
    for one in renderings:
        if one.utterance is not None:
            members[one.utterance].append(one.key)
    pairs = Apart.objects.touching(keys, filter(None, members))
    return {
        (min(a, b), max(a, b))
        for one, other, ones, others in pairs.values_list(
            "one", "other", "one__utterance", "other__utterance"
        )
        for a, b in product(members.get(ones, {one} & keys), members.get(others, {other} & keys))
        if a != b
    }


def _store(found: _Found, now: dt.datetime) -> None:
    renderings, groups = found.renderings, found.groups
    made = ProposedUtterance.objects.bulk_create(
        ProposedUtterance(
            speaker_id=renderings[group.keys[0]].speaker, how=group.how, share=group.share, found_at=now
        )
        for group in groups
    )
    through = ProposedUtterance.quotes.through
    through.objects.bulk_create(
        through(proposedutterance=one, quote_id=key)
        for one, group in zip(made, groups, strict=True)
        for key in _shown(group, renderings)
    )


def _shown(group: Group, renderings: Mapping[int, Rendering]) -> Iterable[int]:
    """A quote of each unit: of an utterance the longest rendering."""
    for unit in group.units:
        yield max(unit, key=lambda key: (sum(map(len, renderings[key].parts)), -key))


def _renderings(quotes: QuoteQuerySet) -> dict[int, Rendering]:
    """The quotes as they are compared, by their keys; in two queries."""
    words: dict[int, list[str]] = defaultdict(list)
    anchors = Anchor.objects.filter(quote__in=quotes.values("pk"), version=F("quote__version"))
    for quote, exact in anchors.order_by("quote", "part", "id").values_list("quote", "exact"):
        if quote is not None:
            words[quote].append(exact)
    rows = quotes.annotate(by=WHO).values_list(
        "pk", "by", "article", "said_earliest", "said_latest", "article__published_at", "kind", "utterance"
    )
    return {
        pk: Rendering(
            pk,
            speaker=speaker,
            article=article,
            parts=tuple(words[pk]),
            earliest=earliest,
            latest=latest,
            published=published.date() if published else None,
            is_reported=kind == Quote.Kind.INDIRECT,
            utterance=utterance,
        )
        for pk, speaker, article, earliest, latest, published, kind, utterance in rows.order_by("pk")
        if speaker is not None and words[pk]
    }


# -- deciding ----------------------------------------------------------------------------------------------


@transaction.atomic
def join(read: Mapping[UUID, int], *, by: "User", now: dt.datetime) -> list[Quote]:
    """Make one utterance of the quotes, each as it was read at a revision. Of a quote that is in an utterance, all
    the renderings come along.

    Gives the quotes that were joined to others. Raises StaleRevision where one has changed since; NotAllowed for
    fewer than two, for different speakers, and for quotes that are no drafts and not published.
    """
    chosen = _taken(read)
    utterances = {quote.utterance_id for quote in chosen if quote.utterance_id is not None}
    if len(utterances) == 1 and all(quote.utterance_id for quote in chosen):
        raise NotAllowed("These are one utterance already.")
    with_them = Quote.objects.filter(utterance__in=utterances, status__in=AT_WORK)
    members = {quote.pk: quote for quote in with_them.select_for_update(of=["self"]).order_by("pk")}
    members |= {quote.pk: quote for quote in chosen}
    target = _largest(members.values()) or _new(chosen[0])
    joined = [quote for _, quote in sorted(members.items()) if quote.utterance_id != target.pk]
    for quote in joined:
        quote.join(target, by=by, revision=quote.revision, now=now)
    _look_again(members, now)
    return joined


@transaction.atomic
def keep_apart(read: Mapping[UUID, int], *, by: "User", now: dt.datetime) -> int:
    """Remember that no two of the quotes are the same utterance, but for those that are one already.

    How many pairs are new. Raises as `join`.
    """
    chosen = _taken(read)
    pairs = Apart.keep(chosen, by=by, now=now)
    if not pairs:
        raise NotAllowed("That was decided before.")
    _look_again([quote.pk for quote in chosen], now)
    return pairs


@transaction.atomic
def separate(quote: Quote, *, by: "User", revision: int, now: dt.datetime) -> None:
    """Take a quote out of its utterance, and never propose it as one with the others again.

    Raises StaleRevision, and NotAllowed where it is in none.
    """
    _lock_speakers(Quote.objects.filter(pk=quote.pk))
    of = quote.utterance_id
    quote.separate(by=by, revision=revision, now=now)
    others = list(Quote.objects.filter(utterance=of).order_by("pk"))  # the withdrawn too: they may come back
    for other in others:
        Apart.keep([quote, other], by=by, now=now)
    _look_again([quote.pk, *(other.pk for other in others)], now)


@dataclass(frozen=True, slots=True)
class Decision:
    """What an editor decided on the list at one moment, as far as it is in force."""

    at: dt.datetime
    acts: Sequence[Act]
    pairs: Sequence[Apart]

    @property
    def is_joining(self) -> bool:
        return bool(self.acts)

    @property
    def quotes(self) -> list[int]:
        """The keys of those it was about."""
        joined = [act.quote_id for act in self.acts if act.quote_id]
        return joined or sorted({key for pair in self.pairs for key in (pair.one_id, pair.other_id)})


def decision(by: "User", at: dt.datetime) -> Decision | None:
    """What can be undone of a moment; None where it is nothing."""
    pairs = Apart.objects.filter(by=by, at=at)
    found = Decision(at, acts_at(by, at, Verb.JOINED), list(pairs.order_by("pk")))
    return found if found.acts or found.pairs else None


@transaction.atomic
def undo(of: Decision, *, by: "User", now: dt.datetime) -> int:
    """Take a decision back. How many quotes stay as they are, because something was done to them since."""
    _lock_speakers(Quote.objects.filter(pk__in=of.quotes))
    _undone, kept = take_back(of.acts, by=by, now=now)
    Apart.objects.filter(pk__in=[pair.pk for pair in of.pairs]).delete()
    _look_again(of.quotes, now)
    return kept


def _taken(read: Mapping[UUID, int]) -> list[Quote]:
    """The quotes, locked, by their keys; each at the revision that was read."""
    found = Quote.objects.filter(uuid__in=read)
    _lock_speakers(found)
    quotes = list(found.select_for_update(of=["self"]).select_related("speaker__canonical").order_by("pk"))
    for quote in quotes:
        if quote.revision != read[quote.uuid]:
            raise StaleRevision(quote)
    if len(quotes) < 2:
        raise NotAllowed("Tick at least two of the renderings.")
    if any(quote.status not in AT_WORK for quote in quotes):
        raise NotAllowed(
            "One of them is no draft and is not published: only what an editor works on is decided on."
        )
    if len({quote.said_by.pk if quote.said_by else None for quote in quotes}) > 1 or not quotes[0].said_by:
        raise NotAllowed("They are not of one speaker. Correct the speaker first, if it is wrong.")
    return quotes


def _lock_speakers(quotes: QuoteQuerySet) -> None:
    for speaker in sorted(set(quotes.filter(speaker__isnull=False).values_list(WHO, flat=True))):
        _locked(speaker)


def _largest(quotes: Iterable[Quote]) -> Utterance | None:
    """The utterance that most of the quotes are in, so that the fewest have to change; the oldest of several."""
    sizes: dict[int, int] = defaultdict(int)
    for quote in quotes:
        if quote.utterance_id is not None:
            sizes[quote.utterance_id] += 1
    largest = max(sizes, key=lambda key: (sizes[key], -key), default=None)
    return Utterance.objects.get(pk=largest) if largest else None


def _new(of: Quote) -> Utterance:
    assert of.said_by is not None
    return Utterance.objects.create(speaker=of.said_by)


def _look_again(keys: Iterable[int], now: dt.datetime) -> None:
    """Compare again what was decided on, and whatever was proposed with it."""
    keys = set(keys)
    touched = list(ProposedUtterance.objects.naming(keys).values_list("pk", flat=True))
    keys |= set(Quote.objects.filter(proposals__in=touched).values_list("pk", flat=True))
    utterances = Quote.objects.filter(pk__in=keys, utterance__isnull=False).values("utterance")
    ProposedUtterance.objects.filter(pk__in=touched).delete()
    quotes = Quote.objects.filter(Q(pk__in=keys) | Q(utterance__in=utterances), status__in=AT_WORK)
    _store(_find(quotes), now)
