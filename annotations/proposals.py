"""What the desk fills in when an editor has chosen the words of a quote; each may be changed before it is saved."""

import re
from collections.abc import Sequence

from annotations.attribution import attribution_near, candidates, kind_of
from annotations.naming import key_of, spoken_of
from annotations.resizing import Span
from articles.models import Article, Version

_FULL_NAME = re.compile(r"[A-Z][\w’'-]+(?: (?:de|van|von|bin|al))?(?: [A-Z][\w’'-]+){1,2}")


def proposals(article: Article, version: Version, spans: Sequence[Span]) -> dict[str, str]:
    """Values for the form's fields, as the form shows them; a field about which nothing was found is left out."""
    text = version.text
    found = attribution_near(text, spans)
    proposed = {"kind": kind_of(text, spans), "cue": found.cue, "mention": found.mention[:200]}
    proposed |= _speaker(found.mention, article)
    return {name: value for name, value in proposed.items() if value}


def _speaker(mention: str, article: Article) -> dict[str, str]:
    """Who the mention means, where that is one known actor; else the full name in it, which will be asked about."""
    names = list(candidates(mention)) if mention else []
    if actor := spoken_of(names, article.published_on):
        return {"speaker": actor.name, "speaker_choice": key_of(actor), "speaker_asked": actor.name}
    full = [name for name in names if _FULL_NAME.fullmatch(name)]
    return {"speaker": full[-1]} if full else {}
