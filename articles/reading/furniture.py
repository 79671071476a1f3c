"""What stands around an article and is none of it: credits, bylines, biographies, "read more", prompts.

Rules are conservative: a line is taken for furniture only if it looks like nothing else. What is taken out of
the text is handed back, to go to a field or to a note.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.reading.draft import Part
from articles.reading.moments import read_moment

# -- names -------------------------------------------------------------------------------------------------

_PARTICLE = r"(?:de|del|della|der|den|di|da|dos|du|van|von|vom|zu|la|le|al|el|bin|ibn|ben|ter|ten|of|y|e)"
_CAPITALISED = r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁЄІЇҐΑ-Ω][\w.'’-]*"
NAME = rf"{_CAPITALISED}(?: (?:{_PARTICLE} )*{_CAPITALISED}){{1,3}}"
_NAMES = rf"{NAME}(?:(?:, and |, | and | & | und | et | y | e ){NAME}){{0,7}}"
_IS_NAME = re.compile(NAME)
_SEPARATOR = re.compile(r", and |, | and | & | und | et |; ")
_BY = re.compile(
    rf"(?:By|BY|by|Von|VON|von|Par|PAR|Por|POR|Di|Door|Af|Words by|Story by|Text:)[: ]\s*(?P<names>{_NAMES})(?P<rest>.*)"
)
_BY_DESK = re.compile(
    r"(?:By|BY):? (?P<names>(?:[A-Z][\w.'’&-]*|of|the|and|our|staff)(?: (?:[A-Z][\w.'’&-]*|of|the|and|staff)){0,5})"
)
_JOB = re.compile(
    r"\b(?:reporter|editor|correspondent|journalist|writer|columnist|contributor|contributing|producer|author|"
    r"freelance|critic|blogger|bureau chief|analyst|fellow|professor|lecturer|researcher|scientist|director|"
    r"broadcaster|covers|covered|writes|reports|reporting|joined|Redakteur(?:in)?|Autor(?:in)?|"
    r"Korrespondent(?:in)?|Volontär(?:in)?|Reporter(?:in)?|periodista|redactora?|giornalista|journaliste)\b",
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
    stripped = re.sub(r"^(?:by|von|par|por)\s+", "", byline.strip(), flags=re.IGNORECASE)
    return [name.strip(" .") for name in _SEPARATOR.split(stripped) if name.strip(" .")]


def read_byline(line: str) -> tuple[str, str]:
    """The names of a line such as "By Ada Quill, Politics Editor", and what follows them; else ("", "")."""
    if len(line) > 200:
        return "", ""
    if match := _BY.fullmatch(line):
        rest = match["rest"].strip(" ,|·•–—-")
        # "By John Smith's account …" goes on in lower case: a sentence, not a byline.
        if not match["rest"] or match["rest"][0] in ",|·•–—- (" or rest[:3] in ("in ", "at ", "for"):
            names = split_names(match["names"])
            role = [name for name in names[1:] if _JOB.search(name)]
            names = [name for name in names if name not in role]
            return ", ".join(names), ", ".join(filter(None, [*role, rest]))
    if len(line) <= 60 and (match := _BY_DESK.fullmatch(line)):
        return match["names"], ""
    return "", ""


# -- credits -----------------------------------------------------------------------------------------------

_PICTURE = (
    r"(?:image|photo|picture|photograph|photography|illustration|graphic|collage|foto|bild|imagen|immagine|"
    r"fotografía|crédit photo|фото|коллаж)s?"
)
_LABEL = rf"(?:{_PICTURE}(?: (?:credit|courtesy|source|copyright|by|via|from)s?)?|credits?|courtesy of|crédito|crédit)"
_CREDIT_MARK = rf"(?:{_LABEL}\s*[:|/]\s*|{_PICTURE} (?:by|courtesy of|from) |©\s*(?!\d))"
_AGENCIES = (
    r"(?:Getty Images|Getty|Shutterstock|Alamy|iStock|AP Photo|PA Wire|PA Media|PA Images|EPA-EFE|Unsplash|Rex Features|"
    r"picture alliance|imago images)"
)
_AGENCY = rf"(?:[\w .’'-]{{2,40}} ?[/|] ?)?{_AGENCIES}(?: ?/ ?[\w .’'-]{{2,40}})?"
_CREDIT_LINE = re.compile(rf"[(\[]?\s*{_CREDIT_MARK}(?P<credit>[^:]{{2,150}}?)\s*[)\]]?\.?", re.IGNORECASE)
_AGENCY_LINE = re.compile(rf"[(\[]?(?P<credit>{_AGENCY})[)\]]?")
# A credit at the end of a caption: in brackets, after a full stop, after ©.
_CREDIT_AT_END = [
    re.compile(
        rf"(?P<caption>.{{3,1500}}?)\s*[(\[]\s*{_CREDIT_MARK}(?P<credit>[^()\[\]]{{2,150}})[)\]]\.?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<caption>.{{3,1500}}?[.!?”\"»)])\s+{_LABEL}\s*:\s*(?P<credit>[^.]{{2,120}})\.?", re.IGNORECASE
    ),
    re.compile(r"(?P<caption>.{3,1500}?)\s+©\s*(?P<credit>(?!\d)[^.]{2,120})"),
    re.compile(rf"(?P<caption>.{{3,1500}}?[.!?”\"»)])\s+(?P<credit>{_AGENCY})"),
]


def read_credit(line: str) -> tuple[str, str] | None:
    """The caption and the credit of an image's line; None where it names no credit."""
    if match := _CREDIT_LINE.fullmatch(line) or (_AGENCY_LINE.fullmatch(line) if len(line) <= 80 else None):
        return "", match["credit"].strip(" .()[]")
    for pattern in _CREDIT_AT_END if len(line) <= 2_000 else ():
        if match := pattern.fullmatch(line):
            return match["caption"].strip(), match["credit"].strip(" .")
    return None


