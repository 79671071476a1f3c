"""The public record of a quote: when it was published, what was changed since, when it was taken back.

Told from the states that its acts left. What it was before readers first saw it, and between a withdrawal and the
next publication, is not told.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FACTS = (
    "speaker",
    "mention",
    "role",
    "kind",
    "cue",
    "said",
    "relayed_by",
    "basis",
    "utterance",
    "spans",
    "stances",
)
"""A quote's facts, as far as readers are told that one has changed. Several columns may make one."""

EVENT_FACTS = ("title", "when", "place", "source", "evidence")
"""An event's, in the same way."""


class What(StrEnum):
    """What happened to something that readers see."""

    PUBLISHED = "published"
    REPUBLISHED = "published again"
    READ = "read again in a newer version, and kept"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Correction:
    """On an instant, what happened to a published quote, and the facts that changed, if any."""

    at: dt.datetime
    what: What
    facts: tuple[str, ...] = ()
    reason: str = ""


def corrections(acts: Iterable[tuple[dt.datetime, str, Mapping[str, Any]]]) -> list[Correction]:
    """The record, oldest first, from a quote's acts in order: the instant and the verb of each, and the state after."""
    found: list[Correction] = []
    shown: Mapping[str, Any] | None = None
    was_public = False
    for at, verb, state in acts:
        is_public = state["status"] == "published"
        facts = tuple(differing(shown, state, verb)) if is_public and shown else ()
        if is_public and not was_public:
            found.append(Correction(at, What.PUBLISHED if shown is None else What.REPUBLISHED, facts))
        elif is_public and verb == "checked":
            found.append(Correction(at, What.READ, facts))
        elif is_public and facts:
            found.append(Correction(at, What.CHANGED, facts))
        elif was_public and not is_public:
            found.append(Correction(at, What.WITHDRAWN, reason=state.get("withdrawn_reason") or ""))
        if is_public:
            shown = state
        was_public = is_public
    return found


def differing(
    before: Mapping[str, Any], after: Mapping[str, Any], verb: str, facts: Iterable[str] = FACTS
) -> list[str]:
    """The facts that differ. Offsets in another version are no other words, unless an editor chose them."""
    changed = {name for name in before.keys() | after.keys() if _told(before, name) != _told(after, name)}
    if before.get("version") != after.get("version") and verb not in {"resized", "undone"}:
        changed.discard("spans")
    return [fact for fact in facts if any(name == fact or name.startswith(f"{fact}_") for name in changed)]


def _told(state: Mapping[str, Any], name: str) -> Any:
    if name == "stances":  # claim, position, note; whether it is to be checked again is the desk's affair
        return [stance[:3] for stance in state.get("stances", [])]
    return state.get(name)
