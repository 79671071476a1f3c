"""The annotating page: what an editor sees of an article and of its quotes."""

import re

import pytest
from django.urls import reverse

from annotations.models import Quote, Stance
from tests.factories import (
    NOW,
    TEXT,
    AdministratorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    QuoteFactory,
    StanceFactory,
    StoryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ana(client):
    editor = EditorFactory(first_name="Ana")
    client.force_login(editor)
    return editor


def page_of(article):
    return reverse("desk:article", args=[article.pk])


def words_in(page: str) -> str:
    """The text as the segments of the page give it, put together by their own offsets."""
    pieces = re.findall(r'data-start="(\d+)"[^>]*>([^<]*)</span>', page)
    text = [" "] * (max(int(start) + len(words) for start, words in pieces))
    for start, words in pieces:
        text[int(start) : int(start) + len(words)] = words
    return "".join(text)


def test_a_stranger_is_sent_to_the_log_in_and_a_reader_is_refused(client):
    address = page_of(ArticleFactory())
    assert client.get(address).headers["Location"] == f"/login/?next={address}"
    client.force_login(UserFactory())
    assert client.get(address).status_code == 403


def test_a_lost_session_answers_htmx_without_sending_the_page_away(client):
    answer = client.get(page_of(ArticleFactory()), headers=HTMX)
    assert answer.status_code == 401
    assert not {"HX-Refresh", "HX-Redirect", "HX-Location"} & set(answer.headers)


def test_every_segment_says_where_it_starts_in_code_points(client, ana):
    text = (
        "📡 “Five bars,” said the minister’s aide.\n\n🇬🇧 We will not compromise on security, he added. 👩‍💻"
    )
    article = ArticleFactory(text=text)
    QuoteFactory(article=article, exact="We will not compromise on security,", by=ana)
    QuoteFactory(article=article, exact="compromise on security, he added. 👩‍💻", by=ana)
    page = client.get(page_of(article)).content.decode()
    assert words_in(page) == text.replace("\n", " ")


def test_drafts_and_published_quotes_are_marked_and_ended_ones_are_not(client, ana):
    article = ArticleFactory(stories=[StoryFactory()])
    draft = QuoteFactory(article=article, exact="the rollout of 5G could be delayed", by=ana)
    published = QuoteFactory(
        article=article, exact="We will not compromise on security,", by=ana, published=True
    )
    rejected = QuoteFactory(article=article, exact="its equipment is a risk", by=ana)
    rejected.reject(by=ana, revision=rejected.revision, now=NOW)
    start = TEXT.index("the rollout of 5G could be delayed")
    page = client.get(page_of(article)).content.decode()
    assert (
        f'class="mark mark--quote mark--draft" data-start="{start}" data-annotation="quote-{draft.uuid}"'
        in page
    )
    assert (
        f'data-annotation="quote-{published.uuid}" data-quote="/desk/quotes/{published.uuid}/">We will'
        in page
    )
    assert f'data-annotation="quote-{rejected.uuid}" data-quote' not in page
    assert "Rejected and withdrawn" in page


def test_a_mark_has_the_stance_of_its_quote_and_of_one_that_overlaps(client, ana):
    article = ArticleFactory(stories=[StoryFactory()])
    claim = ClaimFactory(story=article.stories.get())
    outer = QuoteFactory(article=article, exact="We will not compromise on security,", by=ana)
    inner = QuoteFactory(article=article, exact="compromise", by=ana)
    StanceFactory(quote=outer, claim=claim, position=Stance.Position.SUPPORTS)
    StanceFactory(quote=inner, claim=claim, position=Stance.Position.OPPOSES)
    page = client.get(page_of(article)).content.decode()
    assert "mark mark--opposes mark--also-supports mark--draft" in page


def test_the_list_names_speaker_words_status_and_stances(client, ana):
    article = ArticleFactory(stories=[StoryFactory()])
    quote = QuoteFactory(article=article, by=ana)
    StanceFactory(
        quote=quote, claim=ClaimFactory(story=article.stories.get(), text="Wait."), position="opposes"
    )
    page = client.get(page_of(article)).content.decode()
    listed = page[page.index('id="quotes"') :]
    for words in (quote.speaker.name, "We will not compromise on security,", "Draft", "opposes", "Wait."):
        assert words in listed


def test_an_article_without_quotes_says_what_to_do(client, ana):
    article = ArticleFactory()
    page = client.get(page_of(article)).content.decode()
    assert "No quotes yet." in page
    assert reverse("desk:sentences", args=[article.pk]) in page


def test_an_undated_article_says_so_and_an_administrator_is_led_to_the_date(client, ana):
    article = ArticleFactory(published_at=None)
    change = reverse("admin:articles_article_change", args=[article.pk])
    page = client.get(page_of(article)).content.decode()
    assert "This article is undated" in page
    assert change not in page
    client.force_login(AdministratorFactory())
    assert change in client.get(page_of(article)).content.decode()


def test_words_that_the_outlet_changed_or_removed_are_named_in_the_list(client, ana):
    article = ArticleFactory(stories=[StoryFactory()])
    changed = QuoteFactory(article=article, exact="We will not compromise on security,", by=ana)
    orphan = QuoteFactory(article=article, exact="The vendor denies that its equipment is a risk.", by=ana)
    text = TEXT.replace("We will not compromise on security,", "We would not compromise on our security,")
    article.record_version(
        text.replace("The vendor denies that its equipment is a risk.", "Nobody knows."), now=NOW
    )
    page = client.get(page_of(article)).content.decode()
    assert "Words changed" in page[page.index(f'id="quote-{changed.uuid}"') :]
    assert "Not in the text" in page[page.index(f'id="quote-{orphan.uuid}"') :]
    assert "We would not compromise on our security," in page


def test_the_paragraphs_keep_their_kinds(client, ana):
    article = ArticleFactory(text="Kurz.")
    article.record_version(
        "A heading\n\nA word.\n\nA quotation.", now=NOW, kinds={0: "heading", 2: "blockquote"}
    )
    page = client.get(page_of(article)).content.decode()
    assert '<h2 class="annotated__text" id="p0"' in page
    assert '<blockquote class="annotated__text" id="p2"' in page


def test_text_of_an_article_is_never_markup(client, ana):
    article = ArticleFactory(
        text="<img src=x onerror=alert(1)> & “we” said <b>he</b>.", headline="<i>Head</i>"
    )
    QuoteFactory(article=article, exact="<img src=x onerror=alert(1)>", by=ana, cue="<u>said</u>")
    page = client.get(page_of(article)).content.decode()
    assert "<img src=x" not in page
    assert "<i>Head" not in page


def test_ten_times_the_quotes_take_the_same_number_of_queries(client, ana, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    article = ArticleFactory(stories=[StoryFactory()])
    claim = ClaimFactory(story=article.stories.get())
    word = re.compile(r"\w+")
    places = [match.span() for match in word.finditer(TEXT)]

    def add(count: int, skip: int) -> None:
        for start, end in places[skip : skip + count]:
            made = Quote.draft(article.current_version, [(start, end)], by=ana, now=NOW, mention="he")
            StanceFactory(quote=made, claim=claim)

    add(2, 0)
    client.get(page_of(article))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(article))
    add(18, 2)
    with django_assert_num_queries(len(few)):
        client.get(page_of(article))


def test_closing_the_panel_answers_with_nothing_to_see(client, ana):
    article = ArticleFactory()
    answer = client.get(page_of(article), headers=HTMX)
    assert answer.content.decode().strip() == "<div hidden></div>"
    assert "HX-Request" in answer.headers["Vary"]
