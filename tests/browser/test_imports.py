"""The whole way of a file in a browser: uploaded, its columns set, looked through, applied, mended, uploaded again.

The worker is one that runs when the test lets it, so that what is seen while it works can be looked at.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from articles import tasks
from articles.bulk import applying, staging
from articles.models import Article, Import, ImportSource
from tests.browser.conftest import Site
from tests.factories import AdministratorFactory, ArticleFactory, OutletFactory, StoryFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

HEADER = ["Überschrift", "Blatt", "Erschienen", "Netz", "Inhalt", "Ressort"]
MONDAY = (
    "The council met on Monday evening and decided nothing about the harbour.\n\n"
    "“We will not be rushed,” the chair told members."
)
TUESDAY = MONDAY.replace("Monday", "Tuesday")


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def page(request: pytest.FixtureRequest, browser: Browser, own_site: Site) -> Iterator[Page]:
    """An administrator's browser, with JavaScript and without."""
    context = browser.new_context(
        java_script_enabled=request.param,
        base_url=own_site.url,
        viewport={"width": 1280, "height": 900},
        accept_downloads=True,
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    own_site.watch(page)
    own_site.sign_in(page, AdministratorFactory(first_name="Ada", last_name="Admin"))
    page.has_scripts = request.param  # type: ignore[attr-defined]
    yield page
    context.close()


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def here(own_site: Site) -> Article:
    """An article that the file brings again, changed."""
    outlet = OutletFactory(name="The Harbour Post", domain="harbour.example", slug="harbour-post")
    return ArticleFactory(
        headline="Council meets on the harbour",
        outlet=outlet,
        url="https://harbour.example/1",
        text=MONDAY,
        byline="",
        language="",
    )


def archive(tmp_path: Path, rows: int = 40, filler: str = "") -> Path:
    """A CSV with columns of its own names: one changed article, new ones, and two that must be mended."""
    path = tmp_path / "archive.csv"
    politics = "Politik"
    lines = [
        [
            "Council meets on the harbour",
            "The Harbour Post",
            "",
            "https://harbour.example/1",
            TUESDAY,
            politics,
        ],
        *(
            [
                f"Harbour news number {number}",
                "The Harbour Post",
                f"{number % 28 + 1:02}.05.2019 10:00",
                f"https://harbour.example/{number}",
                f"What happened at the harbour on day {number}.{filler}",
                politics,
            ]
            for number in range(2, rows + 1)
        ),
        ["No text", "The Harbour Post", "", "https://harbour.example/901", "", politics],
        ["No date", "The Harbour Post", "some day", "https://harbour.example/902", "It met.", politics],
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *lines])
    return path


def work() -> None:
    """What a worker does with the jobs that wait, one after the other, to their end."""
    for job in list(ProcrastinateJob.objects.filter(status="todo").order_by("id")):
        if "import_id" in job.args:
            {
                "articles.tasks.read_import": tasks.read_import,
                "articles.tasks.apply_import": tasks.apply_import,
            }[job.task_name](**job.args)
            ProcrastinateJob.objects.filter(pk=job.pk)._raw_delete("default")


def look_again(page: Page) -> None:
    """With scripts the page looks by itself; without, a link does it."""
    if not page.has_scripts:  # type: ignore[attr-defined]
        page.get_by_role("link", name="Look again").click()


def upload(page: Page, path: Path) -> None:
    page.goto("/admin/articles/import/")
    page.get_by_role("link", name="Bring files in").first.click()
    page.get_by_label("Files:").set_input_files(path)
    page.get_by_role("button", name="Upload and read").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(path.name)


def set_columns(page: Page) -> None:
    """“Überschrift” and the others are what no table of names could know."""
    for column, field in zip(
        HEADER, ["Headline", "Outlet", "Date of publication", "Address", "Text"], strict=False
    ):
        page.get_by_label(column, exact=True).select_option(label=field)
    page.get_by_label("Time zone").fill("Europe/London")
    page.get_by_role("button", name="Read again").click()


