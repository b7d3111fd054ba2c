"""`manage.py schedulerhealth`: says whether jobs are being run, by its exit status too."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from scheduler import queries


class Command(BaseCommand):
    """Fails while no node makes turns."""

    help = (
        "Says whether any node makes turns, and warns of what will need attention; exits with 1 when none does, also"
        " while its process lives but is stuck."
    )

    def handle(self, **options: Any) -> None:
        """Say it."""
        for calendar in queries.ending_calendars(today=timezone.localdate()):
            self.stdout.write(f"Warning: {calendar.sentence}")
        health = queries.health()
        if not health.is_healthy:
            last = health.last_turn_at.isoformat(" ", "seconds") if health.last_turn_at else "never"
            raise CommandError(f"No node makes turns; the last one: {last}.")
        self.stdout.write(f"{health.nodes} nodes make turns; the scheduler is {health.state.label}.")
