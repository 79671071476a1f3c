"""An entry of a feed or a wire file, once its format's reader has taken it apart, to a draft or a refusal."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from articles.reading.draft import NO_TEXT, ArticleDraft, Part, ReadError, Refusal, make_draft, storable
from articles.reading.furniture import sift
from articles.reading.lines import left_out, split_names
from articles.reading.markup import Fragment
from articles.reading.moments import read_moment
from articles.reading.rows import take_images
from articles.text import one_line

NO_OBJECT = "It is no object with named members. Leave it out."
SAVE_THE_PAGE = "Save the page itself in the browser and bring that in."
_BY = re.compile(r"^by:?\s+", re.IGNORECASE)
_CUT = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]$")
_CUT_SUMMARY = re.compile(
    r"(?:…|\.\.\.|\b(?:continue reading|read (?:more|on|the (?:rest|full)[\w ]{0,20})|weiterlesen|lire la suite)"
    r"\b[^.!?]{0,80})$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Entry:
    """What an entry gives. `fields` are a draft's; `published` is the date as it is written there.

    `refused` is why it is no article all the same; `summary` says that nothing but a summary was given as its
    text; `unused` names what it holds that has no field here.
    """

    fields: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    published: str = ""
    notes: list[str] = field(default_factory=list)
    refused: str = ""
    is_summary: bool = False
    unused: list[str] = field(default_factory=list)

    def take(self, found: Fragment) -> None:
        """Take a text that came with markup: its parts, its first picture, what is left out."""
        self.parts += found.parts
        take_images(found, self.fields, self.notes)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What a file holds that never was to be an article: "picture", "package"; in the singular."""

    kind: str


def outcome_of(
    entry: Entry, *, where: str, row: int, time_zone: dt.tzinfo | None, notes: Iterable[str] = ()
) -> ArticleDraft | Refusal:
    """The draft of an entry, or why it gives none."""

    def refusal(reason: str) -> Refusal:
        body = "\n\n".join(said for _, said in entry.parts)
        raw = {"headline": "", **entry.fields, "published_at": entry.published, "body": body}
        return Refusal(reason, where, storable({name: said for name, said in raw.items() if said}), row)

    if entry.refused:
        return refusal(entry.refused)
    if not entry.parts:
        return refusal(NO_TEXT)
    if reason := _cut(entry):
        return refusal(reason)
    fields = dict(entry.fields)
    fields["byline"] = _BY.sub("", fields.get("byline", "").strip(), count=1)
    given = re.sub(r"\s*[-–—]+\s*$", "", one_line(fields.get("dateline", "")))
    if read_moment(given).at:
        given = ""  # a time, where the place should be
    sifted = sift(entry.parts, byline=fields["byline"], outlet=fields.get("outlet", ""))
    told = [*notes, *entry.notes, *sifted.notes]
    if given and sifted.dateline and given.casefold() not in sifted.dateline.casefold():
        told.append(f"The source gives another dateline: {given}")
    fields |= {"byline": sifted.byline, "dateline": sifted.dateline or given}
    fields["author_bio"] = "\n\n".join(filter(None, [fields.get("author_bio", ""), sifted.author_bio]))
    moment = read_moment(entry.published, time_zone)
    if note := moment.note or ("" if entry.published else "The source gives no date of publication."):
        told.append(note)
    if entry.is_summary:
        told.append("The source gives this text as a summary: the article may be longer.")
    try:
        return make_draft(
            sifted.parts,
            fields,
            published=moment,
            notes=told,
            where=where,
            row=row,
            is_summary=entry.is_summary,
        )
    except ValueError as error:
        return refusal(str(error))


def _cut(entry: Entry) -> str:
    """Why the text is only the beginning of one, or ""."""
    last = entry.parts[-1][1].strip()
    if _CUT.search(last) or (entry.is_summary and _CUT_SUMMARY.search(last)):
        return f"Only the beginning of the text is there. {SAVE_THE_PAGE}"
    return ""


def outcomes(
    found: Iterator[Entry | PassedOver],
    *,
    time_zone: dt.tzinfo | None,
    file_notes: list[str],
    nothing: str,
) -> Iterator[ArticleDraft | Refusal]:
    """The drafts and refusals of a file's entries. ReadError where not one can be read, with the reason.

    `file_notes` and the names of what is not used go with the first draft; what was passed over is told with
    the last. `nothing` is what to say of a file without any entry.
    """
    passed: Counter[str] = Counter()
    held: ArticleDraft | Refusal | None = None  # until the next one comes: the last one tells what was passed
    is_first = True
    row = 0
    while True:
        try:
            entry = next(found, None)
        except ReadError as error:
            if held is None and not passed:
                raise
            if held:
                yield held
            reason = f"{error} What comes after it was not read."
            held = Refusal(reason, f"entry {row + 1}", row=row + 1)
            break
        if entry is None:
            break
        row += 1
        if isinstance(entry, PassedOver):
            passed[entry.kind] += 1
            continue
        first_notes: list[str] = []
        if is_first:
            first_notes = [*file_notes, *([f"Not used: {', '.join(entry.unused)}."] if entry.unused else [])]
        outcome = outcome_of(entry, where=f"entry {row}", row=row, time_zone=time_zone, notes=first_notes)
        is_first = is_first and isinstance(outcome, Refusal)
        if held:
            yield held
        held = outcome
    if held is None and not passed:
        raise ReadError(nothing)
    yield _last(held, passed)


def _last(held: ArticleDraft | Refusal | None, passed: Counter[str]) -> ArticleDraft | Refusal:
    """The last outcome of a file, which tells what was passed over in it."""
    what = ", ".join(f"{count} × {kind}" for kind, count in passed.most_common())
    if held is None:
        return Refusal(f"There is no article in it, only: {what}. Bring in the text.", row=1)
    told = f"Passed over in the file, as no articles: {what}."
    if not passed:
        return held
    if isinstance(held, ArticleDraft):
        return replace(held, notes=(*held.notes, told))
    return replace(held, reason=f"{held.reason} {told}")


def names_of(people: Iterable[str]) -> str:
    """The people as a byline: each once."""
    return ", ".join(dict.fromkeys(name for person in people for name in split_names(one_line(person))))


def summary_note(said: str, entry: Entry) -> list[str]:
    """The note that keeps a summary, unless the text says it, too."""
    words = one_line(said)
    text = one_line(" ".join(part for _, part in entry.parts))
    return [left_out("summary", words)] if words and words not in text else []
