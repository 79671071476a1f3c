"""Reviewing suggestions: one after the other, each accepted, corrected, rejected or skipped; or many at once."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from annotations.access import desk_article, desk_quote, editors_only
from annotations.conflicts import Conflict
from annotations.forms.quotes import RoleForm, is_as_sent, stance_name, stances_in, typed_in
from annotations.forms.review import TIERS, ReviewFilters, ReviewForm, SittingForm, typed_before
from annotations.forms.spans import WordsForm, parts_of
from annotations.forms.steps import RevisionForm
from annotations.models import Claim, NotAllowed, Quote, StaleRevision, Status, Verb
from annotations.panels import MOVES, POSITIONS, StanceRow, takings
from annotations.resizing import Span
from annotations.reviewing import (
    MOST_AT_ONCE,
    accept_all,
    accepted_at,
    batch,
    context_of,
    following,
    spans_now,
    undo_all,
    waiting,
)
from annotations.views.desk.annotating import editor, is_partial

PAGE = "annotations/desk/review.html"
NEW_TEXT = (
    "The article has a new version since this page was loaded. These are its words now: look at them first."
)
NO_WORDS = "The outlet has removed these words. Open the quote in the text, and put it on others there."
NO_CLAIM = (
    "A claim on which you took a stance is no longer one of the article’s: it was removed, or the article left its "
    "story. See which stances are left."
)


class Sitting:
    """What one reviews, and how far one has come."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.filters = ReviewFilters(request.GET)
        data = request.GET.copy()
        data.update(request.POST)
        sent = SittingForm(data).cleaned_data
        self.after, self.last, self.batch = sent.get("after"), sent.get("last"), sent.get("batch")
        self.left: int = waiting(self.filters.chosen).count()
        self.seen: int = sent.get("seen") or 0
        self.of: int = max(sent.get("of") or self.left, self.seen)

    def count(self, by: int) -> None:
        self.seen = max(0, self.seen + by)
        self.left = waiting(self.filters.chosen).count()

    @property
    def number(self) -> int:
        return self.seen + 1

    @property
    def total(self) -> int:
        return max(self.of, self.number)

    @property
    def kept(self) -> str:
        """The filters and the progress, for a page that leads back here."""
        query = QueryDict(self.filters.query, mutable=True)
        query.update({"seen": str(self.seen), "of": str(self.total)})
        if self.last:
            query["last"] = str(self.last)
        return query.urlencode()

    def address(self, name: str, *args: Any, **more: Any) -> str:
        """A page of the review with the filters, and what is more to keep."""
        query = QueryDict(self.filters.query, mutable=True)
        for key, value in more.items():
            query[key] = str(value)
        where = reverse(f"desk:{name}", args=args)
        return f"{where}?{query.urlencode()}" if query else where

    def on(self, **more: Any) -> str:
        return self.address("review", seen=self.seen, of=self.total, **more)


