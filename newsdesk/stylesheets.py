"""The stylesheets in one file each: what `@import` names is put in its place when static files are collected.

In development the browser follows the imports, so there is nothing to build and nothing to forget.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

ENTRIES = ("css/newsdesk.css", "css/desk.css", "css/embed.css")

IMPORT = re.compile(
    r'^@import url\("(?P<url>[^"]+)"\) layer\((?P<layer>[\w-]+)\)(?: (?P<media>[\w-]+))?;$', re.M
)


def bundle(name: str, read: Callable[[str], str]) -> str:
    """The stylesheet `name` with its imports, read by their path, in the layer and medium that each names."""

    def imported(found: re.Match[str]) -> str:
        rules = read(posixpath.join(posixpath.dirname(name), found["url"]))
        layered = f"@layer {found['layer']} {{\n{rules}}}"
        return f"@media {found['media']} {{\n{layered}\n}}" if found["media"] else layered

    return IMPORT.sub(imported, read(name))


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return bytes(file.read()).decode()

        bundles = {} if dry_run else {name: bundle(name, read) for name in ENTRIES if name in paths}
        for name, rules in bundles.items():
            Path(self.path(name)).write_text(rules, encoding="utf-8")
            paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)
