"""How fast a bulk import is, beside a bare COPY of the same rows into the same tables in the same run.

    python -m tests.benchmarks.bench_import SOURCE.csv [--rows 100000]

The source's rows are repeated, each time with words, identifiers and days of their own, into a file of that many
rows. It goes from the admin's upload form to the report through a real web server and a real worker process;
PostgreSQL is one of our own, in a temporary folder. Beside it, one connection copies the same articles and versions
into the real tables, emptied again, with their search vector, history and indexes: what the database alone takes.
Rows per second, ratios, peak memory, what the preview takes, and whether readers notice.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from newsdesk import database
from tests.benchmarks.web import Reader, Site, administrator

ROOT = Path(__file__).parents[2]
GOAL = 1.5
MEMORY_GOAL = 200

IMPORTS = "/admin/articles/import/"
READ = "/search/"
"""What a reader asks for meanwhile."""

PREVIEWS = {
    "its first page": "",
    "its last rows": "?show=new&from={late}",
}
NAME, PASSWORD = "bench", "only for this measurement"


def grown(source: Path, rows: int, target: Path) -> None:
    """Write `rows` rows made of the source's, none the same as another."""
    csv.field_size_limit(sys.maxsize)
    with source.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        names = list(table.fieldnames or ())
        originals = list(table)
    with target.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, names)
        out.writeheader()
        for number in range(rows):
            turn, place = divmod(number, len(originals))
            row = dict(originals[place])
            if turn:
                row["external_id"] += f"-{turn}"
                row["headline"] = f"{row['headline']} ({turn})"
                row["body"] = f"{row['body']}\n\nItem {number} of edition {turn}."
                row["published_at"] = f"{1987 + turn % 30}{row['published_at'][4:]}".replace(
                    "-02-29", "-02-28"
                )
            out.writerow(row)


def copied(url: str, batch: int) -> tuple[float, float]:
    """Seconds that a bare COPY of the import's articles with their versions takes, and of its staged rows."""
    with psycopg.connect(url) as connection:
        held: dict[str, bytes] = {}
        tables = {
            "articles_version": "SELECT * FROM articles_version ORDER BY id",
            "articles_article": "SELECT {columns} FROM articles_article ORDER BY id",
            "articles_importrow": f"SELECT * FROM articles_importrow WHERE batch_id = {batch} ORDER BY number",
        }
        columns = ", ".join(
            f'"{name}"'
            for (name,) in connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'articles_article'"
                " AND column_name <> 'search' ORDER BY ordinal_position"
            )
        )
        for table, query in tables.items():
            with connection.cursor().copy(f"COPY ({query.format(columns=columns)}) TO STDOUT") as out:
                held[table] = b"".join(bytes(part) for part in out)
        connection.execute(
            "TRUNCATE articles_article, articles_version, articles_articleevent, articles_importrow CASCADE"
        )
        connection.commit()
        started = time.perf_counter()
        with connection.cursor() as cursor:
            with cursor.copy("COPY articles_version FROM STDIN") as copy:
                copy.write(held["articles_version"])
            with cursor.copy(f"COPY articles_article ({columns}) FROM STDIN") as copy:
                copy.write(held["articles_article"])
        connection.commit()
        articles = time.perf_counter() - started
        started = time.perf_counter()
        with connection.cursor().copy("COPY articles_importrow FROM STDIN") as copy:
            copy.write(held["articles_importrow"])
        connection.commit()
        return articles, time.perf_counter() - started


class Bench:
    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.environment = {
            **os.environ,
            "DATABASE_URL": url,
            "SECRET_KEY": "only for this measurement",
            "MEDIA_ROOT": str(folder / "media"),
            "IMPORT_TIME_ZONE": "America/New_York",
            "LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT),
            "PEAK_FILE": str(folder / "peak"),
        }
        self.peak = folder / "peak"

    def run(self, *command: str) -> tuple[str, float, float]:
        """What a process prints, the seconds it takes, and the most memory it had, in MB."""
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        out = process.stdout.read()
        if process.wait():
            raise SystemExit(f"{command} failed")
        peak = int(self.peak.read_text(encoding="ascii")) / 1024 if self.peak.exists() else 0.0
        return out.strip(), time.perf_counter() - started, peak

    def drive(self, *arguments: str) -> tuple[str, float, float]:
        return self.run(str(ROOT / "tests/articles/bulk/driver.py"), *arguments)

    def seconds(self, batch: str) -> tuple[float, float, int]:
        with psycopg.connect(self.url) as connection:
            row = connection.execute(
                "SELECT seconds_reading, seconds_applying, rows_new FROM articles_import WHERE id = %s",
                [batch],
            ).fetchone()
        assert row is not None
        return row


