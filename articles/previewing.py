"""What the admin's import pages show: how far an import is, and its rows a page at a time, however many there are."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Substr
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateWorker

from articles.bulk.proposing import Proposal
from articles.differences import Passage, cut, passages
from articles.forms_imports import field_name
from articles.importing import NOT_STATED
from articles.models import Article, Import, ImportRow, Story, Version
from articles.querysets import LEFT_OUT, ImportRowQuerySet
from articles.reading import FORMATS
from articles.reading.draft import excerpt

PAGE = 25
"""Rows on a page."""

MOST_COUNTED = 1_000
"""Copies that are counted."""

MOST_REASONS = 2_000
"""Rejected rows by which reasons are counted."""

LONGEST_DIFFERENCE = 700
"""Characters of a difference that a list shows; the row's own page shows all."""

LONGEST_VALUE = 160
MOST_OUTLETS = 20
STUCK = dt.timedelta(seconds=60)
"""A chunk of rows takes a second or two."""

SILENT = dt.timedelta(seconds=45)
"""A worker tells every ten seconds that it is there."""

STAGES = {
    "uploaded": "Waiting to be read",
    "reading": "Being read",
    "read": "Ready to apply",
    "applying": "Being applied",
    "reported": "Applied",
    "cancelled": "Cancelled",
    "failed": "Failed",
}
TABS = {
    "new": "New",
    "changed": "Changed",
    "same": "Same as here",
    "rejected": "Rejected",
    "copies": "Copies",
}


# How far it is.


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the stage at work. `percent` is None where nothing tells; `waits` says why nothing gets on."""

    percent: int | None
    told: str
    waits: str = ""

    @property
    def quarter(self) -> int:
        return (self.percent or 0) // 25


def percent_done(batch: Import) -> int | None:
    """Of the stage at work: not of a packed file, whose bytes don't tell, nor of what is written in one go."""
    if batch.stage == Import.Stage.APPLYING:
        return None if batch.policy == Import.Policy.ALL_OR_NOTHING else int(100 * batch.share_done)
    is_packed = batch.name.lower().endswith(".gz") or batch.read_as["format"] == "zip"
    return None if is_packed else int(100 * batch.share_done)


def progress_of(batch: Import, now: dt.datetime) -> Progress:
    percent = percent_done(batch)
    waits = _why_it_waits(batch, now)
    if batch.stage == Import.Stage.UPLOADED:
        return Progress(0, "Nothing is read yet.", waits)
    is_applying = batch.stage == Import.Stage.APPLYING
    rows = f"{batch.applied_to:,} of {batch.rows_read:,} rows" if is_applying else f"{batch.rows_read:,} rows"
    told = [rows]
    if is_applying and percent is None:
        told = [f"{batch.rows_read:,} rows, all in one go: how far it is shows only at its end"]
    elif batch.rows_per_second:
        told.append(f"{batch.rows_per_second:,.0f} rows a second")
    if percent is not None and batch.seconds_left is not None:
        told.append(f"about {duration(batch.seconds_left)} left")
    return Progress(percent, ", ".join(told) + ".", waits)


def _why_it_waits(batch: Import, now: dt.datetime) -> str:
    """In plain words; "" where a worker is at it."""
    last = ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))["last"]
    since = timezone.localtime(batch.changed_at)
    at = f"{since:%H:%M}" if since.date() == timezone.localdate(now) else f"{since.day} {since:%B, %H:%M}"
    if last is None or last < now - SILENT:
        return (
            f"No worker is running, so this waits since {at}. It goes on by itself as soon as one is started "
            "(“manage.py procrastinate worker”); nothing is lost."
        )
    if batch.stage != Import.Stage.UPLOADED:
        is_silent = batch.changed_at < now - STUCK and percent_done(batch) is not None
        return (
            f"Nothing has been heard of it since {at}. If its worker was stopped, another takes it up within two "
            "minutes; nothing is lost."
            if is_silent
            else ""
        )
    before = Import.objects.at_work().filter(changed_at__lt=batch.changed_at).count()
    if not before:
        return ""
    return f"It waits for its turn: {before} {'import is' if before == 1 else 'imports are'} before it."


def duration(seconds: float) -> str:
    """A length of time for people: “40 seconds”, “3 minutes”, “2 hours”."""
    if seconds < 90:
        count, unit = max(1, round(seconds)), "second"
    elif seconds < 90 * 60:
        count, unit = round(seconds / 60), "minute"
    else:
        count, unit = round(seconds / 3600), "hour"
    return f"{count} {unit}{'' if count == 1 else 's'}"


