"""Job: a definition, the truth that schedules are derived from."""

from datetime import datetime
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from scheduler.models.fields import ExactCharField
from scheduler.models.revisions import Revisions

LONGEST_PAUSE_REASON = 255


class JsonText(Cast):
    """A JSON column as text: comparable on every database, and immutable, as a generated column must be."""

    def __init__(self, column: str | models.Value) -> None:
        super().__init__(column, output_field=models.TextField())

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """MariaDB stores JSON as text, and forbids a cast here, whose charset would depend on the session."""
        if connection.mysql_is_mariadb:
            return compiler.compile(self.get_source_expressions()[0])
        return self.as_sql(
            compiler, connection, template="CAST(CAST(%(expressions)s AS JSON) AS CHAR CHARACTER SET utf8mb4)"
        )


class Overlap(models.TextChoices):
    """What becomes of an occurrence that is due while as many runs as allowed are queued or running."""

    SKIP = "skip", _("skip it")
    QUEUE = "queue", _("queue it")
    REPLACE = "replace", _("cancel the one that runs, and run it instead")


class MaintenancePolicy(models.TextChoices):
    """What becomes of the occurrences that fall into a maintenance window."""

    SKIP = "skip", _("skip them")
    ONCE = "once", _("run once after it")
    ALL = "all", _("run all of them after it")


class OnLost(models.TextChoices):
    """What becomes of a run whose node died: nobody knows how far it came."""

    FAIL = "fail", _("leave it lost")
    RERUN = "rerun", _("run it again")


class JobQuerySet(models.QuerySet["Job"]):
    """Predicates that chain."""

    def unfinished(self) -> Self:
        """Jobs whose schedule is not used up."""
        return self.filter(finished_at=None)

    def stale(self) -> Self:
        """Jobs changed since their schedule was derived, by whichever write path."""
        return self.filter(stale=True)

    def with_pause_over(self, now: datetime) -> Self:
        """Jobs that are to resume by themselves, and have not yet."""
        return self.filter(paused_until__lte=now)

    def broken(self) -> Self:
        """Jobs in quarantine."""
        return self.exclude(problem="")


