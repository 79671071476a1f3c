"""When the words beside a quote say that it was said."""

import datetime as dt
import re
from collections.abc import Sequence

from annotations import dates
from annotations.suggesting.found import Span
from annotations.suggesting.layout import Layout
from annotations.suggesting.suggestion import Said

_FEW = 8
"""Words between the end of a quote and a time that still belongs to its attribution."""
_TURN = re.compile(r"\b(?:which|who|but|and|while|when|after|before|although|though)\b")


class Dating:
    """The expressions of time in a text, found once a sentence."""

    def __init__(self, layout: Layout, published: dt.date | None) -> None:
        self.layout = layout
        self.published = published
        self._found: dict[int, list[dates.Expression]] = {}

    def near(self, spans: Sequence[Span], cue: Span | None) -> Said | None:
        """What the words of the attribution tell, else the sentences before it in its paragraph.

        What stands within the quote, in quotation marks, or in what its sentence goes on with is about another time;
        so is what is still to come.
        """
        layout = self.layout
        place = cue[0] if cue else spans[0][0]
        if not layout.sentences:
            return None
        number = own = layout.sentence_at(place)
        while number >= 0 and layout.sentences[number].paragraph == layout.sentences[own].paragraph:
            fitting = [
                one
                for one in self._in(number)
                if not any(left < one.end and one.start < right for left, right in spans)
                and not layout.region_at(one.start)
                and (number < own or self._is_near(one, spans))
            ]
            if fitting:
                said = self._said(min(fitting, key=lambda one: (abs(one.start - place), one.start)), number)
                return None if self._is_to_come(said) else said
            number -= 1
        return None

    def _is_to_come(self, said: Said) -> bool:
        """Whether the days are those of a plan: nobody is quoted before they speak. A day is for other clocks."""
        if self.published is None or said.earliest is None:
            return False
        return said.earliest > self.published + dates.ONE_DAY

    def _is_near(self, one: dates.Expression, spans: Sequence[Span]) -> bool:
        """Whether nothing but a few words of an adjunct stand between the content and an expression after it."""
        ends = [right for _, right in spans if right <= one.start]
        starts = [left for left, _ in spans if left >= one.end]
        if not ends or starts:
            return True
        between = self.layout.text[max(ends) : one.start]
        return len(between.split()) <= _FEW and not _TURN.search(between)

    def _in(self, number: int) -> list[dates.Expression]:
        if number not in self._found:
            sentence = self.layout.sentences[number]
            words = self.layout.text[sentence.start : sentence.end]
            self._found[number] = [
                dates.Expression(sentence.start + one.start, sentence.start + one.end, one.text)
                for one in dates.find(words)
            ]
        return self._found[number]

    def _said(self, one: dates.Expression, number: int) -> Said:
        sentence = self.layout.sentences[number]
        text = self.layout.text
        days = dates.resolve(
            one.text,
            self.published,
            before=text[sentence.start : one.start],
            after=text[one.end : sentence.end],
        )
        return Said(
            one.text,
            (one.start, one.end),
            days.earliest if days else None,
            days.latest if days else None,
        )
