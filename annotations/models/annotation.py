"""What quotes and events share: status, revision, the acts of editors, and undo."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

if TYPE_CHECKING:
    from accounts.models import User
    from annotations.querysets import AnchorQuerySet


class Status(models.TextChoices):
    """suggested → draft → published; rejected and withdrawn are ends that stay on record, and can be taken up again."""

    SUGGESTED = "suggested"
    DRAFT = "draft"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class StaleRevision(Exception):
    """The annotation was changed after the revision that this change was made on.

    `current` is the annotation as it stands now; nothing was written.
    """

    def __init__(self, current: "Annotation") -> None:
        super().__init__(f"{current.uuid} is at revision {current.revision} now")
        self.current = current


class NotAllowed(Exception):
    """The annotation can't take this step from where it stands; the message says why and what to do."""


class Verb(models.TextChoices):
    """What an editor did."""

    CREATED = "created"
    EDITED = "edited"
    RESIZED = "resized"
    STANCE = "stance"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    REVIVED = "revived", "took up again"
    CHECKED = "checked"
    ACCEPTED = "accepted"
    JOINED = "joined"
    SEPARATED = "separated"
    UNDONE = "undone"


class Annotation(models.Model):
    """A quote or an event. Every change names the revision that it was made on and leaves an Act."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    updated_at = models.DateTimeField(editable=False)
    published_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When first published."
    )
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    if TYPE_CHECKING:
        objects: Any
        acts: "ActQuerySet"
        anchors: "AnchorQuerySet"
        pk: Any

    EDITABLE: ClassVar[tuple[str, ...]] = ()
    """The fields an editor may set; all of them are part of a snapshot."""

    class Meta:
        abstract = True

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def is_ended(self) -> bool:
        return self.status in {Status.REJECTED, Status.WITHDRAWN}

    # What a kind of annotation adds: its state as plain data, and how to put that state back.

    def snapshot(self) -> dict[str, Any]:
        """The whole state as JSON: fields by their column, and what hangs on the annotation."""
        values = {field.name: getattr(self, field.attname) for field in self._kept_fields()}
        return {name: v.isoformat() if isinstance(v, dt.date) else v for name, v in values.items()}

    def restore(self, state: dict[str, Any]) -> None:
        """Set the fields to a snapshot's; saved by the act that calls it."""
        for field in self._kept_fields():
            if field.name in state:
                setattr(self, field.attname, field.to_python(state[field.name]))

    def take_back(self, act: "Act") -> None:
        """What else goes when an act is undone, beside the state that it made."""

    def pointing_at_what_is_gone(self) -> "list[models.Field[Any, Any]]":
        """The fields that point at a row which was removed since, as those of an old state may."""
        return [
            field
            for field in self._kept_fields()
            if field.remote_field
            and (pk := getattr(self, field.attname)) is not None
            and not field.remote_field.model._default_manager.filter(pk=pk).exists()
        ]

    def _kept_fields(self) -> "list[models.Field[Any, Any]]":
        kept = {"status", "withdrawn_reason", *self.EDITABLE}
        return [field for field in self._meta.concrete_fields if field.name in kept]

    def check_publishable(self) -> None:
        """Raises NotAllowed with what is missing."""
        raise NotImplementedError

    def story_changed(self, now: dt.datetime) -> None:
        """Bump the stories whose readers see the change."""
        raise NotImplementedError

    # The one way through which every change goes.

    @contextmanager
    def _act(
        self,
        verb: Verb,
        *,
        by: "User | None",
        revision: int,
        now: dt.datetime,
        undoes: "Act | None" = None,
        note: str = "",
    ) -> Iterator[None]:
        """Around one change: takes the row at its revision or raises StaleRevision, then saves and records it.

        Whatever is raised inside, the row and this object are left as they were.
        """
        before, related = dict(self.__dict__), dict(self._state.fields_cache)
        was_public = self.is_published
        try:
            with transaction.atomic():
                self._take(revision, by, now)
                yield
                self.save()
                Act.record(self, verb, by=by, now=now, undoes=undoes, note=note)
                if was_public or self.is_published:
                    self.story_changed(now)
        except BaseException:
            self.__dict__.clear()
            self.__dict__.update(before)
            self._state.fields_cache = related
            raise

    def _take(self, revision: int, by: "User | None", now: dt.datetime) -> None:
        """Lock the row at this revision and make the next one; nobody else can until the transaction ends."""
        rows = type(self).objects.filter(pk=self.pk, revision=revision)
        if not rows.update(revision=F("revision") + 1, updated_by=by, updated_at=now):
            raise StaleRevision(type(self).objects.get(pk=self.pk))
        if self.revision != revision:
            self.refresh_from_db()
        self.revision, self.updated_by, self.updated_at = revision + 1, by, now

    def record_creation(self, *, by: "User | None", now: dt.datetime) -> None:
        Act.record(self, Verb.CREATED, by=by, now=now)

    # What an editor does with either kind.

    def edit(self, *, by: "User | None", revision: int, now: dt.datetime, **fields: Any) -> None:
        """Set fields of EDITABLE. Raises StaleRevision."""
        unknown = set(fields) - set(self.EDITABLE)
        if unknown:
            raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
        with self._act(Verb.EDITED, by=by, revision=revision, now=now):
            for name, value in fields.items():
                setattr(self, name, value)
            if self.status == Status.SUGGESTED:
                self.status = Status.DRAFT
            if self.is_published:
                self.check_publishable()

    def publish(self, *, by: "User | None", revision: int, now: dt.datetime) -> None:
        """Show it to readers. Raises StaleRevision, and NotAllowed with what is still missing."""
        if self.is_ended:
            raise NotAllowed(f"This was {self.status}. Take it up again first.")
        with self._act(Verb.PUBLISHED, by=by, revision=revision, now=now):
            self.check_publishable()
            self.status = Status.PUBLISHED
            self.published_at = self.published_at or now
            self.withdrawn_reason = ""

    def withdraw(self, *, by: "User | None", revision: int, now: dt.datetime, reason: str) -> None:
        """Take a published annotation back; its address then answers 410 with the reason."""
        if not self.is_published:
            raise NotAllowed("Only what is published can be withdrawn. Reject a draft instead.")
        if not reason.strip():
            raise NotAllowed("Say why it is withdrawn: readers see the reason.")
        with self._act(Verb.WITHDRAWN, by=by, revision=revision, now=now, note=reason):
            self.status, self.withdrawn_reason = Status.WITHDRAWN, reason.strip()

    def reject(self, *, by: "User | None", revision: int, now: dt.datetime) -> None:
        """Put a draft or suggestion away; it stays on record and is never suggested again."""
        if self.is_published:
            raise NotAllowed("Readers see this. Withdraw it, with a reason.")
        with self._act(Verb.REJECTED, by=by, revision=revision, now=now):
            self.status = Status.REJECTED

    def revive(self, *, by: "User | None", revision: int, now: dt.datetime) -> None:
        """Take up again, as a draft, what was rejected or withdrawn, whoever did that.

        The reason of a withdrawal stays with it, and is what readers get, until it is published again.
        """
        if not self.is_ended:
            raise NotAllowed("This was neither rejected nor withdrawn: it is at work.")
        with self._act(Verb.REVIVED, by=by, revision=revision, now=now):
            self.status = Status.DRAFT

    def undoable_act(self, by: "User") -> "Act | None":
        """The act that `undo` would take back: the newest one in force, if it is this editor's own."""
        newest = self.acts.in_force().order_by("-revision", "-id").first()
        return newest if newest and newest.by_id == by.pk else None

    def undo(self, *, by: "User", revision: int, now: dt.datetime) -> "Act":
        """Take back one's own last act, as a new revision. Undoing the creation rejects the annotation.

        Raises NotAllowed when the last act in force is somebody else's or there is none; StaleRevision.
        """
        act = self.undoable_act(by)
        if act is None:
            raise NotAllowed("There is nothing of yours to undo here, or somebody else has changed it since.")
        before = self.acts.in_force().filter(revision__lt=act.revision).order_by("-revision", "-id").first()
        with self._act(Verb.UNDONE, by=by, revision=revision, now=now, undoes=act):
            if before is None:
                self.status = Status.REJECTED
            else:
                self.restore(before.state)
            self.take_back(act)
        return act


