"""How near drafts of pages come to the gold, and to the rows of a table that tells of the same articles."""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles.reading import read
from articles.reading.draft import ArticleDraft, ReadError, Refusal
from articles.reading.lines import split_names
from articles.reading.moments import read_moment
from articles.text import one_line

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One page: what is right; precision, recall and F1 of the body's words; the refusal's reason, if any."""

    name: str
    headline: bool = False
    authors: bool = False
    instant: bool = False
    precision: float = 0.0
    recall: float = 0.0
    refused: str = ""

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Totals:
    """Shares over all pages, refused ones counted as wrong; `f1` is the mean of the pages' F1."""

    pages: int
    headline: float
    authors: float
    instant: float
    f1: float
    refused: int


def gold_body(row: Mapping[str, Any]) -> str:
    """The body of a gold row: its summary, then the headings and paragraphs of its sections."""
    sections = row.get("sections") or []
    return "\n\n".join(
        [
            *(row.get("summary") or []),
            *(words for s in sections for words in [*s["headline"], *s["paragraphs"]]),
        ]
    )


def word_overlap(found: str, gold: str) -> tuple[float, float]:
    """Precision and recall of the words of `found`, as a bag, against those of `gold`."""
    ours, theirs = Counter(_WORD.findall(found.lower())), Counter(_WORD.findall(gold.lower()))
    shared = (ours & theirs).total()
    return (shared / ours.total() if ours else 0.0, shared / theirs.total() if theirs else 0.0)


def same_instant(found: dt.datetime | None, gold: str) -> bool:
    """Whether the two are within a minute. A gold date without a zone is compared in the page's own zone."""
    if found is None:
        return False
    said = read_moment(gold).at or read_moment(gold, found.tzinfo).at
    return said is not None and abs(said - found) <= dt.timedelta(minutes=1)


def compare(row: Mapping[str, Any], outcome: ArticleDraft | Refusal) -> Comparison:
    """One page's outcome against its gold row (keys headline, authors, published_at, summary, sections)."""
    name = str(row.get("external_id") or row.get("url") or "")
    if isinstance(outcome, Refusal):
        return Comparison(name, refused=outcome.reason)
    precision, recall = word_overlap(outcome.text, gold_body(row))
    authors = {one_line(str(author)).casefold() for author in row.get("authors") or []}
    return Comparison(
        name,
        headline=outcome.headline == one_line(str(row["headline"])),
        authors={author.casefold() for author in split_names(outcome.byline)} == authors,
        instant=same_instant(outcome.published_at, str(row["published_at"])),
        precision=precision,
        recall=recall,
    )


def compare_folder(folder: Path) -> Iterator[Comparison]:
    """Read each page that articles.jsonl in the folder names under "html", and compare it with its row.

    FileNotFoundError where the folder has no such file.
    """
    for row in _gold(folder):
        yield compare(row, _page(folder / row["html"]))


def totals(comparisons: Iterable[Comparison]) -> Totals:
    """The shares over all pages; ValueError where there are none."""
    pages = list(comparisons)
    if not pages:
        raise ValueError("There is nothing to compare.")
    count = len(pages)
    return Totals(
        pages=count,
        headline=sum(page.headline for page in pages) / count,
        authors=sum(page.authors for page in pages) / count,
        instant=sum(page.instant for page in pages) / count,
        f1=sum(page.f1 for page in pages) / count,
        refused=sum(bool(page.refused) for page in pages),
    )


# A page beside the row of a table that tells of the same article.


@dataclass(frozen=True, slots=True)
class Beside:
    """What is the same on a page and in its row; `instant` is None where either of them has none.

    Texts are the same ("same"), the same but for their spaces ("spaces"), or other ("other"): then `added` are
    the paragraphs that only the page has, `lacking` those that only the row has.
    """

    name: str
    headline: bool = False
    authors: bool = False
    instant: bool | None = None
    outlet: bool = False
    address: bool = False
    text: str = "other"
    added: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    refused: str = ""


def beside(name: str, page: ArticleDraft | Refusal, row: ArticleDraft | Refusal) -> Beside:
    """What a page and a row have in common. Outlets are the same if their domains are: names are spelt variously."""
    if isinstance(page, Refusal):
        return Beside(name, refused=page.reason)
    if isinstance(row, Refusal):
        return Beside(name, refused=row.reason)
    instant = None
    if page.published_at and row.published_at:
        instant = abs(page.published_at - row.published_at) <= dt.timedelta(minutes=1)
    ours, theirs = _paragraphs(page.text), _paragraphs(row.text)
    text = "same" if page.text == row.text else "spaces" if list(ours) == list(theirs) else "other"
    return Beside(
        name,
        headline=page.headline == row.headline,
        authors=_people(page.byline) == _people(row.byline),
        instant=instant,
        outlet=page.outlet_domain == row.outlet_domain,
        address=page.url == row.url,
        text=text,
        added=tuple(said for squeezed, said in ours.items() if squeezed not in theirs),
        lacking=tuple(said for squeezed, said in theirs.items() if squeezed not in ours),
    )


def _people(byline: str) -> set[str]:
    return {name.casefold() for name in split_names(byline)}


def _paragraphs(text: str) -> dict[str, str]:
    """The paragraphs by their words, whatever stands between these."""
    return {" ".join(paragraph.split()): paragraph for paragraph in text.split("\n\n")}


def pages_beside(folder: Path, table: Path) -> Iterator[Beside]:
    """Each page that articles.jsonl in the folder names, beside the table's row with its external_id.

    FileNotFoundError where the folder has no such file, ReadError for a table that can't be read.
    """
    rows = {one.external_id: one for one in read(table, table.read_bytes()) if isinstance(one, ArticleDraft)}
    for name, page in pages_of(folder):
        row = rows.get(name, Refusal("The table has no such row."))
        yield beside(name, page, row)


def pages_of(folder: Path) -> Iterator[tuple[str, ArticleDraft | Refusal]]:
    """The pages that articles.jsonl in the folder names, each with its external_id there."""
    for row in _gold(folder):
        yield str(row.get("external_id", "")), _page(folder / row["html"])


def _gold(folder: Path) -> Iterator[dict[str, Any]]:
    with (folder / "articles.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _page(page: Path) -> ArticleDraft | Refusal:
    try:
        return next(read(page, page.read_bytes()))
    except ReadError as error:
        return Refusal(str(error))
