"""What a person sees when something is wrong."""

from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from annotations import access
from newsdesk import errors


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault of ours")


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the connection was closed")


def lost(request: HttpRequest) -> HttpResponse:
    raise InterfaceError("the connection is closed")


def gone(request: HttpRequest) -> HttpResponse:
    raise access.Gone("The speaker was <b>another</b>.")


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse("posted")


def suspicious(request: HttpRequest) -> HttpResponse:
    from django.core.exceptions import BadRequest

    raise BadRequest("no")


def forbidden(request: HttpRequest) -> HttpResponse:
    from django.core.exceptions import PermissionDenied

    raise PermissionDenied("no")


handler400 = "newsdesk.errors.bad_request"
handler403 = "newsdesk.errors.forbidden"
handler404 = "newsdesk.errors.not_found"
handler500 = "newsdesk.errors.server_error"
urlpatterns = [
    path("broken/", broken),
    path("away/", away),
    path("lost/", lost),
    path("gone/", gone),
    path("form/", form),
    path("suspicious/", suspicious),
    path("forbidden/", forbidden),
    path("", include("newsdesk.urls")),
]


@pytest.fixture(autouse=True)
def faulty_site(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    settings.DEBUG = False


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/suspicious/", 400, "That request could not be understood"),
        ("/forbidden/", 403, "You may not open this page"),
        ("/nothing/", 404, "There is nothing at this address"),
        ("/gone/", 410, "This has been withdrawn"),
        ("/broken/", 500, "Something went wrong here"),
        ("/away/", 503, "Newsdesk is busy"),
        ("/lost/", 503, "Newsdesk is busy"),
    ],
)
def test_each_error_has_its_page_in_the_sites_look_without_a_database(
    visitor: Client, address: str, status: int, words: str
) -> None:
    # No database mark: pytest-django refuses every query.
    response = visitor.get(address)
    html = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{words}</h1>" in html
    assert 'class="masthead"' in html
    assert 'href="/"' in html
    assert 'content="noindex"' in html
    assert "no-store" in response.headers["Cache-Control"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_a_database_that_is_away_says_when_to_come_back(visitor: Client) -> None:
    for address in ("/away/", "/lost/"):
        assert visitor.get(address).headers["Retry-After"] == "5"


def test_the_reason_of_a_withdrawal_is_shown_as_text(visitor: Client) -> None:
    html = visitor.get("/gone/").content.decode()
    assert "The speaker was &lt;b&gt;another&lt;/b&gt;." in html


def test_a_form_without_its_token_is_refused_with_words_that_help() -> None:
    response = Client(enforce_csrf_checks=True).post("/form/")
    assert response.status_code == 403
    assert "<h1>The form has expired</h1>" in response.content.decode()


def test_an_unknown_host_gets_the_page_for_bad_requests(visitor: Client) -> None:
    response = visitor.get("/nothing/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "That request could not be understood" in response.content.decode()


def test_what_middleware_loses_answers_503_too(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr("django_htmx.middleware.HtmxMiddleware.__call__", fail)
    response = visitor.get("/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"


def test_a_page_for_errors_that_cannot_be_drawn_gives_plain_words(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise ValueError("no manifest")

    monkeypatch.setattr(errors, "render_to_string", fail)
    response = visitor.get("/broken/")
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_is_503_once_and_then_made_anew(visitor: Client) -> None:
    assert visitor.get("/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    finally:
        other.close()
    assert visitor.get("/").status_code in {200, 503}
    connection.close_if_unusable_or_obsolete()
    assert visitor.get("/").status_code == 200
