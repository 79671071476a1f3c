"""Single lines that stand around an article: bylines, credits, dates, datelines, and what is in them."""

import re
from dataclasses import dataclass, field

from articles.reading.moments import read_moment


def alternatives(*phrases: str) -> str:
    """A regular expression of alternatives that are given a few to a string, parted by bars."""
    return "(?:" + "|".join(phrases) + ")"


# -- people ------------------------------------------------------------------------------------------------

_PARTICLE = "(?:de|del|della|der|den|di|da|dos|du|van|von|vom|zu|la|le|al|el|bin|ibn|ben|ter|ten|of|y|e)"
_CAPITALISED = "[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁЄІЇҐΑ-Ω][\\w.'’-]*"
NAME = rf"{_CAPITALISED}(?: (?:{_PARTICLE} )*{_CAPITALISED}){{1,3}}"
_IS_NAME = re.compile(NAME)
_SEPARATOR = re.compile(", and |, | and | & | und | et |; ")
_BY_WORD = "(?:By|BY|by|Von|VON|von|Par|PAR|Por|POR|Di|Door|Af|Words by|Story by|Text:)"
_BY = re.compile(
    rf"{_BY_WORD}[: ]\s*(?P<names>{NAME}(?:(?:, and |, | and | & | und | et | y | e ){NAME}){{0,7}})(?P<rest>.*)"
)
_DESK_WORD = "(?:[A-Z][\\w.'’&-]*|of|the|and|our|staff)"
_BY_DESK = re.compile(rf"(?:By|BY):? (?P<names>{_DESK_WORD}(?: {_DESK_WORD}){{0,5}})")
_JOB = re.compile(
    r"\b"
    + alternatives(
        "reporter|editor|correspondent|journalist|writer|columnist|contributor|contributing|producer|author",
        "freelance|critic|blogger|bureau chief|analyst|fellow|professor|lecturer|researcher|scientist",
        "director|broadcaster|covers|covered|writes|reports|reporting|joined",
        "redakteur(?:in)?|autor(?:in)?|korrespondent(?:in)?|volontär(?:in)?|reporterin",
        "periodista|redactora?|giornalista|journaliste",
    )
    + r"\b",
    re.IGNORECASE,
)


def is_name(line: str) -> bool:
    """Whether the line is a person's name and nothing else."""
    return len(line) <= 60 and bool(_IS_NAME.fullmatch(line))


def has_job(words: str) -> bool:
    """Whether the words name a journalist's or a scholar's work."""
    return bool(_JOB.search(words))


def split_names(byline: str) -> list[str]:
    """The names of a byline, one by one."""
    names = re.sub(r"^(?:by|von|par|por)\s+", "", byline.strip(), flags=re.IGNORECASE)
    return [name.strip(" .") for name in _SEPARATOR.split(names) if name.strip(" .")]


def read_byline(line: str) -> tuple[str, str]:
    """The names and the role of a line such as "By Ada Quill, Politics Editor"; else ("", "")."""
    if len(line) > 200:
        return "", ""
    match = _BY.fullmatch(line)
    # "By John Smith's account …" goes on in lower case: a sentence, not a byline.
    if match and re.match(r"$|[,|·•–—(-]| [-–—|(]| (?:in|at|for) ", match["rest"]):
        names = split_names(match["names"])
        roles = [name for name in names[1:] if has_job(name)]
        rest = match["rest"].strip(" ,|·•–—-")
        return ", ".join(name for name in names if name not in roles), ", ".join(filter(None, [*roles, rest]))
    if len(line) <= 60 and (match := _BY_DESK.fullmatch(line)):
        return match["names"], ""
    return "", ""


# -- credits of images -------------------------------------------------------------------------------------

_PICTURE = alternatives(
    "image|photo|picture|photograph|photography|illustration|graphic|collage|foto|bild|imagen|immagine",
    "fotografía|crédit photo|фото|коллаж",
)
_LABEL = (
    rf"(?:{_PICTURE}s?(?: (?:credit|courtesy|source|copyright|by|via|from)s?)?"
    r"|credits?|courtesy of|crédito|crédit)"
)
_MARK = rf"(?:{_LABEL}\s*[:|/]\s*|{_PICTURE}s? (?:by|courtesy of|from) |©(?!\s*\d)\s*)"
_AGENCIES = alternatives(
    "Getty Images|Getty|Shutterstock|Alamy|iStock|AP Photo|PA Wire|PA Media|PA Images|EPA-EFE|Unsplash",
    "Rex Features|picture alliance|imago images",
)
_AGENCY = rf"(?:[\w .’'-]{{2,40}} ?[/|] ?)?{_AGENCIES}(?: ?/ ?[\w .’'-]{{2,40}})?"
_CREDIT_LINE = re.compile(rf"[(\[]?\s*{_MARK}(?P<credit>[^:]{{2,150}}?)\s*[)\]]?\.?", re.IGNORECASE)
_AGENCY_LINE = re.compile(rf"[(\[]?(?P<credit>{_AGENCY})[)\]]?")
# A credit at the end of a caption: in brackets, after a full stop, after ©.
_CREDIT_AT_END = (
    re.compile(
        rf"(?P<caption>.{{3,1500}}?)\s*[(\[]\s*{_MARK}(?P<credit>[^()\[\]]{{2,150}})[)\]]\.?", re.IGNORECASE
    ),
    re.compile(
        rf"(?P<caption>.{{3,1500}}?[.!?”\"»)])\s+{_LABEL}\s*:\s*(?P<credit>[^.]{{2,120}})\.?", re.IGNORECASE
    ),
    re.compile(r"(?P<caption>.{3,1500}?)\s+©(?!\s*\d)\s*(?P<credit>[^.]{2,120})"),
    re.compile(rf"(?P<caption>.{{3,1500}}?[.!?”\"»)])\s+(?P<credit>{_AGENCY})"),
)


