"""Which of the actors a reader wants to see, as a form that sends GET."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from annotations.forms.filters import Chip, Facet, KnownValuesField, Option
from annotations.models import Actor
from annotations.querysets import ActorQuerySet


class ActorFilterForm(forms.Form):
    """Filters by name and kind. Anything but these is no error: it is left out."""

    name = forms.CharField(required=False, max_length=100, label=_("Name"))
    kind = KnownValuesField(required=False, choices=Actor.Kind.choices)
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.full_clean()

    @property
    def words(self) -> str:
        return str(self.cleaned_data.get("name", ""))

    @property
    def kinds(self) -> list[str]:
        return list(self.cleaned_data.get("kind", []))

    def named(self, actors: ActorQuerySet) -> ActorQuerySet:
        return actors.called(self.words.split())

    def of_kind(self, actors: ActorQuerySet) -> ActorQuerySet:
        return actors.filter(kind__in=self.kinds) if self.kinds else actors

    def facet(self, numbers: dict[str, int]) -> Facet:
        """The kinds, with how many there are of each."""
        return Facet(
            "kind",
            pgettext("kind of actor", "Kind"),
            [
                Option(value, str(label), numbers.get(value, 0), value in self.kinds)
                for value, label in Actor.Kind.choices
                if numbers.get(value) or value in self.kinds
            ],
        )

    def chips(self) -> list[Chip]:
        """The filters that are on, each with the query that leaves it out."""
        chips = []
        if self.words:
            label = gettext("“%(words)s”") % {"words": self.words}
            chips.append(Chip(label, self.encoded(without=("name", self.words))))
        return chips + [
            Chip(Actor.Kind(kind).label, self.encoded(without=("kind", kind))) for kind in self.kinds
        ]

    def encoded(self, *, without: tuple[str, str] | None = None) -> str:
        """The filters that are on as a query."""
        query = QueryDict(mutable=True)
        for name, value in [("name", self.words), *(("kind", kind) for kind in self.kinds)]:
            if value and (name, value) != without:
                query.appendlist(name, value)
        return query.urlencode()
