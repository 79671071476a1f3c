"""Messages of code and templates, and the catalogues with their translations.

    python -m tests.messages      brings the catalogues in locale/ up to date, and compiles them (make messages)

Needs no gettext on the machine: Babel finds the messages and writes the catalogues.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
CODE = ("newsdesk", "accounts", "articles", "annotations")

FUNCTIONS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
"""What is called with a message, and which arguments it is: the singular and the plural; "c" marks a context."""


def messages() -> Catalog:
    """Every message, with the files that have it and what is said to translators."""
    found = Catalog(project="Newsdesk", charset="utf-8")
    for path, source in sources():
        name = path.relative_to(ROOT).as_posix()
        extracted = extract("python", io.BytesIO(source.encode()), FUNCTIONS, ("Translators:",))
        for _, message, comments, context in extracted:
            found.add(message, locations=[(name, None)], auto_comments=comments, context=context)
    return found


def sources() -> Iterator[tuple[Path, str]]:
    """Files as Python that calls the functions above."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "templates").rglob("*.*")):
        lines = templatize(path.read_text(encoding="utf-8"), origin=path.name).splitlines()
        yield path, "".join(f"{line.strip()}\n" for line in lines)


def catalogue_of(language: str) -> Path:
    return ROOT / "locale" / to_locale(language) / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def compiled(catalogue: Catalog) -> bytes:
    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


def bring_up_to_date(path: Path, found: Catalog) -> Catalog:
    """Adds messages that are new, without a translation, and takes those away that are gone."""
    catalogue = read(path) if path.exists() else Catalog(locale=path.parts[-3], project="Newsdesk")
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
    made = io.BytesIO()
    write_po(made, catalogue, width=110, include_lineno=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.getvalue())
    return read(path)


def main() -> int:
    found = messages()
    for language, name in settings.LANGUAGES:
        if language == settings.LANGUAGE_CODE:
            continue
        path = catalogue_of(language)
        catalogue = bring_up_to_date(path, found)
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        missing = sum(not one.string or not all(one.string) for one in catalogue if one.id)
        print(f"{name}: {len(catalogue)} messages, {missing} without a translation")
    return 0


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
    django.setup()
    sys.exit(main())
