"""What the engine said of a quote that it suggests, and which versions it has read."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from annotations.models.quotes import Quote
from articles.models import Version


class Finding(models.Model):
    """Why a quote was suggested, how far that is to be trusted, and who seems to speak.

    Who in the database bears the name is looked up when it is shown: an actor made a minute ago is among them.
    """

    quote = models.OneToOneField(Quote, on_delete=models.CASCADE, related_name="finding")
    version = models.ForeignKey(
        Version, on_delete=models.PROTECT, related_name="+", help_text="The version that the engine read."
    )
    tier = models.PositiveSmallIntegerField(help_text="From 1, the surest, to 5; see annotations.suggesting.")
    reason = models.CharField(max_length=500)
    how = models.CharField(max_length=8, help_text="How the mention was resolved within the article.")
    name = models.CharField(
        max_length=200, blank=True, help_text="The full name that the article has for it."
    )
    how_reason = models.CharField(max_length=500, blank=True)
    relay = models.CharField(max_length=200, blank=True, help_text="Through whom the words came: “the BBC”.")
    cue_start = models.PositiveIntegerField(null=True)
    cue_end = models.PositiveIntegerField(null=True)
    mention_start = models.PositiveIntegerField(null=True)
    mention_end = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tier__gte=1, tier__lte=5), name="finding_tier_known"),
            models.CheckConstraint(
                condition=Q(cue_start__isnull=True, cue_end__isnull=True) | Q(cue_start__lt=F("cue_end")),
                name="finding_cue_has_words",
            ),
            models.CheckConstraint(
                condition=Q(mention_start__isnull=True, mention_end__isnull=True)
                | Q(mention_start__lt=F("mention_end")),
                name="finding_mention_has_words",
            ),
        ]

    if TYPE_CHECKING:
        version_id: int
        quote_id: int

    def __str__(self) -> str:
        return f"{self.name or self.how}, tier {self.tier}"

    @property
    def cue_span(self) -> tuple[int, int] | None:
        """Where the cue stands in the version that the engine read."""
        return (self.cue_start, self.cue_end) if self.cue_start is not None and self.cue_end else None

    @property
    def mention_span(self) -> tuple[int, int] | None:
        if self.mention_start is None or not self.mention_end:
            return None
        return self.mention_start, self.mention_end


class Reading(models.Model):
    """That the engine has read a version, and with what it knew then: the newest reading only."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="reading")
    engine = models.CharField(max_length=100)
    published_at = models.DateTimeField(
        null=True, help_text="When the article was published, as known then: dates were resolved against it."
    )
    read_at = models.DateTimeField()
    found = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0, help_text="New ones among those found.")
    error = models.CharField(max_length=500, blank=True, help_text="Why the engine failed; it isn't retried.")

    def __str__(self) -> str:
        return f"{self.version} read by {self.engine}"
