from typing import Any

import pytest


@pytest.fixture(autouse=True)
def quick_pages(settings: Any) -> None:
    """Pages name their static files without a manifest, so that nothing has to be collected before a test; and a
    test's passwords need not withstand anybody."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
