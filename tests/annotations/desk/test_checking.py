"""The lists in which an editor decides on quotes whose words an outlet changed or removed."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations import nearest
from annotations.models import Act, Anchor, Quote, Status
from tests.annotations.reading import words_of
from tests.factories import (
    NOW,
    TEXT,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    QuoteFactory,
    StanceFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
CHANGED, ORPHANS = "/desk/lists/changed/", "/desk/lists/orphans/"
REWORDED = TEXT.replace("not compromise", "hardly compromise")
SAID = (
    "The board met on Monday.\n\n"
    "Mr Hunt said no final decision had been made about the network.\n\n"
    "Mr Wright said that the vendor could be kept out of it."
)
LOST = "no final decision had been made about the network"


@pytest.fixture
def ana(client):
    editor = EditorFactory(first_name="Ana")
    client.force_login(editor)
    return editor


@pytest.fixture
def ben():
    return EditorFactory(first_name="Ben")


@pytest.fixture
def story():
    return StoryFactory(slug="the-story")


@pytest.fixture
def changed(ana, story):
    """A published quote with a stance, whose words the outlet has changed."""
    article = ArticleFactory(stories=[story])
    quote = QuoteFactory(article=article, by=ana, published=True, speaker__name="Jeremy Hunt")
    claim = ClaimFactory(story=story, text="It should be banned.")
    quote.set_stance(claim, "opposes", by=ana, revision=quote.revision, now=NOW)
    article.record_version(REWORDED, now=NOW)
    return Quote.objects.get()


def orphan(ana, story, text, *, exact=LOST, speaker="Jeremy Hunt", **fields):
    article = ArticleFactory(stories=[story], text=SAID)
    actor = ActorFactory(name=speaker)
    quote = QuoteFactory(
        article=article, by=ana, published=True, exact=exact, speaker=actor, mention="Mr Hunt", **fields
    )
    article.record_version(text, now=NOW)
    quote.refresh_from_db()
    assert quote.anchors.get(version=article.current_version).state == "orphan"
    return quote


def page(client, address, **headers):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def fields_of(html, address):
    """What the form that posts to the address would send."""
    form = html.split(f'action="{address}"', 1)[1].split("</form>", 1)[0]
    found = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    found.pop("csrfmiddlewaretoken", None)
    return found


def step(quote, name):
    return reverse(f"desk:quote-{name}", args=[quote.uuid])


def take(client, list_address, quote, name, headers=HTMX, **more):
    html = page(client, list_address)
    address = step(quote, name)
    return client.post(address, {**fields_of(html, address), **more}, headers=headers)


# Words that were changed.


def test_old_and_new_words_stand_side_by_side_with_what_differs_marked(client, changed):
    answer = client.get(CHANGED)
    read, html = words_of(answer), answer.content.decode()
    assert "As an editor read it, in version 1 “ We will [removed: not ] compromise on security," in read
    assert "As it is now, in version 2 “ We will [added: hardly ] compromise on security," in read
    assert "<del><span" in html
    assert "<ins><span" in html
    assert "It should be banned. Check again" in read
    assert "The quote and its stances still stand" in read
    number = changed.article_id
    assert f'href="/stories/the-story/articles/{number}/diff/1/2/"' in html


def test_what_changed_around_the_words_is_shown_where_they_are_the_same(client, ana, story):
    article = ArticleFactory(stories=[story])
    QuoteFactory(article=article, by=ana, published=True)
    article.record_version(TEXT.replace("the minister told lawmakers", "the vendor told lawmakers"), now=NOW)
    read = words_of(client.get(CHANGED))
    assert "the [removed: minister ] told lawmakers" in read
    assert "the [added: vendor ] told lawmakers" in read
    assert "The words are the same. What stands around them is not" in read


def test_a_quote_that_still_stands_leaves_the_list_and_that_can_be_undone(client, ana, changed):
    answer = take(client, CHANGED, changed, "check")
    html = unescape(answer.content.decode())
    assert "data-done" in html
    assert 'data-status="Checked: the quote stands."' in html
    assert '<span id="list-count" hx-swap-oob="true">0 in the list</span>' in html
    assert "Undo the check" in html
    quote = Quote.objects.get()
    assert quote.version == quote.article.current_version
    assert not quote.stances.get().check_again
    assert Act.objects.latest("id").verb == "checked"
    assert "The list is empty" in page(client, CHANGED)

    undone = client.post(step(changed, "undo"), fields_of(html, step(changed, "undo")), headers=HTMX)
    again = unescape(undone.content.decode())
    assert 'data-status="Undone: the check."' in again
    assert "data-focus" in again
    assert "1 in the list" in again
    assert Quote.objects.get().version.number == 1
    assert Quote.objects.get().stances.get().check_again


def test_a_stance_is_changed_in_the_list_and_the_button_keeps_the_focus(client, changed):
    claim = changed.stances.get().claim_id
    html = page(client, CHANGED)
    address = f"{step(changed, 'stance')}?claim={claim}"
    answer = client.post(address, {**fields_of(html, address), "position": "supports"}, headers=HTMX)
    assert answer.status_code == 200
    row = answer.content.decode()
    assert changed.stances.get().position == "supports"
    pressed = re.findall(r'value="(\w+)" id="stance-[^"]*" aria-pressed="true" data-focus', row)
    assert pressed == ["supports"]
    assert "data-done" not in row  # the words are still to be checked
    assert "Undo the stance" in row


def test_a_quote_is_withdrawn_in_the_list_with_its_reason(client, changed):
    refused = take(client, CHANGED, changed, "withdrawal", reason=" ")
    assert refused.status_code == 422
    assert "Say why it is withdrawn" in unescape(refused.content.decode())
    assert '<details class="adjust" open>' in refused.content.decode()
    done = take(client, CHANGED, changed, "withdrawal", reason="The outlet has corrected it.")
    assert "Undo the withdrawal" in done.content.decode()
    changed.refresh_from_db()
    assert (changed.status, changed.withdrawn_reason) == (Status.WITHDRAWN, "The outlet has corrected it.")


def test_a_draft_is_rejected_in_the_list(client, ana):
    article = ArticleFactory()
    quote = QuoteFactory(article=article, by=ana)
    article.record_version(REWORDED, now=NOW)
    take(client, CHANGED, quote, "rejection")
    quote.refresh_from_db()
    assert quote.status == Status.REJECTED


def test_who_came_second_is_told_and_nothing_of_theirs_is_done(client, changed, ben):
    html = page(client, CHANGED)
    changed.edit(by=ben, revision=changed.revision, now=NOW, cue="urged")
    answer = client.post(step(changed, "check"), fields_of(html, step(changed, "check")), headers=HTMX)
    assert answer.status_code == 409
    row = unescape(answer.content.decode())
    assert "Ben" in row
    assert "edited it meanwhile. Nothing was done" in row
    assert "data-focus" in row
    assert Quote.objects.get().version.number == 1
    # The row has the new revision: the next press counts.
    again = client.post(step(changed, "check"), fields_of(row, step(changed, "check")), headers=HTMX)
    assert again.status_code == 200
    assert Quote.objects.get().version.number == 2


def test_what_a_colleague_has_dealt_with_meanwhile_leaves_the_list(client, changed, ben):
    html = page(client, CHANGED)
    changed.confirm(changed.article.current_version, by=ben, revision=changed.revision, now=NOW)
    answer = client.post(step(changed, "check"), fields_of(html, step(changed, "check")), headers=HTMX)
    assert answer.status_code == 409
    row = unescape(answer.content.decode())
    assert "checked it meanwhile" in row
    assert "data-done" in row
    assert "Undo" not in row


def test_words_that_changed_once_more_are_not_confirmed_unseen(client, changed):
    html = page(client, CHANGED)
    changed.article.record_version(REWORDED.replace("hardly", "never"), now=NOW)
    answer = client.post(step(changed, "check"), fields_of(html, step(changed, "check")), headers=HTMX)
    assert answer.status_code == 409
    row = unescape(answer.content.decode())
    assert "The article has a new version since this page was loaded. Nothing was done" in row
    assert "never" in row
    assert Quote.objects.get().version.number == 1
    plain = client.post(step(changed, "check"), fields_of(html, step(changed, "check")), follow=True)
    assert "Nothing was done" in words_of(plain)
    assert Quote.objects.get().version.number == 1


def test_without_scripts_one_comes_back_to_the_list_with_what_was_done_and_its_undo(client, changed):
    answer = take(client, CHANGED, changed, "check", headers={})
    assert answer["Location"] == f"{CHANGED}?done={changed.uuid}"
    html = page(client, answer["Location"])
    assert "Checked: the quote stands." in html
    assert "Undo the check" in html
    back = client.post(step(changed, "undo"), fields_of(html, step(changed, "undo")))
    assert "The quote and its stances still stand" in page(client, back["Location"])


def test_a_part_that_is_gone_is_decided_on_before_the_rest(client, ana, story):
    article = ArticleFactory(stories=[story])
    parts = ("We will not compromise on security,", "But we have not decided.")
    spans = [(TEXT.index(part), TEXT.index(part) + len(part)) for part in parts]
    quote = Quote.draft(article.current_version, spans, by=ana, now=NOW, mention="the minister")
    article.record_version(REWORDED.replace(" “But we have not decided.”", ""), now=NOW)
    html = page(client, CHANGED)
    assert "This part is no longer in the text." in html
    assert "still stand" not in html
    assert f'href="{ORPHANS}?only={quote.uuid}"' in html
    assert "Still in the text: “<bdi>We will hardly compromise on security,</bdi>”" in page(client, ORPHANS)


# Words that are gone.


def test_an_orphan_shows_where_it_stood_and_where_it_may_be(client, ana, story):
    quote = orphan(
        ana,
        story,
        SAID.replace(f"Mr Hunt said {LOST}", "Later Mr Hunt insisted that no final decision on it was made"),
    )
    answer = client.get(ORPHANS)
    read = words_of(answer)
    assert f"As it stood in version 1 Mr Hunt said {LOST} ." in read
    assert "Nearest words now, in version 2" in read
    assert "“Mr Hunt” says it here too." in read
    assert "The verb is “insisted”; it was “said”." in read
    assert f'href="/desk/articles/{quote.article_id}/sentences/?quote={quote.uuid}' in answer.content.decode()


def test_a_quote_is_put_on_a_proposal_as_an_act_that_can_be_undone(client, ana, story):
    text = SAID.replace(
        f"Mr Hunt said {LOST}", "Later Mr Hunt insisted that no final decision on it was made"
    )
    quote = orphan(ana, story, text)
    answer = take(client, ORPHANS, quote, "span")
    html = unescape(answer.content.decode())
    assert "The quote stands on the new words." in html
    assert "data-done" in html
    anchor = quote.anchors.get(version__number=2)
    assert anchor.state == "exact"
    assert "no final decision" in anchor.exact
    assert quote.anchors.get(version__number=1).exact == LOST  # what was right stays
    assert Act.objects.latest("id").verb == "resized"
    undone = client.post(step(quote, "undo"), fields_of(html, step(quote, "undo")), headers=HTMX)
    assert "Put it on these words" in undone.content.decode()
    assert quote.anchors.get(version__number=2).state == "orphan"


def test_words_that_somebody_else_says_are_never_one_press_away(client, ana, story):
    quote = orphan(
        ana,
        story,
        SAID.replace(
            f"Mr Hunt said {LOST}", "Mr Wright said no final decision had been taken about the network"
        ),
    )
    html = page(client, ORPHANS)
    assert "Another speaker" in html
    assert "“<bdi>Mr Wright</bdi>” says it here; it was “<bdi>Mr Hunt</bdi>”" in html
    assert step(quote, "span") not in html


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (
            "Later he insisted that no final decision on it was made.",
            "“<bdi>he</bdi>” says it here; it was “<bdi>Mr Hunt</bdi>”. Is that the same speaker?",
        ),
        (
            "Later a spokesman insisted that no final decision on it was made.",
            "“<bdi>a spokesman</bdi>” says it here; it was “<bdi>Mr Hunt</bdi>”. Is that the same speaker?",
        ),
        (
            "It rained for days. On the network no decision had been made at all.",
            "Nobody is named beside these words; it was “<bdi>Mr Hunt</bdi>”.",
        ),
    ],
)
def test_where_it_is_not_sure_who_speaks_the_editor_is_told_to_look(client, ana, story, new, told):
    orphan(ana, story, f"Rain fell on the harbour for a week.\n\nSo it went on for long.\n\n{new}")
    html = page(client, ORPHANS)
    assert "See who speaks" in html
    assert told in html
    assert "Put it on these words" in html


def test_nothing_alike_is_said_and_not_made_up(client, ana, story):
    orphan(ana, story, "Rain fell on the harbour for a week.")
    html = page(client, ORPHANS)
    assert "Nothing in it is like these words." in html
    assert "Choose by sentences" in html
    assert "Put it on these words" not in html


def test_a_proposal_keeps_the_parts_that_still_stand(client, ana, story):
    text = (
        "“We will not compromise on security,” Mr Hunt told reporters.\n\n"
        "“But we have not taken any decision about it,” Mr Hunt said."
    )
    article = ArticleFactory(stories=[story], text=text)
    parts = ("We will not compromise on security,", "But we have not taken any decision about it,")
    spans = [(text.index(part), text.index(part) + len(part)) for part in parts]
    quote = Quote.draft(article.current_version, spans, by=ana, now=NOW, mention="Mr Hunt")
    new = (
        "“We will not compromise on security,” Mr Hunt told reporters.\n\nRain fell.\n\nMore rain fell on them.\n\n"
        "“Any decision about it has not been taken, but it will be,” Mr Hunt said later, in the rain of London."
    )
    article.record_version(new, now=NOW)
    states = set(quote.anchors.filter(version__number=2).values_list("state", flat=True))
    assert "orphan" in states
    answer = take(client, ORPHANS, quote, "span")
    assert answer.status_code == 200
    words = list(Anchor.objects.filter(version__number=2).order_by("start").values_list("exact", flat=True))
    assert words[0] == "We will not compromise on security,"
    assert "decision about it" in words[1]


def test_forged_words_are_refused_in_the_row(client, ana, story):
    text = SAID.replace(
        f"Mr Hunt said {LOST}", "Later Mr Hunt insisted that no final decision on it was made"
    )
    quote = orphan(ana, story, text)
    answer = take(client, ORPHANS, quote, "span", exact=["Other words"])
    assert answer.status_code == 422
    assert "Other words stand there" in answer.content.decode()
    assert quote.anchors.get(version__number=2).state == "orphan"


def test_only_so_much_text_is_searched_on_one_page(client, ana, story, monkeypatch):
    monkeypatch.setattr(nearest, "MOST_SEARCHED", 10)
    text = SAID.replace(
        f"Mr Hunt said {LOST}", "Later Mr Hunt insisted that no final decision on it was made"
    )
    first, second = orphan(ana, story, text), orphan(ana, story, text)
    html = page(client, ORPHANS)
    assert html.count("Put it on these words") == 1
    later = first if f"?only={first.uuid}" in html else second
    alone = page(client, f"{ORPHANS}?only={later.uuid}")
    assert "Put it on these words" in alone
    assert alone.count('class="desk-row check"') == 1


# Both.


@pytest.mark.parametrize(
    "query", ["?done=x", "?done=%00", "?only=x", "?page=9", f"?done={'0' * 32}", "?only="]
)
@pytest.mark.parametrize("address", [CHANGED, ORPHANS])
def test_junk_in_the_address_gives_the_list(client, changed, address, query):
    assert client.get(f"{address}{query}").status_code == 200


def test_nobody_is_led_off_the_site_by_the_way_back(client, changed):
    html = page(client, CHANGED)
    data = {**fields_of(html, step(changed, "check")), "back": "https://elsewhere.example/"}
    assert client.post(step(changed, "check"), data)["Location"].startswith("/desk/articles/")


def test_ten_times_the_rows_take_as_many_queries(client, ana, story):
    def grow():
        text = SAID.replace(
            f"Mr Hunt said {LOST}", "Later Mr Hunt insisted that no final decision on it was made"
        )
        orphan(ana, story, text)
        article = ArticleFactory(stories=[story])
        quote = QuoteFactory(article=article, by=ana, published=True)
        StanceFactory(quote=quote, claim=ClaimFactory(story=story))
        article.record_version(REWORDED, now=NOW)

    def queries():
        counted = []
        for address in (CHANGED, ORPHANS):
            with CaptureQueriesContext(connection) as caught:
                page(client, address)
            counted.append(len(caught))
        return counted

    grow()
    before = queries()
    for _ in range(9):
        grow()
    assert queries() == before
    assert max(before) <= 22
