"""Pytest plugin: gives the whole run one PostgreSQL of its own.

`addopts` names it, so that it is loaded before pytest-django loads the settings. With DATABASE_URL set, that
server is used instead. Under xdist only the controlling process starts one; its workers inherit the address.
The server is stopped at the end, also after Ctrl-C or SIGTERM; should pytest be killed, a later run stops it.
"""

import atexit
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from types import FrameType

import pytest

from newsdesk import database

server = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    os.environ.setdefault("SECRET_KEY", "only for tests")
    # Playwright's synchronous API runs an event loop, which makes Django refuse the ORM in the same thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    asked = early_config.known_args_namespace
    if not (asked.help or asked.version or os.environ.get("DATABASE_URL")):
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, interrupt)
        try:
            os.environ["DATABASE_URL"] = server.enter_context(database.ephemeral()).url()
        except database.DatabaseError as error:
            raise pytest.UsageError(f"No PostgreSQL for the tests: {error}") from error
        early_config.add_cleanup(server.close)
        atexit.register(server.close)
    return (yield)


def interrupt(number: int, frame: FrameType | None) -> None:
    """What pytest takes for Ctrl-C: it ends the run and cleans up."""
    raise KeyboardInterrupt
