"""What leaves the page, as a browser of somebody else meets it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from annotations.models import Quote
from tests.browser.axe import RULES, findings
from tests.browser.conftest import Site
from tests.browser.pages import PUBLIC, a_quote

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FIND = """([exact, prefix, suffix]) => {
  const folded = (text) => text.replace(/\\s+/g, " ").trim();
  const blocks = [...document.querySelectorAll(".annotated__text")].map((block) => {
    const copy = block.cloneNode(true);
    copy.querySelectorAll(".visually-hidden, [aria-hidden]").forEach((one) => one.remove());
    return copy.textContent;
  });
  return folded(blocks.join(" ")).includes(folded(prefix + exact + suffix));
}"""
"""Whether the words stand on the page with those beside them, white space aside, numbers of notes left out."""


def published(site: Site) -> list[dict[str, Any]]:
    """All annotations of quotes and events, as a client that knows the protocol reads them, page by page."""
    client, items = Client(), []
    page = client.get("/annotations/?iris=0").json()["first"]
    while page:
        items += page["items"]
        following = page.get("next", "")
        page = client.get(following[following.index("/annotations/") :]).json() if following else None
    return items


def here(site: Site, address: str) -> str:
    return f"{site.url}/{address.split('/', 3)[3]}"


def test_linked_data_is_run_by_no_browser_and_reported_by_none(sample_site: Site, page: Page) -> None:
    sample_site.watch(page)
    for name in ("stories", "story", "claim", "quote", "article", "actor", "actors"):
        screen = next(one for one in PUBLIC if one.name == name)
        screen.show(page, sample_site.url)
        written = page.locator('script[type="application/ld+json"]')
        assert json.loads(written.text_content() or "")["@context"] == "https://schema.org", name
    assert sample_site.complaints == []


def test_a_client_finds_the_words_of_each_annotation_on_the_page_and_in_the_plain_text(
    sample_site: Site, page: Page
) -> None:
    annotations, looked_at = published(sample_site), 0
    places: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {}
    for annotation in annotations:
        for target in annotation["target"]:
            if "selector" in target:
                position, words = target["selector"]
                places.setdefault(target["source"]["id"], []).append((words, target["state"] | position))
    for source, found in places.items():
        page.goto(here(sample_site, source))
        for words, _ in found:
            assert page.evaluate(FIND, [words["exact"], words["prefix"], words["suffix"]]), words["exact"]
        plain = page.request.get(here(sample_site, found[0][1]["cached"])).text()
        for words, place in found:
            assert plain[place["start"] : place["end"]] == words["exact"]
            assert f"{words['prefix']}{words['exact']}{words['suffix']}" in plain
            looked_at += 1
    assert looked_at >= Quote.objects.public().count() > 10


def test_another_site_can_show_the_card_whole(sample_site: Site, page: Page) -> None:
    quote = a_quote(status="published")
    sample_site.watch(page)
    told = Client().get("/oembed", {"url": f"http://127.0.0.1:8000{quote.get_absolute_url()}"}).json()
    frame = told["html"].replace("http://127.0.0.1:8000", sample_site.url)
    elsewhere = f"<!doctype html><title>Elsewhere</title><link rel=icon href=data:,><h1>Elsewhere</h1>{frame}"
    with served(elsewhere) as address:
        page.goto(address)
        card = page.frame_locator("iframe")
        expect(card.locator("blockquote")).to_contain_text(quote.words[:40])
        link = card.get_by_role("link", name="The words in their article")
        expect(link).to_have_attribute("href", f"http://127.0.0.1:8000{quote.get_absolute_url()}")
        assert sample_site.complaints == []
        fits = "() => document.documentElement.scrollHeight <= innerHeight"
        assert page.frames[1].evaluate(fits), "the card has to be scrolled"


@contextmanager
def served(page: str) -> Iterator[str]:
    """A site of somebody else, with one page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [220, 390, 600])
def test_the_card_is_readable_by_all_and_fits(sample_site: Site, page: Page, scheme: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 500})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{sample_site.url}{a_quote(status='published').get_absolute_url()}embed/")
    expect(page.locator("blockquote")).to_be_visible()
    assert findings(page, RULES) == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
