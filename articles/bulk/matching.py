"""What is here, for a chunk of rows at a time: some queries a chunk instead of some a row.

`ChunkHoldings` gives the same answers as Holdings, and counts what earlier rows of the file are going to write as
here already. An article that is still to be made has a negative number, that of the row that makes it; so does an
outlet.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any
from urllib.parse import urldefrag

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import connection
from django.db.models import Q

from articles.holdings import Among, Holdings, articles_whole
from articles.importing import NOT_STATED, Identity, Outcome, Plan, day_of, plan, plan_for
from articles.likeness import Sketch, are_alike, sketch
from articles.marks import Mark, read_mark
from articles.models import TEXT_LIMIT, Article, Import, ImportRow, Outlet, Version
from articles.querysets import addresses
from articles.reading.draft import ArticleDraft
from articles.text import digest

SETTLED = {"outlet", "current_version", "search", "as_imported", "recorded_at"}
"""Fields of an article that no source fills."""

_OWN_COLUMNS = {"headline", "text", "where", "row"}
_MOST_ALIKE = 20
"""Of the texts that share a sentence, as many are looked at: one that hundreds share tells nothing."""


# Rows and drafts.


def packed(draft: ArticleDraft) -> dict[str, Any]:
    """The fields of a draft for ImportRow.draft, without what has a column of its own and what is empty."""
    values = {
        one.name: value
        for one in fields(draft)
        if one.name not in _OWN_COLUMNS and (value := getattr(draft, one.name))
    }
    if draft.published_at:
        values["published_at"] = draft.published_at.isoformat()
    return values


def unpacked(row: ImportRow) -> ArticleDraft:
    """The draft that a row was read as."""
    values = dict(row.draft or {})
    if at := values.pop("published_at", None):
        values["published_at"] = dt.datetime.fromisoformat(at)
    values["kinds"] = {int(number): kind for number, kind in values.get("kinds", {}).items()}
    values["notes"] = tuple(values.get("notes", ()))
    return ArticleDraft(headline=row.headline, text=row.text, **values)


def key(*parts: str) -> int:
    """64 bits that stand for the parts in an index; never for a decision."""
    hashed = blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(hashed, signed=True)


def address_key(url: str) -> int | None:
    bare = urldefrag(url).url.partition("://")[2]
    return key(bare if "?" in bare else bare.removesuffix("/")) if bare else None


@dataclass(frozen=True, slots=True)
class Keys:
    """By what a row is looked for by later ones: 64-bit digests, see ImportRow."""

    address: int | None
    identifier: int | None
    headline: int

    @classmethod
    def of(cls, article: Article) -> "Keys":
        """Of the article as it stands after a row."""
        day = article.published_at and day_of(article.published_at, article.outlet)[0].date().isoformat()
        return cls(
            address=address_key(article.url),
            identifier=key(article.external_id) if article.external_id else None,
            headline=key(article.headline, day or article.as_imported.get("published_day", "")),
        )


@dataclass(frozen=True, slots=True)
class Defaults:
    """What an import fills in where a draft leaves something open."""

    outlet: Outlet | None
    time_zone: str
    language: str
    identity: Identity

    @classmethod
    def of(cls, batch: Import) -> "Defaults":
        return cls(batch.outlet, batch.time_zone, batch.language, batch.identity)


# Outlets: few, and kept for the whole run.


class Outlets:
    """Those that rows name, each asked for once, and those that the import is going to make."""

    def __init__(self, made: Sequence[Mapping[str, str]] = ()) -> None:
        self._named: dict[str, Outlet | None] = {}
        self._at: dict[str, Outlet | None] = {}
        self._refused: dict[tuple[str, str], ValidationError] = {}
        self.made: list[Outlet] = []
        for values in made:
            self.add(Outlet(**values))

    def named(self, name: str) -> Outlet | None:
        if name not in self._named:
            self._forget(self._named)
            self._named[name] = Outlet.objects.named(name)
        found = self._named[name]
        if found is not None or not (wanted := name.strip().lower()):
            return found
        bare = wanted.removeprefix("www.")
        return next(
            (one for one in self.made if one.name.lower() == wanted or (one.domain or "-").lower() == bare),
            None,
        )

    def at(self, domain: str) -> Outlet | None:
        if domain not in self._at:
            self._forget(self._at)
            self._at[domain] = Outlet.objects.at_domain(domain)
        lower, best = domain.lower(), self._at[domain]
        for one in self.made:
            own = one.domain.lower()
            is_above = "." in own and (lower == own or lower.endswith(f".{own}"))
            if is_above and (best is None or len(own) > len(best.domain)):
                best = one
        return best

    def check(self, outlet: Outlet) -> None:
        """Raises ValidationError if an outlet that is not here can't be made."""
        asked = (outlet.name, outlet.domain)
        if asked in self._refused:
            raise self._refused[asked]
        try:
            outlet.full_clean()
            if outlet.domain and any(one.domain.lower() == outlet.domain.lower() for one in self.made):
                raise ValidationError({NON_FIELD_ERRORS: ["There is an outlet with this domain."]})
        except ValidationError as error:
            self._refused[asked] = error
            raise

    def add(self, outlet: Outlet) -> None:
        """Take an outlet for here, under a number of its own."""
        self.made.append(outlet)
        outlet.pk = -len(self.made)
        outlet._state.adding = False

    def forget_made(self) -> None:
        """For after a chunk that really has made them, or has not."""
        self.made.clear()
        self._forget(self._named, most=0)
        self._forget(self._at, most=0)
        self._refused.clear()

    def described(self) -> list[dict[str, str]]:
        """Those to be made, as Import.new_outlets keeps them."""
        return [
            {"name": one.name, "slug": one.slug, "domain": one.domain, "time_zone": one.time_zone}
            for one in self.made
        ]

    @staticmethod
    def _forget(known: dict[str, Any], most: int = 10_000) -> None:
        if len(known) >= most:
            known.clear()


