"""Who gets what at every address of the site: one table, and canaries that must not be heard."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import reduce
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from annotations import desklists
from newsdesk.caching import PUBLIC as SHARED
from tests.canaries import DECOY, STEPS, Planted, plant
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
UNSAFE = ("post", "put", "patch", "delete")


# The table.


class Answers(NamedTuple):
    """The status that each role gets for a GET. A pair is of the full page and of the one that HTMX asks for."""

    stranger: int | tuple[int, int]
    reader: int | tuple[int, int]
    editor: int | tuple[int, int]
    administrator: int | tuple[int, int]


LOGIN = (302, 401)
PUBLIC = Answers(200, 200, 200, 200)
ABSENT = Answers(404, 404, 404, 404)
GONE = Answers(410, 410, 410, 410)
MOVED = Answers(301, 301, 301, 301)
BAD = Answers(400, 400, 400, 400)
DESK = Answers(LOGIN, 403, 200, 200)
STEP = Answers(LOGIN, 403, 405, 405)
"""A step that is only posted."""
LEADS = Answers(LOGIN, 403, 302, 302)
"""An address for posting to, which leads back to the page that does."""
CLOSES = Answers(LOGIN, 403, (302, 200), (302, 200))
"""The same, where HTMX gets what closes the panel."""
NOWHERE = Answers(LOGIN, 403, 404, 404)

TABLE: list[tuple[str, str, Answers]] = [
    # For readers. The second column says of what: attributes of `Planted`, or "=" and the word itself.
    ("stories", "", PUBLIC),
    ("story", "story.slug", PUBLIC),
    ("story", "secret.story.slug", ABSENT),
    ("article", "story.slug article.pk", PUBLIC),
    ("article", "secret.story.slug article.pk", ABSENT),
    ("article", "secret.story.slug secret.article.pk", ABSENT),
    ("article", "story.slug secret.article.pk", ABSENT),
    ("article", "story.slug loose.pk", ABSENT),
    ("article-diff", "story.slug article.pk =1 =2", PUBLIC),
    ("article-diff", "story.slug article.pk =2 =1", MOVED),
    ("article-diff", "story.slug article.pk =1 =1", ABSENT),
    ("article-diff", "story.slug article.pk =1 =3", ABSENT),
    ("article-diff", "secret.story.slug article.pk =1 =2", ABSENT),
    ("article-diff", "story.slug loose.pk =1 =2", ABSENT),
    ("article-text", "story.slug article.pk =1", PUBLIC),
    ("article-text", "story.slug article.pk =3", ABSENT),
    ("article-text", "secret.story.slug article.pk =1", ABSENT),
    ("article-text", "story.slug secret.article.pk =1", ABSENT),
    ("article-text", "story.slug loose.pk =1", ABSENT),
    ("story-corrections", "story.slug", PUBLIC),
    ("story-corrections", "secret.story.slug", ABSENT),
    ("story-coverage", "story.slug", PUBLIC),
    ("story-coverage", "secret.story.slug", ABSENT),
    ("story-network", "story.slug", PUBLIC),
    ("story-network", "secret.story.slug", ABSENT),
    ("story-card", "story.slug", PUBLIC),
    ("story-card", "secret.story.slug", ABSENT),
    ("claim", "story.slug claim.slug", PUBLIC),
    ("claim", "secret.story.slug secret.claim.slug", ABSENT),
    ("claim", "story.slug secret.claim.slug", ABSENT),
    ("quote", "quote.uuid", PUBLIC),
    ("quote", "secret.quote.uuid", ABSENT),
    ("quote", "quotes.draft.uuid", ABSENT),
    ("quote", "quotes.suggested.uuid", ABSENT),
    ("quote", "quotes.rejected.uuid", ABSENT),
    ("quote", "quotes.orphaned.uuid", ABSENT),
    ("quote", "quotes.withdrawn.uuid", GONE),
    *[(name, "quote.uuid", PUBLIC) for name in ("quote-embed", "quote-card")],
    *[(name, "secret.quote.uuid", ABSENT) for name in ("quote-embed", "quote-card")],
    *[
        (name, f"quotes.{kind}.uuid", GONE if kind == "withdrawn" else ABSENT)
        for name in ("quote-embed", "quote-card")
        for kind in STEPS
    ],
    ("outlets", "", PUBLIC),
    ("outlet", "outlet.slug", PUBLIC),
    ("outlet", "secret.article.outlet.slug", ABSENT),
    ("outlet", "loose.outlet.slug", ABSENT),
    ("outlet", "quotes.draft.relayed_by_outlet.slug", ABSENT),
    ("outlet", "=nothing", ABSENT),
    ("actors", "", PUBLIC),
    ("actor", "actor.slug", PUBLIC),
    ("actor", "merged.slug", MOVED),
    ("actor", "secret.quote.speaker.slug", ABSENT),
    ("actor", "quotes.draft.speaker.slug", ABSENT),
    ("actor", "quotes.draft.role.organisation.slug", ABSENT),
    ("actor", "quotes.withdrawn.speaker.slug", ABSENT),
    ("actor", "quotes.suggested.relayed_by_actor.slug", ABSENT),
    ("search", "", PUBLIC),
    # For programs.
    ("site-feed", "=atom", PUBLIC),
    ("site-feed", "=json", PUBLIC),
    ("site-feed", "=rss", ABSENT),
    ("search-feed", "=atom", PUBLIC),
    ("search-feed", "=json", PUBLIC),
    ("story-feed", "story.slug =atom", PUBLIC),
    ("story-feed", "story.slug =json", PUBLIC),
    ("story-feed", "secret.story.slug =atom", ABSENT),
    ("story-feed", "secret.story.slug =json", ABSENT),
    ("claim-feed", "story.slug claim.slug =atom", PUBLIC),
    ("claim-feed", "story.slug claim.slug =json", PUBLIC),
    ("claim-feed", "secret.story.slug secret.claim.slug =atom", ABSENT),
    ("claim-feed", "story.slug secret.claim.slug =json", ABSENT),
    ("actor-feed", "actor.slug =atom", PUBLIC),
    ("actor-feed", "actor.slug =json", PUBLIC),
    ("actor-feed", "merged.slug =atom", MOVED),
    ("actor-feed", "secret.quote.speaker.slug =atom", ABSENT),
    ("actor-feed", "quotes.draft.speaker.slug =json", ABSENT),
    ("story-export", "story.slug =statements =csv", PUBLIC),
    ("story-export", "story.slug =story =json", PUBLIC),
    ("story-export", "story.slug =actors =graphml", PUBLIC),
    ("story-export", "story.slug =statements =xls", ABSENT),
    ("story-export", "secret.story.slug =statements =csv", ABSENT),
    ("story-export", "secret.story.slug =story =json", ABSENT),
    ("story-export", "secret.story.slug =actors =graphml", ABSENT),
    ("oembed", "", BAD),  # without the address that it is for
    ("annotations", "", PUBLIC),
    ("annotation", "quote.uuid", PUBLIC),
    ("annotation", "event.uuid", PUBLIC),
    ("annotation", "secret.quote.uuid", ABSENT),
    ("annotation", "secret.event.uuid", ABSENT),
    *[("annotation", f"quotes.{kind}.uuid", ABSENT) for kind in STEPS if kind != "withdrawn"],
    *[("annotation", f"events.{kind}.uuid", ABSENT) for kind in STEPS if kind != "withdrawn"],
    ("annotation", "quotes.withdrawn.uuid", GONE),
    ("annotation", "events.withdrawn.uuid", GONE),
    ("sitemap", "", PUBLIC),
    ("sitemap-news", "", PUBLIC),
    ("sitemap-section", "=stories", PUBLIC),
    ("sitemap-section", "=claims", PUBLIC),
    ("sitemap-section", "=articles", PUBLIC),
    ("sitemap-section", "=actors", PUBLIC),
    ("sitemap-section", "=outlets", PUBLIC),
    ("sitemap-section", "=quotes", PUBLIC),
    ("sitemap-section", "=users", ABSENT),
    ("robots", "", PUBLIC),
    ("livez", "", PUBLIC),
    ("readyz", "", PUBLIC),
    ("language", "", PUBLIC),
    # Logging in and out.
    ("login", "", Answers(200, 302, 302, 302)),
    ("logout", "", Answers(405, 405, 405, 405)),
    # The desk.
    ("desk:home", "", DESK),
    *[("desk:list", f"={one.slug}", DESK) for one in desklists.LISTS],
    ("desk:list", "=nothing", NOWHERE),
    ("desk:acts", "", DESK),
    ("desk:review", "", DESK),
    ("desk:review-all", "", DESK),
    ("desk:review-all-undo", "", STEP),
    ("desk:review-one", "quotes.suggested.uuid", DESK),
    ("desk:review-one", "quotes.draft.uuid", DESK),
    ("desk:review-rejection", "quotes.suggested.uuid", STEP),
    ("desk:review-undo", "quotes.suggested.uuid", STEP),
    ("desk:articles", "", DESK),
    ("desk:article", "article.pk", DESK),
    ("desk:article", "secret.article.pk", DESK),
    ("desk:sentences", "article.pk", DESK),
    ("desk:quotes", "article.pk", CLOSES),
    ("desk:quote", "quote.uuid", DESK),
    ("desk:quote", "quotes.draft.uuid", DESK),
    ("desk:quote", "quotes.withdrawn.uuid", DESK),
    ("desk:quote-span", "quotes.draft.uuid", STEP),
    ("desk:quote-stance", "quotes.draft.uuid", STEP),
    ("desk:quote-publication", "quotes.draft.uuid", STEP),
    ("desk:quote-withdrawal", "quote.uuid", STEP),
    ("desk:quote-rejection", "quotes.draft.uuid", STEP),
    ("desk:quote-revival", "quotes.rejected.uuid", STEP),
    ("desk:quote-undo", "quotes.draft.uuid", STEP),
    ("desk:quote-check", "quotes.draft.uuid", STEP),
    ("desk:quote-separation", "quotes.draft.uuid", STEP),
    ("desk:utterances", "", DESK),
    ("desk:utterances-apart", "", STEP),
    ("desk:utterances-undo", "", STEP),
    ("desk:stories", "", DESK),
    ("desk:story-new", "", DESK),
    ("desk:story", "story.slug", DESK),
    ("desk:story", "secret.story.slug", DESK),
    ("desk:story", "=nothing", NOWHERE),
    ("desk:story-publication", "secret.story.slug", DESK),
    ("desk:story-articles", "secret.story.slug", DESK),
    ("desk:story-removal", "story.slug article.pk", DESK),
    ("desk:claims", "secret.story.slug", LEADS),
    ("desk:claim-new", "secret.story.slug", LEADS),
    ("desk:claim", "secret.claim.pk", DESK),
    ("desk:claim-order", "secret.claim.pk", STEP),
    ("desk:claim-merging", "claim.pk", DESK),
    ("desk:claim-split", "claim.pk", DESK),
    ("desk:claim-split-undo", "claim.pk", STEP),
    ("desk:claim-retirement", "claim.pk", STEP),
    ("desk:claim-revival", "claim.pk", STEP),
    ("desk:claim-untagged", "secret.claim.pk", DESK),
    ("desk:claim-stance", "claim.pk quotes.draft.uuid", STEP),
    ("desk:events", "secret.story.slug", DESK),
    ("desk:event-new", "secret.story.slug", DESK),
    ("desk:article-events", "article.pk", CLOSES),
    ("desk:event-dates", "", DESK),
    ("desk:event", "event.uuid", DESK),
    ("desk:event", "events.draft.uuid", DESK),
    ("desk:event-publication", "events.draft.uuid", STEP),
    ("desk:event-withdrawal", "event.uuid", STEP),
    ("desk:event-rejection", "events.draft.uuid", STEP),
    ("desk:event-revival", "events.rejected.uuid", STEP),
    ("desk:event-undo", "events.draft.uuid", STEP),
    ("desk:event-check", "events.draft.uuid", STEP),
    ("desk:event-evidence", "events.draft.uuid article.pk =0", STEP),
    ("desk:actors", "", DESK),
    ("desk:actor-options", "", DESK),
    ("desk:actor-roles", "", DESK),
    ("desk:actor-new", "", DESK),
    ("desk:actor", "actor.pk", DESK),
    ("desk:actor", "quotes.draft.speaker.pk", DESK),
    ("desk:duplicates", "", DESK),
    ("desk:actor-beside-whom", "actor.pk", DESK),
    ("desk:actor-beside", "actor.pk quotes.draft.speaker.pk", DESK),
    ("desk:actor-merging", "actor.pk quotes.draft.speaker.pk", STEP),
    ("desk:actor-apart", "actor.pk quotes.draft.speaker.pk", STEP),
    ("desk:actor-parting", "actor.pk", STEP),
    ("desk:actor-split", "actor.pk", DESK),
    ("desk:actor-split-undo", "actor.pk", STEP),
    ("desk:actor-aliases", "actor.pk", LEADS),
    ("desk:role-new", "actor.pk", DESK),
    ("desk:alias-removal", "alias.pk", STEP),
    ("desk:role", "role.pk", DESK),
    ("desk:role-removal", "role.pk", STEP),
]

# The admin site: for administrators, who are staff; everybody else is sent to its log-in.

ADMIN = Answers(302, 302, 302, 200)
REFUSED = Answers(302, 302, 302, 403)
RETURNS = Answers(302, 302, 302, 302)

ADMIN_TABLE: list[tuple[str, str, Answers]] = [
    ("admin:index", "", ADMIN),
    ("admin:app_list", "=articles", ADMIN),
    ("admin:login", "", Answers(200, 200, 200, 302)),
    ("admin:logout", "", Answers(302, 302, 302, 405)),
    ("admin:password_change", "", ADMIN),
    ("admin:password_change_done", "", ADMIN),
    ("admin:autocomplete", "", REFUSED),  # without the field that it is for
    ("admin:jsi18n", "", ADMIN),
    ("admin:view_on_site", "=1 =1", Answers(302, 302, 302, 404)),
    ("admin:auth_user_password_change", "reader.pk", ADMIN),
    ("admin:articles_article_from_source", "", ADMIN),
    ("admin:articles_article_new_version", "article.pk", ADMIN),
    ("admin:articles_import_cancellation", "batch.pk", RETURNS),
    ("admin:articles_import_resumption", "batch.pk", RETURNS),
    ("admin:articles_import_application", "batch.pk", RETURNS),
    ("admin:articles_import_copies", "batch.pk", RETURNS),
    ("admin:articles_import_reading", "batch.pk", RETURNS),
    ("admin:articles_import_keeping", "batch.pk", RETURNS),
    ("admin:articles_import_rejected", "batch.pk", ADMIN),
    ("admin:articles_import_summary", "batch.pk", ADMIN),
    ("admin:articles_import_stories", "batch.pk", ADMIN),
    ("admin:articles_import_row", "batch.pk =1", ADMIN),
    ("admin:articles_article_export", "=csv", ADMIN),
    ("admin:articles_article_export", "=jsonl", ADMIN),
    *[
        (f"admin:annotations_{model}_{what}", of, ADMIN)
        for model in ("actor", "alias", "role", "claim")
        for what, of in (("export", "=csv"), ("export", "=json"), ("import", ""))
    ],
]

EVERYTHING = {"changelist", "add", "change", "history", "delete"}
SHOWN = {"changelist", "change", "history"}
MODELS: dict[str, tuple[str, set[str]]] = {
    # The row that is looked at, and what an administrator may do with such rows here.
    "auth_group": ("owner.groups.get.pk", EVERYTHING),
    "accounts_user": ("reader.pk", EVERYTHING),
    "articles_outlet": ("outlet.pk", EVERYTHING),
    "articles_story": ("secret.story.pk", EVERYTHING),
    "articles_article": ("secret.article.pk", EVERYTHING - {"delete"}),
    "articles_version": ("article.current_version.pk", SHOWN),
    "articles_import": ("batch.pk", EVERYTHING),
    "articles_importsource": ("batch.source.pk", EVERYTHING),
    "annotations_actor": ("actor.pk", EVERYTHING),
    "annotations_alias": ("alias.pk", EVERYTHING),
    "annotations_role": ("role.pk", EVERYTHING),
    "annotations_claim": ("claim.pk", EVERYTHING),
    "annotations_utterance": ("quotes.draft.utterance.pk", EVERYTHING),
    "annotations_quote": ("quotes.draft.pk", SHOWN),
    "annotations_event": ("events.draft.pk", SHOWN),
    "annotations_anchor": ("quotes.draft.anchors.first.pk", SHOWN),
    "annotations_act": ("quotes.draft.acts.first.pk", SHOWN),
    "procrastinate_procrastinatejob": ("=1", {"changelist"}),
}
ADMIN_TABLE += [
    (
        f"admin:{model}_{what}",
        of if what in {"change", "history", "delete"} else "",
        ADMIN if what in allowed else REFUSED,
    )
    for model, (of, allowed) in MODELS.items()
    for what in sorted(EVERYTHING)
    if model != "procrastinate_procrastinatejob" or what in {"changelist", "add"}
]
NO_ROWS = {f"admin:procrastinate_procrastinatejob_{what}" for what in ("change", "history", "delete")}
"""Jobs come with the first import that goes to the worker; there is none to look at yet."""

WHOLE_TABLE = TABLE + ADMIN_TABLE


# Those who ask.


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[Planted]:
    """One data set for all tests of the module, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield plant()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(planted: Planted) -> dict[str, Client]:
    return {name: client_of(planted, name) for name in ROLES}


