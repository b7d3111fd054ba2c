"""Bring the database, the static files and the first administrator up to date."""

import os
import sys

import django
from django.core.management import CommandError, call_command
from django.db import OperationalError


def main() -> None:
    """What `manage.py migrate`, `collectstatic` and `firstrun` do, in one process as it is quicker."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carnation.settings")
    django.setup()
    try:
        call_command("migrate", verbosity=0, interactive=False, skip_checks=False)
    except OperationalError as error:
        sys.exit(f"The database of DATABASE_URL does not answer: {error}")
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("firstrun")


if __name__ == "__main__":
    try:
        main()
    except CommandError as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        sys.exit(130)
