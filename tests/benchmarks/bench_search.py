"""How long a search takes.

    python -m tests.benchmarks.bench_search [--articles 20000] [--explain]

Made articles of some 250 words with three quotes each, of forty outlets, five hundred people and thirty claims, over
seven years. Each search is asked for as a browser does, without a network between; with --explain, the plan of its
slowest query stands below. PostgreSQL is one of our own, in a temporary folder.
"""

import argparse
import datetime as dt
import random
import statistics
import time
from itertools import batched

from tests.benchmarks.scratch import scratch

QUOTES, TIMES = 3, 7
NOW = dt.datetime(2019, 5, 9, 12, 0, tzinfo=dt.UTC)
SEARCHES = {
    "everything": "",
    "a word of most articles": "q=network",
    "a word of one in 25": "q=harbour",
    "two words, four filters": "q=network+review&actor=person-3&stance=opposes&outlet=outlet-3&when=2017",
    "filters only": "actor=person-3&claim=bench.claim-3&kind=direct",
    "a mistyped name": "q=quilll",
    "all quotes": "in=quotes",
    "a word of most quotes": "in=quotes&q=network",
    "a rarer word of quotes": "in=quotes&q=harbour",
    "quotes, four filters": "in=quotes&q=network&actor=person-3&stance=opposes&outlet=outlet-3&when=2017",
}


def make(articles: int) -> None:
    from django.db import connection

    from annotations.models import Actor, Anchor, Claim, Quote, Stance
    from articles.models import Article, Outlet, Story, StoryArticle, Version

    pick = random.Random(5)
    words = [
        f"{a}{b}{c}"
        for a in "bdfgklmn"
        for b in ("ar", "el", "in", "ot", "us")
        for c in ("ta", "ko", "mer", "di")
    ]
    weights = [1 / (n + 1) for n in range(len(words))]
    outlets = Outlet.objects.bulk_create(
        Outlet(name=f"Outlet {n}", slug=f"outlet-{n}", domain=f"o{n}.example") for n in range(40)
    )
    people = Actor.objects.bulk_create(
        Actor(name=f"{pick.choice(words).title()} Quill{n}", slug=f"person-{n}") for n in range(500)
    )
    story = Story.objects.create(slug="bench", title="The bench", changed_at=NOW, status="published")
    claims = Claim.objects.bulk_create(
        Claim(story=story, number=n, slug=f"claim-{n}", text=f"Claim number {n} holds.") for n in range(30)
    )
    for numbers in batched(range(articles), 1000):
        made = Article.objects.bulk_create(
            Article(
                outlet=pick.choice(outlets),
                headline=f"{' '.join(pick.choices(words, weights, k=6)).capitalize()} {n}",
                published_at=NOW - dt.timedelta(hours=3 * n),
            )
            for n in numbers
        )
        sentences = [[_sentence(pick, words, weights) for _ in range(20)] for _ in made]
        versions = Version.objects.bulk_create(
            Version(article=a, number=1, text=" ".join(s), headline=a.headline, digest="", recorded_at=NOW)
            for a, s in zip(made, sentences, strict=True)
        )
        StoryArticle.objects.bulk_create(StoryArticle(story=story, article=a) for a in made)
        quotes = Quote.objects.bulk_create(
            Quote(
                article=version.article,
                version=version,
                speaker=pick.choice(people),
                kind=pick.choice(["direct", "mixed", "indirect"]),
                status="published",
                created_at=NOW,
                updated_at=NOW,
                published_at=NOW,
            )
            for version in versions
            for _ in range(QUOTES)
        )
        anchors, stances = [], []
        for place, quote in enumerate(quotes):
            said = sentences[place // QUOTES][5 * (place % QUOTES)]
            start = quote.version.text.index(said)
            anchors.append(
                Anchor(quote=quote, version=quote.version, start=start, end=start + len(said), exact=said)
            )
            position = pick.choice(["supports", "opposes", "opposes", "mixed"])
            stances.append(Stance(quote=quote, claim=pick.choice(claims), position=position))
        Anchor.objects.bulk_create(anchors)
        Stance.objects.bulk_create(stances)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE articles_article a SET current_version_id = v.id FROM articles_version v"
                " WHERE v.article_id = a.id AND a.current_version_id IS NULL"
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _sentence(pick: random.Random, words: list[str], weights: list[float]) -> str:
    said = pick.choices(words, weights, k=12)
    for word, share in (("network", 0.5), ("review", 0.1), ("harbour", 0.002)):
        if pick.random() < share:
            said[pick.randrange(12)] = word
    return f"{' '.join(said).capitalize()}."


def measure(explain: bool) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    for what, query in SEARCHES.items():
        address = f"/search/?{query}"
        runs = []
        for _ in range(TIMES):
            started = time.perf_counter()
            assert client.get(address, headers={"Host": "127.0.0.1"}).status_code == 200
            runs.append(1000 * (time.perf_counter() - started))
        with CaptureQueriesContext(connection) as queries:
            client.get(address, headers={"Host": "127.0.0.1"})
        slowest = max(queries, key=lambda one: float(one["time"]))
        print(
            f"{what:26} {statistics.median(runs):6.0f} ms, {max(runs):.0f} at worst; {len(queries)} queries,"
            f" the slowest {1000 * float(slowest['time']):.0f} ms"
        )
        if explain:
            with connection.cursor() as cursor:
                cursor.execute(
                    "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) " + slowest["sql"].replace("%", "%%"), []
                )
                print(*(f"    {line}" for (line,) in cursor.fetchall()), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--explain", action="store_true")
    wanted = parser.parse_args()
    with scratch():
        from django.conf import settings

        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
        started = time.perf_counter()
        make(wanted.articles)
        made = f"{wanted.articles} articles with {wanted.articles * QUOTES} quotes"
        print(f"{made}, made in {time.perf_counter() - started:.0f} s")
        measure(wanted.explain)


if __name__ == "__main__":
    main()
