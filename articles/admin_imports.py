"""The admin's pages for bulk import: the list, an upload, and one page an import for whatever stage it is in.

Nothing here opens an upload: it is stored, and a worker's job is ordered. What a person orders is posted to an
address of its own, which leads back to the import's page; one that comes too late answers 409 and says what to do.
"""

import json
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import Any, BinaryIO, ClassVar, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django_htmx.http import HttpResponseClientRedirect

from articles import previewing
from articles.admin_classes import ModelAdmin, TracedAdmin, laid_out
from articles.bulk import orders, proposing, report
from articles.bulk.orders import NotNow
from articles.forms import offered
from articles.forms_imports import ENCODINGS, ImportSourceForm, KeepForm, ReadingForm, UploadForm
from articles.importing import reasons
from articles.models import Import, ImportSource, Story

TYPES = {".json": "application/json", ".jsonl": "application/jsonl", ".tsv": "text/tab-separated-values"}

PIECE = 64 * 1024

MOST_OFFERED = 100
"""Outlets that are offered on a page that has rows to show."""

STORIES_PROPOSED = 10
ARTICLES_PROPOSED = 50
"""Of a story; what is over comes when these are decided."""


class Stage(admin.SimpleListFilter):
    title = "stage"
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(previewing.STAGES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Import]) -> QuerySet[Import]:
        return queryset.filter(stage=self.value()) if self.value() else queryset