class Job(models.Model):
    """What to run, when, and how. Written through `scheduler.services`; any other write is noticed within a second."""

    id = ExactCharField(_("id"), primary_key=True, max_length=255)
    name = models.CharField(_("name"), max_length=255)
    func = ExactCharField(_("task"), max_length=255, help_text=_("The reference, module:function, as it was sent."))
    args = models.JSONField(_("positional arguments"), default=list, blank=True)
    kwargs = models.JSONField(_("keyword arguments"), default=dict, blank=True)

    trigger = models.JSONField(_("trigger"), help_text=_("A canonical spec; see scheduler.triggers."))
    timezone = ExactCharField(_("time zone"), max_length=64)
    paused = models.BooleanField(_("paused"), default=False)
    paused_until = models.DateTimeField(
        _("paused until"), null=True, blank=True, help_text=_("When a paused job resumes by itself. Empty: never.")
    )
    pause_reason = models.CharField(_("reason of the pause"), max_length=LONGEST_PAUSE_REASON, default="", blank=True)
    tags = models.JSONField(
        _("tags"),
        default=list,
        blank=True,
        help_text=_("Short words, by which maintenance windows name the jobs that they concern."),
    )

    coalesce = models.BooleanField(
        _("coalesce"), default=True, help_text=_("Run once for all occurrences that are due, instead of once for each.")
    )
    misfire_grace_time = models.PositiveIntegerField(
        _("misfire grace time"),
        null=True,
        blank=True,
        default=3600,
        help_text=_("Seconds by which a run may start late; a later one is missed. Empty: however late."),
    )
    max_instances = models.PositiveIntegerField(
        _("max instances"), default=1, help_text=_("How many runs of this job may run at once, over all nodes.")
    )
    overlap = models.CharField(
        _("overlap"),
        max_length=16,
        choices=Overlap.choices,
        default=Overlap.SKIP,
        help_text=_("What becomes of an occurrence that is due while as many runs are active."),
    )
    maintenance = models.CharField(
        _("maintenance"),
        max_length=16,
        choices=MaintenancePolicy.choices,
        default=MaintenancePolicy.SKIP,
        help_text=_("What becomes of the occurrences that fall into a maintenance window."),
    )
    executor = ExactCharField(_("executor"), max_length=64, default="default")
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("Of the runs that wait, those with the greatest start first.")
    )
    timeout = models.PositiveIntegerField(
        _("timeout"), null=True, blank=True, help_text=_("Seconds after which a run is ended. Empty: never.")
    )
    max_runs = models.PositiveIntegerField(
        _("max runs"), null=True, blank=True, help_text=_("After how many scheduled runs the job ends. Empty: never.")
    )
    retries = models.PositiveIntegerField(
        _("retries"), default=0, help_text=_("How many times a run that failed is tried again.")
    )
    retry_delay = models.PositiveIntegerField(
        _("retry delay"),
        default=10,
        help_text=_("Seconds before the first retry; each further one waits twice as long."),
    )
    retry_max_delay = models.PositiveIntegerField(
        _("retry max delay"), default=3600, help_text=_("Seconds that a retry waits at most.")
    )
    retry_budget = models.PositiveIntegerField(
        _("retry budget"),
        null=True,
        blank=True,
        help_text=_("Seconds after the first try within which retries may start. Empty: however late."),
    )
    retry_on = models.JSONField(
        _("retry on"),
        default=list,
        blank=True,
        help_text=_("Names of the exceptions that are worth a retry, their subclasses included. Empty: all."),
    )
    on_lost = models.CharField(
        _("on lost"),
        max_length=16,
        choices=OnLost.choices,
        default=OnLost.FAIL,
        help_text=_("What becomes of a run whose node died. Only choose to run it again where that does no harm."),
    )
    keep_days = models.PositiveIntegerField(
        _("keep days"),
        null=True,
        blank=True,
        help_text=_("Days for which executions are kept. Empty: as the settings say."),
    )
    keep_executions = models.PositiveIntegerField(
        _("keep executions"),
        null=True,
        blank=True,
        help_text=_("How many executions are kept. Empty: as the settings say."),
    )

    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    problem = models.TextField(
        _("problem"), default="", blank=True, editable=False, help_text=_("Why the job cannot run now.")
    )
    declared = models.JSONField(
        _("declaration"),
        null=True,
        editable=False,
        encoder=DjangoJSONEncoder,
        help_text=_("The job's entry in SCHEDULER_JOBS when it was last loaded; empty for other jobs."),
    )
    run_count = models.PositiveIntegerField(
        _("scheduled runs"), default=0, editable=False, help_text=_("Counted where max_runs is set.")
    )
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    # What the schedule was last derived from. The database itself compares it with the definition, so that a write
    # by queryset.update() or by hand is seen like any other.
    synced_trigger = models.TextField(null=True, editable=False)  # noqa: DJ001 - null: never derived
    synced_timezone = ExactCharField(max_length=64, null=True, editable=False)
    synced_paused = models.BooleanField(null=True, editable=False)
    stale = models.GeneratedField(
        expression=models.Case(
            models.When(
                models.Q(synced_trigger=JsonText("trigger"))
                & models.Q(synced_timezone=models.F("timezone"))
                & models.Q(synced_paused=models.F("paused")),
                then=models.Value(0),
            ),
            default=models.Value(1),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )

    objects = JobQuerySet.as_manager()
    history = Revisions()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        permissions: ClassVar = [("operate_job", _("Can run, pause and cancel"))]
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            # The engine's pulse, each turn: is any job stale?
            models.Index(fields=["stale"], name="job_stale"),
            # The same: when does the next pause end?
            models.Index(fields=["paused_until"], name="job_paused_until"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(max_instances__gte=1), name="job_max_instances_at_least_1"),
        ]

    def __str__(self) -> str:
        return self.name or self.id

    @property
    def is_used_up(self) -> bool:
        """Whether the job has run as often as it may."""
        return self.max_runs is not None and self.run_count >= self.max_runs

    @property
    def end_of_pause(self) -> datetime | None:
        """When the job resumes by itself; None where it is not paused, or until somebody resumes it."""
        return self.paused_until if self.paused else None

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the trigger reads the clock."""
        return ZoneInfo(self.timezone)
