import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from annotations.models import Act, Anchor, NotAllowed, Quote, StaleRevision, Stance, Status, Verb
from articles.models import Version
from tests.factories import (
    NOW,
    TEXT,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    QuoteFactory,
    RoleFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=1)
EXACT = "We will not compromise on security,"


@pytest.fixture
def ana():
    return EditorFactory(first_name="Ana")


@pytest.fixture
def ben():
    return EditorFactory(first_name="Ben")


def test_a_draft_stands_on_the_words_that_were_chosen(ana):
    quote = QuoteFactory(by=ana)
    assert quote.words == EXACT
    assert quote.status == Status.DRAFT
    assert [act.verb for act in quote.acts.all()] == [Verb.CREATED]


def test_a_quote_in_parts_keeps_their_order_and_refuses_an_overlap(ana):
    article = ArticleFactory()
    spans = [(TEXT.index("But we have"), TEXT.index(".”")), (TEXT.index("We will"), TEXT.index(",”"))]
    quote = Quote.draft(article.current_version, spans, by=ana, now=NOW)
    assert quote.words == "We will not compromise on security … But we have not decided"
    with pytest.raises(ValueError, match="overlap"):
        Quote.draft(article.current_version, [(0, 10), (5, 12)], by=ana, now=NOW)


def test_the_database_refuses_an_anchor_on_other_words(ana):
    quote = QuoteFactory(by=ana)
    with pytest.raises(IntegrityError, match="do not stand"), transaction.atomic():
        Anchor.objects.create(quote=quote, version=quote.version, part=1, start=0, end=3, exact="She")


def test_the_database_refuses_an_anchor_in_another_article(ana):
    quote, other = QuoteFactory(by=ana), ArticleFactory()
    with pytest.raises(IntegrityError, match="another article"), transaction.atomic():
        Anchor.objects.create(
            quote=quote, version=other.current_version, part=1, start=0, end=3, exact=TEXT[:3]
        )


def test_an_anchor_counts_code_points_like_the_text(ana):
    article = ArticleFactory(text="👩‍🚀🇬🇧 “Ünïcode” said the minister.")
    quote = QuoteFactory(article=article, exact="“Ünïcode”", by=ana)
    assert quote.words == "“Ünïcode”"


def test_versions_and_acts_cannot_be_changed_or_deleted(ana):
    quote = QuoteFactory(by=ana)
    for change in (
        lambda: Version.objects.update(text="Other words."),
        lambda: Version.objects.all()._raw_delete("default"),
        lambda: Act.objects.update(verb=Verb.REJECTED),
        lambda: quote.acts.all()._raw_delete("default"),
    ):
        with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic():
            change()


def test_a_change_on_an_old_revision_writes_nothing_and_shows_what_stands_now(ana, ben):
    quote = QuoteFactory(by=ana)
    mine = Quote.objects.get(pk=quote.pk)
    quote.edit(by=ana, revision=1, now=NOW, cue="urged")
    with pytest.raises(StaleRevision) as stale:
        mine.edit(by=ben, revision=1, now=NOW, cue="said")
    assert stale.value.current.cue == "urged"
    assert mine.cue == "told"
    assert quote.acts.count() == 2


def test_a_quote_is_published_only_with_a_speaker_or_mention(ana):
    quote = QuoteFactory(by=ana, speaker=None, mention="")
    with pytest.raises(NotAllowed, match="who speaks"):
        quote.publish(by=ana, revision=1, now=NOW)
    quote.refresh_from_db()
    assert (quote.status, quote.revision) == (Status.DRAFT, 1)


def test_publishing_makes_the_story_new_to_its_readers(ana):
    story = StoryFactory()
    quote = QuoteFactory(article=ArticleFactory(stories=[story]), by=ana)
    quote.publish(by=ana, revision=1, now=LATER)
    story.refresh_from_db()
    assert story.changed_at == LATER
    assert list(Quote.objects.public()) == [quote]


def test_a_withdrawal_needs_a_reason_and_keeps_the_quote_on_record(ana):
    quote = QuoteFactory(by=ana, published=True)
    with pytest.raises(NotAllowed, match="why"):
        quote.withdraw(by=ana, revision=2, now=NOW, reason=" ")
    quote.withdraw(by=ana, revision=2, now=NOW, reason="The speaker was someone else.")
    assert not Quote.objects.public().exists()
    assert Quote.objects.get().withdrawn_reason == "The speaker was someone else."


