from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from annotations import access
from annotations.anchoring import Operation, word_diff
from annotations.corrections import corrections
from annotations.leaving import gathering, schema_org
from annotations.life import Fate, Spell
from annotations.models import Quote
from annotations.rendering import Marked, at_the_outlet, blocks, web_address
from annotations.timeline import when_said
from articles.models import Story, Version
from newsdesk.addresses import absolute
from newsdesk.caching import public_page


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
        "record": corrections(found.acts.order_by("revision").values_list("at", "verb", "state")),
        "renderings": _renderings(found),
        "trail": [("Stories", reverse("stories")), (story.title, story.get_absolute_url())],
        "timeline_address": f"{story.get_absolute_url()}?at={found.uuid}#quote-{found.uuid}",
        "outlet_address": at_the_outlet(found.article.url, found.parts()[0].exact)
        if changed is None
        else web_address(found.article.url),
        "canonical": absolute(request.path),
        "linked_data": schema_org.document(
            schema_org.quotation(gathering.statement(found, story), gathering.told(story))
        ),
    }
    return render(request, "annotations/quote.html", context)


@dataclass(frozen=True, slots=True)
class LifeStep:
    """A spell of a quote's words, how they differ from the spell before, and where they are marked.

    `comparison` is of the whole text, with the version before; empty for the first spell.
    """

    spell: Spell
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
                diff,
                quote.address_in(story, spell.last),
                reverse("article-diff", args=[story.slug, quote.article_id, *versions]) if versions else "",
            )
        )
        words = spell.words or words
    return steps


@dataclass(frozen=True, slots=True)
class Rendering:
    """How another article carried the same utterance, and where."""

    quote: Quote
    address: str
    changed: Spell | None


def _renderings(quote: Quote) -> list[Rendering]:
    if quote.utterance_id is None:
        return []
    others = Quote.objects.public().filter(utterance=quote.utterance_id).exclude(pk=quote.pk)
    others = others.for_readers().order_by(F("article__published_at").asc(nulls_last=True), "pk")
    stories = access.stories_telling({other.article_id for other in others})
    return [
        Rendering(other, other.address_in(stories[other.article_id]), other.changed_since_read())
        for other in others
    ]
