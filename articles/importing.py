"""Brings drafts into the database: which article a draft is, what it changes, and the writing of it.

A source that is imported again must not undo what an editor mended since. So each field is compared three ways:
what the source says now, what it said last (`Article.as_imported`), and what stands here. The source's new value
is taken where the field still is as the source last had it; an editor's value stays and a note tells of the other.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urldefrag
from zoneinfo import ZoneInfo

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import URLField

from articles.holdings import Among, Holdings
from articles.marks import Mark, read_mark, state_of
from articles.models import Article, Import, Outlet, Story, StoryArticle, Version
from articles.querysets import addresses
from articles.reading.draft import ArticleDraft, ReadError, Refusal
from articles.slugs import unique_slug
from articles.text import digest, normalise, paragraphs

NOT_STATED = "Outlet not stated"
"""The name of the outlet of articles that name none, until an editor says which it was."""

CHOOSE_OUTLET = "Nothing in it says which outlet published it. Choose the outlet in the article."

LONGEST_ADDRESS = 1000
_ADDRESS = URLField(max_length=LONGEST_ADDRESS)

ZONES = {
    **{"at": "Europe/Vienna", "be": "Europe/Brussels", "ch": "Europe/Zurich", "cz": "Europe/Prague"},
    **{"de": "Europe/Berlin", "dk": "Europe/Copenhagen", "es": "Europe/Madrid", "fi": "Europe/Helsinki"},
    **{"fr": "Europe/Paris", "gr": "Europe/Athens", "hu": "Europe/Budapest", "ie": "Europe/Dublin"},
    **{"il": "Asia/Jerusalem", "in": "Asia/Kolkata", "it": "Europe/Rome", "jp": "Asia/Tokyo"},
    **{"ke": "Africa/Nairobi", "kr": "Asia/Seoul", "lu": "Europe/Luxembourg", "ng": "Africa/Lagos"},
    **{"nl": "Europe/Amsterdam", "no": "Europe/Oslo", "pk": "Asia/Karachi", "pl": "Europe/Warsaw"},
    **{"pt": "Europe/Lisbon", "ro": "Europe/Bucharest", "se": "Europe/Stockholm", "sg": "Asia/Singapore"},
    **{"tr": "Europe/Istanbul", "tz": "Africa/Dar_es_Salaam", "ua": "Europe/Kyiv", "uk": "Europe/London"},
    **{"za": "Africa/Johannesburg"},
}
"""By the end of a domain, the time zone of countries that have one for nearly everybody."""

FIELDS = (
    "headline",
    "byline",
    "author_bio",
    "dateline",
    "section",
    "language",
    "published_at",
    "url",
    "external_id",
    "image_url",
    "image_caption",
    "image_credit",
    "archive_url",
)
"""What an article takes from its source, besides its text."""

MENDABLE = (*FIELDS, "outlet", "text")
"""What a person may set otherwise than the source has it."""

STALE = (
    "The article was changed here since this file was exported. Export it again, and make the change there; or "
    "empty the cell “newsdesk_id”, and the row counts as what a source says."
)


type Identity = Import.Identity | str
"""What makes an article the same one: one of Import.Identity."""


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Change:
    """A field that the import changes: its value before and after."""

    field: str
    old: Any
    new: Any


@dataclass(slots=True)
class Plan:
    """What saving a draft would do. `article` has its fields set already; it and its outlet are unsaved if new.

    `source` is what the source says, field by field, as it goes into `Article.as_imported`.
    """

    draft: ArticleDraft
    article: Article
    source: dict[str, Any]
    text: str
    kinds: dict[int, str]
    changes: list[Change]
    text_changes: bool
    notes: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        if self.article._state.adding:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes or self.text_changes else Outcome.SAME


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a draft did. `changed` names fields; `notes` tell what an editor should look at."""

    article: Article
    outcome: Outcome
    version: Version
    changed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def bring_in(
    found: Iterable[ArticleDraft | Refusal],
    *,
    now: dt.datetime,
    stories: Iterable[Story] = (),
    outlet: Outlet | None = None,
    time_zone: str = "",
    language: str = "",
) -> Iterator[Saved | Refusal]:
    """Save what a reader found, one by one; what can't be saved comes out as a Refusal with the reason.

    `outlet` and `language` are for articles that name none; `time_zone` is for outlets that are made on the way.
    A file that can't be read any further ends with a Refusal.
    """
    stories = list(stories)
    drafts = iter(found)
    while True:
        try:
            draft = next(drafts)
        except StopIteration:
            return
        except ReadError as error:
            yield Refusal(str(error))
            return
        if isinstance(draft, Refusal):
            yield draft
            continue
        try:
            yield save(draft, now=now, stories=stories, outlet=outlet, time_zone=time_zone, language=language)
        except ValidationError as error:
            yield Refusal(reasons(error), raw=draft.headline)


