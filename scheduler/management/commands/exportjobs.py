"""`manage.py exportjobs`: writes jobs, calendars and windows as a document that importjobs reads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scheduler.exceptions import CarnationError
from scheduler.exchange import write_document
from scheduler.exchange.writing import FORMATS
from scheduler.services.exports import export_jobs


class Command(BaseCommand):
    """Exports definitions; history stays where it is."""

    help = (
        "Writes jobs as YAML or JSON: all of them with all calendars and windows, or some with the calendars that they"
        " name. Their arguments are written as they are: if there are secrets in them, there are secrets in the file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare which jobs, and where to."""
        parser.add_argument("ids", nargs="*", metavar="id", help="Only these jobs.")
        parser.add_argument("--tag", help="Only jobs with this tag.")
        parser.add_argument("--format", choices=FORMATS, default="yaml")
        parser.add_argument("--output", type=Path, help="A file instead of the standard output.")

    def handle(self, *, ids: list[str], tag: str | None, format: str, output: Path | None, **options: Any) -> None:  # noqa: A002
        """Export."""
        try:
            exported = export_jobs(ids or None, tag=tag)
            text = write_document(exported.document, format=format)
            if output is None:
                self.stdout.write(text, ending="")
            else:
                output.write_text(text, encoding="utf-8")
                self.stdout.write(f"{len(exported.document.jobs)} jobs written to {output}.")
        except (CarnationError, OSError) as error:
            raise CommandError(str(error)) from error
        for left in exported.left_out:
            self.stderr.write(f"{left.text} left out: {left.reason}")
