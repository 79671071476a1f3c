"""JSON from strangers: its depth, size and oddities bounded; an array of any length item by item."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

LARGEST_DOCUMENT = 16 * 1024 * 1024
"""Characters of a document that is one object; arrays and lines may be of any length."""
LARGEST_RECORD = 8 * 1024 * 1024
"""Characters of one item of an array, or of one line."""
MOST_VALUES = 200_000
"""Brackets, braces and commas in one record (a comma of the text counts, too); four times that in a document."""
DEEPEST_JSON = 50

_CHUNK = 64 * 1024
_SMALL = 1024 * 1024
_SPACES = " \t\r\n"


class JsonError(ValueError):
    """The text is no JSON, or not of the kind that is read here; the message says how."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise JsonError(f"The member “{twice[:50]}” stands in it twice. Leave one of them out.")
    return found


def _constant(name: str) -> Any:
    raise JsonError(f"{name} is no JSON value. Write null instead.")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, strict=False)
_LENIENT = json.JSONDecoder(strict=False, parse_int=str)


def loads(text: str, *, most_values: int = MOST_VALUES) -> Any:
    """The value of a JSON text. JsonError where it is none, has a member twice, NaN, or is too deep or too much."""
    if len(text) > _SMALL and _values_in(text) > most_values:
        raise JsonError(f"There are more than {most_values:,} values in it. Split it.")
    try:
        value = _DECODER.decode(text.strip(_SPACES))
    except json.JSONDecodeError as error:
        raise JsonError(_said(error)) from None
    except RecursionError:
        raise JsonError(_TOO_DEEP) from None
    except JsonError:
        raise
    except ValueError:
        raise JsonError(_LONG_NUMBER) from None
    if _is_deep(value):
        raise JsonError(_TOO_DEEP)
    return value


_LONG_NUMBER = "A number in it is too long. Write it as a string."
_TOO_DEEP = f"It is nested deeper than {DEEPEST_JSON} levels. Flatten it."


def _said(error: json.JSONDecodeError) -> str:
    return f"It is no whole JSON: {error.msg} (character {error.pos + 1}). Mend it there."


def _values_in(text: str) -> int:
    return text.count("[") + text.count("{") + text.count(",")


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST_JSON):
        level = [
            item
            for outer in level
            if isinstance(outer, dict | list)
            for item in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(item, dict | list)
        ]
        if not level:
            return False
    return True


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an array: its value, or why it can't be read; `is_last` where nothing after it can be, either."""

    number: int
    line: int
    value: Any = None
    error: str = ""
    is_last: bool = False


def read_array(text: TextIO) -> Iterator[Item]:
    """The items of the JSON array that `text` is, one by one, in little memory."""
    return _Array(text).items()


class _Array:
    """An array that is being read: what is in memory of it, and where reading stands."""

    def __init__(self, text: TextIO) -> None:
        self.text = text
        self.buffer = ""
        self.position = 0
        self.line = 1
        self.at_end = False

    def items(self) -> Iterator[Item]:
        self._skip(_SPACES + "\ufeff")
        self.position += 1  # the opening bracket
        number = 0
        while True:
            sign = self._skip(_SPACES)
            if number and sign == ",":
                self.position += 1
                sign = self._skip(_SPACES)
            elif number and sign and sign != "]":
                yield self._last(number + 1, "There is no comma before it.")
                return
            if sign == "]":
                self.position += 1
                if self._skip(_SPACES):
                    yield self._last(number + 1, "Something stands after the end of the array.")
                return
            number += 1
            item = self._item(number)
            yield item
            if item.is_last:
                return

    def _item(self, number: int) -> Item:
        while True:
            start, size = self.position, len(self.buffer) - self.position
            if size > _SMALL and _values_in(self.buffer[start:]) > MOST_VALUES:
                return self._last(
                    number, f"There are more than {MOST_VALUES:,} values in it, or no end to it."
                )
            may_go_on = not self.at_end and size <= LARGEST_RECORD
            error = ""
            try:
                value, end = _DECODER.raw_decode(self.buffer, start)
                error = _TOO_DEEP if _is_deep(value) else ""
            except json.JSONDecodeError as broken:
                is_cut = broken.pos >= len(self.buffer) - 20 or broken.msg.startswith("Unterminated")
                if not (is_cut and may_go_on):
                    return self._last(number, _said_of(broken, start, size))
                end = -1
            except RecursionError:
                return self._last(number, _TOO_DEEP)
            except ValueError as refused:
                value, error = None, str(refused) if isinstance(refused, JsonError) else _LONG_NUMBER
                end = self._end_of_refused()
                if end < 0 and not may_go_on:
                    return self._last(number, error)
            if end < 0 or (end == len(self.buffer) and not self.at_end):
                self._fill(size)
                continue
            item = Item(number, self.line, value, error)
            self.line += self.buffer.count("\n", start, end)
            self.position = end
            return item

    def _end_of_refused(self) -> int:
        """Where an item ends that is JSON but not taken; -1 where its end is not here yet."""
        try:
            return _LENIENT.raw_decode(self.buffer, self.position)[1]
        except (ValueError, RecursionError):
            return -1

    def _last(self, number: int, error: str) -> Item:
        return Item(number, self.line, error=error, is_last=True)

    def _fill(self, least: int) -> None:
        more = self.text.read(max(_CHUNK, min(least, _SMALL)))
        self.at_end = not more
        self.buffer, self.position = self.buffer[self.position :] + more, 0

    def _skip(self, signs: str) -> str:
        """Move to the next character that is none of `signs`; gives it back, "" at the end."""
        while True:
            start = self.position
            while self.position < len(self.buffer) and self.buffer[self.position] in signs:
                self.position += 1
            self.line += self.buffer.count("\n", start, self.position)
            if self.position < len(self.buffer) or self.at_end:
                return self.buffer[self.position : self.position + 1]
            self._fill(0)


def _said_of(error: json.JSONDecodeError, start: int, size: int) -> str:
    if size > LARGEST_RECORD:
        return f"It has more than {LARGEST_RECORD:,} characters, or no end."
    return f"It is no whole JSON: {error.msg} (its character {error.pos - start + 1})."
