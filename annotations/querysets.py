import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Case, Count, Exists, F, Model, OuterRef, Prefetch, Q, QuerySet, When
from django.db.models.functions import Coalesce, Greatest, Lower

if TYPE_CHECKING:
    # Named in the bases below, which ruff does not take for a use.
    from annotations.models import Actor, Anchor, Claim, Event, Quote, Role, Stance  # noqa: F401
    from articles.models import Article, Story, Version

ALIKE = 0.3
"""The likeness from which two claims may be one: "Britain should ban Huawei" to "Huawei should be banned" has 0.36."""


class ActorQuerySet(QuerySet["Actor"]):
    def standing(self) -> Self:
        """Actors that were not merged into another."""
        return self.filter(merged_into__isnull=True)

    def named(self, name: str) -> Self:
        """Whose name or an alias of theirs is exactly this, whatever the case."""
        return self.filter(Q(name__iexact=name) | Q(aliases__name__iexact=name)).distinct()

    def resembling(self, words: str) -> Self:
        """Whose name, alias or role holds all the words; the shortest name first."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(name__icontains=word) | Q(aliases__name__icontains=word) | Q(roles__title__icontains=word)
            )
        return found.distinct().order_by(F("name").asc(), "id")

    def called(self, words: Iterable[str]) -> Self:
        """Whose name or alias holds each of the words."""
        from annotations.models import Alias

        found = self
        for word in words:
            alias = Alias.objects.filter(actor=OuterRef("pk"), name__icontains=word)
            found = found.filter(Q(name__icontains=word) | Exists(alias))
        return found

    def by_name(self) -> Self:
        return self.order_by(Lower("name"), "id")

    def namesakes(self) -> Self:
        """Those who share a name or an alias, whatever the case, with another who was not merged."""
        from annotations.models import Actor, Alias

        def borne_by_others(name: str, owner: str) -> Q:
            others = Actor.objects.standing().filter(name__iexact=OuterRef(name)).exclude(pk=OuterRef(owner))
            aliases = Alias.objects.filter(
                name__iexact=OuterRef(name), actor__merged_into__isnull=True
            ).exclude(actor=OuterRef(owner))
            return Q(Exists(others)) | Q(Exists(aliases))

        own = Alias.objects.filter(actor=OuterRef("pk")).filter(borne_by_others("name", "actor"))
        return self.filter(borne_by_others("name", "pk") | Q(Exists(own)))


class RoleQuerySet(QuerySet["Role"]):
    def newest_first(self) -> Self:
        return self.order_by(
            F("since").desc(nulls_last=True), F("until").desc(nulls_last=True), "title", "-id"
        )

    def of(self, actor: "Actor") -> Self:
        """The actor's own roles, and those of who was merged into it."""
        return self.filter(Q(actor=actor) | Q(actor__canonical=actor))

    def held(self, actor: "Actor", earliest: dt.date | None, latest: dt.date | None) -> Self:
        """The actor's roles that cover the whole interval, the newest first; none when no date is known."""
        if not (earliest or latest):
            return self.none()
        first, last = earliest or latest, latest or earliest
        return (
            self.of(actor)
            .filter(
                Q(since__isnull=True) | Q(since__lte=first),
                Q(until__isnull=True) | Q(until__gte=last),
            )
            .order_by(F("since").desc(nulls_last=True), "-id")
        )


class ClaimQuerySet(QuerySet["Claim"]):
    def in_order(self) -> Self:
        return self.order_by("number", "id")

    def of(self, article: "Article", quote: "Quote | None" = None) -> Self:
        """The claims of the article's stories that are in use, and those retired on which the quote takes a stance."""
        from annotations.models import Stance

        taken = Stance.objects.filter(claim=OuterRef("pk"), quote=quote)
        return self.filter(Q(retired_at__isnull=True) | Exists(taken), story__articles=article).distinct()

    def in_use(self) -> Self:
        """Those that were not retired."""
        return self.filter(retired_at__isnull=True)

    def retired(self) -> Self:
        return self.filter(retired_at__isnull=False)

    def for_readers(self) -> Self:
        """Those in use, and those retired on which published quotes take a stance."""
        from annotations.models import Stance

        taken = Stance.objects.filter(claim=OuterRef("pk"), quote__status="published")
        return self.filter(Q(retired_at__isnull=True) | Exists(taken))

    def alike(self, text: str) -> Self:
        """Those that share so many letters with a sentence that they may say the same; the likest first."""
        likeness = Greatest(TrigramSimilarity("text", text), TrigramWordSimilarity(text, "text") * 0.8)
        found = self.annotate(likeness=likeness).filter(likeness__gte=ALIKE)
        return found.order_by("-likeness", "number", "id")


class AnnotationQuerySet[M: Model](QuerySet[M]):
    """What quotes and events have in common."""

    def published(self) -> Self:
        return self.filter(status="published")

    def live(self) -> Self:
        """All but the ends that stay on record: rejected and withdrawn."""
        return self.exclude(status__in=["rejected", "withdrawn"])

    def drafts(self) -> Self:
        return self.filter(status="draft")

    def suggested(self) -> Self:
        return self.filter(status="suggested")

    def untouched(self) -> Self:
        """What the program made and nobody has done anything to."""
        return self.filter(created_by__isnull=True).exclude(acts__by__isnull=False)

    def made_by(self, user: Any) -> Self:
        return self.filter(created_by=user)

    def latest_changed_first(self) -> Self:
        return self.order_by("-updated_at", "-id")


