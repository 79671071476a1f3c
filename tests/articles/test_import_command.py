"""`manage.py import_articles`: what it prints, what it stores, and its exit code."""

import gzip
import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from articles.bulk.matching import ChunkHoldings
from articles.models import Article, Import, ImportSource, Outlet, Story, Version
from tests.factories import OutletFactory, StoryFactory

pytestmark = pytest.mark.django_db

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"

PASTED = """\
Minister asks council to think of its neighbours

Sam Sample at a lectern
(Image credit: Example Pictures)

The minister asked the council yesterday to think of its neighbours before it decides.

"There is certainly a possibility of delay," she told members. 📡 Nobody objected.

Dana Mockridge
Local Government Editor

Dana Mockridge has covered councils for ten years and has previously written for two other papers.
"""
ROWS = """\
external_id,headline,outlet,url,published_at,body
1,Council meets,The Harbour Post,https://harbour.example/1,2019-05-08T10:00:00+01:00,It met.
2,Council decides,The Harbour Post,https://harbour.example/2,2019-05-09 10:00,It decided.
3,,The Harbour Post,https://harbour.example/3,not a date,
"""
PAGE = """<!doctype html><html lang="en"><head><title>Bridge opens | Hill Post</title>
<meta property="og:site_name" content="Hill Post"><meta property="og:title" content="Bridge opens">
<link rel="canonical" href="https://hill.example/bridge">
<meta property="article:published_time" content="2019-05-08T12:00:00+02:00"></head><body><article><h1>Bridge opens</h1>
<p>The bridge over the river opened on Wednesday after four years of work, and the mayor walked across it first.</p>
<p>It cost more than was planned, the mayor said, but it will stand for a hundred years if it is looked after.</p>
</article></body></html>"""

type Run = Callable[..., tuple[str, int]]


@pytest.fixture
def run() -> Run:
    def run(*args: str | Path) -> tuple[str, int]:
        """What the command prints, and its exit code."""
        out = StringIO()
        try:
            call_command("import_articles", *map(str, args), stdout=out)
        except CommandError as error:
            return out.getvalue() + str(error), error.returncode
        return out.getvalue(), 0

    return run


@pytest.fixture
def pasted(tmp_path: Path) -> Path:
    path = tmp_path / "pasted.txt"
    path.write_text(PASTED, encoding="utf-8")
    return path


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_a_pasted_article_comes_in_field_by_field_and_undated(run: Run, pasted: Path) -> None:
    told, code = run(pasted, "--story", "neighbours")
    article = Article.objects.get()
    assert code == 0
    assert f"new      {pasted}: Minister asks council" in told
    assert "undated" in told
    assert "1 read = 1 new + 0 changed + 0 same + 0 refused" in told
    assert (article.byline, article.image_credit) == ("Dana Mockridge", "Example Pictures")
    assert article.image_caption == "Sam Sample at a lectern"
    assert "has covered councils" in article.author_bio
    assert article.text == "\n\n".join(PASTED.split("\n\n")[2:4])
    assert article.published_at is None


def test_an_article_without_an_outlet_comes_in_and_says_what_to_do(run: Run, pasted: Path) -> None:
    told, code = run(pasted)
    assert code == 0
    assert "Outlet not stated" in told
    assert "--outlet NAME" in told
    told, code = run(pasted, "--outlet", "The Hill Post")
    assert "changed" in told
    assert Article.objects.get().outlet.name == "The Hill Post"


def test_an_unknown_story_is_made_as_a_draft_and_told_of(run: Run, pasted: Path) -> None:
    told, _ = run(pasted, "--story", "huawei-and-5g")
    story = Story.objects.get()
    assert (story.slug, story.title, story.status) == ("huawei-and-5g", "Huawei and 5g", "draft")
    assert "“Huawei and 5g” (huawei-and-5g) is new: a draft" in told
    assert story.articles.get() == Article.objects.get()
    told, _ = run(pasted, "--story", "huawei-and-5g")
    assert "is new" not in told


def test_rows_come_in_or_are_refused_with_their_place_and_reason(run: Run, rows: Path) -> None:
    told, code = run(rows)
    assert code == 1
    assert "3 read = 2 new + 0 changed + 0 same + 1 refused" in told
    assert "1 of 3 refused." in told
    [refused] = [line for line in told.splitlines() if line.startswith("refused")]
    assert "row 3" in refused
    assert "line 4" in refused
    assert Article.objects.get(external_id="2").published_at is None


def test_a_time_zone_dates_what_comes_without_one(run: Run, rows: Path) -> None:
    run(rows, "--time-zone", "Asia/Tokyo")
    article = Article.objects.get(external_id="2")
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2019-05-09T01:00:00+00:00"
    assert article.outlet.time_zone == "Asia/Tokyo"


def test_importing_again_changes_nothing(run: Run, rows: Path, pasted: Path) -> None:
    run(rows, pasted)
    before = list(Article.objects.order_by("id").values())
    told, _ = run(rows, pasted)
    assert "4 read = 0 new + 0 changed + 3 same + 1 refused" in told
    assert list(Article.objects.order_by("id").values()) == before


