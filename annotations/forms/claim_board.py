"""What decides on a story's claims: which two are one, which quotes speak of another, which is retired and why."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from annotations.forms.claims import ClaimForm
from annotations.models import Claim
from articles.text import one_line

if TYPE_CHECKING:
    ModelChoiceField = forms.ModelChoiceField[Claim]
else:
    ModelChoiceField = forms.ModelChoiceField

MOST_TICKED = 500


class ClaimChoice(ModelChoiceField):
    """One of the story's claims that are in use."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.text)


class MergingForm(forms.Form):
    """Into which claim another goes, and whether the two say the opposite of each other."""

    into = ClaimChoice(
        Claim.objects.none(),
        label="The claim that stays",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose the claim that stays.", "invalid_choice": "Choose one of these."},
    )
    opposite = forms.BooleanField(
        label="They say the opposite: who supports the one opposes the other", required=False
    )
    read = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, claim: Claim) -> None:
        super().__init__(data, auto_id="merge-%s")
        others = Claim.objects.filter(story=claim.story_id).in_use().exclude(pk=claim.pk).in_order()
        field = self.fields["into"]
        assert isinstance(field, ClaimChoice)
        field.queryset = others
        self.has_others = others.exists()


class SplittingForm(forms.Form):
    """Quotes whose stance is one on another claim, each as its UUID and revision, and on which."""

    to = ClaimChoice(
        Claim.objects.none(),
        label="On which claim",
        widget=forms.RadioSelect,
        required=False,
        empty_label="A new claim:",
        error_messages={"invalid_choice": "Choose one of these."},
    )
    text = forms.CharField(
        label="The new claim",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One full sentence that a person can support or oppose.",
    )
    keep = forms.BooleanField(label="They keep their stance on this claim too", required=False)
    quote = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, data: Any = None, *, claim: Claim) -> None:
        super().__init__(data, auto_id="split-%s")
        self.claim = claim
        self.read: dict[UUID, int] = {}
        field = self.fields["to"]
        assert isinstance(field, ClaimChoice)
        field.queryset = Claim.objects.filter(story=claim.story_id).in_use().exclude(pk=claim.pk).in_order()

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
            raise forms.ValidationError("Tick the quotes that speak of the other claim.")
        if len(self.read) > MOST_TICKED:
            raise forms.ValidationError(f"{MOST_TICKED} quotes at once are the most.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "to" in self.errors or data.get("to"):
            return data
        self.made = ClaimForm({"text": one_line(data.get("text", ""))}, story=self.claim.story)
        for error in self.made.errors.get("text", []):
            self.add_error("text", error)
        return data

    def settled(self) -> Claim:
        """The claim that is meant, made now where it is a new one. Call it in a transaction."""
        chosen = self.cleaned_data["to"]
        return chosen or Claim.stated(self.claim.story, self.made.cleaned_data["text"])


class RetirementForm(forms.Form):
    reason = forms.CharField(
        label="Why it is retired",
        max_length=500,
        help_text="Readers see the reason.",
        error_messages={"required": "Say why it is retired: readers see the reason."},
    )
    read = forms.CharField(max_length=100, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, read: str = "") -> None:
        super().__init__(data, initial={"read": read}, auto_id="retire-%s")
