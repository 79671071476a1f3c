"""Sources that are looked at by themselves: when, what comes of it, and what is told."""

import datetime as dt
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from articles import tasks
from articles.bulk import applying, orders, staging
from articles.models import Article, Import, ImportRow, ImportSource
from articles.sources import looking
from tests.articles.sources.server import Server
from tests.factories import StoryFactory

pytestmark = pytest.mark.django_db

ITEM = """<item><title>{title}</title><guid isPermaLink="false">{number}</guid><link>https://post.example/{number}</link>
<pubDate>Thu, 09 May 2019 12:00:00 GMT</pubDate>{how}</item>"""


def item(
    number: int, words: str = "The council met on Thursday, and decided nothing.", title: str = ""
) -> str:
    content = f"<content:encoded><![CDATA[<p>{words}</p>]]></content:encoded>"
    return ITEM.format(number=number, title=title or f"Council meets for the {number}th time", how=content)


def excerpt(number: int, words: str) -> str:
    title = f"Council meets for the {number}th time"
    return ITEM.format(number=number, title=title, how=f"<description>{words}</description>")


def feed(*items: str, built: str = "") -> bytes:
    head = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
    head += "<title>The Post</title>"
    return f"{head}<lastBuildDate>{built}</lastBuildDate>{''.join(items)}</channel></rss>".encode()


def serve(web: Server, *items: str, built: str = "", **headers: str) -> None:
    web.answers["/rss"] = (200, {"Content-Type": "application/rss+xml"} | headers, feed(*items, built=built))


def source_of(web: Server, **more: Any) -> ImportSource:
    made = ImportSource(
        name="The Post", address=web["/rss"], every_minutes=30, time_zone="Europe/London", **more
    )
    made.full_clean()
    made.save()
    return made


def look(source: ImportSource, now: dt.datetime | None = None) -> tuple[looking.Look, str]:
    """Look, and read what was found as a worker would; what became of that."""
    source.refresh_from_db()
    found = looking.look(source, now=now or timezone.now(), start=False)
    told = ""
    for batch in found.imports:
        told = looking.settle(staging.stage(batch.pk), now=timezone.now())
    source.refresh_from_db()
    return found, told


def applied(batch: Import) -> None:
    orders.apply(batch, now=timezone.now(), start=False)
    applying.apply_rows(batch.pk)


# When.


def test_nothing_is_looked_at_unless_the_site_is_set_so(web: Server, settings: Any) -> None:
    settings.FEED_PORTS = [web.port]
    source = source_of(web)
    folder = ImportSource.objects.create(name="Folder", folder="wires")
    assert looking.due(timezone.now()) == []
    with pytest.raises(looking.IsOff, match="FEED_FETCHING"):
        looking.look(source, now=timezone.now())
    with pytest.raises(looking.IsOff, match="IMPORT_FOLDER"):
        looking.look(folder, now=timezone.now())
    assert not web.connections


def test_a_source_is_due_by_its_time_and_rarer_when_it_fails(fetched: Server) -> None:
    now = timezone.now()
    source = source_of(fetched)
    assert looking.due(now) == [source]
    for failures, minutes in ((0, 30), (1, 60), (3, 240), (40, 24 * 60)):
        ImportSource.objects.update(looked_at=now, failures=failures)
        assert looking.due(now + dt.timedelta(minutes=minutes - 1)) == []
        assert looking.due(now + dt.timedelta(minutes=minutes)) == [source]
    ImportSource.objects.update(failures=0, rests_until=now + dt.timedelta(hours=3))
    assert looking.due(now + dt.timedelta(hours=2)) == []
    assert looking.due(now + dt.timedelta(hours=3)) == [source]


def test_what_is_not_watched_or_leads_nowhere_is_never_due(fetched: Server) -> None:
    source_of(fetched, is_watched=False)
    ImportSource.objects.create(name="An archive that people upload")
    assert looking.due(timezone.now()) == []


