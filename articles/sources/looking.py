"""Looking at an import source: fetching its feed or going through its folder, and handing on what is new.

What a look finds is kept in the transaction that writes down what the source was like (its ETag, its failures): a
worker that is killed has either kept a file or will be given it again.
"""

import datetime as dt
import hashlib
import logging
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from lxml import etree, html

from articles.bulk import applying, orders
from articles.models import Import, ImportRow, ImportSource, StoryArticle
from articles.reading import ReadError, sniff
from articles.reading.draft import joined
from articles.reading.sniffing import HEAD
from articles.sources.addresses import Guard
from articles.sources.fetching import Fetched, FetchError, Rules, fetch
from articles.sources.folders import Arrived, Folder, FolderError, StillChanging, shown

logger = logging.getLogger(__name__)

LONGEST_PAUSE = dt.timedelta(days=1)
"""Between looks at a source that fails again and again, unless it is to be looked at more rarely anyway."""

_UNREADABLE = "What is at the address can’t be read."
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json")


class IsOff(Exception):
    """The site does not look at such sources; the message says what to set."""


@dataclass(slots=True)
class Look:
    """What a look at a source came to: `told` in words; `error` why it failed, or what of it did."""

    source: ImportSource
    told: str = ""
    error: str = ""
    imports: list[Import] = field(default_factory=list)


def watched() -> list[ImportSource]:
    """The sources that this site looks at by itself, those first that have waited longest."""
    known = ImportSource.objects.filter(is_watched=True).exclude(address="", folder="")
    ordered = known.order_by(F("looked_at").asc(nulls_first=True), "id")
    return [source for source in ordered if not why_off(source)]


def due(now: dt.datetime) -> list[ImportSource]:
    """Those whose time has come."""
    return [source for source in watched() if next_look(source, now) <= now]


def next_look(source: ImportSource, now: dt.datetime) -> dt.datetime:
    """When it is due again; `now` if nobody has looked yet. Each failure in a row doubles the time, up to a day."""
    at = now
    if source.looked_at:
        usual = dt.timedelta(minutes=source.every_minutes)
        at = source.looked_at + min(usual * 2 ** min(source.failures, 12), max(usual, LONGEST_PAUSE))
    return max(at, source.rests_until or at)


def why_off(source: ImportSource) -> str:
    """Why this site does not look at such a source, or ""."""
    if source.address and not settings.FEED_FETCHING:
        return "Feeds are not fetched here: FEED_FETCHING is not set."
    if source.folder and not settings.IMPORT_FOLDER:
        return "Folders are not watched here: IMPORT_FOLDER is not set."
    return ""


def look(source: ImportSource, *, now: dt.datetime, start: bool = True) -> Look:
    """Look at a source, due or not, and have what is new there read. Raises IsOff.

    Without `start` nothing is ordered of the workers: the caller reads the imports and settles them.
    """
    if reason := why_off(source):
        raise IsOff(reason)
    if not (source.address or source.folder):
        raise IsOff("The source has neither an address nor a folder.")
    # Whoever writes the time first has it; the other one finds another time than it read.
    mine = ImportSource.objects.filter(pk=source.pk, looked_at=source.looked_at).update(looked_at=now)
    if not mine:
        return Look(source, "Another worker has just looked at it.")
    source.looked_at = now
    try:
        return _feed(source, now, start) if source.address else _folder(source, now, start)
    except (FetchError, FolderError, ReadError) as error:
        return _failed(source, error, now)


def settle(batch: Import, *, now: dt.datetime) -> str:
    """What becomes of an import once it is read that a look has made; gives it back in words.

    One that brings nothing is deleted; one that says all that an earlier one waits with replaces that. It is applied
    if its source is set so and it was read as the source says; else it waits for somebody.
    """
    source = batch.source
    if source and source.address and batch.stage == Import.Stage.FAILED and batch.read_at is None:
        _tell_unreadable(batch, source)
    if source is None or batch.stage not in (Import.Stage.READ, Import.Stage.APPLYING):
        return batch.error or f"It is {batch.get_stage_display().lower()}."
    if batch.stage == Import.Stage.READ:
        if source.address:
            _went_well(source)
            if told := _told_before(batch, now):
                return told
        _note(source, found_at=batch.created_at)
        if not (source.applies_itself and _is_untouched(batch, source)):
            return "It waits for somebody to apply it."
        try:
            orders.apply(batch, now=now, start=False)
        except orders.NotNow as reason:
            logger.info("Import %s of the source “%s” waits: %s", batch.pk, source, reason)
            return f"It waits: {reason}"
    batch = applying.apply_rows(batch.pk)
    return batch.error or "It is applied."


