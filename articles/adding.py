"""The admin page “Add from text, page or file”: give the material, see what would be stored, mend it, save.

Between the steps nothing is stored: what was read travels in the form, signed, so that no draft lies about if
the person leaves.
"""

import dataclasses
import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from articles.admin_classes import ModelAdmin, laid_out
from articles.forms import MendForm, SourceForm, new_outlet, offered, told
from articles.importing import Outcome, Plan, Saved, bring_in, plan, reasons, save
from articles.models import Article, Outlet, Story
from articles.reading.draft import ArticleDraft, Refusal

SALT = "articles.adding"


@dataclass(frozen=True, slots=True)
class Source:
    """What was read, and what fills in where it leaves something open."""

    drafts: list[ArticleDraft]
    refusals: list[str]
    outlet: str
    stories: list[int]
    language: str
    time_zone: str

    @classmethod
    def of(cls, form: SourceForm) -> "Source":
        given = form.cleaned_data
        return cls(
            drafts=[one for one in form.found if isinstance(one, ArticleDraft)],
            refusals=[told(one) for one in form.found if isinstance(one, Refusal)],
            outlet=given["outlet"].name if given["outlet"] else "",
            stories=[story.pk for story in given["stories"]],
            language=given["language"],
            time_zone=given["time_zone"],
        )

    def signed(self) -> str:
        values = dataclasses.asdict(self)
        for draft in values["drafts"]:
            draft["published_at"] = draft["published_at"] and draft["published_at"].isoformat()
        return signing.dumps(values, salt=SALT, compress=True)

    @classmethod
    def unsigned(cls, signed: str) -> "Source":
        """Raises signing.BadSignature for what we have not signed."""
        values = signing.loads(signed, salt=SALT)
        values["drafts"] = [_draft(draft) for draft in values["drafts"]]
        return cls(**values)

    def defaults(self) -> dict[str, Any]:
        """What `plan`, `save` and `bring_in` take."""
        outlet = None
        if self.outlet:
            outlet = Outlet.objects.named(self.outlet) or new_outlet(self.outlet, time_zone=self.time_zone)
        return {"outlet": outlet, "language": self.language, "time_zone": self.time_zone}

    def chosen_stories(self) -> list[Story]:
        return list(Story.objects.filter(pk__in=self.stories).order_by("title", "id"))


def _draft(values: dict[str, Any]) -> ArticleDraft:
    at = values.pop("published_at")
    kinds = {int(number): kind for number, kind in values.pop("kinds").items()}
    notes = tuple(values.pop("notes"))
    return ArticleDraft(**values, kinds=kinds, notes=notes, published_at=at and dt.datetime.fromisoformat(at))


def add_from_source(request: HttpRequest, admin: ModelAdmin[Article]) -> HttpResponse:
    """One address for all three steps; a POST with `source` is the last of them."""
    if not admin.has_add_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return _ask(request, admin, SourceForm(initial={"stories": request.GET.getlist("story")}))
    if "source" in request.POST:
        try:
            source = Source.unsigned(request.POST["source"])
        except signing.BadSignature:
            messages.error(request, "The page was out of date. Give the material again, please.")
            return redirect(request.path)
        return _save_one(request, admin, source) if len(source.drafts) == 1 else _save_all(request, source)
    form = SourceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _ask(request, admin, form)
    source = Source.of(form)
    if len(source.drafts) > 1:
        return _show_all(request, admin, source)
    made = plan(source.drafts[0], **source.defaults())
    return _show_one(request, admin, source, MendForm(made))


# The pages.


def _ask(request: HttpRequest, admin: ModelAdmin[Article], form: SourceForm) -> HttpResponse:
    return _page(request, admin, "ask", form, status=422 if form.errors else 200)


def _show_one(
    request: HttpRequest, admin: ModelAdmin[Article], source: Source, form: MendForm
) -> HttpResponse:
    with timezone.override(form.zone()):
        return _page(
            request,
            admin,
            "one",
            form,
            status=422 if form.errors else 200,
            made=form.made,
            changes=_changes(form.made),
            source=source,
        )


def _show_all(request: HttpRequest, admin: ModelAdmin[Article], source: Source) -> HttpResponse:
    results: list[Saved | Refusal] = []
    with transaction.atomic():
        # Done and undone: so that what is twice in a file, or breaks a rule of the database, is shown so.
        results += bring_in(source.drafts, now=timezone.now(), **source.defaults())
        transaction.set_rollback(True)
    saved = [result for result in results if isinstance(result, Saved)]
    refusals = [*source.refusals, *(told(result) for result in results if isinstance(result, Refusal))]
    return _page(
        request,
        admin,
        "many",
        saved=saved,
        refusals=refusals,
        counts=Counter(result.outcome.value for result in saved),
        source=source,
    )


def _page(
    request: HttpRequest,
    admin: ModelAdmin[Article],
    step: str,
    form: SourceForm | MendForm | None = None,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    return render(
        request,
        f"admin/articles/article/add_{step}.html",
        {
            **admin.admin_site.each_context(request),
            "title": "Add from text, page or file",
            "opts": admin.opts,
            "adminform": form and laid_out(form, admin),
            "form": form,
            "offered": offered(),
            **context,
        },
        status=status,
    )


def _changes(made: Plan) -> list[tuple[str, Any, Any]]:
    """What saving would change in an article that is here: name, now, then."""
    return [(change.field.replace("_", " "), change.old, change.new) for change in made.changes]


# The last step.


def _save_one(request: HttpRequest, admin: ModelAdmin[Article], source: Source) -> HttpResponse:
    draft, defaults = source.drafts[0], source.defaults()
    form = MendForm(plan(draft, **defaults), request.POST)
    with timezone.override(form.zone()):
        if not form.is_valid():
            return _show_one(request, admin, source, form)
        try:
            saved = save(
                draft,
                now=timezone.now(),
                stories=source.chosen_stories(),
                mended=form.mended(),
                **defaults,
            )
        except ValidationError as error:
            form.add_error(None, reasons(error))
            return _show_one(request, admin, source, form)
    article = saved.article
    if saved.outcome == Outcome.NEW:
        admin.log_addition(request, article, "Added from text, page or file.")
        messages.success(request, f"“{article}” is in.")
    elif saved.outcome == Outcome.CHANGED:
        changed = ", ".join(name.replace("_", " ") for name in saved.changed)
        admin.log_change(request, article, f"Brought in again; changed: {changed}.")
        messages.success(request, f"“{article}” was here already; changed: {changed}.")
    else:
        messages.info(request, f"“{article}” was here already, and nothing in it has changed.")
    for note in saved.notes:
        messages.warning(request, note)
    if "_addanother" in request.POST:
        return redirect(request.path)
    return redirect("admin:articles_article_change", article.pk)


def _save_all(request: HttpRequest, source: Source) -> HttpResponse:
    counts: Counter[str] = Counter()
    refusals: list[str] = []
    stories = source.chosen_stories()
    for result in bring_in(source.drafts, now=timezone.now(), stories=stories, **source.defaults()):
        if isinstance(result, Refusal):
            refusals.append(told(result))
        else:
            counts[result.outcome.value] += 1
    messages.success(
        request, f"{counts['new']} new, {counts['changed']} changed, {counts['same']} the same as before."
    )
    for refusal in refusals:
        messages.error(request, f"Refused: {refusal}")
    return redirect(reverse("admin:articles_article_changelist"))
