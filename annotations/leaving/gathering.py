"""Published quotes and events as records, with what readers may know and nothing else.

Everything here needs its objects loaded by `for_readers`, and asks the database for no more.
"""

from collections.abc import Iterable, Iterator

from django.urls import reverse

from annotations import access
from annotations.leaving.records import (
    Agent,
    Days,
    Happening,
    Part,
    Proposition,
    Publisher,
    Source,
    Statement,
    Taken,
    Told,
    Words,
)
from annotations.models import Actor, Anchor, Claim, Event, Quote
from annotations.rendering import web_address
from annotations.timeline import When, evidence_of, when_happened, when_said
from articles.models import Article, Outlet, Story, Version
from newsdesk.addresses import absolute


def statements(quotes: Iterable[Quote], story: Story | None = None) -> Iterator[Statement]:
    """The quotes as they stand in a story; with none, each in the published story where its article's page is."""
    loaded = list(quotes)
    stories = {} if story else access.stories_telling({quote.article_id for quote in loaded})
    for quote in loaded:
        told = story or stories.get(quote.article_id)
        if told and quote.published_at:
            yield statement(quote, told)


def statement(quote: Quote, story: Story) -> Statement:
    """A published quote as it stands in a story."""
    assert quote.published_at is not None
    role = quote.role_then
    relayed = quote.relayed_by
    return Statement(
        uuid=quote.uuid,
        address=absolute(quote.get_absolute_url()),
        words=quote.words,
        found=_words(quote.article, story, quote.version, quote.parts()),
        speaker=agent(quote.said_by) if quote.said_by else None,
        speaker_name=quote.speaker_name,
        mention=quote.mention,
        role=role.title if role else "",
        organisation=role.organisation.name if role and role.organisation else "",
        kind=quote.kind,
        cue=quote.cue,
        basis=quote.basis,
        said=days(when_said(quote)),
        relayed_by=relayed.name if relayed else "",
        taken=tuple(Taken(claim(s.claim), s.position, s.note) for s in quote.stances.all()),
        utterance=quote.utterance_id,
        published_at=quote.published_at,
        updated_at=quote.updated_at,
    )


def happening(event: Event) -> Happening:
    """A published event, with its evidence in articles of its own story."""
    assert event.published_at is not None
    pieces = evidence_of(event)
    return Happening(
        uuid=event.uuid,
        address=absolute(f"{event.story.get_absolute_url()}?at={event.uuid}#event-{event.uuid}"),
        title=event.title,
        place=event.place,
        when=days(when_happened(event, pieces)),
        evidence=tuple(_words(p.article, event.story, p.anchor.version, [p.anchor]) for p in pieces),
        source=web_address(event.source_url),
        published_at=event.published_at,
        updated_at=event.updated_at,
    )


def _words(article: Article, story: Story, version: Version, anchors: Iterable[Anchor]) -> Words:
    page = reverse("article", args=[story.slug, article.pk])
    plain = reverse("article-text", args=[story.slug, article.pk, version.number])
    parts = [
        Part(a.start, a.end, a.exact, a.prefix, a.suffix)
        for a in anchors
        if a.start is not None and a.end is not None
    ]
    return Words(
        source=source(article, story),
        version=version.number,
        recorded_at=version.recorded_at,
        page=absolute(f"{page}?version={version.number}"),
        plain=absolute(plain),
        parts=tuple(parts),
    )


def source(article: Article, story: Story) -> Source:
    """An article as it stands in a story. Needs its outlet."""
    return Source(
        address=absolute(reverse("article", args=[story.slug, article.pk])),
        headline=article.headline,
        publisher=publisher(article.outlet),
        byline=article.byline,
        language=article.language,
        published_at=article.published_at,
        published_on=article.published_on,
        section=article.section,
        original=web_address(article.url),
        archived=web_address(article.archive_url),
    )


def publisher(outlet: Outlet) -> Publisher:
    return Publisher(outlet.name, outlet.domain)


def agent(actor: Actor) -> Agent:
    """An actor that readers may know."""
    return Agent(
        name=actor.name,
        kind=actor.kind,
        address=absolute(actor.get_absolute_url()),
        slug=actor.slug,
        wikidata=actor.wikidata_id,
        description=actor.description,
    )


def claim(one: Claim) -> Proposition:
    """Needs its story."""
    return Proposition(absolute(one.get_absolute_url()), one.slug, one.text)


def told(story: Story) -> Told:
    return Told(absolute(story.get_absolute_url()), story.slug, story.title, story.summary, story.changed_at)


def days(when: When) -> Days:
    return Days(when.earliest, when.latest, when.expression, when.days)