def test_the_workers_look_once_and_read_what_was_found(fetched: Server) -> None:
    serve(fetched, item(1))
    source = source_of(fetched)
    tasks.order_looks(timestamp=0)
    tasks.order_looks(timestamp=0)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args, job.lock) == (
        "articles.tasks.look_at_source",
        {"source_id": source.pk},
        f"source-{source.pk}",
    )
    tasks.look_at_source(source_id=source.pk)
    tasks.look_at_source(source_id=source.pk)
    assert len(fetched.asked) == 1
    batch = Import.objects.get()
    job = ProcrastinateJob.objects.get(task_name="articles.tasks.read_import")
    assert (job.args, job.lock) == ({"import_id": batch.pk, "is_found": True}, f"source-{source.pk}")
    tasks.read_import(**job.args)
    batch.refresh_from_db()
    assert (batch.stage, batch.rows_new) == (Import.Stage.READ, 1)


def test_of_two_who_look_at_once_one_does(fetched: Server) -> None:
    serve(fetched, item(1))
    source = source_of(fetched)
    other = ImportSource.objects.get()
    looking.look(source, now=timezone.now())
    assert "Another worker" in looking.look(other, now=timezone.now()).told
    assert Import.objects.count() == 1


# A feed.


def test_a_feed_is_read_as_its_source_says_and_waits(fetched: Server) -> None:
    serve(fetched, item(1), item(2), ETag='"1"')
    story = StoryFactory()
    source = source_of(fetched, language="en-GB")
    source.stories.add(story)
    now = timezone.now()
    found, told = look(source, now)
    batch = Import.objects.get()
    assert (found.error, told) == ("", "It waits for somebody to apply it.")
    assert (batch.stage, batch.rows_new, batch.language) == (Import.Stage.READ, 2, "en-GB")
    assert list(batch.stories.all()) == [story]
    assert batch.name == "127.0.0.1 rss"
    assert (source.looked_at, source.found_at, source.etag) == (now, batch.created_at, '"1"')
    assert not Article.objects.exists()


def test_a_feed_that_has_not_changed_makes_no_import(fetched: Server) -> None:
    serve(fetched, item(1), ETag='"1"')
    source = source_of(fetched)
    look(source)
    fetched.answers["/rss"] = (304, {}, b"")
    found, _ = look(source)
    assert fetched.asked[-1][1]["If-None-Match"] == '"1"'
    serve(fetched, item(1))
    again, _ = look(source)
    assert found.told == again.told == "Nothing has changed there."
    assert Import.objects.count() == 1


def test_what_was_kept_and_deleted_is_fetched_again(fetched: Server) -> None:
    serve(fetched, item(1), ETag='"1"')
    source = source_of(fetched)
    look(source)
    orders.cancel(Import.objects.get(), now=timezone.now())
    orders.forget(Import.objects.get())
    look(source)
    assert "If-None-Match" not in fetched.asked[-1][1]
    assert Import.objects.count() == 1


def test_a_feed_that_only_says_when_it_was_built_leaves_no_import(fetched: Server) -> None:
    serve(fetched, item(1), built="Monday")
    source = source_of(fetched)
    look(source)
    serve(fetched, item(1), built="Tuesday")
    _, told = look(source)
    assert told == "There is nothing new in it."
    applied(Import.objects.get())
    found_at = source.found_at
    serve(fetched, item(1), built="Wednesday")
    look(source)
    batch = Import.objects.get()
    assert (batch.stage, source.found_at) == (Import.Stage.REPORTED, found_at)


def test_an_import_that_waits_gives_way_to_one_that_says_all_of_it(fetched: Server) -> None:
    serve(fetched, item(1), item(2))
    source = source_of(fetched)
    look(source)
    serve(fetched, item(1), item(2), item(3))
    look(source)
    assert Import.objects.get().rows_new == 3
    serve(fetched, item(3), item(4))
    look(source)
    assert list(Import.objects.order_by("id").values_list("rows_new", flat=True)) == [3, 2]


