"""What a change of an article's text did to the quotes in it."""

from collections.abc import Iterable
from dataclasses import dataclass

from annotations.anchoring import Operation, word_diff
from annotations.life import Fate, at, between
from annotations.models import Quote
from articles.models import Article, Story, Version


@dataclass(frozen=True, slots=True)
class Touched:
    """A quote whose words, or what stands around them, differ between two versions; `address` is of the later words,
    or where there are none of the earlier."""

    quote: Quote
    fate: Fate
    words: str
    diff: list[tuple[Operation, str]]
    address: str


def touched(story: Story, article: Article, old: Version, new: Version) -> list[Touched]:
    """The published quotes of an article that a change touched, in the order of their words."""
    quotes = Quote.objects.for_readers(story).filter(article=article).published().order_by("pk")
    found = [one for quote in quotes if (one := touch(story, quote, old.number, new.number))]
    return sorted(found, key=lambda one: (_place(one.quote, old, new), one.quote.pk))


def touch(story: Story, quote: Quote, old: int, new: int) -> Touched | None:
    """What a change from one version to a later one did to a quote, given by their numbers. Needs its anchors."""
    life = quote.life()
    fate = between(life, old, new)
    if fate is None:
        return None
    before, after = at(life, old), at(life, new)
    diff = word_diff(before, after) if before and after and fate is Fate.REWORDED else []
    return Touched(quote, fate, after or before or "", diff, quote.address_in(story, new if after else old))


def _place(quote: Quote, *versions: Version) -> int:
    starts: Iterable[int] = (
        anchor.start
        for version in reversed(versions)
        for anchor in quote.anchors.all()
        if anchor.version_id == version.pk and anchor.start is not None
    )
    return next(iter(starts), 0)
