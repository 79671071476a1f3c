"""What an editor is shown of quotes whose words an outlet changed or removed, to decide what becomes of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse

from annotations import access
from annotations.anchoring import word_diff
from annotations.desklists import BY_SLUG, DeskList, listed
from annotations.life import same_words
from annotations.models import Act, Anchor, Quote, Verb
from annotations.nearest import Found, Side, plain, search, with_surroundings
from annotations.workbench import UNDONE
from articles.models import Story, Version

if TYPE_CHECKING:
    from accounts.models import User

CHANGED, ORPHANS = "changed", "orphans"
WORKLISTS = frozenset([CHANGED, ORPHANS])
"""The lists in which the work itself is done, row by row."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A part of a quote as an editor read it and as the outlet has it now; nothing where it is gone."""

    old: Side
    new: Side | None
    is_reworded: bool


@dataclass(slots=True)
class Row:
    """A quote to decide on: words that changed in `pairs`, words that are gone in `found`."""

    quote: Quote
    version: Version
    undoes: str = ""
    pairs: list[Pair] = field(default_factory=list)
    found: Found | None = None
    is_done: bool = False
    comparison: str = ""
    error: str = ""

    @property
    def is_reworded(self) -> bool:
        return any(pair.is_reworded for pair in self.pairs)

    @property
    def has_lost(self) -> bool:
        return any(pair.new is None for pair in self.pairs)


def rows(worklist: DeskList, quotes: Iterable[Quote], user: "User") -> list[Row]:
    """Quotes of one of the WORKLISTS, loaded by `listed`, in a fixed number of queries."""
    quotes = list(quotes)
    versions = Version.objects.in_bulk(
        {key for q in quotes for key in (q.version_id, q.article.current_version_id or 0)}
    )
    in_force = Act.objects.filter(quote__in=quotes).in_force()
    acts = {act.quote_id: act for act in in_force.newest_of_each_quote()}
    stories = access.stories_telling({quote.article_id for quote in quotes})
    made = []
    for quote in quotes:
        act = acts.get(quote.pk)
        undoes = UNDONE.get(Verb(act.verb), "") if act and act.by_id == user.pk else ""
        row = Row(quote, versions[quote.article.current_version_id or 0], undoes)
        row.comparison = _comparison(quote, row.version, stories.get(quote.article_id))
        made.append(row)
    if worklist.slug == CHANGED:
        for row in made:
            row.pairs = pairs_of(row.quote, versions[row.quote.version_id], row.version)
    else:
        for row, found in zip(made, search([(row.quote, row.version) for row in made]), strict=True):
            row.found = found
    return made


def row_of(worklist: DeskList, quote: Quote, user: "User") -> Row:
    """One quote of a list, or one that was: then it is done."""
    found = listed(Quote.objects.filter(pk=quote.pk)).get()
    if worklist.find(user).filter(pk=quote.pk).exists():
        return rows(worklist, [found], user)[0]
    version = found.article.current_version
    assert version is not None
    act = found.acts.in_force().order_by("-revision", "-id").first()
    undoes = UNDONE.get(Verb(act.verb), "") if act and act.by_id == user.pk else ""
    return Row(found, version, undoes, is_done=True)


def worklist(slug: str | None) -> DeskList | None:
    """The list of the name, if work is done in it."""
    return BY_SLUG[slug] if slug in WORKLISTS else None


def _comparison(quote: Quote, version: Version, story: Story | None) -> str:
    if story is None or version.pk == quote.version_id:
        return ""
    numbers = sorted([quote.version.number, version.number])
    return reverse("article-diff", args=[story.slug, quote.article_id, *numbers])


# Words that changed, side by side.


def pairs_of(quote: Quote, read: Version, current: Version) -> list[Pair]:
    """Each part of a quote in the version that an editor read, beside the current one."""
    now = {a.part: a for a in quote.anchors.all() if a.version_id == current.pk}
    return [_pair(anchor, read, now.get(anchor.part), current) for anchor in quote.parts()]


def _pair(old: Anchor, read: Version, new: Anchor | None, current: Version) -> Pair:
    before, words, after = with_surroundings(read.text, old)
    if new is None or new.start is None:
        return Pair(plain(read.number, before, words, after), None, is_reworded=False)
    now = with_surroundings(current.text, new)
    diffs = [word_diff(a, b) for a, b in zip((before, words, after), now, strict=True)]
    left = ([piece for piece in diff if piece[0] != "added"] for diff in diffs)
    right = ([piece for piece in diff if piece[0] != "removed"] for diff in diffs)
    is_reworded = not same_words(words, now[1])
    return Pair(Side(read.number, *left), Side(current.number, *right), is_reworded)
