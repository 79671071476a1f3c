import datetime as dt
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles.bulk import staging
from articles.models import ImportSource
from articles.sources import looking

USAGE = 2


class Command(BaseCommand):
    help = """Look at the import sources that are due: fetch their feeds, go through their folders.

What is new is read, and applied where the source is set so; else it waits in Admin → Imports. The worker does the
same by itself every minute; this is for a cron job where there is none, and for trying a source out.

Exit code: 0 when all went well, 1 when a source could not be looked at or what was found not be read, 2 for a
wrong call."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--source", action="append", default=[], metavar="NAME", help="Only this one; may be repeated."
        )
        parser.add_argument("--now", action="store_true", help="Also what is not due yet, or not watched.")

    def handle(self, *, source: list[str], now: bool, **_: Any) -> None:
        at = timezone.now()
        asked = self.sources(source)
        wanted = asked if now else [one for one in looking.due(at) if one in asked]
        failed = 0
        for one in wanted:
            failed += not self.look(one, at)
        if not wanted:
            self.tell_when(asked, at)
        if failed:
            raise CommandError(f"{failed} of {len(wanted)} failed.", returncode=1)

    def sources(self, names: list[str]) -> list[ImportSource]:
        """Those that are named, else all that this site looks at."""
        known = ImportSource.objects.exclude(address="", folder="").order_by("name", "id")
        if not names:
            return [one for one in known if not looking.why_off(one)]
        found = {one.name: one for one in known.filter(name__in=names)}
        for name in names:
            if name not in found:
                raise CommandError(
                    f"There is no source “{name}” with an address or a folder.", returncode=USAGE
                )
            if reason := looking.why_off(found[name]):
                raise CommandError(reason, returncode=USAGE)
        return list(found.values())

    def look(self, source: ImportSource, now: dt.datetime) -> bool:
        """Look, and read what there is; whether all went well."""
        found = looking.look(source, now=now, start=False)
        for line in filter(None, [found.told, found.error]):
            self.stdout.write(f"{source}: {line}")
        is_well = not found.error
        for batch in found.imports:
            read = staging.stage(batch.pk)
            counts = (
                f"{read.rows_read} read = {read.rows_new} new + {read.rows_changed} changed + "
                f"{read.rows_same} same + {read.rows_rejected} refused"
            )
            told = looking.settle(read, now=timezone.now())
            self.stdout.write(f"{source}: {read}: {counts if read.read_at else 'refused'}. {told}")
            is_well = is_well and read.read_at is not None
        return is_well

    def tell_when(self, sources: Iterable[ImportSource], now: dt.datetime) -> None:
        """Nothing was looked at: say why, or when it will be."""
        watched = [one for one in sources if one.is_watched]
        if watched:
            first = min(watched, key=lambda one: looking.next_look(one, now))
            at = timezone.localtime(looking.next_look(first, now))
            self.stdout.write(
                f"No source is due. The next is “{first}”, at {at:%H:%M on} {at.day} {at:%B %Y}."
            )
            return
        off = {looking.why_off(one) for one in ImportSource.objects.exclude(address="", folder="")} - {""}
        self.stdout.write(" ".join(sorted(off)) or "There is no source that is watched.")
