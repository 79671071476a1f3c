import json
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone

from articles.bulk import applying, orders, report, staging
from articles.importing import NOT_STATED, reasons
from articles.models import Article, Import, ImportRow, ImportSource, Outlet, Story, validate_time_zone
from articles.slugs import unique_slug

READABLE = {
    *(".txt", ".text", ".html", ".htm", ".xhtml", ".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson"),
    *(".xml", ".rss", ".rdf", ".atom", ".nitf", ".ninjs", ".tst", ".zip"),
}
"""What is taken from a folder; a file that is named is always tried."""

USAGE = 2
STOPPED = 130
BAR = 20
"""Characters."""
LISTED = 200
"""The most rows of a file of which each is told."""


class Command(BaseCommand):
    help = """Bring articles in from files: text, saved pages, CSV, JSONL, feeds, wire formats, or zips of these.

An article that is here already is not doubled: it is known by its address, else by its identifier at the
outlet, else by outlet, headline and day. What its source has changed is changed here; a changed text becomes a
new version. What an editor mended stays. The way is that of an upload in the admin, where each file is listed
afterwards: read, compared, then written, chunk by chunk.

Exit code: 0 when everything came in, 1 when something was refused, 2 for a wrong call, 130 when it was stopped by
Ctrl-C. On a terminal a bar tells how far it is."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="A file, or a folder with all it holds."
        )
        parser.add_argument(
            "--source",
            metavar="NAME",
            help="Read the files as this import source of the admin says; the next options go before it.",
        )
        parser.add_argument(
            "--story", metavar="SLUG", help="Add them to this story; made if it is not there."
        )
        parser.add_argument(
            "--outlet", metavar="NAME", help="Of the articles that name none; made if it is not there."
        )
        parser.add_argument(
            "--time-zone",
            metavar="ZONE",
            default="",
            help="Of dates that come without one, and of outlets that are made, such as Europe/London.",
        )
        parser.add_argument(
            "--language", default="", metavar="TAG", help="Of articles that name none, such as en-GB."
        )
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--apply", action="store_true", help="Read and write the articles; the default.")
        what.add_argument("--dry-run", action="store_true", help="Tell what would happen and write nothing.")
        parser.add_argument(
            "--all-or-nothing", action="store_true", help="Write nothing of a file in which a row is refused."
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="Write counts, times and refusals there, as JSON."
        )
        parser.add_argument(
            "--rejected",
            type=Path,
            metavar="FILE",
            help="Write the refused rows there, each with its reason, to be mended; for one PATH.",
        )

    def handle(self, **options: Any) -> None:
        self.verbosity: int = options["verbosity"]
        self.is_dry_run: bool = options["dry_run"]
        files = list(self.files(options["paths"]))
        if not files:
            raise CommandError("There is no file to import in there.", returncode=USAGE)
        if options["time_zone"]:
            try:
                validate_time_zone(options["time_zone"])
            except ValidationError as error:
                raise CommandError(reasons(error), returncode=USAGE) from None
        if options["rejected"] and len(files) > 1:
            raise CommandError("--rejected is for a single file.", returncode=USAGE)
        for path in filter(None, [options["report"], options["rejected"]]):
            try:
                path.open("ab").close()
            except OSError as error:
                raise CommandError(f"{path} can’t be written: {error.strerror}.", returncode=USAGE) from None
        counts: Counter[str] = Counter()
        reports: list[dict[str, Any]] = []
        with ExitStack() as kept:
            if options["dry_run"]:
                kept.enter_context(transaction.atomic())
                kept.callback(transaction.set_rollback, True)
            self.import_files(files, counts, reports, **options)
        held_back = counts.pop("held back", 0)
        read_in_all = counts.total()
        balance = (
            f"{read_in_all} read = {counts['new']} new + {counts['changed']} changed + {counts['same']} same"
            f" + {counts['rejected']} refused"
        )
        self.stdout.write(balance)
        if options["dry_run"]:
            self.stdout.write("That was a dry run: nothing was written.")
        if options["report"]:
            told = {"balance": balance, "dry_run": options["dry_run"], "files": reports}
            options["report"].write_text(
                json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
        wrong = [f"{counts['rejected']} of {read_in_all} refused."] if counts["rejected"] else []
        wrong += [f"Files of which nothing, or not all, was written: {held_back}."] if held_back else []
        if wrong:
            raise CommandError(" ".join(wrong), returncode=1)

    def import_files(
        self,
        files: list[Path],
        counts: Counter[str],
        reports: list[dict[str, Any]],
        *,
        source: str | None,
        story: str | None,
        outlet: str | None,
        time_zone: str,
        language: str,
        dry_run: bool,
        all_or_nothing: bool,
        rejected: Path | None,
        **_: Any,
    ) -> None:
        kept = self.source(source) if source else None
        stories = [self.story(story)] if story else []
        given: dict[str, Any] = {
            "outlet": self.outlet(outlet, time_zone) if outlet else None,
            "time_zone": time_zone,
            "language": language,
            "policy": Import.Policy.ALL_OR_NOTHING if all_or_nothing else None,
        }
        given = {name: value for name, value in given.items() if value}
        for number, path in enumerate(files, start=1):
            self.about = f"{path.name} ({number} of {len(files)})" if len(files) > 1 else path.name
            try:
                with path.open("rb") as file:
                    batch = orders.upload(
                        file,
                        path.name,
                        now=timezone.now(),
                        stories=stories,
                        start=False,
                        source=kept,
                        **given,
                    )
            except OSError as error:
                counts["rejected"] += 1
                self.say(f"refused  {path}: {error}")
                reports.append({"file": str(path), "error": str(error)})
                continue
            try:
                batch = self.bring_in(batch)
                self.tell(path, batch)
                for outcome in ("new", "changed", "same", "rejected"):
                    counts[outcome] += getattr(batch, f"rows_{outcome}")
                counts["rejected"] += batch.read_at is None and not batch.rows_rejected  # the file as a whole
                counts["held back"] += batch.read_at is not None and batch.stage != Import.Stage.REPORTED
                reports.append(report.summary(batch) | {"file": str(path)})
                if rejected:
                    with rejected.open("wb") as out:
                        report.write_rejected(batch, out)
            finally:
                if dry_run:
                    batch.file.delete(save=False)

    def bring_in(self, batch: Import) -> Import:
        """Through the same stages as an upload, in this process."""
        try:
            batch = staging.stage(batch.pk, tell=self.progress)
            if batch.stage == Import.Stage.READ:
                orders.apply(batch, now=timezone.now(), start=False)
                batch = applying.apply_rows(batch.pk, tell=self.progress)
        except orders.NotNow as refused:
            self.clear()
            self.say(f"         – {refused}")
        except KeyboardInterrupt:
            self.clear()
            self.stop(batch)
        self.clear()
        if batch.read_at and batch.error:
            self.say(f"         – {batch.error}")
        return batch

    def stop(self, batch: Import) -> NoReturn:
        """Leave the import cancelled, so that no worker goes on with it."""
        if self.is_dry_run:
            raise CommandError("Stopped. That was a dry run: nothing was written.", returncode=STOPPED)
        batch.refresh_from_db()
        if not batch.is_over:
            orders.cancel(batch, now=timezone.now())
            for work in (staging.stage, applying.apply_rows):  # whichever had it finds that it is to stop
                batch = work(batch.pk)
        raise CommandError(
            f"Stopped at {batch}: {batch.rows_read:,} rows are read, {batch.rows_applied:,} articles written. "
            "Go on with it in Admin → Imports, or run this again.",
            returncode=STOPPED,
        )

    @cached_property
    def is_watched(self) -> bool:
        """Whether somebody sits before it."""
        return bool(self.verbosity and self.stderr.isatty())

    def progress(self, batch: Import) -> None:
        """Show on a terminal how far an import is, on one line."""
        if not self.is_watched:
            return
        is_applying = batch.stage == Import.Stage.APPLYING
        share, left = batch.share_done, batch.seconds_left
        bar = "█" * round(share * BAR)
        line = f"{share:4.0%} [{bar:·<{BAR}}] {'writing' if is_applying else 'reading'} {self.about}: "
        line += (
            f"{batch.applied_to if is_applying else batch.rows_read:,} rows, {batch.rows_per_second:,.0f}/s"
        )
        line += f", {clock(left)} left" if left is not None else ""
        width = get_terminal_size().columns - 1
        self.stderr.write(f"\r\x1b[K{line[:width]}", style_func=str, ending="")
        self.stderr.flush()

    def clear(self) -> None:
        if self.is_watched:
            self.stderr.write("\r\x1b[K", style_func=str, ending="")
            self.stderr.flush()

    def tell(self, path: Path, batch: Import) -> None:
        """Print what became of the rows: of each in a small file, of the refused and changed in a long one."""
        if batch.read_at is None:
            self.say(f"refused  {path}: {batch.error}")
        rows = ImportRow.objects.filter(batch=batch).order_by("number").defer("text")
        if batch.rows_read > LISTED:
            rows = rows.filter(outcome__in=["rejected", "changed"])
            self.say(f"{path}: more than {LISTED} rows; those that are refused or changed are:")
        whole = rows.select_related("target__outlet", "target__current_version")
        for row in whole.defer("text", "target__search", "target__current_version__text").iterator(200):
            self.tell_row(path, row)

    def tell_row(self, path: Path, row: ImportRow) -> None:
        article = row.target
        if row.outcome == ImportRow.Outcome.REJECTED or article is None:
            where = f"{row.where}: " if row.where else ""
            about = f" [{row.headline}]" if row.headline else ""
            self.say(f"{'refused' if row.reason else row.outcome:8} {path}: {where}{row.reason}{about}")
            return
        told = f"{row.outcome:8} {path}: {article.headline} ({article.outlet}, {dated(article)})"
        if row.outcome == ImportRow.Outcome.CHANGED:
            told += f"; {', '.join(name.replace('_', ' ') for name in row.changed_fields)}"
            if "text" in row.changed_fields and article.current_version:
                told += f"; version {article.current_version.number}"
        self.say(told)
        for note in row.notes:
            self.say(f"         – {note}")
        if article.outlet.name == NOT_STATED and row.outcome == ImportRow.Outcome.NEW:
            self.say("         – Import it again with --outlet NAME to say which outlet it was.")

    def say(self, line: str) -> None:
        if self.verbosity:
            self.stdout.write(line)

    def files(self, paths: list[Path]) -> Iterator[Path]:
        for path in paths:
            if path.is_dir():
                yield from sorted(one for one in path.rglob("*") if one.is_file() and is_readable(one))
            elif path.is_file():
                yield path
            else:
                raise CommandError(f"There is no {path}.", returncode=USAGE)

    def source(self, name: str) -> ImportSource:
        found = ImportSource.objects.filter(name=name).first()
        if found is None:
            known = ", ".join(f"“{one}”" for one in ImportSource.objects.order_by("name")[:20])
            raise CommandError(
                f"There is no import source “{name}”. "
                + (f"There are {known}." if known else "There is none."),
                returncode=USAGE,
            )
        return found

    def story(self, slug: str) -> Story:
        try:
            validate_slug(slug)
        except ValidationError:
            raise CommandError(
                f"“{slug}” is no slug. Use letters, digits and hyphens, such as huawei-5g.", returncode=USAGE
            ) from None
        title = slug.replace("-", " ").replace("_", " ").strip().capitalize() or slug
        story, made = Story.objects.get_or_create(
            slug=slug, defaults={"title": title, "changed_at": timezone.now()}
        )
        if made:
            self.say(f"The story “{story.title}” ({slug}) is new: a draft. Give it its title and publish it.")
        return story

    def outlet(self, name: str, time_zone: str) -> Outlet:
        if known := Outlet.objects.named(name):
            return known
        made = Outlet(name=name.strip(), slug=unique_slug(Outlet.objects.all(), name, fallback="outlet"))
        made.time_zone = time_zone or made.time_zone
        try:
            made.full_clean()
        except ValidationError as error:
            raise CommandError(reasons(error), returncode=USAGE) from None
        made.save()
        self.say(f"The outlet “{made}” is new, with the time zone {made.time_zone}.")
        return made


def is_readable(path: Path) -> bool:
    name = Path(path.name.removesuffix(".gz"))
    return name.suffix.lower() in READABLE and not name.name.startswith(".")


def clock(seconds: float) -> str:
    """Such as 0:07 or 12:30."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def dated(article: Article) -> str:
    day = article.published_on
    return f"{day.day} {day:%B %Y}" if day else "undated"
