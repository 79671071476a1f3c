"""Events: made from a story's page or from words of an article, evidenced, and taken through their steps."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations.access import desk_article, desk_event, desk_story, editors_only
from annotations.conflicts import Difference
from annotations.event_panel import event_dates, event_panel
from annotations.evidence import pieces
from annotations.forms.events import EventForm, MoreEvidenceForm, NewEventForm
from annotations.forms.spans import WordsForm
from annotations.forms.steps import RevisionForm, WithdrawalForm
from annotations.models import Event, NotAllowed, StaleRevision, Status, Verb
from annotations.views.desk.annotating import LISTS_OF_ACTS, Panel, editor, is_partial, show
from annotations.workbench import UNDONE
from articles.models import Article, Story

ROWS_A_PAGE = 25
FORM = "annotations/desk/event_form.html"
MEANWHILE = (
    "Somebody changed the event meanwhile. Nothing was done: look at it as it is now, and press again."
)
SAVED_BEFORE = "“{}” was saved from this form before. Open it there to change it."


# Of a story.


@editors_only
@require_safe
def events(request: HttpRequest, slug: str) -> HttpResponse:
    """A story's events by date, the ended ones too."""
    story = desk_story(slug)
    status = request.GET.get("status", "")
    found = Event.objects.filter(story=story).select_related("story").by_date()
    if status in Status.values:
        found = found.filter(status=status)
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"story": story, "page": page, "status": status, "statuses": Status.choices}
    return render(request, "annotations/desk/events.html", context)


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_event(request: HttpRequest, slug: str) -> HttpResponse:
    """An event without words of an article: a source's address is its evidence, until it gets some."""
    story = desk_story(slug)
    form = EventForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (made := _made_already(request)):
        if form.is_valid() and _is_saved(made, story, form, request):
            return redirect("desk:event", uuid=made.uuid)
        form.add_error(None, SAVED_BEFORE.format(made.title))
        return _offer_new(request, story, form, status=409)
    if request.method == "POST" and form.is_valid():
        try:
            made = _draft(request, story, form)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        except IntegrityError:
            # A second press of the button, while the first was being answered.
            if made := _made_already(request):
                return redirect("desk:event", uuid=made.uuid)
            raise
        else:
            messages.success(request, _made(made))
            return redirect("desk:event", uuid=made.uuid)
    return _offer_new(request, story, form, status=422 if form.errors else 200)


def _offer_new(request: HttpRequest, story: Story, form: EventForm, *, status: int) -> HttpResponse:
    context = {"story": story, "form": form, "uuid": _uuid(request.POST) or uuid4()}
    return render(request, "annotations/desk/event_new.html", context, status=status)


@transaction.atomic
def _draft(request: HttpRequest, story: Story, form: EventForm, words: WordsForm | None = None) -> Event:
    by, now = editor(request), timezone.now()
    fields = form.fields_to_save()
    if (uuid := _uuid(request.POST)) and not Event.objects.filter(uuid=uuid).exists():
        fields["uuid"] = uuid
    evidence = [(words.read_in, start, end) for start, end in words.spans] if words else []
    made = Event.draft(story, by=by, now=now, evidence=evidence, **fields)
    if request.POST.get("then") == "publish":
        made.publish(by=by, revision=made.revision, now=now)
    return made


def _uuid(data: QueryDict) -> UUID | None:
    try:
        found: UUID | None = forms.UUIDField(required=False).clean(data.get("uuid"))
    except forms.ValidationError:
        return None
    return found


def _made(event: Event) -> str:
    return "Event saved and published." if event.is_published else "Event saved as draft."


# From words of an article.


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def article_events(request: HttpRequest, pk: int) -> HttpResponse:
    """GET opens the form on chosen words, as does POST with `open` or `move`; else POST makes the event.

    With `then=add` the words become more evidence of an event that is there.
    """
    article = desk_article(pk)
    data = request.POST if request.method == "POST" else request.GET
    if "start" not in data:
        return show(request, article) if is_partial(request) else redirect("desk:article", pk=pk)
    words = WordsForm(article, data, is_address=request.method != "POST")
    if not words.is_valid():
        return _offer(request, article, words, status=422)
    if words.is_outdated:
        return _offer(request, article, words, status=409)
    if request.method != "POST" or "open" in data or words.is_move:
        return _offer(request, article, words)
    return _add(request, article, words) if data.get("then") == "add" else _create(request, article, words)


