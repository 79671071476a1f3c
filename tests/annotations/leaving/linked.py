"""What the tests of linked data share: contexts written by hand, and pages read as a JSON-LD processor reads them."""

import json
import re
from typing import Any

from pyld import jsonld

ADDRESS = {"@type": "@id"}
SCHEMA_ORG = {
    "@vocab": "https://schema.org/",
    **{
        name: {"@id": f"https://schema.org/{name}", **ADDRESS}
        for name in ("url", "sameAs", "citation", "target")
    },
    **{name: {"@id": f"https://schema.org/{name}", **ADDRESS} for name in ("isBasedOn", "archivedAt")},
    **{
        name: {"@id": f"https://schema.org/{name}", "@type": "https://schema.org/DateTime"}
        for name in ("datePublished", "dateModified")
    },
}
"""Of schema.org's context, what our pages need."""

OA, DCTERMS, AS = (
    "http://www.w3.org/ns/oa#",
    "http://purl.org/dc/terms/",
    "http://www.w3.org/ns/activitystreams#",
)
XSD = "http://www.w3.org/2001/XMLSchema#"
ANNO = {
    "oa": OA,
    "dcterms": DCTERMS,
    "id": "@id",
    "type": "@type",
    **{
        name: f"{OA}{name}"
        for name in (
            *("Annotation", "SpecificResource", "TextualBody", "TextPositionSelector", "TextQuoteSelector"),
            *("TimeState", "exact", "prefix", "suffix"),
        )
    },
    **{
        name: {"@id": f"{OA}{iri}", **ADDRESS}
        for name, iri in (
            *(("body", "hasBody"), ("target", "hasTarget"), ("source", "hasSource"), ("state", "hasState")),
            *(("selector", "hasSelector"), ("canonical", "canonical"), ("cached", "cachedSource")),
        )
    },
    **{
        name: {"@id": f"{OA}{iri}", "@type": "@vocab"}
        for name, iri in (("motivation", "motivatedBy"), ("purpose", "hasPurpose"))
    },
    **{name: f"{OA}{name}" for name in ("identifying", "classifying", "describing", "assessing", "tagging")},
    **{name: {"@id": f"{OA}{name}", "@type": f"{XSD}nonNegativeInteger"} for name in ("start", "end")},
    "sourceDate": {"@id": f"{OA}sourceDate", "@type": f"{XSD}dateTime"},
    "created": {"@id": f"{DCTERMS}created", "@type": f"{XSD}dateTime"},
    "modified": {"@id": f"{DCTERMS}modified", "@type": f"{XSD}dateTime"},
    "format": "http://purl.org/dc/elements/1.1/format",
    "language": "http://purl.org/dc/elements/1.1/language",
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "name": "http://xmlns.com/foaf/0.1/name",
    "homepage": {"@id": "http://xmlns.com/foaf/0.1/homepage", **ADDRESS},
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "Person": "http://xmlns.com/foaf/0.1/Person",
    "Organization": "http://xmlns.com/foaf/0.1/Organization",
    "Software": f"{AS}Application",
    "Text": "http://purl.org/dc/dcmitype/Text",
    "generator": {"@id": f"{AS}generator", **ADDRESS},
    "AnnotationCollection": f"{AS}OrderedCollection",
    "AnnotationPage": f"{AS}OrderedCollectionPage",
    "total": {"@id": f"{AS}totalItems", "@type": f"{XSD}nonNegativeInteger"},
    "startIndex": {"@id": f"{AS}startIndex", "@type": f"{XSD}nonNegativeInteger"},
    **{name: {"@id": f"{AS}{name}", **ADDRESS} for name in ("first", "last", "next", "prev", "partOf")},
    "items": {"@id": f"{AS}items", "@type": "@id", "@container": "@list"},
}
"""Of the Web Annotation context, what our annotations need."""

CONTEXTS = {
    "https://schema.org": SCHEMA_ORG,
    "http://www.w3.org/ns/anno.jsonld": ANNO,
    "http://www.w3.org/ns/ldp.jsonld": {"BasicContainer": "http://www.w3.org/ns/ldp#BasicContainer"},
}


def _load(address: str, options: Any) -> dict[str, Any]:
    return {"contextUrl": None, "documentUrl": address, "document": {"@context": CONTEXTS[address]}}


def flattened(document: Any) -> dict[str, dict[str, Any]]:
    """The nodes of a document, by a JSON-LD processor: names in full, by address, blank ones by a number."""
    return {node["@id"]: node for node in jsonld.flatten(document, None, {"documentLoader": _load})}


def values(node: dict[str, Any], name: str) -> list[Any]:
    """What a node says under a full name: plain values, and addresses of other nodes."""
    return [one.get("@value", one.get("@id", one.get("@list"))) for one in node.get(name, [])]


SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def told_by(page: str) -> Any:
    """The linked data of a page, which has one element of it."""
    (written,) = SCRIPT.findall(page)
    return json.loads(written)
