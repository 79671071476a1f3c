"""Actors who bear the same name: perhaps one person entered twice, perhaps two people."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models.functions import Lower

from annotations.models import Actor, Alias


def namesakes(actors: Sequence[Actor]) -> dict[int, list[Actor]]:
    """By each actor's key, the others who share a name or an alias with it. Needs the aliases prefetched."""
    names = {actor.pk: _names(actor) for actor in actors}
    wanted = set().union(*names.values()) if names else set()
    bearers: dict[str, set[int]] = defaultdict(set)
    standing = Actor.objects.standing().annotate(lower=Lower("name")).filter(lower__in=wanted)
    for pk, name in standing.values_list("pk", "lower"):
        bearers[name].add(pk)
    aliases = Alias.objects.filter(actor__merged_into__isnull=True).annotate(lower=Lower("name"))
    for pk, name in aliases.filter(lower__in=wanted).values_list("actor", "lower"):
        bearers[name].add(pk)
    others = {pk: set().union(*(bearers[name] for name in names[pk])) - {pk} for pk in names}
    known = Actor.objects.in_bulk(set().union(*others.values()) if others else ())
    return {pk: sorted((known[other] for other in found), key=str) for pk, found in others.items()}


def _names(actor: Actor) -> set[str]:
    return {actor.name.lower(), *(alias.name.lower() for alias in actor.aliases.all())}
