"""The sentence picker: words chosen with links and plain forms, everything in the address."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from annotations.models import Quote
from tests.factories import ActorFactory, ArticleFactory, EditorFactory, QuoteFactory, StoryFactory

pytestmark = pytest.mark.django_db

TEXT = (
    "📡 The minister said that the “rollout” could be delayed. Nobody else spoke.\n\n"
    "“We will not compromise,” she told MPs. “But we have not decided.”"
)


@pytest.fixture
def ana(client):
    editor = EditorFactory()
    client.force_login(editor)
    return editor


@pytest.fixture
def article():
    return ArticleFactory(text=TEXT, stories=[StoryFactory()])


def picker(article):
    return reverse("desk:sentences", args=[article.pk])


def preview(page: str) -> str:
    return unescape(re.search(r'id="preview"[^>]*>([^<]*)<', page)[1])


def sent_by(page: str, form: str = "quote-form") -> dict[str, list[str]]:
    """What a browser without scripts would send of a form."""
    part = re.search(rf'<form[^>]*id="{form}".*?</form>', page, re.S)[0]
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", part):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            continue
        fields.setdefault(attributes["name"], []).append(unescape(attributes.get("value", "")))
    for name, options in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', part, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        fields[name] = [chosen[1]]
    return fields


def test_it_is_for_editors(client, article):
    assert client.get(picker(article)).status_code == 302


def test_every_sentence_is_a_button_in_its_paragraph(client, ana, article):
    page = client.get(picker(article)).content.decode()
    buttons = re.findall(r'name="from" value="(\d+)">([^<]*)</button>', page)
    assert [(number, unescape(words)) for number, words in buttons] == [
        ("0", "📡 The minister said that the “rollout” could be delayed."),
        ("1", "Nobody else spoke."),
        ("2", "“We will not compromise,” she told MPs."),
        ("3", "“But we have not decided.”"),
    ]
    assert page.count('class="picker__paragraph"') == 2


def test_a_sentence_is_narrowed_to_its_first_and_last_word(client, ana, article):
    page = client.get(picker(article), {"from": 0}).content.decode()
    assert preview(page) == "📡 The minister said that the “rollout” could be delayed."
    start, end = TEXT.index("the “rollout”"), TEXT.index("delayed") + len("delayed")
    page = client.get(picker(article), {"from": 0, "first": start, "last": end}).content.decode()
    assert preview(page) == "the “rollout” could be delayed"
    assert re.search(rf'name="first" value="{start}" checked', page)
    assert re.search(rf'name="last" value="{end}" checked', page)


def test_the_ends_may_be_chosen_in_either_order(client, ana, article):
    start, end = TEXT.index("delayed"), TEXT.index("said") + len("said")
    page = client.get(picker(article), {"from": 0, "first": start, "last": end}).content.decode()
    assert preview(page) == "said that the “rollout” could be delayed"


def test_the_next_sentence_is_added(client, ana, article):
    page = client.get(picker(article), {"from": 0, "to": 1}).content.decode()
    assert preview(page).endswith("Nobody else spoke.")
    page = client.get(picker(article), {"from": 2, "to": 3}).content.decode()
    assert "Add the sentence before" in page
    assert "Add the sentence after" not in page


def test_the_words_in_quotation_marks_are_one_press_away(client, ana, article):
    page = client.get(picker(article), {"from": 2}).content.decode()
    address = unescape(re.search(r'href="([^"]*)">Only “We will not compromise', page)[1])
    assert preview(client.get(address).content.decode()) == "We will not compromise"


@pytest.mark.parametrize(
    "query",
    [
        {"from": "x"},
        {"from": "99"},
        {"from": str(2**80)},
        {"from": "-1"},
        {"from": "0", "to": "99"},
        {"from": "2", "to": "0"},
        {"from": "0", "first": "3000", "last": "x"},
        {"from": "0", "quote": "nonsense", "then": "nothing"},
        {"from": "0\0"},
    ],
)
def test_nonsense_in_the_address_is_left_out(client, ana, article, query):
    assert client.get(picker(article), query).status_code == 200


def test_the_chosen_words_open_the_form_and_become_a_quote_without_any_script(client, ana, article):
    start, end = TEXT.index("We will"), TEXT.index(",”")
    answer = client.get(picker(article), {"from": 2, "first": start, "last": end, "use": 1}, follow=True)
    page = answer.content.decode()
    sent = sent_by(page)
    assert sent["exact"] == ["We will not compromise"]
    assert sent["cue"] == ["told"]
    assert "mark mark--selected" in page
    client.post(reverse("desk:quotes", args=[article.pk]), {**sent, "mention": "she"})
    assert Quote.objects.get().words == "We will not compromise"


def test_a_second_part_is_added_and_what_was_typed_comes_back(client, ana, article):
    start, end = TEXT.index("We will"), TEXT.index(",”")
    page = client.get(
        picker(article), {"from": 2, "first": start, "last": end, "use": 1}, follow=True
    ).content.decode()
    sent = {**sent_by(page), "cue": "told and told again", "then": "add", "csrfmiddlewaretoken": "secret"}
    answer = client.post(picker(article), sent)
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert answer.status_code == 302
    assert "csrfmiddlewaretoken" not in query
    page = client.get(answer.headers["Location"]).content.decode()
    kept = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    chosen = [*((name, unescape(value)) for name, value in kept), ("from", "3"), ("use", "1")]
    chosen += [("first", str(TEXT.index("But we"))), ("last", str(TEXT.index(".”", 100)))]
    query = "&".join(f"{name}={quoted(value)}" for name, value in chosen)
    page = client.get(f"{picker(article)}?{query}", follow=True).content.decode()
    again = sent_by(page)
    assert again["exact"] == ["We will not compromise", "But we have not decided"]
    assert again["cue"] == ["told and told again"]
    client.post(reverse("desk:quotes", args=[article.pk]), {**again, "mention": "she"})
    assert Quote.objects.get().words == "We will not compromise … But we have not decided"


def quoted(value: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(value)


def test_a_quote_gets_other_words_by_sentences(client, ana, article):
    quote = QuoteFactory(article=article, exact="We will not compromise", by=ana, speaker=ActorFactory())
    page = client.get(reverse("desk:quote", args=[quote.uuid])).content.decode()
    answer = client.post(picker(article), {**sent_by(page), "then": "replace"})
    assert f"quote={quote.uuid}" in answer.headers["Location"]
    address = f"{answer.headers['Location']}&from=1&use=1"
    page = client.get(address, follow=True).content.decode()
    sent = sent_by(page)
    assert sent["exact"] == ["Nobody else spoke."]
    client.post(reverse("desk:quote-span", args=[quote.uuid]), sent)
    assert Quote.objects.get().words == "Nobody else spoke."


def test_words_of_an_old_version_are_not_mixed_with_the_new_text(client, ana, article):
    start, end = TEXT.index("We will"), TEXT.index(",”")
    page = client.get(
        picker(article), {"from": 2, "first": start, "last": end, "use": 1}, follow=True
    ).content.decode()
    sent = sent_by(page)
    from tests.factories import NOW

    article.record_version(f"On top.\n\n{TEXT}", now=NOW)
    answer = client.post(picker(article), {**sent, "then": "add"})
    page = client.get(f"{answer.headers['Location']}&from=2&use=1", follow=True).content.decode()
    assert sent_by(page)["exact"] == ["Nobody else spoke."]


def test_a_long_sentence_in_any_script_fits_an_address(client, ana):
    long = ArticleFactory(text="Он сказал: «" + "Безопасность важнее всего, " * 140 + "и точка».")
    answer = client.get(picker(long), {"from": 0, "use": 1})
    assert answer.status_code == 302
    assert len(answer.headers["Location"]) < 500
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert sent_by(page.content.decode())["exact"] == [long.text]


def test_words_too_long_for_a_part_are_refused_in_words(client, ana):
    longer = ArticleFactory(text="«" + "Безопасность важнее всего, " * 200 + "и точка».")
    page = client.get(picker(longer), {"from": 0, "use": 1}, follow=True)
    assert page.status_code == 422
    assert "4,000 is the most for one part" in page.content.decode()


def test_only_an_address_that_names_the_version_may_leave_the_words_out(client, ana, article):
    there = reverse("desk:quotes", args=[article.pk])
    place = {"start": TEXT.index("We will"), "end": TEXT.index(",”")}
    version = {"version": article.current_version_id}
    assert client.get(there, place).status_code == 422
    assert client.get(there, {**place, **version}).status_code == 200
    assert client.post(there, {**place, **version, "mention": "she"}).status_code == 422
    opened = client.post(there, {**place, **version, "exact": "We will not compromise", "open": "new"})
    assert opened.status_code == 200
    assert "New quote" in opened.content.decode()
    assert not Quote.objects.exists()
