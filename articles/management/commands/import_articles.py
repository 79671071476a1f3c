from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone

from articles.importing import NOT_STATED, Outcome, Saved, bring_in, reasons
from articles.models import Outlet, Story, validate_time_zone
from articles.reading import read
from articles.reading.draft import ReadError, Refusal
from articles.slugs import unique_slug

READABLE = {".txt", ".html", ".htm", ".csv", ".tsv", ".json", ".jsonl", ".ndjson"}
"""What is taken from a folder; a file that is named is always tried."""

USAGE = 2


class Command(BaseCommand):
    help = """Bring articles in from files: raw text, saved web pages, CSV or JSONL.

An article that is here already is not doubled: it is known by its address, else by its identifier at the
outlet, else by outlet, headline and day. What its source has changed is changed here; a changed text becomes a
new version. What an editor mended stays.

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
        parser.add_argument(
            "--dry-run", action="store_true", help="Tell what would happen and write nothing."
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
        counts: Counter[str] = Counter()
        if options["dry_run"]:
            with transaction.atomic():
                self.import_files(files, counts, **options)
                transaction.set_rollback(True)
        else:
            self.import_files(files, counts, **options)
        read_in_all = counts.total()
        self.stdout.write(
            f"{read_in_all} read = {counts['new']} new + {counts['changed']} changed + {counts['same']} same"
            f" + {counts['refused']} refused"
        )
        if options["dry_run"]:
            self.stdout.write("That was a dry run: nothing was written.")
        if counts["refused"]:
            raise CommandError(f"{counts['refused']} of {read_in_all} refused.", returncode=1)

    def import_files(
        self,
        files: list[Path],
        counts: Counter[str],
        *,
        story: str | None,
        outlet: str | None,
        time_zone: str,
        language: str,
        **_: Any,
    ) -> None:
        stories = [self.story(story)] if story else []
        given = self.outlet(outlet, time_zone) if outlet else None
        zone = time_zone or (given.time_zone if given else None)
        for path in files:
            try:
                with path.open("rb") as file:
                    found = bring_in(
                        read(path.name, file, time_zone=zone),
                        now=timezone.now(),
                        stories=stories,
                        outlet=given,
                        time_zone=time_zone,
                        language=language,
                    )
                    for result in found:
                        counts[self.tell(path, result)] += 1
            except (OSError, ReadError) as error:
                counts[self.tell(path, Refusal(str(error)))] += 1

    def tell(self, path: Path, result: Saved | Refusal) -> str:
        """Print what happened to an article; gives back the word for it."""
        if isinstance(result, Refusal):
            where = f"{result.where}: " if result.where else ""
            about = f" [{result.about}]" if result.about else ""
            self.say(f"refused  {path}: {where}{result.reason}{about}")
            return "refused"
        article = result.article
        told = f"{result.outcome:8} {path}: {article.headline} ({article.outlet}, {dated(result)})"
        if result.outcome == Outcome.CHANGED:
            told += f"; {', '.join(name.replace('_', ' ') for name in result.changed)}"
            told += f"; version {result.version.number}" if "text" in result.changed else ""
        self.say(told)
        for note in result.notes:
            self.say(f"         – {note}")
        if article.outlet.name == NOT_STATED and result.outcome == Outcome.NEW:
            self.say("         – Import it again with --outlet NAME to say which outlet it was.")
        return result.outcome

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


def dated(result: Saved) -> str:
    day = result.article.published_on
    return f"{day.day} {day:%B %Y}" if day else "undated"
