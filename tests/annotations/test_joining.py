"""Quotes joined to one utterance: found, proposed, decided on, taken back; by one editor or two at once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from annotations import joining
from annotations.joining import behind, catch_up, compare, decision, join, keep_apart, separate, undo
from annotations.models import (
    Act,
    Apart,
    NotAllowed,
    ProposedUtterance,
    Quote,
    StaleRevision,
    Status,
    Utterance,
    Verb,
)
from annotations.sample import load
from tests.factories import (
    NOW,
    ActorFactory,
    ArticleFactory,
    EditorFactory,
    QuoteFactory,
    StoryFactory,
    UtteranceFactory,
)

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(minutes=1)
FULL = "We will never compromise the security of our networks, and our allies know it."
CUT = "We will never compromise the security of our networks"


@pytest.fixture
def hunt():
    return ActorFactory(name="Jeremy Hunt")


@pytest.fixture
def ana():
    return EditorFactory()


@pytest.fixture
def make(hunt, ana):
    """A published quote of Hunt's on words of an article of its own."""

    def made(words=FULL, **fields):
        stories = fields.pop("stories", None) or [StoryFactory()]
        article = fields.pop("article", None) or ArticleFactory(
            text=f"“{words}” he said.\n\nNobody knows.", stories=stories
        )
        fields = {"speaker": hunt, "by": ana, "published": True} | fields
        return QuoteFactory(article=article, exact=words, **fields)

    return made


def read(*quotes):
    """As the page has shown them: each with its revision now."""
    return {one.uuid: Quote.objects.get(pk=one.pk).revision for one in quotes}


def proposed():
    """What is proposed, each as the keys of its quotes."""
    found = ProposedUtterance.objects.standing().order_by("pk")
    return [{quote.pk for quote in one.quotes.all()} for one in found]


# Finding.


def test_the_same_words_in_two_outlets_are_proposed_and_not_joined(make):
    one, other = make(), make(CUT)
    assert catch_up(NOW) == 1
    assert proposed() == [{one.pk, other.pk}]
    assert not Quote.objects.filter(utterance__isnull=False).exists()


def test_only_who_has_changed_is_compared_again(make, ana):
    one = make()
    make(CUT)
    make(speaker=ActorFactory())
    assert catch_up(NOW) == 2
    assert behind() == []
    one.edit(by=ana, revision=one.revision, now=LATER, cue="insisted")
    assert behind() == [one.speaker_id]
    assert catch_up(LATER) == 1
    assert len(proposed()) == 1


def test_what_an_actor_said_who_was_merged_is_the_others(make, hunt):
    before = ActorFactory()
    one, other = make(), make(CUT, speaker=before)
    catch_up(NOW)
    assert proposed() == []
    before.merged_into = hunt
    before.save()
    catch_up(NOW)
    assert proposed() == [{one.pk, other.pk}]
    join(read(one, other), by=EditorFactory(), now=LATER)
    assert Utterance.objects.get().speaker == hunt


def test_suggestions_and_what_has_ended_are_not_proposed(make, ana):
    make()
    make(published=False, status=Status.SUGGESTED)
    rejected = make(published=False)
    rejected.reject(by=ana, revision=1, now=NOW)
    catch_up(NOW)
    assert proposed() == []


def test_a_proposal_goes_with_its_quote(make, ana):
    make()
    other = make()
    catch_up(NOW)
    other.withdraw(by=ana, revision=other.revision, now=LATER, reason="Wrong.")
    assert proposed() == []
    catch_up(LATER)
    assert not ProposedUtterance.objects.exists()


def test_who_has_no_quote_left_is_compared_once_more(make, ana):
    for one in (make(), make()):
        catch_up(NOW)
        one.withdraw(by=ana, revision=one.revision, now=LATER, reason="Wrong.")
    catch_up(LATER)
    assert behind() == []
    assert not ProposedUtterance.objects.exists()


