import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from annotations.querysets import ActorQuerySet, RoleQuerySet
from articles.slugs import unique_slug

# The chain of mergings is followed once, when it changes, and not by every page: so the actor that others are, is
# one column away however long the chain. Two that merge actors wait for each other, else they could make a circle.
_FOLLOW = """
    IF TG_OP = 'INSERT' THEN
        IF NEW.merged_into_id IS NULL AND NEW.canonical_id IS NULL THEN
            RETURN NULL;
        END IF;
    ELSIF (NEW.merged_into_id, NEW.canonical_id) IS NOT DISTINCT FROM (OLD.merged_into_id, OLD.canonical_id) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('annotations_actor.merged_into'));
    WHILE root IS NOT NULL LOOP
        IF root = ANY (passed) THEN
            RAISE EXCEPTION 'actor % would be merged into itself', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'actor_not_merged_in_a_circle';
        END IF;
        passed := passed || root;
        SELECT merged_into_id INTO further FROM annotations_actor WHERE id = root;
        EXIT WHEN further IS NULL;
        root := further;
    END LOOP;
    WITH RECURSIVE below(id) AS (
        VALUES (NEW.id) UNION SELECT a.id FROM annotations_actor a JOIN below b ON a.merged_into_id = b.id
    )
    UPDATE annotations_actor a SET canonical_id = COALESCE(root, NULLIF(NEW.id, a.id))
        FROM below b
        WHERE a.id = b.id AND a.canonical_id IS DISTINCT FROM COALESCE(root, NULLIF(NEW.id, a.id));
    RETURN NULL;
"""


@pghistory.track(exclude=["canonical"])
class Actor(models.Model):
    """Who speaks or acts: a person, an organisation, a government."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")
        GOVERNMENT = "government", _("Government")
        OTHER = "other", pgettext_lazy("kind of actor", "Other")

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
    canonical = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="known_before_as",
        help_text="Who it is, at the end of its mergings; empty where it was merged into nobody. Kept by a trigger.",
    )

    objects = ActorQuerySet.as_manager()

    if TYPE_CHECKING:
        merged_into_id: int | None
        canonical_id: int | None

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
        triggers = [
            pgtrigger.Trigger(
                name="canonical",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id", "canonical_id"),
                when=pgtrigger.After,
                declare=[
                    ("root", "bigint := NEW.merged_into_id"),
                    ("further", "bigint"),
                    ("passed", "bigint[] := ARRAY[NEW.id]"),
                ],
                func=_FOLLOW,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if self.merged_into_id or self.canonical_id:
            self.refresh_from_db(fields=["canonical"])

    def clean(self) -> None:
        """Raises ValidationError for a merging that comes round to this actor again."""
        into = Actor.objects.filter(pk=self.merged_into_id).first() if self.merged_into_id else None
        if into and self.pk is not None and self.pk in (into.pk, into.canonical_id):
            raise ValidationError({"merged_into": "The actor would be merged into itself."})

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
        return Role.the_only(list(Role.objects.held(self, earliest, latest)))


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

    if TYPE_CHECKING:
        organisation_id: int | None

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

    @classmethod
    def the_only(cls, held: "Sequence[Role]") -> "Role | None":
        """The first of them if they are one office, which two actors that were merged may both have; else None."""
        return held[0] if len({(role.title.casefold(), role.organisation_id) for role in held}) == 1 else None
