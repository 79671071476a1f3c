"""What the tests of the public pages share: a story told in full, and pages read as a person reads them."""

import datetime as dt
import html
import re

from lxml.html import HtmlElement, document_fromstring

from annotations.models import Event, Role, Stance
from tests.factories import (
    NOW,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    QuoteFactory,
    StoryFactory,
    UtteranceFactory,
)

HOSTILE = "<script>alert('x')</script> \"quoted\" & \u05e9\u05dc\u05d5\u05dd\u200f \N{SATELLITE ANTENNA}"


def words_of(response):
    """The page's text as it is read: without tags, entities resolved, white space as one space.

    Isolates part no words: no space is put where one begins or ends.
    """
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    page = re.sub(r"</?bdi\b[^>]*>", "", page)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def tree_of(response) -> HtmlElement:
    """The page as a tree."""
    return document_fromstring(response.content.decode())


def text_of(element) -> str:
    """What is read in a part of a page, white space as one space."""
    return " ".join(" ".join(element.itertext()).split())


def publish(annotation, by=None):
    annotation.publish(by=by or annotation.created_by, revision=annotation.revision, now=NOW)
    return annotation


def a_story(*, articles=1, quotes=1, events=1, **fields):
    """A published story: so many articles, in each so many published quotes with a stance, and so many events."""
    story = StoryFactory(**fields)
    editor, claim = EditorFactory(), ClaimFactory(story=story)
    for _ in range(articles):
        article = ArticleFactory(stories=[story])
        for number in range(quotes):
            utterance = UtteranceFactory() if number else None
            quote = QuoteFactory(article=article, by=editor, published=True, utterance=utterance)
            Stance.objects.create(quote=quote, claim=claim, position=Stance.Position.OPPOSES)
            Role.objects.create(actor=quote.speaker, title="Minister of Samples")
    for _ in range(events):
        version = story.articles.first().current_version
        event = Event.draft(
            story,
            by=editor,
            now=NOW,
            title="The review began",
            when_earliest=dt.date(2019, 4, 1),
            when_latest=dt.date(2019, 4, 30),
            when_expression="last month",
            evidence=[(version, 0, 12)],
        )
        publish(event)
    return story