def lines(bench: Bench, path: Path, rows: int) -> Iterator[str]:
    administrator(bench.environment, NAME, PASSWORD)
    with Site(bench.environment) as site:
        site.log_in(NAME, PASSWORD)
        rested = site.megabytes()
        yield from through_the_admin(bench, site, path, rows)
        yield f"web       {site.megabytes():.0f} MB of memory at its peak, {rested:.0f} MB before the upload"


def through_the_admin(bench: Bench, site: Site, path: Path, rows: int) -> Iterator[str]:
    """Upload, preview and order as an administrator does in a browser; a worker's process does the rest."""
    public = site.typically(READ)
    site.tokens(site.ask("GET", f"{IMPORTS}add/"))
    files: list[tuple[str, str | tuple[str, bytes]]] = [("file", (path.name, path.read_bytes()))]
    uploaded = site.ask("POST", f"{IMPORTS}add/", [*files, ("time_zone", "America/New_York")])
    if uploaded.status != 302:
        raise SystemExit(f"The upload was answered with {uploaded.status}.")
    here = uploaded.location
    batch = here.rstrip("/").split("/")[-2]
    yield (
        f"upload    {path.stat().st_size / 1e6:7.1f} MB in {uploaded.seconds:6.2f} s, through the admin’s form"
    )

    with Reader(site, READ) as while_reading:
        _, read_for, read_memory = bench.drive("work")
    for what, query in PREVIEWS.items():
        page = site.typically(f"{here}{query.format(late=rows - 30)}")
        verdict = "within" if page.seconds < 0.2 and len(page.body) < 100_000 else "MISSES"
        yield (
            f"preview   {1000 * page.seconds:6.0f} ms, {len(page.body) / 1000:5.1f} kB  {what} (status "
            f"{page.status}); {verdict} the goal of 200 ms and 100 kB"
        )
    ordered = site.ask("POST", here.replace("change/", "application/"), [("policy", "all-but-rejected")])
    if ordered.status != 302:
        raise SystemExit(f"Applying was answered with {ordered.status}.")
    with Reader(site, READ) as while_applying:
        _, applied_for, applied_memory = bench.drive("work")
    reading, applying, new = bench.seconds(batch)
    again, _, _ = bench.drive("upload", str(path))
    bench.drive("work")
    reading_again, _, new_again = bench.seconds(again)
    bare, bare_rows = copied(bench.url, int(batch))
    yield f"bare COPY {rows / bare:7.0f} rows/s, {bare:6.1f} s  (articles, versions, search vector, history, indexes)"
    yield f"          {rows / bare_rows:7.0f} rows/s, {bare_rows:6.1f} s  (staged rows)"
    for name, seconds, whole, memory in (
        ("reading", reading, read_for, read_memory),
        ("applying", applying, applied_for, applied_memory),
    ):
        verdict = "within" if seconds <= GOAL * bare and memory < MEMORY_GOAL else "MISSES"
        yield (
            f"{name:9} {rows / seconds:7.0f} rows/s, {seconds:6.1f} s  {seconds / bare:4.2f} × the bare COPY, "
            f"{memory:4.0f} MB; {verdict} the goal of {GOAL} × and {MEMORY_GOAL} MB ({whole:.1f} s with its start)"
        )
    yield f"again     {rows / reading_again:7.0f} rows/s, {reading_again:6.1f} s  to find all of them the same"
    yield f"{new} articles; the same file again: {new_again} new"
    yield (
        f"readers   {1000 * public.seconds:.0f} ms for {READ} before, {1000 * while_reading.median:.0f} ms while the "
        f"file is read, {1000 * while_applying.median:.0f} ms while it is applied (half were as fast)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, database.ephemeral() as cluster:
        path = Path(folder) / "grown.csv"
        grown(wanted.source, wanted.rows, path)
        bench = Bench(cluster.url(), Path(folder))
        bench.run("manage.py", "migrate", "--verbosity=0")
        for line in lines(bench, path, wanted.rows):
            print(line, flush=True)


if __name__ == "__main__":
    main()
