"""Takes the pictures in docs/images from a Newsdesk that runs with the sample story: `make demo`, then

    EDITOR_PASSWORD=… .venv/bin/python docs/make_screenshots.py [http://127.0.0.1:8000]

The password is the one that the demo prints for the editor. Nothing is saved in the story; the pictures that are
there are overwritten. Needs what `make test` installs.
"""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
STORY = "/stories/huawei-5g/"
HEADLINE = "Pompeo urges Britain"
LARGEST = 300_000  # bytes of a picture


def story(page: Page) -> None:
    page.goto(STORY)


def article(page: Page) -> None:
    page.goto(STORY)
    page.get_by_role("link", name=HEADLINE).first.click()


def annotating(page: Page) -> None:
    """An article on the desk, with a quote of it open."""
    page.goto("/desk/")
    if page.get_by_label("Username").count():
        page.get_by_label("Username").fill("editor")
        page.get_by_label("Password").fill(os.environ["EDITOR_PASSWORD"])
        page.get_by_role("button", name="Log in").click()
    page.goto("/desk/articles/")
    page.get_by_role("link", name=HEADLINE).first.click()
    page.locator(".desk-quote").first.get_by_role("link", name="Edit").click()
    page.get_by_role("heading", name="Edit quote").wait_for()


@dataclass(frozen=True, slots=True)
class Picture:
    name: str
    show: Callable[[Page], None]
    width: int = 1280
    height: int = 900
    scheme: Literal["light", "dark"] = "light"


PICTURES = [
    Picture("story", story, height=1200),
    Picture("story-phone-dark", story, width=390, height=844, scheme="dark"),
    Picture("article", article),
    Picture("annotating", annotating),
]


def main(address: str) -> None:
    system = shutil.which("chromium") or shutil.which("google-chrome")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to sandbox root
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=arguments)
        for one in PICTURES:
            page = browser.new_page(
                base_url=address,
                viewport={"width": one.width, "height": one.height},
                color_scheme=one.scheme,
                reduced_motion="reduce",
            )
            one.show(page)
            page.wait_for_load_state("networkidle")
            file = IMAGES / f"{one.name}.png"
            page.screenshot(path=file)
            size = file.stat().st_size
            sys.stdout.write(f"{file.name}: {size // 1000} kB{', too large' if size > LARGEST else ''}\n")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
