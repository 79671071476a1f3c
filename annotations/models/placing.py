"""Puts annotations on words: in the version that the editor reads, and carried to the article's other versions."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import Max

from annotations.anchoring import Reanchored, Selector, State, describe, reanchor
from annotations.models.anchors import Anchor
from articles.models import Version

if TYPE_CHECKING:
    from annotations.models.events import Event
    from annotations.models.quotes import Quote

type Span = tuple[int, int]
"""Start and end in code points, end exclusive."""


def selectors(text: str, spans: Sequence[Span]) -> list[Selector]:
    """Selectors of spans in reading order. Raises ValueError for none, an empty one, or two that overlap."""
    if not spans:
        raise ValueError("Choose the words of the quote.")
    ordered = sorted(spans)
    for (_, end), (start, _) in pairwise(ordered):
        if start < end:
            raise ValueError("Two parts of the quote overlap. Make them one, or move them apart.")
    return [describe(text, start, end) for start, end in ordered]


def place(
    quote: "Quote",
    version: Version,
    spans: Sequence[Span],
    *,
    keep_placed: bool = False,
    keep_earlier: bool = False,
) -> None:
    """Put a quote on spans of a version, and carry it to the article's other versions.

    With `keep_placed`, anchors in other versions that stand on words stay where they are: that is how an orphan
    is placed again without touching the versions in which it was right. With `keep_earlier`, those in earlier
    versions do: that is how it is undone.
    """
    chosen = selectors(version.text, spans)
    kept: set[int] = set()
    if keep_placed or keep_earlier:
        placed = quote.anchors.placed().exclude(version=version)
        if keep_earlier:
            placed = placed.filter(version__number__lt=version.number)
        kept = set(placed.values_list("version_id", flat=True))
    quote.anchors.exclude(version__in=kept).delete()
    anchors = [
        make_anchor(version, part, Reanchored(State.EXACT, s), s.exact, quote=quote)
        for part, s in enumerate(chosen)
    ]
    versions = list(
        Version.objects.filter(article_id=version.article_id).exclude(pk=version.pk).order_by("number")
    )
    later = [other for other in versions if other.number > version.number]
    earlier = [other for other in reversed(versions) if other.number < version.number]
    for way in (later, earlier):
        for part, selector in enumerate(chosen):
            anchors += _carry(version, selector, [v for v in way if v.pk not in kept], part, quote=quote)
    Anchor.objects.bulk_create(anchors)
    _forget_prefetched(quote)


def place_evidence(
    event: "Event", version: Version, start: int, end: int, *, part: int | None = None
) -> None:
    """Add words of an article as evidence of an event, carried to the article's other versions."""
    selector = selectors(version.text, [(start, end)])[0]
    article = version.article_id
    if part is None:
        last = event.anchors.filter(version__article=article).aggregate(last=Max("part"))["last"]
        part = 0 if last is None else last + 1
    anchors = [make_anchor(version, part, Reanchored(State.EXACT, selector), selector.exact, event=event)]
    versions = list(Version.objects.filter(article=article).exclude(pk=version.pk).order_by("number"))
    anchors += _carry(
        version, selector, [v for v in versions if v.number > version.number], part, event=event
    )
    before = [v for v in reversed(versions) if v.number < version.number]
    anchors += _carry(version, selector, before, part, event=event)
    Anchor.objects.bulk_create(anchors)
    _forget_prefetched(event)


type Evidence = tuple[int, int, int, int]
"""Version id, part, start, end of an anchor that stands on words."""


def restore_evidence(event: "Event", kept: Iterable[Evidence]) -> None:
    """Make the event's evidence what it was; each piece is carried anew from the newest version it stood in."""
    kept = list(kept)
    event.anchors.all().delete()
    by_id = Version.objects.in_bulk([version for version, *_ in kept])
    newest: dict[tuple[int, int], tuple[Version, int, int]] = {}
    for version_id, part, start, end in sorted(kept, key=lambda piece: (piece[1], by_id[piece[0]].number)):
        version = by_id[version_id]
        newest[version.article_id, part] = (version, start, end)
    for (_, part), (version, start, end) in newest.items():
        place_evidence(event, version, start, end, part=part)
    _forget_prefetched(event)


def _carry(
    source: Version, selector: Selector, way: Sequence[Version], part: int, **owner: Any
) -> list[Anchor]:
    """Anchors from version to version along the way, each from the last in which the words were found.

    What changed on the way to a later version stays "changed" until the words are again as they were.
    """
    anchors, text, current = [], source.text, selector
    is_unread = False
    for version in way:
        result = reanchor(text, version.text, current)
        if is_unread and result.selector is not None:
            whole = reanchor(source.text, version.text, selector)
            is_back = whole == Reanchored(State.EXACT, result.selector)
            result = whole if is_back else Reanchored(State.CHANGED, result.selector)
        is_unread = version.number > source.number and result.state == State.CHANGED
        anchors.append(make_anchor(version, part, result, current.exact, **owner))
        if result.selector is not None:
            text, current = version.text, result.selector
    return anchors


def selector_of(anchor: Anchor) -> Selector:
    """Of an anchor that stands on words."""
    assert anchor.start is not None and anchor.end is not None
    return Selector(anchor.start, anchor.end, anchor.exact, anchor.prefix, anchor.suffix)


def make_anchor(version: Version, part: int, result: Reanchored, words: str, **owner: Any) -> Anchor:
    """An unsaved anchor; an orphan remembers the words it had."""
    found = result.selector
    if found is None:
        return Anchor(version=version, part=part, exact=words, state=Anchor.State.ORPHAN, **owner)
    return Anchor(
        version=version,
        part=part,
        start=found.start,
        end=found.end,
        exact=found.exact,
        prefix=found.prefix,
        suffix=found.suffix,
        state=result.state.value,
        **owner,
    )


def _forget_prefetched(annotation: "Quote | Event") -> None:
    getattr(annotation, "_prefetched_objects_cache", {}).pop("anchors", None)
