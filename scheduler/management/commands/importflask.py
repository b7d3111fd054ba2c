"""`manage.py importflask`: takes over the jobs of a Flask-APScheduler application."""

from argparse import ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.core.management.base import CommandError

from scheduler.exchange import Document
from scheduler.management.importing import ForeignImportCommand, read_file_or_stdin, read_mapping_options
from scheduler.services.fetching import fetch_text
from scheduler.services.import_sources import read_flask_answer, read_flask_settings, read_named_zone


class Command(ForeignImportCommand):
    """Imports what GET /scheduler/jobs answers, or SCHEDULER_JOBS."""

    help = (
        "Takes over a Flask-APScheduler's jobs: from the address of its GET /scheduler/jobs, from a file with it"
        " or with SCHEDULER_JOBS as JSON, or, with --python, from a module or class that has SCHEDULER_JOBS."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where the jobs are."""
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("source", nargs="?", help='An address, a file, or "-" for the standard input.')
        source.add_argument(
            "--python", metavar="PATH", help="Import, and so execute, a module or class such as config.Config."
        )
        super().add_arguments(parser)

    def read(self, **options: Any) -> Document:
        """Read the jobs."""
        mapping, zone = read_mapping_options(options), options["timezone"]
        if options["python"]:
            settings = _load(options["python"])
            zone = zone or str(getattr(settings, "SCHEDULER_TIMEZONE", "") or "")
            return read_flask_settings(_jobs_of(settings), mapping=mapping, zone=read_named_zone(zone))
        source = options["source"]
        is_address = source.startswith(("http://", "https://"))
        text = fetch_text(source) if is_address else read_file_or_stdin(source)
        return read_flask_answer(text, mapping=mapping, zone=read_named_zone(zone))


def _load(path: str) -> Any:
    """Return a module, or what it has under the last name of the path."""
    try:
        return import_module(path)
    except ModuleNotFoundError as error:
        module, _dot, name = path.rpartition(".")
        try:
            return getattr(import_module(module), name)
        except (AttributeError, ImportError, ValueError):
            raise CommandError(f"{path} cannot be imported: {error}.") from error


def _jobs_of(settings: Any) -> Sequence[Any]:
    jobs = getattr(settings, "SCHEDULER_JOBS", None)
    if not isinstance(jobs, list | tuple):
        raise CommandError("There is no list called SCHEDULER_JOBS.")
    return jobs