def client_of(planted: Planted, role: str, **options: Any) -> Client:
    client = Client(**options)
    if role != "stranger":
        client.force_login(getattr(planted, role))
    return client


ROLES = {
    "stranger": "stranger",
    "reader": "reader",
    "owner": "editor",
    "colleague": "editor",
    "administrator": "administrator",
}
"""The personas, and the column of the table that is theirs."""
OUTSIDE = ("stranger", "reader")


def address(planted: Planted, name: str, of: str, change: Callable[[Any], Any] = lambda value: value) -> str:
    return reverse(name, args=[change(part) for part in parts(planted, of)])


def parts(planted: Planted, of: str) -> list[Any]:
    return [word[1:] if word.startswith("=") else _follow(planted, word) for word in of.split()]


def _follow(planted: Planted, path: str) -> Any:
    def step(value: Any, name: str) -> Any:
        found = value[name] if isinstance(value, dict) else getattr(value, name)
        return found() if name in {"first", "get"} else found

    return reduce(step, path.split("."), planted)


@contextmanager
def nothing_is_written() -> Iterator[None]:
    """The database itself refuses every write in here, sessions too."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        yield
        transaction.set_rollback(True)


def everything_of(response: HttpResponseBase) -> str:
    """The body and the headers, as far as they tell something; a token differs every time, a tag is of the body."""
    told = [(name, value) for name, value in response.headers.items() if name != "ETag"]
    headers = "\n".join(f"{name}: {value}" for name, value in told)
    body = body_of(response).decode()
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"\w+"', r"\1", f"{headers}\n\n{body}")


def body_of(response: HttpResponseBase) -> bytes:
    """Also of an answer that is sent piece by piece; a picture's bytes tell nothing."""
    if response.headers.get("Content-Type") == "image/png":
        return b""
    return getattr(response, "content", b"") if not response.streaming else b"".join(response)