def test_what_a_source_changed_is_told_with_its_version(run: Run, rows: Path) -> None:
    run(rows)
    rows.write_text(ROWS.replace("It met.", "It met at last."), encoding="utf-8")
    told, _ = run(rows)
    assert "; text; version 2" in told
    assert Article.objects.get(external_id="1").text == "It met at last."


def test_a_dry_run_tells_the_same_and_writes_nothing(run: Run, rows: Path, pasted: Path) -> None:
    dry, dry_code = run(rows, pasted, "--story", "rows", "--outlet", "Given", "--dry-run")
    for model in (Article, Version, Outlet, Story):
        assert not model.objects.exists()
    told, code = run(rows, pasted, "--story", "rows", "--outlet", "Given")
    assert "nothing was written" in dry
    assert [line for line in dry.splitlines() if "dry run" not in line] == told.splitlines()
    assert dry_code == code == 1


def test_a_folder_is_read_with_all_that_it_holds(run: Run, tmp_path: Path, rows: Path, pasted: Path) -> None:
    inner = tmp_path / "pages" / "2019"
    inner.mkdir(parents=True)
    (inner / "bridge.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / ".hidden.txt").write_text("No", encoding="utf-8")
    told, _ = run(tmp_path)
    assert "5 read = 4 new + 0 changed + 0 same + 1 refused" in told
    bridge = Article.objects.get(url="https://hill.example/bridge")
    assert (bridge.headline, bridge.outlet.name) == ("Bridge opens", "Hill Post")
    assert bridge.published_at is not None
    assert bridge.published_at.isoformat() == "2019-05-08T10:00:00+00:00"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 100])
def test_a_file_that_is_no_article_is_refused_and_the_others_come_in(
    run: Run, tmp_path: Path, pasted: Path, content: bytes
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(content)
    told, code = run(bad, pasted)
    assert code == 1
    assert f"refused  {bad}: " in told
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["{file}", "--story", "no slug!"], "is no slug"),
        (["{file}", "--time-zone", "Mars/Olympus"], "is no time zone"),
        (["{folder}/nothing-here.txt"], "There is no "),
        (["{folder}/empty"], "no file to import"),
    ],
)
def test_a_wrong_call_is_told_and_writes_nothing(
    run: Run, tmp_path: Path, pasted: Path, arguments: list[str], reason: str
) -> None:
    (tmp_path / "empty").mkdir()
    told, code = run(*(argument.format(file=pasted, folder=tmp_path) for argument in arguments))
    assert code == 2
    assert reason in told
    assert not Article.objects.exists()
    assert not Story.objects.exists()


@pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the seed article lies beside the checkout, in ../shared/seeds"
)
def test_the_seed_article_comes_in_with_nothing_left_in_its_body(run: Run) -> None:
    [path] = SEEDS.glob("*.txt")
    blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    _told, code = run(path, "--story", "huawei")
    article = Article.objects.get()
    assert code == 0
    assert article.headline == blocks[0]
    assert (article.byline, article.image_credit) == ("Connor Jones", "Shutterstock")
    assert article.image_caption == "Mike Pompeo giving a speech"
    assert article.author_bio.endswith(blocks[-1])
    assert article.text == "\n\n".join(blocks[2:-2])
    assert article.published_at is None


