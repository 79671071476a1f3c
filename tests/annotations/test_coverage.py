import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from annotations.carrying import Carried, Cell, cells, missed
from annotations.models import Stance
from tests.annotations.reading import a_story, text_of, tree_of
from tests.factories import (
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    OutletFactory,
    QuoteFactory,
    StoryFactory,
    UtteranceFactory,
)


def at(day):
    return dt.datetime(2019, 5, day, tzinfo=dt.UTC) if day else None


def carried(outlet, utterance, day, *about):
    return Carried(outlet, utterance, at(day), frozenset(about))


# What was carried, without a database.


def test_a_statement_that_an_outlet_quotes_twice_counts_once():
    found = cells([carried("Post", 1, 8, "ban"), carried("Post", 1, 9, "ban"), carried("Post", 2, 9, "ban")])
    assert found == {("Post", "ban"): Cell(2, at(8), is_first=False, is_only=True)}


def test_who_was_first_is_said_where_the_others_came_later():
    found = cells([carried("Post", 1, 8, "ban"), carried("Mail", 1, 9, "ban"), carried("Sun", 2, 9, "ban")])
    assert {key: cell.is_first for key, cell in found.items()} == {
        ("Post", "ban"): True,
        ("Mail", "ban"): False,
        ("Sun", "ban"): False,
    }


@pytest.mark.parametrize("other", [8, None])
def test_nobody_is_called_first_on_the_same_instant_or_where_a_date_is_unknown(other):
    found = cells([carried("Post", 1, 8, "ban"), carried("Mail", 1, other, "ban")])
    assert not any(cell.is_first for cell in found.values())


def test_only_what_two_others_carried_is_missed_and_most_carried_comes_first():
    given_ = [
        *(carried(outlet, "speech", 8) for outlet in ("Post", "Mail")),
        *(carried(outlet, "leak", 8) for outlet in ("Post", "Mail", "Sun")),
        carried("Post", "aside", 8),
    ]
    assert missed(given_, ["Post", "Sun", "Echo"]) == {
        "Post": [],
        "Sun": [("speech", 2)],
        "Echo": [("leak", 3), ("speech", 2)],
    }


outlets = st.sampled_from(["Post", "Mail", "Sun", "Echo"])
some = st.builds(
    Carried,
    outlets,
    st.integers(1, 5),
    st.one_of(st.none(), st.integers(1, 28).map(at)),
    st.frozensets(st.sampled_from("ab")),
)


@given(st.lists(some))
def test_of_one_thing_at_most_one_outlet_is_first_and_an_only_one_has_no_other(given_carried):
    found = cells(given_carried)
    for thing in "ab":
        on_it = {outlet: cell for (outlet, about), cell in found.items() if about == thing}
        assert sum(cell.is_first for cell in on_it.values()) <= 1
        for cell in on_it.values():
            assert cell.is_only == (len(on_it) == 1)
            assert cell.count >= 1


@given(st.lists(some))
def test_an_outlet_never_missed_what_it_carried(given_carried):
    for outlet, lost in missed(given_carried, ["Post", "Mail", "Sun", "Echo"]).items():
        own = {one.utterance for one in given_carried if one.outlet == outlet}
        assert not own & {utterance for utterance, _ in lost}
        assert all(number > 1 for _, number in lost)


# The page.


@pytest.fixture
def story():
    return StoryFactory(slug="story", title="The ban")


def quoted(story, outlet, *, day=8, **fields):
    article = ArticleFactory(stories=[story], outlet=outlet, published_at=at(day))
    return QuoteFactory(article=article, published=True, **fields)


def rows_of(page, part):
    (table,) = page.xpath(f"//section[@aria-labelledby='{part}']//table")
    return [[text_of(cell) for cell in row] for row in table.findall("tbody/tr")]


@pytest.mark.django_db
def test_outlets_stand_beside_claims_with_who_was_first_and_the_numbers_open_the_quotes(client, story):
    claim = ClaimFactory(story=story, slug="ban", text="It should be banned.")
    post, mail = OutletFactory(name="Post", slug="post"), OutletFactory(name="Mail", slug="mail")
    OutletFactory(name="Elsewhere")
    first = quoted(story, post, day=8)
    for quote in (first, quoted(story, mail, day=9)):
        Stance.objects.create(quote=quote, claim=claim, position="opposes")
    page = tree_of(client.get("/stories/story/coverage/"))
    assert rows_of(page, "by-claim") == [
        ["Mail", "1 statement since 9 May 2019"],
        ["Post", "1 statement first since 8 May 2019"],
    ]
    (opened,) = page.xpath("//section[@aria-labelledby='by-claim']//tr[2]//td/a/@href")
    entries = tree_of(client.get(opened)).find_class("entry--quote")
    assert [entry.get("id") for entry in entries] == [f"quote-{first.uuid}"]


@pytest.mark.django_db
def test_an_outlet_is_told_what_at_least_two_others_carried_and_on_what_it_has_nothing(client, story):
    ada = ActorFactory(name="Ada")
    utterance = UtteranceFactory(speaker=ada)
    claim = ClaimFactory(story=story, text="It should be banned.")
    for name in ("Mail", "Post"):
        quote = quoted(story, OutletFactory(name=name), speaker=ada, utterance=utterance)
        Stance.objects.create(quote=quote, claim=claim, position="opposes")
    quoted(story, OutletFactory(name="Sun"), exact="on security")
    page = tree_of(client.get("/stories/story/coverage/"))
    shares = {text_of(one.find("h3")).split()[0]: text_of(one) for one in page.find_class("share")}
    assert "No quote on It should be banned. Did not carry Ada : “" in shares["Sun"]
    assert "in 2 others" in shares["Sun"]
    assert "Did not carry" not in shares["Post"]
    (shared,) = page.xpath("//section[@aria-labelledby='shared']//li")
    assert "2 outlets: Mail , Post" in text_of(shared)


@pytest.mark.django_db
def test_what_is_not_published_is_not_counted(client, story):
    claim = ClaimFactory(story=story, text="It should be banned.")
    draft = QuoteFactory(article=ArticleFactory(stories=[story], outlet=OutletFactory(name="Post")))
    Stance.objects.create(quote=draft, claim=claim, position="opposes")
    page = tree_of(client.get("/stories/story/coverage/"))
    assert "No published quote takes a stance" in text_of(page)
    (share,) = page.find_class("share")
    assert "1 article" in text_of(share)
    assert "0 quotes" in text_of(share)


@pytest.mark.django_db
def test_an_empty_story_says_what_will_be_here(client, story):
    assert "As soon as the story has articles" in text_of(tree_of(client.get("/stories/story/coverage/")))


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_story(client, django_assert_num_queries):
    small, large = a_story(articles=2, quotes=2), a_story(articles=12, quotes=4)
    client.get(f"/stories/{small.slug}/coverage/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/stories/{small.slug}/coverage/")
    with django_assert_num_queries(len(few)):
        client.get(f"/stories/{large.slug}/coverage/")
