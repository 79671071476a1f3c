"""A record with named values (a table's row, a JSON object, an element) to a draft, by COLUMNS."""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from articles.reading.draft import (
    NO_TEXT,
    PART_KINDS,
    ArticleDraft,
    Part,
    Raw,
    Refusal,
    make_draft,
    plain_parts,
    storable,
    web_address,
)
from articles.reading.furniture import sift
from articles.reading.jsontext import loads
from articles.reading.lines import left_out, read_credit
from articles.reading.markup import Fragment, has_tags, is_markup, read_fragment
from articles.reading.moments import Moment, read_moment
from articles.text import one_line

HOW_TO_DATE = "Write it like 2019-05-09T10:00+01:00."
KINDS = "paragraph_kinds"
_NOT_FIELDS = frozenset(["body", "sections", "summary", "standfirst", "published_at", KINDS])
_NUMBER = re.compile(r"[1-9]\d{0,5}")
_BY = re.compile(r"^by:?\s+", re.IGNORECASE)
_DASH_AT_END = re.compile(r"\s*[-–—]+\s*$")


@dataclass(slots=True)
class Rows:
    """What is the same for all records of a file. `file_notes` go with the first draft."""

    time_zone: dt.tzinfo | None
    file_notes: list[str] = field(default_factory=list)

    def outcome(
        self, values: dict[str, Any], *, where: str, row: int, raw: Raw, notes: Sequence[str] = ()
    ) -> ArticleDraft | Refusal:
        """The draft of one record, given its values by field; `raw` is what a refusal keeps of it."""
        if KINDS in values:
            return self._as_exported(values, where=where, row=row, raw=raw, notes=notes)
        moment = read_moment(as_text(values.get("published_at")), self.time_zone)
        if not moment.understood:
            reason = f"Publication date: {moment.note} {HOW_TO_DATE}"
            return Refusal(reason, where, storable(raw), row)
        fields = {name: as_text(value) for name, value in values.items() if name not in _NOT_FIELDS}
        fields["byline"] = _BY.sub("", fields.get("byline", "").strip(), count=1)
        fields["dateline"] = _DASH_AT_END.sub("", fields.get("dateline", ""))
        if isinstance(values.get("section"), list):
            fields["section"] = as_text(values["section"][:1])
        told = [*notes, *_remarks(values, moment.note)]
        try:
            parts = _parts(values, fields, told)
            if not parts:
                return Refusal(NO_TEXT, where, storable(raw), row)
            sifted = sift(
                parts, byline=fields["byline"], dateline=fields["dateline"], outlet=fields.get("outlet", "")
            )
            fields["byline"], fields["dateline"] = sifted.byline, sifted.dateline
            if sifted.author_bio.strip():
                known = fields.get("author_bio", "")
                fields["author_bio"] = "\n\n".join(filter(None, [known, sifted.author_bio]))
            draft = make_draft(
                sifted.parts,
                fields,
                published=moment,
                notes=[*self.file_notes, *told, *sifted.notes],
                where=where,
                row=row,
            )
        except ValueError as error:
            return Refusal(str(error), where, storable(raw), row)
        self.file_notes = []
        return draft

    def _as_exported(
        self, values: dict[str, Any], *, where: str, row: int, raw: Raw, notes: Sequence[str]
    ) -> ArticleDraft | Refusal:
        """The draft of a record that says what its paragraphs are, as our exports do: taken as it stands.

        It was read once. What looks like markup, a dateline or an author's box in it is what somebody wants there.
        """
        moment = _exact_moment(as_text(values.get("published_at"))) or read_moment(
            as_text(values.get("published_at")), self.time_zone
        )
        if not moment.understood:
            reason = f"Publication date: {moment.note} {HOW_TO_DATE}"
            return Refusal(reason, where, storable(raw), row)
        fields = {name: storable(as_text(values[name])) for name in values if name not in _NOT_FIELDS}
        told = [*self.file_notes, *notes, *([moment.note] if moment.note else [])]
        try:
            kinds = _kinds(values[KINDS], told)
            body = values.get("body")
            text = said_in(body.parts) if isinstance(body, Fragment) else as_text(body)
            found = enumerate(plain_parts(storable(text)), start=1)
            parts = [(kinds.get(number, ""), words) for number, (_, words) in found]
            draft = make_draft(
                parts,
                fields,
                published=moment,
                notes=told,
                where=where,
                row=row,
                is_exact=True,
            )
        except ValueError as error:
            return Refusal(str(error), where, storable(raw), row)
        self.file_notes = []
        return draft


