"""What the desk fills in when an editor has chosen the words of a quote; each may be changed before it is saved."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from annotations import dates
from annotations.attribution import Attribution, attribution_near, candidates, kind_of
from annotations.models import Actor
from annotations.naming import key_of, spoken_of
from annotations.resizing import Span
from articles.models import Article, Version
from articles.text import Sentence, quotations, sentences

_FULL_NAME = re.compile(r"[A-Z][\w’'-]+(?: (?:de|van|von|bin|al))?(?: [A-Z][\w’'-]+){1,2}")


def proposals(article: Article, version: Version, spans: Sequence[Span]) -> dict[str, str]:
    """Values for the form's fields, as the form shows them; a field about which nothing was found is left out."""
    text = version.text
    found = attribution_near(text, spans)
    proposed = {"kind": kind_of(text, spans), "cue": found.cue, "mention": found.mention[:200]}
    proposed |= _people(found, article) | said_near(text, spans, article.published_on)
    return {name: value for name, value in proposed.items() if value}


def _people(found: Attribution, article: Article) -> dict[str, str]:
    """Who the mention means, where that is one known actor; else the full name in it, which will be asked about.

    "According to" a body, and not a person, is how the words came here, not who said them.
    """
    names = list(candidates(found.mention)) if found.mention else []
    if actor := spoken_of(names, article.published_on):
        is_source = found.cue.lower() == "according to" and actor.kind != Actor.Kind.PERSON
        field = "relayed_by" if is_source else "speaker"
        return {field: actor.name, f"{field}_choice": key_of(actor), f"{field}_asked": actor.name}
    full = [name for name in names if _FULL_NAME.fullmatch(name)]
    return {"speaker": full[-1]} if full else {}


def said_near(text: str, spans: Sequence[Span], published: dt.date | None) -> dict[str, str]:
    """When it was said, as far as the sentences of the quote tell, else those before them in their paragraph.

    What stands within the quote, or in quotation marks, is about another time. An expression that can't be
    resolved, for want of a day of publication, is proposed without days.
    """
    every = sentences(text)
    own = [s for s in every if any(s.start < end and start < s.end for start, end in spans)]
    numbers = {s.paragraph for s in own}
    before = [s for s in every if s.paragraph in numbers and s.end <= own[0].start] if own else []
    found = [one for s in own for one in _times(text, s, spans)] or [
        one for s in before for one in _times(text, s, spans)
    ]
    if not found:
        return {}
    expression, days = min(found, key=lambda one: _distance(one[0], spans))
    resolved = days(published)
    earliest, latest = (resolved.earliest, resolved.latest) if resolved else (None, None)
    return {
        "said_expression": expression.text,
        "said_earliest": earliest.isoformat() if earliest else "",
        "said_latest": latest.isoformat() if latest and latest != earliest else "",
    }


type Time = tuple[dates.Expression, Callable[[dt.date | None], dates.Interval | None]]
"""Words for a time, by their place in the whole text, and what they mean in an article of a day."""


def _times(text: str, sentence: Sentence, spans: Sequence[Span]) -> Iterator[Time]:
    said = [*spans, *quotations(text, sentence.start, sentence.end)]
    words = text[sentence.start : sentence.end]
    for one in dates.find(words):
        start, end = sentence.start + one.start, sentence.start + one.end
        if not any(left < end and start < right for left, right in said):
            before, after = words[: one.start], words[one.end :]
            yield (
                dates.Expression(start, end, one.text),
                partial(dates.resolve, one.text, before=before, after=after),
            )


def _distance(one: dates.Expression, spans: Sequence[Span]) -> int:
    return min(abs(one.start - right) if one.start >= right else abs(left - one.end) for left, right in spans)
