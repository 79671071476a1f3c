import datetime as dt
import re

import pytest

from annotations.models import Event, Quote, Stance
from tests.annotations.reading import a_story, publish, tree_of, words_of
from tests.factories import (
    NOW,
    TEXT,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    OutletFactory,
    QuoteFactory,
    RoleFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def story():
    return StoryFactory(slug="the-story")


@pytest.fixture
def article(story):
    return ArticleFactory(stories=[story])


def page_of(client, article, query=""):
    response = client.get(f"/stories/the-story/articles/{article.pk}/{query}")
    assert response.status_code == 200
    return response


def marks_of(response):
    """What is marked: the words of each piece, with the classes and the names of its annotations."""
    page = response.content.decode()
    found = re.findall(r'<a class="(mark [^"]*)"[^>]*data-annotation="([^"]*)">(.*?)</a>', page)
    return [
        (re.sub(r"<span.*", "", text.split("<span class")[0]), css, names.split())
        for css, names, text in found
    ]


# Around the text.


def test_an_article_shows_what_stands_around_its_text_field_by_field(client, story):
    article = ArticleFactory(
        stories=[story],
        outlet=OutletFactory(name="The Sample Wire", time_zone="America/New_York", is_sample=True),
        headline="Minister warns of delay",
        byline="Sam Sample",
        dateline="LONDON, May 8",
        section="World",
        author_bio="Sam Sample is made up.",
        image_caption="A mast.",
        image_credit="Specimen library",
        image_url="https://courier.example/mast.jpg",
        archive_url="https://archive.example/1",
        url="https://courier.example/1",
        notes="What the importer could not place",
        published_at=dt.datetime(2019, 5, 8, 23, 30, tzinfo=dt.UTC),
    )
    response = page_of(client, article)
    page, read = response.content.decode(), words_of(response)
    assert "The Sample Wire · World" in read
    assert "Sample outlet" in read
    assert "By Sam Sample LONDON, May 8 Published 8 May 2019, 19:30 EDT" in read
    assert "Picture at the outlet: A mast. (credit: Specimen library)" in read
    assert "mast.jpg" not in page  # nothing is loaded from elsewhere
    assert 'href="https://courier.example/1"' in page
    assert 'href="https://archive.example/1"' in page
    assert read.index("The vendor denies") < read.index("Sam Sample is made up.")
    assert "importer" not in read


def test_an_article_without_a_date_says_so(client, story):
    article = ArticleFactory(stories=[story], published_at=None)
    assert "Undated: the article gives no publication date" in words_of(page_of(client, article))


def test_paragraphs_are_what_they_are(client, story):
    article = ArticleFactory(stories=[story])
    article.record_version(
        "First.\n\nA heading\n\nAn item\n\nA quotation",
        now=NOW + DAY,
        kinds={1: "heading", 2: "list-item", 3: "blockquote"},
    )
    page = page_of(client, article).content.decode()
    assert '<p class="annotated__text" id="p0">First.</p>' in page
    assert '<h2 class="annotated__text" id="p1">A heading</h2>' in page
    assert '<div class="annotated__text annotated__text--item" id="p2">An item</div>' in page
    assert '<blockquote class="annotated__text" id="p3">A quotation</blockquote>' in page


def test_an_article_in_hebrew_runs_from_right_to_left_and_its_notes_do_not(client, story):
    article = ArticleFactory(stories=[story], language="he", text="שלום לכולם")
    QuoteFactory(article=article, exact="שלום", published=True)
    page = page_of(client, article).content.decode()
    assert '<div class="annotated" lang="he" dir="rtl">' in page
    assert '<details class="notes" lang="en-gb" dir="ltr">' in page


def test_an_article_is_only_in_its_own_published_story(client, story, article):
    elsewhere, draft = StoryFactory(), StoryFactory(status="draft")
    draft.articles.add(article)
    assert client.get(f"/stories/{elsewhere.slug}/articles/{article.pk}/").status_code == 404
    assert client.get(f"/stories/{draft.slug}/articles/{article.pk}/").status_code == 404
    assert client.get(f"/stories/{story.slug}/articles/{article.pk}9999/").status_code == 404
    assert client.get(f"/stories/{story.slug}/articles/{'9' * 30}/").status_code == 404


# The marks and their notes.


def test_a_quote_is_marked_with_its_stance_and_its_note_tells_the_rest(client, story, article):
    speaker = ActorFactory(name="Jeremy Hunt", slug="jeremy-hunt")
    quote = QuoteFactory(
        article=article,
        speaker=speaker,
        role=RoleFactory(actor=speaker, title="Foreign secretary"),
        kind="direct",
        cue="told",
        basis="document",
        relayed_by_actor=ActorFactory(name="The Relay"),
        published=True,
    )
    claim = ClaimFactory(story=story, text="It should be banned.")
    Stance.objects.create(quote=quote, claim=claim, position="opposes", note="He says never.")
    response = page_of(client, article)
    assert marks_of(response) == [
        ("We will not compromise on security,", "mark mark--opposes", [f"quote-{quote.uuid}"])
    ]
    page, read = response.content.decode(), words_of(response)
    assert f'id="quote-{quote.uuid}" href="#note-quote-{quote.uuid}"' in page
    assert f'id="note-quote-{quote.uuid}"' in page
    note = read[read.index("1 note:") :]
    assert "Jeremy Hunt Foreign secretary" in note
    assert "opposes It should be banned." in note
    assert "direct speech, “told” · document · relayed by The Relay" in note
    assert "said: 8 May 2019" in note
    assert "He says never." in note
    assert f'data-copy-link="/quotes/{quote.uuid}/"' in page
    assert f'href="/stories/the-story/?at={quote.uuid}#quote-{quote.uuid}"' in page
    assert f'href="{article.url}#:~:text=We%20will%20not%20compromise%20on%20security%2C"' in page


def test_the_words_of_the_article_stand_whole_whatever_is_marked(client, story, article):
    QuoteFactory(article=article, exact="We will not compromise on security,", published=True)
    QuoteFactory(article=article, exact="compromise on security,” the minister told", published=True)
    page = page_of(client, article).content.decode()
    for number, paragraph in enumerate(TEXT.split("\n\n")):
        shown = re.search(rf'id="p{number}">(.*?)</p>', page)[1]
        assert re.sub(r"<[^>]*>", "", shown) == paragraph


def test_overlapping_quotes_are_both_reachable(client, story, article):
    long = QuoteFactory(article=article, exact="We will not compromise on security,", published=True)
    late = QuoteFactory(article=article, exact="security,” the minister", published=True)
    for quote, position in ((long, "supports"), (late, "mixed")):
        claim = ClaimFactory(story=story)
        Stance.objects.create(quote=quote, claim=claim, position=position)
    response = page_of(client, article)
    one, other = f"quote-{long.uuid}", f"quote-{late.uuid}"
    assert marks_of(response) == [
        ("We will not compromise on ", "mark mark--supports", [one]),
        ("security,", "mark mark--mixed mark--also-supports", [other, one]),
        ("” the minister", "mark mark--mixed", [other]),
    ]
    page = response.content.decode()
    for name in (one, other):
        assert page.count(f' id="{name}"') == 1
        assert page.count(f' id="note-{name}"') == 1
    assert f'overlaps with <a href="#note-{other}">2</a>' in page
    assert f'overlaps with <a href="#note-{one}">1</a>' in page


def test_two_quotes_that_begin_together_are_both_targets(client, story, article):
    quotes = [
        QuoteFactory(article=article, exact=e, published=True) for e in ("The vendor", "The vendor denies")
    ]
    page = page_of(client, article).content.decode()
    for quote in quotes:
        assert page.count(f' id="quote-{quote.uuid}"') == 1


def test_a_quote_with_several_stances_or_none_takes_no_side_in_its_mark(client, story, article):
    both = QuoteFactory(article=article, published=True)
    for position in ("supports", "opposes"):
        Stance.objects.create(quote=both, claim=ClaimFactory(story=story), position=position)
    QuoteFactory(article=article, exact="The vendor denies", published=True)
    assert [css for _, css, _ in marks_of(page_of(client, article))] == ["mark mark--quote"] * 2


def test_a_stance_on_another_storys_claim_is_not_this_storys_affair(client, story, article):
    other = StoryFactory()
    other.articles.add(article)
    quote = QuoteFactory(article=article, published=True)
    claim = ClaimFactory(story=other, text="This belongs to another story.")
    Stance.objects.create(quote=quote, claim=claim, position="opposes")
    response = page_of(client, article)
    assert "belongs to another" not in words_of(response)
    assert [css for _, css, _ in marks_of(response)] == ["mark mark--quote"]


def test_the_evidence_of_an_event_is_marked(client, story, article):
    start = TEXT.index("the review")
    event = Event.draft(
        story,
        by=EditorFactory(),
        now=NOW,
        title="The review",
        when_earliest=dt.date(2019, 5, 1),
        evidence=[(article.current_version, start, start + 10)],
    )
    assert marks_of(page_of(client, article)) == []
    publish(event)
    response = page_of(client, article)
    assert marks_of(response) == [("the review", "mark mark--event", [f"event-{event.uuid}"])]
    assert "on or after 1 May 2019" in words_of(response)


def test_numbers_follow_the_text(client, story, article):
    QuoteFactory(
        article=article, exact="The vendor denies", speaker=ActorFactory(name="Second"), published=True
    )
    QuoteFactory(
        article=article, exact="The minister said", speaker=ActorFactory(name="First"), published=True
    )
    numbers = tree_of(page_of(client, article)).find_class("mark__number")
    assert [number.get("aria-label") for number in numbers] == ["note 1: First", "note 2: Second"]


# Versions.


@pytest.fixture
def reworded(article):
    """In version 1 two quotes; version 2 rewords the first and drops the second, version 3 drops both."""
    kept = QuoteFactory(article=article, published=True)
    dropped = QuoteFactory(
        article=article, exact="The vendor denies that its equipment is a risk.", published=True
    )
    second = TEXT.replace("not compromise", "hardly compromise").replace(dropped.words, "Nobody else spoke.")
    article.record_version(second, now=NOW + DAY, reason="The minister’s office corrected us.")
    article.record_version("The minister said nothing more.", now=NOW + 2 * DAY, headline="Nothing more")
    return kept, dropped


def test_each_version_can_be_read_with_its_own_marks(client, article, reworded):
    first, second = page_of(client, article, "?version=1"), page_of(client, article, "?version=2")
    assert [words for words, *_ in marks_of(first)] == [
        "We will not compromise on security,",
        "The vendor denies that its equipment is a risk.",
    ]
    assert [words for words, *_ in marks_of(second)] == ["We will hardly compromise on security,"]
    assert marks_of(page_of(client, article)) == []
    assert "This is version 1, not the text as it stands now" in words_of(first)
    assert "as it stands now" not in words_of(page_of(client, article, "?version=3"))


def test_the_versions_are_listed_with_their_reasons(client, article, reworded):
    response = page_of(client, article)
    read = words_of(response)
    assert "Version 2: The minister’s office corrected us. Recorded 10 May 2019" in read
    assert (
        '<a class="versions__link" href="?version=3" aria-current="page">3</a>' in response.content.decode()
    )


def test_each_version_has_its_own_headline_and_one_address_for_search_engines(client, article, reworded):
    assert "Nothing more" in words_of(page_of(client, article))
    old = page_of(client, article, "?version=1").content.decode()
    assert "Nothing more" not in old
    assert f'rel="canonical" href="http://127.0.0.1:8000/stories/the-story/articles/{article.pk}/"' in old


def test_a_reworded_quote_says_which_words_an_editor_read(client, article, reworded):
    kept, _ = reworded
    response = page_of(client, article, "?version=2")
    assert (
        "Other words here An editor last read “We will not compromise on security,” in version 1"
        in words_of(response)
    )
    assert (
        f'href="/stories/the-story/articles/{article.pk}/?version=1#quote-{kept.uuid}"'
        in response.content.decode()
    )
    assert "Removed by the outlet in version 3" in words_of(page_of(client, article, "?version=1"))


def test_what_a_version_no_longer_has_is_listed_with_the_way_to_the_version_that_has_it(
    client, article, reworded
):
    kept, dropped = reworded
    current = page_of(client, article)
    read = words_of(current)
    assert "No longer in this version" in read
    gone = read[read.index("No longer in this version") :]
    assert "We will hardly compromise on security," in gone
    assert "The vendor denies that its equipment is a risk." in gone
    page = current.content.decode()
    assert f'?version=1#quote-{dropped.uuid}"' in page
    assert f'?version=2#quote-{kept.uuid}"' in page
    assert "Not in version 2" in words_of(page_of(client, article, "?version=2"))


@pytest.mark.parametrize("version", ["4", "0", "-1", "x", "%00", "9" * 30, "1.5"])
def test_a_version_that_is_not_there_is_not_found(client, article, reworded, version):
    assert client.get(f"/stories/the-story/articles/{article.pk}/?version={version}").status_code == 404


def test_an_empty_version_is_the_current_one(client, article):
    page_of(client, article, "?version=")


def test_ten_times_the_annotations_take_the_same_queries(client, django_assert_max_num_queries):
    counts = []
    for story in (a_story(quotes=1, events=1), a_story(quotes=10, events=10)):
        article = story.articles.get()
        article.record_version("More before.\n\n" + TEXT, now=NOW + DAY)
        with django_assert_max_num_queries(40) as captured:
            assert client.get(article.get_absolute_url()).status_code == 200
        counts.append(len(captured))
    assert Quote.objects.published().count() == 11
    assert counts[0] == counts[1]
