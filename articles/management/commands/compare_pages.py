from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from articles.importing import bring_in
from articles.models import Article
from articles.reading import ArticleDraft, ReadError, Refusal, read
from articles.reading.compare import (
    Beside,
    Comparison,
    compare_folder,
    pages_beside,
    pages_of,
    totals,
)

type Found = Iterator[ArticleDraft | Refusal]

SHOWN = 70
"""Characters of a paragraph that only a page or only a row has."""


class Command(BaseCommand):
    help = (
        "Read the saved pages of a folder and print how near they come to the gold in its articles.jsonl: "
        "headline, authors, instant within a minute, and the body's words. With --table also what they have in "
        "common with the rows of a table of the same articles, and whether an import of both, in either order, "
        "gives each article once. Nothing is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="Holds articles.jsonl and the pages that it names.")
        parser.add_argument("--table", type=Path, help="A file with the same articles, by external_id.")

    def handle(self, *args: Any, folder: Path, table: Path | None, **options: Any) -> None:
        try:
            self.beside_gold(folder)
            if table:
                self.beside_table(folder, table)
                self.imported(folder, table)
        except FileNotFoundError as error:
            raise CommandError(f"There is no {error.filename}.") from None
        except ReadError as error:
            raise CommandError(f"{table}: {error}") from None
        except (KeyError, ValueError) as error:
            raise CommandError(f"articles.jsonl is not as expected: {error}") from None

    # Beside the gold.

    def beside_gold(self, folder: Path) -> None:
        pages = list(compare_folder(folder))
        total = totals(pages)
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

    # Beside a table.

    def beside_table(self, folder: Path, table: Path) -> None:
        pages = list(pages_beside(folder, table))
        width = max(len(page.name) for page in pages)
        self.stdout.write(
            f"\n{'page and row':{width}}  headline  authors  instant  outlet  address  text",
            self.style.MIGRATE_HEADING,
        )
        for page in pages:
            self.stdout.write(f"{page.name:{width}}  {self._beside(page)}")
            for sign, paragraphs in (("+", page.added), ("−", page.lacking)):
                for paragraph in paragraphs if page.text == "other" else ():
                    self.stdout.write(f"    {sign} {paragraph[:SHOWN]}")
        texts = Counter(page.text for page in pages if not page.refused)
        other = [page for page in pages if page.text == "other" and not page.refused]
        self.stdout.write(
            f"\n{len(pages)} pages. The same in page and row: headline {sum(p.headline for p in pages)}, "
            f"authors {sum(p.authors for p in pages)}, instant {sum(p.instant is True for p in pages)} "
            f"({sum(p.instant is None for p in pages)} without one in page or row), "
            f"outlet {sum(p.outlet for p in pages)}, address {sum(p.address for p in pages)}. "
            f"Text: {texts['same']} the same, {texts['spaces']} but for spaces, {texts['other']} other: the page has "
            f"{sum(len(p.added) for p in other)} paragraphs more (+) and {sum(len(p.lacking) for p in other)} "
            "fewer (−)."
        )

    def _beside(self, page: Beside) -> str:
        if page.refused:
            return f"refused: {page.refused}"
        said = {True: "same", False: "other", None: "none"}
        text = page.text if page.text != "other" else f"+{len(page.added)} −{len(page.lacking)}"
        return (
            f"{said[page.headline]:8}  {said[page.authors]:7}  {said[page.instant]:7}  {said[page.outlet]:6}  "
            f"{said[page.address]:7}  {text}"
        )

    # Imported.

    def imported(self, folder: Path, table: Path) -> None:
        """Both, one after the other, in a transaction that is taken back."""

        def pages() -> Found:
            return (page for _, page in pages_of(folder))

        def rows() -> Found:
            return read(table, table.read_bytes())

        self.stdout.write("")
        for first, second in (((pages, "pages"), (rows, "table")), ((rows, "table"), (pages, "pages"))):
            with transaction.atomic():
                before = Article.objects.count()
                told = [self._brought_in(*one) for one in (first, second, second)]
                made = Article.objects.count() - before
                transaction.set_rollback(True)
            self.stdout.write(f"{'; '.join(told)} again. {made} articles were made.")

    def _brought_in(self, found: Callable[[], Found], what: str) -> str:
        outcomes: Iterable[Any] = bring_in(found(), now=timezone.now())
        counts = Counter("refused" if isinstance(one, Refusal) else str(one.outcome) for one in outcomes)
        said = ", ".join(f"{counts[name]} {name}" for name in ("new", "changed", "same", "refused"))
        return f"{what}: {said}"
