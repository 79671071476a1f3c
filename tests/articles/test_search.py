import datetime as dt

import pytest

from articles.models import Article
from articles.search import (
    CAP,
    FOUND_END,
    FOUND_START,
    BadCursor,
    Words,
    matching,
    most_relevant,
    newest,
    newest_ids,
    published_between,
    snippets,
    understand,
)
from tests.factories import NOW, ArticleFactory, OutletFactory, StoryFactory

pytestmark = pytest.mark.django_db


def found(typed: str) -> set[str]:
    return {article.headline for article in matching(Article.objects.all(), understand(typed))}


@pytest.fixture
def three() -> None:
    ArticleFactory(
        headline="Delays ahead", byline="Connor Jones", text="The vendor fears delays in the network."
    )
    ArticleFactory(headline="A vote", byline="Will Smith", text="Lawmakers voted on the state of emergency.")
    ArticleFactory(
        headline="Die Prüfung", byline="Jo Muster", language="de", text="Die Minister prüfen das Netzwerk."
    )


@pytest.mark.parametrize(
    ("typed", "headlines"),
    [
        ("delay", {"Delays ahead"}),
        ("the delayed networks", {"Delays ahead"}),
        ("jones delay", {"Delays ahead"}),
        ("Netzwerk", {"Die Prüfung"}),
        ("“state of emergency”", {"A vote"}),
        ('"emergency of state"', set()),
        ("delay or vote", {"Delays ahead", "A vote"}),
        ("vendor -delays", set()),
        ("-delays -vote", {"Die Prüfung"}),
        ("will", {"A vote"}),
        ("or delay or", {"Delays ahead"}),
        ("nowhere", set()),
    ],
)
def test_words_phrases_alternatives_and_exclusions_find_what_they_say(
    three: None, typed: str, headlines: set[str]
) -> None:
    assert found(typed) == headlines


@pytest.mark.parametrize("typed", ["", "  ", "???", "“”", "-", "- -", "or", "!!! & | <->", "<script>"])
def test_a_query_without_a_word_is_none(typed: str) -> None:
    assert not understand(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "'",
        "\\",
        "a' | 'b",
        "((((",
        "!",
        "a:* & b",
        "'; DROP TABLE x; --",
        "\u202e\ufffd😀",
        "%s %(a)s",
        "x" * 3000,
    ],
)
def test_no_query_breaks_the_parser(three: None, typed: str) -> None:
    assert found(typed) <= {"Delays ahead", "A vote", "Die Prüfung"}


def test_words_of_every_text_are_left_out_and_named() -> None:
    assert understand("the vendor").left_out == ("the",)
    assert understand("vendor").left_out == ()


def test_pages_by_date_meet_every_article_once_with_the_undated_last() -> None:
    same_time = [ArticleFactory(published_at=NOW) for _ in range(4)]
    older = [ArticleFactory(published_at=NOW - dt.timedelta(days=n)) for n in range(1, 4)]
    undated = [ArticleFactory(published_at=None) for _ in range(4)]
    listed: list[Article] = []
    after = ""
    while True:
        page, after = newest(Article.objects.all(), 3, after)
        listed += page
        if not after:
            break
    assert listed == [*reversed(same_time), *older, *reversed(undated)]


def test_pages_by_relevance_meet_every_article_once_the_best_first() -> None:
    weak = [ArticleFactory(text=f"Much is said here, and once huawei is named. {n}") for n in range(5)]
    best = ArticleFactory(headline="Huawei", text="Of huawei and only of huawei.")
    words = understand("huawei")
    ids = newest_ids(matching(Article.objects.all(), words))
    listed: list[Article] = []
    after = ""
    while True:
        page, after = most_relevant(ids, words, 2, after)
        listed += page
        if not after:
            break
    assert listed[0] == best
    assert sorted(a.pk for a in listed) == sorted(a.pk for a in [*weak, best])


@pytest.mark.parametrize(
    "after", ["x", "_", "_5", "x_5", "2019-05-09_5", "2019-05-09T10:00:00Z_-5", "nan_", "undated_x"]
)
def test_a_made_up_place_in_the_list_is_refused(after: str) -> None:
    with pytest.raises(BadCursor):
        newest(Article.objects.all(), 5, after)


def test_a_day_is_the_outlets_own() -> None:
    new_york = OutletFactory(time_zone="America/New_York")
    # Half past midnight in London on the 9th is still the 8th in New York.
    late = dt.datetime(2019, 5, 8, 23, 30, tzinfo=dt.UTC)
    there = ArticleFactory(outlet=new_york, published_at=late)
    here = ArticleFactory(outlet=OutletFactory(time_zone="Europe/London"), published_at=late)
    ArticleFactory(published_at=None)
    the_8th, the_9th = dt.date(2019, 5, 8), dt.date(2019, 5, 9)
    assert list(published_between(Article.objects.all(), None, the_8th)) == [there]
    assert list(published_between(Article.objects.all(), the_9th, None)) == [here]
    assert published_between(Article.objects.all(), the_8th, the_9th).count() == 2


def test_only_articles_of_published_stories_are_public_each_once() -> None:
    shown = ArticleFactory(stories=[StoryFactory(), StoryFactory()])
    ArticleFactory(stories=[StoryFactory(status="draft")])
    ArticleFactory()
    assert list(Article.objects.public()) == [shown]


def test_an_articles_page_stands_in_the_published_story_it_was_last_added_to() -> None:
    first, second, hidden = StoryFactory(), StoryFactory(), StoryFactory(status="draft")
    ArticleFactory(stories=[first, second, hidden])
    assert Article.objects.with_story_slug().get().story_slug == second.slug


def test_a_snippet_marks_found_words_in_text_as_it_stands() -> None:
    article = ArticleFactory(text=f"Ministers < {FOUND_START}fear{FOUND_END} delays & worse.")
    words = understand("delay")
    snippet = snippets([article], words)[article.pk]
    assert snippet == f"Ministers < fear {FOUND_START}delays{FOUND_END} & worse …"


def test_a_snippet_says_where_words_are_left_off() -> None:
    filling = " ".join(f"Sentence {n} of the article is here." for n in range(40))
    article = ArticleFactory(text=f"{filling} The delays worry ministers. {filling}")
    snippet = snippets([article], understand("delay"))[article.pk]
    assert snippet.startswith("… ")
    assert f"{FOUND_START}delays{FOUND_END}" in snippet
    assert not snippets([article], understand("sentence"))[article.pk].startswith("…")


def test_a_snippet_in_another_language_is_marked_as_it_stands() -> None:
    article = ArticleFactory(language="de", text="Die Minister prüfen das Netzwerk.")
    assert FOUND_START + "Minister" + FOUND_END in snippets([article], understand("minister"))[article.pk]


def test_no_more_than_the_cap_and_one_are_looked_at() -> None:
    outlet = OutletFactory()
    Article.objects.bulk_create(Article(outlet=outlet, headline=f"Vendor {n}") for n in range(CAP + 5))
    assert len(newest_ids(matching(Article.objects.all(), understand("vendor")))) == CAP + 1


def test_nothing_is_asked_of_the_database_without_a_word(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert understand("") == Words("", "")
    with django_assert_num_queries(0):
        assert snippets([], understand("")) == {}