# -- dates and other lines over the text -------------------------------------------------------------------

_DATE_LABEL = re.compile(
    r"(?P<label>(?:first |last )?(?:published|posted|updated|modified|created|date|published at|publication date|"
    r"veröffentlicht|aktualisiert|stand|publié|publicado|actualizado))(?: on| at| am| le| el)?\s*:?\s+(?P<date>\S.*)",
    re.IGNORECASE,
)
_TRIVIAL_LINE = re.compile(
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)[ -]min(?:ute)?s?(?: read)?|reading time:? .{1,20}|share(?: this(?: article| story)?)?|"
    r"comments?(?: \(?\d+\)?)?|\d+ comments?|save|print|e-?mail|listen(?: to (?:this )?article)?|copy link|link copied|"
    r"\d{1,2}:\d{2}(?: min.{0,40})?|follow|bookmark|facebook|twitter|x|whatsapp|linkedin|reddit|gift this article|menu|home",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Lines:
    """What a line over the text says."""

    byline: str = ""
    role: str = ""
    published: str = ""
    notes: list[str] = field(default_factory=list)


def read_line_over_text(line: str) -> Lines | None:
    """Byline, date, reading time, alone or parted by bars and dots; None where any of it is something else."""
    if len(line) > 250:
        return None
    found = Lines()
    for piece in filter(None, (piece.strip() for piece in re.split(r"\s+[|·•–—]\s+|\s*[|·•]\s*", line))):
        names, rest = read_byline(piece)
        label = _DATE_LABEL.fullmatch(piece)
        date = label["date"] if label else piece
        if names:
            found.byline, found.role = names, rest
        elif read_moment(date).understood:
            if label and re.match(
                r"last|updated|modified|aktualisiert|actualizado", label["label"], re.IGNORECASE
            ):
                found.notes.append(f"The source says: {piece}")
            else:
                found.published = date
        elif label and re.search(r"\d", date) and len(piece) < 60:
            found.notes.append(f"The source says: {piece}")
        elif _TRIVIAL_LINE.fullmatch(piece):
            found.notes.append(_left_out("page controls", piece))
        else:
            return None
    return found