def rules() -> Rules:
    """How this site fetches."""
    return Rules(
        user_agent=f"Newsdesk (+{settings.SITE_URL})",
        guard=Guard(tuple(settings.FEED_ALLOWED_ADDRESSES), frozenset(settings.FEED_PORTS)),
    )


# A feed.


def _feed(source: ImportSource, now: dt.datetime, start: bool) -> Look:
    # What was kept of it may have been deleted since; then it is wanted again, changed or not.
    has_some = source.imports.exists()
    got = fetch(
        source.address,
        rules(),
        etag=source.etag if has_some else "",
        last_modified=source.last_modified if has_some else "",
    )
    if got is None:
        _went_well(source)
        return Look(source, "Nothing has changed there.")
    with got.file:
        _refuse_pages(source, got)
        found = _keep(source, got, now, start)
    if got.moved_to:
        logger.info("The feed of “%s” has moved for good to %s", source, got.moved_to)
        found.told += f" The feed has moved for good to {got.moved_to}: give that as the source’s address."
    return found


def _refuse_pages(source: ImportSource, got: Fetched) -> None:
    """Raises FetchError for a web page, or a text, where a feed should be: an error page, or a wrong address."""
    head = got.file.read(HEAD)
    got.file.seek(0)
    found = sniff(_name_of(got), head).format
    if found == source.format or found not in ("page", "text"):
        return
    if found == "text":
        raise FetchError("There is no feed at the address, but plain text.")
    named = _feed_named_in(head, got.address)
    raise FetchError(
        "There is no feed at the address, but a web page."
        + (f" The page names this feed: {named}" if named else "")
    )


def _feed_named_in(page: bytes, address: str) -> str:
    try:
        links = html.document_fromstring(page).iter("link")
    except (etree.LxmlError, ValueError):
        return ""
    named = (joined(address, one.get("href") or "") for one in links if one.get("type") in _FEEDS)
    return next(filter(None, named), "")


def _keep(source: ImportSource, got: Fetched, now: dt.datetime, start: bool) -> Look:
    digest = _digest(got.file)
    with transaction.atomic():
        held = ImportSource.objects.select_for_update().filter(pk=source.pk, address=source.address).first()
        if held is None:
            return Look(source, "It was given another address meanwhile.")
        last = held.imports.order_by("-id").first()
        is_same = last is not None and last.sha256 == digest
        if last and is_same and last.stage == Import.Stage.FAILED:
            raise FetchError(f"{_UNREADABLE} {last.error}")
        if is_same:
            _went_well(source, etag=got.etag, last_modified=got.last_modified)
            return Look(source, "Nothing has changed there.")
        # Whether it went well, reading it will tell.
        _note(source, etag=got.etag, last_modified=got.last_modified, rests_until=None)
        return Look(source, "It has changed.", imports=[_upload(held, got.file, _name_of(got), now, start)])


def _name_of(got: Fetched) -> str:
    """The host and the end of the path: its ending tells of what kind it is, where the content does not."""
    parts = urlsplit(got.address)
    name = PurePosixPath(unquote(parts.path)).name or "feed"
    return "".join(one for one in f"{parts.hostname} {name}" if one.isprintable())


def _tell_unreadable(batch: Import, source: ImportSource) -> None:
    """Keep it for somebody to look at, in place of the one before that could not be read either."""
    for earlier in source.imports.filter(pk__lt=batch.pk, stage=Import.Stage.FAILED, read_at=None):
        orders.forget(earlier)
    error = f"{_UNREADABLE} {batch.error}"
    _note(source, etag="", last_modified="", failures=source.failures + 1, error=error)


# A folder.


def _folder(source: ImportSource, now: dt.datetime, start: bool) -> Look:
    found = Look(source)
    known = changing = 0
    errors: list[str] = []
    with Folder(Path(settings.IMPORT_FOLDER), source.folder) as folder:
        there = folder.look(now.timestamp())
        for one in there.arrived:
            try:
                batch = _take_in(source, folder, one, now, start)
            except StillChanging:
                changing += 1
            except FolderError as error:
                errors.append(str(error))
            else:
                known += batch is None
                found.imports += [batch] if batch else []
    errors += [f"“{shown(name)}” is no plain file, and is not read." for name in there.not_files]
    changing += len(there.still_changing)
    found.told = f"Files taken in: {len(found.imports)}."
    found.told += f" Here already: {known}." if known else ""
    found.told += f" Not whole yet: {changing}." if changing else ""
    found.error = " ".join(errors)
    _went_well(source, error=found.error)
    if changing and start:
        from articles.tasks import look_again_soon

        look_again_soon(source.pk)
    return found


