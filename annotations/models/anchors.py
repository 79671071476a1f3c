import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from annotations.models.annotation import OfAnnotation
from annotations.querysets import AnchorQuerySet
from articles.models import Version

WORDS_STAND_THERE = """
    IF NEW.start IS NOT NULL THEN
        SELECT substr(text, NEW.start + 1, NEW."end" - NEW.start) INTO words
            FROM articles_version WHERE id = NEW.version_id;
        IF words IS DISTINCT FROM NEW.exact THEN
            RAISE EXCEPTION 'The words of the anchor do not stand at % to %.', NEW.start, NEW."end"
                USING ERRCODE = 'check_violation', CONSTRAINT = 'anchor_words_stand_there';
        END IF;
    END IF;
    IF NEW.quote_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM articles_version v JOIN annotations_quote q ON q.article_id = v.article_id
            WHERE v.id = NEW.version_id AND q.id = NEW.quote_id
    ) THEN
        RAISE EXCEPTION 'The anchor is in another article than its quote.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'anchor_in_article_of_quote';
    END IF;
    RETURN NEW;
"""


@pghistory.track()
class Anchor(OfAnnotation):
    """One part of an annotation in one version of an article (W3C TextPositionSelector and TextQuoteSelector).

    An orphan has no position and keeps the words that it had: an anchor never disappears. The database itself
    refuses an anchor whose words do not stand at its offsets.
    """

    class State(models.TextChoices):
        EXACT = "exact"
        CHANGED = "changed"
        MOVED = "moved"
        ORPHAN = "orphan"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="anchors")
    part = models.PositiveSmallIntegerField(default=0)
    start = models.PositiveIntegerField(
        null=True, blank=True, help_text="Code points from the start of the text."
    )
    end = models.PositiveIntegerField(null=True, blank=True, help_text="Exclusive.")
    exact = models.TextField()
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=7, choices=State, default=State.EXACT)

    objects = AnchorQuerySet.as_manager()

    class Meta(OfAnnotation.Meta):
        constraints = [
            *OfAnnotation.Meta.constraints,
            models.UniqueConstraint(fields=["quote", "version", "part"], name="anchor_quote_part_once"),
            models.UniqueConstraint(fields=["event", "version", "part"], name="anchor_event_part_once"),
            models.CheckConstraint(
                condition=Q(state="orphan", start__isnull=True, end__isnull=True)
                | (
                    Q(state__in=["exact", "changed", "moved"], start__isnull=False, end__isnull=False)
                    & Q(start__lt=F("end"))
                ),
                name="anchor_placed_or_orphan",
            ),
            models.CheckConstraint(condition=~Q(exact=""), name="anchor_has_words"),
        ]
        indexes = [models.Index(fields=["version", "start"], name="anchor_by_place")]
        triggers = [
            pgtrigger.Trigger(
                name="words_stand_there",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("words", "text")],
                func=WORDS_STAND_THERE,
            )
        ]

    def __str__(self) -> str:
        return f"“{self.exact[:60]}” in version {self.version_id}"
