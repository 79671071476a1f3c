import gzip

import pytest

from tests.annotations.reading import a_story
from tests.factories import EditorFactory

pytestmark = pytest.mark.django_db

ACCEPTS = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_public_page_is_compressed_for_who_takes_it_so(client):
    story = a_story(articles=3)
    plain = client.get(story.get_absolute_url())
    packed = client.get(story.get_absolute_url(), headers=ACCEPTS)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content) / 2
    assert gzip.decompress(packed.content) == plain.content
    for response in (plain, packed):
        assert "Accept-Encoding" in response.headers["Vary"]


def test_an_unchanged_feed_is_304_compressed_or_not(client):
    story = a_story(articles=3)
    address = f"/feeds/stories/{story.slug}.atom"
    packed = client.get(address, headers=ACCEPTS)
    assert packed.headers["Content-Encoding"] == "gzip"
    again = client.get(address, headers=ACCEPTS | {"If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_of_the_desk_is_not_compressed(client):
    client.force_login(EditorFactory())
    assert "Content-Encoding" not in client.get("/desk/", headers=ACCEPTS).headers
