"""Actors, aliases, roles and claims as rows of small tables: what a row is by its natural key, and what it changes.

django-import-export goes through the rows, each in a savepoint, all in one transaction. Whatever the database or the
desk's forms refuse is told by row. A row that changes nothing is not checked and writes nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from import_export.fields import Field
from import_export.resources import Diff, ModelResource
from import_export.results import Result, RowResult

from annotations.models import Actor, Alias, Claim, Role
from annotations.tables import Table, TableError, read_table
from articles.models import Story
from articles.slugs import unique_slug
from articles.text import one_line

if TYPE_CHECKING:
    # Its types take an argument, which the class itself does not.
    Base = ModelResource[Any]
else:
    Base = ModelResource

type Row = dict[str, str | None]


class Changes(Diff):
    """The values of a row before and after, as a page shows them."""

    def __init__(self, resource: Any, instance: Any, new: bool) -> None:
        self.columns: list[str] = resource.columns()
        self.before: list[str] = [""] * len(self.columns) if new else resource.values(instance)
        self.after = self.before

    def compare_with(self, resource: Any, instance: Any, dry_run: bool = False) -> None:
        self.after = resource.values(instance)

    def as_html(self) -> list[Any]:
        """By column its old and its new value; plain, as the template escapes them."""
        return list(zip(self.columns, self.before, self.after, strict=True))


class TableRow(RowResult):
    """A row's outcome, with where it stood in the file and what there is to tell of it."""

    place = ""
    note = ""


