"""What recording a version does to everything that is anchored in an article."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.models import Anchor, Event, Quote
from articles.models import Article
from tests.factories import NOW, TEXT, ArticleFactory, EditorFactory, EventFactory, QuoteFactory, StoryFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
OTHER_SPEAKER = TEXT.replace("the minister told lawmakers", "the vendor told lawmakers")
OTHER_MARKS = OTHER_SPEAKER.replace("“", '"').replace("”", '"')


def check_again(quote):
    return Quote.objects.filter(pk=quote.pk).to_check_again().exists()


def annotated(text, spans):
    """An article with a quote on each of the spans, and an event with all of them as its evidence."""
    story, editor = StoryFactory(), EditorFactory()
    article = ArticleFactory(text=text, stories=[story])
    version = article.current_version
    for start, end in spans:
        Quote.draft(version, [(start, end)], by=editor, now=NOW, mention="somebody")
    Event.draft(story, by=editor, now=NOW, title="It happened", evidence=[(version, *span) for span in spans])
    return article


texts = st.lists(
    st.sampled_from(["Hunt", "said", "“no”", "port", "The", "he", "never", "it.", "\n\n"]),
    min_size=4,
    max_size=30,
).map(lambda words: " ".join(words).replace(" \n\n ", "\n\n").strip())


@given(texts.filter(lambda text: text.strip(" \n")), texts.filter(lambda text: text.strip(" \n")), st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_many_anchors_come_out_as_went_in_and_each_stands_where_it_says(old, new, data):
    article = ArticleFactory(text=old)
    text = article.text
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    spans = [(a, b) for a, b in data.draw(st.lists(places, max_size=4)) if text[a:b].strip()]
    article = annotated(old, spans)
    before = Anchor.objects.filter(version=article.current_version).count()
    assert before == 2 * len(spans)
    article.record_version(new, now=NOW + DAY)
    after = list(Anchor.objects.filter(version=article.current_version))
    placed = [anchor for anchor in after if anchor.state != "orphan"]
    orphaned = [anchor for anchor in after if anchor.state == "orphan"]
    assert len(placed) + len(orphaned) == before
    assert all(article.text[a.start : a.end] == a.exact for a in placed)
    assert all(a.start is a.end is None and a.exact for a in orphaned)


def test_what_changed_around_words_stays_to_be_checked_through_a_minor_version():
    article = ArticleFactory()
    quote = QuoteFactory(article=article, published=True)
    article.record_version(OTHER_SPEAKER, now=NOW + DAY)
    assert check_again(quote)
    assert article.record_version(OTHER_MARKS, now=NOW + 2 * DAY).minor
    assert check_again(quote)


def test_a_change_that_the_outlet_takes_back_needs_no_check():
    article = ArticleFactory()
    quote = QuoteFactory(article=article, published=True)
    article.record_version(OTHER_SPEAKER, now=NOW + DAY)
    article.record_version(TEXT, now=NOW + 2 * DAY)
    assert not check_again(quote)
    assert list(quote.anchors.order_by("version__number").values_list("state", flat=True)) == [
        "exact",
        "changed",
        "exact",
    ]


def test_changed_evidence_stays_changed_until_the_outlet_takes_it_back():
    article = ArticleFactory()
    start = TEXT.index("We will not compromise on security,")
    event = EventFactory(story=StoryFactory())
    event.add_evidence(
        article.current_version, [(start, start + 35)], by=EditorFactory(), revision=event.revision, now=NOW
    )
    reworded = TEXT.replace("not compromise", "hardly compromise")
    for text in (reworded, reworded + "\n\nMore.", TEXT):
        article.record_version(text, now=NOW + DAY)
    states = event.anchors.order_by("version__number").values_list("state", flat=True)
    assert list(states) == ["exact", "changed", "changed", "exact"]


def test_undoing_a_placement_makes_an_orphan_of_it_again_and_what_follows():
    article, editor = ArticleFactory(), EditorFactory()
    quote = QuoteFactory(article=article, by=editor, published=True)
    removed = "The minister said that the rollout of 5G could be delayed by the review."
    article.record_version(removed, now=NOW + DAY)
    quote.resize(article.current_version, [(4, 12)], by=editor, revision=quote.revision, now=NOW + DAY)
    assert not Quote.objects.filter(pk=quote.pk).orphaned().exists()
    article.record_version(removed + " More.", now=NOW + 2 * DAY)
    quote.undo(by=editor, revision=quote.revision, now=NOW + 3 * DAY)
    assert Quote.objects.filter(pk=quote.pk).orphaned().exists()
    states = quote.anchors.order_by("version__number").values_list("state", flat=True)
    assert list(states) == ["exact", "orphan", "orphan"]


def test_more_annotations_take_no_more_queries():
    def queries(count):
        article = annotated(TEXT, [(n, n + 8) for n in range(4, 4 + count)])
        article.record_version(OTHER_SPEAKER, now=NOW + DAY)
        with CaptureQueriesContext(connection) as caught:
            article.record_version(OTHER_MARKS, now=NOW + 2 * DAY)
        return len(caught)

    assert queries(2) == queries(20)


def test_a_text_without_annotations_is_followed_by_nothing():
    article: Article = ArticleFactory()
    article.record_version(OTHER_SPEAKER, now=NOW + DAY)
    assert not Anchor.objects.exists()
