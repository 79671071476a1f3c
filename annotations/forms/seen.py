"""Forms on rows without a revision: what somebody else changed meanwhile is never overwritten unseen."""

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class SeenForm(ModelForm):
    """Sends along the values that the editor saw.

    A field that the editor left alone keeps what it has now, whatever was sent. One that both changed is an error
    that shows the other's value; sent again, it takes the editor's.
    """

    def __init__(self, data: Any = None, *, instance: Any, **kwargs: Any) -> None:
        super().__init__(data, instance=instance, **kwargs)
        self.is_conflict = False
        for field in self.fields.values():
            field.show_hidden_initial = True

    @property
    def status(self) -> int:
        """What a page answers that shows this form again."""
        return 409 if self.is_conflict else 422 if self.errors else 200

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in self.fields if self.instance.pk else ():
            key = self.add_initial_prefix(name)
            if name not in data or key not in self.data:
                continue
            seen, now = _lines(self.data[key]), self.initial.get(name)
            if _lines(self.data.get(self.add_prefix(name), "")) == seen:
                data[name] = now
            elif now not in (seen, data[name]):
                self._ask(name, key, now)
        return data

    def _ask(self, name: str, key: str, now: Any) -> None:
        self.is_conflict = True
        data: Any = self.data
        self.data = data = data.copy()
        data[key] = str(now)
        self.add_error(
            name,
            f"Meanwhile somebody made this “{now}”. Yours is kept here: save again to put it in its place.",
        )


def _lines(sent: str) -> str:
    return sent.replace("\r\n", "\n")