def test_an_import_that_somebody_has_worked_on_stays(fetched: Server) -> None:
    serve(fetched, item(1))
    source = source_of(fetched)
    look(source)
    Import.objects.update(language="de")
    serve(fetched, item(1), item(2))
    look(source)
    assert Import.objects.count() == 2


def test_a_feed_that_goes_back_to_an_older_text_is_believed(fetched: Server) -> None:
    source = source_of(fetched, applies_itself=True)
    for words in ("It decided nothing.", "It decided on the bridge.", "It decided nothing."):
        serve(fetched, item(1, words))
        look(source)
    article = Article.objects.get()
    assert (article.text, article.versions.count()) == ("It decided nothing.", 3)


def test_what_applies_itself_becomes_articles_and_new_versions(fetched: Server) -> None:
    serve(fetched, item(1), item(2))
    source = source_of(fetched, applies_itself=True)
    _, told = look(source)
    assert (told, Article.objects.count()) == ("It is applied.", 2)
    serve(fetched, item(1, "The council met, and decided on the bridge."), item(2))
    look(source)
    batch = Import.objects.order_by("-id")[0]
    assert (batch.stage, batch.rows_changed, batch.rows_same) == (Import.Stage.REPORTED, 1, 1)
    article = Article.objects.get(external_id="1")
    assert article.text == "The council met, and decided on the bridge."
    assert article.versions.count() == 2


def test_a_row_that_is_refused_forbids_all_or_nothing_to_apply_itself(fetched: Server) -> None:
    serve(fetched, item(1), excerpt(2, "The council met […]"))
    source = source_of(fetched, applies_itself=True, policy=Import.Policy.ALL_OR_NOTHING)
    _, told = look(source)
    assert "1 row is rejected" in told
    assert Import.objects.get().stage == Import.Stage.READ
    assert not Article.objects.exists()


def test_what_a_person_has_set_otherwise_does_not_apply_itself(fetched: Server) -> None:
    serve(fetched, item(1))
    source = source_of(fetched, applies_itself=True)
    found = looking.look(source, now=timezone.now(), start=False)
    [batch] = found.imports
    orders.read_again(batch, now=timezone.now(), start=False, language="de")
    assert looking.settle(staging.stage(batch.pk), now=timezone.now()) == "It waits for somebody to apply it."


def test_reading_it_again_by_hand_never_applies_it(fetched: Server) -> None:
    serve(fetched, item(1))
    source = source_of(fetched)
    look(source)
    ImportSource.objects.update(applies_itself=True)
    batch = Import.objects.get()
    orders.read_again(batch, now=timezone.now())
    job = ProcrastinateJob.objects.get()
    tasks.read_import(**job.args)
    batch.refresh_from_db()
    assert batch.stage == Import.Stage.READ


def test_a_worker_that_takes_up_again_what_applies_itself_ends_it(fetched: Server) -> None:
    serve(fetched, item(1))
    source = source_of(fetched, applies_itself=True)
    looking.look(source, now=timezone.now())
    batch = staging.stage(Import.objects.get().pk)
    orders.apply(batch, now=timezone.now(), start=False)
    tasks.read_import(import_id=batch.pk, is_found=True)
    batch.refresh_from_db()
    assert (batch.stage, Article.objects.count()) == (Import.Stage.REPORTED, 1)


def test_refusals_that_were_told_before_make_no_import(fetched: Server) -> None:
    source = source_of(fetched, applies_itself=True)
    serve(fetched, item(1), excerpt(2, "The council met […]"))
    look(source)
    serve(fetched, excerpt(2, "The council met […]"), built="later")
    _, told = look(source)
    assert told == "There is nothing new in it."
    serve(fetched, excerpt(3, "The council met again […]"))
    look(source)
    assert ImportRow.objects.rejected().count() == 2


