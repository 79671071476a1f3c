"""The fields of a quote, for a new one and for one that is changed."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from annotations.forms.names import NamesForm
from annotations.models import Actor, Claim, Quote, Role, Stance
from annotations.naming import bearers, by_key, key_of
from articles.models import Outlet
from articles.text import one_line

AUTO, NO_ROLE = "auto", "none"


def day_field(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


class QuoteForm(NamesForm):
    """Who said it, how, when, and by whom it came to the outlet.

    `quote` is the one that is changed, if one is; `publishing` asks for what readers need.
    """

    NAMES = {"speaker": False, "relayed_by": True}

    speaker = forms.CharField(required=False, max_length=200)
    mention = forms.CharField(label="Named as", required=False, max_length=200)
    role = forms.CharField(label="Role", required=False, max_length=20, widget=forms.Select)
    cue = forms.CharField(label="Verb", required=False, max_length=100)
    kind = forms.ChoiceField(
        choices=Quote.Kind.choices, widget=forms.RadioSelect, label="How the words are given"
    )
    said_earliest = day_field("Said on, or not before")
    said_latest = day_field("Not after", help_text="Empty: on that one day.")
    said_expression = forms.CharField(
        label="Words for the date", required=False, max_length=200, help_text="As in the text: “yesterday”."
    )
    relayed_by = forms.CharField(
        label="Relayed by",
        required=False,
        max_length=200,
        help_text="“according to the BBC”: an actor or an outlet.",
    )
    basis = forms.ChoiceField(choices=Quote.Basis.choices, label="Basis", initial=Quote.Basis.ON_RECORD)

    def __init__(
        self,
        data: Any = None,
        *,
        claims: Iterable[Claim] = (),
        quote: Quote | None = None,
        publishing: bool = False,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id="quote-%s")
        self.quote, self.publishing, self.claims = quote, publishing, list(claims)
        for claim in self.claims:
            self.fields[stance_name(claim)] = forms.ChoiceField(
                choices=[*Stance.Position.choices, ("", "No stance")], label=claim.text, required=False
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        earliest, latest = data.get("said_earliest"), data.get("said_latest")
        if earliest and latest and latest < earliest:
            self.add_error("said_latest", "This is before the first day.")
        nobody = not self.named.get("speaker") and not data.get("mention")
        if (
            (self.publishing or (self.quote and self.quote.is_published))
            and nobody
            and "speaker" not in self.errors
        ):
            self.add_error("speaker", "Say who speaks, or how the text names them: readers are to see it.")
        return data

    def fields_to_save(self) -> dict[str, Any]:
        """The fields of a new quote; makes the actors that the form asked for. Call it in a transaction."""
        data = self.cleaned_data
        speaker, relay = self.settled("speaker"), self.settled("relayed_by")
        assert speaker is None or isinstance(speaker, Actor)
        earliest, latest = data["said_earliest"], data["said_latest"] or data["said_earliest"]
        return {
            "speaker": speaker,
            "mention": one_line(data["mention"]),
            "role": _role(data["role"], speaker, earliest, latest),
            "kind": data["kind"],
            "cue": one_line(data["cue"]),
            "said_earliest": earliest,
            "said_latest": latest,
            "said_expression": one_line(data["said_expression"]),
            "relayed_by_actor": relay if isinstance(relay, Actor) else None,
            "relayed_by_outlet": relay if isinstance(relay, Outlet) else None,
            "basis": data["basis"],
        }

    def changes(self) -> dict[str, Any]:
        """The fields that differ from the quote's. Call it in a transaction.

        Dates that nobody touched stay: an open interval has no form of its own here.
        """
        assert self.quote is not None
        fields = self.fields_to_save()
        if not {"said_earliest", "said_latest"} & set(self.changed_data):
            del fields["said_earliest"], fields["said_latest"]
        return {name: value for name, value in fields.items() if getattr(self.quote, name) != value}

    def stances(self) -> dict[Claim, str]:
        chosen = {claim: self.cleaned_data[stance_name(claim)] for claim in self.claims}
        return {claim: position for claim, position in chosen.items() if position}


FIELDS = (
    *QuoteForm.base_fields,
    *(f"{name}_{more}" for name in QuoteForm.NAMES for more in ("choice", "asked")),
)
"""Every field of the form but the stances."""


_STANCE = re.compile(r"stance-\d{1,18}")


def stance_name(claim: Claim) -> str:
    return f"stance-{claim.pk}"


def stances_in(data: Any) -> list[str]:
    """The fields of the stances that a page sent."""
    return [name for name in data if _STANCE.fullmatch(name) and data[name]]


def _role(
    chosen: str, speaker: Actor | None, earliest: dt.date | None, latest: dt.date | None
) -> Role | None:
    """The role chosen; by the date where none was, or where it is somebody else's now that the speaker changed."""
    if speaker is None or chosen == NO_ROLE:
        return None
    if (
        chosen.isdecimal()
        and len(chosen) < 19
        and (role := Role.objects.of(speaker).filter(pk=chosen).first())
    ):
        return role
    return speaker.role_at(earliest, latest)


