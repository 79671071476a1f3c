"""On paper: the same pages as documents, with the notes as footnotes and the addresses written out."""

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.conftest import Site
from tests.browser.pages import a_quote, claim, much_annotated, odd

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

WRITTEN = "one => getComputedStyle(one, '::after').content.replace('attr(href)', one.getAttribute('href'))"


@pytest.fixture
def paper(page: Page, sample_site: Site) -> Iterator[Page]:
    """As wide as A4 between its margins, at 96 dots an inch."""
    page.set_viewport_size({"width": 643, "height": 900})
    page.emulate_media(media="print")
    sample_site.watch(page)
    yield page


def top(one: Locator) -> float:
    box = one.bounding_box()
    assert box is not None
    return box["y"]


def navigation(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('nav, search, form, button, summary, input')]"
        ".filter((one) => one.checkVisibility({contentVisibilityAuto: true}) && one.getClientRects().length)"
        ".map((one) => one.outerHTML.slice(0, 100))"
    )
    return found


@pytest.mark.parametrize("which", ["latin", "arabic"])
def test_notes_are_footnotes_in_order_below_the_text_and_all_there(
    paper: Page, sample_site: Site, which: str
) -> None:
    article = much_annotated() if which == "latin" else odd("arabic")
    paper.goto(f"{sample_site.url}{article.get_absolute_url()}")
    numbers = [number.get_attribute("data-number") for number in paper.locator(".mark__number").all()]
    first_marks = list(dict.fromkeys(int(number or 0) for number in numbers))
    notes = paper.locator(".note").all()
    assert [int(note.locator(".note__number").inner_text()) for note in notes] == sorted(first_marks)
    assert len(notes) == len(first_marks) > 0
    heading = paper.get_by_role("heading", name="Notes", exact=True)
    last_words = max(top(text) for text in paper.locator(".annotated__text").all())
    assert last_words < top(heading)
    places = [top(note) for note in notes]
    assert places == sorted(places)
    assert places[0] > top(heading)
    for note in notes:
        for part in note.locator(".note__head, .note__chain, .note__when, .note__stances > li").all():
            assert part.is_visible(), part.inner_text()


@pytest.mark.skipif(shutil.which("gs") is None, reason="reads the words of a PDF with Ghostscript")
def test_the_words_on_paper_are_the_text_and_then_every_note_in_order(
    paper: Page, sample_site: Site, tmp_path: Path
) -> None:
    paper.goto(f"{sample_site.url}{much_annotated().get_absolute_url()}")
    addresses = [
        str(link.get_attribute("href"))
        for link in paper.locator(".note").get_by_role("link", name="Permalink").all()
    ]
    events = paper.locator(".note--event .note__speaker").all_inner_texts()
    document = tmp_path / "article.pdf"
    paper.pdf(path=document, format="A4", prefer_css_page_size=True)
    read = ["gs", "-q", "-dSAFER", "-sDEVICE=txtwrite", "-o", "-", str(document)]
    printed = subprocess.run(read, check=True, capture_output=True, timeout=60).stdout.decode()
    words = " ".join(unicodedata.normalize("NFKC", printed).split())
    text, _, notes = words.partition(" Notes ")
    assert "The US secretary of state, Mike Pompeo" in text
    places = [notes.find(address) for address in addresses]
    assert -1 not in places
    assert places == sorted(places)
    assert len(addresses) > 3
    for event in events:
        assert " ".join(event.split()) in notes


def test_each_note_of_a_quote_has_its_address(paper: Page, sample_site: Site) -> None:
    article = much_annotated()
    paper.goto(f"{sample_site.url}{article.get_absolute_url()}")
    quotes = paper.locator(".note:not(.note--event)")
    for note in quotes.all():
        link = note.get_by_role("link", name="Permalink")
        assert link.is_visible()
        assert re.search(r"‹.*/quotes/[0-9a-f-]{36}/.*›", link.evaluate(WRITTEN))
    assert quotes.count() > 3
    address = paper.locator(".footer .print-only").first
    assert address.is_visible()
    assert article.get_absolute_url() in address.inner_text()


def test_marks_and_stances_are_told_apart_without_colour(paper: Page, sample_site: Site) -> None:
    paper.goto(f"{sample_site.url}{much_annotated().get_absolute_url()}")
    tints: list[str] = paper.evaluate(
        "[...document.querySelectorAll('.mark')].map((one) => getComputedStyle(one).backgroundColor)"
    )
    assert set(tints) == {"rgba(0, 0, 0, 0)"}
    how: list[list[str]] = paper.evaluate(
        """[...document.querySelectorAll(".note__stances .stance")].map((one) => [
          one.className,
          getComputedStyle(one, "::before").content.slice(0, 2),
          getComputedStyle(one.querySelector(".stance__word")).textDecorationStyle,
        ])"""
    )
    looks = {tuple(one) for one in how}
    assert len(looks) > 2
    for column in range(3):
        assert len({look[column] for look in looks}) == len(looks), looks


@pytest.mark.parametrize("which", ["story", "article", "claim", "quote"])
def test_a_document_has_no_navigation_and_a_printer_takes_it(
    paper: Page, sample_site: Site, which: str
) -> None:
    path = {
        "story": "/stories/huawei-5g/",
        "article": much_annotated().get_absolute_url(),
        "claim": claim().get_absolute_url(),
        "quote": a_quote(status="published").get_absolute_url(),
    }[which]
    paper.goto(f"{sample_site.url}{path}")
    assert navigation(paper) == []
    assert paper.evaluate("document.documentElement.scrollWidth") <= 643
    document = paper.pdf(format="A4", prefer_css_page_size=True)
    assert document.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", document)) >= 1


def test_what_is_hidden_on_the_screen_is_hidden_on_paper(paper: Page, sample_site: Site) -> None:
    paper.emulate_media(media="screen")
    paper.goto(f"{sample_site.url}{much_annotated().get_absolute_url()}")
    paper.get_by_label("Hide highlights").check()
    paper.emulate_media(media="print")
    assert paper.locator(".note").first.is_hidden()
    assert paper.locator(".mark__number").first.is_hidden()
    assert paper.get_by_role("heading", name="Notes", exact=True).is_hidden()
