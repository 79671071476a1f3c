"""Everything that readers read is a message: under a catalogue that puts each in ⟦brackets⟧, nothing stands outside.

Left are words of the database: names, titles and claims as they are, and texts of articles, which say their language.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from lxml.html import HtmlElement, document_fromstring

from annotations.models import Actor, Claim, Quote, Stance
from annotations.sample import load
from articles.models import Article, Outlet, Story
from newsdesk import errors
from tests.factories import NOW, ArticleFactory, EditorFactory, EventFactory, QuoteFactory, StoryFactory

pytestmark = pytest.mark.django_db

SEEDS = Path(__file__).parents[2] / "seeds"

NAMES = {
    "Newsdesk",
    "English",
    "Deutsch",
    "CSV",
    "JSON",
    "GraphML",
    "Atom",
    "BST",
    "GMT",
    "UTC",
    "Wikidata",
    "Web Annotation",
}
_NAMED = re.compile(rf"\b(?:{'|'.join(sorted(NAMES))})\b")
"""Said alike in every language."""
SIGNS = " ,.;:·–—“”()[]|+?!"
LONG = 12
"""Letters of a value that is no word of a sentence by chance."""
READ = ("title", "alt", "aria-label", "placeholder", "data-status")
SILENT = {"script", "style", "svg:style", "template"}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The sample story, and what it lacks: a source without a name, corrections, a withdrawal, an empty story."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        editor = EditorFactory(username="editor")
        load(SEEDS, by=editor)
        story = Story.objects.published().order_by("pk").first()
        article = ArticleFactory(stories=[story], published_at=None, headline="No day on it")
        unnamed = QuoteFactory(
            article=article,
            speaker=None,
            mention="an official",
            said_earliest=None,
            said_latest=None,
            said_expression="yesterday",
            published=True,
        )
        Stance.objects.create(quote=unnamed, claim=story.claims.order_by("pk").first(), position="mixed")
        corrected = QuoteFactory(article=article, published=True)
        corrected.edit(by=editor, revision=corrected.revision, now=NOW, cue="urged", said_expression="today")
        corrected.set_stance(
            story.claims.order_by("pk").first(), "opposes", by=editor, revision=corrected.revision, now=NOW
        )
        gone = QuoteFactory(article=article, published=True)
        gone.withdraw(by=editor, revision=gone.revision, now=NOW, reason="It was somebody else.")
        event = EventFactory(story=story, by=editor, title="A meeting", published=True)
        event.edit(by=editor, revision=event.revision, now=NOW, title="Another meeting", place="London")
        StoryFactory(title="Nothing in it", slug="nothing-in-it")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def in_brackets(monkeypatch) -> None:
    """The pseudo-language: its catalogue has every message there may be."""
    messages = translation._trans
    for name in ("gettext", "pgettext", "ngettext", "npgettext"):
        getattr(messages, name)  # loads it, so that it can be put back

    def bracket(message: object) -> str:
        return f"⟦{message}⟧" if message else ""

    monkeypatch.setattr(messages, "gettext", bracket)
    monkeypatch.setattr(messages, "pgettext", lambda context, message: bracket(message))
    monkeypatch.setattr(messages, "ngettext", lambda one, many, n: bracket(one if n == 1 else many))
    monkeypatch.setattr(messages, "npgettext", lambda _, one, many, n: bracket(one if n == 1 else many))


def data() -> set[str]:
    """Every value of a text in the database without the signs at its ends, spaces as one."""
    found: set[str] = set()
    for model in apps.get_models():
        columns = [
            field.name
            for field in model._meta.get_fields()
            if isinstance(field, models.CharField | models.TextField | models.URLField) and not field.choices
        ]
        if model._meta.app_label in {"articles", "annotations"} and columns and model._meta.managed:
            for row in model._default_manager.values_list(*columns):
                found.update(" ".join(str(value).split()).strip(SIGNS) for value in row if value)
    return found


def outside(text: str, depth: int) -> tuple[str, int]:
    """What of a text is in no brackets, and how many are open after it."""
    left = []
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        if depth == 0 and letter != "⟧":
            left.append(letter)
    return "".join(left), depth


def is_data(words: str, values: set[str]) -> bool:
    """Whether words are values of the database, whole or the beginning of one, with signs and names around them."""
    bare = _NAMED.sub("", " ".join(words.split())).strip(SIGNS)
    if not any(letter.isalpha() for letter in bare) or bare in values:
        return True
    if bare.startswith(("http://", "https://", "/")):
        return True
    if bare.endswith("…") and any(value.startswith(bare[:-1].strip(SIGNS)) for value in values):
        return True
    before, colon, after = bare.partition(": ")
    if colon and is_data(before, values) and is_data(after, values):
        return True
    for value in sorted((one for one in values if len(one) >= LONG and one in bare), key=len, reverse=True):
        bare = bare.replace(value, "")
    parts = re.split(r" – |, | · ", bare)
    return all(part.strip(SIGNS) in values or not any(map(str.isalpha, part)) for part in parts)


def untranslated(page: HtmlElement, values: set[str]) -> list[str]:
    found: list[str] = []
    depth = 0

    def look(text: str | None) -> None:
        nonlocal depth
        left, depth = outside(text or "", depth)
        if not is_data(left, values):
            found.append(" ".join(left.split()))

    def walk(element: HtmlElement, in_article: bool) -> None:
        if not isinstance(element.tag, str) or element.tag in SILENT:
            return
        is_compared = element.get("class") == "diff"  # values of the database, word by word
        in_article = in_article or is_compared or (element.tag != "html" and "lang" in element.attrib)
        for name in READ:
            left, _ = outside(element.get(name, ""), 0)
            if not in_article and not is_data(left, values):
                found.append(f"{name}={left}")
        told = element.get("name") or element.get("property") or ""
        if element.tag == "meta" and re.search(r"description$|:title$|image:alt$", told):
            left, _ = outside(element.get("content", ""), 0)
            if not is_data(left, values):
                found.append(f"{told}={left}")
        if in_article:
            nonlocal depth
            depth = outside(element.text_content(), depth)[1]
            return
        look(element.text)
        for child in element:
            walk(child, in_article)
            look(child.tail)

    walk(page, False)
    assert depth == 0
    return found


def addresses() -> dict[str, str]:
    """Of every kind of readers' page, with what it may be asked for."""
    story = Story.objects.published().exclude(slug="nothing-in-it").order_by("pk").first()
    claim = Claim.objects.filter(story=story).order_by("pk").first()
    at, on = story.get_absolute_url(), reverse("search")
    revised = Article.objects.filter(stories=story, versions__number=2).order_by("pk").first()
    quotes = Quote.objects.published().order_by("pk")
    joined = quotes.filter(utterance__isnull=False).first()
    withdrawn = Quote.objects.filter(status="withdrawn").order_by("pk").first()
    found = {
        "stories": "/",
        "story": at,
        "filtered": f"{at}?stance=opposes&from=2019-04-01&to=2019-06-01",
        "filtered to nothing": f"{at}?from=1919-04-01&to=1919-06-01",
        "empty story": "/stories/nothing-in-it/",
        "empty coverage": "/stories/nothing-in-it/coverage/",
        "empty network": "/stories/nothing-in-it/network/",
        "empty corrections": "/stories/nothing-in-it/corrections/",
        "coverage": f"{at}coverage/",
        "network": f"{at}network/",
        "corrections": f"{at}corrections/",
        "claim": claim.get_absolute_url(),
        "actors": "/actors/",
        "actors of a kind": "/actors/?kind=government&name=a",
        "actors of no name": "/actors/?name=nobody-at-all",
        "outlets": "/outlets/",
        "search": on,
        "search for words": f"{on}?q=network",
        "quotes found": f"{on}?q=security&in=quotes&stance=opposes&kind=direct",
        "found by date": f"{on}?q=the&when=2019-04&sort=newest",
        "found nothing": f"{on}?q=xylophonist&from=2019-01-01&to=2019-02-01",
        "without words": f"{on}?q=%21%21",
        "with a slip": f"{on}?q=theresa+mya",
        "gone": withdrawn.get_absolute_url(),
        "absent": "/nothing-here/",
        "login": "/login/",
        "language": "/language/",
        **{f"article {one.pk}": one.get_absolute_url() for one in story.articles.order_by("pk")},
        **{f"actor {one.slug}": one.get_absolute_url() for one in Actor.objects.order_by("pk")[:4]},
        **{
            f"outlet {one.slug}": one.get_absolute_url() for one in Outlet.objects.public().order_by("pk")[:2]
        },
        **{f"quote {one.pk}": one.get_absolute_url() for one in quotes[:6]},
        "unnamed": quotes.filter(speaker=None).last().get_absolute_url(),
        "embedded": f"{quotes.first().get_absolute_url()}embed/",
    }
    if joined:
        found["joined"] = joined.get_absolute_url()
    if revised:
        found["differences"] = reverse("article-diff", args=[story.slug, revised.pk, 1, 2])
        found["older version"] = f"{revised.get_absolute_url()}?version=1"
    return found


