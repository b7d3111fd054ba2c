"""Execution: the ledger. One row for every occurrence, whether it ran or not, and why."""

from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduler.models.ids import new_id
from scheduler.models.jobs import Job
from scheduler.models.nodes import Node


class Status(models.TextChoices):
    """The state of an execution; all but the first two are final."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    TIMED_OUT = "timed_out", _("timed out")
    CANCELLED = "cancelled", _("cancelled")
    MISSED = "missed", _("missed")
    SKIPPED = "skipped", _("skipped")
    LOST = "lost", _("lost")


ACTIVE = (Status.QUEUED, Status.RUNNING)
FINAL = tuple(status for status in Status if status not in ACTIVE)
# What began and came to no good end, and what was not even begun in time; to be cancelled or skipped is no failure.
FAILURES = (Status.FAILED, Status.TIMED_OUT, Status.LOST)
UNSUCCESSFUL = (*FAILURES, Status.MISSED)


class Origin(models.TextChoices):
    """How an execution came about."""

    SCHEDULE = "schedule", _("schedule")
    MANUAL = "manual", _("manual")
    RETRY = "retry", _("retry")
    BACKFILL = "backfill", _("backfill")
    RECOVERY = "recovery", _("recovery")


class ExecutionQuerySet(models.QuerySet["Execution"]):
    """Predicates that chain."""

    def active(self) -> Self:
        """Executions that are queued or running."""
        return self.filter(status__in=ACTIVE)

    def final(self) -> Self:
        """Executions that will not change any more."""
        return self.filter(status__in=FINAL)

    def of_job(self, job_id: str) -> Self:
        """The executions of one job, which may be gone, newest first."""
        return self.filter(job_id=job_id).order_by("-id")


class Execution(models.Model):
    """One occurrence's row (or one manual run's). The job and the node may be gone: history outlives both."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    job = models.ForeignKey(
        Job, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="executions"
    )
    scheduled_for = models.DateTimeField(_("scheduled for"))
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.QUEUED)
    reason = models.TextField(_("reason"), default="", blank=True)
    origin = models.CharField(_("origin"), max_length=16, choices=Origin.choices, default=Origin.SCHEDULE)
    revision = models.PositiveIntegerField(_("revision"))
    priority = models.SmallIntegerField(_("priority"), default=0)
    available_at = models.DateTimeField(
        _("available at"), default=timezone.now, help_text=_("Before this moment it does not start.")
    )
    args = models.JSONField(
        _("positional arguments"), null=True, help_text=_("Those of this run; empty: those of the job.")
    )
    kwargs = models.JSONField(
        _("keyword arguments"), null=True, help_text=_("Those of this run; empty: those of the job.")
    )
    node = models.ForeignKey(
        Node, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="executions"
    )
    occurrences = models.PositiveIntegerField(
        _("occurrences"),
        null=True,
        default=1,
        help_text=_("How many occurrences this row stands for; empty: too many to count."),
    )
    first_scheduled_for = models.DateTimeField(
        _("first scheduled for"), null=True, help_text=_("The earliest occurrence, where the row stands for several.")
    )
    created_at = models.DateTimeField(_("created at"))
    cancel_requested_at = models.DateTimeField(_("cancel requested at"), null=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = ExecutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("execution")
        verbose_name_plural = _("executions")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            # The database refuses a second run of one occurrence. Its index also finds a job's latest execution.
            models.UniqueConstraint(fields=["job", "scheduled_for", "attempt"], name="execution_once"),
        ]
        indexes: ClassVar = [
            # Taking queued rows by priority, then age; counting the active rows of jobs; a dead node's rows.
            models.Index(fields=["status", "-priority", "available_at", "job"], name="execution_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} @ {self.scheduled_for.isoformat()}"

    @property
    def duration(self) -> timedelta | None:
        """How long the body ran."""
        if self.started_at is None or self.finished_at is None:
            return None
        return self.finished_at - self.started_at


class ExecutionOutput(models.Model):
    """An execution's large texts, apart from it so that lists stay fast. Absent when there is nothing to keep."""

    # No constraint: the recorder writes it in bulk, and retention deletes both.
    execution = models.OneToOneField(
        Execution, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="output"
    )
    log = models.TextField(
        _("log"), default="", blank=True, help_text=_("stdout, stderr and logging; head and tail, if it is long.")
    )
    progress_done = models.FloatField(_("done"), null=True)
    progress_total = models.FloatField(_("of"), null=True)
    progress_text = models.CharField(_("progress"), max_length=255, default="", blank=True)
    result = models.TextField(_("return value"), default="", blank=True, help_text=_("JSON, else the repr; bounded."))
    traceback = models.TextField(_("traceback"), default="", blank=True)

    class Meta:
        verbose_name = _("output")
        verbose_name_plural = _("outputs")

    def __str__(self) -> str:
        return f"output of {self.execution_id}"