# Every address is in the table.


def names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.pattern}"
        elif isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern.url_patterns, inner)


UNNAMED = {"admin:<path:object_id>/", "admin:(?P<url>.*)$"}
"""The admin site's own: an old address of a row, and all that is nothing."""


def test_every_url_of_the_project_is_in_the_table() -> None:
    there = set(names(get_resolver().url_patterns)) - UNNAMED - NO_ROWS
    listed = {name for name, _, _ in WHOLE_TABLE}
    assert there - listed == set(), "not in the table: who may see these?"
    assert listed - there == set(), "in the table, and nowhere else"


def test_every_model_of_the_admin_site_is_in_the_table() -> None:
    assert {f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry} == set(MODELS)


def test_every_list_of_annotations_that_are_not_for_readers_is_told_apart(planted: Planted) -> None:
    """Else the canaries would prove less than they say."""
    states = {kind: quote.status for kind, quote in planted.quotes.items()}
    assert states == {**{kind: kind for kind in states}, "orphaned": "draft"}
    current = planted.article.current_version
    assert not planted.quotes["orphaned"].anchors.filter(version=current).placed().exists()
    assert planted.quotes["draft"].anchors.filter(version=current).placed().exists()
    assert len(planted.canaries.places) > 150


# Statuses, by role, whole and in part.


