"""Which tier an attribution belongs to, and why it is suggested, in words."""

from annotations.suggesting.found import Found
from annotations.suggesting.lexicon import COMMON
from annotations.suggesting.suggestion import Kind, Tier

_CLAUSES = ("that", "clause", "question", "quote", "before", "around")


def tier_of(one: Found, kind: Kind) -> Tier:
    """How far a suggestion is to be trusted: by its verb, what the verb leads to, and whether it has a subject."""
    has_subject = one.speaker is not None and one.how == "subject"
    is_common = one.lemma in COMMON
    if has_subject and is_common and one.shape in _CLAUSES:
        return Tier.QUOTED if kind is Kind.DIRECT else Tier.SAID
    if one.shape == "according" or (one.shape == "headline" and kind is not Kind.INDIRECT):
        return Tier.SAID
    if one.speaker is not None and one.says and (one.shape in _CLAUSES or one.shape in ("noun", "naming")):
        return Tier.ATTRIBUTED
    return Tier.LOOSE


def reason_for(one: Found, kind: Kind, cue: str) -> str:
    """Why a quote is suggested, for the editor."""
    if one.shape == "according":
        return "The words stand with “according to”."
    if one.shape == "headline":
        return "The headline puts a name and a colon before the words."
    if kind is Kind.DIRECT:
        return f"In quotation marks, attributed by “{cue}”."
    if one.shape == "noun":
        return f"What the noun “{cue}” says, after “that”."
    if one.shape == "object":
        return f"What “{cue}” is about; read whether it says what was said."
    if one.shape == "to":
        return f"What “{cue}” asks or promises, after “to”."
    partly = ", partly in quotation marks" if kind is Kind.MIXED else ""
    if not one.says:
        return f"What somebody is said to think or show, after “{cue}”{partly}."
    return f"A clause with “{cue}”{partly}."