class TableResource(Base):
    """What the four have in common."""

    KEY: ClassVar[tuple[tuple[str, ...], ...]]
    """The columns that a file must have; one of each group."""
    OTHER_NAMES: ClassVar[dict[str, str]] = {}
    """Further names by which a column is known."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[str] = []
        self.seen: dict[tuple[Any, ...], str] = {}
        self.note = ""
        self.actors: dict[str, Actor] = {}

    # The columns.

    @classmethod
    def columns(cls) -> list[str]:
        return list(cls._meta.fields or ())

    @classmethod
    def known_columns(cls) -> dict[str, str]:
        """Which column each name means."""
        return {name: name for name in cls.columns()} | cls.OTHER_NAMES

    def values(self, instance: Any) -> list[str]:
        return [str(self.fields[name].export(instance)) for name in self.columns()]

    def listed(self, rows: QuerySet[Any]) -> list[list[str]]:
        """The rows to be written, by the columns."""
        return [self.values(instance) for instance in rows.select_related(*self.RELATED)]

    RELATED: ClassVar[tuple[str, ...]] = ()

    # Going through a table.

    @classmethod
    def table_of(cls, data: bytes) -> Table:
        """The table in a file. Raises TableError where it can't be read, or lacks a column."""
        table = read_table(data, cls.known_columns())
        if lacking := [group for group in cls.KEY if not set(group) & set(table.headers)]:
            said = " and ".join(" or ".join(f"“{name}”" for name in group) for group in lacking)
            raise TableError(f"There is no column {said}. The columns are {', '.join(cls.columns())}.")
        return table

    def bring_in(self, table: Table, *, is_trial: bool) -> Result:
        """The library's result of the table's rows; each has its `place`, and a `note` where there is one to tell.

        Nothing is stored for a trial, nor if any row can't be. Raises DatabaseError where somebody else has
        changed the same rows at this moment.
        """
        return self.import_data(
            table, dry_run=is_trial, use_transactions=True, rollback_on_validation_errors=True
        )

    def before_import(self, dataset: Table, **kwargs: Any) -> None:
        self.places = dataset.places
        self.gather([dict(zip(dataset.headers, row, strict=True)) for row in dataset])

    def gather(self, rows: Sequence[Row]) -> None:
        """Load what the rows are about."""

    def know_actors(self, slugs: Iterable[str | None]) -> None:
        """Load the actors of these slugs, and those that they were merged into."""
        wanted = {slug.strip() for slug in slugs if slug and slug.strip()}
        found = Actor.objects.filter(slug__in=wanted)
        while known := list(found):
            self.actors |= {actor.slug: actor for actor in known}
            there = {actor.pk for actor in self.actors.values()}
            further = {into for actor in known if (into := actor.merged_into_id) and into not in there}
            found = Actor.objects.filter(pk__in=further)

    def actor_named(self, slug: str) -> Actor:
        """The actor of that slug. Raises ValidationError where there is none."""
        if actor := self.actors.get(slug.strip()):
            return actor
        near = slugify(slug)
        hint = f" There is one with “{near}”." if near in self.actors or _is_there(near) else ""
        raise ValidationError(f"There is no actor with the slug “{slug}”.{hint}")

    def standing(self, actor: Actor) -> Actor:
        """The actor that the given one was merged into, in the end."""
        numbers = {one.pk: one for one in self.actors.values()}
        passed = {actor.pk}
        while (into := actor.merged_into_id) and into not in passed:
            passed.add(into)
            actor = numbers.get(into) or Actor.objects.get(pk=into)
        return actor

    def import_row(self, row: Row, instance_loader: Any, **kwargs: Any) -> RowResult:
        self.note = ""
        result = cast(TableRow, super().import_row(row, instance_loader, **kwargs))
        result.place, result.note = self.places[kwargs["row_number"] - 1], self.note
        return result

    def get_instance(self, instance_loader: Any, row: Row) -> Any:
        return self.found(row)

    def found(self, row: Row) -> Any:
        """The row's instance if it is here. Raises ValidationError where it can't be told."""
        raise NotImplementedError

    def import_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        errors: dict[str, ValidationError] = {}
        for name, cell in row.items():
            if cell is None:
                continue
            try:
                self.take(instance, name, cell)
            except ValidationError as error:
                errors[name] = error
        if errors:
            raise ValidationError(errors)
        self.only_once(instance, kwargs["row_number"])

    def take(self, instance: Any, name: str, cell: str) -> None:
        """Set a field to what its cell says. Raises ValidationError for what it can't be."""
        if cell != getattr(instance, name):  # what was stored with odd spaces is not changed by an export
            setattr(instance, name, one_line(cell))

    def key_of(self, instance: Any) -> tuple[Any, ...]:
        """What no two rows of a file may share."""
        raise NotImplementedError

    def only_once(self, instance: Any, number: int) -> None:
        place = self.places[number - 1]
        before = self.seen.setdefault(self.key_of(instance), place)
        if before != place:
            raise ValidationError(f"It is the same as {before}. Leave one of them out.")

    def skip_row(
        self, instance: Any, original: Any, row: Row, import_validation_errors: dict[str, Any] | None = None
    ) -> bool:
        """A row that changes nothing. One that is not here yet is none, however little it says."""
        is_new = instance._state.adding
        return not is_new and super().skip_row(instance, original, row, import_validation_errors)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        super().validate_instance(instance, import_validation_errors, validate_unique)
        self.check(instance)

    def check(self, instance: Any) -> None:
        """What the desk's forms refuse besides. Raises ValidationError."""

    def after_save_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        # A role that is new has another key now.
        self.seen.setdefault(self.key_of(instance), self.places[kwargs["row_number"] - 1])

    def after_import(self, dataset: Table, result: Any, **kwargs: Any) -> None:
        """The library would set the sequences back to what this transaction sees; they are right as they are."""

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        return Changes

    @classmethod
    def get_row_result_class(cls) -> type[RowResult]:
        return TableRow

    class Meta:
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True


def _is_there(slug: str) -> bool:
    return bool(slug) and Actor.objects.filter(slug=slug).exists()


def _day(cell: str) -> dt.date | None:
    if not cell.strip():
        return None
    try:
        return dt.date.fromisoformat(cell.strip())
    except ValueError:
        raise ValidationError(f"“{cell[:50]}” is no day. Write it like 2019-05-09.") from None


