"""Actors, claims, quotes, stances, events, and the anchors that tie them to the words of a version."""

from annotations.models.actors import Actor, Alias, Role
from annotations.models.anchors import Anchor
from annotations.models.annotation import Act, Annotation, NotAllowed, StaleRevision, Status, Verb
from annotations.models.claims import Claim
from annotations.models.duplicates import LikelyDuplicate, NamesCompared, ToldApart
from annotations.models.events import Event
from annotations.models.placing import Span
from annotations.models.quote_texts import QuoteText
from annotations.models.quotes import Quote, Stance, Utterance
from annotations.models.renderings import Apart, Comparison, ProposedUtterance
from annotations.models.suggested import Finding, Reading

__all__ = [
    "Act",
    "Actor",
    "Alias",
    "Anchor",
    "Annotation",
    "Apart",
    "Claim",
    "Comparison",
    "Event",
    "Finding",
    "LikelyDuplicate",
    "NamesCompared",
    "NotAllowed",
    "ProposedUtterance",
    "Quote",
    "QuoteText",
    "Reading",
    "Role",
    "Span",
    "StaleRevision",
    "Stance",
    "Status",
    "ToldApart",
    "Utterance",
    "Verb",
]
