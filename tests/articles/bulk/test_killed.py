"""An import whose worker, and whose PostgreSQL, are killed again and again comes in all the same: every row once.

KILL_ROWS, KILLS and SERVER_KILLS make it longer: `make test-killed` does.
"""

import csv
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from newsdesk import database
from newsdesk.database import Cluster

ROOT = Path(__file__).parents[3]
ROWS = int(os.environ.get("KILL_ROWS", "3000"))
KILLS = int(os.environ.get("KILLS", "6"))
SERVER_KILLS = int(os.environ.get("SERVER_KILLS", "1"))
REPEATED, BROKEN = 40, 25
"""Every so manieth row is a row again that was there already; or can't be read."""


class Newsroom:
    """A server, a folder of files, and processes that work on them and are killed."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster = cluster
        self.environment = {
            **os.environ,
            "DATABASE_URL": cluster.url(),
            "SECRET_KEY": "only for tests",
            "MEDIA_ROOT": str(folder / "media"),
            "CHUNK_ROWS": str(max(50, ROWS // 40)),
            "LOG_LEVEL": "CRITICAL",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *command: str) -> str:
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        ).stdout.strip()

    def drive(self, *arguments: str) -> str:
        return self.run(str(Path(__file__).with_name("driver.py")), *arguments)

    def worker(self) -> "subprocess.Popen[bytes]":
        driver = str(Path(__file__).with_name("driver.py"))
        return subprocess.Popen(
            [sys.executable, driver, "work"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, query: str) -> tuple[object, ...]:
        with psycopg.connect(self.cluster.url()) as connection:
            row = connection.execute(query).fetchone()
        assert row is not None
        return row

    def kill_server(self) -> None:
        """SIGKILL to PostgreSQL's first process; its children notice and go."""
        pid = self.cluster._pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                break
            time.sleep(0.05)
        self.cluster.start()


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with database.ephemeral() as cluster:
        newsroom = Newsroom(cluster, tmp_path_factory.mktemp("newsroom"))
        newsroom.run("manage.py", "migrate", "--verbosity=0")
        yield newsroom


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("files") / "archive.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["external_id", "headline", "outlet", "published_at", "body"])
        for number in range(1, ROWS + 1):
            told = number - 7 if number % REPEATED == 0 else number
            body = (
                ""
                if number % BROKEN == 1
                else f"The council met. Its meeting {told} was about case {told * 7}."
            )
            rows.writerow([f"id-{told}", f"Council meets, {told}", "The Post", "2019-05-08T10:00:00Z", body])
    return path


def expected() -> dict[str, int]:
    broken = {number for number in range(1, ROWS + 1) if number % BROKEN == 1}
    again = {number for number in range(1, ROWS + 1) if number % REPEATED == 0} - broken
    same = {number for number in again if number - 7 not in broken}
    return {"rejected": len(broken), "same": len(same), "new": ROWS - len(broken) - len(same)}


def worked_through(
    newsroom: Newsroom, marks: list[int], server_marks: list[int], chance: random.Random
) -> int:
    """Work until nothing waits, killing the worker or the server when as many rows are done; how often."""
    kills = 0
    deadline = time.monotonic() + 60 + ROWS * 0.05
    while True:
        assert time.monotonic() < deadline, "the import does not get on"
        worker = newsroom.worker()
        try:
            while worker.poll() is None:
                done = int(
                    str(
                        newsroom.ask(
                            "SELECT rows_read + applied_to FROM articles_import ORDER BY id DESC LIMIT 1"
                        )[0]
                    )
                )
                if marks and done >= marks[0]:
                    marks.pop(0)
                    time.sleep(chance.random() * 0.2)
                    worker.kill()
                    kills += 1
                elif server_marks and done >= server_marks[0]:
                    server_marks.pop(0)
                    newsroom.kill_server()
                    kills += 1
                time.sleep(0.02)
        finally:
            worker.kill()
            worker.wait()
        newsroom.ask("SELECT 1 FROM (SELECT pg_sleep(0.05)) AS slept")
        (stage,) = newsroom.ask("SELECT stage FROM articles_import ORDER BY id DESC LIMIT 1")
        if stage in ("read", "reported", "failed"):
            return kills


def test_every_row_comes_in_once_however_often_its_worker_is_killed(newsroom: Newsroom, table: Path) -> None:
    chance = random.Random(20190508)
    marks = sorted(chance.sample(range(ROWS // 40, 2 * ROWS - ROWS // 20), KILLS))
    server_marks = sorted(chance.sample(range(ROWS // 20, 2 * ROWS - ROWS // 10), SERVER_KILLS))
    batch = newsroom.drive("upload", str(table))
    kills = worked_through(newsroom, marks, server_marks, chance)
    newsroom.drive("apply", batch)
    kills += worked_through(newsroom, marks, server_marks, chance)
    assert kills == KILLS + SERVER_KILLS

    wanted = expected()
    told = newsroom.ask(
        "SELECT stage, rows_read, rows_new, rows_changed, rows_same, rows_rejected, rows_applied, applied_to"
        " FROM articles_import"
    )
    assert told == (
        "reported",
        ROWS,
        wanted["new"],
        0,
        wanted["same"],
        wanted["rejected"],
        wanted["new"],
        ROWS,
    )
    assert newsroom.ask("SELECT count(*), count(DISTINCT number), max(number) FROM articles_importrow") == (
        ROWS,
        ROWS,
        ROWS,
    )
    assert newsroom.ask("SELECT count(*), count(DISTINCT external_id) FROM articles_article") == (
        wanted["new"],
        wanted["new"],
    )
    assert newsroom.ask("SELECT count(*), max(number) FROM articles_version") == (wanted["new"], 1)
    assert newsroom.ask("SELECT count(*) FROM articles_outlet") == (1,)

    everything = (
        "SELECT (SELECT md5(string_agg(a::text, '' ORDER BY id)) FROM articles_article a),"
        " (SELECT md5(string_agg(v::text, '' ORDER BY id)) FROM articles_version v),"
        " (SELECT count(*) FROM articles_articleevent), (SELECT count(*) FROM articles_outletevent)"
    )
    before = newsroom.ask(everything)
    again = newsroom.drive("upload", str(table))
    worked_through(newsroom, [], [], chance)
    newsroom.drive("apply", again)
    worked_through(newsroom, [], [], chance)
    told = newsroom.ask(
        f"SELECT stage, rows_new, rows_changed, rows_applied FROM articles_import WHERE id = {again}"
    )
    assert told == ("reported", 0, 0, 0)
    assert newsroom.ask(everything) == before