@pytest.mark.parametrize(
    ("name", "of", "expected"), WHOLE_TABLE, ids=lambda v: v if isinstance(v, str) else ""
)
def test_each_role_gets_what_is_for_it_and_reading_writes_nothing(
    planted: Planted, clients: dict[str, Client], name: str, of: str, expected: Answers
) -> None:
    where = address(planted, name, of)
    for persona, role in ROLES.items():
        status = getattr(expected, role)
        for number, headers in enumerate(({}, HTMX)):
            wanted = status[number] if isinstance(status, tuple) else status
            with nothing_is_written():
                response = clients[persona].get(where, headers=headers)
            asked = f"{persona}, {'HTMX' if headers else 'full page'}: {where}"
            assert response.status_code == wanted, asked
            check_headers(response, expected)
            if role == "stranger" and wanted == 302 and name != "admin:logout":
                log_in = "admin:login" if name.startswith("admin:") else "login"
                assert response["Location"] == f"{reverse(log_in)}?next={where}", asked
            if wanted == 401:  # the page stays as it is, with what was typed in it
                assert not {"HX-Refresh", "HX-Redirect", "HX-Location"} & set(response.headers), asked
    with nothing_is_written():
        head = clients["owner"].head(where)
    status = expected.editor[0] if isinstance(expected.editor, tuple) else expected.editor
    assert (head.status_code, body_of(head)) == (status, b"")


