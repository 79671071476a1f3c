"""Whatever is uploaded, reading it ends soon, in little memory, and in articles or reasons."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.articles.bombs import BOMBS, made

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"

SECONDS, MEGABYTES = 2, 200
"""Of the processor, and of memory at the peak, for a file."""


WITHOUT_ROWS = {"17-header-only.csv", "commas.csv", "empty-lines.csv"}
"""Tables that are in order, with nothing in them."""


def costs(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.articles.reading_cost"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin and program.stdout
        for path in paths:
            program.stdin.write(f"{path}\n")
            program.stdin.flush()
            yield json.loads(program.stdout.readline())
        program.stdin.close()


def check(found: dict[str, Any]) -> None:
    assert "ended" not in found, found
    assert found["seconds"] < SECONDS, found
    assert found["megabytes"] < MEGABYTES, found
    assert found["drafts"] or found["refused"] or found["file"] in WITHOUT_ROWS, found
    for reason in found["reasons"]:
        assert reason.endswith((".", "?")), found
        assert "Traceback" not in reason, found


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_defused(kind: str, tmp_path: Path) -> None:
    def written() -> Iterator[Path]:
        for name, bomb in BOMBS[kind].items():
            path = tmp_path / name
            path.write_bytes(made(bomb))
            yield path
            path.unlink()

    for found in costs(written()):
        check(found)
        assert "root:" not in found["text"], "a file of this machine was read"


@pytest.mark.parametrize("collection", ["feeds-feedparser", "wire-formats", "hostile", "broken-imports"])
def test_every_file_of_a_collection_comes_in_or_is_refused_with_a_reason(collection: str) -> None:
    if not (DATA / collection).is_dir():
        pytest.skip(f"the collection {collection} is not on this machine")
    files = sorted(path for path in (DATA / collection).rglob("*") if path.is_file())
    assert files
    for found in costs(files):
        check(found)
