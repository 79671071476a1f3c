"""Sites for the browser's tests: as they are served to readers, each on a database of its own.

`sample_site` has the sample story and more for every page and state, `empty_site` nothing; tests share them and only
read. `own_site` is an empty one for one test alone, which may write. Tests are marked `django_db`, which
makes pytest-django set up the database that is copied, and nothing more.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page

from accounts.models import User
from tests.browser import pages
from tests.factories import PASSWORD


class Copies:
    """Copies of the migrated test database: making one takes less than emptying the tables of another."""

    def __init__(self, blocker: Any) -> None:
        self.migrated = str(connection.settings_dict["NAME"])
        self.unblocked = blocker.unblock
        self.made: list[str] = []

    def make(self, name: str, of: str = "") -> str:
        copy, template = f"{self.migrated}_{name}", of or self.migrated
        self.clear(template)
        with self.unblocked(), connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{template}"')
        self.made.append(copy)
        return copy

    def clear(self, database: str) -> None:
        """Put everybody out: it can't be copied, nor dropped by Django, while a thread of a server is in it."""
        with self.unblocked(), connection._nodb_cursor() as cursor:
            leave = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
            cursor.execute(leave, [database])

    def drop(self, copy: str) -> None:
        with self.unblocked(), connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        self.made.remove(copy)

    @contextmanager
    def in_use(self, copy: str) -> Iterator[None]:
        """The ORM, and the server's threads, use the copy in here. A thread leaves it at the end of a request."""
        outer = connections["default"]
        shared = connections.settings["default"]
        before = {"NAME": shared["NAME"], "CONN_MAX_AGE": shared["CONN_MAX_AGE"]}
        shared |= {"NAME": copy, "CONN_MAX_AGE": 0}
        connections["default"] = inner = connections.create_connection("default")
        try:
            with self.unblocked():
                yield
        finally:
            inner.close()
            connections["default"] = outer
            shared |= before


@dataclass(eq=False)
class Site:
    """A server and what it serves. `complaints` are the console's: a script that failed, something blocked."""

    url: str
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])

    def watch(self, page: Page) -> None:
        """Keep what goes wrong in a page. That the page itself answers 404 or 422 is not wrong."""

        def say(message: Any) -> None:
            is_own = message.text.startswith("Failed to load resource") and "/static/" not in str(
                message.location
            )
            if message.type in {"error", "warning"} and not is_own:
                self.complaints.append(f"{page.url}: {message.text}")

        page.on("console", say)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._miss)

    def _miss(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # by the page itself: another letter was typed meanwhile
            self.complaints.append(f"{request.url}: {request.failure}")


@pytest.fixture(scope="session")
def copies(django_db_setup: None, django_db_blocker: Any) -> Iterator[Copies]:
    found = Copies(django_db_blocker)
    yield found
    for copy in list(found.made):
        found.drop(copy)
    connections.close_all()
    found.clear(found.migrated)


@pytest.fixture(scope="session")
def untouched_copy(copies: Copies) -> str:
    """What the others are copied from: no site is served from it, so nothing is ever written there."""
    return copies.make("untouched")


@pytest.fixture(scope="session")
def empty_copy(copies: Copies, untouched_copy: str) -> str:
    return copies.make("empty", of=untouched_copy)


@pytest.fixture(scope="session")
def sample_copy(copies: Copies, untouched_copy: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    copy = copies.make("sample", of=untouched_copy)
    with copies.in_use(copy), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        pages.furnish()
    return copy


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The settings under which static files are what a reader's browser gets: one stylesheet, named by its digest."""
    from django.conf import settings

    storage = {"BACKEND": "newsdesk.stylesheets.BundledStaticFilesStorage"}
    return override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES={**settings.STORAGES, "staticfiles": storage},
        WHITENOISE_AUTOREFRESH=False,
        ALLOWED_HOSTS=["127.0.0.1", "testserver"],
    )


@pytest.fixture(scope="session")
def server(shipped: Any) -> Iterator[str]:
    """One for all, whichever database is in use; WhiteNoise serves the static files, as in production."""
    with shipped:
        call_command("collectstatic", interactive=False, verbosity=0)
        thread = LiveServerThread("127.0.0.1", lambda application: application)
        thread.daemon = True
        thread.start()
        thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://{thread.host}:{thread.port}"
    thread.terminate()


@contextmanager
def _site(copies: Copies, copy: str, url: str, shipped: Any) -> Iterator[Site]:
    site = Site(url)
    with shipped, copies.in_use(copy):
        yield site
    assert not site.complaints


@pytest.fixture
def sample_site(copies: Copies, sample_copy: str, server: str, shipped: Any) -> Iterator[Site]:
    with _site(copies, sample_copy, server, shipped) as site:
        yield site


@pytest.fixture
def empty_site(copies: Copies, empty_copy: str, server: str, shipped: Any) -> Iterator[Site]:
    with _site(copies, empty_copy, server, shipped) as site:
        yield site


@pytest.fixture
def own_site(copies: Copies, untouched_copy: str, server: str, shipped: Any) -> Iterator[Site]:
    copy = copies.make("own", of=untouched_copy)
    with _site(copies, copy, server, shipped) as site:
        yield site
    copies.drop(copy)


@pytest.fixture
def shown(request: pytest.FixtureRequest, page: Page) -> tuple[Page, pages.Screen]:
    """A screen of `pages`, in its state."""
    screen: pages.Screen = request.param
    site = request.getfixturevalue("empty_site" if screen.is_empty else "sample_site")
    page.set_default_timeout(10_000)
    site.watch(page)
    if screen.who:
        site.sign_in(page, pages.account(screen.who))
    screen.show(page, site.url)
    return page, screen


@pytest.fixture
def enter_admin(page: Page, live_server: Any) -> Iterator[Callable[[User], Page]]:
    """A browser in the admin site, for somebody; afterwards, nothing may have been blocked or have failed."""
    blocked: list[str] = []
    page.on(
        "console", lambda message: blocked.append(message.text) if "Security Policy" in message.text else None
    )
    page.on("pageerror", lambda error: blocked.append(str(error)))

    def enter(user: User) -> Page:
        page.goto(f"{live_server.url}/admin/login/")
        page.get_by_label("Username").fill(user.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        return page

    yield enter
    assert not blocked