OPEN_TO_STAFF = {"index", "logout", "login", "password_change", "password_change_done", "jsi18n"}
"""What the admin site has for whoever may enter it, with nothing in it."""


@pytest.mark.parametrize(
    ("name", "of"),
    [(n, of) for n, of, expected in WHOLE_TABLE if expected not in (PUBLIC, ABSENT, GONE, MOVED, BAD)],
)
def test_staff_without_permissions_see_and_do_nothing(planted: Planted, name: str, of: str) -> None:
    where = address(planted, name, of)
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    answers = [client.get(where), client.post(where), client.get(where, headers=HTMX)]
    if name.removeprefix("admin:") not in OPEN_TO_STAFF:
        assert {answer.status_code for answer in answers} <= {302, 403, 404, 405}
    for answer in answers:
        assert planted.canaries.heard(everything_of(answer)) == {}


def check_headers(response: HttpResponseBase, expected: Answers) -> None:
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "HX-Request" in response["Vary"]
    assert response["X-Content-Type-Options"] == "nosniff"
    if expected not in (PUBLIC, GONE, MOVED, BAD):
        assert "private" in response["Cache-Control"] or "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "of"), [(n, of) for n, of, expected in TABLE if expected in (PUBLIC, ABSENT, GONE, MOVED, BAD)]
)
def test_what_is_public_is_the_same_for_everybody(
    planted: Planted, clients: dict[str, Client], name: str, of: str
) -> None:
    """So a shared cache may keep it, and nothing in it can be for editors only."""
    where = address(planted, name, of)
    for headers in ({}, HTMX):
        told = {everything_of(client.get(where, headers=headers)) for client in clients.values()}
        assert len(told) == 1


