"""The desk's lists: what waits for an editor and why, and what an editor did last."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from annotations.models import Act, Claim, Event, Quote, Stance, Verb
from annotations.models.annotation import ActQuerySet
from annotations.querysets import EventQuerySet, QuoteQuerySet
from annotations.workbench import UNDONE
from articles.models import Article, Story

if TYPE_CHECKING:
    from accounts.models import User

DONE = {
    Verb.CREATED: "Drafted",
    Verb.EDITED: "Edited",
    Verb.RESIZED: "Put on other words",
    Verb.STANCE: "Changed a stance of",
    Verb.PUBLISHED: "Published",
    Verb.WITHDRAWN: "Withdrew",
    Verb.REJECTED: "Rejected",
    Verb.REVIVED: "Took up again",
    Verb.CHECKED: "Checked",
    Verb.ACCEPTED: "Accepted",
    Verb.JOINED: "Joined with other renderings",
    Verb.SEPARATED: "Separated from other renderings",
    Verb.UNDONE: "Undid a step on",
}


@dataclass(frozen=True, slots=True)
class DeskList:
    """A list of the desk: its name in addresses, what it holds, and what to say when it holds nothing."""

    slug: str
    title: str
    label: str
    intro: str
    empty: str
    kind: str
    find: "Callable[[User], QuerySet[Any]]"

    @property
    def url(self) -> str:
        return reverse("desk:list", args=[self.slug])

    def rows(self, user: "User") -> "QuerySet[Any]":
        """What the list holds, in its order, with what a row shows."""
        found = self.find(user)
        if isinstance(found, QuoteQuerySet):
            return listed(found).latest_changed_first()
        if isinstance(found, EventQuerySet):
            found = found.with_evidence() if self.kind == "evidence" else found.select_related("story")
            return found.latest_changed_first()
        return found.select_related("outlet").defer("search", "as_imported").order_by("-recorded_at", "-id")


def listed(quotes: QuoteQuerySet) -> QuoteQuerySet:
    """Quotes with what a row of the desk shows, and without the texts they stand in."""
    return quotes.with_words().defer(
        "version__text", "article__search", "article__notes", "article__author_bio", "article__as_imported"
    )


LISTS = [
    DeskList(
        "mine",
        "Your drafts",
        "your drafts",
        "Quotes that you began. Complete them and publish them, or reject them.",
        "You have no drafts. Choose an article and select the words of a quote.",
        "quotes",
        lambda user: Quote.objects.drafts().made_by(user),
    ),
    DeskList(
        "drafts",
        "All drafts",
        "drafts of everybody",
        "Quotes that nobody has published yet.",
        "There are no drafts. Choose an article and select the words of a quote.",
        "quotes",
        lambda _: Quote.objects.drafts(),
    ),
    DeskList(
        "suggested",
        "Suggestions",
        "suggestions",
        "Quotes that the program found. Look at each: accept it, or reject it for good.",
        "Nothing is suggested at the moment.",
        "quotes",
        lambda _: Quote.objects.suggested(),
    ),
    DeskList(
        "changed",
        "Check again: words changed by the outlet",
        "to check again",
        "The outlet has other words there than those that an editor read. Does the stance still hold?",
        "No outlet has changed the words of a quote since an editor read them.",
        "quotes",
        lambda _: Quote.objects.live().to_check_again(),
    ),
    DeskList(
        "orphans",
        "Words removed by the outlet",
        "words removed",
        "The newest version of the article no longer has these words. Place the quote on others, or withdraw it.",
        "Every quote still has its words in the newest version of its article.",
        "quotes",
        lambda _: Quote.objects.live().orphaned(),
    ),
    DeskList(
        "evidence",
        "Evidence changed or removed by the outlet",
        "events to check again",
        "Words that show an event are other words now, or gone. Do they still show it?",
        "The words that show the events stand as editors read them.",
        "evidence",
        lambda _: Event.objects.live().evidence_changed(),
    ),
    DeskList(
        "undated",
        "Quotes without a date",
        "without a date",
        "The timeline shows them at its end, as undated.",
        "Every quote has a date.",
        "quotes",
        lambda _: Quote.objects.live().undated(),
    ),
    DeskList(
        "unclaimed",
        "Quotes without a stance",
        "without a stance",
        "They stand on no claim yet. Not every quote has to.",
        "Every quote takes a stance on a claim.",
        "quotes",
        lambda _: Quote.objects.live().unclaimed(),
    ),
    DeskList(
        "events",
        "Events not published yet",
        "events to finish",
        "Drafts and suggestions of events, in all stories.",
        "Every event is published. Add one from a story, or from words in an article.",
        "events",
        lambda _: Event.objects.filter(status__in=["draft", "suggested"]),
    ),
    DeskList(
        "undated-articles",
        "Articles without a date",
        "undated articles",
        "Nobody knows yet when they were published, so “yesterday” in them means no day.",
        "Every article has its date of publication.",
        "articles",
        lambda _: Article.objects.undated(),
    ),
]
BY_SLUG = {one.slug: one for one in LISTS}


@dataclass(frozen=True, slots=True)
class Tally:
    """How much a list holds, with the first of it where the front page shows it."""

    of: DeskList
    count: int
    first: Sequence[Any] = ()


def tallies(user: "User", *, showing: Iterable[str] = (), most: int = 5) -> list[Tally]:
    """Every list with its size; those in `showing` with their first rows."""
    wanted = set(showing)
    return [
        Tally(one, one.find(user).count(), list(one.rows(user)[:most]) if one.slug in wanted else ())
        for one in LISTS
    ]


# What an editor did last.


@dataclass(frozen=True, slots=True)
class Deed:
    """An act as a list tells it; `undo_url` is empty where it can't be taken back any more."""

    act: Act
    did: str
    kind: str
    title: str
    place: str
    address: str
    undo_url: str
    undoes: str
    revision: int


