from typing import TYPE_CHECKING, Self

from django.db.models import Count, F, Q, QuerySet

if TYPE_CHECKING:
    from articles.models import Article, Outlet


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
        return self.filter(stories__status="published").distinct()

    def undated(self) -> Self:
        return self.filter(published_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by(F("published_at").desc(nulls_last=True), "-id")

    def oldest_first(self) -> Self:
        return self.order_by(F("published_at").asc(nulls_last=True), "id")

    def with_outlet(self) -> Self:
        return self.select_related("outlet")


class OutletQuerySet(QuerySet["Outlet"]):
    def named(self, name: str) -> "Outlet | None":
        """The outlet of that name, or of that domain ("www." aside), whatever the case."""
        name = name.strip()
        domain = name.lower().removeprefix("www.")
        return (
            self.filter(Q(name__iexact=name) | Q(domain__iexact=domain)).order_by("id").first()
            if name
            else None
        )
