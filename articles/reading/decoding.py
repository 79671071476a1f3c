"""From bytes to text: which encoding a file is in, or that this can't be told."""

import codecs
import re
from io import BytesIO
from typing import BinaryIO

from articles.reading.draft import ReadError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What Windows-1252 texts are made of besides ASCII; another eight-bit encoding read so shows other signs.
_WESTERN = frozenset(
    "‘’“”„‚–—…•€£¥¢§©®™°·«»¿¡½¼¾ºª\u00a0\u00adàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœŒŠšŽžÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØÙÚÛÜ"
)
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})|<\?xml[^>]{0,100}encoding=[\"']([\w.-]{2,40})",
    re.IGNORECASE,
)
_UTF8_PAIRS = re.compile(
    rb"\xc3[\x80-\xbf][\x00-\x7f]|\xe2\x80[\x90-\xbf]|[\xd0\xd1][\x80-\xbf][\xd0\xd1][\x80-\xbf]"
)
_CHUNK = 1 << 20
_BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")

ASK_FOR_UTF8 = "Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and bring it in again."


def marked_encoding(start: bytes) -> str:
    """The encoding that a byte order mark, or the zero bytes of UTF-16 without one, give away; else ""."""
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    head = start[:200]
    if len(head) >= 8 and b"\x00" in head:
        if head[1::2].count(0) > 0.8 * len(head[1::2]) and head[::2].count(0) == 0:
            return "utf-16-le"
        if head[::2].count(0) > 0.8 * len(head[::2]) and head[1::2].count(0) == 0:
            return "utf-16-be"
    return ""


def is_binary(start: bytes) -> bool:
    """Whether bytes of no marked encoding are no text: more than one in a hundred is a control character."""
    return len(_BINARY.findall(start[:4096])) > max(2, len(start[:4096]) / 100)


def encoding_of(stream: BinaryIO) -> str:
    """The encoding of a whole seekable stream, which is left at its start. ReadError where it can't be told.

    A text that is not UTF-8 throughout is taken for Windows-1252 only if it looks like it.
    """
    stream.seek(0)
    start = stream.read(_CHUNK)
    stream.seek(0)
    if marked := marked_encoding(start):
        return marked
    if is_binary(start):
        raise ReadError("This is not text. Bring in a text file, a saved web page, CSV or JSON lines.")
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        stream.seek(0)
        if _looks_western(stream):
            return "cp1252"
        raise ReadError(f"The file is not UTF-8, and its encoding can't be told. {ASK_FOR_UTF8}") from None
    finally:
        stream.seek(0)
    return "utf-8"


def _looks_western(stream: BinaryIO) -> bool:
    high = western = 0
    while chunk := stream.read(_CHUNK):
        if _UTF8_PAIRS.search(chunk):
            return False  # UTF-8 with broken places: read as Windows-1252 it would be garbled
        read = chunk.decode("cp1252", errors="replace")
        signs = [sign for sign in read if sign > "\x7f"]
        high += len(signs)
        western += sum(1 for sign in signs if sign in _WESTERN)
    stream.seek(0)
    return high > 0 and western / high >= 0.95


def decode(data: bytes) -> tuple[str, str]:
    """The text of `data` and the encoding it was in; ReadError where that can't be told."""
    encoding = encoding_of(BytesIO(data))
    return data.decode(encoding, errors="replace"), encoding


def decode_page(data: bytes) -> str:
    """The text of an HTML page: by its byte order mark, as UTF-8 if it is that, by its own word, by guess."""
    if marked := marked_encoding(data[:_CHUNK]):
        return data.decode(marked, errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    match = _META_CHARSET.search(data[:8192])
    declared = (match[1] or match[2]).decode("ascii") if match else "windows-1252"
    try:
        encoding = codecs.lookup(declared).name
        # Browsers read these labels as Windows-1252, and pages count on it.
        return data.decode("cp1252" if encoding in ("iso8859-1", "ascii") else encoding, errors="replace")
    except (LookupError, ValueError):
        return data.decode("cp1252", errors="replace")