@editors_only
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """The next suggestion that the filters leave."""
    sitting = Sitting(request)
    return _show(request, sitting, _following(sitting))


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def suggestion(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """GET shows one suggestion; POST accepts it, with what was corrected, or with `move` only changes its words.

    What another editor made of it meanwhile is changed by the POST if that names its newest revision.
    """
    sitting = Sitting(request)
    found = desk_quote(uuid)
    if request.method != "POST":
        return _open(request, sitting, found)
    article = desk_article(found.article_id)
    publishing = request.POST.get("then") == "publish"
    claims = list(Claim.objects.of(article, found).select_related("story").in_order())
    words, step = WordsForm(article, request.POST, required=False), RevisionForm(request.POST)
    form = ReviewForm(request.POST, quote=found, claims=claims, publishing=publishing)
    if not words.is_valid() or words.is_move:
        return _show(request, sitting, found, form=form, words=words)
    if not step.is_valid():
        return _show(request, sitting, found, form=form, words=words, status=422, problem=step.problem)
    if step.cleaned_data["revision"] != found.revision:
        return _too_late(request, sitting, uuid, Verb.ACCEPTED)
    if words.is_outdated and found.status == Status.SUGGESTED:
        return _show(request, sitting, found, form=form, words=words)
    if any(name not in form.fields for name in stances_in(request.POST)):
        return _show(request, sitting, found, form=form, words=words, status=409, problem=NO_CLAIM)
    if not form.is_valid():
        return _show(request, sitting, found, form=form, words=words, status=422)
    try:
        said = _accept(request, found, words, form)
    except StaleRevision:
        return _too_late(request, sitting, uuid, Verb.ACCEPTED)
    except (NotAllowed, ValueError) as reason:
        if desk_quote(uuid).status != Status.SUGGESTED:
            return _too_late(request, sitting, uuid, Verb.ACCEPTED, problem=str(reason))
        return _show(
            request, sitting, desk_quote(uuid), form=form, words=words, status=422, problem=str(reason)
        )
    return _go_on(request, sitting, found, said)


def _open(request: HttpRequest, sitting: Sitting, found: Quote) -> HttpResponse:
    """A suggestion, with what was typed on it before the editor left for the claims or the sentences."""
    if found.status != Status.SUGGESTED:
        return _show(request, sitting, _following(sitting))
    typed = typed_before(request.GET)
    if not typed:
        return _show(request, sitting, found)
    article = desk_article(found.article_id)
    claims = list(Claim.objects.of(article, found).select_related("story").in_order())
    words = WordsForm(article, typed, required=False, is_address=True)
    values = typed_in(typed, claims) | {"proposal": typed.get("proposal", "")}
    form = ReviewForm(None, quote=found, claims=claims, typed=values)
    return _show(request, sitting, found, form=form, words=words, revision=typed.get("revision", ""))


def _accept(request: HttpRequest, found: Quote, words: WordsForm, form: ReviewForm) -> str:
    """What was done, in words."""
    now, by = timezone.now(), editor(request)
    if found.status != Status.SUGGESTED:
        with transaction.atomic():
            _put_on_top(found, words, form, by=by, now=now)
        return "Yours was put on top."
    with transaction.atomic():
        found.accept(
            words.read_in,
            by=by,
            revision=found.revision,  # the one that was sent
            now=now,
            spans=words.spans if words.spans != spans_now(found) else (),
            stances=form.stances(),
            publish=form.publishing,
            **form.changes(),
        )
    return "Accepted and published." if form.publishing else "Accepted as a draft."


def _put_on_top(found: Quote, words: WordsForm, form: ReviewForm, *, by: User, now: dt.datetime) -> None:
    """My corrections over what another editor has made of the suggestion: each is a step of its own."""
    version = found.article.current_version
    assert version is not None
    spans = words.on_current() if words.is_outdated else words.spans
    if not spans:
        raise NotAllowed(NO_WORDS)
    if found.is_ended:
        found.revive(by=by, revision=found.revision, now=now)
    if changes := form.changes():
        found.edit(by=by, revision=found.revision, now=now, **changes)
    if spans != spans_now(found):
        found.resize(version, spans, by=by, revision=found.revision, now=now)
    taken = {stance.claim_id: stance.position for stance in found.stances.all()}
    for claim in form.claims:
        position = form.cleaned_data[stance_name(claim)]
        if stance_name(claim) in form.data and position != taken.get(claim.pk, ""):
            found.set_stance(claim, position, by=by, revision=found.revision, now=now)
    if form.publishing and not found.is_published:
        found.publish(by=by, revision=found.revision, now=now)


@editors_only
@require_POST
def rejection(request: HttpRequest, uuid: UUID) -> HttpResponse:
    sitting, found, step = Sitting(request), desk_quote(uuid), RevisionForm(request.POST)
    if not step.is_valid():
        return _show(request, sitting, found, status=422, problem=step.problem)
    try:
        found.reject(by=editor(request), revision=step.cleaned_data["revision"], now=timezone.now())
    except StaleRevision:
        return _too_late(request, sitting, uuid, Verb.REJECTED)
    except NotAllowed as reason:
        return _too_late(request, sitting, uuid, Verb.REJECTED, problem=str(reason))
    return _go_on(request, sitting, found, "Rejected.")


@editors_only
@require_POST
def undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take back what one did last with a suggestion, and see it again."""
    sitting, found, step = Sitting(request), desk_quote(uuid), RevisionForm(request.POST)
    if not step.is_valid():
        return _show(request, sitting, _following(sitting), status=422, problem=step.problem)
    try:
        found.undo(by=editor(request), revision=step.cleaned_data["revision"], now=timezone.now())
    except (StaleRevision, NotAllowed) as reason:
        is_newest = step.cleaned_data["revision"] == found.revision
        problem = str(reason) if is_newest and isinstance(reason, NotAllowed) else ""
        return _too_late(request, sitting, uuid, Verb.UNDONE, problem=problem)
    return _undone(request, sitting, uuid)


def _undone(request: HttpRequest, sitting: Sitting, uuid: UUID) -> HttpResponse:
    """The suggestion again; where other steps of one's own lie under the one taken back, what waits instead."""
    quote = desk_quote(uuid)
    if quote.status != Status.SUGGESTED:
        sitting.last = uuid
        said = f"Undone: your last step. It is {quote.status} now."
        if is_partial(request):
            return _show(request, sitting, _following(sitting), said=said)
        messages.success(request, said)
        return redirect(sitting.on(last=uuid))
    sitting.count(-1)
    said = "Undone: it is a suggestion again."
    if is_partial(request):
        return _show(request, sitting, quote, said=said)
    messages.success(request, said)
    return redirect(sitting.address("review-one", uuid, seen=sitting.seen, of=sitting.total))


# -- many at once ------------------------------------------------------------------------------------------


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest) -> HttpResponse:
    """GET says what accepting all that match would do; POST does it, if it is still so many."""
    sitting = Sitting(request)
    found = batch(sitting.filters.chosen)
    problem = ""
    if request.method == "POST":
        now = timezone.now()
        if request.POST.get("count") == str(len(found.quotes)) and found.quotes:
            try:
                accept_all(found.quotes, by=editor(request), now=now)
            except (StaleRevision, NotAllowed):
                found = batch(sitting.filters.chosen)
                problem = (
                    "Another editor was quicker with one of them. Nothing was accepted: see what is left."
                )
            else:
                many = len(found.quotes)
                messages.success(
                    request, f"{many} suggestion{'s are drafts' if many > 1 else ' is a draft'} now."
                )
                return redirect(sitting.address("review", batch=now.isoformat()))
        else:
            problem = (
                "There are other suggestions now than when this page was loaded. Nothing was accepted yet."
            )
    context = {
        "sitting": sitting,
        "filters": sitting.filters,
        "batch": found,
        "most": MOST_AT_ONCE,
        "tier": dict(TIERS).get(sitting.filters.chosen.get("tier", "")),
        "problem": problem,
        "action": sitting.address("review-all"),
        "back": sitting.address("review"),
    }
    return render(request, "annotations/desk/review_all.html", context, status=409 if problem else 200)