def save(
    draft: ArticleDraft,
    *,
    now: dt.datetime,
    stories: Iterable[Story] = (),
    outlet: Outlet | None = None,
    time_zone: str = "",
    language: str = "",
    identity: Identity = Import.Identity.AUTOMATIC,
    mended: Mapping[str, Any] | None = None,
) -> Saved:
    """Store a draft as a new article, or as what changed in the article that it is; all of it or nothing.

    A changed text becomes a new version. `mended` holds values of MENDABLE that a person wants instead of the
    source's. Raises ValidationError with the reasons.
    """
    for attempt in (1, 2):
        try:
            with transaction.atomic():
                made = plan(
                    draft,
                    outlet=outlet,
                    time_zone=time_zone,
                    language=language,
                    identity=identity,
                    mended=mended,
                    lock=True,
                )
                return _apply(made, now=now, stories=stories)
        except (IntegrityError, ValidationError):
            # Somebody brought in the same article, or the same outlet, at this moment: now it is found. Checking
            # says so where they were done before we looked, the database where they were not.
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def plan(
    draft: ArticleDraft,
    *,
    outlet: Outlet | None = None,
    time_zone: str = "",
    language: str = "",
    identity: Identity = Import.Identity.AUTOMATIC,
    mended: Mapping[str, Any] | None = None,
    lock: bool = False,
    here: Holdings | None = None,
) -> Plan:
    """What `save` would do with a draft, by what is `here`; writes nothing."""
    here = here or Holdings()
    mended = mended or {}
    found, told = (mended["outlet"], []) if "outlet" in mended else _outlet_of(draft, outlet, time_zone, here)
    if lock and found.pk:
        # Two imports into one outlet take turns: without an address, only looking tells whether it is here.
        Outlet.objects.select_for_update(no_key=True).get(pk=found.pk)
    article = _article_of(draft, found, here, identity)
    if article and lock:
        article = here.lock(article)
    return plan_for(article, draft, found, here, told=told, language=language, mended=mended)


def plan_for(
    article: Article | None,
    draft: ArticleDraft,
    outlet: Outlet,
    here: Holdings,
    *,
    told: Iterable[str] = (),
    language: str = "",
    mended: Mapping[str, Any] | None = None,
) -> Plan:
    """What a draft of that outlet changes in the article that it is, or makes of a new one where it is None.

    Sets the article's fields. `told` are the notes for where the outlet is taken over.
    """
    mended = mended or {}
    notes: list[str] = []
    source = _as_said(draft, language, notes)
    if article is not None and (mark := _mark_of(article, draft)):
        # A row of our own export is no source: what its source last said stays as it is.
        source = article.as_imported
        if mark.state == state_of(_of_draft(draft)):
            return Plan(draft, article, source, draft.text, {}, changes=[], text_changes=False)
        if _is_as(article, draft):  # the same file once more, after what it mends was brought in
            return Plan(draft, article, source, article.text, {}, changes=[], text_changes=False)
        if mark.state != state_of(_of_article(article)):
            raise ValidationError(STALE)
        mended = {**_of_row(draft), **mended}
    if article is None:
        notes += told
        _tell_of_namesake(draft, outlet, here, notes)
        article = Article(outlet=outlet, language="")
        changes = _merge(article, source, mended, notes)
    else:
        changes = _merge(article, source, mended, notes)
        if ("outlet" in mended or article.outlet.name == NOT_STATED) and article.outlet != outlet:
            notes += told
            changes.append(Change("outlet", article.outlet, outlet))
            article.outlet = outlet
            article.notes = "\n".join(note for note in article.notes.splitlines() if note != CHOOSE_OUTLET)
    if "text" not in mended and _has_more(article, draft):
        notes.append("The source gives no more than a summary now; the longer text stays.")
        source = _with_text_as_before(source, article)
        text, kinds = article.text, dict[int, str]()
    else:
        text, kinds = _text_of(article, draft, mended, notes)
    _add_notes(article, [*draft.notes, *notes])
    current = article.current_version
    return Plan(
        draft=draft,
        article=article,
        source=source,
        text=text,
        kinds=kinds,
        changes=changes,
        text_changes=current is None or current.digest != digest(text),
        notes=notes,
    )


