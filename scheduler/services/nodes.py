"""What nodes write about themselves, and about each other when one falls silent.

Lock order: the node first, then its executions.
"""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from scheduler import __version__, conf
from scheduler.exceptions import NodeBuried
from scheduler.models import DEAD_AFTER, DatabaseNow, Execution, Node, SchedulerState, Status
from scheduler.services.executions import lose_executions
from scheduler.services.rules import touch_rules


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
        heartbeat_at=DatabaseNow(),
        last_turn_at=DatabaseNow(),
    )


def beat(node: Node, *, load: int, stuck: int, turned: bool) -> datetime | None:
    """Say that the node is alive, and whether its turns succeed.

    Return the database's present time; None when the node has been declared dead meanwhile.
    """
    says = {"heartbeat_at": DatabaseNow(), "load": load, "stuck": stuck}
    alive = Node.objects.filter(pk=node.pk, stopped_at=None)
    alive.update(**says, **({"last_turn_at": DatabaseNow()} if turned else {}))
    return alive.values_list("heartbeat_at", flat=True).first()


@transaction.atomic
def bury_dead_nodes(*, now: datetime) -> int:
    """Declare silent nodes dead, and lost what runs on nodes that have ended; return how many executions.

    Compare-and-set, so that any number of nodes may do it at once, and a node that comes back finds out.
    """
    # One that is locked is in the middle of a claim, or frozen there, until the database ends its transaction.
    dead = list(Node.objects.select_for_update(skip_locked=True).dead().values_list("pk", flat=True))
    reason = _("No heartbeat for %d s.") % DEAD_AFTER.total_seconds()
    if Node.objects.filter(pk__in=dead, stopped_at=None).update(stopped_at=now, stop_reason=reason):
        # Its last claim may have gone by maintenance windows that were changed meanwhile: what it let wait for them is
        # mended by its own next turn, which does not come.
        touch_rules()
    ended = Node.objects.exclude(stopped_at=None).filter(executions__status=Status.RUNNING).values_list("pk", flat=True)
    # A node whose row is gone cannot end any more: somebody has emptied the table, or restored a backup.
    known = Node.objects.filter(pk=OuterRef("node_id"))
    gone = Execution.objects.filter(~Exists(known), status=Status.RUNNING).values_list("node_id", flat=True)
    return lose_executions(
        {*ended.distinct(), *(node_id for node_id in gone.distinct().order_by() if node_id)},
        reason=_("Its node died before it could record the end of this run."),
        now=now,
    )


@transaction.atomic
def retire_node(node: Node, *, now: datetime) -> None:
    """Write the end of a node that stops in order: what did not end within its grace is lost."""
    alive = Node.objects.filter(pk=node.pk, stopped_at=None)
    alive.update(stopped_at=now, stop_reason=_("Stopped in order."), load=0, stuck=0)
    lose_executions([node.pk], reason=_("Still running when its node stopped, after the grace period."), now=now)


def hold_node(node: Node) -> None:
    """Hold a node's row until the commit, so that nobody declares it dead in between. Raises NodeBuried.

    Once in each claim, and so not by the ORM, which takes several times as long as the database.
    """
    lock = connection.ops.for_update_sql() if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {Node._meta.db_table} WHERE id = %s AND stopped_at IS NULL {lock}", [node.pk])  # noqa: S608 - the value is a parameter
        if cursor.fetchone() is None:
            raise NodeBuried(name=node.name)


def cancelled_executions(node: Node) -> dict[int, str]:
    """Return what runs on a node and is to be cancelled, with the reasons."""
    running = Execution.objects.filter(status=Status.RUNNING, node_id=node.pk)
    return dict(running.exclude(cancel_requested_at=None).values_list("pk", "reason"))


def give_back_executions(node: Node, *, ids: list[int]) -> int:
    """Return executions of this node that no body has begun to the queue, for whichever node has room."""
    ours = Execution.objects.filter(id__in=ids, status=Status.RUNNING, node_id=node.pk)
    return ours.update(status=Status.QUEUED, node_id=None)


def running_executions(node: Node) -> set[int]:
    """Return the ids of the executions that the ledger says this node runs."""
    return set(Execution.objects.filter(status=Status.RUNNING, node_id=node.pk).values_list("id", flat=True))