def test_a_file_goes_the_whole_way_and_what_was_rejected_is_mended(
    page: Page, here: Article, tmp_path: Path
) -> None:
    upload(page, archive(tmp_path))
    expect(page.get_by_text("Waiting to be read").first).to_be_visible()
    expect(page.get_by_text("No worker is running")).to_be_visible()
    work()
    look_again(page)

    # No column goes by a name that is known: they are set by hand, with samples of what stands in them.
    expect(page.get_by_text("There is no column for the headline")).to_be_visible()
    expect(page.get_by_role("row", name="Überschrift")).to_contain_text("Harbour news number 2")
    set_columns(page)
    expect(page.get_by_text("Waiting to be read").first).to_be_visible()
    work()
    look_again(page)

    # The preview: nothing is written yet.
    expect(page.get_by_text("Ready to apply, 2 rejected").first).to_be_visible()
    balance = re.compile(r"read\s*42\s*new\s*39\s*changed\s*1\s*the same\s*0\s*rejected\s*2")
    expect(page.locator(".import-tally")).to_contain_text(balance)
    assert Article.objects.count() == 1
    page.get_by_role("link", name="Changed 1").click()
    row = page.get_by_role("listitem").filter(has_text="Council meets on the harbour").first
    expect(row.locator("del")).to_have_text("Monday")
    expect(row.locator("ins")).to_have_text("Tuesday")
    page.get_by_role("link", name="Rejected 2").click()
    expect(page.get_by_text("Publication date: “some day” is not a date").first).to_be_visible()
    expect(page.get_by_text("row 41 (line ")).to_be_visible()
    page.get_by_role("link", name="New 39").click()
    expect(page.get_by_text("Harbour news number 26")).to_be_visible()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Harbour news number 40")).to_be_visible()

    # How it was read is kept as a source.
    page.get_by_text("Keep this way of reading").click()
    page.get_by_label("Name of the source").fill("Hafenarchiv")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Files of “Hafenarchiv” are read like this one from now on.")).to_be_visible()

    # Applying.
    page.get_by_role("button", name="Apply: 39 new and 1 changed").click()
    expect(page.get_by_text("Being applied, 0%").first).to_be_visible()
    work()
    look_again(page)
    expect(page.get_by_role("heading", name="Report")).to_be_visible()
    expect(page.get_by_text("40 articles applied by Ada Admin")).to_be_visible()
    assert Article.objects.count() == 40
    here.refresh_from_db()
    assert here.text == TUESDAY
    assert here.current_version is not None
    assert here.current_version.number == 2
    page.get_by_role("link", name="Its articles").click()
    expect(page.get_by_text("40 articles").first).to_be_visible()
    page.go_back()

    # The rejected rows: downloaded, mended, uploaded.
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download the rejected rows").click()
    assert downloading.value.suggested_filename == "archive-rejected.csv"
    rejected = list(
        csv.reader(io.StringIO(Path(downloading.value.path()).read_text("utf-8-sig")), delimiter=";")
    )
    assert rejected[0] == [*HEADER, "reason for refusal"]
    assert [line[0] for line in rejected[1:]] == ["No text", "No date"]
    rejected[1][4], rejected[2][2] = "It has a text now.", "8 May 2019"
    mended = tmp_path / "mended.csv"
    with mended.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rejected)
    page.get_by_role("link", name="Upload the mended file").click()
    expect(page.get_by_label("Source:")).to_have_value(str(ImportSource.objects.get().pk))
    page.get_by_label("Files:").set_input_files(mended)
    page.get_by_role("button", name="Upload and read").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("mended.csv")
    work()
    look_again(page)
    page.get_by_role("button", name="Apply: 2 new").click()
    expect(page.get_by_text("Being applied").first).to_be_visible()
    work()
    look_again(page)
    expect(page.get_by_text("2 articles applied")).to_be_visible()
    assert Article.objects.count() == 42
    assert not Import.objects.get(name="mended.csv").rows_rejected


def test_progress_is_seen_and_an_import_is_cancelled_and_goes_on_where_it_stood(
    page: Page, here: Article, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "CHUNK_ROWS", 10)
    monkeypatch.setattr(applying, "CHUNK_ROWS", 10)
    ImportSource.objects.create(
        name="Hafenarchiv",
        is_watched=False,
        mapping=dict(zip(HEADER, ["headline", "outlet", "published_at", "url", "body"], strict=False)),
    )
    page.goto("/admin/articles/import/add/")
    page.get_by_label("Files:").set_input_files(
        archive(tmp_path, rows=60, filler=" It is a long story." * 500)
    )
    page.get_by_label("Source:").select_option(label="Hafenarchiv")
    page.get_by_role("button", name="Upload and read").click()
    expect(page.get_by_text("Waiting to be read").first).to_be_visible()
    batch = Import.objects.get()

    # A worker that stops half way, as if it had been killed.
    with pytest.raises(KeyboardInterrupt):
        staging.stage(batch.pk, tell=stop_after(30))
    look_again(page)
    expect(page.get_by_text(re.compile(r"Being read, [4-6]\d%")).first).to_be_visible()
    bar = page.get_by_role("progressbar")
    assert 40 <= float(bar.get_attribute("value") or 0) < 70
    expect(page.get_by_text("30 rows, ")).to_be_visible()
    if page.has_scripts:  # type: ignore[attr-defined]
        expect(page.get_by_role("status")).to_have_text(re.compile(r"[4-6]\d% done\."))

    # It can be left, and is found again.
    page.goto("/admin/articles/import/")
    expect(page.get_by_role("listitem").filter(has_text="archive.csv")).to_contain_text("30 read")
    page.get_by_role("link", name="archive.csv").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("stops soon").first).to_be_visible()
    work()
    look_again(page)
    expect(page.get_by_text("Cancelled").first).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Being read").first).to_be_visible()
    work()
    look_again(page)
    expect(page.get_by_text("Ready to apply, 2 rejected").first).to_be_visible()

    # The same while it is applied.
    page.get_by_role("button", name=re.compile("^Apply")).click()
    expect(page.get_by_text("Being applied").first).to_be_visible()
    with pytest.raises(KeyboardInterrupt):
        applying.apply_rows(batch.pk, tell=stop_after(20))
    look_again(page)
    expect(page.get_by_text("Being applied, 32%").first).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    work()
    look_again(page)
    expect(page.get_by_text("It was cancelled after 20 of the rows.")).to_be_visible()
    assert Article.objects.count() == 20
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Being applied").first).to_be_visible()
    work()
    look_again(page)
    expect(page.get_by_text("60 articles applied")).to_be_visible()
    assert Article.objects.count() == 60


