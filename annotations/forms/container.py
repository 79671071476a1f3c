"""What of the container of annotations a client asks for."""

from django import forms
from django.core.exceptions import ValidationError

from annotations.leaving.container import BadPlace, Place


class PlaceField(forms.CharField):
    """A place in the list, as an address that we gave out has it."""

    def clean(self, value: object) -> Place | None:
        written = super().clean(value)
        try:
            return Place.read(written) if written else None
        except BadPlace as error:
            raise ValidationError("No page begins there.") from error


class ContainerForm(forms.Form):
    """`iris=1` asks for addresses alone, 0 for the annotations themselves; `page=1` for the first page and `after` for
    the one that begins after a place. None of these is the container itself."""

    iris = forms.TypedChoiceField(
        required=False, choices=[("0", "0"), ("1", "1")], coerce=int, empty_value=None
    )
    page = forms.CharField(required=False, max_length=1)
    after = PlaceField(required=False, max_length=80)

    def clean_page(self) -> bool:
        if self.cleaned_data["page"] not in ("", "1"):
            raise ValidationError("No page begins there.")
        return bool(self.cleaned_data["page"])
