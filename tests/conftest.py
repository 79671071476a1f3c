"""What every test gets: quick settings, no way out to the network, and a Chromium that is there."""

import os
import shutil
import socket
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings

# Tests say what is right, not how quick a busy machine is.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")

HERE = ("127.", "::1", "localhost")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def pytest_configure() -> None:
    """Pages name their static files without a manifest, so that nothing has to be collected before a test; and a
    test's passwords need not withstand anybody."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class NetworkBlocked(RuntimeError):
    """A test wanted to reach another machine."""


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Only this machine can be reached from tests: unix sockets and the loopback addresses."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            original = getattr(socket.socket, name)

            def guarded(self: socket.socket, address: Any, /, original: Any = original) -> Any:
                if self.family != socket.AF_UNIX and not str(address[0]).startswith(HERE):
                    raise NetworkBlocked(f"tests may not connect to {address[0]}")
                return original(self, address)

            patch.setattr(socket.socket, name, guarded)

        resolve = socket.getaddrinfo

        def local_only(host: Any, *args: Any, **kwargs: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else host
            if name and not name.startswith(HERE) and name != "0.0.0.0":
                raise NetworkBlocked(f"tests may not look up {name}")
            return resolve(host, *args, **kwargs)

        patch.setattr(socket, "getaddrinfo", local_only)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Test databases on a server of our own go with it: dropping them could only fail, on a connection that a
    browser's last request left open."""
    return django_db_keepdb or "newsdesk-test-" in os.environ["DATABASE_URL"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one, else the one that Playwright installed."""
    args = [*browser_type_launch_args.get("args", []), *QUIET]
    if os.geteuid() == 0:
        args.append("--no-sandbox")  # Chromium refuses to sandbox root
    found = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
    return {**browser_type_launch_args, "args": args, **({"executable_path": found} if found else {})}
