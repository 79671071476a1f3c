"""The language of a page: by the browser's wish, or by a choice; and what caches may keep."""

import re

import pytest
from django.urls import reverse

from annotations.models import Quote
from tests.annotations.reading import a_story
from tests.factories import EditorFactory

pytestmark = pytest.mark.django_db

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def language_of(response):
    return response.headers["Content-Language"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("", "en-gb"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("en-US,en;q=0.9,de;q=0.5", "en-gb"),
        ("fr,de;q=0.5", "de"),
        ("ja", "en-gb"),
    ],
    ids=["nothing", "german", "austrian", "american", "french_then_german", "japanese"],
)
def test_a_page_speaks_what_the_browser_asks_for(client, asked, given):
    response = client.get("/", headers={"Accept-Language": asked} if asked else {})
    assert language_of(response) == given
    assert f'<html lang="{given}">' in response.text
    assert "Accept-Language" in response.headers["Vary"]
    assert "Cookie" not in response.headers["Vary"]
    assert response.headers["Cache-Control"].startswith("public")


def test_a_chosen_language_is_kept_in_a_cookie_and_leads_back(client):
    story = a_story()
    came_from = f"http://testserver{story.get_absolute_url()}?stance=opposes"
    page = client.get(reverse("language"), headers={"Referer": came_from})
    back = page.context["form"].initial["next"]
    answer = client.post(reverse("language"), {"language": "de", "next": back})
    assert (answer.status_code, answer.url) == (302, f"{story.get_absolute_url()}?stance=opposes")
    assert answer.cookies["language"].value == "de"
    assert answer.cookies["language"]["httponly"]
    assert language_of(client.get(answer.url)) == "de"
    client.post(reverse("language"), {"language": "", "next": back})
    assert language_of(client.get(answer.url)) == "en-gb"


def test_no_shared_cache_keeps_a_page_in_a_language_that_somebody_chose(client):
    client.cookies["language"] = "de"
    response = client.get("/")
    assert response.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert {"Cookie", "Accept-Language"} <= {name.strip() for name in response.headers["Vary"].split(",")}


def test_a_cookie_that_names_no_language_changes_nothing(client):
    client.cookies["language"] = "../../etc"
    response = client.get("/", headers=GERMAN)
    assert language_of(response) == "de"
    assert response.headers["Cache-Control"].startswith("public")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "http://testserver//evil.example/",
        "http://testserver/\\evil.example",
        "javascript:alert(1)",
        "/language/",
        "stories/",
    ],
)
def test_a_choice_leads_nowhere_else(client, elsewhere):
    answer = client.post(reverse("language"), {"language": "de", "next": elsewhere})
    assert (answer.status_code, answer.url) == (302, "/")
    page = client.get(reverse("language"), headers={"Referer": elsewhere})
    assert page.context["form"].initial["next"] == "/"


def test_an_unknown_language_is_not_kept(client):
    answer = client.post(reverse("language"), {"language": "xx"})
    assert answer.status_code == 422
    assert "language" not in answer.cookies


def test_no_page_that_everybody_shares_sets_a_cookie(client):
    assert not client.get("/", headers=GERMAN).cookies


def test_the_desk_speaks_one_language(client):
    client.force_login(EditorFactory())
    response = client.get("/desk/", headers=GERMAN)
    assert '<html lang="en-gb">' in response.text


@pytest.mark.parametrize(
    "asked", ["feeds/site.atom", "feeds/site.json", "annotations/", "sitemap.xml", "robots.txt"]
)
def test_what_programs_read_is_the_same_in_every_language(client, asked):
    a_story()
    plain = client.get(f"/{asked}")
    asking = client.get(f"/{asked}", headers=GERMAN)
    client.cookies["language"] = "de"
    chosen = client.get(f"/{asked}")
    assert plain.content == asking.content == chosen.content
    for response in (plain, asking, chosen):
        assert "Accept-Language" not in response.headers["Vary"]
        assert response.headers["Cache-Control"].startswith("public")


def test_a_card_on_another_site_speaks_its_readers_language(client):
    a_story()
    quote = Quote.objects.get()
    response = client.get(f"{quote.get_absolute_url()}embed/", headers=GERMAN)
    assert '<html lang="de"' in response.text
    assert "8. Mai 2019" in response.text
    assert response.headers["ETag"] != client.get(f"{quote.get_absolute_url()}embed/").headers["ETag"]


def test_numbers_in_pictures_are_written_for_programs(client):
    """A comma in a coordinate would be no number."""
    story = a_story(quotes=3)
    for page in ("network/", "coverage/", ""):
        html = client.get(f"{story.get_absolute_url()}{page}", headers=GERMAN).text
        assert re.findall(r'\b(?:x|y|x1|x2|y1|y2|cx|cy|r|width|height)="[^"]*,[^"]*"', html) == []
