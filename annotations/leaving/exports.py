"""What a story has published, read from the database chunk by chunk for its exports."""

from collections.abc import Iterator
from itertools import batched

from annotations.agreement import takes
from annotations.leaving import gathering, tables
from annotations.leaving.records import Happening, Statement
from annotations.models import Claim, Event, Quote
from annotations.network import network
from annotations.querysets import QuoteQuerySet
from articles.models import Story

CHUNK = 200
"""Quotes or events in memory at a time; each chunk takes a fixed number of queries."""

_NUMBERS = 5_000


def csv(story: Story) -> Iterator[bytes]:
    return tables.as_csv(statements(story))


def json(story: Story) -> Iterator[bytes]:
    claims = Claim.objects.filter(story=story).for_readers().select_related("story").in_order()
    return tables.as_json(
        gathering.told(story), map(gathering.claim, claims), statements(story), happenings(story)
    )


def graphml(story: Story) -> Iterator[bytes]:
    """Who agrees with whom."""
    taken, actors = takes(story)
    agents = {slug: gathering.agent(actor) for slug, actor in actors.items()}
    return tables.as_graphml(gathering.told(story), network(taken), agents)


def statements(story: Story) -> Iterator[Statement]:
    """The story's published quotes, as they were said."""
    for chunk in batched(_quotes(story).as_said().values_list("pk", flat=True).iterator(_NUMBERS), CHUNK):
        loaded = {
            quote.pk: quote for quote in Quote.objects.for_readers(story).published().filter(pk__in=chunk)
        }
        yield from gathering.statements((loaded[pk] for pk in chunk if pk in loaded), story)


def happenings(story: Story) -> Iterator[Happening]:
    """The story's published events, by their dates."""
    public = Event.objects.public().evidenced().filter(story=story)
    for chunk in batched(public.by_date().values_list("pk", flat=True).iterator(_NUMBERS), CHUNK):
        loaded = {event.pk: event for event in public.for_readers().filter(pk__in=chunk)}
        yield from (gathering.happening(loaded[pk]) for pk in chunk if pk in loaded)


def _quotes(story: Story) -> QuoteQuerySet:
    found: QuoteQuerySet = Quote.objects.in_story(story).published()
    return found


EXPORTS = {
    "statements.csv": ("text/csv; charset=utf-8", csv),
    "story.json": ("application/json", json),
    "actors.graphml": ("application/graphml+xml; charset=utf-8", graphml),
}
"""By the file's name: the media type, and what writes it."""
