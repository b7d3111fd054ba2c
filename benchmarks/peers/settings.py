"""A Django project with nothing but one peer, on the database, and with the tuning, that Carnation has."""

import os

from carnation.settings import DATABASES, SECRET_KEY

__all__ = ["DATABASES", "SECRET_KEY"]

INSTALLED_APPS = ["django.contrib.contenttypes", *filter(None, [os.environ.get("PEER_APP")])]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "UTC"
USE_TZ = True
