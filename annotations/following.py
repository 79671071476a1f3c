"""Follows the texts: when an article gets a new version, its annotations are anchored there too."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Case, F, When
from django.dispatch import receiver

from annotations.anchoring import Reanchored, State, reanchor_all
from annotations.models import Anchor, Stance
from annotations.models.placing import make_anchor, selector_of
from annotations.querysets import AnchorQuerySet
from articles.models import Article, Version
from articles.signals import text_changed


@receiver(text_changed)
def follow_text(sender: type[Article], *, article: Article, old: Version, new: Version, **_: Any) -> None:
    follow(article, new)


def follow(article: Article, new: Version) -> None:
    """Give every annotation of the article an anchor in its new version; one that has no words there is an orphan."""
    before = Anchor.objects.filter(version__article=article).exclude(version=new)
    latest = list(_latest(before))
    found = _follow([anchor for anchor in latest if anchor.state != Anchor.State.ORPHAN], new)
    followed = [
        make_anchor(
            new,
            anchor.part,
            found.get(anchor.pk, Reanchored(State.ORPHAN, None)),
            anchor.exact,
            quote_id=anchor.quote_id,
            event_id=anchor.event_id,
        )
        for anchor in latest
    ]
    _keep_unread(before, list(zip(latest, followed, strict=True)), new)
    _write(followed)
    changed = {a.quote_id for a in followed if a.state == Anchor.State.CHANGED and a.quote_id}
    taken_back = {a.quote_id for a in latest if a.state == Anchor.State.CHANGED and a.quote_id} - changed
    if changed or taken_back:
        Stance.objects.filter(quote__in=changed).update(check_again=True)
        Stance.objects.filter(quote__in=taken_back - _lost(followed)).update(check_again=False)


_COLUMNS = (
    "quote_id",
    "event_id",
    "version_id",
    "part",
    "start",
    "end",
    "exact",
    "prefix",
    "suffix",
    "state",
)
_COPY = f"COPY {Anchor._meta.db_table} ({', '.join(f'"{name}"' for name in _COLUMNS)}) FROM STDIN"


def _write(anchors: Sequence[Anchor]) -> None:
    """By COPY: an article may have hundreds, and a bulk import brings thousands of articles anew."""
    if not anchors:
        return
    values = attrgetter(*_COLUMNS)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for anchor in anchors:
            copy.write_row(values(anchor))


def _lost(anchors: Iterable[Anchor]) -> set[int]:
    return {a.quote_id for a in anchors if a.state == Anchor.State.ORPHAN and a.quote_id}


def _latest(anchors: AnchorQuerySet) -> AnchorQuerySet:
    """One anchor a part: the last that stands on words, else the last."""
    part = ("quote_id", "event_id", "part")
    is_orphan = Case(When(state=Anchor.State.ORPHAN, then=1), default=0)
    return anchors.order_by(*part, is_orphan, "-version__number", "-id").distinct(*part)


def _follow(anchors: Iterable[Anchor], new: Version) -> dict[int, Reanchored]:
    """Where anchors of whatever versions stand in the new one, by their keys."""
    by_source: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        by_source[anchor.version_id].append(anchor)
    texts = dict(Version.objects.filter(pk__in=by_source).values_list("pk", "text"))
    return {
        anchor.pk: result
        for source, group in by_source.items()
        for anchor, result in zip(
            group, reanchor_all(texts[source], new.text, map(selector_of, group)), strict=True
        )
    }


def _keep_unread(before: AnchorQuerySet, pairs: Sequence[tuple[Anchor, Anchor]], new: Version) -> None:
    """What changed once stays "changed" in later versions, until an editor has read it or the outlet takes it back."""
    unread = [
        (old, made)
        for old, made in pairs
        if old.state == Anchor.State.CHANGED and made.state != Anchor.State.ORPHAN
    ]
    if not unread:
        return
    read = _read(before, [old for old, _ in unread])
    there = _follow(set(read.values()), new)
    for old, made in unread:
        known = read.get((old.quote_id, old.event_id, old.part))
        if known is None or known.pk != old.pk:
            is_back = known is not None and there[known.pk] == Reanchored(State.EXACT, selector_of(made))
            made.state = Anchor.State.EXACT if is_back else Anchor.State.CHANGED


def _read(
    before: AnchorQuerySet, anchors: Sequence[Anchor]
) -> dict[tuple[int | None, int | None, int], Anchor]:
    """The words that an editor last read: a quote’s in its version, an event’s where they last did not change."""
    quotes = {anchor.quote_id for anchor in anchors if anchor.quote_id}
    events = {anchor.event_id for anchor in anchors if anchor.event_id}
    states = [Anchor.State.EXACT, Anchor.State.MOVED]
    found = [
        *before.placed().filter(quote__in=quotes, version=F("quote__version")),
        *_latest(before.filter(event__in=events, state__in=states)),
    ]
    return {(anchor.quote_id, anchor.event_id, anchor.part): anchor for anchor in found}
