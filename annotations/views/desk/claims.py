"""A story's claims: worded, put in order, and where its quotes stand on each."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import UUIDField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations.access import desk_claim, desk_quote, desk_story, editors_only
from annotations.claim_board import seen
from annotations.desklists import StanceRow, claim_rows, listed, stance_rows
from annotations.forms.claim_board import RetirementForm
from annotations.forms.claims import ClaimForm, OrderForm, TakingForm
from annotations.forms.picker import kept
from annotations.forms.review import suggestion_address
from annotations.forms.steps import StanceForm
from annotations.models import Claim, NotAllowed, Quote, StaleRevision, Stance
from annotations.panels import POSITIONS
from annotations.querysets import QuoteQuerySet
from annotations.views.desk.annotating import editor, encoded, is_partial
from annotations.views.desk.stories import PAGE, show_story
from articles.models import Story

ROWS_A_PAGE = 25
FIRST_ROWS = 8


# A story's list of claims.


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def claims(request: HttpRequest, slug: str) -> HttpResponse:
    """POST adds a claim to the story's list, which GET leads to."""
    found = desk_story(slug)
    if request.method != "POST":
        return redirect(_list_of(found))
    form = ClaimForm(request.POST, story=found)
    if form.is_valid() and form.create(now=timezone.now()):
        return _section(request, found, said="Claim added.", focus="new")
    if is_partial(request):
        return _section(request, found, form=form)
    return show_story(request, found, claim_form=form, status=form.status)


# A claim in the words of a quote.


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new_claim(request: HttpRequest, slug: str) -> HttpResponse:
    """GET offers the words of a quote as a claim, beside those that may say the same; POST makes it.

    POST with `open` comes from a form in which a quote is at work: what was typed there goes along in the address,
    and back again.
    """
    story = desk_story(slug)
    quote = _quote_asked(request)
    if quote is None:
        return redirect(_list_of(story))
    if not story.articles.filter(pk=quote.article_id).exists():
        messages.error(request, f"The article is not in the story “{story}” any more.")
        return redirect(_back_to(quote, request.GET))
    if request.method == "POST" and "open" in request.POST:
        here = reverse("desk:claim-new", args=[slug])
        typed = [pair for pair in kept(request.POST) if pair[0] not in {"quote", "then", "uuid"}]
        return redirect(f"{here}?{encoded([('quote', str(quote.uuid)), *typed])}")
    form = TakingForm(request.POST if request.method == "POST" else None, story=story, quote=quote)
    if request.method == "POST" and form.is_valid():
        made = form.create(now=timezone.now(), taken_from=quote)
        if made:
            messages.success(request, f"Claim added: {made}")
            return redirect(_back_to(quote, request.GET, made))
    alike = list(Claim.objects.filter(story=story).alike(form.words))
    others = Claim.objects.filter(story=story).exclude(pk__in=[claim.pk for claim in alike]).in_order()
    context = {
        "story": story,
        "quote": quote,
        "form": form,
        "alike": [(claim, _back_to(quote, request.GET, claim)) for claim in alike],
        "others": [(claim, _back_to(quote, request.GET, claim)) for claim in others],
        "action": request.get_full_path(),
        "back": _back_to(quote, request.GET),
    }
    return render(request, "annotations/desk/claim_new.html", context, status=form.status)


def _quote_asked(request: HttpRequest) -> Quote | None:
    try:
        uuid: UUID | None = UUIDField(required=False).clean(request.GET.get("quote"))
    except ValidationError:
        return None
    return desk_quote(uuid) if uuid else None


def _back_to(quote: Quote, asked: QueryDict, claim: Claim | None = None) -> str:
    """Where the words were at work, with what was typed there, at the claim that is to be given a stance."""
    typed = [pair for pair in kept(asked) if pair[0] != "quote"]
    at = f"#stance-on-{claim.pk}" if claim else ""
    if "sitting" in asked:
        return suggestion_address(quote.uuid, str(asked["sitting"]), typed) + at
    return f"{reverse('desk:quote', args=[quote.uuid])}?{encoded(typed)}{at}"


