"""What the annotating page shows of an article: its current text with its live quotes and events, and their lists."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.urls import reverse

from annotations.life import same_words
from annotations.models import Act, Anchor, Event, Quote, Status, Verb
from annotations.rendering import Block, Marked, Piece, blocks
from annotations.resizing import Span
from articles.models import Article, Story

if TYPE_CHECKING:
    from accounts.models import User

SELECTED = "selected"
STANCES = frozenset(["supports", "opposes", "mixed", "unclear"])

UNDONE = {
    Verb.CREATED: "the draft",
    Verb.EDITED: "the edit",
    Verb.RESIZED: "the new words",
    Verb.STANCE: "the stance",
    Verb.PUBLISHED: "the publication",
    Verb.WITHDRAWN: "the withdrawal",
    Verb.REJECTED: "the rejection",
    Verb.REVIVED: "taking it up again",
    Verb.CHECKED: "the check",
    Verb.ACCEPTED: "the acceptance",
    Verb.JOINED: "the joining",
    Verb.SEPARATED: "the separation",
}
"""What a button that undoes an act says after "Undo"."""


@dataclass(slots=True)
class Entry:
    """A quote in the list beside the text.

    `number` is its place in the text, 0 where it has none. `words` are those of the current version; `read` those
    that an editor last read, where the outlet has changed or removed them since.
    """

    quote: Quote
    spans: list[Span]
    words: str
    read: str
    state: str
    undoes: str
    number: int = 0
    error: str = ""

    @property
    def name(self) -> str:
        return f"quote-{self.quote.uuid}"

    @property
    def is_changed(self) -> bool:
        return self.state == Anchor.State.CHANGED

    @property
    def is_orphan(self) -> bool:
        return self.state == Anchor.State.ORPHAN


@dataclass(frozen=True, slots=True)
class EventEntry:
    """An event for which words of the article are evidence; `letter` is its mark in the text."""

    event: Event
    letter: str
    spans: list[Span]
    words: str

    @property
    def name(self) -> str:
        return f"event-{self.event.uuid}"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text as the page writes it: where it starts, in code points, and what is over it.

    `address` is of the smallest quote over it; `ends` are the quotes of which a part ends with it. A link would
    keep a browser from selecting words in it, so only the numbers behind the words are links.
    """

    text: str
    start: int
    address: str = ""
    classes: str = ""
    names: str = ""
    ends: Sequence[Entry] = ()
    event_ends: Sequence[EventEntry] = ()


type Noted = Entry | EventEntry | None
"""What words are marked for; None for those that a form is about."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    number: int
    kind: str
    runs: list[Run]


@dataclass(slots=True)
class Workbench:
    """The text and the quotes of an article, for one editor. `is_public`: readers can open the article."""

    article: Article
    paragraphs: list[Paragraph] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    ended: list[Entry] = field(default_factory=list)
    events: list[EventEntry] = field(default_factory=list)
    is_public: bool = False


def workbench(article: Article, user: "User", selected: Sequence[Span] = ()) -> Workbench:
    """The annotating page's content in a fixed number of queries. `selected` are words that a form is about."""
    version = article.current_version
    assert version is not None
    quotes = list(
        Quote.objects.filter(article=article)
        .with_words()
        .defer("version__text", "article__search")
        .order_by("id")
    )
    acts = {
        act.quote_id: act for act in Act.objects.filter(quote__in=quotes).in_force().newest_of_each_quote()
    }
    entries = [_entry(quote, version.pk, acts.get(quote.pk), user) for quote in quotes]
    live = [entry for entry in entries if not entry.quote.is_ended]
    placed = sorted((e for e in live if e.spans), key=lambda e: (e.spans[0][0], -e.spans[-1][1], e.quote.pk))
    for number, entry in enumerate(placed, 1):
        entry.number = number

    events = _events(article, version.pk)
    marked = [Marked[Noted](e, e.name, e.quote.tone or "quote", e.spans) for e in placed]
    marked += [Marked(one, one.name, "event", one.spans) for one in events if one.spans]
    if selected:
        marked.append(Marked(None, SELECTED, SELECTED, selected))
    return Workbench(
        article,
        [_paragraph(block) for block in blocks(version.text, version.kinds, marked)],
        [*placed, *(entry for entry in live if not entry.spans)],
        [entry for entry in entries if entry.quote.is_ended],
        events,
        Story.objects.published().containing(article).exists(),
    )