def _create(request: HttpRequest, article: Article, words: WordsForm) -> HttpResponse:
    stories = article.stories.order_by("title", "id")
    form = NewEventForm(request.POST, stories=stories)
    if made := _made_already(request):
        return _sent_again(request, article, words, form, made)
    if form.stories and form.is_valid():
        try:
            made = _draft(request, form.story, form, words)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        except IntegrityError:
            # A second press of the button, while the first was being answered.
            if made := _made_already(request):
                return _sent_again(request, article, words, form, made)
            raise
        else:
            return _back_to_text(request, article, made, _made(made))
    return _offer(request, article, words, form=form, status=422)


def _made_already(request: HttpRequest) -> Event | None:
    """The event that this very form made before: its answer was lost on the way, and it is sent again."""
    uuid = _uuid(request.POST)
    return Event.objects.filter(uuid=uuid, created_by=editor(request)).first() if uuid else None


def _is_saved(made: Event, story: Story, form: EventForm, request: HttpRequest) -> bool:
    """Whether the event is in the story, as the form has it."""
    return (
        made.story == story
        and all(getattr(made, name) == value for name, value in form.fields_to_save().items())
        and (made.is_published or request.POST.get("then") != "publish")
    )


def _sent_again(
    request: HttpRequest, article: Article, words: WordsForm, form: NewEventForm, made: Event
) -> HttpResponse:
    """The same once more is saved already; anything else stays in the form and is said not to be saved."""
    standing = set(made.anchors.filter(version=words.read_in).values_list("start", "end"))
    if form.is_valid() and set(words.spans) <= standing and _is_saved(made, form.story, form, request):
        return _back_to_text(request, article, made, "Event saved.")
    form.add_error(None, SAVED_BEFORE.format(made.title))
    return _offer(request, article, words, form=form, status=409)


def _add(request: HttpRequest, article: Article, words: WordsForm) -> HttpResponse:
    form = MoreEvidenceForm(request.POST, events=Event.objects.of(article).live().by_date())
    if not form.is_valid():
        return _offer(request, article, words, adding=form, status=422)
    event = desk_event(form.uuid)
    by, now = editor(request), timezone.now()
    try:
        event.add_evidence(words.read_in, words.spans, by=by, revision=event.revision, now=now)
    except StaleRevision:
        form.add_error("event", "Somebody changed that event at this moment. Press again.")
        return _offer(request, article, words, adding=form, status=409)
    return _back_to_text(request, article, event, f"Evidence added to “{event.title}”.")