def test_whatever_readers_read_is_a_message(site, django_db_blocker, client, in_brackets):
    with django_db_blocker.unblock():
        values = data()
        left = {}
        for name, address in addresses().items():
            for swapped in (False, True):
                asked = {"HX-Request": "true"} if swapped else {}
                if swapped and not address.startswith(("/search/", "/actors/", "/stories/")):
                    continue
                response = client.get(address, headers=asked)
                assert response.status_code in {200, 404, 410}, address
                words = untranslated(document_fromstring(response.text), values)
                if words:
                    left[f"{name}{', swapped' if swapped else ''}"] = words
    assert left == {}, "\n".join(f"{name}: {words}" for name, words in left.items())


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "410", "413", "429", "500", "503"])
def test_whatever_a_page_of_an_error_says_is_a_message(in_brackets, name):
    page = document_fromstring(render_to_string(f"{name}.html", {"most": 5_000_000}))
    assert untranslated(page, set()) == []


def test_a_word_that_is_no_message_is_found(in_brackets):
    page = (
        "<html><body><p title='Loose'>{} 3 <b>said</b> Hunt, <bdi lang='de'>gestern</bdi></p></body></html>"
    )
    found = untranslated(document_fromstring(page.format(translation.gettext("Who"))), {"Hunt"})
    assert found == ["title=Loose", "said"]


def test_the_last_resort_needs_no_catalogue():
    assert "Newsdesk" in errors.LAST_RESORT
