"""What a web page says about itself: JSON-LD first, then OpenGraph and other meta elements, then what is seen."""

import datetime as dt
import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from articles.reading.draft import domain_of, web_address
from articles.reading.lines import NAME, has_job, is_name, read_byline, read_credit, split_names
from articles.reading.moments import Moment, read_moment
from articles.text import one_line

MOST_NODES = 5_000
"""JSON-LD objects looked at in one page."""

_ARTICLE_TYPE = re.compile(r"(?:\w*NewsArticle|\w*Article|BlogPosting|LiveBlogPosting|Report)", re.IGNORECASE)
_NO_ARTICLE_TYPE = re.compile(r"(?:Video|Audio|Image|Media|Web|Collection)\w*", re.IGNORECASE)
_COMPANY = re.compile(
    r"\b(?:A/S|GmbH|AG|Ltd|LLC|Inc|S\.?A\.?|S\.?L\.?|SpA|S\.p\.A|Plc|PLC|Group|Holding|Corporation|ООО)(?!\w)|\b(?:UK|US)$"
)
_PUBLISHED_METAS = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "datepublished",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dc.date.issued",
    "pub_date",
    "pubdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published",
    "parsely-pub-date",
    "sailthru.date",
    "date",
    "prism.publicationdate",
    "cxenseparse:publishtime",
    "cxenseparse:recs:publishtime",
)
_SAVED_FROM = re.compile(
    r"<!--\s*saved from url=\(\d+\)(?P<browser>\S+)|<!--\s*Page saved with SingleFile\s+url:\s*(?P<single>\S+)",
    re.IGNORECASE,
)
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d{4,14}[a-z_]*/(?P<url>https?://.+)")
_CREDIT_CLASS = re.compile(
    r"credit|copyright|source|author|photographer|byline|agency|attribution|provider", re.IGNORECASE
)


@dataclass(slots=True)
class Facts:
    """What the page tells; empty where it tells nothing."""

    headline: str = ""
    heading: str = ""
    other_headlines: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    author_bio: str = ""
    outlet: str = ""
    section: str = ""
    language: str = ""
    url: str = ""
    archive_url: str = ""
    image_url: str = ""
    image_caption: str = ""
    image_credit: str = ""
    captions: list[str] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    body: str = ""
    published: Moment = field(default_factory=Moment)


def read_facts(tree: HtmlElement, source: str, time_zone: dt.tzinfo | None = None) -> Facts:
    """The facts of a parsed page. `source` is its text, for what browsers write into it when they save."""
    metas = _metas(tree)
    linked = LinkedData(tree)
    facts = Facts()
    _read_addresses(facts, tree, metas, linked, source)
    article = linked.article(facts.url)
    _read_headline(facts, tree, metas, linked, article)
    facts.authors = linked.names(article.get("author") or article.get("creator")) or _other_authors(
        tree, metas
    )
    roles = [name for name in facts.authors[1:] if has_job(name)]
    facts.authors = [name for name in facts.authors if name not in roles]
    facts.author_bio = "\n\n".join(
        filter(None, [*roles, linked.biographies(article.get("author"), facts.authors)])
    )
    facts.outlet = _outlet(linked, article, metas) or _outlet_in_title(tree, facts.headline)
    sections = [
        *linked.words(article.get("articleSection")),
        *metas.get("article:section", []),
        *metas.get("section", []),
    ]
    facts.section = next(iter(sections), "").split(",")[0]
    facts.language = _first(
        [*tree.xpath("/html/@lang"), *linked.words(article.get("inLanguage")), *metas.get("og:locale", [])]
    )
    told = article.get("articleBody")
    facts.body = _unescaped(told) if isinstance(told, str) else ""
    described = linked.words(article.get("description"))
    for name in (
        "description",
        "og:description",
        "twitter:description",
        "dc.description",
        "sailthru.description",
    ):
        described += metas.get(name, [])
    facts.descriptions = list(dict.fromkeys(filter(None, described)))
    _read_image(facts, tree, metas, linked, article)
    facts.published = _published(tree, metas, linked, article, time_zone)
    return facts


def _first(candidates: Iterable[str]) -> str:
    return next((line for candidate in candidates if (line := _clean(candidate))), "")


def _unescaped(raw: str) -> str:
    """The text, with entities resolved even where they were escaped twice."""
    return html.unescape(html.unescape(raw))


def _clean(raw: str) -> str:
    return one_line(_unescaped(raw))


def _metas(tree: HtmlElement) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = _clean(element.get("content") or "")
        for name in (
            {element.get("property"), element.get("name"), element.get("itemprop")} if content else ()
        ):
            metas.setdefault((name or "").strip().lower(), []).append(content)
    return metas


# -- JSON-LD -----------------------------------------------------------------------------------------------


class LinkedData:
    """The JSON-LD of a page; objects that name each other by @id are found by it."""

    def __init__(self, tree: HtmlElement) -> None:
        self.nodes: list[tuple[int, dict[str, Any]]] = []
        self.by_id: dict[str, dict[str, Any]] = {}
        for script in tree.iter("script"):
            if "ld+json" in (script.get("type") or "").lower():
                self._walk(_loads(script.text or ""))
        for _, node in self.nodes:
            key = node.get("@id")
            if isinstance(key, str) and len(node) > len(self.by_id.get(key, {})):
                self.by_id[key] = node

    def _walk(self, data: Any) -> None:
        waiting: list[tuple[int, Any]] = [(0, data)]
        while waiting and len(self.nodes) < MOST_NODES:
            depth, item = waiting.pop(0)
            if isinstance(item, dict):
                self.nodes.append((depth, item))
                waiting += [(depth if key == "@graph" else depth + 1, value) for key, value in item.items()]
            elif isinstance(item, list):
                waiting += [(depth, value) for value in item]

    def resolve(self, value: Any) -> Any:
        """The object that `value` names by @id, if it says no more than that."""
        if isinstance(value, dict) and isinstance(key := value.get("@id"), str):
            known = self.by_id.get(key, {})
            return known if len(known) > len(value) else value
        return value

    def article(self, url: str) -> dict[str, Any]:
        """The object that describes the page's article; empty where there is none."""
        best: tuple[int, dict[str, Any]] = (0, {})
        for depth, node in self.nodes:
            kinds = [str(kind).rsplit("/", 1)[-1] for kind in _listed(node.get("@type"))]
            if not any(_ARTICLE_TYPE.fullmatch(kind) for kind in kinds):
                continue
            score = 2 + sum(
                bool(node.get(key)) for key in ("headline", "datePublished", "author", "articleBody")
            )
            addresses = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
            if url and any(url in json.dumps(address, default=str) for address in addresses if address):
                score += 3
            if score - depth > best[0]:
                best = (score - depth, node)
        return best[1]

    def words(self, value: Any) -> list[str]:
        """The strings in a value that should be a string, and may be a list, an object or nothing."""
        found: list[str] = []
        for item in _listed(value):
            resolved = self.resolve(item)
            if isinstance(resolved, dict):
                resolved = resolved.get("name") or resolved.get("@value") or ""
                found += self.words(resolved) if isinstance(resolved, list) else []
            if isinstance(resolved, str | int | float) and not isinstance(resolved, bool):
                found.append(_clean(str(resolved)))
        return [words for words in found if words]

    def names(self, value: Any) -> list[str]:
        """The names of people or organisations, one by one."""
        found: list[str] = []
        for words in self.words(value):
            if not web_address(words):
                found += [name for name in split_names(words) if re.search(r"[^\W\d]", name)]
        return list(dict.fromkeys(found))

    def biographies(self, value: Any, authors: list[str]) -> str:
        """The descriptions of the authors, a paragraph each."""
        found: list[str] = []
        for item in _listed(value):
            person = self.resolve(item)
            if not isinstance(person, dict):
                continue
            name = _first(self.words(person.get("name")))
            title = _first(self.words(person.get("jobTitle")))
            about = html.unescape(
                re.sub(r"<[^>]{1,200}>", " ", _first(self.words(person.get("description"))))
            )
            if name in authors and (len(about) > 20 or title):
                found += [title] if title and title not in about else []
                found += [about] if len(about) > 20 else []
        return "\n\n".join(dict.fromkeys(found))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value[:200] if isinstance(value, list) else [value]


def _loads(raw: str) -> Any:
    """The JSON of a script, with the usual damage repaired: comments around it, commas before a bracket."""
    text = re.sub(
        r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)?\s*;?\s*$", "", raw
    ).strip()
    for attempt in (text, re.sub(r",(\s*[\]}])", r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    try:  # several objects one after the other, or good JSON with something behind it
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


# -- addresses, headline, people ---------------------------------------------------------------------------


def _read_addresses(
    facts: Facts, tree: HtmlElement, metas: dict[str, list[str]], linked: LinkedData, source: str
) -> None:
    saved = _SAVED_FROM.search(source[:8192])
    saved_from = (saved["browser"] or saved["single"]) if saved else ""
    base = next(iter(metas.get("og:url", [])), "") or saved_from
    candidates = [urljoin(base, address) for address in tree.xpath("//link[@rel='canonical']/@href")[:3]]
    own = metas.get("og:url", [])
    # A canonical link to another site leads to what this page is a copy of; the copy has an address of its own.
    is_copy = (
        bool(own and candidates)
        and not _ARCHIVED.fullmatch(candidates[0])
        and not _same_site(own[0], candidates[0])
    )
    candidates = [*own, *candidates] if is_copy else [*candidates, *own]
    article = linked.article("")
    candidates += [
        *linked.words(article.get("url")),
        *linked.words(article.get("mainEntityOfPage")),
        saved_from,
    ]
    found = [address for candidate in candidates if (address := web_address(candidate))]
    # A canonical link to the front page is a mistake of the site.
    facts.url = next(
        (address for address in found if urlsplit(address).path.strip("/")), next(iter(found), "")
    )
    for address in (facts.url, saved_from):
        if archived := _ARCHIVED.fullmatch(address):
            facts.archive_url, facts.url = address, archived["url"]


def _same_site(one: str, other: str) -> bool:
    """Whether one address's host is the other's or above it; an address that is none has no other site."""
    hosts = [domain_of(address) for address in (one, other)]
    return not all(hosts) or any(a == b or a.endswith(f".{b}") for a, b in permutations(hosts))


def _read_headline(
    facts: Facts, tree: HtmlElement, metas: dict[str, list[str]], linked: LinkedData, article: dict[str, Any]
) -> None:
    seen = [words for h1 in tree.iter("h1") if (words := _clean(" ".join(h1.itertext())))]
    own = _first(linked.words(article.get("headline")))
    shown = [
        title for name in ("og:title", "twitter:title", "dc.title", "title") for title in metas.get(name, [])
    ]
    titles = [_clean(title.text or "") for title in tree.iter("title")]
    candidates = list(dict.fromkeys(filter(None, [own, *shown, *seen[:1], *titles[:1]])))
    facts.headline = _whole(candidates)
    if not own and not shown and not seen:  # a window's title has the site's name behind it
        facts.headline = re.sub(r"\s+[|–—-]\s+[^|–—]{2,40}$", "", facts.headline)
    facts.heading = (
        facts.headline if facts.headline in seen else next((h1 for h1 in seen if len(h1) > 20), "")
    )
    facts.other_headlines = [*candidates, *seen]


def _whole(candidates: list[str]) -> str:
    """The first candidate, without a site's or section's name behind it, and uncut if another has it whole."""
    if not candidates:
        return ""
    headline, *others = candidates
    for other in others:
        if headline.startswith(other) and re.fullmatch(r"\s*[|–—·»-]\s*.{1,60}", headline[len(other) :]):
            return other
        cut = re.sub(r"\s*(?:…|\.\.\.)$", "", headline)
        if cut != headline and other.startswith(cut):
            return other
    return headline


def _other_authors(tree: HtmlElement, metas: dict[str, list[str]]) -> list[str]:
    names = (
        "author",
        "article:author",
        "article:author_name",
        "og:author",
        "parsely-author",
        "byl",
        "dc.creator",
        "sailthru.author",
    )
    for name in names:
        found = [
            part
            for content in metas.get(name, [])
            if not web_address(content)
            for part in split_names(content)
        ]
        if found and not any("/" in part or "@" in part for part in found):
            return list(dict.fromkeys(found))
    marked = (
        "@rel='author' or @itemprop='author' or contains(@class, 'author-name') or contains(@class, 'byline')"
    )
    found = [_clean(" ".join(element.itertext())) for element in tree.xpath(f"//*[{marked}]")[:8]]
    return list(dict.fromkeys(name for words in found for name in split_names(words) if is_name(name)))


def _outlet(linked: LinkedData, article: dict[str, Any], metas: dict[str, list[str]]) -> str:
    publisher = _first(words for words in linked.words(article.get("publisher")) if not web_address(words))
    site = _first(words for words in metas.get("og:site_name", []) if not web_address(words))
    if site and (not publisher or _COMPANY.search(publisher)):
        return site
    others = [
        *metas.get("dc.publisher", []),
        *metas.get("application-name", []),
        *metas.get("apple-mobile-web-app-title", []),
    ]
    return publisher or _first([*others, *metas.get("publisher", [])])


def _outlet_in_title(tree: HtmlElement, headline: str) -> str:
    """What stands after the headline in the window's title: "The headline - The Outlet"."""
    title = _first(element.text or "" for element in tree.iter("title"))
    match = re.fullmatch(r"\s+[|–—-]\s+(?P<outlet>[^|–—]{2,60})", title.removeprefix(headline))
    return match["outlet"] if headline and match else ""


# -- dates -------------------------------------------------------------------------------------------------


def _published(
    tree: HtmlElement,
    metas: dict[str, list[str]],
    linked: LinkedData,
    article: dict[str, Any],
    time_zone: dt.tzinfo | None,
) -> Moment:
    """The first instant that the page gives; one that contradicts the day named before it does not count."""
    said = linked.words(article.get("datePublished"))
    said += [content for name in _PUBLISHED_METAS for content in metas.get(name, [])]
    said += tree.xpath("//time[@itemprop='datePublished' or @pubdate]/@datetime")[:1]
    visible = tree.xpath("//time[@datetime]/@datetime")
    said += visible[:1]
    for zone in (None, time_zone) if time_zone else (None,):
        day: dt.date | None = None
        first = Moment()
        for words in said:
            moment = read_moment(words, zone)
            if not moment.understood:
                continue
            if moment.at and (day is None or abs((moment.at.date() - day).days) <= 1):
                return _with_doubt(moment, visible)
            day = day or moment.day
            first = first if first.note else moment
        if zone is time_zone:
            return first
    return Moment()


def _with_doubt(moment: Moment, visible: list[str]) -> Moment:
    """A midnight in the metadata is told of only where the page itself shows no time of day."""
    if moment.note and any(re.match(rf"{moment.day}[T ]\d", time) for time in visible):
        return Moment(moment.at, moment.day)
    return moment


# -- images ------------------------------------------------------------------------------------------------

_CREDIT_KEYS = ("creditText", "creator", "author", "copyrightHolder", "copyrightNotice")
# In print, a name in brackets after a caption's full stop is the photographer's.
_NAMED_AT_END = re.compile(rf"(?P<caption>.+?[.!?]) \((?P<credit>{NAME}(?: ?/ ?[\w ]+)?)\)")
_CREDIT_WORD = re.compile(r"(?:©|\(c\)|(?:credit|photo|foto|image|bild|quelle):)\s*", re.IGNORECASE)


def _read_image(
    facts: Facts,
    tree: HtmlElement,
    metas: dict[str, list[str]],
    linked: LinkedData,
    article: dict[str, Any],
) -> None:
    image = linked.resolve(next(iter(_listed(article.get("image"))), None))
    described = image if isinstance(image, dict) else {"url": image}
    told = [words for key in ("url", "contentUrl") for words in linked.words(described.get(key))]
    addresses = (web_address(urljoin(facts.url, address)) for address in [*told, *metas.get("og:image", [])])
    facts.image_url = next(filter(None, addresses), "")
    figures = list(_figures(tree))
    facts.captions = [words for figure in figures for words in figure if words]
    for img in tree.iter("img"):
        facts.captions += [words for key in ("alt", "title") if len(words := _clean(img.get(key) or "")) > 8]
    lead = next(
        (figure for figure in figures if len(figure[0]) > 25 and not read_byline(figure[0])[0]), ("", "")
    )
    caption = _first([*linked.words(described.get("caption")), lead[0]])
    credits = [words for key in _CREDIT_KEYS for words in linked.words(described.get(key))]
    credit = _first([words for words in credits if not web_address(words)] + [lead[1]])
    if read := read_credit(caption):
        caption, credit = read[0], credit or read[1]
    elif not credit and (named := _NAMED_AT_END.fullmatch(caption)):
        caption, credit = named["caption"], named["credit"]
    facts.image_caption, facts.image_credit = caption, _CREDIT_WORD.sub("", credit, count=1)


def _figures(tree: HtmlElement) -> Iterator[tuple[str, str, str]]:
    """Caption, credit, and both as they stand, of each figure of the page that has any."""
    captions = "//figcaption | //*[@itemprop='caption' and not(ancestor::figcaption) and not(self::meta)]"
    for element in tree.xpath(captions)[:300]:
        whole = _clean(" ".join(element.itertext()))
        marked = (
            part
            for part in element.iterdescendants("*")
            if _CREDIT_CLASS.search(f"{part.get('class')} {part.get('itemprop')}")
        )
        credit = next((_clean(" ".join(part.itertext())) for part in marked), "")
        caption = whole.replace(credit, "").strip(" |·–—/") if credit else whole
        if not credit and (read := read_credit(caption)):
            caption, credit = read
        if read := read_credit(credit):
            credit = read[1]
        if whole:
            yield caption, credit, whole
