"""The app: registers the system checks and finds the tasks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulerConfig(AppConfig):
    """Wires the app; behaviour lives in its packages."""

    name = "scheduler"
    verbose_name = _("Scheduler")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, then import every installed app's jobs.py."""
        from scheduler import checks  # noqa: F401, PLC0415 - registers itself
        from scheduler.registry import discover_tasks  # noqa: PLC0415 - apps must be loaded

        discover_tasks()
