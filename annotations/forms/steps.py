"""What a step on a quote needs beside the quote: the revision it is taken on, and a word or two."""

from typing import Any

from django import forms

from annotations.models import Claim, Stance
from articles.models import Article


class RevisionForm(forms.Form):
    revision = forms.IntegerField(
        min_value=1,
        max_value=2_147_483_647,
        error_messages={
            "required": "The page did not say which state of the quote it showed. Reload it and try again.",
            "invalid": "The page did not say which state of the quote it showed. Reload it and try again.",
        },
    )

    @property
    def problem(self) -> str:
        """The first error, in words; empty where there is none."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class WithdrawalForm(RevisionForm):
    reason = forms.CharField(
        max_length=500,
        error_messages={"required": "Say why it is withdrawn: readers see the reason."},
    )


class StanceForm(RevisionForm):
    claim = forms.ModelChoiceField(
        Claim.objects.none(), error_messages={"invalid_choice": "The article's stories have no such claim."}
    )
    position = forms.ChoiceField(choices=Stance.Position.choices, required=False)

    def __init__(self, article: Article, data: Any) -> None:
        super().__init__(data)
        field = self.fields["claim"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Claim.objects.filter(story__articles=article).distinct()

    @property
    def said(self) -> str:
        if not self.is_valid():
            return ""
        position, claim = self.cleaned_data["position"], self.cleaned_data["claim"]
        return f"{position.capitalize() if position else 'No stance'}: {claim}"
