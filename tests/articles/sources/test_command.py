"""`manage.py look_at_sources`: what it prints, and its exit code."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles.models import Article, Import, ImportSource
from tests.articles.sources.server import Server

pytestmark = pytest.mark.django_db

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Post</title><entry><title>Council meets</title>
<id>urn:1</id><link href="https://post.example/1"/><published>2019-05-09T12:00:00Z</published>
<content type="html">&lt;p&gt;It met on Thursday, and decided nothing.&lt;/p&gt;</content></entry></feed>"""

type Run = Callable[..., tuple[str, int]]


@pytest.fixture
def run() -> Run:
    def run(*args: str) -> tuple[str, int]:
        """What the command prints, and its exit code."""
        out = StringIO()
        try:
            call_command("look_at_sources", *args, stdout=out)
        except CommandError as error:
            return f"{out.getvalue()}{error}\n", error.returncode
        return out.getvalue(), 0

    return run


@pytest.fixture
def source(fetched: Server) -> ImportSource:
    fetched.answers["/atom"] = (200, {"ETag": '"1"'}, ATOM)
    return ImportSource.objects.create(name="The Post", address=fetched["/atom"])


def test_what_is_due_is_read_and_told(run: Run, source: ImportSource) -> None:
    told, code = run()
    assert code == 0
    assert "The Post: It has changed." in told
    assert "1 read = 1 new + 0 changed + 0 same + 0 refused. It waits for somebody to apply it." in told
    assert Import.objects.get().stage == Import.Stage.READ
    told, code = run()
    assert (code, told.startswith("No source is due. The next is “The Post”, at ")) == (0, True)


def test_a_source_that_applies_itself_makes_articles(run: Run, source: ImportSource) -> None:
    ImportSource.objects.update(applies_itself=True)
    told, code = run("--source", "The Post")
    assert (code, "It is applied." in told) == (0, True)
    assert Article.objects.get().headline == "Council meets"


def test_now_looks_at_what_is_not_due(run: Run, source: ImportSource, fetched: Server) -> None:
    run()
    fetched.answers["/atom"] = (304, {}, b"")
    told, code = run("--now")
    assert (told, code) == ("The Post: Nothing has changed there.\n", 0)


def test_a_source_that_fails_is_told_and_the_others_are_looked_at(
    run: Run, source: ImportSource, fetched: Server
) -> None:
    ImportSource.objects.create(name="A post that is gone", address=fetched["/gone"])
    told, code = run()
    assert code == 1
    assert "A post that is gone: There is nothing at the address (404 Not Found)." in told
    assert "1 of 2 failed." in told
    assert Import.objects.count() == 1


def test_a_folder_that_is_missing_fails(run: Run, settings: Any, tmp_path: Path) -> None:
    settings.IMPORT_FOLDER = str(tmp_path)
    ImportSource.objects.create(name="Wires", folder="wires")
    told, code = run()
    assert (code, "There is no folder “wires”" in told) == (1, True)


def test_an_unknown_source_is_a_wrong_call(run: Run, source: ImportSource) -> None:
    told, code = run("--source", "The Pots")
    assert (code, told) == (2, "There is no source “The Pots” with an address or a folder.\n")


def test_what_this_site_does_not_look_at_is_told(run: Run, source: ImportSource, settings: Any) -> None:
    settings.FEED_FETCHING = False
    assert run() == ("Feeds are not fetched here: FEED_FETCHING is not set.\n", 0)
    assert run("--source", "The Post") == ("Feeds are not fetched here: FEED_FETCHING is not set.\n", 2)


def test_without_a_source_there_is_nothing_to_do(run: Run) -> None:
    assert run() == ("There is no source that is watched.\n", 0)
