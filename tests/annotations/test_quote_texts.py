import pytest
from django.db import connection

from annotations.models import Anchor, Quote, QuoteText
from tests.factories import NOW, TEXT, ArticleFactory, EditorFactory, QuoteFactory

pytestmark = pytest.mark.django_db

FIRST, SECOND = "We will not compromise on security,", "But we have not decided."


def spans(text: str, *words: str) -> list[tuple[int, int]]:
    return [(text.index(w), text.index(w) + len(w)) for w in words]


def text_of(quote: Quote) -> str:
    return QuoteText.objects.get(quote=quote).text


def test_a_quotes_text_is_the_words_that_readers_see() -> None:
    article, editor = ArticleFactory(), EditorFactory()
    quote = Quote.draft(article.current_version, spans(TEXT, SECOND, FIRST), by=editor, now=NOW)
    assert text_of(quote) == quote.words == f"{FIRST} … {SECOND}"


def test_it_follows_what_editors_do_and_not_what_outlets_do() -> None:
    article, editor = ArticleFactory(), EditorFactory()
    quote = QuoteFactory(article=article, exact=FIRST, published=True, by=editor)
    article.record_version(TEXT.replace("not compromise", "hardly ever compromise"), now=NOW)
    assert text_of(quote) == FIRST
    new = article.current_version
    quote.refresh_from_db()
    quote.confirm(new, by=editor, revision=quote.revision, now=NOW)
    assert text_of(quote) == Quote.objects.with_words().get().words
    assert "hardly ever" in text_of(quote)
    quote.resize(new, spans(new.text, SECOND), by=editor, revision=quote.revision, now=NOW)
    assert text_of(quote) == SECOND
    quote.undo(by=editor, revision=quote.revision, now=NOW)
    assert "hardly ever" in text_of(quote)


def test_it_follows_whoever_writes_anchors() -> None:
    article = ArticleFactory()
    quote = QuoteFactory(article=article, exact=FIRST)
    ((start, end),) = spans(TEXT, SECOND)
    Anchor.objects.filter(quote=quote).update(start=start, end=end, exact=SECOND)
    assert text_of(quote) == SECOND
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM annotations_anchor WHERE quote_id = %s", [quote.pk])
    assert not QuoteText.objects.exists()
