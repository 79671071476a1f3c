"""A site with something in it for every reason not to be shown, each field of it marked by a word of its own."""

import re
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from annotations.models import Actor, Alias, Claim, Event, Quote, Role, Stance, Status
from articles.models import Article, Import, ImportRow, ImportSource, Outlet, Story
from tests.factories import (
    NOW,
    TEXT,
    ActorFactory,
    AdministratorFactory,
    AliasFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    EventFactory,
    OutletFactory,
    QuoteFactory,
    RoleFactory,
    StoryFactory,
    UserFactory,
    UtteranceFactory,
)

REMOVED = "The vendor denies that its equipment is a risk."
"""A sentence that the first version of the public article has and the second has not."""
TEXT_OF_TWO = f"{TEXT}\n\nThe council meets again on Thursday."


class Canaries:
    """Words that stand in one place each: where one turns up, it tells what got out."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def __call__(self, place: str) -> str:
        number = len(self.places)
        letters = "".join(chr(ord("a") + number // power % 26) for power in (676, 26, 1))
        word = f"canary{letters}"
        self.places[word] = place
        return word

    def heard(self, text: str) -> dict[str, str]:
        """Which of the words a text has, and where they belong."""
        found = {word.lower() for word in re.findall("canary[a-z]{3}", text, re.IGNORECASE)}
        return {word: self.places[word] for word in sorted(found) if word in self.places}


DECOY = "magpieaaa"
"""A word as long as a canary, which stands nowhere."""


@dataclass(frozen=True)
class Secret:
    """A story that nobody has published, and everything in it."""

    story: Story
    article: Article
    claim: Claim
    quote: Quote
    event: Event


@dataclass(frozen=True)
class Planted:
    canaries: Canaries
    # Who asks.
    reader: User
    owner: User
    colleague: User
    administrator: User
    # What everybody may see.
    story: Story
    article: Article
    claim: Claim
    actor: Actor
    alias: Alias
    role: Role
    quote: Quote
    event: Event
    outlet: Outlet
    # What nobody but an editor may see.
    secret: Secret
    loose: Article
    merged: Actor
    quotes: dict[str, Quote]
    events: dict[str, Event]
    # What only administrators may see.
    batch: Import

    @property
    def hidden(self) -> list[Quote]:
        return [self.secret.quote, *(q for kind, q in self.quotes.items() if kind != "withdrawn")]

    @property
    def withdrawal_reason(self) -> str:
        return self.quotes["withdrawn"].withdrawn_reason

    @property
    def corrections(self) -> list[str]:
        """What the story's corrections tell of what is not published any more: why it was withdrawn."""
        return [self.withdrawal_reason, self.events["withdrawn"].withdrawn_reason]


def plant() -> Planted:
    """Writes all of it; call it in a transaction that is rolled back."""
    return _Planting().all()


