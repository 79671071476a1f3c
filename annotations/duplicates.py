"""Actors who may be one: found by a worker from their names, decided on by an editor.

Every actor would have to be compared with every other, which no page can wait for. So a worker compares an actor
anew when its names have changed, with those alone that the index says are a little alike, and a page only reads.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.aggregates import StringAgg
from django.db.models.functions import MD5, Cast, Coalesce, Concat, Upper

from annotations.models import Actor, Alias, LikelyDuplicate, NamesCompared, ToldApart
from annotations.querysets import ActorQuerySet
from annotations.resemblance import Named, initials_of, resemblance, words_of

if TYPE_CHECKING:
    from accounts.models import User

MOST_LOOKED_AT = 300
"""Actors with whom one is compared letter by letter: those whose names the index finds the likest."""
AT_ONCE = 500
"""Actors that are compared in one run."""


def behind() -> QuerySet[Any]:
    """The standing actors whose names were not compared since they changed."""
    text, line = TextField(), Value("\n")
    told = Alias.objects.filter(actor=OuterRef("pk")).order_by().values("actor")
    aliases = Subquery(told.values(all=StringAgg("name", delimiter=line, order_by=["name", "id"])))
    names: list[Any] = [F("kind"), line, F("name"), line, Coalesce(aliases, Value(""), output_field=text)]
    state = MD5(Concat(*(Cast(one, text) for one in names)))
    compared = NamesCompared.objects.filter(actor=OuterRef("pk"), state=OuterRef("state"))
    return Actor.objects.standing().annotate(state=state).filter(~Exists(compared))


def catch_up(now: dt.datetime) -> int:
    """Compare the names of those who are behind; of how many actors that was."""
    waiting = list(behind().order_by("pk").values_list("pk", "state")[:AT_ONCE])
    for pk, state in waiting:
        compare(pk, state, now)
    return len(waiting)


@transaction.atomic
def compare(pk: int, state: str, now: dt.datetime) -> None:
    """Find anew with whom an actor may be one."""
    actor = _with_names(Actor.objects.standing()).filter(pk=pk).first()
    if actor is None:
        return
    LikelyDuplicate.objects.of(actor).delete()
    mine = _named(actor)
    found = []
    for other in _looked_at(actor, mine):
        if like := resemblance(mine, _named(other)):
            first, second = (actor, other) if actor.pk < other.pk else (other, actor)
            names = (like.one, like.other) if first is actor else (like.other, like.one)
            found.append(
                LikelyDuplicate(
                    one=first,
                    other=second,
                    how=like.how,
                    likeness=like.likeness,
                    one_name=names[0],
                    other_name=names[1],
                    found_at=now,
                )
            )
    LikelyDuplicate.objects.bulk_create(found, ignore_conflicts=True)
    NamesCompared.objects.update_or_create(actor=actor, defaults={"state": state})


def _with_names(actors: ActorQuerySet) -> ActorQuerySet:
    return actors.prefetch_related("aliases")


def _named(actor: Actor) -> Named:
    names = [actor.name, *sorted(alias.name for alias in actor.aliases.all())]
    return Named(names, actor.kind == Actor.Kind.PERSON)


def _looked_at(actor: Actor, named: Named) -> Sequence[Actor]:
    """Others with a name that the index calls alike, or that holds the word that tells; the likest first."""
    alike = Q(pk__in=[])
    for name in named.names:
        alike |= Q(upper__trigram_similar=name.upper())
        words = words_of(name)
        if words and len(telling := words[-1] if named.is_person else words[0]) > 2:
            alike |= Q(upper__contains=telling.upper())
        if not named.is_person and len(words) > 1:
            alike |= Q(upper=initials_of(words).upper())
        if not named.is_person and len(words) == 1 and 1 < len(words[0]) <= 8:
            alike |= Q(upper__regex=_spelt_out(words[0]))
    aliases = Alias.objects.alias(upper=Upper("name")).filter(alike, actor=OuterRef("pk"))
    others = Actor.objects.standing().exclude(pk=actor.pk).alias(upper=Upper("name"))
    found = others.filter(alike | Q(Exists(aliases)))
    return list(
        _with_names(found).order_by(TrigramSimilarity("name", actor.name).desc(), "pk")[:MOST_LOOKED_AT]
    )


def _spelt_out(initials: str) -> str:
    """A pattern of names whose words begin with these letters, small words between them left out of account."""
    small = r"(\W+(OF|THE|AND|FOR|IN|ON|TO|DE|DU|DES))*"
    return r"^(THE\W+)?" + (small + r"\W+").join(rf"{letter.upper()}\w*" for letter in initials) + "$"


# What an editor decides.


def told_apart(one: Actor, other: Actor) -> bool:
    return ToldApart.objects.filter(**_pair(one, other)).exists()


def tell_apart(one: Actor, other: Actor, *, by: "User", now: dt.datetime) -> None:
    """Remember that they are two. Doing it twice is doing it once."""
    ToldApart.objects.get_or_create(**_pair(one, other), defaults={"by": by, "at": now})


def forget_apart(one: Actor, other: Actor) -> None:
    """They may be one again."""
    ToldApart.objects.filter(**_pair(one, other)).delete()


def _pair(one: Actor, other: Actor) -> dict[str, Any]:
    first, second = sorted((one.pk, other.pk))
    return {"one_id": first, "other_id": second}


def likely(actors: Iterable[Actor]) -> dict[int, list[LikelyDuplicate]]:
    """By each actor's key, what it may be the same as; the surest first."""
    keys = [actor.pk for actor in actors]
    found: dict[int, list[LikelyDuplicate]] = {key: [] for key in keys}
    pairs = LikelyDuplicate.objects.standing().filter(Q(one__in=keys) | Q(other__in=keys))
    for pair in pairs.select_related("one", "other").surest_first():
        for key in (pair.one_id, pair.other_id):
            if key in found:
                found[key].append(pair)
    return found
