"""How the nodes are, what they are told, and by whom since when; two statements."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.expressions import RawSQL

from scheduler.models import AuditEntry, DatabaseNow, DesiredState, Execution, Node, SchedulerState, Status

# Of more than so many queued runs nobody needs the number.
MOST_COUNTED = 1_000
MOST_NODES = 50


@dataclass(frozen=True, kw_only=True)
class SeenNode:
    """A node that has not said goodbye. `since` is how long ago its last turn succeeded, by the database's clock."""

    id: int
    name: str
    load: int
    threads: int
    stuck: int
    is_turning: bool
    is_alive: bool
    since_turn: timedelta


@dataclass(frozen=True, kw_only=True)
class Installation:
    """The state of all. `changed_by` and `changed_at` tell of the last pause, stop, start or resume."""

    state: DesiredState
    changed_by: str
    changed_by_way_of: str
    changed_at: datetime | None
    last_turn_at: datetime | None
    queued: int
    nodes: tuple[SeenNode, ...]

    @property
    def turning(self) -> int:
        """How many nodes make turns that succeed."""
        return sum(node.is_turning for node in self.nodes)

    @property
    def running(self) -> int:
        """How many runs the living nodes hold."""
        return sum(node.load for node in self.nodes if node.is_alive)

    @property
    def workers(self) -> int:
        """How many runs the living nodes could hold."""
        return sum(node.threads for node in self.nodes if node.is_alive)

    @property
    def has_more_queued(self) -> bool:
        """Whether `queued` is only where the counting ended."""
        return self.queued >= MOST_COUNTED

    @property
    def since_turn(self) -> timedelta | None:
        """How long ago any node made a turn."""
        return min((node.since_turn for node in self.nodes), default=None)


def read_installation() -> Installation:
    """Return how all is."""
    row = _read_state()
    return Installation(
        state=DesiredState(row.get("desired", DesiredState.RUNNING)),
        changed_by=row.get("actor") or "",
        changed_by_way_of=row.get("source") or "",
        changed_at=row.get("at"),
        last_turn_at=row.get("last_turn_at"),
        queued=row.get("queued", 0),
        nodes=tuple(_read_nodes()),
    )


def _read_state() -> dict[str, Any]:
    latest = AuditEntry.objects.of_scheduler()
    turns = Node.objects.order_by("-last_turn_at")
    annotated = SchedulerState.objects.annotate(
        actor=Subquery(latest.values("actor")[:1]),
        source=Subquery(latest.values("source")[:1]),
        at=Subquery(latest.values("at")[:1]),
        last_turn_at=Subquery(turns.values("last_turn_at")[:1]),
        queued=RawSQL(  # noqa: S611 - the name is ours, the values are parameters
            f"(SELECT COUNT(*) FROM (SELECT 1 FROM {Execution._meta.db_table} WHERE status = %s LIMIT %s) AS queued)",  # noqa: S608
            (Status.QUEUED.value, MOST_COUNTED),
            output_field=models.IntegerField(),
        ),
    )
    columns = ("desired", "actor", "source", "at", "last_turn_at", "queued")
    row: dict[str, Any] | None = annotated.filter(pk=SchedulerState.THE_ONE).values(*columns).first()
    return row or {}


def _read_nodes() -> list[SeenNode]:
    since = models.ExpressionWrapper(DatabaseNow() - F("last_turn_at"), output_field=models.DurationField())
    found = Node.objects.filter(stopped_at=None).annotate(
        is_turning=Exists(Node.objects.turning().filter(pk=OuterRef("pk"))),
        is_alive=Exists(Node.objects.alive().filter(pk=OuterRef("pk"))),
        since_turn=since,
    )
    columns = ("id", "name", "load", "threads", "stuck", "is_turning", "is_alive", "since_turn")
    return [SeenNode(**row) for row in found.order_by("-id").values(*columns)[:MOST_NODES]]
