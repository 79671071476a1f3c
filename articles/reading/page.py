"""A saved web page: its own metadata first, the body by trafilatura, and what is none of it to fields and notes."""

import copy
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from articles.reading.decoding import decode_page
from articles.reading.draft import ArticleDraft, Part, Refusal, excerpt, make_draft
from articles.reading.furniture import sift
from articles.reading.lines import left_out, read_credit, read_line_over_text, split_names
from articles.reading.markup import is_markup, parts_of_markup
from articles.reading.metadata import Facts, read_facts
from articles.text import normalise, one_line

LARGEST_PAGE = 16 * 1024 * 1024
"""Bytes of HTML, unpacked; large real ones have two or three million."""
MOST_ELEMENTS = 25_000
MOST_CHARACTERS = 600_000
DEEPEST_NESTING = 100
"""Real pages of news sites stay under 3,000 elements, 71,000 characters and 30 levels (74 pages of 60 sites)."""
LONGEST_ATTRIBUTE = 10_000


def read_page(
    data: bytes, *, encoding: str = "", time_zone: dt.tzinfo | None = None
) -> ArticleDraft | Refusal:
    """The draft of a saved page, or why it gives none. `data` is its HTML, in any encoding or the one given.

    For each field the page's JSON-LD is asked first, then OpenGraph and other meta elements, then the visible
    page. A time without a zone is read in `time_zone` (the outlet's), else it dates nothing.
    """
    if len(data) > LARGEST_PAGE:
        return Refusal(f"The page has {len(data):,} bytes; {LARGEST_PAGE:,} is the most.")
    source = decode_page(data, encoding).replace("\x00", "")
    tree = _parse(source)
    if tree is None:
        return Refusal("There is no page in it.", raw=excerpt(source))
    if _is_tangled(tree):
        return Refusal(
            "It is longer, or its markup is nested deeper, than any article on a page.", raw=excerpt(source)
        )
    try:
        facts = read_facts(tree, source, time_zone)
        pieces = list(_pieces(tree))
    except (RecursionError, etree.LxmlError):
        return Refusal("Its markup is too tangled to read.", raw=excerpt(source))
    return _draft(tree, facts, pieces)


def _parse(source: str) -> HtmlElement | None:
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _is_tangled(tree: HtmlElement) -> bool:
    """Whether walking the tree recursively, as others do after us, would run out of stack or time.

    Attributes that hold whole images or programs are dropped on the way.
    """
    depth = count = characters = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        for name in [name for name, value in element.items() if len(value) > LONGEST_ATTRIBUTE]:
            del element.attrib[name]
        characters += len(element.tail or "")
        characters += 0 if element.tag in ("script", "style") else len(element.text or "")
        if depth > DEEPEST_NESTING or count > MOST_ELEMENTS or characters > MOST_CHARACTERS:
            return True
    return False


# -- the body ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Piece:
    """A paragraph as trafilatura gives it; `linked` is the share of its characters that are links.

    The items of a list have the share of the whole list: a list of links has other words in it, too.
    """

    kind: str
    words: str
    linked: float = 0.0


def _pieces(tree: HtmlElement) -> Iterator[_Piece]:
    import trafilatura  # a third of a second, that only those who read pages should wait for

    extracted = trafilatura.bare_extraction(
        copy.deepcopy(tree),
        include_comments=False,
        include_tables=True,
        include_links=True,
        with_metadata=False,
    )
    body = getattr(extracted, "body", None)
    for element in body if body is not None else ():
        if element.tag == "list":
            items = [_piece("list-item", item) for item in element.iter("item")]
            characters = sum(len(item.words) for item in items)
            share = sum(item.linked * len(item.words) for item in items) / max(1, characters)
            yield from (_Piece(item.kind, item.words, share) for item in items)
        elif element.tag == "table":
            yield from (_piece("", row) for row in element.iter("row"))
        elif element.tag == "quote":
            paragraphs = list(element.iter("p")) or [element]
            yield from (_piece("blockquote", paragraph) for paragraph in paragraphs)
        elif element.tag != "graphic":
            yield _piece("heading" if element.tag == "head" else "", element)


def _piece(kind: str, element: etree._Element) -> _Piece:
    words = _words(element)
    links = [ref for ref in element.iter("ref") if not (ref.get("target") or "").startswith("#")]
    linked = sum(len(one_line("".join(map(str, link.itertext())))) for link in links)
    return _Piece(kind, words, linked / max(1, len(words)))


