"""RSS (0.9 to 2.0), RDF, Atom (0.3 and 1.0), CDF, and WordPress's export, which is RSS with more in it.

Elements are known by their name without its namespace: real feeds get the namespaces wrong.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from email.utils import parseaddr
from typing import BinaryIO
from urllib.parse import urlsplit

from lxml import etree

from articles.reading import xmltext as xml
from articles.reading.draft import joined, lexicon, plain_parts, web_address
from articles.reading.entries import Entry, PassedOver, names_of, summary_note
from articles.reading.lines import left_out
from articles.reading.markup import Fragment, is_escaped, local, read_fragment, read_tree, words_of_markup
from articles.text import one_line

_ATOM = "http://www.w3.org/2005/Atom"
_DEEPEST_ENTRY = 3
_PUBLISHED = ("published", "pubdate", "date", "issued", "created")
_CHANGED = ("updated", "modified", "lastmod")
# What is used of an entry, besides what its content is searched for.
_USED = lexicon("""
    title link guid id identifier description summary content encoded body fullitem published pubdate date issued
    created updated modified lastmod author creator dc:creator category subject language enclosure thumbnail group
    image credit source publisher origlink comments commentrss copyright rights post_id post_date post_date_gmt
    post_type post_name status post_password post_parent menu_order post_modified post_modified_gmt comment_status
    ping_status is_sticky postmeta attachment_url comment excerpt
    """)
_CLOSING_TAG = re.compile(r"</[a-z][a-z0-9]{0,20}\s*>", re.IGNORECASE)
_PASSED_TYPES = {"nav_menu_item": "menu item", "wp_global_styles": "style", "revision": "revision"}


def read_feed(stream: BinaryIO, encoding: str, notes: list[str]) -> Iterator[Entry | PassedOver]:
    """The entries of a feed or a WordPress export. ReadError says where it can't be read any further."""
    people: dict[str, str] | None = None
    for item in xml.entries(stream, _is_entry, encoding=encoding, notes=notes):
        try:
            if xml.first(item, "post_type") is not None:
                people = _people(item) if people is None else people
                yield _post(item, people)
            else:
                yield _entry(item)
        except ValueError as error:
            yield Entry(refused=str(error))


def _is_entry(element: etree._Element, depth: int) -> bool:
    return depth <= _DEEPEST_ENTRY and local(element) in ("item", "entry")


def _feed_of(item: etree._Element) -> etree._Element | None:
    """The element that tells about the feed as a whole: around the entries, or, in RDF, beside them."""
    parent = item.getparent()
    if parent is None:
        return None
    channel = xml.first(parent, "channel")
    return parent if channel is None else channel


# -- an entry of any feed ----------------------------------------------------------------------------------


def _entry(item: etree._Element) -> Entry:
    entry = _without_text(item)
    _take_text(item, entry)
    return entry


def _without_text(item: etree._Element) -> Entry:
    feed = _feed_of(item)
    address = _address(item)
    source = xml.first(item, "source")
    outlets = [
        xml.text(source, "title") or (xml.line(source) if source is not None and len(source) == 0 else ""),
        *xml.texts(item, "publisher"),
        _title(xml.first(feed, "title")),
    ]
    languages = [*xml.texts(item, "language"), xml.language(item), *xml.texts(feed, "language")]
    entry = Entry(unused=_unused(item))
    entry.fields = {
        "headline": _title(xml.first(item, "title")),
        "byline": _byline(item) or _byline(feed),
        "outlet": next((name for name in outlets if name and not web_address(name)), ""),
        "url": address,
        "external_id": _identifier(item) or "",
        "section": next(_sections(item), ""),
        "language": next(filter(None, languages), ""),
    }
    if not entry.fields["outlet"] and not address and (home := _address(feed)):
        entry.fields["outlet_domain"] = re.sub(r"^www\d*\.", "", urlsplit(home).hostname or "")
    _take_dates(item, entry)
    _take_picture(item, entry)
    return entry


def _unused(item: etree._Element) -> list[str]:
    names = {
        local(child): None for child in item.iterchildren() if local(child) and (child.text or len(child))
    }
    return [name for name in names if name not in _USED]


def _title(element: etree._Element | None) -> str:
    if element is None:
        return ""
    if element.get("type") in ("xhtml", "html") and len(element):
        return one_line(" ".join(said for _, said in read_tree(element).parts))
    said = _decoded(element)
    is_plain = element.get("type") in ("text", "text/plain") or element.get("mode") == "xml"
    return one_line(said if is_plain else words_of_markup(said))


