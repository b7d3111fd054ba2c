"""`manage.py pruneexecutions`: deletes at once what the nodes delete by and by."""

from typing import Any

from django.core.management.base import BaseCommand

from scheduler import clock
from scheduler.services.retention import prune


class Command(BaseCommand):
    """Deletes the executions that are older, or more, than SCHEDULER_KEEP_* or their jobs allow."""

    help = "Deletes the executions that are older, or more, than the settings or their jobs allow."

    def handle(self, **options: Any) -> None:
        """Prune."""
        deleted = prune(now=clock.now())
        self.stdout.write(f"{deleted} executions deleted.")
