"""Loads the sample story of `seeds/` (its README tells the format), as an editor would have made it.

Nothing is written past the models' own methods: the versions are recorded at their times, and what an editor
does to a quote is done in order and in working hours. So re-anchoring really happens when the outlet rewords a
sentence, and every annotation has its acts and its history.
"""

import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from annotations.models import Actor, Anchor, Annotation, Claim, Event, Quote, Role, Status, Utterance
from articles.models import Article, Outlet, Story, StoryArticle, Version

type Row = dict[str, Any]
type Step = Callable[[dt.datetime], object]
"""What is done at a moment, which it is given."""
type Planned = tuple[str, Row]
"""A method of an annotation, and the arguments beside who, when and on which revision."""

LONDON = ZoneInfo("Europe/London")
OPENS, CLOSES = dt.time(9, 0), dt.time(18, 0)
PACE = dt.timedelta(minutes=2)
"""What an act takes the editor."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The story, how many rows of each kind were made, and what state the anchors came to be in."""

    story: Story
    counts: dict[str, int]
    quotes: dict[str, int]
    anchors: dict[str, int]


def load(folder: Path, *, by: User) -> Loaded | None:
    """Load the sample once. None, and nothing written, if its story or an article of it is here already.

    `by` is the editor to whom the acts are attributed.
    """
    seed: Row = tomllib.loads((folder / "story.toml").read_text(encoding="utf-8"))
    addresses = [article["url"] for article in seed["articles"]]
    if (
        Story.objects.filter(slug=seed["story"]["slug"]).exists()
        or Article.objects.filter(url__in=addresses).exists()
    ):
        return None
    with transaction.atomic():
        return _Loader(folder, seed, by).load()


