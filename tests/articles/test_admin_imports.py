"""The admin's import pages: what a person sees at each stage, may order, and is refused; and what a page costs."""

import io
import json
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from articles.bulk import applying, orders, staging
from articles.models import Article, Import, ImportRow, ImportSource, Outlet
from tests.factories import (
    NOW,
    AdministratorFactory,
    ArticleFactory,
    OutletFactory,
    StoryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

HEADER = "Titel;outlet;url;published_at;body"
MAPPING = {"Titel": "headline"}
WORDS = " ".join(f"word{number}" for number in range(70))
HTMX = {"HX-Request": "true"}


def line(number: int, **changes: str) -> str:
    values = {
        "headline": f"Council meets for the {number}th time",
        "outlet": "The Post",
        "url": f"https://post.example/{number}",
        "at": f"2019-05-{number % 28 + 1:02}T10:00:00Z",
        "body": f"The council met on Monday. It was meeting number {number}.",
    } | changes
    return ";".join(values.values())


def table(*lines: str) -> bytes:
    return "\n".join([HEADER, *lines]).encode()


def uploaded(*lines: str, name: str = "archive.csv", **options: Any) -> Import:
    options = {"mapping": MAPPING} | options
    return orders.upload(io.BytesIO(table(*lines)), name, now=NOW, start=False, **options)


def read(*lines: str, **options: Any) -> Import:
    return staging.stage(uploaded(*lines, **options).pk)


def applied(batch: Import, **options: Any) -> Import:
    orders.apply(batch, now=timezone.now(), start=False, **options)
    return applying.apply_rows(batch.pk)


def where(name: str, *arguments: Any) -> str:
    return reverse(f"admin:articles_import_{name}", args=arguments)


def page(client: Client, batch: Import, query: str = "") -> str:
    response = client.get(batch.get_absolute_url() + query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def words(text: str) -> str:
    """A page's words, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(AdministratorFactory(username="ada", first_name="Ada", last_name="Admin"))
    return client


def staff(*permissions: str) -> Client:
    user: User = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


# The list.


def test_the_list_says_what_to_do_where_there_is_nothing(client: Client) -> None:
    told = client.get(where("changelist")).content.decode()
    assert "Nothing has been brought in yet" in told
    assert where("add") in told


def test_the_list_tells_stage_share_counts_who_and_source_newest_first(client: Client) -> None:
    source = ImportSource.objects.create(name="The archive", mapping=MAPPING)
    applied(read(line(1), line(2, body=""), by=AdministratorFactory(first_name="Ann", last_name="Other")))
    batch = uploaded(line(3), name="second.csv", source=source)
    Import.objects.filter(pk=batch.pk).update(stage="reading", bytes_read=batch.size // 2, rows_read=0)
    told = words(client.get(where("changelist")).content.decode())
    assert re.search(r"second\.csv Being read, \d\d%", told)
    assert "The archive" in told
    assert re.search(r"archive\.csv Applied, 1 rejected 2 read 1 new 1 rejected .*Ann Other", told)
    assert told.index("second.csv") < told.index("Applied, 1 rejected")


@pytest.mark.parametrize(
    ("query", "found"), [("stage=read", True), ("stage=failed", False), ("q=arch", True)]
)
def test_the_list_is_filtered_by_stage_and_name(client: Client, query: str, found: bool) -> None:
    read(line(1))
    told = client.get(f"{where('changelist')}?{query}").content.decode()
    assert ("archive.csv" in told) is found
    assert ("No import is like that" in told) is not found


# An upload.


def test_an_upload_is_stored_and_a_job_ordered_and_nothing_is_parsed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("the web process parses nothing")

    monkeypatch.setattr("articles.bulk.staging.sniff", never)
    story = StoryFactory()
    given = {
        "file": SimpleUploadedFile("archive.csv", table(line(1))),
        "outlet": "The New Post",
        "is_new_outlet": "on",
        "stories": [story.pk],
        "language": "en-GB",
        "time_zone": "Europe/Vienna",
        "identity": "address",
        "policy": "all-or-nothing",
        "format": "csv",
        "encoding": "utf-8",
        "delimiter": ";",
    }
    response = client.post(where("add"), given)
    batch = Import.objects.get()
    assert response["Location"] == batch.get_absolute_url()
    assert (batch.stage, batch.name, batch.created_by) == ("uploaded", "archive.csv", User.objects.get())
    assert batch.outlet == Outlet.objects.get(name="The New Post", time_zone="Europe/Vienna")
    assert list(batch.stories.all()) == [story]
    assert (batch.language, batch.time_zone) == ("en-GB", "Europe/Vienna")
    assert (batch.identity, batch.policy) == ("address", "all-or-nothing")
    assert (batch.format, batch.encoding, batch.delimiter) == ("csv", "utf-8", ";")
    assert ProcrastinateJob.objects.get().args == {"import_id": batch.pk}


def test_what_is_left_open_is_as_the_source_has_it(client: Client) -> None:
    source = ImportSource.objects.create(
        name="The archive", mapping=MAPPING, policy="all-or-nothing", language="de", time_zone="Europe/Vienna"
    )
    client.post(
        where("add"),
        {"file": SimpleUploadedFile("a.csv", table(line(1))), "source": source.pk, "language": "en"},
    )
    batch = Import.objects.get()
    assert (batch.source, batch.mapping, batch.policy) == (source, MAPPING, "all-or-nothing")
    assert (batch.language, batch.time_zone) == ("en", "Europe/Vienna")


def test_several_files_are_an_import_each(client: Client) -> None:
    files = [SimpleUploadedFile(f"{number}.csv", table(line(number))) for number in (1, 2)]
    response = client.post(where("add"), {"file": files}, follow=True)
    assert sorted(batch.name for batch in Import.objects.all()) == ["1.csv", "2.csv"]
    assert "2 files are in" in response.content.decode()


def test_with_htmx_the_browser_is_led_on(client: Client) -> None:
    response = client.post(where("add"), {"file": SimpleUploadedFile("a.csv", table(line(1)))}, headers=HTMX)
    assert response["HX-Redirect"] == Import.objects.get().get_absolute_url()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "This field is required."),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "The submitted file is empty."),
        ({"outlet": "Nobody’s Post"}, "There is no outlet “Nobody’s Post”."),
        ({"time_zone": "Europe/Nowhere"}, "time zone"),
        ({"encoding": "utf-99"}, "“utf-99” is no encoding."),
        ({"language": "English!"}, "no language tag"),
    ],
)
def test_a_form_that_is_wrong_says_so_and_keeps_nothing(client: Client, given: Any, told: str) -> None:
    for file in given.values():
        if hasattr(file, "seek"):
            file.seek(0)
    extra = {} if not given or "file" in given else {"file": SimpleUploadedFile("a.csv", table(line(1)))}
    response = client.post(where("add"), {**extra, **given})
    assert response.status_code == 422
    assert told in response.content.decode()
    assert (Import.objects.count(), Outlet.objects.count()) == (0, 0)


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(client: Client, settings: Any) -> None:
    settings.IMPORT_LARGEST = 12 * 1024 * 1024
    large = SimpleUploadedFile("large.csv", b"x" * (14 * 1024 * 1024))
    response = client.post(where("add"), {"file": large})
    assert response.status_code == 413
    told = response.content.decode()
    assert "12.0 MB is the most" in told.replace("\xa0", " ")
    assert where("add") in told
    assert not Import.objects.exists()


def test_a_file_between_the_limits_is_refused_by_the_form(client: Client, settings: Any) -> None:
    settings.IMPORT_LARGEST = 100
    response = client.post(where("add"), {"file": SimpleUploadedFile("large.csv", b"x" * 101)})
    assert response.status_code == 422
    assert "“large.csv” has" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/login/", "/admin/articles/article/from-source/", "/admin/articles/import/add/"]
)
def test_nobody_else_can_send_a_large_file(address: str) -> None:
    """Also not to the address that takes them: a stranger's files would lie about before the log-in says no."""
    large = SimpleUploadedFile("large.csv", b"x" * (12 * 1024 * 1024))
    for client in (Client(), staff("view_import")):
        assert client.post(address, {"file": large}).status_code == 413
        large.seek(0)


# At work.


def test_a_file_that_waits_says_why(client: Client) -> None:
    batch = uploaded(line(1))
    told = words(page(client, batch))
    assert "Waiting to be read" in told
    assert "No worker is running" in told
    beat(timezone.now())
    told = words(page(client, batch))
    assert "No worker is running" not in told
    other = uploaded(line(2), name="other.csv")
    Import.objects.filter(pk=other.pk).update(changed_at=timezone.now())
    assert "1 import is before it" in words(page(client, other))


def beat(at: Any) -> None:
    """A worker tells that it is there."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def test_progress_is_told_and_polled_and_a_quarter_is_news(client: Client) -> None:
    batch = uploaded(line(1))
    Import.objects.filter(pk=batch.pk).update(
        stage="reading", rows_read=1200, rows_new=1200, bytes_read=batch.size * 6 // 10, seconds_reading=12
    )
    told = page(client, batch)
    assert re.search(r'<progress [^>]*value="(59|60)"', told)
    assert "1,200 rows, 100 rows a second, about 8 seconds left." in told
    assert 'hx-trigger="every 2s"' in told
    part = client.get(f"{batch.get_absolute_url()}?told=1", headers=HTMX).content.decode()
    assert part.lstrip().startswith('<div class="import" id="stage"')
    assert re.search('data-status="(59|60)% done."', part)
    again = client.get(f"{batch.get_absolute_url()}?told=2", headers=HTMX).content.decode()
    assert "data-status" not in again
    staging_done(batch)
    part = client.get(f"{batch.get_absolute_url()}?told=2", headers=HTMX).content.decode()
    assert 'data-status="Ready to apply."' in part
    assert "hx-trigger" not in part


def staging_done(batch: Import) -> None:
    orders.read_again(batch, now=NOW, start=False)
    staging.stage(batch.pk)


@pytest.mark.parametrize("name", ["archive.csv.gz", "archive.zip"])
def test_of_a_packed_file_nobody_can_say_how_far_it_is(client: Client, name: str) -> None:
    batch = uploaded(line(1), name=name)
    sniffed = {"format": "zip"} if name.endswith("zip") else {}
    Import.objects.filter(pk=batch.pk).update(stage="reading", bytes_read=batch.size, sniffed=sniffed)
    assert not re.search(r"<progress [^>]*value=", page(client, batch))


def test_an_import_is_cancelled_and_resumed(client: Client) -> None:
    batch = uploaded(line(1))
    Import.objects.filter(pk=batch.pk).update(stage="reading")
    client.post(where("cancellation", batch.pk))
    assert "Being read, stops soon" in page(client, batch)
    staging.stage(batch.pk)
    told = page(client, batch)
    assert "Cancelled" in told
    client.post(where("resumption", batch.pk))
    assert ProcrastinateJob.objects.filter(task_name="articles.tasks.read_import").exists()
    assert staging.stage(batch.pk).stage == Import.Stage.READ


# Reading again.


def test_a_file_that_could_not_be_read_shows_its_columns_to_be_set(client: Client) -> None:
    batch = read(line(1), line(2), mapping={})
    told = page(client, batch)
    assert "It could not be read" in told
    assert "There is no column for the headline" in told
    assert re.search(r"Titel</label></th>.*?Council meets for the 1th time", told)
    given = reading(batch, Titel="headline", url="")
    response = client.post(where("reading", batch.pk), given)
    assert response.status_code == 302
    batch.refresh_from_db()
    assert (batch.stage, batch.mapping) == ("uploaded", {"Titel": "headline", "url": ""})
    batch = staging.stage(batch.pk)
    assert (batch.rows_new, batch.rows_rejected) == (2, 0)
    assert ImportRow.objects.get(batch=batch, number=1).draft.get("url") is None


def reading(batch: Import, **columns: str) -> dict[str, str]:
    """The reading form as the page has it, with other fields for some columns."""
    found = batch.read_as["columns"]
    given = {
        f"column-{number}": columns.get(name, found.get(name, ""))
        for number, name in enumerate(batch.columns_in_order)
    }
    return given | {"identity": batch.identity}


def test_two_columns_can_not_be_the_same_field(client: Client) -> None:
    batch = read(line(1))
    response = client.post(where("reading", batch.pk), reading(batch, outlet="headline"))
    assert response.status_code == 422
    assert "“Titel” is the headline already." in response.content.decode()
    batch.refresh_from_db()
    assert batch.stage == Import.Stage.READ


def test_format_encoding_delimiter_and_defaults_are_set_and_taken_back(client: Client) -> None:
    outlet = OutletFactory(name="The Post")
    batch = read(line(1), outlet=outlet, language="de")
    given = reading(batch) | {"format": "csv", "encoding": "windows-1252", "delimiter": ";"}
    client.post(where("reading", batch.pk), given)
    batch.refresh_from_db()
    assert (batch.format, batch.encoding, batch.delimiter) == ("csv", "windows-1252", ";")
    assert (batch.outlet, batch.language) == (None, "")


# The preview.


@pytest.fixture
def batch() -> Import:
    """New, changed, same, rejected rows and copies, of an archive of which some is here."""
    applied(read(line(1), line(2), line(3)))
    wire = OutletFactory(name="The Wire")
    ArticleFactory(headline="The original", outlet=wire, text=f"{WORDS} at its end.")
    return read(
        line(1),
        line(2, body="The council met on Tuesday. It was meeting number 2.", headline="Council met at last"),
        line(4),
        line(5, body=""),
        line(6, at="sometime"),
        line(7, body=f"{WORDS} at its end.", outlet="The Echo", url="https://echo.example/7"),
        name="next.csv",
    )


def test_the_preview_counts_and_touches_no_article(client: Client, batch: Import) -> None:
    before = list(Article.objects.order_by("id").values())
    told = words(page(client, batch))
    assert "6 read" not in told  # figures stand over their labels
    assert re.search(r"read 6 new 2 changed 1 the same 1 rejected 2", told)
    assert re.search(r"New 2 Changed 1 Same as here 1 Rejected 2 Copies 1", told)
    assert "Apply: 2 new and 1 changed" in told
    assert "Outlets that it makes: The Echo" in told
    assert list(Article.objects.order_by("id").values()) == before


def test_a_changed_row_shows_its_words_and_fields(client: Client, batch: Import) -> None:
    told = page(client, batch, "?show=changed")
    assert "The council met on <del>Monday</del><ins>Tuesday</ins>. It was meeting number 2." in told
    assert (
        "<dt>Headline</dt><dd><del>Council meets for the 2th time</del> <ins>Council met at last</ins></dd>"
        in told
    )
    whole = client.get(where("row", batch.pk, 2)).content.decode()
    assert "<del>Monday</del><ins>Tuesday</ins>" in whole


def test_a_row_that_changes_what_an_earlier_row_makes_is_compared_with_that_row(client: Client) -> None:
    batch = read(
        line(1),
        line(1, body="The council met on Tuesday. It was meeting number 1."),
        line(1, body="The council met on Friday. It was meeting number 1."),
    )
    for _ in ("preview", "report"):
        told = page(client, batch, "?show=changed")
        assert "<del>Monday</del><ins>Tuesday</ins>" in told
        assert "<del>Tuesday</del><ins>Friday</ins>" in told
        batch = applied(batch) if batch.stage == Import.Stage.READ else batch


def test_after_applying_a_changed_row_still_shows_what_it_changed(client: Client, batch: Import) -> None:
    batch = applied(batch)
    told = page(client, batch, "?show=changed")
    assert "<del>Monday</del><ins>Tuesday</ins>" in told
    assert "<ins>Council met at last</ins>" in told


def test_rejected_rows_tell_reason_and_line_and_the_reasons_are_counted(
    client: Client, batch: Import
) -> None:
    told = words(page(client, batch, "?show=rejected"))
    assert "1× There is no text." in told
    assert "row 4 (line 5)" in told
    assert "“sometime” is not a date" in told
    whole = client.get(where("row", batch.pk, 5)).content.decode()
    assert "As it stood in the file" in whole
    assert "sometime" in whole


def test_copies_point_to_what_they_copy_and_are_left_out_in_bulk(client: Client, batch: Import) -> None:
    told = words(page(client, batch, "?show=copies"))
    assert "The same words as The original The Wire" in told
    response = client.post(where("copies", batch.pk), {"what": "ticked", "row": ["6"]})
    assert response["Location"] == f"{batch.get_absolute_url()}?show=copies"
    assert re.search(r"new 1 changed 1 the same 1 rejected, 1 of them left out 3", words(page(client, batch)))
    client.post(where("copies", batch.pk), {"what": "take-back"})
    client.post(where("copies", batch.pk), {"what": "exact"})
    batch.refresh_from_db()
    assert (batch.rows_new, batch.rows_rejected, batch.rows_left_out) == (1, 3, 1)
    refused = client.post(where("copies", batch.pk), {"what": "ticked"})
    assert refused.status_code == 409
    assert "Tick the rows first." in refused.content.decode()


def test_the_same_file_once_more_is_pointed_out(client: Client, batch: Import) -> None:
    again = orders.upload(
        batch.file.open("rb"), "again.csv", now=timezone.now(), mapping=MAPPING, start=False
    )
    staging.stage(again.pk)
    assert "the same file as" in page(client, again)


def test_pages_of_rows_lead_on_and_back(client: Client) -> None:
    batch = read(*(line(number) for number in range(1, 61)))
    told = page(client, batch, "?show=new")
    assert "Previous" not in told
    assert "from=26#rows" in told
    told = page(client, batch, "?show=new&from=26")
    assert "for the 26th time" in told
    assert "for the 25th time" not in told
    assert "from=1#rows" in told
    assert "from=51#rows" in told
    told = page(client, batch, "?show=new&from=last")
    assert "for the 60th time" in told
    assert ">Next</a>" not in told
    for odd in ("from=99999", "from=x", "from=-1", "from=", "show=nothing", "from=9999999999999999999999"):
        assert client.get(f"{batch.get_absolute_url()}?{odd}").status_code == 200


def test_what_stands_in_a_file_is_only_ever_text(client: Client) -> None:
    batch = read(
        line(1, headline="<script>alert(1)</script>", body="<img src=x onerror=alert(1)> & more words")
    )
    for told in (page(client, batch), client.get(where("row", batch.pk, 1)).content.decode()):
        assert "<script>alert" not in told
        assert "<img src=x" not in told


# What a page costs.


@pytest.mark.parametrize("show", ["new", "changed", "same", "rejected", "copies"])
def test_ten_times_the_rows_take_the_same_queries(client: Client, show: str) -> None:
    copied = f"{WORDS} at its end."
    ArticleFactory(outlet=OutletFactory(name="The Wire"), text=copied)

    def archive(count: int) -> list[str]:
        first = [line(number) for number in range(count)]
        changed = [line(number, body=f"It met on Tuesday, number {number}.") for number in range(count)]
        others = [line(1000 + number) for number in range(count)]
        refused = [line(2000 + number, body="") for number in range(count)]
        copies = [line(3000 + number, body=copied, headline=f"Copy {number}") for number in range(count)]
        return [*first, *first, *changed, *others, *refused, *copies]

    counts = []
    for size in (2, 20):
        batch = read(*archive(size), name=f"{size}.csv")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, batch, f"?show={show}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 30


def test_ten_times_the_imports_take_the_same_queries(client: Client) -> None:
    counts = []
    for size in (2, 20):
        for number in range(size):
            uploaded(line(number), name=f"{size}-{number}.csv")
        with CaptureQueriesContext(connection) as queries:
            client.get(where("changelist"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_page_stays_small_whatever_its_rows_hold(client: Client) -> None:
    for number in range(250):
        OutletFactory(name=f"The Sample Courier of the {number}th District")
    long = "A sentence that is not a short one, with words in it. " * 400
    applied(read(*(line(number, body=f"{number} {long}") for number in range(30))))
    changed = long.replace("short", "long")
    batch = read(
        *(line(number, body=f"{number} {changed}", headline=f"{number} {'x' * 400}") for number in range(30))
    )
    assert batch.rows_changed == 30
    response = client.get(f"{batch.get_absolute_url()}?show=changed")
    assert len(response.content) < 100_000


# Applying and the report.


def test_applying_is_a_job_and_ends_in_a_report_that_balances(client: Client, batch: Import) -> None:
    response = client.post(where("application", batch.pk), {"policy": "all-but-rejected"})
    assert response["Location"] == batch.get_absolute_url()
    batch.refresh_from_db()
    assert (batch.stage, batch.applied_by) == ("applying", User.objects.get(username="ada"))
    assert ProcrastinateJob.objects.filter(task_name="articles.tasks.apply_import").exists()
    batch = applying.apply_rows(batch.pk)
    told = page(client, batch)
    assert "3 articles applied by Ada Admin" in words(told)
    assert batch.rows_read == batch.rows_new + batch.rows_changed + batch.rows_same + batch.rows_rejected
    article = Article.objects.get(url="https://post.example/4")
    assert reverse("admin:articles_article_change", args=[article.pk]) in told
    listed = words(
        client.get(f"{reverse('admin:articles_article_changelist')}?import={batch.pk}").content.decode()
    )
    assert "Council met at last" in listed
    assert "Council meets for the 1th time" not in listed
    assert "next.csv" in listed


def test_all_or_nothing_is_not_offered_with_rejected_rows_and_is_refused_if_asked_for(
    client: Client, batch: Import
) -> None:
    told = page(client, batch)
    assert 'value="all-or-nothing" disabled' in told
    assert "not as long as rows are rejected" in told
    response = client.post(where("application", batch.pk), {"policy": "all-or-nothing"})
    assert response.status_code == 409
    assert "2 rows are rejected, and all or nothing was asked for" in response.content.decode()
    assert client.post(where("application", batch.pk), {}).status_code == 409


def test_an_order_that_comes_too_late_answers_409_and_says_what_to_do(client: Client, batch: Import) -> None:
    applied(batch)
    for name, given in (
        ("application", {"policy": "all-but-rejected"}),
        ("cancellation", {}),
        ("resumption", {}),
        ("copies", {"what": "exact"}),
        ("reading", reading(batch)),
    ):
        response = client.post(where(name, batch.pk), given)
        assert response.status_code == 409, name
        assert 'class="errornote" role="alert"' in response.content.decode()
    batch.refresh_from_db()
    assert batch.stage == Import.Stage.REPORTED


def test_getting_an_address_of_an_order_leads_to_the_page_and_does_nothing(
    client: Client, batch: Import
) -> None:
    for name in ("application", "cancellation", "resumption", "copies", "reading", "keeping"):
        assert client.get(where(name, batch.pk))["Location"] == batch.get_absolute_url()
    batch.refresh_from_db()
    assert batch.stage == Import.Stage.READ


def test_rejected_rows_are_mended_and_come_in(client: Client, batch: Import) -> None:
    applied(batch)
    response = client.get(where("rejected", batch.pk))
    assert response["Content-Disposition"] == 'attachment; filename="next-rejected.csv"'
    mended = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert mended.splitlines()[0] == "Titel;outlet;url;published_at;body;reason for refusal"
    mended = mended.replace("sometime", "2019-05-20T10:00:00Z").replace(";;There is", ";It met.;There is")
    told = client.get(f"{where('add')}?like={batch.pk}").content.decode()
    assert "These are read like" in told
    client.post(where("add"), {"file": SimpleUploadedFile("mended.csv", mended.encode()), "like": batch.pk})
    again = staging.stage(Import.objects.get(name="mended.csv").pk)
    assert (again.rows_new, again.rows_rejected) == (2, 0), again.error


def test_the_summary_is_json(client: Client, batch: Import) -> None:
    response = client.get(where("summary", batch.pk))
    assert "next-summary.json" in response["Content-Disposition"]
    told = json.loads(response.content)
    assert (told["read"], told["new"], told["rejected"], told["copies"]) == (6, 2, 2, 1)


def test_articles_are_put_into_the_stories_that_are_proposed(client: Client) -> None:
    story = StoryFactory(title="Harbour cranes dispute", slug="cranes")
    for number in range(4):
        ArticleFactory(
            headline=f"Harbour cranes dispute goes on {number}",
            text=f"The harbour cranes dispute, day {number}.",
            stories=[story],
        )
    batch = applied(
        read(
            line(1, headline="Harbour cranes: dispute ends", body="The harbour cranes dispute ended."),
            line(2, headline="Harbour cranes again", body="A dispute about the harbour cranes."),
            line(3),
        )
    )
    told = words(client.get(where("stories", batch.pk)).content.decode())
    assert "Harbour cranes: dispute ends" in told
    assert "Council meets" not in told
    found = Article.objects.get(url="https://post.example/1")
    response = client.post(where("stories", batch.pk), {"chosen": [f"{story.pk}:{found.pk}", "x:y", "9:9"]})
    assert response.status_code == 302
    assert story.articles.filter(pk=found.pk).exists()
    other = Article.objects.get(url="https://post.example/2")
    shown = f"shown-{story.pk}"
    client.post(where("stories", batch.pk), {"all": [story.pk], shown: [f"{story.pk}:{other.pk}"]})
    assert story.articles.filter(pk=other.pk).exists()
    assert "No story is proposed" in client.get(where("stories", batch.pk)).content.decode()


# Keeping a way of reading.


def test_how_a_file_was_read_is_kept_for_a_new_source_and_then_for_its_own(
    client: Client, batch: Import
) -> None:
    response = client.post(where("keeping", batch.pk), {"name": "The archive"})
    assert response.status_code == 302
    source = ImportSource.objects.get()
    assert (source.name, source.mapping) == ("The archive", MAPPING)
    batch.refresh_from_db()
    assert batch.source == source
    Import.objects.filter(pk=batch.pk).update(language="en-GB")
    client.post(where("keeping", batch.pk), {"name": ""})
    source.refresh_from_db()
    assert source.language == "en-GB"
    taken = client.post(where("keeping", batch.pk), {"name": "the archive"})
    assert taken.status_code == 422
    assert "There is a source “the archive” already." in taken.content.decode()


def test_a_source_shows_its_mapping_as_lines_and_takes_it_so(client: Client) -> None:
    source = ImportSource.objects.create(name="The archive", mapping=MAPPING | {"Rubrik": ""})
    change = reverse("admin:articles_importsource_change", args=[source.pk])
    told = client.get(change).content.decode()
    assert "Titel = headline" in told
    assert "Rubrik = nothing" in told
    given = {
        "name": "The archive",
        "mapping": "Titel = headline\nA = B = body",
        "identity": "automatic",
        "policy": "all-but-rejected",
        "every_minutes": "30",
    }
    assert client.post(change, given).status_code == 302
    source.refresh_from_db()
    assert source.mapping == {"Titel": "headline", "A = B": "body"}
    for wrong, why in (
        ({"mapping": "Titel = title"}, "“title” is no field"),
        ({"mapping": "Titel"}, "is no “column = field”"),
        ({"time_zone": "Europe/Nowhere"}, "time zone"),
        ({"address": "https://feed.example/rss", "folder": "in"}, "not both"),
        ({"every_minutes": "1"}, "5"),
    ):
        response = client.post(change, given | wrong)
        assert response.status_code == 200
        assert why in response.content.decode()


# Deleting.


def test_only_what_is_over_can_be_deleted_and_its_articles_stay(client: Client, batch: Import) -> None:
    assert client.get(where("delete", batch.pk)).status_code == 403
    batch = applied(batch)
    count = Article.objects.count()
    told = client.get(where("delete", batch.pk)).content.decode()
    assert "Articles that it brought in stay." in told
    assert "2 rows" in told
    assert client.post(where("delete", batch.pk), {"post": "yes"}).status_code == 302
    assert not Import.objects.filter(pk=batch.pk).exists()
    assert Article.objects.count() == count


# Who may what.

ORDERS = ("application", "cancellation", "resumption", "copies", "reading", "keeping")


def test_who_may_only_look_sees_everything_and_orders_nothing(batch: Import) -> None:
    viewer = staff("view_import")
    for name, arguments in (("changelist", ()), ("row", (batch.pk, 2)), ("summary", (batch.pk,))):
        assert viewer.get(where(name, *arguments)).status_code == 200
    told = page(viewer, batch, "?show=copies")
    assert "Apply" not in words(told).replace("Ready to apply", "")
    assert "<form" not in told.split('id="stage"')[1].replace('<form action="#rows">', "")
    for name in ORDERS:
        assert viewer.post(where(name, batch.pk), {"policy": "all-but-rejected"}).status_code == 403
    assert viewer.get(where("add")).status_code == 403
    assert viewer.get(where("delete", batch.pk)).status_code == 403
    assert viewer.get(where("stories", batch.pk)).status_code == 200
    assert viewer.post(where("stories", batch.pk)).status_code == 403
    batch.refresh_from_db()
    assert batch.stage == Import.Stage.READ


def test_who_may_change_imports_applies_but_keeps_no_source_and_uploads_nothing(batch: Import) -> None:
    changer = staff("view_import", "change_import")
    assert changer.post(where("keeping", batch.pk), {"name": "Mine"}).status_code == 403
    assert changer.get(where("add")).status_code == 403
    assert changer.post(where("application", batch.pk), {"policy": "all-but-rejected"}).status_code == 302


def test_who_may_add_imports_uploads(batch: Import) -> None:
    adder = staff("view_import", "add_import")
    file = SimpleUploadedFile("mine.csv", table(line(1)))
    assert adder.post(where("add"), {"file": file}).status_code == 302
    assert adder.post(where("application", batch.pk)).status_code == 403


def test_staff_without_permissions_get_nothing(batch: Import) -> None:
    nobody = staff()
    for name in (*ORDERS, "change", "rejected", "summary", "stories", "history"):
        assert nobody.get(where(name, batch.pk)).status_code == 403
    assert nobody.get(where("change", 0)).status_code == 403
    assert nobody.get(where("changelist")).status_code == 403


def test_what_is_not_there_is_not_found(client: Client, batch: Import) -> None:
    assert client.get(where("change", 0)).status_code == 404
    assert client.get(where("row", batch.pk, 99)).status_code == 404
    assert client.get(where("rejected", 0)).status_code == 404
    assert client.get(reverse("admin:articles_import_changelist") + "x/change/").status_code == 404
    assert client.post(batch.get_absolute_url()).status_code == 405