def stop_after(rows: int) -> Any:
    def tell(batch: Import) -> None:
        if max(batch.rows_read if batch.stage == "reading" else 0, batch.applied_to) >= rows:
            raise KeyboardInterrupt

    return tell


def test_copies_are_left_out_and_articles_put_into_the_story_that_is_proposed(
    page: Page, own_site: Site
) -> None:
    words = " ".join(f"word{number}" for number in range(70))
    ArticleFactory(headline="The original", outlet=OutletFactory(name="The Wire"), text=f"{words} end.")
    story = StoryFactory(title="Harbour cranes dispute", slug="cranes")
    for number in range(4):
        ArticleFactory(
            headline=f"Harbour cranes dispute, part {number}",
            text=f"The harbour cranes dispute, day {number}.",
            stories=[story],
        )
    data = "headline,outlet,url,body\n" + "\n".join(
        f"{headline},The Post,https://post.example/{number},{body}"
        for number, (headline, body) in enumerate(
            [
                ("A copy", f"{words} end."),
                ("Harbour cranes: dispute ends", "The harbour cranes dispute ended."),
                ("Something else", "It is about something else."),
            ]
        )
    )
    page.goto("/admin/articles/import/add/")
    page.get_by_label("Files:").set_input_files(
        {"name": "post.csv", "mimeType": "text/csv", "buffer": data.encode()}
    )
    page.get_by_role("button", name="Upload and read").click()
    expect(page.get_by_text("Waiting to be read").first).to_be_visible()
    work()
    look_again(page)
    page.get_by_role("link", name="Copies 1").click()
    expect(page.get_by_text("The same words as The original")).to_be_visible()
    page.get_by_label("Tick “A copy”").check()
    page.get_by_role("button", name="Leave out the ticked").click()
    expect(page.get_by_text("1 row left out.")).to_be_visible()
    page.get_by_role("button", name="Apply: 2 new").click()
    expect(page.get_by_text("Being applied").first).to_be_visible()
    work()
    look_again(page)
    page.get_by_role("link", name="Stories that they seem to belong to").click()
    page.get_by_label("Harbour cranes: dispute ends").check()
    page.get_by_role("button", name="Put the ticked into their stories").click()
    expect(page.get_by_text("1 put into “Harbour cranes dispute”.")).to_be_visible()
    assert story.articles.count() == 5


def test_a_file_that_is_too_large_is_refused_in_words(page: Page, settings: Any, tmp_path: Path) -> None:
    settings.IMPORT_LARGEST = 12 * 1024 * 1024
    path = tmp_path / "large.csv"
    path.write_bytes(b"headline,body\n" + b"x" * (14 * 1024 * 1024))
    page.goto("/admin/articles/import/add/")
    page.get_by_label("Files:").set_input_files(path)
    page.get_by_role("button", name="Upload and read").click()
    if page.has_scripts:  # type: ignore[attr-defined]
        told = page.get_by_label("Files:").evaluate("(field) => field.validationMessage")
        assert told == "That is 14 MB; 12 MB is the most. Split it, or pack it."
        expect(page.get_by_role("heading", level=1)).to_have_text("Bring files in")
    else:
        expect(page.get_by_role("heading", level=1)).to_have_text("That is too large")
        page.get_by_role("link", name="Choose another file").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Bring files in")
    assert not Import.objects.exists()


def test_a_real_worker_does_it_while_the_page_looks_on(page: Page, here: Article, tmp_path: Path) -> None:
    """Its jobs are taken by procrastinate itself, in a thread, as a worker's process takes them."""
    if not page.has_scripts:  # type: ignore[attr-defined]
        pytest.skip("the page looks on by its script")
    upload(page, archive(tmp_path, rows=5))
    run_worker()
    expect(page.get_by_text("There is no column for the headline")).to_be_visible()
    set_columns(page)
    expect(page.get_by_text("Waiting to be read").first).to_be_visible()
    run_worker()
    expect(page.get_by_text("Ready to apply").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Apply")).click()
    expect(page.get_by_text("Being applied").first).to_be_visible()
    run_worker()
    expect(page.get_by_role("heading", name="Report")).to_be_visible()
    assert Article.objects.count() == 5


def run_worker() -> None:
    """One that ends when nothing waits."""
    from procrastinate.contrib.django import app

    def run() -> None:
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as own:
                own.run_worker(queues=["imports"], wait=False, install_signal_handlers=False)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