def values_of(quote: Quote) -> dict[str, Any]:
    """A quote's fields as the form shows them."""
    held = quote.speaker.role_at(quote.said_earliest, quote.said_latest) if quote.speaker else None
    relay = quote.relayed_by
    return {
        "speaker": quote.speaker.name if quote.speaker else "",
        "speaker_choice": key_of(quote.speaker) if quote.speaker else "",
        "speaker_asked": quote.speaker.name if quote.speaker else "",
        "mention": quote.mention,
        "role": AUTO if quote.role == held else str(quote.role.pk) if quote.role else NO_ROLE,
        "cue": quote.cue,
        "kind": quote.kind,
        "said_earliest": quote.said_earliest,
        "said_latest": quote.said_latest if quote.said_latest != quote.said_earliest else None,
        "said_expression": quote.said_expression,
        "relayed_by": relay.name if relay else "",
        "relayed_by_choice": key_of(relay) if relay else "",
        "relayed_by_asked": relay.name if relay else "",
        "basis": quote.basis,
    }


def typed_in(data: Any, claims: Iterable[Claim] = ()) -> dict[str, str]:
    """What a page sent for the form's fields, valid or not."""
    names = [
        *QuoteForm.base_fields,
        *(f"{name}_{more}" for name in QuoteForm.NAMES for more in ("choice", "asked")),
    ]
    names += [stance_name(claim) for claim in claims]
    return {name: data[name] for name in names if name in data}


def is_as_sent(quote: Quote, data: Any) -> bool:
    """Whether a quote has what a form for a new one sent, stances too; names count as they are written."""
    shown = {name: "" if value is None else str(value) for name, value in values_of(quote).items()}
    sent = {name: one_line(data[name]) for name in QuoteForm.base_fields if name in data}
    if sent.get("role") == str(quote.role_id):
        del sent["role"]
    stances = {stance_name(stance.claim): stance.position for stance in quote.stances.all()}
    positions = {name: data[name] for name in data if name.startswith("stance-") and data[name]}
    return stances == positions and all(shown[name] == value for name, value in sent.items())


class RoleForm(forms.Form):
    """What the choice of a role depends on: the speaker as typed or chosen, and the days."""

    speaker = forms.CharField(required=False, max_length=200)
    speaker_choice = forms.CharField(required=False, max_length=40)
    speaker_asked = forms.CharField(required=False, max_length=200)
    said_earliest = forms.DateField(required=False)
    said_latest = forms.DateField(required=False)
    role = forms.CharField(required=False, max_length=20)

    def options(self) -> list[tuple[str, str]]:
        """The choices for the role; a date that is none yet counts as not given."""
        self.full_clean()
        data = self.cleaned_data
        speaker = _actor(
            one_line(data.get("speaker", "")),
            data.get("speaker_choice", ""),
            one_line(data.get("speaker_asked", "")),
        )
        earliest = data.get("said_earliest")
        return role_options(speaker, earliest, data.get("said_latest") or earliest)


def _actor(name: str, choice: str, asked: str) -> Actor | None:
    found = by_key(choice) if choice and asked == name else None
    if not found and name:
        known = bearers(name)
        found = known[0] if len(known) == 1 else None
    return found if isinstance(found, Actor) else None


def role_options(
    speaker: Actor | None, earliest: dt.date | None, latest: dt.date | None
) -> list[tuple[str, str]]:
    """By the date, which says what that comes to; none; and each role the speaker ever had."""
    if speaker is None:
        return [(AUTO, "none until the speaker is known"), (NO_ROLE, "no role")]
    roles = list(Role.objects.of(speaker).select_related("organisation").order_by("-since", "-id"))
    if not (earliest or latest):
        comes_to = "none until the date is known"
    elif held := speaker.role_at(earliest, latest):
        comes_to = f"by the date: {held}"
    else:
        comes_to = "by the date: none is on record"
    years = {
        role: "–".join(str(day.year) if day else "" for day in (role.since, role.until)) for role in roles
    }
    named = [(str(role.pk), f"{role} ({years[role]})" if years[role] != "–" else str(role)) for role in roles]
    return [(AUTO, comes_to), (NO_ROLE, "no role"), *named]
