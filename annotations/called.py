"""Whom a reader's words mean: actors by name, alias or role, also where a name is mistyped."""

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Upper

from annotations import access
from annotations.models import Actor, Alias, Role
from annotations.querysets import ActorQuerySet
from annotations.slips import SHORTEST, is_slip

MOST = 6
"""Actors that are named at once."""
LOOKED_AT = 60
"""Actors whose names are compared word by word."""
LONGEST_NAME = 6
"""Words that a name or a role has at most; more than that is no name."""
LIKE = 0.4
"""The word similarity from which a name is compared letter by letter: "pompoe" to "Mike Pompeo" has 0.57."""

_WORD = re.compile(r"\w[\w’'.-]*\w")


def words_of(typed: str) -> list[str]:
    return _WORD.findall(typed)


def called(typed: str) -> list[Actor]:
    """The first few actors readers may know of who have every word in a name, an alias or the title of a role."""
    words = words_of(typed)
    if not 0 < len(words) <= LONGEST_NAME:
        return []
    found = access.public_actors().standing()
    for word in words:
        alias = Alias.objects.filter(actor=OuterRef("pk"), name__icontains=word)
        role = Role.objects.filter(actor=OuterRef("pk"), title__icontains=word)
        found = found.filter(Q(name__icontains=word) | Exists(alias) | Exists(role))
    named = _with_names(found.by_name())[:LOOKED_AT]
    return [actor for actor in named if all(_begins_one(word, actor) for word in words)][:MOST]


def nearly_called(typed: str) -> list[Actor]:
    """The first few whose names have every word, give or take a slip; for words that nobody is called by."""
    words = words_of(typed)
    if not 0 < len(words) <= LONGEST_NAME or not any(len(word) >= SHORTEST for word in words):
        return []
    return [
        actor
        for actor in _alike(words)
        if all(_begins_one(word, actor) or _slip_of(word, actor) for word in words)
    ][:MOST]


def respelt(typed: str) -> str:
    """What was typed with slips in names put right; empty where there are none."""
    words = words_of(typed)
    if not 0 < len(words) <= LONGEST_NAME:
        return ""
    actors = _alike(words)
    right = typed
    for word in words:
        if not any(_begins_one(word, actor) for actor in actors):
            meant = next(filter(None, (_slip_of(word, actor) for actor in actors)), "")
            right = right.replace(word, meant.lower() if word.islower() else meant) if meant else right
    return right if right != typed else ""


def _alike(words: Iterable[str]) -> list[Actor]:
    """Actors in a name or alias of whose a word resembles one of these. By the index: hence the threshold."""
    long = [word.upper() for word in words if len(word) >= SHORTEST]
    if not long:
        return []
    like = reduce(or_, (Q(upper__trigram_word_similar=word) for word in long))
    aliases = Alias.objects.alias(upper=Upper("name")).filter(like).values("actor")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LIKE)])
        by_name = Actor.objects.alias(upper=Upper("name")).filter(like).values("pk")
        found = access.public_actors().standing().filter(Q(pk__in=by_name) | Q(pk__in=aliases))
        return list(_with_names(found.by_name())[:LOOKED_AT])


def _with_names(actors: ActorQuerySet) -> ActorQuerySet:
    return actors.prefetch_related(
        Prefetch("aliases", Alias.objects.order_by("id")), Prefetch("roles", Role.objects.order_by("id"))
    )


def _begins_one(word: str, actor: Actor) -> bool:
    """Whether a word of the actor's names or roles begins so: "hun" is no part of "Cunhun"."""
    names = [actor.name, *(a.name for a in actor.aliases.all()), *(r.title for r in actor.roles.all())]
    return any(re.search(rf"\b{re.escape(word)}", name, re.IGNORECASE) for name in names)


def _slip_of(word: str, actor: Actor) -> str:
    """The word of the actor's names that was meant, or ""."""
    names: Sequence[str] = [actor.name, *(alias.name for alias in actor.aliases.all())]
    return next((one for name in names for one in words_of(name) if is_slip(word, one)), "")
