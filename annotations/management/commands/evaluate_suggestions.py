import datetime as dt
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.suggesting import Tier, load_nlp, suggest
from annotations.suggesting.evaluation import Scores, prediction, resolved_dates, table


class Command(BaseCommand):
    help = (
        "Measure the suggestions against articles whose quotes or dates are marked: one JSON object a line, with "
        "id, date, text, quotes (content, speaker, cue, type, speech), dates (span, when or from and to). Nothing "
        "is stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("gold", type=Path, metavar="GOLD.jsonl")
        parser.add_argument(
            "--predictions", type=Path, metavar="OUT.jsonl", help="Write the suggestions there."
        )
        parser.add_argument(
            "--no-nlp", action="store_true", help="By rules alone, although spaCy is installed."
        )
        parser.add_argument(
            "--bare",
            action="store_true",
            help="Count quotations that nobody is named for, too: the marked ones all have a cue.",
        )

    def handle(self, **options: Any) -> None:
        gold, out_path = options["gold"], options["predictions"]
        if out_path and out_path.exists() and gold.exists() and out_path.samefile(gold):
            raise CommandError("The predictions would overwrite the marked articles: name another file.")
        nlp = None if options["no_nlp"] else load_nlp()
        if nlp is None and not options["no_nlp"]:
            self.stderr.write("spaCy with its small English model is not installed: by rules alone.")
        scores = Scores()
        bare = count = 0
        seconds = 0.0
        with ExitStack() as stack:
            out = stack.enter_context(self.opened(out_path)) if out_path else None
            for article in self.articles(gold):
                published = _day(article.get("date"))
                begun = time.process_time()
                made = suggest(article["text"], published=published, nlp=nlp)
                seconds += time.process_time() - begun
                kept = [one for one in made if options["bare"] or one.tier is not Tier.BARE]
                bare += len(made) - len(kept)
                days = resolved_dates(article["text"], published) if "dates" in article else []
                predicted = prediction(article["id"], kept, days)
                scores.add(article, predicted)
                count += 1
                if out:
                    out.write(json.dumps(predicted) + "\n")
        for line in table(scores):
            self.stdout.write(line)
        if bare:
            self.stdout.write(
                f"{bare} quotations without an attribution are offered besides, not counted above"
            )
        self.stdout.write(
            f"{count} articles, {count / seconds if seconds else 0:.1f} a second on a core, "
            f"{'with spaCy' if nlp else 'by rules alone'}"
        )

    def opened(self, path: Path) -> TextIO:
        try:
            return path.open("w", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error

    def articles(self, path: Path) -> Iterator[dict[str, Any]]:
        try:
            with path.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        yield self.article(line, f"{path}, line {number}")
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} cannot be read: it is not UTF-8.") from error

    def article(self, line: str, place: str) -> dict[str, Any]:
        try:
            article: dict[str, Any] = json.loads(line)
            _check(article)
        except ValueError as error:
            raise CommandError(f"{place} cannot be read: {error}.") from error
        return article


MARKED = {"quotes": ("content", "speaker", "type"), "dates": ("span",)}
"""What each quote and each date of an article must tell."""


def _check(article: Any) -> None:
    """Raises ValueError, with what is missing."""
    if not isinstance(article, dict):
        raise ValueError("this is no JSON object")
    if "id" not in article or not isinstance(article.get("text"), str):
        raise ValueError("an article needs an id and a text")
    _day(article.get("date"))
    for name, keys in MARKED.items():
        for one in article.get(name, []):
            if missing := [key for key in keys if key not in one]:
                raise ValueError(f"{name} need {', '.join(missing)}")


def _day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value[:10]) if value else None
