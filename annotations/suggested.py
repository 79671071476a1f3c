"""What the engine finds in an article, stored as suggestions: once, and never over what an editor did.

A suggestion on words that a quote stands on already, whatever became of that quote, is not made: so what was
rejected stays rejected, and what was accepted is not suggested again. What nobody has touched follows the newest
version: its words and its speaker as the engine reads them there, its date once the article has one; and it is
put away when its words are gone.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from annotations.models import Actor, Finding, Quote, Reading, Role, StaleRevision, Status
from annotations.naming import bearers, holders
from annotations.resizing import Span, trimmed
from annotations.suggesting import How, Nlp, Suggestion, suggest
from articles.models import Article, Outlet, StoryArticle, Version
from articles.querysets import ArticleQuerySet

logger = logging.getLogger(__name__)

CLASHES = 3
"""How often storing is tried when an editor is at work on the same suggestions."""

PRONOUNS = frozenset(
    [
        "he",
        "she",
        "they",
        "it",
        "we",
        "i",
        "you",
        "his",
        "her",
        "their",
        "this",
        "that",
        "who",
        "one",
        "some",
        "many",
        "others",
        "both",
    ]
)
"""Mentions that name nobody by themselves."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a version's suggestions; `was_read` where nothing was to be done."""

    found: int = 0
    added: int = 0
    corrected: int = 0
    put_away: int = 0
    was_read: bool = False
    error: str = ""


def unread() -> ArticleQuerySet:
    """Articles of stories whose current version the engine hasn't read, or not since they got another date.

    The newest come first.
    """
    readings = Reading.objects.filter(version=OuterRef("current_version"))
    dated = readings.filter(published_at=OuterRef("published_at"))
    undated = readings.filter(published_at__isnull=True)
    failed = readings.exclude(error="")
    return (
        Article.objects.filter(
            Exists(StoryArticle.objects.filter(article=OuterRef("pk"))), current_version__isnull=False
        )
        .filter(
            Q(published_at__isnull=False) & ~Exists(dated) | Q(published_at__isnull=True) & ~Exists(undated)
        )
        .exclude(Exists(failed))
        .newest_first()
    )


def engine_name(nlp: Nlp | None) -> str:
    """Which engine it is: "rules", or "rules, core_web_sm 3.8.0"."""
    return f"rules, {nlp.meta['name']} {nlp.meta['version']}"[:100] if nlp is not None else "rules"


def read(version_id: int, *, nlp: Nlp | None, now: dt.datetime, again: bool = False) -> Outcome:
    """Look for quotes in the current version of an article and store what is new.

    A version that was read, and has the date that it had then, is left alone, except with `again`. What the engine
    fails on is noted, and not tried again by itself.
    """
    version = Version.objects.select_related("article__outlet").get(pk=version_id)
    article = version.article
    reading = Reading.objects.filter(version=version).first()
    is_same = reading is not None and reading.published_at == article.published_at
    if article.current_version_id != version.pk or (is_same and not again):
        return Outcome(was_read=True)
    try:
        found = suggest(
            version.text,
            published=article.published_on,
            kinds={int(number): kind for number, kind in version.kinds.items()},
            language=article.language or "en",
            nlp=nlp,
        )
    except Exception as error:
        logger.exception("Article %s: looking for quotes failed.", article.pk)
        _note(version, nlp, article, now, Outcome(error=f"{type(error).__name__}: {error}"[:500]))
        return Outcome(error=str(error) or type(error).__name__)
    for attempt in range(1, CLASHES + 1):
        try:
            return _store(found, version, nlp, now)
        except StaleRevision:  # an editor took one of the suggestions at this moment
            if attempt == CLASHES:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def _store(found: Sequence[Suggestion], version: Version, nlp: Nlp | None, now: dt.datetime) -> Outcome:
    article = version.article
    held = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if held.current_version_id != version.pk or held.published_at != article.published_at:
        return Outcome(was_read=True)  # it changed meanwhile, and is read again as it is now
    outcome = _Shelf(article, version, now).store(found)
    _note(version, nlp, article, now, outcome)
    return outcome


