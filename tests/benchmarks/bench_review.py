"""How long accepting many suggestions at once takes, and undoing it.

    python -m tests.benchmarks.bench_review [--quotes 500]

Articles of fifty quotes each are read by the engine; then all that it found is accepted in one transaction, as the
review page does it, each with its act, and taken back. PostgreSQL is one of our own, in a temporary folder.
"""

import argparse
import datetime as dt
import time

from tests.benchmarks.scratch import scratch

GOAL = 5.0
IN_AN_ARTICLE = 50
NOW = dt.datetime(2019, 5, 9, 12, 0, tzinfo=dt.UTC)


def suggest(quotes: int) -> None:
    """So many suggestions, with a speaker who is known."""
    from annotations.models import Actor
    from annotations.suggested import read
    from articles.models import Article, Outlet, Story

    Actor.named("Ada Quill", kind=Actor.Kind.PERSON)
    story = Story.objects.create(slug="bench", title="The bench", changed_at=NOW)
    outlet = Outlet.objects.create(name="The Bench", slug="bench")
    for first in range(0, quotes, IN_AN_ARTICLE):
        numbers = range(first, min(first + IN_AN_ARTICLE, quotes))
        text = "\n\n".join(
            f"“We will repair bridge {n} at night,” Ada Quill told reporters." for n in numbers
        )
        article = Article.objects.create(outlet=outlet, headline=f"Bridges from {first}", published_at=NOW)
        article.record_version(text, now=NOW)
        story.articles.add(article)
        read(article.current_version_id or 0, nlp=None, now=NOW)


def measure(quotes: int) -> tuple[float, float]:
    """Seconds that accepting takes, and undoing."""
    from accounts.models import User
    from annotations.reviewing import accept_all, batch, undo_all

    editor = User.objects.create_user("bench")
    started = time.perf_counter()
    found = batch({})
    assert len(found.quotes) == quotes, len(found.quotes)
    accept_all(found.quotes, by=editor, now=NOW)
    accepted = time.perf_counter()
    assert undo_all(editor, NOW, now=NOW) == (quotes, 0)
    return accepted - started, time.perf_counter() - accepted


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quotes", type=int, default=500)
    wanted = parser.parse_args()
    with scratch():
        suggest(wanted.quotes)
        for what, seconds in zip(("accepted", "undone"), measure(wanted.quotes), strict=True):
            verdict = "within" if seconds < GOAL else "MISSES"
            print(
                f"{wanted.quotes} suggestions {what} in {seconds:.1f} s; {verdict} the goal of {GOAL:.0f} s"
            )


if __name__ == "__main__":
    main()
