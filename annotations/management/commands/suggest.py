import sys
import time
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from annotations.suggested import engine_name, read, unread
from annotations.suggesting import load_nlp
from articles.models import Article, Story
from articles.querysets import ArticleQuerySet

USAGE = 2
STOPPED = 130
BAR = 20
"""Characters."""


class Command(BaseCommand):
    help = """Look for quotes in articles and store what is found as suggestions.

Without options: in the articles of all stories that were not looked through yet, as the workers do by
themselves. An article is looked through once, and anew when its text or its date has changed; nothing that an
editor has accepted, changed or rejected is suggested again.

Exit code: 0 when all went well, 1 when the engine failed on an article, 2 for a wrong call, 130 when it was
stopped by Ctrl-C. What was stored until then stays, and the next run goes on from there."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--story", metavar="SLUG", help="Only in the articles of this story.")
        which.add_argument("--article", metavar="ID", type=int, help="Only in this article.")
        which.add_argument("--all", action="store_true", help="Also in articles that are in no story.")
        parser.add_argument(
            "--again",
            action="store_true",
            help="Also in what was looked through: after the engine got better.",
        )
        parser.add_argument(
            "--no-nlp", action="store_true", help="By rules alone, although spaCy is installed."
        )

    def handle(self, **options: Any) -> None:
        versions = list(
            self.articles(options["story"], options["article"], options["all"], options["again"])
            .newest_first()
            .values_list("current_version", flat=True)
        )
        nlp = None if options["no_nlp"] or not versions else load_nlp()
        counts: Counter[str] = Counter()
        failed: list[str] = []
        begun = time.monotonic()
        try:
            for number, version in enumerate(versions, 1):
                outcome = read(version, nlp=nlp, now=timezone.now(), again=options["again"])
                counts["articles"] += not outcome.was_read
                counts["new"] += outcome.added
                counts["corrected"] += outcome.corrected
                counts["put away"] += outcome.put_away
                if outcome.error:
                    failed.append(outcome.error)
                self.draw(number, len(versions), counts["new"])
        except KeyboardInterrupt:
            self.tell(counts, begun, engine_name(nlp))
            raise CommandError("Stopped. The next run goes on from here.", returncode=STOPPED) from None
        self.tell(counts, begun, engine_name(nlp))
        if failed:
            told = "; ".join(dict.fromkeys(failed))
            raise CommandError(
                f"The engine failed on {len(failed)} of {len(versions)} articles: {told}", returncode=1
            )

    def articles(
        self, story: str | None, article: int | None, everywhere: bool, again: bool
    ) -> ArticleQuerySet:
        """Those that are asked for; `read` leaves alone what was looked through already."""
        known = Article.objects.filter(current_version__isnull=False)
        if story is not None:
            if not Story.objects.filter(slug=story).exists():
                raise CommandError(f"There is no story “{story}”.", returncode=USAGE)
            return known.filter(stories__slug=story)
        if article is not None:
            if not known.filter(pk=article).exists():
                raise CommandError(f"There is no article {article}.", returncode=USAGE)
            return known.filter(pk=article)
        if everywhere:
            return known
        return known.filter(stories__isnull=False).distinct() if again else unread()

    def tell(self, counts: Counter[str], begun: float, engine: str) -> None:
        seconds = time.monotonic() - begun
        self.stdout.write(
            f"{counts['articles']} looked through: {counts['new']} new suggestions, "
            f"{counts['corrected']} corrected, {counts['put away']} put away "
            f"({engine}; {counts['articles'] / seconds if seconds else 0:.1f} articles a second)"
        )

    def draw(self, number: int, total: int, found: int) -> None:
        """The bar, on a terminal only."""
        if not sys.stderr.isatty():
            return
        filled = BAR * number // total
        end = "\n" if number == total else ""
        sys.stderr.write(f"\r[{'#' * filled}{' ' * (BAR - filled)}] {number} of {total}, {found} new{end}")
        sys.stderr.flush()