def stage_of(batch: Import) -> str:
    """The stage in words, with the share done."""
    words = STAGES[batch.stage]
    if batch.cancel_requested and batch.is_at_work:
        return f"{words}, stops soon"
    if batch.stage in (Import.Stage.READING, Import.Stage.APPLYING):
        percent = percent_done(batch)
        return words if percent is None else f"{words}, {percent}%"
    if batch.stage in (Import.Stage.READ, Import.Stage.REPORTED) and batch.rows_to_mend:
        return f"{words}, {batch.rows_to_mend:,} rejected"
    return words


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows there are of a kind: “1,204 new”."""

    name: str
    figure: str
    label: str


def tallies(batch: Import) -> list[Tally]:
    """What was read, and the parts that it is the sum of."""
    left_out = f"rejected, {batch.rows_left_out:,} of them left out" if batch.rows_left_out else "rejected"
    return [
        Tally(name, f"{count:,}", label)
        for name, count, label in (
            ("read", batch.rows_read, "read"),
            ("new", batch.rows_new, "new"),
            ("changed", batch.rows_changed, "changed"),
            ("same", batch.rows_same, "the same"),
            ("rejected", batch.rows_rejected, left_out),
        )
    ]


def words_of(batch: Import) -> dict[str, Any]:
    """What the page says of an import at rest, in words."""
    named, left = columns_read(batch)
    writes = [
        f"{count:,} {word}"
        for count, word in ((batch.rows_new, "new"), (batch.rows_changed, "changed"))
        if count
    ]
    return {
        "applied": _articles(batch.rows_applied),
        "applied_to": f"{batch.applied_to:,}",
        "read_so_far": f"{batch.rows_read:,}",
        "to_mend": f"{batch.rows_to_mend:,} row{' is' if batch.rows_to_mend == 1 else 's are'} rejected",
        "apply_words": f"Apply: {' and '.join(writes)}" if writes else "Finish: nothing is to be written",
        "columns_read": f"{named} columns of {named + left} are brought in" if left else "",
        "is_all_rejected": batch.rows_read > 0 and batch.rows_rejected == batch.rows_read,
        "new_outlets": batch.new_outlets[:MOST_OUTLETS] if batch.stage != Import.Stage.REPORTED else [],
        "more_outlets": max(0, len(batch.new_outlets) - MOST_OUTLETS),
        "many_rejected": f"{MOST_REASONS:,}" if batch.rows_rejected > MOST_REASONS else "",
        "duration_reading": duration(batch.seconds_reading),
        "duration_applying": duration(batch.seconds_applying),
    }


def _articles(count: int) -> str:
    return f"{count:,} article{'' if count == 1 else 's'}"


def columns_read(batch: Import) -> tuple[int, int]:
    """How many columns there are that a field is read from, and how many others."""
    columns = batch.read_as["columns"]
    named = sum(bool(field) for field in columns.values())
    return named, len(columns) - named


def how_read(batch: Import) -> str:
    """The file's format, encoding and delimiter, in a few words."""
    how = batch.read_as
    named = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
    delimiter = named.get(how["delimiter"], f"“{how['delimiter']}”") if how["delimiter"] else ""
    parts = [FORMATS.get(how["format"], how["format"]), how["encoding"].removesuffix("-sig").upper()]
    parts += [f"parted by {delimiter}"] if delimiter and how["format"] == "csv" else []
    return ", ".join(filter(None, parts))


