"""Text that holds HTML, as the body column of an export often does, to the parts of an article."""

import re

from lxml import etree
from lxml import html as lxml_html

from articles.reading.draft import Part
from articles.text import one_line

_BLOCK_TAG = re.compile(
    r"<(?:p|br|div|h[1-6]|li|ul|ol|blockquote|article|section)\b[^<>]{0,500}/?>", re.IGNORECASE
)
_ANY_TAG = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|font|img|svg|script|style|iframe|object|embed|form|input|table|t[dhr]|video|"
    r"audio|link|meta|base|math|p|br|div|h[1-6]|li|[uo]l|blockquote)(?:[\s/][^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_KINDS = {
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "h5": "heading",
    "h6": "heading",
} | {
    "li": "list-item",
    "blockquote": "blockquote",
}
_BLOCKS = "p div section article header footer main aside figure figcaption ul ol dl dt dd table tr br hr pre"
_PARAGRAPHS = frozenset(_BLOCKS.split()) | frozenset(_KINDS)
_UNSEEN = frozenset(
    ["script", "style", "noscript", "template", "iframe", "object", "head", "svg", "form", "button"]
)


def is_markup(words: str) -> bool:
    """Whether the text's paragraphs are made by HTML, rather than that it mentions a tag."""
    return bool(_BLOCK_TAG.search(words))


def has_tags(words: str) -> bool:
    return bool(_ANY_TAG.search(words))


def parts_of_markup(words: str) -> list[Part]:
    """The visible paragraphs of an HTML fragment, with their kinds; [] where it has none."""
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(words.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return []
    parts: list[list[str]] = [["", ""]]
    kinds: list[str] = [""]
    unseen = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        starts = event == "start"
        if element.tag in _UNSEEN:
            unseen += 1 if starts else -1
        elif element.tag in _PARAGRAPHS:
            if element.tag in _KINDS:
                kinds = [*kinds, _KINDS[element.tag]] if starts else kinds[:-1]
            parts.append([kinds[-1], ""])
        if not unseen:
            parts[-1][1] += (element.text if starts else element.tail) or ""
    return [(kind, line) for kind, said in parts if (line := one_line(re.sub(r"[\r\n\t ]+", " ", said)))]
