"""Making a quote, and everything an editor does to one. Each step is a resource of its own, and can be undone."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from annotations.access import desk_article, desk_quote, editors_only
from annotations.conflicts import Conflict
from annotations.forms.quotes import QuoteForm, is_as_sent, typed_in, values_of
from annotations.forms.spans import WordsForm
from annotations.forms.steps import RevisionForm, StanceForm, WithdrawalForm
from annotations.joining import separate
from annotations.models import Claim, NotAllowed, Quote, StaleRevision, Status
from annotations.panels import editing, new_quote
from annotations.resizing import Span
from annotations.views.desk.annotating import Panel, back_to_text, editor, is_partial, show, show_list
from annotations.views.desk.checking import answer_in_list, list_of
from annotations.workbench import Entry, entry_of
from articles.models import Article

NEW_VERSION = "The article has a new version since this page was loaded. "
FOUND_AGAIN = NEW_VERSION + "The words stand in it too: look at them, then save."
NOT_FOUND = (
    NEW_VERSION + "The words no longer stand in it. What you typed is still here: select the words again."
)

READ_AGAIN = NEW_VERSION + "Nothing was done: these are its words now."

SAVED_BEFORE = (
    "This quote was saved before. What you changed in the form since is not saved yet: look at it, then save. "
    "Stances stand as they were saved."
)

FORM, CONFLICT = "annotations/desk/quote_form.html", "annotations/desk/conflict.html"


# -- a new quote -------------------------------------------------------------------------------------------


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def quotes(request: HttpRequest, pk: int) -> HttpResponse:
    """GET opens the form on chosen words, as does POST with `open`; else POST makes the quote, or with `move` only
    chooses other words."""
    article = desk_article(pk)
    if request.method == "POST" and not {"move", "open"} & request.POST.keys():
        return _create(request, article)
    data = request.POST if request.method == "POST" else request.GET
    if request.method != "POST" and "start" not in data:
        return show(request, article) if is_partial(request) else redirect("desk:article", pk=pk)
    words = WordsForm(article, data, is_address=request.method != "POST")
    if not words.is_valid():
        return show(request, article, _offering(article, words, data), status=422)
    if words.is_outdated:
        return _outdated(request, article, words, data)
    return show(request, article, _offering(article, words, data))


def _create(request: HttpRequest, article: Article) -> HttpResponse:
    publishing = request.POST.get("then") == "publish"
    words = WordsForm(article, request.POST)
    form = QuoteForm(request.POST, claims=Claim.objects.of(article).in_order(), publishing=publishing)
    if made := _made_already(request, article):
        return _sent_again(request, made, article, words, publishing)
    both_valid = words.is_valid() & form.is_valid()
    if words.is_valid() and words.is_outdated:
        return _outdated(request, article, words, request.POST)
    if both_valid:
        try:
            quote = _draft(request, words, form, publishing)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        except IntegrityError:
            # A second press of the button, while the first was being answered.
            if made := _made_already(request, article):
                return _sent_again(request, made, article, words, publishing)
            raise
        else:
            said = "Quote saved and published." if publishing else "Quote saved as draft."
            return _saved(request, article, quote.uuid, said)
    return show(request, article, _offering(article, words, request.POST, bound=form), status=422)


@transaction.atomic
def _draft(request: HttpRequest, words: WordsForm, form: QuoteForm, publishing: bool) -> Quote:
    by, now = editor(request), timezone.now()
    fields = form.fields_to_save()
    if (uuid := _uuid(request)) and not Quote.objects.filter(uuid=uuid).exists():
        fields["uuid"] = uuid
    quote = Quote.draft(words.read_in, words.spans, by=by, now=now, stances=form.stances(), **fields)
    if publishing:
        quote.publish(by=by, revision=quote.revision, now=now)
    return quote


def _uuid(request: HttpRequest) -> UUID | None:
    try:
        found: UUID | None = forms.UUIDField(required=False).clean(request.POST.get("uuid"))
    except forms.ValidationError:
        return None
    return found


def _made_already(request: HttpRequest, article: Article) -> Quote | None:
    """The quote that this very form made before: its answer was lost on the way, and it is sent again."""
    if not (uuid := _uuid(request)):
        return None
    return Quote.objects.with_words().filter(uuid=uuid, article=article, created_by=editor(request)).first()


def _sent_again(
    request: HttpRequest, made: Quote, article: Article, words: WordsForm, publishing: bool
) -> HttpResponse:
    """The same once more is saved already; anything else is offered on the quote, so that it is not lost."""
    are_same_words = words.is_valid() and words.spans == _standing(made, words.read_in.pk)
    if are_same_words and is_as_sent(made, request.POST) and (made.is_published or not publishing):
        return _saved(request, article, made.uuid, "Quote saved.")
    data = request.POST.copy()
    data["revision"] = str(made.revision if made.updated_by == editor(request) else 1)
    chosen = None if words.is_valid() and words.is_outdated else words
    return _open(request, made, article, chosen, data, status=409, notice=SAVED_BEFORE, changed=True)


def _offering(
    article: Article, words: WordsForm, data: Any, *, bound: QuoteForm | None = None, notice: str = ""
) -> Panel:
    context = new_quote(article, words, data, bound=bound)
    return Panel(FORM, {**context, "notice": notice}, context["spans"])


def _outdated(request: HttpRequest, article: Article, words: WordsForm, data: Any) -> HttpResponse:
    """The text is not the one that the words were chosen in: they are looked for in the new one, nothing is lost."""
    spans = words.on_current()
    context = new_quote(article, words, data, spans=spans)
    context["notice"] = FOUND_AGAIN if spans else NOT_FOUND
    return show(request, article, Panel(FORM, context, spans), status=409, changed=True)


def _saved(request: HttpRequest, article: Article, uuid: UUID, said: str) -> HttpResponse:
    if is_partial(request):
        return show(request, article, said=said, changed=True, focus=uuid)
    return back_to_text(request, article, uuid, said)


# -- a quote that is there ---------------------------------------------------------------------------------


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def quote(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """GET opens the form on a quote, POST saves what was changed in it: fields, words, or both."""
    found = desk_quote(uuid)
    article = desk_article(found.article_id)
    if request.method == "POST":
        return _save(request, found, article)
    is_on_words = "start" in request.GET
    words = WordsForm(article, request.GET, required=False, is_address=True) if is_on_words else None
    return _open(request, found, article, words, request.GET)


def _save(request: HttpRequest, found: Quote, article: Article) -> HttpResponse:
    publishing = request.POST.get("then") == "publish"
    initial = values_of(found)
    form = QuoteForm(request.POST, quote=found, initial=initial, publishing=publishing)
    words = WordsForm(article, request.POST, required=False)
    step = RevisionForm(request.POST)
    if not (form.is_valid() & words.is_valid() & step.is_valid()):
        return _open(
            request, found, article, words, request.POST, bound=form, status=422, problem=step.problem
        )
    spans = words.spans if words.spans and words.spans != _standing(found, words.read_in.pk) else []
    if spans and words.is_outdated:
        return _moved_on(request, found, article, words)

    @transaction.atomic
    def save(one: Quote, revision: int) -> None:
        by, now = editor(request), timezone.now()
        changes = form.changes()
        if changes or one.status == Status.SUGGESTED:
            one.edit(by=by, revision=revision, now=now, **changes)
            revision = one.revision
        if spans:
            one.resize(words.read_in, spans, by=by, revision=revision, now=now)
            revision = one.revision
        if publishing:
            one.publish(by=by, revision=revision, now=now)

    said = "Saved and published." if publishing else "Saved."
    return _step(request, found, article, step, save, said=said, closes=True)


def _standing(found: Quote, version: int) -> list[Span]:
    anchors = sorted(
        (a for a in found.anchors.all() if a.version_id == version), key=lambda anchor: anchor.part
    )
    return [(a.start, a.end) for a in anchors if a.start is not None and a.end is not None]


@editors_only
@require_POST
def span(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Puts the quote on other words; with `move`, only shows what that would be."""
    found = desk_quote(uuid)
    article = desk_article(found.article_id)
    words = WordsForm(article, request.POST, required=False)
    if list_of(request) and not words.is_valid():
        return _refused(request, found, article, words.problem)
    if not words.is_valid() or words.is_move:
        return _open(request, found, article, words, request.POST, status=200 if words.is_valid() else 422)
    if words.is_outdated:
        return _moved_on(request, found, article, words)
    if not words.spans:
        return _open(
            request, found, article, words, request.POST, status=422, problem="Choose the words of the quote."
        )

    def resize(one: Quote, revision: int) -> None:
        one.resize(words.read_in, words.spans, by=editor(request), revision=revision, now=timezone.now())

    return _step(
        request, found, article, RevisionForm(request.POST), resize, said="The quote stands on the new words."
    )