# Its rows, a page at a time.


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that a row changes; `old` is None where it is no longer known."""

    name: str
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Other:
    """The article, or the earlier row, that a row is a copy of."""

    headline: str
    about: str
    article: int | None = None
    row: int | None = None


@dataclass(slots=True)
class Shown:
    """A row, for showing."""

    row: ImportRow
    outlet: str
    date: str
    words: str
    fields: list[FieldChange] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    has_more: bool = False
    other: Other | None = None

    @property
    def is_left_out(self) -> bool:
        return self.row.reason.startswith(LEFT_OUT)


@dataclass(frozen=True, slots=True)
class Page:
    """Rows by their numbers; `previous` and `next` are the numbers that those pages begin at."""

    rows: list[Shown]
    previous: int | None
    next: int | None


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: str
    count: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Copies:
    """How many copies there are, at most MOST_COUNTED and one."""

    exact: int
    near: int
    left_out: int

    @property
    def total(self) -> int:
        return self.exact + self.near + self.left_out


def copies_of(batch: Import) -> Copies:
    counted = ImportRow.objects.filter(batch=batch).copies()[: MOST_COUNTED + 1]
    is_out = Q(outcome=ImportRow.Outcome.REJECTED)
    return Copies(
        **counted.aggregate(
            exact=Count("pk", filter=Q(near_copy=False) & ~is_out),
            near=Count("pk", filter=Q(near_copy=True) & ~is_out),
            left_out=Count("pk", filter=is_out),
        )
    )


def tabs(batch: Import, copies: Copies, show: str) -> list[Tab]:
    counts = {name: f"{getattr(batch, f'rows_{name}'):,}" for name in TABS if name != "copies"}
    counts["copies"] = f"{copies.total:,}" if copies.total <= MOST_COUNTED else f"{MOST_COUNTED:,}+"
    return [Tab(name, label, counts[name], name == show) for name, label in TABS.items()]


def first_tab(batch: Import) -> str:
    """What a person should look at first."""
    for name in ("new", "changed", "rejected", "same"):
        if getattr(batch, f"rows_{name}"):
            return name
    return "new"


def rows_of(batch: Import, show: str) -> ImportRowQuerySet:
    rows = ImportRow.objects.filter(batch=batch)
    return rows.copies() if show == "copies" else rows.filter(outcome=show)


def page_of(batch: Import, show: str, start: str) -> Page:
    """The page of rows that begins at a number, or the last one for “last”."""
    rows = rows_of(batch, show)
    first = int(start) if start.isdecimal() and len(start) < 10 else 1
    numbers: list[int] = []
    if start != "last":
        numbers = list(rows.filter(number__gte=first).in_order().values_list("number", flat=True)[: PAGE + 1])
    if not numbers:
        numbers = list(rows.order_by("-number").values_list("number", flat=True)[:PAGE])[::-1]
    if not numbers:
        return Page([], None, None)
    before = list(
        rows.filter(number__lt=numbers[0]).order_by("-number").values_list("number", flat=True)[:PAGE]
    )
    return Page(
        shown(batch, numbers[:PAGE], is_whole=False),
        before[-1] if before else None,
        numbers[PAGE] if len(numbers) > PAGE else None,
    )


def shown(batch: Import, numbers: Iterable[int], *, is_whole: bool = True) -> list[Shown]:
    """Rows of an import for showing; whole, or as much of each as a list shows."""
    rows = list(
        ImportRow.objects.filter(batch=batch, number__in=list(numbers))
        .select_related("target__outlet", "copy_of__outlet")
        .defer("target__search", "target__as_imported", "copy_of__search", "copy_of__as_imported", "text")
        .in_order()
    )
    starts = dict(
        ImportRow.objects.filter(pk__in=[row.pk for row in rows])
        .annotate(start=Substr("text", 1, 400))
        .values_list("pk", "start")
    )
    changed = [row for row in rows if row.outcome == ImportRow.Outcome.CHANGED]
    was_here = _what_was(changed)
    before = ImportRow.objects.in_bulk([row for row, _ in was_here.values() if row])
    versions = Version.objects.in_bulk([version for row, version in was_here.values() if version and not row])
    texts = dict(
        ImportRow.objects.filter(pk__in=[row.pk for row in rows] if is_whole else [row.pk for row in changed])
        .order_by("pk")
        .values_list("pk", "text")
    )
    copied = {row.copies_row for row in rows if row.copies_row}
    earlier = (
        {row.number: row for row in ImportRow.objects.filter(batch=batch, number__in=copied).defer("text")}
        if copied
        else {}
    )
    found = []
    for row in rows:
        one = Shown(
            row,
            outlet=_outlet_of(row, batch),
            date=_date_of(row, batch),
            words=texts[row.pk] if is_whole else excerpt(starts[row.pk], 240),
            other=_other(row, earlier),
        )
        if row.outcome == ImportRow.Outcome.CHANGED:
            earlier_row, last_version = was_here[row.pk]
            was, version = before.get(earlier_row or 0), versions.get(last_version or 0)
            one.fields = _changes(row, was)
            if "text" in row.changed_fields and (was or version):
                old = was.text if was else version.text if version else ""
                differing = passages(old, texts[row.pk], shortened=not is_whole)
                one.passages, one.has_more = (
                    (list(differing), False) if is_whole else cut(differing, LONGEST_DIFFERENCE)
                )
        found.append(one)
    return found


def _what_was(rows: Iterable[ImportRow]) -> dict[int, tuple[int | None, int | None]]:
    """What each row changes: the earlier row of the file that says it, and the article's version before it."""
    before = (
        ImportRow.objects.filter(batch=OuterRef("batch"), number__lt=OuterRef("number"))
        .filter(Q(outcome="new") | Q(outcome="changed", changed_fields__contains=["text"]))
        # Not simply by number: PostgreSQL would rather walk back through all of the file's rows for one of an article.
        .order_by((F("number") + 0).desc(), "pk")
    )
    version = Version.objects.filter(
        article=OuterRef("target"), recorded_at__lt=Coalesce(OuterRef("applied_at"), Value(timezone.now()))
    ).order_by("-number")
    earlier = Coalesce(
        Subquery(before.filter(follows=OuterRef("follows")).values("pk")[:1]),
        Subquery(before.filter(number=OuterRef("follows")).values("pk")[:1]),
        Subquery(before.filter(target=OuterRef("target")).values("pk")[:1]),
    )
    found = ImportRow.objects.filter(pk__in=[row.pk for row in rows]).annotate(
        earlier=earlier, version=Subquery(version.values("pk")[:1])
    )
    return {pk: (row, last) for pk, row, last in found.values_list("pk", "earlier", "version")}


