"""When what readers see of a story was put there, so that their own browser can tell what is new to them."""

import datetime as dt
from typing import Any

from django.db.models import CharField, F, QuerySet, Value

from annotations.models import Event, Quote
from articles.models import Story, StoryArticle, Version

MOST = 400
"""Whoever stays away longer reads that it is at least so many."""


def recorded(story: Story) -> str:
    """The latest instants, newest first, as Unix seconds with a letter for what came: "q1557300000 t1557290000".

    a: an article, t: a text that its outlet changed, q: a quote, e: an event. One query.
    """
    holding = StoryArticle.objects.filter(story=story)
    rewritten = Version.objects.filter(article__stories=story, number__gt=1, minor=False)
    found = _instants(holding, "a", "added_at").union(
        _instants(rewritten, "t", "recorded_at"),
        _instants(Quote.objects.in_story(story).published(), "q", "published_at"),
        _instants(Event.objects.filter(story=story).published(), "e", "published_at"),
        all=True,
    )
    return " ".join(f"{kind}{at.timestamp():.0f}" for kind, at in found.order_by("-at")[:MOST])


def _instants(rows: "QuerySet[Any]", kind: str, instant: str) -> "QuerySet[Any, tuple[str, dt.datetime]]":
    came = Value(kind, output_field=CharField())
    found: QuerySet[Any, tuple[str, dt.datetime]] = (
        rows.order_by().annotate(came=came, at=F(instant)).values_list("came", "at")
    )
    return found