def test_only_what_is_the_same_for_everybody_may_be_kept_by_a_shared_cache(
    planted: Planted, clients: dict[str, Client]
) -> None:
    shared = set()
    for name, of, expected in WHOLE_TABLE:
        response = clients["stranger"].get(address(planted, name, of))
        if SHARED in response["Cache-Control"]:
            assert expected in (PUBLIC, ABSENT, GONE, MOVED, BAD), name
            assert not response.cookies
            shared.add(name)
    assert {"stories", "story", "article", "claim", "quote", "actors", "actor", "search"} <= shared


# Canaries.


def questions(planted: Planted) -> Iterator[tuple[str, str]]:
    """Addresses with a query, and the canary in it, if any."""
    story, article = planted.story.get_absolute_url(), planted.article.pk
    pages = ["page=2", "page=0", "page=x", "page="]
    for name, of, expected in TABLE:
        if expected == PUBLIC:
            where = address(planted, name, of)
            yield from ((f"{where}?{query}", "") for query in ["", *pages, "status=draft", "format=json"])
    for query in ("iris=0", "iris=1", "iris=1&page=1", "page=1"):
        yield f"/annotations/?{query}", ""
    for annotation in (planted.quote, *planted.hidden):
        where = f"http://127.0.0.1:8000{annotation.get_absolute_url()}"
        yield f"/oembed?url={where}", ""
        yield f"/oembed?url={where}embed/&format=xml", ""
    for number in range(4):
        yield f"{story}articles/{article}/?version={number}", ""
    for query in (
        "stance=supports",
        "stance=mixed",
        "from=2019-01-01&to=2019-12-31",
        "stance=mixed&stance=x",
    ):
        yield f"{story}?{query}", ""
    yield f"{story}?claim={planted.claim.slug}&actor={planted.actor.slug}&outlet={planted.outlet.slug}", ""
    yield f"{story}?actor=-", ""
    for annotation in (planted.quote, *planted.hidden, *planted.events.values()):
        yield f"{story}?at={annotation.uuid}", ""
    for query in (
        "q=minister",
        "q=5G",
        "q=minister&sort=newest",
        "q=%22the+review%22",
        "q=minister+-5G",
        f"actor={planted.actor.slug}",
        f"outlet={planted.outlet.slug}&from=2019-01-01",
        f"claim={planted.story.slug}.{planted.claim.slug}",
        "stance=supports&stance=mixed&stance=unclear",
        "kind=direct&kind=mixed",
        "when=2019",
        "when=2019-05",
        "q=*",
        "q=canary",
        "q=canary*",
        "q=canarz",
    ):
        yield f"/search/?{query}", ""
        yield f"/search/?in=quotes&{query}", ""
        yield f"/feeds/search.json?in=quotes&{query}", ""
    for query in ("name=minister", "kind=person", "name=a&kind=person&kind=organisation"):
        yield f"/actors/?{query}", ""
    for word in planted.canaries.places:
        yield f"/search/?q={word}", word
        yield f"/search/?in=quotes&q={word}", word
        yield f"/actors/?name={word}", word
        yield f"/feeds/search.json?q={word}", word
    for slug in hidden_slugs(planted):
        for query in (f"actor={slug}", f"outlet={slug}", f"claim={slug}"):
            yield f"{story}?{query}", slug
            yield f"/search/?{query}", slug
        yield f"/search/?q=minister&outlet={slug}&actor={slug}", slug
        yield f"/search/?in=quotes&claim={planted.story.slug}.{slug}", slug
        yield f"/search/?claim={slug}.{slug}", slug


def hidden_slugs(planted: Planted) -> list[str]:
    """Words of which addresses are made; among them those of quotes that readers don't see."""
    return [
        word
        for word, place in planted.canaries.places.items()
        if place.startswith(("name of", "outlet of", "slug of"))
    ]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_no_reader_hears_a_canary_and_asking_for_one_is_as_asking_for_nothing(
    planted: Planted, clients: dict[str, Client], headers: dict[str, str]
) -> None:
    """As a stranger: that everybody gets the same is tested above."""
    client, of_nothing = clients["stranger"], dict[str, str]()
    for where, word in questions(planted):
        told = everything_of(client.get(where, headers=headers))
        if word:
            elsewhere = where.replace(word, DECOY)
            if elsewhere not in of_nothing:
                of_nothing[elsewhere] = everything_of(client.get(elsewhere, headers=headers))
            assert told.replace(word, DECOY) == of_nothing[elsewhere], where
            told = told.replace(word, "")
        for reason in planted.corrections if "/corrections/" in where else ():
            told = told.replace(reason, "")
        assert planted.canaries.heard(told) == {}, where


