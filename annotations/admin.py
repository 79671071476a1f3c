from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from annotations import access
from annotations.admin_tables import TableAdmin
from annotations.models import Act, Actor, Alias, Anchor, Claim, Event, Quote, Role, Stance, Utterance
from annotations.resources import ActorResource, AliasResource, ClaimResource, RoleResource
from articles.admin import StoryAdmin
from articles.admin_classes import ReadOnlyAdmin, ReadOnlyInline, TabularInline, TracedAdmin
from articles.models import Story

if TYPE_CHECKING:
    ClaimForm = forms.ModelForm[Claim]
    ClaimsFormSet = forms.BaseInlineFormSet[Claim, Story, ClaimForm]
else:
    ClaimForm = forms.ModelForm
    ClaimsFormSet = forms.BaseInlineFormSet

# Actors, with what names and places them.


class AliasInline(TabularInline[Alias, Actor]):
    model = Alias
    extra = 1


class RoleInline(TabularInline[Role, Actor]):
    model = Role
    fk_name = "actor"
    extra = 0
    autocomplete_fields = ["organisation"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        return super().get_queryset(request).select_related("organisation").order_by("since", "id")


@admin.register(Actor)
class ActorAdmin(TableAdmin[Actor], TracedAdmin[Actor]):
    resource = ActorResource
    list_display = ["name", "kind", "roles_held", "quotes_of_theirs", "wikidata_id", "merged_into"]
    list_filter = ["kind", ("merged_into", admin.EmptyFieldListFilter)]
    list_select_related = ["merged_into"]
    search_fields = ["name", "aliases__name", "roles__title"]
    search_help_text = "A name, an alias or a role."
    ordering = ["name", "id"]
    prepopulated_fields: ClassVar = {"slug": ["name"]}
    autocomplete_fields = ["merged_into"]
    inlines = [AliasInline, RoleInline]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Actor]:
        actors = super().get_queryset(request).annotate(quote_count=Count("quotes", distinct=True))
        return actors.prefetch_related("roles__organisation")

    def view_on_site(self, actor: Actor) -> str | None:
        return actor.get_absolute_url() if access.public_actors().filter(pk=actor.pk).exists() else None

    @admin.display(description="roles")
    def roles_held(self, actor: Actor) -> str:
        return "; ".join(str(role) for role in actor.roles.all())

    @admin.display(description="quotes", ordering="quote_count")
    def quotes_of_theirs(self, actor: Any) -> int:
        return int(actor.quote_count)


@admin.register(Alias)
class AliasAdmin(TableAdmin[Alias], TracedAdmin[Alias]):
    resource = AliasResource
    list_display = ["name", "actor"]
    list_filter = ["actor__kind"]
    list_select_related = ["actor"]
    search_fields = ["name", "actor__name"]
    ordering = ["name", "id"]
    autocomplete_fields = ["actor"]
    show_full_result_count = False


@admin.register(Role)
class RoleAdmin(TableAdmin[Role], TracedAdmin[Role]):
    resource = RoleResource
    list_display = ["title", "actor", "organisation", "since", "until"]
    list_select_related = ["actor", "organisation"]
    search_fields = ["title", "actor__name", "organisation__name"]
    ordering = ["title", "since", "id"]
    autocomplete_fields = ["actor", "organisation"]
    show_full_result_count = False


# Claims, inside their story too.


class ClaimInlineForm(ClaimForm):
    number = forms.IntegerField(required=False, min_value=1, help_text="Its place in the list.")

    class Meta:
        model = Claim
        fields = ["number", "text"]
        widgets = {"text": AdminTextareaWidget(attrs={"rows": 2})}


class ClaimFormSet(ClaimsFormSet):
    def clean(self) -> None:
        """The database has each claim of a story once; two new ones alike are told here, before it is asked."""
        super().clean()
        texts = [str(form.cleaned_data.get("text", "")).casefold() for form in self.forms if form.is_valid()]
        if len(texts := list(filter(None, texts))) > len(set(texts)):
            raise ValidationError("Two of the claims say the same.")


class ClaimInline(TabularInline[Claim, Story]):
    model = Claim
    form = ClaimInlineForm
    formset = ClaimFormSet
    fields = ["number", "text", "stances_on_it"]
    readonly_fields = ["stances_on_it"]
    extra = 1
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        return super().get_queryset(request).annotate(stance_count=Count("stances")).order_by("number", "id")

    @admin.display(description="stances")
    def stances_on_it(self, claim: Any) -> int:
        return getattr(claim, "stance_count", 0)


admin.site.unregister(Story)