# -- datelines ---------------------------------------------------------------------------------------------

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_PLACE = r"[A-ZÀ-Þ][A-ZÀ-Þ.'’-]+(?:[ /][A-ZÀ-Þ][A-ZÀ-Þ.'’-]*){0,4}(?:, [A-Z][A-Za-z.]+(?: [A-Z][a-z.]+)?)?"
_WIRE = r"\((?:[A-Z]{2,6}|Reuters|dpa[\w/-]*|Xinhua|Bloomberg|Kyodo|Sputnik|Thomson Reuters[\w ]*)\)"
_DAY = rf"(?:{_MONTH} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} {_MONTH}(?: \d{{4}})?)"
_DATELINE = re.compile(
    rf"(?P<dateline>(?P<place>{_PLACE})(?:,? (?P<day>{_DAY}))?(?: (?P<agency>{_WIRE}))?)\s*(?:--|[-–—])\s+(?P<next>\S)"
    rf"|(?P<mixed>[A-ZÀ-Þ][\w.’'-]+(?:[ /][A-ZÀ-Þ][\w.’'-]+){{0,3}}(?:, {_DAY})? {_WIRE})\s*(?:--|[-–—])\s+\S"
)
_NO_PLACE = frozenset(
    "UPDATE EXCLUSIVE OPINION ANALYSIS COMMENT WATCH BREAKING LIVE VIDEO EXPLAINED EXPLAINER FACTBOX NEW NOTE REVIEW INTERVIEW "
    "UPDATED CORRECTED CORRECTION PHOTOS GALLERY PODCAST LISTEN READ ADVERTISEMENT SPONSORED EDITORIAL FEATURE".split()
)


def split_dateline(paragraph: str) -> tuple[str, str]:
    """The dateline of a first paragraph and the rest of it; ("", the paragraph) where there is none.

    Without a date or an agency, only a place in capitals before a dash and a new sentence is one.
    """
    match = _DATELINE.match(paragraph)
    if not match or match.end() > 90:
        return "", paragraph
    dateline = match["dateline"] or match["mixed"]
    if not match["mixed"] and not (match["day"] or match["agency"]):
        begins = match["next"].isupper() or match["next"].isdigit() or match["next"] in "“\"‘'«"
        told = paragraph[match.end() - 1 :]
        if (
            not begins
            or told.isupper()
            or len(told) < 40
            or len(match["place"]) < 3
            or match["place"].split()[0].strip(":") in _NO_PLACE
        ):
            return "", paragraph
    return dateline, paragraph[match.end() - 1 :]


# -- prompts -----------------------------------------------------------------------------------------------

