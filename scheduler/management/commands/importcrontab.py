"""`manage.py importcrontab`: makes jobs of a crontab's lines."""

from argparse import ArgumentParser
from typing import Any

from scheduler.exchange import Document
from scheduler.management.importing import ForeignImportCommand, read_file_or_stdin, read_mapping_options
from scheduler.services.import_sources import read_crontab_file, read_named_zone


class Command(ForeignImportCommand):
    """Imports a crontab. A line needs a task that runs its command: Carnation itself runs none."""

    help = (
        "Makes jobs of a crontab's lines, each with a task that is given its command (--task), or that a mapping names"
        " for it; shows that cron and Carnation mean the same instants."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and its kind."""
        parser.add_argument("file", help='A file, or "-" for the standard input, as from crontab -l.')
        parser.add_argument(
            "--task", help="Is called with command, and with stdin, environment, user if it takes them."
        )
        parser.add_argument("--system", action="store_true", help="The lines name a user, as in /etc/crontab.")
        super().add_arguments(parser)

    def read(self, **options: Any) -> Document:
        """Read the file."""
        return read_crontab_file(
            read_file_or_stdin(options["file"]),
            task=options["task"],
            mapping=read_mapping_options(options),
            zone=read_named_zone(options["timezone"]),
            has_users=options["system"],
        )
