import json
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone

from articles.bulk import applying, orders, report, staging
from articles.importing import NOT_STATED, reasons
from articles.models import Article, Import, ImportRow, Outlet, Story, validate_time_zone
from articles.slugs import unique_slug

READABLE = {
    *(".txt", ".html", ".htm", ".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson"),
    *(".xml", ".rss", ".atom", ".zip"),
}
"""What is taken from a folder; a file that is named is always tried."""

USAGE = 2
LISTED = 200
"""The most rows of a file of which each is told."""


class Command(BaseCommand):
    help = """Bring articles in from files: text, saved pages, CSV, JSONL, feeds, wire formats, or zips of these.

An article that is here already is not doubled: it is known by its address, else by its identifier at the
outlet, else by outlet, headline and day. What its source has changed is changed here; a changed text becomes a
new version. What an editor mended stays. The way is that of an upload in the admin, where each file is listed
afterwards: read, compared, then written, chunk by chunk.

Exit code: 0 when everything came in, 1 when something was refused, 2 for a wrong call."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, metavar="PATH", help="A file, or a folder with all it holds."
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
        counts: Counter[str] = Counter()
        reports: list[dict[str, Any]] = []
        with ExitStack() as kept:
            if options["dry_run"]:
                kept.enter_context(transaction.atomic())
                kept.callback(transaction.set_rollback, True)
            self.import_files(files, counts, reports, **options)
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
        if counts["rejected"]:
            raise CommandError(f"{counts['rejected']} of {read_in_all} refused.", returncode=1)

    def import_files(
        self,
        files: list[Path],
        counts: Counter[str],
        reports: list[dict[str, Any]],
        *,
        story: str | None,
        outlet: str | None,
        time_zone: str,
        language: str,
        dry_run: bool,
        all_or_nothing: bool,
        rejected: Path | None,
        **_: Any,
    ) -> None:
        stories = [self.story(story)] if story else []
        given = self.outlet(outlet, time_zone) if outlet else None
        policy = Import.Policy.ALL_OR_NOTHING if all_or_nothing else Import.Policy.ALL_BUT_REJECTED
        for path in files:
            try:
                with path.open("rb") as file:
                    batch = orders.upload(
                        file,
                        path.name,
                        now=timezone.now(),
                        stories=stories,
                        start=False,
                        outlet=given,
                        time_zone=time_zone,
                        language=language,
                        policy=policy,
                    )
            except OSError as error:
                counts["rejected"] += 1
                self.say(f"refused  {path}: {error}")
                reports.append({"file": str(path), "error": str(error)})
                continue
            try:
                batch = self.bring_in(path, batch)
                self.tell(path, batch)
                for outcome in ("new", "changed", "same", "rejected"):
                    counts[outcome] += getattr(batch, f"rows_{outcome}")
                counts["rejected"] += batch.read_at is None and not batch.rows_rejected  # the file as a whole
                reports.append(report.summary(batch) | {"file": str(path)})
                if rejected and batch.rows_rejected:
                    with rejected.open("wb") as out:
                        report.write_rejected(batch, out)
            finally:
                if dry_run:
                    batch.file.delete(save=False)

    def bring_in(self, path: Path, batch: Import) -> Import:
        """Through the same stages as an upload, in this process."""
        tell = self.progress(path)
        batch = staging.stage(batch.pk, tell=tell)
        if batch.stage == Import.Stage.READ:
            try:
                orders.apply(batch, now=timezone.now(), start=False)
            except orders.NotNow as refused:
                self.say(f"         – {refused}")
            else:
                batch = applying.apply_rows(batch.pk, tell=tell)
                if batch.error:
                    self.say(f"         – {batch.error}")
        if self.stderr.isatty():
            self.stderr.write("\r\x1b[K", ending="")
        return batch

    def progress(self, path: Path) -> Callable[[Import], None] | None:
        """Shows on a terminal how far an import is, on one line."""
        if not (self.verbosity and self.stderr.isatty()):
            return None

        def tell(batch: Import) -> None:
            rows = batch.applied_to if batch.stage == Import.Stage.APPLYING else batch.rows_read
            left = batch.seconds_left
            line = f"\r\x1b[K{path.name}: {batch.stage}, {rows:,} rows, {batch.share_done:.0%}"
            line += f", {batch.rows_per_second:,.0f} rows/s"
            self.stderr.write(line + (f", {left:,.0f} s left" if left is not None else ""), ending="")

        return tell

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


def dated(article: Article) -> str:
    day = article.published_on
    return f"{day.day} {day:%B %Y}" if day else "undated"