def test_articles_that_are_here_already_are_put_into_the_sources_stories_once(fetched: Server) -> None:
    serve(fetched, item(1))
    source = source_of(fetched, applies_itself=True)
    look(source)
    story = StoryFactory()
    other = ImportSource.objects.create(name="Other", address=fetched["/other"], applies_itself=True)
    other.stories.add(story)
    fetched.answers["/other"] = fetched.answers["/rss"]
    look(other)
    assert story.articles.count() == 1
    story.articles.clear()
    fetched.answers["/other"] = (200, {}, feed(item(1), built="later"))
    look(other)
    assert story.articles.count() == 0
    fetched.answers["/other"] = (200, {}, feed(item(1), item(2)))
    look(other)
    assert [article.external_id for article in story.articles.all()] == ["2"]
    later = StoryFactory()
    other.stories.add(later)
    fetched.answers["/other"] = (200, {}, feed(item(1), item(2), built="last"))
    look(other)
    assert (story.articles.count(), later.articles.count()) == (1, 2)


def test_a_summary_never_takes_the_place_of_a_longer_text(fetched: Server) -> None:
    serve(fetched, item(1, "The council met on Thursday. It decided nothing, and went home."))
    source = source_of(fetched, applies_itself=True)
    look(source)
    serve(fetched, excerpt(1, "The council met on Thursday."))
    look(source)
    article = Article.objects.get()
    assert article.text == "The council met on Thursday. It decided nothing, and went home."
    assert article.versions.count() == 1
    serve(
        fetched,
        excerpt(1, "The council met on Thursday. It decided nothing, went home, and was not seen again."),
    )
    look(source)
    article = Article.objects.get()
    assert article.text.endswith("not seen again.")
    assert article.versions.count() == 2


def test_a_text_that_was_mended_here_outlives_a_summary_and_the_whole_text_again(fetched: Server) -> None:
    whole = item(1, "The council met on Thursday. It decided nothing, and went home.")
    serve(fetched, whole)
    source = source_of(fetched, applies_itself=True)
    look(source)
    mended = "The council met on Thursday. It decided nothing, and went home early."
    Article.objects.get().record_version(mended, now=timezone.now())
    for items in (excerpt(1, "The council met."), whole):
        serve(fetched, items)
        look(source)
        assert Article.objects.get().text == mended


# What goes wrong.


def test_a_failure_is_told_and_counted_until_it_is_over(fetched: Server) -> None:
    source = source_of(fetched)
    for failures in (1, 2):
        look(source)
        assert (source.failures, source.error) == (
            failures,
            "There is nothing at the address (404 Not Found).",
        )
    serve(fetched, item(1))
    look(source)
    assert (source.failures, source.error) == (0, "")


def test_a_server_that_asks_for_rest_gets_it(fetched: Server) -> None:
    fetched.answers["/rss"] = (429, {"Retry-After": "7200"}, b"")
    source = source_of(fetched)
    now = timezone.now()
    look(source, now)
    assert source.rests_until == now + dt.timedelta(hours=2)
    assert looking.due(now + dt.timedelta(minutes=119)) == []
    serve(fetched, item(1))
    look(source, now + dt.timedelta(hours=2))
    assert source.rests_until is None


def test_a_feed_that_is_gone_is_not_watched_any_more(fetched: Server) -> None:
    fetched.answers["/rss"] = (410, {}, b"")
    source = source_of(fetched)
    look(source)
    assert not source.is_watched
    assert "gone for good" in source.error
    assert "not watched any more" in source.error


def test_a_private_address_is_told_and_not_reached(fetched: Server, settings: Any) -> None:
    settings.FEED_ALLOWED_ADDRESSES = []
    source = source_of(fetched)
    look(source)
    assert "not at a public address" in source.error
    assert not fetched.connections


def test_a_web_page_in_place_of_a_feed_is_refused_with_the_feed_it_names(fetched: Server) -> None:
    page = (
        b'<!doctype html><html><head><title>The Post</title><link rel="alternate" type="application/rss+xml"'
        b' href="/feed.xml"></head><body><p>Welcome to the Post, the paper of the harbour.</p></body></html>'
    )
    fetched.answers["/rss"] = (200, {"Content-Type": "text/html"}, page)
    source = source_of(fetched, applies_itself=True)
    look(source)
    assert source.error.endswith(f"names this feed: {fetched['/feed.xml']}")
    assert not Import.objects.exists()


