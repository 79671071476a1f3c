"""The text of a claim: one sentence that a person can support or oppose."""

import datetime as dt
import re
from typing import Any, ClassVar

from django import forms
from django.db import IntegrityError, transaction

from annotations.claiming import as_claim
from annotations.forms.seen import SeenForm
from annotations.models import Claim, Quote
from articles.models import Story
from articles.text import one_line, sentences

FEWEST_WORDS = 3
LONGEST = Claim._meta.get_field("text").max_length or 0
TWICE = "The story has this claim already."

_NEXT_SENTENCE = re.compile(r"[^\W\d_]{4}[.!?…][”’\"']?\s+[“‘\"']?[A-Z]")
"""Where one sentence surely ends and another begins: not after "Mr." or "U.S."."""


class ClaimForm(SeenForm):
    """A new claim of a story, or other words for one that is there."""

    instance: Claim

    class Meta:
        model = Claim
        fields: ClassVar = ["text"]
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 2})}
        labels: ClassVar = {"text": "Claim"}
        help_texts: ClassVar = {
            "text": "One full sentence that a person can support or oppose, such as “Huawei should be kept out of "
            "Britain’s 5G network.”"
        }
        error_messages: ClassVar = {"text": {"required": "Write the claim, as a full sentence."}}

    def __init__(self, data: Any = None, *, story: Story, instance: Claim | None = None) -> None:
        super().__init__(data, instance=instance or Claim(), auto_id="claim-%s")
        self.story = story

    def clean_text(self) -> str:
        text = one_line(self.cleaned_data["text"])
        if text.endswith("?"):
            raise forms.ValidationError(
                "This is a question. Write the answer that a person could support or oppose."
            )
        if len(text.split()) < FEWEST_WORDS:
            raise forms.ValidationError("Write a full sentence: who or what should do, or is, what.")
        if len(sentences(text)) > 1 and _NEXT_SENTENCE.search(text):
            raise forms.ValidationError(
                "This is more than one sentence, so a person can support one half and oppose the other. "
                "Make each a claim of its own."
            )
        if text[-1] not in ".!…”’\"'":
            text += "."
        if len(text) > LONGEST:
            raise forms.ValidationError("With its full stop the claim is too long.")
        if Claim.objects.filter(story=self.story, text__iexact=text).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(TWICE)
        return text

    def create(self, *, now: dt.datetime, taken_from: Quote | None = None) -> Claim | None:
        """The new claim; None, with an error in the form, if somebody made the same one at this moment."""
        try:
            with transaction.atomic():
                made = Claim.stated(self.story, self.cleaned_data["text"], taken_from=taken_from)
                self.story.touch(now=now)
        except IntegrityError:
            self.add_error("text", TWICE)
            return None
        return made


class TakingForm(ClaimForm):
    """A new claim that begins with the words of a quote, as a sentence."""

    def __init__(self, data: Any = None, *, story: Story, quote: Quote) -> None:
        self.words = as_claim([part.exact for part in quote.parts()])
        super().__init__(data, story=story, instance=Claim(text=self.words))
        field = self.fields["text"]
        field.widget.attrs |= {"rows": 4, "autofocus": True}
        field.widget.attrs.pop("maxlength", None)  # what is too long already could not be shortened
        field.help_text = (
            "Word it as one full sentence that a person can support or oppose, without the quote beside it: "
            "say who “he” is, and what “it”."
        )


class OrderForm(forms.Form):
    """One place up or down in the list."""

    direction = forms.TypedChoiceField(choices=[("-1", "up"), ("1", "down")], coerce=int)