class QuoteQuerySet(AnnotationQuerySet["Quote"]):
    def public(self) -> Self:
        """Published quotes in articles of a published story: all that a reader may see."""
        from articles.models import StoryArticle

        told = StoryArticle.objects.filter(article=OuterRef("article"), story__status="published")
        return self.published().filter(Exists(told))

    def of_actor(self, actor: "Actor") -> Self:
        """What the actor says, and what those say who were merged into it."""
        return self.filter(Q(speaker=actor) | Q(speaker__canonical=actor))

    def in_story(self, story: "Story") -> Self:
        return self.filter(article__stories=story)

    def as_said(self, *first: Any) -> Self:
        """By the first day on which it may have been said, exact days first; what no text dates stands last.

        Quotes of the same day or interval, with the same words for it, stand together. What is to decide the
        order before that comes `first`.
        """
        return self.order_by(
            *first,
            Coalesce("said_earliest", "said_latest").asc(nulls_last=True),
            Case(When(said_earliest=F("said_latest"), then=0), default=1),
            F("said_latest").asc(nulls_last=True),
            "said_expression",
            F("article__published_at").asc(nulls_last=True),
            "id",
        )

    def with_words(self) -> Self:
        """All that is needed to show quotes in a list, in a fixed number of queries."""
        from annotations.models import Stance

        return self._showing(Stance.objects.all())

    def for_readers(self, story: "Story | None" = None) -> Self:
        """As `with_words`, for a public page: only with stances on claims of the story, else of published stories.

        Texts and other long columns stay where they are.
        """
        from annotations.models import Role, Stance

        stances = Stance.objects.filter(claim__story__status="published")
        roles = Role.objects.select_related("organisation").order_by("id")
        return (
            self._showing(stances.filter(claim__story=story) if story else stances)
            .prefetch_related(Prefetch("speaker__roles", roles), Prefetch("speaker__canonical__roles", roles))
            .defer(
                "version__text",
                "article__search",
                "article__notes",
                "article__author_bio",
                "article__image_caption",
            )
        )

    def _showing(self, stances: "QuerySet[Stance]") -> Self:
        from annotations.models import Anchor

        return self.select_related(
            "speaker__canonical",
            "role",
            "role__organisation",
            "article",
            "article__outlet",
            "version",
            "relayed_by_actor",
            "relayed_by_outlet",
        ).prefetch_related(
            Prefetch("anchors", Anchor.objects.in_order().select_related("version").defer("version__text")),
            Prefetch("stances", stances.select_related("claim__story").order_by("claim__number", "id")),
        )

    def per_article(self, articles: "Iterable[Article]") -> dict[int, int]:
        """How many of these quotes each of the articles has, by the article's key."""
        counted = self.filter(article__in=articles).order_by().values_list("article")
        return dict(counted.annotate(number=Count("pk", distinct=True)))

    def undated(self) -> Self:
        return self.filter(said_earliest__isnull=True, said_latest__isnull=True)

    def unclaimed(self) -> Self:
        """Quotes without a stance on any claim."""
        return self.filter(stances__isnull=True)

    def to_check_again(self) -> Self:
        """Quotes whose words the outlet has changed since an editor last read them."""
        return (
            self.filter(anchors__version=F("article__current_version"), anchors__state="changed")
            .exclude(version=F("article__current_version"))
            .distinct()
        )

    def words_changed_since(self, version: "Version") -> Self:
        """Of quotes read in a version, those whose words the outlet has in other words now."""
        return self.filter(anchors__version=F("article__current_version"), anchors__state="changed").exclude(
            article__current_version=version
        )

    def orphaned(self) -> Self:
        """Quotes whose words are no longer in the current version of their article."""
        return self.filter(anchors__version=F("article__current_version"), anchors__state="orphan").distinct()

    def by_date(self) -> Self:
        """By when it was said, else by when its article appeared; unknown ones last."""
        return self.order_by(
            Coalesce("said_earliest", "said_latest", "article__published_at__date").asc(nulls_last=True), "id"
        )


class EventQuerySet(AnnotationQuerySet["Event"]):
    def of(self, article: "Article") -> Self:
        """Events of the stories that the article belongs to."""
        return self.filter(story__in=article.stories.all())

    def public(self) -> Self:
        return self.published().filter(story__status="published")

    def with_evidence(self) -> Self:
        from annotations.models import Anchor

        return self._showing(Anchor.objects.all())

    def for_readers(self) -> Self:
        """As `with_evidence`, for a public page: only words in articles of the event's own story."""
        from annotations.models import Anchor

        return self._showing(Anchor.objects.filter(version__article__stories=F("event__story")))

    def _showing(self, anchors: "QuerySet[Anchor]") -> Self:
        anchors = anchors.select_related("version__article__outlet").order_by(
            "version__article_id", "part", "version__number", "id"
        )
        return self.select_related("story").prefetch_related(
            Prefetch("anchors", anchors.defer("version__text", "version__article__search"))
        )

    def evidenced(self) -> Self:
        """Events for which a reader can be shown a source, or words in an article of the story."""
        from annotations.models import Anchor

        words = Anchor.objects.placed().filter(
            event=OuterRef("pk"), version__article__stories=OuterRef("story")
        )
        return self.filter(~Q(source_url="") | Exists(words))

    def evidence_changed(self) -> Self:
        """Events of which an outlet has changed or removed words that were evidence."""
        from annotations.models import Anchor

        current = Anchor.objects.filter(
            event=OuterRef("pk"),
            version=F("version__article__current_version"),
            state__in=["changed", "orphan"],
        )
        return self.filter(Exists(current))

    def by_date(self) -> Self:
        return self.order_by(Coalesce("when_earliest", "when_latest").asc(nulls_last=True), "id")


class AnchorQuerySet(QuerySet["Anchor"]):
    def in_order(self) -> Self:
        return self.order_by("version_id", "part", "id")

    def placed(self) -> Self:
        """Anchors that stand on words; an orphan only remembers them."""
        return self.exclude(state="orphan")