@pytest.mark.parametrize("sent", [b"Down for maintenance.", b"%PDF-1.7 and so on", b"\x00\x00\x00"])
def test_what_is_no_feed_at_all_is_refused(fetched: Server, sent: bytes) -> None:
    fetched.answers["/rss"] = (200, {}, sent)
    source = source_of(fetched)
    look(source)
    assert source.error
    assert source.failures == 1
    assert not Import.objects.exists()


def test_a_feed_that_can_not_be_read_is_told_and_kept_once(fetched: Server) -> None:
    source = source_of(fetched)
    for built in ("Monday", "Tuesday"):
        fetched.answers["/rss"] = (200, {"ETag": '"1"'}, feed(built=built))
        look(source)
    assert source.failures == 2
    assert source.error.startswith("What is at the address can’t be read. There is no article in it.")
    assert (Import.objects.get().stage, source.etag) == (Import.Stage.FAILED, "")
    look(source)
    assert source.failures == 3
    assert Import.objects.count() == 1
    serve(fetched, item(1))
    look(source)
    assert (source.failures, source.error) == (0, "")


@pytest.mark.parametrize(
    "values",
    [
        {"address": "https://ada:secret@feeds.example/"},
        {"address": "https://feeds.example:22/"},
        {"address": "ftp://feeds.example/"},
        {"folder": "../outside"},
        {"folder": "/etc"},
        {"folder": "a/../../b"},
    ],
)
def test_a_source_that_is_never_looked_at_can_not_be_saved(values: dict[str, str]) -> None:
    [name] = values
    with pytest.raises(ValidationError) as caught:
        ImportSource(name="A", **values).full_clean()
    assert name in caught.value.message_dict


def test_a_feed_that_has_moved_for_good_is_told(fetched: Server) -> None:
    serve(fetched, item(1))
    fetched.answers["/new"] = fetched.answers["/rss"]
    fetched.answers["/rss"] = (301, {"Location": "/new"}, b"")
    found, _ = look(source_of(fetched))
    assert f"has moved for good to {fetched['/new']}" in found.told


def test_another_address_begins_anew(fetched: Server) -> None:
    serve(fetched, item(1), ETag='"1"')
    source = source_of(fetched)
    look(source)
    ImportSource.objects.update(failures=3, error="No", rests_until=timezone.now() + dt.timedelta(hours=2))
    source.refresh_from_db()
    source.address = fetched["/new"]
    source.full_clean()
    source.save()
    assert (source.failures, source.error, looking.due(timezone.now())) == (0, "", [source])
    fetched.answers["/new"] = fetched.answers["/rss"]
    look(source)
    assert "If-None-Match" not in fetched.asked[-1][1]
    source.name = "The Evening Post"
    source.full_clean()
    assert source.etag == '"1"'


# A folder.

ROW = "headline,outlet,url,body\nCouncil meets,The Post,https://post.example/{0},It met for the {0}th time.\n"
LATER = 3600.0


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    """The site's import folder, with a folder that a source watches."""
    settings.IMPORT_FOLDER = str(tmp_path / "imports")
    (tmp_path / "imports" / "wires" / "post").mkdir(parents=True)
    return tmp_path / "imports" / "wires" / "post"


@pytest.fixture
def watched() -> ImportSource:
    return ImportSource.objects.create(name="Wires", folder="wires/post")