def test_undo_takes_back_each_of_ones_own_acts_in_turn(ana):
    story = StoryFactory()
    claim = ClaimFactory(story=story)
    quote = QuoteFactory(article=ArticleFactory(stories=[story]), by=ana)
    start = TEXT.index("We will")
    quote.edit(by=ana, revision=1, now=NOW, cue="urged", said_earliest=None, said_latest=None)
    quote.set_stance(claim, "opposes", by=ana, revision=2, now=NOW)
    quote.resize(quote.version, [(start, start + 7)], by=ana, revision=3, now=NOW)
    assert quote.words == "We will"

    quote.undo(by=ana, revision=4, now=NOW)
    assert quote.words == EXACT
    quote.undo(by=ana, revision=5, now=NOW)
    assert not quote.stances.exists()
    quote.undo(by=ana, revision=6, now=NOW)
    quote.refresh_from_db()
    assert (quote.cue, quote.said_earliest) == ("told", dt.date(2019, 5, 8))
    quote.undo(by=ana, revision=7, now=NOW)
    assert quote.status == Status.REJECTED
    with pytest.raises(NotAllowed):
        quote.undo(by=ana, revision=8, now=NOW)
    assert quote.acts.count() == 8


def test_nobody_undoes_what_somebody_else_did(ana, ben):
    quote = QuoteFactory(by=ana)
    quote.edit(by=ben, revision=1, now=NOW, cue="urged")
    with pytest.raises(NotAllowed, match="somebody else"):
        quote.undo(by=ana, revision=2, now=NOW)
    quote.undo(by=ben, revision=2, now=NOW)
    quote.undo(by=ana, revision=3, now=NOW)
    assert quote.status == Status.REJECTED


def test_a_stance_needs_a_claim_of_a_story_that_the_article_is_in(ana):
    quote = QuoteFactory(by=ana)
    with pytest.raises(NotAllowed, match="story"):
        quote.set_stance(ClaimFactory(), "supports", by=ana, revision=1, now=NOW)
    assert quote.revision == 1


def test_a_reworded_sentence_keeps_the_words_that_were_read_and_puts_its_stance_on_check_again(ana):
    story = StoryFactory()
    claim = ClaimFactory(story=story)
    article = ArticleFactory(stories=[story])
    quote = QuoteFactory(article=article, exact="the rollout of 5G could be delayed by the review", by=ana)
    quote.set_stance(claim, "supports", by=ana, revision=1, now=NOW)
    new = TEXT.replace("could be delayed by the review", "would be delayed by the review")
    article.record_version(new, now=LATER, reason="Corrected")
    quote = Quote.objects.get(pk=quote.pk)
    assert quote.words == "the rollout of 5G could be delayed by the review"
    assert Stance.objects.get().check_again
    assert list(Quote.objects.to_check_again()) == [quote]

    # A later version that leaves the sentence alone does not make it read.
    article.record_version(new + "\n\nMore follows.", now=LATER)
    assert list(Quote.objects.to_check_again()) == [quote]

    quote.confirm(article.current_version, by=ana, revision=quote.revision, now=LATER)
    assert not Stance.objects.get().check_again
    assert not Quote.objects.to_check_again().exists()
    assert Quote.objects.get().words == "the rollout of 5G would be delayed by the review"


def test_a_removed_sentence_makes_an_orphan_that_can_be_placed_again_without_touching_the_old_version(ana):
    article = ArticleFactory()
    quote = QuoteFactory(article=article, by=ana)
    first = quote.version
    article.record_version("The vendor denies that its equipment is a risk.", now=LATER)
    orphan = quote.anchors.get(version=article.current_version)
    assert (orphan.state, orphan.exact, orphan.start) == ("orphan", EXACT, None)
    assert list(Quote.objects.orphaned()) == [quote]
    assert Quote.objects.get().words == EXACT

    quote.resize(article.current_version, [(0, 10)], by=ana, revision=1, now=LATER)
    assert quote.anchors.get(version=first).exact == EXACT
    assert Quote.objects.get().words == "The vendor"
    assert not Quote.objects.orphaned().exists()


