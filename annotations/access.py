"""Who may see and do what: every look-up of an object that a person asks for goes through here.

A stranger gets 404 for what is not published, never 403: that it exists is not for them to know.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url

from annotations.models import Actor, Alias, Claim, Event, Quote, Role, Status
from annotations.querysets import ActorQuerySet
from articles.models import Article, Outlet, Story, StoryArticle

EDIT = "annotations.change_quote"
"""The permission that makes somebody an editor."""


class Gone(Http404):
    """It was published and was taken back; the page answers 410 with the reason, if readers are to have it."""

    def __init__(self, reason: str = "") -> None:
        super().__init__("withdrawn")
        self.reason = reason


# What everybody may read.


def public_story(slug: str) -> Story:
    return get_object_or_404(Story.objects.published(), slug=slug)


def public_article(story: Story, pk: int) -> Article:
    articles = Article.objects.select_related("outlet", "current_version")
    return get_object_or_404(articles, pk=pk, stories=story, current_version__isnull=False)


def stories_telling(articles: Iterable[int]) -> dict[int, Story]:
    """For each article the published story in which its page stands: the one that is newest, as for its address."""
    told = StoryArticle.objects.filter(article__in=articles, story__status=Story.Status.PUBLISHED)
    return {one.article_id: one.story for one in told.select_related("story").order_by("story")}


def public_claim(story: Story, slug: str) -> Claim:
    """The claim; one that was merged is the one it went into, whose slug is another.

    Raises Gone for one that was retired and on which no published quote takes a stance.
    """
    claim = get_object_or_404(Claim.objects.select_related("story"), story=story, slug=slug)
    if claim.is_retired and not Claim.objects.filter(pk=claim.pk).for_readers().exists():
        if claim.merged_into:
            return public_claim(story, claim.merged_into.slug)
        raise Gone(claim.retired_reason)
    return claim


def public_actors() -> ActorQuerySet:
    """Actors of whom readers may know: they speak in, or relayed, a public quote, or took in one who did."""
    public, this = Quote.objects.public(), OuterRef("pk")
    return Actor.objects.filter(
        Exists(public.filter(speaker=this))
        | Exists(public.filter(relayed_by_actor=this))
        | Exists(public.filter(speaker__canonical=this))
    )


def public_actor(slug: str) -> Actor:
    """The actor of that slug, or the one that it was merged into: its address stays good."""
    actor = get_object_or_404(Actor, slug=slug)
    return get_object_or_404(public_actors(), pk=actor.canonical_id or actor.pk)


def public_outlet(slug: str) -> Outlet:
    return get_object_or_404(Outlet.objects.public(), slug=slug)


def public_quote(uuid: UUID) -> Quote:
    """Raises Gone for one that readers have seen and that is no longer published, Http404 for any other."""
    quote = get_object_or_404(
        Quote.objects.for_readers().filter(article__stories__status=Story.Status.PUBLISHED).distinct(),
        uuid=uuid,
        published_at__isnull=False,
    )
    if quote.status != Status.PUBLISHED:
        raise Gone(quote.withdrawn_reason)
    return quote


def public_event(uuid: UUID) -> Event:
    """Raises Gone for one that readers have seen and that is no longer published, Http404 for any other."""
    events = Event.objects.for_readers().evidenced().filter(story__status=Story.Status.PUBLISHED)
    event = get_object_or_404(events, uuid=uuid, published_at__isnull=False)
    if event.status != Status.PUBLISHED:
        raise Gone
    return event


# What editors work with.


def is_editor(user: Any) -> bool:
    return bool(user.is_active and user.has_perm(EDIT))


def editors_only[**P](
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Sends a stranger to the log-in, refuses who is logged in but no editor.

    HTMX gets a 401 and nothing else: the page stays, with what was typed in it, and says how to log in again.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if is_editor(request.user):
            return view(request, *args, **kwargs)
        if request.user.is_authenticated:
            raise PermissionDenied("The desk is for editors. Ask an administrator to make you one.")
        if request.headers.get("HX-Request"):
            return HttpResponse("You are logged out.\n", status=401, content_type="text/plain")
        return redirect_to_login(request.get_full_path(), resolve_url("login"))

    return guarded


def desk_story(slug: str) -> Story:
    return get_object_or_404(Story, slug=slug)


def desk_article(pk: int) -> Article:
    articles = Article.objects.select_related("outlet", "current_version")
    return get_object_or_404(articles, pk=pk, current_version__isnull=False)


def desk_quote(uuid: UUID) -> Quote:
    return get_object_or_404(Quote.objects.with_words(), uuid=uuid)


def desk_event(uuid: UUID) -> Event:
    return get_object_or_404(Event.objects.with_evidence(), uuid=uuid)


def desk_claim(pk: int) -> Claim:
    claims = Claim.objects.select_related(
        "story", "taken_from__speaker__canonical", "retired_by", "merged_into"
    )
    return get_object_or_404(claims, pk=pk)


def desk_actor(pk: int) -> Actor:
    return get_object_or_404(Actor.objects.select_related("canonical", "merged_into"), pk=pk)


def desk_alias(pk: int) -> Alias:
    return get_object_or_404(Alias.objects.select_related("actor"), pk=pk)


def desk_role(pk: int) -> Role:
    return get_object_or_404(Role.objects.select_related("actor", "organisation"), pk=pk)