@editors_only
@require_POST
def stance(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where the quote stands on a claim; an empty position takes the stance away."""
    found = desk_quote(uuid)
    article = desk_article(found.article_id)
    step = StanceForm(article, {**request.GET.dict(), **request.POST.dict()})

    def take(one: Quote, revision: int) -> None:
        claim, position = step.cleaned_data["claim"], step.cleaned_data["position"]
        one.set_stance(claim, position, by=editor(request), revision=revision, now=timezone.now())

    return _step(request, found, article, step, take, said=step.said)


@editors_only
@require_POST
def publication(request: HttpRequest, uuid: UUID) -> HttpResponse:
    def publish(one: Quote, revision: int) -> None:
        one.publish(by=editor(request), revision=revision, now=timezone.now())

    return _simple(request, uuid, RevisionForm(request.POST), publish, said="Quote published.")


@editors_only
@require_POST
def withdrawal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    step = WithdrawalForm(request.POST)

    def withdraw(one: Quote, revision: int) -> None:
        reason = step.cleaned_data["reason"]
        one.withdraw(by=editor(request), revision=revision, now=timezone.now(), reason=reason)

    return _simple(request, uuid, step, withdraw, said="Quote withdrawn.", closes=True)


@editors_only
@require_POST
def rejection(request: HttpRequest, uuid: UUID) -> HttpResponse:
    def reject(one: Quote, revision: int) -> None:
        one.reject(by=editor(request), revision=revision, now=timezone.now())

    return _simple(request, uuid, RevisionForm(request.POST), reject, said="Quote rejected.", closes=True)


@editors_only
@require_POST
def revival(request: HttpRequest, uuid: UUID) -> HttpResponse:
    def revive(one: Quote, revision: int) -> None:
        one.revive(by=editor(request), revision=revision, now=timezone.now())

    return _simple(request, uuid, RevisionForm(request.POST), revive, said="The quote is a draft again.")


@editors_only
@require_POST
def undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    def take_back(one: Quote, revision: int) -> None:
        one.undo(by=editor(request), revision=revision, now=timezone.now())

    found = desk_quote(uuid)
    article = desk_article(found.article_id)
    said = f"Undone: {entry_of(found, article, editor(request)).undoes or 'your last step'}."
    return _step(request, found, article, RevisionForm(request.POST), take_back, said=said)


@editors_only
@require_POST
def check(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The editor has read the words as the outlet has them now, and keeps the quote."""
    found = desk_quote(uuid)
    article = desk_article(found.article_id)
    words = WordsForm(article, request.POST, required=False)
    if words.is_valid() and words.is_outdated:
        return _moved_on(request, found, article, words)
    version = article.current_version
    assert version is not None

    def confirm(one: Quote, revision: int) -> None:
        one.confirm(version, by=editor(request), revision=revision, now=timezone.now())

    return _step(
        request, found, article, RevisionForm(request.POST), confirm, said="Checked: the quote stands."
    )


@editors_only
@require_POST
def separation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Takes the quote out of its utterance: it is no rendering of what the others are."""

    def separate_it(one: Quote, revision: int) -> None:
        separate(one, by=editor(request), revision=revision, now=timezone.now())

    said = "Separated from the other renderings."
    return _simple(request, uuid, RevisionForm(request.POST), separate_it, said=said)


# -- how a step is taken and answered ----------------------------------------------------------------------


def _simple(
    request: HttpRequest,
    uuid: UUID,
    step: RevisionForm,
    take: Callable[[Quote, int], None],
    *,
    said: str,
    closes: bool = False,
) -> HttpResponse:
    found = desk_quote(uuid)
    return _step(request, found, desk_article(found.article_id), step, take, said=said, closes=closes)


def _step(
    request: HttpRequest,
    found: Quote,
    article: Article,
    step: RevisionForm,
    take: Callable[[Quote, int], None],
    *,
    said: str,
    closes: bool = False,
) -> HttpResponse:
    """Take a step on the revision that was sent, and answer where the person is: in the list or in the panel."""
    if not step.is_valid():
        return _refused(request, found, article, step.problem)
    before = values_of(found)
    try:
        take(found, step.cleaned_data["revision"])
    except StaleRevision:
        return _conflict(request, desk_quote(found.uuid), article)
    except (NotAllowed, ValueError) as reason:
        return _refused(request, desk_quote(found.uuid), article, str(reason))
    if worklist := list_of(request):
        return answer_in_list(request, worklist, found.uuid, said=said)
    if _is_from_list(request):
        if is_partial(request):
            return show_list(request, article, found.uuid, said=said)
        return back_to_text(request, article, found.uuid, said)
    if closes:
        return _saved(request, article, found.uuid, said)
    return _go_on(request, desk_quote(found.uuid), article, before, said)


def _go_on(
    request: HttpRequest, found: Quote, article: Article, before: dict[str, Any], said: str
) -> HttpResponse:
    """The panel again, with what was typed in it and not saved by this step."""
    shown = {name: str(value or "") for name, value in before.items()}
    typed = {name: value for name, value in typed_in(request.POST).items() if value != shown.get(name, "")}
    if is_partial(request) or typed:
        return _open(request, found, article, None, typed, said=said, changed=True)
    messages.success(request, said)
    return redirect("desk:quote", uuid=found.uuid)


def _is_from_list(request: HttpRequest) -> bool:
    return "panel" not in request.POST


def _open(
    request: HttpRequest,
    found: Quote,
    article: Article,
    words: WordsForm | None,
    data: Any,
    *,
    bound: QuoteForm | None = None,
    spans: list[Span] | None = None,
    status: int = 200,
    notice: str = "",
    problem: str = "",
    said: str = "",
    changed: bool = False,
) -> HttpResponse:
    if words is not None and not words.is_valid():
        status = 422
    entry: Entry = entry_of(found, article, editor(request))
    context = editing(found, article, entry, words, data, bound=bound, spans=spans)
    context |= {"notice": notice, "problem": problem, "reason": request.POST.get("reason", "")}
    if said or problem or status != 200:
        context["fresh"] = False
    panel = Panel(FORM, context, context["spans"])
    return show(request, article, panel, status=status, said=said, changed=changed)


def _moved_on(request: HttpRequest, found: Quote, article: Article, words: WordsForm) -> HttpResponse:
    if worklist := list_of(request):
        return answer_in_list(request, worklist, found.uuid, error=READ_AGAIN, status=409)
    spans = words.on_current()
    notice = FOUND_AGAIN if spans else NOT_FOUND
    return _open(
        request, found, article, words, request.POST, spans=spans, status=409, notice=notice, changed=True
    )  # fmt: skip


def _refused(request: HttpRequest, found: Quote, article: Article, problem: str) -> HttpResponse:
    if worklist := list_of(request):
        return answer_in_list(request, worklist, found.uuid, error=problem, status=422)
    if _is_from_list(request) and is_partial(request):
        return show_list(request, article, found.uuid, status=422, error=problem)
    words = WordsForm(article, request.POST, required=False) if "start" in request.POST else None
    return _open(request, found, article, words, request.POST, status=422, problem=problem)


def _conflict(request: HttpRequest, theirs: Quote, article: Article) -> HttpResponse:
    """Somebody changed the quote meanwhile: both texts side by side, and nothing lost."""
    conflict = Conflict(theirs, article, request.POST, request.get_full_path(), me=editor(request))
    error = (
        f"{conflict.by_whom} Nothing was done: look at it as it is now, and press again if you still want to."
    )
    if worklist := list_of(request):
        return answer_in_list(request, worklist, theirs.uuid, error=error, status=409)
    if _is_from_list(request) and is_partial(request):
        return show_list(request, article, theirs.uuid, status=409, error=error)
    keep_url = reverse("desk:quote", args=[theirs.uuid])
    context = {"conflict": conflict, "quote": theirs, "keep_url": keep_url}
    return show(request, article, Panel(CONFLICT, context, theirs.spans()), status=409, changed=True)
