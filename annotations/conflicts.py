"""Two editors changed one quote: what each made of it, beside what both began with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from annotations.forms.quotes import AUTO, NO_ROLE, QuoteForm, stance_name, typed_in, values_of
from annotations.models import Act, Claim, Quote, Role, Verb
from annotations.resizing import Span
from articles.models import Article

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = (
    "speaker",
    "mention",
    "role",
    "kind",
    "cue",
    "said_earliest",
    "said_latest",
    "said_expression",
    "relayed_by",
    "basis",
)
STEPS = {
    "publication": "publish it",
    "withdrawal": "withdraw it",
    "rejection": "reject it",
    "revival": "take it up again",
    "undo": "undo my last step",
    "check": "keep it with the outlet’s new words",
    "separation": "separate it from the other renderings",
}
DID = {
    Verb.CREATED: "made it",
    Verb.EDITED: "edited it",
    Verb.RESIZED: "put it on other words",
    Verb.STANCE: "changed a stance",
    Verb.PUBLISHED: "published it",
    Verb.WITHDRAWN: "withdrew it",
    Verb.REJECTED: "rejected it",
    Verb.REVIVED: "took it up again",
    Verb.CHECKED: "checked it",
    Verb.ACCEPTED: "accepted it",
    Verb.JOINED: "joined it with other renderings",
    Verb.SEPARATED: "separated it from other renderings",
    Verb.UNDONE: "undid a step",
}
NOT_RESENT = frozenset(["csrfmiddlewaretoken", "revision", "start", "end", "exact", "version"])


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in three states: as both found it, as they made it, as I want it."""

    label: str
    base: str
    theirs: str
    mine: str

    @property
    def by_both(self) -> bool:
        return self.base not in {self.theirs, self.mine}