def entry_of(quote: Quote, article: Article, user: "User") -> Entry:
    """One quote, as in the list."""
    return _entry(
        quote, article.current_version_id, quote.acts.in_force().order_by("-revision", "-id").first(), user
    )


def _entry(quote: Quote, version: int | None, act: Act | None, user: "User") -> Entry:
    here = sorted((a for a in quote.anchors.all() if a.version_id == version), key=lambda anchor: anchor.part)
    spans = [(a.start, a.end) for a in here if a.start is not None and a.end is not None]
    words = " … ".join(anchor.exact for anchor in here)
    read = quote.words if quote.version_id != version else words
    if len(spans) < len(here) or not here:
        state: str = Anchor.State.ORPHAN
    elif not same_words(words, read):
        state = Anchor.State.CHANGED
    else:
        states = {anchor.state for anchor in here} if quote.version_id != version else set()
        state = next(
            (s for s in (Anchor.State.CHANGED, Anchor.State.MOVED) if s in states), Anchor.State.EXACT
        )
    undoes = UNDONE.get(Verb(act.verb), "") if act and act.by_id == user.pk else ""
    return Entry(quote, spans, words, read if state != Anchor.State.EXACT else "", state, undoes)


def _events(article: Article, version: int) -> list[EventEntry]:
    """The article's live events in the order of their words; those that have none in the version at the end."""
    found = Event.objects.filter(anchors__version__article=article).live().distinct()
    anchors = Anchor.objects.filter(version=version).order_by("part", "id")
    placed: list[tuple[Event, list[Anchor]]] = [
        (one, list(one.anchors.all())) for one in found.prefetch_related(Prefetch("anchors", anchors))
    ]
    placed.sort(
        key=lambda pair: (min((a.start for a in pair[1] if a.start is not None), default=1e9), pair[0].pk)
    )
    return [
        EventEntry(
            event,
            _letter(place),
            [(a.start, a.end) for a in here if a.start is not None and a.end is not None],
            " … ".join(anchor.exact for anchor in here),
        )
        for place, (event, here) in enumerate(placed)
    ]


def _letter(place: int) -> str:
    """a, b, … z, aa, ab, …"""
    ahead, last = divmod(place, 26)
    return (_letter(ahead - 1) if ahead else "") + chr(ord("a") + last)


def _paragraph(block: Block[Noted]) -> Paragraph:
    return Paragraph(block.number, block.kind, [_run(piece) for piece in block.pieces])


def _run(piece: Piece[Noted]) -> Run:
    noted = [note.of for note in piece.notes if note.of is not None]
    entries = [one for one in noted if isinstance(one, Entry)]
    classes = _classes(entries, len(noted) < len(piece.notes))
    if not noted:
        return Run(piece.text, piece.start, classes=classes)
    ends = [note.of for note in piece.ends]
    return Run(
        piece.text,
        piece.start,
        reverse("desk:quote", args=[entries[0].quote.uuid]) if entries else "",
        classes if entries else f"mark mark--event {classes.removeprefix('mark')}".strip(),
        " ".join(one.name for one in noted),
        [one for one in ends if isinstance(one, Entry)],
        [one for one in ends if isinstance(one, EventEntry)],
    )


def _classes(entries: Sequence[Entry], is_selected: bool) -> str:
    found = ["mark"] if entries or is_selected else []
    if entries:
        quote = entries[0].quote
        found.append(f"mark--{quote.tone or 'quote'}")
        found += [f"mark--also-{e.quote.tone}" for e in entries[1:2] if e.quote.tone in STANCES]
        if quote.status in {Status.DRAFT, Status.SUGGESTED}:
            found.append(f"mark--{quote.status}")
    if is_selected:
        found.append(f"mark--{SELECTED}")
    return " ".join(found)