@admin.register(Story)
class StoryWithClaimsAdmin(StoryAdmin):
    inlines = [ClaimInline]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A new claim gets its slug, and its number if it has none, as `Claim.stated` gives them."""
        if formset.model is not Claim:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)
        for claim in formset.deleted_objects:
            claim.delete()
        for claim, _changed in formset.changed_objects:
            claim.save()
        for position, claim in enumerate(formset.new_objects):
            stated = Claim.stated(form.instance, claim.text)
            if claim.number:
                stated.number = claim.number
                stated.save(update_fields=["number"])
            formset.new_objects[position] = stated


@admin.register(Claim)
class ClaimAdmin(TableAdmin[Claim], TracedAdmin[Claim]):
    resource = ClaimResource
    list_display = ["text", "story", "number", "stances_on_it"]
    list_filter = [("story", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["story"]
    search_fields = ["text"]
    ordering = ["story__title", "story_id", "number", "id"]
    autocomplete_fields = ["story"]
    prepopulated_fields: ClassVar = {"slug": ["text"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        return super().get_queryset(request).annotate(stance_count=Count("stances"))

    def view_on_site(self, claim: Claim) -> str | None:
        return claim.get_absolute_url() if claim.story.is_published else None

    def get_readonly_fields(self, request: HttpRequest, obj: Claim | None = None) -> list[str]:
        return ["story", "created_at"] if obj else []

    @admin.display(description="stances", ordering="stance_count")
    def stances_on_it(self, claim: Any) -> int:
        return int(claim.stance_count)


@admin.register(Utterance)
class UtteranceAdmin(TracedAdmin[Utterance]):
    list_display = ["title", "speaker", "renderings", "created_at"]
    list_select_related = ["speaker"]
    search_fields = ["title", "speaker__name"]
    ordering = ["-created_at", "-id"]
    autocomplete_fields = ["speaker"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Utterance]:
        return super().get_queryset(request).annotate(quote_count=Count("quotes"))

    @admin.display(description="quotes", ordering="quote_count")
    def renderings(self, utterance: Any) -> int:
        return int(utterance.quote_count)


# What editors make on the desk. Each of its changes names a revision and leaves an act, so it is only shown here.


class AnchorInline(ReadOnlyInline[Anchor, Any]):
    model = Anchor
    fields = ["version", "part", "exact", "state", "start", "end"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Anchor]:
        anchors = super().get_queryset(request).select_related("version").defer("version__text")
        return anchors.order_by("version__number", "part", "id")


class StanceInline(ReadOnlyInline[Stance, Any]):
    model = Stance
    fields = ["claim", "position", "note", "check_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stance]:
        return super().get_queryset(request).select_related("claim").order_by("claim__number", "id")


class ActInline(ReadOnlyInline[Act, Any]):
    model = Act
    fields = ["at", "by", "verb", "note", "revision"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Act]:
        return super().get_queryset(request).select_related("by").order_by("-at", "-id")


@admin.register(Quote)
class QuoteAdmin(ReadOnlyAdmin[Quote]):
    list_display = ["speaker_name", "words", "kind", "status", "article", "updated_at"]
    list_filter = ["status", "kind", "basis", ("article__stories", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["mention", "speaker__name", "anchors__exact", "article__headline"]
    search_help_text = "The words, who speaks, or the article’s headline."
    date_hierarchy = "said_earliest"
    ordering = ["-updated_at", "-id"]
    list_per_page = 50
    show_full_result_count = False
    inlines = [AnchorInline, StanceInline, ActInline]
    readonly_fields = [
        "uuid",
        "revision",
        "created_by",
        "created_at",
        "updated_by",
        "updated_at",
        "published_at",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quote]:
        quotes = Quote.objects.with_words().select_related("article__current_version")
        return quotes.defer("version__text", "article__current_version__text")

    def view_on_site(self, quote: Quote) -> str | None:
        return quote.get_absolute_url() if Quote.objects.public().filter(pk=quote.pk).exists() else None

    @admin.display(description="speaker", ordering="speaker__name")
    def speaker_name(self, quote: Quote) -> str:
        return quote.speaker_name

    @admin.display(description="words")
    def words(self, quote: Quote) -> str:
        return quote.words if len(quote.words) <= 120 else f"{quote.words[:119]}…"


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin[Event]):
    list_display = ["title", "when_earliest", "when_latest", "place", "status", "story", "updated_at"]
    list_filter = ["status", ("story", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["story"]
    search_fields = ["title", "place", "anchors__exact"]
    date_hierarchy = "when_earliest"
    ordering = ["-updated_at", "-id"]
    inlines = [AnchorInline, ActInline]
    readonly_fields = [
        "uuid",
        "revision",
        "created_by",
        "created_at",
        "updated_by",
        "updated_at",
        "published_at",
    ]


@admin.register(Anchor)
class AnchorAdmin(ReadOnlyAdmin[Anchor]):
    list_display = ["exact", "state", "version", "quote_id", "event_id"]
    list_filter = ["state"]
    list_select_related = ["version"]
    search_fields = ["exact"]
    ordering = ["-id"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Anchor]:
        return super().get_queryset(request).defer("version__text")


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin[Act]):
    list_display = ["at", "by", "verb", "about", "note", "undoes"]
    list_filter = ["verb", ("by", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["by", "quote", "event", "undoes", "undoes__by"]
    date_hierarchy = "at"
    ordering = ["-at", "-id"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Act]:
        return super().get_queryset(request).prefetch_related("quote__anchors", "quote__speaker")

    @admin.display(description="annotation")
    def about(self, act: Act) -> str:
        return f"“{act.quote.words[:80]}”" if act.quote else str(act.event)
