"""The mark that an export writes beside each article: which one it is, and how it stood then.

With it an import of the file knows the article whatever was done to its headline or address, tells a row that nobody
has touched from one that somebody has, and sees when the article was changed here in the meantime.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

_MARK = re.compile(r"article-(\d{1,18})-(\d{8}T\d{6}\.\d{6}Z)-([0-9a-f]{16})")
_WHEN = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True, slots=True)
class Mark:
    """`number` and `recorded_at` together name one article of one site; `state` is that of its export."""

    number: int
    recorded_at: dt.datetime
    state: str

    def __str__(self) -> str:
        return f"article-{self.number}-{self.recorded_at.astimezone(dt.UTC).strftime(_WHEN)}-{self.state}"


def read_mark(said: str) -> Mark | None:
    """The mark that a cell holds; None for anything else, such as one that a spreadsheet has changed."""
    match = _MARK.fullmatch(said.strip())
    if not match:
        return None
    try:
        recorded_at = dt.datetime.strptime(match[2], _WHEN).replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return Mark(int(match[1]), recorded_at, match[3])


def state_of(values: Mapping[str, Any]) -> str:
    """What stands for an article's values (its text by the digest): other values, another state."""
    said = {name: _plain(value) for name, value in values.items() if value}
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return str(value).replace("\r\n", "\n")  # spreadsheets change these
