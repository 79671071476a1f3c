"""What is new to a reader who comes back: told by the browser, which alone knows."""

import datetime as dt
import json
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Article, Story, StoryArticle
from tests.browser.axe import findings
from tests.factories import ArticleFactory, EventFactory, QuoteFactory, StoryFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = dt.timedelta(days=1)


@pytest.fixture
def story() -> Story:
    made: Story = StoryFactory(slug="networks")
    return made


@pytest.fixture
def article(story: Story) -> Article:
    """It came into the story nine days ago."""
    made: Article = ArticleFactory(stories=[story])
    StoryArticle.objects.update(added_at=timezone.now() - 9 * DAY)
    return made


def was_here(page: Page, when: dt.datetime) -> None:
    """As if the browser's last visit had been then."""
    seen = json.dumps({"seen": int(when.timestamp())})
    page.add_init_script(
        f"localStorage.getItem('newsdesk.visit.networks') ?? localStorage.setItem('newsdesk.visit.networks', '{seen}')"
    )


def publish(quote: Any, at: dt.datetime) -> None:
    quote.publish(by=quote.created_by, revision=quote.revision, now=at)


def test_who_comes_for_the_first_time_reads_nothing_of_it(
    page: Page, live_server: Any, article: Article
) -> None:
    QuoteFactory(article=article, published=True)
    page.goto(f"{live_server.url}/stories/networks/")
    expect(page.locator(".entry--quote")).to_be_visible()
    expect(page.locator("#since")).to_be_hidden()
    expect(page.get_by_text("new", exact=True)).to_have_count(0)


def test_what_came_after_the_last_visit_is_counted_and_marked(
    page: Page, live_server: Any, story: Story, article: Article
) -> None:
    now = timezone.now()
    publish(QuoteFactory(article=article, exact="We will not compromise"), now - 9 * DAY)
    publish(QuoteFactory(article=article, exact="on security"), now - DAY)
    publish(EventFactory(story=story, source_url="https://source.example/"), now - DAY)
    was_here(page, now - 3 * DAY)
    page.goto(f"{live_server.url}/stories/networks/")
    since = page.locator("#since")
    expect(since).to_contain_text("Since you were last here, on")
    expect(since).to_contain_text(": 1 quote, 1 event.")
    expect(
        page.locator(".entry--quote", has_text="on security").get_by_text("new", exact=True)
    ).to_be_visible()
    old = page.locator(".entry--quote", has_text="We will not compromise")
    expect(old.get_by_text("new", exact=True)).to_have_count(0)
    assert findings(page) == []


def test_it_stays_through_a_visit_and_a_filter_and_nothing_is_sent(
    page: Page, live_server: Any, article: Article
) -> None:
    now = timezone.now()
    publish(QuoteFactory(article=article), now - DAY)
    was_here(page, now - 3 * DAY)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    page.goto(f"{live_server.url}/stories/networks/")
    expect(page.locator("#since")).to_contain_text("1 quote")
    page.reload()
    expect(page.locator("#since")).to_contain_text("1 quote")
    page.goto(f"{live_server.url}/stories/networks/?from=2000-01-01")
    expect(page.locator("#since")).to_contain_text("1 quote")
    expect(page.locator(".entry--quote").get_by_text("new", exact=True)).to_be_visible()
    seen = str(int((now - 3 * DAY).timestamp()))
    assert sent
    assert not [url for url in sent if seen in url]


def test_nothing_new_is_said_too(page: Page, live_server: Any, article: Article) -> None:
    publish(QuoteFactory(article=article), timezone.now() - 9 * DAY)
    was_here(page, timezone.now() - 3 * DAY)
    page.goto(f"{live_server.url}/stories/networks/")
    expect(page.locator("#since")).to_contain_text("nothing new")
