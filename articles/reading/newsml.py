"""NewsML-G2 and NewsML 1, the IPTC's envelopes for news (iptc.org/standards): the text items in them."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from articles.reading import xmltext as xml
from articles.reading.draft import plain_parts
from articles.reading.entries import Entry, PassedOver, names_of, summary_note
from articles.reading.lines import left_out
from articles.reading.markup import Fragment, is_escaped, local, read_fragment, read_tree
from articles.reading.ninjs import WITHDRAWN, published, withdrawn
from articles.reading.nitf import take_body

_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}", re.IGNORECASE)
_NOT_ITEMS = {
    "packageitem": "package",
    "conceptitem": "concept",
    "knowledgeitem": "knowledge item",
    "planningitem": "planning item",
    "catalogitem": "catalogue",
}
_NOT_TEXT = frozenset(["picture", "photo", "graphic", "animation", "audio", "video", "image"])


# -- NewsML-G2 ---------------------------------------------------------------------------------------------


def read_newsml_g2(stream: BinaryIO, encoding: str, notes: list[str]) -> Iterator[Entry | PassedOver]:
    """The text items of a NewsML-G2 item or message. ReadError says where it can't be read any further."""
    for item in xml.entries(stream, _is_item, encoding=encoding, notes=notes):
        try:
            yield _item(item)
        except ValueError as error:
            yield Entry(refused=str(error))


def _is_item(element: etree._Element, depth: int) -> bool:
    name = local(element)
    return name == "newsitem" or name in _NOT_ITEMS or (name == "contentset" and depth == 1)


def _item(item: etree._Element) -> Entry | PassedOver:
    if kind := _NOT_ITEMS.get(local(item)):
        return PassedOver(kind)
    about, content = xml.first(item, "itemmeta"), xml.first(item, "contentmeta")
    kind = _code(xml.first(about, "itemclass"))
    if kind in _NOT_TEXT:
        return PassedOver(kind)
    entry = Entry()
    outlet, domain = _provider(item)
    headlines = [one for one in _all(content, "headline") if not _is_second(one)]
    seconds = [xml.line(one) for one in _all(content, "headline") if _is_second(one)]
    title = xml.text(about, "title")
    entry.fields = {
        "headline": next(filter(None, map(xml.line, headlines)), ""),
        "byline": xml.text(content, "by") or _creators(item, outlet),
        "outlet": outlet,
        "outlet_domain": domain,
        "external_id": item.get("guid") or "",
        "language": next(
            (tag for one in _all(content, "language") if (tag := one.get("tag"))), xml.language(item)
        ),
        "section": _subject(content),
        "dateline": xml.text(content, "dateline"),
    }
    entry.notes += [left_out("second headline", said) for said in seconds if said != entry.fields["headline"]]
    entry.published = published(
        entry.notes,
        embargo=xml.text(about, "embargoed"),
        released=xml.text(about, "versioncreated"),
        created=xml.text(about, "firstcreated"),
    )
    entry.published = entry.published or xml.text(content, "contentcreated")
    contents = item if local(item) == "contentset" else xml.first(item, "contentset")
    _take_content(contents, entry)
    entry.fields["headline"] = entry.fields["headline"] or title
    for summary in _all(content, "description"):
        if "caption" not in (summary.get("role") or "").lower():
            entry.notes += summary_note(xml.line(summary), entry)
    for note in _all(about, "ednote"):
        if said := xml.line(note):
            entry.notes.append(left_out("note to editors", said))
    if (status := _code(xml.first(about, "pubstatus"))) in WITHDRAWN:
        entry.refused = withdrawn(status)
    elif not entry.parts and contents is None:
        entry.refused = (
            "The item has no content, only what is said about it. Ask its source for the whole item."
        )
    return entry


def _is_second(headline: etree._Element) -> bool:
    return "sub" in (headline.get("role") or "").lower()


