"""Pictures of every page that readers see (ALL=1 for the desk's and the admin's too): `make screenshots`.

In test-results/screenshots/: each page at four widths, light and dark, in forced colours and as it is printed, and a
sheet of all of them to look at. The pictures of the guides, in docs/images, are taken on the way.
"""

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser, Page

from accounts.models import User
from annotations.models import Quote
from articles.models import Article
from tests.browser.conftest import Site
from tests.browser.pages import PUBLIC, SCREENS, Screen

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

ROOT = Path(__file__).parents[2]
TAKEN = ROOT / "test-results" / "screenshots"
IMAGES = ROOT / "docs" / "images"
LARGEST = 300_000  # bytes of a picture in the guides

WIDTHS = (390, 768, 1280, 1920)
LONGEST = 2400  # pixels of a page: the rest of it is more of the same
PAPER = 794  # A4 at 96 pixels an inch

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
}
NOTHING: dict[str, Any] = {"color_scheme": "light", "forced_colors": "none", "media": "screen"}


class Guide(NamedTuple):
    """A picture in the guides: of which page of the sample story, as seen in which window."""

    path: Callable[[], str]
    width: int = 1280
    height: int = 900
    look: str = "light"
    is_desk: bool = False


def an_article() -> Article:
    return Article.objects.get(headline__startswith="Pompeo urges Britain")


def a_quote() -> Quote:
    return Quote.objects.published().filter(article=an_article()).earliest("pk")


GUIDES = {
    "story": Guide(lambda: "/stories/huawei-5g/", height=1250),
    "story-phone-dark": Guide(lambda: "/stories/huawei-5g/", width=390, height=844, look="dark"),
    "article": Guide(lambda: an_article().get_absolute_url()),
    "coverage": Guide(lambda: "/stories/huawei-5g/coverage/", height=1000),
    "annotating": Guide(lambda: reverse("desk:quote", args=[a_quote().uuid]), is_desk=True),
    "review": Guide(lambda: reverse("desk:review"), is_desk=True),
}


@pytest.mark.parametrize(
    "shown", SCREENS if os.environ.get("ALL") else PUBLIC, ids=lambda screen: screen.name, indirect=True
)
def test_pictures_are_taken(shown: tuple[Page, Screen]) -> None:
    page, screen = shown
    TAKEN.mkdir(parents=True, exist_ok=True)
    taken = []
    for look, media in LOOKS.items():
        page.emulate_media(**NOTHING | media, reduced_motion="reduce")
        taken += [take(page, f"{screen.name}-{width}-{look}", width) for width in WIDTHS]
    page.emulate_media(**NOTHING | {"media": "print"}, reduced_motion="reduce")
    taken.append(take(page, f"{screen.name}-print", PAPER))
    sheet(TAKEN / f"{screen.name}-all.png", taken)


def take(page: Page, name: str, width: int) -> Path:
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("scrollTo(0, 0)")
    height = min(LONGEST, page.evaluate("document.documentElement.scrollHeight"))
    file = TAKEN / f"{name}.png"
    page.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    return file


def sheet(file: Path, pictures: list[Path], height: int = 900) -> None:
    """The tops of some pictures beside each other, at a third of their size."""
    small = []
    for picture in pictures:
        with Image.open(picture) as whole:
            part = whole.crop((0, 0, whole.width, min(whole.height, height * 3)))
            small.append(part.resize((part.width // 3, part.height // 3)))
    sheet = Image.new("RGB", (sum(one.width + 8 for one in small), height), "#808080")
    x = 0
    for one in small:
        sheet.paste(one, (x, 0))
        x += one.width + 8
    sheet.save(file)


def test_pictures_of_the_guides_are_taken(own_site: Site, browser: Browser) -> None:
    """Of the sample story and nothing else, as after `make demo`."""
    call_command("load_sample", "--force", stdout=StringIO())
    editor = User.objects.get(username="editor")
    for name, guide in GUIDES.items():
        page = browser.new_page(
            viewport={"width": guide.width, "height": guide.height},
            reduced_motion="reduce",
            **LOOKS[guide.look],
        )
        if guide.is_desk:
            own_site.sign_in(page, editor)
        page.goto(f"{own_site.url}{guide.path()}")
        page.screenshot(path=IMAGES / f"{name}.png")
        page.close()
        assert (IMAGES / f"{name}.png").stat().st_size < LARGEST
