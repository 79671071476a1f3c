"""Articles of an import that seem to belong to a story are proposed; a person decides."""

import io

import pytest
from django.db import connection

from articles.bulk import applying, orders, proposing, staging
from articles.models import Article, Import
from tests.factories import NOW, StoryFactory

pytestmark = pytest.mark.django_db

ROWS = """\
external_id,headline,outlet,published_at,body
1,Huawei may build Britain’s 5G network,The Post,2019-05-08,The council met about Huawei and 5G in Britain.
2,Rain in the north,The Post,2019-05-08,It rained on Tuesday and on Wednesday in Britain.
3,Vendor row goes on,The Post,2019-05-09,Britain’s ministers differ over Huawei. The 5G network waits.
"""


@pytest.fixture
def batch() -> Import:
    batch = orders.upload(io.BytesIO(ROWS.encode()), "rows.csv", now=NOW, start=False)
    staging.stage(batch.pk)
    orders.apply(batch, now=NOW, start=False)
    return applying.apply_rows(batch.pk)


def test_a_story_is_proposed_for_the_articles_that_hold_its_words(batch: Import) -> None:
    story = StoryFactory(title="Huawei and Britain’s 5G network")
    StoryFactory(title="The price of cocoa in Ghana")
    [proposal] = proposing.story_proposals(batch)
    assert proposal.story == story
    found = Article.objects.in_bulk(proposal.articles)
    assert [found[number].external_id for number in proposal.articles] == ["1", "3"]
    assert {"huawei", "britain", "5g"} <= set(proposal.words)


def test_accepting_adds_articles_of_the_import_and_no_others_and_once(batch: Import) -> None:
    story = StoryFactory(title="Huawei and Britain’s 5G network")
    [proposal] = proposing.story_proposals(batch)
    assert proposing.accept(batch, story, [*proposal.articles, 987654], now=NOW) == 2
    assert proposing.accept(batch, story, proposal.articles, now=NOW) == 0
    assert proposing.story_proposals(batch) == []


def test_words_that_most_articles_have_tell_nothing(batch: Import) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE articles_article")
    common = proposing._common_words()
    assert "britain" in common
    StoryFactory(title="Britain on Tuesday and Wednesday")
    assert proposing.story_proposals(batch) == []
