import datetime as dt

import pghistory
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.urls import reverse

from annotations.querysets import ActorQuerySet, RoleQuerySet
from articles.slugs import unique_slug


@pghistory.track()
class Actor(models.Model):
    """Who speaks or acts: a person, an organisation, a government."""

    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"
        GOVERNMENT = "government"
        OTHER = "other"

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=100, unique=True)
    description = models.TextField(blank=True)
    wikidata_id = models.CharField(
        max_length=20,
        blank=True,
        validators=[
            RegexValidator(r"^Q[1-9]\d*$", "A Wikidata identifier is a Q and a number, such as Q80976.")
        ],
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )

    objects = ActorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="actor_has_name"),
            models.CheckConstraint(
                condition=Q(kind__in=["person", "organisation", "government", "other"]),
                name="actor_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="actor_not_merged_into_itself",
                violation_error_message="An actor can't be merged into itself.",
            ),
            models.UniqueConstraint(
                fields=["wikidata_id"],
                condition=~Q(wikidata_id=""),
                name="actor_wikidata_id_once",
                violation_error_message="Another actor has this Wikidata identifier.",
            ),
        ]
        indexes = [GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="actor_name_trigrams")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("actor", args=[self.slug])

    @classmethod
    def named(cls, name: str, *, kind: str = Kind.PERSON, description: str = "") -> "Actor":
        """A new actor with a slug of its own."""
        return cls.objects.create(
            name=name,
            kind=kind,
            description=description,
            slug=unique_slug(cls.objects.all(), name, fallback="actor"),
        )

    def role_at(self, earliest: dt.date | None, latest: dt.date | None) -> "Role | None":
        """The role held over the whole interval; none when no date is known or several roles fit."""
        held = list(Role.objects.held(self, earliest, latest)[:2])
        return held[0] if len(held) == 1 else None


@pghistory.track()
class Alias(models.Model):
    """Another name of an actor: "BBC", "Mike Pompeo"."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(
                F("actor"),
                Lower("name"),
                name="alias_once",
                violation_error_message="The actor has this alias already.",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="alias_has_name"),
        ]
        indexes = [GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="alias_name_trigrams")]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Role(models.Model):
    """An office held for a time. Looked up at the time of speaking, never "today"."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="roles")
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="roles_in"
    )
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="The last day.")

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(since__lte=F("until")),
                name="role_since_before_until",
                violation_error_message="A role can't end before it begins.",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="role_has_title"),
        ]
        indexes = [models.Index(fields=["actor", "since"], name="role_by_actor")]

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation}" if self.organisation else self.title
