"""The statements of a story as a table and as JSON, the network of its actors as GraphML: written piece by piece.

The table has the columns of Discourse Network Analyzer (Leifeld, github.com/leifeld/dna): a statement is by a person
or an organisation, on a concept, in agreement or not, on a date.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from annotations.leaving.records import Agent, Days, Happening, Proposition, Statement, Taken, Told, Words
from annotations.leaving.xmltext import writable
from annotations.network import Network
from articles.reading.spreadsheets import guarded

COLUMNS = (
    "person",
    "organisation",
    "concept",
    "agreement",
    "date",
    "date_latest",
    "date_expression",
    "position",
    "words",
    "permalink",
    "quote",
    "utterance",
    "named_as",
    "role",
    "kind",
    "cue",
    "basis",
    "relayed_by",
    "note",
    "article",
    "article_url",
    "outlet",
    "published_at",
    "original_url",
    "language",
    "version",
    "offsets",
)
"""What is written of a statement, in this order. See docs/data-out.md."""

_AGREEMENT = {"supports": "1", "opposes": "0"}


# -- CSV -------------------------------------------------------------------------------------------------------


def as_csv(statements: Iterable[Statement]) -> Iterator[bytes]:
    """One row a stance. UTF-8 with its mark, no cell a formula for spreadsheet programs."""
    yield "\ufeff".encode() + _line(COLUMNS)
    for one in statements:
        for taken in one.taken:
            row = _row(one, taken)
            yield _line(guarded(row[name]) for name in COLUMNS)


def _row(one: Statement, taken: Taken) -> dict[str, str]:
    is_person = one.speaker is None or one.speaker.kind in {"person", "other"}
    source = one.found.source
    return {
        "person": one.speaker.name if one.speaker and is_person else "",
        "organisation": one.organisation if is_person or not one.speaker else one.speaker.name,
        "concept": taken.claim.text,
        "agreement": _AGREEMENT.get(taken.position, ""),
        "date": str(one.said.earliest or one.said.latest or ""),
        "date_latest": str(one.said.latest or ""),
        "date_expression": one.said.expression,
        "position": taken.position,
        "words": one.words,
        "permalink": one.address,
        "quote": str(one.uuid),
        "utterance": str(one.utterance or ""),
        "named_as": one.mention,
        "role": one.role,
        "kind": one.kind,
        "cue": one.cue,
        "basis": one.basis,
        "relayed_by": one.relayed_by,
        "note": taken.note,
        "article": source.headline,
        "article_url": source.address,
        "outlet": source.publisher.name,
        "published_at": source.published_at.isoformat() if source.published_at else "",
        "original_url": source.original,
        "language": source.language,
        "version": str(one.found.version),
        "offsets": " ".join(f"{part.start}-{part.end}" for part in one.found.parts),
    }


def _line(cells: Iterable[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()


# -- JSON ------------------------------------------------------------------------------------------------------


def as_json(
    told: Told,
    claims: Iterable[Proposition],
    statements: Iterable[Statement],
    happenings: Iterable[Happening],
) -> Iterator[bytes]:
    """A story as one JSON object: what it is, its claims, statements and events."""
    story = {
        "url": told.address,
        "slug": told.slug,
        "title": told.title,
        "summary": told.summary,
        "changed_at": told.changed_at.isoformat(),
    }
    yield b'{"story":' + _json(story)
    for name, nodes in (
        ("claims", ({"url": c.address, "slug": c.slug, "text": c.text} for c in claims)),
        ("statements", map(_statement, statements)),
        ("events", map(_event, happenings)),
    ):
        yield f',\n"{name}":['.encode()
        for place, node in enumerate(nodes):
            yield (b",\n" if place else b"\n") + _json(node)
        yield b"]"
    yield b"}\n"


def _statement(one: Statement) -> dict[str, Any]:
    return {
        "uuid": str(one.uuid),
        "url": one.address,
        "words": one.words,
        "kind": one.kind,
        "cue": one.cue,
        "basis": one.basis,
        "speaker": _agent(one.speaker) if one.speaker else None,
        "named_as": one.mention,
        "role": one.role,
        "organisation": one.organisation,
        "relayed_by": one.relayed_by,
        "said": _days(one.said),
        "utterance": one.utterance,
        "stances": [
            {"claim": t.claim.slug, "url": t.claim.address, "position": t.position, "note": t.note}
            for t in one.taken
        ],
        "found": _words(one.found),
        "published_at": one.published_at.isoformat(),
        "updated_at": one.updated_at.isoformat(),
    }


def _event(one: Happening) -> dict[str, Any]:
    return {
        "uuid": str(one.uuid),
        "url": one.address,
        "title": one.title,
        "place": one.place,
        "when": _days(one.when),
        "evidence": [_words(words) for words in one.evidence],
        "source": one.source,
        "published_at": one.published_at.isoformat(),
        "updated_at": one.updated_at.isoformat(),
    }


def _agent(one: Agent) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "url": one.address,
        "slug": one.slug,
        "wikidata": one.wikidata,
    }


def _days(one: Days) -> dict[str, Any]:
    return {
        "earliest": str(one.earliest) if one.earliest else None,
        "latest": str(one.latest) if one.latest else None,
        "expression": one.expression,
    }


def _words(one: Words) -> dict[str, Any]:
    source = one.source
    return {
        "article": {
            "url": source.address,
            "headline": source.headline,
            "outlet": source.publisher.name,
            "byline": source.byline,
            "language": source.language,
            "published_at": source.published_at.isoformat() if source.published_at else None,
            "original": source.original,
            "archived": source.archived,
        },
        "version": {
            "number": one.version,
            "recorded_at": one.recorded_at.isoformat(),
            "url": one.page,
            "text": one.plain,
        },
        "parts": [
            {"start": p.start, "end": p.end, "exact": p.exact, "prefix": p.prefix, "suffix": p.suffix}
            for p in one.parts
        ],
    }


def _json(node: object) -> bytes:
    return json.dumps(node, ensure_ascii=False).encode()


# -- GraphML ---------------------------------------------------------------------------------------------------

_KEYS = (
    ("node", "name", "string"),
    ("node", "kind", "string"),
    ("node", "url", "string"),
    ("node", "wikidata", "string"),
    ("node", "utterances", "int"),
    ("edge", "kind", "string"),
    ("edge", "weight", "int"),
    ("edge", "claims", "string"),
    ("edge", "quotes", "string"),
    ("edge", "utterances", "int"),
)


def as_graphml(told: Told, network: Network, actors: dict[str, Agent]) -> Iterator[bytes]:
    """The network of a story's actors, who are known by their slugs (graphml.graphdrawing.org, 1.0).

    An edge is an agreement or a conflict: two actors may have both. Claims and quotes are their slugs and uuids, with
    spaces between them.
    """
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for of, name, kind in _KEYS:
        yield f'<key id="{of}-{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>\n'.encode()
    yield f'<graph id={_attribute(told.slug)} edgedefault="undirected">\n'.encode()
    for slug, utterances in network.actors.items():
        one = actors[str(slug)]
        values = (one.name, one.kind, one.address, one.wikidata, utterances)
        yield _element(f"<node id={_attribute(str(slug))}>", "node", values, "</node>")
    for place, tie in enumerate(network.ties):
        ends = f"source={_attribute(str(tie.one))} target={_attribute(str(tie.other))}"
        quotes = " ".join(map(str, tie.quotes))
        tied = (tie.kind, tie.weight, " ".join(tie.claims), quotes, tie.utterances)
        yield _element(f'<edge id="e{place}" {ends}>', "edge", tied, "</edge>")
    yield b"</graph>\n</graphml>\n"


def _element(start: str, of: str, values: tuple[object, ...], end: str) -> bytes:
    names = [name for for_, name, _ in _KEYS if for_ == of]
    data = "".join(
        f'<data key="{of}-{name}">{escape(writable(str(value)))}</data>'
        for name, value in zip(names, values, strict=True)
    )
    return f"{start}{data}{end}\n".encode()


def _attribute(value: str) -> str:
    return quoteattr(writable(value))
