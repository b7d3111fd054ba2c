"""`manage.py importcalendar`: reads days off, and days worked instead, from a file into a calendar."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scheduler.exceptions import CarnationError
from scheduler.services.calendars import import_days


class Command(BaseCommand):
    """Sets the own days that a CSV or iCalendar file lists, all of them or none."""

    help = (
        "Sets a calendar's own days from a .csv (with the header day,working,name) or .ics file, all of them or none."
        " Days that the file does not list stay as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("name", help="The calendar's name.")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--working", action="store_true", help="Events of an .ics file that do not say it are working days."
        )
        parser.add_argument("--replace", action="store_true", help="Take all other own days away.")

    def handle(self, *, name: str, file: Path, working: bool, replace: bool, **options: Any) -> None:
        """Import the file."""
        try:
            days = import_days(name, file.name, file.read_bytes(), working=working, replace=replace)
        except (OSError, CarnationError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(days)} days set in calendar {name}.")
