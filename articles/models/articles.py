"""Outlets, stories, articles and the versions of their text. Nothing here knows of annotations."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Length, Lower
from django.urls import reverse

from articles.likeness import sketch
from articles.querysets import ArticleQuerySet, OutletQuerySet, StoryQuerySet
from articles.reading.draft import LONGEST_TEXT
from articles.signals import text_changed
from articles.text import digest, normalise
from articles.typography import differs_only_in_typography

TEXT_LIMIT = LONGEST_TEXT
"""Characters a version's text may have: some 60,000 words, four times the longest news feature."""

models.CharField.register_lookup(Length)
models.TextField.register_lookup(Length)


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is no time zone. Use a name like Europe/London.")


@pghistory.track()
class Outlet(models.Model):
    """Who publishes: a newspaper, an agency, a broadcaster's site."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100, unique=True)
    domain = models.CharField(max_length=253, blank=True, help_text="Without “www.”, such as bbc.co.uk.")
    country = models.CharField(
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", "Use the two capital letters of ISO 3166, such as GB.")],
    )
    time_zone = models.CharField(
        max_length=64,
        default="Europe/London",
        validators=[validate_time_zone],
        help_text="Its days decide what “yesterday” means in its articles.",
    )
    is_sample = models.BooleanField(default=False, help_text="Made up for the sample story; pages say so.")

    objects = OutletQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="outlet_name_once",
                violation_error_message="There is an outlet of this name.",
            ),
            models.UniqueConstraint(
                Lower("domain"),
                condition=~Q(domain=""),
                name="outlet_domain_once",
                violation_error_message="There is an outlet with this domain.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("outlet", args=[self.slug])


@pghistory.track()
class Story(models.Model):
    """A running story: the articles that tell it and, in `annotations`, the claims made in it."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"

    title = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100, unique=True)
    summary = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    articles: "models.ManyToManyField[Article, StoryArticle]" = models.ManyToManyField(
        "Article", through="StoryArticle", related_name="stories", blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(help_text="When readers last got something new or different.")

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stories"
        constraints = [
            models.CheckConstraint(condition=Q(status__in=["draft", "published"]), name="story_status_known"),
        ]
        indexes = [models.Index(F("changed_at").desc(), F("id").desc(), name="story_by_change")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("story", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED

    def publish(self, *, now: dt.datetime) -> None:
        self.status, self.changed_at = self.Status.PUBLISHED, now
        self.save(update_fields=["status", "changed_at"])

    def unpublish(self, *, now: dt.datetime) -> None:
        self.status, self.changed_at = self.Status.DRAFT, now
        self.save(update_fields=["status", "changed_at"])

    def touch(self, *, now: dt.datetime) -> None:
        self.changed_at = now
        self.save(update_fields=["changed_at"])

    def add_articles(self, articles: "Iterable[Article]", *, now: dt.datetime) -> int:
        """Put articles into the story; how many of them were not in it before."""
        with transaction.atomic():
            there = set(StoryArticle.objects.filter(story=self).values_list("article", flat=True))
            added = [StoryArticle(story=self, article=one) for one in articles if one.pk not in there]
            StoryArticle.objects.bulk_create(added, ignore_conflicts=True)
            if added:
                self.touch(now=now)
        return len(added)

    def remove_article(self, article: "Article", *, now: dt.datetime) -> bool:
        """Take an article out of the story; what is annotated in it stays and comes back with it."""
        with transaction.atomic():
            removed, _ = StoryArticle.objects.filter(story=self, article=article).delete()
            if removed:
                self.touch(now=now)
        return bool(removed)


@pghistory.track()
class StoryArticle(models.Model):
    """That an article belongs to a story."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE)
    article = models.ForeignKey("Article", on_delete=models.CASCADE)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "article"], name="story_article_once")]

    def __str__(self) -> str:
        return f"“{self.article}” in “{self.story}”"


SEARCH_VECTOR = """
    SELECT text INTO body FROM articles_version WHERE id = NEW.current_version_id;
    config := CASE WHEN NEW.language ~* '^(en|$)' THEN 'english' ELSE 'simple' END::regconfig;
    head := setweight(to_tsvector(config, NEW.headline), 'A') || setweight(to_tsvector('simple', NEW.byline), 'B');
    BEGIN
        NEW.search := head || setweight(to_tsvector(config, coalesce(body, '')), 'D');
    EXCEPTION WHEN program_limit_exceeded THEN
        NEW.search := head || setweight(to_tsvector(config, left(body, 100000)), 'D');
    END;
    RETURN NEW;
"""


@pghistory.track(exclude=["search", "as_imported"])
class Article(models.Model):
    """One article of an outlet. Its words are in its versions; what stands around them is here, field by field."""

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="articles")
    url = models.URLField(max_length=1000, blank=True)
    external_id = models.CharField(max_length=200, blank=True, help_text="The source's own identifier.")
    headline = models.CharField(max_length=500)
    byline = models.CharField(max_length=300, blank=True)
    author_bio = models.TextField(blank=True)
    dateline = models.CharField(max_length=200, blank=True, help_text="Such as “LONDON, May 8”.")
    section = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=20, blank=True, default="en", help_text="BCP 47, such as en-GB.")
    published_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Leave empty if it isn't known: the article is then shown as undated.",
    )
    image_url = models.URLField(max_length=1000, blank=True)
    image_caption = models.TextField(blank=True)
    image_credit = models.CharField(max_length=300, blank=True)
    archive_url = models.URLField(max_length=1000, blank=True)
    notes = models.TextField(blank=True, help_text="What the importer could not place; not shown to readers.")
    as_imported = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="What its source last said, field by field: importing it again leaves alone what an editor mended.",
    )
    current_version = models.ForeignKey(
        "Version", on_delete=models.RESTRICT, null=True, editable=False, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    search = SearchVectorField(null=True, editable=False)

    objects = ArticleQuerySet.as_manager()

    if TYPE_CHECKING:
        outlet_id: int
        current_version_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="article_url_once",
                violation_error_message="An article with this address is here already.",
            ),
            models.UniqueConstraint(
                fields=["outlet", "external_id"],
                condition=~Q(external_id=""),
                name="article_external_id_once",
                violation_error_message="This outlet has an article with this identifier already.",
            ),
            models.CheckConstraint(
                condition=~Q(headline=""),
                name="article_has_headline",
                violation_error_message="Give a headline.",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="article_search"),
            models.Index(F("published_at").desc(nulls_last=True), F("id").desc(), name="article_by_date"),
            models.Index(fields=["outlet", "published_at"], name="article_by_outlet"),
            models.Index(fields=["outlet", "headline"], name="article_by_headline"),
            models.Index(KT("as_imported__text"), name="article_by_imported_text"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="search_vector",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("headline", "byline", "language", "current_version_id"),
                declare=[("body", "text"), ("config", "regconfig"), ("head", "tsvector")],
                func=SEARCH_VECTOR,
            )
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        """Its page in the story it was last added to; the search page knows it where it is in none."""
        story = Story.objects.published().containing(self).order_by("-id").first()
        return reverse("article", args=[story.slug, self.pk]) if story else reverse("search")

    @property
    def text(self) -> str:
        return self.current_version.text if self.current_version else ""

    @property
    def published_on(self) -> dt.date | None:
        """The day of publication in the outlet's own time zone."""
        from zoneinfo import ZoneInfo

        return (
            self.published_at.astimezone(ZoneInfo(self.outlet.time_zone)).date()
            if self.published_at
            else None
        )

    @property
    def direction(self) -> str:
        return (
            "rtl"
            if self.language.split("-")[0].lower() in {"ar", "fa", "he", "ur", "ps", "yi", "ug"}
            else "ltr"
        )

    def record_version(
        self,
        text: str,
        *,
        now: dt.datetime,
        reason: str = "",
        minor: bool | None = None,
        headline: str | None = None,
        kinds: dict[int, str] | None = None,
    ) -> "Version":
        """Append a version of the text (normalised here) and make it the current one.

        `minor` says whether only spacing or typography changed; left alone, the words tell. The same words and
        headline again give back the current version and write nothing. Raises ValidationError for an empty text or
        one of more than TEXT_LIMIT characters.
        """
        text = normalise(text)
        headline = self.headline if headline is None else headline
        if not text:
            raise ValidationError("The article has no text.")
        if len(text) > TEXT_LIMIT:
            raise ValidationError(f"The text has {len(text):,} characters; {TEXT_LIMIT:,} is the most.")
        with transaction.atomic():
            locked = (
                Article.objects.select_for_update(of=("self",))
                .select_related("current_version")
                .get(pk=self.pk)
            )
            old = locked.current_version
            if old and old.text == text and old.headline == headline:
                self.current_version = old
                return old
            if minor is None:
                minor = (
                    old is not None
                    and differs_only_in_typography(old.headline, headline)
                    and differs_only_in_typography(old.text, text)
                )
            version = Version.objects.create(
                article=self,
                number=old.number + 1 if old else 1,
                text=text,
                kinds={str(number): kind for number, kind in (kinds or {}).items()},
                headline=headline,
                digest=digest(text),
                sketch=list(sketch(text)),
                recorded_at=now,
                reason=reason,
                minor=minor,
            )
            self.current_version, self.headline = version, headline
            self.save(update_fields=["current_version", "headline"])
            if old:
                text_changed.send(Article, article=self, old=old, new=version)
                if not minor:
                    Story.objects.containing(self).update(changed_at=now)
        return version


class Version(models.Model):
    """The text of an article as it stood at one time. Append-only: nothing edits a text in place.

    `text` is canonical (see articles.text.normalise); offsets into it are Unicode code points.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    headline = models.CharField(max_length=500)
    text = models.TextField()
    kinds = models.JSONField(
        default=dict, blank=True, help_text="Paragraph number → heading, list-item, blockquote."
    )
    digest = models.CharField(max_length=64, db_index=True)
    sketch = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        editable=False,
        help_text="By what copies are found; see articles.likeness.",
    )
    recorded_at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    minor = models.BooleanField(default=False, help_text="Only spacing or typography changed.")

    if TYPE_CHECKING:
        article_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_from_one"),
            models.CheckConstraint(condition=Q(text__length__gt=0), name="version_has_text"),
            models.CheckConstraint(condition=Q(text__length__lte=TEXT_LIMIT), name="version_text_limit"),
        ]
        indexes = [GinIndex(fields=["sketch"], name="version_by_sketch", fastupdate=False)]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.headline} (version {self.number})"

    def kind_of(self, paragraph: int) -> str:
        kinds: dict[str, Any] = self.kinds
        return str(kinds.get(str(paragraph), ""))
