"""Published annotations as W3C Web Annotations, and the container that lists them.

Sources: Web Annotation Data Model, Vocabulary and Protocol (W3C Recommendations of 23 February 2017); Linked Data
Platform 1.0 for the container.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from annotations.leaving.records import Days, Happening, Statement, Words

type Node = dict[str, Any]

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
LDP_CONTEXT = "http://www.w3.org/ns/ldp.jsonld"
SCHEMA = {"schema": "https://schema.org/"}
MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT}"'

CONTAINER_LINKS = (
    '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"',
    '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"',
)
ANNOTATION_LINKS = (
    '<http://www.w3.org/ns/ldp#Resource>; rel="type"',
    '<http://www.w3.org/ns/oa#Annotation>; rel="type"',
)

_AGENTS = {
    "person": "Person",
    "organisation": "Organization",
    "government": "Organization",
}


def of_quote(one: Statement, address: str, site: str) -> Node:
    """A quote as an annotation: its speaker, how and when it was said, and its stances are bodies, each with a
    purpose; every part of its words is a target. `address` is the annotation's own, `site` that of the front page.
    """
    bodies = [
        _speaker(one),
        _text("classifying", one.kind),
        _text("classifying", one.basis),
        _text("describing", f"“{one.cue}”") if one.cue else {},
        _days("said", one.said),
        *(_stance(taken.position, taken.claim.address, taken.claim.text) for taken in one.taken),
    ]
    motives = ["identifying", "classifying", *(["assessing"] if one.taken else [])]
    return _annotation(
        address,
        urn=one.uuid.urn,
        motives=motives,
        bodies=bodies,
        targets=_targets(one.found),
        page=one.address,
        site=site,
        created=one.published_at,
        modified=one.updated_at,
    )


def of_event(one: Happening, address: str, site: str) -> Node:
    """An event as an annotation of the words that show it, or else of the source that does."""
    bodies = [
        _text("describing", one.title),
        _text("tagging", one.place) if one.place else {},
        _days("happened", one.when),
    ]
    targets = [target for words in one.evidence for target in _targets(words)]
    if one.source:
        targets.append({"id": one.source, "type": "Text"})
    return _annotation(
        address,
        urn=one.uuid.urn,
        motives=["describing"],
        bodies=bodies,
        targets=targets,
        page=one.address,
        site=site,
        created=one.published_at,
        modified=one.updated_at,
    )


def _annotation(
    address: str,
    *,
    urn: str,
    motives: list[str],
    bodies: list[Node],
    targets: list[Node],
    page: str,
    site: str,
    created: dt.datetime,
    modified: dt.datetime,
) -> Node:
    return {
        "@context": [CONTEXT, SCHEMA],
        "id": address,
        "type": "Annotation",
        "motivation": motives,
        "canonical": urn,
        "created": _instant(created),
        "modified": _instant(modified),
        "generator": {"id": site, "type": "Software", "name": "Newsdesk", "homepage": site},
        "schema:mainEntityOfPage": {"id": page},
        "body": [body for body in bodies if body],
        "target": targets,
    }


def _speaker(one: Statement) -> Node:
    """A named speaker is a resource of its own; one whom the article does not name is only its words for them."""
    if one.speaker is None:
        return _text("identifying", one.speaker_name)
    who: Node = {
        "id": one.speaker.address,
        "type": _AGENTS.get(one.speaker.kind, "schema:Thing"),
        "name": one.speaker.name,
    }
    if one.role:
        who["schema:jobTitle"] = f"{one.role}, {one.organisation}" if one.organisation else one.role
    if one.speaker.wikidata:
        who["schema:sameAs"] = {"id": f"http://www.wikidata.org/entity/{one.speaker.wikidata}"}
    return {"type": "SpecificResource", "purpose": "identifying", "source": who}


def _days(what: str, days: Days) -> Node:
    """When it was, in words and as an interval; what is not known is left out."""
    if not days.interval:
        return {}
    reason = f" (“{days.expression}”)" if days.expression else ""
    return _text("describing", f"{what}: {days.in_words}{reason}") | {
        "schema:temporalCoverage": days.interval
    }


def _stance(position: str, claim: str, text: str) -> Node:
    about = {"id": claim, "type": "schema:Claim", "schema:text": text}
    return _text("assessing", position) | {"schema:about": about}


def _text(purpose: str, value: str) -> Node:
    return {
        "type": "TextualBody",
        "purpose": purpose,
        "format": "text/plain",
        "language": "en",
        "value": value,
    }


def _targets(words: Words) -> list[Node]:
    """One target a part, in the version that was read.

    The source is our page of that version; its canonical form is the outlet's own page. Offsets count in the
    version's plain text, which the state names.
    """
    source: Node = {"id": words.page, "type": "Text", "format": "text/html"}
    if words.source.language:
        source["language"] = words.source.language
    if words.source.original:
        source["canonical"] = words.source.original
    state = {"type": "TimeState", "sourceDate": _instant(words.recorded_at), "cached": words.plain}
    return [
        {
            "type": "SpecificResource",
            "source": source,
            "state": state,
            "selector": [
                {"type": "TextPositionSelector", "start": part.start, "end": part.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": part.exact,
                    "prefix": _last(part.prefix),
                    "suffix": _first(part.suffix),
                },
            ],
        }
        for part in words.parts
    ]


BESIDE = 32
"""UTF-16 units of the words beside a quote: clients in browsers count so, and some take no more at once."""


def _first(text: str) -> str:
    while len(text.encode("utf-16-le")) > 2 * BESIDE:
        text = text[:-1]
    return text


def _last(text: str) -> str:
    while len(text.encode("utf-16-le")) > 2 * BESIDE:
        text = text[1:]
    return text


# -- the container ---------------------------------------------------------------------------------------------


def container(
    address: str, *, total: int, modified: dt.datetime, first: Node | str, last: str, is_minimal: bool = False
) -> Node:
    """The collection of all annotations, which is a container of the Linked Data Platform as well.

    `first` is the first page, or only its address; with `is_minimal` nothing is said of pages at all.
    """
    node: Node = {
        "@context": [CONTEXT, LDP_CONTEXT],
        "id": address,
        "type": ["BasicContainer", "AnnotationCollection"],
        "label": "Quotes and events that Newsdesk has published",
        "total": total,
        "modified": _instant(modified),
    }
    if total and not is_minimal:
        node |= {"first": first, "last": last}
    return node


def page(
    address: str,
    *,
    collection: Node,
    start: int,
    items: Sequence[Node] | Sequence[str],
    following: str = "",
    previous: str = "",
    is_embedded: bool = False,
) -> Node:
    """A page of the collection: the annotations themselves, or their addresses. `start` is the place of the first."""
    node: Node = {} if is_embedded else {"@context": [CONTEXT, SCHEMA]}
    node |= {"id": address, "type": "AnnotationPage"}
    if not is_embedded:
        node["partOf"] = {name: collection[name] for name in ("id", "label", "total", "modified")}
    node["startIndex"] = start
    if previous:
        node["prev"] = previous
    if following:
        node["next"] = following
    node["items"] = [item if isinstance(item, str) else _inner(item) for item in items]
    return node


def _inner(annotation: Node) -> Node:
    """An annotation within a page, whose context holds for it."""
    return {name: value for name, value in annotation.items() if name != "@context"}


def _instant(at: dt.datetime) -> str:
    """As the model wants it: an xsd:dateTime in UTC, with a Z."""
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
