"""Which actors may be one, as the comparison of their names found, and which an editor has found to be two."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from annotations.models.actors import Actor
from annotations.resemblance import How


class LikelyDuplicateQuerySet(models.QuerySet["LikelyDuplicate"]):
    def standing(self) -> Self:
        """Those that nobody has decided on: neither was merged, and nobody has told them apart."""
        apart = ToldApart.objects.filter(one=OuterRef("one"), other=OuterRef("other"))
        return self.filter(~Exists(apart), one__merged_into__isnull=True, other__merged_into__isnull=True)

    def of(self, actor: Actor) -> Self:
        return self.filter(Q(one=actor) | Q(other=actor))

    def surest_first(self) -> Self:
        return self.order_by("-likeness", "one__name", "id")


class LikelyDuplicate(models.Model):
    """Two actors that may be one; see annotations.duplicates. The lower key comes first."""

    one = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    how = models.CharField(max_length=10, choices=[(how.value, how.value) for how in How])
    likeness = models.FloatField()
    one_name = models.CharField(max_length=200)
    other_name = models.CharField(max_length=200)
    found_at = models.DateTimeField()

    objects = LikelyDuplicateQuerySet.as_manager()

    if TYPE_CHECKING:
        one_id: int
        other_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="likely_duplicate_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="likely_duplicate_lower_first"),
        ]
        indexes = [models.Index(fields=["-likeness", "id"], name="likely_duplicate_surest")]

    def __str__(self) -> str:
        return f"{self.one_name} = {self.other_name}?"

    def besides(self, actor: Actor) -> Actor:
        """The other one of the two."""
        return self.other if self.one_id == actor.pk else self.one


class ToldApart(models.Model):
    """Two actors that an editor has found to be two: they are not listed as likely duplicates again."""

    one = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    if TYPE_CHECKING:
        one_id: int
        other_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="told_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="told_apart_lower_first"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


class NamesCompared(models.Model):
    """That an actor's names were compared with those of the others, and which names it had then."""

    actor = models.OneToOneField(Actor, on_delete=models.CASCADE, related_name="names_compared")
    state = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"{self.actor}: {self.state}"
