"""Raw text, as pasted from a page or taken from an archive: headline first, then what stood around the body."""

import datetime as dt
import re

from articles.reading.draft import (
    LONGEST_RAW_TEXT,
    ArticleDraft,
    ReadError,
    make_draft,
    too_long,
    web_address,
)
from articles.reading.furniture import sift
from articles.reading.lines import is_name, left_out, read_credit, read_line_over_text
from articles.reading.moments import read_moment
from articles.text import normalise, one_line

# Lines after the headline in which a byline, a date or an image can stand, before the body has begun.
_HEAD_LINES = 16
_LONGEST_HEADLINE = 300
_LONGEST_CAPTION = 400
# A block by itself before a credit is a caption only if it looks like one; else it is the first paragraph.
_LONE_CAPTION = re.compile('.{1,60}|.{1,160}(?<![.!?”"])')

# A bare line of such words under a headline is a section or a label, not an author.
_NOT_A_NAME = re.compile(
    r"\b(?:news|world|politics|business|sports?|opinion|crisis|live|updates?|analysis|exclusive|report|europe|"
    r"culture|tech|technology|science|health|money|explained|breaking|video|watch|editorial|comment|the|and)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"(?P<label>headline|title|author|byline|outlet|publisher|source|url|link|section|language|dateline|"
    r"published|date|caption|image caption|credit|image)\s*:\s+(?P<value>\S.*)",
    re.IGNORECASE,
)
_FIELD_OF = {
    "headline": "headline",
    "title": "headline",
    "author": "byline",
    "byline": "byline",
    "outlet": "outlet",
    "publisher": "outlet",
    "source": "outlet",
    "url": "url",
    "link": "url",
    "section": "section",
    "language": "language",
    "dateline": "dateline",
    "published": "published",
    "date": "published",
    "caption": "image_caption",
    "image caption": "image_caption",
    "credit": "image_credit",
    "image": "image_caption",
}


def read_plain_text(raw: str, *, time_zone: dt.tzinfo | None = None) -> ArticleDraft:
    """The draft of a pasted article; ReadError where there is nothing in it.

    Blocks are parted by blank lines. The first line is the headline. Up to the first line that can only be
    body, captions, credits, bylines and dates go to their fields; so do, at the end, the author's name, role
    and biography. What is neither body nor has a field goes to the notes; no word is dropped.
    """
    if len(raw) > LONGEST_RAW_TEXT:
        raise ReadError(too_long(len(raw)))
    lines = _lines(raw)
    if not lines:
        raise ReadError("The text is empty. Paste the headline, then the article.")
    reading = _Reading()
    body = reading.take_head(reading.take_headline(lines))
    sifted = sift(
        [("", paragraph) for paragraph in reading.take_inner_images(body)],
        byline=reading.fields.get("byline", ""),
        dateline=reading.fields.get("dateline", ""),
    )
    moment = read_moment(reading.published, time_zone)
    fields = reading.fields | {
        "byline": sifted.byline,
        "dateline": sifted.dateline,
        "author_bio": "\n\n".join(filter(None, [reading.role, sifted.author_bio])),
    }
    notes = [*reading.notes, *sifted.notes, *([moment.note] if moment.note else [])]
    try:
        return make_draft(sifted.parts, fields, published=moment, notes=notes)
    except ValueError as error:
        raise ReadError(f"{error} Paste the headline, a blank line, then the article.") from None


type _Line = tuple[int, str]
"""A line that is not empty, with the number of the block it stands in."""


def _lines(raw: str) -> list[_Line]:
    """The lines that say anything; in a text without blank lines, each paragraph is a block."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n\n").replace("\u2028", "\n")
    blocks = [
        [line.strip() for line in block.split("\n") if one_line(line)]
        for block in re.split(r"\n[^\S\n]*\n", text.removeprefix("\ufeff"))
    ]
    blocks = [block for block in blocks if block]
    if len(blocks) == 1:
        blocks = [[paragraph] for paragraph in normalise("\n".join(blocks[0])).split("\n\n")]
    return [(number, line) for number, block in enumerate(blocks) for line in block]


class _Reading:
    """What has been read so far: the fields, the words of the date, the notes."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.published = ""
        self.role = ""
        self.notes: list[str] = []

    def take_headline(self, lines: list[_Line]) -> list[_Line]:
        """Set the headline, if the first line is none that says it is something else, and no paragraph."""
        (block, first), *rest = lines
        label = _LABELLED.fullmatch(first)
        if len(first) > _LONGEST_HEADLINE or (label and _FIELD_OF[label["label"].lower()] != "headline"):
            return lines
        headline = label["value"] if label else first
        while rest and rest[0][0] == block and rest[0][1][0].islower():
            headline += " " + rest.pop(0)[1]
        self.fields["headline"] = one_line(headline)
        return rest

    def take_head(self, lines: list[_Line]) -> list[_Line]:
        """Take what stands over the body; gives the lines from the first that is body on."""
        self._take_bare_name(lines)
        position = 0
        while position < min(len(lines), _HEAD_LINES):
            _, line = lines[position]
            if self._take_line(line):
                position += 1
                continue
            captions = self._caption_lines(lines[position:])
            credit = read_credit(lines[position + captions][1]) if position + captions < len(lines) else None
            if credit is None or len(line) > _LONGEST_CAPTION + 150:
                break
            above = [words for _, words in lines[position : position + captions]]
            self._take_image(" ".join(filter(None, [*above, credit[0]])), credit[1])
            position += captions + 1
        return lines[position:]

    def _caption_lines(self, lines: list[_Line]) -> int:
        """How many lines are a caption to the credit that comes after them; 0 if a credit comes first, or none."""
        if read_credit(lines[0][1]):
            return 0
        length = len(lines[0][1])
        for number, (block, line) in enumerate(lines[:4]):
            if number and (read := read_credit(line)) and not read[0]:
                if block == lines[0][0]:
                    return number if length <= _LONGEST_CAPTION else 0
                return number if number == 1 and _LONE_CAPTION.fullmatch(lines[0][1]) else 0
            if block != lines[0][0]:
                return 0
            length += len(line) if number else 0
        return 0

    def _take_image(self, caption: str, credit: str) -> None:
        if "image_credit" not in self.fields:
            self.fields["image_credit"] = credit
            self.fields.setdefault("image_caption", caption)
        else:
            self.notes.append(left_out("another image", f"{caption} (credit: {credit})".strip()))

    def _take_bare_name(self, lines: list[_Line]) -> None:
        """A name alone under the headline, of nobody in the story, is the author's."""
        if len(lines) < 2 or not is_name(name := lines[0][1]) or _NOT_A_NAME.search(name):
            return
        others = " ".join([self.fields.get("headline", ""), *(line for _, line in lines[1:])])
        if name.split()[-1] not in others:
            self.fields["byline"] = name
            self.notes.append(f"The byline was taken from the line under the headline: {name}")
            del lines[0]

    def _take_line(self, line: str) -> bool:
        """Take a line over the body to its field; False where it is none of those lines."""
        label = _LABELLED.fullmatch(line)
        if (
            label
            and read_credit(line) is None
            and self._take_labelled(label["label"].lower(), label["value"])
        ):
            return True
        if web_address(line) and "url" not in self.fields:
            self.fields["url"] = line
            return True
        if is_name(line) and "byline" not in self.fields and self.published:
            self.fields["byline"] = line
            return True
        read = read_line_over_text(line)
        if not read or (read.byline and "byline" in self.fields) or (read.published and self.published):
            return False
        if read.byline:
            self.fields["byline"], self.role = read.byline, read.role
        self.published = self.published or read.published
        self.notes += read.notes
        return True

    def _take_labelled(self, label: str, value: str) -> bool:
        name = _FIELD_OF[label]
        if name == "published":
            if self.published or not read_moment(value).understood:
                return False
            self.published = value
            return True
        if name in self.fields:
            return False
        self.fields[name] = value
        return True

    def take_inner_images(self, lines: list[_Line]) -> list[str]:
        """The body's paragraphs, without the captions and credits that stand between them."""
        blocks: dict[int, list[str]] = {}
        for block, line in lines:
            blocks.setdefault(block, []).append(line)
        kept: list[str] = []
        for words in blocks.values():
            *above, last = words
            credit = (
                read_credit(last) if len(words) <= 3 and sum(map(len, words)) <= _LONGEST_CAPTION else None
            )
            if credit and kept:
                self._take_image(" ".join(filter(None, [*above, credit[0]])), credit[1])
            else:
                kept.append("\n".join(words))
        return normalise("\n\n".join(kept)).split("\n\n") if kept else []
