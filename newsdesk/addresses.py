from django.conf import settings


def absolute(path: str) -> str:
    """The full address of a path of this site, as other sites and search engines are to know it."""
    return f"{settings.SITE_URL}{path}"