def acts_of(user: "User") -> ActQuerySet:
    return Act.objects.made_by(user).select_related("undone_by").newest_first()


def deeds(acts: Sequence[Act]) -> list[Deed]:
    """The acts with what they were done to, in a fixed number of queries."""
    quotes = {q.pk: q for q in listed(Quote.objects.filter(pk__in={a.quote_id for a in acts if a.quote_id}))}
    events = {
        e.pk: e
        for e in Event.objects.filter(pk__in={a.event_id for a in acts if a.event_id}).select_related("story")
    }
    in_force = Act.objects.in_force()
    newest = {
        *in_force.filter(quote__in=quotes).newest_of_each_quote().values_list("pk", flat=True),
        *in_force.filter(event__in=events).newest_of_each_event().values_list("pk", flat=True),
    }
    return [
        _deed(act, quotes[act.quote_id] if act.quote_id else events[act.event_id or 0], act.pk in newest)
        for act in acts
    ]


def _deed(act: Act, of: Quote | Event, can_be_undone: bool) -> Deed:
    if isinstance(of, Quote):
        kind, title, place = "quote", f"{of.speaker_name}: “{of.words}”", of.article.headline
    else:
        kind, title, place = "event", of.title, of.story.title
    return Deed(
        act,
        DONE[Verb(act.verb)],
        kind,
        title,
        place,
        reverse(f"desk:{kind}", args=[of.uuid]),
        reverse(f"desk:{kind}-undo", args=[of.uuid]) if can_be_undone else "",
        UNDONE.get(Verb(act.verb), ""),
        of.revision,
    )


# Of stories and claims.


def unpublished_per_story(stories: Iterable[Story]) -> dict[int, int]:
    """How many quotes of each story wait to be published, by the story's key."""
    waiting = Quote.objects.filter(status__in=["draft", "suggested"], article__stories__in=stories)
    counted = waiting.order_by().values_list("article__stories").annotate(Count("pk", distinct=True))
    return dict(counted)


@dataclass(frozen=True, slots=True)
class PositionCount:
    """How many quotes take a position."""

    position: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in the desk's list: how its live quotes divide, and how many of them readers don't see yet."""

    claim: Claim
    counts: list[PositionCount]
    total: int
    unpublished: int


def claim_rows(story: Story) -> list[ClaimRow]:
    """The story's claims in their order, counted in one query."""
    stances = Stance.objects.filter(
        claim__story=story,
        quote__article__stories=story,
        quote__status__in=["suggested", "draft", "published"],
    )
    seen: dict[int, dict[str, int]] = defaultdict(dict)
    unseen: Counter[int] = Counter()
    counted = stances.values_list("claim", "position").annotate(
        number=Count("pk"), waiting=Count("pk", filter=~Q(quote__status="published"))
    )
    for claim, position, count, unpublished in counted.order_by():
        seen[claim][position] = count
        unseen[claim] += unpublished
    return [
        ClaimRow(
            claim,
            [
                PositionCount(p, seen[claim.pk][p], f"{reverse('desk:claim', args=[claim.pk])}?position={p}")
                for p in Stance.Position.values
                if p in seen[claim.pk]
            ],
            sum(seen[claim.pk].values()),
            unseen[claim.pk],
        )
        for claim in Claim.objects.filter(story=story).in_order()
    ]


@dataclass(slots=True)
class StanceRow:
    """A quote beside a claim: where it stands on it, if anywhere."""

    quote: Quote
    chosen: str
    check_again: bool
    error: str = ""


def stance_rows(claim: Claim, quotes: Iterable[Quote]) -> list[StanceRow]:
    """Quotes that were loaded by `listed`, each with its stance on the claim."""
    rows = []
    for quote in quotes:
        stance = next((one for one in quote.stances.all() if one.claim_id == claim.pk), None)
        rows.append(
            StanceRow(quote, stance.position if stance else "", stance.check_again if stance else False)
        )
    return rows
