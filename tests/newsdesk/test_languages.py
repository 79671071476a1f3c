"""The language of a page: by the browser's wish, or by a choice; and what caches may keep."""

import pytest
from django.urls import reverse

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
