"""The text of news wires of old: ANPA 1312 and IPTC 7901, a heading and a text parted by control characters.

A message goes from SOH (start of heading) over STX (start of text) and ETX (end of text) to the next one. ANPA
begins the lines over the text with "^" and ends them with "<" or "="; IPTC leaves them bare. The signature after
the text gives the date.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from articles.reading.draft import LONGEST_RAW_TEXT, ReadError, plain_parts, too_long
from articles.reading.entries import Entry, PassedOver
from articles.reading.lines import left_out

MOST_MESSAGES = 100_000

_MESSAGE = re.compile(
    r"\x01(?P<heading>[^\x01\x02\x03\x04]*)\x02(?P<text>[^\x01\x02\x03]*)(?:\x03(?P<signature>[^\x01\x04]*))?"
)
_STARTS = re.compile(r"\s*\x16*\x01")
_ANPA_DATE = re.compile(r"(?P<m>\d\d)-(?P<d>\d\d)-(?P<y>\d\d) (?P<H>\d\d)(?P<M>\d\d)\s?GMT")
_IPTC_DATE = re.compile(
    r"(?P<d>\d\d)(?P<H>\d\d)(?P<M>\d\d)(?P<zone> ?(?:GMT|Z))? (?P<name>[A-Za-z]{3})[a-z]* (?P<y>\d\d)\b"
)
_BYLINE = re.compile(r"by .{3,200}", re.IGNORECASE)
_SLUG = re.compile(r"(?P<slug>.{1,100}),\s?\d{2,5}")
_AGENCIES = {"AP": "Associated Press", "dpa": "dpa", "AFP": "AFP", "Reuters": "Reuters"}


def is_wire_text(head: str) -> bool:
    """Whether a text begins as such a message does."""
    return bool(_STARTS.match(head)) and "\x02" in head[:2_000]


def read_wire_text(text: str) -> Iterator[Entry | PassedOver]:
    """The messages of a file."""
    for number, message in enumerate(_MESSAGE.finditer(text)):
        if number == MOST_MESSAGES:
            raise ReadError(f"There are more than {MOST_MESSAGES:,} messages in it. Split it.")
        yield _message(message["heading"], message["text"], message["signature"] or "")


def _message(heading: str, text: str, signature: str) -> Entry:
    if len(text) > LONGEST_RAW_TEXT:
        return Entry(refused=too_long(len(text)))
    entry = Entry()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    over, body = _parted(text)
    fields: dict[str, str] = {}
    for line in over:
        if _BYLINE.fullmatch(line) and "byline" not in fields:
            fields["byline"] = re.sub(r"^by\s+", "", line, flags=re.IGNORECASE)
        elif "byline" in fields and "outlet" not in fields and len(line) <= 60:
            fields["outlet"] = line
        elif _SLUG.fullmatch(line) and "headline" not in fields and "slug" not in fields:
            fields["slug"] = line
        elif "headline" not in fields and not re.match(r"Eds:|AP Photo|\*\d", line):
            fields["headline"] = line
        else:
            entry.notes.append(left_out("line over the text", line))
    if slug := fields.pop("slug", ""):
        fields.setdefault("headline", _SLUG.sub(r"\g<slug>", slug))
        entry.notes.append(left_out("slug", slug))
    entry.notes.append(left_out("heading of the message", " ".join(_bare(heading).split())))
    entry.published, agency = _signed(signature)
    fields.setdefault("outlet", agency or _provider(heading))
    body, beside = _without_editors_part(body)
    entry.notes += beside
    entry.parts = [part for part in plain_parts(body) if part[1] != "___"]
    entry.fields = fields
    return entry


def _bare(said: str) -> str:
    """The text without control characters and the marks of lines."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f^]", " ", said).replace("<", " ")


def _parted(text: str) -> tuple[list[str], str]:
    """The lines over the text, and the text."""
    lines = text.split("\n")
    over: list[str] = []
    while lines and (re.match(r"\s*\^", lines[0]) or (not over and lines[0].rstrip().endswith("<"))):
        # Several of them can stand on one line: "*9006< ^AP-Top…<".
        over += filter(None, (piece.strip(" <=\t") for piece in lines.pop(0).split("^")))
    if not over:  # IPTC: the headline up to the first empty line, and in its last line the byline
        while lines and lines[0].strip() and len(over) < 4:
            over.append(lines.pop(0).strip(" =\t"))
        return over, "\n".join(lines)
    # Each paragraph begins with a tab; what has a mark, too, stands in a list of its own.
    body = "\n".join(line.replace("^", "") for line in lines)
    if not body.strip(" \t\n"):
        return over[:2], "\n\n".join(over[2:])
    return over, re.sub(r"\n\t", "\n\n", body)


def _signed(signature: str) -> tuple[str, str]:
    """The date of a signature, and the agency that it names."""
    said = _bare(signature)
    agency = next((name for mark, name in _AGENCIES.items() if re.search(rf"\b{mark}-", said)), "")
    if match := _ANPA_DATE.search(said):
        month, day, hour, minute = (int(match[name]) for name in "mdHM")
        try:
            at = datetime(_year(match["y"]), month, day, hour, minute, tzinfo=UTC)
        except ValueError:
            return "", agency
        return at.isoformat(), agency
    if match := _IPTC_DATE.search(said):
        zone = " GMT" if match["zone"] else ""
        return f"{match['d']} {match['name']} {_year(match['y'])} {match['H']}:{match['M']}{zone}", agency
    return "", agency


def _year(two_digits: str) -> int:
    """The year of two digits: wires of this kind were sent from the sixties on."""
    return int(two_digits) + (2000 if int(two_digits) < 60 else 1900)


def _provider(heading: str) -> str:
    """The agency that an IPTC heading names: "ecp0007 4 s 850  dpa-tns 0908"."""
    match = re.search(r"\s(?P<name>[A-Za-z]{2,8})-[a-z]{2,6}\b", heading)
    return match["name"] if match and match["name"] in _AGENCIES else ""


def _without_editors_part(body: str) -> tuple[str, list[str]]:
    """The text without what dpa sends to editors after it."""
    match = re.search(r"^(?:# Notebook|\* \* \* \*)[ \t]*$", body, re.MULTILINE)
    if match is None:
        return body, []
    rest = " ".join(body[match.start() :].split())
    return body[: match.start()], [left_out("note to editors", rest)]
