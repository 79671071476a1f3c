import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pghistory
import pgtrigger
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext

from annotations.life import Spell, Standing, changed_since, spells
from annotations.models.actors import Actor, Role
from annotations.models.anchors import QUOTES_TEXT, Anchor
from annotations.models.annotation import Act, Annotation, NotAllowed, Status, Verb
from annotations.models.claims import Claim
from annotations.models.placing import Span, place
from annotations.querysets import QuoteQuerySet
from articles.models import Article, Outlet, Story, Version

if TYPE_CHECKING:
    from accounts.models import User


@pghistory.track()
class Utterance(models.Model):
    """One act of speaking. The quotes in several outlets that render it belong to it."""

    speaker = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="utterances")
    title = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title or f"Utterance {self.pk}"


@pghistory.track()
class Quote(Annotation):
    """Words that an article gives to a speaker."""

    class Kind(models.TextChoices):
        DIRECT = "direct"
        MIXED = "mixed"
        INDIRECT = "indirect"

    class Basis(models.TextChoices):
        ON_RECORD = "on-the-record", "on the record"
        ANONYMOUS = "anonymous"
        LEAK = "leak"
        DOCUMENT = "document"

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="quotes", editable=False)
    version = models.ForeignKey(
        Version,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        help_text="The version in which an editor last read the words.",
    )
    speaker = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes")
    mention = models.CharField(max_length=200, blank=True, help_text="How the text names the speaker: “he”.")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.DIRECT)
    cue = models.CharField(max_length=100, blank=True, help_text="The words that attribute it: “urged”.")
    said_earliest = models.DateField(null=True, blank=True)
    said_latest = models.DateField(null=True, blank=True)
    said_expression = models.CharField(
        max_length=200, blank=True, help_text="The words in the text: “yesterday”."
    )
    relayed_by_actor = models.ForeignKey(
        Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes_relayed"
    )
    relayed_by_outlet = models.ForeignKey(
        Outlet, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes_relayed"
    )
    basis = models.CharField(max_length=13, choices=Basis, default=Basis.ON_RECORD)
    utterance = models.ForeignKey(
        Utterance, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes"
    )

    objects = QuoteQuerySet.as_manager()

    EDITABLE = (
        "speaker",
        "mention",
        "role",
        "kind",
        "cue",
        "said_earliest",
        "said_latest",
        "said_expression",
        "relayed_by_actor",
        "relayed_by_outlet",
        "basis",
        "utterance",
    )

    if TYPE_CHECKING:
        article_id: int
        version_id: int
        speaker_id: int | None
        utterance_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="quote_status_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["direct", "mixed", "indirect"]), name="quote_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["on-the-record", "anonymous", "leak", "document"]),
                name="quote_basis_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(speaker__isnull=False) | ~Q(mention=""),
                name="quote_published_with_speaker",
                violation_error_message="A quote needs a speaker, or how the text names one, before readers see it.",
            ),
            models.CheckConstraint(
                condition=Q(said_earliest__isnull=True)
                | Q(said_latest__isnull=True)
                | Q(said_earliest__lte=F("said_latest")),
                name="quote_dates_in_order",
                violation_error_message="The earliest date is after the latest.",
            ),
            models.CheckConstraint(
                condition=Q(relayed_by_actor__isnull=True) | Q(relayed_by_outlet__isnull=True),
                name="quote_relayed_by_one",
                violation_error_message="Relayed by an actor or by an outlet, not by both.",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(withdrawn_reason=""), name="quote_withdrawn_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["article", "status"], name="quote_by_article"),
            models.Index(fields=["speaker", "status"], name="quote_by_speaker"),
            models.Index(fields=["status", "-updated_at"], name="quote_by_status"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="text_in_another_version",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("version_id"),
                condition=pgtrigger.Q(old__version__df=pgtrigger.F("new__version")),
                func=QUOTES_TEXT.format(quotes="NEW.id") + "RETURN NULL;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.speaker_name}: {self.words[:80]}"

    def get_absolute_url(self) -> str:
        return reverse("quote", args=[self.uuid])

    @classmethod
    def draft(
        cls,
        version: Version,
        spans: Sequence[Span],
        *,
        by: "User | None",
        now: dt.datetime,
        status: Status = Status.DRAFT,
        stances: Mapping[Claim, str] | None = None,
        **fields: Any,
    ) -> "Quote":
        """A new quote on spans of a version, with anchors in every version of the article, and its stances.

        Raises ValueError when a span is empty, out of the text, or overlaps another of them, NotAllowed for a
        stance on a claim of a story that the article is not in.
        """

        with transaction.atomic():
            quote = cls.objects.create(
                article_id=version.article_id,
                version=version,
                status=status,
                created_by=by,
                created_at=now,
                updated_by=by,
                updated_at=now,
                **fields,
            )
            place(quote, version, spans)
            for claim, position in (stances or {}).items():
                quote._check_claim(claim)
                Stance.objects.create(quote=quote, claim=claim, position=position)
            quote.record_creation(by=by, now=now)
        return quote

    def parts(self) -> "list[Anchor]":
        """The anchors on the version that an editor last read, in order of their parts."""
        return sorted(
            (a for a in self.anchors.all() if a.version_id == self.version_id), key=lambda anchor: anchor.part
        )

    @property
    def words(self) -> str:
        """The words that an editor last read; parts are joined by an ellipsis."""
        return " … ".join(anchor.exact for anchor in self.parts())

    def life(self) -> list[Spell]:
        """What became of the words from version to version of the article."""
        numbers: dict[int, list[Anchor]] = {}
        for anchor in self.anchors.all():
            numbers.setdefault(anchor.version.number, []).append(anchor)
        return spells(_standing(number, numbers[number]) for number in sorted(numbers))

    def changed_since_read(self) -> Spell | None:
        """How the words stand in the article now, if otherwise than where an editor last read them."""
        return changed_since(self.life(), self.version.number)

    def address_in(self, story: Story, version: int | None = None) -> str:
        """The words themselves, marked on the article's page in a story.

        In the version of the number given, else in the one that an editor last read.
        """
        page = reverse("article", args=[story.slug, self.article_id])
        return f"{page}?version={version or self.version.number}#quote-{self.uuid}"

    @property
    def tone(self) -> str:
        """The position that all its stances share; empty where it has none or they differ."""
        positions = {stance.position for stance in self.stances.all()}
        return positions.pop() if len(positions) == 1 else ""

    @property
    def said_by(self) -> Actor | None:
        """The speaker, as the actor that it was merged into if it was."""
        return self.speaker.canonical or self.speaker if self.speaker else None

    @property
    def role_then(self) -> Role | None:
        """The role in which it was said: the one given, else the only one held over all the days in question."""
        if self.role or self.said_by is None:
            return self.role
        first = self.said_earliest or self.said_latest
        last = self.said_latest or self.said_earliest
        if not first or not last:
            return None
        roles = {role for who in (self.said_by, self.speaker) if who for role in who.roles.all()}
        held = [
            role
            for role in sorted(roles, key=lambda role: role.pk)
            if (role.since is None or role.since <= first) and (role.until is None or role.until >= last)
        ]
        return Role.the_only(held)

    @property
    def speaker_name(self) -> str:
        """The actor's name, else how the text names the speaker, else "unknown speaker"."""
        return self.said_by.name if self.said_by else self.mention or gettext("unknown speaker")

    @property
    def relayed_by(self) -> "Actor | Outlet | None":
        return self.relayed_by_actor or self.relayed_by_outlet

    def spans(self) -> list[Span]:
        return [(a.start, a.end) for a in self.parts() if a.start is not None and a.end is not None]

    def snapshot(self) -> dict[str, Any]:
        anchors = self._fresh_spans()
        stances = self.stances.order_by("claim_id").values_list("claim_id", "position", "note", "check_again")
        return {
            **super().snapshot(),
            "version": self.version_id,
            "spans": anchors,
            "stances": [list(stance) for stance in stances],
        }

    def _fresh_spans(self) -> list[list[int]]:
        placed = Anchor.objects.filter(quote=self, version_id=self.version_id).placed().order_by("part")
        return [
            [start, end]
            for start, end in placed.values_list("start", "end")
            if start is not None and end is not None
        ]

    def restore(self, state: dict[str, Any]) -> None:
        """Raises NotAllowed where the state names an actor, a role or a claim that was removed since."""
        super().restore(state)
        gone = [str(field.verbose_name) for field in self.pointing_at_what_is_gone()]
        claims = {claim for claim, *_ in state["stances"]}
        if claims and Claim.objects.filter(pk__in=claims).count() != len(claims):
            gone.append("claim")
        if gone:
            raise NotAllowed(
                f"That can’t be undone: the {gone[0]} it had was removed since. Edit the quote instead."
            )
        if state["version"] != self.version_id or state["spans"] != self._fresh_spans():
            elsewhere = state["version"] != self.version_id
            self.version = Version.objects.get(pk=state["version"])
            place(self, self.version, [(start, end) for start, end in state["spans"]], keep_earlier=elsewhere)
        kept = {claim: (position, note, again) for claim, position, note, again in state["stances"]}
        self.stances.exclude(claim_id__in=kept).delete()
        reworded = bool(kept) and Quote.objects.filter(pk=self.pk).words_changed_since(self.version).exists()
        for claim, (position, note, again) in kept.items():
            Stance.objects.update_or_create(
                quote=self,
                claim_id=claim,
                defaults={"position": position, "note": note, "check_again": again or reworded},
            )

    def edit(self, *, by: "User | None", revision: int, now: dt.datetime, **fields: Any) -> None:
        """Set fields of EDITABLE. What somebody else said is no rendering of the utterance any more.

        Raises StaleRevision.
        """
        if "speaker" in fields and self.utterance_id is not None:
            speaker = fields["speaker"]
            if speaker is None or (speaker.canonical or speaker) != self.said_by:
                fields = {"utterance": None, **fields}
        super().edit(by=by, revision=revision, now=now, **fields)

    def take_back(self, act: Act) -> None:
        """With a separation goes that it was kept apart from the other renderings."""
        from annotations.models.renderings import Apart

        if act.verb == Verb.SEPARATED:
            Apart.objects.filter(Q(one=self) | Q(other=self), by=act.by_id, at=act.at).delete()

    def resize(
        self, version: Version, spans: Sequence[Span], *, by: "User | None", revision: int, now: dt.datetime
    ) -> None:
        """Put the quote on other words of a version of its article; also how an orphan is placed again.

        Raises ValueError for spans on which no words stand, StaleRevision.
        """

        elsewhere = version.pk != self.version_id
        with self._act(Verb.RESIZED, by=by, revision=revision, now=now):
            self.version = version
            place(self, version, spans, keep_placed=elsewhere)
            self.stances.filter(check_again=True).update(check_again=False)

    def accept(
        self,
        version: Version,
        *,
        by: "User | None",
        revision: int,
        now: dt.datetime,
        spans: Sequence[Span] = (),
        stances: Mapping[Claim, str] | None = None,
        publish: bool = False,
        **fields: Any,
    ) -> None:
        """Take a suggestion as a draft, or as published, in one act: as it was read in a version, with corrections.

        `spans` are other words of that version, if it is to stand on others. Raises StaleRevision, ValueError for
        spans on which no words stand, and NotAllowed where it is no suggestion any more or may not be published.
        """
        unknown = set(fields) - set(self.EDITABLE)
        if unknown:
            raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
        with self._act(Verb.ACCEPTED, by=by, revision=revision, now=now):
            if self.status != Status.SUGGESTED:
                raise NotAllowed(f"This is no suggestion any more: it is {self.status}.")
            for name, value in fields.items():
                setattr(self, name, value)
            self._read_in(version, spans)
            self.status = Status.DRAFT
            for claim, position in (stances or {}).items():
                self._check_claim(claim)
                Stance.objects.update_or_create(quote=self, claim=claim, defaults={"position": position})
            if publish:
                self.check_publishable()
                self.status, self.published_at = Status.PUBLISHED, self.published_at or now

    def suggest_anew(
        self, version: Version, spans: Sequence[Span] = (), *, now: dt.datetime, **fields: Any
    ) -> None:
        """The program corrects a suggestion of its own, or makes one again of what it had put away itself."""
        verb = Verb.REVIVED if self.is_ended else Verb.RESIZED if spans else Verb.EDITED
        with self._act(verb, by=None, revision=self.revision, now=now):
            for name, value in fields.items():
                setattr(self, name, value)
            self._read_in(version, spans)
            self.status = Status.SUGGESTED

    def _read_in(self, version: Version, spans: Sequence[Span]) -> None:
        """Somebody has read the words in a version: those that stand there, or others that are chosen now."""
        elsewhere = version.pk != self.version_id
        self.version = version
        if spans:
            place(self, version, spans, keep_placed=elsewhere)
        elif elsewhere and not self._fresh_spans():
            raise NotAllowed("The words are not in that version. Place the quote on other words instead.")

    def confirm(self, version: Version, *, by: "User | None", revision: int, now: dt.datetime) -> None:
        """An editor has read the words as they now stand in a version and keeps the quote and its stances."""
        if not self.anchors.filter(version=version).placed().exists():
            raise NotAllowed("The words are not in that version. Place the quote on other words instead.")
        with self._act(Verb.CHECKED, by=by, revision=revision, now=now):
            self.version = version
            self.stances.filter(check_again=True).update(check_again=False)

    def join(self, utterance: Utterance, *, by: "User | None", revision: int, now: dt.datetime) -> None:
        """Make it a rendering of an utterance, among others in other articles."""
        with self._act(Verb.JOINED, by=by, revision=revision, now=now):
            self.utterance = utterance

    def separate(self, *, by: "User | None", revision: int, now: dt.datetime) -> None:
        """Take it out of its utterance: an act of speaking of its own. See `annotations.joining.separate`."""
        if self.utterance_id is None:
            raise NotAllowed("This quote is in no utterance: nothing is to be separated.")
        with self._act(Verb.SEPARATED, by=by, revision=revision, now=now):
            self.utterance = None

    def siblings(self) -> "list[Quote]":
        """The other renderings of its utterance that are drafts or published, oldest article first."""
        if self.utterance_id is None:
            return []
        others = Quote.objects.filter(utterance=self.utterance_id, status__in=["draft", "published"])
        return list(
            others.exclude(pk=self.pk)
            .select_related("article__outlet")
            .defer("article__search", "article__notes", "article__author_bio", "article__as_imported")
            .order_by(F("article__published_at").asc(nulls_last=True), "pk")
        )

    def set_stance(
        self,
        claim: Claim,
        position: str,
        *,
        by: "User | None",
        revision: int,
        now: dt.datetime,
        note: str = "",
    ) -> None:
        """Where these words stand on a claim; an empty position takes the stance away.

        Raises NotAllowed when the claim is of a story that the article is not in.
        """
        self._check_claim(claim, new=bool(position))
        with self._act(Verb.STANCE, by=by, revision=revision, now=now):
            if position:
                Stance.objects.update_or_create(
                    quote=self,
                    claim=claim,
                    defaults={"position": position, "note": note, "check_again": False},
                )
            else:
                self.stances.filter(claim=claim).delete()

    def move_stance(
        self,
        claim: Claim,
        to: Claim,
        position: str,
        *,
        keep: bool,
        by: "User",
        revision: int,
        now: dt.datetime,
    ) -> None:
        """Make the stance on one claim a stance on another of its story, in one act; with `keep` it has both then.

        Its note goes along. Raises StaleRevision, and NotAllowed where it takes none on the claim.
        """
        self._check_claim(to)
        with self._act(Verb.STANCE, by=by, revision=revision, now=now):
            taken = self.stances.filter(claim=claim).first()
            if taken is None:
                raise NotAllowed("It takes no stance on that claim any more.")
            Stance.objects.update_or_create(
                quote=self,
                claim=to,
                defaults={"position": position, "note": taken.note, "check_again": taken.check_again},
            )
            if not keep:
                taken.delete()

    def _check_claim(self, claim: Claim, *, new: bool = True) -> None:
        if new and claim.is_retired and not self.stances.filter(claim=claim).exists():
            raise NotAllowed("That claim was retired: nothing takes a stance on it any more.")
        if not claim.story.articles.filter(pk=self.article_id).exists():
            raise NotAllowed("That claim belongs to a story that this article is not part of.")

    def as_of(self, revision: int) -> "tuple[Quote, list[Span]] | None":
        """An unsaved copy with the fields it had at a revision, and where its parts stood in its version then.

        None where no act made that revision.
        """
        act = self.acts.filter(revision=revision).first()
        if act is None:
            return None
        copy = Quote(article_id=self.article_id, version_id=act.state["version"], uuid=self.uuid)
        Annotation.restore(copy, act.state)
        for field in copy.pointing_at_what_is_gone():
            setattr(copy, field.name, None)
        return copy, [(start, end) for start, end in act.state["spans"]]

    def check_publishable(self) -> None:
        if self.speaker_id is None and not self.mention:
            raise NotAllowed(
                "Say who speaks: choose an actor, or give the words with which the text names them."
            )
        if not self._fresh_spans():
            raise NotAllowed("Place the quote on words of the article first.")

    def story_changed(self, now: dt.datetime) -> None:
        Story.objects.filter(articles=self.article_id).update(changed_at=now)


def _standing(number: int, anchors: list[Anchor]) -> Standing:
    placed = sorted((a for a in anchors if a.state != Anchor.State.ORPHAN), key=lambda anchor: anchor.part)
    words = " … ".join(anchor.exact for anchor in placed) or None
    return Standing(number, words, any(anchor.state == Anchor.State.CHANGED for anchor in placed))


@pghistory.track()
class Stance(models.Model):
    """Where a quote stands on a claim. No quote, no stance."""

    class Position(models.TextChoices):
        SUPPORTS = "supports"
        OPPOSES = "opposes"
        MIXED = "mixed"
        UNCLEAR = "unclear"

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="stances")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="stances")
    position = models.CharField(max_length=8, choices=Position)
    note = models.CharField(max_length=500, blank=True)
    check_again = models.BooleanField(default=False, help_text="The outlet has changed the words since.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quote", "claim"], name="stance_once"),
            models.CheckConstraint(
                condition=Q(position__in=["supports", "opposes", "mixed", "unclear"]),
                name="stance_position_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_position_display()} {self.claim}"
