"""What a reader looks for, as a form that sends GET."""

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from annotations import access
from annotations.faceting import ARTICLES, QUOTES, Listing, value_of
from annotations.forms.filters import FROM, TO, Chip, KnownValuesField, limit
from annotations.models import Actor, Claim, Stance
from annotations.narrowing import Asked, Period
from annotations.telling import KINDS, POSITIONS
from articles.models import Article, Outlet
from articles.search import Words, understand

MOST_CHOSEN = 20
"""Values of one facet that are taken from an address."""


class SlugsField(forms.Field):
    """Any number of slugs, each once."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[str]:
        slugs = [slug for slug in dict.fromkeys(value or []) if forms.SlugField().clean(slug)]
        return slugs[:MOST_CHOSEN]


class ClaimsField(forms.Field):
    """Any number of claims, each by the slugs of its story and its own: "huawei-5g.keep-it-out"."""

    widget = forms.SelectMultiple

    def clean(self, value: Any) -> list[tuple[str, str]]:
        named = [one.partition(".") for one in dict.fromkeys(value or [])]
        slug = forms.SlugField(required=True)
        return [(slug.clean(story), slug.clean(claim)) for story, _, claim in named][:MOST_CHOSEN]


class PeriodField(forms.CharField):
    """A year or a month: "2019", "2019-05"."""

    def clean(self, value: Any) -> Period | None:
        typed = super().clean(value)
        if not typed:
            return None
        found = re.fullmatch(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?", typed)
        if found is None or found[1] == "0000":
            raise ValidationError(gettext("A year or a month looks like 2019 or 2019-05."))
        return Period(int(found[1]), int(found[2]) if found[2] else None)


class SearchForm(forms.Form):
    """Words, filters and an order. What is none of them is no error: the page says so and leaves it out."""

    NEWEST, RELEVANCE = "newest", "relevance"
    LISTINGS = {"articles": ARTICLES, "quotes": QUOTES}

    q = forms.CharField(required=False, max_length=200, label=_("Words"))
    outlet = SlugsField(required=False)
    actor = SlugsField(required=False)
    claim = ClaimsField(required=False)
    stance = KnownValuesField(required=False, choices=Stance.Position.choices)
    kind = KnownValuesField(required=False, choices=list(KINDS.items()))
    when = PeriodField(required=False)
    sort = forms.ChoiceField(
        required=False, choices=[(RELEVANCE, _("Most relevant")), (NEWEST, _("Newest first"))]
    )
    after = forms.CharField(required=False, max_length=80)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.asked_for = data
        for name, label in (("from", FROM), ("to", TO)):
            widget = forms.DateInput(attrs={"type": "date", "form": "search-form"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(required=False, label=label, widget=widget)
        self.fields["in"] = forms.ChoiceField(required=False, choices=[(one, one) for one in self.LISTINGS])
        self.full_clean()
        chosen = self.cleaned_data
        self.words: Words = understand(chosen.get("q", ""))
        self.outlets = _public_outlets(chosen.get("outlet", []))
        self.actors = _public_actors(chosen.get("actor", []))
        self.claims = _public_claims(chosen.get("claim", []))

    @property
    def listed(self) -> str:
        """What is listed: "articles" or "quotes"."""
        return self.cleaned_data.get("in") or "articles"

    @property
    def listing(self) -> Listing:
        return self.LISTINGS[self.listed]

    @property
    def of_quotes(self) -> bool:
        return self.listed == "quotes"

    @property
    def asked(self) -> Asked:
        chosen = self.cleaned_data
        return Asked(
            self.words,
            outlets=self.outlets,
            actors=self.actors,
            claims=self.claims,
            positions=chosen.get("stance", []),
            kinds=chosen.get("kind", []),
            period=chosen.get("when"),
            since=chosen.get("from"),
            until=chosen.get("to"),
        )

    @property
    def typed(self) -> str:
        """The words as they came, for the field and for messages."""
        return str(self.asked_for.get("q", "")).replace("\0", "").strip()[:200]

    @property
    def is_wordless(self) -> bool:
        """Whether something was typed of which nothing can be looked for."""
        return bool(self.typed) and not self.words

    @property
    def is_by_date(self) -> bool:
        return self.cleaned_data.get("sort") == self.NEWEST

    @property
    def by_relevance(self) -> bool:
        return bool(self.words) and not self.is_by_date

    @property
    def days(self) -> list[forms.BoundField]:
        return [self["from"], self["to"]]

    @property
    def has_days(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("from", "to", "when"))

    @property
    def has_unknown(self) -> bool:
        """Whether the address asked for something that is no filter here."""
        facets = ("outlet", "actor", "claim", "stance", "kind")
        asked = sum(len({one for one in self.asked_for.getlist(name) if one}) for name in facets)
        known = sum(name in facets for name, _ in self._pairs())
        return bool(set(self.errors) - {"q"}) or asked > known

    def chips(self) -> list[Chip]:
        """The filters that are on, each with the query that leaves it out."""
        chosen = self.cleaned_data
        chips = [
            Chip(POSITIONS[p], self.query(without=("stance", p)), position=p)
            for p in chosen.get("stance", [])
        ]
        chips += [Chip(a.name, self.query(without=("actor", a.slug))) for a in self.actors]
        chips += [
            Chip(Truncator(c.text).chars(80), self.query(without=("claim", value_of(c.story.slug, c.slug))))
            for c in self.claims
        ]
        chips += [Chip(o.name, self.query(without=("outlet", o.slug))) for o in self.outlets]
        chips += [Chip(KINDS[k], self.query(without=("kind", k))) for k in chosen.get("kind", [])]
        if period := chosen.get("when"):
            label = date_format(period.first, "YEAR_MONTH_FORMAT") if period.month else period.value
            chips.append(Chip(label, self.query(without=("when", period.value))))
        for name in ("from", "to"):
            if day := self.cleaned_data.get(name):
                chips.append(Chip(limit(name, day), self.query(without=(name, day.isoformat()))))
        return chips

    def query(self, *, without: tuple[str, str] | None = None, **changed: str) -> str:
        """What is asked for as a query, without what was left empty; `changed` comes on top."""
        return self._query(changed, without)

    def _query(self, changed: dict[str, str], without: tuple[str, str] | None = None) -> str:
        query = QueryDict(mutable=True)
        for name, value in self._pairs():
            if (name, value) != without and name not in changed:
                query.appendlist(name, value)
        for name, value in changed.items():
            if value:
                query[name] = value
        return query.urlencode()

    def cleared(self) -> str:
        """The words alone, and what is listed, as a query."""
        return urlencode([pair for pair in self._pairs() if pair[0] in {"q", "in", "sort"}])

    def of_articles_query(self) -> str:
        return self._query({"in": ""})

    def of_quotes_query(self) -> str:
        return self._query({"in": "quotes"})

    def by_date_query(self) -> str:
        return self.query(sort=self.NEWEST)

    def by_relevance_query(self) -> str:
        return self.query(sort="")

    def _pairs(self) -> Iterator[tuple[str, str]]:
        chosen = self.cleaned_data
        if words := chosen.get("q"):
            yield "q", words
        if self.of_quotes:
            yield "in", "quotes"
        yield from (("stance", position) for position in chosen.get("stance", []))
        yield from (("actor", actor.slug) for actor in self.actors)
        yield from (("claim", value_of(claim.story.slug, claim.slug)) for claim in self.claims)
        yield from (("outlet", outlet.slug) for outlet in self.outlets)
        yield from (("kind", kind) for kind in chosen.get("kind", []))
        if period := chosen.get("when"):
            yield "when", period.value
        for name in ("from", "to"):
            if day := chosen.get(name):
                yield name, day.isoformat()
        if self.words and self.is_by_date:
            yield "sort", self.NEWEST


def _public_outlets(slugs: Sequence[str]) -> list[Outlet]:
    public = Article.objects.public().filter(outlet=OuterRef("pk"))
    return list(Outlet.objects.filter(Exists(public), slug__in=slugs).order_by("name", "pk")) if slugs else []


def _public_actors(slugs: Sequence[str]) -> list[Actor]:
    return list(access.public_actors().standing().filter(slug__in=slugs).by_name()) if slugs else []


def _public_claims(named: Sequence[tuple[str, str]]) -> list[Claim]:
    if not named:
        return []
    claims = Claim.objects.filter(reduce(or_, (Q(story__slug=story, slug=slug) for story, slug in named)))
    return list(
        claims.filter(story__status="published").select_related("story").order_by("story", "number", "pk")
    )
