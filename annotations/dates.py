"""Expressions of time in English news text: where they stand, and which days they mean.

Everything is by day. An expression that leans on the day of publication ("yesterday", "on Tuesday") stays
unresolved while that day is unknown; a written-out date does not need it. Weeks start on Monday.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)

AHEAD = dt.timedelta(days=92)
"""So far ahead a date without its year may lie although no verb says so; beyond, it was the last one."""

JUST_NOW = dt.timedelta(days=31)
"""A date without its year that is so fresh is not the one a year later, whatever the verb."""

MONTHS = tuple(calendar.month_name)
WEEKDAYS = tuple(calendar.day_name)


@dataclass(frozen=True, slots=True)
class Interval:
    """From the earliest day that something may have been to the latest, both included; None where open."""

    earliest: dt.date | None
    latest: dt.date | None


@dataclass(frozen=True, slots=True)
class Expression:
    """Words that tell a time, and their place in the text: code points, end exclusive."""

    start: int
    end: int
    text: str


def find(text: str) -> list[Expression]:
    """The expressions of time in a text, in order, none overlapping another; of two, the longer one.

    Times of day, lengths of time ("for three weeks"), what recurs ("on Mondays") and days that lean on another
    day of the text ("the next day") are left out.
    """
    found = [
        (match.start(), -match.end())
        for kind in _KINDS
        for match in kind.found.finditer(text)
        if kind.fits is None or kind.fits(match)
    ]
    expressions: list[Expression] = []
    last = 0
    for start, negative_end in sorted(found):
        if start >= last:
            last = -negative_end
            expressions.append(Expression(start, last, text[start:last]))
    return expressions


def resolve(
    expression: str, published: dt.date | None, *, before: str = "", after: str = ""
) -> Interval | None:
    """The days that an expression means; None where it means none, or leans on an unknown day of publication.

    `before` and `after` are the words around it in the text. Their verbs tell a coming Tuesday from the last
    one: a bare weekday is the nearest one up to the day of publication unless they speak of the future.
    """
    words = _LEADING.sub("", " ".join(expression.split()).strip(" ,.;:()"))
    words = re.sub(r"['’]s$", "", words)
    open_ended = _OPEN.fullmatch(words)
    context = _Context(published, *_sentence_around(before, after), earlier=before)
    for kind in _KINDS:
        if match := kind.whole.fullmatch(open_ended["rest"] if open_ended else words):
            try:
                meant = kind.meaning(match, context)
            except (ValueError, OverflowError):  # a 31st of June, "5000 years ago"
                return None
            if meant and open_ended:
                return _opened(meant, is_before=open_ended["side"].lower() == "before")
            return meant
    return None


def is_whole_months(first: dt.date, last: dt.date) -> bool:
    return first.day == 1 and (last == dt.date.max or (last + ONE_DAY).day == 1)


def is_whole_years(first: dt.date, last: dt.date) -> bool:
    return (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)


def _opened(meant: Interval, *, is_before: bool) -> Interval | None:
    if is_before:
        return Interval(None, meant.earliest - ONE_DAY) if meant.earliest else None
    return Interval(meant.latest + ONE_DAY, None) if meant.latest else None


# -- periods -----------------------------------------------------------------------------------------------


def _day(day: dt.date) -> Interval:
    return Interval(day, day)


def _days(first: dt.date, count: int) -> Interval:
    return Interval(first, first + dt.timedelta(days=count - 1))


def _months(year: int, month: int, count: int = 1) -> Interval:
    """So many whole months. Month 13 is January of the next year, month 0 December of the one before."""
    begin, end = year * 12 + month - 1, year * 12 + month - 1 + count
    return Interval(dt.date(begin // 12, begin % 12 + 1, 1), dt.date(end // 12, end % 12 + 1, 1) - ONE_DAY)


def _years(year: int, count: int = 1) -> Interval:
    return Interval(dt.date(year, 1, 1), dt.date(year + count - 1, 12, 31))


def _week(day: dt.date, offset: int = 0) -> Interval:
    return _days(day - dt.timedelta(days=day.weekday() - 7 * offset), 7)


def _part(whole: Interval, words: str) -> Interval:
    """The early, middle or late third of a period: of a month by tens of days, of a year by four months.

    The start and the end of a year are two months.
    """
    first, last = whole.earliest, whole.latest
    assert first is not None and last is not None
    words = words.lower()
    is_early, is_mid = any(w in words for w in ("early", "start", "begin")), "mid" in words
    years, length = last.year - first.year + 1, (last - first).days + 1
    if length >= 365:
        months = 4 * years if is_mid or words in ("early", "late") else 2 * years
        return _months(
            first.year, 1 if is_early else 1 + months if is_mid else 12 * years + 1 - months, months
        )
    third = 10 if length >= 28 else length // 3
    if is_early:
        return _days(first, third)
    return _days(first + third * ONE_DAY, third) if is_mid else Interval(first + 2 * third * ONE_DAY, last)


# -- before or after the day of publication ----------------------------------------------------------------

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z])|\n")
_VERB = re.compile(
    r"""\b(?:
        (?P<future> will | (?<=['’])ll | won['’]t | shall | would | expect\w* | due | until | till | schedul\w+
          | set\ to | planned | plans? | planning | hop(?:e|es|ing)\ to | (?:is|are|was|were)\ to | to\ be
          | going\ to | as\ (?:early|soon)\ as | upcoming | propos\w+ | ahead\ of )
      | sa(?:id|ys?) | told | was | were | had | has | have | did | since | began | came | met | (?-i:[a-z]{3,}ed)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_HAPPENED = re.compile(r"[^.;]{0,40}\b(?:had|was|were|did)\b", re.IGNORECASE)
_JUST_HAPPENED = re.compile(
    r"""\b(?: was | were | had | since | began | came | left | won | held | took | met | became | made | went
          | gave | fell | rose | spoke | wrote | (?!expected|scheduled|planned|proposed)\w{2,}ed )
        \s+ (?:[\w-]+\s+){0,2} (?:in|on|of|at|from|the|back|\s)* $""",
    re.IGNORECASE | re.VERBOSE,
)


def _sentence_around(before: str, after: str) -> tuple[str, str]:
    """The context without what belongs to other sentences."""
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    end = _SENTENCE_END.search(after)
    return before[ends[-1] if ends else 0 :], after[: end.start()] if end else after


@dataclass(frozen=True, slots=True)
class _Context:
    """What an expression leans on: the day of publication, the words of its sentence on either side, and all
    that is known of the words before it."""

    published: dt.date | None
    before: str
    after: str
    earlier: str

    @property
    def is_future(self) -> bool:
        """Whether the verb nearest to the expression speaks of what is to come."""
        cues = list(_VERB.finditer(self.before))
        cue = cues[-1] if cues else _VERB.search(self.after)
        if cue is None or cue["future"] is None:
            return False
        if cue[0].lower() in ("until", "till"):
            return not (re.search(r"\b(?:not|up) \w+ $", self.before) or _HAPPENED.match(self.after))
        return not re.match(r"\s+(?:was|were|had)\b", self.after)

    @property
    def is_past(self) -> bool:
        """Whether a verb right before the expression tells what happened: "resigned in", not "put off to"."""
        if re.search(r"\b(?:to|until|till|by|for)\s+$", self.before):
            return False
        return _JUST_HAPPENED.search(self.before) is not None

    def is_coming(self, past: dt.date, future: dt.date) -> bool:
        """Whether a time without its year is the coming one, not the one past; each is given by its first day."""
        assert self.published is not None
        if self.published - past <= JUST_NOW and future - self.published > 3 * AHEAD:
            return False
        if self.is_future:
            return True
        return not self.is_past and future - self.published <= AHEAD < self.published - past


# -- what each kind of expression means --------------------------------------------------------------------

type _Match = re.Match[str]
type _Meaning = Callable[[_Match, _Context], Interval | None]


def _steps(which: str | None) -> int:
    """ "last", "this", "next" as a number of periods from the present one."""
    which = (which or "").lower()
    return -1 if "last" in which or "past" in which else 1 if "next" in which or "coming" in which else 0


def _day_number(words: str) -> int:
    return int(words.rstrip("sthndrSTHNDR"))


def _month_number(name: str) -> int:
    return [month[:3].lower() for month in MONTHS].index(name[:3].lower())


def _weekday_number(name: str) -> int:
    return [day[:3].lower() for day in WEEKDAYS].index(name[:3].lower())


def _year_stated(match: _Match, context: _Context) -> int | None:
    """The year of a date, in figures or as "last year"."""
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    if groups.get("of_year") and context.published:
        return context.published.year + _steps(groups["of_year"])
    return None


def _date(match: _Match, context: _Context) -> Interval | None:
    """A day of a month; without a year, the one that weekday, verb and day of publication suggest."""
    month, day = _month_number(match["month"]), _day_number(match["day"])
    year = _year_stated(match, context)
    if year is not None:
        return _day(dt.date(year, month, day))
    if match["of_year"]:
        return None
    found = _date_without_year(month, day, match["weekday"], context)
    return _day(found) if found else None


def _date_without_year(month: int, day: int, weekday: str | None, context: _Context) -> dt.date | None:
    published = context.published
    if published is None:
        return None
    years = range(published.year - 8, published.year + 9)
    days = [dt.date(year, month, day) for year in years if (month, day) != (2, 29) or calendar.isleap(year)]
    if weekday:
        fitting = [date for date in days if date.weekday() == _weekday_number(weekday)]
        return min(fitting, key=lambda date: abs(date - published), default=None)
    past = max(date for date in days if date <= published)
    future = min(date for date in days if date > published)
    return future if past != published and context.is_coming(past, future) else past


def _date_range(match: _Match, context: _Context) -> Interval | None:
    """ "22–28 April 2019", "30 April – 6 May", "April 22–28, 2019"."""
    last_month = _month_number(match["month"] or match["from_month"])
    if match["year"]:
        last: dt.date | None = dt.date(int(match["year"]), last_month, _day_number(match["day"]))
    else:
        last = _date_without_year(last_month, _day_number(match["day"]), None, context)
    if last is None:
        return None
    month = _month_number(match["from_month"]) if match["from_month"] else last_month
    year = int(match["from_year"]) if match["from_year"] else last.year - (month > last.month)
    first = dt.date(year, month, _day_number(match["from_day"]))
    return Interval(first, last) if first <= last else None


def _in_figures(match: _Match, _: _Context) -> Interval | None:
    """The 3rd of April or the 4th of March? Only a date that can be read in one way means a day."""
    day, month = int(match["day"]), int(match["month"])
    if day > 12 or day == month:
        return _day(dt.date(int(match["year"]), month, day))
    return _day(dt.date(int(match["year"]), day, month)) if month > 12 else None


def _iso(match: _Match, _: _Context) -> Interval | None:
    return _day(dt.date.fromisoformat(match[0]))


def _month(match: _Match, context: _Context) -> Interval | None:
    """ "May 2019", "late May", "June last year", "next March"."""
    month, published = _month_number(match["month"]), context.published
    year = _year_stated(match, context)
    if year is None:
        if published is None or match["of_year"]:
            return None
        this = published.year
        past, future = this - (month > published.month), this + (month < published.month)
        steps = _steps(match["which"])
        if steps < 0:  # "last May" is not the month just over: that is "last month"
            year = past - ((published.month - month) % 12 in (0, 1))
        elif steps > 0:
            year = future + (future == this and month == published.month)
        elif match["which"]:
            year = this
        else:
            is_coming = past != future and context.is_coming(
                dt.date(past, month, 1), dt.date(future, month, 1)
            )
            year = future if is_coming else past
    whole = _months(year, month)
    return _part(whole, match["part"]) if match["part"] else whole


def _month_range(match: _Match, _: _Context) -> Interval | None:
    first, last = _month_number(match["from_month"]), _month_number(match["month"])
    year = int(match["year"])
    from_year = int(match["from_year"]) if match["from_year"] else year - (first > last)
    if (from_year, first) > (year, last):
        return None
    return Interval(_months(from_year, first).earliest, _months(year, last).latest)


def _year(match: _Match, _: _Context) -> Interval | None:
    whole = _years(int(match["year"]))
    return _part(whole, match["part"]) if match["part"] else whole


def _neighbouring_year(match: _Match, context: _Context) -> Interval | None:
    """ "The year before", "the following year": of the year named last, else before that of publication."""
    years = re.findall(r"\b(?:1[5-9]|20)\d\d\b", context.earlier)
    if not years and (context.published is None or match["following"]):
        return None
    year = int(years[-1]) if years else context.published.year if context.published else 0
    return _years(year + (1 if match["following"] else -1))


def _year_range(match: _Match, _: _Context) -> Interval | None:
    first, last = int(match["from_year"]), int(match["year"])
    return _years(first, last - first + 1) if first < last else None


def _decade(match: _Match, _: _Context) -> Interval | None:
    whole = _years(int(match["decade"]), 10)
    return _part(whole, match["part"]) if match["part"] else whole


_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def _season(match: _Match, context: _Context) -> Interval | None:
    """Three whole months; the winter of a year is the one that begins in its December."""
    month, published = _SEASONS[match["season"].lower()], context.published
    year = _year_stated(match, context)
    if year is None:
        if published is None or not match["which"]:
            return None
        steps = _steps(match["which"])
        if steps > 0:
            year = published.year + (published.month >= month)
        elif steps < 0:  # the last one that is over
            year = published.year - 1 - (month == 12) + (published.month > month + 2)
            year += month == 12 and published.month > 2
        else:
            year = published.year - (month == 12 and published.month < 3)
    return _months(year, month, 3)


_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "final": 3, "last": 3}


def _quarter(match: _Match, context: _Context) -> Interval | None:
    year = _year_stated(match, context)
    if year is None:
        return None
    number = int(match["number"]) - 1 if match["number"] else _ORDINALS[match["ordinal"].lower()]
    return _months(year, 1 + 3 * number, 3)


def _period(match: _Match, context: _Context) -> Interval | None:
    """ "last week", "earlier this month", "late next year", "the end of the year"."""
    today = context.published
    if today is None:
        return None
    steps, unit, part = _steps(match["which"]), match["unit"].lower(), (match["part"] or "").lower()
    if unit == "week":
        whole = _week(today, steps)
    elif unit == "month":
        whole = _months(today.year, today.month + steps)
    elif unit == "year":
        whole = _years(today.year + steps)
    else:
        whole = _years(today.year // 10 * 10 + 10 * steps, 10)
    if steps == 0 and part == "earlier":
        return Interval(whole.earliest, today)
    if steps == 0 and part == "later":
        return Interval(today, whole.latest)
    return _part(whole, part) if part else whole


def _weekend(match: _Match, context: _Context) -> Interval | None:
    """Saturday and Sunday. "This weekend" in the first half of a week is more often the one just over."""
    today = context.published
    if today is None:
        return None
    saturday = today + dt.timedelta(days=5 - today.weekday())
    steps, which = _steps(match["which"]), (match["which"] or "").lower()
    is_over = today.weekday() < (3 if which == "this" else 5)
    if steps == 0 and is_over and not context.is_future:
        steps = -1
    elif "coming" in which:
        steps = 0
    return _days(saturday + dt.timedelta(days=7 * steps), 2)


def _weekday(match: _Match, context: _Context) -> Interval | None:
    """The nearest one up to the day of publication, that day included; a coming one only by verb or word."""
    today = context.published
    if today is None:
        return None
    number = _weekday_number(match["weekday"])
    if match["of_week"]:
        return _day(today + dt.timedelta(days=number - today.weekday() + 7 * _steps(match["of_week"])))
    since, until = (today.weekday() - number) % 7, (number - today.weekday()) % 7
    steps, which = _steps(match["which"]), (match["which"] or "").lower()
    if which == "this":
        days = number - today.weekday()
        return _day(today + dt.timedelta(days=days + 7 if days < 0 and context.is_future else days))
    if steps:
        return _day(today + dt.timedelta(days=-(since or 7) if steps < 0 else until or 7))
    return _day(today + dt.timedelta(days=until if context.is_future else -since))


def _day_word(match: _Match, context: _Context) -> Interval | None:
    word = match["word"].lower()
    if context.published is None:
        return None
    if word.startswith("the day"):
        days = -2 if "yesterday" in word else 2
    else:
        days = -1 if word.startswith(("yesterday", "last")) else 1 if word.startswith("tomorrow") else 0
    return _day(context.published + dt.timedelta(days=days))


_TO_NINETEEN = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_NUMBERS = {word: number for number, word in enumerate(_TO_NINETEEN.split(), start=1)}
_TO_NINETY = "twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = {word: 10 * number for number, word in enumerate(_TO_NINETY.split(), start=2)}
_VAGUE = {"a few": (2, 5), "several": (3, 9)}


def _amount(words: str) -> tuple[int, int]:
    """The least and the most that a number in words or figures stands for."""
    words = " ".join(words.lower().strip("[]").split())
    if words in _VAGUE:
        return _VAGUE[words]
    if words.startswith("a couple"):
        return 2, 2
    if words in ("a", "an"):
        return 1, 1
    if words[0].isdigit():
        number = int(words.replace(",", ""))
    else:
        number = sum(_NUMBERS.get(word) or _TENS[word] for word in re.split(r"[\s-]", words))
    return number, number


def _ago(match: _Match, context: _Context) -> Interval | None:
    """Days are counted to the day, weeks to the week, months to the month, years to the year."""
    today = context.published
    if today is None:
        return None
    least, most = _amount(match["amount"])
    if match.groupdict().get("ahead"):
        least, most = -most, -least
    unit = match["unit"].lower()
    if unit in ("second", "minute"):
        return _day(today)
    if unit == "hour":
        return Interval(today - (most + 23) // 24 * ONE_DAY, today - least // 24 * ONE_DAY)
    if unit == "day":
        return Interval(today - most * ONE_DAY, today - least * ONE_DAY)
    if unit in ("week", "fortnight"):
        weeks = 2 if unit == "fortnight" else 1
        return Interval(_week(today, -most * weeks).earliest, _week(today, -least * weeks).latest)
    if unit == "month":
        first, last = _months(today.year, today.month - most), _months(today.year, today.month - least)
    else:
        years = {"year": 1, "decade": 10, "century": 100}[unit]
        first, last = _years(today.year - most * years), _years(today.year - least * years)
    return Interval(first.earliest, last.latest)


# -- how they are written ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of expression: what finds it in a text, what matches the whole of one, what it means."""

    found: re.Pattern[str]
    whole: re.Pattern[str]
    meaning: _Meaning
    fits: Callable[[_Match], bool] | None


_PIECES = {
    "WEEKDAY": "|".join(WEEKDAYS),
    "WEEKDAY3": "|".join([*WEEKDAYS, "Mon", "Tues?", "Wed", "Thu(?:rs?)?", "Fri", "Sat", "Sun"]),
    "MONTH": "|".join(MONTHS[1:]),
    "MONTH3": r"(?:" + "|".join(MONTHS[1:]) + r")\b|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?",
    "YEAR": r"(?:1[5-9]|20)\d\d",
    "DAY": r"\d{1,2}(?=\D|$)(?:st|nd|rd|th)?",
    "UNIT": "second|minute|hour|day|week|fortnight|month|year|decade",
    "TIME": r"(?:\s+(?:morning|afternoon|evening|night|lunchtime))?",
    "ROUGHLY": r"(?:(?:early|earlier|late|later)\s+(?:on\s+)?)?",
}


def _pattern(source: str, *, is_text: bool) -> re.Pattern[str]:
    """In a text the names of days and months need their capital; typed into a form they do not."""
    for name, choices in _PIECES.items():
        is_name = name.startswith(("WEEKDAY", "MONTH"))
        source = source.replace(f"<{name}>", f"(?-i:{choices})" if is_text and is_name else f"(?:{choices})")
    if is_text:
        source = rf"(?<![\w$£€#/-])(?<!\d[.,])(?:{source})(?![\w%])(?![.,/:–-]\d)"
    return re.compile(source, re.IGNORECASE | re.VERBOSE)


_ON = r"(?:(?P<weekday><WEEKDAY3>)\.?,?\s+(?:the\s+)?)?"
_OF_YEAR = r"(?:,?\s+(?:of\s+)?(?:(?P<year><YEAR>)|(?P<of_year>last|this|next)\s+year))?"
_PART = r"(?:(?P<part>early|mid|late|(?:the\s+)?(?:start|beginning|middle|end)(?=\s+of))(?:\s+of\s+|[\s-]+))?"
_WHICH = r"(?P<which>last|next|this\s+(?:past|coming)|this)"
_DASH = r"\s?[–—-]\s?"
_AMOUNT = (
    r"(?P<amount>\d{1,3}(?:,\d{3})*|an?\s+few|several|an?\s+couple\s+of|an?|"
    rf"(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(list(_NUMBERS)[:9])}))?|{'|'.join(_NUMBERS)})"
)

_UNSURE_MONTHS = frozenset(["March", "April", "May", "June", "August"])
_BEFORE_MONTH = re.compile(r"\b(?:in|since|until|till|during|through|throughout)\s+$", re.IGNORECASE)
_BEFORE_ANY_MONTH = re.compile(
    r"\b(?:of|by|from|to|between|before|after|and|the|for)\s+$",
    re.IGNORECASE,
)
_BEFORE_NUMBER = re.compile(
    r"\b(?:about|some|nearly|over|than|around|almost|least|most|another|roughly|only|number|no\.?|page|room|flight|"
    r"to|of|for|an?)\s+$",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(
    r"\s+(?:people|men|women|children|troops|soldiers|jobs|homes|votes|seats|miles|kilomet\w+|met(?:re|er)s|feet|"
    r"tonn?e?s|dollars|pounds|euros|words|times|points|years|days|hours|hrs|gmt|per|workers|employees|patients|"
    r"cases|deaths|migrants|refugees|copies|members|million|billion|of\s+(?:them|the|these|those|its|his|her|their))\b",
    re.IGNORECASE,
)
_AFTER_NEIGHBOUR = re.compile(r"\s*(?:[^\w\s]|$|(?:and|but|when|while|to|for|in|at|as)\b)", re.IGNORECASE)
_NO_WEEKDAY = re.compile(
    r"\b(?:Black|Good|Super|Bloody|Easter|Ash|Cyber|Maundy|Palm|News|every|each|any|most|other)\s+$",
    re.IGNORECASE,
)
_OF_PAPERS = re.compile(r"\s+(?:Times|Telegraph|Mirror|Express|Mail|Herald|Post|Sun|Night\s+Live)\b")
_NO_TODAY = re.compile(r"\b(?:USA|Russia|India|Psychology|the)\s+$")


def _before(match: _Match) -> str:
    return match.string[max(0, match.start() - 24) : match.start()]


def _is_month(match: _Match) -> bool:
    """Not Theresa May, nor the march, nor April Jones."""
    name = match["month"]
    if match["part"] or match["which"] or match["year"] or match["of_year"] or name not in _UNSURE_MONTHS:
        return True
    possessive = match.string.startswith(("’s", "'s"), match.end())
    if _BEFORE_MONTH.search(_before(match)):
        return name != "May" or not possessive
    is_named = re.match(r"\s+[A-Z]", match.string[match.end() : match.end() + 9]) is not None
    return name != "May" and _BEFORE_ANY_MONTH.search(_before(match)) is not None and not is_named


def _is_year(match: _Match) -> bool:
    """Not 2000 people, nor page 1984."""
    if match["part"]:
        return True
    if _AFTER_NUMBER.match(match.string, match.end()):
        return False
    counted = _BEFORE_NUMBER.search(_before(match))
    return not counted or counted[0].split()[0].lower() in ("to", "of", "for")


def _is_neighbouring_year(match: _Match) -> bool:
    """Not "the year before the vote"."""
    if not match[0].lower().endswith(("before", "after")):
        return True
    return _AFTER_NEIGHBOUR.match(match.string, match.end()) is not None


def _is_weekday(match: _Match) -> bool:
    """Not Good Friday, nor the Sunday Times, nor every Monday."""
    return not (_NO_WEEKDAY.search(_before(match)) or _OF_PAPERS.match(match.string, match.end()))


def _is_day_word(match: _Match) -> bool:
    """Not USA Today, nor the programme This Morning."""
    words = match["word"].split()
    if len(words) > 1 and words[1][0].isupper():
        return False
    return not (words[0][0].isupper() and _NO_TODAY.search(_before(match)))


def _is_season(match: _Match) -> bool:
    return bool(match["which"] or match["year"] or match["of_year"])


def _is_period(match: _Match) -> bool:
    """Neither "the week" nor "the last week", which is a length of time."""
    if match["which"].lower() == "the":
        return bool(match["part"])
    return bool(match["part"]) or not re.search(r"\b(?:the|these|those)\s+$", _before(match), re.IGNORECASE)


def _kind(meaning: _Meaning, source: str, fits: Callable[[_Match], bool] | None = None) -> _Kind:
    return _Kind(_pattern(source, is_text=True), _pattern(source, is_text=False), meaning, fits)


_KINDS = (
    _kind(_iso, r"\d{4}-\d\d-\d\d"),
    _kind(_in_figures, r"(?P<day>\d{1,2})(?P<sep>[/.])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4})"),
    _kind(_date, rf"{_ON}(?P<day><DAY>)\s+(?:of\s+)?(?P<month><MONTH3>){_OF_YEAR}"),
    _kind(
        _date,
        rf"{_ON}(?P<month><MONTH3>)\s+(?:the\s+)?(?P<day><DAY>)(?!\s?(?:%|per\s?cent|million|billion)){_OF_YEAR}",
    ),
    _kind(
        _date_range,
        rf"""(?P<from_day><DAY>)(?:\s?(?:[–—-]|\bto\b)\s?|\s+(?P<from_month><MONTH3>)(?:,?\s+(?P<from_year><YEAR>))?{_DASH})
        (?P<day><DAY>)\s+(?P<month><MONTH3>)(?:,?\s+(?P<year><YEAR>))?""",
    ),
    _kind(
        _date_range,
        rf"""(?P<from_month><MONTH3>)\s+(?P<from_day><DAY>)(?:,?\s+(?P<from_year><YEAR>))?
        (?:{_DASH}(?:(?P<month><MONTH3>)\s+)?|\s+to\s+)(?P<day><DAY>)(?:,?\s+(?P<year><YEAR>))?""",
    ),
    _kind(_month, rf"{_PART}(?:{_WHICH}\s+)?(?P<month><MONTH>){_OF_YEAR}", _is_month),
    _kind(
        _month_range,
        rf"(?P<from_month><MONTH>)(?:\s+(?P<from_year><YEAR>))?{_DASH}(?P<month><MONTH>)\s+(?P<year><YEAR>)",
    ),
    _kind(_year, rf"{_PART}(?P<year><YEAR>)", _is_year),
    _kind(
        _neighbouring_year,
        r"""(?:the\s+previous\s+year|(?:the\s+year\s+before|(?:a|one)\s+year\s+earlier)
            |the\s+(?P<following>following\s+year|year\s+after))(?:['’]s)?""",
        _is_neighbouring_year,
    ),
    _kind(_year_range, rf"(?P<from_year><YEAR>){_DASH}(?P<year><YEAR>)"),
    _kind(_decade, rf"(?:the\s+)?{_PART}(?:the\s+)?(?P<decade>(?:1[5-9]|20)\d0)s"),
    _kind(
        _season, rf"(?:{_WHICH}\s+|the\s+)?(?P<season>spring|summer|autumn|fall|winter){_OF_YEAR}", _is_season
    ),
    _kind(
        _quarter,
        rf"(?:Q(?P<number>[1-4])|(?:the\s+)?(?P<ordinal>{'|'.join(_ORDINALS)})[\s-]quarter){_OF_YEAR}",
        lambda match: bool(match["year"] or match["of_year"]),
    ),
    _kind(
        _period,
        r"""(?:(?P<part>early|earlier|mid|late|later|(?:the\s+)?(?:start|beginning|middle|end)(?=\s+of))
            (?:\s+in\s+|\s+of\s+|[\s-]+))?
        (?P<which>last|next|this\s+(?:past|coming)|this|the)\s+(?P<unit>week|month|year|decade)(?:(?<=this\syear)s)?""",
        _is_period,
    ),
    _kind(_weekend, rf"(?:{_WHICH}|the)\s+weekend"),
    _kind(
        _weekday,
        rf"<ROUGHLY>(?:{_WHICH}\s+)?(?P<weekday><WEEKDAY>)<TIME>(?:\s+(?:of\s+)?(?P<of_week>last|this|next)\s+week)?",
        _is_weekday,
    ),
    _kind(
        _day_word,
        r"""<ROUGHLY>(?P<word>today|tonight|yesterday|tomorrow|this\s+(?:morning|afternoon|evening)|last\s+night
            |the\s+day\s+(?:before\s+yesterday|after\s+tomorrow))<TIME>""",
        _is_day_word,
    ),
    _kind(_ago, rf"\[?{_AMOUNT}\]?\s+(?P<unit><UNIT>)s?\s+ago"),
    _kind(_ago, rf"(?:in\s+)?{_AMOUNT}\s+(?P<unit><UNIT>)(?:s?['’]?|['’]s)\s+(?P<ahead>time)"),
)

_LEADING = re.compile(
    r"^(?:(?:on|in|at|by|since|until|till|from|during|throughout|through|over|around|about|roughly|almost|nearly|"
    r"just|some|of|for|as\s+of|back\s+in|the(?=\s+\d{1,2}\D))\s+)+",
    re.IGNORECASE,
)
_OPEN = re.compile(r"(?P<side>before|after)\s+(?P<rest>.+)", re.IGNORECASE)