def _outlet_of(row: ImportRow, batch: Import) -> str:
    if row.target:
        return row.target.outlet.name
    draft: Mapping[str, Any] = row.draft or {}
    given = batch.outlet.name if batch.outlet else ""
    if row.draft is None:
        return ""
    return draft.get("outlet") or given or draft.get("outlet_domain") or NOT_STATED


def _date_of(row: ImportRow, batch: Import) -> str:
    """The day and time of publication, in the zone of the article's outlet, else as the file has it."""
    if row.draft is None:
        return ""
    if not (said := row.draft.get("published_at")):
        return "undated"
    at = dt.datetime.fromisoformat(said)
    outlet = row.target.outlet if row.target else batch.outlet
    if outlet:
        at = at.astimezone(ZoneInfo(outlet.time_zone))
    return f"{at.day} {at:%b %Y, %H:%M}"


def _other(row: ImportRow, earlier: Mapping[int, ImportRow]) -> Other | None:
    if (article := row.copy_of) is not None:
        day = article.published_on
        on = f", {day.day} {day:%b %Y}" if day else ""
        return Other(article.headline, f"{article.outlet.name}{on}", article=article.pk)
    if row.copies_row and (other := earlier.get(row.copies_row)):
        return Other(other.headline, other.where or f"row {other.number}", row=other.number)
    return None


def _changes(row: ImportRow, was: ImportRow | None) -> list[FieldChange]:
    draft, before = _values(row), _values(was) if was else None
    changes = []
    for name in row.changed_fields:
        if name == "text":
            continue
        if before is not None:
            old = _plain(before.get(name))
        elif row.applied_at or row.target is None:
            old = None
        else:
            old = _plain(_value(row.target, name))
        changes.append(FieldChange(field_name(name), old, _plain(draft.get(name))))
    return changes


def _values(row: ImportRow) -> dict[str, Any]:
    return {**(row.draft or {}), "headline": row.headline}


def _value(article: Article, name: str) -> Any:
    value = getattr(article, name)
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _plain(value: Any) -> str:
    words = excerpt("" if value is None else str(value), LONGEST_VALUE)
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d", words):
        at = dt.datetime.fromisoformat(words)
        zone = "UTC" if not at.utcoffset() else f"UTC{at:%z}"
        return f"{at.day} {at:%b %Y, %H:%M} {zone}"
    return words


# Why rows are rejected.


@dataclass(slots=True)
class Reason:
    """A reason in general, how often it is met among the first MOST_REASONS, and at which row first."""

    words: str
    first: int
    count: int = 0


_PARTICULAR = re.compile(r"“[^”]*”")
_FIGURE = re.compile(r"\d[\d,.:]*(?<=\d)")


def reasons_of(batch: Import) -> list[Reason]:
    """The reasons of rejected rows, by how often they are met; what differs from row to row is left out of them."""
    rows = ImportRow.objects.filter(batch=batch).rejected().in_order()
    found: dict[str, Reason] = {}
    for number, reason in rows.values_list("number", "reason")[:MOST_REASONS]:
        general = _FIGURE.sub("…", _PARTICULAR.sub("“…”", reason))
        found.setdefault(general, Reason(excerpt(reason, 160), number)).count += 1
    return sorted(found.values(), key=lambda one: (-one.count, one.first))[:12]


def values_of(row: ImportRow) -> list[tuple[str, str]]:
    """Everything that a row says, but its text: as it was read, or of a refused one as it stood."""
    if row.draft is not None:
        return [(field_name(name), _plain(value)) for name, value in row.draft.items() if name not in _UNSEEN]
    if isinstance(row.raw, dict):
        return [(name, excerpt(str(value), 4_000)) for name, value in row.raw.items() if value]
    return [("As it stood", str(row.raw)[:20_000])] if row.raw else []


_UNSEEN = {"notes", "kinds", "newsdesk_id"}


# Stories that are proposed.


@dataclass(frozen=True, slots=True)
class Proposed:
    """A story with the articles that seem to be its; `words` are those that tell."""

    story: Story
    articles: list[Article]
    words: str
    has_more: bool


def proposed(proposals: Iterable[Proposal], most: int) -> list[Proposed]:
    proposals = list(proposals)
    numbers = {number for one in proposals for number in one.articles[:most]}
    articles = Article.objects.with_outlet().defer("search", "as_imported").in_bulk(numbers)
    return [
        Proposed(
            one.story,
            [articles[number] for number in one.articles[:most] if number in articles],
            ", ".join(one.words),
            len(one.articles) > most,
        )
        for one in proposals
    ]