def _apply(made: Plan, *, now: dt.datetime, stories: Iterable[Story]) -> Saved:
    article, outcome = made.article, made.outcome
    changed = [change.field for change in made.changes]
    if article.outlet._state.adding:
        article.outlet.full_clean()
        article.outlet.save()
        article.outlet = article.outlet  # so that the article knows its number
    if outcome == Outcome.SAME:
        if article.as_imported != made.source:
            article.as_imported = made.source
            article.save(update_fields=["as_imported", "notes"])
    else:
        article.as_imported = made.source
        article.full_clean()
        article.save(update_fields=None if outcome == Outcome.NEW else ["as_imported", "notes", *changed])
        if made.text_changes or "headline" in changed:
            reason = "" if outcome == Outcome.NEW else "The source has changed it."
            article.record_version(made.text, now=now, reason=reason, kinds=made.kinds)
    notes = made.notes
    for story in stories:
        _link, added = StoryArticle.objects.get_or_create(story=story, article=article)
        if added:
            story.touch(now=now)
            if outcome != Outcome.NEW:
                notes.append(f"It is in the story “{story}” now.")
    assert article.current_version is not None
    if made.text_changes:
        changed.append("text")
    return Saved(article, outcome, article.current_version, tuple(changed), tuple(notes))


def reasons(error: ValidationError) -> str:
    """The messages of a ValidationError as one line, each with the field that it is about."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    told = []
    for name, messages in error.message_dict.items():
        about = "" if name == NON_FIELD_ERRORS else f"{_words(name).capitalize()}: "
        told.append(about + " ".join(messages))
    return " ".join(told)


# Whose article it is.


def _outlet_of(
    draft: ArticleDraft, given: Outlet | None, time_zone: str, here: Holdings
) -> tuple[Outlet, list[str]]:
    """The outlet that the draft names, else the one given, else that of its domain; unsaved if it is new.

    With it come the notes that there are to tell if that outlet is taken.
    """
    outlets = Outlet.objects.all()
    domain = draft.outlet_domain
    known = here.outlet_named(draft.outlet)
    if known is None and not draft.outlet and given is not None:
        # A copy: what a refused article has saved is undone, and the one given must not believe itself saved.
        known = given if given.pk else here.outlet_named(given.name) or copy(given)
    if known is None and domain and not draft.newsdesk_id:
        known = here.outlet_at(domain)
    elif known is None and domain and (at_it := here.outlet_named(domain)):
        # In an export outlets stand apart, and that of a domain above is another one. Where the article is ours,
        # a name that is new is what a person wants; where it is not, the outlet is only called otherwise here.
        mark = read_mark(draft.newsdesk_id)
        known, domain = (None, "") if mark and here.marked(mark) else (at_it, domain)
    if known is not None:
        return known, []
    name = draft.outlet or domain
    if not name:
        not_stated = here.outlet_named(NOT_STATED)
        return not_stated or Outlet(name=NOT_STATED, slug=unique_slug(outlets, NOT_STATED)), [CHOOSE_OUTLET]
    made = Outlet(name=name, slug=unique_slug(outlets, name, fallback="outlet"), domain=domain)
    made.time_zone = time_zone or ZONES.get(draft.outlet_domain.rpartition(".")[2], made.time_zone)
    return made, [
        f"The outlet “{name}” is new here, with the time zone {made.time_zone}: see that it is right."
    ]


# Which article it is.


def _article_of(draft: ArticleDraft, outlet: Outlet, here: Holdings, identity: Identity) -> Article | None:
    """The article here that the draft is: by an export's mark, else by address, the outlet's identifier, what it says.

    A rule other than AUTOMATIC asks for its mark alone; where the draft lacks that, what it says decides.
    """
    rules = Import.Identity
    if (mark := read_mark(draft.newsdesk_id)) and (article := here.marked(mark)):
        return article
    if draft.url and identity in (rules.AUTOMATIC, rules.ADDRESS):
        article = here.at_address(urldefrag(draft.url).url)
        if article is not None or identity == rules.ADDRESS:
            return article
    if draft.external_id and identity in (rules.AUTOMATIC, rules.IDENTIFIER):
        article = here.with_identifier(outlet, draft.external_id) if outlet.pk else None
        if article is not None or identity == rules.IDENTIFIER:
            return article
    is_dated = bool(draft.published_at or draft.published_day)
    among = Among(
        outlet=outlet if draft.outlet or draft.outlet_domain or is_dated else None,
        # What has another address or identifier is another article, whatever its headline.
        without_address=bool(draft.url) and identity == rules.AUTOMATIC,
        without_identifier=bool(draft.external_id) and identity == rules.AUTOMATIC,
    )
    if among.outlet is not None and not outlet.pk:
        return None
    if not draft.published_at:
        of_day = here.of_day(draft.headline, draft.published_day, among) if draft.published_day else None
        return of_day or here.with_words(digest(draft.text), among, undated=False)
    start, end = day_of(draft.published_at, outlet)
    return (
        here.on_day(draft.headline, start, end, among)
        or here.of_day(draft.headline, start.date().isoformat(), among)
        or here.with_words(digest(draft.text), among, undated=True)
    )


def day_of(at: dt.datetime, outlet: Outlet) -> tuple[dt.datetime, dt.datetime]:
    """The outlet's day that holds the instant."""
    zone = ZoneInfo(outlet.time_zone)
    start = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + dt.timedelta(days=1)


