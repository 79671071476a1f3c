"""The sample story, loaded: as an editor would have made it, once, and never over anybody's work."""

import datetime as dt
import stat
import tomllib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from annotations.models import Act, Actor, Anchor, Event, Quote, Stance, Status
from annotations.nearest import search
from annotations.roles import EDITORS
from annotations.sample import Loaded, load
from annotations.speakers import Speaker
from articles.models import Article, Outlet, Story
from tests.factories import EditorFactory

pytestmark = pytest.mark.django_db

SEEDS = Path(__file__).parents[2] / "seeds"
SEED: dict[str, Any] = tomllib.loads((SEEDS / "story.toml").read_text(encoding="utf-8"))
LONDON = ZoneInfo("Europe/London")


@pytest.fixture(scope="class")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loaded]:
    """The sample, loaded once for a class of tests that only look at it or undo what they do."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = load(SEEDS, by=EditorFactory(username="editor"))
        assert found is not None
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def own_database(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As with the embedded server: no DATABASE_URL, and a data folder of our own."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    settings.DATA_DIR = tmp_path / "data"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return tmp_path / "data"


def sample(*args: str) -> str:
    out = StringIO()
    call_command("load_sample", *args, stdout=out)
    return out.getvalue()


class TestLoaded:
    def test_everything_in_the_file_is_there(self, loaded: Loaded) -> None:
        assert loaded.counts == {
            "articles": len(SEED["articles"]),
            "versions": sum(len(article["versions"]) for article in SEED["articles"]),
            "outlets": len(SEED["outlets"]),
            "actors": len(SEED["actors"]),
            "claims": len(SEED["claims"]),
            "quotes": len(SEED["quotes"]),
            "events": len(SEED["events"]),
        }
        stances = sum(len(quote.get("stances", [])) for quote in SEED["quotes"])
        assert Stance.objects.count() == stances
        assert Story.objects.get().is_published
        assert all(outlet.is_sample for outlet in Outlet.objects.all())
        for status in Status:
            expected = sum(quote["status"] == status for quote in SEED["quotes"])
            assert loaded.quotes.get(status, 0) == expected, status

    def test_quotes_stand_on_their_words_with_who_said_them_when_and_in_which_role(
        self, loaded: Loaded
    ) -> None:
        quotes = {quote.words: quote for quote in Quote.objects.with_words()}
        for row in SEED["quotes"]:
            quote = quotes[" … ".join(part["exact"] for part in row["parts"])]
            assert (quote.kind, quote.cue, quote.basis) == (row["kind"], row["cue"], row["basis"])
            assert (quote.speaker.name if quote.speaker else None) == next(
                (actor["name"] for actor in SEED["actors"] if actor["key"] == row.get("speaker")), None
            )
            assert quote.said_earliest == row.get("said", {}).get("earliest")
            if quote.role:
                assert quote.role.actor_id == quote.speaker_id
        assert {str(quote.role) for quote in quotes.values() if quote.speaker and quote.role} >= {
            "Culture secretary, UK government",
            "Foreign secretary, UK government",
            "US secretary of state, US government",
        }

    def test_a_reworded_quote_has_changed_a_removed_one_is_an_orphan_and_its_stances_wait(
        self, loaded: Loaded
    ) -> None:
        def states(words: str) -> list[str]:
            anchors = Anchor.objects.filter(quote__anchors__exact__startswith=words).distinct()
            return [a.state for a in anchors.order_by("version__number", "part")]

        assert states("Britain was still weighing up its options") == ["exact", "changed", "changed"]
        assert states("Nothing formal had yet been settled") == ["exact", "orphan", "orphan"]
        assert states("worries about Huawei's part") == ["exact", "orphan", "orphan"]
        waiting = Stance.objects.filter(check_again=True)
        assert {stance.quote.words[:25] for stance in waiting} == {"Britain was still weighing"[:25]}

    def test_the_orphans_show_what_is_proposed_for_one_and_that_nothing_is_for_the_other(
        self, loaded: Loaded
    ) -> None:
        quotes = Quote.objects.orphaned().with_words().select_related("article__current_version")
        found = {
            quote.words[:7]: search([(quote, quote.article.current_version)])[0]
            for quote in quotes
            if quote.article.current_version
        }
        assert sorted(found) == ["Nothing", "worries"]
        assert not found["Nothing"].has_places
        place = found["worries"].lost[0].places[0]
        assert place.spans[0][2] == "worries about the part of Huawei in 5G could hold up its arrival"
        assert (place.speaker, place.is_offered) == (Speaker.SAME, True)

    def test_the_editor_acted_in_order_in_working_hours_and_never_before_the_text_was_there(
        self,
        loaded: Loaded,
    ) -> None:
        acts = list(Act.objects.select_related("quote__version", "by").order_by("at", "id"))
        by_editor = [act for act in acts if act.by]
        assert {act.by.username for act in by_editor if act.by} == {"editor"}
        assert all(dt.time(9) <= act.at.astimezone(LONDON).time() < dt.time(19) for act in by_editor)
        assert all(act.at > act.quote.version.recorded_at for act in acts if act.quote)
        moments = [act.at for act in by_editor]
        assert len(set(moments)) > 0.95 * len(moments), "nobody does two things at once"
        for quote in Quote.objects.all():
            own = list(quote.acts.order_by("revision"))
            assert [act.revision for act in own] == list(range(1, quote.revision + 1))
            assert [act.at for act in own] == sorted(act.at for act in own)

    def test_what_was_withdrawn_says_why_and_what_was_rejected_was_only_suggested(
        self, loaded: Loaded
    ) -> None:
        withdrawn = Quote.objects.get(status=Status.WITHDRAWN)
        assert withdrawn.withdrawn_reason
        assert withdrawn.published_at is not None
        assert [act.verb for act in withdrawn.acts.order_by("revision")][-2:] == ["published", "withdrawn"]
        rejected = Quote.objects.get(status=Status.REJECTED)
        assert rejected.created_by is None
        assert rejected.updated_by is not None

    def test_articles_and_story_bear_the_dates_of_their_time(self, loaded: Loaded) -> None:
        story = Story.objects.get()
        assert story.created_at.year == story.changed_at.year == 2019
        assert story.changed_at >= max(quote.published_at for quote in Quote.objects.published())
        from_a_source = story.events.exclude(source_url="")
        assert from_a_source
        assert all(event.created_at.date() >= event.when_latest for event in from_a_source)
        undated = Article.objects.undated().get()
        assert "what-the-huawei-row-means" in undated.url
        for article in Article.objects.all():
            first = article.versions.get(number=1)
            assert article.recorded_at == first.recorded_at

    def test_events_stand_on_their_evidence(self, loaded: Loaded) -> None:
        for row in SEED["events"]:
            event = Event.objects.get(title=row["title"])
            assert event.status == row["status"]
            assert event.source_url == row.get("source_url", "")
            placed = {anchor.exact for anchor in event.anchors.all()}
            assert {piece["exact"] for piece in row.get("evidence", [])} <= placed

    def test_loading_again_keeps_what_people_changed(self, loaded: Loaded) -> None:
        story = Story.objects.get()
        story.title = "Our own title"
        story.save()
        Article.objects.filter(url__contains="pompeo").update(byline="Changed")
        before = (Quote.objects.count(), Article.objects.count(), Act.objects.count())
        assert load(SEEDS, by=User.objects.get(username="editor")) is None
        assert (Quote.objects.count(), Article.objects.count(), Act.objects.count()) == before
        assert Story.objects.get().title == "Our own title"

    def test_a_renamed_story_is_not_loaded_a_second_time(self, loaded: Loaded) -> None:
        Story.objects.update(slug="our-own")
        assert load(SEEDS, by=User.objects.get(username="editor")) is None


def test_an_actor_who_is_here_is_taken_and_left_as_they_are() -> None:
    known = Actor.named("Jeremy Hunt", description="Ours.")
    load(SEEDS, by=EditorFactory())
    known.refresh_from_db()
    assert known.description == "Ours."
    assert Actor.objects.filter(name="Jeremy Hunt").count() == 1
    assert known.quotes.exists()
    assert known.roles.filter(title="Foreign secretary").exists()


def test_the_command_makes_two_accounts_and_keeps_their_passwords_for_their_owner(own_database: Path) -> None:
    told = sample()
    editor, admin = User.objects.get(username="editor"), User.objects.get(username="admin")
    assert editor.is_staff
    assert not editor.is_superuser
    assert [group.name for group in editor.groups.all()] == [EDITORS]
    assert admin.is_superuser
    for user in (editor, admin):
        kept = own_database / f"{user.username}-password"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert user.check_password(kept.read_text().strip())
        assert kept.read_text().strip() in told
    assert f"{len(SEED['quotes'])} quotes" in told


def test_the_command_run_again_changes_nothing_and_tells_the_passwords_again(own_database: Path) -> None:
    sample()
    hashes = list(User.objects.order_by("id").values_list("password", flat=True))
    password = (own_database / "editor-password").read_text().strip()
    told = sample()
    assert "nothing was changed" in told
    assert f"Log in as editor with the password {password}" in told
    assert list(User.objects.order_by("id").values_list("password", flat=True)) == hashes


def test_a_password_that_was_changed_since_is_not_told(own_database: Path) -> None:
    sample()
    editor = User.objects.get(username="editor")
    editor.set_password("their very own password")
    editor.save()
    kept = (own_database / "editor-password").read_text().strip()
    told = sample()
    assert kept not in told
    assert "Log in as editor with the password that was set for it." in told


def test_a_password_that_is_given_is_set(own_database: Path) -> None:
    sample("--editor-password", "a battery of staples")
    assert User.objects.get(username="editor").check_password("a battery of staples")
    with pytest.raises(CommandError, match="editor"):
        sample("--editor-password", "short")
    assert User.objects.get(username="editor").check_password("a battery of staples")


def test_a_database_of_ones_own_is_left_alone_unless_forced(
    own_database: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DEBUG = False
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/news")
    with pytest.raises(CommandError, match="--force"):
        sample()
    assert not User.objects.exists()
    told = sample("--force")
    assert "Log in as editor with the password" in told
    assert not (own_database / "editor-password").exists()


def test_the_command_leaves_suggestions_to_review(own_database: Path) -> None:
    said = sample()
    suggested = Quote.objects.suggested().with_words()
    assert f"Suggestions to review: {len(suggested)}." in said
    assert suggested
    for quote in suggested:  # nobody speaks whom the article does not name
        assert quote.created_by is None
        if quote.speaker:
            assert quote.speaker.name.split()[-1] in quote.version.text
