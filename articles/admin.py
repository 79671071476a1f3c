from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from articles.adding import add_from_source
from articles.admin_classes import ReadOnlyAdmin, ReadOnlyInline, TabularInline, TracedAdmin, laid_out
from articles.admin_exports import ArticleExports
from articles.admin_imports import ImportAdmin, ImportSourceAdmin
from articles.forms import LABELS, ArticleAddForm, NewVersionForm, StoryChoiceForm
from articles.importing import kinds_after
from articles.models import (
    Article,
    Import,
    ImportRow,
    ImportSource,
    Outlet,
    Story,
    StoryArticle,
    Version,
)
from articles.querysets import ArticleQuerySet
from articles.search import matching, understand

admin.site.enable_nav_sidebar = False  # headlines and quotes need the room
admin.site.register(Import, ImportAdmin)
admin.site.register(ImportSource, ImportSourceAdmin)


@admin.register(Outlet)
class OutletAdmin(TracedAdmin[Outlet]):
    view_on_site = False  # an outlet of which nothing is published has no page
    list_display = ["name", "domain", "country", "time_zone", "is_sample", "articles_here"]
    list_filter = ["is_sample", "country"]
    search_fields = ["name", "domain"]
    ordering = ["name", "id"]
    prepopulated_fields: ClassVar = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outlet]:
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    @admin.display(description="articles", ordering="article_count")
    def articles_here(self, outlet: Any) -> int:
        return int(outlet.article_count)


@admin.register(Story)
class StoryAdmin(TracedAdmin[Story]):
    list_display = ["title", "status", "articles_in_it", "changed_at"]
    list_filter = ["status", "changed_at"]
    search_fields = ["title", "slug", "summary"]
    ordering = ["-changed_at", "-id"]
    prepopulated_fields: ClassVar = {"slug": ["title"]}
    readonly_fields = ["status", "articles_in_it", "changed_at", "created_at"]
    actions = ["publish", "unpublish"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Story]:
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    def get_fields(self, request: HttpRequest, obj: Story | None = None) -> list[Any]:
        fields = ["title", "slug", "summary"]
        return [*fields, *self.readonly_fields] if obj else fields

    def view_on_site(self, story: Story) -> str | None:
        return story.get_absolute_url() if story.is_published else None

    def save_model(self, request: HttpRequest, obj: Story, form: "ModelForm[Any]", change: bool) -> None:
        obj.changed_at = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.display(description="articles", ordering="article_count")
    def articles_in_it(self, story: Any) -> int:
        return int(story.article_count)

    @admin.action(description="Publish the selected stories", permissions=["change"])
    def publish(self, request: HttpRequest, stories: QuerySet[Story]) -> None:
        self._set(request, stories.exclude(status=Story.Status.PUBLISHED), "publish", "readers see now")

    @admin.action(description="Take the selected stories back to draft", permissions=["change"])
    def unpublish(self, request: HttpRequest, stories: QuerySet[Story]) -> None:
        self._set(request, stories.filter(status=Story.Status.PUBLISHED), "unpublish", "no longer public")

    def _set(self, request: HttpRequest, stories: QuerySet[Story], act: str, what: str) -> None:
        changed = list(stories.order_by("id"))
        for story in changed:
            getattr(story, act)(now=timezone.now())
            self.log_change(request, story, f"{act.capitalize()}ed.")
        if changed:
            messages.success(request, f"{what.capitalize()}: " + ", ".join(f"“{story}”" for story in changed))
        else:
            messages.info(request, "They were so already.")


class Undated(admin.SimpleListFilter):
    title = "date of publication"
    parameter_name = "dated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Known"), ("no", "Unknown")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if self.value() in ("yes", "no"):
            return queryset.filter(published_at__isnull=self.value() == "no")
        return queryset


class Language(admin.SimpleListFilter):
    title = "language"
    parameter_name = "in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        languages = Article.objects.order_by("language").values_list("language", flat=True).distinct()
        return [(language or "unknown", language or "Unknown") for language in languages]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        if self.value():
            return queryset.filter(language="" if self.value() == "unknown" else self.value())
        return queryset


