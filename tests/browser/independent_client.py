"""A client that others wrote finds the words of our annotations: `make independent-client`.

The client is dom-anchor-text-quote, a library for annotations in browsers. npm fetches it into test-results/ the first
time; so this needs Node.js, and is no part of `make test`. Every published quote and event is looked for by the quote
selector of our own annotations, on our own article page and on a plain rendering of the article's text.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from annotations.models import Quote
from tests.browser.conftest import Site
from tests.browser.pages import UNBREAKABLE
from tests.browser.test_leaving import here, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PLACE = Path(__file__).parents[2] / "test-results" / "client"
LIBRARIES = ("dom-anchor-text-quote@4.0.2", "esbuild@0.25.0")
ENTRY = 'import { toRange } from "dom-anchor-text-quote";\nwindow.findQuote = toRange;\n'
FIND = """({ selector, root }) => {
  const range = window.findQuote(root ? document.querySelector(root) : document.body, selector);
  return range?.toString() ?? null;
}"""


@pytest.fixture(scope="session")
def client() -> str:
    """The library as one script."""
    bundle = PLACE / "bundle.js"
    if not bundle.exists():
        if not shutil.which("npm"):
            pytest.fail("The client needs Node.js with npm. Install them, then run this again.")
        PLACE.mkdir(parents=True, exist_ok=True)
        npm = ["npm", "install", "--no-save", "--no-package-lock", "--prefix", str(PLACE), *LIBRARIES]
        subprocess.run(npm, check=True, stdout=subprocess.DEVNULL)
        (PLACE / "entry.js").write_text(ENTRY, encoding="utf-8")
        esbuild = [str(PLACE / "node_modules" / ".bin" / "esbuild"), str(PLACE / "entry.js")]
        subprocess.run([*esbuild, "--bundle", f"--outfile={bundle}"], check=True, stdout=subprocess.DEVNULL)
    return bundle.read_text(encoding="utf-8")


def selectors(site: Site) -> dict[str, list[tuple[dict[str, str], str]]]:
    """By the article's page: each target's quote selector, and where the plain text of its version is.

    The client looks for pieces of 32 letters, so of a word with 79 that stands on the page three times it can't tell
    which is meant: quotes with the tests' made-up one are left out.
    """
    found: dict[str, list[tuple[dict[str, str], str]]] = {}
    for annotation in published(site):
        for target in annotation["target"]:
            if "selector" in target and UNBREAKABLE not in target["selector"][1]["exact"]:
                words = {key: target["selector"][1][key] for key in ("exact", "prefix", "suffix")}
                found.setdefault(target["source"]["id"], []).append((words, target["state"]["cached"]))
    return found


def missed(page: Page, client: str, wanted: list[dict[str, str]], root: str) -> list[str]:
    page.evaluate(client)
    lost = []
    for selector in wanted:
        found: Any = page.evaluate(FIND, {"selector": selector, "root": root})
        if found is None or "".join(found.split()) != "".join(selector["exact"].split()):
            lost.append(f"{selector['exact'][:80]!r} was taken for {found and found[:80]!r}")
    return lost


def test_the_words_are_found_on_our_own_pages(sample_site: Site, page: Page, client: str) -> None:
    lost, looked_for = [], 0
    for source, found in selectors(sample_site).items():
        page.goto(here(sample_site, source))
        lost += missed(page, client, [words for words, _ in found], ".annotated")
        looked_for += len(found)
    assert looked_for >= Quote.objects.public().count() > 10
    assert lost == []


def test_the_words_are_found_in_a_plain_rendering(sample_site: Site, page: Page, client: str) -> None:
    lost: list[str] = []
    for found in selectors(sample_site).values():
        text = page.request.get(here(sample_site, found[0][1])).text()
        page.goto("about:blank")
        page.set_content("<main id=text></main>")
        page.evaluate("(text) => { document.getElementById('text').textContent = text; }", text)
        lost += missed(page, client, [words for words, _ in found], "#text")
    assert lost == []