class ActorResource(TableResource):
    KEY = (("slug", "name"),)
    RELATED = ("merged_into",)

    slug = Field("slug", "slug")
    name = Field("name", "name")
    kind = Field("kind", "kind")
    description = Field("description", "description")
    wikidata_id = Field("wikidata_id", "wikidata_id")
    merged_into = Field("merged_into__slug", "merged_into")

    class Meta(TableResource.Meta):
        model = Actor
        fields = ("slug", "name", "kind", "description", "wikidata_id", "merged_into")

    def listed(self, rows: QuerySet[Any]) -> list[list[str]]:
        """Those merged into another come after it, so that an empty database can take them."""
        actors = list(rows.select_related("merged_into"))
        depth = {actor.pk: actor.merged_into_id for actor in actors}

        def steps(number: int | None) -> int:
            count, passed = 0, set[int]()
            while (number := depth.get(number or 0)) and number not in passed:
                passed.add(number)
                count += 1
            return count

        return [self.values(actor) for actor in sorted(actors, key=lambda actor: steps(actor.pk))]

    def gather(self, rows: Sequence[Row]) -> None:
        self.know_actors([_slug_of(row) for row in rows] + [row.get("merged_into") for row in rows])

    def found(self, row: Row) -> Actor | None:
        slug = _slug_of(row)
        if not slug:
            raise ValidationError({"name": "Give the name."})
        actor = self.actors.get(slug)
        name = one_line(row.get("name") or "")
        if actor and not (row.get("slug") or "").strip() and actor.name.casefold() != name.casefold():
            raise ValidationError(
                {
                    "slug": f"“{slug}” is {actor.name} already. If this is somebody else, give a slug of their own."
                }
            )
        return actor

    def init_instance(self, row: Row | None = None) -> Actor:
        return Actor(slug=_slug_of(row or {}))

    def take(self, instance: Actor, name: str, cell: str) -> None:
        match name:
            case "slug":
                instance.slug = cell.strip() or instance.slug
            case "kind":
                instance.kind = cell.strip().lower() or Actor.Kind.PERSON
                if instance.kind not in Actor.Kind.values:
                    kinds = ", ".join(Actor.Kind.values[:-1])
                    raise ValidationError(f"“{cell}” is no kind. Use {kinds} or {Actor.Kind.values[-1]}.")
            case "description":
                if cell.replace("\r\n", "\n") != instance.description.replace("\r\n", "\n"):
                    instance.description = cell.strip()
            case "merged_into":
                instance.merged_into = self.actor_named(cell) if cell.strip() else None
            case _:
                super().take(instance, name, cell)

    def key_of(self, instance: Actor) -> tuple[Any, ...]:
        return (instance.slug,)

    def check(self, instance: Actor) -> None:
        into, passed = instance.merged_into, set[int]()
        while into and into.pk not in passed:
            if into.pk == instance.pk:
                raise ValidationError({"merged_into": "The actor would be merged into itself."})
            passed.add(into.pk)
            into = into.merged_into

    def after_save_instance(self, instance: Actor, row: Row, **kwargs: Any) -> None:
        super().after_save_instance(instance, row, **kwargs)
        self.actors[instance.slug] = instance


def _slug_of(row: Row) -> str:
    return (row.get("slug") or "").strip() or slugify(row.get("name") or "")[:80]


class _OfActorResource(TableResource):
    """Rows that belong to an actor. What is new for one that was merged goes to the one it was merged into."""

    ROWS: ClassVar[type[Any]]

    def __init__(self) -> None:
        super().__init__()
        self.here: defaultdict[int, list[Any]] = defaultdict(list)

    def know_rows(self, slugs: Iterable[str | None]) -> None:
        self.know_actors(slugs)
        rows = self.ROWS.objects.filter(actor__in=[actor.pk for actor in self.actors.values()])
        for one in rows.select_related(*self.RELATED).order_by("id"):
            self.here[one.actor_id].append(one)

    def of_actor(self, row: Row) -> tuple[Actor, Any]:
        """The actor whose row it is, or is to be, and the row if it is here."""
        named = self.actor_named(row.get("actor") or "")
        if found := self.among(self.here[named.pk], row):
            return named, found
        actor = self.standing(named)
        if actor != named:
            self.note = f"“{named.slug}” was merged into “{actor.slug}”: it goes there."
        return actor, self.among(self.here[actor.pk], row)

    def among(self, rows: list[Any], row: Row) -> Any:
        raise NotImplementedError

    def found(self, row: Row) -> Any:
        return self.of_actor(row)[1]

    def init_instance(self, row: Row | None = None) -> Any:
        return self.ROWS(actor=self.of_actor(row or {})[0])

    def take(self, instance: Any, name: str, cell: str) -> None:
        if name != "actor":
            super().take(instance, name, cell)

    def after_save_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        super().after_save_instance(instance, row, **kwargs)
        if instance not in self.here[instance.actor_id]:
            self.here[instance.actor_id].append(instance)


