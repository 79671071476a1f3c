"""What the annotating page shows of an article: its current text with the marks of all live quotes, and their list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse

from annotations.life import same_words
from annotations.models import Act, Anchor, Quote, Status, Verb
from annotations.rendering import Block, Marked, Piece, blocks
from annotations.resizing import Span
from articles.models import Article

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
    Verb.CHECKED: "the check",
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


@dataclass(frozen=True, slots=True)
class Paragraph:
    number: int
    kind: str
    runs: list[Run]


@dataclass(slots=True)
class Workbench:
    """The text and the quotes of an article, for one editor."""

    article: Article
    paragraphs: list[Paragraph] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    ended: list[Entry] = field(default_factory=list)


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

    marked = [Marked[Entry | None](e, e.name, e.quote.tone or "quote", e.spans) for e in placed]
    if selected:
        marked.append(Marked(None, SELECTED, SELECTED, selected))
    return Workbench(
        article,
        [_paragraph(block) for block in blocks(version.text, version.kinds, marked)],
        [*placed, *(entry for entry in live if not entry.spans)],
        [entry for entry in entries if entry.quote.is_ended],
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


def _paragraph(block: Block[Entry | None]) -> Paragraph:
    return Paragraph(block.number, block.kind, [_run(piece) for piece in block.pieces])


def _run(piece: Piece[Entry | None]) -> Run:
    entries = [note.of for note in piece.notes if note.of is not None]
    classes = _classes(entries, len(entries) < len(piece.notes))
    if not entries:
        return Run(piece.text, piece.start, classes=classes)
    return Run(
        piece.text,
        piece.start,
        reverse("desk:quote", args=[entries[0].quote.uuid]),
        classes,
        " ".join(entry.name for entry in entries),
        [note.of for note in piece.ends if note.of is not None],
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
