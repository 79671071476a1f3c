"""What a reader makes of the material: a draft of an article, or a refusal that says why."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin, urlsplit

from articles.reading.moments import Moment
from articles.text import normalise, one_line

type Part = tuple[str, str]
"""A piece of the text: its kind (one of PART_KINDS, or "") and its words."""

PART_KINDS = ("heading", "list-item", "blockquote")

type Raw = str | dict[str, Any]
"""What was refused: its line as it stood, or its cells, members or fields by their names in the file."""

LONGEST_TEXT = 400_000
"""Characters: some 60,000 words, four times the longest news feature."""

LONGEST_RAW_TEXT = 1_000_000
"""Characters of a text as it comes, with its line breaks and spaces."""
LONGEST_RAW_FIELD = 100_000
"""Characters of any other field as it comes."""

NO_TEXT = "There is no text. Give it one, or leave it out."

# Longer than this, a field holds something else than its name says.
_LIMITS = {
    "headline": 500,
    "byline": 300,
    "dateline": 200,
    "section": 200,
    "outlet": 200,
    "image_credit": 300,
    "image_caption": 2_000,
    "external_id": 200,
}
_LONGEST_URL = 1_000
# What the database keeps of each field: that much of an exact one needs no look.
_STORED = (
    _LIMITS
    | dict.fromkeys(("url", "archive_url", "image_url"), _LONGEST_URL)
    | dict.fromkeys(("author_bio", "image_caption"), LONGEST_RAW_FIELD)
    | {"outlet_domain": 253, "language": 20, "newsdesk_id": 100}
)
_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|twclid|yclid|igshid|mc_[ce]id|_hs(?:enc|mi))(?:=|$)",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"([a-z]{2,3})((?:-[a-z0-9]{2,8})*)", re.IGNORECASE)
_THREE_LETTERS = {
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "rus": "ru",
    "nld": "nl",
    "ukr": "uk",
}


def lexicon(words: str) -> frozenset[str]:
    """The words of a string."""
    return frozenset(words.split())


class ReadError(ValueError):
    """The file as a whole can't be read; the message says what to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleDraft:
    """An article as read, nothing of it stored yet.

    `text` is canonical; `kinds` gives "heading", "list-item" or "blockquote" by paragraph number, from 0.
    `published_at` is aware, or None where the material names no instant; `published_day` is then the day that it
    names, if any, as YYYY-MM-DD: not enough to date the article, enough to know it again. `notes` tell the editor
    what could not be placed and what is worth a look. `is_summary` says that the source gives this text as no more
    than a summary. A field that is not known is empty. `newsdesk_id` is what an export of ours calls the article.
    `where` says where in the material it stood, for people ("row 12 (line 340)", "entry 4", "member feed.xml entry
    4"); `row` is the number in it, from 1.
    """

    headline: str
    text: str
    kinds: dict[int, str] = field(default_factory=dict)
    byline: str = ""
    author_bio: str = ""
    dateline: str = ""
    section: str = ""
    language: str = ""
    published_at: dt.datetime | None = None
    published_day: str = ""
    outlet: str = ""
    outlet_domain: str = ""
    url: str = ""
    archive_url: str = ""
    external_id: str = ""
    image_url: str = ""
    image_caption: str = ""
    image_credit: str = ""
    newsdesk_id: str = ""
    notes: tuple[str, ...] = ()
    is_summary: bool = False
    where: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row, line, entry or page that gives no article: why, where, and as it stood, to be mended.

    `where` and `row` are as in a draft; `raw` is what refusals.write_refusals writes out again.
    """

    reason: str
    where: str = ""
    raw: Raw = ""
    row: int = 0

    @property
    def about(self) -> str:
        """How it begins, on one line, for messages."""
        if isinstance(self.raw, str):
            return excerpt(self.raw)
        named = (self.raw.get(name) for name in ("headline", "title", "Headline", "Title"))
        words = [value for value in (*named, *self.raw.values()) if isinstance(value, str) and value.strip()]
        return excerpt(words[0]) if words else ""


def storable(value: Any) -> Any:
    """`value` (as JSON has it) without what PostgreSQL can't keep: NULs and halves of surrogate pairs."""
    if isinstance(value, str):
        return value if value.isprintable() else _UNSTORABLE.sub("\ufffd", value.replace("\x00", ""))
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, dict):
        return {storable(str(name)): storable(item) for name, item in value.items()}
    return value


_UNSTORABLE = re.compile("[\ud800-\udfff]")


