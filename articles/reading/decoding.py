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

_XML_ENCODING = re.compile(rb"\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9_:.-]{2,40})")
XML_STARTS = (
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
_MEANT = {
    **{
        "iso8859-1": "cp1252",
        "ascii": "cp1252",
        "iso8859-9": "cp1254",
        "iso8859-11": "cp874",
        "tis-620": "cp874",
    },
    **{"gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932"},
}
"""What is meant where an older, smaller set is named; browsers read these names so, too (encoding.spec.whatwg.org)."""
_EIGHT_BITS = ("cp125", "iso8859", "koi8", "mac", "cp437", "cp8")
# These turn bytes into text, but no file is written in them.
_NO_ENCODINGS = frozenset(["utf-7", "punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"])

ASK_FOR_UTF8 = (
    "Choose its encoding, or save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and bring it in again."
)


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


def encoding_named(name: str) -> str:
    """Python's name of an encoding; "" where it is none that a file can be in."""
    try:
        found = codecs.lookup(name.strip()).name
        codecs.getincrementaldecoder(found)
        b"<".decode(found)
    except (LookupError, ValueError):
        return ""
    return "" if found in _NO_ENCODINGS else _MEANT.get(found, found)


def _holds(stream: BinaryIO, encoding: str) -> bool:
    """Whether the whole stream is text in that encoding; it is left at its start."""
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except (UnicodeError, ValueError):
        return False
    finally:
        stream.seek(0)
    return True


def encoding_given(stream: BinaryIO, name: str) -> str:
    """Python's name of the encoding that a person has named; ReadError where the stream is not in it."""
    encoding = encoding_named(name)
    if not encoding:
        raise ReadError(f"“{name}” is no encoding. Use a name like utf-8, utf-16 or windows-1252.")
    if encoding == "utf-8":
        encoding = "utf-8-sig"
    if not _holds(stream, encoding):
        raise ReadError(f"The file is not in {name}. Choose another encoding, or save it as UTF-8.")
    return encoding


def encoding_of_xml(stream: BinaryIO) -> str:
    """The encoding of a seekable stream of XML: by its mark, by its own word if that holds, as UTF-8, by looks."""
    stream.seek(0)
    start = stream.read(_CHUNK)
    stream.seek(0)
    if marked := marked_encoding(start):
        return marked
    for sign, encoding in XML_STARTS:
        if start.startswith(sign):
            return encoding
    match = _XML_ENCODING.match(start)
    declared = encoding_named(match[1].decode("ascii")) if match else ""
    # Every file is text in an eight-bit encoding; one that is UTF-8 throughout is no accident.
    if declared.startswith(_EIGHT_BITS) and _holds(stream, "utf-8"):
        return "utf-8"
    if declared and not declared.startswith(("utf-16", "utf-32")) and _holds(stream, declared):
        return declared
    return "iso8859-1" if declared == "cp1252" else encoding_of(stream)


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
    if _holds(stream, "utf-8"):
        return "utf-8"
    looks_western = _looks_western(stream)
    stream.seek(0)
    if looks_western:
        return "cp1252"
    raise ReadError(f"The file is not UTF-8, and its encoding can't be told. {ASK_FOR_UTF8}")


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


def decode(data: bytes, given: str = "") -> tuple[str, str]:
    """The text of `data` and the encoding it was in; ReadError where that can't be told, or is not the one given."""
    encoding = encoding_given(BytesIO(data), given) if given else encoding_of(BytesIO(data))
    return data.decode(encoding, errors="replace"), encoding


def encoding_of_page(data: bytes) -> str:
    """The encoding of an HTML page: by its byte order mark, as UTF-8 if it is that, by its own word, by guess."""
    if marked := marked_encoding(data[:_CHUNK]):
        return marked
    try:
        data.decode()
    except UnicodeDecodeError:
        match = _META_CHARSET.search(data[:8192])
        declared = (match[1] or match[2]).decode("ascii") if match else ""
        return encoding_named(declared) or "cp1252"
    return "utf-8"


def decode_page(data: bytes, given: str = "") -> str:
    """The text of an HTML page, in the encoding given or found. ReadError where it is not in the one given."""
    if given:
        return decode(data, given)[0]
    return data.decode(encoding_of_page(data), errors="replace")


def decode_wire(data: bytes, given: str = "") -> str:
    """The text of wire messages, whose control characters would make anything else no text."""
    if given:
        return decode(data, given)[0]
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
