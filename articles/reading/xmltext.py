"""XML from strangers, entry by entry, in little memory.

No document type reaches the parser: the prolog is read here and left out, so that nothing can be declared,
included or fetched. What real feeds have that XML forbids (names of HTML characters, a bare ampersand, control
characters, the usual prefixes without their namespaces) is put right on the way; any other damage ends the
reading with the line that it is in.
"""

import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from lxml import etree

from articles.reading.decoding import encoding_given, encoding_of_xml
from articles.reading.draft import ReadError, excerpt
from articles.reading.markup import local

LARGEST_XML = 1024 * 1024 * 1024
"""Characters of a file."""
LARGEST_ENTRY = 8 * 1024 * 1024
"""Characters of one entry with its markup."""
MOST_ELEMENTS = 60_000
"""Elements of one entry."""
MOST_OUTSIDE = 300_000
"""Elements of a file that stand in none of its entries."""
DEEPEST_XML = 200
LONGEST_TAG = 256 * 1024
"""Characters of one tag with its attributes, or of one comment."""
LONGEST_PROLOG = 1024 * 1024
"""Characters before the first element."""
LONGEST_ENTITY = 100
"""Characters that a file may declare a short name for."""

type IsEntry = Callable[[etree._Element, int], bool]
"""Whether an element is an entry, given its depth, the root's being 1."""

