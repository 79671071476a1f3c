"""The sentence picker's state, all of it in its address: which sentences, which words, and what was typed before."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from annotations.forms.quotes import FIELDS
from annotations.resizing import Span
from articles.models import Article
from articles.text import Sentence, Word, paragraphs, quotations, sentences, words_of

KEPT = frozenset(
    ["start", "end", "version", "uuid", "quote", "then", "revision", "proposal", "sitting", *FIELDS]
)
"""What an open form knows and the picker carries along; stances too. Not the words: they are long."""
_STANCE = re.compile(r"stance-\d{1,18}")

BORDER = "\"'“”„‟‘’‚«»‹›`,;:—–- "
"""What stands between a quotation and the words around it, and is not part of what was said."""

type Pairs = list[tuple[str, str]]


def kept(data: Any) -> Pairs:
    """Of what a page sent, what the picker carries along, in order; never a token."""
    names = [name for name in data if name in KEPT or _STANCE.fullmatch(name)]
    return [(name, value) for name in names for value in data.getlist(name)]


@dataclass(frozen=True, slots=True)
class Choice:
    """A word to begin or end with: its value in the form, its text, and whether it is chosen."""

    value: int
    text: str
    is_end: bool


class PickerForm(forms.Form):
    """`from` and `to` are sentences by number, `first` and `last` the ends of the chosen words in code points.

    What is out of the text or no number counts as not chosen.
    """

    first = forms.IntegerField(required=False, min_value=0)
    last = forms.IntegerField(required=False, min_value=0)
    then = forms.ChoiceField(required=False, choices=[("add", "add"), ("replace", "replace")])

    def __init__(self, article: Article, data: Any) -> None:
        super().__init__(data)
        self.fields["quote"] = forms.UUIDField(required=False)
        self.fields["from"] = forms.IntegerField(required=False, min_value=0)
        self.fields["to"] = forms.IntegerField(required=False, min_value=0)
        self.full_clean()
        self.article, self.asked = article, data
        assert article.current_version is not None
        self.version = article.current_version
        self.text = self.version.text
        self.kept = kept(data)
        self.sentences = sentences(self.text)
        self.range = self._range()
        self.span = self._span()

    @property
    def quote(self) -> UUID | None:
        """The quote whose words are to be chosen; none for a new one."""
        return self.cleaned_data.get("quote")

    @property
    def is_used(self) -> bool:
        return self.span is not None and "use" in self.asked

    @property
    def is_for_event(self) -> bool:
        """Whether the words are to be evidence of an event."""
        return self.quote is None and self.asked.get("use") == "event"

    @property
    def has_parts(self) -> bool:
        """Whether an open form has words already, in the text as it is now."""
        return any(n == "start" for n, _ in self.kept) and ("version", str(self.version.pk)) in self.kept

    def _range(self) -> tuple[int, int] | None:
        first = self.cleaned_data.get("from")
        if first is None or first >= len(self.sentences):
            return None
        last = self.cleaned_data.get("to")
        last = first if last is None else min(last, len(self.sentences) - 1)
        return min(first, last), max(first, last)

    def _span(self) -> Span | None:
        """From the first word to the last; all of the sentences where none are chosen."""
        if self.range is None:
            return None
        words = self.words()
        start, end = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        begin = start if start in {w.start for w in words} else words[0].start
        finish = end if end in {w.end for w in words} else words[-1].end
        assert begin is not None and finish is not None
        if begin < finish:
            return begin, finish
        # The last word was chosen before the first: the words between them are meant.
        return next(w.start for w in words if w.end == finish), next(w.end for w in words if w.start == begin)

    def chosen_sentences(self) -> list[Sentence]:
        return self.sentences[self.range[0] : self.range[1] + 1] if self.range else []

    def words(self) -> list[Word]:
        return [word for s in self.chosen_sentences() for word in words_of(self.text, s.start, s.end)]

    # What the templates show.

    def paragraphs(self) -> list[list[tuple[int, str]]]:
        """Every sentence with its number, paragraph by paragraph."""
        found: list[list[tuple[int, str]]] = [[] for _ in paragraphs(self.text)]
        for number, sentence in enumerate(self.sentences):
            found[sentence.paragraph].append((number, self.text[sentence.start : sentence.end]))
        return found

    def preview(self) -> str:
        assert self.span is not None
        return self.text[slice(*self.span)]

    def firsts(self) -> list[Choice]:
        return self._choices(lambda word: word.start, end=0)

    def lasts(self) -> list[Choice]:
        return self._choices(lambda word: word.end, end=1)

    def _choices(self, value: Callable[[Word], int], *, end: int) -> list[Choice]:
        assert self.span is not None
        return [
            Choice(value(w), self.text[w.start : w.end], value(w) == self.span[end]) for w in self.words()
        ]

    def presets(self) -> list[tuple[str, Pairs]]:
        """The quotations in the chosen sentences, without their marks: the words, and the address that takes them."""
        found = []
        for place in (
            paragraphs(self.text)[number] for number in {s.paragraph for s in self.chosen_sentences()}
        ):
            for left, right in quotations(self.text, place.start, place.end):
                inner = [word for word in self.words() if left <= word.start and word.end <= right]
                while inner and self._is_border(inner[0]):
                    inner.pop(0)
                while inner and self._is_border(inner[-1]):
                    inner.pop()
                if len(inner) > 1:
                    start, end = inner[0].start, inner[-1].end
                    found.append((self.text[start:end], self.at(first=start, last=end)))
        return found

    def _is_border(self, word: Word) -> bool:
        return all(character in BORDER for character in self.text[word.start : word.end])

    def at(self, **more: int) -> Pairs:
        """The address of this choice of sentences, with more."""
        assert self.range is not None
        where = [("from", str(self.range[0])), ("to", str(self.range[1]))]
        return [*self.kept, *where, *((name, str(value)) for name, value in more.items())]

    def before(self) -> Pairs:
        """One sentence more before; nothing where there is none."""
        assert self.range is not None
        first, last = self.range
        return [*self.kept, ("from", str(first - 1)), ("to", str(last))] if first else []

    def after(self) -> Pairs:
        assert self.range is not None
        first, last = self.range
        return (
            [*self.kept, ("from", str(first)), ("to", str(last + 1))]
            if last + 1 < len(self.sentences)
            else []
        )

    def chosen(self) -> Pairs:
        """What the annotating page's form is opened with: the words, checked there, and what was typed before."""
        assert self.span is not None
        start, end = self.span
        place = [("start", str(start)), ("end", str(end))]
        left_out = {"quote", "then", "version"} | (set() if self.has_parts else {"start", "end"})
        rest = [pair for pair in self.kept if pair[0] not in left_out]
        version = ("version", str(self.version.pk))
        if not self.has_parts:
            return [version, *place, *rest]
        move = ("move", self.cleaned_data.get("then") or "add")
        return [version, *rest, move, *((f"new_{name}", value) for name, value in place)]