class ImportAdmin(ModelAdmin[Import]):
    list_display = ["name"]
    list_filter = [Stage, ("source", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["source", "created_by"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["name"]
    search_help_text = "A part of the file’s name."
    ordering = ["-created_at", "-id"]
    actions = None
    view_on_site = False

    # The list.

    def get_queryset(self, request: HttpRequest) -> QuerySet[Import]:
        return super().get_queryset(request).defer("new_outlets")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data:
            listed = [
                {
                    "batch": batch,
                    "stage": previewing.stage_of(batch),
                    "percent": previewing.percent_done(batch),
                    "tallies": previewing.tallies(batch),
                }
                for batch in response.context_data["cl"].result_list
            ]
            response.context_data |= {"title": "Imports", "listed": listed}
        return response

    # An upload.

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._ask(request, self._upload_form(request))
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._ask(request, form)
        return self._take(request, form)

    def _upload_form(self, request: HttpRequest) -> UploadForm:
        like = request.GET.get("like", "")
        batch = Import.objects.filter(pk=like).first() if like.isdecimal() and len(like) < 19 else None
        if batch:
            return UploadForm.like_import(batch)
        return UploadForm(
            initial={name: request.GET[name] for name in ("source", "stories") if name in request.GET}
        )

    def _ask(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        like = form.initial.get("like")
        context = {
            **self.admin_site.each_context(request),
            "title": "Bring files in",
            "opts": self.opts,
            "form": form,
            "adminform": laid_out(form, self),
            "offered": self._offered(),
            "like": Import.objects.filter(pk=like).first() if like else None,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/articles/import/add.html", context, status=status)

    def _take(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        given, options = form.cleaned_data, form.options()
        batches = []
        for file in given["file"]:
            batch = orders.upload(
                file,
                file.name or "upload",
                now=timezone.now(),
                by=request.user,
                source=given["source"],
                stories=given["stories"],
                **options,
            )
            self.log_addition(request, batch, "Uploaded.")
            batches.append(batch)
        if len(batches) == 1:
            where = batches[0].get_absolute_url()
        else:
            messages.success(request, f"{len(batches)} files are in, and are read one after the other.")
            where = reverse("admin:articles_import_changelist")
        return HttpResponseClientRedirect(where) if getattr(request, "htmx", None) else redirect(where)

    # One import, whatever stage it is in.

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        batch = self._found(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        return self._page(request, batch)

    def _found(self, request: HttpRequest, pk: str | int, *, to_order: bool = False) -> Import:
        """The import; PermissionDenied before Http404, so that nobody learns which there are."""
        is_allowed = (
            self.has_change_permission(request) if to_order else self.has_view_or_change_permission(request)
        )
        if not is_allowed:
            raise PermissionDenied
        batch = Import.objects.select_related("source", "outlet", "created_by", "applied_by").filter(
            pk=pk if str(pk).isdecimal() and len(str(pk)) < 19 else 0
        )
        if found := batch.first():
            return found
        raise Http404

    def _page(
        self,
        request: HttpRequest,
        batch: Import,
        *,
        refusal: str = "",
        status: int = 200,
        reading: ReadingForm | None = None,
        keeping: KeepForm | None = None,
    ) -> HttpResponse:
        """The import's page; for a poll, as much of it as changes."""
        is_poll = bool(getattr(request, "htmx", None)) and request.method == "GET"
        context = {
            **self.admin_site.each_context(request),
            "title": batch.name,
            "opts": self.opts,
            "batch": batch,
            "stage": previewing.stage_of(batch),
            "how_read": previewing.how_read(batch),
            "tallies": previewing.tallies(batch),
            "may_order": self.has_change_permission(request, batch),
            "may_delete": self.has_delete_permission(request, batch),
            "refusal": refusal,
            "is_poll": is_poll,
        }
        if batch.is_at_work:
            context |= self._at_work(request, batch)
        else:
            context |= self._at_rest(request, batch, reading, keeping)
        template = "admin/articles/import/change_form.html"
        return render(request, template + ("#stage" if is_poll else ""), context, status=status)

    def _at_work(self, request: HttpRequest, batch: Import) -> dict[str, Any]:
        progress = previewing.progress_of(batch, timezone.now())
        told = request.GET.get("told", "")
        return {
            "progress": progress,
            "is_news": told.isdecimal() and progress.quarter > int(told),
            "address": batch.get_absolute_url(),
        }

    def _at_rest(
        self,
        request: HttpRequest,
        batch: Import,
        reading: ReadingForm | None,
        keeping: KeepForm | None,
    ) -> dict[str, Any]:
        copies = previewing.copies_of(batch)
        asked = request.GET.get("show", "")
        show = asked if asked in previewing.TABS else previewing.first_tab(batch)
        may_order = self.has_change_permission(request, batch)
        may_apply = (
            may_order
            and batch.stage in (Import.Stage.READ, Import.Stage.CANCELLED)
            and batch.read_at is not None
        )
        may_read_again = may_order and not batch.rows_applied and batch.stage != Import.Stage.REPORTED
        return {
            "copies": copies,
            "tabs": previewing.tabs(batch, copies, show),
            "show": show,
            "page": previewing.page_of(batch, show, request.GET.get("from", "")),
            "reasons": previewing.reasons_of(batch) if show == "rejected" else [],
            "may_apply": may_apply,
            "may_decide_on_copies": may_apply and not batch.applied_to,
            "reading": reading or (ReadingForm(batch) if may_read_again else None),
            "keeping": keeping or KeepForm(),
            "offered": self._offered(MOST_OFFERED) if may_read_again else {},
            "stories": list(batch.stories.order_by("title", "id")),
            "twin": Import.objects.filter(sha256=batch.sha256).exclude(pk=batch.pk).newest_first().first(),
            **previewing.words_of(batch),
        }

    @staticmethod
    def _offered(most: int | None = None) -> dict[str, list[str]]:
        """What the datalists hold, of outlets not more than `most`."""
        found = offered() | {"encodings": ENCODINGS}
        return found | {"outlets": found["outlets"][:most]}

    # What a person orders of it.

    def _order(
        self, request: HttpRequest, pk: int, act: Callable[[Import], str], change: str
    ) -> HttpResponse:
        """Have it done and lead back to the page; `act` gives what to say."""
        batch = self._found(request, pk, to_order=True)
        if request.method != "POST":
            return redirect(batch.get_absolute_url())
        try:
            said = act(batch)
        except NotNow as refusal:
            return self._page(request, self._found(request, pk), refusal=str(refusal), status=409)
        self.log_change(request, batch, change)
        if said:
            messages.success(request, said)
        return redirect(batch.get_absolute_url())

    def cancellation(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(batch: Import) -> str:
            orders.cancel(batch, now=timezone.now())
            return ""

        return self._order(request, pk, act, "Cancelled.")

    def resumption(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(batch: Import) -> str:
            orders.resume(batch, now=timezone.now())
            return ""

        return self._order(request, pk, act, "Resumed.")

    def application(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(batch: Import) -> str:
            policy = request.POST.get("policy", "")
            if policy not in Import.Policy.values:
                raise NotNow("Say what becomes of the whole if rows are rejected, then apply.")
            orders.apply(batch, now=timezone.now(), by=request.user, policy=policy)
            return ""

        return self._order(request, pk, act, "Applied.")

    def copies(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Leave copies out, or take them back in: all of a kind, or those that are ticked."""

        def act(batch: Import) -> str:
            what = request.POST.get("what", "")
            ticked = [int(one) for one in request.POST.getlist("row") if one.isdecimal() and len(one) < 10]
            numbers = ticked if what.endswith("ticked") else None
            if numbers == []:
                raise NotNow("Tick the rows first.")
            if what.startswith("take-back"):
                count = orders.take_back(batch, now=timezone.now(), numbers=numbers)
                return f"{count:,} row{'' if count == 1 else 's'} taken back in."
            if numbers is None and what not in ("exact", "near", "all"):
                raise NotNow(
                    "Say which copies are meant: those with the same words, or those that are nearly so."
                )
            near = {"exact": False, "near": True}.get(what)
            count = orders.leave_out(batch, now=timezone.now(), numbers=numbers, near=near)
            return f"{count:,} row{'' if count == 1 else 's'} left out."

        response = self._order(request, pk, act, "Decided on copies.")
        if response.status_code == 302 and request.method == "POST":
            response["Location"] += "?show=copies"
        return response

    def reading(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Read the file again, otherwise than it was."""
        batch = self._found(request, pk, to_order=True)
        if request.method != "POST":
            return redirect(batch.get_absolute_url())
        form = ReadingForm(batch, request.POST)
        if not form.is_valid():
            return self._page(request, batch, reading=form, status=422)

        def act(batch: Import) -> str:
            orders.read_again(
                batch,
                now=timezone.now(),
                mapping=form.mapping(),
                stories=form.cleaned_data["stories"],
                **form.options(),
            )
            return ""

        return self._order(request, pk, act, "Read again.")

    def keeping(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep how the file was read as the way to read files of its source, or of a new one."""
        batch = self._found(request, pk, to_order=True)
        if request.method != "POST":
            return redirect(batch.get_absolute_url())
        form = KeepForm(request.POST)
        is_new = bool(request.POST.get("name", "").strip())
        if not request.user.has_perm(f"articles.{'add' if is_new else 'change'}_importsource"):
            raise PermissionDenied
        if not form.is_valid():
            return self._page(request, batch, keeping=form, status=422)

        def act(batch: Import) -> str:
            source = orders.keep_as_source(batch, name=form.cleaned_data["name"])
            return f"Files of “{source}” are read like this one from now on."

        try:
            return self._order(request, pk, act, "Its way of reading was kept for its source.")
        except ValidationError as error:
            form.add_error("name", reasons(error))
            return self._page(request, self._found(request, pk), keeping=form, status=422)

    # What is known of it.

    def row(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """One row, whole."""
        batch = self._found(request, pk)
        found = previewing.shown(batch, [number])
        if not found:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": found[0].row.headline or f"Row {number}",
            "opts": self.opts,
            "batch": batch,
            "one": found[0],
            "values": previewing.values_of(found[0].row),
        }
        return render(request, "admin/articles/import/row.html", context)

    def rejected(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The rows to mend, as a file of the format that they came in."""
        batch = self._found(request, pk)
        name = report.name_of_rejected(batch)
        kind = TYPES.get(f".{name.rpartition('.')[2]}", "text/csv")
        response = StreamingHttpResponse(_written(batch), content_type=f"{kind}; charset=utf-8")
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def summary(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self._found(request, pk)
        told = json.dumps(report.summary(batch), ensure_ascii=False, indent=2)
        response = HttpResponse(told, content_type="application/json")
        name = f"{batch.name.rpartition('.')[0] or batch.name}-summary.json"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def stories(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The stories that its articles seem to belong to; a person decides, in bulk."""
        batch = self._found(request, pk)
        may_decide = self.has_change_permission(request, batch) and request.user.has_perm(
            "articles.change_story"
        )
        if request.method == "POST":
            if not may_decide:
                raise PermissionDenied
            return self._accept(request, batch)
        proposals = proposing.story_proposals(batch, most=ARTICLES_PROPOSED + 1)
        context = {
            **self.admin_site.each_context(request),
            "title": "Stories that its articles seem to belong to",
            "opts": self.opts,
            "batch": batch,
            "may_decide": may_decide,
            "proposals": previewing.proposed(proposals[:STORIES_PROPOSED], ARTICLES_PROPOSED),
            "more": max(0, len(proposals) - STORIES_PROPOSED),
        }
        return render(request, "admin/articles/import/stories.html", context)

    def _accept(self, request: HttpRequest, batch: Import) -> HttpResponse:
        chosen: dict[int, set[int]] = {}
        asked = request.POST.getlist("chosen")
        for story in request.POST.getlist("all"):
            asked += request.POST.getlist(f"shown-{story}")
        for one in asked:
            story, _, article = one.partition(":")
            if story.isdecimal() and article.isdecimal() and len(one) < 30:
                chosen.setdefault(int(story), set()).add(int(article))
        now = timezone.now()
        told = []
        for found in Story.objects.filter(pk__in=chosen).order_by("title", "id"):
            count = proposing.accept(batch, found, chosen[found.pk], now=now)
            told.append(f"{count} put into “{found}”")
        if told:
            self.log_change(request, batch, f"{'; '.join(told)}.")
            messages.success(request, f"{', '.join(told)}.")
        else:
            messages.warning(request, "Nothing was ticked.")
        return redirect("admin:articles_import_stories", batch.pk)

    # Deleting: what is known of the import, never its articles.

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only of what is over: a worker may be at the others."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_over)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Without looking at its rows, of which there may be hundreds of thousands."""
        return [], {}, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except NotNow as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:articles_import_change", object_id)

    def delete_model(self, request: HttpRequest, obj: Import) -> None:
        orders.forget(obj)

    # Addresses.

    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        of_one = [
            ("cancellation/", self.cancellation),
            ("resumption/", self.resumption),
            ("application/", self.application),
            ("copies/", self.copies),
            ("reading/", self.reading),
            ("keeping/", self.keeping),
            ("rejected/", self.rejected),
            ("summary/", self.summary),
            ("stories/", self.stories),
        ]
        return [
            *(
                path(f"<int:pk>/{ending}", own(cast(Any, view)), name=f"articles_import_{view.__name__}")
                for ending, view in of_one
            ),
            path("<int:pk>/rows/<int:number>/", own(self.row), name="articles_import_row"),
            *super().get_urls(),
        ]


def _written(batch: Import) -> Iterator[bytes]:
    """The file of rejected rows in pieces. It is made when the first is asked for, on disk: memory stays flat."""
    with TemporaryFile() as file:
        report.write_rejected(batch, cast(BinaryIO, file))
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


class Watched(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("feed", "A feed’s address"), ("folder", "A folder"), ("upload", "Uploads only")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ImportSource]) -> QuerySet[ImportSource]:
        match self.value():
            case "feed":
                return queryset.exclude(address="")
            case "folder":
                return queryset.exclude(folder="")
            case "upload":
                return queryset.filter(address="", folder="")
        return queryset


class ImportSourceAdmin(TracedAdmin[ImportSource]):
    form = ImportSourceForm
    view_on_site = False
    list_display = ["name", "where", "is_watched", "looked_at", "state", "imports_of_it"]
    list_filter = [Watched, "is_watched"]
    search_fields = ["name", "address", "folder"]
    ordering = ["name", "id"]
    autocomplete_fields = ["outlet"]
    readonly_fields = ["looked_at", "found_at", "failures", "error"]
    fieldsets: ClassVar = [
        (None, {"fields": ["name"]}),
        (
            "How its files are read",
            {"fields": ["format", "encoding", "delimiter", "mapping"]},
        ),
        (
            "What they may leave open",
            {"fields": ["outlet", "language", "time_zone", "stories", "identity", "policy"]},
        ),
        (
            "Where new ones come from by themselves",
            {"fields": ["address", "folder", "every_minutes", "is_watched", "applies_itself"]},
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: ImportSource | None = None) -> Any:
        known = [("What was found", {"fields": self.readonly_fields})] if obj else []
        return [*self.fieldsets, *known]

    def get_readonly_fields(self, request: HttpRequest, obj: ImportSource | None = None) -> list[str]:
        return self.readonly_fields if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportSource]:
        return super().get_queryset(request).annotate(import_count=Count("imports"))

    @admin.display(description="where from")
    def where(self, source: ImportSource) -> str:
        return source.address or source.folder or "uploads"

    @admin.display(description="state", empty_value="")
    def state(self, source: ImportSource) -> str:
        if source.error:
            return (
                f"{source.error} ({source.failures} times in a row)" if source.failures > 1 else source.error
            )
        return (
            ""
            if not (source.address or source.folder)
            else "in order"
            if source.looked_at
            else "not looked at yet"
        )

    @admin.display(description="imports", ordering="import_count")
    def imports_of_it(self, source: Any) -> int:
        return int(source.import_count)
