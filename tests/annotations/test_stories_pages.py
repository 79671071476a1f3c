import datetime as dt
import re

import pytest
from django.urls import reverse

from annotations.models import Event, Quote, Stance, Status
from articles.models import Story, StoryArticle
from tests.annotations.reading import HOSTILE, a_story, publish, words_of
from tests.factories import (
    NOW,
    TEXT,
    ActorFactory,
    ArticleFactory,
    ClaimFactory,
    EditorFactory,
    EventFactory,
    OutletFactory,
    QuoteFactory,
    RoleFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
WEDNESDAY = dt.date(2019, 5, 8)


def page_of(client, story, query="", **headers):
    response = client.get(f"{story.get_absolute_url()}{query}", headers=headers)
    assert response.status_code == 200
    return response


def entries_of(response):
    """The kinds and the identifiers of the timeline's entries, in order."""
    page = response.content.decode()
    return re.findall(r'class="entry entry--(publication|quote|event)', page)


# The front page.


def test_the_front_page_lists_published_stories_by_last_change(client):
    StoryFactory(title="An older story", changed_at=NOW - DAY)
    StoryFactory(title="A newer story", changed_at=NOW)
    StoryFactory(title="A story in the drawer", status=Story.Status.DRAFT)
    page = words_of(client.get("/"))
    assert page.index("A newer story") < page.index("An older story")
    assert "drawer" not in page


def test_a_story_says_how_much_there_is_and_what_readers_last_got(client):
    story = a_story(articles=2, quotes=3)
    StoryArticle.objects.filter(story=story).update(added_at=NOW - DAY)
    article = story.articles.first()
    article.record_version(TEXT + "\n\nOne more paragraph.", now=NOW + DAY)
    QuoteFactory(article=article, exact="The vendor denies")
    page = words_of(client.get("/"))
    assert "2 articles from 2 outlets" in page
    assert "6 quotes" in page
    assert "10 May 2019 1 text changed by its outlet 9 May 2019 6 quotes published, 1 event added" in page
    assert "8 May 2019 2 articles added" in page


def test_an_empty_front_page_says_what_to_do(client):
    page = words_of(client.get("/"))
    assert "No story has been published yet" in page
    assert "Search the articles" in page


def test_the_front_page_has_pages(client):
    for number in range(25):
        StoryFactory(title=f"Story number {number} of many", changed_at=NOW + number * DAY)
    first, second = client.get("/"), client.get("/?page=2")
    assert "Story number 24 of many" in words_of(first)
    assert "Story number 2 of many" in words_of(second)
    assert "Story number 24 of many" not in words_of(second)
    assert b'rel="next"' in first.content
    assert b'<link rel="canonical" href="http://127.0.0.1:8000/?page=2">' in second.content


@pytest.mark.parametrize("page", ["0", "-1", "999", "abc", "%00", "1e9", "9" * 5000])
def test_junk_for_a_page_number_is_no_error(client, page):
    StoryFactory()
    assert client.get(f"/?page={page}").status_code == 200


# Who sees what.


def test_a_story_that_is_not_published_is_not_there(client):
    draft = StoryFactory(status=Story.Status.DRAFT)
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.get("/stories/never-heard-of/").status_code == 404


def test_public_pages_are_for_everybody_the_same_and_may_be_kept(client):
    story = a_story()
    article = story.articles.get()
    quote = Quote.objects.get()
    editor = EditorFactory(first_name="Canarina")
    for url in ("/", story.get_absolute_url(), article.get_absolute_url(), quote.get_absolute_url()):
        client.logout()
        stranger = client.get(url)
        client.force_login(editor)
        known = client.get(url)
        assert stranger.content == known.content
        assert stranger["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert set(stranger["Vary"].split(", ")) == {"Accept-Encoding", "Accept-Language", "HX-Request"}
        assert "Set-Cookie" not in stranger.headers
        assert b"csrf" not in stranger.content.lower()
        for name in (b"Canarina", b"Reader", editor.username.encode()):
            assert name not in stranger.content


def test_reading_pages_take_no_posts(client):
    story = a_story()
    assert client.post("/").status_code == 405
    assert client.post(story.get_absolute_url()).status_code == 405
    assert client.head(story.get_absolute_url()).status_code == 200


def test_what_is_not_published_shows_nowhere(client):
    story = a_story()
    article = story.articles.get()
    editor = EditorFactory()
    hidden = []
    for status in (Status.DRAFT, Status.SUGGESTED, Status.REJECTED, Status.WITHDRAWN):
        speaker = ActorFactory(name=f"Canary {status}", slug=f"canary-{status}")
        quote = QuoteFactory(
            article=article, by=editor, speaker=speaker, mention="canary", cue="canaried", exact="The vendor"
        )
        Stance.objects.create(quote=quote, claim=story.claims.get(), position="mixed", note="canary note")
        event = EventFactory(story=story, by=editor, title=f"Canary event {status}")
        if status == Status.WITHDRAWN:
            for one in (publish(quote), publish(event)):
                one.withdraw(by=editor, revision=one.revision, now=NOW, reason="Wrong.")
        else:
            type(quote).objects.filter(pk=quote.pk).update(status=status)
            type(event).objects.filter(pk=event.pk).update(status=status)
        hidden += [quote, event]
    drawer = StoryFactory(title="Canary story", slug="canary-story", status=Story.Status.DRAFT)
    drawer.articles.add(article, ArticleFactory(headline="Canary headline"))
    secret = ClaimFactory(story=drawer, text="The canary should sing.", slug="canary-claim")
    shown = Quote.objects.published().get()
    taken_back = Quote.objects.get(status=Status.WITHDRAWN)
    Stance.objects.create(quote=shown, claim=secret, position="supports", note="canary of a draft story")

    urls = ["/", story.get_absolute_url(), article.get_absolute_url(), shown.get_absolute_url()]
    urls += [
        f"{story.get_absolute_url()}?actor=canary-draft&claim=canary-claim",
        f"{article.get_absolute_url()}?version=1",
    ]
    for url in urls:
        for headers in ({}, {"HX-Request": "true"}):
            page = client.get(url, headers=headers).content.decode()
            # What was asked for stands in the address; it is in no link, label or text.
            assert "canar" not in page.lower(), url
            # That a quote was taken back is told, and nothing of it: its own page says why.
            page = page.replace(f'<a href="{taken_back.get_absolute_url()}">a quote</a>', "")
            assert not [one for one in hidden if str(one.uuid) in page], url


def test_whatever_is_typed_is_shown_as_text(client):
    story = a_story(events=0, title=f"Title {HOSTILE}", summary=f"Summary {HOSTILE}")
    outlet = OutletFactory(name=f"Outlet {HOSTILE}")
    text = f"Said {HOSTILE}, he said.\n\nAnother paragraph."
    article = ArticleFactory(
        stories=[story],
        outlet=outlet,
        headline=f"Headline {HOSTILE}",
        text=text,
        byline=f"Byline {HOSTILE}",
        author_bio=f"Bio {HOSTILE}",
        dateline=HOSTILE,
        section=HOSTILE,
        image_caption=HOSTILE,
        image_credit=HOSTILE,
        language='en" onload="alert(1)'[:20],
        url="javascript:alert(1)",
        archive_url="javascript:alert(1)",
    )
    actor = ActorFactory(name=f"Actor {HOSTILE}")
    role = RoleFactory(actor=actor, title=f"Role {HOSTILE}")
    claim = ClaimFactory(story=story, text=f"Claim {HOSTILE}")
    quote = QuoteFactory(
        article=article,
        exact=article.text.split("\n")[0],
        speaker=actor,
        role=role,
        mention=HOSTILE,
        cue=HOSTILE[:100],
        said_earliest=None,
        said_latest=None,
        said_expression=f"when {HOSTILE}",
        relayed_by_actor=actor,
        published=True,
    )
    Stance.objects.create(quote=quote, claim=claim, position="mixed", note=f"Note {HOSTILE}")
    event = Event.draft(
        story,
        by=EditorFactory(),
        now=NOW,
        title=f"Event {HOSTILE}",
        place=HOSTILE,
        when_expression=HOSTILE,
        source_url="javascript:alert(1)",
        evidence=[(article.current_version, 0, 4)],
    )
    publish(event)
    for url in ("/", story.get_absolute_url(), article.get_absolute_url(), quote.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
        assert "javascript:" not in page
        assert ' onload="' not in page
        assert "\N{SATELLITE ANTENNA}" in page


# A story.


def test_a_story_tells_its_summary_its_articles_and_its_claims(client):
    story = a_story(articles=2, quotes=2, title="The 5G decision", summary="First part.\n\nSecond part.")
    page = words_of(page_of(client, story))
    assert "The 5G decision" in page
    assert "First part. Second part." in page
    for article in story.articles.all():
        assert article.headline in page
    assert story.claims.get().text in page
    assert "opposes 4" in page


def test_a_claim_without_stances_says_so_and_a_story_without_claims_too(client):
    story = StoryFactory()
    assert "No claims yet" in words_of(page_of(client, story))
    ClaimFactory(story=story, text="Nobody has said a word on this.")
    assert "No published quote takes a stance on this yet" in words_of(page_of(client, story))


def test_an_empty_story_says_what_comes_there(client):
    page = words_of(page_of(client, StoryFactory()))
    assert "No articles yet" in page
    assert "Nothing on the timeline yet" in page


def test_who_stands_where_opens_the_quotes_that_were_counted(client):
    story = a_story(articles=2)
    first, second = story.articles.order_by("pk")
    claim = story.claims.get()
    hunt = ActorFactory(name="Jeremy Hunt", slug="jeremy-hunt")
    for article in (first, second):
        quote = QuoteFactory(article=article, speaker=hunt, published=True)
        Stance.objects.create(quote=quote, claim=claim, position="supports")
    page = page_of(client, story)
    query = f"?actor=jeremy-hunt&stance=supports&claim={claim.slug}"
    link = f'<a href="{story.get_absolute_url()}{query.replace("&", "&amp;")}#timeline">consistently supported</a>'
    assert f"{link}, 2 quotes in 2 outlets" in page.content.decode()
    shown = page_of(client, story, query)
    assert entries_of(shown) == ["quote", "quote"]
    assert words_of(shown).count("Jeremy Hunt · direct speech") == 2


def test_sources_that_no_article_names_are_counted_and_shown_as_such(client):
    story = a_story(quotes=0, events=0)
    quote = QuoteFactory(article=story.articles.get(), speaker=None, mention="an official", published=True)
    Stance.objects.create(quote=quote, claim=story.claims.get(), position="supports")
    page = page_of(client, story)
    assert "Unnamed sources" in words_of(page)
    assert "“an official” , unnamed source" in words_of(page)
    assert entries_of(page_of(client, story, "?actor=_unnamed")) == ["quote"]


# The timeline.


def test_the_timeline_mixes_what_happened_was_said_and_was_published_by_their_own_days(client):
    story = a_story(quotes=0, events=0)
    article = story.articles.get()  # published on the 9th
    QuoteFactory(article=article, published=True)  # said on the 8th
    EventFactory(story=story, title="The council met", published=True)  # on 23 April
    page = page_of(client, story)
    assert entries_of(page) == ["event", "quote", "publication"]
    read = words_of(page)
    timeline = read[read.index("3 entries") :]
    assert [timeline.index(day) for day in ("23 April 2019", "8 May 2019", "9 May 2019")] == sorted(
        timeline.index(day) for day in ("23 April 2019", "8 May 2019", "9 May 2019")
    )
    assert "published 9 May 2019 in" in timeline


def test_an_uncertain_date_is_an_interval_with_its_reason(client):
    story = a_story(quotes=0, events=0)
    article = story.articles.get()
    article.published_at = dt.datetime(2019, 5, 1, 10, 0, tzinfo=dt.UTC)
    article.save()
    QuoteFactory(
        article=article,
        published=True,
        said_earliest=dt.date(2019, 4, 22),
        said_latest=dt.date(2019, 4, 28),
        said_expression="last week",
    )
    assert "22–28 April 2019 (“last week” in the article of 1 May)" in words_of(page_of(client, story))


def test_what_no_text_dates_stands_at_the_end(client):
    story = StoryFactory()
    article = ArticleFactory(stories=[story], published_at=None, headline="No day on it")
    QuoteFactory(
        article=article, published=True, said_earliest=None, said_latest=None, said_expression="yesterday"
    )
    ArticleFactory(stories=[story])
    page = page_of(client, story)
    assert entries_of(page) == ["publication", "quote", "publication"]
    read = words_of(page)
    end = read[read.rindex("Undated No text says") :]
    assert "“yesterday” in an undated article" in end
    assert "No day on it" in end


def test_an_outlets_own_day_decides_where_a_publication_stands(client):
    story = StoryFactory()
    late = dt.datetime(2019, 5, 8, 23, 30, tzinfo=dt.UTC)
    outlet = OutletFactory(time_zone="America/New_York")
    ArticleFactory(stories=[story], outlet=outlet, published_at=late, headline="Seen from New York")
    ArticleFactory(stories=[story], published_at=late, headline="Seen from London")
    read = words_of(page_of(client, story))
    timeline = read[read.index("2 entries") :]
    assert re.search(r"8 May 2019.*Seen from New York.*9 May 2019.*Seen from London", timeline)


def test_a_quote_leads_to_the_exact_words_in_the_version_that_an_editor_read(client):
    story = a_story()
    article, quote = story.articles.get(), Quote.objects.get()
    article.record_version("Quite another beginning.\n\n" + TEXT, now=NOW + DAY)
    address = f"/stories/{story.slug}/articles/{article.pk}/?version=1#quote-{quote.uuid}"
    page = page_of(client, story).content.decode()
    assert f'href="{address}"' in page
    text = client.get(address).content.decode()
    assert f'id="quote-{quote.uuid}"' in text
    assert quote.words in words_of(client.get(address))


def test_a_quote_that_the_outlet_reworded_keeps_its_words_and_says_so(client):
    story = a_story()
    article, quote = story.articles.get(), Quote.objects.get()
    article.record_version(TEXT.replace("not compromise", "hardly compromise"), now=NOW + DAY)
    article.record_version(
        TEXT.replace("not compromise", "hardly compromise") + "\n\nMore.", now=NOW + 2 * DAY
    )
    page = words_of(page_of(client, story))
    assert "We will not compromise on security," in page
    assert "Reworded by the outlet in version 2" in page
    assert quote.words == "We will not compromise on security,"


def test_a_quote_tells_speaker_role_cue_and_chain(client):
    story = a_story(quotes=0, events=0)
    speaker = ActorFactory(name="Jeremy Hunt")
    RoleFactory(actor=speaker, title="Health secretary", until=dt.date(2018, 7, 8))
    RoleFactory(actor=speaker, title="Foreign secretary", since=dt.date(2018, 7, 9))
    QuoteFactory(
        article=story.articles.get(),
        speaker=speaker,
        kind="mixed",
        cue="insisted",
        basis="leak",
        relayed_by_actor=ActorFactory(name="The Relay"),
        published=True,
    )
    page = words_of(page_of(client, story))
    assert "Jeremy Hunt , Foreign secretary · partly word for word, “insisted”" in page
    assert "relayed by The Relay leak" in page


def test_an_event_leads_to_its_evidence(client):
    story = a_story(quotes=0)
    event = Event.objects.get()
    page = page_of(client, story)
    article = story.articles.get()
    assert (
        f'href="/stories/{story.slug}/articles/{article.pk}/?version=1#event-{event.uuid}"'
        in page.content.decode()
    )
    assert f"{article.outlet.name}, “The minister”" in words_of(page)


def test_an_event_whose_only_evidence_left_the_story_is_not_told(client):
    story = a_story(quotes=0)
    page = words_of(page_of(client, story))
    assert "The review began" in page
    other = StoryFactory(status=Story.Status.DRAFT)
    article = story.articles.get()
    story.articles.set([])
    other.articles.add(article)
    page = words_of(page_of(client, story))
    assert "The review began" not in page
    assert article.headline not in page


# Filters.


@pytest.fixture
def told():
    """Two outlets, two speakers, two claims: each quote differs in all of them."""
    story = StoryFactory(slug="told")
    courier = OutletFactory(name="The Courier", slug="courier")
    gazette = OutletFactory(name="The Gazette", slug="gazette")
    ban = ClaimFactory(story=story, slug="ban", text="It should be banned.")
    wait = ClaimFactory(story=story, slug="wait", text="It can wait.")
    for outlet, who, claim, position, day in (
        (courier, "Ann Amber", ban, "supports", dt.date(2019, 5, 1)),
        (gazette, "Ben Beige", wait, "opposes", dt.date(2019, 5, 8)),
    ):
        article = ArticleFactory(stories=[story], outlet=outlet)
        speaker = ActorFactory(name=who, slug=who.lower().replace(" ", "-"))
        quote = QuoteFactory(
            article=article, speaker=speaker, said_earliest=day, said_latest=day, published=True
        )
        Stance.objects.create(quote=quote, claim=claim, position=position)
    EventFactory(story=story, published=True, when_earliest=dt.date(2019, 5, 3), when_latest=None)
    return story


@pytest.mark.parametrize(
    ("query", "entries", "said_by"),
    [
        ("actor=ann-amber", ["quote"], {"Ann Amber"}),
        ("actor=ann-amber&actor=ben-beige", ["quote", "quote"], {"Ann Amber", "Ben Beige"}),
        ("claim=wait", ["quote"], {"Ben Beige"}),
        ("stance=supports", ["quote"], {"Ann Amber"}),
        ("claim=wait&stance=supports", [], set()),
        ("outlet=gazette", ["quote", "publication"], {"Ben Beige"}),
        ("outlet=gazette&actor=ann-amber", [], set()),
        ("from=2019-05-08", ["event", "quote", "publication", "publication"], {"Ben Beige"}),
        ("to=2019-05-02", ["quote"], {"Ann Amber"}),
        ("from=2019-05-02&to=2019-05-05", ["event"], set()),
    ],
)
def test_filters_leave_what_matches_all_of_them(client, told, query, entries, said_by):
    page = page_of(client, told, f"?{query}")
    assert entries_of(page) == entries
    timeline = words_of(page).split(" of 5 entries")[-1]
    assert {name for name in ("Ann Amber", "Ben Beige") if f"{name} · direct speech" in timeline} == said_by
    assert f"{len(entries)} of 5 entries" in words_of(page)


def test_a_filter_that_is_on_is_ticked_and_can_be_taken_away(client, told):
    page = page_of(client, told, "?actor=ann-amber&stance=supports").content.decode()
    assert 'name="actor" value="ann-amber" checked' in page
    assert 'name="actor" value="ben-beige">' in page
    assert 'href="/stories/told/?actor=ann-amber#timeline"' in page
    assert 'href="/stories/told/?stance=supports#timeline"' in page


def test_filters_that_match_nothing_name_themselves_and_offer_to_be_cleared(client, told):
    page = words_of(page_of(client, told, "?actor=ann-amber&outlet=gazette"))
    assert "Nothing matches all of these filters They are: Ann Amber; The Gazette." in page
    assert "Clear the filters" in page


def test_the_legend_is_the_filter_and_counts(client, told):
    page = words_of(page_of(client, told))
    assert "Stance supports 1 opposes 1 mixed 0 unclear 0" in page
    assert "Ann Amber 1 Ben Beige 1" in page


def test_htmx_gets_the_list_alone_with_the_count_to_be_read_out(client, told):
    response = page_of(client, told, "?stance=opposes&from=&to=", HX_Request="true")
    page = response.content.decode()
    assert "<html" not in page
    assert page.count('id="results"') == 1
    assert 'data-status="1 of 5 entries remains."' in page
    assert response["HX-Push-Url"] == "/stories/told/?stance=opposes"
    assert "HX-Request" in response["Vary"]
    assert "data-status" not in page_of(client, told, "?stance=opposes").content.decode()
    assert page_of(client, told, "?from=", HX_Request="true")["HX-Push-Url"] == "/stories/told/"


@pytest.mark.parametrize(
    "query",
    [
        "actor=%00", "actor=nobody", "claim='", "stance=for", "outlet=%F0%9F%93%A1", "from=yesterday", "to=%00",
        "from=0000-00-00", "to=99999-01-01", "page=%00", "page=-1", "page=x", "at=%00", "at=no-uuid",
        "at=00000000-0000-0000-0000-000000000000", "actor=" + "a" * 5000, "from=2019-05-08&from=%00",
    ],
)  # fmt: skip
def test_junk_in_the_address_is_no_error(client, told, query):
    page_of(client, told, f"?{query}")
    page_of(client, told, f"?{query}", HX_Request="true")


def test_what_is_no_filter_is_left_out_and_the_page_says_so(client, told):
    page = page_of(client, told, "?actor=nobody&actor=ann-amber")
    assert entries_of(page) == ["quote"]
    assert "Part of the address is no filter of this story" in words_of(page)
    assert "Part of the address" not in words_of(page_of(client, told, "?actor=ann-amber&utm_source=mail"))


def test_a_claim_of_another_story_is_no_filter_here(client, told):
    ClaimFactory(story=StoryFactory(), slug="elsewhere")
    assert "no filter of this story" in words_of(page_of(client, told, "?claim=elsewhere"))


def test_what_was_said_by_somebody_merged_into_another_is_the_others(client, told):
    ann, ben = (quote.speaker for quote in Quote.objects.order_by("pk"))
    ann.merged_into = ben
    ann.save()
    page = page_of(client, told, "?actor=ben-beige")
    assert entries_of(page) == ["quote", "quote"]
    assert "Ann Amber" not in words_of(page)
    assert "Ben Beige 2" in words_of(page)


def test_a_long_timeline_has_pages_and_an_entry_is_found_on_its_own(client, monkeypatch):
    monkeypatch.setattr("annotations.views.stories.ENTRIES_A_PAGE", 3)
    story = a_story(articles=4, quotes=1, events=0)
    first = page_of(client, story)
    assert entries_of(first) == ["quote"] * 3
    assert entries_of(page_of(client, story, "?page=2")) == ["quote"] + ["publication"] * 2
    last = Quote.objects.order_by("pk").last()
    found = page_of(client, story, f"?at={last.uuid}")
    assert f'id="quote-{last.uuid}"' in found.content.decode()


# The same number of queries, whatever the rows.


def queries(client, url, django_assert_max_num_queries):
    with django_assert_max_num_queries(40) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_ten_times_the_stories_take_the_same_queries(client, django_assert_max_num_queries):
    a_story()
    few = queries(client, "/", django_assert_max_num_queries)
    for _ in range(9):
        a_story(articles=2)
    assert queries(client, "/", django_assert_max_num_queries) == few


def test_ten_times_the_entries_take_the_same_queries(client, django_assert_max_num_queries):
    small, large = a_story(articles=1, quotes=2), a_story(articles=10, quotes=2, events=10)
    for number in range(9):
        ClaimFactory(story=large, text=f"Claim {number}")
    for query in ("", "?stance=opposes"):
        few = queries(client, small.get_absolute_url() + query, django_assert_max_num_queries)
        assert queries(client, large.get_absolute_url() + query, django_assert_max_num_queries) == few


def test_a_page_says_what_it_is_to_other_sites(client):
    story = a_story(title="The 5G decision", summary="Ministers weigh it.")
    page = page_of(client, story, "?stance=opposes").content.decode()
    assert "<title>The 5G decision – Newsdesk</title>" in page
    assert '<meta name="description" content="Ministers weigh it.">' in page
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{story.get_absolute_url()}">' in page
    assert '<meta property="og:title" content="The 5G decision">' in page
    assert reverse("story-feed", args=[story.slug, "atom"]) in page
