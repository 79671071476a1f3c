"""What a reader looks for, as a form that sends GET."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.formats import date_format

from annotations import access
from annotations.forms.filters import Chip
from annotations.models import Actor
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


class SearchForm(forms.Form):
    """Words, filters and an order. What is none of them is no error: the page says so and leaves it out."""

    NEWEST, RELEVANCE = "newest", "relevance"

    q = forms.CharField(required=False, max_length=200, label="Words")
    outlet = SlugsField(required=False)
    actor = SlugsField(required=False)
    sort = forms.ChoiceField(required=False, choices=[(RELEVANCE, "Most relevant"), (NEWEST, "Newest first")])
    after = forms.CharField(required=False, max_length=80)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.asked_for = data
        for name, label in (("from", "From"), ("to", "To")):
            widget = forms.DateInput(attrs={"type": "date", "form": "search-form"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(required=False, label=label, widget=widget)
        self.full_clean()
        chosen = self.cleaned_data
        self.words: Words = understand(chosen.get("q", ""))
        self.outlets = _public_outlets(chosen.get("outlet", []))
        self.actors = _public_actors(chosen.get("actor", []))

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
        return bool(self.cleaned_data.get("from") or self.cleaned_data.get("to"))

    @property
    def has_unknown(self) -> bool:
        """Whether the address asked for something that is no filter here."""
        asked = len(self.asked_for.getlist("outlet")) + len(self.asked_for.getlist("actor"))
        return bool(set(self.errors) - {"q"}) or asked > len(self.outlets) + len(self.actors)

    def chips(self) -> list[Chip]:
        """The filters that are on, each with the query that leaves it out."""
        chips = [Chip(o.name, self.query(without=("outlet", o.slug))) for o in self.outlets]
        chips += [Chip(a.name, self.query(without=("actor", a.slug))) for a in self.actors]
        for name, word in (("from", "from"), ("to", "until")):
            if day := self.cleaned_data.get(name):
                label = f"{word} {date_format(day, 'j F Y')}"
                chips.append(Chip(label, self.query(without=(name, day.isoformat()))))
        return chips

    def query(self, *, without: tuple[str, str] | None = None, **changed: str) -> str:
        """What is asked for as a query, without what was left empty; `changed` comes on top."""
        query = QueryDict(mutable=True)
        for name, value in self._pairs():
            if (name, value) != without and name not in changed:
                query.appendlist(name, value)
        for name, value in changed.items():
            if value:
                query[name] = value
        return query.urlencode()

    def cleared(self) -> str:
        """The words alone, as a query."""
        return urlencode([pair for pair in self._pairs() if pair[0] in {"q", "sort"}])

    def by_date_query(self) -> str:
        return self.query(sort=self.NEWEST)

    def by_relevance_query(self) -> str:
        return self.query(sort="")

    def _pairs(self) -> Iterator[tuple[str, str]]:
        if words := self.cleaned_data.get("q"):
            yield "q", words
        for outlet in self.outlets:
            yield "outlet", outlet.slug
        for actor in self.actors:
            yield "actor", actor.slug
        for name in ("from", "to"):
            if day := self.cleaned_data.get(name):
                yield name, day.isoformat()
        if self.words and self.is_by_date:
            yield "sort", self.NEWEST


def _public_outlets(slugs: Sequence[str]) -> list[Outlet]:
    public = Article.objects.public().filter(outlet=OuterRef("pk"))
    return list(Outlet.objects.filter(Exists(public), slug__in=slugs).order_by("name", "pk")) if slugs else []


def _public_actors(slugs: Sequence[str]) -> list[Actor]:
    return list(access.public_actors().standing().filter(slug__in=slugs).by_name()) if slugs else []
