"""`make demo`: everything comes up, everything goes down, and the data stays."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsdesk import database, demo
from newsdesk.database import Cluster
from tests.newsdesk.test_database import public_folder

WITHIN = 120.0  # seconds for the whole program to come up on a busy machine


@pytest.fixture
def data() -> Iterator[Path]:
    with public_folder() as folder:
        yield folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((demo.HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def demo_process(data: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SECRET_KEY"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "newsdesk.demo"],
        cwd=database.CHECKOUT,
        env={**kept, "NEWSDESK_DATA": str(data), "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stdout
    said = ""
    deadline = time.monotonic() + WITHIN
    while words not in said:
        assert time.monotonic() < deadline, said
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def descendants(pid: int) -> set[int]:
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parent = {int(child): int(of) for child, of in (line.split() for line in table.splitlines())}
    found = {pid}
    while more := {child for child, of in parent.items() if of in found} - found:
        found |= more
    return found - {pid}


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        text: str = answer.read().decode()
        return text


def test_the_demo_serves_the_sample_story_stops_completely_and_keeps_its_data(data: Path) -> None:
    port = free_port()
    cluster = Cluster(data / "postgres")
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        with demo_process(data, port) as process:
            said = read_until(process, "Ctrl-C stops it")
            assert f"http://127.0.0.1:{port}/" in said
            assert "editor" in said
            assert "Huawei" in fetch(f"http://127.0.0.1:{port}/")
            children = descendants(process.pid)
            process.send_signal(signal_number)
            rest, _ = process.communicate(timeout=60)
        assert process.returncode == 0, rest
        assert rest.rstrip().endswith("Stopped.")
        assert not cluster.running()
        assert len(children) >= 2
        assert not [pid for pid in children if database._alive(pid)]
    assert "here already" in said


def test_a_child_that_dies_ends_the_demo() -> None:
    running = demo.Demo(free_port())
    other = running._start("The worker", "sleep", "300")
    web = running._start("The web server", "/bin/sh", "-c", "exit 3")
    web.process.wait()
    with pytest.raises(demo.DemoFailed, match=r"The web server ended by itself \(exit code 3\)"):
        running._pause()
    running.stop()
    assert other.ended


def test_a_database_that_ends_ends_the_demo(data: Path) -> None:
    with Cluster(data / "cluster", settings=database.FORGETFUL) as server:
        running = demo.Demo(free_port(), server)
        running._pause()
        server.stop()
        with pytest.raises(demo.DemoFailed, match=r"PostgreSQL ended.*postgres\.log"):
            running._pause()


def test_a_taken_port_is_said_before_anything_starts(data: Path) -> None:
    with socket.create_server((demo.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with demo_process(data, port) as process:
            said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"Port {port} is taken" in said
    assert "make demo PORT=" in said
    assert not list(data.iterdir())


def test_a_database_of_ones_own_is_left_alone_unless_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/newsdesk")
    with pytest.raises(demo.DemoFailed, match="FORCE=1"):
        demo.wants_other_database()
    monkeypatch.setenv("FORCE", "1")
    assert demo.wants_other_database()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "٣"])
def test_a_port_that_is_none_is_refused(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(demo.DemoFailed, match="from 1 to 65535"):
        demo.wanted_port()


def test_a_child_that_will_not_end_is_ended_with_what_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(demo, "GRACE", 0.2)
    script = "trap '' TERM; sleep 300 & echo $! > \"$0\"; wait; wait"
    child = demo.Child("stubborn", ["/bin/sh", "-c", script, str(tmp_path / "pid")])
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
        time.sleep(0.01)
    grandchild = int((tmp_path / "pid").read_text())
    child.stop()
    assert child.process.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 5
    while database._alive(grandchild) and time.monotonic() < deadline:
        stat = Path(f"/proc/{grandchild}/stat")
        if stat.exists() and ") Z " in stat.read_text():
            break  # ended, and waits for the machine's first process to notice
        time.sleep(0.01)
    else:
        assert not database._alive(grandchild)


def test_a_step_that_fails_stops_what_runs_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "MANAGE", ("/bin/sh", "-c", 'case "$0" in migrate) exit 3;; esac; sleep 300'))
    running = demo.Demo(free_port())
    with pytest.raises(demo.DemoFailed, match=r"migrating the database \(exit code 3\)"):
        running._prepare()
    (static,) = [child for child in running.children if "static" in child.name]
    assert not static.ended
    running.stop()
    assert static.ended