def excerpt(raw: str, length: int = 200) -> str:
    """The beginning of `raw` on one line, for messages."""
    line = " ".join(raw[: length * 4].replace("\x00", "").split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def too_long(length: int) -> str:
    """Why a text of that many characters does not come in."""
    return f"The text has {length:,} characters; {LONGEST_TEXT:,} is the most. Bring it in as several."


def plain_parts(text: str) -> list[Part]:
    """The paragraphs of a text without markup. ValueError for one that is too long to look at."""
    if len(text) > LONGEST_RAW_TEXT:
        raise ValueError(too_long(len(text)))
    return [("", words) for words in normalise(text).split("\n\n") if words]


def compose(parts: Iterable[Part]) -> tuple[str, dict[int, str]]:
    """The canonical text of the parts, and the kinds of its paragraphs by number, from 0."""
    found: list[str] = []
    kinds: dict[int, str] = {}
    for kind, words in parts:
        for paragraph in filter(None, normalise(words).split("\n\n")):
            if kind:
                kinds[len(found)] = kind
            found.append(paragraph)
    return "\n\n".join(found), kinds


def web_address(raw: str) -> str:
    """`raw` if it is an absolute http or https address, else ""."""
    address = raw.strip()
    if len(address) > _LONGEST_URL or re.search(r"[\s\x00-\x1f\x7f<>\"]", address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme.lower() in ("http", "https") and parts.hostname else ""


def without_tracking(address: str) -> str:
    """The address without the parameters that only tell how somebody came there (utm_source, fbclid …)."""
    start, _, rest = address.partition("?")
    query, sign, fragment = rest.partition("#")
    given = query.split("&")
    kept = [part for part in given if not _TRACKING.match(part)]
    if len(kept) == len(given):
        return address
    return f"{start}{'?' if kept else ''}{'&'.join(kept)}{sign}{fragment}"


def joined(base: str, address: str) -> str:
    """The web address that a link means on the page `base`, else ""."""
    try:
        return web_address(urljoin(base, address.strip())) if address.strip() else ""
    except ValueError:
        return ""


def domain_of(url: str) -> str:
    """The host of a web address, without "www." or "www1."."""
    return re.sub(r"^www\d*\.", "", urlsplit(url).hostname or "") if web_address(url) else ""


def language_tag(raw: str) -> str:
    """The BCP 47 tag that `raw` means ("de_LU" → "de-LU", "eng" → "en"), else ""."""
    match = _LANGUAGE.fullmatch(raw.strip().replace("_", "-"))
    if not match or len(match[0]) > 20:
        return ""
    language = match[1].lower()
    rest = [part.upper() if len(part) == 2 else part for part in match[2].split("-")[1:]]
    return "-".join([_THREE_LETTERS.get(language, language), *rest])


def make_draft(
    parts: Sequence[Part],
    fields: dict[str, str],
    *,
    published: Moment | None = None,
    notes: Iterable[str] = (),
    where: str = "",
    row: int = 0,
    is_summary: bool = False,
    is_exact: bool = False,
) -> ArticleDraft:
    """A draft of the parts and the fields, each field checked; raises ValueError where there is no draft.

    A headline that is missing is taken from the text's first line, if that looks like one. A field that is
    too long is cut and kept whole in a note. An address that is none of the web is left out with a note.
    With `is_exact`, fields that can be stored are taken as they stand, and none is made of another.
    """
    told = list(notes)
    values = {name: value for name, value in fields.items() if value.strip()}
    parts = list(parts)
    if "headline" not in values and not is_exact:
        parts, values["headline"] = _headline_from(parts)
        told.append(
            "No headline was given: the first line of the text was taken."
            if values["headline"]
            else "No headline was given."
        )
    text, kinds = compose(parts)
    if not text:
        raise ValueError(NO_TEXT)
    if len(text) > LONGEST_TEXT:
        raise ValueError(too_long(len(text)))
    values = {
        name: value if is_exact and len(value) <= _STORED.get(name, 0) else _checked(name, value, told)
        for name, value in values.items()
    }
    if not values.get("outlet_domain") and values.get("url") and not is_exact:
        values["outlet_domain"] = domain_of(values["url"])
    values.setdefault("headline", "")
    return ArticleDraft(
        text=text,
        kinds=kinds,
        published_at=published.at if published else None,
        published_day=published.day.isoformat() if published and published.day and not published.at else "",
        notes=tuple(dict.fromkeys(one_line(note) for note in told)),
        is_summary=is_summary,
        where=where,
        row=row,
        **values,
    )


def _checked(name: str, value: str, told: list[str]) -> str:
    """The value of a field as it can be kept; what is changed in it is told. ValueError where it is none."""
    label = name.replace("_", " ")
    if len(value) > LONGEST_RAW_FIELD:
        raise ValueError(f"The {label} has {len(value):,} characters. See that it is in the right place.")
    if name == "author_bio":
        return normalise(value)
    if name in ("url", "archive_url", "image_url"):
        if not (address := web_address(value)):
            told.append(f"The {label} is no web address and was left out: {excerpt(value)}")
        return without_tracking(address) if name == "url" else address
    if name == "language":
        if not (tag := language_tag(value)):
            told.append(f"The language is not known: {excerpt(value)}")
        return tag
    line = one_line(value)
    if len(line) <= _LIMITS.get(name, 500):
        return line
    if name == "external_id":  # cut, it could be that of another article
        told.append(f"The identifier was shortened to a digest. In full: {line}")
        return "sha256:" + sha256(line.encode()).hexdigest()
    told.append(f"The {label} was cut. In full: {line}")
    return excerpt(line, _LIMITS.get(name, 500))


def _headline_from(parts: list[Part]) -> tuple[list[Part], str]:
    """The parts without their first line, and that line, if it reads as a headline over the rest."""
    text, _ = compose(parts[:1])
    first, _, rest = text.partition("\n\n")
    is_headline = 0 < len(first) <= 200 and not first.endswith((".", ":", ",", ";"))
    if is_headline and (rest or len(parts) > 1):
        return ([(parts[0][0], rest)] if rest else []) + parts[1:], first
    return parts, ""
