import datetime as dt
import uuid

import pytest

from annotations.joining import join
from annotations.models import Quote, Stance, Status
from tests.annotations.reading import words_of
from tests.factories import (
    NOW,
    TEXT,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    OutletFactory,
    QuoteFactory,
    RoleFactory,
    StoryFactory,
    UtteranceFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def story():
    return StoryFactory(slug="the-story", title="The 5G decision")


@pytest.fixture
def quote(story):
    speaker = ActorFactory(name="Jeremy Hunt", slug="jeremy-hunt")
    return QuoteFactory(
        article=ArticleFactory(stories=[story], headline="Minister warns"),
        speaker=speaker,
        role=RoleFactory(actor=speaker, title="Foreign secretary"),
        published=True,
    )


def page_of(client, quote):
    response = client.get(f"/quotes/{quote.uuid}/")
    assert response.status_code == 200
    return response


def test_a_quote_shows_its_words_in_their_paragraph_and_leads_to_them(client, story, quote):
    response = page_of(client, quote)
    page, read = response.content.decode(), words_of(response)
    assert "Jeremy Hunt, 8 May 2019" in read
    assert "“ We will not compromise on security, ” the minister told lawmakers." in read
    assert "The vendor denies" not in read  # another paragraph
    assert f'href="/stories/the-story/articles/{quote.article_id}/?version=1#quote-{quote.uuid}"' in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/quotes/{quote.uuid}/">' in page


def test_a_quote_leads_to_the_archived_copy_and_to_its_storys_corrections(client, story):
    article = ArticleFactory(stories=[story], archive_url="https://archive.example/2019/warns")
    page = page_of(client, QuoteFactory(article=article, published=True)).content.decode()
    assert 'href="https://archive.example/2019/warns"' in page
    assert 'href="/stories/the-story/corrections/"' in page


def test_the_words_lead_from_speaker_over_relay_to_outlet(client, story, quote):
    quote.relayed_by_outlet = OutletFactory(name="The Relay Times")
    quote.save()
    outlet = quote.article.outlet.name
    assert f"Said by Jeremy Hunt relayed by The Relay Times published by {outlet}" in words_of(
        page_of(client, quote)
    )


def test_a_quote_tells_its_facts_and_its_stances(client, story, quote):
    claim = ClaimFactory(story=story, text="It should be banned.")
    Stance.objects.create(quote=quote, claim=claim, position="opposes", note="He says never.")
    read = words_of(page_of(client, quote))
    assert "Jeremy Hunt , Foreign secretary" in read
    assert "opposes It should be banned. He says never." in read
    assert "Speech direct speech, “told” Named as “the minister” Basis on the record" in read


def test_an_undated_quote_says_what_the_text_says(client, story):
    article = ArticleFactory(stories=[story], published_at=None)
    quote = QuoteFactory(
        article=article, said_earliest=None, said_latest=None, said_expression="yesterday", published=True
    )
    assert "date unknown (“yesterday” in an undated article)" in words_of(page_of(client, quote))


def test_a_quote_in_parts_shows_both_and_the_paragraphs_of_both(client, story):
    article = ArticleFactory(stories=[story])
    parts = ("could be delayed", "The vendor denies")
    spans = [(TEXT.index(part), TEXT.index(part) + len(part)) for part in parts]
    editor = EditorFactory()
    quote = Quote.draft(article.current_version, spans, by=editor, now=NOW, mention="somebody")
    quote.publish(by=editor, revision=1, now=NOW)
    read = words_of(page_of(client, quote))
    assert "could be delayed … The vendor denies" in read
    assert "the rollout of 5G could be delayed by the review." in read
    assert "lawmakers" not in read


# What became of it.


def test_the_life_of_the_words_is_told_version_by_version(client, story, quote):
    article = quote.article
    article.record_version("Before.\n\n" + TEXT, now=NOW + DAY)
    article.record_version(TEXT.replace("not compromise", "hardly compromise"), now=NOW + 2 * DAY)
    article.record_version("The minister said nothing more.", now=NOW + 3 * DAY)
    response = page_of(client, quote)
    page, read = response.content.decode(), words_of(response)
    assert "In versions 1–2." in read
    assert "Reworded in version 3: We will [removed: not ] [added: hardly ] compromise on security," in read
    assert "not<span" in page.split("<del>")[1].split("</del>")[0]
    for old, new in (2, 3), (3, 4):
        assert f'href="/stories/the-story/articles/{article.pk}/diff/{old}/{new}/"' in page
    assert "Not in version 4: the outlet removed it." in read
    assert "Removed by the outlet in version 4" in read
    assert f'?version=3#quote-{quote.uuid}"' in page


def test_the_words_of_the_page_are_those_that_an_editor_read(client, story, quote):
    quote.article.record_version(TEXT.replace("not compromise", "hardly compromise"), now=NOW + DAY)
    read = words_of(page_of(client, quote))
    assert "Reworded by the outlet in version 2 These are the words of version 1" in read
    assert "“ We will not compromise on security, ” the minister told" in read
    quote = Quote.objects.get()
    newer = quote.article.versions.get(number=2)
    quote.confirm(newer, by=EditorFactory(), revision=quote.revision, now=NOW + 2 * DAY)
    read = words_of(page_of(client, quote))
    assert "“ We will hardly compromise on security, ” the minister told" in read
    assert "Reworded by the outlet" not in read
    assert "Read again in a newer version of the article, and kept" in read


def test_the_record_tells_what_was_changed_after_publication_and_not_by_whom(client, story):
    editor = EditorFactory(first_name="Canarina", username="canary")
    quote = QuoteFactory(article=ArticleFactory(stories=[story]), by=editor)
    wrong, right = quote.speaker, ActorFactory(name="The right one")
    quote.edit(by=editor, revision=quote.revision, now=NOW, cue="canaried")
    quote.publish(by=editor, revision=quote.revision, now=NOW + DAY)
    quote.edit(by=editor, revision=quote.revision, now=NOW + 2 * DAY, speaker=right, cue="said")
    read = words_of(page_of(client, quote))
    assert (
        "Corrections Published 10 May 2019, 13:00 BST Changed: who speaks, the word that attributes it"
        in read
    )
    assert wrong.name not in read
    assert "canar" not in read.lower()


def test_how_others_carried_the_same_words_stands_beside(client, story, quote):
    utterance = UtteranceFactory(speaker=quote.speaker)
    other = ArticleFactory(stories=[story], outlet=OutletFactory(name="The Other Outlet"))
    hidden = ArticleFactory(stories=[StoryFactory(status="draft")], headline="Canary")
    Quote.objects.filter(pk=quote.pk).update(utterance=utterance)
    sister = QuoteFactory(
        article=other, exact="But we have not decided.", utterance=utterance, published=True
    )
    QuoteFactory(article=other, exact="The vendor denies", cue="canaried", utterance=utterance)
    QuoteFactory(article=hidden, exact="The vendor denies", utterance=utterance, published=True)
    response = page_of(client, quote)
    read = words_of(response)
    assert "This utterance in other outlets One act of speaking, as 2 quotes render it." in read
    assert "But we have not decided." in read
    assert f'href="/quotes/{sister.uuid}/"' in response.content.decode()
    assert "canar" not in read.lower()
    assert response.content.decode().count('<li class="rendering') == 2


def test_what_each_outlet_left_out_is_told_beside_the_longest(client, story, quote):
    utterance = UtteranceFactory(speaker=quote.speaker)
    whole = "We will not compromise on security, and no vendor is worth it"
    longer = ArticleFactory(
        stories=[story], outlet=OutletFactory(name="The Longer One"), text=f"“{whole},” he said."
    )
    silent = OutletFactory(name="The Silent Post")
    ArticleFactory(stories=[story], outlet=silent)
    ArticleFactory(stories=[StoryFactory()], outlet=OutletFactory(name="The Faraway Post"))
    sister = QuoteFactory(article=longer, exact=whole, utterance=utterance, published=True)
    Quote.objects.filter(pk=quote.pk).update(utterance=utterance)
    read = words_of(page_of(client, quote))
    there = read[read.index("This utterance") :]
    assert there.index("The Longer One") < there.index("This quote")  # the longest comes first
    assert "The longest." in there
    assert "[removed: and no vendor is worth it ]" in there
    assert "Leaves out 6 words." in there
    assert "no article here is tagged with any of it: The Silent Post" in there
    assert f'<a href="/outlets/{silent.slug}/">' in page_of(client, quote).content.decode()
    assert "The Faraway Post" not in there
    assert "This utterance in other outlets" in words_of(page_of(client, sister))


def test_where_every_outlet_carried_it_that_is_said(client, story, quote):
    utterance = UtteranceFactory(speaker=quote.speaker)
    Quote.objects.filter(pk=quote.pk).update(utterance=utterance)
    QuoteFactory(article=ArticleFactory(stories=[story]), utterance=utterance, published=True)
    assert "Every outlet in this story carried some of it." in words_of(page_of(client, quote))


def test_an_utterance_of_which_readers_see_one_quote_is_not_told(client, story, quote):
    utterance = UtteranceFactory(speaker=quote.speaker)
    Quote.objects.filter(pk=quote.pk).update(utterance=utterance)
    QuoteFactory(article=ArticleFactory(stories=[story]), utterance=utterance)
    read = words_of(page_of(client, quote))
    assert "This utterance" not in read
    assert "tagged with any of it" not in read


def test_that_it_was_joined_is_in_the_record(client, story, quote):
    other = QuoteFactory(article=ArticleFactory(stories=[story]), speaker=quote.speaker, published=True)
    read = {one.uuid: Quote.objects.get(pk=one.pk).revision for one in (quote, other)}
    join(read, by=EditorFactory(), now=NOW + DAY)
    told = words_of(page_of(client, quote))
    assert "Changed: which quotes elsewhere render the same utterance" in told


def test_two_renderings_or_twenty_take_the_same_queries(client, story, quote, django_assert_max_num_queries):
    utterance = UtteranceFactory()
    Quote.objects.filter(pk=quote.pk).update(utterance=utterance)

    def count():
        with django_assert_max_num_queries(40) as captured:
            page_of(client, quote)
        return len(captured)

    def render(number):
        for _ in range(number):
            article = ArticleFactory(stories=[StoryFactory()])
            QuoteFactory(article=article, utterance=utterance, published=True)

    render(2)
    few = count()
    render(18)
    assert count() == few


# Who sees it.


def test_a_withdrawn_quote_is_gone_and_says_why(client, story, quote):
    quote.withdraw(
        by=EditorFactory(), revision=quote.revision, now=NOW + DAY, reason="The <b>speaker</b> was wrong."
    )
    response = client.get(f"/quotes/{quote.uuid}/")
    assert response.status_code == 410
    read = words_of(response)
    assert "The desk gives this reason: The <b>speaker</b> was wrong." in read
    assert "compromise" not in read
    assert "Jeremy Hunt" not in read
    assert b"noindex" in response.content


def test_a_quote_whose_publication_was_undone_is_gone_without_a_reason(client, story):
    editor = EditorFactory()
    quote = QuoteFactory(article=ArticleFactory(stories=[story]), by=editor, published=True)
    quote.undo(by=editor, revision=quote.revision, now=NOW + DAY)
    assert quote.status == Status.DRAFT
    response = client.get(f"/quotes/{quote.uuid}/")
    assert response.status_code == 410
    assert "reason" not in words_of(response)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUGGESTED, Status.REJECTED])
def test_a_quote_that_readers_never_saw_is_not_found(client, story, status):
    quote = QuoteFactory(article=ArticleFactory(stories=[story]))
    Quote.objects.filter(pk=quote.pk).update(status=status)
    assert client.get(f"/quotes/{quote.uuid}/").status_code == 404


def test_a_quote_outside_published_stories_is_not_found_even_if_it_was_withdrawn(client):
    quote = QuoteFactory(article=ArticleFactory(stories=[StoryFactory(status="draft")]), published=True)
    assert client.get(f"/quotes/{quote.uuid}/").status_code == 404
    quote.withdraw(by=EditorFactory(), revision=quote.revision, now=NOW, reason="Wrong.")
    assert client.get(f"/quotes/{quote.uuid}/").status_code == 404


def test_an_unknown_quote_is_not_found(client):
    assert client.get(f"/quotes/{uuid.uuid4()}/").status_code == 404
    assert client.get("/quotes/no-uuid/").status_code == 404