@editors_only
@require_POST
def claim_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts a claim one place up or down."""
    found, form = desk_claim(pk), OrderForm(request.POST)
    if not form.is_valid():
        return _section(request, found.story, said="Nothing was moved.", status=422)
    direction = form.cleaned_data["direction"]
    moved = found.move(direction, now=timezone.now())
    said = f"Moved {'up' if direction < 0 else 'down'}." if moved else "It stands at that end already."
    return _section(request, found.story, said=said, focus=f"{found.pk}{'-up' if direction < 0 else '-down'}")


def _section(
    request: HttpRequest,
    story: Story,
    *,
    form: ClaimForm | None = None,
    said: str = "",
    focus: str = "",
    status: int = 200,
) -> HttpResponse:
    """The list of claims; for a browser without scripts the story's page at that list.

    `focus` is the button that was pressed, by the claim's key and its way; "new" is the field for another claim.
    """
    if not is_partial(request):
        messages.success(request, said) if status == 200 else messages.error(request, said)
        return redirect(_list_of(story))
    shown = form or ClaimForm(story=story)
    if focus == "new":
        shown.fields["text"].widget.attrs["data-focus"] = True
    context: dict[str, Any] = {
        "story": story,
        "claims": claim_rows(story),
        "claim_form": shown,
        "said": said,
        "focus": focus,
    }
    return render(request, f"{PAGE}#claims", context, status=form.status if form else status)


def _list_of(story: Story) -> str:
    return f"{reverse('desk:story', args=[story.slug])}#claims"


# One claim.


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """A claim with the stances on it, and what of the story takes none; POST words it anew."""
    found = desk_claim(pk)
    form = ClaimForm(request.POST if request.method == "POST" else None, story=found.story, instance=found)
    if request.method == "POST" and form.is_valid():
        desk_claim(pk).reword(form.cleaned_data["text"], now=timezone.now())
        messages.success(request, "Saved. The claim’s address stays as it was.")
        return redirect("desk:claim", pk=pk)
    position = request.GET.get("position", "")
    position = position if position in Stance.Position.values else ""
    tagged = _of(found).filter(stances__claim=found)
    if position:
        tagged = tagged.filter(stances__claim=found, stances__position=position)
    page = Paginator(listed(tagged).as_said(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    untagged = _untagged(found)
    context = {
        # A form that failed has set what was typed on its instance.
        "claim": desk_claim(pk),
        "row": next(row for row in claim_rows(found.story) if row.claim.pk == pk),
        "form": form,
        "retirement": RetirementForm(read=seen(found)),
        "position": position,
        "positions": POSITIONS,
        "page": page,
        "rows": stance_rows(found, page),
        "untagged": stance_rows(found, listed(untagged).latest_changed_first()[:FIRST_ROWS]),
        "untagged_count": untagged.count(),
    }
    return render(request, "annotations/desk/claim.html", context, status=form.status)


@editors_only
@require_safe
def claim_untagged(request: HttpRequest, pk: int) -> HttpResponse:
    """The story's quotes that take no stance on the claim, page by page."""
    found = desk_claim(pk)
    rows = listed(_untagged(found)).latest_changed_first()
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"claim": found, "positions": POSITIONS, "page": page, "rows": stance_rows(found, page)}
    return render(request, "annotations/desk/claim_untagged.html", context)


def _of(claim: Claim) -> QuoteQuerySet:
    return Quote.objects.in_story(claim.story).live()


def _untagged(claim: Claim) -> QuoteQuerySet:
    return _of(claim).exclude(pk__in=Stance.objects.filter(claim=claim).values("quote"))


@editors_only
@require_POST
def claim_stance(request: HttpRequest, pk: int, uuid: UUID) -> HttpResponse:
    """Where a quote stands on the claim, taken in the claim's list; an empty position takes the stance away."""
    found, quote = desk_claim(pk), desk_quote(uuid)
    step = StanceForm(quote.article, {**request.POST.dict(), "claim": pk})
    if not step.is_valid():
        return _stance_row(request, found, quote, error=step.problem, status=422)
    position, revision = step.cleaned_data["position"], step.cleaned_data["revision"]
    try:
        quote.set_stance(found, position, by=editor(request), revision=revision, now=timezone.now())
    except StaleRevision:
        return _stance_row(
            request,
            found,
            desk_quote(uuid),
            error="Somebody changed this quote meanwhile. This is how it stands now: press again if you still want to.",
            status=409,
        )
    except NotAllowed as reason:
        return _stance_row(request, found, desk_quote(uuid), error=str(reason), status=422)
    return _stance_row(request, found, desk_quote(uuid), said=step.said)


def _stance_row(
    request: HttpRequest, claim: Claim, quote: Quote, *, said: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    if not is_partial(request):
        messages.success(request, said) if said else messages.error(request, error)
        return redirect(f"{reverse('desk:claim', args=[claim.pk])}#quote-{quote.uuid}")
    row: StanceRow = stance_rows(claim, [quote])[0]
    row.error = error
    context = {"claim": claim, "row": row, "positions": POSITIONS, "said": said, "focus": True}
    return render(request, "annotations/desk/claim.html#row", context, status=status)
