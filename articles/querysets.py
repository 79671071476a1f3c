from typing import TYPE_CHECKING, Self

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Length, Lower

if TYPE_CHECKING:
    # Named in the bases below, which ruff does not take for a use.
    from articles.models import Article, Import, ImportRow, Outlet, Story  # noqa: F401


class StoryQuerySet(QuerySet["Story"]):
    def published(self) -> Self:
        return self.filter(status="published")

    def latest_changed_first(self) -> Self:
        return self.order_by("-changed_at", "-id")

    def with_article_counts(self) -> Self:
        return self.annotate(article_count=Count("articles", distinct=True))

    def containing(self, article: "Article") -> Self:
        return self.filter(articles=article)


class ArticleQuerySet(QuerySet["Article"]):
    def public(self) -> Self:
        """Articles that belong to a published story: all that a reader may see."""
        from articles.models import StoryArticle

        told = StoryArticle.objects.filter(article=OuterRef("pk"), story__status="published")
        return self.filter(Exists(told))

    def with_story_slug(self) -> Self:
        """With `story_slug`: of the published story it was last added to, where its page stands."""
        from articles.models import Story

        published = Story.objects.published().filter(articles=OuterRef("pk")).order_by("-pk")
        return self.annotate(story_slug=Subquery(published.values("slug")[:1]))

    def undated(self) -> Self:
        return self.filter(published_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by(F("published_at").desc(nulls_last=True), "-id")

    def oldest_first(self) -> Self:
        return self.order_by(F("published_at").asc(nulls_last=True), "id")

    def at_address(self, url: str) -> "Article | None":
        """The article at that address; http or https, and a slash at the end, make no difference."""
        found = {article.url: article for article in self.filter(url__in=addresses(url))}
        return next((found[address] for address in addresses(url) if address in found), None)

    def with_words(self, digest: str) -> "Article | None":
        """The first article that has, had or came with the text of that digest."""
        return (
            self.alias(came_with=KT("as_imported__text")).filter(came_with=digest).order_by("id").first()
            or self.filter(versions__digest=digest).order_by("id").first()
        )

    def with_outlet(self) -> Self:
        return self.select_related("outlet")


class OutletQuerySet(QuerySet["Outlet"]):
    def public(self) -> Self:
        """Outlets of which a reader may see an article."""
        from articles.models import Article

        shown = Article.objects.public().filter(outlet=OuterRef("pk"), current_version__isnull=False)
        return self.filter(Exists(shown))

    def by_name(self) -> Self:
        return self.order_by(Lower("name"), "id")

    def named(self, name: str) -> "Outlet | None":
        """The outlet of that name, or of that domain ("www." aside), whatever the case."""
        name = name.strip()
        domain = name.lower().removeprefix("www.")
        return (
            self.filter(Q(name__iexact=name) | Q(domain__iexact=domain)).order_by("id").first()
            if name
            else None
        )

    def at_domain(self, domain: str) -> "Outlet | None":
        """The outlet of the domain, or of the nearest domain above it: edition.cnn.com is cnn.com's."""
        labels = domain.lower().split(".")
        above = [".".join(labels[n:]) for n in range(len(labels) - 1)]
        return (
            self.alias(lower=Lower("domain"))
            .filter(lower__in=above)
            .order_by(Length("domain").desc())
            .first()
        )


LEFT_OUT = "Left out"
"""How the reason of a row begins that a person has left out."""


class ImportQuerySet(QuerySet["Import"]):
    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def at_work(self) -> Self:
        """Those that a worker has, or is to have."""
        return self.filter(stage__in=["uploaded", "reading", "applying"])


class ImportRowQuerySet(QuerySet["ImportRow"]):
    def in_order(self) -> Self:
        return self.order_by("number")

    def after(self, number: int) -> Self:
        return self.filter(number__gt=number)

    def rejected(self) -> Self:
        return self.filter(outcome="rejected")

    def to_mend(self) -> Self:
        """Those that are rejected for what is wrong with them, not left out by a person."""
        return self.rejected().exclude(reason__startswith=LEFT_OUT)

    def left_out(self) -> Self:
        return self.rejected().filter(reason__startswith=LEFT_OUT)

    def copies(self) -> Self:
        """Rows whose words are here, or in an earlier row, under another address."""
        return self.filter(Q(copy_of__isnull=False) | Q(copies_row__isnull=False))


def addresses(url: str) -> list[str]:
    """The ways to write an address that lead to one page: first as it is, then the other scheme or slash."""
    scheme, mark, rest = url.partition("://")
    schemes = [scheme, "http" if scheme == "https" else "https"]
    slashes = [rest] if "?" in rest else [rest, rest.removesuffix("/") if rest.endswith("/") else f"{rest}/"]
    return [f"{scheme}{mark}{rest}" for rest in slashes for scheme in schemes]
