"""Which quotes may render one act of speaking, and which of them an editor has found not to."""

from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from annotations.models.actors import Actor
from annotations.models.quotes import Quote

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import User

AT_WORK = ("draft", "published")
"""Quotes that an editor has read: only these are proposed as one utterance."""


class ApartQuerySet(models.QuerySet["Apart"]):
    def among(self, quotes: Iterable[int]) -> Self:
        quotes = list(quotes)
        return self.filter(one__in=quotes, other__in=quotes)

    def touching(self, quotes: Iterable[int], utterances: Iterable[int]) -> Self:
        """Between quotes that are given, or are in one of the utterances."""
        quotes, utterances = list(quotes), list(utterances)
        return self.filter(
            Q(one__in=quotes) | Q(one__utterance__in=utterances),
            Q(other__in=quotes) | Q(other__utterance__in=utterances),
        )


class Apart(models.Model):
    """Two quotes that an editor has found not to be one utterance: they are not proposed as one again."""

    one = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = ApartQuerySet.as_manager()

    if TYPE_CHECKING:
        one_id: int
        other_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="apart_lower_first"),
        ]
        indexes = [models.Index(fields=["by", "-at"], name="apart_by_editor")]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"

    @classmethod
    def keep(cls, quotes: Iterable[Quote], *, by: "User | None", now: "dt.datetime") -> int:
        """Remember of each two of the quotes that they are not the same; of two in one utterance, nothing.

        How many of these are new.
        """
        by_key = sorted(quotes, key=lambda quote: quote.pk)
        pairs = [
            (a.pk, b.pk)
            for a, b in combinations(by_key, 2)
            if a.utterance_id is None or a.utterance_id != b.utterance_id
        ]
        known = set(cls.objects.among(quote.pk for quote in by_key).values_list("one", "other"))
        new = [pair for pair in pairs if pair not in known]
        Apart.objects.bulk_create(
            (Apart(one_id=one, other_id=other, by=by, at=now) for one, other in new), ignore_conflicts=True
        )
        return len(new)


class ProposedUtteranceQuerySet(models.QuerySet["ProposedUtterance"]):
    def standing(self) -> Self:
        """Those that still name two or more quotes at work that are not one utterance yet."""
        unit = Coalesce("quotes__utterance", -F("quotes__pk"))
        return self.annotate(units=Count(unit, distinct=True, filter=Q(quotes__status__in=AT_WORK))).filter(
            units__gt=1
        )

    def naming(self, quotes: Iterable[int]) -> Self:
        return self.filter(quotes__in=list(quotes)).distinct()


class ProposedUtterance(models.Model):
    """Quotes that may be one utterance, as the comparison of a speaker's quotes found them; see annotations.joining.

    Of an utterance that is there already its longest rendering stands for all. How sure it is is what the weakest
    likeness among them tells: `how` the words are alike, and what `share` of the shorter ones is in the longer.
    """

    speaker = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="+")
    how = models.PositiveSmallIntegerField(help_text="3 the same words, 2 contained, 1 overlapping.")
    share = models.FloatField()
    quotes = models.ManyToManyField(Quote, related_name="proposals")
    found_at = models.DateTimeField()

    objects = ProposedUtteranceQuerySet.as_manager()

    if TYPE_CHECKING:
        speaker_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(how__gte=1, how__lte=3), name="proposed_utterance_how_known"),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=1), name="proposed_utterance_share_is_one"
            ),
        ]
        indexes = [models.Index(fields=["-how", "-share", "id"], name="proposed_utterance_surest")]

    def __str__(self) -> str:
        return f"{self.speaker}, {self.share:.0%}"


class Comparison(models.Model):
    """That the quotes of a speaker were compared with each other, and in which state they were then."""

    speaker = models.OneToOneField(Actor, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"{self.speaker}: {self.state}"
