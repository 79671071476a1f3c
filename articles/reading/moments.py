"""Dates as sources write them, read to an instant, or not at all.

A date without a time, or a time without a zone, names no instant, and none is made up for it.
"""

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from articles.text import one_line


@dataclass(frozen=True, slots=True)
class Moment:
    """What a date says: the instant (aware), or None; the day; and a note where an editor should look.

    `understood` is False where the words are no date at all.
    """

    at: dt.datetime | None = None
    day: dt.date | None = None
    note: str = ""
    understood: bool = True


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio januari janeiro",
            "february feb februar février fevrier febrero febbraio februari fevereiro",
            "march mar märz mars marzo maart março",
            "april apr avril abril aprile",
            "may mai mayo maggio mei maio",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet julio luglio julho",
            "august aug août aout agosto augustus",
            "september sep sept septembre septiembre settembre setembro",
            "october oct oktober okt octobre octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "december dec dezember dez décembre diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_HOURS = {
    "z": 0.0,
    "utc": 0.0,
    "gmt": 0.0,
    "wet": 0.0,
    "west": 1.0,
    "bst": 1.0,
    "cet": 1.0,
    "mez": 1.0,
    "wat": 1.0,
    "cest": 2.0,
    "mesz": 2.0,
    "eet": 2.0,
    "cat": 2.0,
    "sast": 2.0,
    "eest": 3.0,
    "msk": 3.0,
    "eat": 3.0,
    "hkt": 8.0,
    "sgt": 8.0,
    "awst": 8.0,
    "jst": 9.0,
    "kst": 9.0,
    "acst": 9.5,
    "aest": 10.0,
    "acdt": 10.5,
    "aedt": 11.0,
    "nzst": 12.0,
    "nzdt": 13.0,
    "edt": -4.0,
    "est": -5.0,
    "cdt": -5.0,
    "cst": -6.0,
    "mdt": -6.0,
    "mst": -7.0,
    "pdt": -7.0,
    "pst": -8.0,
}
_PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}

_DAYS = (
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
    r"(?P<y>\d{4})[/.](?P<m>\d{1,2})[/.](?P<d>\d{1,2})",
    r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})",
    r"(?P<either1>\d{1,2})[/-](?P<either2>\d{1,2})[/-](?P<y>\d{4})",
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
    r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[ -](?:de |of )?(?P<name>[^\W\d]{3,10})\.?,?[ -](?:de )?(?P<y>\d{4})",
    r"(?P<name>[^\W\d]{3,10})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})",
)
_WEEKDAY = (
    r"(?:(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag|"
    r"mittwoch|sonnabend|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|"
    r"sábado|domingo|luned[iì]|marted[iì]|mercoled[iì]|gioved[iì]|venerd[iì]|sabato|domenica|"
    r"(?:maan|dins|woens|donder|vrij|zater|zon)dag|mo|di|mi|do|fr|sa|so)\.?,? )?"
)
_TIME = (
    r"(?P<H>\d{1,2})(?:[:.h](?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?(?: ?(?:Uhr|hrs|h))?"
)
_ZONE = (
    r"(?: ?\(?(?:(?:UTC|GMT) ?)?(?P<offset>[+-]\d{1,2}(?::?\d{2})?)\)?(?: ?\([A-Za-z ]+\))?"
    r"| \[?(?P<place>[A-Z][A-Za-z]+/[A-Za-z_/+-]+)\]?| ?\(?(?!on\b)(?P<short>[A-Za-z]{1,4})\)?)?"
)
_BETWEEN = r"(?:,? (?:at|um|à|a las|alle|kl\.|om)? ?|,? ?[-–—|] ?|T|, ?)"
_PATTERNS = [
    re.compile(pattern, re.IGNORECASE)
    for day in _DAYS
    for pattern in (
        rf"{_WEEKDAY}{day}(?:{_BETWEEN}{_TIME}{_ZONE})?",
        rf"{_TIME}{_ZONE}(?:,? (?:on )?|,? ?[-–—|] ?){_WEEKDAY}{day}",
    )
] + [
    re.compile(
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})T(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?(?P<f>x)?(?P<half>x)?"
        + _ZONE,
        re.IGNORECASE,
    ),
    re.compile(  # Thu May  9 10:15:00 +0000 2019, as some feeds and programs write it
        rf"[A-Z][a-z]{{2}} (?P<name>[A-Z][a-z]{{2}}) (?P<d>\d{{1,2}}) {_TIME}{_ZONE} (?P<y>\d{{4}})"
    ),
]
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}")


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that IANA name; ValueError for another."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"“{name}” is no time zone. Use a name like Europe/London.") from None


