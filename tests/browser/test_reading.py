"""A reader's way by keyboard and by what a screen reader is told: landmarks, headings, names of links, focus."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.pages import PUBLIC, Screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

OUTLINE = """() => {
  const shown = (element) => element.checkVisibility();
  const name = (element) => (element.getAttribute("aria-label") ?? element.textContent).replace(/\\s+/g, " ").trim();
  const labelled = (element) => {
    const by = element.getAttribute("aria-labelledby");
    return by ? by.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim()
      : element.getAttribute("aria-label") ?? "";
  };
  const places = [];
  const place = (link) => { // the item that tells what a link is about: a list of links is read with it
    const item = link.closest("li, td, th, dd, figure, article");
    if (item && !places.includes(item)) places.push(item);
    return item ? places.indexOf(item) : null;
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  return {
    mains: all("main").length,
    banners: all("body > header").length,
    footers: all("body > footer").length,
    navs: all("nav").map(labelled),
    sections: all("main section").map(labelled),
    firsts: all("h1").length,
    lists: all("ul, ol").filter((list) => [...list.children].some((item) => item.localName !== "li")).length,
    links: all("a[href]").map((link) => [name(link), link.href, place(link)]),
    buttons: all("button").map(name),
  };
}"""


@pytest.mark.parametrize("shown", PUBLIC, ids=lambda screen: screen.name, indirect=True)
def test_a_page_is_told_in_order(shown: tuple[Page, Screen]) -> None:
    page, _ = shown
    found: dict[str, Any] = page.evaluate(OUTLINE)
    assert (found["mains"], found["banners"], found["footers"], found["firsts"]) == (1, 1, 1, 1)
    assert all(found["navs"]), "a navigation without a name"
    assert len(set(found["navs"])) == len(found["navs"]), "two navigations of one name"
    assert all(found["sections"]), "a section without a name"
    assert found["lists"] == 0, "a list with something else than items in it"
    assert all(name for name, *_ in found["links"]), "a link without a name"
    assert all(found["buttons"]), "a button without a name"
    assert ambiguous(found["links"]) == []


def ambiguous(links: list[tuple[str, str, int | None]]) -> list[str]:
    """Names that lead to different places from one item of a list or a table, or from no item at all."""
    places: dict[tuple[str, int | None], set[str]] = {}
    for name, address, item in links:
        places.setdefault((name, item), set()).add(address)
    alone = {name for name, item in places if item is None}
    return [
        f"{name}: {sorted(found)[:3]}"
        for (name, item), found in places.items()
        if len(found) > 1 or (item is not None and name in alone and found - places[name, None])
    ]


def test_the_keyboard_skips_to_the_content_and_goes_on_there(page: Page, sample_site: Site) -> None:
    page.goto(f"{sample_site.url}/stories/huawei-5g/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_filter_set_by_keyboard_keeps_the_focus_and_says_what_is_left(
    page: Page, sample_site: Site
) -> None:
    page.goto(f"{sample_site.url}/stories/huawei-5g/")
    filters = page.locator("details.filters > summary")
    filters.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="opposes").first
    box.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("status").filter(has_text="remain")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    assert "stance=opposes" in page.url


def test_a_highlight_and_its_note_lead_to_each_other(page: Page, sample_site: Site) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{sample_site.url}/stories/huawei-5g/")
    page.get_by_role("link", name="The words in the article").first.click()
    target = page.evaluate("location.hash.slice(1)")
    assert target
    assert page.evaluate("(id) => Boolean(document.getElementById(id))", target)
