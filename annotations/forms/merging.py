"""What decides on two actors that may be one, and on one that may be two."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from annotations.forms.names import NamesForm
from annotations.models import Actor, LikelyDuplicate
from annotations.models.duplicates import LikelyDuplicateQuerySet

MOST_TICKED = 500


class DuplicatesForm(forms.Form):
    """Which likely duplicates: a part of a name, a kind. What can't be read counts as not asked for."""

    q = forms.CharField(label="Name", required=False, max_length=200)
    kind = forms.ChoiceField(required=False, choices=[("", "Any kind"), *Actor.Kind.choices])

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.full_clean()

    @property
    def is_on(self) -> bool:
        return any(self.cleaned_data.values())

    def found(self) -> LikelyDuplicateQuerySet:
        """The surest first."""
        pairs = LikelyDuplicate.objects.standing()
        if words := self.cleaned_data.get("q"):
            named = Actor.objects.resembling(words).order_by().values("pk")
            pairs = pairs.filter(one__in=named) | pairs.filter(other__in=named)
        if kind := self.cleaned_data.get("kind"):
            pairs = pairs.filter(one__kind=kind)
        return pairs.select_related("one", "other").surest_first()


class OtherForm(NamesForm):
    """With whom an actor is compared."""

    NAMES = {"other": False}

    other = forms.CharField(
        label="Compare with",
        max_length=200,
        help_text="An actor that may be the same.",
        error_messages={"required": "Name the other actor."},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="beside-%s")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "other" in self.named and not isinstance(self.named["other"], Actor):
            self.add_error("other", "There is nobody to compare with yet: only known actors can be merged.")
        return data


class MergingForm(forms.Form):
    """Which of two stays, and what the editor saw of both."""

    keep = forms.IntegerField(min_value=1, error_messages={"required": "Choose which of the two to keep."})
    read = forms.CharField(max_length=100)


class PartingForm(forms.Form):
    read = forms.CharField(max_length=100)


class SplittingForm(NamesForm):
    """Quotes of an actor, each as its UUID and the revision at which it was read, and whose they are."""

    NAMES = {"speaker": False}

    speaker = forms.CharField(
        label="Whose they are",
        max_length=200,
        error_messages={"required": "Say who said the ticked quotes."},
    )
    quote = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="split-%s")
        self.read: dict[UUID, int] = {}

    def clean_quote(self) -> None:
        sent = self.data.getlist("quote") if isinstance(self.data, QueryDict) else []
        for one in sent[: MOST_TICKED + 1]:
            uuid, _, revision = one.partition(".")
            try:
                self.read[UUID(uuid)] = int(revision[:9])
            except ValueError:
                raise forms.ValidationError(
                    "The page did not say which quotes it showed. Reload it and try again."
                ) from None
        if not self.read:
            raise forms.ValidationError("Tick the quotes that somebody else said.")
        if len(self.read) > MOST_TICKED:
            raise forms.ValidationError(f"{MOST_TICKED} quotes at once are the most.")


class MomentForm(forms.Form):
    done = forms.DateTimeField()
