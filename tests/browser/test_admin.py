"""Django's admin site and our pages in it, in a real browser under the content security policy."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from articles.models import Article
from tests.browser.axe import is_accessible
from tests.factories import ArticleFactory, EditorFactory, StoryFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTED = """\
Minister asks council to think of its neighbours

Sam Sample at a lectern
(Image credit: Example Pictures)

The minister asked the council yesterday to think of its neighbours before it decides.

“There is certainly a possibility of delay,” she told members. 📡 Nobody objected.
"""


@pytest.fixture
def editor(enter_admin: Callable[[User], Page]) -> Page:
    return enter_admin(EditorFactory(is_staff=True))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_an_editor_pastes_an_article_mends_it_and_saves_it(
    editor: Page, live_server: Any, width: int, scheme: Any
) -> None:
    story = StoryFactory(title="Neighbours")
    editor.set_viewport_size({"width": width, "height": 900})
    editor.emulate_media(color_scheme=scheme)
    editor.goto(f"{live_server.url}/admin/articles/article/")
    is_accessible(editor)
    editor.get_by_role("link", name="Add from text, page or file").click()
    is_accessible(editor)
    editor.get_by_label("Text:").fill(PASTED)
    editor.get_by_label("Neighbours").check()
    editor.get_by_role("button", name="Show what would be stored").click()
    expect(editor.get_by_label("Image credit:")).to_have_value("Example Pictures")
    is_accessible(editor)
    editor.get_by_label("Outlet:").fill("The Hill Post")
    editor.get_by_label("This outlet is new").uncheck()
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_text("There is no outlet “The Hill Post”.")).to_be_visible()
    is_accessible(editor)
    editor.get_by_label("This outlet is new").check()
    editor.get_by_label("Published:").fill("2019-05-09T10:20:30")
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_text("“Minister asks council to think of its neighbours” is in.")).to_be_visible()
    is_accessible(editor)
    article = Article.objects.get()
    assert article.text == "\n\n".join(PASTED.strip().split("\n\n")[2:])
    assert (article.outlet.name, story.articles.get()) == ("The Hill Post", article)
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2019-05-09T09:20:30+00:00"


def test_djangos_own_widgets_work_under_the_policy(editor: Page, live_server: Any) -> None:
    article = ArticleFactory(published_at=None)
    StoryFactory(title="Neighbours")
    editor.goto(f"{live_server.url}/admin/articles/story/add/")
    editor.get_by_label("Title:").press_sequentially("A new story")
    expect(editor.get_by_label("Slug:")).to_have_value("a-new-story")
    editor.goto(f"{live_server.url}/admin/articles/article/{article.pk}/change/")
    editor.get_by_text("Add another Story").click()
    editor.locator("#storyarticle_set-0 .select2-selection").click()
    editor.locator(".select2-search__field").press_sequentially("neigh")
    editor.get_by_role("option", name="Neighbours").click()
    editor.locator(".datetimeshortcuts").get_by_text("Today").first.click()
    editor.locator(".datetimeshortcuts").get_by_text("Now").first.click()
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_text("was changed successfully")).to_be_visible()
    article.refresh_from_db()
    assert article.published_at is not None
    assert [story.title for story in article.stories.all()] == ["Neighbours"]
