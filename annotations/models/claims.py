import datetime as dt
from typing import TYPE_CHECKING

import pghistory
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from annotations.querysets import ClaimQuerySet
from articles.models import Story
from articles.slugs import unique_slug

if TYPE_CHECKING:
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

    objects = ClaimQuerySet.as_manager()

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
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.story.slug, self.slug])

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
