"""What changed lately in a story: by its outlets, by the desk, and on which side its people stand."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse

from annotations import telling
from annotations.models import Anchor, Claim, Quote, Status, Verb
from annotations.positions import Shift
from annotations.standing import Person, Standing
from annotations.touched import Touched, touch
from articles.models import Story, Version

CHANGES = 5
SHIFTS = 3
TOUCHED = 3
"""How many of each are told: the last of them."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """An outlet changed a text, and with it the words of `touched` quotes and of `more` others."""

    at: dt.datetime
    version: Version
    address: str
    touched: list[Touched]
    more: int
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The desk withdrew a quote that readers had seen; its page says why."""

    at: dt.datetime
    quote: Quote
    kind: str = "withdrawal"


@dataclass(frozen=True, slots=True)
class ChangedSides:
    """Somebody said the opposite of what they had said before."""

    person: Person
    claim: Claim
    shift: Shift

    @property
    def words(self) -> str:
        return telling.shift(self.shift)


@dataclass(frozen=True, slots=True)
class Lately:
    """By when it was recorded, newest first; who changed sides, by when it was said."""

    changes: list[Rewritten | TakenBack] = field(default_factory=list)
    shifts: list[ChangedSides] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changes or self.shifts)


def lately(story: Story, standings: Iterable[Standing]) -> Lately:
    """The last few changes of a story, in a fixed number of queries; `standings` are those of its claims."""
    changes: list[Rewritten | TakenBack] = [*_rewritten(story), *_taken_back(story)]
    changes.sort(key=lambda change: change.at, reverse=True)
    return Lately(changes[:CHANGES], _shifts(standings))


def _rewritten(story: Story) -> list[Rewritten]:
    versions = list(
        Version.objects.filter(article__stories=story, number__gt=1, minor=False)
        .select_related("article__outlet")
        .defer("text", "article__search", "article__notes", "article__author_bio", "article__as_imported")
        .order_by("-recorded_at", "-pk")[:CHANGES]
    )
    quotes = _quotes_in(story, versions)
    found = []
    for version in versions:
        of = [quote for quote in quotes if quote.article_id == version.article_id]
        all_touched = [one for q in of if (one := touch(story, q, version.number - 1, version.number))]
        address = reverse(
            "article-diff", args=[story.slug, version.article_id, version.number - 1, version.number]
        )
        more = max(0, len(all_touched) - TOUCHED)
        found.append(Rewritten(version.recorded_at, version, address, all_touched[:TOUCHED], more))
    return found


def _quotes_in(story: Story, versions: Sequence[Version]) -> list[Quote]:
    """The published quotes whose words the outlets changed or removed in these versions."""
    states = [Anchor.State.CHANGED, Anchor.State.ORPHAN]
    touched = Anchor.objects.filter(version__in=versions, state__in=states, quote__status=Status.PUBLISHED)
    ids = set(touched.order_by().values_list("quote_id", flat=True))
    return list(Quote.objects.for_readers(story).published().filter(pk__in=ids).order_by("pk"))


def _taken_back(story: Story) -> list[TakenBack]:
    withdrawn: Any = (
        Quote.objects.in_story(story)
        .filter(status=Status.WITHDRAWN, published_at__isnull=False)
        .annotate(taken_back_at=Max("acts__at", filter=Q(acts__verb=Verb.WITHDRAWN)))
        .select_related("article__outlet")
        .defer("article__search", "article__notes", "article__author_bio", "article__as_imported")
        .order_by("-taken_back_at", "-pk")[:CHANGES]
    )
    return [TakenBack(quote.taken_back_at, quote) for quote in withdrawn]


def _shifts(standings: Iterable[Standing]) -> list[ChangedSides]:
    """By the day of the first statement on the other side, the latest first."""
    by_day: dict[dt.date, list[ChangedSides]] = defaultdict(list)
    for standing in standings:
        for person in standing.people:
            for shift in person.shifts[-1:]:
                said = shift.said_after.latest or shift.said_after.earliest
                by_day[said or dt.date.min].append(ChangedSides(person, standing.claim, shift))
    return [one for day in sorted(by_day, reverse=True) for one in by_day[day]][:SHIFTS]
