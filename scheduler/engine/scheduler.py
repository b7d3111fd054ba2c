"""The loop of a node. Read it with DESIGN.md, section 5, beside: one turn is `_turn`, the rest guards and paces it."""

import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.base import STATE_STOPPED
from apscheduler.schedulers.blocking import BlockingScheduler
from django.db import connection

from scheduler import conf
from scheduler.engine.alarm import Alarm
from scheduler.engine.definitions import Run
from scheduler.engine.executors import Executor, create_executor
from scheduler.engine.pulse import Pulse, feel_pulse
from scheduler.engine.recorder import Recorder
from scheduler.engine.store import ScheduleStore
from scheduler.models import HEARTBEAT_EVERY, DesiredState, Execution, Node, Status
from scheduler.services import nodes
from scheduler.services.declared import Report, load_declared_jobs
from scheduler.services.problems import review_problems
from scheduler.services.schedules import restore_missing_schedules, sync_stale_schedules

logger = logging.getLogger(__name__)

LONGEST_SLEEP = 1.0
# While another node has locked what is due, looking again at once would only burn time.
SHORTEST_SLEEP = 0.005
# A full batch may leave more behind; a failing turn is tried again soon, but not in a hot loop.
AT_ONCE = 0.0
AFTER_FAILURE = 0.5
STALE_PER_TURN = 200
RECORDER_GRACE = 10.0


def utc_now() -> datetime:
    """Return the present moment; tests put another clock in its place."""
    return datetime.now(UTC)


