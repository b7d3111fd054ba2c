"""Settings of the Carnation project. What differs between deployments comes from the environment, or from `.env`."""

import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

from carnation import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

env.read_file(BASE_DIR / ".env")

DEBUG = env.flag("DEBUG", default=False)
HOST = env.text("HOST", default="127.0.0.1")
PORT = env.whole_number("PORT", default=8000)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", default=[])

SECRET_KEY = env.text("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "Set SECRET_KEY in the environment or in .env (`make run` and `make install` write one)."
    )

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "rest_framework",
    "django_apscheduler",
    "scheduler",
    # After the scheduler, whose changepassword takes the place of this one's.
    "django.contrib.auth",
    "carnation",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "scheduler.viewers.in_the_viewers_zone",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "scheduler.admin.acting.acting_in_the_admin",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "carnation.urls"
WSGI_APPLICATION = "carnation.wsgi.application"

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


def tuned(database: dict[str, Any]) -> dict[str, Any]:
    """Return a database's settings with what Carnation needs of it added; what DATABASE_URL says wins."""
    options: dict[str, dict[str, Any]] = {
        # WAL lets readers go on beside the one writer; IMMEDIATE takes the write lock at BEGIN, so that a transaction
        # never fails half-way for having read first. Durability stays full: a run is on the disk before it starts.
        "django.db.backends.sqlite3": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
        # A server that is gone without a word must not hold up a node for longer than one that says no.
        "django.db.backends.mysql": {
            "charset": "utf8mb4",
            "isolation_level": "read committed",
            "connect_timeout": 5,
        },
        "django.db.backends.postgresql": {"connect_timeout": 5, "tcp_user_timeout": 15_000},
    }
    return {
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        **database,
        "OPTIONS": {**options.get(database["ENGINE"], {}), **database.get("OPTIONS", {})},
    }


DATABASES = {"default": tuned(env.database("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
# Ours, what the theme says, and the names of countries and holidays: their packages bring no translations along.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "theme", BASE_DIR / "locale" / "names"]
# Whoever chose a language finds it again; others read what their browser asks for.
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env.time_zone("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True
# Moments in full, to the second and with their zone, as a scheduler needs them.
FORMAT_MODULE_PATH = "carnation.formats"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# Cookies travel over plain HTTP on a developer's machine; behind TLS, set SECURE=true.
SECURE = env.flag("SECURE", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "stream": sys.stderr}},
    # What bodies log from INFO on is kept with their executions, too.
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "apscheduler": {"level": "WARNING"},
        "scheduler": {
            "level": env.choice("LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
        },
        # What a client did wrong is the client's to know; what we did wrong is an error.
        "django.request": {"level": "ERROR"},
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "scheduler.api.authentication.RememberingBasicAuthentication",
        "scheduler.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["scheduler.api.permissions.ModelPermissions"],
    "EXCEPTION_HANDLER": "scheduler.api.errors.answer_error",
}

CRISPY_ALLOWED_TEMPLATE_PACKS = ["unfold_crispy"]
CRISPY_TEMPLATE_PACK = "unfold_crispy"

UNFOLD = {
    "SITE_TITLE": "Carnation",
    "SITE_HEADER": "Carnation 康乃馨",
    "SITE_ICON": lambda request: static("carnation.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("carnation.svg")},
    ],
    "STYLES": [
        lambda request: static("scheduler/site.css"),
        lambda request: static("scheduler/noscript.css"),
    ],
    "SCRIPTS": [
        lambda request: static("scheduler/zone.js"),
        lambda request: static("scheduler/page.js"),
    ],
    "DASHBOARD_CALLBACK": "scheduler.dashboard.views.fill_front_page",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
}

# Where job2, a sample, sends its POST.
JOB2_URL = env.text(
    "JOB2_URL",
    default=f"http://{'127.0.0.1' if HOST in ('0.0.0.0', '::') else HOST}:{PORT}/samples/post",  # noqa: S104
)

SCHEDULER_API_ENABLED = env.flag("SCHEDULER_API_ENABLED", default=True)
SCHEDULER_API_PREFIX = env.text("SCHEDULER_API_PREFIX", default="/scheduler")
SCHEDULER_TIMEZONE = env.time_zone("SCHEDULER_TIMEZONE", default=TIME_ZONE)
SCHEDULER_ALLOWED_HOSTS = env.words("SCHEDULER_ALLOWED_HOSTS", default=["*"])
# Empty: whatever git says of this folder.
SCHEDULER_CODE_VERSION = env.text("SCHEDULER_CODE_VERSION") or None
SCHEDULER_SHUTDOWN_GRACE_SECONDS = env.number("SCHEDULER_SHUTDOWN_GRACE_SECONDS", default=30)
SCHEDULER_EXECUTORS = {
    "default": {"type": "threads", "max_workers": env.whole_number("SCHEDULER_THREADS", default=20)},
    "processes": {"type": "processes", "max_workers": env.whole_number("SCHEDULER_PROCESSES", default=4)},
}
# The policies of a job that names none; scheduler.conf has them all.
SCHEDULER_JOB_DEFAULTS = {"misfire_grace_time": 3600, "coalesce": True, "max_instances": 1}
# None keeps for ever; a job may say otherwise for itself.
SCHEDULER_KEEP_DAYS = env.whole_number("SCHEDULER_KEEP_DAYS", default=90)
SCHEDULER_KEEP_EXECUTIONS = env.whole_number("SCHEDULER_KEEP_EXECUTIONS", default=10_000)
SCHEDULER_JOBS = [
    {"id": "job1", "func": "jobs:job1", "args": (1, 2), "trigger": "interval", "seconds": 10},
]
