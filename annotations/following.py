"""Follows the texts: when an article gets a new version, its annotations are anchored there too."""

from collections import defaultdict
from typing import Any

from django.dispatch import receiver

from annotations.anchoring import Reanchored, Selector, State, reanchor_all
from annotations.models import Anchor, Stance
from annotations.models.placing import make_anchor
from articles.models import Article, Version
from articles.signals import text_changed


@receiver(text_changed)
def follow_text(sender: type[Article], *, article: Article, old: Version, new: Version, **_: Any) -> None:
    """Give every annotation of the article an anchor in its new version; one that has no words there is an orphan."""
    latest: dict[tuple[int | None, int | None, int], Anchor] = {}
    known = (
        Anchor.objects.filter(version__article=article)
        .exclude(version=new)
        .select_related("version", "quote")
    )
    for anchor in known.order_by("version__number", "id"):
        key = (anchor.quote_id, anchor.event_id, anchor.part)
        if anchor.state != Anchor.State.ORPHAN or key not in latest:
            latest[key] = anchor
    by_source: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in latest.values():
        by_source[anchor.version_id].append(anchor)

    followed: list[Anchor] = []
    for anchors in by_source.values():
        placed = [anchor for anchor in anchors if anchor.state != Anchor.State.ORPHAN]
        results = dict(
            zip(
                placed,
                reanchor_all(anchors[0].version.text, new.text, list(map(_selector, placed))),
                strict=True,
            )
        )
        for anchor in anchors:
            result = results.get(anchor, Reanchored(State.ORPHAN, None))
            made = make_anchor(
                new, anchor.part, result, anchor.exact, quote=anchor.quote, event_id=anchor.event_id
            )
            if _still_unread(anchor, made):
                made.state = Anchor.State.CHANGED
            followed.append(made)
    Anchor.objects.bulk_create(followed)
    changed = {
        anchor.quote_id for anchor in followed if anchor.state == Anchor.State.CHANGED and anchor.quote_id
    }
    Stance.objects.filter(quote__in=changed).update(check_again=True)


def _still_unread(old: Anchor, new: Anchor) -> bool:
    """Words that changed once stay "changed" in later versions until an editor has read them."""
    if old.state != Anchor.State.CHANGED or new.state == Anchor.State.ORPHAN or old.quote is None:
        return False
    if old.version_id == old.quote.version_id:
        return False
    read = Anchor.objects.filter(quote=old.quote_id, version=old.quote.version_id, part=old.part).first()
    return read is None or read.exact != new.exact


def _selector(anchor: Anchor) -> Selector:
    assert anchor.start is not None and anchor.end is not None
    return Selector(anchor.start, anchor.end, anchor.exact, anchor.prefix, anchor.suffix)
