"""Raw text, as pasted from a page or taken from an archive: headline first, then what stood around the body."""

import datetime as dt
import re

from articles.reading.draft import ArticleDraft, Part, ReadError, make_draft, web_address
from articles.reading.furniture import sift
from articles.reading.lines import is_name, left_out, read_credit, read_line_over_text
from articles.reading.moments import read_moment
from articles.text import normalise, one_line

# Blocks after the headline in which a byline, a date or an image can stand, before the body has begun.
_HEAD_BLOCKS = 8
_LONGEST_HEADLINE = 300
_LONGEST_CAPTION = 400

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
    blocks = _blocks(raw)
    if not blocks:
        raise ReadError("The text is empty. Paste the headline, then the article.")
    reading = _Reading()
    if len(blocks[0][0]) <= _LONGEST_HEADLINE:
        blocks = reading.take_headline(blocks)
    body = reading.take_head(blocks)
    parts = reading.take_inner_images(body)
    sifted = sift(parts, byline=reading.fields.get("byline", ""), dateline=reading.fields.get("dateline", ""))
    reading.notes += sifted.notes
    moment = read_moment(reading.published, time_zone)
    if moment.note:
        reading.notes.append(moment.note)
    fields = reading.fields | {
        "byline": sifted.byline,
        "dateline": sifted.dateline,
        "author_bio": "\n\n".join(filter(str.strip, [reading.role, sifted.author_bio])),
    }
    try:
        return make_draft(sifted.parts, fields, published_at=moment.at, notes=reading.notes)
    except ValueError as error:
        raise ReadError(f"{error} Paste the headline, a blank line, then the article.") from None


def _blocks(raw: str) -> list[list[str]]:
    """The non-empty lines, block by block; a text without any blank line has its lines as blocks."""
    text = raw.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n\n").replace("\u2028", "\n")
    blocks = [
        [line.strip() for line in block.split("\n") if one_line(line)]
        for block in re.split(r"\n[^\S\n]*\n", text.removeprefix("\ufeff"))
    ]
    blocks = [block for block in blocks if block]
    if len(blocks) == 1:
        # One block: lines are paragraphs, unless the text is wrapped by hand.
        return [[line] for line in normalise("\n".join(blocks[0])).split("\n\n")]
    return blocks


class _Reading:
    """What has been read so far: the fields, the words of the date, the notes."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.published = ""
        self.role = ""
        self.notes: list[str] = []

    def take_headline(self, blocks: list[list[str]]) -> list[list[str]]:
        """Set the headline; a first block of several lines is a wrapped headline, or one with lines under it."""
        first, *rest = blocks[0]
        if label := _LABELLED.fullmatch(first):
            if _FIELD_OF[label["label"].lower()] != "headline":
                return blocks
            first = label["value"]
        self.fields["headline"] = one_line(first)
        return ([rest] if rest else []) + blocks[1:]

    def take_head(self, blocks: list[list[str]]) -> list[list[str]]:
        """Take what stands over the body; gives the blocks from the first that is body on."""
        self._take_bare_name(blocks)
        position = 0
        pending: list[str] = []  # a short block that a credit after it makes a caption
        while position < min(len(blocks), _HEAD_BLOCKS):
            lines = [self._unread(line) for line in blocks[position]]
            kept = [line for line in lines if line]
            image = self._take_image(kept, pending)
            if image:
                pending = []
            elif pending:
                break
            elif kept and kept != blocks[position]:
                blocks[position] = kept
                break
            elif kept:
                following = blocks[position + 1] if position + 1 < len(blocks) else []
                is_caption = (
                    len(" ".join(kept)) <= _LONGEST_CAPTION and following and read_credit(following[0])
                )
                if not is_caption or read_credit(following[0])[0]:  # type: ignore[index]
                    break
                pending = kept
            position += 1
        if pending:
            position -= 1
        return blocks[position:]

    def _take_bare_name(self, blocks: list[list[str]]) -> None:
        """A name alone under the headline, of nobody in the story, is the author's."""
        if len(blocks) < 2 or not is_name(name := blocks[0][0]) or _NOT_A_NAME.search(name):
            return
        others = " ".join(
            [self.fields.get("headline", ""), *blocks[0][1:], *(line for b in blocks[1:] for line in b)]
        )
        if name.split()[-1] not in others:
            self.fields["byline"] = name
            self.notes.append(f"The byline was taken from the line under the headline: {name}")
            blocks[0] = blocks[0][1:]

    def _unread(self, line: str) -> str:
        """Take a line over the body to its field; gives it back where it is none of those lines."""
        if label := _LABELLED.fullmatch(line):
            name = _FIELD_OF[label["label"].lower()]
            if name == "published" and not self.published and read_moment(label["value"]).understood:
                self.published = label["value"]
                return ""
            if name == "byline" and "byline" not in self.fields and len(label["value"]) <= 200:
                self.fields["byline"] = label["value"]
                return ""
            is_credit = read_credit(line) is not None
            if name not in ("published", "byline") and not is_credit and name not in self.fields:
                self.fields[name] = label["value"]
                return ""
        if web_address(line) and "url" not in self.fields:
            self.fields["url"] = line
            return ""
        if is_name(line) and "byline" not in self.fields and self.published:
            self.fields["byline"] = line
            return ""
        if read := read_line_over_text(line):
            if (read.byline and "byline" in self.fields) or (read.published and self.published):
                return line
            if read.byline:
                self.fields["byline"], self.role = read.byline, read.role
            self.published = self.published or read.published
            self.notes += read.notes
            return ""
        return line

    def _take_image(self, lines: list[str], pending: list[str]) -> bool:
        """Whether the lines are an image's caption and credit; they are then taken."""
        if not lines or len(lines) > 3 or sum(map(len, lines)) > _LONGEST_CAPTION + 150:
            return False
        read = read_credit(lines[-1])
        if read is None:
            return False
        caption = " ".join([*pending, *lines[:-1], read[0]]).strip()
        if "image_credit" in self.fields:
            self.notes.append(
                f"Another image: {caption} (credit: {read[1]})" if caption else f"Another credit: {read[1]}"
            )
            return True
        self.fields["image_credit"] = read[1]
        if caption:
            self.fields.setdefault("image_caption", caption)
        return True

    def take_inner_images(self, blocks: list[list[str]]) -> list[Part]:
        """The body's parts, without the captions and credits that stand between its paragraphs."""
        parts: list[Part] = []
        for lines in blocks:
            read = (
                read_credit(lines[-1])
                if len(lines) <= 3 and sum(map(len, lines)) <= _LONGEST_CAPTION
                else None
            )
            if read and len(lines[-1]) <= 200 and parts:
                caption = " ".join([*lines[:-1], read[0]]).strip()
                what = f"{caption} (credit: {read[1]})" if caption else read[1]
                self.notes.append(left_out("image in the text", what))
            else:
                parts += [("", paragraph) for paragraph in normalise("\n".join(lines)).split("\n\n")]
        return parts
