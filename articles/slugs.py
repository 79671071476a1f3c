from typing import Any

from django.db.models import Model, QuerySet
from django.utils.text import slugify


def unique_slug[M: Model](
    taken: QuerySet[M, Any], name: str, *, fallback: str = "item", length: int = 80
) -> str:
    """The name as a slug that no row of `taken` has, numbered where it must be: "bbc", "bbc-2"."""
    stem = slugify(name)[:length].strip("-") or fallback
    used = set(taken.filter(slug__startswith=stem).values_list("slug", flat=True))
    if stem not in used:
        return stem
    number = 2
    while f"{stem}-{number}" in used:
        number += 1
    return f"{stem}-{number}"
