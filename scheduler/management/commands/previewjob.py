"""`manage.py previewjob`: shows when a job will run, and what is dropped."""

import json
from argparse import ArgumentParser
from datetime import tzinfo
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from scheduler.exceptions import InvalidInput, JobNotFound
from scheduler.previews import Line
from scheduler.services.previews import DEFAULT_COUNT, Foretold, preview_definition, preview_job
from scheduler.words import said
from scheduler.words.moments import write_moment


class Command(BaseCommand):
    """Prints a preview, an occurrence a line."""

    help = "Shows when a job will run, and what the clock, a calendar or a maintenance window drops."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("job_id", metavar="id", nargs="?", help="A stored job; without --trigger it must be there.")
        parser.add_argument(
            "--trigger", metavar="JSON", help='One that is not stored: \'{"trigger": "cron", "hour": 9}\'.'
        )
        parser.add_argument("--count", type=int, default=DEFAULT_COUNT, help=f"How many runs ({DEFAULT_COUNT}).")
        parser.add_argument("--start", help="From when on, such as 2031-05-06T07:08; now, if it is not given.")

    def handle(self, *, job_id: str | None, trigger: str | None, count: int, start: str | None, **options: Any) -> None:
        """Show it."""
        try:
            foretold = _foretell(job_id, trigger, {"count": count, "start": start})
        except (InvalidInput, JobNotFound) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(foretold.description)
        for line in foretold.preview.lines:
            self.stdout.write(_say_line(line, foretold.terms.zone))
        if not foretold.preview.lines:
            self.stdout.write("Nothing comes any more.")


def _foretell(job_id: str | None, trigger: str | None, asked: dict[str, Any]) -> Foretold:
    if trigger is None:
        if job_id is None:
            raise CommandError("Name a job, or describe one by --trigger.")
        return preview_job(job_id, asked, now=timezone.now())
    try:
        data = json.loads(trigger)
    except ValueError as error:
        raise CommandError(f"--trigger is no JSON: {error}.") from error
    if isinstance(data, dict):
        data = {"id": job_id, **data, **asked}
    return preview_definition(data, now=timezone.now())


def _say_line(line: Line, zone: tzinfo) -> str:
    occurrence = line.occurrence
    reasons = " ".join(said(mark.reason) for mark in occurrence.marks)
    if occurrence.at is not None:
        shown = write_moment(occurrence.at, zone)
        return f"{shown}  {reasons}".rstrip()
    planned = f"{occurrence.planned:%Y-%m-%d %H:%M:%S}"
    if line.count == 1:
        return f"  ({planned})  {reasons}"
    until = f"{line.last.planned:%Y-%m-%d %H:%M:%S}, {line.count} in all" if line.last else "the next"
    return f"  ({planned} to {until})  {reasons}"
