"""Events on the desk: from a story's page or from words of an article, to what readers see, and back."""

import datetime as dt
import re
import uuid
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import Event, Status
from tests.factories import (
    NOW,
    TEXT,
    ArticleFactory,
    EditorFactory,
    EventFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
HOSTILE = '<img src=x onerror=alert(1)> & "quoted"'
WORDS = "the review"


@pytest.fixture
def ana(client):
    editor = EditorFactory(first_name="Ana", last_name="Editor")
    client.force_login(editor)
    return editor


@pytest.fixture
def story():
    return StoryFactory(slug="networks", title="The networks")


@pytest.fixture
def article(story):
    return ArticleFactory(stories=[story])


def text_of(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return unescape(answer.content.decode())


def words(article, exact: str = WORDS) -> dict:
    start = article.text.index(exact)
    version = article.current_version_id
    return {"version": version, "start": start, "end": start + len(exact), "exact": exact}


def of_article(article) -> str:
    return reverse("desk:article-events", args=[article.pk])


def fields(**changed) -> dict:
    return {"title": "The review is delayed", "when_earliest": "", "when_latest": "", "when_expression": "",
            "place": "", "source_url": "", **changed}  # fmt: skip


def evidence(event) -> list[str]:
    return [anchor.exact for anchor in event.anchors.order_by("version_id", "part")]


# From words of an article.


def test_chosen_words_open_the_form_beside_the_text(client, ana, article):
    whole = text_of(client.get(of_article(article), words(article)))
    assert "New event" in whole
    assert 'id="text"' in whole
    part = text_of(client.get(of_article(article), words(article), headers=HTMX))
    assert "New event" in part
    assert "<html" not in part
    assert f'name="exact" value="{WORDS}"' in part


def test_the_event_is_made_with_its_evidence_and_listed_and_marked_at_once(client, ana, story, article):
    sent = {**words(article), **fields(when_earliest="2019-05-08", place="London")}
    html = text_of(client.post(of_article(article), sent, headers=HTMX))
    event = Event.objects.get()
    assert (event.story, event.title, event.place, event.status) == (
        story,
        "The review is delayed",
        "London",
        "draft",
    )
    assert (event.when_earliest, event.when_latest) == (dt.date(2019, 5, 8), dt.date(2019, 5, 8))
    assert evidence(event) == [WORDS]
    assert 'data-status="Event saved as draft."' in html
    assert f'id="event-{event.uuid}" data-annotation="event-{event.uuid}" tabindex="-1" data-focus' in html
    assert re.search(
        rf'class="mark mark--event" data-start="\d+" data-annotation="event-{event.uuid}">{WORDS}<', html
    )


def test_without_scripts_one_is_led_back_to_the_event_in_the_text(client, ana, article):
    answer = client.post(of_article(article), {**words(article), **fields(), "then": "publish"})
    event = Event.objects.get()
    assert event.is_published
    assert answer.headers["Location"] == f"/desk/articles/{article.pk}/#event-{event.uuid}"
    assert "Event saved and published." in text_of(client.get(answer.headers["Location"]))


def test_the_same_form_sent_twice_makes_one_event(client, ana, article):
    sent = {**words(article), **fields(), "uuid": "5d9c26a7-3ece-4c5f-b44b-05c0ea30980d"}
    for _ in range(2):
        assert client.post(of_article(article), sent).status_code == 302
    assert Event.objects.count() == 1


@pytest.mark.parametrize("more", [{"place": "London"}, {"then": "publish"}, "other words"])
def test_a_form_gone_back_to_and_changed_does_not_say_that_it_is_saved(client, ana, article, more):
    sent = {**words(article), **fields(), "uuid": str(uuid.uuid4())}
    client.post(of_article(article), sent)
    again = words(article, "The vendor denies") if more == "other words" else more
    html = text_of(client.post(of_article(article), {**sent, **again}, headers=HTMX), 409)
    assert "was saved from this form before" in html
    assert 'value="The review is delayed"' in html
    event = Event.objects.get()
    assert (event.place, event.status, evidence(event)) == ("", Status.DRAFT, [WORDS])


def test_a_storys_form_sent_twice_makes_one_event_and_a_changed_one_is_not_called_saved(client, ana, story):
    address = reverse("desk:event-new", args=[story.slug])
    html = client.get(address).content.decode()
    sent = {**fields(), "uuid": re.search(r'name="uuid" value="([^"]+)"', html)[1]}
    for _ in range(2):
        assert client.post(address, sent).headers["Location"] == page_of(Event.objects.get())
    html = text_of(client.post(address, {**sent, "place": "London"}), 409)
    assert "was saved from this form before" in html
    assert 'value="London"' in html
    assert Event.objects.get().place == ""


def test_the_address_of_another_event_is_not_taken_for_a_new_one(client, ana, story, article):
    other = EventFactory(story=story)
    sent = {**words(article), **fields(), "uuid": str(other.uuid)}
    assert client.post(of_article(article), sent, headers=HTMX).status_code == 200
    address = reverse("desk:event-new", args=[story.slug])
    assert client.post(address, {**fields(), "uuid": str(other.uuid)}).status_code == 302
    assert Event.objects.exclude(pk=other.pk).count() == 2


def test_a_form_without_a_title_comes_back_with_what_was_typed(client, ana, article):
    sent = {
        **words(article),
        **fields(title=" ", place="London", when_earliest="2019-05-08", when_latest="2019-05-01"),
    }
    for headers in ({}, HTMX):
        html = text_of(client.post(of_article(article), sent, headers=headers), 422)
        assert "Say what happened." in html
        assert "This is before the first day." in html
        assert 'value="London"' in html
    assert not Event.objects.exists()


def test_words_that_do_not_stand_there_are_refused(client, ana, article):
    sent = {**words(article), **fields(), "exact": "other words"}
    assert "Other words stand there" in text_of(client.post(of_article(article), sent), 422)
    assert not Event.objects.exists()


def test_words_of_an_earlier_version_are_looked_for_in_the_new_one(client, ana, article):
    sent = {**words(article), **fields(place="London")}
    article.record_version("Today. " + TEXT, now=NOW)
    html = text_of(client.post(of_article(article), sent), 409)
    assert "The article has a new version" in html
    assert f'name="start" value="{int(sent["start"]) + 7}"' in html
    assert 'value="London"' in html
    assert not Event.objects.exists()


def test_an_article_in_two_stories_asks_in_which_it_happened(client, ana, story, article):
    other = StoryFactory(title="Another story")
    article.stories.add(other)
    sent = {**words(article), **fields()}
    assert "Choose the story that the event belongs to." in text_of(
        client.post(of_article(article), sent), 422
    )
    assert client.post(of_article(article), {**sent, "story": other.slug}).status_code == 302
    assert Event.objects.get().story == other


def test_an_article_in_no_story_says_what_to_do_first(client, ana):
    article = ArticleFactory()
    assert "The article is in no story yet" in text_of(client.get(of_article(article), words(article)))
    assert client.post(of_article(article), {**words(article), **fields()}).status_code == 422


def test_words_become_more_evidence_of_an_event_that_is_there(client, ana, story, article):
    event = EventFactory(story=story, by=ana)
    EventFactory(title="Of another story")
    html = text_of(client.get(of_article(article), words(article)))
    assert event.title in html
    assert "Of another story" not in html
    sent = {"then": "add", "event": str(event.uuid)}
    for exact in (WORDS, "its equipment"):
        assert client.post(of_article(article), {**words(article, exact), **sent}).status_code == 302
    assert evidence(event) == [WORDS, "its equipment"]
    event.refresh_from_db()
    assert event.revision == 3


@pytest.mark.parametrize("chosen", ["", "nonsense", "5d9c26a7-3ece-4c5f-b44b-05c0ea30980d"])
def test_no_other_event_gets_the_words(client, ana, article, chosen):
    EventFactory(story=article.stories.get())
    assert (
        client.post(of_article(article), {**words(article), "then": "add", "event": chosen}).status_code
        == 422
    )


def test_several_parts_are_several_pieces(client, ana, article):
    one, two = words(article), words(article, "its equipment")
    sent = {
        **fields(),
        "version": one["version"],
        **{name: [one[name], two[name]] for name in ("start", "end", "exact")},
    }
    assert client.post(of_article(article), sent).status_code == 302
    assert evidence(Event.objects.get()) == [WORDS, "its equipment"]


def test_the_form_of_a_quote_hands_its_words_over(client, ana, article):
    page = text_of(client.get(reverse("desk:quotes", args=[article.pk]), words(article)))
    assert f'formaction="{of_article(article)}"' in page
    html = text_of(client.post(of_article(article), {**words(article), "open": "event", "speaker": "Hunt"}))
    assert "New event" in html
    assert not Event.objects.exists()


def test_the_sentence_picker_leads_to_an_event_too(client, ana, article):
    picker = reverse("desk:sentences", args=[article.pk])
    assert "Tag as an event" in text_of(client.get(picker, {"from": 0}))
    answer = client.get(picker, {"from": 0, "use": "event"})
    assert answer.headers["Location"].startswith(of_article(article))
    assert "New event" in text_of(client.get(answer.headers["Location"]))


# When it was.


def test_the_date_is_proposed_from_the_words_for_it(client, ana, story):
    article = ArticleFactory(text="The council met last week. Nothing was settled.", stories=[story])
    html = text_of(client.get(of_article(article), words(article, "The council met"), headers=HTMX))
    assert 'name="when_expression" value="last week"' in html
    assert 'name="when_earliest" value="2019-04-29"' in html
    assert 'name="when_latest" value="2019-05-05"' in html


def test_an_undated_article_keeps_the_words_and_proposes_no_day(client, ana, story):
    article = ArticleFactory(
        text="The council met last week. Nothing was settled.", stories=[story], published_at=None
    )
    html = text_of(client.get(of_article(article), words(article, "The council met"), headers=HTMX))
    assert 'value="last week"' in html
    assert "2019-" not in html
    assert "The article is undated" in html


def test_typed_words_for_a_date_fill_in_the_days(client, ana, article):
    address = reverse("desk:event-dates")
    html = text_of(
        client.get(address, {"when_expression": "yesterday", "article": article.pk, "when_earliest": ""})
    )
    assert 'name="when_earliest" value="2019-05-08"' in html
    assert "Days filled in." in html
    kept = {"when_expression": "in a while", "article": article.pk, "when_earliest": "2019-01-02"}
    assert 'value="2019-01-02"' in text_of(client.get(address, kept))


@pytest.mark.parametrize(
    "query", [{}, {"article": "x"}, {"article": "9" * 40, "when_expression": "\0"}, {"when_earliest": "<b>"}]
)
def test_junk_fills_in_no_days(client, ana, query):
    html = client.get(reverse("desk:event-dates"), query)
    assert html.status_code == 200
    assert b"<b>" not in html.content


# From a story's page.


def test_an_event_with_a_source_is_made_and_published_from_the_story(client, ana, story):
    address = reverse("desk:event-new", args=["networks"])
    assert "New event" in text_of(client.get(address))
    sent = fields(source_url="https://source.example/minutes", then="publish")
    answer = client.post(address, sent)
    event = Event.objects.get()
    assert event.is_published
    assert answer.headers["Location"] == f"/desk/events/{event.uuid}/"


def test_without_evidence_it_is_not_published_and_nothing_is_made(client, ana, story):
    html = text_of(client.post(reverse("desk:event-new", args=["networks"]), fields(then="publish")), 422)
    assert "Give evidence" in html
    assert 'value="The review is delayed"' in html
    assert not Event.objects.exists()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://source.example/", "no address"])
def test_a_source_has_an_address_on_the_web(client, ana, story, url):
    assert (
        client.post(reverse("desk:event-new", args=["networks"]), fields(source_url=url)).status_code == 422
    )


def test_the_list_is_by_date_and_can_be_narrowed_to_a_status(client, ana, story):
    EventFactory(
        story=story, title="The later one", when_earliest=dt.date(2019, 6, 1), when_latest=None, by=ana
    )
    EventFactory(story=story, title="The earlier one", published=True, by=ana)
    address = reverse("desk:events", args=["networks"])
    html = text_of(client.get(address))
    assert html.index("The earlier one") < html.index("The later one")
    assert "The later one" not in text_of(client.get(f"{address}?status=published"))
    assert "No event is withdrawn" in text_of(client.get(f"{address}?status=withdrawn"))
    assert "The later one" in text_of(client.get(f"{address}?status=nonsense&page=x"))


# One that is there.


@pytest.fixture
def event(story, article, ana):
    return Event.draft(
        story,
        by=ana,
        now=NOW,
        title="The council met",
        when_earliest=dt.date(2019, 4, 23),
        when_latest=dt.date(2019, 4, 23),
        evidence=[(article.current_version, TEXT.index(WORDS), TEXT.index(WORDS) + len(WORDS))],
    )


def page_of(event) -> str:
    return reverse("desk:event", args=[event.uuid])


def saved(event, **changed) -> dict:
    """What the event's page sends: what the editor saw, and what was changed."""
    seen = {name: str(getattr(event, name) or "") for name in fields()}
    return {
        "revision": event.revision,
        **seen,
        **{f"initial-{name}": value for name, value in seen.items()},
        **changed,
    }


def step(client, event, name: str, **more):
    return client.post(reverse(f"desk:event-{name}", args=[event.uuid]), {"revision": event.revision, **more})


def test_its_page_shows_what_it_is_and_what_shows_it(client, ana, event, article):
    html = text_of(client.get(page_of(event)))
    assert "The council met" in html
    assert f"“<bdi>{WORDS}</bdi>”" in html
    assert f'href="/desk/articles/{article.pk}/#event-{event.uuid}"' in html
    assert "Undo the draft" in html


def test_what_was_changed_is_saved_as_a_new_revision(client, ana, event):
    assert (
        client.post(page_of(event), saved(event, place="London", when_latest="2019-04-25")).status_code == 302
    )
    event.refresh_from_db()
    assert (event.place, event.when_latest, event.revision) == ("London", dt.date(2019, 4, 25), 2)


def test_it_goes_out_and_is_taken_back_with_a_reason_and_undone(client, ana, event):
    assert step(client, event, "publication").headers["Location"] == page_of(event)
    event.refresh_from_db()
    assert event.is_published
    html = text_of(step(client, event, "withdrawal", reason=" "), 422)
    assert "Say why it is withdrawn" in html
    assert step(client, event, "withdrawal", reason="It was another council.").status_code == 302
    event.refresh_from_db()
    assert (event.status, event.withdrawn_reason) == (Status.WITHDRAWN, "It was another council.")
    assert step(client, event, "undo").status_code == 302
    event.refresh_from_db()
    assert event.is_published
    assert "Undone: the withdrawal." in text_of(client.get(page_of(event)))


def test_a_draft_is_rejected_and_a_published_one_is_not(client, ana, event):
    assert step(client, event, "rejection").status_code == 302
    event.refresh_from_db()
    assert event.status == Status.REJECTED
    assert "This was rejected. Take it up again first." in text_of(step(client, event, "publication"), 422)
    step(client, event, "undo")
    event.refresh_from_db()
    event.publish(by=ana, revision=event.revision, now=NOW)
    assert "Withdraw it, with a reason." in text_of(step(client, event, "rejection"), 422)


def test_nobody_undoes_what_a_colleague_did(client, ana, event):
    event.edit(by=EditorFactory(), revision=event.revision, now=NOW, place="Paris")
    assert "Undo" not in text_of(client.get(page_of(event))).split("<main")[1]
    assert "nothing of yours to undo" in text_of(step(client, event, "undo"), 422)


def test_a_colleague_s_change_meanwhile_is_shown_beside_mine_and_neither_is_lost(client, ana, event):
    mine = saved(event, title="The council gathered")
    colleague = EditorFactory(first_name="Ben", last_name="Colleague")
    event.edit(by=colleague, revision=1, now=NOW, title="The council sat", place="Downing Street")
    html = text_of(client.post(page_of(event), mine), 409)
    assert "Ben Colleague changed the event meanwhile" in html
    what, where = html.split('class="conflict__list"')[1].split("</ul>")[0].split('class="conflict__row"')[1:]
    for words in ("changed by both", "The council met", "The council sat", "The council gathered"):
        assert words in what
    assert "Downing Street" in where
    assert "as before" in where  # mine
    assert "changed by both" not in where
    event.refresh_from_db()
    assert event.title == "The council sat"
    again = {name: _value(html, name) for name in mine}
    assert (again["revision"], again["title"], again["place"]) == (
        "2",
        "The council gathered",
        "Downing Street",
    )
    assert client.post(page_of(event), again).status_code == 302
    event.refresh_from_db()
    assert (event.title, event.place) == ("The council gathered", "Downing Street")


def _value(html: str, name: str) -> str:
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', html.split('id="fields-title"')[1])
    assert field
    value = re.search(r'value="([^"]*)"', field[0])
    return value[1] if value else ""


def test_a_step_on_what_has_changed_is_not_taken(client, ana, event):
    event.edit(by=EditorFactory(), revision=1, now=NOW, place="Paris")
    answer = client.post(reverse("desk:event-publication", args=[event.uuid]), {"revision": 1})
    assert "Somebody changed the event meanwhile." in text_of(answer, 409)
    event.refresh_from_db()
    assert event.status == Status.DRAFT


def test_what_a_colleague_rejected_is_taken_up_again(client, ana, event):
    event.reject(by=EditorFactory(), revision=event.revision, now=NOW)
    assert "Take up again" in text_of(client.get(page_of(event)))
    assert step(client, event, "revival").status_code == 302
    event.refresh_from_db()
    assert event.status == Status.DRAFT
    assert "is a draft again" in text_of(client.get(page_of(event)))
    assert "neither rejected nor withdrawn" in text_of(step(client, event, "revival"), 422)


@pytest.mark.parametrize("revision", ["", "x", "0", "9" * 40])
@pytest.mark.parametrize("name", ["publication", "withdrawal", "rejection", "revival", "undo"])
def test_no_step_is_taken_without_a_revision(client, ana, event, name, revision):
    address = reverse(f"desk:event-{name}", args=[event.uuid])
    assert client.post(address, {"revision": revision, "reason": "x"}).status_code == 422
    event.refresh_from_db()
    assert event.revision == 1


# Its evidence.


def remove(client, event, article, part: int = 0):
    address = reverse("desk:event-evidence", args=[event.uuid, article.pk, part])
    return client.post(address, {"revision": event.revision})


def test_a_piece_is_removed_and_comes_back_with_undo(client, ana, event, article):
    start = TEXT.index("its equipment")
    event.add_evidence(article.current_version, [(start, start + 13)], by=ana, revision=1, now=NOW)
    assert remove(client, event, article).status_code == 302
    assert evidence(event) == ["its equipment"]
    event.refresh_from_db()
    assert step(client, event, "undo").status_code == 302
    assert evidence(event) == [WORDS, "its equipment"]


def test_a_piece_added_after_one_was_removed_stands_beside_the_rest(ana, event, article):
    start = TEXT.index("its equipment")
    version = article.current_version
    event.add_evidence(version, [(start, start + 13)], by=ana, revision=1, now=NOW)
    event.remove_evidence(article, 0, by=ana, revision=2, now=NOW)
    event.add_evidence(version, [(0, 12)], by=ana, revision=3, now=NOW)
    assert evidence(event) == ["its equipment", "The minister"]
    event.undo(by=ana, revision=4, now=NOW)
    event.undo(by=ana, revision=5, now=NOW)
    assert evidence(event) == [WORDS, "its equipment"]


def test_the_last_evidence_of_what_readers_see_stays(client, ana, event, article):
    event.publish(by=ana, revision=1, now=NOW)
    assert "Give evidence" in text_of(remove(client, event, article), 422)
    assert evidence(event) == [WORDS]
    assert "not there any more" in text_of(remove(client, event, article, part=7), 422)


def test_words_that_the_outlet_removed_are_told_so(client, ana, event, article):
    article.record_version("The vendor denies that its equipment is a risk.", now=NOW)
    html = text_of(client.get(page_of(event)))
    assert "Words removed" in html
    assert f"“<bdi>{WORDS}</bdi>”" in html


def test_a_new_version_of_another_article_leaves_the_evidence_alone(client, ana, event, article):
    other = ArticleFactory(stories=[event.story])
    start = TEXT.index(WORDS)
    event.add_evidence(other.current_version, [(start, start + len(WORDS))], by=ana, revision=1, now=NOW)
    article.record_version("Today. " + TEXT, now=NOW)
    html = text_of(client.get(page_of(event)))
    assert html.count(f"“<bdi>{WORDS}</bdi>”") == 2
    assert "badge--changed" not in html


# What holds for all of them.


def test_hostile_words_are_shown_and_not_run(client, ana, story):
    article = ArticleFactory(text=f"He said {HOSTILE} loudly.", headline=HOSTILE, stories=[story])
    client.post(of_article(article), {**words(article, HOSTILE), **fields(title=HOSTILE, place=HOSTILE)})
    event = Event.objects.get()
    bad = saved(event, title=HOSTILE * 9, when_earliest=HOSTILE)
    pages = [
        client.get(page_of(event)),
        client.post(page_of(event), bad),
        client.get(reverse("desk:events", args=["networks"])),
        client.get(of_article(article), words(article, HOSTILE)),
        client.get(reverse("desk:article", args=[article.pk])),
    ]
    for answer in pages:
        assert b"<img src=x" not in answer.content
        assert b"&lt;img src=x" in answer.content


@pytest.mark.parametrize("start", ["x", "-1", "9" * 40, ""])
def test_junk_for_a_place_is_refused(client, ana, article, start):
    for send in (client.get, client.post):
        assert send(of_article(article), {**words(article), **fields(), "start": start}).status_code == 422


def test_what_is_not_there_is_not_found(client, ana, event):
    assert client.get(reverse("desk:event", args=[uuid.uuid4()])).status_code == 404
    assert client.get("/desk/stories/no-such-story/events/").status_code == 404
    address = reverse("desk:event-evidence", args=[event.uuid, 999999, 0])
    assert client.post(address, {"revision": 1}).status_code == 404


def test_ten_times_the_rows_take_as_many_queries(client, ana, story, article):
    event = EventFactory(story=story, by=ana)

    def grow(times: int) -> None:
        for _ in range(times):
            EventFactory(story=story, by=ana, published=True)
            event.refresh_from_db()
            other = ArticleFactory(stories=[story])
            event.add_evidence(other.current_version, [(0, 12)], by=ana, revision=event.revision, now=NOW)
            here = EventFactory(story=story, by=ana)
            here.add_evidence(article.current_version, [(0, 12)], by=ana, revision=1, now=NOW)

    def count() -> list[int]:
        numbers = []
        for address in (
            page_of(event),
            reverse("desk:events", args=["networks"]),
            reverse("desk:article", args=[article.pk]),
            f"{of_article(article)}?version={article.current_version_id}&start=0&end=12&exact=The minister",
        ):
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            numbers.append(len(caught))
        return numbers

    grow(1)
    before = count()
    grow(9)
    assert count() == before


# Evidence that an outlet changed.

EVIDENCE = "/desk/lists/evidence/"
REWORDED = TEXT.replace("delayed by the review", "cancelled by the review")


def changed_event(ana, article, story):
    words = "the rollout of 5G could be delayed by the review"
    start = TEXT.index(words)
    return EventFactory(
        story=story,
        by=ana,
        title="The rollout is delayed",
        evidence=[(article.current_version, start, start + len(words))],
    )


def test_an_event_whose_evidence_changed_is_listed_until_an_editor_has_read_it(client, ana, story):
    article = ArticleFactory(stories=[story])
    event = changed_event(ana, article, story)
    assert "The list is empty" in text_of(client.get(EVIDENCE))
    article.record_version(REWORDED, now=NOW)
    html = text_of(client.get(EVIDENCE))
    assert "The rollout is delayed" in html
    assert "<del>" in html
    assert "Words changed" in html
    check = reverse("desk:event-check", args=[event.uuid])
    assert f'action="{check}"' in html
    answer = client.post(check, {"revision": event.revision, "back": "evidence"})
    assert answer["Location"] == EVIDENCE
    assert "The list is empty" in text_of(client.get(EVIDENCE))
    shown = text_of(client.get(page_of(event)))
    assert "“<bdi>the rollout of 5G could be cancelled by the review</bdi>”" in shown
    assert "Words changed" not in shown
    event.refresh_from_db()
    event.undo(by=ana, revision=event.revision, now=NOW)
    assert "The rollout is delayed" in text_of(client.get(EVIDENCE))


def test_undoing_a_check_makes_it_changed_again_whatever_was_done_before(client, ana, story):
    article = ArticleFactory(stories=[story])
    event = changed_event(ana, article, story)
    article.record_version(REWORDED, now=NOW)
    event.edit(by=ana, revision=event.revision, now=NOW, place="London")
    event.confirm(by=ana, revision=event.revision, now=NOW)
    event.undo(by=ana, revision=event.revision, now=NOW)
    assert Event.objects.evidence_changed().count() == 1
    event.confirm(by=ana, revision=event.revision, now=NOW)
    assert not Event.objects.evidence_changed().exists()


def test_evidence_that_is_gone_is_listed_and_cannot_be_waved_through(client, ana, story):
    article = ArticleFactory(stories=[story])
    event = changed_event(ana, article, story)
    article.record_version("The vendor denies that its equipment is a risk.", now=NOW)
    html = text_of(client.get(EVIDENCE))
    assert "Words removed" in html
    check = reverse("desk:event-check", args=[event.uuid])
    assert check not in html
    refused = client.post(check, {"revision": event.revision})
    assert "No words of its evidence have changed" in text_of(refused, 422)


def test_a_check_on_what_a_colleague_changed_meanwhile_is_refused(client, ana, story):
    article = ArticleFactory(stories=[story])
    event = changed_event(ana, article, story)
    article.record_version(REWORDED, now=NOW)
    event.edit(by=EditorFactory(), revision=event.revision, now=NOW, place="London")
    answer = client.post(reverse("desk:event-check", args=[event.uuid]), {"revision": 1})
    assert answer.status_code == 409
    assert Event.objects.evidence_changed().exists()
