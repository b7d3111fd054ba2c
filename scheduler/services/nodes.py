"""What nodes write about themselves, and about each other when one falls silent."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carnation import __version__
from scheduler import conf
from scheduler.models import DEAD_AFTER, Execution, Node, SchedulerState, Status


def register_node(*, name: str, pid: int, threads: int, now: datetime) -> Node:
    """Add the row of a node that starts, and make sure that there is a state for it to obey."""
    SchedulerState.objects.get_or_create(pk=SchedulerState.THE_ONE)
    return Node.objects.create(
        name=name,
        host=conf.current_host(),
        pid=pid,
        version=__version__,
        threads=threads,
        started_at=now,
        heartbeat_at=now,
    )


def beat(node: Node, *, load: int, now: datetime) -> bool:
    """Say that the node is alive; False when others have declared it dead meanwhile."""
    return bool(Node.objects.filter(pk=node.pk, stopped_at=None).update(heartbeat_at=now, load=load))


@transaction.atomic
def bury_dead_nodes(*, now: datetime) -> int:
    """Declare silent nodes dead and their executions lost; return how many executions.

    Compare-and-set, so that any number of nodes may do it at once, and a node that comes back finds out.
    """
    dead = list(Node.objects.select_for_update().dead(now).values_list("pk", flat=True))
    if not dead:
        return 0
    reason = _("No heartbeat for %d s.") % DEAD_AFTER.total_seconds()
    Node.objects.filter(pk__in=dead, stopped_at=None).update(stopped_at=now, stop_reason=reason)
    lost = Execution.objects.filter(status=Status.RUNNING, node_id__in=dead)
    return lost.update(
        status=Status.LOST, reason=_("Its node died before it could record the end of this run."), finished_at=now
    )


@transaction.atomic
def retire_node(node: Node, *, now: datetime) -> None:
    """Write the end of a node that stops in order: what did not end within its grace is lost."""
    Execution.objects.filter(status=Status.RUNNING, node_id=node.pk).update(
        status=Status.LOST,
        reason=_("Still running when its node stopped, after the grace period."),
        finished_at=now,
    )
    Node.objects.filter(pk=node.pk, stopped_at=None).update(stopped_at=now, stop_reason=_("Stopped in order."), load=0)
