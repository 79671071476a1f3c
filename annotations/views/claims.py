from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import Case, F, FilteredRelation, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from annotations import access, charts, standing
from annotations.forms.filters import PlaceForm
from annotations.leaving import gathering, schema_org
from annotations.models import Claim, Quote, Stance
from annotations.querysets import QuoteQuerySet
from annotations.timeline import Said, when_said
from newsdesk.addresses import absolute
from newsdesk.caching import public_page

QUOTES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Taken:
    """A stance, and the words that take it."""

    stance: Stance
    said: Said


@dataclass(frozen=True, slots=True)
class Side:
    """A position on a claim, how many quotes take it, and those of them that stand on a page."""

    position: str
    count: int
    taken: list[Taken]


@require_safe
@public_page
def claim(request: HttpRequest, slug: str, claim_slug: str) -> HttpResponse:
    """A claim: who stands where, and every stance on it with the words that take it."""
    try:
        found = access.public_claim(access.public_story(slug), claim_slug)
    except access.Gone as gone:
        return render(request, "annotations/claim_gone.html", {"reason": gone.reason}, status=410)
    if found.slug != claim_slug:
        return redirect(found, permanent=False)  # a merging can be taken back
    place = PlaceForm(request.GET)
    place.full_clean()
    page = Paginator(_quotes_on(found).for_readers(found.story), QUOTES_A_PAGE).get_page(
        place.cleaned_data.get("page") or 1
    )
    stands = standing.of_claim(found)
    context = {
        "claim": found,
        "story": found.story,
        "standing": stands,
        "chart": charts.of_claim(stands),
        "page": page,
        "sides": _sides(found, list(page), {count.position: count.count for count in stands.counts}),
        "trail": [
            (gettext("Stories"), reverse("stories")),
            (found.story.title, found.story.get_absolute_url()),
        ],
        "canonical": absolute(found.get_absolute_url()),
        "linked_data": schema_org.document(
            schema_org.claim_page(
                gathering.claim(found),
                gathering.told(found.story),
                list(gathering.statements(page, found.story)),
            )
        ),
    }
    return render(request, "annotations/claim.html", context)


def _quotes_on(claim: Claim) -> QuoteQuerySet:
    """The published quotes with a stance on a claim: by position in the order of the legend, then as said."""
    place = Case(*(When(taken__position=p, then=Value(n)) for n, p in enumerate(Stance.Position.values)))
    quotes: QuoteQuerySet = Quote.objects.in_story(claim.story).published()
    taken = FilteredRelation("stances", condition=Q(stances__claim=claim))
    return quotes.alias(taken=taken).filter(taken__isnull=False).alias(place=place).as_said(F("place"))


def _sides(claim: Claim, quotes: Sequence[Quote], numbers: Mapping[str, int]) -> list[Side]:
    taken = [
        Taken(
            stance, Said(quote, when_said(quote), quote.address_in(claim.story), quote.changed_since_read())
        )
        for quote in quotes
        for stance in quote.stances.all()
        if stance.claim_id == claim.pk
    ]
    return [
        Side(position, numbers.get(position, 0), list(group))
        for position, group in groupby(taken, key=lambda one: one.stance.position)
    ]
