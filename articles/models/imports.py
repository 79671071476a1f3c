"""An import: a file on its way in, stage by stage, and its rows as they were read. See articles.bulk."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from articles.models.articles import Article, Outlet, Story, validate_time_zone
from articles.querysets import ImportQuerySet, ImportRowQuerySet
from articles.sources.addresses import Guard, Refused
from articles.sources.folders import FolderError, parts_of


def place_of(batch: "Import", name: str) -> str:
    """Where an upload is kept: under a name of ours, with the ending that tells its format."""
    ending = "".join(part for part in (name.lower().rpartition(".")[1:]) if part.isascii())[:12]
    return f"imports/{dt.datetime.now(dt.UTC):%Y/%m}/{batch.sha256[:16] or 'upload'}{ending}"


class ImportSettings(models.Model):
    """How a file is read, and what fills in where it leaves something open."""

    class Policy(models.TextChoices):
        ALL_BUT_REJECTED = "all-but-rejected", "All but the rejected"
        ALL_OR_NOTHING = "all-or-nothing", "All or nothing"

    class Identity(models.TextChoices):
        AUTOMATIC = "automatic", "Its address, else its identifier, else outlet, headline and day"
        ADDRESS = "address", "Its address only"
        IDENTIFIER = "identifier", "Its identifier at the outlet only"
        HEADLINE = "headline", "Outlet, headline and day only"

    format = models.CharField(max_length=40, blank=True, help_text="If a person has set it; so the next two.")
    encoding = models.CharField(max_length=40, blank=True)
    delimiter = models.CharField(max_length=4, blank=True)
    mapping = models.JSONField(
        default=dict, blank=True, help_text="Column → field; what isn't named is guessed."
    )
    outlet = models.ForeignKey(
        Outlet,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        help_text="Of the articles that name none.",
    )
    stories: "models.ManyToManyField[Story, Any]" = models.ManyToManyField(
        Story, blank=True, related_name="+", help_text="All of its articles are put into these."
    )
    language = models.CharField(max_length=20, blank=True, help_text="Of the articles that name none.")
    time_zone = models.CharField(
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text="Of dates that come without one, and of outlets that are made.",
    )
    identity = models.CharField(max_length=12, choices=Identity, default=Identity.AUTOMATIC)
    policy = models.CharField(max_length=20, choices=Policy, default=Policy.ALL_BUT_REJECTED)

    if TYPE_CHECKING:
        outlet_id: int | None

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(identity__in=["automatic", "address", "identifier", "headline"]),
                name="%(class)s_identity_known",
            ),
            models.CheckConstraint(
                condition=Q(policy__in=["all-but-rejected", "all-or-nothing"]), name="%(class)s_policy_known"
            ),
        ]

    def how_to_read(self) -> dict[str, Any]:
        """The fields of ImportSettings by name, without the stories."""
        return {field.name: getattr(self, field.name) for field in ImportSettings._meta.fields}


class ImportSource(ImportSettings):
    """Where files come from again and again, and how they are read: an archive, a folder that is watched, a feed."""

    name = models.CharField(max_length=200, unique=True)
    address = models.URLField(
        max_length=2000, blank=True, help_text="Of a feed that is fetched on a schedule."
    )
    folder = models.CharField(
        max_length=500,
        blank=True,
        help_text="A folder below the site’s import folder; every file that is put there is brought in.",
    )
    every_minutes = models.PositiveIntegerField(
        default=30, validators=[MinValueValidator(5)], help_text="How often it is looked at."
    )
    is_watched = models.BooleanField("watched", default=True, help_text="Off: it is left alone for now.")
    applies_itself = models.BooleanField(
        "apply without asking",
        default=False,
        help_text="Off: what was found is read and compared, and waits for somebody to apply it.",
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField(null=True, blank=True, help_text="When it last had something new.")
    rests_until = models.DateTimeField(
        null=True, blank=True, help_text="Its server has asked not to be asked before then."
    )
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    error = models.TextField(blank=True, help_text="Why it could not be looked at, the last time.")
    etag = models.CharField(max_length=500, blank=True, help_text="As the feed’s server named what we have.")
    last_modified = models.CharField(max_length=100, blank=True)

    class Meta(ImportSettings.Meta):
        constraints = [
            *ImportSettings.Meta.constraints,
            models.CheckConstraint(
                condition=Q(address="") | Q(folder=""),
                name="import_source_one_way",
                violation_error_message="A source is a feed’s address or a folder, not both.",
            ),
            models.CheckConstraint(
                condition=Q(every_minutes__gte=5),
                name="import_source_not_too_often",
                violation_error_message="A source is looked at every 5 minutes at most.",
            ),
            models.UniqueConstraint(
                fields=["address"],
                condition=~Q(address=""),
                name="import_source_address_once",
                violation_error_message="Another source has this address already.",
            ),
            models.UniqueConstraint(
                fields=["folder"],
                condition=~Q(folder=""),
                name="import_source_folder_once",
                violation_error_message="Another source has this folder already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:articles_importsource_change", args=[self.pk])

    def clean(self) -> None:
        told = {}
        try:
            if self.address:
                Guard(ports=frozenset(settings.FEED_PORTS)).place(self.address)
        except Refused as error:
            told["address"] = str(error)
        try:
            if self.folder:
                parts_of(self.folder)
        except FolderError as error:
            told["folder"] = str(error)
        if told:
            raise ValidationError(told)
        same = ImportSource.objects.filter(pk=self.pk, address=self.address, folder=self.folder)
        if self.pk and not same.exists():  # what the old one was like says nothing of the new one
            self.etag = self.last_modified = self.error = ""
            self.looked_at = self.rests_until = None
            self.failures = 0


class Import(ImportSettings):
    """One file brought in. Its stages are durable: each ends in what the next begins with.

    uploaded → reading → read (every row staged and compared; nothing touched) → applying → reported;
    or cancelled, or failed with `error`. Rows read and rows applied are counted in the transaction that writes
    them, so that a killed worker goes on where it stood.
    """

    class Stage(models.TextChoices):
        UPLOADED = "uploaded"
        READING = "reading"
        READ = "read"
        APPLYING = "applying"
        REPORTED = "reported"
        CANCELLED = "cancelled"
        FAILED = "failed"

    file = models.FileField(upload_to=place_of, max_length=200)
    name = models.CharField(max_length=255, help_text="Of the file, as it was uploaded.")
    size = models.BigIntegerField(default=0, validators=[MinValueValidator(0)], help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    sniffed = models.JSONField(
        default=dict, blank=True, help_text="What it seems to be: format, encoding, delimiter, columns."
    )
    source = models.ForeignKey(
        ImportSource,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="imports",
        help_text="Where it comes from; how such files are read is kept there.",
    )

    stage = models.CharField(max_length=10, choices=Stage, default=Stage.UPLOADED)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reported_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(help_text="When it last got on.")
    cancel_requested = models.BooleanField(default=False)
    error = models.TextField(blank=True)

    rows_read = models.PositiveIntegerField(default=0, help_text="Staged; reading goes on after it.")
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_same = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    rows_left_out = models.PositiveIntegerField(
        default=0, help_text="Of the rejected: copies that a person has left out."
    )
    rows_applied = models.PositiveIntegerField(default=0, help_text="New and changed rows that were written.")
    applied_to = models.PositiveIntegerField(
        default=0, help_text="The row number that applying goes on after."
    )
    bytes_read = models.BigIntegerField(default=0)
    new_outlets = models.JSONField(default=list, blank=True, help_text="The outlets that it makes, in order.")
    seconds_reading = models.FloatField(default=0)
    seconds_applying = models.FloatField(default=0)

    objects = ImportQuerySet.as_manager()

    if TYPE_CHECKING:
        source_id: int | None

    class Meta(ImportSettings.Meta):
        constraints = [
            *ImportSettings.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    stage__in=["uploaded", "reading", "read", "applying", "reported", "cancelled", "failed"]
                ),
                name="import_stage_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    rows_read=F("rows_new") + F("rows_changed") + F("rows_same") + F("rows_rejected")
                ),
                name="import_counts_balance",
            ),
            models.CheckConstraint(
                condition=Q(rows_left_out__lte=F("rows_rejected")), name="import_leaves_out_of_the_rejected"
            ),
            models.CheckConstraint(
                condition=Q(applied_to__lte=F("rows_read"), rows_applied__lte=F("applied_to")),
                name="import_applies_what_it_read",
            ),
        ]
        indexes = [models.Index(F("created_at").desc(), F("id").desc(), name="import_newest")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:articles_import_change", args=[self.pk])

    @property
    def read_as(self) -> dict[str, Any]:
        """Format, encoding, delimiter and the field of each column: as set, else as found."""
        found: dict[str, Any] = {"format": "", "encoding": "", "delimiter": "", "columns": {}} | self.sniffed
        for name in ("format", "encoding", "delimiter"):
            found[name] = getattr(self, name) or found[name]
        return found | {"columns": found["columns"] | self.mapping}

    @property
    def columns_in_order(self) -> list[str]:
        """The columns or members, as the file has them."""
        order = self.sniffed.get("order", [])
        return [*order, *(name for name in self.read_as["columns"] if name not in order)]

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has it, or is to have it."""
        return self.stage in (self.Stage.UPLOADED, self.Stage.READING, self.Stage.APPLYING)

    @property
    def is_over(self) -> bool:
        return self.stage in (self.Stage.REPORTED, self.Stage.CANCELLED, self.Stage.FAILED)

    @property
    def can_be_applied(self) -> bool:
        """Whether everything is read, and the policy lets it in."""
        if self.stage not in (self.Stage.READ, self.Stage.CANCELLED) or self.read_at is None:
            return False
        return self.policy == self.Policy.ALL_BUT_REJECTED or not self.rows_to_mend

    @property
    def rows_to_mend(self) -> int:
        """The rejected rows that nobody has left out on purpose."""
        return self.rows_rejected - self.rows_left_out

    @property
    def share_done(self) -> float:
        """How much of the stage at work is done, 0 to 1: by bytes in reading, by rows in applying."""
        if self.stage in (self.Stage.UPLOADED, self.Stage.READING):
            return min(1.0, self.bytes_read / self.size) if self.size else 0.0
        if self.stage == self.Stage.APPLYING:
            return self.applied_to / self.rows_read if self.rows_read else 1.0
        return 1.0

    @property
    def rows_per_second(self) -> float:
        """Of the stage at work, or of the one that was last."""
        if self.seconds_applying:
            return self.applied_to / self.seconds_applying
        return self.rows_read / self.seconds_reading if self.seconds_reading else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Of the stage at work; None where nothing tells yet."""
        seconds = self.seconds_applying if self.stage == self.Stage.APPLYING else self.seconds_reading
        share = self.share_done
        return seconds / share - seconds if share and seconds else None


class ImportRow(models.Model):
    """A row as it was read, and what became, or would become, of it. Written in bulk by articles.bulk.

    The keys are 64-bit digests of what makes an article the same one; see articles.bulk.matching.
    """

    class Outcome(models.TextChoices):
        NEW = "new"
        CHANGED = "changed"
        SAME = "same"
        REJECTED = "rejected"

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="Its place among the rows of the file, from 1.")
    where = models.CharField(max_length=300, blank=True, help_text="For people, such as “row 12 (line 340)”.")
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.TextField(blank=True, help_text="Why it is rejected.")
    headline = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    draft = models.JSONField(null=True, help_text="The other fields of the draft.")
    raw = models.JSONField(null=True, help_text="A refused row as it stood.")
    changed_fields = models.JSONField(default=list, help_text="What it changes, by name.")
    notes = models.JSONField(default=list, help_text="What an editor should look at.")
    target = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The article that it is; of a new one, once it is applied.",
    )
    follows = models.PositiveIntegerField(null=True, help_text="The row of this file that makes its article.")
    copy_of = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Another article here with the same words.",
    )
    copies_row = models.PositiveIntegerField(null=True, help_text="An earlier row with the same words.")
    near_copy = models.BooleanField(
        default=False, help_text="It has most of the sentences of the other, not all."
    )
    applied_at = models.DateTimeField(null=True)
    key_address = models.BigIntegerField(null=True)
    key_identifier = models.BigIntegerField(null=True)
    key_headline = models.BigIntegerField(null=True)
    sketch = ArrayField(models.BigIntegerField(), default=list, help_text="Of a new row; see Version.sketch.")

    objects = ImportRowQuerySet.as_manager()

    if TYPE_CHECKING:
        batch_id: int
        target_id: int | None
        copy_of_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="import_row_from_one"),
            models.CheckConstraint(
                condition=Q(outcome__in=["new", "changed", "same", "rejected"]),
                name="import_row_outcome_known",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="rejected") | ~Q(reason=""), name="import_row_rejected_with_reason"
            ),
            models.CheckConstraint(condition=Q(outcome="rejected") | ~Q(text=""), name="import_row_has_text"),
        ]
        indexes = [
            models.Index(fields=["batch", "outcome", "number"], name="import_row_by_outcome"),
            models.Index(fields=["batch", "digest"], name="import_row_by_words"),
            models.Index(
                fields=["batch", "key_address"],
                condition=Q(key_address__isnull=False),
                name="import_row_by_address",
            ),
            models.Index(
                fields=["batch", "key_identifier"],
                condition=Q(key_identifier__isnull=False),
                name="import_row_by_identifier",
            ),
            models.Index(
                fields=["batch", "key_headline"],
                condition=Q(key_headline__isnull=False),
                name="import_row_by_headline",
            ),
            GinIndex(fields=["sketch"], name="import_row_by_sketch", fastupdate=False),
            models.Index(
                fields=["batch", "follows"], condition=Q(follows__isnull=False), name="import_row_by_first"
            ),
            models.Index(
                fields=["batch", "copy_of"],
                condition=Q(copy_of__isnull=False) | Q(copies_row__isnull=False),
                name="import_row_copies",
            ),
        ]

    def __str__(self) -> str:
        return self.headline or self.where or f"row {self.number}"
