"""Writing the rows of an import as articles, a chunk at a time, or all at once where it is all or nothing.

A chunk's articles, versions, story links and counts are one transaction, as in staging. Each row is compared anew
with what is here now, since days may lie between the preview and this: what it then turns out to be is what counts.
New articles go in by COPY: versions first, since their foreign key is checked at commit, then the articles with
their current version set, so that the search vector is made once. Everything else goes through importing.save.
"""

import json
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from articles.bulk.matching import ChunkHoldings, Defaults, Outlets, unpacked
from articles.bulk.staging import CHUNK_CHARACTERS, CHUNK_ROWS, Cancelled, TakenOver
from articles.importing import Outcome, Plan, reasons, save
from articles.models import Article, Import, ImportRow, Outlet, Story, Version
from articles.reading.draft import ArticleDraft
from articles.slugs import unique_slug

logger = logging.getLogger(__name__)

CLASHES = 5
"""How often a chunk is tried when somebody else writes the same articles at the same moment."""

_LOCKS = 0x6E65_7773_0000_0000
"""Advisory locks of ours are numbered from here, by import."""

_COUNTED = [
    "rows_new",
    "rows_changed",
    "rows_same",
    "rows_rejected",
    "rows_applied",
    "applied_to",
    "changed_at",
    "seconds_applying",
]

_ARTICLE = [field for field in Article._meta.concrete_fields if field.name != "search"]
_VERSION = list(Version._meta.concrete_fields)


def _copy_into(model: Any, columns: Sequence[Any]) -> str:
    named = ", ".join(f'"{field.column}"' for field in columns)
    return f'COPY "{model._meta.db_table}" ({named}) FROM STDIN'


_COPY_ARTICLES = _copy_into(Article, _ARTICLE)
_COPY_VERSIONS = _copy_into(Version, _VERSION)


class Refused(Exception):
    """All or nothing was asked for, and a row can't come in."""


def apply_rows(import_id: int, *, tell: Callable[[Import], None] | None = None) -> Import:
    """Apply from where applying stood, to the report, to a cancellation, or to a failure with its reason.

    `tell` hears of the import after each chunk.
    """
    batch = Import.objects.select_related("outlet").get(pk=import_id)
    if batch.stage != Import.Stage.APPLYING:
        return batch
    try:
        if batch.policy == Import.Policy.ALL_OR_NOTHING:
            _all_or_nothing(batch, tell)
        else:
            _to_the_end(batch, tell)
    except TakenOver:
        logger.info("Import %s: another worker has it, or it was stopped.", import_id)
    except Cancelled:
        _stop(batch, Import.Stage.CANCELLED, "")
    except Refused as error:
        _stop(batch, Import.Stage.FAILED, str(error))
    batch.refresh_from_db()
    return batch


def _to_the_end(batch: Import, tell: Callable[[Import], None] | None) -> None:
    work = _Work(batch)
    while batch.applied_to < batch.rows_read:
        work.chunk()
        if tell:
            tell(batch)
    with transaction.atomic():
        _hold(batch)
        now = timezone.now()
        Import.objects.filter(pk=batch.pk).update(
            stage=Import.Stage.REPORTED, reported_at=now, changed_at=now
        )


