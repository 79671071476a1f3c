"""The annotating page: an article's text with its quotes, and the panel beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from annotations.access import desk_article, editors_only
from annotations.forms.picker import PickerForm, kept
from annotations.forms.review import suggestion_address
from annotations.resizing import Span
from annotations.workbench import Workbench, workbench
from articles.models import Article

PAGE = "annotations/desk/article.html"


@dataclass(slots=True)
class Panel:
    """What stands beside the text: a template, its context, and the words that it is about."""

    template: str
    context: dict[str, Any]
    selected: Sequence[Span] = field(default=())


def editor(request: HttpRequest) -> User:
    return cast(User, request.user)


def is_partial(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


@editors_only
@require_safe
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """The annotating page; as a part of a page, what closes the panel."""
    return show(request, desk_article(pk))


def show(
    request: HttpRequest,
    of: Article,
    panel: Panel | None = None,
    *,
    status: int = 200,
    said: str = "",
    changed: bool = False,
    focus: UUID | None = None,
) -> HttpResponse:
    """The page with the panel in it; for HTMX the panel, and where something `changed` the text and the list too.

    `said` is read out; `focus` is the quote in the list that is to have the focus.
    """
    context: dict[str, Any] = {"article": of, "panel": panel, "said": said, "focus": focus}
    context |= panel.context if panel else {}
    if not is_partial(request):
        context |= {"bench": workbench(of, editor(request), panel.selected if panel else ()), "whole": True}
        return render(request, PAGE, context, status=status)
    if changed:
        context["bench"] = workbench(of, editor(request))
    return render(request, f"{PAGE}#answer", context, status=status)


def show_list(
    request: HttpRequest, of: Article, uuid: UUID, *, status: int = 200, said: str = "", error: str = ""
) -> HttpResponse:
    """After a step taken in the list: the list with the focus on the quote, and the text; the panel stays."""
    bench = workbench(of, editor(request))
    for entry in (*bench.entries, *bench.ended):
        if entry.quote.uuid == uuid:
            entry.error = error
    context = {"article": of, "bench": bench, "said": said, "focus": uuid, "revised": _revised(bench, uuid)}
    return render(request, f"{PAGE}#list-answer", context, status=status)


def _revised(bench: Workbench, uuid: UUID) -> Any:
    return next((e.quote for e in (*bench.entries, *bench.ended) if e.quote.uuid == uuid), None)


LISTS_OF_ACTS = frozenset(["home", "acts"])
"""Pages on which one's acts are undone; a form on them says so in `back`."""


def back_to_text(request: HttpRequest, of: Article, uuid: UUID, said: str) -> HttpResponse:
    """For a browser without scripts: the page again, at the quote, saying what happened."""
    messages.success(request, said)
    if (back := request.POST.get("back")) in LISTS_OF_ACTS:
        return redirect(f"desk:{back}")
    return redirect(f"{reverse('desk:article', args=[of.pk])}#quote-{uuid}")


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def sentences(request: HttpRequest, pk: int) -> HttpResponse:
    """The sentence picker: words chosen without selecting any. All that it knows is in its address.

    A form on the annotating page posts what was typed so far, which only comes back as an address.
    """
    found = desk_article(pk)
    here = reverse("desk:sentences", args=[found.pk])
    if request.method == "POST":
        return redirect(f"{here}?{encoded(kept(request.POST))}")
    form = PickerForm(found, request.GET)
    if form.is_used:
        return redirect(_with_words(found, form))
    context: dict[str, Any] = {"article": found, "picker": form, "address": here}
    if form.span:
        context |= {
            "other_sentence": f"{here}?{encoded(form.kept)}",
            "before": form.before() and f"{here}?{encoded(form.before())}",
            "after": form.after() and f"{here}?{encoded(form.after())}",
            "presets": [(words, f"{here}?{encoded(pairs)}") for words, pairs in form.presets()],
        }
    return render(request, "annotations/desk/sentences.html", context)


def _with_words(article: Article, form: PickerForm) -> str:
    """Where the chosen words go: the suggestion under review, the open quote, or a new quote or event."""
    chosen = form.chosen()
    if form.quote and "sitting" in form.asked:
        return suggestion_address(form.quote, form.asked["sitting"], chosen)
    if form.quote:
        return f"{reverse('desk:quote', args=[form.quote])}?{encoded(chosen)}"
    name = "article-events" if form.is_for_event else "quotes"
    return f"{reverse(f'desk:{name}', args=[article.pk])}?{encoded(chosen)}"


def encoded(pairs: Sequence[tuple[str, str]] | Mapping[str, str]) -> str:
    query = QueryDict(mutable=True)
    for name, value in pairs.items() if isinstance(pairs, Mapping) else pairs:
        query.appendlist(name, value)
    return query.urlencode()