_READ_MORE = re.compile(
    r"(?:read more|read also|read next|also read|read|see also|more on this(?: story)?|more stories|related(?: stories| story| articles| "
    r"content| coverage| topics)?|recommended|watch|listen|don't miss|you may also like|most read|trending|more from .{2,40}|"
    r"lesen sie auch|lesen sie hier|auch interessant|mehr zum thema|lire aussi|à lire aussi|leggi anche|lee también|noticias? relacionadas?|"
    r"lees ook|læs også|читайте также|ещё по теме)(?:\s*[:>|»→].{0,200})?",
    re.IGNORECASE,
)
_READ_MORE_LOOSE = re.compile(
    r"(?:read more|also read|read also|lesen sie auch|lesen sie hier|mehr zum thema|lee también|leggi anche|lire aussi)\b[^.!?]{3,160}",
    re.IGNORECASE,
)
_PROMPT_START = re.compile(
    r"(?:please )?(?:sign[ -]?up|subscribe|get |join |receive|register|want |download|follow |click |by (?:submitting|signing|clicking|subscribing)|for more |have you|do you have|"
    r"support |enjoy|thank you for|you must|log ?(?:in|out)|sign ?in|already a|to (?:continue|read|get|receive|comment)|continue reading|"
    r"become a|create an? |this article is (?:for|only)|never miss|stay (?:up|informed|in)|keep up|abonnier|jetzt |folgst du|melde|"
    r"newsletter|a daily|our (?:free )?newsletter|the best of|suscr[íi]b|abonnez|iscriviti|access the most)",
    re.IGNORECASE,
)
_PROMPT_WORD = re.compile(
    r"newsletter|inbox|e-?mails?\b|subscri|whatsapp|telegram|google news|our (?:app|channel|emails)|on (?:facebook|twitter|instagram|"
    r"x|tiktok|youtube)\b|log ?in|sign ?in|account|commenting|comment(?:s|ing)? (?:forum|section)|breaking news alerts|kanal|abonnement|"
    r"suscri|boletín|browser|award-winning|conversations|privacy policy|"
    r"sign up for .{0,60}\b(?:news|deals|offers)",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:©|copyright[: ]|\(c\) ).{0,200}|all rights reserved\.?|this material may not be published, broadcast.{0,120}|"
    r".{0,120}\b(?:(?:enable|disabled?|turn on|requires?) javascript|your browser (?:is|does|doesn)|using a browser version|"
    r"(?:we|site|website) uses? cookies|(?:accept|manage) (?:all )?cookies)\b.{0,300}",
    re.IGNORECASE,
)
_ADVERTISEMENT = re.compile(
    r"advert(?:isement)?s?|anzeige|werbung|publicité|publicidad|sponsored(?: content)?|(?:story|article) continues (?:below|after).{0,40}|"
    r"scroll (?:down )?to continue.{0,40}|loading(?: \.{3}|…)?|latest videos? from.{0,40}|this is a (?:breaking|developing) (?:news? )?story.{0,60}|embed|copy ?link|कॉपी लिंक|link copied.?|play video|video player .{0,60}",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(r"(?:reuters?|ends|-?\s?30\s?-?|#{2,}|\*{2,}|[-–—¯_=*•.]+|— ?ends ?—)", re.IGNORECASE)
_CONTRIBUTIONS = re.compile(
    r"[(\[]?\s*(?:additional )?(?:reporting|writing|editing|compiled|written|edited|produced)(?: (?:and|contributed))* "
    r"(?:reporting |editing |writing )?(?:by|from) .{2,300}|.{2,80} contributed (?:reporting )?to this (?:report|article|story)\.?|"
    r"(?:this (?:article|story) (?:was )?)?(?:first|originally) (?:published|appeared) (?:in|by|on|at) .{2,120}",
    re.IGNORECASE,
)


def prompt_in(paragraph: str) -> str:
    """What a paragraph is, if it is none of the article ("read more", "newsletter or log-in", …); else ""."""
    if len(paragraph) > 420:
        return ""
    if _READ_MORE.fullmatch(paragraph) or _READ_MORE_LOOSE.fullmatch(paragraph):
        return "read more"
    if _ADVERTISEMENT.fullmatch(paragraph):
        return "advertisement or page control"
    if _NOTICE.fullmatch(paragraph):
        return "notice"
    quotes = re.search('[“”"«»„]', paragraph)
    if not quotes and _PROMPT_START.match(paragraph) and _PROMPT_WORD.search(paragraph):
        return "newsletter, log-in or channel"
    return ""


def _left_out(what: str, words: str) -> str:
    return f"Left out of the text ({what}): {words}"


# -- the text as a whole -----------------------------------------------------------------------------------


@dataclass(slots=True)
class Sifted:
    """The parts that are the article, and what stood around them."""

    parts: list[Part]
    byline: str = ""
    author_bio: str = ""
    dateline: str = ""
    outlet: str = ""
    notes: list[str] = field(default_factory=list)


def sift(parts: Sequence[Part], *, byline: str = "", dateline: str = "", outlet: str = "") -> Sifted:
    """Part the article from its furniture: prompts anywhere, sign-off and author's box at the end, dateline.

    `byline`, `dateline` and `outlet` are what is known already. Every word of `parts` is in the outcome, in its
    parts, a field or a note, but an end that repeats byline or outlet.
    """
    found = Sifted([], byline=byline, dateline=dateline, outlet=outlet)
    under_prompt = False
    for number, (kind, words) in enumerate(parts):
        what = prompt_in(words)
        if under_prompt and not what and number == len(parts) - 1 and len(words) <= 250:
            what = "under a prompt"
        under_prompt = bool(what) and kind == "heading"
        if what:
            found.notes.append(_left_out(what, words))
        else:
            found.parts.append((kind, words))
    _take_ending(found)
    _take_author_box(found)
    _take_ending(found)
    while found.parts and found.parts[-1][0] == "heading" and len(found.parts) > 1:
        found.notes.append(_left_out("heading with nothing under it", found.parts.pop()[1]))
    if found.parts and not dateline and found.parts[0][0] in ("", "blockquote"):
        kind, first = found.parts[0]
        found.dateline, rest = split_dateline(first)
        found.parts[0] = (kind, rest)
    return found


def _take_ending(found: Sifted) -> None:
    while len(found.parts) > 1:
        last = found.parts[-1][1]
        if _SIGN_OFF.fullmatch(last):
            if last.casefold() not in found.outlet.casefold():
                found.notes.append(_left_out("sign-off", last))
        elif re.fullmatch(r"[^\W\d_A-ZÀ-Þ][^.!?…”\"»。]{0,40}", last) and found.parts[-1][0] == "":
            found.notes.append(_left_out("fragment", last))
        elif _CONTRIBUTIONS.fullmatch(last):
            found.notes.append(_left_out("contributions", last))
        elif found.byline and set(split_names(last)) == set(split_names(found.byline)):
            pass  # the byline again
        else:
            return
        found.parts.pop()


def _take_author_box(found: Sifted) -> None:
    """Name, role and biography at the end, or a biography that begins with a name that the byline has."""
    for begin in range(max(1, len(found.parts) - 6), len(found.parts)):
        box = [words for _, words in found.parts[begin:]]
        if bio := _author_box(box, found, before=" ".join(words for _, words in found.parts[:begin])):
            found.author_bio = "\n\n".join(filter(None, [found.author_bio, bio]))
            del found.parts[begin:]
            return


def _author_box(box: list[str], found: Sifted, *, before: str) -> str:
    """The biography in the last paragraphs, if they are an author's box; sets the byline that it gives."""
    names = split_names(found.byline)
    first = box[0].removesuffix(":")
    if re.fullmatch(
        r"(?:about the authors?|the authors?|zur person|zum autor|der autor|die autorin|die autoren)",
        first,
        re.IGNORECASE,
    ):
        return (
            "\n\n".join(box[1:])
            if len(box) <= 4
            and any(_JOB.search(words) or words.split()[0] in found.byline for words in box[1:])
            else ""
        )
    if is_name(first):
        known = first in names
        # A name over paragraphs may be a heading about someone in the news: an author's is new to the text.
        new = first.split()[-1] not in before
        rest = box[1:]
        told = all(first.split()[-1] in words or _is_role(words) for words in rest)
        if rest and told and (known or (new and _JOB.search(" ".join(rest)))):
            found.byline = found.byline or first
            return "\n\n".join(rest)
        if not rest and not found.byline and new:
            found.byline = first
            found.notes.append(f"The byline was taken from the end of the text: {first}")
            return " "
        return ""
    about = [name for name in names if box[0].startswith(name)]
    if about and re.match(
        r"\W*(?:is|was|has|have|are|ist|war|covers|writes|reports|joined|works|makes|\(|,|’s|'s)",
        box[0][len(about[0]) :],
    ):
        return (
            "\n\n".join(box) if all(any(part.split()[-1] in words for part in names) for words in box) else ""
        )
    if (
        not names
        and len(box) == 1
        and (match := re.match(rf"(?P<name>{NAME}) (?:is|was) (?:an? |the |our )", box[0]))
    ):
        if _JOB.search(box[0][:200]) and match["name"].split()[-1] not in before and len(box[0]) < 600:
            found.byline = match["name"]
            found.notes.append(f"The byline was taken from the biography at the end: {match['name']}")
            return box[0]
    return ""


def _is_role(words: str) -> bool:
    return len(words) <= 80 and not words.endswith((".", "!", "?", "”", '"')) and bool(_JOB.search(words))
