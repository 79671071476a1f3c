"""docs/import-formats.md says what the readers do: its tables beside the code, its examples read."""

import datetime as dt
import re
from dataclasses import fields
from pathlib import Path

import pytest

from annotations.resources import ActorResource, AliasResource, ClaimResource, RoleResource
from annotations.tables import LARGEST, MOST_ROWS
from articles import exports, reading
from articles.reading import (
    COLUMNS,
    FORMATS,
    ArticleDraft,
    archive,
    jsontext,
    page,
    read,
    sniff,
    tables,
    xmltext,
)
from articles.reading.draft import LONGEST_RAW_FIELD, LONGEST_RAW_TEXT, LONGEST_TEXT
from articles.reading.moments import read_moment
from articles.reading.textlines import LARGEST_LINE

GUIDE = (Path(__file__).parents[2] / "docs" / "import-formats.md").read_text(encoding="utf-8")
DATA = Path(__file__).parents[1] / "data" / "reading"

LABELLED = """\
Council keeps the ferry

Source: The Harbour Post
URL: https://harbour.example/ferry
Date: 9 May 2019 10:00 BST
Section: Politics
Language: en-GB

LONDON, May 9 (Reuters) - The council met on Thursday, and decided to keep the night ferry.

It meets again next week, when the fares are to be settled.
"""

FIELDS = {one.name for one in fields(ArticleDraft)} | set(COLUMNS)

SAMPLES = {
    "ninjs": ["ninjs-1.json", "ninjs-3.json"],
    "JSON Feed": ["feed.json"],
    "RSS, RDF and Atom": ["feed.atom", "feed.rdf", "feed.rss"],
    "WordPress export": ["wordpress.xml"],
    "NewsML-G2": ["newsml-g2.xml"],
    "NewsML 1": ["newsml-1.xml"],
    "NITF": ["article.nitf.xml"],
    "ANPA 1312 and IPTC 7901": ["anpa.tst", "iptc.txt"],
    "Saved web pages": ["article.html", "plain.html"],
    "Plain text": ["pasted.txt"],
}


def section(heading: str) -> str:
    """What stands under a heading, to the next one."""
    match = re.search(
        rf"^##+ {re.escape(heading)}[^\n]*\n(?P<said>.*?)(?=^##|\Z)", GUIDE, re.MULTILINE | re.DOTALL
    )
    assert match, heading
    return match["said"]


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    lines = [line for line in section(heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def code(cell: str) -> str:
    return cell.strip("`")


def test_every_format_is_in_the_table_under_its_name() -> None:
    assert {code(key): name for key, name, *_ in rows("The formats")} == FORMATS


def test_every_field_is_in_the_table_with_the_names_of_its_column() -> None:
    said = {code(name): tuple(names.split(", ")) for name, _, names in rows("Tables and objects")}
    assert said == COLUMNS


def test_the_endings_that_are_named_tell_the_format() -> None:
    for key, _, known_by, _ in rows("The formats"):
        for ending in re.findall(r"`(\.\w+)`", known_by):
            words = b"headline\tbody\nA\tB\n" if code(key) == "tsv" else b"Some words\n"
            assert sniff(f"articles{ending}", words).format == code(key), ending


@pytest.mark.parametrize("heading", SAMPLES)
def test_the_fields_that_a_format_fills_are_those_of_its_table(heading: str) -> None:
    said = {code(name) for name, _ in rows(heading)}
    assert said <= FIELDS
    filled: set[str] = set()
    samples = [(name, (DATA / name).read_bytes()) for name in SAMPLES[heading]]
    samples += [("labelled.txt", LABELLED.encode())] if heading == "Plain text" else []
    for name, data in samples:
        drafts = [one for one in read(name, data) if isinstance(one, ArticleDraft)]
        assert drafts, name
        filled |= {
            {"text": "body", "published_day": "published_at"}.get(one.name, one.name)
            for draft in drafts
            for one in fields(draft)
            if getattr(draft, one.name) and one.name not in ("notes", "where", "row", "kinds", "is_summary")
        }
    if heading not in ("Plain text", "Saved web pages"):
        filled -= set() if "outlet_domain" in said else {"outlet_domain"}  # of the address, as everywhere
    assert filled <= said, "the table lacks these"
    assert len(filled) > len(said) / 2, "the samples show too little of it"


def test_the_example_reads_as_it_is_meant() -> None:
    example = re.search(r"```csv\n(.*?)```", GUIDE, re.DOTALL)
    assert example
    [draft] = read("example.csv", example[1].encode())
    assert isinstance(draft, ArticleDraft)
    assert draft.notes == ()
    assert (draft.headline, draft.byline, draft.external_id) == (
        "Council keeps the ferry",
        "Ada Quill",
        "a-1",
    )
    assert draft.text == "The council met on Thursday.\n\nIt decided to keep the ferry."
    assert draft.published_at == dt.datetime(2019, 5, 9, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(("written", "said"), rows("Dates"))
def test_dates_are_read_as_the_guide_says(written: str, said: str) -> None:
    moment, zoned = read_moment(code(written)), read_moment(code(written), dt.timezone(dt.timedelta(hours=1)))
    if said.startswith("that instant"):
        assert moment.at is not None
        assert moment.at.astimezone(dt.UTC).date() == dt.date(2019, 5, 9)
    elif said.startswith("read in the time zone"):
        assert moment.at is None
        assert zoned.at is not None
    else:
        assert zoned.at is None
        assert moment.understood == (not said.startswith("refused"))


def test_the_caps_are_those_of_the_code() -> None:
    said = [int(number.replace(",", "")) for _, number in rows("Caps")]
    assert said == [
        LONGEST_TEXT,
        LONGEST_RAW_TEXT,
        LONGEST_RAW_FIELD,
        tables.MOST_COLUMNS,
        LARGEST_LINE,
        jsontext.LARGEST_DOCUMENT,
        jsontext.DEEPEST_JSON,
        page.LARGEST_PAGE,
        reading.LARGEST_TEXT_FILE,
        xmltext.LARGEST_XML,
        reading.LARGEST_UNPACKED,
        archive.MOST_MEMBERS,
        archive.LARGEST_UNPACKED,
    ]


def test_exports_have_the_fields_of_the_table() -> None:
    assert set(exports.COLUMNS) == set(COLUMNS) - {"standfirst", "sections", "summary"}


def test_the_small_tables_have_the_columns_that_are_named() -> None:
    said = {name: columns.split(", ") for name, columns, _ in rows("Actors, aliases, roles, claims")}
    resources = {
        "actors": ActorResource,
        "aliases": AliasResource,
        "roles": RoleResource,
        "claims": ClaimResource,
    }
    assert said == {name: resource.columns() for name, resource in resources.items()}
    assert f"Up to {MOST_ROWS:,} rows and {LARGEST // 1024**2} MB" in section(
        "Actors, aliases, roles, claims"
    )