def test_many_quotes_are_compared_in_the_same_queries(make, django_assert_max_num_queries):
    make(), make()
    catch_up(NOW)

    def count():
        with django_assert_max_num_queries(20) as captured:
            compare(Quote.objects.first().speaker_id, NOW)
        return len(captured)

    few = count()
    for _ in range(18):
        make()
    assert count() == few


def test_in_the_sample_only_what_is_one_utterance_is_proposed():
    """Most of its renderings are paraphrases, which only a person sees to be one."""
    load(Path(__file__).parents[2] / "seeds", by=EditorFactory())
    known = dict(Quote.objects.filter(utterance__isnull=False).values_list("pk", "utterance"))
    Quote.objects.update(utterance=None)
    catch_up(NOW)
    groups = proposed()
    assert len(groups) >= 4
    for group in groups:
        assert len({known.get(key) for key in group}) == 1
        assert not group - known.keys()


# Joining.


def test_joining_is_an_act_on_each_quote_and_bumps_their_stories(make, ana):
    stories = [StoryFactory(), StoryFactory()]
    one, other = make(stories=stories[:1]), make(CUT, stories=stories[1:])
    catch_up(NOW)
    before = read(one, other)
    join(before, by=ana, now=LATER)
    one, other = Quote.objects.order_by("pk")
    assert one.utterance is not None
    assert one.utterance == other.utterance
    assert read(one, other) == {uuid: revision + 1 for uuid, revision in before.items()}
    for quote in (one, other):
        act = quote.acts.order_by("-revision").first()
        assert (act.verb, act.by, act.state["utterance"]) == (Verb.JOINED, ana, one.utterance_id)
    for story in stories:
        story.refresh_from_db()
        assert story.changed_at == LATER
    assert proposed() == []


def test_two_utterances_become_one_with_all_that_is_in_them(make, hunt, ana):
    large, small = UtteranceFactory(speaker=hunt), UtteranceFactory(speaker=hunt)
    of_large = [make(utterance=large) for _ in range(3)]
    of_small = [make(CUT, utterance=small) for _ in range(2)]
    catch_up(NOW)
    assert [len(one) for one in proposed()] == [2]  # one quote stands for each
    joined = join(read(of_large[0], of_small[0]), by=ana, now=LATER)
    assert {quote.pk for quote in joined} == {quote.pk for quote in of_small}
    assert set(Quote.objects.values_list("utterance", flat=True)) == {large.pk}


def test_three_at_once_and_what_was_not_ticked_is_proposed_again(make, ana):
    one, two, three = make(), make(CUT), make()
    catch_up(NOW)
    assert proposed() == [{one.pk, two.pk, three.pk}]
    join(read(one, two), by=ana, now=LATER)
    assert proposed() == [{one.pk, three.pk}]  # the longer one stands for both
    join(read(one, three), by=ana, now=LATER)
    assert Quote.objects.filter(utterance=Utterance.objects.get()).count() == 3
    assert proposed() == []


def test_what_cannot_be_joined(make, hunt, ana):
    one, other = make(), make(speaker=ActorFactory())
    draft = make(published=False)
    with pytest.raises(NotAllowed, match="at least two"):
        join(read(one), by=ana, now=LATER)
    with pytest.raises(NotAllowed, match="not of one speaker"):
        join(read(one, other), by=ana, now=LATER)
    draft.reject(by=ana, revision=1, now=NOW)
    with pytest.raises(NotAllowed, match="no draft"):
        join(read(one, draft), by=ana, now=LATER)
    utterance = UtteranceFactory(speaker=hunt)
    with pytest.raises(NotAllowed, match="already"):
        join(read(make(utterance=utterance), make(utterance=utterance)), by=ana, now=LATER)
    assert not Act.objects.filter(verb=Verb.JOINED).exists()


