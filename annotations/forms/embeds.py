"""What another site asks for when it wants to show a quote."""

from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.conf import settings
from django.urls import Resolver404, resolve

QUOTES = {"quote", "quote-embed"}
"""The addresses that can be embedded."""


class OEmbedForm(forms.Form):
    """An address of ours, and how much room there is, in pixels."""

    url = forms.CharField(max_length=2000)
    format = forms.ChoiceField(required=False, choices=[("json", "JSON"), ("xml", "XML")])
    maxwidth = forms.IntegerField(required=False, min_value=1, max_value=100_000)
    maxheight = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def clean_url(self) -> UUID | None:
        """The quote that the address is of; None for an address of anything else, or of another site."""
        try:
            asked, ours = urlsplit(self.cleaned_data["url"]), urlsplit(settings.SITE_URL)
            found = resolve(asked.path)
        except (ValueError, Resolver404):
            return None
        if (
            asked.scheme not in {"http", "https"}
            or asked.netloc != ours.netloc
            or found.url_name not in QUOTES
        ):
            return None
        uuid: UUID = found.kwargs["uuid"]
        return uuid

    def clean_format(self) -> str:
        return self.cleaned_data["format"] or "json"

    @property
    def wants_other_format(self) -> bool:
        return "format" in self.errors
