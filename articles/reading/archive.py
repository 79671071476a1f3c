"""A zip of files of any format: each member read on its own, nothing written anywhere."""

import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO

from articles.reading.draft import ArticleDraft, ReadError, Refusal, excerpt, lexicon

MOST_MEMBERS = 50_000
LARGEST_UNPACKED = 4 * 1024 * 1024 * 1024
"""Bytes of all members together."""
LARGEST_DIRECTORY = 16 * 1024 * 1024
"""Bytes of the zip's own list of its members."""
MOST_PACKED = 100
"""How many times as large a member, or all of them, may become; text is packed three to ten times as small."""
SMALL = 1024 * 1024
"""Bytes up to which a member may be packed as small as it likes."""

SIGN = b"PK\x03\x04"
EMPTY_SIGN = b"PK\x05\x06"
_PARTS_OF_PAGES = lexicon(
    ".css .js .mjs .map .png .jpg .jpeg .gif .webp .avif .svg .ico .bmp .woff .woff2 .ttf .otf .eot .mp3 .mp4 "
    ".webm .ogg .download .db .ini"
)

type Reader = Callable[[str, BinaryIO], Iterator[ArticleDraft | Refusal]]


def read_archive(stream: BinaryIO, read_member: Reader) -> Iterator[ArticleDraft | Refusal]:
    """What is in a zip's members, in their order; `read_member` reads one. ReadError where the zip is unfit.

    Every outcome says which member it is of. A member that can't be read is refused, and the others go on.
    """
    _check_directory(stream)
    try:
        with zipfile.ZipFile(stream) as packed:
            members = [member for member in packed.infolist() if not member.is_dir()]
            _check_sizes(members, stream)
            wanted, passed = _wanted(members)
            if not wanted:
                raise ReadError(
                    "The zip holds no file that could be an article. Put the articles' files into it."
                )
            note = _note(passed)
            for member in wanted:
                for outcome in _of_member(packed, member, read_member):
                    if note and isinstance(outcome, ArticleDraft):
                        yield replace(outcome, notes=(*outcome.notes, note))
                        note = ""
                    else:
                        yield outcome
    except (zipfile.BadZipFile, NotImplementedError, struct.error, UnicodeDecodeError) as error:
        raise ReadError(f"The zip is damaged ({excerpt(str(error), 80)}). Pack it anew.") from None


def names_in(stream: BinaryIO) -> list[str]:
    """The names of the members that would be read. ReadError where the zip is unfit."""
    _check_directory(stream)
    try:
        with zipfile.ZipFile(stream) as packed:
            return [member.filename for member in _wanted(packed.infolist())[0] if not member.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, struct.error, UnicodeDecodeError):
        raise ReadError("The zip is damaged. Pack it anew.") from None


def _check_directory(stream: BinaryIO) -> None:
    """Refuse a list of members that alone would fill the memory, before anything reads it."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 66_000))
    tail = stream.read()
    stream.seek(0)
    start = tail.rfind(EMPTY_SIGN)
    if start < 0 or len(tail) < start + 22:
        raise ReadError("The zip has no end: it was not stored or sent whole. Send it again.")
    count, directory = struct.unpack_from("<HL", tail, start + 10)
    locator = start - 20
    if locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":
        (offset,) = struct.unpack_from("<Q", tail, locator + 8)
        if offset + 56 <= size:
            stream.seek(offset)
            record = stream.read(56)
            stream.seek(0)
            if record[:4] == b"PK\x06\x06":
                count, directory = struct.unpack_from("<QQ", record, 32)
    if count > MOST_MEMBERS or directory > LARGEST_DIRECTORY:
        raise ReadError(f"The zip has more than {MOST_MEMBERS:,} members. Split it.")


def _check_sizes(members: list[zipfile.ZipInfo], stream: BinaryIO) -> None:
    size = stream.seek(0, 2)
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS:
        raise ReadError(f"The zip has more than {MOST_MEMBERS:,} members. Split it.")
    if unpacked > LARGEST_UNPACKED:
        raise ReadError(f"Unpacked, the zip has more than {LARGEST_UNPACKED:,} bytes. Split it.")
    if unpacked > SMALL * 16 and unpacked > MOST_PACKED * size:
        raise ReadError(f"Unpacked, the zip is more than {MOST_PACKED} times as large. {_PACK_ANEW}")


_PACK_ANEW = "No text is packed as small as that: put the articles' files into a new zip."


def _wanted(members: list[zipfile.ZipInfo]) -> tuple[list[zipfile.ZipInfo], Counter[str]]:
    """The members that may be articles, and by their endings how many are passed over."""
    wanted: list[zipfile.ZipInfo] = []
    passed: Counter[str] = Counter()
    for member in members:
        path = PurePosixPath(member.filename)
        ending = path.suffix.lower()
        if "__MACOSX" in path.parts or path.name.startswith("."):
            continue  # what macOS adds, and what is hidden
        if ending in _PARTS_OF_PAGES:
            passed[ending] += 1
        else:
            wanted.append(member)
    return wanted, passed


def _note(passed: Counter[str]) -> str:
    told = ", ".join(f"{count} × {ending}" for ending, count in passed.most_common(10))
    return f"Passed over in the zip, as no articles: {told}." if passed else ""


def _of_member(
    packed: zipfile.ZipFile, member: zipfile.ZipInfo, read_member: Reader
) -> Iterator[ArticleDraft | Refusal]:
    name = excerpt(member.filename, 100)
    if member.flag_bits & 0x1:
        yield Refusal("It is encrypted. Pack it without a password.", f"member {name}", row=1)
        return
    if member.file_size > SMALL and member.file_size > MOST_PACKED * max(1, member.compress_size):
        reason = f"Unpacked, it is more than {MOST_PACKED} times as large. {_PACK_ANEW}"
        yield Refusal(reason, f"member {name}", row=1)
        return
    row = 0
    try:
        with packed.open(member) as data:
            for outcome in read_member(member.filename, data):  # type: ignore[arg-type]
                row = outcome.row
                yield replace(outcome, where=f"member {name} {outcome.where}".rstrip())
    except ReadError as error:
        yield Refusal(str(error), f"member {name}", row=row + 1)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError, OSError) as error:
        reason = f"The member is damaged ({excerpt(str(error), 80)}). Pack it anew."
        yield Refusal(reason, f"member {name}", row=row + 1)
