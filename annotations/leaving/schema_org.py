"""What our pages are about, in the words of schema.org, as JSON-LD.

A stance is nobody's verdict on whether a claim is true: nothing here is ever a ClaimReview.
Sources: schema.org/NewsArticle, /Quotation, /Claim, /CollectionPage; JSON-LD 1.1 for the form.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from annotations.leaving.records import Agent, Proposition, Publisher, Source, Statement, Told

type Node = dict[str, Any]

CONTEXT = "https://schema.org"
SITE = "Newsdesk"

_KINDS = {"person": "Person", "organisation": "Organization", "government": "GovernmentOrganization"}


def document(*nodes: Node) -> Node:
    """What a page says in one script element: a graph of nodes that name each other by their addresses."""
    return {"@context": CONTEXT, "@graph": [one for one in nodes if one]}


def website(address: str, search: str) -> Node:
    """The site itself. `search` is the address of its search page, which takes the words as `q`."""
    return {
        "@type": "WebSite",
        "@id": address,
        "url": address,
        "name": SITE,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{words}}"},
            "query-input": "required name=words",
        },
    }


def agent(one: Agent, *, names: Iterable[str] = (), roles: Iterable[str] = ()) -> Node:
    """A person or an organisation, known to others by its Wikidata entry; what is neither is a Thing."""
    return _filled(
        {
            "@type": _KINDS.get(one.kind, "Thing"),
            "@id": one.address,
            "name": one.name,
            "url": one.address,
            "description": one.description,
            "alternateName": list(names),
            "jobTitle": list(roles) if one.kind == "person" else [],
            "sameAs": f"https://www.wikidata.org/entity/{one.wikidata}" if one.wikidata else "",
        }
    )


def profile(address: str, about: Node) -> Node:
    """The page of an actor or an outlet."""
    return {"@type": "ProfilePage", "url": address, "mainEntity": about}


def publisher(one: Publisher) -> Node:
    return _filled({"@type": "NewsMediaOrganization", "name": one.name, "url": one.address})


def story(
    told: Told, articles: Iterable[Source] = (), claims: Iterable[Proposition] = (), *, whole: bool = True
) -> Node:
    """The page of a story: the articles that it lists, and the claims made in it. Not `whole`: only what it is."""
    node = {
        "@type": "CollectionPage",
        "@id": told.address,
        "url": told.address,
        "name": told.title,
        "description": told.summary if whole else "",
        "dateModified": told.changed_at.isoformat() if whole else "",
        "about": [claim(one) for one in claims],
        "mainEntity": items((one.address, one.headline) for one in articles) if whole else {},
    }
    return _filled(node)


def items(listed: Iterable[tuple[str, str]], *, first: int = 1) -> Node:
    """A list of pages by address and name, in the order in which a page shows them from place `first` on."""
    found = [
        {"@type": "ListItem", "position": place, "url": address, "name": name}
        for place, (address, name) in enumerate(listed, first)
    ]
    return {"@type": "ItemList", "itemListElement": found, "numberOfItems": len(found)} if found else {}


def news_article(one: Source, told: Told, *, headline: str = "", version: int | None = None) -> Node:
    """An article as our page shows it; `isBasedOn` is where it was published."""
    node = {
        "@type": "NewsArticle",
        "@id": one.address,
        "url": one.address,
        "headline": headline or one.headline,
        "isPartOf": story(told, whole=False),
        "publisher": publisher(one.publisher),
        "author": {"@type": "Person", "name": one.byline} if one.byline else publisher(one.publisher),
        "datePublished": one.published_at.isoformat() if one.published_at else "",
        "inLanguage": one.language,
        "articleSection": one.section,
        "isBasedOn": one.original,
        "archivedAt": one.archived,
        "version": version,
    }
    return _filled(node)


def claim(one: Proposition) -> Node:
    return {"@type": "Claim", "@id": one.address, "url": one.address, "text": one.text}


def claim_page(one: Proposition, told: Told, quotes: Sequence[Statement]) -> Node:
    """A claim with the quotes that take a stance on it and the articles in which they stand."""
    sources = {quote.found.source.address for quote in quotes}
    node = claim(one) | {
        "isPartOf": story(told, whole=False),
        "appearance": [{"@type": "NewsArticle", "@id": address} for address in sorted(sources)],
        "subjectOf": [{"@type": "Quotation", "@id": quote.address} for quote in quotes],
    }
    return _filled(node)


def quotation(one: Statement, told: Told) -> Node:
    """A quote: who said it, on which days, in which article, and on which claims."""
    speaker = agent(one.speaker) if one.speaker else {"@type": "Person", "name": one.speaker_name}
    node = {
        "@type": "Quotation",
        "@id": one.address,
        "url": one.address,
        "identifier": one.uuid.urn,
        "text": one.words,
        "inLanguage": one.found.source.language,
        "spokenByCharacter": speaker,
        "creator": {"@id": one.speaker.address} if one.speaker else speaker,
        "isBasedOn": news_article(one.found.source, told),
        "citation": one.found.source.original or one.found.page,
        "dateCreated": one.said.interval if one.said.earliest == one.said.latest else "",
        "temporalCoverage": one.said.interval,
        "datePublished": one.published_at.isoformat(),
        "dateModified": one.updated_at.isoformat(),
        "about": [claim(taken.claim) for taken in one.taken],
    }
    return _filled(node)


def _filled(node: Node) -> Node:
    """Without what is not known."""
    return {name: value for name, value in node.items() if value not in ("", None, [], {})}