def test_a_quote_made_on_a_later_version_is_carried_to_the_earlier_ones(ana):
    article = ArticleFactory()
    article.record_version("A new beginning.\n\n" + TEXT, now=LATER)
    quote = QuoteFactory(article=article, by=ana)
    assert [(a.version.number, a.state) for a in quote.anchors.order_by("version__number")] == [
        (1, "exact"),
        (2, "exact"),
    ]


def test_the_same_text_again_records_no_version():
    article = ArticleFactory()
    assert article.record_version(TEXT + "\n\n  \n", now=LATER).number == 1
    assert article.versions.count() == 1


def test_a_role_is_looked_up_at_the_time_of_speaking():
    actor = ActorFactory()
    defence = RoleFactory(actor=actor, title="Defence Secretary", until=dt.date(2019, 5, 1))
    RoleFactory(actor=actor, title="Foreign Secretary", since=dt.date(2019, 5, 2))
    assert actor.role_at(dt.date(2019, 4, 24), dt.date(2019, 4, 24)) == defence
    assert actor.role_at(None, None) is None
    assert actor.role_at(dt.date(2019, 4, 30), dt.date(2019, 5, 3)) is None


def test_a_failed_act_leaves_the_object_as_it_was(ana):
    quote = QuoteFactory(by=ana, published=True)
    with pytest.raises(NotAllowed):
        quote.edit(by=ana, revision=2, now=NOW, speaker=None, mention="")
    assert quote.speaker is not None
    assert quote.revision == 2


@pytest.mark.parametrize("end", ["rejected", "withdrawn", "undone"])
def test_what_has_ended_is_taken_up_again_by_anybody_and_can_be_published(ana, ben, end):
    quote = QuoteFactory(by=ana)
    if end == "rejected":
        quote.reject(by=ana, revision=1, now=NOW)
    elif end == "undone":
        quote.undo(by=ana, revision=1, now=NOW)
    else:
        quote.publish(by=ana, revision=1, now=NOW)
        quote.withdraw(by=ana, revision=2, now=NOW, reason="The speaker was someone else.")
    with pytest.raises(NotAllowed, match="Take it up again first"):
        quote.publish(by=ben, revision=quote.revision, now=NOW)

    quote.revive(by=ben, revision=quote.revision, now=LATER)
    assert quote.status == Status.DRAFT
    assert quote.acts.order_by("-revision").first().get_verb_display() == "took up again"
    quote.publish(by=ben, revision=quote.revision, now=LATER)
    quote.refresh_from_db()
    assert (quote.is_published, quote.withdrawn_reason, quote.words) == (True, "", EXACT)
    quote.undo(by=ben, revision=quote.revision, now=LATER)
    quote.undo(by=ben, revision=quote.revision, now=LATER)
    quote.refresh_from_db()
    assert quote.is_ended
    assert bool(quote.withdrawn_reason) == (end == "withdrawn")


def test_what_is_at_work_is_not_taken_up_again(ana):
    quote = QuoteFactory(by=ana)
    with pytest.raises(NotAllowed, match="at work"):
        quote.revive(by=ana, revision=1, now=NOW)


@pytest.mark.parametrize("step", ["stance", "edit"])
def test_what_is_restored_after_the_outlet_reworded_it_is_to_be_checked_again(ana, step):
    story = StoryFactory()
    claim = ClaimFactory(story=story)
    quote = QuoteFactory(article=ArticleFactory(stories=[story]), by=ana)
    quote.set_stance(claim, "opposes", by=ana, revision=1, now=NOW)
    if step == "edit":
        quote.edit(by=ana, revision=2, now=NOW, cue="urged")
    quote.article.record_version(quote.article.text.replace("not compromise", "never compromise"), now=LATER)
    if step == "stance":
        quote.set_stance(claim, "supports", by=ana, revision=2, now=LATER)
    quote.undo(by=ana, revision=3, now=LATER)
    stance = quote.stances.get()
    assert (stance.position, stance.check_again) == ("opposes", True)
    quote.confirm(quote.article.current_version, by=ana, revision=4, now=LATER)
    assert not quote.stances.get().check_again
