"""The words of a quote as a page sends them: three fields a part, so that the server can check each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from annotations.anchoring import describe, reanchor_all
from annotations.resizing import Move, Span, moved, trimmed
from articles.models import Article, Version

LONGEST_PART = 4_000
"""Code points a part may have: more than any quotation needs."""
MOST_PARTS = 20

OTHER_WORDS = (
    "Other words stand there in the text than those that were sent. Reload the page and select them again."
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a quote: start and end in code points, end exclusive, and the words there."""

    start: int
    end: int
    exact: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A part as a page sends it; without the words where an address of ours names the version that has them."""

    start: int
    end: int
    exact: str | None


class PartsWidget(forms.Widget):
    """Reads `start`, `end` and `exact`, each as often as there are parts; templates write them themselves."""

    needs_multipart_form = False

    def __init__(self, prefix: str = "") -> None:
        super().__init__()
        self.names = [f"{prefix}{name}" for name in ("start", "end", "exact")]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[list[str]]:
        return [data.getlist(one) for one in self.names]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(one in data for one in self.names)


class PartsField(forms.Field):
    """Parts as they were sent, not yet compared with a text."""

    def to_python(self, value: Any) -> list[Sent]:
        starts, ends, words = value or ([], [], [])
        words = words or [None] * len(starts)
        if not len(starts) == len(ends) == len(words):
            raise ValidationError("Send a start, an end and the words of every part.")
        if len(starts) > MOST_PARTS:
            raise ValidationError(f"A quote has at most {MOST_PARTS} parts.")
        return [
            Sent(_offset(s), _offset(e), w if w is None else w.replace("\r\n", "\n"))
            for s, e, w in zip(starts, ends, words, strict=True)
        ]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError("Choose the words of the quote.")


def _offset(raw: str) -> int:
    if not (raw.isascii() and raw.isdecimal() and len(raw) < 10):
        raise ValidationError("The place of the words is no number. Select them again.")
    return int(raw)


class WordsForm(forms.Form):
    """Which words of which version, and what is to be done with them.

    `move` is a press of a button (see annotations.resizing), or "add" or "replace" with the words in `new_start`,
    `new_end` and `new_exact`. Once valid, `read_in` is the version, `spans` are the words after the move, `before`
    those that were sent. Only an address may leave the words of a part out, and only if it names the version: what
    they are is then shown, and sent along with what is saved.
    """

    version = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    parts = PartsField(required=False, widget=PartsWidget())
    new = PartsField(required=False, widget=PartsWidget("new_"))
    move = forms.CharField(required=False, max_length=40)

    def __init__(
        self, article: Article, data: Any, *, required: bool = True, is_address: bool = False
    ) -> None:
        super().__init__(data)
        self.article, self.must_have_words, self.is_address = article, required, is_address
        current = article.current_version
        assert current is not None
        self.read_in: Version = current
        self.before: list[Span] = []
        self.spans: list[Span] = []

    @property
    def is_move(self) -> bool:
        return bool(self.data.get("move"))

    @property
    def problem(self) -> str:
        """The first error, in words; empty where there is none."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")

    @property
    def is_outdated(self) -> bool:
        """Whether the words are those of a version that is no longer the article's current one."""
        return self.read_in.pk != self.article.current_version_id

    def clean_version(self) -> int | None:
        asked: int | None = self.cleaned_data["version"]
        if asked and asked != self.read_in.pk:
            found = self.article.versions.filter(pk=asked).first()
            if found is None:
                raise ValidationError("The article has no such version. Reload the page.")
            self.read_in = found
        return asked

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        try:
            self.before = self._checked(data["parts"])
            self.spans = self._after_move(data["move"], data["new"])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if self.must_have_words and not self.spans:
            raise ValidationError("Choose the words of the quote.")
        return data

    def _after_move(self, move: str, new: Sequence[Sent]) -> list[Span]:
        if not move:
            return self.before
        if move in {"add", "replace"}:
            if not new:
                raise ValidationError("Select some words first.")
            kept = self.before if move == "add" else []
            return _apart([*kept, *self._checked(new)])
        return moved(self.read_in.text, self.before, Move.parse(move))

    def _checked(self, parts: Sequence[Sent]) -> list[Span]:
        """The parts' spans without white space at their ends, in reading order; ValidationError if they are none."""
        text, spans = self.read_in.text, []
        for part in parts:
            if part.exact is None and not (self.is_address and self.cleaned_data.get("version")):
                raise ValidationError("Send a start, an end and the words of every part.")
            words = text[part.start : part.end]
            if not part.start < part.end <= len(text) or part.exact not in (None, words):
                raise ValidationError(OTHER_WORDS)
            start, end = trimmed(text, part.start, part.end)
            if start == end:
                raise ValidationError("There are no words in the selection.")
            if end - start > LONGEST_PART:
                raise ValidationError(
                    f"The selection has {end - start:,} characters; {LONGEST_PART:,} is the most for one part. "
                    "Select the sentences that matter, one part after the other."
                )
            spans.append((start, end))
        return _apart(spans)

    def on_current(self) -> list[Span]:
        """Where the words stand in the article's current version; nothing where a part of them is not found."""
        current = self.article.current_version
        assert current is not None
        selectors = [describe(self.read_in.text, start, end) for start, end in self.spans]
        found = [one.selector for one in reanchor_all(self.read_in.text, current.text, selectors)]
        spans = sorted((one.start, one.end) for one in found if one is not None)
        return spans if len(spans) == len(found) and all(a[1] <= b[0] for a, b in pairwise(spans)) else []


def _apart(spans: Sequence[Span]) -> list[Span]:
    ordered = sorted(spans)
    if any(one[1] > other[0] for one, other in pairwise(ordered)):
        raise ValidationError("Two parts of the quote overlap. Make them one, or move them apart.")
    if len(ordered) > MOST_PARTS:
        raise ValidationError(f"A quote has at most {MOST_PARTS} parts.")
    return ordered


def parts_of(version: Version, spans: Sequence[Span]) -> list[Part]:
    """Spans of a version with their words, as a form sends them back."""
    return [Part(start, end, version.text[start:end]) for start, end in spans]
