"""MaintenanceWindow: when jobs are not started, once or again and again."""

from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduler.models.fields import ExactCharField


class MaintenanceWindowQuerySet(models.QuerySet["MaintenanceWindow"]):
    """Predicates that chain."""

    def called(self, name: str) -> Self:
        """The window of this name. PostgreSQL would refuse to look for one with a null character, which none has."""
        return self.none() if "\0" in name else self.filter(pk=name)


class MaintenanceWindow(models.Model):
    """Begins whenever its trigger is due, and lasts a fixed while. Each job says what becomes of its occurrences."""

    name = ExactCharField(_("name"), primary_key=True, max_length=255)
    trigger = models.JSONField(_("trigger"), help_text=_("When it begins: a canonical spec; see scheduler.triggers."))
    timezone = ExactCharField(_("time zone"), max_length=64)
    duration_seconds = models.PositiveIntegerField(_("duration in seconds"))
    tags = models.JSONField(
        _("tags"), default=list, blank=True, help_text=_("The jobs with any of these tags are concerned. Empty: all.")
    )
    note = models.TextField(_("note"), default="", blank=True, help_text=_("What is done meanwhile, for people."))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.CharField(_("created by"), max_length=255, default="", blank=True)

    objects = MaintenanceWindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("maintenance window")
        verbose_name_plural = _("maintenance windows")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(duration_seconds__gte=1), name="window_lasts_a_second_at_least"),
        ]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def duration(self) -> timedelta:
        """How long it lasts each time."""
        return timedelta(seconds=self.duration_seconds)