_CHUNK = 32 * 1024
_WRAPPER = "newsdesk"
_FLATTEN = "Export it without so many layers."
# Prefixes that feeds and exports use, sometimes without saying for what.
_PREFIXES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "atom": "http://www.w3.org/2005/Atom",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "wp": "http://wordpress.org/export/1.2/",
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_NAMESPACES = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in _PREFIXES.items())
_PROLOG = re.compile(
    r"""(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\s(?>(?:"[^"]*"|'[^']*'|[^"'\[>])*+)
    (?:\[(?>(?:<!--.*?-->|<\?.*?\?>|"[^"]*"|'[^']*'|[^"'\]<]|<(?!!--|\?))*+)\]\s*)?>)*+""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ROOT = re.compile(r"<(?P<name>[^\W\d][\w.:-]{0,100})(?P<rest>[^<>]{0,4000})")
_ENTITY = re.compile(
    r"<!ENTITY\s+(?P<parameter>%\s+)?(?P<name>[\w.:-]{1,100})\s+(?P<value>\"[^\"]*\"|'[^']*')?"
)
_SIMPLE = re.compile(r"(?:[^&%<]|&#\d{1,7};|&#x[0-9a-fA-F]{1,6};)*")
_REFERENCE = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z_][\w.-]{0,40});)?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TAKEN_OUT = "Control characters, which XML forbids, were taken out."
_BUILT_IN = frozenset(["amp", "lt", "gt", "quot", "apos"])


@dataclass(frozen=True, slots=True)
class Root:
    """The first element: its name without prefix, in lower case, and its attributes as they stand."""

    name: str
    attributes: str


def root_of(head: str) -> Root | None:
    """The root element of the XML that begins with `head`; None where it does not begin as XML does."""
    start = head.removeprefix("\ufeff")
    prolog = _PROLOG.match(start)
    root = _ROOT.match(start, prolog.end() if prolog else 0)
    return Root(root["name"].rpartition(":")[2].lower(), root["rest"]) if root else None


def entries(
    stream: BinaryIO,
    is_entry: IsEntry,
    *,
    encoding: str = "",
    looks_inside: bool = False,
    notes: list[str] | None = None,
) -> Iterator[etree._Element]:
    """The elements that are entries, whole, in their order. Each is emptied when the next is asked for.

    `is_entry` is asked at an element's start, when its children are not there yet, or with `looks_inside` at its
    end. `notes` is told what was put right. What stands beside the entries stays in the tree, for titles and
    the like. ReadError, at once or at any entry, says where and why reading ends.
    """
    encoding = encoding_given(stream, encoding) if encoding else encoding_of_xml(stream)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    try:
        yield from _Entries(_Source(text, [] if notes is None else notes), is_entry, looks_inside)
    finally:
        if not text.closed:
            text.detach()


def _parser() -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )


class _Entries:
    """Reading that has got somewhere: how deep, how much since the last entry, how much outside of any."""

    def __init__(self, source: "_Source", is_entry: IsEntry, looks_inside: bool) -> None:
        self.source = source
        self.is_entry = is_entry
        self.looks_inside = looks_inside
        self.depth = self.count = self.outside = self.begun = 0
        self.within: etree._Element | None = None
        self.before: etree._Element | None = None

    def __iter__(self) -> Iterator[etree._Element]:
        parser = _parser()
        for chunk in self._chunks():
            broken = ""
            try:
                parser.feed(chunk.encode("utf-8", "replace"))
            except etree.XMLSyntaxError as error:
                broken = _said(error)
            # What was whole before the damage comes first.
            for event, element in parser.read_events():
                if event == "start":
                    self._begin(cast(etree._Element, element))
                elif self._ends_entry(cast(etree._Element, element)):
                    yield cast(etree._Element, element)
                    self._done(cast(etree._Element, element))
            self._check_size()
            if broken:
                raise ReadError(broken)

    def _chunks(self) -> Iterator[str]:
        yield f"<{_WRAPPER}{_NAMESPACES}>"
        yield from self.source.chunks()
        yield f"</{_WRAPPER}>"

    def _begin(self, element: etree._Element) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST_XML:
            raise ReadError(
                f"Line {element.sourceline}: it is nested deeper than {DEEPEST_XML} levels. {_FLATTEN}"
            )
        is_outside = self.within is None and not self.looks_inside and self.depth > 1
        if is_outside and self.is_entry(element, self.depth - 1):
            self.outside, self.count, self.begun = self.outside + self.count, 0, self.source.given
            self.within = element

    def _ends_entry(self, element: etree._Element) -> bool:
        self.depth -= 1
        if self.looks_inside:
            return self.depth > 0 and self.is_entry(element, self.depth)
        return element is self.within

    def _done(self, entry: etree._Element) -> None:
        """Empty the entry, and take the one before it out of the tree, so that it does not grow with the file."""
        before, self.before, self.within = self.before, entry, None
        self.count, self.begun = 0, self.source.given
        for child in list(entry):
            entry.remove(child)
        entry.text = None
        if before is not None:
            _drop(before, with_those_before=self.looks_inside)

    def _check_size(self) -> None:
        line, size = self.source.line, self.source.given - self.begun
        if self.within is not None or self.looks_inside:
            if self.count > MOST_ELEMENTS or size > LARGEST_ENTRY:
                raise ReadError(
                    f"Up to line {line}: an entry has more than {MOST_ELEMENTS:,} elements or "
                    f"{LARGEST_ENTRY:,} characters. Is it one article?"
                )
        elif self.outside + self.count > MOST_OUTSIDE or size > 2 * LARGEST_ENTRY:
            raise ReadError(
                f"Up to line {line}: there is too much in it that is no article. Export articles only."
            )


def _drop(entry: etree._Element, *, with_those_before: bool) -> None:
    """Take an entry that is done with out of the tree, so that it does not grow with the file."""
    parent = entry.getparent()
    if parent is None:
        return
    while with_those_before and (sibling := entry.getprevious()) is not None:
        parent.remove(sibling)
    parent.remove(entry)


def _said(error: etree.XMLSyntaxError) -> str:
    message = re.sub(r"(?:, line \d+|, column \d+| \(<string>.*)", "", str(error.msg or "")).strip()
    line = error.lineno or 1
    return (
        f"Line {line}: it is no well-formed XML ({excerpt(message, 100)}). Mend it there, or export it anew."
    )


class _Source:
    """The characters of a file after its prolog, fit for the parser."""

    def __init__(self, text: io.TextIOWrapper, notes: list[str]) -> None:
        self.text = text
        self.notes = notes
        self.given = 0
        self.line = 1
        self.in_tag = False
        self.since = 0  # characters since the last angle bracket
        self.entities: dict[str, str] = {}

    def chunks(self) -> Iterator[str]:
        """The file's text from its root element on; ReadError where it is no XML or declares too much."""
        head = ""
        while len(head) < LONGEST_PROLOG and (more := self.text.read(_CHUNK)):
            head += more
            rest = self._after_prolog(head)
            if rest.startswith("<") and rest[1:2] not in ("", "?", "!"):
                break
        rest = self._after_prolog(head)
        if not _ROOT.match(rest):
            raise ReadError("It is no XML: no element begins it. Bring it in as what it is.")
        self._declare(head[: len(head) - len(rest)])
        self.line += head.count("\n", 0, len(head) - len(rest))
        yield "\n" * (self.line - 1)
        held, in_data = "", False
        total = len(rest)
        chunk: str | None = rest
        while chunk is not None:
            text, held, in_data = self._mended(held + chunk, in_data)
            self.given += len(text)
            self.line += text.count("\n")
            if text:
                yield text
            chunk = self.text.read(_CHUNK) or None
            total += len(chunk or "")
            if total > LARGEST_XML:
                raise ReadError(f"The file has more than {LARGEST_XML:,} characters. Split it.")
        if held:
            yield held if in_data else self._resolved(held)

    def _after_prolog(self, head: str) -> str:
        match = _PROLOG.match(head)
        return head[match.end() :] if match else head

    def _declare(self, prolog: str) -> None:
        """Keep the names that the document type gives to a few characters; refuse what else it declares."""
        for match in _ENTITY.finditer(re.sub(r"<!--.*?-->", "", prolog, flags=re.DOTALL)):
            if match["parameter"] or match["name"] in _BUILT_IN:
                continue
            value = (match["value"] or "")[1:-1]
            if not match["value"] or len(value) > LONGEST_ENTITY or not _SIMPLE.fullmatch(value):
                raise ReadError(
                    f"It declares an entity ({match['name']}) that stands for more than a few characters, "
                    "which is not read. Save it without its document type."
                )
            self.entities[match["name"]] = html.unescape(value)

    def _mended(self, text: str, in_data: bool) -> tuple[str, str, bool]:
        """What of the text can be given on, what must wait for more, and whether it ends in a CDATA section."""
        if _FORBIDDEN.search(text):
            text = _FORBIDDEN.sub("", text)
            if _TAKEN_OUT not in self.notes:
                self.notes.append(_TAKEN_OUT)
        if "<![CDATA[" not in text and not in_data:
            keep = _tail(text)
            return self._resolved(text[: len(text) - keep]), text[len(text) - keep :], False
        found: list[str] = []
        position = 0
        while True:
            end = text.find("]]>" if in_data else "<![CDATA[", position)
            if end < 0:
                break
            end += 3 if in_data else 9
            piece = text[position:end]
            found.append(piece if in_data else self._resolved(piece))
            position, in_data = end, not in_data
        rest = text[position:]
        keep = min(2, len(rest)) if in_data else _tail(rest)
        piece = rest[: len(rest) - keep]
        found.append(piece if in_data else self._resolved(piece))
        return "".join(found), rest[len(rest) - keep :], in_data

    def _resolved(self, text: str) -> str:
        bracket = max(text.rfind("<"), text.rfind(">"))
        if bracket < 0:
            self.since += len(text)
        else:
            self.in_tag = text[bracket] == "<" and not text.endswith("<![CDATA[")
            self.since = len(text) - bracket
        if self.in_tag and self.since > LONGEST_TAG:
            raise ReadError(
                f"Line {self.line}: a tag has more than {LONGEST_TAG:,} characters. Export it anew."
            )
        return _REFERENCE.sub(self._reference, text) if "&" in text else text

    def _reference(self, match: re.Match[str]) -> str:
        """A reference as XML knows it: names of HTML and of the file resolved, a bare ampersand escaped."""
        name = match[1]
        if name in _BUILT_IN:
            return match[0]
        if not name:
            return "&amp;"
        said = self.entities.get(name) or html.unescape(match[0])
        if said == match[0]:
            return f"&amp;{name};"
        return html.escape(_FORBIDDEN.sub("", said))


def _tail(text: str) -> int:
    """How many characters at the end may be the beginning of a reference or of a CDATA section."""
    for sign, longest in (("&", 45), ("<", 9)):
        start = text.rfind(sign, max(0, len(text) - longest))
        if start >= 0 and ";" not in text[start:] and ">" not in text[start:]:
            return len(text) - start
    return 0


# -- what stands in an element -----------------------------------------------------------------------------


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of one of these names (lower case, no namespace), in the names' order."""
    for name in names:
        for child in element.iterchildren():
            if local(child) == name:
                yield child


def first(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element down the path; None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def words(element: etree._Element | None) -> str:
    """All that the element says, its spaces as they are."""
    return "" if element is None else "".join(map(str, element.itertext()))


def line(element: etree._Element | None) -> str:
    """All that the element says, on one line."""
    return " ".join(words(element).split())


def texts(element: etree._Element | None, *names: str) -> list[str]:
    """What the children of these names say, each on one line, in the names' order, none of them empty."""
    found = children(element, *names) if element is not None else ()
    return [said for child in found if (said := line(child))]


def text(element: etree._Element | None, *path: str) -> str:
    """What the first element down the path says, on one line."""
    return line(first(element, *path))


def language(element: etree._Element | None) -> str:
    """The nearest xml:lang."""
    while element is not None:
        if said := element.get("{http://www.w3.org/XML/1998/namespace}lang"):
            return said
        element = element.getparent()
    return ""