def _take_in(
    source: ImportSource, folder: Folder, one: Arrived, now: dt.datetime, start: bool
) -> Import | None:
    """The import that is made of a file; None if there is one from before. The file goes to `done`."""
    name = shown(one.name)[-255:]
    if one.size > settings.IMPORT_LARGEST:
        raise FolderError(f"“{name}” has more than {settings.IMPORT_LARGEST / 1024**2:g} MB. Split it.")
    made: Import | None = None
    try:
        with transaction.atomic(), folder.opened(one) as file:
            digest = _digest(file)
            held = ImportSource.objects.select_for_update().get(pk=source.pk)
            known = source.imports.filter(name=name, sha256=digest).order_by("-id").first()
            if known is None:
                made = _upload(held, file, name, now, start)
    except StillChanging:
        if made:
            made.file.delete(save=False)
        raise
    taken = made or known
    assert taken is not None
    folder.put_away(one, str(taken.pk))
    return made


# Writing it down.


def _upload(source: ImportSource, file: BinaryIO, name: str, now: dt.datetime, start: bool) -> Import:
    batch = orders.upload(file, name, now=now, source=source, start=False)
    if start:
        from articles.tasks import have_read

        have_read(batch.pk, source_id=source.pk)
    return batch


def _digest(file: Any) -> str:
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest


def _went_well(source: ImportSource, *, error: str = "", **more: str) -> None:
    _note(source, failures=0, error=error, rests_until=None, **more)


def _note(source: ImportSource, **values: Any) -> None:
    for name, value in values.items():
        setattr(source, name, value)
    ImportSource.objects.filter(pk=source.pk).update(**values)


def _failed(source: ImportSource, error: Exception, now: dt.datetime) -> Look:
    said = str(error)
    known = error if isinstance(error, FetchError) else FetchError(said)
    if known.is_gone:
        said += " It is not watched any more."
        _note(source, is_watched=False)
    rests_until = now + dt.timedelta(seconds=known.rest) if known.rest else None
    _note(source, failures=source.failures + 1, error=said, rests_until=rests_until)
    logger.warning("The source “%s” could not be looked at: %s", source, said)
    return Look(source, error=said)


# What an import adds to the one before.


def _told_before(batch: Import, now: dt.datetime) -> str:
    """Delete the import, or the one before it that waits, if the other one says all that it does; "" if it stays."""
    source = batch.source
    assert source is not None
    earlier = source.imports.filter(pk__lt=batch.pk, read_at__isnull=False)
    before = earlier.exclude(stage=Import.Stage.CANCELLED).order_by("-id").first()
    if not _adds(batch, before):
        _drop(batch, now)
        return "There is nothing new in it."
    is_waiting = before is not None and before.stage == Import.Stage.READ
    if before and is_waiting and _is_untouched(before, source) and not _adds(before, batch):
        _drop(before, now)
    return ""


def _adds(batch: Import, other: Import | None) -> bool:
    """Whether it has anything to apply, or refuses anything, that the other one does not."""
    rows = ImportRow.objects.filter(batch=batch)
    if _would_link(batch):
        return True
    there = ImportRow.objects.filter(batch=other) if other else ImportRow.objects.none()
    if other and other.stage != Import.Stage.READ:
        there = there.rejected()  # what it changed is the past: the feed may have gone back to it
    twin = there.filter(
        Q(draft=OuterRef("draft")) | Q(outcome=ImportRow.Outcome.REJECTED),
        digest=OuterRef("digest"),
        headline=OuterRef("headline"),
        reason=OuterRef("reason"),
    )
    return rows.exclude(outcome=ImportRow.Outcome.SAME).exclude(Exists(twin)).exists()


def _would_link(batch: Import) -> bool:
    """Whether its stories lack articles that are here already, and that no import of its source put there before."""
    same = ImportRow.objects.filter(batch=batch, outcome=ImportRow.Outcome.SAME, target__isnull=False)
    put_there = ImportRow.objects.filter(
        target=OuterRef("target"), batch__source=batch.source_id, applied_at__isnull=False
    )
    return any(
        same.exclude(Exists(StoryArticle.objects.filter(story=story, article=OuterRef("target"))))
        .exclude(Exists(put_there.filter(batch__stories=story)))
        .exists()
        for story in batch.stories.order_by("id")
    )


def _is_untouched(batch: Import, source: ImportSource) -> bool:
    """Whether it is still as it was found: read as the source says, and nothing left out by a person."""
    stories = [set(one.stories.values_list("pk", flat=True)) for one in (batch, source)]
    return (
        batch.how_to_read() == source.how_to_read() and stories[0] == stories[1] and not batch.rows_left_out
    )


def _drop(batch: Import, now: dt.datetime) -> None:
    with transaction.atomic():
        orders.cancel(batch, now=now)
        orders.forget(batch)
