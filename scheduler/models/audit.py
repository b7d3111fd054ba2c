"""AuditEntry: who did what, and when. History outlives the job, as executions do."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduler.models.fields import ExactCharField
from scheduler.models.ids import new_id


class Kind(models.TextChoices):
    """To what something was done."""

    JOB = "job", _("job")
    SCHEDULER = "scheduler", _("scheduler")
    CALENDAR = "calendar", _("calendar")
    WINDOW = "window", _("maintenance window")
    TOKEN = "token", _("API token")
    USER = "user", _("user")
    GROUP = "group", _("group")


class Action(models.TextChoices):
    """What was done."""

    CREATED = "created", _("created")
    CHANGED = "changed", _("changed")
    RESTORED = "restored", _("restored")
    DELETED = "deleted", _("deleted")
    PAUSED = "paused", _("paused")
    RESUMED = "resumed", _("resumed")
    RUN = "run", _("run")
    BACKFILLED = "backfilled", _("backfilled")
    CANCELLED = "cancelled", _("cancelled")
    QUARANTINED = "quarantined", _("quarantined")
    SCHEDULER_STARTED = "scheduler_started", _("scheduler started")
    SCHEDULER_STOPPED = "scheduler_stopped", _("scheduler stopped")
    SCHEDULER_PAUSED = "scheduler_paused", _("scheduler paused")
    SCHEDULER_RESUMED = "scheduler_resumed", _("scheduler resumed")


# What changes whether, when or as what a job is due; the rest are single runs.
OF_DEFINITIONS = (
    Action.CREATED, Action.CHANGED, Action.RESTORED, Action.DELETED, Action.PAUSED, Action.RESUMED, Action.QUARANTINED,
)  # fmt: skip
OF_SCHEDULER = (
    Action.SCHEDULER_STARTED, Action.SCHEDULER_STOPPED, Action.SCHEDULER_PAUSED, Action.SCHEDULER_RESUMED,
)  # fmt: skip
# Whose latest entry says who has paused what is still paused.
OF_STANDING = (Action.CREATED, Action.PAUSED, Action.RESUMED, *OF_SCHEDULER)


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Predicates that chain."""

    def of_job(self, job_id: str) -> Self:
        """What was done to one job, which may be gone, newest first."""
        return self.filter(job_id=job_id).order_by("-id")

    def of_scheduler(self) -> Self:
        """What was done to the scheduler as a whole, newest first."""
        return self.of_job("").filter(kind=Kind.SCHEDULER)


class AuditEntry(models.Model):
    """One thing that somebody did. Written in the transaction that did it, so that both are true or neither."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(
        _("actor"), max_length=255, blank=True, help_text=_("A user or a node; empty where nobody knows.")
    )
    source = models.CharField(_("source"), max_length=16, blank=True, help_text=_("By which way it was done."))
    address = models.CharField(
        _("address"), max_length=45, default="", blank=True, help_text=_("From where a request came.")
    )
    action = models.CharField(_("action"), max_length=32, choices=Action.choices)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.JOB)
    name = models.CharField(_("name"), max_length=255, default="", blank=True)
    job_id = ExactCharField(_("job"), max_length=255, blank=True, help_text=_("Empty: something else than a job."))
    revision = models.PositiveIntegerField(_("revision"), null=True)
    details = models.JSONField(
        _("details"), default=dict, help_text=_("By field, what was there before and after; or which run it was.")
    )

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            # What was done to a job, in order. Retention goes by the primary key.
            models.Index(fields=["job_id", "id"], name="audit_of_job"),
            # The filters of the log's page, which shows the newest of a million first.
            models.Index(fields=["actor", "id"], name="audit_of_actor"),
            models.Index(fields=["action", "id"], name="audit_of_action"),
            models.Index(fields=["source", "id"], name="audit_of_source"),
            models.Index(fields=["kind", "id"], name="audit_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.job_id or self.name}".strip()

    def change_of(self, field: str) -> tuple[Any, Any] | None:
        """Return what was in a field before and after; None where this left it alone."""
        match self.details.get(field):
            case [before, after]:
                return before, after
        return None