class CarnationScheduler(BlockingScheduler):
    """A node: APScheduler's blocking scheduler, with a loop that claims rows instead of walking a job list."""

    def __init__(self, *, name: str = "", threads: int | None = None, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(timezone=UTC)
        self._clock = clock
        self._name = name or f"{conf.current_host()}-{os.getpid()}"
        self._alarm = Alarm()
        self._store = ScheduleStore()
        self.add_jobstore(self._store, "default")
        self._pool: dict[str, Executor] = {}
        for alias, options in conf.executors().items():
            executor = create_executor(options, max_workers=threads if alias == "default" else None)
            self._pool[alias] = executor
            self.add_executor(executor, alias)
        self._node: Node
        self._recorder = Recorder(lambda: self._node.pk)
        self._stop_requested = False
        self._next_beat = datetime.min.replace(tzinfo=UTC)
        self._failed_turns = 0

    def prepare(self) -> Report:
        """Register the node, load SCHEDULER_JOBS, and look over what is stored. Raises what the database raises."""
        now = self._clock()
        threads = sum(executor.max_workers for executor in self._pool.values())
        self._node = nodes.register_node(name=self._name, pid=os.getpid(), threads=threads, now=now)
        report = load_declared_jobs(conf.declared_jobs())
        restore_missing_schedules(now=now)
        broken = review_problems()
        logger.info("Node %s started; %d broken jobs.", self._name, broken, extra={"action": "node_started"})
        return report

    def run_once(self) -> None:
        """Make one turn, wait for what it started, record it, and stop."""
        self._start_workers()
        self._turn()
        self._wait_for_bodies()
        self._drain()

    def run_until_stopped(self) -> None:
        """Make turns until `request_stop`, then drain."""
        self._alarm.ring_on_signals()
        self._start_workers()
        self._main_loop()
        self._drain()

    def request_stop(self) -> None:
        """Ask the loop to end after its present turn. May be called from a signal handler."""
        self._stop_requested = True
        self._alarm.ring()

    def wakeup(self) -> None:
        """End the present sleep: there is something to do."""
        self._alarm.ring()

    def _start_workers(self) -> None:
        for executor in self._pool.values():
            executor.connect(on_outcome=self._recorder.put, on_idle=self.wakeup)
        self._recorder.start()
        # BaseScheduler's start brings up executors and store; BlockingScheduler's would enter the stock loop.
        super(BlockingScheduler, self).start()

    def _main_loop(self) -> None:
        while not self._stop_requested and self.state != STATE_STOPPED:
            self._alarm.sleep(self._guarded_turn())

    def _guarded_turn(self) -> float:
        """Make one turn; whatever goes wrong costs this turn only. Return for how long to sleep."""
        try:
            pause = self._turn()
        except Exception:
            self._failed_turns += 1
            if self._failed_turns == 1:
                logger.exception("A turn failed; trying on.", extra={"action": "turn_failed"})
            connection.close()
            return AFTER_FAILURE
        if self._failed_turns:
            logger.warning("Recovered after %d failed turns.", self._failed_turns, extra={"action": "turn_recovered"})
            self._failed_turns = 0
        return pause

    def _turn(self) -> float:
        """Read the pulse, do what it asks for, and return the seconds until there may be more to do."""
        now = self._clock()
        self._beat_if_time(now)
        pulse = feel_pulse()
        busy = False
        if pulse.has_stale:
            busy |= sync_stale_schedules(now=now, limit=STALE_PER_TURN) == STALE_PER_TURN
            pulse = feel_pulse()
        if pulse.desired != DesiredState.STOPPED:
            busy |= self._take_queued(pulse, now=now)
        if pulse.desired == DesiredState.RUNNING and pulse.next_run_time and pulse.next_run_time <= now:
            runs, due = self._store.claim(self._node, now=now, free=self._free())
            self._dispatch(runs)
            busy |= due > 0
        return AT_ONCE if busy else self._seconds_until(pulse)

    def _take_queued(self, pulse: Pulse, *, now: datetime) -> bool:
        """Start queued executions while there is room; the executor rings when there is room again."""
        manual_only = pulse.desired == DesiredState.PAUSED
        free = self._free()
        if not (pulse.has_manual if manual_only else pulse.has_queued) or not sum(free.values()):
            return False
        runs, _seen = self._store.take_queued(self._node, now=now, free=free, manual_only=manual_only)
        self._dispatch(runs)
        return len(runs) > 0

    def _free(self) -> dict[str, int]:
        return {alias: executor.free() for alias, executor in self._pool.items()}

    def _dispatch(self, runs: list[Run]) -> None:
        """Hand over runs whose rows are committed."""
        for run in runs:
            self._pool[run.executor].submit_job(run, [run.scheduled_for])

    def _seconds_until(self, pulse: Pulse) -> float:
        """Return the sleep until the next due instant, capped, so that every change is seen within a second."""
        if pulse.desired != DesiredState.RUNNING or pulse.next_run_time is None:
            return LONGEST_SLEEP
        return min(max((pulse.next_run_time - self._clock()).total_seconds(), SHORTEST_SLEEP), LONGEST_SLEEP)

    def _beat_if_time(self, now: datetime) -> None:
        """Say that this node is alive, and bury those that are not."""
        if now < self._next_beat <= now + HEARTBEAT_EVERY:
            return
        if not nodes.beat(self._node, load=self._held(), now=now):
            self._come_back(now)
        if lost := nodes.bury_dead_nodes(now=now):
            logger.warning("%d executions of dead nodes are lost.", lost, extra={"action": "executions_lost"})
        self._next_beat = now + HEARTBEAT_EVERY

    def _come_back(self, now: datetime) -> None:
        """Go on as a new node, after others have declared this one dead and its executions lost."""
        for executor in self._pool.values():
            executor.give_back()
        self._node = nodes.register_node(name=self._name, pid=os.getpid(), threads=self._node.threads, now=now)
        logger.error("This node was declared dead; it goes on as a new one.", extra={"action": "node_came_back"})

    def _held(self) -> int:
        return sum(executor.held for executor in self._pool.values())

    def _wait_for_bodies(self) -> None:
        """Wait until no body runs, for as long as a stopping node may."""
        deadline = time.monotonic() + conf.shutdown_grace_seconds()
        for executor in self._pool.values():
            executor.wait(deadline - time.monotonic())

    def _drain(self) -> None:
        """Stop in order: what has not begun goes back into the queue, what runs gets its grace, the rest is lost."""
        unbegun = [run.execution_id for executor in self._pool.values() for run in executor.give_back()]
        Execution.objects.filter(id__in=unbegun, status=Status.RUNNING, node_id=self._node.pk).update(
            status=Status.QUEUED, node_id=None
        )
        self._wait_for_bodies()
        self._recorder.stop(RECORDER_GRACE)
        nodes.retire_node(self._node, now=self._clock())
        super(BlockingScheduler, self).shutdown(wait=False)
        logger.info("Node %s stopped.", self._name, extra={"action": "node_stopped"})