def test_nobody_joins_what_was_changed_since_they_read_it(make, ana):
    one, other = make(), make()
    before = read(one, other)
    other.edit(by=EditorFactory(), revision=other.revision, now=LATER, cue="insisted")
    for decide in (join, keep_apart):
        with pytest.raises(StaleRevision):
            decide(before, by=ana, now=LATER)
    assert not Quote.objects.filter(utterance__isnull=False).exists()
    assert not Apart.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_is_told(make):
    quotes = [make() for _ in range(3)]
    catch_up(NOW)
    editors, before = [EditorFactory(), EditorFactory()], [read(*quotes[:2]), read(*quotes[1:])]

    def decide(number):
        try:
            join(before[number], by=editors[number], now=LATER)
        except StaleRevision:
            return "stale"
        finally:
            connection.close()
        return "joined"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, range(2))) == ["joined", "stale"]
    assert Quote.objects.filter(utterance__isnull=False).count() == 2


# Not the same.


def test_what_is_not_the_same_is_never_proposed_again(make, ana):
    one, other = make(), make(CUT)
    catch_up(NOW)
    keep_apart(read(one, other), by=ana, now=LATER)
    assert proposed() == []
    compare(one.speaker_id, LATER)
    assert proposed() == []
    assert Apart.objects.get().by == ana
    with pytest.raises(NotAllowed, match="decided before"):
        keep_apart(read(one, other), by=ana, now=LATER)


def test_of_three_each_two_are_kept_apart(make, ana):
    one, two, three = make(), make(CUT), make()
    catch_up(NOW)
    keep_apart(read(one, two), by=ana, now=LATER)
    assert proposed() in ([{one.pk, three.pk}], [{two.pk, three.pk}])
    keep_apart(read(one, two, three), by=ana, now=LATER)
    assert Apart.objects.count() == 3
    assert proposed() == []


def test_a_quote_kept_apart_from_one_rendering_is_not_proposed_with_its_utterance(make, hunt, ana):
    utterance = UtteranceFactory(speaker=hunt)
    one, other = make(utterance=utterance), make(CUT)
    make(utterance=utterance)
    catch_up(NOW)
    keep_apart(read(one, other), by=ana, now=LATER)
    compare(hunt.pk, LATER)
    assert proposed() == []


@pytest.mark.parametrize("status", ["published", "withdrawn", "rejected"])
def test_a_quote_stays_apart_from_an_utterance_whatever_becomes_of_the_rendering(make, hunt, ana, status):
    utterance = UtteranceFactory(speaker=hunt)
    one, other = make(utterance=utterance, published=status == "withdrawn"), make(CUT)
    third = make(utterance=utterance)
    keep_apart(read(one, other), by=ana, now=LATER)
    if status == "withdrawn":
        one.withdraw(by=ana, revision=one.revision, now=LATER, reason="It was another day.")
    elif status == "rejected":
        one.reject(by=ana, revision=one.revision, now=LATER)
    catch_up(LATER)
    assert proposed() == []
    # What leaves the utterance is one of its own, on which nothing was decided.
    third.refresh_from_db()
    third.edit(by=ana, revision=third.revision, now=LATER, utterance=None)
    catch_up(LATER)
    assert proposed() == [{third.pk, one.pk if status == "published" else other.pk}]


def test_a_proposal_goes_when_its_article_turns_out_to_be_older(make, ana):
    undated = ArticleFactory(text=f"“{FULL}” he said.", published_at=None)
    one, other = make(), make(article=undated, said_earliest=None, said_latest=None)
    catch_up(NOW)
    assert proposed() == [{one.pk, other.pk}]
    undated.published_at = NOW - dt.timedelta(days=300)
    undated.save()
    catch_up(NOW)
    assert proposed() == []


# Separating, undoing.


def test_a_quote_is_separated_for_good(make, ana):
    one, two, three = make(), make(CUT), make()
    join(read(one, two, three), by=ana, now=LATER)
    two.refresh_from_db()
    separate(two, by=ana, revision=two.revision, now=LATER)
    assert Quote.objects.filter(utterance__isnull=False).count() == 2
    compare(one.speaker_id, LATER)
    assert proposed() == []
    two.undo(by=ana, revision=two.revision, now=LATER)
    assert Quote.objects.filter(utterance__isnull=False).count() == 3
    with pytest.raises(NotAllowed, match="in no utterance"):
        separate(make(), by=ana, revision=2, now=LATER)


