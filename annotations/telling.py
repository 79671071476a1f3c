"""What readers are told in words of their own language: days, positions, what became of a quote's words.

Each message is a whole, so that a translator may put its parts in another order. Where a part of one is shown apart,
as a link or in another language, a `Phrase` has what stands around it.
"""

import datetime as dt
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from annotations.corrections import Correction, What
from annotations.dates import ONE_DAY, Interval, is_whole_months, is_whole_years
from annotations.life import Fate, Spell
from annotations.positions import Position, Shift

POSITIONS = {
    "supports": pgettext_lazy("position on a claim", "supports"),
    "opposes": pgettext_lazy("position on a claim", "opposes"),
    "mixed": pgettext_lazy("position on a claim", "mixed"),
    "unclear": pgettext_lazy("position on a claim", "unclear"),
}
KINDS = {
    "direct": _("direct speech"),
    "mixed": _("partly word for word"),
    "indirect": _("reported speech"),
}
BASES = {
    "on-the-record": pgettext_lazy("on what basis something was told", "on the record"),
    "anonymous": pgettext_lazy("on what basis something was told", "anonymous"),
    "leak": pgettext_lazy("on what basis something was told", "leak"),
    "document": pgettext_lazy("on what basis something was told", "document"),
}

_APART = "\ue000"
"""Stands in a message for the part that is shown apart."""


class Phrase(NamedTuple):
    """A sentence, cut around the words of it that are shown apart."""

    before: str
    words: str
    after: str

    def __str__(self) -> str:
        return "".join(self)


def _cut(sentence: str, words: str) -> Phrase:
    before, _, after = sentence.partition(_APART)
    return Phrase(before, words, after)


# -- days --------------------------------------------------------------------------------------------------


def day(one: dt.date) -> str:
    """A day written out: "8 May 2019"."""
    return date_format(one)


def days(first: dt.date, last: dt.date) -> str:
    """Days from the first to the last, both included: "22–28 April 2019"."""
    return day(first) if first == last else _joined(*_ends(first, last))


def interval(one: Interval) -> str:
    """An interval as papers write it: "22–28 April 2019", "May 2019", "before 8 May 2019"."""
    first, last = one.earliest, one.latest
    if first is None or last is None:
        if last is not None and last < dt.date.max:
            return gettext("before %(day)s") % {"day": _edge(last + ONE_DAY, is_start=True)}
        if first is not None and first > dt.date.min:
            return gettext("after %(day)s") % {"day": _edge(first - ONE_DAY, is_start=False)}
        return gettext("date unknown")
    if is_whole_years(first, last):
        return _joined(*_years(first, last))
    return _joined(*_months(first, last)) if is_whole_months(first, last) else days(first, last)


def on_days(one: Interval) -> str:
    """The same after a verb: "on 8 May 2019", "between 22 and 28 April 2019", "in May 2019"."""
    first, last = one.earliest, one.latest
    if first is None or last is None:
        return interval(one)
    if first == last:
        return gettext("on %(day)s") % {"day": day(first)}
    if is_whole_years(first, last):
        begin, end = _years(first, last)
        if begin == end:
            return pgettext("a year", "in %(period)s") % {"period": end}
        return pgettext("years", "between %(first)s and %(last)s") % {"first": begin, "last": end}
    if is_whole_months(first, last):
        begin, end = _months(first, last)
        if begin == end:
            return pgettext("a month", "in %(period)s") % {"period": end}
        return pgettext("months", "between %(first)s and %(last)s") % {"first": begin, "last": end}
    begin, end = _ends(first, last)
    return pgettext("days", "between %(first)s and %(last)s") % {"first": begin, "last": end}


def _joined(first: str, last: str) -> str:
    if first == last:
        return last
    if " " in first:
        return pgettext("days or months, one of them of several words", "%(first)s – %(last)s") % {
            "first": first,
            "last": last,
        }
    return pgettext("days, months or years", "%(first)s–%(last)s") % {"first": first, "last": last}


def _ends(first: dt.date, last: dt.date) -> tuple[str, str]:
    """Two days without what the second says of the first. Formats are Django's, of its filter `date`."""
    if first.year != last.year:
        return day(first), day(last)
    if first.month != last.month:
        # Translators: a date format, for 22 April in “22 April – 6 May 2019”
        return date_format(first, pgettext("date format", "j F")), day(last)
    # Translators: a date format, for 22 in “22–28 April 2019”
    return date_format(first, pgettext("date format", "j")), day(last)