def _tell_of_namesake(draft: ArticleDraft, outlet: Outlet, here: Holdings, notes: list[str]) -> None:
    """Without a date or an address, a later text of an article can't be told from another article."""
    if draft.url or draft.external_id or draft.published_at or not outlet.pk:
        return
    if here.has_namesake(outlet, draft.headline):
        notes.append(
            "The outlet has an article of this headline with another text. If this is a later version of it, "
            "record it there instead."
        )


# What changes.


def _as_said(draft: ArticleDraft, language: str, notes: list[str]) -> dict[str, Any]:
    """What the source says, without what it leaves open: FIELDS, the notes, and the text by its digest."""
    said: dict[str, Any] = {name: getattr(draft, name) for name in FIELDS}
    said["language"] = draft.language or language
    said["url"] = urldefrag(draft.url).url
    said["published_at"] = _plain(draft.published_at)
    said["published_day"] = draft.published_day
    for name in ("image_url", "archive_url"):
        try:
            _ADDRESS.run_validators(said[name])
        except ValidationError:
            notes.append(f"The {_words(name)} can’t be stored and was left out: {said[name]}")
            said[name] = ""
    said |= {"notes": list(draft.notes), "text": digest(draft.text)}
    return {name: value for name, value in said.items() if value}


def _merge(
    article: Article, source: Mapping[str, Any], mended: Mapping[str, Any], notes: list[str]
) -> list[Change]:
    """Set the article's fields to what they should be; gives back what that changed."""
    changes = []
    for name in FIELDS:
        old = getattr(article, name)
        new = mended[name] if name in mended else _merged(article, name, source.get(name), notes)
        if new != old:
            setattr(article, name, new)
            changes.append(Change(name, old, new))
    return changes


