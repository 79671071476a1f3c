"""When the words beside a quote say that it was said."""

import datetime as dt
from collections.abc import Sequence

from annotations import dates
from annotations.suggesting.found import Span
from annotations.suggesting.layout import Layout
from annotations.suggesting.suggestion import Said


class Dating:
    """The expressions of time in a text, found once a sentence."""

    def __init__(self, layout: Layout, published: dt.date | None) -> None:
        self.layout = layout
        self.published = published
        self._found: dict[int, list[dates.Expression]] = {}

    def near(self, spans: Sequence[Span], cue: Span | None) -> Said | None:
        """What the sentence of the attribution tells, else the sentences before it in its paragraph.

        What stands within the quote, or in quotation marks, is about another time.
        """
        layout = self.layout
        if not layout.sentences:
            return None
        place = cue[0] if cue else spans[0][0]
        number = layout.sentence_at(place)
        paragraph = layout.sentences[number].paragraph
        while number >= 0 and layout.sentences[number].paragraph == paragraph:
            fitting = [
                one
                for one in self._in(number)
                if not any(left < one.end and one.start < right for left, right in spans)
                and not layout.region_at(one.start)
            ]
            if fitting:
                nearest = min(fitting, key=lambda one: (abs(one.start - place), one.start))
                return self._said(nearest, number)
            number -= 1
        return None

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
