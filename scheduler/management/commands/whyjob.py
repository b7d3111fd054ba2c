"""`manage.py whyjob`: says why a job did, or did not, run at an instant."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scheduler import clock
from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.explanations import explain_instant


class Command(BaseCommand):
    """Prints an explanation, a sentence a line."""

    help = "Says why a job did, or did not, run at an instant; also of a job that is gone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("job_id", metavar="id")
        parser.add_argument(
            "at",
            metavar="instant",
            help="Such as 2026-11-25T09:00, in the job's zone unless it names an offset; the whole minute is meant.",
        )

    def handle(self, *, job_id: str, at: str, **options: Any) -> None:
        """Explain."""
        try:
            explanation = explain_instant(job_id, at, now=clock.now())
        except (InvalidInput, JobNotFound) as error:
            raise CommandError(str(error)) from error
        for sentence in explanation.sentences:
            self.stdout.write(sentence)