def test_a_long_file_is_told_by_its_refused_and_changed_rows(
    run: Run, rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.management.commands.import_articles.LISTED", 2)
    told, code = run(rows)
    assert code == 1
    assert "refused  " in told
    assert "Council meets" not in told
    assert "3 read = 2 new + 0 changed + 0 same + 1 refused" in told


def test_all_or_nothing_writes_nothing_of_a_file_with_a_refused_row(run: Run, rows: Path) -> None:
    told, code = run(rows, "--all-or-nothing")
    assert code == 1
    assert "1 row is rejected" in told
    assert not Article.objects.exists()


def test_report_and_rejected_rows_are_written(run: Run, rows: Path, tmp_path: Path) -> None:
    report, rejected = tmp_path / "report.json", tmp_path / "rejected.csv"
    run(rows, "--apply", "--report", report, "--rejected", rejected)
    [told] = json.loads(report.read_text())["files"]
    assert (told["read"], told["new"], told["rejected"], told["applied"]) == (3, 2, 1, 2)
    assert "row 3" in told["rejections"][0]["where"]
    assert "https://harbour.example/3" in rejected.read_text()


def test_apply_and_dry_run_exclude_each_other(run: Run, rows: Path) -> None:
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("import_articles", str(rows), "--apply", "--dry-run")


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def call(*args: str | Path, stderr: StringIO) -> int:
    try:
        call_command("import_articles", *map(str, args), stdout=StringIO(), stderr=stderr)
    except CommandError as error:
        return error.returncode
    return 0


@pytest.mark.parametrize("policy", [[], ["--all-or-nothing"]])
def test_a_terminal_shows_how_far_it_is_and_is_left_clean(
    rows: Path, monkeypatch: pytest.MonkeyPatch, policy: list[str]
) -> None:
    monkeypatch.setattr("articles.bulk.staging.CHUNK_ROWS", 1)
    monkeypatch.setattr("articles.bulk.applying.CHUNK_ROWS", 1)
    rows.write_text("\n".join(ROWS.splitlines()[:3]), encoding="utf-8")
    shown = Terminal()
    assert call(rows, *policy, stderr=shown) == 0
    lines = shown.getvalue().split("\r\x1b[K")
    told = [re.sub(r" rows, .*", " rows", line) for line in lines]
    half, whole = "[██████████··········]", "[████████████████████]"
    assert [line for line in told if "writing" in line] == [
        f" 50% {half} writing rows.csv: 1 rows",
        f"100% {whole} writing rows.csv: 2 rows",
    ]
    assert any("reading rows.csv: 1 rows" in line for line in told)
    assert (lines[0], lines[-1]) == ("", "")
    assert max(map(len, lines)) < 80


def test_nothing_is_shown_where_nobody_looks(rows: Path) -> None:
    for options, shown in (([], StringIO()), (["--verbosity", "0"], Terminal())):
        call(rows, *options, stderr=shown)
        assert shown.getvalue() == ""


def test_a_file_is_read_as_its_source_says(run: Run, rows: Path) -> None:
    story, other = StoryFactory(slug="one"), OutletFactory()
    source = ImportSource.objects.create(
        name="Archive",
        mapping={"headline": "", "body": "headline", "outlet": "body"},
        outlet=other,
        language="en",
    )
    source.stories.add(story)
    run(rows, "--source", "Archive", "--language", "de", "--story", "two")
    batch = Import.objects.get()
    assert (batch.source, batch.mapping, batch.language) == (source, source.mapping, "de")
    article = Article.objects.get(external_id="1")
    assert (article.headline, article.text, article.outlet) == ("It met.", "The Harbour Post", other)
    assert set(article.stories.values_list("slug", flat=True)) == {"one", "two"}


def test_an_unknown_source_is_a_wrong_call(run: Run, rows: Path) -> None:
    ImportSource.objects.create(name="Archive")
    told, code = run(rows, "--source", "Archives", "--story", "new")
    assert code == 2
    assert "no import source “Archives”. There are “Archive”." in told
    assert not Story.objects.exists()


def test_a_report_that_can_not_be_written_stops_it_before_it_begins(
    run: Run, rows: Path, tmp_path: Path
) -> None:
    told, code = run(rows, "--report", tmp_path / "no" / "report.json")
    assert code == 2
    assert "can’t be written" in told
    assert not Import.objects.exists()


@pytest.mark.parametrize("stage", ["staging", "applying"])
def test_ctrl_c_leaves_the_import_cancelled(
    run: Run, rows: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setattr(f"articles.bulk.{stage}.CHUNK_ROWS", 1)
    chunk, number = f"articles.bulk.{stage}.ChunkHoldings.gather", 0
    real = ChunkHoldings.gather

    def gather(*args: Any, **more: Any) -> None:
        nonlocal number
        number += 1
        if number == 2:
            raise KeyboardInterrupt
        real(*args, **more)

    monkeypatch.setattr(chunk, gather)
    if stage == "applying":
        monkeypatch.setattr("articles.bulk.staging.CHUNK_ROWS", 500)
        number = -1
    told, code = run(rows)
    batch = Import.objects.get()
    assert code == 130
    assert batch.stage == Import.Stage.CANCELLED
    assert (batch.rows_read, batch.rows_applied) == ((1, 0) if stage == "staging" else (3, 1))
    assert f"{batch.rows_read} rows are read, {batch.rows_applied} articles written" in told
    assert Article.objects.count() == batch.rows_applied


def test_ctrl_c_in_a_dry_run_leaves_nothing(run: Run, rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gather(*args: Any, **more: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ChunkHoldings, "gather", gather)
    told, code = run(rows, "--dry-run")
    assert (code, "nothing was written" in told) == (130, True)
    assert not Import.objects.exists()


def test_what_only_applying_refuses_is_no_success_of_all_or_nothing(
    run: Run, rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.write_text("\n".join(ROWS.splitlines()[:3]), encoding="utf-8")

    def refuse(*_: Any, **__: Any) -> None:
        raise ValidationError("Somebody has it already.")

    monkeypatch.setattr("articles.bulk.applying._Chunk._take_in", refuse)
    told, code = run(rows, "--all-or-nothing")
    assert code == 1
    assert "Somebody has it already." in told
    assert "nothing, or not all, was written: 1." in told


def test_wire_files_of_a_folder_are_taken(run: Run, tmp_path: Path) -> None:
    for name in ("a.tst", "b.text", "c.rdf", "d.nitf", "e.ninjs", "f.xhtml"):
        (tmp_path / name).write_bytes(b"\x00")
    told, _ = run(tmp_path)
    assert "6 read" in told