def _code(element: etree._Element | None) -> str:
    """The code in a qcode, such as "text" in "ninat:text"."""
    return (
        ""
        if element is None
        else (element.get("qcode") or element.get("literal") or "").rpartition(":")[2].lower()
    )


def _all(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    if element is not None:
        yield from xml.children(element, *names)


def _provider(item: etree._Element) -> tuple[str, str]:
    """The name of who provides the item, and the domain, as far as either is told."""
    about, content = xml.first(item, "itemmeta"), xml.first(item, "contentmeta")
    provider = xml.first(about, "provider")
    said = "" if provider is None else xml.text(provider, "name") or provider.get("literal") or ""
    scheme, _, code = ("" if provider is None else provider.get("qcode") or "").partition(":")
    if not said and scheme in ("nprov", "web"):
        said = code.strip()
    domain = said.lower().removeprefix("www.") if _DOMAIN.fullmatch(said) else ""
    others = [
        xml.text(content, "creditline").strip(" –—-"),
        *(_named(one) for one in _all(content, "infosource")),
        *(_named(one) for one in _all(xml.first(item, "rightsinfo"), "copyrightholder")),
    ]
    return (said if said and not domain else next(filter(None, others), "")), domain


def _named(party: etree._Element) -> str:
    return xml.text(party, "name") or party.get("literal") or ""


def _creators(item: etree._Element, outlet: str) -> str:
    named = [xml.text(one, "name") for one in _all(xml.first(item, "contentmeta"), "creator")]
    return names_of(name for name in named if name and name.casefold() != outlet.casefold())


def _subject(content: etree._Element | None) -> str:
    for subject in _all(content, "subject"):
        kind = _code_of(subject.get("type"))
        if kind in ("", "abstract") and len(said := xml.text(subject, "name")) > 3:
            return said
    return ""


def _code_of(qcode: str | None) -> str:
    return (qcode or "").rpartition(":")[2].lower()


def _take_content(contents: etree._Element | None, entry: Entry) -> None:
    for one in _all(contents, "inlinexml", "inlinedata"):
        _take_inline(one, entry)
        if entry.parts:
            return
    elsewhere = next((said for one in _all(contents, "remotecontent") if (said := one.get("href"))), "")
    if elsewhere:
        entry.refused = f"Its text is not in the file but at {elsewhere}. Bring that in."


def _take_inline(element: etree._Element, entry: Entry) -> None:
    nitf = next((one for one in element.iter() if local(one) == "nitf"), None)
    if nitf is not None:
        take_body(nitf, entry)
        return
    if len(element):
        page = next((one for one in element.iter() if local(one) == "body"), element)
        entry.take(read_tree(page))
        return
    entry.take(_plain(xml.words(element)))


def _plain(said: str) -> Fragment:
    if is_escaped(said):
        return read_fragment(said)
    return Fragment(parts=plain_parts(said))


# -- NewsML 1 ----------------------------------------------------------------------------------------------

# Components that are no text of the article, by their role.
_BESIDE = re.compile(
    r"style|logo|contact|headline|caption|photo|picture|image|graphic|video|audio|thumb|preview|quicklook|advisory|"
    r"related|link|summary|abstract|metadata",
    re.IGNORECASE,
)


def read_newsml_1(stream: BinaryIO, encoding: str, notes: list[str]) -> Iterator[Entry | PassedOver]:
    """The text items of a NewsML 1 document. ReadError says where it can't be read any further."""
    for item in xml.entries(stream, lambda one, _: local(one) == "newsitem", encoding=encoding, notes=notes):
        try:
            yield _item_1(item)
        except ValueError as error:
            yield Entry(refused=str(error))


def _item_1(item: etree._Element) -> Entry:
    entry = Entry()
    identifier = xml.first(item, "identification", "newsidentifier")
    provider, day, number = (xml.text(identifier, name) for name in ("providerid", "dateid", "newsitemid"))
    management = xml.first(item, "newsmanagement")
    lines = [one for one in item.iter() if local(one) == "newslines"]
    outlet = _provider_1(item)
    domain = provider.lower().removeprefix("www.") if _DOMAIN.fullmatch(provider) else ""
    languages = [one.get("FormalName") or "" for one in item.iter() if local(one) == "language"]
    headline = _first_line(lines, "headline")
    entry.fields = {
        "headline": headline or xml.text(item, "identification", "namelabel"),
        "byline": _first_line(lines, "byline"),
        "dateline": _first_line(lines, "dateline"),
        "outlet": outlet or ("" if domain else provider),
        "outlet_domain": domain,
        # Without the revision, which the public identifier ends with: a later one is the same article.
        "external_id": f"urn:newsml:{provider}:{day}:{number}"
        if number
        else xml.text(identifier, "publicidentifier"),
        "language": next(filter(None, languages), xml.language(item)),
        "section": _subject_1(item),
    }
    for second in [said for one in lines for said in xml.texts(one, "subheadline")]:
        entry.notes.append(left_out("second headline", second))
    status = _formal(xml.first(management, "status")).lower()
    entry.published = published(
        entry.notes,
        embargo=xml.text(management, "statuswillchange", "dateandtime") if status == "embargoed" else "",
        released=xml.text(management, "thisrevisioncreated"),
        created=xml.text(management, "firstcreated"),
    )
    _take_content_1(item, entry)
    if status in WITHDRAWN:
        entry.refused = withdrawn(status)
    return entry


def _formal(element: etree._Element | None) -> str:
    return "" if element is None else element.get("FormalName") or ""


def _first_line(lines: list[etree._Element], name: str) -> str:
    return next((said for one in lines for said in xml.texts(one, name)), "")


def _provider_1(item: etree._Element) -> str:
    metadata = [one for one in item.iter() if local(one) == "administrativemetadata"]
    parties = [_formal(xml.first(one, "provider", "party")) for one in metadata]
    document = item.getparent()
    envelope = xml.first(document, "newsenvelope") if document is not None else None
    parties.append(_formal(xml.first(envelope, "sentfrom", "party")))
    return next(filter(None, parties), "")


def _subject_1(item: etree._Element) -> str:
    """The first subject that has words: most have numbers only."""
    names = ("subject", "subjectmatter", "subjectdetail")
    said = (one.get("Value") or _formal(one) for one in item.iter() if local(one) in names)
    return next((words for words in said if words and not words.isdigit()), "")


def _take_content_1(item: etree._Element, entry: Entry) -> None:
    best = Entry(fields=dict(entry.fields))
    notes: list[str] = []
    for content in [one for one in item.iter() if local(one) == "contentitem"]:
        role = _role_of(content, item)
        found = Entry(fields=dict(entry.fields))
        data = xml.first(content, "datacontent")
        if data is None or not _is_text_1(content):
            continue
        _take_inline(data, found)
        said = " ".join(words for _, words in found.parts)
        if role and _BESIDE.search(role) and not re.search(r"body|main", role, re.IGNORECASE):
            if said and said != entry.fields["headline"] and not re.search("style", role, re.IGNORECASE):
                notes.append(left_out(role, said))
        elif len(said) > sum(len(words) for _, words in best.parts):
            best = found
    entry.fields, entry.parts = best.fields, best.parts
    entry.notes += [*best.notes, *notes]
    if not entry.parts:
        entry.refused = "There is no text in the item. Ask its source for the whole item."


def _role_of(content: etree._Element, item: etree._Element) -> str:
    """The role of the nearest component around the content that has one."""
    element = content.getparent()
    while element is not None and element is not item:
        if role := _formal(xml.first(element, "role")):
            return role
        element = element.getparent()
    return ""


def _is_text_1(content: etree._Element) -> bool:
    media = _formal(xml.first(content, "mediatype")).lower()
    kind = _formal(xml.first(content, "mimetype")).lower()
    encoded = xml.first(content, "encoding")
    return media in ("", "text") and not re.match(r"image|video|audio|text/css", kind) and encoded is None
