"""What is here already, as an import asks for it: outlets by name, articles by what makes them the same one.

`Holdings` asks the database, one question at a time. articles.bulk.matching answers the same questions for a whole
chunk of rows; the rules that ask them are those of articles.importing, for both.
"""

import datetime as dt
from dataclasses import dataclass

from articles.marks import Mark
from articles.models import Article, Outlet
from articles.querysets import ArticleQuerySet


@dataclass(frozen=True, slots=True)
class Among:
    """Which articles come into question where neither address nor identifier tells."""

    outlet: Outlet | None = None
    without_address: bool = False
    without_identifier: bool = False

    def admits(self, article: Article) -> bool:
        return (
            (self.outlet is None or article.outlet_id == self.outlet.pk)
            and not (self.without_address and article.url)
            and not (self.without_identifier and article.external_id)
        )

    def narrow(self, articles: ArticleQuerySet) -> ArticleQuerySet:
        if self.outlet is not None:
            articles = articles.filter(outlet=self.outlet.pk)
        if self.without_address:
            articles = articles.filter(url="")
        return articles.filter(external_id="") if self.without_identifier else articles


class Holdings:
    """The database's own answers."""

    def outlet_named(self, name: str) -> Outlet | None:
        return Outlet.objects.named(name)

    def outlet_at(self, domain: str) -> Outlet | None:
        return Outlet.objects.at_domain(domain)

    def marked(self, mark: Mark) -> Article | None:
        """The article that a mark of our exports names; none for one of another site."""
        return articles_whole().filter(pk=mark.number, recorded_at=mark.recorded_at).first()

    def at_address(self, url: str) -> Article | None:
        return articles_whole().at_address(url)

    def with_identifier(self, outlet: Outlet, identifier: str) -> Article | None:
        return articles_whole().filter(outlet=outlet, external_id=identifier).first()

    def on_day(self, headline: str, start: dt.datetime, end: dt.datetime, among: Among) -> Article | None:
        same = among.narrow(articles_whole()).filter(
            published_at__gte=start, published_at__lt=end, headline=headline
        )
        return same.order_by("id").first()

    def of_day(self, headline: str, day: str, among: Among) -> Article | None:
        """The article of which its source named no more than that day, as YYYY-MM-DD."""
        same = among.narrow(articles_whole()).filter(headline=headline, as_imported__published_day=day)
        return same.order_by("id").first()

    def with_words(self, digest: str, among: Among, *, undated: bool) -> Article | None:
        articles = among.narrow(articles_whole())
        return (articles.undated() if undated else articles).with_words(digest)

    def has_namesake(self, outlet: Outlet, headline: str) -> bool:
        return Article.objects.filter(outlet=outlet, headline=headline).exists()

    def lock(self, article: Article) -> Article:
        return articles_whole().select_for_update(of=("self",)).get(pk=article.pk)


def articles_whole() -> ArticleQuerySet:
    """Articles with the outlet and the text that comparing needs."""
    return Article.objects.select_related("outlet", "current_version").defer("search")
