"""Node: one running `runapscheduler` process; SchedulerState: what all of them are told to do."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from scheduler.models.ids import new_id

# A node that has not been heard for DEAD_AFTER is dead: its executions are lost. Both together stay under 15 s.
HEARTBEAT_EVERY = timedelta(seconds=3)
DEAD_AFTER = timedelta(seconds=12)


class DatabaseNow(Now):
    """The database's clock, in UTC: heartbeats of several hosts must not be compared by the hosts' own clocks."""

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """CURRENT_TIMESTAMP would be in the zone of the server."""
        return self.as_sql(compiler, connection, template="UTC_TIMESTAMP(6)", **extra_context)


def _is_recent(column: str) -> models.Q:
    """Not long ago; nor in the future, from before the database's clock was set back."""
    now, span = DatabaseNow(), models.Value(DEAD_AFTER)
    return models.Q((f"{column}__gt", now - span), (f"{column}__lte", now + span))


class NodeQuerySet(models.QuerySet["Node"]):
    """Predicates that chain."""

    def alive(self) -> Self:
        """Nodes heard of lately that have not stopped."""
        return self.filter(_is_recent("heartbeat_at"), stopped_at=None)

    def dead(self) -> Self:
        """Nodes that fell silent without saying goodbye."""
        return self.filter(~_is_recent("heartbeat_at"), stopped_at=None)

    def turning(self) -> Self:
        """Nodes that are alive and whose turns succeed."""
        return self.alive().filter(_is_recent("last_turn_at"))


class Node(models.Model):
    """One process, from its start to its end; a restart is another node of the same name."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=255)
    host = models.CharField(_("host"), max_length=255)
    pid = models.PositiveIntegerField(_("process id"))
    version = models.CharField(_("version"), max_length=32)
    code_version = models.CharField(
        _("code version"),
        max_length=64,
        default="",
        blank=True,
        help_text=_("Of the project's code when it started; empty where nobody knows."),
    )
    threads = models.PositiveIntegerField(
        _("workers"), help_text=_("How many bodies it can run at once, in threads and in processes.")
    )
    load = models.PositiveIntegerField(_("load"), default=0, help_text=_("Executions that it holds."))
    stuck = models.PositiveIntegerField(
        _("stuck"), default=0, help_text=_("Bodies that were told to stop, and still run in a thread.")
    )
    orders = models.PositiveIntegerField(
        _("orders"), default=0, editable=False, help_text=_("Counts the requests to cancel something that it runs.")
    )
    started_at = models.DateTimeField(_("started at"))
    heartbeat_at = models.DateTimeField(_("last heartbeat"))
    last_turn_at = models.DateTimeField(_("last turn"), help_text=_("When a turn last succeeded."))
    stopped_at = models.DateTimeField(_("stopped at"), null=True)
    stop_reason = models.CharField(_("stop reason"), max_length=255, default="", blank=True)

    objects = NodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("node")
        verbose_name_plural = _("nodes")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            # Which nodes are alive, which died.
            models.Index(fields=["stopped_at", "heartbeat_at"], name="node_alive"),
        ]

    def __str__(self) -> str:
        return self.name


class DesiredState(models.TextChoices):
    """What the nodes are told: run; start nothing new by schedule; stand by."""

    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped")


class SchedulerState(models.Model):
    """The one row that says what every node shall do."""

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    desired = models.CharField(
        _("desired state"), max_length=16, choices=DesiredState.choices, default=DesiredState.RUNNING
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    rules_revision = models.PositiveBigIntegerField(default=0, editable=False)
    housekept_at = models.DateTimeField(_("housekept at"), null=True, editable=False)
    counted_at = models.DateTimeField(_("counted at"), null=True, editable=False)
    foretold_at = models.DateTimeField(_("foretold at"), null=True, editable=False)

    class Meta:
        verbose_name = _("scheduler state")
        verbose_name_plural = _("scheduler state")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="scheduler_state_is_one_row"),
        ]

    def __str__(self) -> str:
        return self.get_desired_display()