def _merged(article: Article, name: str, said: Any, notes: list[str]) -> Any:
    here, before = getattr(article, name), article.as_imported.get(name)
    new = dt.datetime.fromisoformat(said) if name == "published_at" and said else said
    if not new or said == before or new == here:
        return here
    if name == "url" and here in addresses(said):  # the same page, spelt otherwise
        return here
    if not here or _plain(here) == before:
        return new
    notes.append(f"The {_words(name)} stays “{here}”, as it was set here; the source has “{new}” now.")
    return here


def _add_notes(article: Article, notes: list[str]) -> None:
    """Append what the article's notes, and those that its source came with before, don't say yet."""
    known = {*article.notes.splitlines(), *article.as_imported.get("notes", [])}
    article.notes = "\n".join([*article.notes.splitlines(), *(note for note in notes if note not in known)])


def _words(name: str) -> str:
    return name.replace("_", " ").replace("url", "address")


def _plain(value: Any) -> Any:
    return value.astimezone(dt.UTC).isoformat() if isinstance(value, dt.datetime) else value


def _text_of(
    article: Article, draft: ArticleDraft, mended: Mapping[str, Any], notes: list[str]
) -> tuple[str, dict[int, str]]:
    """The text that the article should have, and its kinds; what an editor has mended is told of if it goes."""
    current = article.current_version
    if "text" in mended:
        text = normalise(mended["text"])
        return text, kinds_after(draft.text, draft.kinds, text)
    given = digest(draft.text)
    if current and given == current.digest:
        return draft.text, {}
    before = article.as_imported.get("text")
    if current and given == before:  # an editor has changed it, not the source
        return current.text, {}
    if current and before and current.digest != before:
        notes.append(
            f"The text was mended here, as version {current.number}. The source has another text now, which becomes "
            "the next version: see whether what was mended has to be mended in it too."
        )
    return draft.text, draft.kinds


def _has_more(article: Article, draft: ArticleDraft) -> bool:
    """Whether the draft's text is a summary, and what is here is longer."""
    return draft.is_summary and article.current_version is not None and len(article.text) > len(draft.text)


def _with_text_as_before(source: Mapping[str, Any], article: Article) -> dict[str, Any]:
    before = article.as_imported.get("text")
    kept = {name: value for name, value in source.items() if name != "text"}
    return kept | ({"text": before} if before else {})


def kinds_after(old: str, kinds: Mapping[int, str], new: str) -> dict[int, str]:
    """The kinds of the new text's paragraphs: a paragraph that has kept its words has kept its kind."""
    known = {old[p.start : p.end]: kinds[p.number] for p in paragraphs(old) if p.number in kinds}
    return {p.number: known[words] for p in paragraphs(new) if (words := new[p.start : p.end]) in known}


# Rows of our own exports.


def _mark_of(article: Article, draft: ArticleDraft) -> Mark | None:
    """The mark by which a row of our own export names the article."""
    mark = read_mark(draft.newsdesk_id)
    is_its = mark is not None and (mark.number, mark.recorded_at) == (article.pk, article.recorded_at)
    return mark if is_its else None


def _of_article(article: Article) -> dict[str, Any]:
    """What an export says of an article, its text by the digest."""
    text = article.current_version.digest if article.current_version else ""
    return {name: getattr(article, name) for name in FIELDS} | {"outlet": article.outlet.name, "text": text}


def _of_draft(draft: ArticleDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in FIELDS} | {
        "outlet": draft.outlet,
        "text": digest(draft.text),
    }


def _is_as(article: Article, draft: ArticleDraft) -> bool:
    """Whether a row of an export says what the article is; what is empty in it says nothing."""
    here = _of_article(article)
    return state_of(here) == state_of(here | {name: said for name, said in _of_draft(draft).items() if said})


def _of_row(draft: ArticleDraft) -> dict[str, Any]:
    """What a person wants who has changed a row of an export; what they have emptied is left alone."""
    return {name: value for name in MENDABLE if (value := getattr(draft, name))}
