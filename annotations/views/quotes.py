import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from annotations import access, telling
from annotations.anchoring import Operation, word_diff
from annotations.corrections import corrections
from annotations.leaving import gathering, schema_org
from annotations.life import Fate, Spell
from annotations.models import Quote
from annotations.rendering import Marked, at_the_outlet, blocks, web_address
from annotations.renderings import Side, side_by_side
from annotations.timeline import when_said
from articles.models import Outlet, Story, Version
from newsdesk.addresses import absolute
from newsdesk.caching import public_page

SILENT_SHOWN = 20
"""Outlets that are named among those that carried nothing of an utterance; a story may have hundreds."""


@require_safe
@public_page
def quote(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A quote for good: its words in their paragraph, who said them by way of whom, and what became of them."""
    try:
        found = access.public_quote(uuid)
    except access.Gone as gone:
        return render(request, "annotations/gone.html", {"reason": gone.reason}, status=410)
    story = access.stories_telling([found.article_id])[found.article_id]
    version = Version.objects.get(pk=found.version_id)
    changed = found.changed_since_read()
    renderings = _renderings(found)
    silent = _silent(story, renderings)
    marked = Marked(found, f"quote-{found.uuid}", found.tone or "quote", found.spans())
    context = {
        "quote": found,
        "story": story,
        "version": version,
        "address": found.address_in(story),
        "when": when_said(found),
        "paragraphs": [
            b for b in blocks(version.text, version.kinds, [marked]) if any(p.notes for p in b.pieces)
        ],
        "changed": changed,
        "life": _life(found, story),
        "record": _record(found),
        "renderings": renderings,
        "silent": silent[:SILENT_SHOWN],
        "silent_more": max(0, len(silent) - SILENT_SHOWN),
        "trail": [(gettext("Stories"), reverse("stories")), (story.title, story.get_absolute_url())],
        "timeline_address": f"{story.get_absolute_url()}?at={found.uuid}#quote-{found.uuid}",
        "outlet_address": at_the_outlet(found.article.url, found.parts()[0].exact)
        if changed is None
        else web_address(found.article.url),
        "archived": web_address(found.article.archive_url),
        "canonical": absolute(request.path),
        "picture": absolute(reverse("quote-card", args=[found.uuid])),
        "picture_alt": f"{found.speaker_name}: {found.words}",
        "oembed": absolute(f"{reverse('oembed')}?{urlencode({'url': absolute(request.path)})}"),
        "linked_data": schema_org.document(
            schema_org.quotation(gathering.statement(found, story), gathering.told(story))
        ),
    }
    return render(request, "annotations/quote.html", context)


def _record(quote: Quote) -> list[tuple[dt.datetime, str]]:
    """What was done to the quote since it was published, each with its instant."""
    acts = quote.acts.order_by("revision").values_list("at", "verb", "state")
    return [(one.at, telling.correction(one)) for one in corrections(acts)]


@dataclass(frozen=True, slots=True)
class LifeStep:
    """A spell of a quote's words, told, how they differ from the spell before, and where they are marked.

    `comparison` is of the whole text, with the version before; empty for the first spell.
    """

    spell: Spell
    told: str
    diff: list[tuple[Operation, str]]
    address: str
    comparison: str


def _life(quote: Quote, story: Story) -> list[LifeStep]:
    steps: list[LifeStep] = []
    words = ""
    for spell in quote.life():
        diff = word_diff(words, spell.words) if spell.words and spell.fate is Fate.REWORDED else []
        versions = [steps[-1].spell.last, spell.first] if steps else []
        steps.append(
            LifeStep(
                spell,
                telling.life(spell),
                diff,
                quote.address_in(story, spell.last),
                reverse("article-diff", args=[story.slug, quote.article_id, *versions]) if versions else "",
            )
        )
        words = spell.words or words
    return steps


@dataclass(frozen=True, slots=True)
class Rendering:
    """How an article carried the utterance, beside the others, and where; `is_this` is the page's own quote."""

    side: Side
    address: str
    changed: Spell | None
    is_this: bool


def _renderings(quote: Quote) -> list[Rendering]:
    """All that readers may see of the quote's utterance, itself among them; nothing where it is the only one."""
    if quote.utterance_id is None:
        return []
    others = Quote.objects.public().filter(utterance=quote.utterance_id).for_readers()
    quotes = list(others.order_by(F("article__published_at").asc(nulls_last=True), "pk"))
    if len(quotes) < 2:
        return []
    stories = access.stories_telling({one.article_id for one in quotes})
    return [
        Rendering(
            side,
            side.quote.address_in(stories[side.quote.article_id]),
            side.quote.changed_since_read(),
            side.quote.pk == quote.pk,
        )
        for side in side_by_side(quotes)
    ]


def _silent(story: Story, renderings: list[Rendering]) -> list[Outlet]:
    """The outlets that have articles in the story, and none of the renderings."""
    if not renderings:
        return []
    carried = {one.side.quote.article.outlet_id for one in renderings}
    there = Outlet.objects.filter(articles__stories=story, articles__current_version__isnull=False)
    return list(there.exclude(pk__in=carried).distinct().order_by("name", "pk"))
