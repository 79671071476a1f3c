"""The admin site: bringing an article in, versions, histories, lists that keep their number of queries."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from annotations.models import Act, Anchor, Claim
from articles.forms import LARGEST, MOST_ARTICLES
from articles.models import Article, Outlet, Story
from tests.factories import (
    NOW,
    ActorFactory,
    AdministratorFactory,
    AliasFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    EventFactory,
    OutletFactory,
    QuoteFactory,
    RoleFactory,
    StanceFactory,
    StoryFactory,
    UserFactory,
    UtteranceFactory,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/from-source/"
PASTED = """\
Minister asks council to think of its neighbours

Sam Sample at a lectern
(Image credit: Example Pictures)

The minister asked the council yesterday to think of its neighbours before it decides.

"There is certainly a possibility of delay," she told members. 📡 Nobody objected.
"""
ROWS = """\
headline,outlet,url,published_at,body
Council meets,The Harbour Post,https://harbour.example/1,2019-05-08T10:00:00+01:00,It met.
Council decides,The Harbour Post,https://harbour.example/2,2019-05-09T10:00:00+01:00,It decided.
Council rests,The Harbour Post,https://harbour.example/3,no date,It rested.
"""


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(AdministratorFactory())
    return client


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(EditorFactory(is_staff=True))
    return client


def page(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def fields_of(response: Any) -> dict[str, Any]:
    """What the form on the page would send, its boxes and lists included."""
    form = response.context["form"]
    values = {name: form[name].value() for name in form.fields}
    values = {name: value for name, value in values.items() if value not in (None, False, "")}
    if isinstance(values.get("published_at"), dt.datetime):
        zone = form.zone()
        values["published_at"] = values["published_at"].astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
    source = re.search(r'name="source" value="([^"]+)"', response.content.decode())
    return {**values, **({"source": source[1]} if source else {})}


# Add from text, page or file.


def test_the_page_is_linked_from_the_list_and_the_add_form(editor: Client) -> None:
    for url in (reverse("admin:articles_article_changelist"), reverse("admin:articles_article_add")):
        assert f'href="{ADD}"' in page(editor.get(url))


def test_a_pasted_article_is_shown_field_by_field_and_nothing_is_stored_yet(editor: Client) -> None:
    shown = editor.post(ADD, {"text": PASTED})
    values = fields_of(shown)
    assert shown.status_code == 200
    assert values["headline"] == "Minister asks council to think of its neighbours"
    assert (values["image_caption"], values["image_credit"]) == (
        "Sam Sample at a lectern",
        "Example Pictures",
    )
    assert values["text"] == "\n\n".join(PASTED.strip().split("\n\n")[2:])
    assert "<strong>undated</strong>" in page(shown)
    assert "A <strong>new</strong> article" in page(shown)
    assert not Article.objects.exists()
    assert not Outlet.objects.exists()


def test_what_is_mended_on_the_page_is_what_is_stored(editor: Client) -> None:
    story = StoryFactory(title="Neighbours")
    shown = editor.post(ADD, {"text": PASTED, "stories": [story.pk]})
    assert "“Neighbours”" in page(shown)
    values = fields_of(shown) | {
        "headline": "Minister asks",
        "byline": "Dana Mockridge",
        "outlet": "The Hill Post",
        "is_new_outlet": "on",
        "time_zone": "America/New_York",
        "published_at": "2019-05-08T10:20:30",
    }
    answer = editor.post(ADD, values, follow=True)
    article = Article.objects.get()
    assert answer.redirect_chain == [(f"/admin/articles/article/{article.pk}/change/", 302)]
    assert "“Minister asks” is in." in page(answer)
    assert (article.headline, article.byline) == ("Minister asks", "Dana Mockridge")
    assert article.published_at == dt.datetime(2019, 5, 8, 14, 20, 30, tzinfo=dt.UTC)
    assert (article.outlet.name, article.outlet.time_zone) == ("The Hill Post", "America/New_York")
    assert story.articles.get() == article
    assert article.text == "\n\n".join(PASTED.strip().split("\n\n")[2:])
    assert article.versions.get().headline == "Minister asks"


def test_nothing_that_was_typed_is_lost_when_something_is_wrong(editor: Client) -> None:
    values = fields_of(editor.post(ADD, {"text": PASTED})) | {
        "headline": "",
        "byline": "Typed by hand",
        "outlet": "Never Heard Of It",
        "text": "Text that was mended.",
        "published_at": "2019-05-08T10:20:30",
    }
    values.pop("is_new_outlet", None)
    answer = editor.post(ADD, values)
    assert answer.status_code == 422
    assert "There is no outlet “Never Heard Of It”" in page(answer)
    again = fields_of(answer)
    assert (again["byline"], again["text"]) == ("Typed by hand", "Text that was mended.")
    assert again["published_at"] == "2019-05-08T10:20:30"
    assert not Article.objects.exists()
    mended = editor.post(ADD, again | {"headline": "Given", "is_new_outlet": "on"})
    assert mended.status_code == 302
    assert Article.objects.get().text == "Text that was mended."


def test_a_text_that_was_pasted_stays_when_the_form_is_wrong(editor: Client) -> None:
    answer = editor.post(ADD, {"text": PASTED, "time_zone": "Mars/Olympus", "outlet": "Ours"})
    assert answer.status_code == 422
    assert answer.context["form"]["text"].value() == PASTED
    assert answer.context["form"]["outlet"].value() == "Ours"
    assert "“Mars/Olympus” is no time zone" in page(answer)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "Paste a text or choose a file."),
        ({"text": "A", "file": SimpleUploadedFile("a.txt", b"B")}, "not both"),
        ({"file": SimpleUploadedFile("a.txt", b"x" * (LARGEST + 1))}, "5 MB is the most here. For more than that"),
        ({"file": SimpleUploadedFile("a.csv", b"headline,body\n" + b"A,B\n" * (MOST_ARTICLES + 1))},
         f"more than {MOST_ARTICLES} articles"),
        ({"file": SimpleUploadedFile("a.csv", b"title,when\nA,B\n")}, "body"),
        ({"file": SimpleUploadedFile("a.txt", b"\x00\x01\xff" * 50)}, "not text"),
        ({"text": PASTED, "language": "Klingon!"}, "no language tag"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_the_reason(
    editor: Client, given: dict[str, Any], reason: str
) -> None:
    if "file" in given:
        given["file"].seek(0)
    answer = editor.post(ADD, given)
    assert answer.status_code == 422
    assert reason in page(answer)
    assert not Article.objects.exists()


def test_a_saved_page_tells_its_outlet_date_and_address(editor: Client) -> None:
    html = (
        '<!doctype html><html lang="en"><head><title>Bridge opens</title>'
        '<meta property="og:site_name" content="Hill Post"><meta property="og:title" content="Bridge opens">'
        '<link rel="canonical" href="https://hill.example/bridge">'
        '<meta property="article:published_time" content="2019-05-08T12:00:00+02:00"></head><body><article>'
        "<h1>Bridge opens</h1><p>The bridge over the river opened on Wednesday after four years of work, and the "
        "mayor walked across it first.</p><p>It cost more than was planned, the mayor said, but it will stand for "
        "a hundred years if it is looked after.</p></article></body></html>"
    )
    shown = editor.post(ADD, {"file": SimpleUploadedFile("bridge.html", html.encode())})
    values = fields_of(shown)
    assert (values["outlet"], values["url"]) == ("Hill Post", "https://hill.example/bridge")
    assert values["published_at"] == "2019-05-08T11:00:00"
    assert values["is_new_outlet"] is True
    assert "“Hill Post” is new here" in page(shown)
    editor.post(ADD, values)
    assert Article.objects.get().published_at == dt.datetime(2019, 5, 8, 10, tzinfo=dt.UTC)


def test_an_article_that_is_here_shows_what_would_change(editor: Client) -> None:
    rows = ROWS.splitlines()
    one = SimpleUploadedFile("one.csv", "\n".join(rows[:2]).encode())
    editor.post(ADD, fields_of(editor.post(ADD, {"file": one})))
    article = Article.objects.get()
    changed = rows[1].replace("It met.", "It met at last.").replace("Council meets", "Council met")
    again = SimpleUploadedFile("one.csv", f"{rows[0]}\n{changed}".encode())
    shown = editor.post(ADD, {"file": again})
    assert "This article is here already" in page(shown)
    assert "record its text as a new version" in page(shown)
    assert "<td>Council meets</td><td>Council met</td>" in page(shown)
    assert article.versions.count() == 1
    answer = editor.post(ADD, fields_of(shown), follow=True)
    assert "was here already; changed: headline, text." in page(answer)
    assert [v.text for v in article.versions.order_by("number")] == ["It met.", "It met at last."]


def test_a_file_of_several_articles_is_shown_and_then_brought_in(editor: Client) -> None:
    story = StoryFactory()
    file = SimpleUploadedFile("rows.csv", ROWS.encode())
    shown = editor.post(ADD, {"file": file, "stories": [story.pk]})
    assert "2 articles would come in: 2 new, 0 changed, 0 the same" in page(shown)
    assert "row 3 (line 4)" in page(shown)
    assert not Article.objects.exists()
    source = re.search(r'name="source" value="([^"]+)"', page(shown))
    assert source
    answer = editor.post(ADD, {"source": source[1]}, follow=True)
    assert "2 new, 0 changed, 0 the same as before." in page(answer)
    assert story.articles.count() == 2


def test_what_we_have_not_read_ourselves_is_not_taken(editor: Client) -> None:
    answer = editor.post(ADD, {"source": "made-up"}, follow=True)
    assert "Give the material again" in page(answer)
    assert not Article.objects.exists()


def test_markup_in_an_article_is_shown_as_text(editor: Client) -> None:
    shown = editor.post(
        ADD, {"text": "<script>alert(1)</script> rules\n\nA <img src=x onerror=alert(2)> text."}
    )
    assert "<script>alert" not in page(shown)
    assert "<img src=x" not in page(shown)


def test_only_those_who_may_add_articles_get_to_the_page(client: Client) -> None:
    assert client.get(ADD).status_code == 302
    client.force_login(UserFactory())
    assert client.get(ADD).status_code == 302
    client.force_login(UserFactory(is_staff=True))
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {"text": PASTED}).status_code == 403


# One article, its versions, its history.


def test_an_article_shows_its_versions_and_their_words_read_only(editor: Client) -> None:
    article = ArticleFactory(text="The first words.")
    article.record_version("The second words.", now=NOW, reason="A correction")
    shown = page(editor.get(f"/admin/articles/article/{article.pk}/change/"))
    assert "Version 1" in shown
    assert "The first words." in shown
    assert "Version 2" in shown
    assert "A correction" in shown
    assert 'name="versions-0-text"' not in shown


def test_saving_an_article_leaves_its_text_and_headline_alone(editor: Client) -> None:
    article = ArticleFactory()
    url = f"/admin/articles/article/{article.pk}/change/"
    form = editor.get(url).context["adminform"].form
    values = {name: form[name].value() or "" for name in form.fields}
    values |= {"byline": "Mended", "headline": "Not by this way", "published_at_0": "", "published_at_1": ""}
    values |= {"storyarticle_set-TOTAL_FORMS": 0, "storyarticle_set-INITIAL_FORMS": 0}
    values |= {"versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}
    before = article.headline
    assert editor.post(url, values).status_code == 302
    article.refresh_from_db()
    assert (article.byline, article.headline, article.published_at) == ("Mended", before, None)
    assert article.versions.count() == 1


@pytest.mark.parametrize(
    ("text", "chosen", "minor"),
    [
        ("“It is so”, he said.", "", True),
        ("“It is not so,” he said.", "", False),
        ("“It is so”, he said.", "no", False),
        ("“It is not so,” he said.", "yes", True),
    ],
)
def test_a_version_in_other_typography_is_minor_unless_the_editor_says_otherwise(
    editor: Client, text: str, chosen: str, minor: bool
) -> None:
    article = ArticleFactory(text='"It is so", he said.')
    url = f"/admin/articles/article/{article.pk}/new-version/"
    values = fields_of(editor.get(url))
    editor.post(url, values | {"text": text, "minor": chosen})
    article.refresh_from_db()
    assert (article.current_version.number, article.current_version.minor) == (2, minor)


def test_a_new_version_is_recorded_beside_the_old_one(editor: Client) -> None:
    article = ArticleFactory(text="A heading\n\nThe first words.")
    url = f"/admin/articles/article/{article.pk}/new-version/"
    values = fields_of(editor.get(url))
    values |= {"text": "The second words.\r\n\r\nMore.", "reason": "A correction", "headline": "New headline"}
    answer = editor.post(url, values, follow=True)
    assert "Version 2 is recorded." in page(answer)
    article.refresh_from_db()
    assert (article.text, article.headline) == ("The second words.\n\nMore.", "New headline")
    assert [v.number for v in article.versions.order_by("number")] == [1, 2]
    assert article.versions.get(number=2).reason == "A correction"


def test_a_paragraph_that_keeps_its_words_keeps_its_kind_in_the_new_version(editor: Client) -> None:
    article = ArticleFactory()
    article.record_version("A heading\n\nWords.", now=NOW, kinds={0: "heading"})
    url = f"/admin/articles/article/{article.pk}/new-version/"
    editor.post(url, fields_of(editor.get(url)) | {"text": "First.\n\nA heading\n\nOther words."})
    assert article.versions.get(number=3).kinds == {"1": "heading"}


def test_the_same_words_are_no_new_version(editor: Client) -> None:
    article = ArticleFactory()
    url = f"/admin/articles/article/{article.pk}/new-version/"
    answer = editor.post(url, fields_of(editor.get(url)), follow=True)
    assert "nothing to record" in page(answer)
    assert article.versions.count() == 1


def test_somebody_elses_version_meanwhile_is_shown_and_ones_own_words_are_kept(editor: Client) -> None:
    article = ArticleFactory()
    url = f"/admin/articles/article/{article.pk}/new-version/"
    mine = fields_of(editor.get(url)) | {"text": "My words."}
    article.record_version("Their words.", now=NOW)
    answer = editor.post(url, mine)
    assert answer.status_code == 409
    assert "Their words." in page(answer)
    assert answer.context["form"]["text"].value() == "My words."
    assert article.versions.count() == 2
    assert editor.post(url, fields_of(answer)).status_code == 302
    assert article.versions.get(number=3).text == "My words."


def test_an_empty_version_is_refused(editor: Client) -> None:
    article = ArticleFactory()
    url = f"/admin/articles/article/{article.pk}/new-version/"
    answer = editor.post(url, fields_of(editor.get(url)) | {"text": " \u200b "})
    assert answer.status_code == 422
    assert article.versions.count() == 1


def test_an_article_added_by_hand_has_a_first_version(editor: Client) -> None:
    outlet, story = OutletFactory(), StoryFactory(changed_at=NOW)
    values = {"headline": "By hand", "text": "Its words.", "outlet": outlet.pk, "language": "en"}
    values |= {"storyarticle_set-TOTAL_FORMS": 1, "storyarticle_set-INITIAL_FORMS": 0}
    values |= {"storyarticle_set-0-story": story.pk}
    assert editor.post("/admin/articles/article/add/", values).status_code == 302
    article = Article.objects.get()
    assert article.text == "Its words."
    assert story.articles.get() == article
    story.refresh_from_db()
    assert story.changed_at > NOW


def test_the_history_tells_who_changed_what_and_from_what(editor: Client) -> None:
    article = ArticleFactory(byline="Before")
    outlet = f"/admin/articles/outlet/{article.outlet_id}/change/"
    form = editor.get(outlet).context["adminform"].form
    values = {name: form[name].value() or "" for name in form.fields} | {"name": "Renamed Post"}
    old = article.outlet.name
    assert editor.post(outlet, values).status_code == 302
    shown = page(editor.get(f"/admin/articles/outlet/{article.outlet_id}/history/"))
    assert f"<del>{old}</del> → <ins>Renamed Post</ins>" in shown
    assert "Ed Reader" in shown
    assert "Newsdesk itself" in shown


def test_a_long_history_is_paged(administrator: Client) -> None:
    outlet = OutletFactory()
    for n in range(60):
        Outlet.objects.filter(pk=outlet.pk).update(country="GB" if n % 2 else "IE")
    first = page(administrator.get(f"/admin/articles/outlet/{outlet.pk}/history/"))
    assert "1 of 2" in first
    assert first.count("<tr>") == 51
    assert "Made" in page(administrator.get(f"/admin/articles/outlet/{outlet.pk}/history/?p=2"))


# The lists.


def test_articles_are_found_by_their_words_and_by_their_address(editor: Client) -> None:
    ArticleFactory(headline="Bridges and tunnels", url="https://hill.example/bridge")
    ArticleFactory(headline="Other", text="A tunnel was dug.")
    ArticleFactory(headline="Nothing", text="Neither.")

    def found(words: str) -> set[str]:
        response = editor.get("/admin/articles/article/", {"q": words})
        return {article.headline for article in response.context["cl"].result_list}

    assert found("tunnels") == {"Bridges and tunnels", "Other"}
    assert found("unnel") == {"Bridges and tunnels"}
    assert found("http://hill.example/bridge/") == {"Bridges and tunnels"}
    assert editor.get("/admin/articles/article/", {"q": "a \x00 b"}).status_code == 200


def test_undated_articles_can_be_listed(editor: Client) -> None:
    ArticleFactory(headline="Dated")
    ArticleFactory(headline="Has no date", published_at=None)
    shown = editor.get("/admin/articles/article/", {"dated": "no"})
    assert [article.headline for article in shown.context["cl"].result_list] == ["Has no date"]
    assert "undated" in page(shown)


def test_selected_articles_are_added_to_a_story(editor: Client) -> None:
    story = StoryFactory(title="The bridge", changed_at=NOW)
    there = ArticleFactory(stories=[story])
    chosen = [there.pk, *(article.pk for article in ArticleFactory.create_batch(2))]
    ArticleFactory()
    url = "/admin/articles/article/"
    asked = editor.post(url, {"action": "add_to_story", ACTION_CHECKBOX_NAME: chosen})
    assert "3 articles" in page(asked)
    answer = editor.post(
        url, {"action": "add_to_story", ACTION_CHECKBOX_NAME: chosen, "story": story.pk}, follow=True
    )
    assert "2 added to the story “The bridge”; 1 was in it already." in page(answer)
    assert set(story.articles.values_list("pk", flat=True)) == set(chosen)
    story.refresh_from_db()
    assert story.changed_at > NOW


def test_stories_are_published_and_taken_back(editor: Client) -> None:
    story = StoryFactory(status=Story.Status.DRAFT)
    url = "/admin/articles/story/"
    editor.post(url, {"action": "publish", ACTION_CHECKBOX_NAME: [story.pk]})
    story.refresh_from_db()
    assert story.is_published
    editor.post(url, {"action": "unpublish", ACTION_CHECKBOX_NAME: [story.pk]})
    story.refresh_from_db()
    assert not story.is_published


def test_a_storys_claims_are_written_beneath_it(editor: Client) -> None:
    story = StoryFactory()
    first = Claim.stated(story, "The bridge should be built.")
    url = f"/admin/articles/story/{story.pk}/change/"
    values = {"title": story.title, "slug": story.slug, "summary": story.summary}
    values |= {"claims-TOTAL_FORMS": 3, "claims-INITIAL_FORMS": 1}
    values |= {"claims-0-id": first.pk, "claims-0-story": story.pk, "claims-0-number": 1}
    values |= {"claims-0-text": "The bridge should be built now."}
    values |= {"claims-1-text": "The bridge costs too much.", "claims-2-text": "It is in the wrong place."}
    assert editor.post(url, values).status_code == 302
    assert [(c.number, c.slug, c.text) for c in story.claims.order_by("number")] == [
        (1, "the-bridge-should-be-built", "The bridge should be built now."),
        (2, "the-bridge-costs-too-much", "The bridge costs too much."),
        (3, "it-is-in-the-wrong-place", "It is in the wrong place."),
    ]
    twice = values | {"claims-1-text": "Same.", "claims-2-text": "same."}
    assert "Two of the claims say the same." in page(editor.post(url, twice))


def ten(make: Callable[[], object]) -> None:
    for _ in range(10):
        make()


def a_quote() -> None:
    stance = StanceFactory(quote=QuoteFactory(published=True))
    stance.claim.story.articles.add(stance.quote.article)
    RoleFactory(actor=stance.quote.speaker, organisation=ActorFactory())


LISTS: dict[str, Callable[[], object]] = {
    "articles/article": lambda: ArticleFactory(stories=[StoryFactory()]),
    "articles/outlet": ArticleFactory,
    "articles/story": lambda: ArticleFactory(stories=[StoryFactory(), StoryFactory()]),
    "annotations/actor": lambda: (AliasFactory(), a_quote(), ActorFactory(merged_into=ActorFactory())),
    "annotations/claim": lambda: StanceFactory(claim=ClaimFactory()),
    "annotations/quote": a_quote,
    "annotations/event": lambda: EventFactory(published=True),
    "annotations/anchor": a_quote,
    "annotations/act": lambda: (a_quote(), EventFactory()),
    "annotations/utterance": UtteranceFactory,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_keeps_its_number_of_queries_when_its_rows_grow_tenfold(
    administrator: Client, name: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert administrator.get(f"/admin/{name}/").status_code == 200
        return len(asked)

    LISTS[name]()
    queries()  # fills the caches that are filled once
    one = queries()
    ten(LISTS[name])
    assert queries() == one


# Who may do what.


@pytest.fixture
def everything() -> dict[str, int]:
    """A row of each model in the admin site, by the path of its model."""
    a_quote()
    quote = QuoteFactory(published=True)
    utterance, event, role = UtteranceFactory(), EventFactory(published=True), RoleFactory()
    StoryFactory().articles.add(quote.article)
    article = quote.article
    return {
        "articles/article": article.pk,
        "articles/outlet": article.outlet_id,
        "articles/story": article.stories.get().pk,
        "articles/version": article.current_version_id,
        "annotations/actor": role.actor_id,
        "annotations/claim": ClaimFactory().pk,
        "annotations/quote": quote.pk,
        "annotations/event": event.pk,
        "annotations/anchor": Anchor.objects.filter(quote=quote).first().pk,
        "annotations/act": Act.objects.filter(quote=quote).first().pk,
        "annotations/utterance": utterance.pk,
    }


def test_every_page_opens_for_an_administrator(administrator: Client, everything: dict[str, int]) -> None:
    for name, pk in everything.items():
        for path in ("", f"{pk}/change/", f"{pk}/history/"):
            response = administrator.get(f"/admin/{name}/{path}")
            assert response.status_code == 200, f"{name}/{path}"
            assert " style=" not in page(response), f"the content security policy forbids it: {name}/{path}"


KEPT = ["articles/article", "articles/version", "annotations/quote", "annotations/event", "annotations/anchor",
        "annotations/act"]  # fmt: skip
SHOWN_ONLY = KEPT[1:]


@pytest.mark.parametrize("name", KEPT)
def test_what_stays_on_record_is_deleted_by_nobody(
    administrator: Client, everything: dict[str, int], name: str
) -> None:
    url = f"/admin/{name}/{everything[name]}/delete/"
    assert administrator.post(url, {"post": "yes"}).status_code == 403
    assert "delete_selected" not in page(administrator.get(f"/admin/{name}/"))


@pytest.mark.parametrize("name", SHOWN_ONLY)
def test_what_is_edited_on_the_desk_is_only_shown_here(
    administrator: Client, everything: dict[str, int], name: str
) -> None:
    assert administrator.get(f"/admin/{name}/add/").status_code == 403
    url = f"/admin/{name}/{everything[name]}/change/"
    assert administrator.post(url, {}).status_code == 403
    assert 'name="_save"' not in page(administrator.get(url))


def test_a_stranger_is_sent_to_the_log_in(client: Client, everything: dict[str, int]) -> None:
    for user in (None, UserFactory()):
        if user:
            client.force_login(user)
        for name, pk in everything.items():
            for path in ("", f"{pk}/change/", f"{pk}/history/", "add/"):
                assert client.get(f"/admin/{name}/{path}").status_code == 302
        for path in ("from-source/", f"{everything['articles/article']}/new-version/"):
            assert client.get(f"/admin/articles/article/{path}").status_code == 302


def test_an_editor_changes_articles_stories_and_actors_and_deletes_nothing(
    editor: Client, everything: dict[str, int]
) -> None:
    assert not User.objects.filter(is_superuser=True).exists()
    for name, pk in everything.items():
        if name != "annotations/act":
            assert editor.get(f"/admin/{name}/{pk}/change/").status_code == 200, name
        assert editor.post(f"/admin/{name}/{pk}/delete/", {"post": "yes"}).status_code == 403, name
    assert editor.get("/admin/accounts/user/").status_code == 403
