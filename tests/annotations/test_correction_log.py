import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.models import Event, Stance
from tests.annotations.reading import publish, text_of, tree_of, words_of
from tests.factories import (
    NOW,
    TEXT,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    EventFactory,
    OutletFactory,
    QuoteFactory,
    RoleFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
PAGE = "/stories/the-story/corrections/"


@pytest.fixture
def editor():
    return EditorFactory()


@pytest.fixture
def story():
    return StoryFactory(slug="the-story")


@pytest.fixture
def article(story):
    outlet = OutletFactory(name="The Sample Wire")
    return ArticleFactory(stories=[story], outlet=outlet, headline="Minister warns of delay")


@pytest.fixture
def quote(article, editor):
    speaker = ActorFactory(name="Minister Quill")
    return QuoteFactory(article=article, by=editor, speaker=speaker, published=True)


def edit(annotation, by, hours=1, **fields):
    annotation.edit(by=by, revision=annotation.revision, now=NOW + hours * HOUR, **fields)


def page_of(client, query=""):
    response = client.get(f"{PAGE}{query}")
    assert response.status_code == 200
    return response


def entries(response):
    return [" ".join(entry.text_content().split()) for entry in tree_of(response).find_class("correction")]


# What the desk corrected.


def test_a_story_of_which_nothing_was_corrected_says_so(client, quote):
    response = page_of(client)
    assert entries(response) == []
    assert "Nothing was corrected" in words_of(response)


def test_a_corrected_speaker_is_told_with_both_names_and_when(client, quote, editor):
    edit(quote, editor, speaker=ActorFactory(name="Minister Penn"))
    (entry,) = entries(page_of(client))
    assert entry.startswith("9 May 2019, 14:00 BST Corrected: Minister Penn, “We will not compromise on")
    assert "in The Sample Wire" in entry
    assert "Who speaks: [before: Minister Quill] [now: Minister Penn]" in entry


def test_nobody_of_the_desk_is_named(client, quote):
    colleague = EditorFactory(first_name="Nia", last_name="Newcomer")
    edit(quote, colleague, cue="warned")
    assert "Newcomer" not in words_of(page_of(client))


def test_each_fact_is_told_before_and_after(client, quote, editor):
    role = RoleFactory(actor=quote.speaker, title="Harbour minister")
    edit(
        quote,
        editor,
        cue="warned",
        role=role,
        kind="indirect",
        basis="leak",
        said_earliest=dt.date(2019, 4, 22),
        said_latest=dt.date(2019, 4, 28),
        said_expression="last week",
        relayed_by_outlet=OutletFactory(name="The Relay"),
        mention="Ms Quill",
    )
    (entry,) = entries(page_of(client))
    for line in (
        "The word that attributes it: [before: told] [now: warned]",
        "The speaker’s role: [before: nothing] [now: Harbour minister]",
        "Who relayed it: [before: nothing] [now: The Relay]",
        "When it was said: [before: 8 May 2019] [now: 22–28 April 2019 (“last week”)]",
        "How the article names the speaker: [before: the minister] [now: Ms Quill]",
        "On what basis it was told: [before: on the record] [now: leak]",
    ):
        assert line in entry


def test_other_words_are_shown_word_by_word(client, quote, editor, article):
    start = TEXT.index("will not compromise")
    span = (start, start + len("will not compromise on security"))
    quote.resize(article.current_version, [span], by=editor, revision=quote.revision, now=NOW + HOUR)
    response = page_of(client)
    assert "Which words are the quote:" in entries(response)[0]
    (removed, *_) = tree_of(response).xpath("//*[@class='diff']//del")
    assert "We" in text_of(removed)


def test_a_stance_is_told_by_its_claim_and_only_on_claims_of_the_story(client, quote, editor, story, article):
    secret = StoryFactory(status="draft")
    secret.articles.add(article)
    claim, other = ClaimFactory(story=story, text="Keep it out."), ClaimFactory(story=secret, text="Hush.")
    quote.set_stance(claim, Stance.Position.OPPOSES, by=editor, revision=2, now=NOW + HOUR)
    quote.set_stance(claim, Stance.Position.MIXED, by=editor, revision=3, now=NOW + 2 * HOUR)
    quote.set_stance(other, Stance.Position.MIXED, by=editor, revision=4, now=NOW + 3 * HOUR)
    response = page_of(client)
    newest, oldest = entries(response)
    assert "The stance on “Keep it out.”: [before: opposes] [now: mixed]" in newest
    assert "[before: nothing] [now: opposes]" in oldest
    assert "Hush" not in words_of(response)


def test_what_was_before_readers_saw_it_is_not_told(client, article, editor):
    quote = QuoteFactory(article=article, by=editor, speaker=ActorFactory(name="Nobody Yet"))
    edit(quote, editor, speaker=ActorFactory(name="Minister Penn"))
    publish(quote)
    edit(quote, editor, hours=2, speaker=quote.speaker)  # changes nothing
    response = page_of(client)
    assert entries(response) == []
    assert "Nobody Yet" not in words_of(response)


# What it took back.


def test_of_a_withdrawn_quote_only_the_withdrawal_and_its_reason_are_told(client, quote, editor):
    edit(quote, editor, speaker=ActorFactory(name="Wrong Name"))
    quote.withdraw(by=editor, revision=3, now=NOW + 2 * HOUR, reason="She did not say it.")
    response = page_of(client)
    (entry,) = entries(response)
    assert "Taken back: a quote from “Minister warns of delay” in The Sample Wire" in entry
    assert "Why: She did not say it." in entry
    assert "Wrong Name" not in words_of(response)
    assert "compromise" not in words_of(response)


def test_what_was_published_again_is_told_with_what_is_different(client, quote, editor):
    quote.withdraw(by=editor, revision=2, now=NOW + HOUR, reason="Not checked.")
    quote.revive(by=editor, revision=3, now=NOW + 2 * HOUR)
    edit(quote, editor, hours=3, mention="In between")
    edit(quote, editor, hours=4, cue="warned", mention="the minister")
    quote.publish(by=editor, revision=6, now=NOW + 5 * HOUR)
    response = page_of(client)
    again, taken = entries(response)
    assert "Published again: Minister Quill" in again
    assert "[before: told] [now: warned]" in again
    assert "Taken back: Minister Quill" in taken
    assert "In between" not in words_of(response)


def test_an_event_is_told_in_the_same_way(client, story, editor):
    event = EventFactory(story=story, by=editor, title="The council met", published=True)
    edit(event, editor, title="The council met in secret", when_latest=dt.date(2019, 4, 24), place="London")
    (entry,) = entries(page_of(client))
    assert "Corrected: the event “The council met in secret”" in entry
    assert "in secret" in entry
    assert "[before: 23 April 2019] [now: 23–24 April 2019]" in entry
    assert "Where it happened: [before: nothing] [now: London]" in entry
    event.withdraw(by=editor, revision=event.revision, now=NOW + 2 * HOUR, reason="It was another council.")
    response = page_of(client)
    (entry,) = entries(response)
    assert "Taken back: an event of the timeline Why: It was another council." in entry
    assert "met in secret" not in words_of(response)


def test_evidence_is_told_when_a_piece_was_added_and_not_when_the_text_got_a_version(
    client, story, article, editor
):
    version = article.current_version
    event = Event.draft(story, by=editor, now=NOW, title="It began", evidence=[(version, 0, 12)])
    publish(event)
    article.record_version(f"{TEXT}\n\nMore.", now=NOW + HOUR)
    edit(event, editor, hours=2, place="London")
    assert "evidence" not in entries(page_of(client))[0]
    event.add_evidence(
        article.current_version, [(20, 40)], by=editor, revision=event.revision, now=NOW + 3 * HOUR
    )
    assert "Which words are its evidence" in entries(page_of(client))[0]


# What outlets changed.


def test_a_change_of_a_text_is_told_where_it_touched_a_published_quote(client, quote, article):
    article.record_version(
        TEXT.replace("not compromise", "hardly compromise"), now=NOW + HOUR, reason="Mended."
    )
    article.record_version(
        TEXT.replace("not compromise", "hardly compromise") + "\n\nMore.", now=NOW + 2 * HOUR
    )
    response = page_of(client)
    (entry,) = entries(response)
    assert "Changed by the outlet: “Minister warns of delay” in The Sample Wire" in entry
    assert "Recorded as: Mended." in entry
    assert "Reworded: Minister Quill" in entry
    assert "[removed: not]" in entry
    assert tree_of(response).xpath(f"//a[@href='{article.get_absolute_url()}diff/1/2/']")


def test_what_touched_only_a_draft_is_not_told(client, article, editor):
    QuoteFactory(article=article, by=editor)
    article.record_version(TEXT.replace("not compromise", "hardly compromise"), now=NOW + HOUR)
    assert entries(page_of(client)) == []


# The list.


def test_the_newest_comes_first_whatever_its_kind_and_pages_have_each_once(
    client, story, article, quote, editor
):
    event = EventFactory(story=story, by=editor, published=True)
    for hour in range(1, 61):
        edit(
            quote if hour % 2 else event,
            editor,
            hours=hour // 3,
            **{"cue" if hour % 2 else "place": f"no. {hour}."},
        )
    article.record_version(TEXT.replace("not compromise", "hardly compromise"), now=NOW + 10 * HOUR)
    seen, query = [], ""
    for _ in range(10):
        response = page_of(client, query)
        seen += entries(response)
        following = tree_of(response).xpath("//a[@rel='next']")
        if not following:
            break
        query = following[0].get("href").removeprefix(PAGE)
    numbers = [int(n) for entry in seen for n in [entry.partition("[now: no. ")[2].partition(".")[0]] if n]
    assert sorted(numbers) == list(range(1, 61))
    assert [n // 3 for n in numbers] == sorted((n // 3 for n in numbers), reverse=True)
    assert sum("Changed by the outlet" in entry for entry in seen) == 1
    assert len(seen) == 61


def test_many_acts_that_changed_nothing_for_readers_are_passed_over(client, quote, editor):
    edit(quote, editor, cue="warned")
    for hour in range(2, 80):
        edit(quote, editor, hours=hour, cue="warned")
    assert len(entries(page_of(client))) == 1


@pytest.mark.parametrize(
    "after",
    ["x", "2019-05-09T12:00:00Z_x1", "2019-99-09T12:00:00Z_q1", "2019-05-09T12:00:00Z_q" + "9" * 30, "\x00"],
)
def test_a_page_that_begins_nowhere_is_none(client, story, after):
    assert client.get(PAGE, {"after": after}).status_code == 404


def test_the_story_and_its_articles_lead_to_it(client, story, article):
    for page in (story.get_absolute_url(), article.get_absolute_url()):
        assert f'href="{PAGE}"' in client.get(page).content.decode()


def correct(story, editor, number):
    for _ in range(number):
        article = ArticleFactory(stories=[story])
        quote = QuoteFactory(article=article, by=editor, published=True)
        claim = ClaimFactory(story=story)
        quote.set_stance(claim, Stance.Position.OPPOSES, by=editor, revision=2, now=NOW + HOUR)
        edit(quote, editor, speaker=ActorFactory(), role=RoleFactory())
        article.record_version(TEXT.replace("not compromise", "hardly compromise"), now=NOW + HOUR)
        edit(EventFactory(story=story, by=editor, published=True), editor, place="London")


def test_it_asks_as_often_for_many_corrections_as_for_few(client, story, editor):
    correct(story, editor, 1)
    page_of(client)
    with CaptureQueriesContext(connection) as few:
        assert len(entries(page_of(client))) == 4
    correct(story, editor, 9)
    with CaptureQueriesContext(connection) as many:
        assert len(entries(page_of(client))) == 25
    assert len(many) == len(few)