def in_an_hour() -> dt.datetime:
    """When everything that a test has just put there has lain still for long enough."""
    return timezone.now() + dt.timedelta(hours=1)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_files_are_taken_in_oldest_first_and_put_away(root: Path, watched: ImportSource) -> None:
    (root / "b.csv").write_text(ROW.format(1))
    time.sleep(0.02)
    (root / "a.csv").write_text(ROW.format(2))
    found, told = look(watched, in_an_hour())
    assert [batch.name for batch in found.imports] == ["b.csv", "a.csv"]
    assert (found.told, found.error) == ("Files taken in: 2.", "")
    assert told == "It waits for somebody to apply it."
    assert names(root) == {"done"}
    assert names(root / "done") == {"a.csv", "b.csv"}
    assert watched.found_at is not None
    assert list(Import.objects.values_list("rows_new", flat=True)) == [1, 1]


def test_a_file_that_is_still_being_written_waits(root: Path, watched: ImportSource) -> None:
    (root / "a.csv").write_text(ROW.format(1))
    found, _ = look(watched)
    assert found.told == "Files taken in: 0. Not whole yet: 1."
    os.utime(root / "a.csv", (0, 0))  # as a program that keeps the dates of what it copies
    look(watched)
    assert not Import.objects.exists()
    look(watched, in_an_hour())
    assert Import.objects.count() == 1


def test_a_file_that_waits_is_looked_at_again_soon(root: Path, watched: ImportSource) -> None:
    (root / "a.csv").write_text(ROW.format(1))
    now = timezone.now()
    tasks.look_at_source(source_id=watched.pk)
    job = ProcrastinateJob.objects.get()
    assert job.args == {"source_id": watched.pk, "is_due": False}
    assert job.scheduled_at is not None
    assert 60 < (job.scheduled_at - now).total_seconds() < 90
    tasks.look_at_source(**job.args)
    watched.refresh_from_db()
    assert watched.looked_at is not None
    assert watched.looked_at > now
    assert ProcrastinateJob.objects.count() == 1
    ImportSource.objects.update(is_watched=False)
    before = ImportSource.objects.get().looked_at
    tasks.look_at_source(**job.args)
    assert ImportSource.objects.get().looked_at == before


