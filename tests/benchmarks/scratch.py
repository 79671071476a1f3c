"""A database that is made for a measurement and thrown away after it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsdesk import database


@contextmanager
def scratch() -> Iterator[Path]:
    """Django on a migrated database of its own; gives a folder that goes with it. Models are imported in here only."""
    with tempfile.TemporaryDirectory() as folder, database.ephemeral() as cluster:
        os.environ |= {
            "DATABASE_URL": cluster.url(),
            "SECRET_KEY": "only for this measurement",
            "DJANGO_SETTINGS_MODULE": "newsdesk.settings",
            "MEDIA_ROOT": str(Path(folder) / "media"),
            "LOG_LEVEL": "ERROR",
        }
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        try:
            yield Path(folder)
        finally:
            connections.close_all()
