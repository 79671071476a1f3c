"""Stories as the front page shows them: how much there is in each, and what readers last got."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate

from annotations.models import Event, Quote
from articles.models import Story, StoryArticle, Version

LATEST = 3
"""Changes that a story is shown with."""


WORDS = {
    "article": ("article", "added"),
    "quote": ("quote", "published"),
    "text": ("text", "changed by the outlet"),
    "event": ("event", "added"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What of one kind happened in a story on the last day on which any did."""

    day: dt.date
    kind: str
    number: int

    @property
    def words(self) -> str:
        """Such as "3 quotes published"."""
        thing, what = WORDS[self.kind]
        return f"{self.number} {thing}{'' if self.number == 1 else 's'} {what}"


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
        "quote": _by_day(quotes, "article__stories", "published_at"),
        "text": _by_day(rewritten, "article__stories", "recorded_at"),
        "event": _by_day(events, "story", "published_at"),
    }
    for kind, days in by_day.items():
        for story, numbers in days.items():
            last = max(numbers)
            found[story].changes.append(Change(last, kind, numbers[last]))
    for card in found.values():
        card.quote_count = sum(by_day["quote"].get(card.story.pk, {}).values())
        card.changes.sort(key=lambda change: change.day, reverse=True)
        del card.changes[LATEST:]
    return list(found.values())


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