@editors_only
@require_POST
def everything_undone(request: HttpRequest) -> HttpResponse:
    sitting = Sitting(request)
    undone, kept = undo_all(editor(request), sitting.batch, now=timezone.now()) if sitting.batch else (0, 0)
    said = f"{undone} suggestion{'s wait' if undone != 1 else ' waits'} again."
    if kept:
        said += f" {kept} stayed as they are: they were changed since."
    messages.success(request, said)
    return redirect(sitting.address("review"))


# -- how it is answered ------------------------------------------------------------------------------------


def _following(sitting: Sitting) -> Quote | None:
    found = following(sitting.filters.chosen, sitting.after)
    return desk_quote(found.uuid) if found else None


def _go_on(request: HttpRequest, sitting: Sitting, done: Quote, said: str) -> HttpResponse:
    """The next one; without scripts by the address that leads to it."""
    sitting.count(1)
    sitting.after, sitting.last = done.uuid, done.uuid
    if is_partial(request):
        return _show(request, sitting, _following(sitting), said=said)
    messages.success(request, said)
    return redirect(sitting.on(after=done.uuid, last=done.uuid))


def _too_late(
    request: HttpRequest, sitting: Sitting, uuid: UUID, wanted: Verb, *, problem: str = ""
) -> HttpResponse:
    """Another editor was quicker: what they did, beside what was typed here, and the ways on.

    The same form sent again, by a second press or from a page gone back to, is done already.
    """
    theirs = desk_quote(uuid)
    if not problem and _is_done(request, theirs, wanted):
        if wanted == Verb.UNDONE:
            return _undone(request, sitting, uuid)
        return _go_on(request, sitting, theirs, "That is done already.")
    article, here = desk_article(theirs.article_id), request.get_full_path()
    conflict = Conflict(theirs, article, request.POST, here, me=editor(request))
    is_open = theirs.status == Status.SUGGESTED
    keep_url = (
        sitting.address("review-one", uuid, seen=sitting.seen, of=sitting.total)
        if is_open
        else sitting.on(after=uuid)
    )
    context = {"conflict": conflict, "theirs": theirs, "keep_url": keep_url, "problem": problem}
    return _answer(
        request,
        sitting,
        context | {"keep": "See it as it is now" if is_open else "Keep theirs, and go on"},
        status=422 if problem else 409,
    )


