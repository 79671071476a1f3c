"""The list of proposed utterances: what it shows and what is decided in it, also without scripts and by two at once."""

import datetime as dt

import pytest
from django.urls import reverse

from annotations.joining import catch_up, join
from annotations.models import Apart, ProposedUtterance, Quote
from tests.annotations.reading import words_of
from tests.factories import (
    NOW,
    ActorFactory,
    ArticleFactory,
    EditorFactory,
    OutletFactory,
    QuoteFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
LIST = "/desk/utterances/"
FULL = "We will never compromise the security of our networks, and our allies know it."
CUT = "We will never compromise the security of our networks"


@pytest.fixture
def ana():
    return EditorFactory(first_name="Ana")


@pytest.fixture
def hunt():
    return ActorFactory(name="Jeremy Hunt")


@pytest.fixture
def desk(client, ana):
    client.force_login(ana)
    return client


@pytest.fixture
def make(hunt, ana):
    def made(words=FULL, outlet="", **fields):
        stories = fields.pop("stories", [])
        of = {"outlet": OutletFactory(name=outlet)} if outlet else {}
        article = ArticleFactory(text=f"“{words}” he said.\n\nNobody knows.", stories=stories, **of)
        return QuoteFactory(
            article=article, exact=words, **{"speaker": hunt, "by": ana, "published": True} | fields
        )

    return made


@pytest.fixture
def pair(make):
    quotes = make(outlet="The Courier"), make(CUT, outlet="The Post")
    catch_up(NOW)
    return quotes


def sent(*quotes, **more):
    keys = [f"{one.uuid}.{Quote.objects.get(pk=one.pk).revision}" for one in quotes]
    return {"quote": keys} | more


# What it shows.


def test_renderings_stand_side_by_side_with_the_reason_and_what_was_cut(desk, pair):
    response = desk.get(LIST)
    read = words_of(response)
    assert "1 proposed" in read
    assert (
        "Jeremy Hunt 2 renderings in 2 outlets The words of the shorter one all stand in the longer one."
        in read
    )
    assert "The Courier published We will never" in read.replace("Published", "published")
    assert "[removed: , and our allies know it." in read
    assert "The longest." in read
    assert "Leaves out 5 words" in read
    assert "Said 8 May 2019" in read
    assert 'type="checkbox"' not in response.content.decode()


def test_the_same_words_in_other_forms_are_not_called_the_same(desk, make):
    make("We have seen no evidence of a back door.")
    make("We had seen no evidence of a back door.")
    catch_up(NOW)
    page = desk.get(reverse("desk:utterances")).content.decode()
    assert "The words are the same, but for capitals and forms such as “has” and “had”." in page


def test_of_more_than_two_each_can_be_ticked(desk, make):
    make(), make(CUT), make()
    catch_up(NOW)
    page = desk.get(LIST).content.decode()
    assert page.count('type="checkbox" name="quote"') == 3


def test_nothing_proposed_says_when_something_will_be(desk):
    read = words_of(desk.get(LIST))
    assert "0 proposed" in read
    assert "Nothing is proposed" in read
    assert "within a minute" in read


def test_the_front_page_counts_them(desk, pair):
    read = words_of(desk.get("/desk/"))
    assert "1 utterances proposed" in read
    assert 'href="/desk/utterances/"' in desk.get("/desk/articles/").content.decode()


def test_the_list_is_filtered_by_story_and_speaker(desk, make):
    story = StoryFactory(slug="networks", title="Networks")
    make(stories=[story]), make(CUT)
    other = ActorFactory(name="Mike Pompeo")
    make(speaker=other), make(CUT, speaker=other)
    catch_up(NOW)
    assert "2 proposed" in words_of(desk.get(LIST))
    of_story = words_of(desk.get(LIST, {"story": "networks"}))
    assert "1 proposed" in of_story
    assert "Jeremy Hunt 2 renderings" in of_story
    of_speaker = words_of(desk.get(LIST, {"speaker": "pomp"}, headers=HTMX))
    assert "1 proposed" in of_speaker
    assert "Mike Pompeo 2 renderings" in of_speaker
    assert "Utterances – Desk" not in of_speaker
    nobody = words_of(desk.get(LIST, {"speaker": "nobody", "story": "networks"}))
    assert "Nothing is proposed that matches Story: Networks" in nobody
    assert "Clear the filters" in nobody
    for odd in ({"speaker": "\0"}, {"story": "none"}, {"page": "x"}, {"done": "x"}):
        assert desk.get(LIST, odd).status_code == 200


def test_ten_times_as_many_take_the_same_queries(desk, make, django_assert_max_num_queries):
    def count():
        with django_assert_max_num_queries(40) as captured:
            desk.get(LIST)
        return len(captured)

    def more(number):
        for _ in range(number):
            speaker = ActorFactory()
            make(speaker=speaker), make(CUT, speaker=speaker), make(FULL, speaker=speaker)
        catch_up(NOW)

    more(1)
    few = count()
    more(9)
    assert ProposedUtterance.objects.count() == 10
    assert count() == few


def test_the_list_comes_in_pages(desk, make):
    for _ in range(11):
        speaker = ActorFactory()
        make(speaker=speaker), make(CUT, speaker=speaker)
    catch_up(NOW)
    assert desk.get(LIST).content.decode().count("These are one utterance") == 10
    assert desk.get(LIST, {"page": 2}).content.decode().count("These are one utterance") == 1


# Deciding.


def test_joined_with_scripts(desk, pair):
    response = desk.post(LIST, sent(*pair), headers=HTMX)
    assert response.status_code == 200
    assert "HX-Request" in response["Vary"]
    read = words_of(response)
    assert "Joined: 2 renderings came to one utterance." in read
    assert "0 proposed" in read
    assert "Undo the joining" in read
    assert 'data-done data-status="Joined: 2 renderings' in response.content.decode()
    assert Quote.objects.filter(utterance__isnull=False).count() == 2


def test_joined_without_scripts_and_undone(desk, pair):
    response = desk.post(LIST, sent(*pair, story=""), follow=True)
    read = words_of(response)
    assert read.count("Joined: 2 renderings came to one utterance.") == 2  # the message, and the row
    done = response.context["done"].at.isoformat()
    response = desk.post(reverse("desk:utterances-undo"), {"done": done}, follow=True)
    read = words_of(response)
    assert "Undone." in read
    assert "1 proposed" in read
    assert not Quote.objects.filter(utterance__isnull=False).exists()


def test_not_the_same_is_remembered_and_undone_with_scripts(desk, pair, ana):
    response = desk.post(reverse("desk:utterances-apart"), sent(*pair), headers=HTMX)
    read = words_of(response)
    assert "Remembered: these 2 renderings are not the same, and are not proposed again." in read
    assert Apart.objects.get().by == ana
    assert "0 proposed" in words_of(desk.get(LIST))
    response = desk.post(
        reverse("desk:utterances-undo"), {"done": Apart.objects.get().at.isoformat()}, headers=HTMX
    )
    read = words_of(response)
    assert "Jeremy Hunt 2 renderings" in read
    assert 'data-focus data-status="Undone."' in response.content.decode()
    assert not Apart.objects.exists()


def test_what_was_not_ticked_stays_proposed_below(desk, make):
    one, two, three = make(), make(CUT), make()
    catch_up(NOW)
    response = desk.post(LIST, sent(one, two), headers=HTMX)
    read = words_of(response)
    assert "Joined: 2 renderings" in read
    assert "1 proposed" in read
    assert "Joined with 1 other already." in read
    three.refresh_from_db()
    assert three.utterance is None


def test_one_tick_is_not_enough(desk, pair):
    response = desk.post(LIST, sent(pair[0]), headers=HTMX)
    assert response.status_code == 422
    read = words_of(response)
    assert "Tick at least two of the renderings." in read
    assert "These are one utterance" in read  # the row, to press again
    without_scripts = desk.post(LIST, sent(pair[0]), follow=True)
    assert "Tick at least two of the renderings." in words_of(without_scripts)


@pytest.mark.parametrize("odd", [["x"], ["x.y", "z.1"], [".", "."], []])
def test_what_cannot_be_read_is_refused(desk, odd):
    assert desk.post(LIST, {"quote": odd}, headers=HTMX).status_code == 422


def test_of_two_editors_the_second_is_told_and_sees_how_it_stands(desk, pair, make):
    before = sent(*pair)
    third = make()
    catch_up(NOW)
    ben = EditorFactory()
    join({pair[0].uuid: 2, third.uuid: 2}, by=ben, now=NOW + dt.timedelta(minutes=1))
    for where in (LIST, reverse("desk:utterances-apart")):
        response = desk.post(where, before, headers=HTMX)
        assert response.status_code == 409
        read = words_of(response)
        assert "Somebody changed one of these meanwhile. Nothing was done" in read
        assert "Joined with 1 other already." in read
    assert not Apart.objects.exists()
    assert Quote.objects.filter(utterance__isnull=True).count() == 1


def test_when_nothing_is_left_to_decide_the_second_editor_is_told_that_too(desk, pair):
    before = sent(*pair)
    join({one.uuid: 2 for one in pair}, by=EditorFactory(), now=NOW)
    response = desk.post(LIST, before, headers=HTMX)
    assert response.status_code == 409
    assert "Somebody changed one of these meanwhile." in words_of(response)


def test_nobody_undoes_what_another_did(desk, pair):
    at = NOW + dt.timedelta(minutes=1)
    join({one.uuid: 2 for one in pair}, by=EditorFactory(), now=at)
    response = desk.post(reverse("desk:utterances-undo"), {"done": at.isoformat()}, headers=HTMX)
    assert response.status_code == 422
    assert "nothing of yours to undo" in words_of(response)
    assert Quote.objects.filter(utterance__isnull=False).count() == 2


# On the quote's own form.


def test_a_quote_tells_its_other_renderings_and_is_separated_from_them(desk, pair, ana):
    join({one.uuid: 2 for one in pair}, by=ana, now=NOW)
    where = reverse("desk:quote", args=[pair[0].uuid])
    assert "One utterance with The Post: Minister warns" in words_of(desk.get(where))
    separation = reverse("desk:quote-separation", args=[pair[0].uuid])
    stale = desk.post(separation, {"panel": "1", "revision": "1"}, headers=HTMX)
    assert stale.status_code == 409
    response = desk.post(separation, {"panel": "1", "revision": "3"}, headers=HTMX)
    assert response.status_code == 200
    read = words_of(response)
    assert "Undo the separation" in read
    assert "One utterance with" not in read
    catch_up(NOW)
    assert "0 proposed" in words_of(desk.get(LIST))
    undo = desk.post(
        reverse("desk:quote-undo", args=[pair[0].uuid]), {"panel": "1", "revision": "4"}, headers=HTMX
    )
    assert "One utterance with The Post" in words_of(undo)


def test_joining_is_among_what_one_did(desk, pair):
    desk.post(LIST, sent(*pair))
    assert words_of(desk.get("/desk/acts/")).count("Joined with other renderings Jeremy Hunt") == 2
