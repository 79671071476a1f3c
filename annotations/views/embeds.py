"""A quote on other sites: its card to embed, the picture for shared links, and oEmbed, by which programs find both."""

import hashlib
import json
from typing import Any
from uuid import UUID
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.csp import CSP
from django.utils.translation import gettext, ngettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from annotations import access, changes
from annotations.forms.embeds import OEmbedForm
from annotations.leaving import card
from annotations.leaving.xmltext import writable
from annotations.models import Quote
from annotations.timeline import when_said
from articles.models import Story
from newsdesk.addresses import absolute
from newsdesk.caching import public_page, tagged_by_content
from newsdesk.languages import in_one_language
from newsdesk.sharing import for_other_sites

EMBEDDED: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": ["*"],
}
"""What the card may load: a stylesheet. It is the only page that others may frame."""

WORDS_SHOWN = 600
"""Characters of a quote on its card; the rest is a click away."""

WIDEST, NARROWEST, HIGHEST = 600, 220, 900
CACHE_AGE = 3600
"""Seconds for which others may keep what oEmbed says."""


@require_safe
@xframe_options_exempt
@csp_override(EMBEDDED)
@for_other_sites
@public_page
@tagged_by_content
def embed(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The card: the words, who said them, where and when, and the way to all the rest. No script."""
    quote = access.public_quote(uuid)
    context = {
        "quote": quote,
        "when": when_said(quote),
        "shown": WORDS_SHOWN,
        "canonical": absolute(quote.get_absolute_url()),
    }
    response = render(request, "annotations/embed.html", context)
    # In a frame with a sandbox our own stylesheet is another site's, which this policy would keep out.
    response["Cross-Origin-Embedder-Policy"] = "unsafe-none"
    return response


@require_safe
@in_one_language
@for_other_sites
@public_page
def picture(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The picture of a quote."""
    return _drawn(request, _card(access.public_quote(uuid)))


@require_safe
@in_one_language
@for_other_sites
@public_page
def story_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture of a story."""
    return _drawn(request, _story_card(access.public_story(slug)))


def _drawn(request: HttpRequest, drawn: card.Card) -> HttpResponse:
    """Who has the picture as it is now is told so before anything is drawn."""
    tag = f'"{hashlib.sha256(repr((card.DESIGN, drawn)).encode()).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=tag)
    if response is None:
        response = HttpResponse(card.draw(drawn), content_type="image/png")
    response["ETag"] = tag
    return response


def _card(quote: Quote) -> card.Card:
    when, role = when_said(quote), quote.role_then
    where = [quote.article.outlet.name, when.days]
    return card.Card(
        words=quote.words,
        speaker=f"{quote.speaker_name}, {role}" if role else quote.speaker_name,
        line=" · ".join(part for part in where if part),
        position=quote.tone,
    )


def _story_card(story: Story) -> card.Card:
    """Its title, and how much there is to check it by."""
    [counted] = changes.cards([story])
    numbers = (
        (counted.article_count, ngettext("%(number)d article", "%(number)d articles", counted.article_count)),
        (counted.outlet_count, ngettext("%(number)d outlet", "%(number)d outlets", counted.outlet_count)),
        (counted.quote_count, ngettext("%(number)d quote", "%(number)d quotes", counted.quote_count)),
    )
    return card.Card(
        words=story.title,
        speaker=gettext("Who said what, when, and for or against which claim"),
        line=" · ".join(words % {"number": number} for number, words in numbers if number),
    )


@require_safe
@in_one_language
@for_other_sites
@public_page
@tagged_by_content
def oembed(request: HttpRequest) -> HttpResponse:
    """How to embed the quote at an address of ours (oembed.com, 1.0): 404 for any other, 501 for another format."""
    form = OEmbedForm(request.GET)
    if not form.is_valid():
        status = 501 if form.wants_other_format else 400
        problems = " ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
        return HttpResponse(f"{problems}\n", status=status, content_type="text/plain; charset=utf-8")
    asked = form.cleaned_data
    if asked["url"] is None:
        raise Http404("nothing of ours to embed")
    told = _told(access.public_quote(asked["url"]), asked["maxwidth"], asked["maxheight"])
    if asked["format"] == "xml":
        return HttpResponse(_as_xml(told), content_type="text/xml; charset=utf-8")
    return HttpResponse(json.dumps(told), content_type="application/json")


def _told(quote: Quote, maxwidth: int | None, maxheight: int | None) -> dict[str, Any]:
    width = max(1, min(WIDEST, maxwidth or WIDEST))
    height = min(_height(quote, width), maxheight or HIGHEST)
    title = f"{quote.speaker_name}: {quote.words[:140]}"
    frame = {
        "src": absolute(reverse("quote-embed", args=[quote.uuid])),
        "width": width,
        "height": height,
        "title": title,
    }
    told: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": quote.speaker_name,
        "provider_name": "Newsdesk",
        "provider_url": absolute("/"),
        "cache_age": CACHE_AGE,
        "html": render_to_string("annotations/oembed.html", frame).strip(),
        "width": width,
        "height": height,
    }
    if quote.said_by:
        told["author_url"] = absolute(quote.said_by.get_absolute_url())
    if (maxwidth or card.WIDTH) >= card.WIDTH and (maxheight or card.HEIGHT) >= card.HEIGHT:
        told["thumbnail_url"] = absolute(reverse("quote-card", args=[quote.uuid]))
        told |= {"thumbnail_width": card.WIDTH, "thumbnail_height": card.HEIGHT}
    return told


def _height(quote: Quote, width: int) -> int:
    """Pixels that the card takes, with a line to spare: it has no script that could say so."""
    a_line = max(8, (max(width, NARROWEST) - 60) // 10)
    lines = (
        1
        + min(len(quote.words), WORDS_SHOWN) // a_line
        + sum(1 + len(stance.claim.text) * 8 // (a_line * 10) for stance in quote.stances.all())
    )
    return min(170 + 30 * (lines + 1), HIGHEST)


def _as_xml(told: dict[str, Any]) -> str:
    elements = "".join(f"<{name}>{escape(writable(str(value)))}</{name}>" for name, value in told.items())
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{elements}</oembed>\n'