def read_credit(line: str) -> tuple[str, str] | None:
    """The caption and the credit of an image's line; None where it names no credit."""
    agency = _AGENCY_LINE.fullmatch(line) if len(line) <= 80 else None
    if match := _CREDIT_LINE.fullmatch(line) or agency:
        return "", match["credit"].strip(" .()[]")
    for pattern in _CREDIT_AT_END if len(line) <= 2_000 else ():
        if match := pattern.fullmatch(line):
            return match["caption"].strip(), match["credit"].strip(" .")
    return None


# -- dates and other lines over the text -------------------------------------------------------------------

_DATE_LABEL = re.compile(
    "(?P<label>"
    + alternatives(
        "(?:first |last )?(?:published|posted|updated|modified|created)|date|publication date",
        "veröffentlicht|aktualisiert|stand|publié|publicado|actualizado",
    )
    + r")(?: on| at| am| le| el)?\s*:?\s+(?P<date>\S.*)",
    re.IGNORECASE,
)
_IS_LATER = re.compile("last|updated|modified|aktualisiert|actualizado", re.IGNORECASE)
_CONTROL = re.compile(
    alternatives(
        r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)[ -]min(?:ute)?s?(?: read)?",
        r"reading time:? .{1,20}|share(?: this(?: article| story)?)?|comments?(?: \(?\d+\)?)?|\d+ comments?",
        r"save|print|e-?mail|listen(?: to (?:this )?article)?|copy link|link copied|menu|home",
        r"\d{1,2}:\d{2}(?: min.{0,40})?|follow|bookmark|facebook|twitter|x|whatsapp|linkedin|reddit",
        "gift this article",
    ),
    re.IGNORECASE,
)
_BARS = re.compile(r"\s+[|·•–—]\s+|\s*[|·•]\s*")


@dataclass(slots=True)
class LineOverText:
    """What a line over the text says."""

    byline: str = ""
    role: str = ""
    published: str = ""
    notes: list[str] = field(default_factory=list)


def left_out(what: str, words: str) -> str:
    """The note that keeps words which are not the article."""
    return f"Left out of the text ({what}): {words}"


def read_line_over_text(line: str) -> LineOverText | None:
    """Byline, date, reading time, alone or parted by bars and dots; None where any of it is something else."""
    if len(line) > 250:
        return None
    found = LineOverText()
    for piece in filter(None, map(str.strip, _BARS.split(line))):
        names, role = read_byline(piece)
        label = _DATE_LABEL.fullmatch(piece)
        date = label["date"] if label else piece
        if names:
            found.byline, found.role = names, role
        elif read_moment(date).understood and not (label and _IS_LATER.match(label["label"])):
            found.published = date
        elif label and re.search(r"\d", date) and len(piece) < 60:
            found.notes.append(f"The source says: {piece}")
        elif _CONTROL.fullmatch(piece):
            found.notes.append(left_out("page control", piece))
        else:
            return None
    return found


# -- datelines ---------------------------------------------------------------------------------------------

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:{_MONTH} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} {_MONTH}(?: \d{{4}})?)"
_PLACE = "[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?:[ /][A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){0,4}(?:, [A-Z][A-Za-z.]+(?: [A-Z][a-z.]+)?)?"
_WIRE = r"\((?:[A-Z]{2,6}|Reuters|dpa[\w/-]*|Xinhua|Bloomberg|Kyodo|Sputnik|Thomson Reuters[\w ]*)\)"
_DATELINE = re.compile(
    rf"(?P<dateline>(?P<place>{_PLACE})(?:,? (?P<day>{_DAY}))?(?: (?P<wire>{_WIRE}))?)"
    r"\s*\.?(?:--|[-–—_])\s+(?P<next>\S)"
)
_MIXED_DATELINE = re.compile(
    rf"(?P<dateline>[A-ZÀ-Þ][\w.’'-]+(?:[ /][A-ZÀ-Þ][\w.’'-]+){{0,3}}(?:, {_DAY})? {_WIRE})"
    r"\s*\.?(?:--|[-–—_])\s+(?P<next>\S)"
)
_NO_PLACE = re.compile(
    alternatives(
        "UPDATED?|EXCLUSIVE|OPINION|ANALYSIS|COMMENT|WATCH|BREAKING|LIVE|VIDEO|EXPLAINE[DR]|FACTBOX|NEW|NOTE",
        "REVIEW|INTERVIEW|CORRECTED|CORRECTION|PHOTOS|GALLERY|PODCAST|LISTEN|READ|ADVERTISEMENT|SPONSORED",
        "EDITORIAL|FEATURE",
    )
    + r"\b"
)


def split_dateline(paragraph: str) -> tuple[str, str]:
    """The dateline of a first paragraph and the rest of it; ("", the paragraph) where there is none.

    Without a day or an agency, only a place in capitals before a dash and a whole sentence is one.
    """
    match = _DATELINE.match(paragraph)
    if match and match.end() <= 90:
        told = paragraph[match.start("next") :]
        begins = match["next"].isupper() or match["next"].isdigit() or match["next"] in "“\"‘'«"
        is_sentence = begins and len(told) >= 40 and not told.isupper()
        if match["day"] or match["wire"] or (is_sentence and not _NO_PLACE.match(match["place"])):
            return match["dateline"], told
    if (mixed := _MIXED_DATELINE.match(paragraph)) and mixed.end() <= 90:
        return mixed["dateline"], paragraph[mixed.start("next") :]
    return "", paragraph
