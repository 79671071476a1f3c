"""Stories that the articles of an import seem to belong to: proposed by their words, decided by a person.

A story is known by the words of its title and of its articles' headlines; words that are common in all articles
tell nothing, and PostgreSQL's own statistics of the search vectors say which those are.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from articles.models import Article, Import, ImportRow, Story

COMMON = 0.05
"""The share of all articles from which on a word tells nothing of a story."""

STORIES = 200
"""The stories that changed last; older ones are hardly still running."""

HEADLINES = 50
TERMS = 12
LEAST = 3
"""Of a story's words, as many must stand in an article."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A story, the articles of the import that seem to be its, best first, and the words that tell."""

    story: Story
    articles: tuple[int, ...]
    words: tuple[str, ...]


def story_proposals(batch: Import, *, most: int = 500) -> list[Proposal]:
    """For an import that is applied: stories that some of its new articles seem to belong to."""
    common = _common_words()
    proposals = []
    for story in Story.objects.latest_changed_first()[:STORIES]:
        words = _words(story, common)
        if len(words) < LEAST:
            continue
        found = _articles(batch, story, words, most)
        if found:
            proposals.append(Proposal(story, tuple(found), tuple(words)))
    return sorted(proposals, key=lambda one: (-len(one.articles), one.story.pk))


def accept(batch: Import, story: Story, articles: Iterable[int], *, now: dt.datetime) -> int:
    """Put articles of the import into a story; how many of them were not in it before."""
    of_import = ImportRow.objects.filter(batch=batch, target__in=articles).values("target")
    return story.add_articles(Article.objects.filter(pk__in=of_import).order_by("pk"), now=now)


def _common_words() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM pg_stats,"
            " unnest(most_common_elems::text::text[], most_common_elem_freqs) AS seen (word, share)"
            " WHERE schemaname = current_schema() AND tablename = 'articles_article' AND attname = 'search'"
            " AND share > %s",
            [COMMON],
        )
        return {word for (word,) in cursor.fetchall()}


def _words(story: Story, common: set[str]) -> list[str]:
    """The lexemes that tell the story: its title's, and those that come again in its headlines."""
    told = Article.objects.filter(stories=story).newest_first()
    headlines = list(told.values_list("headline", flat=True)[:HEADLINES])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(to_tsvector('english', line)) FROM unnest(%s::text[]) AS line",
            [[story.title, *headlines]],
        )
        title, *others = (set(lexemes) for (lexemes,) in cursor.fetchall())
    counted = Counter(word for lexemes in others for word in lexemes)
    again = {word for word, count in counted.items() if count >= max(2, len(others) // 4)}
    telling = [word for word in title | again if word not in common and len(word) > 1]
    return sorted(telling, key=lambda word: (word not in title, -counted[word], word))[:TERMS]


def _articles(batch: Import, story: Story, words: list[str], most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH word AS (SELECT quote_literal(one)::tsquery AS query FROM unnest(%(words)s::text[]) AS one),"
            " any_word AS (SELECT string_agg(query::text, ' | ')::tsquery AS query FROM word)"
            " SELECT a.id FROM any_word, articles_article a, word"
            " WHERE a.search @@ any_word.query AND a.search @@ word.query"
            " AND EXISTS (SELECT 1 FROM articles_importrow r WHERE r.target_id = a.id AND r.batch_id = %(batch)s"
            " AND r.outcome = 'new')"
            " AND NOT EXISTS (SELECT 1 FROM articles_storyarticle s"
            " WHERE s.article_id = a.id AND s.story_id = %(story)s)"
            " GROUP BY a.id HAVING count(*) >= %(least)s ORDER BY count(*) DESC, a.id LIMIT %(most)s",
            {"words": words, "batch": batch.pk, "story": story.pk, "least": LEAST, "most": most},
        )
        return [number for (number,) in cursor.fetchall()]
