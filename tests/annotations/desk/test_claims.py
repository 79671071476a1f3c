"""Claims on the desk: worded, put in order, and taken stances on."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.models import Claim, Finding, Quote, Stance
from annotations.suggested import read
from tests.factories import (
    NOW,
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
HOSTILE = '<img src=x onerror=alert(1)> & "quoted"'


@pytest.fixture
def ana(client):
    editor = EditorFactory(first_name="Ana")
    client.force_login(editor)
    return editor


@pytest.fixture
def story():
    return StoryFactory(slug="networks", changed_at=NOW)


def text_of(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return unescape(answer.content.decode())


def add(client, text: str, **headers):
    return client.post("/desk/stories/networks/claims/", {"text": text}, headers=headers)


def texts(story) -> list[str]:
    return list(Claim.objects.filter(story=story).in_order().values_list("text", flat=True))


# Wording.


def test_a_claim_is_added_at_the_end_and_readers_are_told_of_a_change(client, ana, story):
    ClaimFactory(story=story, text="The vendor is a risk.", number=1)
    answer = add(client, "  The vendor should be   kept out ")
    assert answer.headers["Location"] == "/desk/stories/networks/#claims"
    assert texts(story) == ["The vendor is a risk.", "The vendor should be kept out."]
    story.refresh_from_db()
    assert story.changed_at > NOW
    assert "The vendor should be kept out." in text_of(client.get("/desk/stories/networks/"))


def test_with_htmx_the_list_comes_back_with_the_focus_in_the_field_for_another(client, ana, story):
    html = text_of(add(client, "The vendor is a risk.", **HTMX))
    assert html.lstrip().startswith('<section class="section" id="claims"')
    assert 'data-status="Claim added."' in html
    assert "data-focus" in html.split("<textarea")[1].split(">")[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Write the claim, as a full sentence."),
        ("   ", "Write the claim, as a full sentence."),
        ("Huawei", "Write a full sentence"),
        ("Should the vendor be kept out?", "This is a question."),
        ("The vendor is unsafe. It should be kept out.", "more than one sentence"),
        ("the VENDOR is a risk", "The story has this claim already."),
        ("The vendor " + "very " * 70 + "bad", "at most 300 characters"),
    ],
)
def test_what_nobody_could_support_or_oppose_is_refused_and_kept_in_the_field(
    client, ana, story, text, reason
):
    ClaimFactory(story=story, text="The vendor is a risk.")
    for headers in ({}, HTMX):
        html = text_of(add(client, text, **headers), 422)
        assert reason in html
        assert f">\n{text}</textarea>" in html
        assert 'aria-invalid="true"' in html
    assert texts(story) == ["The vendor is a risk."]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Hunt should resign.",
        "The U.S. government should share intelligence with No. 10.",
        "“Five Eyes” should stay together!",
    ],
)
def test_points_within_a_sentence_do_not_end_it(client, ana, story, text):
    assert add(client, text).status_code == 302
    assert texts(story) == [text]


def test_two_stories_may_have_the_same_claim(client, ana, story):
    ClaimFactory(text="The vendor is a risk.")
    assert add(client, "The vendor is a risk.").status_code == 302


def test_other_words_leave_the_claim_its_address(client, ana, story):
    claim = Claim.stated(story, "The vendor is a risk.")
    address = reverse("desk:claim", args=[claim.pk])
    assert client.post(address, {"text": "The vendor is no risk at all."}).status_code == 302
    claim.refresh_from_db()
    assert (claim.text, claim.slug) == ("The vendor is no risk at all.", "the-vendor-is-a-risk")


def test_a_claim_may_be_saved_as_it_is_but_not_as_another(client, ana, story):
    claim, other = Claim.stated(story, "The vendor is a risk."), Claim.stated(story, "It should be kept out.")
    address = reverse("desk:claim", args=[claim.pk])
    assert client.post(address, {"text": "The vendor is a risk."}).status_code == 302
    html = text_of(client.post(address, {"text": other.text}), 422)
    assert "The story has this claim already." in html
    assert "<bdi>The vendor is a risk.</bdi></h1>" in html  # the page is still the claim's own


def test_words_that_a_colleague_put_there_meanwhile_are_not_overwritten_unseen(client, ana, story):
    claim = Claim.stated(story, "The vendor is a risk.")
    address = reverse("desk:claim", args=[claim.pk])
    claim.reword("The vendor is a small risk.", now=NOW)
    mine = {"text": "The vendor is a big risk.", "initial-text": "The vendor is a risk."}
    html = text_of(client.post(address, mine), 409)
    assert "Meanwhile somebody made this “The vendor is a small risk.”" in html
    assert "The vendor is a big risk.</textarea>" in html
    seen = {**mine, "initial-text": "The vendor is a small risk."}
    assert 'name="initial-text" value="The vendor is a small risk."' in html
    assert client.post(address, seen).status_code == 302
    claim.refresh_from_db()
    assert claim.text == "The vendor is a big risk."


# Order.


def test_a_claim_moves_one_place_and_the_numbers_close_up(client, ana, story):
    one, two, three = (ClaimFactory(story=story, number=n) for n in (2, 5, 5))
    order = reverse("desk:claim-order", args=[three.pk])
    assert client.post(order, {"direction": "-1"}).headers["Location"].endswith("#claims")
    assert texts(story) == [one.text, three.text, two.text]
    html = text_of(client.post(order, {"direction": "-1"}, headers=HTMX))
    assert 'data-status="Moved up."' in html
    assert texts(story) == [three.text, one.text, two.text]
    assert list(Claim.objects.in_order().values_list("number", flat=True)) == [1, 2, 3]
    html = text_of(client.post(order, {"direction": "-1"}, headers=HTMX))
    assert "It stands at that end already." in html
    assert html.count("data-focus") == 1


@pytest.mark.parametrize("direction", ["", "0", "7", "up", "1e9"])
def test_any_other_direction_moves_nothing(client, ana, story, direction):
    claim = ClaimFactory(story=story)
    answer = client.post(reverse("desk:claim-order", args=[claim.pk]), {"direction": direction}, headers=HTMX)
    assert answer.status_code == 422


# Stances.


@pytest.fixture
def claim(story):
    return ClaimFactory(story=story, text="The vendor is a risk.")


@pytest.fixture
def quote(story, ana):
    return QuoteFactory(article=ArticleFactory(stories=[story]), by=ana, speaker__name="Jeremy Hunt")


def take(client, claim, quote, position: str, revision: int | None = None, **headers):
    address = reverse("desk:claim-stance", args=[claim.pk, quote.uuid])
    return client.post(
        address, {"position": position, "revision": revision or quote.revision}, headers=headers
    )


def test_the_page_has_the_quotes_on_it_and_those_of_the_story_that_are_not(client, ana, story, claim, quote):
    StanceFactory(claim=claim, quote=quote, position="opposes")
    QuoteFactory(article=quote.article, by=ana, speaker__name="Jeremy Wright")
    QuoteFactory(by=ana, speaker__name="Of another story")
    html = text_of(client.get(reverse("desk:claim", args=[claim.pk])))
    stances, rest = html.split('id="untagged-title"')
    assert "Jeremy Hunt" in stances
    assert "Jeremy Wright" not in stances
    assert "Jeremy Wright" in rest
    assert "Of another story" not in html
    assert "Jeremy Wright" in text_of(client.get(reverse("desk:claim-untagged", args=[claim.pk])))


def test_only_one_position_can_be_asked_for(client, ana, claim, quote):
    StanceFactory(claim=claim, quote=quote, position="opposes")
    address = reverse("desk:claim", args=[claim.pk])
    assert "Jeremy Hunt" in text_of(client.get(f"{address}?position=opposes"))
    assert "No quote is mixed" in text_of(client.get(f"{address}?position=mixed"))
    assert "Jeremy Hunt" in text_of(client.get(f"{address}?position=nonsense"))


def test_a_stance_is_taken_and_taken_away_from_the_list(client, ana, claim, quote):
    html = text_of(take(client, claim, quote, "supports", **HTMX))
    assert 'value="supports" aria-pressed="true" data-focus' in html
    assert Stance.objects.get(quote=quote, claim=claim).position == "supports"
    quote.refresh_from_db()
    assert f'name="revision" value="{quote.revision}"' in html
    assert take(client, claim, quote, "").headers["Location"].endswith(f"#quote-{quote.uuid}")
    assert not Stance.objects.exists()


def test_a_stance_on_a_quote_that_somebody_changed_meanwhile_is_not_taken(client, ana, claim, quote):
    quote.edit(by=EditorFactory(), revision=quote.revision, now=NOW, cue="urged")
    html = text_of(take(client, claim, quote, "supports", revision=1, **HTMX), 409)
    assert "Somebody changed this quote meanwhile." in html
    assert 'name="revision" value="2"' in html  # the next press is on what was seen
    assert not Stance.objects.exists()


def test_a_claim_of_another_story_takes_no_stance(client, ana, quote):
    elsewhere = ClaimFactory()
    html = text_of(take(client, elsewhere, quote, "supports", **HTMX), 422)
    assert "have no such claim" in html
    assert not Stance.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"revision": "x"}, {"revision": "1", "position": "for"}, {"revision": "9" * 40}]
)
def test_junk_takes_no_stance(client, ana, claim, quote, sent):
    address = reverse("desk:claim-stance", args=[claim.pk, quote.uuid])
    assert client.post(address, sent, headers=HTMX).status_code == 422
    assert client.post(address, sent).status_code == 302


# What holds for all of them.


def test_hostile_words_are_shown_and_not_run(client, ana, story, quote):
    claim = ClaimFactory(story=story, text=HOSTILE)
    QuoteFactory(article=quote.article, by=ana, speaker__name=HOSTILE)
    for address in (
        "/desk/stories/networks/",
        f"/desk/claims/{claim.pk}/",
        f"/desk/claims/{claim.pk}/untagged/",
    ):
        html = client.get(address).content.decode()
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html


def test_ten_times_the_rows_take_as_many_queries(client, ana, story):
    claim = ClaimFactory(story=story)

    def grow(times: int) -> None:
        for _ in range(times):
            article = ArticleFactory(stories=[story])
            StanceFactory(claim=claim, quote=QuoteFactory(article=article, by=ana))
            QuoteFactory(article=article, by=ana)
            ClaimFactory(story=story)

    def count() -> list[int]:
        numbers = []
        for address in (
            f"/desk/claims/{claim.pk}/",
            f"/desk/claims/{claim.pk}/untagged/",
            "/desk/stories/networks/",
        ):
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            numbers.append(len(caught))
        return numbers

    grow(1)
    before = count()
    grow(9)
    # A full page needs no look for undated articles.
    assert all(now <= then for now, then in zip(count(), before, strict=True))


@pytest.mark.parametrize("query", ["page=x", "page=-5", "page=99", "position=%00", "page=" + "9" * 30])
def test_junk_in_the_address_is_no_error(client, ana, claim, query):
    assert client.get(f"/desk/claims/{claim.pk}/?{query}").status_code == 200
    assert client.get(f"/desk/claims/{claim.pk}/untagged/?{query}").status_code == 200
    assert client.get("/desk/claims/999999999999999999/").status_code == 404


# -- the words of a quote as a claim -----------------------------------------------------------------------

SAID = (
    "Ada Quill, the harbour minister, opened the meeting.\n\n"
    "Ms Quill said that the bridge should be closed at night.\n\n"
    "“We will repair it at night,” Ms Quill told reporters."
)


@pytest.fixture
def article(story):
    ActorFactory(name="Ada Quill")
    made = ArticleFactory(text=SAID, stories=[story])
    read(made.current_version_id, nlp=None, now=NOW)
    return made


def suggested(kind: str) -> Quote:
    return Quote.objects.suggested().with_words().get(kind=kind)


def take_button(page: str, story="networks") -> str:
    """Where the button that takes the words as a claim leads."""
    found = re.search(rf'formaction="([^"]*/stories/{story}/claims/new/[^"]*)"', page)
    return found[1] if found else ""


def filled(page: str) -> dict[str, str]:
    """What the form of a suggestion or a quote sends as it is."""
    form = page[page.index('id="quote-form"') :]
    found = dict(re.findall(r'<input type="(?:hidden|text|date)" name="([^"]+)"[^>]*? value="([^"]*)"', form))
    found |= {"basis": "on-the-record", "role": "auto"}
    return found | dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]+)"[^>]* checked', form))


def test_reported_words_of_the_best_tiers_can_be_taken_as_a_claim(client, ana, article, story):
    reported, quoted = suggested("indirect"), suggested("direct")
    for name in ("review-one", "quote"):
        assert take_button(text_of(client.get(reverse(f"desk:{name}", args=[reported.uuid]))))
        assert not take_button(text_of(client.get(reverse(f"desk:{name}", args=[quoted.uuid]))))
    Finding.objects.filter(quote=reported).update(tier=3)
    assert not take_button(text_of(client.get(reverse("desk:review-one", args=[reported.uuid]))))
    Finding.objects.filter(quote=reported).update(tier=1)
    story.articles.remove(article)
    assert not take_button(text_of(client.get(reverse("desk:review-one", args=[reported.uuid]))))


def test_an_article_in_two_stories_offers_both(client, ana, article):
    StoryFactory(slug="bridges", title="Bridges").articles.add(article)
    page = text_of(client.get(reverse("desk:review-one", args=[suggested("indirect").uuid])))
    assert take_button(page, "bridges") and take_button(page, "networks")
    assert "Take as a claim in “<bdi>Bridges</bdi>”" in page


def test_a_claim_is_taken_under_review_and_nothing_typed_is_lost(client, ana, article, story):
    other = ClaimFactory(story=story, text="The harbour should be sold.")
    quote = suggested("indirect")
    where = reverse("desk:review-one", args=[quote.uuid]) + "?story=networks&kind=indirect"
    page = text_of(client.get(where))
    typed = filled(page) | {
        "cue": "demanded",
        f"stance-{other.pk}": "opposes",
        "open": "claim",
        "kind": "mixed",
    }
    answer = client.post(take_button(page), typed)
    there = answer["Location"]
    page = text_of(client.get(there))
    assert "The bridge should be closed at night.</textarea>" in page
    assert "that a person can support or oppose" in page
    assert not Claim.objects.exclude(pk=other.pk).exists()
    answer = client.post(there, {"text": ""})
    assert "Write the claim" in text_of(answer, 422)
    answer = client.post(there, {"text": "The old bridge should be closed at night"}, follow=True)
    made = Claim.objects.exclude(pk=other.pk).get()
    assert (made.text, made.taken_from, made.story) == (
        "The old bridge should be closed at night.",
        quote,
        story,
    )
    assert answer.redirect_chain[0][0].endswith(f"#stance-on-{made.pk}")
    page = text_of(answer)
    assert "Claim added: The old bridge should be closed at night." in page
    assert f'id="stance-on-{made.pk}"' in page
    after = filled(page)
    assert (after["cue"], after[f"stance-{other.pk}"], after["kind"]) == ("demanded", "opposes", "mixed")
    assert {name: after[name] for name in ("start", "end", "exact", "revision", "sitting")} == {
        name: typed[name] for name in ("start", "end", "exact", "revision", "sitting")
    }
    action = re.search(r'id="quote-form" method="post" action="([^"]+)"', page)[1]
    assert action.endswith("?story=networks&kind=indirect")
    client.post(action, after | {f"stance-{made.pk}": "supports"})
    quote.refresh_from_db()
    assert (quote.status, quote.cue, quote.kind) == ("draft", "demanded", "mixed")
    assert {s.claim: s.position for s in quote.stances.all()} == {other: "opposes", made: "supports"}


def test_a_claim_is_taken_from_the_panel_of_a_quote(client, ana, article):
    quote = suggested("indirect")
    page = text_of(client.get(reverse("desk:quote", args=[quote.uuid])))
    there = client.post(take_button(page), filled(page) | {"cue": "demanded", "open": "claim"})["Location"]
    answer = client.post(there, {"text": "The bridge should be closed."}, follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("desk:quote", args=[quote.uuid]))
    page = text_of(answer)
    assert filled(page)["cue"] == "demanded"
    assert f'id="stance-on-{Claim.objects.get().pk}"' in page


def test_claims_that_may_say_the_same_come_first_and_can_be_chosen(client, ana, article, story):
    alike = ClaimFactory(story=story, text="The bridge ought to be closed by night.")
    unlike = ClaimFactory(story=story, text="Ferries are too slow for the mail.")
    elsewhere = ClaimFactory(text="The bridge should be closed tonight.")
    quote = suggested("indirect")
    page = text_of(client.get(reverse("desk:review-one", args=[quote.uuid])))
    there = client.post(take_button(page), filled(page) | {"cue": "demanded", "open": "claim"})["Location"]
    page = text_of(client.get(there))
    assert page.index("Is it one of these?") < page.index(alike.text) < page.index("If not, a new claim")
    assert page.index("The story’s other claims") < page.index(unlike.text)
    assert elsewhere.text not in page
    back = re.search(rf'href="([^"]*#stance-on-{alike.pk})"', page)[1]
    page = text_of(client.get(back))
    assert filled(page)["cue"] == "demanded"
    assert Claim.objects.filter(story=story).count() == 2


def test_the_same_claim_twice_is_refused_and_words_that_are_too_long_are_told(client, ana, article, story):
    there = f"/desk/stories/networks/claims/new/?quote={suggested('indirect').uuid}"
    client.post(there, {"text": "The bridge should be closed."})
    page = text_of(client.post(there, {"text": "the bridge should be CLOSED"}), 422)
    assert "The story has this claim already." in page
    assert "the bridge should be CLOSED</textarea>" in page
    assert "at most 300" in text_of(client.post(there, {"text": "closed " * 60}), 422)
    assert Claim.objects.count() == 1


def test_a_story_that_the_article_has_left_gets_no_claim_of_it(client, ana, article, story):
    quote = suggested("indirect")
    story.articles.remove(article)
    there = f"/desk/stories/networks/claims/new/?quote={quote.uuid}"
    answer = client.post(there, {"text": "The bridge should be closed."}, follow=True)
    assert "is not in the story" in text_of(answer)
    assert not Claim.objects.exists()


def test_an_address_that_names_no_quote_leads_to_the_claims(client, ana, story):
    for query in ("", "?quote=x"):
        assert client.get(f"/desk/stories/networks/claims/new/{query}")["Location"].endswith("#claims")
    unknown = "?quote=00000000-0000-4000-8000-000000000000"
    assert client.get(f"/desk/stories/networks/claims/new/{unknown}").status_code == 404


def test_a_claim_says_from_whose_words_it_was_taken(client, ana, article, story):
    quote = suggested("indirect")
    claim = Claim.stated(story, "The bridge should be closed.", taken_from=quote)
    page = text_of(client.get(reverse("desk:claim", args=[claim.pk])))
    assert "Taken from the words of" in page
    assert reverse("desk:quote", args=[quote.uuid]) in page
    assert "Taken from" not in text_of(client.get(reverse("desk:claim", args=[ClaimFactory(story=story).pk])))


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ("Huawei should be banned from 5G.", "Britain should ban Huawei from its 5G network.", True),
        (
            "Concerns about security may delay 5G in the UK.",
            "Worries about Huawei’s part in the networks could hold up the arrival of 5G.",
            False,  # no spelling tells: it stands among the other claims
        ),
        ("The bridge should be closed.", "The bridge should not be closed.", True),
        ("The bridge should be closed.", "Ferries are too slow for the mail.", False),
    ],
)
def test_which_claims_are_alike(story, one, other, are_alike):
    ClaimFactory(story=story, text=one)
    assert Claim.objects.alike(other).exists() is are_alike


def test_the_form_asks_as_often_for_ten_times_as_many_claims(client, ana, article, story):
    there = f"/desk/stories/networks/claims/new/?quote={suggested('indirect').uuid}"

    def queries(claims: int) -> int:
        for number in range(claims):
            ClaimFactory(story=story, text=f"The bridge should be closed for {number} of {claims} nights.")
        with CaptureQueriesContext(connection) as asked:
            assert text_of(client.get(there)).count("It is this one") == Claim.objects.count()
        return len(asked)

    assert queries(3) == queries(27)
