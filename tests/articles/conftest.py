"""Uploads are kept in memory."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def files_in_memory(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    }