def test_a_rendering_that_is_withdrawn_meanwhile_stays_separated_when_it_comes_back(make, ana):
    one, two = make(), make()
    join(read(one, two), by=ana, now=LATER)
    two.refresh_from_db()
    two.withdraw(by=ana, revision=two.revision, now=LATER, reason="It was another day.")
    one.refresh_from_db()
    separate(one, by=ana, revision=one.revision, now=LATER)
    two.revive(by=ana, revision=two.revision, now=LATER)
    catch_up(LATER)
    assert proposed() == []


def test_a_separation_undone_leaves_nothing_decided(make, ana):
    one, two = make(), make()
    join(read(one, two), by=ana, now=NOW)
    one.refresh_from_db()
    separate(one, by=ana, revision=one.revision, now=LATER)
    one.undo(by=ana, revision=one.revision, now=LATER)
    assert not Apart.objects.exists()
    undo(decision(ana, NOW), by=ana, now=LATER)
    assert proposed() == [{one.pk, two.pk}]


def test_a_quote_that_turns_out_to_be_somebody_else_s_leaves_the_utterance(make, hunt, ana):
    one, two = make(), make()
    join(read(one, two), by=ana, now=LATER)
    one.refresh_from_db()
    one.edit(by=ana, revision=one.revision, now=LATER, speaker=ActorFactory(name="J. Hunt", merged_into=hunt))
    assert one.utterance is not None
    one.edit(by=ana, revision=one.revision, now=LATER, speaker=ActorFactory(name="Jeremy Wright"))
    assert (one.utterance, two.siblings()) == (None, [])
    one.undo(by=ana, revision=one.revision, now=LATER)
    two.refresh_from_db()
    assert two.siblings() == [one]


def test_joining_is_undone_for_all(make, ana):
    one, two, three = make(), make(CUT), make()
    catch_up(NOW)
    join(read(one, two, three), by=ana, now=LATER)
    done = decision(ana, LATER)
    assert done.is_joining
    assert set(done.quotes) == {one.pk, two.pk, three.pk}
    assert undo(done, by=ana, now=LATER) == 0
    assert not Quote.objects.filter(utterance__isnull=False).exists()
    assert proposed() == [{one.pk, two.pk, three.pk}]
    assert decision(ana, LATER) is None


def test_joining_two_utterances_is_undone_to_two(make, hunt, ana):
    large, small = UtteranceFactory(speaker=hunt), UtteranceFactory(speaker=hunt)
    one, other = make(utterance=large), make(CUT, utterance=small)
    make(utterance=large)
    join(read(one, other), by=ana, now=LATER)
    undo(decision(ana, LATER), by=ana, now=LATER)
    other.refresh_from_db()
    assert other.utterance == small


def test_what_was_changed_since_stays_joined(make, ana):
    one, other = make(), make(CUT)
    join(read(one, other), by=ana, now=LATER)
    other.refresh_from_db()
    other.edit(by=EditorFactory(), revision=other.revision, now=LATER, cue="insisted")
    assert undo(decision(ana, LATER), by=ana, now=LATER) == 1
    assert list(Quote.objects.filter(utterance__isnull=False)) == [other]


def test_not_the_same_is_undone(make, ana):
    one, other = make(), make(CUT)
    catch_up(NOW)
    keep_apart(read(one, other), by=ana, now=LATER)
    done = decision(ana, LATER)
    assert not done.is_joining
    undo(done, by=ana, now=LATER)
    assert proposed() == [{one.pk, other.pk}]
    assert decision(EditorFactory(), LATER) is None


def test_a_comparison_during_which_a_quote_changed_is_dropped_and_made_again(make, ana, monkeypatch):
    one, other = make(), make(CUT)

    def meanwhile(*args):
        join(read(one, other), by=ana, now=LATER)
        return found(*args)

    found = joining.proposed
    monkeypatch.setattr(joining, "proposed", lambda *args: (monkeypatch.undo(), meanwhile(*args))[-1])
    assert compare(one.speaker_id, NOW) == 0
    assert proposed() == []
    assert behind() == [one.speaker_id]
    catch_up(LATER)
    assert behind() == []
