"""The project's settings, with the tasks of the tests, no declared jobs, and cheap passwords."""

import json
import os

os.environ.setdefault("SECRET_KEY", "for the tests only")

from carnation.settings import *  # noqa: F403
from carnation.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.sample"]
# Other processes are told by their environment what they need to know.
SCHEDULER_JOBS = json.loads(os.environ.get("DECLARED_JOBS", "[]"))
SCHEDULER_SHUTDOWN_GRACE_SECONDS = float(os.environ.get("SHUTDOWN_GRACE", "30"))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