class AliasResource(_OfActorResource):
    KEY = (("actor",), ("name",))
    ROWS = Alias
    RELATED = ("actor",)
    OTHER_NAMES = {"alias": "name"}

    actor = Field("actor__slug", "actor")
    name = Field("name", "name")

    class Meta(TableResource.Meta):
        model = Alias
        fields = ("actor", "name")

    def gather(self, rows: Sequence[Row]) -> None:
        self.know_rows(row.get("actor") for row in rows)

    def among(self, rows: list[Alias], row: Row) -> Alias | None:
        said = row.get("name") or ""
        name = one_line(said)
        exact = (one for one in rows if one.name in (said, name))
        return next(exact, None) or next((one for one in rows if one.name.lower() == name.lower()), None)

    def key_of(self, instance: Alias) -> tuple[Any, ...]:
        return (instance.actor_id, instance.name.lower())

    def check(self, instance: Alias) -> None:
        if one_line(instance.name).casefold() == one_line(instance.actor.name).casefold():
            raise ValidationError({"name": "That is the actor’s name already."})


class RoleResource(_OfActorResource):
    KEY = (("actor",), ("title",))
    ROWS = Role
    RELATED = ("actor", "organisation")
    OTHER_NAMES = {"role": "title", "from": "since", "to": "until"}

    actor = Field("actor__slug", "actor")
    title = Field("title", "title")
    organisation = Field("organisation__slug", "organisation")
    since = Field("since", "since")
    until = Field("until", "until")

    class Meta(TableResource.Meta):
        model = Role
        fields = ("actor", "title", "organisation", "since", "until")

    def gather(self, rows: Sequence[Row]) -> None:
        self.know_actors(row.get("organisation") for row in rows)
        self.know_rows(row.get("actor") for row in rows)

    def among(self, rows: list[Role], row: Row) -> Role | None:
        """By title and first day; of several, the one that the other columns name too."""
        said = row.get("title") or ""
        title, since = one_line(said).lower(), _day(row.get("since") or "")
        same = [one for one in rows if one.since == since and title == one_line(one.title).lower()]
        if len(same) < 2:
            return same[0] if same else None
        wanted = {name: cell for name, cell in row.items() if name != "actor" and cell is not None}
        columns = self.columns()
        exact = [
            one for one in same if wanted.items() <= dict(zip(columns, self.values(one), strict=True)).items()
        ]
        # Rows that are alike in everything are told apart by their order.
        free = [one for one in exact if self.key_of(one) not in self.seen]
        if not exact:
            raise ValidationError(
                f"There are {len(same)} roles of this title and first day. Change them on the actor’s page."
            )
        return (free or exact)[0]

    def take(self, instance: Role, name: str, cell: str) -> None:
        match name:
            case "since" | "until":
                setattr(instance, name, _day(cell))
            case "organisation":
                instance.organisation = self.organisation_named(instance, cell)
            case _:
                super().take(instance, name, cell)

    def organisation_named(self, instance: Role, slug: str) -> Actor | None:
        if not slug.strip():
            return None
        named = self.actor_named(slug)
        if named.pk == instance.organisation_id:  # a role that names a merged one already keeps it
            return named
        actor = self.standing(named)
        if actor != named:
            self.note = f"“{named.slug}” was merged into “{actor.slug}”: the role is in that one."
        return actor

    def key_of(self, instance: Role) -> tuple[Any, ...]:
        if instance.pk:
            return (instance.pk,)
        return (instance.actor_id, instance.title.lower(), instance.since)

    def check(self, instance: Role) -> None:
        if instance.organisation_id == instance.actor_id:
            raise ValidationError({"organisation": "Somebody can’t hold a role in themselves."})
        others = Role.objects.filter(
            Q(since__isnull=True) | Q(since__lte=instance.until or dt.date.max),
            Q(until__isnull=True) | Q(until__gte=instance.since or dt.date.min),
            actor=instance.actor_id,
            title__iexact=instance.title,
            organisation=instance.organisation_id,
        )
        other = others.exclude(pk=instance.pk).order_by("id").first()
        if other:
            raise ValidationError(
                f"The actor holds this role already {_span(other)}: the two overlap. Give both their days, or "
                "change that one."
            )


