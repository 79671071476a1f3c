import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse

from annotations.querysets import ClaimQuerySet
from articles.models import Story
from articles.slugs import unique_slug


@pghistory.track()
class Claim(models.Model):
    """One plain sentence that a person can support or oppose."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="claims")
    number = models.PositiveIntegerField(help_text="Its place in the story's list.")
    slug = models.SlugField(max_length=100)
    text = models.CharField(max_length=300)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["story", "slug"], name="claim_slug_once"),
            models.CheckConstraint(condition=~Q(text=""), name="claim_has_text"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("claim", args=[self.story.slug, self.slug])

    @classmethod
    def stated(cls, story: Story, text: str) -> "Claim":
        """A new claim at the end of the story's list."""
        claims = cls.objects.filter(story=story)
        last = claims.aggregate(last=models.Max("number"))["last"] or 0
        slug = unique_slug(claims, text, fallback="claim", length=60)
        return cls.objects.create(story=story, text=text, number=last + 1, slug=slug)
