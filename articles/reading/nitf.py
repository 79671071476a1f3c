"""NITF, the IPTC's XML for the text of news (iptc.org/standards/nitf), by itself or inside NewsML."""

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from articles.reading import xmltext as xml
from articles.reading.entries import Entry, PassedOver, summary_note
from articles.reading.lines import left_out
from articles.reading.markup import local, read_tree
from articles.reading.ninjs import WITHDRAWN, published, withdrawn


def read_nitf(stream: BinaryIO, encoding: str, notes: list[str]) -> Iterator[Entry | PassedOver]:
    """The articles of a NITF file. ReadError says where it can't be read any further."""
    for element in xml.entries(stream, lambda one, _: local(one) == "nitf", encoding=encoding, notes=notes):
        try:
            yield _article(element)
        except ValueError as error:
            yield Entry(refused=str(error))


def _article(nitf: etree._Element) -> Entry:
    entry = Entry()
    head, docdata = xml.first(nitf, "head"), xml.first(nitf, "head", "docdata")
    pubdata = next((one for parent in (head, docdata) for one in _all(parent, "pubdata")), None)
    body_head = xml.first(nitf, "body", "body.head")
    identifier = _attribute(docdata, "doc-id", "id-string") or _attribute(docdata, "du-key", "key")
    outlets = [
        _of(pubdata, "name"),
        xml.text(body_head, "distributor"),
        _attribute(docdata, "doc.copyright", "holder"),
        xml.text(body_head, "rights", "rights.owner"),
        _attribute(xml.first(docdata, "del-list"), "from-src", "src-name"),
    ]
    subjects = [
        one.get("tobject.subject.type") or "" for one in _all(xml.first(head, "tobject"), "tobject.subject")
    ]
    take_body(nitf, entry)
    entry.fields |= {
        "headline": entry.fields.get("headline") or xml.text(head, "title"),
        "external_id": identifier,
        "outlet": next(filter(None, outlets), ""),
        "language": nitf.get("baselang") or xml.language(nitf),
        "section": next(filter(None, [_of(pubdata, "position.section"), *subjects]), ""),
    }
    dateline = xml.first(body_head, "dateline")
    release = _attribute(docdata, "date.release", "norm")
    dates = [
        release,
        _attribute(docdata, "date.issue", "norm"),
        _of(pubdata, "date.publication"),
        _attribute(dateline, "story.date", "norm"),
    ]
    status = _of(docdata, "management-status").lower()
    entry.published = published(
        entry.notes,
        embargo=release if status == "embargoed" else "",
        released=next(filter(None, dates), ""),
        created="",
    )
    if message := _attribute(docdata, "ed-msg", "info"):
        entry.notes.append(left_out("note to editors", " ".join(message.split())))
    if status in WITHDRAWN:
        entry.refused = withdrawn(status)
    return entry


def take_body(nitf: etree._Element, entry: Entry) -> None:
    """Take the headline, the byline, the dateline, the text and its picture of a NITF element."""
    head = xml.first(nitf, "body", "body.head")
    headlines = [one for name in ("hedline", "headline") for one in _all(head, name)]
    first = [said for one in headlines for said in xml.texts(one, "hl1")]
    second = [said for one in headlines for said in xml.texts(one, "hl2")]
    found = {
        "headline": next(iter(first or second), ""),
        "byline": _byline(head),
        "dateline": _place(xml.first(head, "dateline")),
    }
    entry.fields |= {name: said for name, said in found.items() if said and not entry.fields.get(name)}
    entry.notes += [left_out("second headline", said) for said in (second if first else second[1:])]
    for name in ("body.content", "body.end"):
        if (content := xml.first(nitf, "body", name)) is not None:
            entry.take(read_tree(content))
    body = xml.first(nitf, "body")
    if not entry.parts and body is not None and xml.first(body, "body.content") is None:
        for part in body.iterchildren():
            if local(part) not in ("body.head", "body.end"):
                entry.take(read_tree(part))
    headline = entry.fields.get("headline", "")
    while len(entry.parts) > 1 and entry.parts[0][0] == "heading" and entry.parts[0][1] == headline:
        del entry.parts[0]
    entry.notes += summary_note(xml.text(head, "abstract"), entry)
    for note in _all(head, "note"):
        entry.notes.append(left_out("note to editors", xml.line(note)))


def _byline(head: etree._Element | None) -> str:
    found = []
    for byline in _all(head, "byline"):
        people, titles = xml.texts(byline, "person"), xml.texts(byline, "byttl")
        alone = " ".join((byline.text or "").split())
        found.append(alone if len(alone) > 3 or not people else ", ".join(people))
        found += [] if alone or people else titles
    return ", ".join(filter(None, found))


def _place(dateline: etree._Element | None) -> str:
    """The dateline without the date in it, which has a field of its own."""
    if dateline is None:
        return ""
    located = ", ".join(xml.texts(xml.first(dateline, "location"), "city", "state", "region", "country"))
    own = " ".join((dateline.text or "").split())
    return own or located or xml.text(dateline, "location")


def _all(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    if element is not None:
        yield from xml.children(element, name)


def _attribute(element: etree._Element | None, name: str, attribute: str) -> str:
    return next((said for one in _all(element, name) if (said := one.get(attribute))), "")


def _of(element: etree._Element | None, attribute: str) -> str:
    return "" if element is None else element.get(attribute) or ""