def read_moment(raw: str, time_zone: dt.tzinfo | None = None) -> Moment:
    """The instant that `raw` names. `time_zone` is applied to a time that comes without one.

    Read are ISO 8601, RFC 2822 and the common ways of print, months in seven languages, and seconds or
    milliseconds since 1970. A numeric date whose day and month can be exchanged stays unread.
    """
    said = one_line(raw[:1_000])
    if not said:
        return Moment()
    if _EPOCH.fullmatch(said):
        seconds = float(said) / (1000 if len(said) == 13 and "." not in said else 1)
        at = dt.datetime.fromtimestamp(seconds, dt.UTC)
        return Moment(at, at.date()) if 1980 < at.year < 2100 else _no_date(said)
    matches = (pattern.fullmatch(said) for pattern in _PATTERNS if len(said) <= 100)
    found = next(filter(None, matches), None)
    if found is None:
        return _no_date(said)
    groups = {"either1": None, "either2": None, "name": None} | found.groupdict()
    either, other = int(groups["either1"] or 0), int(groups["either2"] or 0)
    if either != other and either <= 12 and other <= 12:
        return Moment(note=f"“{said}” may be day/month or month/day, so the article is undated.")
    try:
        day = _day(groups)
        time = _time(groups)
    except ValueError:
        return _no_date(said)
    if not 1600 <= day.year <= 2200 or (day.month, day.day, day.year) == (1, 1, 1900):
        return Moment(note=f"“{said}” looks like a placeholder, so the article is undated.")
    if time is None:
        return Moment(
            day=day, note=f"The source gives only the day {day.isoformat()}, so the article is undated."
        )
    return _instant(dt.datetime.combine(day, time), groups, said, time_zone)


def _no_date(said: str) -> Moment:
    return Moment(note=f"“{said[:100]}” is not a date that can be read.", understood=False)


def _day(groups: dict[str, str | None]) -> dt.date:
    year = int(groups["y"] or 0)
    if groups["either1"]:
        first, second = int(groups["either1"]), int(groups["either2"] or 0)
        return dt.date(year, *((first, second) if second > 12 else (second, first)))
    month = _MONTHS.get(groups["name"].lower(), 0) if groups["name"] else int(groups["m"] or 0)
    return dt.date(year, month, int(groups["d"] or 0))


def _time(groups: dict[str, str | None]) -> dt.time | None:
    if not groups["H"]:
        return None
    if not groups["M"] and not groups["half"]:
        raise ValueError("an hour alone is no time")
    hour = int(groups["H"])
    if half := groups["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    fraction = (groups["f"] or "").ljust(6, "0")[:6]
    return dt.time(hour, int(groups["M"] or 0), min(int(groups["S"] or 0), 59), int(fraction))


def _instant(
    local: dt.datetime, groups: dict[str, str | None], said: str, time_zone: dt.tzinfo | None
) -> Moment:
    zone = _zone(groups, local)
    if zone is None and groups["short"]:
        note = f"The time zone of “{said}” is not clear, so the article is undated."
        return Moment(day=local.date(), note=note)
    zone = zone or time_zone
    if zone is None:
        return Moment(day=local.date(), note=f"“{said}” has no time zone, so the article is undated.")
    at = local.replace(tzinfo=zone)
    if at.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != local:
        return Moment(day=local.date(), note=f"There was no such time as “{said}”: clocks went forward then.")
    if at.utcoffset() != at.replace(fold=1).utcoffset():
        return Moment(day=local.date(), note=f"“{said}” came twice that day: clocks went back then.")
    if (at.astimezone(dt.UTC).timestamp()) == 0:
        return Moment(note=f"“{said}” looks like a placeholder, so the article is undated.")
    midnight = local.time() == dt.time()
    note = f"“{said}” is exactly midnight: the source may know only the day." if midnight else ""
    return Moment(at, local.date(), note)


def _zone(groups: dict[str, str | None], local: dt.datetime) -> dt.tzinfo | None:
    """The zone that is written with the date; None where there is none, or where it is not clear."""
    if offset := groups["offset"]:
        digits = offset[1:].replace(":", "")
        hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
        if hours > 14 or minutes > 59:
            return None
        delta = dt.timedelta(hours=hours, minutes=minutes)
        return dt.timezone(-delta if offset[0] == "-" else delta)
    if place := groups["place"]:
        try:
            return zone_named(place)
        except ValueError:
            return None
    short = (groups["short"] or "").lower()
    if short in _PLACES:
        return ZoneInfo(_PLACES[short])
    if short == "bst" and not 3 <= local.month <= 10:
        return None  # British Summer Time it can't be
    return dt.timezone(dt.timedelta(hours=_HOURS[short])) if short in _HOURS else None