def _exact_moment(said: str) -> Moment | None:
    """The instant of ISO 8601 with its zone, to the microsecond; None for anything else."""
    try:
        at = dt.datetime.fromisoformat(said)
    except ValueError:
        return None
    return Moment(at, at.date()) if at.tzinfo and 1600 <= at.year <= 2200 else None


def kinds_said(kinds: Mapping[int, str]) -> str:
    """The kinds of a draft's paragraphs as a record says them."""
    return json.dumps({str(number + 1): kind for number, kind in sorted(kinds.items())})


def _kinds(value: Any, notes: list[str]) -> dict[int, str]:
    """The kinds of the paragraphs that have one, by their number, from 1."""
    said = _parsed(value)
    if not said:
        return {}
    if isinstance(said, dict) and all(
        _NUMBER.fullmatch(number) and kind in PART_KINDS for number, kind in said.items()
    ):
        return {int(number): kind for number, kind in said.items()}
    notes.append(
        f"The kinds of the paragraphs can’t be read, and were left out. Write them like "
        f'{{"1": "{PART_KINDS[0]}"}}; there are {", ".join(PART_KINDS)}.'
    )
    return {}


def take_images(found: Fragment, fields: dict[str, str], notes: list[str]) -> None:
    """The first picture of a text to the fields, if they name none; other captions to the notes."""
    has_picture = bool(fields.get("image_url") or fields.get("image_caption"))
    captions, credits = list(found.captions), list(found.credits)
    if not has_picture:
        fields["image_url"] = next(filter(None, map(web_address, found.images)), "")
        for caption in captions[:1]:
            fields["image_caption"], credit = read_credit(caption) or (caption, "")
            credits.append(credit)
        fields["image_credit"] = fields.get("image_credit") or next(filter(None, credits), "")
        del captions[:1]
    notes += [left_out("image caption", caption) for caption in captions]
    notes += [left_out("note to editors", words) for words in found.notes]


def said_in(parts: Sequence[Part]) -> str:
    """The words of the parts, as a text."""
    return "\n\n".join(words for _, words in parts)


def as_text(value: Any) -> str:
    """A cell's or a member's value as text; lists are joined with commas, objects give their name."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, (as_text(item) for item in value)))
    if isinstance(value, dict):
        return as_text(value.get("name") or value.get("title") or value.get("url"))
    return str(value)


def _remarks(values: Mapping[str, Any], date_note: str) -> list[str]:
    notes = [date_note] if date_note else []
    notes += [
        f"The column for the {label} is empty."
        for name, label in (("outlet", "outlet"), ("external_id", "identifier"))
        if name in values and not as_text(values[name]).strip()
    ]
    held = [
        name
        for name in ("headline", "body")
        if isinstance(text := values.get(name), str) and has_tags(text) and not is_markup(text)
    ]
    return [*notes, *(f"The {name} holds markup, and shows it as it stands." for name in held)]


def _parts(values: Mapping[str, Any], fields: dict[str, str], notes: list[str]) -> list[Part]:
    """The parts of a record's text: of its body, or of sections with their headings and paragraphs."""
    sections = _parsed(values.get("sections"))
    body = values.get("body")
    standfirst = as_text(values.get("standfirst"))
    if isinstance(body, list):
        sections, body = sections or body, None
    if isinstance(sections, list) and sections and not as_text(body).strip():
        # Where the text comes in sections, the summary is what the page shows over them.
        over = [standfirst, *_strings(_parsed(values.get("summary")))]
        parts: list[Part] = [("", words) for words in over if words.strip()]
        for section in sections:
            if isinstance(section, dict):
                parts += [
                    ("heading", words)
                    for words in _strings(section.get("headline") or section.get("heading"))
                ]
                parts += [("", words) for words in _strings(section.get("paragraphs") or section.get("text"))]
            else:
                parts += [("", words) for words in _strings(section)]
        return [(kind, words) for kind, words in parts if words.strip()]
    text = "" if isinstance(body, Fragment) else as_text(body)
    if isinstance(body, Fragment) or is_markup(text):
        found = body if isinstance(body, Fragment) else read_fragment(text)
        take_images(found, fields, notes)
        parts = found.parts
    else:
        parts = plain_parts(text)
    if parts and standfirst.strip() and one_line(standfirst) not in one_line(text or said_in(parts)):
        parts.insert(0, ("", standfirst))
    return parts


def _parsed(value: Any) -> Any:
    """JSON that a cell holds, or the value itself."""
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        try:
            return loads(value)
        except ValueError:
            return value
    return value


def _strings(value: Any) -> list[str]:
    return [as_text(item) for item in value] if isinstance(value, list) else [as_text(value)] if value else []
