from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.reading.compare import Comparison, compare_folder, totals


class Command(BaseCommand):
    help = (
        "Read the saved pages of a folder and print how near they come to the gold in its articles.jsonl: "
        "headline, authors, instant within a minute, and the body's words. Nothing is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="Holds articles.jsonl and the pages that it names.")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            pages = list(compare_folder(folder))
            total = totals(pages)
        except FileNotFoundError as error:
            raise CommandError(f"There is no {error.filename}.") from None
        except (KeyError, ValueError) as error:
            raise CommandError(f"articles.jsonl is not as expected: {error}") from None
        width = max(len(page.name) for page in pages)
        self.stdout.write(
            f"{'page':{width}}  headline  authors  instant  precision  recall     F1",
            self.style.MIGRATE_HEADING,
        )
        for page in pages:
            self.stdout.write(f"{page.name:{width}}  {self._line(page)}")
        self.stdout.write(
            f"\n{total.pages} pages, {total.refused} refused. Headline {total.headline:.3f}, "
            f"authors {total.authors:.3f}, instant {total.instant:.3f}, body F1 {total.f1:.3f}."
        )

    def _line(self, page: Comparison) -> str:
        if page.refused:
            return f"refused: {page.refused}"
        right = ["right" if is_right else "wrong" for is_right in (page.headline, page.authors, page.instant)]
        return f"{right[0]:8}  {right[1]:7}  {right[2]:7}  {page.precision:9.2f}  {page.recall:6.2f}  {page.f1:5.3f}"