# Articles, for a chunk.


class ChunkHoldings(Holdings):
    """Everything here that the rows of a chunk could be, and what the rows before them make of it."""

    def __init__(self, outlets: Outlets, defaults: Defaults) -> None:
        self.outlets = outlets
        self.defaults = defaults
        self.articles: dict[int, Article] = {}
        self._at_address: defaultdict[str, set[int]] = defaultdict(set)
        self._identified: defaultdict[str, set[int]] = defaultdict(set)
        self._headed: defaultdict[str, set[int]] = defaultdict(set)
        self._worded: defaultdict[str, set[int]] = defaultdict(set)
        self._namesakes: set[tuple[int, str]] = set()
        self._sketches: dict[str, Sketch] = {}
        self._alike: defaultdict[int, dict[int, Sketch]] = defaultdict(dict)

    # Gathering.

    def gather(self, drafts: Sequence[ArticleDraft], batch: Import | None = None, before: int = 0) -> None:
        """Load what the drafts could be: articles, and with `batch` its staged rows up to number `before`."""
        digests = [digest(draft.text) for draft in drafts]
        with connection.cursor() as cursor:
            # Looking up keys must not walk whole tables, whatever the statistics of a table that just grew say.
            cursor.execute("SET LOCAL enable_seqscan = off")
        found = self._candidates(drafts, digests)
        self._load(found)
        if batch is not None and before:
            self._follow(batch, drafts, digests, before)
        if batch is not None:
            self._gather_alike(batch, drafts, digests)

    def _candidates(self, drafts: Sequence[ArticleDraft], digests: list[str]) -> set[int]:
        urls = {spelt for draft in drafts if draft.url for spelt in addresses(urldefrag(draft.url).url)}
        pairs: set[tuple[int, str]] = set()
        headed: set[tuple[int, str]] = set()
        for draft in drafts:
            outlet = self.outlet_of(draft)
            if outlet is None or outlet.pk is None or outlet.pk < 0:
                continue
            if draft.external_id:
                pairs.add((outlet.pk, draft.external_id))
            headed.add((outlet.pk, draft.headline))
        marked = [mark.number for draft in drafts if (mark := read_mark(draft.newsdesk_id))]
        found: set[int] = set()
        for query, given in (
            ("SELECT id FROM articles_article WHERE id = ANY(%s)", [marked]),
            ("SELECT id FROM articles_article WHERE url = ANY(%s) AND url <> ''", [list(urls)]),
            (
                "SELECT a.id FROM unnest(%s::bigint[], %s::text[]) AS given (outlet, word)"
                " JOIN articles_article a ON a.outlet_id = outlet AND a.external_id = word AND a.external_id <> ''",
                _columns(pairs),
            ),
            (
                "SELECT a.id FROM unnest(%s::bigint[], %s::text[]) AS given (outlet, word)"
                " JOIN articles_article a ON a.outlet_id = outlet AND a.headline = word",
                _columns(headed),
            ),
            ("SELECT id FROM articles_article WHERE as_imported ->> 'text' = ANY(%s)", [digests]),
        ):
            if given[0]:
                found.update(number for (number,) in _rows(query, given))
        for number, had in _rows(
            "SELECT article_id, digest FROM articles_version WHERE digest = ANY(%s)", [digests]
        ):
            found.add(number)
            self._worded[had].add(number)
        return found

    def outlet_of(self, draft: ArticleDraft) -> Outlet | None:
        """The outlet that a draft names, as far as it is known."""
        known = self.outlets.named(draft.outlet) if draft.outlet else self.defaults.outlet
        if known is None and draft.outlet_domain:
            known = self.outlets.at(draft.outlet_domain)
        return known

    def _load(self, numbers: Iterable[int]) -> None:
        wanted = [number for number in numbers if number not in self.articles]
        if wanted:
            for article in articles_whole().defer("search", "current_version__text").filter(pk__in=wanted):
                self._index(article)

    def _follow(self, batch: Import, drafts: Sequence[ArticleDraft], digests: list[str], before: int) -> None:
        """Do again, without writing, what earlier rows of the file do to the articles that these could be."""
        keys: list[tuple[str, str, list[Any]]] = [
            ("digest", "text[]", digests),
            ("key_address", "bigint[]", [address_key(draft.url) for draft in drafts if draft.url]),
            ("key_identifier", "bigint[]", [key(one.external_id) for one in drafts if one.external_id]),
            ("key_headline", "bigint[]", [self._headline_key(draft) for draft in drafts]),
            # An article here that these could be may have been changed by a row that shares nothing with them.
            ("target_id", "bigint[]", [number for number in self.articles if number > 0]),
        ]
        query = " UNION ".join(_STAGED.format(column, kind) for column, kind, _ in keys)
        makers: set[int] = set()
        targets: set[int] = set()
        for number, follows, target, outcome in _rows(
            query, [given for *_, values in keys for given in (batch.pk, values, before)]
        ):
            if target:
                targets.add(target)
            elif follows or outcome == ImportRow.Outcome.NEW:
                makers.add(follows or number)
        if not (makers or targets):
            return
        self._load(targets)
        staged = ImportRow.objects.filter(batch=batch, number__lte=before).exclude(outcome="rejected")
        chain = (
            Q(number__in=makers, outcome=ImportRow.Outcome.NEW)
            | Q(follows__in=makers)
            | Q(target__in=targets)
        )
        for row in staged.filter(chain).order_by("number"):
            draft = unpacked(row)
            maker = row.number if row.outcome == ImportRow.Outcome.NEW else row.follows
            number = row.target_id or -(maker or 0)
            known = self.articles.get(number)
            outlet = (
                self.outlet_of(draft) or (known.outlet if known else None) or self.outlets.named(NOT_STATED)
            )
            if outlet is None or (known is None and row.target_id):
                continue
            try:
                made = plan_for(
                    copy(known) if known else None, draft, outlet, self, language=self.defaults.language
                )
            except ValidationError:  # the article was changed here since the row was read
                continue
            self.accept(made, -number if number < 0 else row.number)

    def _headline_key(self, draft: ArticleDraft) -> int:
        outlet = self.outlet_of(draft) or Outlet(time_zone=self.defaults.time_zone or "Europe/London")
        day = draft.published_at and day_of(draft.published_at, outlet)[0].date().isoformat()
        return key(draft.headline, day or draft.published_day)

    def _gather_alike(self, batch: Import, drafts: Sequence[ArticleDraft], digests: Sequence[str]) -> None:
        """Of each number in the drafts' sketches, some articles and earlier rows that have it too.

        Not of words that are here already: what has the very same is the copy then.
        """
        unknown = [draft.text for draft, its in zip(drafts, digests, strict=True) if its not in self._worded]
        wanted = list({number for text in unknown for number in self.sketch_of(text)})
        for query, given in (
            (_ARTICLES_WITH_SENTENCES, [wanted, _MOST_ALIKE]),
            (_ROWS_WITH_SENTENCES, [wanted, batch.pk, _MOST_ALIKE]),
        ):
            for which, sketched in _rows(query, given):
                self.note_sketch(sketched, which)

    def _index(self, article: Article) -> None:
        number = article.pk
        self.articles[number] = article
        if article.url:
            self._at_address[article.url].add(number)
        if article.external_id:
            self._identified[article.external_id].add(number)
        self._headed[article.headline].add(number)
        if came_with := article.as_imported.get("text"):
            self._worded[came_with].add(number)
        if article.current_version:
            self._worded[article.current_version.digest].add(number)

    # Answering.

    def outlet_named(self, name: str) -> Outlet | None:
        return self.outlets.named(name)

    def outlet_at(self, domain: str) -> Outlet | None:
        return self.outlets.at(domain)

    def marked(self, mark: Mark) -> Article | None:
        article = self.articles.get(mark.number)
        return copy(article) if article and article.recorded_at == mark.recorded_at else None

    def at_address(self, url: str) -> Article | None:
        for spelt in addresses(url):
            for number in self._at_address.get(spelt, ()):
                if self.articles[number].url == spelt:
                    return copy(self.articles[number])
        return None

    def with_identifier(self, outlet: Outlet, identifier: str) -> Article | None:
        for number in self._identified.get(identifier, ()):
            article = self.articles[number]
            if article.external_id == identifier and article.outlet_id == outlet.pk:
                return copy(article)
        return None

    def on_day(self, headline: str, start: dt.datetime, end: dt.datetime, among: Among) -> Article | None:
        return self._first(
            article
            for article in self._some(self._headed.get(headline, ()))
            if article.headline == headline
            and article.published_at is not None
            and start <= article.published_at < end
            and among.admits(article)
        )

    def of_day(self, headline: str, day: str, among: Among) -> Article | None:
        return self._first(
            article
            for article in self._some(self._headed.get(headline, ()))
            if article.headline == headline
            and article.as_imported.get("published_day") == day
            and among.admits(article)
        )

    def with_words(self, digest: str, among: Among, *, undated: bool) -> Article | None:
        found = [
            article
            for article in self._some(self._worded.get(digest, ()))
            if among.admits(article) and not (undated and article.published_at)
        ]
        came_with = self._first(one for one in found if one.as_imported.get("text") == digest)
        return came_with or self._first(found)

    def has_namesake(self, outlet: Outlet, headline: str) -> bool:
        return any(
            article.headline == headline and article.outlet_id == outlet.pk
            for article in self._some(self._headed.get(headline, ()))
        )

    def lock(self, article: Article) -> Article:
        return article

    def _some(self, numbers: Iterable[int]) -> Iterable[Article]:
        return (self.articles[number] for number in numbers if number in self.articles)

    @staticmethod
    def _first(found: Iterable[Article]) -> Article | None:
        """The oldest; those that are still to be made come last, in the file's order."""
        oldest = min(found, key=lambda one: (one.pk < 0, abs(one.pk)), default=None)
        return copy(oldest) if oldest else None

    # Going on.

    def plan(self, draft: ArticleDraft, *, is_checked: bool = False) -> Plan:
        """What the draft would do after the rows before it. Raises ValidationError if it can't be stored.

        `is_checked`: as a new article its fields have been found in order before.
        """
        given = self.defaults
        made = plan(
            draft,
            outlet=given.outlet,
            time_zone=given.time_zone,
            language=given.language,
            identity=given.identity,
            here=self,
        )
        if made.outcome != Outcome.SAME:
            self._check(made, is_checked=is_checked and made.outcome == Outcome.NEW)
        return made

    def accept(self, made: Plan, number: int) -> Article:
        """From here on what was planned counts as written; a new article gets the number of its row, negative."""
        article = made.article
        if article.outlet._state.adding:
            self.outlets.add(article.outlet)
            article.outlet = article.outlet
        before = article.current_version
        is_new = article._state.adding
        if is_new:
            article.pk, article._state.adding = -number, False
        article.as_imported = made.source
        if made.text_changes or before is None or before.headline != article.headline:
            article.current_version = Version(
                pk=-number,
                number=before.number + 1 if before else 1,
                headline=article.headline,
                text=made.text,
                kinds={str(paragraph): kind for paragraph, kind in made.kinds.items()},
                digest=digest(made.text),
                sketch=list(self.sketch_of(made.text)),
            )
        self._index(article)
        return article

    def reload(self, number: int) -> None:
        """Take an article as the database has it now."""
        self.articles.pop(number, None)
        self._load([number])

    def copy_of(self, made: Plan, sketched: Sketch) -> tuple[int | None, int | None, bool]:
        """Of a new article: the article or the earlier row with the same words, and whether it is a near copy."""
        alike = self._first(
            one for one in self._some(self._worded.get(digest(made.text), ())) if one.pk != made.article.pk
        )
        if alike is not None:
            return (alike.pk, None, False) if alike.pk > 0 else (None, -alike.pk, False)
        found: dict[int, Sketch] = {}
        for one in sketched:
            found |= self._alike.get(one, {})
        found.pop(made.article.pk, None)
        close = [one for one, other in found.items() if are_alike(sketched, other)]
        if not close:
            return None, None, False
        best = min(close, key=lambda one: (one < 0, -len({*sketched} & {*found[one]}), abs(one)))
        return (best, None, True) if best > 0 else (None, -best, True)

    def sketch_of(self, text: str) -> Sketch:
        """By what copies of a text are found, worked out once."""
        if text not in self._sketches:
            self._sketches[text] = sketch(text)
        return self._sketches[text]

    def note_sketch(self, sketched: Sequence[int], which: int) -> None:
        """Have copies of an article be found, or of a row by its number, negative."""
        for one in sketched:
            self._alike[one].setdefault(which, tuple(sketched))

    def _check(self, made: Plan, *, is_checked: bool) -> None:
        """What Article.full_clean and record_version refuse, without a query."""
        article = made.article
        if article.outlet._state.adding:
            self.outlets.check(article.outlet)
        told: dict[str, list[str]] = {}
        try:
            if not is_checked:
                article.clean_fields(exclude=SETTLED)
        except ValidationError as error:
            told = dict(error.message_dict)
        taken = []
        for spelt, index, field, message in (
            (article.url, self._at_address, "url", "An article with this address is here already."),
            (
                article.external_id,
                self._identified,
                "external_id",
                "This outlet has an article with this identifier already.",
            ),
        ):
            others = (
                (self.articles[one] for one in index.get(spelt, ()) if one != article.pk) if spelt else ()
            )
            if field not in told and any(
                getattr(one, field) == spelt and (field == "url" or one.outlet_id == article.outlet_id)
                for one in others
            ):
                taken.append(message)
        if not article.headline and "headline" not in told:
            taken.append("Give a headline.")
        if taken:
            told[NON_FIELD_ERRORS] = taken
        if told:
            raise ValidationError(told)
        if len(made.text) > TEXT_LIMIT:
            raise ValidationError(f"The text has {len(made.text):,} characters; {TEXT_LIMIT:,} is the most.")


_STAGED = (
    "SELECT number, follows, target_id, outcome FROM articles_importrow"
    " WHERE batch_id = %s AND {} = ANY(%s::{}) AND outcome <> 'rejected' AND number <= %s"
)

_ARTICLES_WITH_SENTENCES = """
    SELECT one.* FROM unnest(%s::bigint[]) AS given (wanted), LATERAL (
        SELECT a.id, v.sketch FROM articles_version v JOIN articles_article a ON a.current_version_id = v.id
        WHERE v.sketch @> ARRAY[given.wanted] LIMIT %s
    ) AS one
"""
# The sum keeps the planner from walking the whole import for a number that is rare.
_ROWS_WITH_SENTENCES = """
    SELECT one.* FROM unnest(%s::bigint[]) AS given (wanted), LATERAL (
        SELECT -r.number, r.sketch FROM articles_importrow r
        WHERE r.sketch @> ARRAY[given.wanted] AND r.batch_id + 0 = %s LIMIT %s
    ) AS one
"""


def _columns(pairs: Iterable[tuple[int, str]]) -> list[list[Any]]:
    pairs = list(pairs)
    return [[number for number, _ in pairs], [word for _, word in pairs]]


def _rows(query: str, given: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return list(cursor.fetchall())
