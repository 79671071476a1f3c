"""XML of no standard: an element an article, its children and attributes named as columns are."""

import datetime as dt
import html
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, BinaryIO

from lxml import etree

from articles.reading import xmltext as xml
from articles.reading.columns import match_columns, unused
from articles.reading.draft import ArticleDraft, Raw, ReadError, Refusal
from articles.reading.markup import Fragment, read_tree
from articles.reading.rows import Rows, said_in

_MOST_SHAPES = 10_000


class _Shapes:
    """Which columns a record has, by the names of its children and attributes; each shape is matched once."""

    def __init__(self, mapping: Mapping[str, str] | None) -> None:
        self.mapping = mapping or {}
        self.known: dict[tuple[str, ...], dict[str, str]] = {}

    def columns(self, element: etree._Element) -> dict[str, str]:
        names = _all_names(element)
        if len(names) < 2:
            return {}
        if names not in self.known:
            if len(self.known) >= _MOST_SHAPES:
                self.known.clear()
            given = {name: target for name, target in self.mapping.items() if name in names}
            self.known[names] = match_columns(list(names), given)
        return self.known[names]

    def is_record(self, element: etree._Element, _depth: int) -> bool:
        # A page's own parts are no records, though a heading and a text stand in them.
        columns = self.columns(element) if len(element) < 500 else {}
        return {"headline", "body"} <= set(columns.values())


def read_xml_rows(
    stream: BinaryIO,
    *,
    encoding: str = "",
    time_zone: dt.tzinfo | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Iterator[ArticleDraft | Refusal]:
    """The articles of an XML file that follows none of the standards. ReadError where it holds none."""
    shapes = _Shapes(mapping)
    rows = Rows(time_zone)
    number = 0
    found = xml.entries(stream, shapes.is_record, encoding=encoding, looks_inside=True, notes=rows.file_notes)
    while True:
        try:
            element = next(found, None)
        except ReadError as error:
            if not number:
                raise
            reason = f"{error} What comes after it was not read."
            yield Refusal(reason, f"entry {number + 1}", row=number + 1)
            return
        if element is None:
            break
        number += 1
        columns = shapes.columns(element)
        said = _values(element, columns)
        if number == 1 and (left := unused(said, columns)):
            rows.file_notes.append(f"Elements that were not used: {', '.join(left)}.")
        values = {target: said[name] for name, target in columns.items() if name in said}
        yield rows.outcome(values, where=f"entry {number}", row=number, raw=_raw(said))
    if not number:
        raise ReadError(
            "It is XML, but of no kind that is known, and no element in it has a headline and a body. "
            "Name them so, or export the articles as CSV."
        )


def _raw(said: Mapping[str, Any]) -> Raw:
    """The values as a refusal keeps them."""
    return {
        name: said_in(value.parts) if isinstance(value, Fragment) else value for name, value in said.items()
    }


def columns_in(head: bytes, encoding: str) -> dict[str, str]:
    """The columns of the records in the beginning of a file, each with its field, "" where it has none.

    Where no element has what an article needs, it is those of the commonest element with three parts or more.
    """
    shapes = _Shapes(None)
    seen: Counter[tuple[str, ...]] = Counter()

    def look(element: etree._Element, depth: int) -> bool:
        names = _all_names(element)
        if 3 <= len(names) < 200 and len(element):
            seen[names] += 1
        return shapes.is_record(element, depth)

    try:
        found = next(xml.entries(BytesIO(head), look, encoding=encoding, looks_inside=True), None)
    except ReadError:
        found = None
    commonest = [shape for shape, _ in seen.most_common(1)]
    names = list(_all_names(found)) if found is not None else [name for shape in commonest for name in shape]
    columns = match_columns(names)
    return {name: columns.get(name, "") for name in names}


def _local(name: Any) -> str:
    return str(name).rpartition("}")[2]


def _all_names(element: etree._Element) -> tuple[str, ...]:
    """The names of the children and the attributes, each once."""
    children = (_local(child.tag) for child in element.iterchildren())
    return tuple(dict.fromkeys([*children, *map(_local, element.attrib)]))


def _values(element: etree._Element, columns: Mapping[str, str]) -> dict[str, Any]:
    """What the attributes and the children say, by their names; one that comes twice gives a list."""
    found: dict[str, Any] = {_local(name): value for name, value in element.attrib.items()}
    for child in element.iterchildren():
        name = _local(child.tag)
        if columns.get(name) == "body" and len(child):
            said: Any = read_tree(child)
        elif len(child):
            said = [words for one in child if (words := xml.line(one))]
        else:
            said = html.unescape(child.text or "") if columns.get(name) != "body" else child.text or ""
        if not said:
            continue
        if name not in found:
            found[name] = said
        elif isinstance(said, Fragment) and isinstance(found[name], Fragment):
            found[name].parts += said.parts
        else:
            known = found[name] if isinstance(found[name], list) else [found[name]]
            found[name] = known + (said if isinstance(said, list) else [said])
    return found
