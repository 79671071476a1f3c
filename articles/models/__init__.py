"""Outlets, stories, articles with their versions, and the imports that bring them in."""

from articles.models.articles import (
    TEXT_LIMIT,
    Article,
    Outlet,
    Story,
    StoryArticle,
    Version,
    validate_time_zone,
)
from articles.models.imports import Import, ImportRow, ImportSettings, ImportSource

__all__ = [
    "TEXT_LIMIT",
    "Article",
    "Import",
    "ImportRow",
    "ImportSettings",
    "ImportSource",
    "Outlet",
    "Story",
    "StoryArticle",
    "Version",
    "validate_time_zone",
]
