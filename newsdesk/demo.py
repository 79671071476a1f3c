"""`make demo`: the whole program with its sample story, until Ctrl-C or SIGTERM.

In order: PostgreSQL, migrations, sample story, static files, web server and worker; stopped in reverse. Each
child leads a process group of its own, so that Ctrl-C reaches only us and nothing of a child outlives it. If
the web server or the worker ends by itself, all is stopped and the exit code is 1.

PORT chooses another port than 8000. With DATABASE_URL set, that server is used and no other is started, but
only if FORCE=1 says that made-up articles may go there.
"""

import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import IO

from newsdesk import database

HOST = "127.0.0.1"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MANAGE = (sys.executable, "manage.py")
READY_WITHIN = 60.0  # seconds for the web server's first answer
GRACE = 15.0  # seconds for a child to end when asked to


class DemoFailed(Exception):
    """The demo cannot go on; the message says what to do."""


class Stopped(Exception):
    """Somebody wants the demo to stop."""


class Child:
    """A process of the demo with all its descendants."""

    def __init__(self, name: str, command: Sequence[str], printed: IO[str] | int | None = None) -> None:
        """`printed` gets what the process prints, if that is not for the terminal; errors always are."""
        self.name = name
        self.process = subprocess.Popen(
            command,
            cwd=database.CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            start_new_session=True,
        )

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def stop(self) -> None:
        """Ask the process to end, insist after a while, and end what it left behind."""
        if not self.ended:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE)
        with suppress(ProcessLookupError, PermissionError):  # macOS says so of a group of zombies
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Demo:
    """The children, in the order in which they started, over a server that is not theirs to stop."""

    def __init__(self, port: int, server: database.Cluster | None = None) -> None:
        self.port = port
        self.server = server
        self.address = f"http://{HOST}:{port}/"
        self.log_in = ""
        self.children: list[Child] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        """Prepare, serve until told to stop, and stop. Raises DemoFailed."""
        for number in SIGNALS:
            signal.signal(number, self._on_signal)
        try:
            self._prepare()
            self._serve()
        except Stopped:
            pass
        finally:
            self.stop()

    def stop(self) -> None:
        for child in reversed(self.children):
            child.stop()
        self.children.clear()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _prepare(self) -> None:
        say("Bringing the database up to date, collecting static files")
        static = self._start(
            "collecting static files", *MANAGE, "collectstatic", "--no-input", "--verbosity=0"
        )
        self._finish(self._start("migrating the database", *MANAGE, "migrate", "--no-input", "--verbosity=0"))
        say("Loading the sample story")
        with tempfile.TemporaryFile("w+") as printed:
            force = () if self.server else ("--force",)
            story = self._start("loading the sample story", *MANAGE, "load_sample", *force, printed=printed)
            self._finish(story)
            printed.seek(0)
            self.log_in = printed.read().strip()
        self._finish(static)

    def _serve(self) -> None:
        say("Starting the web server and the worker")
        self._start("The worker", *MANAGE, "procrastinate", "worker", printed=subprocess.DEVNULL)
        web = (
            "--interface=wsgi",
            f"--host={HOST}",
            f"--port={self.port}",
            "--workers=1",
            "--blocking-threads=4",
        )
        application = ("--log-level=error", "newsdesk.wsgi:application")
        self._start("The web server", sys.executable, "-m", "granian", *web, *application)
        self._await_web()
        say(f"\nNewsdesk runs at {self.address}\n{self.log_in}\nCtrl-C stops it.\n")
        while True:
            self._pause()

    def _await_web(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not answers(f"{self.address}livez"):
            if time.monotonic() > deadline:
                raise DemoFailed(f"The web server did not answer within {READY_WITHIN:.0f} seconds.")
            self._pause()

    def _start(self, name: str, *command: str, printed: IO[str] | int | None = None) -> Child:
        if self.stopping.is_set():
            raise Stopped
        child = Child(name, command, printed)
        self.children.append(child)
        return child

    def _finish(self, child: Child) -> None:
        """Wait for a step of the preparation."""
        while not child.ended:
            if self.stopping.wait(0.02):
                raise Stopped
        if code := child.process.returncode:
            raise DemoFailed(f"Failed while {child.name} (exit code {code}); what it said is above.")
        self.children.remove(child)

    def _pause(self) -> None:
        """A moment in which everything goes on; raises when it does not."""
        if self.stopping.wait(0.2):
            raise Stopped
        for child in self.children:
            if child.ended:
                raise DemoFailed(
                    f"{child.name} ended by itself (exit code {child.process.returncode}), so everything was "
                    "stopped; what it said is above."
                )
        if self.server and not self.server.alive():
            raise DemoFailed(f"PostgreSQL ended, so everything was stopped; its log is {self.server.log}.")


def answers(url: str) -> bool:
    """Whether a web server answers, with whatever status."""
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False


def wanted_port() -> int:
    """PORT, if it is free. Raises DemoFailed."""
    given = os.environ.get("PORT") or "8000"
    if not (given.isascii() and given.isdecimal()) or not 0 < int(given) < 65536:
        raise DemoFailed(f"PORT is {given!r}, and should be a number from 1 to 65535.")
    port = int(given)
    other = "Choose another one: make demo PORT=8001"
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise DemoFailed(
                f"Port {port} is taken: another program, or another demo, listens there. {other}"
            )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
            raise DemoFailed(f"Port {port} {reason}. {other}") from error
    return port


def wants_other_database() -> bool:
    """Whether DATABASE_URL is to be used. Raises DemoFailed if nobody said that the demo may write there."""
    named = bool(os.environ.get("DATABASE_URL"))
    if named and os.environ.get("FORCE") != "1":
        raise DemoFailed(
            "DATABASE_URL names a database of your own, and the demo would put made-up articles and two accounts "
            "into it. If you want that: make demo FORCE=1"
        )
    return named


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    port = wanted_port()
    server = None if wants_other_database() else database.development()
    demo = Demo(port, server)
    os.environ.setdefault("SITE_URL", demo.address)
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)
    try:
        if server:
            say(f"Starting PostgreSQL (data in {server.folder})")
            server.start()
        demo.run()
    finally:
        if server and not server.leave() and server.running():
            say("PostgreSQL goes on for another command that uses it, and stops with that one.")
    say("Stopped.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        say("Stopped.")
    except (DemoFailed, database.DatabaseError) as failure:
        sys.exit(f"make demo: {failure}")
