"""Small tables in the admin site, in a real browser under the content security policy: in, out, and in again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from annotations.models import Actor
from tests.browser.axe import is_accessible
from tests.factories import (
    ActorFactory,
    AdministratorFactory,
    AliasFactory,
    ArticleFactory,
    ClaimFactory,
    RoleFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def administrator(enter_admin: Callable[[User], Page]) -> Page:
    return enter_admin(AdministratorFactory())


def give(page: Page, name: str, text: str) -> None:
    page.get_by_label("File").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Show what would be stored").click()


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
)
def test_a_table_is_mended_looked_at_stored_and_exported(
    administrator: Page, live_server: Any, width: int, scheme: Any
) -> None:
    page = administrator
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    sam = ActorFactory(name="Sam Sample", slug="sam", kind="person", description="A minister.")
    ActorFactory(name="S. Sample", slug="s-sample", merged_into=sam)
    AliasFactory(actor=sam)
    RoleFactory(actor=sam)
    page.goto(f"{live_server.url}/admin/annotations/actor/")
    is_accessible(page)
    page.get_by_role("link", name="Import from a file").click()
    is_accessible(page)

    give(page, "actors.csv", "name,slug,kind\nSam Sample,sam,persn\nBBC,,organisation\n,,\nX,y z,person\n")
    expect(page.get_by_role("alert")).to_contain_text("Line 2: kind: “persn” is no kind.")
    expect(page.get_by_role("alert")).to_contain_text("Line 5: slug:")
    is_accessible(page)

    give(page, "actors.csv", "name,slug,kind\nSam Sample,sam,government\nBBC,,organisation\n")
    expect(page.get_by_role("status")).to_contain_text("1 new, 1 changed, 0 the same as before.")
    expect(page.get_by_role("row", name="Line 2: changed")).to_contain_text("person government")
    is_accessible(page)
    assert Actor.objects.count() == 2

    page.get_by_role("button", name="Store this").click()
    expect(page.get_by_text("Stored: 1 new, 1 changed, 0 the same as before.")).to_be_visible()
    assert Actor.objects.get(slug="sam").kind == "government"

    with page.expect_download() as waiting:
        page.get_by_role("link", name="Export these as CSV").click()
    exported = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert waiting.value.suggested_filename.startswith("actors-")
    page.get_by_role("link", name="Import from a file").click()
    give(page, "actors.csv", exported)
    expect(page.get_by_role("status")).to_contain_text("0 new, 0 changed, 3 the same as before.")
    is_accessible(page)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_lists_lead_to_their_exports_and_selected_articles_are_exported(
    administrator: Page, live_server: Any, width: int, scheme: Any
) -> None:
    page = administrator
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    ClaimFactory()
    RoleFactory(organisation=ActorFactory())
    ArticleFactory(headline="The bridge opens")
    ArticleFactory(headline="The bridge closes")
    for where in ("annotations/claim", "annotations/role", "annotations/alias", "articles/article"):
        page.goto(f"{live_server.url}/admin/{where}/")
        expect(page.get_by_role("link", name="Export these as CSV")).to_be_visible()
        is_accessible(page)
    page.get_by_role("row", name="The bridge opens").get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("Export the selected articles as CSV")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Run").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert "The bridge opens" in text
    assert "The bridge closes" not in text
    assert waiting.value.suggested_filename.endswith("-selected.csv")
