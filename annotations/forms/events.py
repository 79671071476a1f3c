"""The fields of an event, for a new one and for one that is changed."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms

from annotations.conflicts import Difference
from annotations.forms.quotes import day_field
from annotations.models import Event
from articles.models import Story
from articles.text import one_line

FIELDS = ("title", "when_earliest", "when_latest", "when_expression", "place", "source_url")


class EventForm(forms.Form):
    """What happened, when, where, and a source for it.

    Of an event that is there the form sends along what the editor saw, so that only what was changed is saved.
    """

    title = forms.CharField(
        label="What happened",
        max_length=200,
        help_text="A short sentence in the present tense, such as “The council meets in London”.",
        error_messages={"required": "Say what happened."},
    )
    when_earliest = day_field("On, or not before", help_text="Empty: not known.")
    when_latest = day_field("Not after", help_text="Empty: the same day.")
    when_expression = forms.CharField(
        label="Words for the date", required=False, max_length=200, help_text="As in the text: “last week”."
    )
    place = forms.CharField(label="Place", required=False, max_length=200)
    source_url = forms.URLField(
        label="Address of a source",
        required=False,
        max_length=1000,
        assume_scheme="https",
        help_text="Where no article of the story shows it.",
    )

    def __init__(
        self, data: Any = None, *, event: Event | None = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=values_of(event) if event else dict(initial or {}), auto_id="event-%s")
        self.event = event
        for field in self.fields.values() if event else ():
            field.show_hidden_initial = True

    def clean_title(self) -> str:
        return self._line("title", "Say what happened.")

    def clean_place(self) -> str:
        return self._line("place")

    def clean_when_expression(self) -> str:
        return self._line("when_expression")

    def _line(self, name: str, missing: str = "") -> str:
        line = one_line(self.cleaned_data[name])
        if missing and not line:
            raise forms.ValidationError(missing)
        return line

    def clean_source_url(self) -> str:
        url = str(self.cleaned_data["source_url"])
        if url and not url.lower().startswith(("http://", "https://")):
            raise forms.ValidationError("Give an address that begins with https:// or http://.")
        return url

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        earliest, latest = data.get("when_earliest"), data.get("when_latest")
        if earliest and latest and latest < earliest:
            self.add_error("when_latest", "This is before the first day.")
        return data

    def fields_to_save(self) -> dict[str, Any]:
        data = {name: self.cleaned_data[name] for name in FIELDS}
        data["when_latest"] = data["when_latest"] or data["when_earliest"]
        return data

    def changes(self) -> dict[str, Any]:
        """The fields that the editor made other than they were shown."""
        fields = self.fields_to_save()
        changed = set(self.changed_data)
        if changed & {"when_earliest", "when_latest"}:
            changed |= {"when_earliest", "when_latest"}
        return {name: value for name, value in fields.items() if name in changed}

    def put_on(self, current: Event) -> "tuple[EventForm, list[Difference]]":
        """This form on the event as somebody else left it: theirs where I changed nothing, else mine.

        Beside it, what differs: as both found it, as they made it, as I sent it.
        """
        sent: Any = self.data
        data, theirs = sent.copy(), _as_text(values_of(current))
        differences = []
        for name, field in self.fields.items():
            seen = data.get(self.add_initial_prefix(name), theirs[name])
            mine = data.get(name, "")
            if name not in self.changed_data:
                data[name] = theirs[name]
            data[self.add_initial_prefix(name)] = theirs[name]
            if mine != theirs[name] or seen != theirs[name]:
                differences.append(Difference(str(field.label), seen, theirs[name], mine))
        return EventForm(data, event=current), differences


def values_of(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in FIELDS}


def _as_text(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in values.items()}


class NewEventForm(EventForm):
    """An event that words of an article show, in one of the article's stories."""

    def __init__(
        self, data: Any = None, *, stories: Iterable[Story], initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.stories = list(stories)
        self.fields["story"] = forms.ChoiceField(
            choices=[(story.slug, story.title) for story in self.stories],
            label="Story",
            required=len(self.stories) != 1,
            error_messages={"required": "Choose the story that the event belongs to."},
        )

    @property
    def story(self) -> Story:
        chosen = self.cleaned_data["story"]
        return next((story for story in self.stories if story.slug == chosen), self.stories[0])


class MoreEvidenceForm(forms.Form):
    """An event that is there, for which words are one more piece of evidence."""

    event = forms.ChoiceField(
        label="Add the words to an event that is there",
        error_messages={
            "required": "Choose the event.",
            "invalid_choice": "That event is no longer in the list. Choose another.",
        },
    )

    def __init__(self, data: Any = None, *, events: Iterable[Event]) -> None:
        super().__init__(data, auto_id="evidence-%s")
        self.events = {str(event.uuid): event for event in events}
        field = self.fields["event"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Choose an event"),
            *((uuid, event.title) for uuid, event in self.events.items()),
        ]

    @property
    def uuid(self) -> UUID:
        return self.events[self.cleaned_data["event"]].uuid