def _address(item: etree._Element | None) -> str:
    """The web address of an entry, or of a feed."""
    if item is None:
        return ""
    original = next((xml.line(one) for one in xml.children(item, "origlink")), "")
    linked = []
    for link in xml.children(item, "link"):
        if link.get("href") is not None:
            if (link.get("rel") or "alternate") in ("alternate", "canonical"):
                linked.append(
                    (
                        link.get("type") not in (None, "text/html", "application/xhtml+xml"),
                        link,
                        link.get("href"),
                    )
                )
        elif said := xml.line(link):
            linked.append((False, link, said))
    linked.sort(key=lambda one: one[0])
    guids = [
        (xml.line(one))
        for one in xml.children(item, "guid")
        if (one.get("isPermaLink") or "true").lower() != "false"
    ]
    about = (
        item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or item.get("href") or item.get("HREF")
    )
    candidates = [
        original,
        *(joined(link.base or "", said or "") for _, link, said in linked),
        *guids,
        about or "",
    ]
    return next(filter(None, map(web_address, candidates)), "")


def _identifier(item: etree._Element) -> str:
    about = item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    return next(iter(xml.texts(item, "guid", "id", "identifier")), about or "")


def _byline(item: etree._Element | None) -> str:
    found: list[str] = []
    for author in xml.children(item, "author", "creator") if item is not None else ():
        named = xml.texts(author, "name")
        if named:
            found += named
        elif len(author) == 0 and (said := xml.line(author)):
            found.append(_name_in(said))
    return names_of(dict.fromkeys(filter(None, found)))


def _name_in(said: str) -> str:
    """The name in "ada@gazette.example (Ada Quill)" or "Ada Quill <ada@…>"; an address alone names nobody."""
    if "@" not in said:
        return said
    if match := re.fullmatch(r"\S+@\S+\s+\((?P<name>.+)\)", said):
        return match["name"]
    name, _ = parseaddr(said)
    return name if "@" not in name else ""


def _sections(item: etree._Element) -> Iterator[str]:
    for category in xml.children(item, "category"):
        if category.get("domain") == "post_tag":
            continue
        yield from filter(None, [category.get("label") or "", xml.line(category), category.get("term") or ""])
    yield from xml.texts(item, "subject")


def _take_dates(item: etree._Element, entry: Entry) -> None:
    said = xml.texts(item, *_PUBLISHED)
    entry.published = next(iter(said), "")
    if not entry.published and (changed := next(iter(xml.texts(item, *_CHANGED)), "")):
        entry.published = changed
        entry.notes.append("The feed says only when it was last changed: that was taken as its date.")


def _take_text(item: etree._Element, entry: Entry) -> None:
    """The text: the content if there is one, else what is given as description or summary."""
    contents = [one for one in xml.children(item, "encoded", "content", "body", "fullitem") if _is_text(one)]
    described = [one for one in xml.children(item, "description", "summary", "abstract") if _is_text(one)]
    found = max(map(_content, contents), key=_length, default=Fragment())
    summaries = [one for one in map(_content, described) if one.parts]
    whole = max(summaries, key=_length, default=Fragment())
    if not found.parts or _length(whole) > 2 * _length(found):
        entry.is_summary = not found.parts or whole is not found
        found = whole
    entry.take(found)
    for summary in summaries:
        entry.notes += summary_note(" ".join(said for _, said in summary.parts), entry)
    sources = [one.get("src") or "" for one in xml.children(item, "content")]
    if not entry.parts and (address := next(filter(None, sources), "")):
        entry.refused = f"Its text is not in the feed but at {address}. Save that page and bring it in."


def _is_text(element: etree._Element) -> bool:
    """Whether it is not the picture that Media RSS calls content, too."""
    return not element.get("url") and not (element.get("medium") or "") and not element.get("src")


def _length(found: Fragment) -> int:
    return sum(len(said) for _, said in found.parts)


