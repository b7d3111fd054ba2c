"""`manage.py importbeat`: takes over what django-celery-beat has in its tables."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError

from scheduler.exchange import Document
from scheduler.management.importing import ForeignImportCommand, read_mapping_options
from scheduler.services.import_sources import read_beat_database


class Command(ForeignImportCommand):
    """Imports periodic tasks. Its tables are only read, and its package need not be installed."""

    help = "Takes over the periodic tasks of django-celery-beat's tables; they are only read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where the tables are."""
        parser.add_argument(
            "--database", default="default", help="An alias of DATABASES, or a URL such as mysql://user@host/name."
        )
        super().add_arguments(parser)

    def read(self, **options: Any) -> Document:
        """Read the tables."""
        try:
            return read_beat_database(options["database"], mapping=read_mapping_options(options))
        except DatabaseError as error:
            raise CommandError(f"The tables of django-celery-beat cannot be read: {error}") from error
