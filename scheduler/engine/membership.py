"""This process among the nodes: it registers, says that it is alive, buries the silent, and takes its leave."""

import logging
import os
import time
from collections.abc import Callable
from datetime import datetime

from scheduler.engine.definitions import Run
from scheduler.models import DEAD_AFTER, HEARTBEAT_EVERY, Node
from scheduler.services import nodes

logger = logging.getLogger(__name__)

# A beat is good for as long as nobody may bury who made it, less a little for what takes its time in between.
LEASE_SECONDS = DEAD_AFTER.total_seconds() - 2
# Seconds by which the database's clock may go otherwise than ours between two beats, and still count as the same.
MOST_DRIFT = 2.0


class Membership:
    """The node's row, and the beats that keep it. All waiting is on the monotonic clock."""

    def __init__(
        self,
        *,
        name: str,
        threads: int,
        clock: Callable[[], datetime],
        load: Callable[[], tuple[int, int]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`load` tells how many executions this node holds, and how many bodies are stuck."""
        self.node: Node
        self._name = name
        self._threads = threads
        self._clock = clock
        self._load = load
        self._monotonic = monotonic
        self._has_turned = False
        self._next_beat = 0.0
        self._beating_since: float | None = None
        self._confirmed_at = float("-inf")
        # By how many seconds the database's clock was ahead of ours at the last beat.
        self._ahead: float | None = None

    def join(self) -> None:
        """Register this process; again, as a new node, after others have declared it dead."""
        asked_at = _boot_time()
        self.node = nodes.register_node(name=self._name, pid=os.getpid(), threads=self._threads, now=self._clock())
        self._beating_since = None
        self._confirmed_at = asked_at

    def note_turn(self) -> None:
        """Remember that a turn succeeded; the next beat tells."""
        self._has_turned = True

    def is_ours(self, run: Run) -> bool:
        """Tell whether a run was claimed since this process last joined; what was claimed before a burial is lost."""
        return run.node_id == self.node.pk

    def is_confirmed(self) -> bool:
        """Tell whether this node may begin what it holds: no other can have declared it dead since its last beat.

        Measured on a clock that goes on while the process, or the whole machine, is suspended.
        """
        return _boot_time() - self._confirmed_at < LEASE_SECONDS

    def beat_if_time(self) -> bool:
        """Say that this node is alive, and bury those that are not; False when this one has been buried."""
        now = self._monotonic()
        if now < self._next_beat:
            return True
        # A gap means that the database was away, or this process. The others' beats may have stayed away with it.
        if now > self._next_beat + HEARTBEAT_EVERY.total_seconds():
            self._beating_since = None
        asked_at, (load, stuck) = _boot_time(), self._load()
        database_now = nodes.beat(self.node, load=load, stuck=stuck, turned=self._has_turned)
        if database_now is None:
            return False
        self._confirmed_at = asked_at
        if self._has_stepped(database_now.timestamp() - now):
            self._beating_since = None
        self._next_beat, self._has_turned = now + HEARTBEAT_EVERY.total_seconds(), False
        self._beating_since = self._beating_since or now
        if now - self._beating_since >= DEAD_AFTER.total_seconds():
            self._bury()
        return True

    def retire(self) -> None:
        """Leave in order: what is still running here is lost."""
        nodes.retire_node(self.node, now=self._clock())

    def _has_stepped(self, ahead: float) -> bool:
        """Tell whether the database's clock was set since the last beat: the others' beats say nothing until the next.

        As after a fail-over to a server with another clock, or when this machine slept, whose clock then stood still.
        """
        before, self._ahead = self._ahead, ahead
        return before is not None and abs(ahead - before) > MOST_DRIFT

    def _bury(self) -> None:
        """Declare others dead; only after having beaten for so long that theirs would have been seen."""
        if lost := nodes.bury_dead_nodes(now=self._clock()):
            logger.warning("%d executions of dead nodes are lost.", lost, extra={"action": "executions_lost"})


def _boot_time() -> float:
    """Return the seconds since the machine was started, including those in which it slept."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
