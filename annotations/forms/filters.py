"""What of a story's timeline a reader wants to see, as a form that sends GET."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from annotations import telling
from annotations.models import Quote, Stance
from annotations.timeline import UNNAMED, Filters
from articles.models import Outlet, Story

FEW = 8
"""Options of a facet that are shown at once; the rest is one click away."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a facet, and how many quotes (or articles) of the story it is about."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of choices: the first few, and the rest."""

    name: str
    title: str | Promise
    options: list[Option]

    @property
    def first(self) -> list[Option]:
        return self.options[:FEW] if self._is_long else self.options

    @property
    def rest(self) -> list[Option]:
        return self.options[FEW:] if self._is_long else []

    @property
    def rest_is_chosen(self) -> bool:
        return any(option.chosen for option in self.rest)

    @property
    def chosen(self) -> bool:
        return any(option.chosen for option in self.options)

    @property
    def is_open(self) -> bool:
        """Whether it is always open: the legend and the speakers are; long sentences and what is rare are not."""
        return self.name in {"stance", "actor"}

    @property
    def _is_long(self) -> bool:
        return len(self.options) > FEW + 2


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the query without it."""

    label: str | Promise
    query: str
    position: str = ""


FROM, TO = pgettext_lazy("the first day", "From"), pgettext_lazy("the last day", "To")


def limit(name: str, day: dt.date) -> str:
    """The first or the last day that is wanted, as the label of a chip; `name` is the field's, from or to."""
    told = {"day": telling.day(day)}
    return (gettext("from %(day)s") if name == "from" else gettext("until %(day)s")) % told


class KnownValuesField(forms.MultipleChoiceField):
    """Any number of the choices; what is none of them is left out, and the form says so."""

    def clean(self, value: Any) -> list[str]:
        return [one for one in dict.fromkeys(self.to_python(value)) if self.valid_value(one)]


class TimelineFilterForm(forms.Form):
    """Filters by actor, claim, stance, outlet and date. Anything but these is no error: it is named and left out."""

    TITLES = {
        "stance": _("Stance"),
        "actor": _("Who speaks"),
        "claim": _("Claim"),
        "outlet": _("Outlet"),
    }

    def __init__(self, story: Story, data: QueryDict) -> None:
        super().__init__(data)
        self.query = data
        self.counts = {
            "stance": _stances(story),
            "claim": _claims(story),
            "actor": _actors(story),
            "outlet": _outlets(story),
        }
        for name, rows in self.counts.items():
            choices = [(value, label) for value, label, _ in rows]
            self.fields[name] = KnownValuesField(required=False, choices=choices)
        for name, label in (("from", FROM), ("to", TO)):
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(required=False, label=label, widget=widget)
        self.full_clean()

    @property
    def filters(self) -> Filters:
        chosen = self.cleaned_data
        return Filters(
            actors=chosen["actor"],
            claims=chosen["claim"],
            positions=chosen["stance"],
            outlets=chosen["outlet"],
            since=chosen.get("from"),
            until=chosen.get("to"),
        )

    def facets(self) -> list[Facet]:
        return [
            Facet(
                name,
                self.TITLES[name],
                [
                    Option(value, label, count, value in self.cleaned_data[name])
                    for value, label, count in self.counts[name]
                ],
            )
            for name in self.TITLES
            if self.counts[name]
        ]

    @property
    def has_days(self) -> bool:
        return bool(self.cleaned_data.get("from") or self.cleaned_data.get("to"))

    def days(self) -> list[forms.BoundField]:
        return [self["from"], self["to"]]

    def chips(self) -> list[Chip]:
        """The filters that are on, each with the query that leaves it out."""
        chips = []
        for name in self.TITLES:
            labels = {value: label for value, label, _ in self.counts[name]}
            for value in self.cleaned_data[name]:
                position = value if name == "stance" else ""
                chips.append(Chip(labels[value], self._encoded(without=(name, value)), position))
        return chips + [
            Chip(limit(name, day), self._encoded(without=(name, day.isoformat())))
            for name in ("from", "to")
            if (day := self.cleaned_data.get(name))
        ]

    def encoded(self) -> str:
        """The filters that are on as a query, without what was left empty or is no filter."""
        return self._encoded()

    @property
    def has_unknown(self) -> bool:
        """Whether the address asked for something that is no filter here."""
        asked = {(name, value) for name in self.TITLES for value in self.query.getlist(name) if value}
        return bool(self.errors) or bool(asked - set(self._pairs()))

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for name in self.TITLES:
            for value in self.cleaned_data[name]:
                yield name, value
        for name in ("from", "to"):
            if day := self.cleaned_data.get(name):
                yield name, day.isoformat()

    def _encoded(self, without: tuple[str, str] | None = None) -> str:
        query = QueryDict(mutable=True)
        for name, value in self._pairs():
            if (name, value) != without:
                query.appendlist(name, value)
        return query.urlencode()


class PlaceForm(forms.Form):
    """Where in a long list: a page's number, or an entry's identifier."""

    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)
    at = forms.UUIDField(required=False)


class VersionForm(forms.Form):
    """Which version of an article."""

    version = forms.IntegerField(required=False, min_value=1, max_value=2_147_483_647)


type Row = tuple[str, str, int]
"""A choice's value, its label, and how many there are."""


def _stances(story: Story) -> list[Row]:
    """All four, also those that nobody takes: the facet is the legend."""
    counted = dict(
        Stance.objects.filter(claim__story=story, quote__in=Quote.objects.in_story(story).published())
        .values_list("position")
        .annotate(number=Count("quote", distinct=True))
    )
    return [(value, str(word), counted.get(value, 0)) for value, word in telling.POSITIONS.items()]


def _claims(story: Story) -> list[Row]:
    rows = (
        Stance.objects.filter(claim__story=story, quote__in=Quote.objects.in_story(story).published())
        .values_list("claim__slug", "claim__text")
        .annotate(number=Count("pk"))
        .order_by("claim__number", "claim")
    )
    return list(rows)


def _actors(story: Story) -> list[Row]:
    quotes = Quote.objects.in_story(story).published()
    rows = (
        quotes.annotate(
            slug=Coalesce("speaker__canonical__slug", "speaker__slug"),
            name=Coalesce("speaker__canonical__name", "speaker__name"),
        )
        .values_list("slug", "name")
        .annotate(number=Count("pk"))
        .order_by("-number", "name", "slug")
    )
    named = [(slug, name, number) for slug, name, number in rows if slug]
    unnamed = sum(number for slug, _, number in rows if not slug)
    return [*named, (UNNAMED, gettext("Unnamed sources"), unnamed)] if unnamed else named


def _outlets(story: Story) -> list[Row]:
    rows = (
        Outlet.objects.filter(articles__stories=story)
        .values_list("slug", "name")
        .annotate(number=Count("articles"))
        .order_by("name", "pk")
    )
    return list(rows)
