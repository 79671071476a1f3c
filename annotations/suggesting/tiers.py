"""Which tier an attribution belongs to, and why it is suggested, in words."""

from annotations.suggesting.found import Found
from annotations.suggesting.suggestion import Kind, Tier

_COMMON = frozenset(
    [
        "say",
        "tell",
        "add",
        "note",
        "argue",
        "warn",
        "insist",
        "announce",
        "report",
        "state",
        "write",
        "claim",
        "suggest",
        "explain",
        "acknowledge",
        "admit",
        "assert",
        "complain",
        "contend",
        "predict",
        "reply",
        "respond",
        "ask",
        "wonder",
        "indicate",
        "continue",
        "conclude",
        "stress",
        "deny",
        "declare",
    ]
)


def tier_of(one: Found, kind: Kind) -> Tier:
    """How far a suggestion is to be trusted."""
    common = one.lemma in _COMMON
    if one.speaker is None:
        return Tier.OTHER
    if kind is Kind.DIRECT and one.says and one.shape in ("quote", "that", "clause"):
        return Tier.QUOTED
    if one.shape == "that" and common:
        return Tier.THAT
    if one.shape in ("clause", "question", "according", "before", "around", "quote") and (
        common or one.shape == "according"
    ):
        return Tier.SAID
    return Tier.OTHER


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
