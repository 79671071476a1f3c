"""Renderings of one utterance side by side: what each has of the longest of them, and what it leaves out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch

from annotations.anchoring import Operation, word_diff
from annotations.desklists import listed
from annotations.models import ProposedUtterance, Quote
from annotations.models.renderings import AT_WORK, ProposedUtteranceQuerySet
from annotations.utterances import How

LEAST_SAME = 0.3
"""Of a rendering's letters, how many must stand in the longest one for a comparison to tell anything: not those of a
translation, or of the other end of a speech."""


@dataclass(slots=True)
class Side:
    """A rendering beside others. `diff` tells how its words differ from those of the longest one; nothing for that
    one itself, for the same words, and where it has too little in common with it. `left_out` and `added` count words.

    `joined` are the other renderings of the utterance that it is in already.
    """

    quote: Quote
    is_longest: bool = False
    diff: Sequence[tuple[Operation, str]] = ()
    left_out: int = 0
    added: int = 0
    joined: int = 0

    @property
    def is_other(self) -> bool:
        """Whether it has too little in common with the longest one to be compared with it word by word."""
        return bool(self.left_out or self.added) and not self.diff


def side_by_side(quotes: Iterable[Quote]) -> list[Side]:
    """The longest of the quotes first, then the others in their order, each compared with it."""
    found = list(quotes)
    if not found:
        return []
    longest = max(found, key=lambda quote: (len(quote.words), -quote.pk))
    return [Side(longest, is_longest=True), *(_side(q, longest) for q in found if q is not longest)]


def _side(quote: Quote, longest: Quote) -> Side:
    diff = word_diff(longest.words, quote.words)
    same = sum(len(text) for operation, text in diff if operation == "same")
    left_out, added = (
        _words(text for o, text in diff if o == operation) for operation in ("removed", "added")
    )
    is_compared = (left_out or added) and same >= LEAST_SAME * len(quote.words)
    return Side(quote, diff=diff if is_compared else (), left_out=left_out, added=added)


def _words(texts: Iterable[str]) -> int:
    return sum(any(map(str.isalnum, word)) for text in texts for word in text.split())


# On the desk.


@dataclass(slots=True)
class Row:
    """Renderings that are proposed as one utterance, to decide on."""

    key: int
    sides: list[Side]
    how: How
    share: float
    error: str = ""

    @property
    def speaker(self) -> str:
        return self.sides[0].quote.speaker_name

    @property
    def outlets(self) -> int:
        return len({side.quote.article.outlet_id for side in self.sides})

    @property
    def reason(self) -> str:
        """Why they are proposed, in words."""
        is_pair = len(self.sides) == 2
        if self.how is How.SAME:
            same = "The words are the same" if is_pair else "The words of all are the same"
            differ = any(side.left_out or side.added for side in self.sides)
            return f"{same}, but for capitals and forms such as “has” and “had”." if differ else f"{same}."
        if self.how is How.CONTAINED:
            return (
                "The words of the shorter one all stand in the longer one."
                if is_pair
                else "The words of each all stand in another one, or are the same."
            )
        share = f"{self.share:.0%} of what the shorter one says stands in the longer one"
        return f"The words largely overlap: {share}." if is_pair else f"The words overlap: at least {share}."


def with_renderings(proposals: ProposedUtteranceQuerySet) -> ProposedUtteranceQuerySet:
    """With all that `rows` shows, in a fixed number of queries."""
    quotes = listed(Quote.objects.filter(status__in=AT_WORK))
    in_order = quotes.order_by(F("article__published_at").asc(nulls_last=True), "pk")
    return proposals.prefetch_related(Prefetch("quotes", in_order))


def rows(proposals: Iterable[ProposedUtterance]) -> list[Row]:
    """Proposals that were loaded by `with_renderings`."""
    found = list(proposals)
    utterances = {quote.utterance_id for one in found for quote in one.quotes.all()} - {None}
    joined = Quote.objects.filter(utterance__in=utterances, status__in=AT_WORK).order_by()
    sizes = dict(joined.values_list("utterance").annotate(Count("pk")))
    made = [Row(one.pk, side_by_side(one.quotes.all()), How(one.how), one.share) for one in found]
    for row in made:
        for side in row.sides:
            side.joined = sizes.get(side.quote.utterance_id, 1) - 1
    return made