@pytest.mark.parametrize(("name", "of"), [(name, of) for name, of, _ in WHOLE_TABLE])
@pytest.mark.parametrize("persona", OUTSIDE)
def test_no_address_tells_a_reader_a_canary(
    planted: Planted, clients: dict[str, Client], persona: str, name: str, of: str
) -> None:
    where = address(planted, name, of)
    client = clients[persona]
    for method in ("get", "head", "options", *UNSAFE):
        if (name, method) in WRITES_A_SESSION:
            continue
        for headers in ({}, HTMX) if method in {"get", "post"} else ({},):
            with nothing_is_written():
                response = getattr(client, method)(where, headers=headers)
            told = everything_of(response)
            for word in planted.canaries.heard(where):  # what was asked comes back in where it leads
                told = told.replace(word, "")
            for known in known_to(planted, persona):
                told = told.replace(known, "")
            if expected_of(name, of) is GONE:
                told = told.replace(planted.withdrawal_reason, "")
            for reason in planted.corrections if name == "story-corrections" else ():
                told = told.replace(reason, "")
            assert planted.canaries.heard(told) == {}, f"{method} {where}"


WRITES_A_SESSION = {("logout", "post"), ("admin:logout", "post")}


def known_to(planted: Planted, persona: str) -> list[str]:
    """Readers know their own names."""
    user = planted.reader
    return [user.username, user.first_name, user.last_name] if persona == "reader" else []


def expected_of(name: str, of: str) -> Answers:
    return next(answers for n, o, answers in WHOLE_TABLE if (n, o) == (name, of))


def test_the_reason_of_a_withdrawal_is_told_at_the_quotes_own_address(
    planted: Planted, clients: dict[str, Client]
) -> None:
    response = clients["stranger"].get(planted.quotes["withdrawn"].get_absolute_url())
    heard = planted.canaries.heard(everything_of(response))
    assert list(heard.values()) == ["reason why the quote was withdrawn"]


def test_the_corrections_tell_why_something_was_withdrawn_and_nothing_else_of_it(
    planted: Planted, clients: dict[str, Client]
) -> None:
    response = clients["stranger"].get(reverse("story-corrections", args=[planted.story.slug]))
    heard = planted.canaries.heard(everything_of(response))
    assert set(heard.values()) == {
        "reason why the quote was withdrawn",
        "reason why the event was withdrawn",
    }


def test_an_editor_hears_all_of_them(planted: Planted, clients: dict[str, Client]) -> None:
    """The canaries sing: a site that shows nothing to anybody would pass the tests above."""
    told = "".join(
        everything_of(clients["owner"].get(address(planted, name, of)))
        for name, of, expected in TABLE
        if expected == DESK
    )
    heard = set(planted.canaries.heard(told).values())
    for kind in planted.quotes:
        assert any(place.startswith("name of") and kind in place for place in heard), kind
    for place in (
        "title of a draft story",
        "headline of an article of a draft story",
        "text of an article of a draft story",
        "text of a claim of a draft story",
        "headline of a loose article",
        "title of an event that is draft",
    ):
        assert place in heard


def hidden_rows(planted: Planted) -> Iterator[tuple[str, list[Any]]]:
    for name, of, expected in TABLE:
        if expected in (ABSENT, DESK, STEP, LEADS, CLOSES) and of and not of.startswith("="):
            yield name, parts(planted, of)


@pytest.mark.parametrize("persona", OUTSIDE)
def test_what_is_hidden_answers_as_what_is_not_there(
    planted: Planted, clients: dict[str, Client], persona: str
) -> None:
    """Neither status nor words nor headers tell a guess that was right from one that was wrong."""
    client = clients[persona]
    for name, arguments in hidden_rows(planted):
        guesses = [nothing_like(value) for value in arguments]
        there, nowhere = reverse(name, args=arguments), reverse(name, args=guesses)
        for method in ("get", "post"):
            for headers in ({}, HTMX):
                with nothing_is_written():
                    real = everything_of(getattr(client, method)(there, headers=headers))
                    guess = everything_of(getattr(client, method)(nowhere, headers=headers))
                assert real.replace(there, nowhere) == guess, f"{method} {there}"


def nothing_like(value: Any) -> Any:
    """A value of the same form that names nothing."""
    if str(value).isdecimal():
        return int(value) + 1_000_000
    return UUID(int=0) if isinstance(value, UUID) else "magpie"


# Changing.