def _is_done(request: HttpRequest, quote: Quote, wanted: Verb) -> bool:
    """Whether it was this very form that this editor sent last."""
    latest = quote.acts.order_by("-revision").first()
    if latest is None or latest.by_id != editor(request).pk or latest.verb != wanted:
        return False
    if request.POST.get("revision") != str(latest.revision - 1):
        return False
    if wanted != Verb.ACCEPTED:
        return True
    words = WordsForm(desk_article(quote.article_id), request.POST, required=False)
    are_same = words.is_valid() and words.spans in ([], spans_now(quote))
    is_public = request.POST.get("then") != "publish" or quote.is_published
    return are_same and is_public and is_as_sent(quote, request.POST)


def _show(
    request: HttpRequest,
    sitting: Sitting,
    quote: Quote | None,
    *,
    form: ReviewForm | None = None,
    words: WordsForm | None = None,
    revision: str = "",
    status: int = 200,
    problem: str = "",
    said: str = "",
) -> HttpResponse:
    """A suggestion, or that there is none. Words that were chosen in an earlier version are shown as they are now."""
    if words is not None and not words.is_valid():
        status = 422
    elif words is not None and words.is_outdated and words.spans and not problem:
        status, problem = 409, NEW_TEXT
    context: dict[str, Any] = {"problem": problem, "said": said, "quote": quote}
    if quote is not None:
        context |= _card(sitting, quote, form, words)
        # What was typed was typed on the revision that the page had.
        sent = revision or (str(form.data.get("revision", "")) if form is not None else "")
        context["revision"] = sent if sent.isdecimal() and len(sent) < 10 else quote.revision
    return _answer(request, sitting, context, status=status)


def _answer(request: HttpRequest, sitting: Sitting, context: dict[str, Any], *, status: int) -> HttpResponse:
    context |= {"sitting": sitting, "filters": sitting.filters, "last": _last(request, sitting)}
    context |= {"all_url": sitting.address("review-all"), "again_url": sitting.address("review")}
    if is_partial(request):
        return render(request, f"{PAGE}#card", context, status=status)
    if sitting.batch and (many := accepted_at(editor(request), sitting.batch)):
        context |= {"batch_count": many, "batch_undo_url": sitting.address("review-all-undo")}
    return render(request, PAGE, {**context, "whole": True}, status=status)


def _last(request: HttpRequest, sitting: Sitting) -> dict[str, Any] | None:
    """What one did last here, while it can be undone."""
    quote = Quote.objects.with_words().filter(uuid=sitting.last).first() if sitting.last else None
    if quote is None or quote.undoable_act(editor(request)) is None:
        return None
    return {"quote": quote, "url": sitting.address("review-undo", quote.uuid)}


def _card(sitting: Sitting, quote: Quote, form: ReviewForm | None, words: WordsForm | None) -> dict[str, Any]:
    article = desk_article(quote.article_id)
    quote.article = article
    version = article.current_version
    assert version is not None
    claims = list(Claim.objects.of(article, quote).select_related("story").in_order())
    form = form or ReviewForm(None, quote=quote, claims=claims)
    is_moved = words is not None and words.is_move
    if is_moved and form.is_bound:
        form.errors.clear()  # only the words were changed: nothing is asked yet
    spans = _chosen(words) or spans_now(quote)
    form.fields["role"].widget.choices = RoleForm(
        {name: str(form[name].value() or "") for name in RoleForm.base_fields}
    ).options()
    finding = getattr(quote, "finding", None)
    return {
        "article": article,
        "version": version,
        "form": form,
        "finding": finding,
        "is_older": finding is not None and finding.version_id != version.pk,
        "tier": dict(TIERS).get(str(finding.tier)) if finding else "",
        "speaker": form.view("speaker"),
        "relay": form.view("relayed_by"),
        "paragraphs": context_of(quote, spans, finding),
        "parts": parts_of(version, spans),
        "moves": MOVES,
        "adjusting": is_moved,
        "positions": POSITIONS,
        "rows": [StanceRow(c, stance_name(c), str(form[stance_name(c)].value() or "")) for c in claims],
        "stories": {claim.story_id for claim in claims},
        "takings": takings(quote, article),
        "action": sitting.address("review-one", quote.uuid),
        "words_url": sitting.address("review-one", quote.uuid),
        "reject_url": sitting.address("review-rejection", quote.uuid),
        "skip_url": sitting.address(
            "review",
            after=quote.uuid,
            seen=sitting.number,
            of=sitting.total,
            **({"last": sitting.last} if sitting.last else {}),
        ),
        "words_problem": "" if words is None else words.problem,
    }


def _chosen(words: WordsForm | None) -> list[Span]:
    """Where the words that were chosen stand in the current version; nothing where none were, or they are gone."""
    if words is None or not words.is_valid():
        return []
    return words.on_current() if words.is_outdated else words.spans
