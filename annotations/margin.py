"""What stands in the margin of an article's version: the quotes and events of a story, and those it no longer has."""

from dataclasses import dataclass
from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext

from annotations.life import Spell, same_words
from annotations.models import Anchor, Event, Quote
from annotations.rendering import Block, Marked, at_the_outlet, blocks
from annotations.telling import POSITIONS
from annotations.timeline import When, evidence_of, when_happened, when_said
from articles.models import Article, Story, Version


@dataclass(frozen=True, slots=True)
class QuoteNote:
    """A quote in the margin.

    `changed` is what the outlet has made of the words since an editor read them; `read_otherwise` are the words
    that the editor read, where the version shown has others.
    """

    kind: ClassVar[str] = "quote"
    quote: Quote
    when: When
    changed: Spell | None
    read_otherwise: str
    read_address: str
    timeline_address: str
    outlet_address: str

    @property
    def short(self) -> str:
        return self.quote.said_by.name if self.quote.said_by else gettext("unnamed source")

    @property
    def label(self) -> str:
        tone, name = self.quote.tone, self.quote.speaker_name
        if not tone:
            return name
        return gettext("%(speaker)s, %(position)s") % {"speaker": name, "position": POSITIONS[tone]}


@dataclass(frozen=True, slots=True)
class EventNote:
    """An event for which the marked words are evidence."""

    kind: ClassVar[str] = "event"
    event: Event
    when: When
    timeline_address: str

    @property
    def short(self) -> str:
        return gettext("event")

    @property
    def label(self) -> str:
        return gettext("event: %(title)s") % {"title": self.event.title}


type MarginNote = QuoteNote | EventNote


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the version shown has no words for, and where they stand."""

    note: MarginNote
    words: str
    version: int
    address: str


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """A version's paragraphs with their notes, and what it has no words for."""

    blocks: list[Block[MarginNote]]
    missing: list[Missing]
    count: int


def annotated(story: Story, article: Article, version: Version) -> AnnotatedText:
    """A version of an article with the published annotations of a story."""
    page = reverse("article", args=[story.slug, article.pk])
    marked: list[Marked[MarginNote]] = []
    missing: list[Missing] = []

    def lay(note: MarginNote, name: str, tone: str, anchors: list[Anchor]) -> None:
        spans = [
            (a.start, a.end)
            for a in anchors
            if a.version_id == version.pk and a.start is not None and a.end is not None
        ]
        if spans:
            marked.append(Marked(note, name, tone, spans))
        elif standing := _standing(anchors):
            number = standing[0].version.number
            words = " … ".join(anchor.exact for anchor in standing)
            missing.append(Missing(note, words, number, f"{page}?version={number}#{name}"))

    for quote in Quote.objects.for_readers(story).filter(article=article).published().order_by("pk"):
        quote.article = article
        name = f"quote-{quote.uuid}"
        lay(_quote_note(story, quote, version), name, quote.tone or "quote", list(quote.anchors.all()))
    for event in _events(story, article):
        anchors = [a for a in event.anchors.all() if a.version.article_id == article.pk]
        note = EventNote(event, when_happened(event, evidence_of(event)), _on_timeline(story, "event", event))
        lay(note, f"event-{event.uuid}", "event", anchors)
    return AnnotatedText(blocks(version.text, version.kinds, marked), missing, len(marked))


def _events(story: Story, article: Article) -> list[Event]:
    found = Event.objects.for_readers().filter(story=story, anchors__version__article=article)
    return list(found.published().distinct().order_by("pk"))


def _standing(anchors: list[Anchor]) -> list[Anchor]:
    """The anchors in the newest version that has any of the words, in order of their parts."""
    placed = [anchor for anchor in anchors if anchor.state != Anchor.State.ORPHAN]
    newest = max((anchor.version.number for anchor in placed), default=0)
    return sorted((a for a in placed if a.version.number == newest), key=lambda anchor: anchor.part)


def _quote_note(story: Story, quote: Quote, version: Version) -> QuoteNote:
    here = [a for a in quote.anchors.all() if a.version_id == version.pk and a.start is not None]
    here.sort(key=lambda anchor: anchor.part)
    words = " … ".join(anchor.exact for anchor in here)
    read = quote.words
    is_current = version.pk == quote.article.current_version_id
    return QuoteNote(
        quote=quote,
        when=when_said(quote),
        changed=quote.changed_since_read(),
        read_otherwise="" if same_words(words, read) else read,
        read_address=quote.address_in(story),
        timeline_address=_on_timeline(story, "quote", quote),
        outlet_address=at_the_outlet(quote.article.url, here[0].exact) if here and is_current else "",
    )


def _on_timeline(story: Story, kind: str, annotation: Quote | Event) -> str:
    return f"{story.get_absolute_url()}?at={annotation.uuid}#{kind}-{annotation.uuid}"
