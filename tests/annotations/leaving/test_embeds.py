import html
import io
import re
import xml.etree.ElementTree as ET

import pytest
from django.test import Client
from PIL import Image

from annotations.leaving import card
from annotations.leaving.card import Card, draw
from annotations.views import embeds
from tests.annotations.reading import HOSTILE
from tests.factories import (
    NOW,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    OutletFactory,
    QuoteFactory,
    StanceFactory,
    StoryFactory,
)

SITE = "https://newsdesk.example"


@pytest.fixture(autouse=True)
def address(settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def quote(db):
    story = StoryFactory()
    article = ArticleFactory(
        headline="Ministers meet", outlet=OutletFactory(name="The Courier"), stories=[story]
    )
    quote = QuoteFactory(
        article=article, speaker=ActorFactory(name="Jeremy Hunt", slug="hunt"), published=True
    )
    StanceFactory(quote=quote, claim=ClaimFactory(story=story, text="The vendor should be kept out."))
    return quote


def taken_back(quote):
    quote.withdraw(by=EditorFactory(), revision=quote.revision, now=NOW, reason="Wrong speaker")


def told(client: Client, quote, **query):
    return client.get("/oembed", {"url": f"{SITE}/quotes/{quote.uuid}/", **query})


# The card.


def test_the_card_has_the_words_who_said_them_and_the_way_to_the_rest(client: Client, quote) -> None:
    page = client.get(f"/quotes/{quote.uuid}/embed/").content.decode()
    for words in (
        "We will not compromise on security,",
        "Jeremy Hunt",
        "8 May 2019",
        "The Courier",
        "Ministers meet",
    ):
        assert words in page
    assert "opposes</b> The vendor should be kept out." in page
    assert f'href="{SITE}/quotes/{quote.uuid}/"' in page
    assert f'<link rel="canonical" href="{SITE}/quotes/{quote.uuid}/">' in page
    assert "<script" not in page
    assert len(page) < 3000


def test_the_card_alone_may_be_framed_and_loads_a_stylesheet_alone(client: Client, quote) -> None:
    response = client.get(f"/quotes/{quote.uuid}/embed/")
    policy = dict(
        part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "*",
    }
    assert "X-Frame-Options" not in response.headers
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    other = client.get(f"/quotes/{quote.uuid}/")
    assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
    assert other.headers["X-Frame-Options"] == "DENY"


def test_a_very_long_quote_is_cut_on_the_card(client: Client, db) -> None:
    words = "word " * 400
    article = ArticleFactory(stories=[StoryFactory()], text=f"Before. {words}end.")
    quote = QuoteFactory(article=article, exact=words.strip(), published=True)
    page = client.get(f"/quotes/{quote.uuid}/embed/").content.decode()
    assert 100 < page.count("word ") <= 120
    assert "…" in page


@pytest.mark.parametrize("what", ["embed/", "card.png"])
def test_what_was_withdrawn_is_gone_and_what_has_not_changed_is_not_sent_again(
    client: Client, quote, what: str
) -> None:
    path = f"/quotes/{quote.uuid}/{what}"
    tag = client.get(path).headers["ETag"]
    assert client.head(path).headers["ETag"] == tag
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    taken_back(quote)
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 410


# The picture.


def test_the_picture_is_of_the_size_that_pages_say_it_is(client: Client, quote) -> None:
    response = client.get(f"/quotes/{quote.uuid}/card.png")
    assert response.headers["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)
    page = client.get(f"/quotes/{quote.uuid}/").content.decode()
    assert f'<meta property="og:image" content="{SITE}/quotes/{quote.uuid}/card.png">' in page
    assert '<meta property="og:image:width" content="1200">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert len(response.content) < 150_000


def test_a_story_has_a_picture_of_its_own(
    client: Client, quote, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries
) -> None:
    [story] = quote.article.stories.all()
    path = f"/stories/{story.slug}/card.png"
    with django_assert_max_num_queries(12):
        response = client.get(path)
    assert Image.open(io.BytesIO(response.content)).size == (1200, 630)
    page = client.get(f"/stories/{story.slug}/").content.decode()
    assert f'<meta property="og:image" content="{SITE}{path}">' in page

    drawn: list[Card] = []
    monkeypatch.setattr(card, "draw", lambda of: drawn.append(of) or b"")
    client.get(path)
    assert [(one.words, one.line) for one in drawn] == [(story.title, "1 article · 1 outlet · 1 quote")]
    tag = response.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    ArticleFactory(stories=[story])
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_nothing_is_drawn_for_who_has_the_picture(
    client: Client, quote, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/quotes/{quote.uuid}/card.png"
    tag = client.get(path).headers["ETag"]
    monkeypatch.setattr(card, "draw", lambda _: pytest.fail("drawn"))
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_the_tag_of_the_picture_follows_what_stands_on_it(client: Client, quote) -> None:
    path = f"/quotes/{quote.uuid}/card.png"
    before = client.get(path).headers["ETag"]
    quote.speaker.name = "Jeremy Wright"
    quote.speaker.save()
    assert client.get(path).headers["ETag"] != before


def ink(written: bytes) -> int:
    """How many pixels of the part where the words stand are not paper."""
    words = Image.open(io.BytesIO(written)).convert("L").crop((60, 125, 1200, 480))
    return sum(words.histogram()[:128])


def test_more_words_are_more_ink_and_none_leaves_the_picture() -> None:
    short, long = draw(Card("No.", "Hunt", "")), draw(Card("We will not compromise. " * 60, "Hunt", ""))
    assert ink(short) < ink(long)
    below = Image.open(io.BytesIO(long)).convert("L").crop((60, 460, 1200, 486))
    assert sum(below.histogram()[:128]) == 0


@pytest.mark.parametrize(
    "words",
    [
        "Καμία απόφαση δεν έχει ληφθεί",
        "Решение ещё не принято",
        "لن نساوم على الأمن",
        "Příliš žluťoučký kůň – “naïve” 1,000 €",
    ],
)
def test_many_scripts_are_set(words: str) -> None:
    assert draw(Card(words, "", "")) != draw(Card(card.WORDLESS, "", ""))


@pytest.mark.parametrize("words", ["我们不会妥协", "कोई निर्णय नहीं", "We said 我们"])
def test_what_cannot_be_set_is_left_out_and_not_set_wrongly(words: str) -> None:
    assert draw(Card(words, "", "")) == draw(Card(card.WORDLESS, "", ""))


def test_signs_without_letters_of_their_own_are_left_out() -> None:
    assert draw(Card("We will \N{SATELLITE ANTENNA}\x07 not", "", "")) == draw(Card("We will not", "", ""))


@pytest.mark.parametrize("words", ["", " ", "W" * 500, HOSTILE, "a\u0301" * 300, "\u202e\u200b", "\n\n"])
def test_any_words_make_a_picture(words: str) -> None:
    assert Image.open(io.BytesIO(draw(Card(words, words, words)))).size == (1200, 630)


# oEmbed.


def test_a_program_learns_how_to_embed_a_quote(client: Client, quote) -> None:
    response = told(client, quote)
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    answer = response.json()
    assert (answer["version"], answer["type"], answer["provider_name"]) == ("1.0", "rich", "Newsdesk")
    assert (answer["author_name"], answer["author_url"]) == ("Jeremy Hunt", f"{SITE}/actors/hunt/")
    assert answer["thumbnail_url"] == f"{SITE}/quotes/{quote.uuid}/card.png"
    assert f'src="{SITE}/quotes/{quote.uuid}/embed/"' in answer["html"]
    assert f'width="{answer["width"]}" height="{answer["height"]}"' in answer["html"]
    assert client.get(f"/quotes/{quote.uuid}/embed/").status_code == 200


def test_the_page_of_a_quote_names_where_that_is_told(client: Client, quote) -> None:
    page = client.get(f"/quotes/{quote.uuid}/").content.decode()
    found = re.search(r'type="application/json\+oembed" title="[^"]*" href="([^"]*)"', page)
    assert found
    assert client.get(html.unescape(found[1]).removeprefix(SITE)).json()["author_name"] == "Jeremy Hunt"


def test_xml_says_the_same(client: Client, quote) -> None:
    answer = told(client, quote).json()
    response = told(client, quote, format="xml")
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    root = ET.fromstring(response.content)
    assert root.tag == "oembed"
    assert {element.tag: element.text for element in root} == {
        name: str(value) for name, value in answer.items()
    }


def test_no_name_becomes_markup(client: Client, db) -> None:
    speaker = ActorFactory(name=f'"><script>{HOSTILE[:80]}\x0b')
    quote = QuoteFactory(article=ArticleFactory(stories=[StoryFactory()]), speaker=speaker, published=True)
    answer = told(client, quote).json()
    assert answer["author_name"] == speaker.name
    assert "<script" not in answer["html"]
    (frame,) = re.findall(r"<[^>]*>", answer["html"].replace("</iframe>", ""))
    assert frame.startswith("<iframe src=")
    root = ET.fromstring(told(client, quote, format="xml").content)
    assert root.findtext("author_name") == speaker.name.replace("\x0b", "")


def test_it_is_no_larger_than_there_is_room(client: Client, quote) -> None:
    wide, narrow = told(client, quote).json(), told(client, quote, maxwidth=300, maxheight=250).json()
    assert wide["width"] == embeds.WIDEST
    assert (narrow["width"], narrow["height"]) == (300, 250)
    assert "thumbnail_url" not in narrow
    assert told(client, quote, maxwidth=300).json()["height"] > wide["height"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"format": "yaml"}, 501),
        ({"maxwidth": "0"}, 400),
        ({"maxwidth": "wide"}, 400),
        ({"url": ""}, 400),
        ({"url": f"{SITE}/actors/hunt/"}, 404),
        ({"url": f"{SITE}/quotes/{'0' * 8}-0000-0000-0000-{'0' * 12}/"}, 404),
        ({"url": "https://evil.example/quotes/"}, 404),
        ({"url": f"{SITE}.evil.example/"}, 404),
        ({"url": "http://["}, 404),
        ({"url": "\0"}, 400),
        ({"url": "x" * 3000}, 400),
    ],
)
def test_what_cannot_be_embedded_is_refused(
    client: Client, quote, query: dict[str, str], status: int
) -> None:
    assert told(client, quote, **query).status_code == status


def test_the_same_path_on_another_site_is_none_of_ours(client: Client, quote) -> None:
    assert told(client, quote, url=f"https://evil.example/quotes/{quote.uuid}/").status_code == 404
    assert told(client, quote, url=f"ftp://newsdesk.example/quotes/{quote.uuid}/").status_code == 404


def test_drafts_are_not_there_and_withdrawn_quotes_are_gone(client: Client, quote) -> None:
    draft = QuoteFactory(article=quote.article)
    assert told(client, draft).status_code == 404
    taken_back(quote)
    assert told(client, quote).status_code == 410
