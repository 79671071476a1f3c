"""Settings: one file, read from the environment.

| variable | meaning | default |
|---|---|---|
| DATABASE_URL | any PostgreSQL 15 or newer | an embedded server of our own, data in `.data/` |
| DATABASE_POOL | connections a web process may hold; 0 opens one per thread | 0 |
| SITE_URL | the address readers use; https turns the secure settings on | http://127.0.0.1:8000 |
| SECRET_KEY | Django's secret; required with DATABASE_URL | made once, kept in `.data/` |
| ALLOWED_HOSTS | further host names, comma-separated | none |
| DEBUG | 1 shows tracebacks; never on a public address | 0 |
| NEWSDESK_DATA | folder of the embedded server's data and of made secrets | `.data/` |
| MEDIA_ROOT | folder of uploaded files | `media/` |
| FEED_FETCHING | 1 lets the workers fetch the feeds of import sources | 0 |
| FEED_ALLOWED_ADDRESSES | networks that feeds may be at though they are not public, comma-separated | none |
| FEED_PORTS | ports that feeds may be at, comma-separated | 80,443 |
| IMPORT_FOLDER | folder whose folders import sources may watch | none: no folder is watched |
| IMPORT_LARGEST | megabytes of a file for bulk import | 1024 |
| SUGGESTIONS | 0 keeps the workers from looking for quotes in articles | 1 |
| LOG_LEVEL | DEBUG, INFO, WARNING or ERROR | INFO |
"""

import os
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import pghistory
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.csp import CSP
from psycopg.conninfo import conninfo_to_dict

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("NEWSDESK_DATA") or BASE_DIR / ".data")


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def listed(name: str, default: str = "") -> list[str]:
    """The words of a variable that commas part."""
    return [one.strip() for one in (os.environ.get(name) or default).split(",") if one.strip()]


def database_url() -> str:
    """DATABASE_URL, else the address of the embedded server, which `manage.py` and the demo start."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    from newsdesk import database

    return database.development_url(DATA_DIR)


def django_database(url: str) -> dict[str, object]:
    """Django's form of a libpq address (`postgresql://…` or `key=value` pairs)."""
    parts = conninfo_to_dict(url)
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    options: dict[str, object] = {k: v for k, v in parts.items() if k not in named.values()}
    if pool := int(os.environ.get("DATABASE_POOL", "0")):
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{key: parts.get(name) or "" for key, name in named.items()},
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if pool else 60,
        "CONN_HEALTH_CHECKS": True,
    }


def secret_key() -> str:
    if key := os.environ.get("SECRET_KEY"):
        return key
    if os.environ.get("DATABASE_URL") and not flag("DEBUG"):
        raise ImproperlyConfigured("Set SECRET_KEY to a long random string when DATABASE_URL is set.")
    kept = DATA_DIR / "secret-key"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(get_random_secret_key())
    return kept.read_text()


DEBUG = flag("DEBUG")
SECRET_KEY = secret_key()
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = [
    urlsplit(SITE_URL).hostname or "127.0.0.1",
    *filter(None, os.environ.get("ALLOWED_HOSTS", "").split(",")),
]
if not HTTPS:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = [
    "accounts",
    "articles",
    "annotations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsdesk.middleware.private_by_default",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsdesk.languages.in_the_readers_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "newsdesk.uploads.refuse_what_is_too_large",
    "newsdesk.errors.DatabaseAway",
]

CSRF_FAILURE_VIEW = "newsdesk.errors.csrf_failure"
ROOT_URLCONF = "newsdesk.urls"
WSGI_APPLICATION = "newsdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": django_database(database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk:home"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
"""Those that readers may read in, each by its own name; each but the first has a catalogue in `locale/`."""
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["newsdesk.formats"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", BASE_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "newsdesk.stylesheets.BundledStaticFilesStorage"},
}

# An uploaded article, or a form on the desk: nothing in Newsdesk is near these sizes except a bulk import,
# which goes to a file.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
IMPORT_LARGEST = int(os.environ.get("IMPORT_LARGEST", "1024")) * 1024 * 1024

# Import sources: what the workers may fetch, and where they may look. See articles.sources.
FEED_FETCHING = flag("FEED_FETCHING")
FEED_ALLOWED_ADDRESSES = [ip_network(one) for one in listed("FEED_ALLOWED_ADDRESSES")]
FEED_PORTS = [int(one) for one in listed("FEED_PORTS", "80,443")]
IMPORT_FOLDER = os.environ.get("IMPORT_FOLDER", "")

# Whether the workers look for quotes in the articles of stories. See annotations.tasks.
SUGGESTIONS = flag("SUGGESTIONS", default=True)

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

PGHISTORY_APPEND_ONLY = True
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="history")
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "procrastinate.blueprints": {"level": "WARNING"},
        "procrastinate.periodic": {"level": "WARNING"},
        "trafilatura": {"level": "ERROR"},
    },
}