@pytest.mark.parametrize(("name", "of"), [(name, of) for name, of, _ in WHOLE_TABLE])
def test_nothing_is_changed_by_who_may_not_change_it_or_by_a_method_that_the_address_has_not(
    planted: Planted, clients: dict[str, Client], name: str, of: str
) -> None:
    where = address(planted, name, of)
    for method in UNSAFE:
        personas = OUTSIDE if method == "post" else ROLES
        for persona in personas:
            if (name, method) in WRITES_A_SESSION:
                continue
            with nothing_is_written():
                response = getattr(clients[persona], method)(where, {}, headers={})
            if name.startswith("desk:"):
                wanted = {"stranger": 302, "reader": 403}.get(persona, 405)
            elif name in {"login", "logout"} or name.startswith("admin:"):  # Django's own take PUT for a GET
                continue
            elif (name, method) == ("language", "post"):  # a cookie, and nothing of ours
                wanted = 302
            else:
                wanted = 405
            assert response.status_code == wanted, f"{method} by {persona}"


@pytest.mark.parametrize(("name", "of"), [(name, of) for name, of, _ in WHOLE_TABLE])
@pytest.mark.parametrize("persona", ["stranger", "administrator"])
def test_every_unsafe_request_needs_a_csrf_token(planted: Planted, persona: str, name: str, of: str) -> None:
    client = client_of(planted, persona, enforce_csrf_checks=True)
    where = address(planted, name, of)
    forged = {"csrfmiddlewaretoken": "f" * 64, "revision": "1"}
    for method in UNSAFE:
        for headers in ({}, HTMX, {"X-CSRFToken": "f" * 64}) if method == "post" else ({},):
            with nothing_is_written():
                response = getattr(client, method)(where, forged if method == "post" else {}, headers=headers)
            assert response.status_code == 403, f"{method} {where}"


def test_a_token_is_what_was_missing(planted: Planted) -> None:
    """Else the test above could pass for another reason."""
    client = client_of(planted, "owner", enforce_csrf_checks=True)
    where = reverse("desk:story-publication", args=[planted.secret.story.slug])
    page = client.get(where).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    refused = client.post(where, {"status": "published"})
    taken = client.post(where, {"status": "published", "csrfmiddlewaretoken": token[1]})
    assert (refused.status_code, taken.status_code) == (403, 302)
    planted.secret.story.refresh_from_db()
    assert planted.secret.story.is_published


# Redirects.

ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://testserver.evil.example/",
    "https://testserver@evil.example/",
    " https://evil.example/",
    "\thttps://evil.example/",
    "ftp://testserver/",
]


@pytest.mark.parametrize("next_page", ELSEWHERE)
@pytest.mark.parametrize("name", ["login", "admin:login"])
def test_logging_in_leads_to_no_other_site(planted: Planted, name: str, next_page: str) -> None:
    who = {"username": planted.administrator.username, "password": PASSWORD}
    where = reverse(name)
    posted = Client().post(where, {**who, "next": next_page})
    asked = Client().post(f"{where}?next={next_page}", who)
    logged_in = client_of(planted, "administrator").get(where, {"next": next_page})
    for response in (posted, asked, logged_in):
        assert response.status_code == 302
        assert response["Location"] in {reverse("desk:home"), reverse("admin:index")}


@pytest.mark.parametrize("next_page", ELSEWHERE)
@pytest.mark.parametrize("name", ["logout", "admin:logout"])
def test_logging_out_leads_to_no_other_site(planted: Planted, name: str, next_page: str) -> None:
    response = client_of(planted, "administrator").post(reverse(name), {"next": next_page})
    assert response.status_code == 200 or response["Location"] in {"/", reverse("logout")}


def test_logging_in_leads_on_to_where_one_wanted_to_go(planted: Planted) -> None:
    where = reverse("desk:story", args=[planted.story.slug])
    client = Client()
    asked = client.get(where)
    response = client.post(
        asked["Location"], {"username": planted.owner.username, "password": PASSWORD, "next": where}
    )
    assert response["Location"] == where


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/desk", "//evil.example/%2e%2e", "/\\evil.example/desk"]
)
def test_an_address_that_lacks_its_last_slash_leads_to_no_other_site(elsewhere: str) -> None:
    response = Client().get("/", PATH_INFO=elsewhere)
    assert not response.get("Location", "").replace("http://testserver", "").startswith(("//", "http"))


@pytest.mark.parametrize("back", [*ELSEWHERE, "admin:index", "home/", "quote"])
def test_a_step_leads_back_to_a_page_of_the_desk(planted: Planted, back: str) -> None:
    event = planted.events["draft"]
    where = reverse("desk:event-rejection", args=[event.uuid])
    response = client_of(planted, "owner").post(where, {"revision": event.revision, "back": back})
    assert response["Location"] == reverse("desk:event", args=[event.uuid])
