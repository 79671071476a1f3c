"""Taking back at once what an editor did to many quotes at one moment."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from annotations.models import Act, NotAllowed, StaleRevision, Verb

if TYPE_CHECKING:
    from accounts.models import User


def acts_at(by: "User", at: dt.datetime, verb: Verb) -> list[Act]:
    """What an editor did to quotes at one moment, as far as it is in force."""
    acts = Act.objects.in_force().filter(by=by, at=at, verb=verb, quote__isnull=False)
    return list(acts.select_related("quote__version").order_by("quote"))


def take_back(acts: Iterable[Act], *, by: "User", now: dt.datetime) -> tuple[int, int]:
    """Undo each act to whose quote nothing was done since: how many were undone, and how many stay.

    Call it in a transaction.
    """
    undone = kept = 0
    acts = list(acts)
    in_force = Act.objects.filter(quote__in=[act.quote_id for act in acts]).in_force()
    newest = {act.quote_id: act.pk for act in in_force.newest_of_each_quote()}
    for act in acts:
        quote = act.quote
        assert quote is not None
        if newest.get(quote.pk) != act.pk:
            kept += 1
            continue
        try:
            quote.undo(by=by, revision=quote.revision, now=now)
            undone += 1
        except (StaleRevision, NotAllowed):
            kept += 1
    return undone, kept
