import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from annotations.models.annotation import OfAnnotation
from annotations.querysets import AnchorQuerySet
from articles.models import Version

# A statement at a time: each text is unpacked once, not once an anchor. (A text that has been joined with something
# is held in memory as it is.)
WORDS_STAND_THERE = """
    WITH texts AS MATERIALIZED (
        SELECT id, text || '' AS text FROM articles_version
            WHERE id IN (SELECT version_id FROM written WHERE start IS NOT NULL)
    )
    SELECT w.start, w."end" INTO wrong
        FROM written w JOIN texts t ON t.id = w.version_id
        WHERE w.start IS NOT NULL
            AND substr(t.text, w.start + 1, w."end" - w.start) IS DISTINCT FROM w.exact
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The words of the anchor do not stand at % to %.', wrong.start, wrong."end"
            USING ERRCODE = 'check_violation', CONSTRAINT = 'anchor_words_stand_there';
    END IF;
    PERFORM 1 FROM written w
        JOIN articles_version v ON v.id = w.version_id
        JOIN annotations_quote q ON q.id = w.quote_id
        WHERE v.article_id <> q.article_id
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The anchor is in another article than its quote.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'anchor_in_article_of_quote';
    END IF;
    RETURN NULL;
"""


# Where the anchors are on the version that an editor last read; see QuoteText. A new version's are not: following a
# text writes no row here.
QUOTES_TEXT = """
    INSERT INTO annotations_quotetext (quote_id, text)
        SELECT q.id, left(string_agg(a.exact, ' … ' ORDER BY a.part), 20000)
            FROM annotations_quote q JOIN annotations_anchor a ON a.quote_id = q.id AND a.version_id = q.version_id
            WHERE q.id IN ({quotes})
            GROUP BY q.id
        ON CONFLICT (quote_id) DO UPDATE SET text = EXCLUDED.text
            WHERE annotations_quotetext.text IS DISTINCT FROM EXCLUDED.text;
"""
QUOTES_OF_ANCHORS = """
    SELECT w.quote_id FROM {rows} w JOIN annotations_quote r ON r.id = w.quote_id AND r.version_id = w.version_id
"""
WORDLESS = """
    DELETE FROM annotations_quotetext t USING removed w
        WHERE t.quote_id = w.quote_id AND NOT EXISTS (
            SELECT FROM annotations_anchor a
                JOIN annotations_quote q ON q.id = a.quote_id AND q.version_id = a.version_id
                WHERE a.quote_id = t.quote_id
        );
"""


def _tells(name: str, operation: pgtrigger.Operation, rows: str) -> pgtrigger.Trigger:
    """Keeps the text of the quotes whose anchors were written, or removed."""
    references = {"removed": {"old": "removed"}, "told": {"new": "told"}}[rows]
    text = QUOTES_TEXT.format(quotes=QUOTES_OF_ANCHORS.format(rows=rows))
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**references),
        func=f"{WORDLESS if rows == 'removed' else ''}{text}RETURN NULL;",
    )


def _checks(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="written"),
        declare=[("wrong", "record")],
        func=WORDS_STAND_THERE,
    )


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
            _checks("words_stand_there", pgtrigger.Insert),
            _checks("words_still_stand_there", pgtrigger.Update),
            _tells("text_of_new_words", pgtrigger.Insert, "told"),
            _tells("text_of_other_words", pgtrigger.Update, "told"),
            _tells("text_of_fewer_words", pgtrigger.Delete, "removed"),
        ]

    def __str__(self) -> str:
        return f"“{self.exact[:60]}” in version {self.version_id}"
