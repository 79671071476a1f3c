"""ninjs, the news industry's JSON (iptc.org/standards/ninjs): versions 1, 2 and 3, and what Superdesk makes of it.

Version 3 writes in camel case what 2 writes in lower case, and 1 has one member where 2 has a list with roles;
so members are looked up in lower case, under all their names.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from articles.reading.draft import lexicon, plain_parts, web_address
from articles.reading.entries import Entry, names_of, summary_note
from articles.reading.lines import left_out
from articles.reading.markup import is_escaped, read_fragment
from articles.reading.moments import read_moment
from articles.reading.rows import as_text
from articles.text import one_line

WITHDRAWN = frozenset(["canceled", "cancelled", "withheld"])
NO_TEXT_TYPES = frozenset(
    ["picture", "photo", "image", "graphic", "animation", "audio", "video", "planning", "event"]
)
_TELLING = lexicon("""
    body_xhtml body_html body_text bodies headlines versioncreated firstcreated pubstatus copyrightholder
    copyrightnotice usageterms description_text description_html descriptions associations renditions
    """)
_USED = lexicon("""
    uri guid id type pubstatus version profile language headline headlines title body_xhtml body_html body_text
    bodies byline by authors source infosources copyrightholder versioncreated firstcreated firstpublished
    embargoed located dateline service subject subjects description_text description_html description_xhtml
    descriptions ednote associations slugline
    """)


def is_ninjs(record: Mapping[str, Any]) -> bool:
    """Whether an object looks like a ninjs item: it has two of the members that little else has."""
    return sum(name.lower() in _TELLING for name in record) >= 2


def entry_of(record: Mapping[str, Any]) -> Entry:
    """What a ninjs item gives. ValueError where its markup is too much."""
    item = {name.lower(): value for name, value in record.items()}
    entry = Entry(unused=[name for name, value in record.items() if value and name.lower() not in _USED])
    kind = as_text(item.get("type")).strip().lower()
    status = as_text(item.get("pubstatus")).strip().lower()
    identifier = as_text(item.get("guid") or item.get("uri") or item.get("id")).strip()
    entry.fields = {
        "headline": _headline(item),
        "byline": _byline(item),
        "outlet": _outlet(item),
        "language": as_text(item.get("language")),
        "section": _section(item),
        "dateline": _place(item),
        "external_id": identifier,
        "url": web_address(as_text(item.get("uri"))),
        "author_bio": _biographies(item),
    }
    entry.published = published(
        entry.notes,
        embargo=as_text(item.get("embargoed")),
        released=as_text(item.get("firstpublished")) or as_text(item.get("versioncreated")),
        created=as_text(item.get("firstcreated")),
    )
    _take_body(item, entry)
    _take_picture(item, entry)
    if said := as_text(item.get("ednote")).strip():
        entry.notes.append(left_out("note to editors", one_line(said)))
    if kind in NO_TEXT_TYPES:
        entry.refused = f"It is no text: its type is “{kind}”. Leave it out."
    elif status in WITHDRAWN:
        entry.refused = withdrawn(status)
    elif kind and kind not in ("text", "composite", "story", "article"):
        entry.notes.append(f"The source calls it “{kind}”.")
    return entry


def withdrawn(status: str) -> str:
    """Why an item that its source has taken back does not come in."""
    return f"Its source has taken it back (status “{status}”). Leave it out, or set the status to “usable”."


def published(notes: list[str], *, embargo: str, released: str, created: str) -> str:
    """The date of publication: the end of the embargo if that is later, else when this version was released.

    A note tells of an embargo, and of a version that was first made on another day.
    """
    at, until = read_moment(released).at, read_moment(embargo).at
    first = read_moment(created)
    if until and (at is None or until > at):
        notes.append(f"It was under embargo until {until:%Y-%m-%d %H:%M %Z}.")
        return embargo
    if at and first.at and first.at.date() != at.date():
        notes.append(
            f"The source made it first on {first.at:%Y-%m-%d}; this is its version of {at:%Y-%m-%d}."
        )
    return released or created


def _listed(value: Any) -> list[dict[str, Any]]:
    """The objects in a list, or in an object that names them."""
    found = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [{name.lower(): said for name, said in one.items()} for one in found if isinstance(one, dict)]


def _with_role(value: Any, *roles: str) -> str:
    """The value of the first of the roles that a list has, else of its first item."""
    items = _listed(value)
    ranked = [item for role in roles for item in items if as_text(item.get("role")).lower() == role]
    return as_text((ranked or items or [{}])[0].get("value"))


def _headline(item: Mapping[str, Any]) -> str:
    said = (
        as_text(item.get("headline"))
        or _with_role(item.get("headlines"), "main")
        or as_text(item.get("title"))
    )
    return " ".join(words for _, words in read_fragment(said).parts) if is_escaped(said) else said


def _byline(item: Mapping[str, Any]) -> str:
    if said := as_text(item.get("byline")) or as_text(item.get("by")):
        return said
    writers = [one for one in _listed(item.get("authors")) if as_text(one.get("role")).lower() != "editor"]
    return names_of(as_text(one.get("name")) for one in writers)


def _biographies(item: Mapping[str, Any]) -> str:
    byline = _byline(item)
    people = _listed(item.get("authors"))
    told = [as_text(one.get("biography")) for one in people if as_text(one.get("name")) in byline]
    return "\n\n".join(filter(str.strip, told))


def _outlet(item: Mapping[str, Any]) -> str:
    named = [as_text(one.get("name")) for one in _listed(item.get("infosources"))]
    said = [as_text(item.get("source")), *named, as_text(item.get("copyrightholder"))]
    return next(filter(str.strip, said), "")


def _section(item: Mapping[str, Any]) -> str:
    subjects = [*_listed(item.get("subject")), *_listed(item.get("subjects"))]
    categories = [one for one in subjects if as_text(one.get("rel")).lower() == "category"]
    named = [as_text(one.get("name")) for one in [*_listed(item.get("service")), *categories, *subjects]]
    return next(filter(str.strip, named), "")


def _place(item: Mapping[str, Any]) -> str:
    dateline = item.get("dateline")
    said = dateline.get("text") if isinstance(dateline, dict) else dateline
    return as_text(said) or as_text(item.get("located"))


def _take_body(item: Mapping[str, Any], entry: Entry) -> None:
    bodies = _listed(item.get("bodies"))
    marked_up = [one for one in bodies if "html" in f"{one.get('contenttype')} {one.get('role')}".lower()]
    plain = [one for one in bodies if one not in marked_up]
    markup = [item.get("body_xhtml"), item.get("body_html"), *(one.get("value") for one in marked_up)]
    texts = [item.get("body_text"), *(one.get("value") for one in plain)]
    told = [item.get("description_html"), item.get("description_xhtml"), item.get("description_text")]
    summary = next((said for value in told if (said := as_text(value)).strip()), "")
    summary = summary or _with_role(item.get("descriptions"), "text", "summary", "main")
    for value in markup:
        if as_text(value).strip():
            entry.take(read_fragment(as_text(value)))
            break
    if not entry.parts:
        entry.parts = plain_parts(next(filter(str.strip, map(as_text, texts)), ""))
    described = read_fragment(summary).parts if is_escaped(summary) else plain_parts(summary)
    if entry.parts:
        entry.notes += summary_note(" ".join(words for _, words in described), entry)
    else:
        entry.parts, entry.is_summary = described, True


def _take_picture(item: Mapping[str, Any], entry: Entry) -> None:
    pictures = [
        one for one in _listed(item.get("associations")) if as_text(one.get("type")).lower() == "picture"
    ]
    for picture in pictures[:1]:
        address = next(_addresses(picture), "")
        entry.fields["image_url"] = address or entry.fields.get("image_url", "")
        caption = as_text(picture.get("description_text")) or _with_role(
            picture.get("descriptions"), "caption"
        )
        entry.fields["image_caption"] = caption or entry.fields.get("image_caption", "")
        credits = [picture.get("creditline"), picture.get("byline"), picture.get("by"), picture.get("source")]
        credit = next(filter(str.strip, map(as_text, credits)), "")
        entry.fields["image_credit"] = credit or entry.fields.get("image_credit", "")


def _addresses(picture: Mapping[str, Any]) -> Iterator[str]:
    """Where the picture's file is: as a whole first, then in other sizes."""
    renditions = picture.get("renditions")
    named = dict(renditions) if isinstance(renditions, dict) else {}
    for number, one in enumerate(renditions if isinstance(renditions, list) else ()):
        if isinstance(one, dict):
            named.setdefault(as_text(one.get("name")) or str(number), one)
    order = ["original", "baseImage", "main", "web", "preview"]
    for name in sorted(named, key=lambda name: order.index(name) if name in order else len(order)):
        if isinstance(named[name], dict) and (address := web_address(as_text(named[name].get("href")))):
            yield address