class _Loader:
    def __init__(self, folder: Path, seed: Row, by: User) -> None:
        self.folder, self.seed, self.by = folder, seed, by
        self.recordings: dict[tuple[str, int], dt.datetime] = {
            (article["key"], number): version["recorded_at"]
            for article in seed["articles"]
            for number, version in enumerate(article["versions"], start=1)
        }
        self.begun: dt.datetime = min(self.recordings.values())
        self.clock = self.begun
        self.steps: list[tuple[dt.datetime, Step]] = []
        self.outlets: dict[str, Outlet] = {}
        self.articles: dict[str, Article] = {}
        self.actors: dict[str, Actor] = {}
        self.roles: dict[str, Role] = {}
        self.claims: dict[str, Claim] = {}
        self.utterances: dict[str, Utterance] = {}

    def load(self) -> Loaded:
        self.story = Story.objects.create(**self.seed["story"], changed_at=self.begun)
        Story.objects.filter(pk=self.story.pk).update(created_at=self.begun)
        self.load_outlets()
        self.load_actors()
        self.load_claims()
        self.plan_articles()
        for row in sorted(self.seed["quotes"], key=self.recorded_at):
            self.plan_quote(row)
        for row in self.seed["events"]:
            self.plan_event(row)
        for moment, step in sorted(self.steps, key=lambda planned: planned[0]):
            step(moment)
        self.story.refresh_from_db()
        return self.loaded()

    # When: an editor does one thing after another, nothing before the version is there, and nothing at night.

    def recorded_at(self, row: Row) -> dt.datetime:
        """When the version was recorded in which a quote or a piece of evidence stands."""
        return self.recordings[row["article"], row["version"]]

    def next_moment(self, after: dt.datetime) -> dt.datetime:
        local = max(self.clock + PACE, after + dt.timedelta(minutes=10)).astimezone(LONDON)
        if local.time() < OPENS:
            local = dt.datetime.combine(local.date(), OPENS, LONDON)
        elif local.time() >= CLOSES:
            local = dt.datetime.combine(local.date() + dt.timedelta(days=1), OPENS, LONDON)
        self.clock = local
        return local

    def plan(self, moment: dt.datetime, step: Step) -> None:
        self.steps.append((moment, step))

    # What stands by itself.

    def load_outlets(self) -> None:
        for row in self.seed["outlets"]:
            fields = {name: value for name, value in row.items() if name != "key"}
            known = Outlet.objects.filter(slug=row["slug"]).first() or Outlet.objects.named(row["domain"])
            self.outlets[row["key"]] = known or Outlet.objects.create(**fields)

    def load_actors(self) -> None:
        for row in self.seed["actors"]:
            self.actors[row["key"]] = actor = self.actor(row)
            for name in row.get("aliases", []):
                actor.aliases.get_or_create(name=name)
        for row in self.seed["actors"]:
            for role in row.get("roles", []):
                fields = {name: role.get(name) for name in ("title", "since", "until")}
                fields["organisation"] = self.actors.get(role.get("organisation", ""))
                self.roles[role["key"]], _ = self.actors[row["key"]].roles.get_or_create(**fields)

    def actor(self, row: Row) -> Actor:
        """The actor of the row, or the one of that name or Wikidata identifier who is here already."""
        same = Q(slug=row["slug"]) | Q(name__iexact=row["name"])
        if row.get("wikidata_id"):
            same |= Q(wikidata_id=row["wikidata_id"])
        known = Actor.objects.standing().filter(same).order_by("id").first()
        names = ("kind", "name", "slug", "description", "wikidata_id")
        return known or Actor.objects.create(**{name: row.get(name, "") for name in names})

    def load_claims(self) -> None:
        for number, row in enumerate(self.seed["claims"], start=1):
            self.claims[row["slug"]] = Claim.objects.create(
                story=self.story, number=number, slug=row["slug"], text=row["text"]
            )
        Claim.objects.filter(story=self.story).update(created_at=self.begun)
        for row in self.seed["utterances"]:
            speaker = self.actors[row["speaker"]]
            self.utterances[row["key"]] = Utterance.objects.create(speaker=speaker, title=row["title"])

    # Articles and their versions.

    def plan_articles(self) -> None:
        for row in self.seed["articles"]:
            for number, version in enumerate(row["versions"], start=1):
                add = self.add_article(row) if number == 1 else None
                self.plan(version["recorded_at"], self.record(row["key"], version, add))

    def add_article(self, row: Row) -> Step:
        def add(now: dt.datetime) -> None:
            fields = {name: value for name, value in row.items() if name not in ("key", "outlet", "versions")}
            article = Article.objects.create(outlet=self.outlets[row["outlet"]], **fields)
            Article.objects.filter(pk=article.pk).update(recorded_at=now)
            StoryArticle.objects.create(story=self.story, article=article)
            StoryArticle.objects.filter(article=article).update(added_at=now)
            self.articles[row["key"]] = article

        return add

    def record(self, key: str, row: Row, add: Step | None) -> Step:
        def record(now: dt.datetime) -> None:
            if add:
                add(now)
            self.articles[key].record_version(
                (self.folder / row["file"]).read_text(encoding="utf-8"),
                now=now,
                headline=row["headline"],
                reason=row["reason"],
                minor=row["minor"],
                kinds={int(number): kind for number, kind in row["kinds"].items()},
            )
            if not row["minor"]:
                self.story.touch(now=now)

        return record

    def span(self, row: Row) -> tuple[Version, int, int]:
        """Where the words of a part, or of a piece of evidence, stand."""
        version = self.articles[row["article"]].versions.get(number=row["version"])
        start = -1
        for _ in range(row.get("occurrence", 1)):
            start = version.text.index(row["exact"], start + 1)
        return version, start, start + len(row["exact"])

    # Quotes and events: each is drafted, then worked on act by act.

    def plan_work(
        self, drafted: dt.datetime, draft: Callable[[dt.datetime], Annotation], acts: list[Planned]
    ) -> None:
        made: list[Annotation] = []

        def step(name: str, arguments: Row) -> Step:
            def act(now: dt.datetime) -> None:
                getattr(made[0], name)(by=self.by, revision=made[0].revision, now=now, **arguments)

            return act

        self.plan(drafted, lambda now: made.append(draft(now)))
        for name, arguments in acts:
            moment = self.next_moment(drafted)
            if name == "withdraw":  # on second thoughts
                moment += dt.timedelta(days=1)
            self.plan(moment, step(name, arguments))

    def plan_quote(self, row: Row) -> None:
        status, recorded = row["status"], self.recorded_at(row)
        is_suggested = status == Status.REJECTED  # by the program, as soon as the text was there

        def draft(now: dt.datetime) -> Quote:
            places = [self.span({**row, **part}) for part in row["parts"]]
            return Quote.draft(
                places[0][0],
                [(start, end) for _version, start, end in places],
                by=None if is_suggested else self.by,
                now=now,
                status=Status.SUGGESTED if is_suggested else Status.DRAFT,
                **self.quote_fields(row),
            )

        acts: list[Planned] = [
            (
                "set_stance",
                {
                    "claim": self.claims[stance["claim"]],
                    "position": stance["position"],
                    "note": stance.get("note", ""),
                },
            )
            for stance in row.get("stances", [])
        ]
        if status in (Status.PUBLISHED, Status.WITHDRAWN):
            acts.append(("publish", {}))
        if status == Status.WITHDRAWN:
            acts.append(("withdraw", {"reason": row["withdrawn_reason"]}))
        if status == Status.REJECTED:
            acts.append(("reject", {}))
        self.plan_work(recorded + PACE if is_suggested else self.next_moment(recorded), draft, acts)

    def quote_fields(self, row: Row) -> Row:
        said, relayed = row.get("said", {}), row.get("relayed_by", {})
        earliest, latest = said.get("earliest"), said.get("latest")
        speaker = self.actors[row["speaker"]] if "speaker" in row else None
        role = self.roles.get(row.get("role", ""))
        return {
            "speaker": speaker,
            "mention": row.get("mention", ""),
            "role": role or (speaker.role_at(earliest, latest) if speaker else None),
            "kind": row["kind"],
            "cue": row.get("cue", ""),
            "said_earliest": earliest,
            "said_latest": latest,
            "said_expression": said.get("expression", ""),
            "relayed_by_actor": self.actors.get(relayed.get("actor", "")),
            "relayed_by_outlet": self.outlets.get(relayed.get("outlet", "")),
            "basis": row["basis"],
            "utterance": self.utterances.get(row.get("utterance", "")),
        }

    def plan_event(self, row: Row) -> None:
        evidence, when = row.get("evidence", []), row.get("when", {})
        known = [self.recorded_at(piece) for piece in evidence]
        if not evidence and "latest" in when:  # from a source that is as old as the event
            known.append(dt.datetime.combine(when["latest"], CLOSES, LONDON))
        recorded = max(known, default=self.clock)

        def draft(now: dt.datetime) -> Event:
            return Event.draft(
                self.story,
                by=self.by,
                now=now,
                evidence=[self.span(piece) for piece in evidence],
                title=row["title"],
                when_earliest=when.get("earliest"),
                when_latest=when.get("latest"),
                when_expression=when.get("expression", ""),
                place=row.get("place", ""),
                source_url=row.get("source_url", ""),
            )

        acts: list[Planned] = [("publish", {})] if row["status"] == Status.PUBLISHED else []
        self.plan_work(self.next_moment(recorded), draft, acts)

    # What came of it.

    def loaded(self) -> Loaded:
        quotes = Quote.objects.filter(article__stories=self.story)
        anchors = Anchor.objects.filter(version__article__stories=self.story)
        counts = {
            "articles": len(self.articles),
            "versions": Version.objects.filter(article__stories=self.story).count(),
            "outlets": len(self.outlets),
            "actors": len(self.actors),
            "claims": len(self.claims),
            "quotes": quotes.count(),
            "events": self.story.events.count(),
        }
        return Loaded(
            self.story,
            counts,
            Counter(quotes.values_list("status", flat=True)),
            Counter(anchors.values_list("state", flat=True)),
        )
