import datetime as dt
from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from annotations.querysets import ClaimQuerySet
from articles.models import Story
from articles.slugs import unique_slug

if TYPE_CHECKING:
    from accounts.models import User
    from annotations.models.quotes import Quote


@pghistory.track()
class Claim(models.Model):
    """One plain sentence that a person can support or oppose."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="claims")
    number = models.PositiveIntegerField(help_text="Its place in the story's list.")
    slug = models.SlugField(max_length=100)
    text = models.CharField(max_length=300)
    taken_from = models.ForeignKey(
        "annotations.Quote",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="claims_taken",
        help_text="The quote whose words an editor took as a claim.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, editable=False)
    retired_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    retired_reason = models.CharField(max_length=500, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged_from",
        help_text="The claim that says the same, to which the stances on this one went.",
    )

    objects = ClaimQuerySet.as_manager()

    if TYPE_CHECKING:
        merged_into_id: int | None
        retired_by_id: int | None
        story_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["story", "slug"], name="claim_slug_once"),
            models.UniqueConstraint(
                F("story"),
                Lower("text"),
                name="claim_text_once",
                violation_error_message="The story has this claim already.",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="claim_has_text"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(retired_at__isnull=False),
                name="claim_merged_is_retired",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="claim_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.story.slug, self.slug])

    @property
    def is_retired(self) -> bool:
        """Nothing takes a stance on it any more; the stances that were taken stand."""
        return self.retired_at is not None

    @classmethod
    def stated(cls, story: Story, text: str, *, taken_from: "Quote | None" = None) -> "Claim":
        """A new claim at the end of the story's list."""
        claims = cls.objects.filter(story=story)
        last = claims.aggregate(last=models.Max("number"))["last"] or 0
        slug = unique_slug(claims, text, fallback="claim", length=60)
        return cls.objects.create(story=story, text=text, number=last + 1, slug=slug, taken_from=taken_from)

    def reword(self, text: str, *, now: dt.datetime) -> None:
        """Say it in other words. Its address stays: others may have linked to it."""
        if text != self.text:
            self.text = text
            self.save(update_fields=["text"])
            self.story.touch(now=now)

    def retire(
        self, *, by: "User", now: dt.datetime, reason: str, merged_into: "Claim | None" = None
    ) -> None:
        """Offer it for stances no longer; those that were taken stand. Readers see the reason."""
        self.retired_at, self.retired_by, self.retired_reason = now, by, reason
        self.merged_into = merged_into
        self.save(update_fields=["retired_at", "retired_by", "retired_reason", "merged_into"])
        self.story.touch(now=now)

    def revive(self, *, now: dt.datetime) -> None:
        """Take it up again."""
        self.retired_at, self.retired_by, self.retired_reason, self.merged_into = None, None, "", None
        self.save(update_fields=["retired_at", "retired_by", "retired_reason", "merged_into"])
        self.story.touch(now=now)

    def move(self, places: int, *, now: dt.datetime) -> bool:
        """Shift it in the story's list, down for a positive number; False when it stands at that end already."""
        with transaction.atomic():
            claims = list(Claim.objects.filter(story=self.story_id).in_order().select_for_update())
            here = next(place for place, claim in enumerate(claims) if claim.pk == self.pk)
            there = min(max(here + places, 0), len(claims) - 1)
            if here == there:
                return False
            claims.insert(there, claims.pop(here))
            for number, claim in enumerate(claims, 1):
                if claim.number != number:
                    claim.number = number
                    claim.save(update_fields=["number"])
            self.story.touch(now=now)
        return True
