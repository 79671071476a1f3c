"""A story's corrections, for everybody: what the desk corrected or took back after readers had seen it, and what the
outlets changed in texts that are quoted.

Told from the states that the acts left. Of what is no longer published only the withdrawal and its reason are told; of
what is, only from states that readers saw.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from annotations import telling
from annotations.anchoring import Operation, word_diff
from annotations.corrections import EVENT_FACTS, What, differing
from annotations.models import Act, Actor, Claim, Event, Quote, Role, Status, Verb
from annotations.timeline import When
from annotations.touched import Touched, touch
from articles.models import Outlet, Story, Version

ENTRIES_A_PAGE = 25

LOOKED_AT = 60
"""Acts, or versions, that are read at a time: some of them changed nothing that readers see."""

ROUNDS = 8
"""After so many times without a full page, the page ends where the reading stopped."""

TOUCHED_SHOWN = 10


class BadCursor(ValueError):
    """No page of the log begins there."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a quote or an event, before and after; with `diff` where words changed."""

    label: str | Promise
    before: str
    after: str
    diff: list[tuple[Operation, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OfQuote:
    """The desk corrected a quote, took it back, or published it again."""

    at: dt.datetime
    what: str | Promise
    quote: Quote
    facts: list[Fact]
    reason: str = ""
    kind: str = "quote"

    @property
    def is_told(self) -> bool:
        """Whether it is published now; of any other nothing but the reason is for readers."""
        return self.quote.is_published


@dataclass(frozen=True, slots=True)
class OfEvent:
    """The same of an event."""

    at: dt.datetime
    what: str | Promise
    event: Event
    facts: list[Fact]
    reason: str = ""
    kind: str = "event"

    @property
    def is_told(self) -> bool:
        return self.event.is_published


@dataclass(frozen=True, slots=True)
class OfText:
    """An outlet changed a text, and with it `touched` quotes and `more` others."""

    at: dt.datetime
    version: Version
    address: str
    touched: list[Touched]
    more: int
    kind: str = "text"


type Entry = OfQuote | OfEvent | OfText


@dataclass(frozen=True, slots=True)
class Log:
    """A page of it, newest first; `following` is where the next begins, or ""."""

    entries: list[Entry]
    following: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something stands in the log: by instant, then by kind, then by key, all descending but the kind."""

    at: dt.datetime
    kind: str
    pk: int

    @property
    def order(self) -> tuple[float, int, int]:
        return -self.at.timestamp(), _KINDS.index(self.kind), -self.pk

    def __str__(self) -> str:
        return f"{self.at.astimezone(dt.UTC).isoformat().replace('+00:00', 'Z')}_{self.kind[0]}{self.pk}"


_KINDS = ("quote", "event", "text")
_CURSOR = re.compile(r"([0-9T:.-]{10,32}Z)_([qet])([0-9]{1,18})")


def log(story: Story, after: str = "") -> Log:
    """The corrections of a published story from a place on. Raises BadCursor."""
    place = _place(after) if after else None
    found: list[tuple[_Place, Entry]] = []
    for _ in range(ROUNDS):
        places, is_end = _next(story, place)
        found += _entries(story, places)
        place = places[-1][0] if places else place
        if is_end or len(found) > ENTRIES_A_PAGE:
            break
    shown = [entry for _, entry in found[:ENTRIES_A_PAGE]]
    if len(found) > ENTRIES_A_PAGE:
        return Log(shown, str(found[ENTRIES_A_PAGE - 1][0]))
    return Log(shown, "" if is_end else str(place))


def _place(after: str) -> _Place:
    match = _CURSOR.fullmatch(after)
    if not match:
        raise BadCursor(after)
    at, kind, pk = match.groups()
    try:
        return _Place(dt.datetime.fromisoformat(at), next(k for k in _KINDS if k[0] == kind), int(pk))
    except ValueError as error:
        raise BadCursor(after) from error


def _next(story: Story, place: _Place | None) -> tuple[list[tuple[_Place, Act | Version]], bool]:
    """What stands next, of all kinds together and as far as all of them were read; and whether that is all."""
    rows: list[tuple[_Place, Act | Version]] = []
    ends: list[_Place] = []
    for kind, instant, source in (
        ("quote", "at", _acts_on_quotes(story)),
        ("event", "at", _acts_on_events(story)),
        ("text", "recorded_at", _versions(story)),
    ):
        read = list(_after(source, kind, instant, place).order_by(f"-{instant}", "-pk")[:LOOKED_AT])
        placed = [(_Place(getattr(row, instant), kind, row.pk), row) for row in read]
        rows += placed
        if len(read) == LOOKED_AT:
            ends.append(placed[-1][0])
    rows.sort(key=lambda pair: pair[0].order)
    if not ends:
        return rows, True
    end = min(ends, key=lambda one: one.order)
    return [pair for pair in rows if pair[0].order <= end.order], False


def _after(source: "QuerySet[Any]", kind: str, instant: str, place: _Place | None) -> "QuerySet[Any]":
    if place is None:
        return source
    earlier = Q(**{f"{instant}__lt": place.at})
    same = Q(**{instant: place.at})
    if kind == place.kind:
        return source.filter(earlier | same & Q(pk__lt=place.pk))
    return (
        source.filter(earlier | same)
        if _KINDS.index(kind) > _KINDS.index(place.kind)
        else source.filter(earlier)
    )


# What may be in the log.


def _acts_on_quotes(story: Story) -> "QuerySet[Any]":
    acts = _after_publication("quote").filter(quote__article__stories=story)
    return acts.exclude(verb__in=[Verb.JOINED, Verb.SEPARATED], state__status=Status.PUBLISHED)


def _acts_on_events(story: Story) -> "QuerySet[Any]":
    return _after_publication("event").filter(event__story=story)


def _after_publication(of: str) -> "QuerySet[Any]":
    """Acts on what readers had seen: that took it back; and, where it is published now, all that it was published by.

    With `shown`, the state that readers saw last, and `was`, the status before.
    """
    earlier = Act.objects.filter(**{of: OuterRef(of)}, revision__lt=OuterRef("revision")).order_by(
        "-revision"
    )
    is_public = Q(state__status=Status.PUBLISHED)
    found: Any = Act.objects.filter(**{f"{of}__published_at__isnull": False}).annotate(
        was=Subquery(earlier.annotate(its_status=KT("state__status")).values("its_status")[:1]),
        shown=Subquery(earlier.filter(is_public).values("state")[:1]),
    )
    seen: QuerySet[Any] = found.filter(
        ~is_public & Q(was=Status.PUBLISHED)
        | is_public & Q(**{f"{of}__status": Status.PUBLISHED}, shown__isnull=False)
    )
    return seen


def _versions(story: Story) -> "QuerySet[Any]":
    """What outlets made of texts of which a quote is published."""
    quoted = Quote.objects.published().filter(article=OuterRef("article"))
    changed = Version.objects.filter(Exists(quoted), article__stories=story, number__gt=1, minor=False)
    rows: QuerySet[Any] = changed.select_related("article__outlet").defer(
        "text", "article__search", "article__notes", "article__author_bio", "article__as_imported"
    )
    return rows


# What is told of it.


def _entries(story: Story, places: Sequence[tuple[_Place, Any]]) -> Iterator[tuple[_Place, Entry]]:
    acts = [row for _, row in places if isinstance(row, Act)]
    versions = [row for _, row in places if isinstance(row, Version)]
    quotes = _quotes(story, acts, versions)
    events = Event.objects.for_readers().in_bulk([act.event_id for act in acts if act.event_id])
    names = _Names.of(story, acts)
    for place, row in places:
        entry: Entry | None
        if place.kind == "text":
            entry = _of_text(story, row, quotes.values())
        elif place.kind == "quote":
            entry = _of_quote(row, quotes[row.quote_id], names)
        else:
            entry = _of_event(row, events[row.event_id], names)
        if entry:
            yield place, entry


def _quotes(story: Story, acts: Iterable[Any], versions: Iterable[Version]) -> dict[int, Quote]:
    wanted = Q(pk__in={act.quote_id for act in acts if act.quote_id})
    wanted |= Q(status=Status.PUBLISHED, article__in={version.article_id for version in versions})
    return {quote.pk: quote for quote in Quote.objects.for_readers(story).filter(wanted).order_by("pk")}


def _of_text(story: Story, version: Version, quotes: Iterable[Quote]) -> OfText | None:
    there = [quote for quote in quotes if quote.article_id == version.article_id and quote.is_published]
    before, after = version.number - 1, version.number
    touched = [one for quote in there if (one := touch(story, quote, before, after))]
    if not touched:
        return None
    address = reverse("article-diff", args=[story.slug, version.article_id, before, after])
    more = max(0, len(touched) - TOUCHED_SHOWN)
    return OfText(version.recorded_at, version, address, touched[:TOUCHED_SHOWN], more)


def _of_quote(act: Any, quote: Quote, names: "_Names") -> OfQuote | None:
    if act.state["status"] != Status.PUBLISHED:
        return OfQuote(
            act.at, telling.WHAT[What.WITHDRAWN], quote, [], act.state.get("withdrawn_reason") or ""
        )
    before, after = names.of_story(act.shown), names.of_story(act.state)
    facts = [
        fact for name in differing(before, after, act.verb) for fact in names.quote_facts(name, before, after)
    ]
    if act.was != Status.PUBLISHED:
        return OfQuote(act.at, telling.WHAT[What.REPUBLISHED], quote, facts)
    return OfQuote(act.at, telling.CORRECTED, quote, facts) if facts else None


def _of_event(act: Any, event: Event, names: "_Names") -> OfEvent | None:
    if act.state["status"] != Status.PUBLISHED:
        return OfEvent(
            act.at, telling.WHAT[What.WITHDRAWN], event, [], act.state.get("withdrawn_reason") or ""
        )
    before, after = names.of_story(act.shown), names.of_story(act.state)
    changed = differing(before, after, act.verb, EVENT_FACTS)
    facts = [fact for name in changed for fact in names.event_facts(name, before, after)]
    if act.was != Status.PUBLISHED:
        return OfEvent(act.at, telling.WHAT[What.REPUBLISHED], event, facts)
    return OfEvent(act.at, telling.CORRECTED, event, facts) if facts else None


type _State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Names:
    """What the keys in the states stand for."""

    actors: Mapping[int, Actor]
    roles: Mapping[int, Role]
    outlets: Mapping[int, Outlet]
    claims: Mapping[int, Claim]
    texts: Mapping[int, Version]
    articles: Mapping[int, int]
    """Of the versions of the story's articles."""

    @classmethod
    def of(cls, story: Story, acts: Iterable[Any]) -> "_Names":
        states = [state for act in acts for state in (act.shown, act.state) if state]
        changed = [act for act in acts if act.shown and act.shown.get("spans") != act.state.get("spans")]
        versions = {state["version"] for act in changed for state in (act.shown, act.state)}
        evidence = {piece[0] for state in states for piece in state.get("evidence", [])}
        told = Version.objects.filter(article__stories=story)

        def keys(*columns: str) -> set[int]:
            return {state[column] for state in states for column in columns if state.get(column)}

        return cls(
            Actor.objects.select_related("canonical").in_bulk(keys("speaker", "relayed_by_actor")),
            Role.objects.select_related("organisation").in_bulk(keys("role")),
            Outlet.objects.in_bulk(keys("relayed_by_outlet")),
            {claim.pk: claim for claim in Claim.objects.filter(story=story)},
            told.defer("article").in_bulk(versions),
            dict(told.filter(pk__in=evidence).values_list("pk", "article_id")),
        )

    def of_story(self, state: _State) -> dict[str, Any]:
        """A state without stances on other stories’ claims; evidence as pieces of the story’s own articles."""
        kept = dict(state)
        if "stances" in state:
            kept["stances"] = [stance for stance in state["stances"] if stance[0] in self.claims]
        if "evidence" in state:
            pieces = {
                (self.articles[version], part)
                for version, part, *_ in state["evidence"]
                if version in self.articles
            }
            kept["evidence"] = sorted(pieces)
        return kept

    def quote_facts(self, name: str, before: _State, after: _State) -> Iterator[Fact]:
        if name == "utterance":
            return
        if name == "stances":
            yield from self._stances(before, after)
            return
        was, now = self._value(name, before), self._value(name, after)
        if was != now:
            yield Fact(
                telling.QUOTE_FACTS[name],
                was,
                now,
                word_diff(was, now) if name == "spans" and was and now else [],
            )

    def event_facts(self, name: str, before: _State, after: _State) -> Iterator[Fact]:
        if name == "evidence":
            yield Fact(telling.EVENT_FACTS[name], "", "")
            return
        column = {"source": "source_url"}.get(name, name)
        was, now = (
            _days(state, name) if name == "when" else str(state.get(column) or "")
            for state in (before, after)
        )
        yield Fact(telling.EVENT_FACTS[name], was, now, word_diff(was, now) if name == "title" else [])

    def _value(self, name: str, state: _State) -> str:
        match name:
            case "speaker":
                return self._actor(state.get("speaker")) or state.get("mention") or gettext("unknown speaker")
            case "relayed_by":
                outlet = self.outlets.get(state.get("relayed_by_outlet") or 0)
                return self._actor(state.get("relayed_by_actor")) or (outlet.name if outlet else "")
            case "role":
                return str(self.roles.get(state.get("role") or 0) or "")
            case "kind":
                return str(telling.KINDS[state["kind"]])
            case "basis":
                return str(telling.BASES[state["basis"]])
            case "said":
                return _days(state, "said")
            case "spans":
                version = self.texts.get(state["version"])
                return " … ".join(version.text[start:end] for start, end in state["spans"]) if version else ""
            case _:
                return str(state.get(name) or "")

    def _actor(self, pk: int | None) -> str:
        actor = self.actors.get(pk or 0)
        return (actor.canonical or actor).name if actor else ""

    def _stances(self, before: _State, after: _State) -> Iterator[Fact]:
        """One for each claim on which the position, or the note on it, is another."""
        was, now = (
            {claim: (position, note) for claim, position, note, *_ in s["stances"]} for s in (before, after)
        )
        for pk, claim in self.claims.items():
            (position, note), (position_now, note_now) = was.get(pk, ("", "")), now.get(pk, ("", ""))
            told = {"claim": claim.text}
            if position != position_now:
                label = gettext("the stance on “%(claim)s”") % told
                yield Fact(label, _position(position), _position(position_now))
            elif note != note_now:
                yield Fact(gettext("the note on the stance on “%(claim)s”") % told, note, note_now)


def _position(value: str) -> str:
    return str(telling.POSITIONS[value]) if value else ""


def _days(state: _State, name: str) -> str:
    """Days and the words that they come from, as they are written: 22–28 April 2019 (“last week”)."""
    earliest, latest = (
        dt.date.fromisoformat(day) if (day := state.get(f"{name}_{end}")) else None
        for end in ("earliest", "latest")
    )
    when = When(earliest, latest, state.get(f"{name}_expression") or "")
    days = when.days or gettext("date unknown")
    if not when.expression:
        return days
    return gettext("%(days)s (“%(words)s”)") % {"days": days, "words": when.expression}
