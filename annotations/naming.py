"""From a name that an editor typed to the actor or outlet that is meant. Nothing here guesses: it asks."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from annotations.models import Actor, Alias
from annotations.querysets import ActorQuerySet
from articles.models import Outlet

type Named = Actor | Outlet

LIKE = 0.35
"""The trigram similarity from which a name is worth offering: "Pompeyo" to "Mike Pompeo" has 0.55."""
MOST = 8
"""Names offered at once."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask about a name: which of several, or whether one of these or somebody new is meant."""

    name: str
    several: bool
    candidates: list[Named]


@dataclass(frozen=True, slots=True)
class NewActor:
    """Somebody whom the editor asked to be created."""

    name: str
    kind: str

    def create(self) -> Actor:
        return Actor.named(self.name, kind=self.kind)


def key_of(named: Named) -> str:
    """How a form names it: "actor-12", "outlet-3"."""
    return f"{'actor' if isinstance(named, Actor) else 'outlet'}-{named.pk}"


def by_key(key: str, *, outlets: bool = False) -> Named | None:
    """What a form's key names; an actor that was merged gives the one it went into."""
    model, _, pk = key.partition("-")
    if not pk.isdecimal() or len(pk) > 18:
        return None
    if model == "actor":
        actor = Actor.objects.select_related("canonical").filter(pk=pk).first()
        return (actor.canonical or actor) if actor else None
    return Outlet.objects.filter(pk=pk).first() if model == "outlet" and outlets else None


def bearers(name: str, *, outlets: bool = False) -> list[Named]:
    """Everybody who bears exactly this name or has it as an alias, whatever the case.

    With `outlets`, an outlet of the name or domain answers for the actor that it also may be: who relays is an
    outlet where there is one.
    """
    if outlets and (outlet := Outlet.objects.named(name)):
        return [outlet]
    found = Actor.objects.named(name).select_related("canonical").order_by("name", "id")
    return list(dict.fromkeys(actor.canonical or actor for actor in found))


def similar(name: str, *, outlets: bool = False) -> list[Named]:
    """Actors, and with `outlets` outlets, whose names resemble one that nobody bears; the likest first."""
    aliases = Alias.objects.filter(actor=OuterRef("pk"))
    of_alias = aliases.annotate(likeness=_likeness("name", name)).order_by("-likeness").values("likeness")[:1]
    actors = (
        Actor.objects.standing()
        .annotate(likeness=Greatest(_likeness("name", name), Coalesce(Subquery(of_alias), 0.0)))
        .filter(
            _resembles("name", name)
            | Exists(aliases.filter(_resembles("name", name)))
            | Q(likeness__gte=LIKE)
        )
        .prefetch_related("roles")
    )
    found = _likest(actors)
    if outlets:
        like = Outlet.objects.annotate(likeness=_likeness("name", name))
        found += _likest(like.filter(_resembles("name", name) | Q(likeness__gte=LIKE)))
    found.sort(key=lambda pair: -pair[0])
    return [named for _, named in found[:MOST]]


def _likest(found: Any) -> list[tuple[float, Named]]:
    return [(one.likeness, one) for one in found.order_by("-likeness", "name", "id")[:MOST]]


def _likeness(field: str, name: str) -> Any:
    return Greatest(TrigramSimilarity(field, name), TrigramWordSimilarity(name, field))


def _resembles(field: str, name: str) -> Q:
    """Holds a word of the name that is long enough to mean something."""
    found = Q(pk__in=[])
    for word in {word.strip(".,’'") for word in name.split()}:
        if len(word) > 3:
            found |= Q(**{f"{field}__icontains": word})
    return found


def question_about(name: str, found: list[Named], *, outlets: bool = False) -> Question:
    """What to ask when a name has no bearer, or several."""
    return Question(name, bool(found), found or similar(name, outlets=outlets))


def offered(words: str, *, outlets: bool = False) -> list[Named]:
    """What a combobox offers while a name is typed: names, aliases and roles that hold the words, else like ones."""
    found: list[Named] = list(Actor.objects.standing().resembling(words).prefetch_related("roles")[:MOST])
    if outlets:
        holding = Outlet.objects.filter(name__icontains=words).order_by("name", "id")
        found = [*holding[: MOST // 2], *found][:MOST]
    return found or similar(words, outlets=outlets)


def described(named: Iterable[Named]) -> list[tuple[str, str, str]]:
    """Key, name, and what tells it from another of the name: the newest role, the description, the kind."""
    return [(key_of(one), one.name, _told_apart(one)) for one in named]


def _told_apart(named: Named) -> str:
    if isinstance(named, Outlet):
        return f"outlet, {named.domain}" if named.domain else "outlet"
    roles = sorted(named.roles.all(), key=lambda role: (role.since is not None, role.since or 0, role.pk))
    if roles:
        return roles[-1].title
    return named.description[:80] or named.get_kind_display()


def spoken_of(names: Iterable[str], on: dt.date | None = None) -> Actor | None:
    """The one actor whom a mention can mean: by name or alias, by surname, or by a role held on the day.

    `names` are tried in turn; a name that several actors answer to settles nothing.
    """
    for name in names:
        for way in (Actor.objects.named(name), _by_surname(name), _by_role(name, on)):
            found = list(way.select_related("canonical").distinct().order_by("id")[:2])
            if len(found) == 1:
                return found[0].canonical or found[0]
            if found:
                return None
    return None


def holders(role: str, on: dt.date | None) -> list[Actor]:
    """Who held a role of that title on a day; nobody where the day isn't known."""
    return list(_by_role(role, on).distinct().order_by("id"))


def _by_surname(name: str) -> ActorQuerySet:
    surname = name.rsplit(maxsplit=1)[-1] if name.strip() else ""
    if not surname[:1].isupper():
        return Actor.objects.none()
    return Actor.objects.standing().filter(kind=Actor.Kind.PERSON, name__iendswith=f" {surname}")


def _by_role(name: str, on: dt.date | None) -> ActorQuerySet:
    if on is None:
        return Actor.objects.none()
    return Actor.objects.standing().filter(
        Q(roles__since__isnull=True) | Q(roles__since__lte=on),
        Q(roles__until__isnull=True) | Q(roles__until__gte=on),
        roles__title__iexact=re.sub("^the ", "", name, flags=re.IGNORECASE),
    )