def _words(element: etree._Element) -> str:
    """The element's text; a line break parts paragraphs, unless the sentence goes on after it."""
    lines = [""]
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if event == "start" and inner is not element:
            if inner.tag in _BREAKS:
                lines.append("")
            elif inner.tag == "cell":
                lines[-1] += " "
        said = inner.text if event == "start" else (inner.tail if inner is not element else "")
        lines[-1] += _BLANKS.sub(" ", said or "")
    found: list[str] = []
    for line in filter(None, map(one_line, lines)):
        if found and line[0].islower() and not re.search(r"[.!?:…][\"'”’»)]*$", found[-1]):
            found[-1] += f" {line}"
        else:
            found.append(line)
    return "\n\n".join(found)


_BREAKS = frozenset(["lb", "p", "row", "item", "head"])
_BLANKS = re.compile(r"[ \t\r\n\f]+")


# -- what of it is the article -----------------------------------------------------------------------------

# Words before the first and after the last paragraph of the article that are looked at one by one.
_LEAST_BODY = 50
_LONGEST_ASIDE = 400


def _draft(tree: HtmlElement, facts: Facts, pieces: list[_Piece]) -> ArticleDraft | Refusal:
    notes: list[str] = []
    told = _told(facts)
    is_lump = len(pieces) == 1 and len(told) > 1  # all paragraphs in one: the metadata have them apart
    if is_lump or sum(len(piece.words) for piece in pieces) < sum(len(piece.words) for piece in told) / 2:
        notes.append("The text was taken from the page's metadata: the page itself shows less of it.")
        pieces = told
    pieces = _without_echoes(pieces, facts, notes)
    pieces = _without_asides(pieces, facts, notes)
    if not pieces:
        return Refusal("No article text was found on the page.", raw=facts.headline or excerpt(_shown(tree)))
    parts = [*_standfirst(tree, facts, pieces), *((piece.kind, piece.words) for piece in pieces)]
    sifted = sift(parts, byline=", ".join(facts.authors))
    if not facts.published.at:
        notes.append(facts.published.note or "No date of publication was found on the page.")
    elif facts.published.note:
        notes.append(facts.published.note)
    if other := _other_heading(facts):
        notes.append(f"The heading on the page reads otherwise: {other}")
    fields = {
        "headline": facts.headline,
        "byline": sifted.byline,
        "author_bio": "\n\n".join(filter(str.strip, [facts.author_bio, sifted.author_bio])),
        "dateline": sifted.dateline,
        "section": facts.section,
        "language": facts.language,
        "outlet": facts.outlet,
        "url": facts.url,
        "archive_url": facts.archive_url,
        "image_url": facts.image_url,
        "image_caption": facts.image_caption,
        "image_credit": facts.image_credit,
    }
    try:
        return make_draft(sifted.parts, fields, published=facts.published, notes=notes + sifted.notes)
    except ValueError as error:
        return Refusal(str(error), raw=facts.headline)


def _told(facts: Facts) -> list[_Piece]:
    """The article's text as the page gives it in its metadata."""
    parts = parts_of_markup(facts.body) if is_markup(facts.body) else [("", facts.body)]
    return [_Piece(kind, line) for kind, words in parts for line in normalise(words).split("\n\n") if line]


def _squeezed(words: str) -> str:
    return re.sub(r"\W+", "", words.casefold())


