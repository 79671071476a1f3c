"""Actors as readers may know them: how much they are quoted, and what they said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count
from django.db.models.functions import Coalesce

from annotations import access
from annotations.models import Actor, Quote, Role
from annotations.querysets import QuoteQuerySet
from annotations.timeline import Said, Section, when_said


@dataclass(frozen=True, slots=True)
class Coverage:
    """In how many public quotes, of how many articles and outlets, an actor speaks."""

    quotes: int = 0
    articles: int = 0
    outlets: int = 0


def coverage(actors: Iterable[Actor]) -> dict[int, Coverage]:
    """By the actor's key. What was said by those merged into an actor is the actor's."""
    who = Coalesce("speaker__canonical", "speaker")
    counted = (
        Quote.objects.public()
        .annotate(who=who)
        .filter(who__in=[actor.pk for actor in actors])
        .order_by()
        .values_list("who")
        .annotate(
            quotes=Count("pk"),
            articles=Count("article", distinct=True),
            outlets=Count("article__outlet", distinct=True),
        )
    )
    return {pk: Coverage(*numbers) for pk, *numbers in counted}


def quotes_of(actor: Actor) -> QuoteQuerySet:
    """What readers may see of what an actor said, in the order in which it was said."""
    quotes: QuoteQuerySet = Quote.objects.public().of_actor(actor).as_said()
    return quotes


def sections(quotes: Sequence[Quote]) -> list[Section]:
    """Quotes in dated sections. They must be loaded `for_readers` and stand `as_said`."""
    stories = access.stories_telling({quote.article_id for quote in quotes})
    said = [
        Said(quote, when_said(quote), quote.address_in(story), quote.changed_since_read())
        for quote in quotes
        if (story := stories.get(quote.article_id))
    ]
    return [Section(when, list(group)) for when, group in groupby(said, key=lambda entry: entry.when.section)]


@dataclass(frozen=True, slots=True)
class Held:
    """A role, and whether readers may know its organisation as an actor."""

    role: Role
    address: str


def roles_of(actor: Actor) -> list[Held]:
    """The actor's roles, the newest first, those of unknown dates last."""
    roles = list(Role.objects.filter(actor=actor).select_related("organisation").newest_first())
    public = access.public_actors().standing()
    known = public.in_bulk([role.organisation_id for role in roles if role.organisation_id])
    addresses = {pk: organisation.get_absolute_url() for pk, organisation in known.items()}
    return [Held(role, addresses.get(role.organisation_id, "")) for role in roles]
