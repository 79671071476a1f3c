import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pghistory
from django.db import models, transaction
from django.db.models import F, Q

from annotations.models.anchors import Anchor
from annotations.models.annotation import Annotation, NotAllowed, Status, Verb
from annotations.models.placing import Span, place_evidence, restore_evidence
from annotations.querysets import EventQuerySet
from articles.models import Article, Story, Version

if TYPE_CHECKING:
    from accounts.models import User


@pghistory.track()
class Event(Annotation):
    """Something that happened in a story. Its evidence is anchors in any number of articles, or a source's address."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="events")
    title = models.CharField(max_length=200)
    when_earliest = models.DateField(null=True, blank=True)
    when_latest = models.DateField(null=True, blank=True)
    when_expression = models.CharField(
        max_length=200, blank=True, help_text="The words in the text: “last week”."
    )
    place = models.CharField(max_length=200, blank=True)
    source_url = models.URLField(max_length=1000, blank=True)

    objects = EventQuerySet.as_manager()

    EDITABLE = ("title", "when_earliest", "when_latest", "when_expression", "place", "source_url")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="event_status_known"),
            models.CheckConstraint(condition=~Q(title=""), name="event_has_title"),
            models.CheckConstraint(
                condition=Q(when_earliest__isnull=True)
                | Q(when_latest__isnull=True)
                | Q(when_earliest__lte=F("when_latest")),
                name="event_dates_in_order",
                violation_error_message="The earliest date is after the latest.",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(withdrawn_reason=""), name="event_withdrawn_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["story", "status"], name="event_by_story")]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def draft(
        cls,
        story: Story,
        *,
        by: "User | None",
        now: dt.datetime,
        evidence: Sequence[tuple[Version, int, int]] = (),
        **fields: Any,
    ) -> "Event":
        """A new draft. Evidence is (version, start, end), in code points; ValueError where no words stand."""

        with transaction.atomic():
            event = cls.objects.create(
                story=story, created_by=by, created_at=now, updated_by=by, updated_at=now, **fields
            )
            for version, start, end in evidence:
                place_evidence(event, version, start, end)
            event.record_creation(by=by, now=now)
        return event

    def snapshot(self) -> dict[str, Any]:
        anchors = self.anchors.placed().in_order()
        changed = anchors.filter(state=Anchor.State.CHANGED).values_list("version_id", "part")
        return {
            **super().snapshot(),
            "evidence": [list(a) for a in anchors.values_list("version_id", "part", "start", "end")],
            "changed": [list(a) for a in changed],
        }

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        kept = [tuple(anchor) for anchor in state.get("evidence", [])]
        if kept != [tuple(anchor) for anchor in self.snapshot()["evidence"]]:
            restore_evidence(self, kept)
        for version, part in state.get("changed", []):
            there = self.anchors.placed().filter(version_id=version, part=part)
            there.update(state=Anchor.State.CHANGED)

    def add_evidence(
        self, version: Version, spans: Sequence[Span], *, by: "User | None", revision: int, now: dt.datetime
    ) -> None:
        """Add words of a version, each span a piece; ValueError where no words stand, StaleRevision."""
        with self._act(Verb.EDITED, by=by, revision=revision, now=now):
            for start, end in spans:
                place_evidence(self, version, start, end)

    def remove_evidence(
        self, article: Article, part: int, *, by: "User | None", revision: int, now: dt.datetime
    ) -> None:
        """Take away one piece: its words in every version of the article.

        Raises NotAllowed where there is no such piece, and for the last one of an event that readers see.
        """
        piece = self.anchors.filter(version__article=article, part=part)
        if not piece.exists():
            raise NotAllowed("That piece of evidence is not there any more.")
        with self._act(Verb.EDITED, by=by, revision=revision, now=now):
            piece.delete()
            if self.is_published:
                self.check_publishable()

    def confirm(self, *, by: "User | None", revision: int, now: dt.datetime) -> None:
        """An editor has read the evidence as the outlets have it now, and it still shows the event.

        Raises NotAllowed where none has changed, StaleRevision. What was removed stays to be replaced.
        """
        newest = F("version__article__current_version")
        changed = self.anchors.filter(version=newest, state=Anchor.State.CHANGED)
        if not changed.exists():
            raise NotAllowed("No words of its evidence have changed since they were last checked.")
        with self._act(Verb.CHECKED, by=by, revision=revision, now=now):
            self.anchors.filter(pk__in=list(changed.values_list("pk", flat=True))).update(
                state=Anchor.State.EXACT
            )

    def check_publishable(self) -> None:
        if not self.source_url and not self.anchors.placed().exists():
            raise NotAllowed("Give evidence: words in an article, or the address of a source.")

    def story_changed(self, now: dt.datetime) -> None:
        Story.objects.filter(pk=self.story_id).update(changed_at=now)