def _note(version: Version, nlp: Nlp | None, article: Article, now: dt.datetime, outcome: Outcome) -> None:
    Reading.objects.update_or_create(
        version=version,
        defaults={
            "engine": engine_name(nlp),
            "published_at": article.published_at,
            "read_at": now,
            "found": outcome.found,
            "added": outcome.added,
            "error": outcome.error,
        },
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """A quote that is there, and where it stands in the version; nowhere where a part of it has no words."""

    quote: Quote
    spans: list[Span]
    changed: bool
    is_ours: bool
    """Nobody has touched it."""


class _Shelf:
    """The quotes of one article, beside which suggestions are put."""

    def __init__(self, article: Article, version: Version, now: dt.datetime) -> None:
        self.article, self.version, self.now = article, version, now
        self.people = People()
        quotes = Quote.objects.filter(article=article).select_related(
            "finding", "version", "speaker", "role", "relayed_by_actor", "relayed_by_outlet"
        )
        ends = [Status.SUGGESTED, Status.REJECTED]
        ours = set(quotes.untouched().filter(status__in=ends).values_list("pk", flat=True))
        self.standing = [
            self._standing(quote, quote.pk in ours)
            for quote in quotes.prefetch_related("anchors").order_by("id")
        ]

    def _standing(self, quote: Quote, is_ours: bool) -> _Standing:
        here = sorted(
            (a for a in quote.anchors.all() if a.version_id == self.version.pk), key=lambda a: a.part
        )
        spans = [(a.start, a.end) for a in here if a.start is not None and a.end is not None]
        is_whole = bool(spans) and len(spans) == len(here)
        words = " … ".join(anchor.exact for anchor in here)
        changed = is_whole and quote.version_id != self.version.pk and words != quote.words
        # What is partly gone still covers the words that are left, unless it is ours to put away.
        return _Standing(quote, spans if is_whole or not is_ours else [], changed, is_ours)

    def store(self, found: Sequence[Suggestion]) -> Outcome:
        wanted = self._spans(found)
        corrected = put_away = added = 0
        taken: set[tuple[Span, ...]] = set()
        for one in self.standing:
            if not one.is_ours:
                continue
            meets = [spans for spans in wanted if _overlap(one.spans, spans)]
            again = next((spans for spans in meets if list(spans) == one.spans), meets[0] if meets else None)
            if one.quote.status == Status.REJECTED:
                if again and self._is_free(again, apart_from=one):
                    self._renew(one, again, wanted[again])
                    corrected += 1
                    taken.add(again)
            elif (
                not one.spans
                or one.changed
                or (again and list(again) != one.spans and self._is_older(one.quote))
            ):
                if again and again not in taken and self._is_free(again, apart_from=one):
                    self._renew(one, again, wanted[again])
                    corrected += 1
                    taken.add(again)
                elif not again or not one.spans:
                    one.quote.reject(by=None, revision=one.quote.revision, now=self.now)
                    put_away += 1
            elif again and list(again) == one.spans:
                corrected += self._complete(one, wanted[again])
        covered = [spans for one in self.standing if (spans := one.spans) and not self._is_put_away(one)]
        for place, suggestion in wanted.items():
            if place not in taken and not any(_overlap(place, there) for there in covered):
                self._add(place, suggestion)
                added += 1
        return Outcome(len(wanted), added, corrected, put_away)

    def _spans(self, found: Iterable[Suggestion]) -> dict[tuple[Span, ...], Suggestion]:
        """The suggestions by their words, without white space at their ends; the surer of two on the same ones."""
        wanted: dict[tuple[Span, ...], Suggestion] = {}
        for suggestion in sorted(found, key=lambda one: one.tier):
            trim = (trimmed(self.version.text, start, end) for start, end in suggestion.spans)
            if spans := tuple((start, end) for start, end in trim if start < end):
                wanted.setdefault(spans, suggestion)
        return dict(sorted(wanted.items()))

    def _is_free(self, spans: Sequence[Span], *, apart_from: _Standing) -> bool:
        return not any(
            _overlap(spans, one.spans)
            for one in self.standing
            if one is not apart_from and not self._is_put_away(one)
        )

    @staticmethod
    def _is_put_away(one: _Standing) -> bool:
        """By the program itself, not by an editor."""
        return one.is_ours and one.quote.status == Status.REJECTED

    def _add(self, spans: Sequence[Span], suggestion: Suggestion) -> None:
        quote = Quote.draft(
            self.version,
            spans,
            by=None,
            now=self.now,
            status=Status.SUGGESTED,
            **fields_of(suggestion, self.article, self.people),
        )
        Finding.objects.create(quote=quote, **_finding(suggestion, self.version))

    def _renew(self, one: _Standing, spans: Sequence[Span], suggestion: Suggestion) -> None:
        one.quote.suggest_anew(
            self.version, spans, now=self.now, **fields_of(suggestion, self.article, self.people)
        )
        Finding.objects.update_or_create(quote=one.quote, defaults=_finding(suggestion, self.version))

    def _complete(self, one: _Standing, suggestion: Suggestion) -> bool:
        """The same words: what was not known before, such as the days once the article is dated. In another version
        than the one that was read, all of it as it is there: the words may be somebody else's now."""
        quote = one.quote
        fields = fields_of(suggestion, self.article, self.people)
        finding = getattr(quote, "finding", None)
        is_older = self._is_older(quote)
        more = self._otherwise(quote, fields) if is_older else self._unknown(quote, fields)
        if more:
            quote.suggest_anew(self.version, now=self.now, **more)
        if finding is not None and (more or is_older):
            Finding.objects.update_or_create(quote=quote, defaults=_finding(suggestion, self.version))
        return bool(more)

    def _is_older(self, quote: Quote) -> bool:
        """Whether it was found in another version of the text."""
        finding = getattr(quote, "finding", None)
        return finding is not None and finding.version_id != self.version.pk

    @staticmethod
    def _otherwise(quote: Quote, fields: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if getattr(quote, name) != value}

    def _unknown(self, quote: Quote, fields: dict[str, Any]) -> dict[str, Any]:
        dates = {name: fields[name] for name in ("said_earliest", "said_latest", "said_expression")}
        more: dict[str, Any] = {}
        if quote.said_earliest is None and quote.said_latest is None and dates["said_latest"]:
            more |= dates
        if quote.speaker is None and fields["speaker"]:
            more["speaker"] = fields["speaker"]
        if more and (speaker := more.get("speaker", quote.speaker)):
            more["role"] = self.people.role(
                speaker,
                more.get("said_earliest", quote.said_earliest),
                more.get("said_latest", quote.said_latest),
            )
        return more


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> bool:
    return any(start < right and left < end for start, end in one for left, right in other)


def fields_of(suggestion: Suggestion, article: Article, people: "People | None" = None) -> dict[str, Any]:
    """The fields of a quote, as far as the engine and the database together leave no doubt."""
    people = people or People()
    said = suggestion.said
    earliest, latest = (said.earliest, said.latest) if said else (None, None)
    relay = people.relay(suggestion)
    resolved, day = suggestion.speaker, latest or article.published_on
    is_outlet = relay is not None and suggestion.relay is None
    speaker = people.speaker(resolved.how, resolved.name, suggestion.mention, day) if not is_outlet else None
    return {
        "speaker": speaker,
        "mention": suggestion.mention[:200],
        "role": people.role(speaker, earliest, latest),
        "kind": suggestion.kind.value,
        "cue": suggestion.cue[:100],
        "said_earliest": earliest,
        "said_latest": latest,
        "said_expression": said.expression[:200] if said else "",
        "relayed_by_actor": relay if isinstance(relay, Actor) else None,
        "relayed_by_outlet": relay if isinstance(relay, Outlet) else None,
        "basis": suggestion.basis.value,
    }


class People:
    """Who is meant, as far as there is no doubt. Asks the database once for each name."""

    def __init__(self) -> None:
        self._bearers: dict[tuple[str, dt.date | None], list[Actor]] = {}
        self._relays: dict[str, Actor | Outlet | None] = {}
        self._roles: dict[tuple[int, dt.date | None, dt.date | None], Role | None] = {}

    def speaker(self, how: str, name: str, mention: str, on: dt.date | None) -> Actor | None:
        """The one actor who bears the name, or held the role on the day; nobody for a pronoun, whoever it may mean.

        `name` is what the engine took the mention for. Where it and the words of the mention lead to different
        actors, it is neither.
        """
        if how == How.PRONOUN or is_pronoun(mention):
            return None
        met = [self._meant(words, on) for words in (name, mention) if words]
        found = {actor.pk: actor for actors in met for actor in actors}
        if any(speaks_for(mention, actor.name) for actor in found.values()):
            return None
        return next(iter(found.values())) if len(found) == 1 else None

    def _meant(self, words: str, on: dt.date | None) -> list[Actor]:
        """Those who bear the name or held the role; of "Foreign Secretary Jeremy Hunt" those called Jeremy Hunt."""
        for name in names_in(words):
            if found := self._called(name, on):
                return found
        return []

    def _called(self, name: str, on: dt.date | None) -> list[Actor]:
        key = (name.casefold(), on)
        if key not in self._bearers:
            named = [one for one in bearers(name) if isinstance(one, Actor)]
            self._bearers[key] = named or holders(name, on)
        return self._bearers[key]

    def relay(self, suggestion: Suggestion) -> Actor | Outlet | None:
        """Through whom the words came: also an outlet of ours that only the database knows to be one."""
        if suggestion.relay:
            return self._relay(suggestion.relay.name)
        if suggestion.cue.lower() == "according to":
            found = self._relay(suggestion.speaker.name or suggestion.mention)
            return found if isinstance(found, Outlet) else None
        return None

    def _relay(self, name: str) -> Actor | Outlet | None:
        if name not in self._relays:
            self._relays[name] = relay_of(name)
        return self._relays[name]

    def role(self, speaker: Actor | None, earliest: dt.date | None, latest: dt.date | None) -> Role | None:
        if speaker is None:
            return None
        key = (speaker.pk, earliest, latest)
        if key not in self._roles:
            self._roles[key] = speaker.role_at(earliest, latest)
        return self._roles[key]


_LEADS_ELSEWHERE = frozenset(
    [
        "of",
        "for",
        "to",
        "with",
        "by",
        "from",
        "on",
        "in",
        "at",
        "and",
        "or",
        "about",
        "against",
        "behind",
        "de",
    ]
)
"""Before a name, these say that somebody else is meant: "a spokesman for Jeremy Hunt"."""


def speaks_for(mention: str, name: str) -> bool:
    """Whether the mention is of somebody else beside the name: "a spokesman for Ada Quill", "Ada Quill’s lawyer"."""
    words, parts = [word.strip(",;") for word in mention.split()], name.split()
    for place, word in enumerate(words):
        bare = word.removesuffix("’s").removesuffix("'s")
        if not parts or bare != parts[-1]:
            continue
        start = place
        while start and words[start - 1] in parts[:-1]:
            start -= 1
        is_owner = bare != word and place + 1 < len(words)
        return is_owner or (start > 0 and words[start - 1].lower() in _LEADS_ELSEWHERE)
    return False


def names_in(words: str) -> list[str]:
    """What a mention may name: the whole, and without the titles before a name of two words or more."""
    names = [words, without_article(words)]
    parts = words.split()
    for start in range(1, len(parts) - 1):
        before = parts[start - 1]
        is_name = parts[start][:1].isupper()
        if (
            is_name
            and before.lower() not in _LEADS_ELSEWHERE
            and not before.endswith(("’s", "'s", "s’", "s'"))
        ):
            names.append(" ".join(parts[start:]))
    return list(dict.fromkeys(names))


def relay_of(name: str) -> Actor | Outlet | None:
    """The outlet or actor of that name, if there is just one."""
    if not name:
        return None
    found = bearers(name, outlets=True) or bearers(without_article(name), outlets=True)
    return found[0] if len(found) == 1 else None


def without_article(name: str) -> str:
    first, _, rest = name.partition(" ")
    return rest if first.lower() == "the" and rest else name


def is_pronoun(mention: str) -> bool:
    return mention.strip().lower() in PRONOUNS


def _finding(suggestion: Suggestion, version: Version) -> dict[str, Any]:
    cue, mention = suggestion.cue_span, suggestion.mention_span
    return {
        "version": version,
        "tier": int(suggestion.tier),
        "reason": suggestion.reason[:500],
        "how": suggestion.speaker.how.value,
        "name": suggestion.speaker.name[:200],
        "how_reason": suggestion.speaker.reason[:500],
        "relay": suggestion.relay.name[:200] if suggestion.relay else "",
        "cue_start": cue[0] if cue else None,
        "cue_end": cue[1] if cue else None,
        "mention_start": mention[0] if mention else None,
        "mention_end": mention[1] if mention else None,
    }


def is_on() -> bool:
    return bool(settings.SUGGESTIONS)
