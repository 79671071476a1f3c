import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from annotations.circle import RADIUS, spots
from annotations.models import Stance
from annotations.network import Take, network
from tests.annotations.reading import text_of, tree_of
from tests.factories import ActorFactory, ArticleFactory, ClaimFactory, QuoteFactory, StoryFactory

takes = st.lists(
    st.builds(
        Take,
        st.sampled_from("abcdefgh"),
        st.sampled_from(["one", "two", "three"]),
        st.sampled_from(["supports", "opposes", "mixed", "unclear"]),
        st.integers(1, 30),
        st.uuids(),
    ),
    max_size=40,
)


@given(takes)
def test_every_actor_of_a_network_has_a_spot_of_its_own_on_the_circle(given_takes):
    found = network(given_takes)
    where = spots(found)
    assert set(where) == set(found.actors)
    assert len({(spot.x, spot.y) for spot in where.values()}) == len(where)
    for spot in where.values():
        assert (spot.x - 50) ** 2 + (spot.y - 50) ** 2 == pytest.approx(RADIUS**2, abs=1)


def test_those_who_agree_stand_beside_each_other():
    sides = {"ada": "supports", "bo": "opposes", "cy": "supports", "di": "opposes"}
    found = network(
        [Take(who, "ban", side, n, uuid.UUID(int=n)) for n, (who, side) in enumerate(sides.items())]
    )
    order = list(spots(found))
    assert abs(order.index("ada") - order.index("cy")) in (1, 3)
    assert abs(order.index("bo") - order.index("di")) in (1, 3)


# The page.


@pytest.fixture
def story():
    return StoryFactory(slug="story")


def take(claim, actor, position, **fields):
    quote = QuoteFactory(
        article=ArticleFactory(stories=[claim.story]), published=True, speaker=actor, **fields
    )
    Stance.objects.create(quote=quote, claim=claim, position=position)
    return quote


@pytest.mark.django_db
def test_the_page_draws_ties_and_lists_each_with_the_quotes_that_make_it(client, story):
    claim = ClaimFactory(story=story, slug="ban", text="It should be banned.")
    ada, bo, cy = (ActorFactory(name=name, slug=name.lower()) for name in ("Ada", "Bo", "Cy"))
    made = {take(claim, ada, "supports"), take(claim, bo, "supports")}
    take(claim, cy, "opposes")
    page = tree_of(client.get("/stories/story/network/"))
    assert len(page.find_class("network__tie--agreement")) == 1
    assert len(page.find_class("network__tie--conflict")) == 2
    rows = [[text_of(cell) for cell in row] for row in page.findall(".//tbody/tr")]
    assert ["Ada", "Bo", "agree", "It should be banned."] in rows
    assert ["Ada", "Cy", "in conflict", "It should be banned."] in rows
    (opened,) = [
        row.xpath("td//li/a/@href")[0]
        for row in page.findall(".//tbody/tr")
        if text_of(row).startswith("Ada Bo")
    ]
    entries = tree_of(client.get(opened)).find_class("entry--quote")
    assert {entry.get("id") for entry in entries} == {f"quote-{quote.uuid}" for quote in made}


@pytest.mark.django_db
def test_mixed_words_and_drafts_tie_nobody(client, story):
    claim = ClaimFactory(story=story)
    take(claim, ActorFactory(), "mixed")
    take(claim, ActorFactory(), "supports")
    draft = QuoteFactory(article=ArticleFactory(stories=[story]))
    Stance.objects.create(quote=draft, claim=claim, position="supports")
    page = tree_of(client.get("/stories/story/network/"))
    assert "Nobody agrees or disagrees yet" in text_of(page)


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_network(client, django_assert_num_queries, story):
    claims = [ClaimFactory(story=story), ClaimFactory(story=story)]
    for _ in range(2):
        take(claims[0], ActorFactory(), "supports")
    with CaptureQueriesContext(connection) as few:
        client.get("/stories/story/network/")
    for claim in claims:
        for _ in range(8):
            take(claim, ActorFactory(), "opposes")
    with django_assert_num_queries(len(few)):
        client.get("/stories/story/network/")
