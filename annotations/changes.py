"""Stories as the front page shows them: how much there is in each, and what readers last got."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import ngettext_lazy

from annotations.models import Event, Quote
from articles.models import Story, StoryArticle, Version

LATEST = 3
"""Days of change that a story is shown with."""


WORDS = {
    "article": ngettext_lazy("%(number)d article added", "%(number)d articles added", "number"),
    "text": ngettext_lazy(
        "%(number)d text changed by its outlet", "%(number)d texts changed by its outlet", "number"
    ),
    "quote": ngettext_lazy("%(number)d quote published", "%(number)d quotes published", "number"),
    "event": ngettext_lazy("%(number)d event added", "%(number)d events added", "number"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What readers got in a story on one day, in words: "1 article added, 3 quotes published"."""

    day: dt.date
    words: str


@dataclass(slots=True)
class StoryCard:
    """A story in a list, with its counts and its latest changes, the newest first."""

    story: Story
    article_count: int = 0
    outlet_count: int = 0
    quote_count: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.story.title

    @property
    def summary(self) -> str:
        return self.story.summary

    @property
    def changed_at(self) -> dt.datetime:
        return self.story.changed_at

    def get_absolute_url(self) -> str:
        return self.story.get_absolute_url()


def cards(stories: Sequence[Story]) -> list[StoryCard]:
    """The stories in their order, counted and with their latest changes, in a fixed number of queries."""
    found = {story.pk: StoryCard(story) for story in stories}
    holding = StoryArticle.objects.filter(story__in=found)
    sizes = holding.values_list("story").annotate(Count("article"), Count("article__outlet", distinct=True))
    for story, articles, outlets in sizes:
        found[story].article_count, found[story].outlet_count = articles, outlets

    quotes = Quote.objects.published().filter(article__stories__in=found)
    rewritten = Version.objects.filter(article__stories__in=found, number__gt=1, minor=False)
    events = Event.objects.published().filter(story__in=found)
    by_day = {
        "article": _by_day(holding, "story", "added_at"),
        "text": _by_day(rewritten, "article__stories", "recorded_at"),
        "quote": _by_day(quotes, "article__stories", "published_at"),
        "event": _by_day(events, "story", "published_at"),
    }
    for card in found.values():
        card.quote_count = sum(by_day["quote"].get(card.story.pk, {}).values())
        days = {day for days in by_day.values() for day in days.get(card.story.pk, ())}
        card.changes = [
            _change(day, {kind: days.get(card.story.pk, {}).get(day, 0) for kind, days in by_day.items()})
            for day in sorted(days, reverse=True)[:LATEST]
        ]
    return list(found.values())


def _change(day: dt.date, numbers: dict[str, int]) -> Change:
    told = (WORDS[kind] % {"number": number} for kind, number in numbers.items() if number)
    return Change(day, ", ".join(told))


type Days = dict[int, dict[dt.date, int]]
"""How many there were by story and day."""


def _by_day(rows: "QuerySet[Any]", story: str, instant: str) -> Days:
    found: Days = defaultdict(dict)
    counted: Iterable[tuple[int, dt.date, int]] = (
        rows.order_by()
        .annotate(day=TruncDate(instant), its_story=F(story))
        .values_list("its_story", "day")
        .annotate(number=Count("pk", distinct=True))
    )
    for key, day, number in counted:
        found[key][day] = number
    return found