class _Planting:
    def __init__(self) -> None:
        self.canary = Canaries()
        self.owner = EditorFactory(**self.names("the owner"))

    def all(self) -> Planted:
        secret_story = self.secret_story()
        story, outlet = StoryFactory(slug="the-public-story"), OutletFactory()
        article = self.public_article(outlet, story, secret_story)
        claim, actor = ClaimFactory(story=story), ActorFactory()
        quote = self.public_quote(article, actor)
        secret = self.secret(secret_story)
        Stance.objects.create(quote=quote, claim=claim, position="opposes")
        Stance.objects.create(
            quote=quote, claim=secret.claim, position="supports", note=self.canary("note on a secret claim")
        )
        event = EventFactory(story=story, by=self.owner, published=True)
        quotes = {kind: self.hidden_quote(kind, article) for kind in STEPS}
        rendering = [quote, secret.quote, *quotes.values()]
        Quote.objects.filter(pk__in=[one.pk for one in rendering]).update(utterance=quotes["draft"].utterance)
        events = {kind: self.hidden_event(kind, story, article) for kind in STEPS}
        article.record_version(
            article.text.replace(REMOVED, "The vendor has not answered."), now=NOW, reason="Corrected"
        )
        return Planted(
            canaries=self.canary,
            reader=UserFactory(**self.names("the reader")),
            owner=self.owner,
            colleague=EditorFactory(**self.names("the colleague")),
            administrator=AdministratorFactory(**self.names("the administrator")),
            story=story,
            article=article,
            claim=claim,
            actor=actor,
            alias=AliasFactory(actor=actor),
            role=RoleFactory(actor=actor),
            quote=quote,
            event=event,
            outlet=outlet,
            secret=secret,
            loose=self.hidden_article("a loose article"),
            merged=self.hidden_actor("a merged actor", merged_into=actor),
            quotes=quotes,
            events=events,
            batch=self.batch(),
        )

    def batch(self) -> Import:
        """An import that is over, of a source, with a row that was rejected."""
        source = ImportSource.objects.create(name=self.canary("name of an import source"))
        batch = Import.objects.create(
            name=f"{self.canary('name of an imported file')}.csv",
            source=source,
            stage=Import.Stage.REPORTED,
            created_at=NOW,
            changed_at=NOW,
            read_at=NOW,
            reported_at=NOW,
            rows_read=1,
            rows_rejected=1,
        )
        ImportRow.objects.create(
            batch=batch,
            number=1,
            where="row 1",
            outcome=ImportRow.Outcome.REJECTED,
            reason=self.canary("reason why a row was rejected"),
            headline=self.canary("headline of a rejected row"),
            raw={"headline": self.canary("what a rejected row said")},
        )
        return batch

    def names(self, whose: str) -> dict[str, str]:
        of = {name: self.canary(f"{name} of {whose}") for name in ("username", "first_name", "last_name")}
        return {**of, "email": f"{self.canary(f'email of {whose}')}@newsdesk.example"}

    # What everybody may see, with what belongs to it and is not shown.

    def public_article(self, outlet: Outlet, *stories: Story) -> Article:
        return ArticleFactory(
            outlet=outlet,
            text=TEXT_OF_TWO,
            stories=list(stories),
            notes=self.canary("notes of a public article"),
            external_id=self.canary("external id of a public article"),
            as_imported={"headline": self.canary("headline of a public article, as imported")},
        )

    def public_quote(self, article: Article, actor: Actor) -> Quote:
        """Drafted as something else than what was published then."""
        quote = QuoteFactory(
            article=article,
            by=self.owner,
            speaker=self.hidden_actor("the first speaker of a quote, before its publication"),
            mention=self.canary("mention, before publication"),
            cue=self.canary("cue, before publication"),
        )
        quote.edit(by=self.owner, revision=1, now=NOW, speaker=actor, mention="the minister", cue="told")
        quote.publish(by=self.owner, revision=2, now=NOW)
        return quote

    # What only editors may see.

    def hidden_outlet(self, of: str) -> Outlet:
        slug = self.canary(f"outlet of {of}")
        return OutletFactory(name=f"The {slug}", slug=slug, domain=f"{slug}.example")

    def hidden_actor(self, of: str, **fields: Any) -> Actor:
        name = self.canary(f"name of {of}")
        actor = ActorFactory(
            name=f"Minister {name}", slug=name, description=self.canary(f"description of {of}"), **fields
        )
        AliasFactory(actor=actor, name=self.canary(f"alias of {of}"))
        organisation = ActorFactory(name=self.canary(f"organisation of {of}"))
        RoleFactory(actor=actor, title=self.canary(f"role of {of}"), organisation=organisation)
        return actor

    def hidden_article(self, of: str, *stories: Story) -> Article:
        texts = [
            "byline",
            "author_bio",
            "dateline",
            "section",
            "image_caption",
            "image_credit",
            "external_id",
            "notes",
        ]
        return ArticleFactory(
            outlet=self.hidden_outlet(of),
            headline=f"Minister warns of {self.canary(f'headline of {of}')}",
            text=f"{TEXT}\n\nAll agree on {self.canary(f'text of {of}')}.",
            stories=list(stories),
            url=f"https://courier.example/{self.canary(f'url of {of}')}",
            archive_url=f"https://archive.example/{self.canary(f'archive url of {of}')}",
            image_url=f"https://images.example/{self.canary(f'image url of {of}')}",
            **{name: self.canary(f"{name} of {of}") for name in texts},
        )

    def secret_story(self) -> Story:
        return StoryFactory(
            slug=self.canary("slug of a draft story"),
            title=f"On {self.canary('title of a draft story')}",
            summary=self.canary("summary of a draft story"),
            status=Story.Status.DRAFT,
        )

    def secret(self, story: Story) -> Secret:
        article = self.hidden_article("an article of a draft story", story)
        claim = ClaimFactory(
            story=story,
            slug=self.canary("slug of a claim of a draft story"),
            text=f"Nobody may know of {self.canary('text of a claim of a draft story')}.",
        )
        quote = QuoteFactory(
            article=article,
            by=self.owner,
            speaker=self.hidden_actor("the speaker of a published quote in a draft story"),
            cue=self.canary("cue of a published quote in a draft story"),
            published=True,
        )
        Stance.objects.create(quote=quote, claim=claim, position="mixed")
        event = self.event("a published event of a draft story", story, article)
        event.publish(by=self.owner, revision=1, now=NOW)
        return Secret(story, article, claim, quote, event)

    def hidden_quote(self, kind: str, article: Article) -> Quote:
        of = f"a quote that is {kind}"
        relay: dict[str, Any] = (
            {"relayed_by_outlet": self.hidden_outlet(f"the relay of {of}")}
            if kind == "draft"
            else {"relayed_by_actor": self.hidden_actor(f"the relay of {of}")}
        )
        speaker = self.hidden_actor(f"the speaker of {of}")
        quote = QuoteFactory(
            article=article,
            by=self.owner,
            exact=REMOVED if kind == "orphaned" else "But we have not decided.",
            status=Status.SUGGESTED if kind == "suggested" else Status.DRAFT,
            speaker=speaker,
            role=speaker.roles.get(),
            mention=self.canary(f"mention of {of}"),
            cue=self.canary(f"cue of {of}"),
            said_expression=self.canary(f"expression of {of}"),
            utterance=UtteranceFactory(speaker=speaker, title=self.canary(f"utterance of {of}")),
            **relay,
        )
        claim = Claim.objects.get(story__slug="the-public-story")
        Stance.objects.create(quote=quote, claim=claim, position="mixed", note=self.canary(f"stance of {of}"))
        self.take(kind, quote)
        return quote

    def event(self, of: str, story: Story, article: Article, words: str = "The minister said") -> Event:
        version = article.current_version
        assert version is not None
        start = version.text.index(words)
        return Event.draft(
            story,
            by=self.owner,
            now=NOW,
            title=f"The council met about {self.canary(f'title of {of}')}",
            when_expression=self.canary(f"expression of {of}"),
            place=self.canary(f"place of {of}"),
            source_url=f"https://courier.example/{self.canary(f'source of {of}')}",
            evidence=[(version, start, start + len(words))],
        )

    def hidden_event(self, kind: str, story: Story, article: Article) -> Event:
        words = REMOVED if kind == "orphaned" else "The minister said"
        event = self.event(f"an event that is {kind}", story, article, words)
        if kind == "suggested":
            Event.objects.filter(pk=event.pk).update(status=Status.SUGGESTED)
        self.take(kind, event)
        return event

    def take(self, kind: str, annotation: Quote | Event) -> None:
        """To where it is not to be seen."""
        if kind == "rejected":
            annotation.reject(by=self.owner, revision=1, now=NOW)
        if kind == "withdrawn":
            annotation.publish(by=self.owner, revision=1, now=NOW)
            what = type(annotation).__name__.lower()
            reason = f"It was {self.canary(f'reason why the {what} was withdrawn')}."
            annotation.withdraw(by=self.owner, revision=2, now=NOW, reason=reason)


STEPS = ("draft", "suggested", "rejected", "withdrawn", "orphaned")
"""The ways in which a quote or an event is not, or no longer, for readers."""
