"""The site in a web server of its own, with somebody logged in who asks it for pages and uploads files."""

import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import urllib3

ROOT = Path(__file__).parents[2]
READY_WITHIN = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """A page, with the seconds that it took."""

    status: int
    body: bytes
    seconds: float
    location: str


class Site:
    """Use as a context; `environment` is what the program reads its settings from."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.environment = {**environment, "SITE_URL": f"{self.address}/"}
        self.cookies: dict[str, str] = {}
        self.pool = urllib3.PoolManager(retries=False)
        self.port = port

    def __enter__(self) -> Self:
        how = ["--interface=wsgi", "--workers=1", "--blocking-threads=4", "--log-level=error"]
        where = ["--host=127.0.0.1", f"--port={self.port}"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", *how, *where, "newsdesk.wsgi:application"],
            cwd=ROOT,
            env=self.environment,
        )
        deadline = time.monotonic() + READY_WITHIN
        while True:
            try:
                self.pool.request("GET", f"{self.address}/livez")
                return self
            except urllib3.exceptions.HTTPError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.__exit__()
                    raise SystemExit("The web server does not answer.") from None
                time.sleep(0.2)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)

    def megabytes(self) -> float:
        """The most memory that a process of the server has had, in MB."""
        return max(_peak(pid) for pid in _family(self.process.pid))

    def ask(
        self, method: str, path: str, fields: Sequence[tuple[str, str | tuple[str, bytes]]] = ()
    ) -> Answer:
        """One request, with the cookies of those before, and the form's token where something is sent."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        sent = list(fields)
        if method == "POST":
            sent.append(("csrfmiddlewaretoken", self.cookies.get("csrftoken", "")))
            headers["Referer"] = self.address
        started = time.perf_counter()
        answer = self.pool.request(
            method,
            f"{self.address}{path}",
            fields=sent if method == "POST" else None,
            headers=headers,
            redirect=False,
        )
        seconds = time.perf_counter() - started
        for cookie in answer.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, answer.data, seconds, answer.headers.get("Location", ""))

    def log_in(self, name: str, password: str) -> None:
        self.ask("GET", "/admin/login/")
        fields = [("username", name), ("password", password), ("next", "/admin/")]
        if self.ask("POST", "/admin/login/", fields).status != 302:
            raise SystemExit("Nobody could log in.")

    def tokens(self, page: Answer) -> None:
        """Take the token of a form that was loaded."""
        if found := re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body):
            self.cookies["csrftoken"] = self.cookies.get("csrftoken", found[1].decode())

    def typically(self, path: str, times: int = 20) -> Answer:
        """The answer that took as long as half of so many took at most."""
        answers = sorted((self.ask("GET", path) for _ in range(times)), key=lambda one: one.seconds)
        return answers[len(answers) // 2]


def _family(pid: int) -> list[int]:
    """A process and all that it started."""
    told = " ".join(path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return [pid, *(one for child in told.split() for one in _family(int(child)))]


def _peak(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


class Reader:
    """Somebody who reads a page again and again while something else goes on: how long each time took."""

    def __init__(self, site: Site, path: str, *, pause: float = 0.2) -> None:
        self.site, self.path, self.pause = site, path, pause
        self.seconds: list[float] = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.thread.join(30)

    def _read(self) -> None:
        pool = urllib3.PoolManager(retries=False)
        while not self.stopping.wait(self.pause):
            started = time.perf_counter()
            pool.request("GET", f"{self.site.address}{self.path}")
            self.seconds.append(time.perf_counter() - started)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds) if self.seconds else float("nan")


def administrator(environment: Mapping[str, str], name: str, password: str) -> None:
    """Make somebody who may do everything."""
    subprocess.run(
        [
            sys.executable,
            "manage.py",
            "createsuperuser",
            "--no-input",
            f"--username={name}",
            "--email=a@b.example",
        ],
        cwd=ROOT,
        env={**os.environ, **environment, "DJANGO_SUPERUSER_PASSWORD": password},
        check=True,
        stdout=subprocess.DEVNULL,
    )