def test_a_file_that_grows_while_it_is_read_waits_and_leaves_nothing(
    root: Path, watched: ImportSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a.csv").write_text(ROW.format(1))
    real = orders.upload

    def upload(*args: Any, **more: Any) -> Import:
        with (root / "a.csv").open("a") as file:
            file.write("more")
        return real(*args, **more)

    monkeypatch.setattr(orders, "upload", upload)
    found, _ = look(watched, in_an_hour())
    assert found.told == "Files taken in: 0. Not whole yet: 1."
    assert not Import.objects.exists()
    assert names(root) == {"a.csv"}


@pytest.mark.parametrize("name", [".hidden.csv", "a.csv.part", "a.csv.TMP", "a.csv~", "a.csv.filepart"])
def test_unfinished_and_hidden_files_are_passed_over(root: Path, watched: ImportSource, name: str) -> None:
    (root / name).write_text(ROW.format(1))
    found, _ = look(watched, in_an_hour())
    assert (found.told, found.error) == ("Files taken in: 0.", "")
    assert names(root) == {name}


def test_a_file_that_comes_twice_is_taken_in_once(root: Path, watched: ImportSource) -> None:
    for _ in range(3):
        (root / "a.csv").write_text(ROW.format(1))
        found, _ = look(watched, in_an_hour())
    assert found.told == "Files taken in: 0. Here already: 1."
    assert Import.objects.count() == 1
    assert names(root) == {"done"}


def test_another_file_of_the_same_name_is_another_file(root: Path, watched: ImportSource) -> None:
    for number in (1, 2):
        (root / "daily.csv").write_text(ROW.format(number))
        look(watched, in_an_hour())
    _first, second = Import.objects.order_by("id")
    assert names(root / "done") == {"daily.csv", f"daily-{second.pk}.csv"}
    assert (root / "done" / "daily.csv").read_text() == ROW.format(1)


def test_a_file_that_can_not_be_moved_is_known_by_what_is_in_it(
    root: Path, watched: ImportSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a folder that may only be read; root may write everywhere, so the moving fails here."""

    def read_only(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "rename", read_only)
    (root / "a.csv").write_text(ROW.format(1))
    look(watched, in_an_hour())
    found, _ = look(watched, in_an_hour())
    assert found.told == "Files taken in: 0. Here already: 1."
    (root / "a.csv").write_text(ROW.format(2))
    look(watched, in_an_hour())
    assert Import.objects.count() == 2
    assert names(root) == {"a.csv", "done"}


def test_links_and_what_is_no_plain_file_are_not_read(
    root: Path, watched: ImportSource, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(ROW.format(1))
    (root / "link.csv").symlink_to(secret)
    os.mkfifo(root / "pipe.csv")
    (root / "folder.csv").mkdir()
    (root / "fine.csv").write_text(ROW.format(2))
    found, _ = look(watched, in_an_hour())
    assert [batch.name for batch in found.imports] == ["fine.csv"]
    assert "“link.csv” is no plain file" in watched.error
    assert "“pipe.csv” is no plain file" in watched.error
    assert watched.failures == 0


def test_a_file_that_turns_into_a_link_between_looking_and_opening_is_not_followed(
    root: Path, watched: ImportSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from articles.sources.folders import Folder

    (tmp_path / "secret.csv").write_text(ROW.format(1))
    (root / "a.csv").write_text(ROW.format(2))
    real = Folder.look

    def look_then_swap(self: Folder, *args: Any, **more: Any) -> Any:
        found = real(self, *args, **more)
        (root / "a.csv").unlink()
        (root / "a.csv").symlink_to(tmp_path / "secret.csv")
        return found

    monkeypatch.setattr(Folder, "look", look_then_swap)
    found, _ = look(watched, in_an_hour())
    assert found.told == "Files taken in: 0. Not whole yet: 1."
    assert not Import.objects.exists()


@pytest.mark.parametrize("which", ["wires", "post"])
def test_a_folder_that_is_a_link_is_not_followed(
    root: Path, watched: ImportSource, tmp_path: Path, which: str
) -> None:
    link = root if which == "post" else root.parent
    outside = tmp_path / "outside"
    link.rename(outside)
    link.symlink_to(outside)
    look(watched, in_an_hour())
    assert "not followed" in watched.error
    assert watched.failures == 1


def test_files_are_not_put_away_through_a_link(root: Path, watched: ImportSource, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (root / "done").symlink_to(tmp_path / "outside")
    (root / "a.csv").write_text(ROW.format(1))
    look(watched, in_an_hour())
    assert names(root) == {"a.csv", "done"}
    assert names(tmp_path / "outside") == set()
    assert Import.objects.count() == 1


def test_a_folder_that_is_missing_is_told_and_nothing_is_lost(root: Path, watched: ImportSource) -> None:
    (root / "a.csv").write_text(ROW.format(1))
    root.rename(root.parent / "elsewhere")
    look(watched, in_an_hour())
    assert watched.error == "There is no folder “wires/post” in the site’s import folder."
    assert watched.failures == 1
    (root.parent / "elsewhere").rename(root)
    look(watched, in_an_hour())
    assert (watched.error, watched.failures) == ("", 0)
    assert Import.objects.count() == 1


def test_a_file_that_is_too_large_is_told_and_left(root: Path, watched: ImportSource, settings: Any) -> None:
    settings.IMPORT_LARGEST = 1024**2
    (root / "large.csv").write_bytes(bytes(1024**2 + 1))
    (root / "fine.csv").write_text(ROW.format(1))
    look(watched, in_an_hour())
    assert "“large.csv” has more than 1 MB" in watched.error
    assert Import.objects.get().name == "fine.csv"
    assert names(root) == {"large.csv", "done"}


def test_a_name_that_is_no_utf_8_comes_in(root: Path, watched: ImportSource) -> None:
    (root / os.fsdecode(b"caf\xe9.csv")).write_text(ROW.format(1))
    look(watched, in_an_hour())
    assert Import.objects.get().name == "caf\ufffd.csv"
    assert names(root / "done") == {os.fsdecode(b"caf\xe9.csv")}
