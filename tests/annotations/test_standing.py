import datetime as dt

import pytest

from annotations import standing
from annotations.models import Stance
from tests.factories import (
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    OutletFactory,
    QuoteFactory,
    StoryFactory,
    UtteranceFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim():
    return ClaimFactory(story=StoryFactory(slug="story"), slug="ban", text="It should be banned.")


@pytest.fixture
def hunt():
    return ActorFactory(name="Jeremy Hunt", slug="jeremy-hunt")


def take(claim, position, *, outlet=None, published=True, article=None, **fields):
    """A quote with a stance on the claim, in an article of its own in the claim's story."""
    article = article or ArticleFactory(stories=[claim.story], outlet=outlet or OutletFactory())
    quote = QuoteFactory(article=article, published=published, **fields)
    Stance.objects.create(quote=quote, claim=claim, position=position)
    return quote


def people(claim):
    return [(p.name, p.position, str(p.sentence)) for p in standing.of_claim(claim).people]


def test_one_quote_is_told_as_that(claim, hunt):
    take(claim, "opposes", speaker=hunt)
    assert people(claim) == [("Jeremy Hunt", "opposes", "expressed opposition in one quote, 8 May 2019")]


def test_several_quotes_are_summed_up_with_their_numbers(claim, hunt):
    for day in (1, 2, 3):
        date = dt.date(2019, 5, day)
        take(claim, "supports", speaker=hunt, said_earliest=date, said_latest=date)
    assert people(claim) == [("Jeremy Hunt", "supports", "consistently supported, 3 quotes in 3 outlets")]


def test_what_two_outlets_carried_of_one_utterance_counts_once(claim, hunt):
    utterance = UtteranceFactory(speaker=hunt)
    for _ in range(2):
        take(claim, "opposes", speaker=hunt, utterance=utterance)
    ((_, _, sentence),) = people(claim)
    assert sentence == "expressed opposition in one quote carried by 2 outlets, 8 May 2019"
    assert [(count.position, count.count) for count in standing.of_claim(claim).counts] == [("opposes", 2)]


def test_the_words_open_the_quotes_that_were_counted_and_no_unclear_ones(claim, hunt, client):
    take(claim, "opposes", speaker=hunt)
    take(claim, "mixed", speaker=hunt)
    unclear = take(claim, "unclear", speaker=hunt)
    (person,) = standing.of_claim(claim).people
    assert person.quotes == "/stories/story/?actor=jeremy-hunt&stance=mixed&stance=opposes&claim=ban#timeline"
    page = client.get(person.quotes).content.decode()
    assert page.count('class="entry entry--quote') == 2
    assert str(unclear.uuid) not in page


def test_who_is_only_unclear_is_shown_as_that(claim, hunt, client):
    take(claim, "unclear", speaker=hunt)
    (person,) = standing.of_claim(claim).people
    assert (person.position, person.sentence.words) == ("unclear", "took no clear position")
    assert client.get(person.quotes).content.decode().count('class="entry entry--quote') == 1


def test_a_change_of_side_is_a_mixture_and_is_named_with_its_dates(claim, hunt):
    for position, day in (("supports", 1), ("opposes", 3)):
        date = dt.date(2019, 5, day)
        take(claim, position, speaker=hunt, said_earliest=date, said_latest=date)
    ((_, position, sentence),) = people(claim)
    assert position == "mixed"
    assert "supported on 1 May 2019, opposed on 3 May 2019" in sentence


def test_unnamed_sources_are_counted_and_nothing_is_said_of_them_together(claim):
    take(claim, "supports", speaker=None, mention="an official")
    take(claim, "supports", speaker=None, mention="a source")
    assert people(claim) == [("Unnamed sources", "supports", "2 quotes in 2 outlets")]


def test_who_is_quoted_most_comes_first_and_the_unnamed_last(claim, hunt):
    take(claim, "supports", speaker=ActorFactory(name="Ann"))
    for _ in range(3):
        take(claim, "supports", speaker=None)
    for _ in range(2):
        take(claim, "supports", speaker=hunt)
    assert [name for name, *_ in people(claim)] == ["Jeremy Hunt", "Ann", "Unnamed sources"]


def test_nothing_counts_that_readers_cannot_see(claim, hunt):
    take(claim, "supports", speaker=hunt, published=False)
    elsewhere = take(claim, "supports", speaker=hunt)
    elsewhere.article.stories.set([StoryFactory(status="draft")])
    assert standing.of_claim(claim).people == []
    assert standing.of_claim(claim).counts == []
    assert standing.of_claim(claim).bar == []
    assert standing.of_actor(hunt) == []


def test_the_bar_is_as_long_as_the_counts_together(claim):
    for position in ("supports", "opposes", "opposes", "unclear"):
        take(claim, position)
    assert [(part.position, part.start, part.share) for part in standing.of_claim(claim).bar] == [
        ("supports", 0, 25),
        ("opposes", 25, 50),
        ("unclear", 75, 25),
    ]


def test_an_actors_claims_are_those_of_published_stories_with_what_was_said_under_a_merged_name(claim, hunt):
    merged = ActorFactory(name="Mr Hunt", merged_into=hunt)
    take(claim, "supports", speaker=merged)
    take(claim, "opposes")
    hidden = ClaimFactory(story=StoryFactory(status="draft"))
    take(hidden, "supports", speaker=hunt)
    (found,) = standing.of_actor(hunt)
    assert found.claim == claim
    assert [(person.name, person.position) for person in found.people] == [("Jeremy Hunt", "supports")]


def test_a_storys_claims_stand_in_their_order_with_those_that_nobody_took_up(claim):
    later = ClaimFactory(story=claim.story, text="Later.")
    assert [found.claim for found in standing.of_story(claim.story)] == [claim, later]
    assert standing.of_story(claim.story)[1].people == []
