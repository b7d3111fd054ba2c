"""`manage.py importjobs`: brings a document of jobs, calendars and windows into the database, all of it or nothing."""

from argparse import ArgumentParser
from typing import Any

from scheduler.exchange import Document
from scheduler.management.importing import ImportCommand, read_file_or_stdin
from scheduler.services.import_sources import read_own


class Command(ImportCommand):
    """Imports a document that exportjobs wrote, or somebody by hand."""

    help = "Imports jobs, calendars and windows from YAML or JSON, all of it or nothing; says first what would change."
    can_delete = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", help='A file, or "-" for the standard input.')
        super().add_arguments(parser)

    def read(self, **options: Any) -> Document:
        """Read the file."""
        return read_own(read_file_or_stdin(options["file"]))