def _months(first: dt.date, last: dt.date) -> tuple[str, str]:
    is_one = first.year != last.year or first.month == last.month
    # Translators: a date format, for April in “April–May 2019”
    begin = "YEAR_MONTH_FORMAT" if is_one else pgettext("date format", "F")
    return date_format(first, begin), date_format(last, "YEAR_MONTH_FORMAT")


def _years(first: dt.date, last: dt.date) -> tuple[str, str]:
    return date_format(first, "Y"), date_format(last, "Y")


def _edge(one: dt.date, *, is_start: bool) -> str:
    """A day that limits an open interval; the whole month or year where it begins or ends one."""
    if (one.month, one.day) == ((1, 1) if is_start else (12, 31)):
        return date_format(one, "Y")
    if (one if is_start else one + ONE_DAY).day == 1:
        return date_format(one, "YEAR_MONTH_FORMAT")
    return day(one)


def reason(expression: str, written: dt.date | None, *, near: dt.date | None, in_undated: bool) -> Phrase:
    """What a date rests on: words of an article, and the day of that, without its year if the date is near."""
    if written is not None:
        is_same_year = near is not None and near.year == written.year
        sentence = gettext("“%(words)s” in the article of %(day)s")
        told = {
            "words": _APART,
            "day": date_format(written, "MONTH_DAY_FORMAT" if is_same_year else "DATE_FORMAT"),
        }
    else:
        sentence = gettext("“%(words)s” in an undated article") if in_undated else gettext("“%(words)s”")
        told = {"words": _APART}
    return _cut(sentence % told, expression)


# -- where somebody stands ---------------------------------------------------------------------------------

_PHRASES = {
    ("consistently", "supports"): _("consistently supported"),
    ("consistently", "opposes"): _("consistently opposed"),
    ("almost always", "supports"): _("almost always supported"),
    ("almost always", "opposes"): _("almost always opposed"),
    ("generally", "supports"): _("generally supported"),
    ("generally", "opposes"): _("generally opposed"),
    ("tended to", "supports"): _("tended to support"),
    ("tended to", "opposes"): _("tended to oppose"),
    ("divided", "mixed"): _("expressed a mixture of support and opposition"),
    ("alone", "supports"): _("expressed support"),
    ("alone", "opposes"): _("expressed opposition"),
    ("alone", "mixed"): _("expressed both support and opposition"),
    ("alone", "unclear"): _("took no clear position"),
}


def stance(found: Position) -> Phrase:
    """What somebody's quotes say together: the phrase for it ("consistently opposed") in its evidence."""
    return _cut(_stance(found), str(_PHRASES[found.strength, found.side]))


def _stance(found: Position) -> str:
    told = {"position": _APART, "outlets": outlets(found.outlets), "quotes": quotes(found.quotes)}
    if found.quotes > 1:
        sentence = (
            gettext("%(position)s, %(quotes)s in %(outlets)s")
            if found.outlets
            else gettext("%(position)s, %(quotes)s")
        )
    else:
        told["days"] = interval(found.said)
        sentence = (
            gettext("%(position)s in one quote carried by %(outlets)s, %(days)s")
            if found.outlets > 1
            else gettext("%(position)s in one quote, %(days)s")
        )
    sentence %= told
    if found.unclear and found.side != "unclear":
        sentence = ngettext(
            "%(stance)s, and %(number)d quote that took no clear position",
            "%(stance)s, and %(number)d quotes that took no clear position",
            found.unclear,
        ) % {"stance": sentence, "number": found.unclear}
    if found.shifts:
        sentence = gettext("%(stance)s; %(change)s") % {
            "stance": sentence,
            "change": shift(found.shifts[-1]),
        }
    return sentence


def counted(number: int, in_outlets: int) -> Phrase:
    """How many quotes there are in how many outlets, where nothing else is told of them."""
    sentence = gettext("%(quotes)s in %(outlets)s") % {"quotes": _APART, "outlets": outlets(in_outlets)}
    return _cut(sentence, quotes(number))


