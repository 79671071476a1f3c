"""Reviewing suggestions: each in its turn, accepted, corrected, rejected, skipped, undone; and many at once."""

import datetime as dt
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import Act, Actor, Quote, Status, Verb
from annotations.reviewing import accept_all, batch, undo_all
from annotations.suggested import read
from articles.models import Article
from tests.factories import (
    NOW,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    OutletFactory,
    QuoteFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
TEXT = (
    "Ada Quill, the harbour minister, opened the meeting.\n\n"
    "“We will repair it at night,” Ms Quill told reporters.\n\n"
    "“Nobody will be stopped for long,” she said.\n\n"
    "“It is a fair plan,” Tom Barrow told the council.\n\n"
    "A senior official said that the repairs could take a year."
)


@pytest.fixture
def ana(client):
    editor = EditorFactory(first_name="Ana")
    client.force_login(editor)
    return editor


@pytest.fixture
def ben():
    return EditorFactory(first_name="Ben", last_name="Second")


@pytest.fixture
def quill():
    return ActorFactory(name="Ada Quill")


@pytest.fixture
def article(quill):
    made = ArticleFactory(text=TEXT, stories=[StoryFactory(slug="bridge")])
    read(made.current_version_id, nlp=None, now=NOW)
    return made


def quote_on(words: str) -> Quote:
    found = [quote for quote in Quote.objects.with_words() if words in quote.words]
    return min(found, key=lambda quote: len(quote.words))


def url(name: str, *args: object) -> str:
    return reverse(f"desk:{name}", args=args)


def sent(quote: Quote, **more: object) -> dict[str, object]:
    """What the form on a suggestion sends."""
    speaker = quote.speaker
    start = quote.article.text.index(quote.words)
    return {
        "revision": quote.revision,
        "version": quote.article.current_version_id,
        "start": start,
        "end": start + len(quote.words),
        "exact": quote.words,
        "speaker": speaker.name if speaker else "",
        "speaker_choice": f"actor-{speaker.pk}" if speaker else "",
        "speaker_asked": speaker.name if speaker else "",
        "mention": quote.mention,
        "cue": quote.cue,
        "kind": quote.kind,
        "basis": quote.basis,
        "role": "auto",
        "said_earliest": str(quote.said_earliest or ""),
        **more,
    }


def words_on(page: str) -> str:
    """The words that the page shows for review."""
    found = re.search(r'name="exact" value="([^"]*)"', page)
    return found[1] if found else ""


def shown(client, **query: object) -> str:
    return client.get(url("review"), query, headers=HTMX).content.decode()


# -- what is shown -----------------------------------------------------------------------------------------


def test_a_suggestion_is_shown_in_its_context_with_the_reasons(client, ana, article):
    page = client.get(url("review")).content.decode()
    number = Quote.objects.suggested().count()
    assert f"Suggestion 1 of {number}" in page
    assert "repair it at night" in words_on(page)
    assert "opened the meeting" in page  # the paragraph before
    assert "stopped for long" in page  # and after
    assert "a fair plan" not in page
    assert '<span class="review__cue">told</span>' in page
    assert '<span class="review__mention">Ms Quill</span>' in page
    assert "attributed by “told”" in page
    assert 'value="Ada Quill"' in page


def test_a_pronoun_is_shown_with_its_proposal_and_reason(client, ana, article, quill):
    quote = quote_on("stopped for long")
    page = client.get(url("review-one", quote.uuid)).content.decode()
    assert "Who is “she”?" in page
    assert f'name="proposal" value="actor-{quill.pk}"' in page
    assert "Leave it at “she”" in page
    assert "So you are asked." in page


def test_suggestions_come_in_the_order_of_the_text_and_the_newest_article_first(client, ana, article):
    older = ArticleFactory(
        text=TEXT, stories=[StoryFactory()], published_at=NOW.replace(year=2018), outlet=OutletFactory()
    )
    read(older.current_version_id, nlp=None, now=NOW)
    seen, page = [], shown(client)
    while words := words_on(page):
        seen.append(words)
        skip = re.search(r'id="skip" href="([^"]*)"', page)
        page = client.get(skip[1].replace("&amp;", "&"), headers=HTMX).content.decode()
    assert len(seen) == Quote.objects.suggested().count()
    half = len(seen) // 2
    assert (
        seen[:half] == seen[half:] == sorted(seen[:half], key=lambda w: TEXT.index(w.replace("&quot;", '"')))
    )
    assert "You have seen them all" in page


def test_the_filters_stand_in_the_address(client, ana, article):
    other = ArticleFactory(text=TEXT, stories=[StoryFactory(slug="other")])
    read(other.current_version_id, nlp=None, now=NOW)
    one = Quote.objects.suggested().filter(article=article).count()
    for query, number in (
        ({"story": "bridge"}, one),
        ({"article": article.pk}, one),
        ({"kind": "indirect"}, Quote.objects.suggested().filter(kind="indirect").count()),
        ({"tier": "1"}, Quote.objects.suggested().filter(finding__tier=1).count()),
        ({"story": "nothing", "tier": "9", "article": "x"}, 2 * one),
    ):
        assert f"Suggestion 1 of {number}<" in shown(client, **query), query
    assert "Nothing is suggested that matches" in shown(client, story="bridge", tier="1", kind="indirect")


def test_with_nothing_suggested_it_says_what_comes(client, ana):
    assert "Nothing is suggested at the moment" in client.get(url("review")).content.decode()


def test_words_that_are_no_longer_in_the_article_are_not_shown(client, ana, article):
    article.record_version("Nothing of all that.", now=NOW)
    assert words_on(shown(client)) == ""


def test_a_suggestion_that_the_engine_did_not_explain_is_shown_too(client, ana):
    article = ArticleFactory(stories=[StoryFactory()])
    QuoteFactory(article=article, status=Status.SUGGESTED)
    assert "compromise on security" in shown(client)


# -- accepting ---------------------------------------------------------------------------------------------


def test_accepting_makes_a_draft_by_one_act_and_shows_the_next(client, ana, article, quill):
    quote = quote_on("repair it at night")
    answer = client.post(url("review-one", quote.uuid), sent(quote, seen=0, of=4), headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "stopped for long" in words_on(page)
    assert "Suggestion 2 of 4" in page
    assert "Accepted as a draft." in page
    quote.refresh_from_db()
    assert (quote.status, quote.speaker) == (Status.DRAFT, quill)
    assert [(a.verb, a.by) for a in quote.acts.order_by("id")] == [("created", None), ("accepted", ana)]


def test_accepting_with_corrections_keeps_them(client, ana, article):
    claim = ClaimFactory(story=article.stories.get())
    barrow = ActorFactory(name="Tom Barrow")
    quote = quote_on("repair it at night")
    data = sent(quote, speaker="Tom Barrow", cue="promised", kind="indirect", said_earliest="2019-05-07")
    data |= {"speaker_choice": "", "speaker_asked": "", f"stance-{claim.pk}": "supports"}
    words = "repair it at night"
    start = TEXT.index(words)
    data |= {"start": start, "end": start + len(words), "exact": words}
    client.post(url("review-one", quote.uuid), data, headers=HTMX)
    quote = Quote.objects.with_words().get(pk=quote.pk)
    assert (quote.speaker, quote.cue, quote.kind, quote.words) == (barrow, "promised", "indirect", words)
    assert str(quote.said_earliest) == "2019-05-07"
    assert quote.stances.get().position == "supports"
    assert quote.acts.filter(by=ana).count() == 1


def test_accepting_can_publish_at_once(client, ana, article):
    quote = quote_on("repair it at night")
    client.post(url("review-one", quote.uuid), sent(quote, then="publish"), headers=HTMX)
    quote.refresh_from_db()
    assert quote.status == Status.PUBLISHED


def test_a_button_moves_the_end_of_the_words_and_accepts_nothing(client, ana, article):
    quote = quote_on("repair it at night")
    page = client.post(
        url("review-one", quote.uuid), sent(quote, move="0-end-earlier", cue="typed"), headers=HTMX
    ).content.decode()
    assert words_on(page) == quote.words[:-1]
    assert 'value="typed"' in page
    quote.refresh_from_db()
    assert (quote.status, quote.revision) == (Status.SUGGESTED, 1)


def test_nobody_goes_in_with_a_pronoun_alone(client, ana, article, quill):
    quote = quote_on("stopped for long")
    where = url("review-one", quote.uuid)
    for then in ("", "publish"):
        answer = client.post(where, sent(quote, then=then), headers=HTMX)
        assert answer.status_code == 422
        assert "alone would go in without a speaker" in answer.content.decode()
    quote.refresh_from_db()
    assert quote.status == Status.SUGGESTED
    client.post(where, sent(quote, proposal=f"actor-{quill.pk}"), headers=HTMX)
    quote.refresh_from_db()
    assert (quote.status, quote.speaker, quote.mention) == (Status.DRAFT, quill, "she")


def test_it_may_stay_open_who_she_is_if_somebody_says_so(client, ana, article):
    quote = quote_on("stopped for long")
    client.post(url("review-one", quote.uuid), sent(quote, proposal="unnamed"), headers=HTMX)
    quote.refresh_from_db()
    assert (quote.status, quote.speaker) == (Status.DRAFT, None)


def test_somebody_new_is_made_only_when_told(client, ana, article):
    quote = quote_on("a fair plan")
    where = url("review-one", quote.uuid)
    page = client.get(where).content.decode()
    assert 'value="Tom Barrow"' in page
    assert "Make “Tom Barrow” a new person" in page
    data = sent(quote, speaker="Tom Barrow", speaker_asked="Tom Barrow")
    assert client.post(where, data, headers=HTMX).status_code == 422
    assert not Actor.objects.filter(name="Tom Barrow").exists()
    client.post(where, data | {"speaker_choice": "new-person"}, headers=HTMX)
    quote.refresh_from_db()
    assert quote.speaker == Actor.objects.get(name="Tom Barrow")


def test_who_was_made_a_minute_ago_is_known_for_the_next_suggestion(client, ana, article):
    barrow = ActorFactory(name="Tom Barrow")
    page = client.get(url("review-one", quote_on("a fair plan").uuid)).content.decode()
    assert f'name="speaker_choice" value="actor-{barrow.pk}"' in page


def test_an_unnamed_source_keeps_its_words(client, ana, article):
    quote = quote_on("could take a year")
    assert client.post(url("review-one", quote.uuid), sent(quote), headers=HTMX).status_code == 200
    quote.refresh_from_db()
    assert (quote.status, quote.speaker, quote.mention) == (Status.DRAFT, None, "A senior official")


@pytest.mark.parametrize(
    "source", ["Ministers", "Residents", "Police", "Senior ministers", "Treasury sources"]
)
def test_people_whom_nobody_names_are_an_unnamed_source_and_nobody_new(client, ana, source):
    text = f"It was a long day.\n\n“We will repair it at night,” {source} told reporters."
    made = ArticleFactory(text=text, stories=[StoryFactory()])
    read(made.current_version_id, nlp=None, now=NOW)
    quote = quote_on("repair it at night")
    assert quote.mention == source
    page = client.get(url("review-one", quote.uuid)).content.decode()
    assert "a new person" not in page
    assert 'id="quote-speaker" value=""' in page
    assert client.post(url("review-one", quote.uuid), sent(quote), headers=HTMX).status_code == 200
    quote.refresh_from_db()
    assert (quote.status, quote.speaker, quote.mention) == (Status.DRAFT, None, source)
    assert not Actor.objects.exists()


@pytest.mark.parametrize("source", ["Huawei", "Pelé", "Downing Street", "No 10"])
def test_a_name_that_nobody_has_is_offered_as_somebody_new(client, ana, source):
    text = f"It was a long day.\n\n“We will repair it at night,” {source} told reporters."
    made = ArticleFactory(text=text, stories=[StoryFactory()])
    read(made.current_version_id, nlp=None, now=NOW)
    page = client.get(url("review-one", quote_on("repair it at night").uuid)).content.decode()
    assert f"Make “{source}” a new person" in page


# -- rejecting, undoing, two editors -----------------------------------------------------------------------


def test_rejecting_goes_on_too_and_can_be_undone(client, ana, article):
    quote = quote_on("repair it at night")
    page = client.post(
        url("review-rejection", quote.uuid), sent(quote, seen=0, of=4), headers=HTMX
    ).content.decode()
    assert "Suggestion 2 of 4" in page
    quote.refresh_from_db()
    assert quote.status == Status.REJECTED
    assert url("review-undo", quote.uuid) in page
    page = client.post(
        url("review-undo", quote.uuid), {"revision": quote.revision, "seen": 1, "of": 4}, headers=HTMX
    ).content.decode()
    assert "repair it at night" in words_on(page)
    assert "Suggestion 1 of 4" in page
    quote.refresh_from_db()
    assert quote.status == Status.SUGGESTED


def test_undoing_an_acceptance_takes_corrections_and_stances_back(client, ana, article):
    claim = ClaimFactory(story=article.stories.get())
    quote = quote_on("repair it at night")
    before = quote.snapshot()
    data = sent(quote, cue="promised", then="publish") | {f"stance-{claim.pk}": "supports"}
    client.post(url("review-one", quote.uuid), data, headers=HTMX)
    quote.refresh_from_db()
    client.post(url("review-undo", quote.uuid), {"revision": quote.revision}, headers=HTMX)
    assert Quote.objects.get(pk=quote.pk).snapshot() == before


@pytest.mark.parametrize("step", ["review-one", "review-rejection"])
def test_when_another_editor_was_quicker_nothing_is_lost(client, ana, ben, article, step):
    quote = quote_on("repair it at night")
    data = sent(quote, cue="promised")
    quote.accept(article.current_version, by=ben, revision=quote.revision, now=NOW, cue="swore")
    answer = client.post(url(step, quote.uuid), data, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ben Second accepted it meanwhile." in page
    assert "swore" in page
    assert "promised" in page
    assert "told" in page  # what both began with
    assert "Keep theirs, and go on" in page
    quote.refresh_from_db()
    assert (quote.status, quote.cue) == (Status.DRAFT, "swore")


def again_in(page: str) -> tuple[str, dict[str, str]]:
    """Where the button that puts mine on top sends what."""
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', page)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    return unescape(action[1]), {name: unescape(value) for name, value in fields.items()}


def test_mine_on_top_corrects_what_the_other_accepted_and_goes_on(client, ana, ben, article):
    claim, other = (ClaimFactory(story=article.stories.get()) for _ in range(2))
    quote = quote_on("repair it at night")
    data = sent(quote, cue="promised", seen=0, of=4) | {
        f"stance-{claim.pk}": "supports",
        f"stance-{other.pk}": "",
    }
    words = "repair it at night"
    start = TEXT.index(words)
    data |= {"start": start, "end": start + len(words), "exact": words}
    quote.accept(
        article.current_version,
        by=ben,
        revision=quote.revision,
        now=NOW,
        mention="the minister",
        stances={other: "opposes"},
    )
    page = client.post(f"{url('review-one', quote.uuid)}?story=bridge", data, headers=HTMX).content.decode()
    assert claim.text in page and "no stance" in page
    action, again = again_in(page)
    assert action.endswith("?story=bridge")
    answer = client.post(action, again, headers=HTMX)
    assert answer.status_code == 200
    assert "Suggestion 2 of 4" in answer.content.decode()
    quote = Quote.objects.with_words().get(pk=quote.pk)
    assert (quote.status, quote.cue, quote.mention) == (Status.DRAFT, "promised", "the minister")
    assert quote.words == words
    assert {s.claim: s.position for s in quote.stances.all()} == {claim: "supports", other: "opposes"}


def test_what_was_put_on_top_is_undone_step_by_step(client, ana, ben, article):
    quote = quote_on("repair it at night")
    data = sent(quote, cue="promised", then="publish", seen=0, of=4)
    quote.reject(by=ben, revision=1, now=NOW)
    page = client.post(url("review-one", quote.uuid), data, headers=HTMX).content.decode()
    page = client.post(*again_in(page), headers=HTMX).content.decode()
    for status in ("draft", "draft", "rejected"):
        quote.refresh_from_db()
        answer = client.post(
            url("review-undo", quote.uuid), {"revision": quote.revision, "seen": 1, "of": 4}, headers=HTMX
        )
        assert f"Undone: your last step. It is {status} now." in answer.content.decode()
        assert "stopped for long" in words_on(answer.content.decode())
    quote.refresh_from_db()
    assert (quote.status, quote.cue) == (Status.REJECTED, "told")


def test_mine_on_top_takes_up_again_what_the_other_rejected_and_publishes_it(client, ana, ben, article):
    quote = quote_on("repair it at night")
    data = sent(quote, then="publish")
    quote.reject(by=ben, revision=quote.revision, now=NOW)
    page = client.post(url("review-one", quote.uuid), data, headers=HTMX).content.decode()
    assert "Ben Second rejected it meanwhile." in page
    client.post(*again_in(page), headers=HTMX)
    quote.refresh_from_db()
    assert quote.status == Status.PUBLISHED


def test_mine_on_top_rejects_a_draft_but_not_what_readers_see(client, ana, ben, article):
    quote = quote_on("repair it at night")
    data = sent(quote)
    quote.accept(article.current_version, by=ben, revision=1, now=NOW)
    page = client.post(url("review-rejection", quote.uuid), data, headers=HTMX).content.decode()
    assert "reject it" in page
    action, again = again_in(page)
    quote.publish(by=ben, revision=2, now=NOW)
    answer = client.post(action, again | {"revision": "3"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Withdraw it, with a reason." in answer.content.decode()
    other = quote_on("a fair plan")
    data = sent(other)
    other.accept(article.current_version, by=ben, revision=1, now=NOW)
    page = client.post(url("review-rejection", other.uuid), data, headers=HTMX).content.decode()
    assert client.post(*again_in(page), headers=HTMX).status_code == 200
    other.refresh_from_db()
    assert other.status == Status.REJECTED


def test_what_another_editor_does_between_the_conflict_and_the_press_is_a_conflict_again(
    client, ana, ben, article
):
    quote = quote_on("repair it at night")
    data = sent(quote, cue="promised")
    quote.accept(article.current_version, by=ben, revision=1, now=NOW)
    page = client.post(url("review-one", quote.uuid), data, headers=HTMX).content.decode()
    quote.edit(by=ben, revision=2, now=NOW, cue="swore")
    answer = client.post(*again_in(page), headers=HTMX)
    assert answer.status_code == 409
    assert "Ben Second edited it meanwhile." in answer.content.decode()


def test_a_suggestion_whose_words_a_new_version_removed_is_not_put_back(client, ana, article):
    quote = quote_on("repair it at night")
    data = sent(quote, cue="promised")
    article.record_version("Nothing of all that.", now=NOW)
    read(article.current_version_id, nlp=None, now=NOW)
    answer = client.post(url("review-one", quote.uuid), data, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Newsdesk rejected it meanwhile." in page
    assert "promised" in page
    answer = client.post(*again_in(page), headers=HTMX)
    assert answer.status_code == 422
    assert "The outlet has removed these words." in answer.content.decode()
    quote.refresh_from_db()
    assert quote.status == Status.REJECTED


# -- the same once more ------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["review-one", "review-rejection"])
def test_the_same_form_sent_twice_goes_on_as_after_the_first(client, ana, article, step):
    quote = quote_on("repair it at night")
    data = sent(quote, cue="promised", seen=0, of=4)
    for _ in range(2):
        answer = client.post(url(step, quote.uuid), data, headers=HTMX)
        assert answer.status_code == 200
        assert "Suggestion 2 of 4" in answer.content.decode()
    quote.refresh_from_db()
    assert quote.revision == 2


def test_undoing_twice_undoes_once(client, ana, article):
    quote = quote_on("repair it at night")
    client.post(url("review-rejection", quote.uuid), sent(quote), headers=HTMX)
    for _ in range(2):
        answer = client.post(
            url("review-undo", quote.uuid), {"revision": 2, "seen": 1, "of": 4}, headers=HTMX
        )
        assert "repair it at night" in words_on(answer.content.decode())
    quote.refresh_from_db()
    assert (quote.status, quote.revision) == (Status.SUGGESTED, 3)


def test_a_page_gone_back_to_and_changed_is_compared_with_what_was_accepted(client, ana, article):
    quote = quote_on("repair it at night")
    data = sent(quote)
    client.post(url("review-one", quote.uuid), data)
    answer = client.post(url("review-one", quote.uuid), data | {"cue": "promised"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "You accepted it meanwhile, with other values." in page
    client.post(*again_in(page))
    quote.refresh_from_db()
    assert (quote.status, quote.cue) == (Status.DRAFT, "promised")


def test_one_s_own_step_that_somebody_built_on_is_not_undone_on_top(client, ana, ben, article):
    quote = quote_on("repair it at night")
    client.post(url("review-one", quote.uuid), sent(quote), headers=HTMX)
    Quote.objects.get(pk=quote.pk).edit(by=ben, revision=2, now=NOW, cue="swore")
    answer = client.post(url("review-undo", quote.uuid), {"revision": 2}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ben Second edited it meanwhile." in page
    assert "Put mine on top" not in page


def test_a_new_version_meanwhile_is_looked_at_first(client, ana, article):
    quote = quote_on("repair it at night")
    data = sent(quote, cue="typed")
    article.record_version(f"{TEXT}\n\nThe end.", now=NOW)
    answer = client.post(url("review-one", quote.uuid), data, headers=HTMX)
    assert answer.status_code == 409
    assert "new version since this page was loaded" in answer.content.decode()
    assert 'value="typed"' in answer.content.decode()
    quote.refresh_from_db()
    assert quote.status == Status.SUGGESTED


def test_moving_an_end_keeps_the_revision_on_which_it_was_typed(client, ana, ben, article):
    quote = quote_on("repair it at night")
    data = sent(quote, move="0-end-earlier", cue="typed")
    quote.accept(article.current_version, by=ben, revision=1, now=NOW)
    page = client.post(url("review-one", quote.uuid), data, headers=HTMX).content.decode()
    assert 'name="revision" value="1"' in page


def test_moving_an_end_in_an_old_version_shows_the_words_of_the_new_one(client, ana, article):
    quote = quote_on("repair it at night")
    data = sent(quote, move="0-end-earlier", cue="typed")
    article.record_version(f"On top.\n\n{TEXT}", now=NOW)
    answer = client.post(url("review-one", quote.uuid), data, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "new version since this page was loaded" in page
    assert words_on(page) == quote.words[:-1]
    assert f'name="start" value="{article.current_version.text.index(quote.words)}"' in page
    assert 'value="typed"' in page


def test_a_stance_on_a_claim_that_is_gone_is_not_lost_silently(client, ana, article):
    story = article.stories.get()
    gone, kept = ClaimFactory(story=story), ClaimFactory(story=story)
    quote = quote_on("repair it at night")
    data = sent(quote, cue="typed") | {f"stance-{gone.pk}": "supports", f"stance-{kept.pk}": "opposes"}
    gone.delete()
    answer = client.post(url("review-one", quote.uuid), data, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "is no longer one of the article’s" in page
    assert 'value="typed"' in page
    assert re.search(rf'name="stance-{kept.pk}" value="opposes"[^>]* checked', page)
    quote.refresh_from_db()
    assert quote.status == Status.SUGGESTED


def test_an_article_that_left_the_story_is_reviewed_without_its_claims(client, ana, article):
    story = article.stories.get()
    claim = ClaimFactory(story=story)
    quote = quote_on("repair it at night")
    story.articles.remove(article)
    where = f"{url('review-one', quote.uuid)}?story=bridge"
    assert claim.text not in client.get(where).content.decode()
    data = sent(quote, seen=0, of=4)
    assert client.post(where, data | {f"stance-{claim.pk}": "supports"}, headers=HTMX).status_code == 409
    answer = client.post(where, data, headers=HTMX)
    assert answer.status_code == 200
    assert "All of these are reviewed" in answer.content.decode()
    quote.refresh_from_db()
    assert quote.status == Status.DRAFT


def test_words_chosen_by_sentences_come_back_to_the_review_with_what_was_typed(client, ana, article):
    quote = quote_on("repair it at night")
    where = f"{url('review-one', quote.uuid)}?story=bridge"
    page = client.get(where).content.decode()
    data = {**sent(quote, cue="typed", then="replace", seen=0, of=4), **hidden(page, "quote", "sitting")}
    answer = client.post(reverse("desk:sentences", args=[article.pk]), data)
    answer = client.get(f"{answer['Location']}&from=1&to=1&use=1")
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "Suggestion 1 of 4" in page
    assert words_on(page) == TEXT.split("\n\n")[1]
    assert 'value="typed"' in page
    assert "?story=bridge" in page
    quote.refresh_from_db()
    assert quote.status == Status.SUGGESTED


def hidden(page: str, *names: str) -> dict[str, str]:
    """Hidden fields of the form on a suggestion."""
    return {
        name: unescape(re.search(rf'type="hidden" name="{name}" value="([^"]*)"', page)[1]) for name in names
    }


def test_what_comes_in_an_address_is_taken_for_no_more_than_it_is(client, ana, article):
    quote = quote_on("repair it at night")
    where = url("review-one", quote.uuid)
    for query in (
        "?typed-start=99999&typed-end=3&typed-version=1",
        "?typed-revision=x&typed-cue=y",
        "?typed-role=999&typed-speaker_choice=actor-0&typed-proposal=zz",
        "?seen=-1&of=x&last=1&batch=no",
    ):
        assert client.get(where + query).status_code in {200, 422}, query


def test_it_works_without_scripts(client, ana, article):
    quote = quote_on("repair it at night")
    answer = client.post(
        url("review-one", quote.uuid) + "?story=bridge", sent(quote, seen=0, of=4), follow=True
    )
    page = answer.content.decode()
    assert answer.redirect_chain[0][0].startswith(f"{url('review')}?story=bridge&")
    assert "Accepted as a draft." in page
    assert "Suggestion 2 of 4" in page
    assert "stopped for long" in words_on(page)
    quote.refresh_from_db()
    page = client.post(
        url("review-undo", quote.uuid), {"revision": quote.revision, "seen": 1, "of": 4}, follow=True
    ).content.decode()
    assert "repair it at night" in words_on(page)


# -- many at once ------------------------------------------------------------------------------------------


def test_accepting_all_says_first_how_many_and_whom_it_leaves(client, ana, article):
    page = client.get(url("review-all")).content.decode()
    assert "Accept 2 suggestions as drafts?" in page
    assert "2 stay as suggestions" in page
    assert "such as “A senior official”" in page
    assert not Quote.objects.drafts().exists()


def test_all_are_accepted_each_with_its_act_and_undone_together(client, ana, article):
    answer = client.post(url("review-all"), {"count": "2"}, follow=True)
    assert "2 suggestions are drafts now." in answer.content.decode()
    accepted = Act.objects.filter(verb=Verb.ACCEPTED, by=ana)
    assert accepted.count() == Quote.objects.drafts().count() == 2
    at = re.search(r'name="batch" value="([^"]*)"', answer.content.decode())
    one = quote_on("repair it at night")
    one.edit(by=ana, revision=one.revision, now=NOW, cue="promised")
    answer = client.post(url("review-all-undo"), {"batch": at[1]}, follow=True)
    assert "1 suggestion waits again. 1 stayed" in answer.content.decode()
    assert [quote.words for quote in Quote.objects.drafts().with_words()] == [one.words]


def test_only_what_the_filter_leaves_is_accepted(client, ana, article):
    client.post(url("review-all") + "?tier=1&kind=direct", {"count": "1"})
    assert [q.pk for q in Quote.objects.drafts()] == [quote_on("repair it at night").pk]


def test_what_was_found_in_an_earlier_version_is_not_accepted_unread(client, ana, article):
    article.record_version(TEXT.replace("Ms Quill told reporters", "Mr Barrow told reporters"), now=NOW)
    page = client.get(url("review-all")).content.decode()
    assert "None of these can be accepted unread" in page
    assert "the article has changed since" in page
    page = client.get(url("review")).content.decode()
    assert "In an earlier version of the text." in page
    assert "who says them</span>" not in page
    read(article.current_version_id, nlp=None, now=NOW)
    assert "In an earlier version of the text." not in client.get(url("review")).content.decode()
    client.post(url("review-all"), {"count": "1"})
    assert [quote.mention for quote in Quote.objects.drafts()] == ["A senior official"]
    assert quote_on("repair it at night").speaker is None


def test_nothing_is_accepted_when_there_are_others_than_were_shown(client, ana, article):
    answer = client.post(url("review-all"), {"count": "1"})
    assert answer.status_code == 409
    assert "Nothing was accepted yet" in answer.content.decode()
    assert not Quote.objects.drafts().exists()


def test_one_that_another_editor_took_stops_all_of_it(client, ana, ben, article, monkeypatch):
    from annotations import reviewing
    from annotations.views.desk import review

    def meanwhile(quotes, **more):
        taken = Quote.objects.get(pk=quotes[-1].pk)
        taken.reject(by=ben, revision=taken.revision, now=NOW)
        reviewing.accept_all(quotes, **more)

    monkeypatch.setattr(review, "accept_all", meanwhile)
    answer = client.post(url("review-all"), {"count": "2"})
    assert answer.status_code == 409
    assert "Another editor was quicker" in answer.content.decode()
    assert not Quote.objects.drafts().exists()


def test_each_that_is_accepted_or_undone_takes_the_same_number_of_queries(ana, quill):
    story = StoryFactory()

    def taken(count: int) -> tuple[int, int]:
        words = "\n\n".join(f"“We will repair bridge {n} at night,” Ada Quill told us." for n in range(count))
        made = ArticleFactory(text=words, stories=[story])
        read(made.current_version_id, nlp=None, now=NOW)
        at = NOW + dt.timedelta(minutes=count)
        with CaptureQueriesContext(connection) as accepting:
            found = batch({"article": made})
            accept_all(found.quotes, by=ana, now=at)
        with CaptureQueriesContext(connection) as undoing:
            assert undo_all(ana, at, now=at) == (count, 0)
        return len(accepting), len(undoing)

    few, some, many = taken(2), taken(12), taken(22)
    assert [b - a for a, b in zip(few, some, strict=True)] == [b - a for a, b in zip(some, many, strict=True)]
    accepted, undone = ((b - a) / 10 for a, b in zip(some, many, strict=True))
    assert accepted <= 7
    assert undone <= 13


# -- the rest ----------------------------------------------------------------------------------------------


def test_the_desk_leads_here(client, ana, article):
    assert url("review") in client.get(url("home")).content.decode()
    assert url("review") in client.get(url("list", "suggested")).content.decode()


def test_the_page_asks_as_often_for_ten_times_as_many(client, ana, article, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as few:
        client.get(url("review"))
    many: Article = ArticleFactory(
        text=TEXT
        + "".join(f"\n\n“We will repair bridge {n} at night,” Ada Quill told us." for n in range(50)),
        stories=[article.stories.get()],
    )
    read(many.current_version_id, nlp=None, now=NOW)
    with django_assert_max_num_queries(len(few)):
        client.get(url("review"))