def _offer(
    request: HttpRequest,
    article: Article,
    words: WordsForm,
    *,
    form: NewEventForm | None = None,
    adding: MoreEvidenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    data = request.POST if request.method == "POST" else request.GET
    context = event_panel(article, words, data, form=form, adding=adding)
    changed = status == 409 and words.is_outdated
    return show(request, article, Panel(FORM, context, context["spans"]), status=status, changed=changed)


def _back_to_text(request: HttpRequest, article: Article, event: Event, said: str) -> HttpResponse:
    if is_partial(request):
        return show(request, article, said=said, changed=True, focus=event.uuid)
    messages.success(request, said)
    return redirect(f"{reverse('desk:article', args=[article.pk])}#event-{event.uuid}")


@editors_only
@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    """The two fields for the days, filled from words for a date as an article means them."""
    return render(request, f"{FORM}#days", event_dates(request.GET))


# An event that is there.


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """GET shows an event with its evidence and its form; POST saves what was changed in it."""
    found = desk_event(uuid)
    if request.method != "POST":
        return _show(request, found)
    form, step = EventForm(request.POST, event=found), RevisionForm(request.POST)
    if not (form.is_valid() & step.is_valid()):
        return _show(request, desk_event(uuid), form=form, problem=step.problem, status=422)
    publishing = request.POST.get("then") == "publish"

    @transaction.atomic
    def save(one: Event, revision: int) -> None:
        by, now = editor(request), timezone.now()
        changes = form.changes()
        if changes or one.status == Status.SUGGESTED:
            one.edit(by=by, revision=revision, now=now, **changes)
            revision = one.revision
        if publishing:
            one.publish(by=by, revision=revision, now=now)

    return _step(request, found, step, save, "Saved and published." if publishing else "Saved.", form=form)


@editors_only
@require_POST
def publication(request: HttpRequest, uuid: UUID) -> HttpResponse:
    def publish(one: Event, revision: int) -> None:
        one.publish(by=editor(request), revision=revision, now=timezone.now())

    return _step(request, desk_event(uuid), RevisionForm(request.POST), publish, "Event published.")


@editors_only
@require_POST
def withdrawal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    step = WithdrawalForm(request.POST)

    def withdraw(one: Event, revision: int) -> None:
        reason = step.cleaned_data["reason"]
        one.withdraw(by=editor(request), revision=revision, now=timezone.now(), reason=reason)

    return _step(request, desk_event(uuid), step, withdraw, "Event withdrawn.")


@editors_only
@require_POST
def rejection(request: HttpRequest, uuid: UUID) -> HttpResponse:
    def reject(one: Event, revision: int) -> None:
        one.reject(by=editor(request), revision=revision, now=timezone.now())

    return _step(request, desk_event(uuid), RevisionForm(request.POST), reject, "Event rejected.")


@editors_only
@require_POST
def revival(request: HttpRequest, uuid: UUID) -> HttpResponse:
    def revive(one: Event, revision: int) -> None:
        one.revive(by=editor(request), revision=revision, now=timezone.now())

    return _step(request, desk_event(uuid), RevisionForm(request.POST), revive, "The event is a draft again.")


@editors_only
@require_POST
def check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The editor has read the evidence as it is now, and it still shows the event."""

    def confirm(one: Event, revision: int) -> None:
        one.confirm(by=editor(request), revision=revision, now=timezone.now())

    return _step(request, desk_event(uuid), RevisionForm(request.POST), confirm, "Checked: the event stands.")


@editors_only
@require_POST
def undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    found = desk_event(uuid)
    said = f"Undone: {_undoes(found, request) or 'your last step'}."

    def take_back(one: Event, revision: int) -> None:
        one.undo(by=editor(request), revision=revision, now=timezone.now())

    return _step(request, found, RevisionForm(request.POST), take_back, said)


@editors_only
@require_POST
def evidence_removal(request: HttpRequest, uuid: UUID, article: int, part: int) -> HttpResponse:
    """Takes one piece of evidence away."""
    of = desk_article(article)

    def remove(one: Event, revision: int) -> None:
        one.remove_evidence(of, part, by=editor(request), revision=revision, now=timezone.now())

    said = "Evidence removed. You can undo that."
    return _step(request, desk_event(uuid), RevisionForm(request.POST), remove, said)


# How a step is taken and answered.


def _step(
    request: HttpRequest,
    found: Event,
    step: RevisionForm,
    take: Callable[[Event, int], None],
    said: str,
    *,
    form: EventForm | None = None,
) -> HttpResponse:
    """Take a step on the revision that was sent; back to where it was pressed, or to the event with the reason."""
    if not step.is_valid():
        return _show(request, found, problem=step.problem, status=422)
    try:
        take(found, step.cleaned_data["revision"])
    except StaleRevision:
        return _conflict(request, desk_event(found.uuid), form)
    except NotAllowed as reason:
        return _show(request, desk_event(found.uuid), form=form, problem=str(reason), status=422)
    messages.success(request, said)
    back = request.POST.get("back")
    if back == "evidence":
        return redirect("desk:list", slug=back)
    return redirect(f"desk:{back}") if back in LISTS_OF_ACTS else redirect("desk:event", uuid=found.uuid)


def _conflict(request: HttpRequest, theirs: Event, form: EventForm | None) -> HttpResponse:
    if form is None:
        return _show(request, theirs, problem=MEANWHILE, status=409)
    rebased, differences = form.put_on(theirs)
    return _show(request, theirs, form=rebased, differences=differences, status=409)


def _show(
    request: HttpRequest,
    found: Event,
    *,
    form: EventForm | None = None,
    problem: str = "",
    differences: list[Difference] | None = None,
    status: int = 200,
) -> HttpResponse:
    latest = found.acts.select_related("by").order_by("-revision").first()
    context: dict[str, Any] = {
        "event": found,
        "form": form or EventForm(event=found),
        "pieces": (evidence := pieces(found)),
        "is_changed": any(piece.is_changed for piece in evidence),
        "undoes": _undoes(found, request),
        "latest": latest,
        "problem": problem,
        "differences": differences,
        "is_conflict": differences is not None,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "annotations/desk/event.html", context, status=status)


def _undoes(event: Event, request: HttpRequest) -> str:
    act = event.undoable_act(editor(request))
    return UNDONE.get(Verb(act.verb), "") if act else ""
