"""The project's settings, with the tasks of the tests, no declared jobs, and cheap passwords."""

import json
import os

os.environ.setdefault("SECRET_KEY", "for the tests only")

from carnation.settings import *  # noqa: F403
from carnation.settings import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [*INSTALLED_APPS, "tests.sample"]
# It would warn that nothing has been collected; the test of static files puts it back.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]
# Other processes are told by their environment what they need to know.
SCHEDULER_JOBS = json.loads(os.environ.get("DECLARED_JOBS", "[]"))
SCHEDULER_SHUTDOWN_GRACE_SECONDS = float(os.environ.get("SHUTDOWN_GRACE", "30"))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
