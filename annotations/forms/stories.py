"""A story's title and summary, and whether readers see it."""

import datetime as dt
from typing import ClassVar

from django import forms

from annotations.forms.seen import SeenForm
from articles.models import Story
from articles.slugs import unique_slug
from articles.text import one_line

RESERVED = "new"
"""Where the desk makes a story: no story can have this as its own address."""


class StoryForm(SeenForm):
    instance: Story

    class Meta:
        model = Story
        fields: ClassVar = ["title", "summary"]
        widgets: ClassVar = {"summary": forms.Textarea(attrs={"rows": 5})}
        help_texts: ClassVar = {
            "title": "What the story is about, as readers find it in the list of stories.",
            "summary": "A few sentences on top of the story’s page: what it is about and where it stands.",
        }

    def clean_title(self) -> str:
        title = one_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError("Give the story a title.")
        return title

    def create(self, *, now: dt.datetime) -> Story:
        """A new draft with a slug of its own."""
        story = self.instance
        story.slug = unique_slug(Story.objects.all(), story.title, fallback="story")
        if story.slug == RESERVED:
            story.slug = unique_slug(Story.objects.all(), f"{story.title} story")
        story.changed_at = now
        story.save()
        return story

    def change(self, *, now: dt.datetime) -> Story:
        """The story with what was changed; its address stays: others may have linked to it."""
        story = self.instance
        story.save(update_fields=["title", "summary"])
        story.touch(now=now)
        return story


class PublicationForm(forms.Form):
    """Whether readers are to see the story."""

    status = forms.ChoiceField(choices=Story.Status.choices)
