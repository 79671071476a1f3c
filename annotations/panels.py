"""What the panel beside the text shows: the form of a new quote, or of one that is there."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from annotations.checking import pairs_of
from annotations.forms.quotes import QuoteForm, RoleForm, stance_name, typed_in, values_of
from annotations.forms.spans import Part, WordsForm, parts_of
from annotations.models import Claim, Quote, Stance
from annotations.proposals import proposals
from annotations.resizing import Span
from annotations.workbench import Entry
from articles.models import Article, Story

MOVES = (
    ("start", "earlier", "Begin a word earlier"),
    ("start", "later", "Begin a word later"),
    ("end", "earlier", "End a word earlier"),
    ("end", "later", "End a word later"),
)
TRIOS = ("speaker", "relayed_by")
"""Fields of names: what was chosen for one belongs to what was typed in it."""


@dataclass(frozen=True, slots=True)
class Position:
    """A stance one can take, and the key that takes it."""

    value: str
    word: str
    key: int


POSITIONS = [Position(value, value, key) for key, value in enumerate(Stance.Position.values, 1)]


@dataclass(frozen=True, slots=True)
class StanceRow:
    """A claim, and where the quote stands on it as far as was chosen."""

    claim: Claim
    name: str
    chosen: str
    check_again: bool = False


@dataclass(frozen=True, slots=True)
class Taking:
    """A story in which the words of a quote can be taken as a claim, and the address of the form for it."""

    story: Story
    url: str


SUREST = 2
"""The tiers of suggestions whose reported words are worth making a claim of."""


def takings(quote: Quote, article: Article) -> list[Taking]:
    """Where reported words that surely were said can be taken as a claim: each story of the article."""
    finding = getattr(quote, "finding", None)
    is_reported = quote.kind in {Quote.Kind.INDIRECT, Quote.Kind.MIXED}
    if finding is None or finding.tier > SUREST or not is_reported or quote.is_ended:
        return []
    stories = Story.objects.filter(articles=article).order_by("title", "id")
    query = f"?quote={quote.uuid}"
    return [Taking(one, reverse("desk:claim-new", args=[one.slug]) + query) for one in stories]


def new_quote(
    article: Article,
    words: WordsForm,
    data: Any,
    *,
    bound: QuoteForm | None = None,
    spans: Sequence[Span] | None = None,
) -> dict[str, Any]:
    """The form of a new quote on the words that were chosen, with what was proposed and what was typed.

    `spans` are the words' places in the current version, where they were chosen in an earlier one.
    """
    claims = list(Claim.objects.of(article).select_related("story").in_order())
    chosen = list(words.spans if spans is None else spans)
    typed = typed_in(data, claims)
    form = bound or QuoteForm(claims=claims, initial=_proposed(article, words, chosen, typed))
    version = article.current_version
    assert version is not None
    return {
        **_shared(article, form, words, parts_of(version, chosen)),
        "spans": chosen,
        "uuid": data.get("uuid") or uuid.uuid4(),
        "action": reverse("desk:quotes", args=[article.pk]),
        "words_url": reverse("desk:quotes", args=[article.pk]),
        "close_url": reverse("desk:article", args=[article.pk]),
        "rows": [StanceRow(c, stance_name(c), str(form[stance_name(c)].value() or "")) for c in claims],
        "stories": {claim.story_id for claim in claims},
    }


def _proposed(
    article: Article, words: WordsForm, spans: Sequence[Span], typed: Mapping[str, str]
) -> dict[str, str]:
    """What was typed stays; what was only proposed, for the words before, is proposed anew."""
    version = article.current_version
    assert version is not None
    before = proposals(article, words.read_in, words.before) if words.is_move and words.before else {}
    now = proposals(article, version, spans) if spans else {}
    kept = {name: value for name, value in typed.items() if value != before.get(name, "")}
    for name in TRIOS:
        trio = (name, f"{name}_choice", f"{name}_asked")
        if name in kept:
            kept |= {one: typed.get(one, "") for one in trio}
        else:
            kept = {one: value for one, value in kept.items() if one not in trio}
    return {**now, **kept}


def editing(
    quote: Quote,
    article: Article,
    entry: Entry,
    words: WordsForm | None,
    data: Any,
    *,
    bound: QuoteForm | None = None,
    spans: Sequence[Span] | None = None,
) -> dict[str, Any]:
    """The form of a quote that is there, with what was typed since, and its words, chosen anew or as they stand."""
    claims = list(Claim.objects.of(article, quote).select_related("story").in_order())
    if spans is None:
        spans = words.spans if words is not None and words.is_valid() else entry.spans
    form = bound or QuoteForm(quote=quote, initial={**values_of(quote), **typed_in(data)})
    version = article.current_version
    assert version is not None
    stances = {stance.claim_id: stance for stance in quote.stances.all()}
    rows = [
        StanceRow(c, stance_name(c), stances[c.pk].position, stances[c.pk].check_again)
        if c.pk in stances
        else StanceRow(c, stance_name(c), "")
        for c in claims
    ]
    return {
        **_shared(article, form, words, parts_of(version, spans)),
        "spans": list(spans),
        "quote": quote,
        "entry": entry,
        # What was typed was typed on the revision that the page had: only a step that was taken brings a new one.
        "revision": data.get("revision") or quote.revision,
        "takings": takings(quote, article),
        "are_other_words": list(spans) != entry.spans,
        "pairs": pairs_of(quote, quote.version, version) if entry.is_changed else [],
        "action": reverse("desk:quote", args=[quote.uuid]),
        "words_url": reverse("desk:quote-span", args=[quote.uuid]),
        "close_url": reverse("desk:article", args=[article.pk]),
        "rows": rows,
        "stories": {claim.story_id for claim in claims},
    }


def _shared(article: Article, form: QuoteForm, words: WordsForm | None, parts: list[Part]) -> dict[str, Any]:
    form.fields["role"].widget.choices = RoleForm(
        {name: str(form[name].value() or "") for name in RoleForm.base_fields}
    ).options()
    return {
        "form": form,
        "speaker": form.view("speaker"),
        "relay": form.view("relayed_by"),
        "version": article.current_version,
        "parts": parts,
        "positions": POSITIONS,
        "moves": MOVES,
        "adjusting": words is not None and words.is_move,
        "fresh": not form.is_bound and (words is None or words.data.get("move", "add") in {"add", "replace"}),
        "words_problem": words.problem if words else "",
    }
