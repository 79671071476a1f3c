"""One factory a model. Text and offsets are real: an anchor's words stand where it says."""

import datetime as dt
from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from accounts.models import User
from annotations.models import Actor, Alias, Claim, Event, Quote, Role, Stance, Utterance
from annotations.roles import EDITORS
from articles.models import Article, Outlet, Story

NOW = dt.datetime(2019, 5, 9, 12, 0, tzinfo=dt.UTC)

TEXT = (
    "The minister said that the rollout of 5G could be delayed by the review.\n\n"
    "“We will not compromise on security,” the minister told lawmakers. “But we have not decided.”\n\n"
    "The vendor denies that its equipment is a risk."
)
PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"reader{n}")
    first_name = "Rae"
    last_name = factory.Sequence(lambda n: f"Reader{n}")
    password = factory.django.Password(PASSWORD)


class EditorFactory(UserFactory):
    username = factory.Sequence(lambda n: f"editor{n}")
    first_name = "Ed"

    @factory.post_generation
    def group(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            self.groups.add(Group.objects.get(name=EDITORS))


class AdministratorFactory(UserFactory):
    username = factory.Sequence(lambda n: f"administrator{n}")
    is_staff = is_superuser = True


class OutletFactory(DjangoModelFactory):
    class Meta:
        model = Outlet

    name = factory.Sequence(lambda n: f"The Sample Courier {n}")
    slug = factory.Sequence(lambda n: f"sample-courier-{n}")
    domain = factory.Sequence(lambda n: f"courier{n}.example")
    country = "GB"
    is_sample = True


class StoryFactory(DjangoModelFactory):
    class Meta:
        model = Story

    title = factory.Sequence(lambda n: f"The 5G decision {n}")
    slug = factory.Sequence(lambda n: f"5g-{n}")
    summary = "Ministers weigh the security of the new networks."
    status = Story.Status.PUBLISHED
    changed_at = NOW


class ArticleFactory(DjangoModelFactory):
    """An article with a first version (`text=`), in `stories=[…]`."""

    class Meta:
        model = Article
        skip_postgeneration_save = True

    outlet = factory.SubFactory(OutletFactory)
    headline = factory.Sequence(lambda n: f"Minister warns of delay {n}")
    byline = "Sam Sample"
    language = "en-GB"
    published_at = NOW
    url = factory.Sequence(lambda n: f"https://courier.example/articles/{n}")

    @factory.post_generation
    def text(self: Any, create: bool, extracted: str | None, **kwargs: Any) -> None:
        if create:
            self.record_version(extracted or TEXT, now=NOW)

    @factory.post_generation
    def stories(self: Any, create: bool, extracted: list[Story] | None, **kwargs: Any) -> None:
        if create and extracted:
            self.stories.add(*extracted)


class ActorFactory(DjangoModelFactory):
    class Meta:
        model = Actor

    name = factory.Sequence(lambda n: f"Minister Sample {n}")
    slug = factory.Sequence(lambda n: f"minister-sample-{n}")


class AliasFactory(DjangoModelFactory):
    class Meta:
        model = Alias

    actor = factory.SubFactory(ActorFactory)
    name = factory.Sequence(lambda n: f"the minister {n}")


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = Role

    actor = factory.SubFactory(ActorFactory)
    title = "Minister of Samples"


class ClaimFactory(DjangoModelFactory):
    class Meta:
        model = Claim

    story = factory.SubFactory(StoryFactory)
    number = factory.Sequence(lambda n: n + 1)
    slug = factory.Sequence(lambda n: f"claim-{n}")
    text = factory.Sequence(lambda n: f"The vendor should be kept out of network number {n}.")


class UtteranceFactory(DjangoModelFactory):
    class Meta:
        model = Utterance

    speaker = factory.SubFactory(ActorFactory)


class QuoteFactory(DjangoModelFactory):
    """A draft on the words `exact=` of the article's current version; `published=True` publishes it."""

    class Meta:
        model = Quote

    article = factory.SubFactory(ArticleFactory)
    speaker = factory.SubFactory(ActorFactory)
    mention = "the minister"
    cue = "told"
    said_earliest = said_latest = dt.date(2019, 5, 8)

    @classmethod
    def _create(cls, model_class: type[Quote], *args: Any, **kwargs: Any) -> Quote:
        article = kwargs.pop("article")
        exact = kwargs.pop("exact", "We will not compromise on security,")
        by, published = kwargs.pop("by", None) or EditorFactory(), kwargs.pop("published", False)
        start = article.text.index(exact)
        quote = Quote.draft(article.current_version, [(start, start + len(exact))], by=by, now=NOW, **kwargs)
        if published:
            quote.publish(by=by, revision=quote.revision, now=NOW)
        return quote


class EventFactory(DjangoModelFactory):
    """A draft; `published=True` publishes it on its source's address."""

    class Meta:
        model = Event

    story = factory.SubFactory(StoryFactory)
    title = factory.Sequence(lambda n: f"The council met for the {n}th time")
    when_earliest = when_latest = dt.date(2019, 4, 23)
    source_url = "https://courier.example/council"

    @classmethod
    def _create(cls, model_class: type[Event], *args: Any, **kwargs: Any) -> Event:
        by, published = kwargs.pop("by", None) or EditorFactory(), kwargs.pop("published", False)
        event = Event.draft(kwargs.pop("story"), by=by, now=NOW, **kwargs)
        if published:
            event.publish(by=by, revision=event.revision, now=NOW)
        return event


class StanceFactory(DjangoModelFactory):
    class Meta:
        model = Stance

    quote = factory.SubFactory(QuoteFactory)
    claim = factory.SubFactory(ClaimFactory)
    position = Stance.Position.OPPOSES