class Conflict:
    """What was sent on a revision that is no longer the newest.

    `differences` are the fields in which mine and theirs differ, or theirs and the base. `again` is what to send to
    `action`, with the newest revision, to put mine on top: my changes over theirs, their changes where I made none.
    """

    def __init__(
        self, theirs: Quote, article: Article, sent: Any, action: str, *, me: "User | None" = None
    ) -> None:
        self.quote, self.article, self.action, self.me = theirs, article, action, me
        self.revision = theirs.revision
        self.latest: Act | None = theirs.acts.select_related("by").order_by("-revision").first()
        self.claims = {claim.pk: claim for claim in Claim.objects.of(article, theirs).in_order()}
        revision = sent.get("revision", "")
        found = theirs.as_of(int(revision)) if revision.isdecimal() and len(revision) < 10 else None
        base, self.base_spans = found or (theirs, self._spans(theirs))
        self.their_values = _as_text(values_of(theirs))
        self.base_values = _as_text(values_of(base))
        self.my_values = {**self.base_values, **typed_in(sent)}
        self.base_text = base.version.text
        self.their_stances = {stance_name(s.claim): s.position for s in theirs.stances.all()}
        self.base_stances = self._stances_at(revision) if found else self.their_stances
        self.differences = [*self._fields(), *self._words(sent), *self._stances(sent), *self._step(sent)]
        self.again = self._merged(sent)

    @property
    def by_whom(self) -> str:
        """ "Ben Reader edited it at the same time." """
        if self.latest is None:
            return "Somebody changed it at the same time."
        if self.me is not None and self.latest.by_id == self.me.pk:
            return f"You {DID[Verb(self.latest.verb)]} meanwhile, with other values."
        return f"{self.latest.by or 'Newsdesk'} {DID[Verb(self.latest.verb)]} meanwhile."

    @property
    def can_be_put_on_top(self) -> bool:
        """Not an undo: one's own step is no longer the last one."""
        return self.step != "undo"

    @property
    def step(self) -> str:
        """What was to be done, by the end of the address."""
        return self.action.partition("?")[0].rstrip("/").rsplit("/", 1)[-1]

    def _spans(self, quote: Quote) -> list[Span]:
        here = sorted(
            (a for a in quote.anchors.all() if a.version_id == self.article.current_version_id),
            key=lambda a: a.part,
        )
        return [(a.start, a.end) for a in here if a.start is not None and a.end is not None]

    def _fields(self) -> list[Difference]:
        labels = {
            name: field.label or name.replace("_", " ").capitalize()
            for name, field in QuoteForm.base_fields.items()
        }
        rows = []
        for name in SHOWN:
            base, theirs, mine = (
                _readable(name, values[name])
                for values in (self.base_values, self.their_values, self.my_values)
            )
            if mine != theirs or base != theirs:
                rows.append(Difference(str(labels[name]), base, theirs, mine))
        return rows

    def _words(self, sent: Any) -> list[Difference]:
        mine = " … ".join(sent.getlist("exact")).replace("\r\n", "\n")
        base = " … ".join(self.base_text[start:end] for start, end in self.base_spans)
        text = self.article.text
        theirs = " … ".join(text[start:end] for start, end in self._spans(self.quote))
        mine = mine or base
        return [Difference("Words", base, theirs, mine)] if mine != theirs or base != theirs else []

    def _stances_at(self, revision: str) -> dict[str, str]:
        act = self.quote.acts.filter(revision=int(revision)).first()
        stances = act.state["stances"] if act else []
        return {f"stance-{claim}": position for claim, position, *_ in stances}

    def _stances(self, sent: Any) -> list[Difference]:
        """Where a form with all the stances in it was sent: those that differ."""
        rows = []
        for claim in self.claims.values():
            name = stance_name(claim)
            theirs, mine = self.their_stances.get(name, ""), sent.get(name, "")
            if name in sent and mine != theirs:
                base = self.base_stances.get(name, "")
                rows.append(
                    Difference(claim.text, base or "no stance", theirs or "no stance", mine or "no stance")
                )
        return rows

    def _step(self, sent: Any) -> list[Difference]:
        """What I was about to do, if it was more than saving fields."""
        step = self.step
        if step == "stance":
            return self._stance(sent)
        if step in STEPS or sent.get("then") == "publish":
            status = self.quote.get_status_display().lower()
            return [Difference("Step", "", f"it is {status} now", STEPS.get(step, STEPS["publication"]))]
        return []

    def _stance(self, sent: Any) -> list[Difference]:
        raw = sent.get("claim") or self.action.partition("claim=")[2]
        claim = self.claims.get(int(raw)) if raw.isdecimal() and len(raw) < 19 else None
        if claim is None:
            return []
        theirs = next((s.position for s in self.quote.stances.all() if s.claim_id == claim.pk), "")
        return [Difference(claim.text, "", theirs or "no stance", sent.get("position") or "no stance")]

    def _merged(self, sent: Any) -> list[tuple[str, str]]:
        typed = typed_in(sent)
        merged = {
            name: value if value != self.base_values.get(name, "") else self.their_values.get(name, "")
            for name, value in typed.items()
        }
        for name in (stance_name(claim) for claim in self.claims.values()):
            if name in sent and sent[name] == self.base_stances.get(name, ""):
                merged[name] = self.their_stances.get(name, "")
        rest = [
            (name, value)
            for name in sent
            if name not in NOT_RESENT and name not in merged
            for value in sent.getlist(name)
        ]
        return [*rest, *merged.items(), *self._merged_words(sent)]

    def _merged_words(self, sent: Any) -> list[tuple[str, str]]:
        """My words where I chose others than both began with, else theirs."""
        if "start" not in sent:
            return []
        mine = list(zip(sent.getlist("start"), sent.getlist("end"), sent.getlist("exact"), strict=False))
        version = sent.get("version", "")
        if [(start, end) for start, end, _ in mine] == [
            (str(start), str(end)) for start, end in self.base_spans
        ]:
            text, version = self.article.text, str(self.article.current_version_id)
            mine = [(str(start), str(end), text[start:end]) for start, end in self._spans(self.quote)]
        return [
            ("version", version),
            *(
                pair
                for start, end, exact in mine
                for pair in (("start", start), ("end", end), ("exact", exact))
            ),
        ]


def _as_text(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _readable(name: str, value: str) -> str:
    if name == "role":
        role = (
            Role.objects.select_related("organisation").filter(pk=value).first()
            if value.isdecimal()
            else None
        )
        return str(role) if role else {AUTO: "by the date", NO_ROLE: "no role"}.get(value, value)
    if name == "basis":
        return str(dict(Quote.Basis.choices).get(value, value))
    return value
