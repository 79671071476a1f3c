import datetime as dt

import pytest

from annotations import charts, standing
from annotations.matrix import MOST_ROWS, matrix
from annotations.models import Stance
from tests.annotations.reading import text_of, tree_of
from tests.factories import ActorFactory, ArticleFactory, ClaimFactory, QuoteFactory, StoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return StoryFactory(slug="story")


@pytest.fixture
def claims(story):
    return [ClaimFactory(story=story, slug=slug, text=f"It is {slug}.") for slug in ("good", "bad")]


def take(claim, actor, position, *days, mention=""):
    earliest, latest = days if len(days) == 2 else (days[0], days[0]) if days else (None, None)
    quote = QuoteFactory(
        article=ArticleFactory(stories=[claim.story]),
        published=True,
        speaker=actor,
        mention=mention or "she",
        said_earliest=earliest,
        said_latest=latest,
        said_expression="then" if earliest else "",
    )
    Stance.objects.create(quote=quote, claim=claim, position=position)
    return quote


def cells(found):
    return [
        (row.name, [(cell.position, cell.count) if cell else None for cell in row.cells])
        for row in found.rows
    ]


def test_actors_stand_beside_claims_with_what_they_said_and_how_often(story, claims):
    good, bad = claims
    ada, bo = ActorFactory(name="Ada"), ActorFactory(name="Bo")
    take(good, bo, "supports")
    for _ in range(2):
        take(good, ada, "opposes")
    take(bad, ada, "supports")
    take(bad, None, "unclear", mention="an official")
    assert cells(matrix(standing.of_story(story))) == [
        ("Ada", [("opposes", 2), ("supports", 1)]),
        ("Bo", [("supports", 1), None]),
        ("Unnamed sources", [None, ("unclear", 1)]),
    ]


def test_two_people_of_one_name_have_a_row_each(story, claims):
    for slug in ("ada-1", "ada-2"):
        take(claims[0], ActorFactory(name="Ada", slug=slug), "supports")
    assert len(matrix(standing.of_story(story)).rows) == 2


def test_a_claim_on_which_nobody_speaks_has_an_empty_column(story, claims):
    take(claims[0], ActorFactory(name="Ada"), "supports")
    assert cells(matrix(standing.of_story(story))) == [("Ada", [("supports", 1), None])]


def test_without_stances_there_is_no_table(story, claims):
    assert matrix(standing.of_story(story)) is None


def test_who_is_not_shown_is_counted(story, claims):
    for _ in range(MOST_ROWS + 2):
        take(claims[0], ActorFactory(), "supports")
    found = matrix(standing.of_story(story))
    assert (len(found.rows), found.left_out) == (MOST_ROWS, 2)


def test_a_cell_on_the_page_opens_the_quotes_that_it_counted(client, story, claims):
    ada = ActorFactory(name="Ada", slug="ada")
    counted = [take(claims[0], ada, "opposes", dt.date(2019, 5, day)) for day in (1, 2)]
    take(claims[1], ada, "supports")
    (name,) = tree_of(client.get("/stories/story/")).find_class("matrix__actor")
    assert text_of(name) == "Ada"
    cell = name.getparent().find("td/a")
    assert text_of(cell) == "opposes 2 quotes"
    opened = tree_of(client.get(cell.get("href"))).find_class("entry--quote")
    assert {entry.get("id") for entry in opened} == {f"quote-{quote.uuid}" for quote in counted}


def test_a_change_of_side_is_marked_in_the_table_and_drawn_on_the_claims_page(client, story, claims):
    ada = ActorFactory(name="Ada", slug="ada")
    take(claims[0], ada, "opposes", dt.date(2019, 4, 24))
    after = take(claims[0], ada, "supports", dt.date(2019, 5, 8))
    (cell,) = tree_of(client.get("/stories/story/")).find_class("matrix__stance")
    assert "changed sides" in text_of(cell)
    page = tree_of(client.get("/stories/story/claims/good/"))
    (picture,) = page.find_class("track__picture")
    assert picture.get("aria-label").startswith(
        "Ada: expressed a mixture of support and opposition, 2 quotes"
    )
    assert len(picture.find_class("track__turn")) == 1
    assert [text_of(glyph) for glyph in picture.find_class("track__glyph")] == ["▼", "▲"]
    rows = page.findall(".//table/tbody/tr")
    assert [[text_of(cell) for cell in row][:3] for row in rows] == [
        ["24 April 2019", "Ada", "opposes"],
        ["8 May 2019", "Ada", "supports"],
    ]
    assert rows[1].find(".//a").get("href") == after.get_absolute_url()


def test_people_whom_no_text_dates_are_not_drawn_on_a_claim_but_an_actors_claims_all_are(
    client, story, claims
):
    ada, bo = ActorFactory(name="Ada", slug="ada"), ActorFactory(name="Bo", slug="bo")
    for day in (1, 2):
        take(claims[0], ada, "supports", dt.date(2019, 5, day))
    take(claims[0], bo, "opposes")
    take(claims[1], ada, "opposes")
    chart = charts.of_claim(standing.of_claim(claims[0]))
    assert [row.name for row in chart.rows] == ["Ada"]
    tracks = tree_of(client.get("/actors/ada/")).find_class("track")
    assert [text_of(one.find_class("track__name")[0]) for one in tracks] == ["It is good.", "It is bad."]
    assert "1 undated, not on the line" in text_of(tracks[1])


def test_one_dated_mark_is_no_picture(story, claims):
    take(claims[0], ActorFactory(), "supports", dt.date(2019, 5, 1))
    take(claims[0], ActorFactory(), "supports")
    assert charts.of_claim(standing.of_claim(claims[0])) is None
