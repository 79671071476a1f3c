"""The lines of a file of any length, in little memory."""

import io
from typing import BinaryIO

from articles.reading.draft import ReadError

LARGEST_LINE = 8 * 1024 * 1024
"""Characters of one line, where reading stops; a text's own limit is lower."""

NUL_NOTE = "Zero characters (NUL) were taken out."


class Lines:
    """The lines of a stream, NULs taken out and counted. ReadError for a line without end."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self.text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        self.number = 0
        self.with_nul = 0

    def release(self) -> None:
        """Let go of the stream, which is the caller's to close."""
        if not self.text.closed:
            self.text.detach()

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self.text.readline(LARGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) == LARGEST_LINE and not line.endswith(("\n", "\r")):
            raise ReadError(
                f"Line {self.number + 1} has more than {LARGEST_LINE:,} characters. Is it a table? Break it up."
            )
        self.number += 1
        if "\x00" in line:
            self.with_nul += 1
            line = line.replace("\x00", "")
        return line
