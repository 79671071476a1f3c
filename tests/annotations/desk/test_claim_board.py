"""Claims that say the same, that say two things, that are given up: decided, seen by readers, and taken back."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotations.models import Claim, Quote, Stance
from tests.factories import ArticleFactory, ClaimFactory, EditorFactory, QuoteFactory, StoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ana(client):
    editor = EditorFactory(first_name="Ana")
    client.force_login(editor)
    return editor


@pytest.fixture
def story():
    return StoryFactory(slug="5g")


@pytest.fixture
def banned(story):
    return ClaimFactory(story=story, text="Huawei should be banned.", slug="banned", number=1)


@pytest.fixture
def out(story):
    return ClaimFactory(story=story, text="Huawei should be kept out.", slug="out", number=2)


@pytest.fixture
def say(story):
    article = ArticleFactory(stories=[story])

    def said(claim, position: str = "supports", **fields) -> Quote:
        quote = QuoteFactory(**{"article": article, "published": True} | fields)
        quote.set_stance(claim, position, by=EditorFactory(), revision=quote.revision, now=timezone.now())
        return quote

    return said


def text_of(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return unescape(answer.content.decode())


def url(name: str, claim) -> str:
    return reverse(f"desk:claim-{name}", args=[claim.pk])


def merge(client, claim, into, **fields: str):
    form = {"into": into.pk, **fields}
    html = text_of(client.get(url("merging", claim), form))
    if 'name="read"' not in html:
        return html
    read = html.rsplit('name="read" value="', 1)[1].partition('"')[0]
    return client.post(url("merging", claim), {**form, "read": read}, follow=True)


def stances(claim) -> dict[int, str]:
    return dict(Stance.objects.filter(claim=claim).values_list("quote", "position"))


def revision_of(quote) -> int:
    return Quote.objects.get(pk=quote.pk).revision


# Two that say the same.


def test_stances_move_to_the_claim_that_stays_and_come_back(client, banned, out, say):
    one, other = say(banned), say(banned, "opposes")
    html = text_of(client.get(url("merging", banned), {"into": out.pk}))
    assert "2 stances move to: Huawei should be kept out." in " ".join(html.replace("<b><bdi>", "").split())
    assert "Merged: 2 stances moved here." in text_of(merge(client, banned, out))
    assert stances(banned) == {}
    assert stances(out) == {one.pk: "supports", other.pk: "opposes"}
    assert [act.verb for act in one.acts.order_by("revision")][-1] == "stance"
    desk = text_of(client.get(reverse("desk:claim", args=[banned.pk])))
    assert "It says the same as “Huawei should be kept out.”" in desk
    answer = client.post(url("revival", banned), follow=True)
    assert "In use again. 2 stances came back." in text_of(answer)
    assert stances(banned) == {one.pk: "supports", other.pk: "opposes"}
    assert stances(out) == {}


def test_readers_of_the_claim_that_went_are_led_to_the_other(client, banned, out, say):
    say(banned)
    merge(client, banned, out)
    client.logout()
    answer = client.get(banned.get_absolute_url())
    assert answer.status_code == 302
    assert answer.headers["Location"] == out.get_absolute_url()
    story = text_of(client.get("/stories/5g/"))
    assert "Huawei should be kept out." in story
    assert "Huawei should be banned." not in story
    assert "banned" not in client.get("/stories/5g/export/json/").getvalue().decode()
    assert "/claims/banned/" not in client.get("/sitemap-claims.xml").content.decode()


def test_of_claims_that_say_the_opposite_support_becomes_opposition(client, banned, story, say):
    allowed = ClaimFactory(story=story, text="Huawei should be allowed.", slug="allowed")
    quotes = [say(banned, position) for position in ("supports", "opposes", "mixed", "unclear")]
    merge(client, banned, allowed, opposite="on")
    turned = ["opposes", "supports", "mixed", "unclear"]
    assert stances(allowed) == {quote.pk: position for quote, position in zip(quotes, turned, strict=True)}
    client.post(url("revival", banned))
    assert stances(banned) == dict(
        zip([q.pk for q in quotes], ["supports", "opposes", "mixed", "unclear"], strict=True)
    )


def test_a_quote_with_the_same_stance_on_both_has_it_once(client, banned, out, say):
    quote = say(banned)
    Stance.objects.create(quote=quote, claim=out, position="supports", note="As said in March")
    merge(client, banned, out)
    assert stances(out) == {quote.pk: "supports"}


def test_where_stances_clash_nothing_moves_and_the_quotes_are_named(client, banned, out, say):
    quote = say(banned)
    Stance.objects.create(quote=quote, claim=out, position="opposes")
    html = merge(client, banned, out)
    assert "another stance on each of the two" in html
    assert reverse("desk:quote", args=[quote.uuid]) in html
    answer = client.post(url("merging", banned), {"into": out.pk, "read": "x"})
    assert answer.status_code == 409
    assert stances(banned) == {quote.pk: "supports"}


def test_a_stance_taken_meanwhile_is_not_moved_unseen(client, banned, out, say):
    say(banned)
    html = text_of(client.get(url("merging", banned), {"into": out.pk}))
    read = html.rsplit('name="read" value="', 1)[1].partition('"')[0]
    late = say(banned, "opposes")
    answer = client.post(url("merging", banned), {"into": out.pk, "read": read})
    assert "Somebody changed one of the claims" in text_of(answer, 409)
    assert stances(banned)[late.pk] == "opposes"
    assert stances(out) == {}


def test_what_somebody_else_merged_comes_back_by_them_alone(client, banned, out, say):
    quote = say(banned)
    merge(client, banned, out)
    client.force_login(EditorFactory())
    assert "can bring them back" in text_of(client.get(reverse("desk:claim", args=[banned.pk])))
    assert "1 stance stayed where it is." in text_of(client.post(url("revival", banned), follow=True))
    assert stances(out) == {quote.pk: "supports"}
    assert not Claim.objects.get(pk=banned.pk).is_retired


def test_a_stance_that_was_changed_since_stays(client, banned, out, say):
    quote, other = say(banned), say(banned)
    merge(client, banned, out)
    moved = Quote.objects.get(pk=quote.pk)
    moved.edit(by=EditorFactory(), revision=moved.revision, now=timezone.now(), cue="warned")
    said = text_of(client.post(url("revival", banned), follow=True))
    assert "1 stance came back. 1 stance stayed where it is." in said
    assert stances(banned) == {other.pk: "supports"}


def test_only_another_claim_of_the_story_that_is_in_use_can_stay(client, banned, out):
    elsewhere = ClaimFactory(text="Something else is so.")
    Claim.objects.filter(pk=out.pk).update(retired_at=timezone.now())
    for into in (elsewhere, banned, out):
        answer = client.get(url("merging", banned), {"into": into.pk})
        assert answer.status_code == 422
    assert "no other claim that is in use" in text_of(client.get(url("merging", banned)))


# One that says two things.


def split(client, claim, quotes, **fields: str):
    ticked = [f"{quote.uuid}.{revision_of(quote)}" for quote in quotes]
    return client.post(url("split", claim), {"quote": ticked, **fields}, follow=True)


def test_stances_go_to_a_new_claim_and_come_back(client, banned, say):
    one, other = say(banned), say(banned, "opposes")
    answer = text_of(split(client, banned, [one], text="Nokia should be banned"))
    assert "1 stance moved to: Nokia should be banned." in answer
    made = Claim.objects.get(text="Nokia should be banned.")
    assert stances(made) == {one.pk: "supports"}
    assert stances(banned) == {other.pk: "opposes"}
    done = answer.split('name="done" value="')[1].partition('"')[0]
    assert "1 stance came back." in text_of(
        client.post(url("split-undo", banned), {"done": done}, follow=True)
    )
    assert stances(banned) == {one.pk: "supports", other.pk: "opposes"}
    again = client.post(url("split-undo", banned), {"done": done}, follow=True)
    assert "nothing of yours to undo" in text_of(again)


def test_stances_on_both_are_kept_when_asked_for(client, banned, out, say):
    quote = say(banned)
    split(client, banned, [quote], to=str(out.pk), keep="on")
    assert stances(banned) == stances(out) == {quote.pk: "supports"}


def test_what_is_wrong_with_a_split_is_said_and_nothing_is_made(client, banned, out, say):
    quote = say(banned)
    assert "Tick the quotes" in text_of(split(client, banned, [], to=str(out.pk)), 422)
    assert "Write a full sentence" in text_of(split(client, banned, [quote], text="No"), 422)
    assert "has this claim already" in text_of(
        split(client, banned, [quote], text="Huawei should be kept out"), 422
    )
    elsewhere = ClaimFactory(text="Something else is so.")
    assert "Choose one of these." in text_of(split(client, banned, [quote], to=str(elsewhere.pk)), 422)
    other = say(out)
    assert "takes no stance on the claim any more" in text_of(
        split(client, banned, [other], text="A new one is so"), 422
    )
    Stance.objects.create(quote=quote, claim=out, position="opposes")
    assert "takes a stance on the other claim already" in text_of(
        split(client, banned, [quote], to=str(out.pk)), 422
    )
    stale = {"quote": [f"{quote.uuid}.{quote.revision - 1}"], "text": "A new one is so"}
    assert "Somebody changed one of these quotes" in text_of(client.post(url("split", banned), stale), 409)
    assert not Claim.objects.filter(text="A new one is so.").exists()
    assert stances(banned) == {quote.pk: "supports"}


# One that is given up.


def retire(client, claim, reason: str = "It asks two things at once."):
    html = text_of(client.get(reverse("desk:claim", args=[claim.pk])))
    read = html.rsplit('name="read" value="', 1)[1].partition('"')[0]
    return client.post(url("retirement", claim), {"reason": reason, "read": read}, follow=True)


def test_a_retired_claim_takes_no_new_stance_and_keeps_those_it_has(client, banned, say):
    quote = say(banned)
    article = quote.article
    assert "Retired." in text_of(retire(client, banned))
    fresh = QuoteFactory(article=article)
    form = {"position": "supports", "revision": fresh.revision}
    answer = client.post(reverse("desk:claim-stance", args=[banned.pk, fresh.uuid]), form, follow=True)
    assert "That claim was retired" in text_of(answer)
    assert stances(banned) == {quote.pk: "supports"}
    offered = f'data-claim="{banned.pk}"'
    assert offered not in text_of(client.get(reverse("desk:quote", args=[fresh.uuid])))
    assert offered in text_of(client.get(reverse("desk:quote", args=[quote.uuid])))
    client.post(url("revival", banned))
    client.post(reverse("desk:claim-stance", args=[banned.pk, fresh.uuid]), form)
    assert stances(banned)[fresh.pk] == "supports"


def test_readers_are_told_that_a_claim_was_retired_and_why(client, banned, out, say):
    say(banned)
    retire(client, banned)
    retire(client, out, "Nobody ever said so.")
    client.logout()
    html = text_of(client.get(banned.get_absolute_url()))
    assert "The desk no longer uses this claim: It asks two things at once." in html
    gone = text_of(client.get(out.get_absolute_url()), 410)
    assert "The desk no longer uses this claim: Nobody ever said so." in gone
    story = text_of(client.get("/stories/5g/"))
    assert "Huawei should be banned." in story
    assert "Huawei should be kept out." not in story


def test_a_retirement_needs_a_reason_and_the_claim_as_it_was_seen(client, banned, say):
    assert "Say why it is retired" in text_of(retire(client, banned, " "))
    answer = client.post(url("retirement", banned), {"reason": "Old", "read": "x"}, follow=True)
    assert "Somebody changed one of the claims" in text_of(answer)
    assert not Claim.objects.get(pk=banned.pk).is_retired
    retire(client, banned)
    again = client.post(url("retirement", banned), {"reason": "Old", "read": "x"}, follow=True)
    assert "It is retired already." in text_of(again)
    client.post(url("revival", banned))
    assert "It is in use." in text_of(client.post(url("revival", banned), follow=True))


# How much is asked of the database.


@pytest.mark.parametrize("shown", ["merging", "split", "claim"])
def test_a_page_takes_the_same_queries_whatever_it_lists(client, banned, out, say, shown):
    address = reverse("desk:claim", args=[banned.pk]) if shown == "claim" else url(shown, banned)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            text_of(client.get(address, {"into": out.pk} if shown == "merging" else {}))
        return len(queries)

    quote = say(banned)
    Stance.objects.create(quote=quote, claim=out, position="opposes")
    first = count()
    for _ in range(10):
        quote = say(banned)
        Stance.objects.create(quote=quote, claim=out, position="opposes")
    assert count() == first
