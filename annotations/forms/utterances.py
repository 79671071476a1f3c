"""What the list of proposed utterances is asked for, and what is decided in it."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from annotations.models import Actor, ProposedUtterance
from annotations.models.renderings import ProposedUtteranceQuerySet
from articles.models import Story

MOST_TICKED = 100


class UtteranceFilters(forms.Form):
    """Which proposals; all of it stands in the address. What can't be read counts as not asked for."""

    story = forms.ModelChoiceField(
        Story.objects.order_by("title", "id"), to_field_name="slug", required=False, empty_label="All stories"
    )
    speaker = forms.CharField(required=False, max_length=200, help_text="A part of the name.")

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.full_clean()

    @property
    def chosen(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def kept(self) -> dict[str, str]:
        """The filters as they stand in an address or a form."""
        return {name: getattr(value, "slug", value) for name, value in self.chosen.items()}

    def found(self) -> ProposedUtteranceQuerySet:
        """The proposals, the surest first."""
        proposals = ProposedUtterance.objects.standing()
        if story := self.chosen.get("story"):
            told = ProposedUtterance.objects.filter(quotes__article__stories=story)
            proposals = proposals.filter(pk__in=told.values("pk"))
        if speaker := self.chosen.get("speaker"):
            named = Actor.objects.resembling(speaker).order_by()
            proposals = proposals.filter(speaker__in=named.values("pk"))
        return proposals.order_by("-how", "-share", "id")


class ListForm(forms.Form):
    """Where in the list one is, and what one has just decided there."""

    page = forms.IntegerField(required=False, min_value=1, max_value=10**6)
    done = forms.DateTimeField(required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.full_clean()


class DecisionForm(forms.Form):
    """The renderings that are decided on, each as its UUID and the revision at which it was read: "uuid.revision"."""

    quote = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    read: dict[UUID, int]

    def clean_quote(self) -> None:
        self.read = {}
        data = self.data
        sent = data.getlist("quote") if isinstance(data, QueryDict) else []
        for one in sent[:MOST_TICKED]:
            uuid, _, revision = one.partition(".")
            try:
                self.read[UUID(uuid)] = int(revision[:9])
            except ValueError:
                raise forms.ValidationError(
                    "The page did not say which renderings it showed. Reload it and try again."
                ) from None
        if len(self.read) < 2:
            raise forms.ValidationError("Tick at least two of the renderings.")

    @property
    def problem(self) -> str:
        """The first error, in words; empty where there is none."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")
