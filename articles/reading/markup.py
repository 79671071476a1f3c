"""HTML and what is like it (XHTML, NITF) to the parts of an article: paragraphs, their kinds, and what is none."""

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml import html as lxml_html

from articles.reading.draft import Part, lexicon
from articles.text import normalise, one_line

MOST_TAGS = 120_000
"""Tags in one text; the longest feature has some thousands."""
LONGEST_MARKUP = 4_000_000
"""Characters of a text with its tags."""

_BLOCK_TAG = re.compile(
    r"<(?:p|br|div|h[1-6]|li|ul|ol|blockquote|article|section)\b[^<>]{0,500}/?>", re.IGNORECASE
)
_ANY_TAG = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|font|img|svg|script|style|iframe|object|embed|form|input|table|t[dhr]|video|"
    r"audio|link|meta|base|math|p|br|div|h[1-6]|li|[uo]l|blockquote)(?:[\s/][^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_KINDS = (
    dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2"], "heading")
    | {"li": "list-item"}
    | dict.fromkeys(["blockquote", "bq"], "blockquote")
)
_BLOCKS = "p div section article header footer main aside figure ul ol dl dt dd table caption tr br hr pre block body"
_PARAGRAPHS = frozenset(_BLOCKS.split()) | frozenset(_KINDS)
_CELLS = frozenset(["td", "th"])
_UNSEEN = lexicon(
    "script style noscript template iframe object head svg form button media-metadata media-object"
)
# What is said in these is not the article; the name says where it goes.
_ASIDE = {
    "figcaption": "captions",
    "media-caption": "captions",
    "media-producer": "credits",
    "note": "notes",
}


@dataclass(slots=True)
class Fragment:
    """What a piece of markup says: the article's parts, and the captions, credits, pictures and notes in it."""

    parts: list[Part] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)


def is_markup(words: str) -> bool:
    """Whether the text's paragraphs are made by HTML, rather than that it mentions a tag."""
    return "<" in words and bool(_BLOCK_TAG.search(words))


def has_tags(words: str) -> bool:
    return "<" in words and bool(_ANY_TAG.search(words))


def is_escaped(words: str) -> bool:
    """Whether the text holds tags or character references of HTML."""
    return has_tags(words) or ("&" in words and bool(_ENTITY.search(words)))


def read_fragment(words: str) -> Fragment:
    """The visible paragraphs of an HTML fragment and what stands beside them. ValueError where it is too much."""
    if len(words) > LONGEST_MARKUP or words.count("<") > MOST_TAGS:
        raise ValueError(
            f"The text has more than {MOST_TAGS:,} tags, or {LONGEST_MARKUP:,} characters with them. "
            "Bring it in as plain text."
        )
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(words.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return Fragment()
    return read_tree(tree)


def parts_of_markup(words: str) -> list[Part]:
    """The visible paragraphs of an HTML fragment, with their kinds; [] where it has none."""
    return read_fragment(words).parts


def words_of_markup(words: str) -> str:
    """What a line shows that may hold HTML, as the titles of feeds do: without tags, entities resolved."""
    if not is_escaped(words):
        return words
    return " ".join(said for _, said in read_fragment(words).parts)


def read_tree(tree: etree._Element) -> Fragment:
    """What is in an element, of HTML or NITF, in whatever namespace."""
    walk = _Walk()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            walk.enter(element)
            walk.say(element.text)
        else:
            walk.leave(element)
            walk.say(element.tail if element is not tree else None)
    walk.close()
    return walk.found


class _Walk:
    """A way through a tree: what was found, and what is being said where it stands."""

    def __init__(self) -> None:
        self.found = Fragment()
        self.kinds = [""]
        self.said: list[str] = []
        self.asides: list[list[str]] = []
        self.unseen = 0
        self.preformatted = 0

    def say(self, words: str | None) -> None:
        if words and not self.unseen:
            (self.asides[-1] if self.asides else self.said).append(words)

    def enter(self, element: etree._Element) -> None:
        name = local(element)
        if name in _UNSEEN:
            self.unseen += 1
        elif name in _ASIDE:
            self.close()
            self.asides.append([])
        elif name in _PARAGRAPHS:
            self._part()
            self.preformatted += name == "pre"
            if name in _KINDS:
                self.kinds.append(_KINDS[name])
        elif name in _CELLS:
            self.said.append(" ")
        elif name in ("img", "media-reference"):
            kind = element.get("mime-type") or "image/*"
            self.found.images += (
                [element.get("src") or element.get("source") or ""] if "image/" in kind else []
            )

    def leave(self, element: etree._Element) -> None:
        name = local(element)
        if name in _UNSEEN:
            self.unseen -= 1
        elif name in _ASIDE:
            self.close()
            if words := one_line(_BLANKS.sub(" ", "".join(self.asides.pop()))):
                getattr(self.found, _ASIDE[name]).append(words)
        elif name in _PARAGRAPHS:
            self._part()
            self.preformatted -= name == "pre"
            if name in _KINDS:
                self.kinds.pop()

    def _part(self) -> None:
        """A paragraph ends here, or in a caption only a line."""
        if self.asides:
            self.asides[-1].append(" ")
        else:
            self.close()

    def close(self) -> None:
        words, kind = "".join(self.said), self.kinds[-1]
        self.said.clear()
        if self.preformatted:
            self.found.parts.extend((kind, line) for line in normalise(words).split("\n\n") if line)
        elif line := one_line(_BLANKS.sub(" ", words)):
            self.found.parts.append((kind, line))


def local(element: etree._Element) -> str:
    """The element's name in lower case, without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


_BLANKS = re.compile(r"[\r\n\t ]+")
