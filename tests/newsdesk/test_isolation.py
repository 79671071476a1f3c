"""What the tests themselves stand on: a server that is gone afterwards, a browser, and no other machine."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NetworkBlocked

ROOT = Path(__file__).parents[2]


def test_tests_reach_no_other_machine() -> None:
    with pytest.raises(NetworkBlocked), socket.socket() as outward:
        outward.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkBlocked):
        socket.create_connection(("news.example", 80))


def test_tests_reach_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.mark.browser
def test_a_real_browser_sees_this_machine_and_no_other(page: Any, live_server: Any) -> None:
    page.goto(f"{live_server.url}/livez")
    assert page.inner_text("body").strip() == "ok"
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://news.example/")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_server(tmp_path: Path, number: signal.Signals) -> None:
    test = tmp_path / "test_waiting.py"
    test.write_text(
        "import os, time\ndef test_waiting():\n    print(os.environ['DATABASE_URL'], flush=True)\n    time.sleep(60)"
    )
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-s", "-p", "no:cacheprovider", "-c", ROOT / "pyproject.toml", test],
        cwd=ROOT,
        env={
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "PYTEST_XDIST_WORKER"}
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A shell that starts a run in the background has it ignore the key that interrupts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    assert run.stdout
    said, deadline = "", time.monotonic() + 60
    while not (found := re.search(r"host=%2F(\S*?newsdesk-test-\w+)", said)):
        assert time.monotonic() < deadline, said
        said += run.stdout.readline()
    folder = Path("/" + found[1].replace("%2F", "/"))
    assert folder.exists()
    run.send_signal(number)
    run.communicate(timeout=60)
    assert not folder.exists()