def _decoded(element: etree._Element) -> str:
    said = xml.words(element)
    if element.get("mode") != "base64" and element.get("encoding") != "base64":
        return said
    try:
        return base64.b64decode("".join(said.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _content(element: etree._Element) -> Fragment:
    """What an element of content says, by the type that it gives, or else by its looks."""
    kind = (element.get("type") or "").lower()
    is_text = kind in ("", "text") or kind.startswith("text/") or "html" in kind or "xml" in kind
    if not is_text and element.get("mode") != "base64":
        return Fragment()  # a picture, or worse
    if len(element) and element.get("mode") != "escaped":
        return read_tree(element)
    said = _decoded(element)
    # By their definitions these hold HTML; a description may, and does so mostly.
    is_html = kind in ("html", "text/html") or local(element) in ("encoded", "fullitem")
    if kind not in ("text", "text/plain") and (is_html or is_escaped(said) or _CLOSING_TAG.search(said)):
        return read_fragment(_paragraphed(said))
    return Fragment(parts=plain_parts(said))


def _paragraphed(said: str) -> str:
    """HTML whose paragraphs are parted by blank lines, as WordPress keeps it, with breaks there."""
    if re.search(r"<(?:p|div|br)\b", said, re.IGNORECASE):
        return said
    return re.sub(r"\n[ \t\r]*(?=\n)", "\n<br>", said)


def _take_picture(item: etree._Element, entry: Entry) -> None:
    """The picture that the entry names, before those in its text."""
    pictures: list[etree._Element] = []
    groups = [item, *xml.children(item, "group")]
    for group in groups:
        for one in xml.children(group, "content", "thumbnail", "enclosure", "image", "link"):
            name, kind = local(one), one.get("type") or one.get("medium") or ""
            is_link = name == "link" and one.get("rel") != "enclosure"
            if is_link or (name in ("content", "enclosure", "link") and not kind.startswith("image")):
                continue
            pictures.append(one)
    for picture in pictures:
        said = picture.get("url") or picture.get("href") or xml.text(picture, "url") or xml.line(picture)
        if address := joined(picture.base or "", said):
            entry.fields["image_url"] = address
            break
    for group in [*pictures[:1], *groups]:
        credit = next(iter(xml.texts(group, "credit")), "")
        entry.fields["image_credit"] = entry.fields.get("image_credit") or credit
        if group is not item:
            caption = next(iter(xml.texts(group, "description")), "")
            entry.fields["image_caption"] = entry.fields.get("image_caption") or words_of_markup(caption)


# -- a post of a WordPress export --------------------------------------------------------------------------

_NO_DATE = "0000-00-00 00:00:00"
_TAG = re.compile(
    r"\[(?P<close>/)?(?P<name>[a-zA-Z][\w-]{1,40})"
    r"(?P<attributes>(?:\s+[\w-]+=(?:\"[^\"]{0,1000}\"|'[^']{0,1000}'|[^\s\]]{1,1000}))*)\s*/?\]"
)
_CAPTION = re.compile(
    r"\[caption\b[^\]]{0,1000}\](?P<inside>.{0,5000}?)\[/caption\]", re.DOTALL | re.IGNORECASE
)
_MOST_BRACKETS = 10_000


def _post(item: etree._Element, people: dict[str, str]) -> Entry | PassedOver:
    kind, status = xml.text(item, "post_type"), xml.text(item, "status")
    if kind not in ("post", "page", "article", "news", "story"):
        return PassedOver(_PASSED_TYPES.get(kind, kind or "entry without a type"))
    entry = _without_text(item)
    creator = xml.text(item, "creator")
    entry.fields["byline"] = people.get(creator, creator)
    entry.published = next(
        (f"{said}Z" for said in xml.texts(item, "post_date_gmt") if said != _NO_DATE), entry.published
    )
    content = next((one for one in xml.children(item, "encoded") if "excerpt" not in str(one.tag)), None)
    excerpt = next((one for one in xml.children(item, "encoded") if "excerpt" in str(one.tag)), None)
    entry.take(_content_of_post(xml.words(content), entry.notes))
    summary = words_of_markup(xml.words(excerpt))
    entry.notes += summary_note(summary, entry)
    if status and status != "publish":
        entry.refused = (
            f"It is not published there (status “{status}”). Publish it first, or bring in its text alone."
        )
    elif xml.text(item, "post_password"):
        entry.refused = "It is protected by a password there. Take the password off first."
    return entry


def _people(item: etree._Element) -> dict[str, str]:
    """The names to show for the names that people log in with."""
    feed = _feed_of(item)
    authors: Iterable[etree._Element] = xml.children(feed, "author") if feed is not None else ()
    named = ((xml.text(one, "author_login"), xml.text(one, "author_display_name")) for one in authors)
    return {login: shown for login, shown in named if login and shown}


def _content_of_post(said: str, notes: list[str]) -> Fragment:
    """A post's text, without the tags in square brackets that WordPress replaces when it shows it."""
    captions: list[str] = []

    def caption(match: re.Match[str]) -> str:
        found = read_fragment(match["inside"])
        captions.extend(words for _, words in found.parts)
        pictures = "".join(f'<img src="{address}">' for address in found.images if web_address(address))
        return f"\n\n{pictures}\n\n"

    if said.count("[") <= _MOST_BRACKETS:
        said, taken = _without_tags(_CAPTION.sub(caption, said) if "[/caption]" in said else said)
        if taken:
            notes.append(left_out("WordPress's tags", ", ".join(taken)))
    found = read_fragment(_paragraphed(said)) if is_escaped(said) else Fragment(parts=plain_parts(said))
    found.captions = [*captions, *found.captions]
    return found


def _without_tags(said: str) -> tuple[str, list[str]]:
    """The text without WordPress's tags, and their names.

    "[sic]" and "[the minister]" are the outlet's own: only what can be nothing else is taken out.
    """
    closed = {match["name"].lower() for match in _TAG.finditer(said) if match["close"]}
    taken: dict[str, None] = {}

    def without(match: re.Match[str]) -> str:
        before, after = said[max(0, match.start() - 20) : match.start()], said[match.end() : match.end() + 20]
        stands_alone = before.rstrip(" \t")[-1:] in ("", "\n", ">") and after.lstrip(" \t\r")[:1] in (
            "",
            "\n",
            "<",
        )
        name = match["name"].lower()
        if not (match["attributes"] or name in closed or (stands_alone and "_" in name)):
            return match[0]
        taken[name] = None
        return ""

    return _TAG.sub(without, said), list(taken)
