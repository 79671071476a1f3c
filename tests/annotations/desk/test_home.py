"""The desk's front page: what waits for whom, and what one did last."""

import datetime as dt
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.desklists import LISTS
from annotations.models import Quote, Status
from tests.factories import (
    NOW,
    TEXT,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    EventFactory,
    QuoteFactory,
    StanceFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HOSTILE = '<img src=x onerror=alert(1)> & "quoted"'
CHANGED = TEXT.replace("We will not compromise on security,", "We will hardly compromise on security,")
REMOVED = TEXT.replace(
    "“We will not compromise on security,” the minister told lawmakers. “But we have not decided.”\n\n", ""
)


@pytest.fixture
def ana(client):
    editor = EditorFactory(first_name="Ana")
    client.force_login(editor)
    return editor


@pytest.fixture
def ben():
    return EditorFactory(first_name="Ben")


def page(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return unescape(answer.content.decode())


def listed(client, slug: str, **query: str) -> str:
    return page(client, reverse("desk:list", args=[slug], query=query))


def tally(html: str, label: str) -> int:
    before = html.split(f'<span class="tally__label">{label}</span>', maxsplit=1)[0]
    return int(before.rsplit('<span class="tally__number">', 1)[1].split("<")[0])


def test_drafts_are_told_apart_by_whose_they_are(client, ana, ben):
    mine = QuoteFactory(by=ana, speaker__name="Speaker of Ana")
    QuoteFactory(by=ben, speaker__name="Speaker of Ben")
    home = page(client, "/desk/")
    assert tally(home, "your drafts") == 1
    assert tally(home, "drafts of everybody") == 2
    assert "Speaker of Ana" in home
    assert "Speaker of Ben" not in home
    assert "Speaker of Ben" not in listed(client, "mine")
    everybody = listed(client, "drafts")
    assert "Speaker of Ana" in everybody
    assert "Speaker of Ben" in everybody
    assert f'href="/desk/quotes/{mine.uuid}/"' in home  # the row leads to where the work is done


def test_words_that_the_outlet_changed_are_to_be_checked_again_and_removed_ones_placed(client, ana):
    changed, removed = ArticleFactory(headline="Reworded"), ArticleFactory(headline="Cut")
    QuoteFactory(article=changed, by=ana, published=True)
    QuoteFactory(article=removed, by=ana, published=True)
    QuoteFactory(article=ArticleFactory(headline="Left alone"), by=ana, published=True)
    changed.record_version(CHANGED, now=NOW)
    removed.record_version(REMOVED, now=NOW)
    again, orphans = listed(client, "changed"), listed(client, "orphans")
    assert "Reworded" in again
    assert 'We will <ins><span class="visually-hidden" lang="en-gb" dir="ltr">[added: </span>hardly' in again
    assert "Cut" not in again
    assert "Cut" in orphans
    assert "Nearest words now, in version 2" in orphans
    assert "Reworded" not in orphans
    home = page(client, "/desk/")
    assert (tally(home, "to check again"), tally(home, "words removed")) == (1, 1)


def test_a_quote_that_an_editor_checked_leaves_the_list(client, ana):
    article = ArticleFactory()
    quote = QuoteFactory(article=article, by=ana, published=True)
    article.record_version(CHANGED, now=NOW)
    quote.confirm(article.current_version, by=ana, revision=quote.revision, now=NOW)
    assert "The list is empty" in listed(client, "changed")


def test_what_has_no_date_or_no_stance_is_listed_until_it_has(client, ana):
    quote = QuoteFactory(by=ana, said_earliest=None, said_latest=None, speaker__name="Undated speaker")
    assert "Undated speaker" in listed(client, "undated")
    assert "Undated speaker" in listed(client, "unclaimed")
    quote.edit(by=ana, revision=quote.revision, now=NOW, said_earliest=NOW.date(), said_latest=NOW.date())
    StanceFactory(quote=quote)
    assert "Undated speaker" not in listed(client, "undated")
    assert "Undated speaker" not in listed(client, "unclaimed")


def test_suggestions_events_and_undated_articles_have_their_lists(client, ana):
    article = ArticleFactory(headline="When was that", published_at=None)
    start = TEXT.index("its equipment is a risk")
    Quote.draft(
        article.current_version,
        [(start, start + 10)],
        by=None,
        now=NOW,
        status=Status.SUGGESTED,
        mention="a vendor",
    )
    event = EventFactory(title="The council met", by=ana)
    EventFactory(title="Long published", by=ana, published=True)
    assert "a vendor" in listed(client, "suggested")
    events = listed(client, "events")
    assert f'href="/desk/events/{event.uuid}/"' in events
    assert "Long published" not in events
    assert "When was that" in listed(client, "undated-articles")


@pytest.mark.parametrize("of", LISTS, ids=lambda one: one.slug)
def test_an_empty_list_says_so_and_what_to_do_next(client, ana, of):
    html = listed(client, of.slug)
    assert of.empty in html
    assert 'class="button" href="/desk/' in html


def test_with_nothing_to_do_the_front_page_leads_to_the_articles(client, ana):
    home = page(client, "/desk/")
    assert "Nothing of yours waits" in home
    assert 'href="/desk/articles/"' in home
    assert "Nothing yet." in home


@pytest.mark.parametrize("number", ["2", "999", "-1", "x", "0", "1e9", "%00"])
def test_any_page_number_gives_a_page(client, ana, number):
    for of in LISTS:
        assert client.get(f"{of.url}?page={number}").status_code == 200
    assert client.get(f"/desk/acts/?page={number}").status_code == 200


def test_a_long_list_goes_on_to_the_next_page(client, ana):
    article = ArticleFactory()
    for n in range(26):
        QuoteFactory(article=article, by=ana, mention=f"speaker number {n}", speaker=None)
    first, second = listed(client, "mine"), listed(client, "mine", page="2")
    assert "26 in the list" in first
    assert second.count('class="desk-row"') == 1
    assert 'href="?page=2"' in first


def test_there_is_no_other_list(client, ana):
    assert client.get("/desk/lists/nonsense/").status_code == 404


# What one did.


def test_the_last_acts_are_ones_own_newest_first_with_a_way_back(client, ana, ben):
    quote = QuoteFactory(by=ana, speaker__name="Hunt")
    quote.publish(by=ana, revision=quote.revision, now=NOW + dt.timedelta(minutes=1))
    EventFactory(title="Somebody else’s event", by=ben)
    home = page(client, "/desk/")
    assert "Somebody else’s event" not in home
    assert home.index("Published <a") < home.index("Drafted <a")
    assert "Undo the publication" in home
    assert "Undo the draft" not in home  # only the newest act can be undone


def undo_from(client, html: str, address: str) -> str:
    assert f'action="{address}"' in html
    revision = (
        html.split(f'action="{address}"')[1].split('name="revision" value="')[1].split('"', maxsplit=1)[0]
    )
    return client.post(address, {"revision": revision, "back": "home"}).headers["Location"]


def test_an_act_is_undone_from_the_front_page_and_one_stays_there(client, ana):
    quote = QuoteFactory(by=ana, published=True)
    address = reverse("desk:quote-undo", args=[quote.uuid])
    assert undo_from(client, page(client, "/desk/"), address) == "/desk/"
    quote.refresh_from_db()
    assert quote.status == Status.DRAFT
    home = page(client, "/desk/")
    assert "Undone: the publication." in home
    assert "Undo the draft" in home


def test_the_undo_of_an_event_leads_back_too(client, ana):
    event = EventFactory(by=ana, published=True)
    address = reverse("desk:event-undo", args=[event.uuid])
    assert undo_from(client, page(client, "/desk/"), address) == "/desk/"
    event.refresh_from_db()
    assert event.status == Status.DRAFT


def test_what_a_colleague_has_touched_since_is_not_offered_to_be_undone(client, ana, ben):
    quote = QuoteFactory(by=ana)
    quote.edit(by=ben, revision=quote.revision, now=NOW, cue="urged")
    assert "Undo" not in page(client, "/desk/")


def test_nobody_is_led_off_the_site_by_the_way_back(client, ana):
    quote = QuoteFactory(by=ana, published=True)
    answer = client.post(
        reverse("desk:quote-undo", args=[quote.uuid]), {"revision": 2, "back": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"].startswith("/desk/articles/")


# What holds for all of them.


def test_hostile_words_are_shown_and_not_run(client, ana):
    story = StoryFactory(title=HOSTILE)
    article = ArticleFactory(
        headline=HOSTILE, text=f"He said {HOSTILE} loudly.", stories=[story], published_at=None
    )
    QuoteFactory(
        article=article, exact=HOSTILE, speaker__name=HOSTILE, by=ana, said_earliest=None, said_latest=None
    )
    EventFactory(title=HOSTILE, place=HOSTILE, story=story, by=ana)
    for address in ("/desk/", "/desk/acts/", *(of.url for of in LISTS)):
        html = client.get(address).content.decode()
        assert "<img src=x" not in html
    assert "&lt;img src=x" in client.get("/desk/").content.decode()


def grow(ana, times: int) -> None:
    for n in range(times):
        story = StoryFactory()
        article = ArticleFactory(stories=[story], published_at=None)
        removed = ArticleFactory(stories=[story])
        start = TEXT.index("its equipment")
        Quote.draft(
            article.current_version,
            [(start, start + 13)],
            by=None,
            now=NOW,
            status=Status.SUGGESTED,
            mention="x",
        )
        for place in (article, removed):
            quote = QuoteFactory(article=place, by=ana, published=True)
            StanceFactory(quote=quote, claim=ClaimFactory(story=story))
        article.record_version(CHANGED, now=NOW)
        removed.record_version(REMOVED, now=NOW)
        QuoteFactory(by=ana, said_earliest=None, said_latest=None, speaker__name=f"Draft speaker {n}")
        EventFactory(by=ana, story=story)


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_ten_times_the_rows_take_as_many_queries(client, ana):
    addresses = ["/desk/", "/desk/acts/", *(of.url for of in LISTS)]
    grow(ana, 1)
    before = {address: queries(client, address) for address in addresses}
    grow(ana, 9)
    assert {address: queries(client, address) for address in addresses} == before
    assert max(before.values()) < 45
