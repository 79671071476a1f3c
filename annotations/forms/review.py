"""What the review page is asked for, and the form on a suggestion: it asks for the speaker where nobody is named."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.urls import reverse

from annotations.forms.names import NEW
from annotations.forms.quotes import QuoteForm, values_of
from annotations.models import Actor, Claim, Finding, Quote
from annotations.naming import NewActor, bearers, by_key, described, key_of, question_about
from annotations.speakers import is_name
from annotations.suggested import People, is_pronoun, names_in, without_article
from articles.models import Article, Story

UNNAMED = "unnamed"
"""Chosen where nobody can tell who “he” is."""

TIERS = [
    ("1", "1, the surest: in quotation marks, with who says it"),
    ("2", "2, likely: a verb of saying and who says it"),
    ("3", "3, less likely: another verb or noun, or a speaker further off"),
    ("4", "4, loose: read whether it was said at all"),
    ("5", "5, only the words: in quotation marks, nobody named"),
]


class ReviewFilters(forms.Form):
    """Which suggestions; all of it stands in the address. What can't be read counts as not asked for."""

    story = forms.ModelChoiceField(
        Story.objects.order_by("title", "id"), to_field_name="slug", required=False, empty_label="All stories"
    )
    tier = forms.ChoiceField(choices=[("", "Any"), *TIERS], required=False, label="How sure")
    kind = forms.ChoiceField(
        choices=[("", "Any"), *Quote.Kind.choices], required=False, label="How the words are given"
    )
    article = forms.ModelChoiceField(
        Article.objects.select_related("outlet"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.full_clean()

    @property
    def chosen(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """The filters as they stand in an address, without the question mark."""
        query = QueryDict(mutable=True)
        for name, value in self.chosen.items():
            query[name] = value.slug if isinstance(value, Story) else str(getattr(value, "pk", value))
        return query.urlencode()


class SittingForm(forms.Form):
    """How far one has come: how many were seen, of how many, and after which one to go on."""

    seen = forms.IntegerField(required=False, min_value=0, max_value=10**6)
    of = forms.IntegerField(required=False, min_value=0, max_value=10**6)
    after = forms.UUIDField(required=False)
    last = forms.UUIDField(required=False)
    batch = forms.DateTimeField(required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.full_clean()


TYPED = "typed-"
"""Begins what was typed on a suggestion where it stands in an address, beside filters of the same names."""


def suggestion_address(uuid: UUID, sitting: str, typed: Iterable[tuple[str, str]] = ()) -> str:
    """A suggestion's page in a sitting, with what was typed on it before an editor left for another page.

    `sitting` is what that page said of it: filters and progress, as they stand in an address.
    """
    query = QueryDict(mutable=True)
    known = {*ReviewFilters.base_fields, *SittingForm.base_fields}
    for name, values in QueryDict(sitting).lists():
        if name in known:
            query[name] = values[-1]
    for name, value in typed:
        if name != "sitting":
            query.appendlist(f"{TYPED}{name}", value)
    where = reverse("desk:review-one", args=[uuid])
    return f"{where}?{query.urlencode()}" if query else where


def typed_before(asked: QueryDict) -> QueryDict:
    """What of an address was typed on the suggestion; empty where nothing was."""
    found = QueryDict(mutable=True)
    for name, values in asked.lists():
        if name.startswith(TYPED):
            found.setlist(name.removeprefix(TYPED), values)
    return found


class ReviewForm(QuoteForm):
    """The form of a quote, on a suggestion. A speaker whom only a pronoun names is asked about.

    `proposal` answers that: an actor, somebody new, or that it stays open.
    """

    proposal = forms.CharField(required=False, max_length=40)

    def __init__(
        self,
        data: Any,
        *,
        quote: Quote,
        claims: Iterable[Claim],
        publishing: bool = False,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        self.finding: Finding | None = getattr(quote, "finding", None)
        initial = _initial(quote, self.finding) | dict(typed or {})
        super().__init__(data, quote=quote, claims=claims, publishing=publishing, initial=initial)
        if data is None:
            for field, outlets in self.NAMES.items():
                name, choice = self.initial.get(field), self.initial.get(f"{field}_choice")
                if name and not choice:
                    self.questions[field] = question_about(
                        name, bearers(name, outlets=outlets), outlets=outlets
                    )

    def clean(self) -> dict[str, Any]:
        publishing, self.publishing = self.publishing, False  # asked below, with more to choose from
        data = super().clean()
        self.publishing = publishing
        if "speaker" in self.errors or self.named.get("speaker"):
            return data
        mention, proposal = data.get("mention", ""), data.get("proposal", "")
        if self._propose(proposal):
            return data
        if not mention:
            self.add_error("speaker", "Nobody is named beside these words. Say who speaks.")
        elif proposal != UNNAMED and (is_pronoun(mention) or self._name):
            self.add_error(
                "speaker", f"“{mention}” alone would go in without a speaker. Choose who is meant."
            )
        return data

    def _propose(self, proposal: str) -> bool:
        kind = proposal.removeprefix(NEW)
        if proposal.startswith(NEW) and kind in Actor.Kind.values and self._name:
            self.named["speaker"] = NewActor(self._name, kind)
        elif (found := by_key(proposal)) and isinstance(found, Actor):
            self.named["speaker"] = found
        else:
            return False
        return True

    @property
    def _name(self) -> str:
        """Whom the engine takes the mention for, without titles; nobody where that is no name."""
        return _name_in(self.quote, self.finding) if self.quote and self.finding else ""

    @property
    def is_open(self) -> bool:
        """Whether the speaker is to be chosen from the proposals: nobody is typed or known."""
        typed = str(self["speaker"].value() or "")
        mention = str(self["mention"].value() or "")
        return not typed and (is_pronoun(mention) or "speaker" in self.errors)

    def proposals(self) -> list[tuple[str, str, str]]:
        """Value, label and what tells it apart: those of the name found, somebody new of it, and nobody."""
        offered: list[tuple[str, str, str]] = []
        if name := self._name:
            known = [one for one in bearers(name) if isinstance(one, Actor)]
            offered = described(known)
            if not known:
                offered = [
                    (f"{NEW}{kind}", f"{name}, a new {kind}", "") for kind in ("person", "organisation")
                ]
        if mention := str(self["mention"].value() or ""):
            offered.append((UNNAMED, f"Leave it at “{mention}”", "nobody can tell who it is"))
        return offered

    @property
    def chosen_proposal(self) -> str:
        return str(self["proposal"].value() or "")


def plain_name(name: str) -> str:
    """A name without the titles before it: "Foreign Secretary Jeremy Hunt" is Jeremy Hunt."""
    return names_in(name)[-1] if name else ""


def _name_in(quote: Quote, finding: Finding) -> str:
    name = plain_name(finding.name)
    return name if is_name(name, quote.mention) else ""


def _initial(quote: Quote, finding: Finding | None) -> dict[str, Any]:
    """The fields as they stand, and who is known by now for the names that the engine found."""
    values = values_of(quote)
    if finding is None:
        return values
    if quote.speaker is None and not is_pronoun(quote.mention) and finding.name and not quote.relayed_by:
        day = quote.said_latest or quote.article.published_on
        if actor := People().speaker(finding.how, finding.name, quote.mention, day):
            values |= {"speaker": actor.name, "speaker_choice": key_of(actor), "speaker_asked": actor.name}
        elif finding.how != "pronoun":
            values["speaker"] = _name_in(quote, finding)
    if quote.relayed_by is None and finding.relay:
        values["relayed_by"] = without_article(finding.relay)
    return values
