"""A name in a form: resolved to somebody known, or asked about. Nobody is created without being told to."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from annotations.models import Actor
from annotations.naming import Named, NewActor, Question, bearers, by_key, described, question_about
from articles.text import one_line

NEW = "new-"
"""Begins a choice that asks for a new actor: "new-person"."""

CREATABLE = [
    (f"{NEW}{kind.value}", f"a new {kind.label.lower()}")
    for kind in (Actor.Kind.PERSON, Actor.Kind.ORGANISATION, Actor.Kind.GOVERNMENT)
]


class NamesForm(forms.Form):
    """A form with fields of names, each beside two more: NAME_choice, an answer, and NAME_asked, to which name.

    A choice counts only for the name that it was given for, so that a name typed over an answer is asked about
    anew. After validation `named` has who is meant (nobody for an empty name) and `questions` what to ask.
    """

    NAMES: dict[str, bool] = {}
    """The fields of names, and whether an outlet may be meant too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.NAMES:
            self.fields[f"{name}_choice"] = forms.CharField(required=False, max_length=40)
            self.fields[f"{name}_asked"] = forms.CharField(required=False, max_length=200)
        self.named: dict[str, Named | NewActor | None] = {}
        self.questions: dict[str, Question] = {}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for field, outlets in self.NAMES.items():
            if field not in self.errors:
                self._resolve(field, data, outlets)
        return data

    def _resolve(self, field: str, data: dict[str, Any], outlets: bool) -> None:
        name = one_line(data.get(field, ""))
        self.named[field] = None
        if not name:
            return
        if answer := self._answer(field, name, data, outlets):
            self.named[field] = answer
            return
        found = bearers(name, outlets=outlets)
        if len(found) == 1:
            self.named[field] = found[0]
            return
        question = self.questions[field] = question_about(name, found, outlets=outlets)
        if question.several:
            self.add_error(field, f"There is more than one “{name}”. Choose which is meant.")
        else:
            self.add_error(
                field, f"Nobody here is called “{name}”. Choose who is meant, or make a new actor."
            )

    def _answer(self, field: str, name: str, data: dict[str, Any], outlets: bool) -> Named | NewActor | None:
        choice = data.get(f"{field}_choice", "")
        if not choice or one_line(data.get(f"{field}_asked", "")) != name:
            return None
        kind = choice.removeprefix(NEW)
        if choice.startswith(NEW):
            return NewActor(name, kind) if kind in Actor.Kind.values else None
        return by_key(choice, outlets=outlets)

    def view(self, name: str) -> "NameView":
        question = self.questions.get(name)
        return NameView(
            self[name],
            self.NAMES[name],
            question,
            described(question.candidates) if question else [],
            str(self[f"{name}_choice"].value() or ""),
            str(self[f"{name}_asked"].value() or ""),
        )

    def settled(self, field: str) -> Named | None:
        """Who is meant, made now if the form asked for somebody new. Call it in a transaction."""
        found = self.named.get(field)
        return found.create() if isinstance(found, NewActor) else found


@dataclass(frozen=True, slots=True)
class NameView:
    """A field of a name as a template shows it; `candidates` are key, name, and what tells it from others."""

    field: forms.BoundField
    outlets: bool
    question: Question | None
    candidates: list[tuple[str, str, str]]
    choice: str
    asked: str
    creatable: ClassVar[list[tuple[str, str]]] = CREATABLE