def _without_echoes(pieces: list[_Piece], facts: Facts, notes: list[str]) -> list[_Piece]:
    """The pieces without what is in a field already: headline, byline and date, captions, biography."""
    headlines = {_squeezed(words) for words in facts.other_headlines}
    captions = {_squeezed(words) for words in [*facts.captions, facts.image_caption, facts.image_credit]}
    standfirsts = {_squeezed(words) for words in facts.descriptions}
    biography = _squeezed(facts.author_bio)
    names = {_squeezed(name) for name in facts.authors}
    kept: list[_Piece] = []
    for number, piece in enumerate(pieces):
        squeezed = _squeezed(piece.words)
        is_short = len(piece.words) <= _LONGEST_ASIDE
        if not squeezed or squeezed in names or (piece.kind in ("", "heading") and squeezed in headlines):
            continue
        if len(squeezed) > 20 and squeezed in biography:
            continue
        if piece.kind == "heading" and not kept and squeezed in standfirsts:
            kept.append(_Piece("", piece.words))
        elif piece.kind == "heading" and not kept:
            notes.append(left_out("heading over the text", piece.words))
        elif is_short and squeezed in captions:
            notes.append(left_out("image caption", piece.words))
        elif is_short and piece.kind == "" and (credit := read_credit(piece.words)):
            notes.append(left_out("image credit", piece.words))
            if len(kept) == 1 and kept[0].kind == "" and len(kept[0].words) <= _LONGEST_ASIDE:
                caption = kept.pop().words
                notes.append(left_out("image caption", caption))
                facts.captions.append(caption)
                facts.image_caption = facts.image_caption or caption
            facts.image_credit = facts.image_credit or credit[1]
        elif number < 10 and piece.kind == "" and (line := read_line_over_text(piece.words)):
            facts.authors = facts.authors or split_names(line.byline)
            notes.append(left_out("line over the text", piece.words))
        else:
            kept.append(piece)
    return kept


def _without_asides(pieces: list[_Piece], facts: Facts, notes: list[str]) -> list[_Piece]:
    """The pieces without links to other articles, and without what the page's own text leaves out.

    Where the page gives its article's text in the metadata, and most of what was found is in it, then what
    stands before the first or after the last paragraph in it, and short paragraphs between, is not the article.
    """
    teasers = [piece for piece in pieces if _is_teaser(piece)]
    if sum(len(piece.words) for piece in teasers) > 0.3 * sum(len(piece.words) for piece in pieces):
        teasers = []  # an article that is made of links
    notes += [left_out("link", piece.words) for piece in teasers]
    kept = [piece for piece in pieces if piece not in teasers]
    own = _squeezed(" ".join([*(piece.words for piece in _told(facts)), *facts.descriptions]))
    inside = [_squeezed(piece.words) in own for piece in kept]
    found = sum(len(piece.words) for piece, is_in in zip(kept, inside, strict=True) if is_in)
    if len(facts.body.split()) < _LEAST_BODY or found < 0.7 * sum(len(piece.words) for piece in kept):
        return kept
    last = max(number for number, is_in in enumerate(inside) if is_in)
    trusted: list[_Piece] = []
    for number, (piece, is_in) in enumerate(zip(kept, inside, strict=True)):
        is_aside = piece.kind == "" and len(piece.words) <= 200 and not is_in and trusted
        if not is_in and (number > last or is_aside):
            notes.append(left_out("not in the article's text as the page gives it", piece.words))
        else:
            trusted.append(piece)
    return trusted


def _is_teaser(piece: _Piece) -> bool:
    """Whether a paragraph is nothing but a link, and no run of sentences."""
    most = 0.5 if piece.kind == "list-item" else 0.85
    longest = 120 if piece.words.endswith((".", "!", "?")) else _LONGEST_ASIDE
    return piece.linked > most and len(piece.words) <= longest


def _standfirst(tree: HtmlElement, facts: Facts, pieces: list[_Piece]) -> list[Part]:
    """The standfirst: where the page shows its own description under its heading, and the body lacks it."""
    body = _squeezed(" ".join(piece.words for piece in pieces))
    headlines = {_squeezed(words) for words in facts.other_headlines}
    described = {_squeezed(words) for words in facts.descriptions} - headlines
    described -= {_squeezed(words) for words in facts.captions}
    wanted = [squeezed for squeezed in described if len(squeezed) > 15 and squeezed not in body]
    is_under = not facts.heading
    for element in tree.iter("h1", "p", "h2", "h3", "div", "span", "strong") if wanted else ():
        words = _shown(element)
        if element.tag == "h1":
            is_under = is_under or _squeezed(words) in headlines
        elif is_under and len(words) <= 1_000:
            squeezed = _squeezed(words)
            # A place may stand before it: "Berlin. The …"
            if any(squeezed.endswith(told) and len(squeezed) - len(told) <= 25 for told in wanted):
                return [("", one_line(words))]
    return []


def _shown(element: HtmlElement) -> str:
    return _BLANKS.sub(" ", " ".join(str(words) for words in element.itertext()))


def _other_heading(facts: Facts) -> str:
    """The heading that the page shows, if it is worded otherwise than the headline."""
    shown, told = _squeezed(facts.heading), _squeezed(facts.headline)
    return "" if told in shown or shown in told else facts.heading