def shift(one: Shift) -> str:
    """A change of side, named with its two dates."""
    told = {"before": on_days(one.said_before), "after": on_days(one.said_after)}
    if one.before == "supports":
        return gettext("supported %(before)s, opposed %(after)s") % told
    return gettext("opposed %(before)s, supported %(after)s") % told


def quotes(number: int) -> str:
    return ngettext("%(number)d quote", "%(number)d quotes", number) % {"number": number}


def outlets(number: int) -> str:
    """After "in" or "carried by"."""
    return ngettext("%(number)d outlet", "%(number)d outlets", number) % {"number": number}


# -- what became of words ----------------------------------------------------------------------------------


def life(spell: Spell) -> str:
    """A run of versions in the life of a quote's words."""
    told = {"first": spell.first, "last": spell.last}
    many = spell.first != spell.last
    match spell.fate:
        case Fate.REMOVED:
            message = (
                gettext("Not in versions %(first)d–%(last)d: the outlet removed it.")
                if many
                else gettext("Not in version %(first)d: the outlet removed it.")
            )
        case Fate.REWORDED:
            message = (
                gettext("Reworded in version %(first)d, and so until version %(last)d:")
                if many
                else gettext("Reworded in version %(first)d:")
            )
        case Fate.SURROUNDED:
            message = (
                gettext(
                    "The same words in versions %(first)d–%(last)d, "
                    "but the outlet changed what stands around them."
                )
                if many
                else gettext(
                    "The same words in version %(first)d, but the outlet changed what stands around them."
                )
            )
        case Fate.BACK:
            message = (
                gettext("Back in versions %(first)d–%(last)d.")
                if many
                else gettext("Back in version %(first)d.")
            )
        case _:
            message = gettext("In versions %(first)d–%(last)d.") if many else gettext("In version %(first)d.")
    return message % told


# -- what was corrected ------------------------------------------------------------------------------------

WHAT = {
    What.PUBLISHED: pgettext_lazy("what was done with a quote or an event", "Published"),
    What.REPUBLISHED: pgettext_lazy("what was done with a quote or an event", "Published again"),
    What.READ: _("Read again in a newer version of the article, and kept"),
    What.CHANGED: pgettext_lazy("what was done with a quote or an event", "Changed"),
    What.WITHDRAWN: pgettext_lazy("what was done with a quote or an event", "Taken back"),
}
CORRECTED = pgettext_lazy("what was done with a quote or an event", "Corrected")

QUOTE_FACTS = {
    "speaker": pgettext_lazy("what was corrected", "who speaks"),
    "mention": pgettext_lazy("what was corrected", "how the article names the speaker"),
    "role": pgettext_lazy("what was corrected", "the speaker’s role"),
    "kind": pgettext_lazy("what was corrected", "whether the words are direct or reported speech"),
    "cue": pgettext_lazy("what was corrected", "the word that attributes it"),
    "said": pgettext_lazy("what was corrected", "when it was said"),
    "relayed_by": pgettext_lazy("what was corrected", "who relayed it"),
    "basis": pgettext_lazy("what was corrected", "on what basis it was told"),
    "utterance": pgettext_lazy("what was corrected", "which quotes elsewhere render the same utterance"),
    "spans": pgettext_lazy("what was corrected", "which words are the quote"),
    "stances": pgettext_lazy("what was corrected", "where it stands on the claims"),
}
EVENT_FACTS = {
    "title": pgettext_lazy("what was corrected", "what happened"),
    "when": pgettext_lazy("what was corrected", "when it happened"),
    "place": pgettext_lazy("what was corrected", "where it happened"),
    "source": pgettext_lazy("what was corrected", "its source"),
    "evidence": pgettext_lazy("what was corrected", "which words are its evidence"),
}


def correction(one: Correction) -> str:
    """What happened to a published quote: "Changed: when it was said, who speaks"."""
    told = {"what": WHAT[one.what], "facts": ", ".join(str(QUOTE_FACTS[fact]) for fact in one.facts)}
    sentence = gettext("%(what)s: %(facts)s") % told if one.facts else str(told["what"])
    if one.reason:
        sentence = gettext("%(what)s: %(reason)s") % {"what": sentence, "reason": one.reason}
    return sentence