class OfAnnotation(models.Model):
    """Belongs to one quote or one event."""

    quote = models.ForeignKey(
        "annotations.Quote", on_delete=models.CASCADE, null=True, blank=True, related_name="%(class)ss"
    )
    event = models.ForeignKey(
        "annotations.Event", on_delete=models.CASCADE, null=True, blank=True, related_name="%(class)ss"
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(quote__isnull=False, event__isnull=True)
                | Q(quote__isnull=True, event__isnull=False),
                name="%(class)s_of_one_annotation",
            )
        ]

    @property
    def annotation(self) -> Annotation:
        one = self.quote or self.event
        assert one is not None
        return one


class ActQuerySet(models.QuerySet["Act"]):
    def in_force(self) -> Self:
        """Acts that changed something and were not undone."""
        return self.exclude(verb=Verb.UNDONE).filter(undone_by__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-at", "-id")

    def newest_of_each_quote(self) -> Self:
        return self.order_by("quote_id", "-revision", "-id").distinct("quote_id")

    def newest_of_each_event(self) -> Self:
        return self.order_by("event_id", "-revision", "-id").distinct("event_id")

    def made_by(self, user: Any) -> Self:
        return self.filter(by=user)


class Act(OfAnnotation):
    """One thing an editor did, with the whole state after it. Append-only; the history by triggers stands beside."""

    verb = models.CharField(max_length=10, choices=Verb)
    revision = models.PositiveIntegerField(help_text="The revision that the act made.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    state = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")

    objects = ActQuerySet.as_manager()

    if TYPE_CHECKING:
        by_id: int | None

    class Meta(OfAnnotation.Meta):
        constraints = [
            *OfAnnotation.Meta.constraints,
            models.UniqueConstraint(fields=["quote", "revision"], name="act_quote_revision_once"),
            models.UniqueConstraint(fields=["event", "revision"], name="act_event_revision_once"),
        ]
        indexes = [models.Index(fields=["by", "-at"], name="act_by_editor")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} by {self.by}"

    @classmethod
    def record(
        cls,
        annotation: Annotation,
        verb: Verb,
        *,
        by: "User | None",
        now: dt.datetime,
        undoes: "Act | None" = None,
        note: str = "",
    ) -> "Act":
        return cls.objects.create(
            **{annotation._meta.model_name or "": annotation},
            verb=verb,
            revision=annotation.revision,
            by=by,
            at=now,
            state=annotation.snapshot(),
            undoes=undoes,
            note=note,
        )