def _span(role: Role) -> str:
    since = f"from {role.since}" if role.since else "from an unknown day"
    return f"{since} until {role.until}" if role.until else f"{since} on"


class ClaimResource(TableResource):
    KEY = (("story",), ("slug", "text"))
    RELATED = ("story",)
    OTHER_NAMES = {"claim": "text"}

    story = Field("story__slug", "story")
    slug = Field("slug", "slug")
    number = Field("number", "number")
    text = Field("text", "text")

    class Meta(TableResource.Meta):
        model = Claim
        fields = ("story", "slug", "number", "text")

    def __init__(self) -> None:
        super().__init__()
        self.stories: dict[str, Story] = {}
        self.here: defaultdict[int, list[Claim]] = defaultdict(list)
        self.changed: dict[int, Story] = {}

    def gather(self, rows: Sequence[Row]) -> None:
        slugs = {(row.get("story") or "").strip() for row in rows}
        self.stories = {story.slug: story for story in Story.objects.filter(slug__in=slugs)}
        claims = Claim.objects.filter(story__slug__in=slugs).select_related("story").order_by("number", "id")
        for claim in claims:
            self.here[claim.story_id].append(claim)

    def story_of(self, row: Row) -> Story:
        slug = (row.get("story") or "").strip()
        if slug not in self.stories:
            raise ValidationError({"story": f"There is no story with the slug “{slug}”."})
        return self.stories[slug]

    def found(self, row: Row) -> Claim | None:
        """By its slug; a row without one by its words."""
        claims = self.here[self.story_of(row).pk]
        if slug := (row.get("slug") or "").strip():
            return next((claim for claim in claims if claim.slug == slug), None)
        text = one_line(row.get("text") or "").casefold()
        return next((claim for claim in claims if claim.text.casefold() == text), None)

    def init_instance(self, row: Row | None = None) -> Claim:
        """A new claim, at the end of the story's list unless the row says otherwise, as `Claim.stated` makes it."""
        story = self.story_of(row or {})
        last = max((claim.number for claim in self.here[story.pk]), default=0)
        claims = Claim.objects.filter(story=story)
        slug = unique_slug(claims, one_line((row or {}).get("text") or ""), fallback="claim", length=60)
        return Claim(story=story, slug=slug, number=last + 1)

    def take(self, instance: Claim, name: str, cell: str) -> None:
        match name:
            case "story":
                pass
            case "slug":
                instance.slug = cell.strip() or instance.slug
            case "number":
                instance.number = _number(cell, instance.number)
            case _:
                super().take(instance, name, cell)

    def key_of(self, instance: Claim) -> tuple[Any, ...]:
        return (instance.story_id, instance.slug)

    def after_save_instance(self, instance: Claim, row: Row, **kwargs: Any) -> None:
        super().after_save_instance(instance, row, **kwargs)
        self.changed[instance.story_id] = instance.story
        if instance not in self.here[instance.story_id]:
            self.here[instance.story_id].append(instance)

    def after_import(self, dataset: Table, result: Any, **kwargs: Any) -> None:
        """Readers are told that the story has changed."""
        for story in self.changed.values():
            story.touch(now=timezone.now())


def _number(cell: str, before: int) -> int:
    if not cell.strip():
        return before
    number = int(cell) if cell.strip().isdecimal() and len(cell.strip()) < 7 else 0
    if not number:
        raise ValidationError(f"“{cell[:20]}” is no place in the list. Use a whole number from 1.")
    return number