class OfImport(admin.SimpleListFilter):
    """The articles that an import made or changed; there when an import's page leads here."""

    title = "import"
    parameter_name = "import"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        number = self.value() or ""
        batch = Import.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
        return [(number, batch.name if batch else "none of that number")] if number else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        number = self.value() or ""
        if not number:
            return queryset
        rows = ImportRow.objects.filter(
            batch=int(number) if number.isdecimal() and len(number) < 19 else 0,
            outcome__in=["new", "changed"],
            applied_at__isnull=False,
        )
        return queryset.filter(pk__in=rows.values("target"))


class StoriesInline(TabularInline[StoryArticle, Article]):
    model = StoryArticle
    extra = 0
    autocomplete_fields = ["story"]
    verbose_name = "story"
    verbose_name_plural = "stories"

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoryArticle]:
        return super().get_queryset(request).select_related("story", "article").order_by("id")


class VersionsInline(ReadOnlyInline[Version, Article]):
    model = Version
    template = "admin/articles/article/versions.html"
    fields = ["number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        return super().get_queryset(request).order_by("-number")


@admin.register(Article)
class ArticleAdmin(ArticleExports, TracedAdmin[Article]):
    list_display = ["headline", "outlet", "published", "in_stories", "versions_kept", "recorded"]
    list_filter = [
        Undated,
        ("stories", admin.RelatedOnlyFieldListFilter),
        ("outlet", admin.RelatedOnlyFieldListFilter),
        Language,
        OfImport,
    ]
    list_select_related = ["outlet", "current_version"]
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "published_at"
    ordering = ["-recorded_at", "-id"]
    search_fields = ["headline"]
    search_help_text = "Words of the headline, byline or text, or an address."
    autocomplete_fields = ["outlet"]
    readonly_fields = ["headline", "recorded_at"]
    inlines = [StoriesInline, VersionsInline]
    actions = ["add_to_story", *ArticleExports.actions]
    fieldsets = [
        (None, {"fields": ["headline", "outlet", "byline", "published_at", "language"]}),
        ("Image", {"fields": ["image_caption", "image_credit", "image_url"], "classes": ["collapse"]}),
        (
            "More",
            {
                "fields": [
                    "author_bio",
                    "dateline",
                    "section",
                    "url",
                    "external_id",
                    "archive_url",
                    "recorded_at",
                ],
                "classes": ["collapse"],
            },
        ),
        ("Notes of the import", {"fields": ["notes"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["headline", "text", "outlet", "byline", "published_at", "language"]}),
        ("Image", {"fields": ["image_caption", "image_credit", "image_url"], "classes": ["collapse"]}),
        (
            "More",
            {
                "fields": ["author_bio", "dateline", "section", "url", "external_id", "archive_url"],
                "classes": ["collapse"],
            },
        ),
    ]

    # The list.

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request).defer("current_version__text").prefetch_related("stories")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """By the full-text index; a part of a headline where no whole word is found, an address by itself."""
        assert isinstance(queryset, ArticleQuerySet)
        if "://" in search_term and (article := queryset.at_address(search_term.strip())):
            return queryset.filter(pk=article.pk), False
        found = matching(queryset, understand(search_term))
        if search_term and not found.exists():
            found = queryset.filter(headline__icontains=search_term)
        return found, False

    @admin.display(description="published", ordering="published_at")
    def published(self, article: Article) -> str:
        day = article.published_on
        return f"{day.day} {day:%b %Y}" if day else "undated"

    @admin.display(description="recorded", ordering="recorded_at")
    def recorded(self, article: Article) -> str:
        day = timezone.localdate(article.recorded_at)
        return f"{day.day} {day:%b %Y}"

    @admin.display(description="stories")
    def in_stories(self, article: Article) -> str:
        return ", ".join(sorted(story.title for story in article.stories.all()))

    @admin.display(description="versions", ordering="current_version__number")
    def versions_kept(self, article: Article) -> int:
        return article.current_version.number if article.current_version else 0

    @admin.action(description="Add the selected articles to a story", permissions=["change"])
    def add_to_story(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponse | None:
        form = StoryChoiceForm(request.POST if "story" in request.POST else None)
        if not form.is_valid():
            return render(
                request,
                "admin/articles/article/add_to_story.html",
                {
                    **self.admin_site.each_context(request),
                    "title": "Add to a story",
                    "opts": self.opts,
                    "form": form,
                    "articles": articles[:20],
                    "count": articles.count(),
                    "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
                    "checkbox": ACTION_CHECKBOX_NAME,
                    "across": request.POST.get("select_across", "0"),
                },
                status=422 if form.errors else 200,
            )
        story: Story = form.cleaned_data["story"]
        there = set(story.articles.values_list("pk", flat=True))
        chosen = list(articles)
        added = [article for article in chosen if article.pk not in there]
        StoryArticle.objects.bulk_create(
            [StoryArticle(story=story, article=article) for article in added], ignore_conflicts=True
        )
        if added:
            story.touch(now=timezone.now())
        before = len(chosen) - len(added)
        already = f"; {before} {'was' if before == 1 else 'were'} in it already" if before else ""
        messages.success(request, f"{len(added)} added to the story “{story}”{already}.")
        return None

    # One article.

    def view_on_site(self, article: Article) -> str | None:
        return article.get_absolute_url() if Story.objects.published().containing(article).exists() else None

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> "type[ModelForm[Any]]":
        kwargs["labels"] = LABELS
        if obj is None:
            kwargs["form"] = ArticleAddForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        return self.readonly_fields if obj else []

    def get_inlines(self, request: HttpRequest, obj: Article | None) -> list[Any]:
        return list(self.inlines) if obj else [StoriesInline]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes an article: its versions are kept for good."""
        return False

    def save_model(self, request: HttpRequest, obj: Article, form: "ModelForm[Any]", change: bool) -> None:
        if change:
            # What this form doesn't show may have changed meanwhile.
            obj.save(
                update_fields=[field.attname for field in obj._meta.fields if field.name in form.changed_data]
            )
        else:
            super().save_model(request, obj, form, change)
            obj.record_version(form.cleaned_data["text"], now=timezone.now())

    def save_formset(self, request: HttpRequest, form: "ModelForm[Any]", formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for link in getattr(formset, "new_objects", []):
            if isinstance(link, StoryArticle):
                link.story.touch(now=timezone.now())

    # Pages of its own.

    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        return [
            path("from-source/", own(self.from_source), name="articles_article_from_source"),
            path("<int:pk>/new-version/", own(self.new_version), name="articles_article_new_version"),
            *super().get_urls(),
        ]

    def from_source(self, request: HttpRequest) -> HttpResponse:
        return add_from_source(request, self)

    def new_version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record the words that the article has now; what it had stays as it is."""
        article = self.get_object(request, str(pk))
        if article is None:
            raise Http404
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        current = article.current_version
        status = 200
        form = NewVersionForm.after(current) if current else NewVersionForm(initial={"base": 0})
        if request.method == "POST":
            form, status = NewVersionForm(request.POST), 422
            if form.is_valid():
                given = form.cleaned_data
                if given["base"] == (current.number if current else 0):
                    return self._record(request, article, given)
                status = 409
                form.add_error(
                    None,
                    "Somebody has recorded another version since you opened this page. Yours is kept below: "
                    "compare it with the current one, then save it as the next.",
                )
                form.data = {**request.POST.dict(), "base": str(current.number if current else 0)}
        context = {
            **self.admin_site.each_context(request),
            "title": "Record a new version",
            "subtitle": str(article),
            "opts": self.opts,
            "original": article,
            "form": form,
            "adminform": laid_out(form, self),
            "theirs": current if status == 409 else None,
        }
        return render(request, "admin/articles/article/new_version.html", context, status=status)

    def _record(self, request: HttpRequest, article: Article, given: dict[str, Any]) -> HttpResponse:
        before = article.current_version
        kinds = {int(number): kind for number, kind in before.kinds.items()} if before else {}
        version = article.record_version(
            given["text"],
            now=timezone.now(),
            headline=given["headline"],
            reason=given["reason"],
            minor=given["minor"],
            kinds=kinds_after(article.text, kinds, given["text"]),
        )
        if before and version.pk == before.pk:
            messages.info(request, "Those are the words of the current version; there was nothing to record.")
        else:
            self.log_change(request, article, f"Version {version.number} recorded.")
            messages.success(request, f"Version {version.number} is recorded.")
        return redirect(reverse("admin:articles_article_change", args=[article.pk]))


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin[Version]):
    """Not in the index: a version is found through its article."""

    fields = ["article", "number", "headline", "recorded_at", "reason", "minor", "text"]
    list_display = ["headline", "number", "recorded_at", "minor"]
    list_select_related = ["article"]
    ordering = ["-recorded_at", "-id"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False