def _all_or_nothing(batch: Import, tell: Callable[[Import], None] | None) -> None:
    """Everything in one transaction. The import's own row is held only at its end, so that it can be cancelled."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCKS + batch.pk])
            if cursor.fetchone() != (True,):
                raise TakenOver
        begun = batch.applied_to
        work = _Work(batch, is_alone=True)
        while batch.applied_to < batch.rows_read:
            if Import.objects.filter(pk=batch.pk, cancel_requested=True).exists():
                raise Cancelled
            work.chunk()
            if tell:
                tell(batch)
        reached, batch.applied_to = batch.applied_to, begun
        _hold(batch)
        batch.applied_to = reached
        batch.stage, batch.reported_at, batch.changed_at = (
            Import.Stage.REPORTED,
            timezone.now(),
            timezone.now(),
        )
        batch.save(update_fields=[*_COUNTED, "stage", "reported_at"])


def _stop(batch: Import, stage: str, reason: str) -> None:
    Import.objects.filter(pk=batch.pk, stage=Import.Stage.APPLYING).update(
        stage=stage, error=reason, cancel_requested=False, changed_at=timezone.now()
    )


def _hold(batch: Import) -> None:
    """Lock the import; raises TakenOver unless it stands where this worker has brought it."""
    stands = (
        Import.objects.select_for_update()
        .values_list("stage", "applied_to", "cancel_requested")
        .get(pk=batch.pk)
    )
    if stands[:2] != (Import.Stage.APPLYING, batch.applied_to):
        raise TakenOver
    if stands[2]:
        raise Cancelled


class _Work:
    """What a worker keeps from chunk to chunk."""

    def __init__(self, batch: Import, *, is_alone: bool = False) -> None:
        self.batch = batch
        self.is_alone = is_alone
        self.defaults = Defaults.of(batch)
        self.stories = list(batch.stories.order_by("id"))
        self.outlets = Outlets()

    def chunk(self) -> None:
        for attempt in range(1, CLASHES + 1):
            before = {name: getattr(self.batch, name) for name in _COUNTED}
            try:
                with transaction.atomic():
                    _Chunk(self).apply()
                return
            except (IntegrityError, OperationalError) as error:
                # Somebody else wrote the same articles at this moment, or waited for us as we for them.
                if connection.connection is None or connection.connection.closed or attempt == CLASHES:
                    raise
                logger.info("Import %s: a chunk is tried again (%s)", self.batch.pk, type(error).__name__)
                self.outlets = Outlets()
                for name, value in before.items():
                    setattr(self.batch, name, value)


class _Chunk:
    """One transaction's rows."""

    def __init__(self, work: _Work) -> None:
        self.work = work
        self.batch = work.batch
        self.now = timezone.now()
        self.here = ChunkHoldings(work.outlets, work.defaults)
        self.pending: list[tuple[Plan, Version]] = []
        self.results: list[tuple[int, str, str, int | None, list[str]]] = []
        self.linked: list[int] = []

    def apply(self) -> None:
        started = time.monotonic()
        if not self.work.is_alone:
            _hold(self.batch)
        rows = self._rows()
        drafts = {row.number: unpacked(row) for row in rows if row.outcome != ImportRow.Outcome.REJECTED}
        self._take_turns(list(drafts.values()))
        self.here.gather(list(drafts.values()))
        self._number(rows)
        for row in rows:
            if row.number in drafts:
                self._row(row, drafts[row.number])
        self._write_pending()
        self._link()
        self._record(rows, started)

    def _rows(self) -> list[ImportRow]:
        """The next rows, as many as fit into a chunk; the texts of the rejected are not asked for."""
        after = ImportRow.objects.filter(batch=self.batch, number__gt=self.batch.applied_to).order_by(
            "number"
        )
        rows: list[ImportRow] = []
        characters = 0
        for row in after.only("number", "where", "outcome", "headline", "text", "draft")[
            :CHUNK_ROWS
        ].iterator(100):
            rows.append(row)
            characters += len(row.text)
            if characters > CHUNK_CHARACTERS:
                break
        return rows

    def _take_turns(self, drafts: Sequence[ArticleDraft]) -> None:
        """Lock the outlets, in one order: without an address, only looking tells whether an article is here."""
        found = {
            outlet.pk for draft in drafts if (outlet := self.here.outlet_of(draft)) is not None and outlet.pk
        }
        list(Outlet.objects.filter(pk__in=found).order_by("pk").select_for_update(no_key=True))

    def _number(self, rows: Sequence[ImportRow]) -> None:
        """Numbers for the articles and versions to come, taken from their sequences at once."""
        wanted = sum(row.outcome == ImportRow.Outcome.NEW for row in rows)
        self.numbers = iter(_next_numbers(Article, wanted))
        self.version_numbers = iter(_next_numbers(Version, wanted))

    def _row(self, row: ImportRow, draft: ArticleDraft) -> None:
        try:
            made = self.here.plan(draft, is_checked=row.outcome == ImportRow.Outcome.NEW)
            outcome = str(made.outcome)
            if outcome == Outcome.NEW:
                self._take_in(made)
            is_untouched = outcome == Outcome.SAME and made.article.as_imported == made.source
            if outcome == Outcome.NEW or is_untouched:
                article, changed = made.article.pk, list[str]()
            else:
                outcome, article, changed = self._save(draft)
        except ValidationError as error:
            told = reasons(error)
            if self.batch.policy == Import.Policy.ALL_OR_NOTHING:
                raise Refused(f"{row.where or f'Row {row.number}'}: {told}") from None
            self.results.append((row.number, "rejected", told, None, []))
            return
        self.linked.append(article)
        self.results.append((row.number, outcome, "", article, changed))

    def _take_in(self, made: Plan) -> None:
        article = made.article
        if article.outlet._state.adding:
            outlet = article.outlet
            outlet.slug = unique_slug(Outlet.objects.all(), outlet.name, fallback="outlet")
            outlet.save()
            article.outlet = outlet
            self.work.outlets.forget_made()
        number = next(self.numbers, None) or _next_numbers(Article, 1)[0]
        version = next(self.version_numbers, None) or _next_numbers(Version, 1)[0]
        self.here.accept(made, -number)
        current = article.current_version
        assert current is not None
        current.pk, current.article_id, current.recorded_at = version, number, self.now
        article.current_version = current
        article.recorded_at = self.now
        self.pending.append((made, current))

    def _save(self, draft: ArticleDraft) -> tuple[str, int, list[str]]:
        """The way of a single article, which is here already; what waits must be there before it."""
        self._write_pending()
        given = self.work.defaults
        saved = save(
            draft,
            now=self.now,
            outlet=given.outlet,
            time_zone=given.time_zone,
            language=given.language,
            identity=given.identity,
        )
        self.here.reload(saved.article.pk)
        self.work.outlets.forget_made()
        return str(saved.outcome), saved.article.pk, list(saved.changed)

    def _write_pending(self) -> None:
        if not self.pending:
            return
        with connection.cursor() as cursor:
            with cursor.copy(_COPY_VERSIONS) as copy:
                for _, version in self.pending:
                    copy.write_row([_plain(version, field) for field in _VERSION])
            with cursor.copy(_COPY_ARTICLES) as copy:
                for made, _ in self.pending:
                    copy.write_row([_plain(made.article, field) for field in _ARTICLE])
        self.pending.clear()

    def _link(self) -> None:
        if not (self.work.stories and self.linked):
            return
        with connection.cursor() as cursor:
            for story in self.work.stories:
                cursor.execute(
                    "INSERT INTO articles_storyarticle (story_id, article_id, added_at)"
                    " SELECT %s, one, %s FROM (SELECT DISTINCT unnest(%s::bigint[])) AS given (one) ORDER BY one"
                    " ON CONFLICT DO NOTHING",
                    [story.pk, self.now, self._to_link(story)],
                )
                if cursor.rowcount:
                    Story.objects.filter(pk=story.pk).update(changed_at=self.now)

    def _to_link(self, story: Story) -> list[int]:
        """All that came; of what no person brought, not what its source put there before: somebody took it out."""
        batch = self.batch
        if batch.source_id is None or batch.created_by_id is not None:
            return self.linked
        before = ImportRow.objects.filter(
            target__in=self.linked,
            applied_at__isnull=False,
            batch__source=batch.source_id,
            batch__stories=story,
        )
        return list({*self.linked} - {*before.exclude(batch=batch).values_list("target_id", flat=True)})

    def _record(self, rows: Sequence[ImportRow], started: float) -> None:
        """What became of the rows, and how far applying has come."""
        staged = {row.number: row.outcome for row in rows}
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE articles_importrow AS r SET outcome = g.outcome, reason = g.reason, target_id = g.target,"
                " changed_fields = CASE WHEN g.changed = '[]' THEN r.changed_fields ELSE g.changed::jsonb END,"
                " applied_at = CASE WHEN g.outcome = 'rejected' THEN NULL ELSE %s::timestamptz END"
                " FROM unnest(%s::int[], %s::text[], %s::text[], %s::bigint[], %s::text[])"
                " AS g (number, outcome, reason, target, changed)"
                " WHERE r.batch_id = %s AND r.number = g.number",
                [
                    self.now,
                    [number for number, *_ in self.results],
                    [outcome for _, outcome, *_ in self.results],
                    [reason for _, _, reason, *_ in self.results],
                    [article for _, _, _, article, _ in self.results],
                    [json.dumps(changed) for *_, changed in self.results],
                    self.batch.pk,
                ],
            )
        moved = Counter[str]()
        for number, outcome, *_ in self.results:
            moved[outcome] += 1
            moved[staged[number]] -= 1
        batch = self.batch
        batch.rows_new += moved["new"]
        batch.rows_changed += moved["changed"]
        batch.rows_same += moved["same"]
        batch.rows_rejected += moved["rejected"]
        batch.rows_applied += sum(outcome in ("new", "changed") for _, outcome, *_ in self.results)
        batch.applied_to = rows[-1].number
        batch.changed_at = self.now
        batch.seconds_applying += time.monotonic() - started
        if not self.work.is_alone:
            batch.save(update_fields=_COUNTED)


def _next_numbers(model: Any, count: int) -> list[int]:
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def _plain(row: Any, field: Any) -> Any:
    """A field's value for COPY."""
    value = getattr(row, field.attname)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
