"""What an editor does with quotes: make, edit, resize, take a stance, publish, take back; and two editors at once."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from annotations.models import Act, Actor, Alias, Quote, Status, Verb
from articles.models import Article
from tests.factories import (
    NOW,
    TEXT,
    ActorFactory,
    AliasFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    OutletFactory,
    QuoteFactory,
    RoleFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
PANEL = {**HTMX, "HX-Target": "panel"}
LIST = {**HTMX, "HX-Target": "quotes"}
EXACT = "We will not compromise on security,"


@pytest.fixture
def ana(client):
    editor = EditorFactory(first_name="Ana")
    client.force_login(editor)
    return editor


@pytest.fixture
def ben():
    return EditorFactory(first_name="Ben", last_name="Second")


@pytest.fixture
def article():
    return ArticleFactory(stories=[StoryFactory()])


@pytest.fixture
def hunt():
    return ActorFactory(name="Jeremy Hunt", slug="jeremy-hunt")


def part(words: str = EXACT, text: str = TEXT) -> dict[str, object]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "exact": words}


def form(article: Article, words: str = EXACT, **more: object) -> dict[str, object]:
    """What the form of a new quote sends."""
    sent = {
        "version": article.current_version_id,
        "panel": "1",
        "kind": "direct",
        "basis": "on-the-record",
        "role": "auto",
        "mention": "the minister",
    }
    return {**sent, **part(words, article.text), **more}


def changed(quote: Quote, **more: object) -> dict[str, object]:
    """What the form of a quote that is there sends."""
    speaker = quote.speaker
    sent: dict[str, object] = {
        "revision": quote.revision,
        "speaker": speaker.name if speaker else "",
        "mention": quote.mention,
        "cue": quote.cue,
        "said_earliest": str(quote.said_earliest or ""),
    }
    return {**form(quote.article, quote.words), **sent, **more}


def url(name: str, quote: Quote) -> str:
    return reverse(f"desk:{name}", args=[quote.uuid])


def new(article: Article) -> str:
    return reverse("desk:quotes", args=[article.pk])


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"|value="([^"]*)"[^>]*?name="{name}"', page)
    assert found, name
    return found[1] or found[2] or ""


# -- the form on chosen words ------------------------------------------------------------------------------


def test_chosen_words_open_the_form_with_what_the_text_tells(client, ana, article):
    minister = ActorFactory(name="Minister Sample", slug="m")
    AliasFactory(actor=minister, name="the minister")
    page = client.get(new(article), part(), headers=HTMX).content.decode()
    assert value(page, "exact") == EXACT
    assert value(page, "cue") == "told"
    assert value(page, "mention") == "the minister"
    assert value(page, "speaker") == "Minister Sample"
    assert re.search(r'value="direct"[^>]*checked', page)


def test_the_date_is_proposed_from_the_words_beside_the_quote(client, ana):
    text = "The minister said on Tuesday that the review would take a year."
    article = ArticleFactory(text=text, published_at=dt.datetime(2019, 5, 9, 12, tzinfo=dt.UTC))
    page = client.get(new(article), part("the review would take a year", text), headers=HTMX).content.decode()
    assert "Tuesday" in value(page, "said_expression")
    assert value(page, "said_earliest") == "2019-05-07"


def test_in_an_undated_article_the_words_for_the_date_stay_and_no_day_is_invented(client, ana):
    text = "The minister said yesterday that the review would take a year."
    article = ArticleFactory(text=text, published_at=None)
    page = client.get(new(article), part("the review would take a year", text), headers=HTMX).content.decode()
    assert value(page, "said_expression") == "yesterday"
    assert 'value="2019' not in page
    assert "The article is undated" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "0"},
        {"end": "9999"},
        {"start": "-1"},
        {"start": "x"},
        {"end": str(2**70)},
        {"start": "", "end": ""},
        {"exact": "We will compromise on security,"},
        {"exact": ""},
        {"version": "999999"},
        {"version": "abc"},
    ],
)
def test_words_that_do_not_stand_there_are_refused(client, ana, article, wrong):
    answer = client.get(new(article), {**part(), **wrong}, headers=HTMX)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_offsets_count_code_points_after_emoji_and_curly_quotes(client, ana):
    text = "📡📡 “Five bars” 👩‍💻 said the minister’s aide: “We have not decided.”"
    article = ArticleFactory(text=text)
    answer = client.post(new(article), form(article, "We have not decided."), headers=PANEL)
    assert answer.status_code == 200
    assert Quote.objects.get().words == "We have not decided."
    utf16 = len(text[: text.index("We have")].encode("utf-16-le")) // 2
    wrong = {"start": utf16, "end": utf16 + 20, "exact": "We have not decided."}
    assert client.get(new(article), wrong, headers=HTMX).status_code == 422


def test_white_space_at_the_ends_is_left_out(client, ana, article):
    client.post(new(article), form(article, "compromise on security,” the minister told "), headers=PANEL)
    assert Quote.objects.get().words == "compromise on security,” the minister told"


def test_a_part_that_is_too_long_is_refused_with_the_reason(client, ana):
    article = ArticleFactory(text="word " * 1000)
    answer = client.get(new(article), {"start": 0, "end": 4500, "exact": article.text[:4500]}, headers=HTMX)
    assert answer.status_code == 422
    assert "4,000 is the most" in answer.content.decode()


def test_another_part_is_added_to_the_open_form_and_what_was_typed_stays(client, ana, article):
    second = part("But we have not decided.")
    sent = {**form(article), "move": "add", "speaker": "Somebody Typed", "cue": "insisted"}
    sent |= {f"new_{name}": value for name, value in second.items()}
    page = client.post(new(article), sent, headers=PANEL).content.decode()
    assert re.findall(r'name="exact" value="([^"]*)"', page) == [EXACT, "But we have not decided."]
    assert value(page, "speaker") == "Somebody Typed"
    assert value(page, "cue") == "insisted"
    assert not Quote.objects.exists()


def test_what_was_only_proposed_follows_the_words(client, ana, article):
    page = client.get(new(article), part(), headers=HTMX).content.decode()
    sent = {**form(article), "cue": value(page, "cue"), "move": "replace"}
    sent |= {f"new_{name}": value for name, value in part("the rollout of 5G could be delayed").items()}
    page = client.post(new(article), sent, headers=PANEL).content.decode()
    assert value(page, "cue") == "said"
    assert re.search(r'value="indirect"[^>]*checked', page)


def test_overlapping_parts_are_refused(client, ana, article):
    sent = {**form(article), "move": "add"}
    sent |= {f"new_{name}": value for name, value in part("compromise on security,” the").items()}
    answer = client.post(new(article), sent, headers=PANEL)
    assert answer.status_code == 422
    assert "overlap" in answer.content.decode()


# -- making a quote ----------------------------------------------------------------------------------------


def test_saving_makes_a_draft_with_its_stances_and_shows_it_at_once(client, ana, article, hunt):
    claim = ClaimFactory(story=article.stories.get())
    sent = form(article, speaker="jeremy hunt", cue="told", **{f"stance-{claim.pk}": "supports"})
    answer = client.post(new(article), sent, headers=PANEL)
    page = answer.content.decode()
    quote = Quote.objects.get()
    assert (quote.status, quote.speaker, quote.cue, quote.created_by) == (Status.DRAFT, hunt, "told", ana)
    assert [(s.claim, s.position) for s in quote.stances.all()] == [(claim, "supports")]
    assert 'data-status="Quote saved as draft."' in page
    assert 'id="text" ' in page and 'hx-swap-oob="true"' in page
    assert "mark--supports mark--draft" in page
    assert re.search(rf'id="quote-{quote.uuid}"[^>]*data-focus', page)


def test_one_undo_takes_back_a_new_quote_with_its_stances(client, ana, article, hunt):
    claim = ClaimFactory(story=article.stories.get())
    client.post(new(article), form(article, speaker="Jeremy Hunt", **{f"stance-{claim.pk}": "opposes"}))
    quote = Quote.objects.get()
    client.post(url("quote-undo", quote), {"revision": quote.revision})
    quote.refresh_from_db()
    assert quote.status == Status.REJECTED


def test_without_scripts_saving_leads_back_to_the_text(client, ana, article, hunt):
    answer = client.post(new(article), form(article, speaker="Jeremy Hunt"), follow=True)
    quote = Quote.objects.get()
    assert answer.redirect_chain == [(f"/desk/articles/{article.pk}/#quote-{quote.uuid}", 302)]
    assert "Quote saved as draft." in answer.content.decode()


def test_save_and_publish_shows_it_to_readers(client, ana, article, hunt):
    client.post(new(article), form(article, speaker="Jeremy Hunt", then="publish"), headers=PANEL)
    assert Quote.objects.get().is_published


def test_publishing_needs_somebody_who_speaks(client, ana, article):
    answer = client.post(new(article), form(article, mention="", then="publish"), headers=PANEL)
    assert answer.status_code == 422
    assert "Say who speaks" in answer.content.decode()
    assert not Quote.objects.exists()


def test_sending_the_same_form_twice_makes_one_quote(client, ana, article, hunt):
    sent = form(article, speaker="Jeremy Hunt", uuid=str(uuid.uuid4()))
    assert client.post(new(article), sent, headers=PANEL).status_code == 200
    assert client.post(new(article), sent, headers=PANEL).status_code == 200
    assert Quote.objects.count() == 1


def test_a_form_that_fails_keeps_what_was_typed_with_and_without_scripts(client, ana, article):
    sent = form(article, cue="quipped", said_earliest="2019-05-08", said_latest="2019-05-01")
    for headers in (PANEL, {}):
        answer = client.post(new(article), sent, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "before the first day" in page
        assert value(page, "cue") == "quipped"
        assert value(page, "exact") == EXACT
    assert not Quote.objects.exists()


def test_a_claim_of_another_story_can_not_be_given(client, ana, article):
    other = ClaimFactory()
    client.post(new(article), form(article, **{f"stance-{other.pk}": "supports"}), headers=PANEL)
    assert not Quote.objects.get().stances.exists()


def test_a_nul_in_a_field_is_an_error_of_the_form(client, ana, article):
    answer = client.post(new(article), form(article, speaker="a\0b", cue="\0"), headers=PANEL)
    assert answer.status_code == 422


def test_relayed_by_an_outlet_or_an_actor(client, ana, article, hunt):
    courier = OutletFactory(name="The BBC")
    client.post(new(article), form(article, speaker="Jeremy Hunt", relayed_by="the bbc"), headers=PANEL)
    first = Quote.objects.get()
    assert (first.relayed_by_outlet, first.relayed_by_actor) == (courier, None)
    words = "But we have not decided."
    client.post(new(article), form(article, words, relayed_by="Jeremy Hunt"), headers=PANEL)
    assert Quote.objects.exclude(pk=first.pk).get().relayed_by_actor == hunt


# -- names -------------------------------------------------------------------------------------------------


def test_an_unknown_speaker_is_asked_about_and_nobody_is_made(client, ana, article):
    pompeo = ActorFactory(name="Mike Pompeo", slug="mike-pompeo")
    answer = client.post(new(article), form(article, speaker="Mike Pompeyo"), headers=PANEL)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Did you mean" in page
    assert f'name="speaker_choice" value="actor-{pompeo.pk}"' in page
    assert "Make “Mike Pompeyo” a new organisation" in page
    assert Actor.objects.filter(name__contains="Pompey").count() == 0
    assert not Quote.objects.exists()


def test_the_answer_to_did_you_mean_is_taken(client, ana, article):
    pompeo = ActorFactory(name="Mike Pompeo", slug="mike-pompeo")
    sent = form(
        article, speaker="Mike Pompeyo", speaker_asked="Mike Pompeyo", speaker_choice=f"actor-{pompeo.pk}"
    )
    client.post(new(article), sent, headers=PANEL)
    assert Quote.objects.get().speaker == pompeo


def test_a_new_actor_is_made_only_when_asked_for(client, ana, article):
    sent = form(article, speaker="Huawei", speaker_asked="Huawei", speaker_choice="new-organisation")
    client.post(new(article), sent, headers=PANEL)
    actor = Quote.objects.get().speaker
    assert (actor.name, actor.kind, actor.slug) == ("Huawei", "organisation", "huawei")


def test_an_answer_does_not_count_for_another_name(client, ana, article):
    ActorFactory(name="Mike Pompeo", slug="mike-pompeo")
    sent = form(article, speaker="Jeremy Wright", speaker_asked="Mike Pompeyo", speaker_choice="new-person")
    assert client.post(new(article), sent, headers=PANEL).status_code == 422
    assert not Quote.objects.exists()


def test_no_actor_is_left_behind_by_a_form_that_fails(client, ana, article):
    sent = form(article, speaker="Huawei", speaker_asked="Huawei", speaker_choice="new-organisation")
    client.post(new(article), {**sent, "said_earliest": "never"}, headers=PANEL)
    assert not Actor.objects.filter(name="Huawei").exists()


def test_an_alias_is_a_name_and_an_ambiguous_one_is_asked_about(client, ana, article):
    one, other = ActorFactory(), ActorFactory()
    Alias.objects.create(actor=one, name="The Minister")
    client.post(new(article), form(article, speaker="the minister"), headers=PANEL)
    assert Quote.objects.get().speaker == one
    Alias.objects.create(actor=other, name="The minister")
    answer = client.post(
        new(article), form(article, "But we have not decided.", speaker="the minister"), headers=PANEL
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Which “the minister”?" in page
    assert f"actor-{one.pk}" in page and f"actor-{other.pk}" in page


def test_a_merged_actor_leads_to_the_one_it_went_into(client, ana, article, hunt):
    ActorFactory(name="J. Hunt", merged_into=hunt)
    client.post(new(article), form(article, speaker="j. hunt"), headers=PANEL)
    assert Quote.objects.get().speaker == hunt


@pytest.mark.parametrize("typed", ["hunt", "foreign sec", "jh"])
def test_the_combobox_offers_by_name_alias_and_role(client, ana, hunt, typed):
    RoleFactory(actor=hunt, title="Foreign secretary")
    Alias.objects.create(actor=hunt, name="JH")
    ActorFactory(name="Somebody Else")
    page = client.get(reverse("desk:actor-options"), {"q": typed, "list": "names"}).content.decode()
    assert page.count('role="option"') == 1
    assert f'data-key="actor-{hunt.pk}" data-name="Jeremy Hunt"' in page
    assert "Foreign secretary" in page


@pytest.mark.parametrize(
    "query", [{}, {"q": ""}, {"q": "\0", "list": "x"}, {"q": "x" * 300, "list": "x"}, {"q": "a", "list": "<"}]
)
def test_the_combobox_answers_nonsense_with_no_options(client, ana, hunt, query):
    answer = client.get(reverse("desk:actor-options"), query)
    assert answer.status_code == 200
    assert "option" not in answer.content.decode()


def test_the_role_is_the_one_held_when_it_was_said(client, ana, article, hunt):
    health = RoleFactory(actor=hunt, title="Health", since=dt.date(2012, 9, 4), until=dt.date(2018, 7, 8))
    foreign = RoleFactory(actor=hunt, title="Foreign", since=dt.date(2018, 7, 9), until=dt.date(2019, 7, 24))
    client.post(new(article), form(article, speaker="Jeremy Hunt", said_earliest="2019-05-08"), headers=PANEL)
    quote = Quote.objects.get()
    assert quote.role == foreign
    assert (quote.said_earliest, quote.said_latest) == (dt.date(2019, 5, 8), dt.date(2019, 5, 8))
    client.post(url("quote", quote), changed(quote, said_earliest="2018-07-01"), headers=PANEL)
    quote.refresh_from_db()
    assert quote.role == health
    client.post(url("quote", quote), changed(quote, said_earliest="2018-07-01", role="none"), headers=PANEL)
    quote.refresh_from_db()
    assert quote.role is None


def test_the_roles_to_choose_from_are_the_speakers(client, ana, hunt):
    RoleFactory(actor=hunt, title="Foreign secretary", since=dt.date(2018, 7, 9))
    RoleFactory(title="Minister of others")
    query = {"speaker": "Jeremy Hunt", "said_earliest": "2019-05-08", "role": "none"}
    page = client.get(reverse("desk:actor-roles"), query).content.decode()
    assert "by the date: Foreign secretary" in page
    assert '<option value="none" selected>' in page
    assert "Minister of others" not in page


# -- editing -----------------------------------------------------------------------------------------------


def test_the_form_of_a_quote_shows_it_and_saving_changes_only_what_was_changed(client, ana, article):
    quote = QuoteFactory(article=article, by=ana)
    page = client.get(url("quote", quote), headers=HTMX).content.decode()
    assert value(page, "speaker") == quote.speaker.name
    assert value(page, "cue") == "told"
    assert value(page, "said_earliest") == "2019-05-08"
    client.post(url("quote", quote), changed(quote, cue="insisted"), headers=PANEL)
    act = quote.acts.order_by("-revision").first()
    quote.refresh_from_db()
    assert (quote.cue, quote.mention, act.verb) == ("insisted", "the minister", Verb.EDITED)


def test_saving_with_nothing_changed_leaves_no_act(client, ana, article):
    quote = QuoteFactory(article=article, by=ana)
    client.post(url("quote", quote), changed(quote), headers=PANEL)
    assert quote.acts.count() == 1


def test_an_open_interval_that_nobody_touched_stays_open(client, ana, article):
    quote = QuoteFactory(article=article, by=ana, said_earliest=None, said_latest=dt.date(2019, 5, 8))
    sent = changed(quote, cue="insisted", said_latest="2019-05-08")
    client.post(url("quote", quote), sent, headers=PANEL)
    quote.refresh_from_db()
    assert (quote.cue, quote.said_earliest, quote.said_latest) == ("insisted", None, dt.date(2019, 5, 8))


def test_an_end_is_moved_by_a_word_as_a_preview_and_saved_on_its_own(client, ana, article):
    quote = QuoteFactory(article=article, by=ana)
    page = client.post(
        url("quote-span", quote), changed(quote, move="0-end-later"), headers=PANEL
    ).content.decode()
    assert value(page, "exact") == EXACT + "”"
    assert "Not saved yet" in page
    quote.refresh_from_db()
    assert quote.words == EXACT
    client.post(url("quote-span", quote), changed(quote, **part(EXACT + "”")), headers=PANEL)
    quote = Quote.objects.get()
    assert quote.words == EXACT + "”"
    assert quote.acts.order_by("-revision").first().verb == Verb.RESIZED


def test_what_was_typed_survives_a_move_a_stance_and_an_undo(client, ana, article):
    quote = QuoteFactory(article=article, by=ana)
    claim = ClaimFactory(story=article.stories.get())
    sent = changed(quote, cue="typed but not saved")
    page = client.post(
        url("quote-span", quote), {**sent, "move": "0-end-later"}, headers=PANEL
    ).content.decode()
    assert value(page, "cue") == "typed but not saved"
    address = f"{url('quote-stance', quote)}?claim={claim.pk}"
    page = client.post(address, {**sent, "position": "mixed"}, headers=PANEL).content.decode()
    assert value(page, "cue") == "typed but not saved"
    assert value(page, "revision") == "2"
    page = client.post(url("quote-undo", quote), {**sent, "revision": 2}, headers=PANEL).content.decode()
    assert value(page, "cue") == "typed but not saved"
    assert not quote.stances.exists()
    # Without scripts too: the page is shown with it instead of leading away.
    answer = client.post(address, {**sent, "revision": 3, "position": "mixed"})
    assert answer.status_code == 200
    assert value(answer.content.decode(), "cue") == "typed but not saved"


def test_saving_the_form_saves_the_words_that_were_chosen_in_it(client, ana, article):
    quote = QuoteFactory(article=article, by=ana)
    sent = changed(quote, cue="insisted", **part("compromise on security"))
    client.post(url("quote", quote), sent, headers=PANEL)
    quote = Quote.objects.get()
    assert (quote.words, quote.cue) == ("compromise on security", "insisted")


# -- steps -------------------------------------------------------------------------------------------------


def test_a_stance_is_taken_changed_and_taken_away_with_one_press(client, ana, article):
    quote = QuoteFactory(article=article, by=ana)
    claim = ClaimFactory(story=article.stories.get())
    for revision, position in enumerate(["supports", "opposes", ""], 1):
        sent = {"revision": revision, "claim": claim.pk, "position": position}
        assert client.post(url("quote-stance", quote), sent, headers=LIST).status_code == 200
        assert list(quote.stances.values_list("position", flat=True)) == [position] * bool(position)


def test_a_stance_on_a_claim_of_another_story_is_refused_in_place(client, ana, article):
    quote = QuoteFactory(article=article, by=ana)
    sent = {"revision": 1, "claim": ClaimFactory().pk, "position": "supports", "panel": "1"}
    answer = client.post(url("quote-stance", quote), sent, headers=PANEL)
    assert answer.status_code == 422
    assert "no such claim" in answer.content.decode()
    assert not quote.stances.exists()


def test_publishing_from_the_list_leaves_the_panel_alone(client, ana, article):
    quote = QuoteFactory(article=article, by=ana)
    answer = client.post(url("quote-publication", quote), {"revision": 1}, headers=LIST)
    page = answer.content.decode()
    quote.refresh_from_db()
    assert quote.is_published
    assert 'id="quote-form"' not in page
    assert re.search(rf'id="revision-{quote.uuid}" value="2" hx-swap-oob="true"', page)
    assert 'data-status="Quote published."' in page


def test_what_is_not_allowed_is_said_in_place(client, ana, article):
    quote = QuoteFactory(article=article, by=ana, speaker=None, mention="")
    answer = client.post(url("quote-publication", quote), {"revision": 1}, headers=LIST)
    assert answer.status_code == 422
    assert "Say who speaks" in answer.content.decode()
    answer = client.post(url("quote-publication", quote), {"revision": 1})
    assert answer.status_code == 422
    assert "Say who speaks" in answer.content.decode()


def test_a_withdrawal_needs_a_reason_and_readers_get_it(client, ana, article):
    quote = QuoteFactory(article=article, by=ana, published=True)
    sent = changed(quote, reason=" ")
    answer = client.post(url("quote-withdrawal", quote), sent, headers=PANEL)
    assert answer.status_code == 422
    assert "Say why it is withdrawn" in answer.content.decode()
    client.post(url("quote-withdrawal", quote), {**sent, "reason": "The outlet took it back."}, headers=PANEL)
    quote.refresh_from_db()
    assert (quote.status, quote.withdrawn_reason) == (Status.WITHDRAWN, "The outlet took it back.")


def test_a_rejected_draft_leaves_the_text_and_can_be_brought_back_after_a_reload(client, ana, article):
    quote = QuoteFactory(article=article, by=ana)
    client.post(url("quote-rejection", quote), changed(quote), headers=PANEL)
    page = client.get(reverse("desk:article", args=[article.pk])).content.decode()
    assert "Undo the rejection" in page
    client.post(url("quote-undo", quote), {"revision": 2}, headers=LIST)
    quote.refresh_from_db()
    assert quote.status == Status.DRAFT


def test_what_a_colleague_rejected_is_taken_up_again_from_the_list_and_from_the_panel(
    client, ana, ben, article
):
    quote = QuoteFactory(article=article, by=ben)
    quote.reject(by=ben, revision=1, now=NOW)
    page = client.get(reverse("desk:article", args=[article.pk])).content.decode()
    assert "Take up again" in page
    assert "Undo the rejection" not in page
    page = client.post(url("quote-revival", quote), {"revision": 2}, headers=LIST).content.decode()
    assert "The quote is a draft again." in page
    assert "Take up again" not in page
    quote.refresh_from_db()
    assert quote.status == Status.DRAFT

    quote.reject(by=ben, revision=3, now=NOW)
    assert "Take up again" in client.get(url("quote", quote), headers=PANEL).content.decode()
    typed = {**changed(quote), "panel": 1, "cue": "insisted"}
    page = client.post(url("quote-revival", quote), typed, headers=PANEL).content.decode()
    assert 'value="insisted"' in page
    quote.refresh_from_db()
    assert quote.status == Status.DRAFT


def test_a_withdrawn_quote_that_is_taken_up_again_stays_withdrawn_for_readers_until_it_is_published(
    client, ana
):
    story = StoryFactory()
    quote = QuoteFactory(article=ArticleFactory(stories=[story]), by=ana, published=True)
    quote.withdraw(by=ana, revision=2, now=NOW, reason="It was another speaker.")
    client.post(url("quote-revival", quote), {"revision": 3}, headers=LIST)
    answer = client.get(quote.get_absolute_url())
    assert answer.status_code == 410
    assert "It was another speaker." in answer.content.decode()
    client.post(url("quote-publication", quote), {"revision": 4}, headers=LIST)
    assert client.get(quote.get_absolute_url()).status_code == 200


def test_undo_is_only_offered_for_ones_own_last_step(client, ana, ben, article):
    quote = QuoteFactory(article=article, by=ana)
    page = client.get(reverse("desk:article", args=[article.pk])).content.decode()
    assert "Undo the draft" in page
    quote.edit(by=ben, revision=1, now=NOW, cue="insisted")
    page = client.get(reverse("desk:article", args=[article.pk])).content.decode()
    assert "Undo the" not in page
    answer = client.post(url("quote-undo", quote), {"revision": 2}, headers=LIST)
    assert answer.status_code == 422
    assert "nothing of yours to undo" in answer.content.decode()


@pytest.mark.parametrize(
    "step", ["span", "stance", "publication", "withdrawal", "rejection", "revival", "undo", "check"]
)
def test_a_step_without_a_revision_is_refused_and_get_does_nothing(client, ana, article, step):
    quote = QuoteFactory(article=article, by=ana)
    address = url(f"quote-{step}", quote)
    assert client.get(address).status_code == 405
    for revision in ({}, {"revision": "x"}, {"revision": "-1"}, {"revision": str(2**65)}):
        answer = client.post(address, {**part(), **revision}, headers=LIST)
        assert answer.status_code == 422
    assert Act.objects.count() == 1


def test_no_step_is_taken_without_a_csrf_token(article):
    from django.test import Client

    strict, editor = Client(enforce_csrf_checks=True), EditorFactory()
    strict.force_login(editor)
    quote = QuoteFactory(article=article, by=editor)
    for step in (
        "quote",
        "quote-span",
        "quote-stance",
        "quote-publication",
        "quote-withdrawal",
        "quote-undo",
    ):
        assert strict.post(url(step, quote), changed(quote)).status_code == 403
    assert strict.post(new(article), form(article)).status_code == 403


def test_an_unknown_quote_or_article_is_not_found(client, ana):
    assert client.get(reverse("desk:quote", args=[uuid.uuid4()])).status_code == 404
    assert client.post(reverse("desk:quote-undo", args=[uuid.uuid4()])).status_code == 404
    assert client.get(reverse("desk:article", args=[10**9])).status_code == 404


# -- the outlet changes the text ---------------------------------------------------------------------------


def reworded(article: Article) -> str:
    return article.text.replace("We will not compromise", "We would not compromise")


def test_a_quote_that_the_outlet_reworded_is_confirmed_with_its_stances(client, ana, article):
    quote = QuoteFactory(article=article, by=ana)
    claim = ClaimFactory(story=article.stories.get())
    quote.set_stance(claim, "opposes", by=ana, revision=1, now=NOW)
    article.record_version(reworded(article), now=NOW)
    page = client.get(url("quote", quote), headers=HTMX).content.decode()
    assert "The outlet has changed these words" in page
    assert "Check again" in page
    assert re.search(
        r"We <del><span[^>]*>\[removed: </span>will<span[^>]*>\]</span></del> not compromise", page
    )
    assert re.search(
        r"We <ins><span[^>]*>\[added: </span>would<span[^>]*>\]</span></ins> not compromise", page
    )
    sent = {"revision": 2, "version": article.current_version_id, "panel": "1"}
    client.post(url("quote-check", quote), sent, headers=PANEL)
    quote = Quote.objects.get()
    assert quote.words == "We would not compromise on security,"
    assert not quote.stances.filter(check_again=True).exists()


def test_words_chosen_in_an_old_version_are_found_in_the_new_one_before_anything_is_saved(
    client, ana, article
):
    sent = form(article, "The vendor denies that its equipment is a risk.", cue="denies")
    article.record_version(f"A line on top.\n\n{article.text}", now=NOW)
    answer = client.post(new(article), sent, headers=PANEL)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The article has a new version" in page
    assert value(page, "cue") == "denies"
    assert value(page, "start") == str(article.text.index("The vendor denies"))
    assert value(page, "version") == str(article.current_version_id)
    assert "A line on top." in page
    assert not Quote.objects.exists()


def test_words_that_are_gone_from_the_new_version_lose_nothing_that_was_typed(client, ana, article):
    sent = form(article, "The vendor denies that its equipment is a risk.", cue="denies")
    article.record_version("Something else altogether.", now=NOW)
    answer = client.post(new(article), sent, headers=PANEL)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "select the words again" in page
    assert value(page, "cue") == "denies"
    assert not Quote.objects.exists()


def test_an_orphan_is_placed_on_new_words(client, ana, article):
    quote = QuoteFactory(article=article, exact="The vendor denies that its equipment is a risk.", by=ana)
    article.record_version(article.text.replace(quote.words, "It says that nothing was proved."), now=NOW)
    page = client.get(url("quote", quote), headers=HTMX).content.decode()
    assert "no longer in the article" in page
    sent = {"revision": 1, "version": article.current_version_id, "panel": "1"}
    sent |= part("It says that nothing was proved.", article.text)
    assert client.post(url("quote-span", quote), sent, headers=PANEL).status_code == 200
    assert Quote.objects.get().words == "It says that nothing was proved."


# -- two editors at once -----------------------------------------------------------------------------------


def test_a_stale_form_answers_409_with_both_texts_and_loses_nothing(client, ana, ben, article):
    quote = QuoteFactory(article=article, by=ana)
    sent = changed(quote, cue="mine")
    quote.edit(by=ben, revision=1, now=NOW, cue="theirs", mention="the minister for samples")
    for headers in (PANEL, {}):
        answer = client.post(url("quote", quote), sent, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Ben Second edited it meanwhile." in page
        for words in ("mine", "theirs", "told", "Put mine on top", "Keep theirs"):
            assert words in page
    quote.refresh_from_db()
    assert quote.cue == "theirs"


def test_mine_on_top_keeps_what_only_the_other_changed(client, ana, ben, article):
    quote = QuoteFactory(article=article, by=ana)
    sent = changed(quote, cue="mine")
    quote.edit(by=ben, revision=1, now=NOW, cue="theirs", mention="the minister for samples")
    page = client.post(url("quote", quote), sent, headers=PANEL).content.decode()
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    again.pop("csrfmiddlewaretoken")
    assert client.post(url("quote", quote), again, headers=PANEL).status_code == 200
    quote.refresh_from_db()
    assert (quote.cue, quote.mention) == ("mine", "the minister for samples")


def test_a_stale_stance_shows_what_the_other_chose_and_can_be_put_on_top(client, ana, ben, article):
    quote = QuoteFactory(article=article, by=ana)
    claim = ClaimFactory(story=article.stories.get(), text="The sample should wait.")
    sent = changed(quote)
    quote.set_stance(claim, "opposes", by=ben, revision=1, now=NOW)
    address = f"{url('quote-stance', quote)}?claim={claim.pk}"
    answer = client.post(address, {**sent, "position": "supports"}, headers=PANEL)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The sample should wait." in page
    assert "opposes" in page and "supports" in page
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    action = re.search(r'<form class="form" method="post" action="([^"]+)"', page)[1]
    client.post(action, again, headers=PANEL)
    assert quote.stances.get().position == "supports"


def test_a_stale_step_from_the_list_does_nothing_and_says_so(client, ana, ben, article):
    quote = QuoteFactory(article=article, by=ana)
    quote.edit(by=ben, revision=1, now=NOW, cue="theirs")
    answer = client.post(url("quote-publication", quote), {"revision": 1}, headers=LIST)
    assert answer.status_code == 409
    assert "Ben Second edited it meanwhile. Nothing was done" in answer.content.decode()
    quote.refresh_from_db()
    assert not quote.is_published


def test_a_preview_keeps_the_revision_on_which_it_was_typed(client, ana, ben, article):
    quote = QuoteFactory(article=article, by=ana)
    sent = changed(quote, cue="mine", move="0-end-later")
    quote.edit(by=ben, revision=1, now=NOW, mention="theirs")
    page = client.post(url("quote-span", quote), sent, headers=PANEL).content.decode()
    assert value(page, "revision") == "1"


def test_a_stale_form_makes_no_actor(client, ana, ben, article):
    quote = QuoteFactory(article=article, by=ana)
    sent = changed(quote, speaker="Huawei", speaker_asked="Huawei", speaker_choice="new-organisation")
    quote.edit(by=ben, revision=1, now=NOW, mention="theirs")
    assert client.post(url("quote", quote), sent, headers=PANEL).status_code == 409
    assert not Actor.objects.filter(name="Huawei").exists()


# -- sent twice, and what was removed meanwhile ------------------------------------------------------------


def test_the_same_form_sent_again_is_saved_once(client, ana, article):
    sent = form(article, uuid=str(uuid.uuid4()), cue="told")
    for _ in range(2):
        page = client.post(new(article), sent, headers=PANEL)
        assert page.status_code == 200
    assert Quote.objects.count() == 1


def test_a_form_gone_back_to_and_changed_is_offered_on_the_quote_that_it_made(client, ana, article):
    sent = form(article, uuid=str(uuid.uuid4()), cue="told")
    client.post(new(article), sent)
    again = client.post(new(article), {**sent, "cue": "warned"})
    quote = Quote.objects.get()
    assert again.status_code == 409
    page = again.content.decode()
    assert "was saved before" in page
    assert (value(page, "cue"), value(page, "revision")) == ("warned", str(quote.revision))
    client.post(url("quote", quote), changed(quote, cue="warned"))
    quote.refresh_from_db()
    assert quote.cue == "warned"


def test_a_form_gone_back_to_does_not_say_saved_when_it_was_to_publish(client, ana, article):
    sent = form(article, uuid=str(uuid.uuid4()))
    client.post(new(article), sent)
    assert client.post(new(article), {**sent, "then": "publish"}).status_code == 409
    assert Quote.objects.get().status == Status.DRAFT


def test_the_address_of_another_quote_is_not_taken_for_a_new_one(client, ana, article):
    other = QuoteFactory(article=article)
    assert client.post(new(article), form(article, uuid=str(other.uuid)), headers=PANEL).status_code == 200
    assert Quote.objects.exclude(pk=other.pk).get().created_by == ana


def test_what_needs_a_role_that_was_removed_cannot_be_undone_and_says_so(client, ana, hunt, article):
    quote, role = QuoteFactory(article=article, speaker=hunt), RoleFactory(actor=hunt)
    for held in (role, None):
        quote.edit(by=ana, revision=quote.revision, now=NOW, role=held)
    opened = quote.revision - 1
    role.delete()
    page = client.post(url("quote-undo", quote), {"revision": quote.revision, "panel": "1"}, headers=PANEL)
    assert page.status_code == 422
    assert "the role it had was removed since" in page.content.decode()
    # Who still has the form with that role sees both texts.
    late = client.post(url("quote", quote), changed(quote, revision=opened, cue="warned"), headers=PANEL)
    assert late.status_code == 409
    assert "warned" in late.content.decode()


def test_what_needs_a_claim_that_was_removed_cannot_be_undone_and_says_so(client, ana, article):
    quote, claim = QuoteFactory(article=article), ClaimFactory(story=article.stories.get())
    for position in ("supports", ""):
        quote.set_stance(claim, position, by=ana, revision=quote.revision, now=NOW)
    claim.delete()
    page = client.post(url("quote-undo", quote), {"revision": quote.revision, "panel": "1"}, headers=PANEL)
    assert page.status_code == 422
    assert "the claim it had was removed since" in page.content.decode()
