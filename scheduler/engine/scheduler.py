"""The loop of a node. Read it with DESIGN.md, section 5, beside: one turn is `_turn`, the rest guards and paces it."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from apscheduler.schedulers.base import STATE_STOPPED
from apscheduler.schedulers.blocking import BlockingScheduler
from django.db import connection

from scheduler import clock, conf
from scheduler.engine.alarm import Alarm
from scheduler.engine.definitions import Definitions, Run
from scheduler.engine.executors import Connections, Executor, create_executor
from scheduler.engine.housekeeping import Housekeeper
from scheduler.engine.ledger import Room
from scheduler.engine.membership import Membership
from scheduler.engine.outcomes import Outcome
from scheduler.engine.output import install_capture
from scheduler.engine.pulse import Pulse, feel_pulse
from scheduler.engine.queue import take_queued
from scheduler.engine.recorder import Recorder
from scheduler.engine.store import ScheduleStore
from scheduler.engine.warden import Warden
from scheduler.engine.writing import limit_lock_waits
from scheduler.exceptions import NodeBuried
from scheduler.models import DesiredState, Status
from scheduler.services import executions, nodes
from scheduler.services.declared import Report, load_declared_jobs
from scheduler.services.postponed import review_postponed
from scheduler.services.problems import review_problems
from scheduler.services.schedules import restore_missing_schedules, sync_stale_schedules
from scheduler.timetables import read_windows

logger = logging.getLogger(__name__)

LONGEST_SLEEP = 1.0
# While another node has locked what is due, looking again at once would only burn time.
SHORTEST_SLEEP = 0.005
# A full batch may leave more behind; a failing turn is tried again soon, but not in a hot loop.
AT_ONCE = 0.0
AFTER_FAILURE = 0.5
STALE_PER_TURN = 200
THREAD_GRACE = 10.0


class CarnationScheduler(BlockingScheduler):
    """A node: APScheduler's blocking scheduler, with a loop that claims rows instead of walking a job list."""

    def __init__(
        self,
        *,
        name: str = "",
        threads: int | None = None,
        clock: Callable[[], datetime] = clock.now,
        executors: Mapping[str, Executor] | None = None,
    ) -> None:
        """`threads` overrules SCHEDULER_EXECUTORS, in whose place `executors` may come."""
        super().__init__(timezone=UTC)
        self._clock = clock
        self._alarm = Alarm()
        self._definitions = Definitions()
        self._store = ScheduleStore(self._definitions)
        self.add_jobstore(self._store, "default")
        self._pool = dict(executors or _create_executors(threads))
        for alias, executor in self._pool.items():
            self.add_executor(executor, alias)
        self.name = name or f"{conf.current_host()}-{os.getpid()}"
        self._membership = Membership(
            name=self.name,
            threads=sum(executor.max_workers for executor in self._pool.values()),
            clock=clock,
            load=lambda: (
                sum(executor.held for executor in self._pool.values()),
                sum(executor.stuck for executor in self._pool.values()),
            ),
        )
        self._warden = Warden(self._pool.values())
        self._housekeeper = Housekeeper(clock=clock)
        self._recorder = Recorder(on_recorded=self._forget)
        # Dispatched, and not yet recorded. The loop adds and the recorder's thread discards: both atomic.
        self._in_flight: set[int] = set()
        self._stop_requested = False
        self._is_buried = False
        self._failed_turns = 0
        # The count of requests to cancel that this node has heeded.
        self._heeded_orders = 0
        # The revision of the rules, such as maintenance windows, that this node goes by; at first none.
        self._rules_revision = -1
        # Whether anything was queued the last time, and whether it was more than there was room for.
        self._has_queue = False
        self._is_backlogged = False
        # Whether the last claim took as much as one may, so that more must be due.
        self._leaves_due = False

    def prepare(self) -> Report:
        """Load SCHEDULER_JOBS, look over what is stored, register the node. Raises what the database raises."""
        report = load_declared_jobs(conf.declared_jobs())
        restore_missing_schedules(now=self._clock())
        broken = review_problems()
        # Last, since whoever has registered must beat.
        self._membership.join()
        name = self._membership.node.name
        logger.info("Node %s started; %d broken jobs.", name, broken, extra={"action": "node_started"})
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
        install_capture()
        outside = Connections(
            on_outcome=self._take_outcome,
            on_idle=self._note_idle,
            is_ours=self._membership.is_ours,
            may_begin=self._membership.is_confirmed,
        )
        for executor in self._pool.values():
            executor.connect(outside)
        self._recorder.start()
        self._warden.start()
        self._housekeeper.start()
        # BaseScheduler's start brings up executors and store; BlockingScheduler's would enter the stock loop.
        super(BlockingScheduler, self).start()

    def _main_loop(self) -> None:
        while not self._stop_requested and self.state != STATE_STOPPED:
            pause = self._guarded_turn()
            self._guarded_beat()
            self._alarm.sleep(pause)

    def _guarded_turn(self) -> float:
        """Make one turn; whatever goes wrong costs this turn only. Return for how long to sleep."""
        try:
            limit_lock_waits()
            if self._is_buried:
                self._come_back()
            if self._failed_turns:
                self._give_back_undispatched()
            pause = self._turn()
        except NodeBuried:
            self._is_buried = True
            return AT_ONCE
        except Exception:  # noqa: BLE001 - the edge: nothing may end the loop
            self._note_failure()
            return AFTER_FAILURE
        if self._failed_turns:
            logger.warning("Recovered after %d failures.", self._failed_turns, extra={"action": "turn_recovered"})
            self._failed_turns = 0
        self._membership.note_turn()
        return pause

    def _guarded_beat(self) -> None:
        """Beat if it is time; a database that is away is as little a reason to end here as in a turn."""
        try:
            self._is_buried = self._is_buried or not self._membership.beat_if_time()
        except Exception:  # noqa: BLE001 - as above
            self._note_failure()

    def _note_failure(self) -> None:
        """Count a failure, log the first of a row of them, and let the next try have a new connection."""
        self._failed_turns += 1
        if self._failed_turns == 1:
            logger.exception("A turn failed; trying on.", extra={"action": "turn_failed"})  # noqa: LOG004 - called by handlers
        connection.close()

    def _turn(self) -> float:
        """Read the pulse, do what it asks for, and return the seconds until there may be more to do."""
        now = self._clock()
        pulse = self._feel_pulse(now=now)
        busy = False
        if pulse.orders != self._heeded_orders:
            self._heed_orders(pulse.orders)
        if pulse.rules_revision != self._rules_revision:
            self._read_rules(pulse.rules_revision, now=now)
        if pulse.has_stale:
            busy = sync_stale_schedules(now=now, limit=STALE_PER_TURN) == STALE_PER_TURN
            pulse = self._feel_pulse(now=now)
        is_paused = pulse.desired != DesiredState.RUNNING
        self._give_back_waiting(each for each in self._pool.values() if is_paused or each.has_stalled())
        if pulse.desired != DesiredState.STOPPED:
            busy |= self._start_what_waits(pulse, now=now)
        return AT_ONCE if busy else self._seconds_until(pulse)

    def _feel_pulse(self, *, now: datetime) -> Pulse:
        return feel_pulse(self._membership.node, now=now, has_due=self._leaves_due)

    def _read_rules(self, revision: int, *, now: datetime) -> None:
        """Read the maintenance windows anew, and let what waits for the end of one wait for as long as they say now.

        Every node does that when it sees the change, and not the one who makes it. So whatever a node wrote meanwhile,
        by the windows as they were, is mended by its own next turn at the latest.
        """
        self._definitions.windows = read_windows()
        review_postponed(self._definitions.windows, now=now)
        self._rules_revision = revision

    def _start_what_waits(self, pulse: Pulse, *, now: datetime) -> bool:
        """Start what is queued and what is due, as far as there is room; tell whether there may be more.

        What is queued comes first, by priority. While more is queued than there is room for, what is due joins the
        queue before it is taken from: an important run must not wait behind others because it became due later.
        """
        manual_only = pulse.desired == DesiredState.PAUSED
        is_due = not manual_only and pulse.next_run_time is not None and pulse.next_run_time <= now
        has_queued = pulse.has_manual if manual_only else pulse.has_queued
        # Before the look at the room, so that who makes room after it rings.
        self._has_queue = has_queued
        self._leaves_due = False
        room = Room({alias: executor.free() for alias, executor in self._pool.items()})
        self._is_backlogged &= has_queued
        busy = False
        if is_due and self._is_backlogged:
            busy |= self._claim(Room({}), now=now)
        if has_queued:
            busy |= self._take_queued(room, now=now, manual_only=manual_only)
        if is_due and not self._is_backlogged:
            busy |= self._claim(room, now=now)
        return busy

    def _claim(self, room: Room, *, now: datetime) -> bool:
        """Claim what is due; tell whether anything was."""
        claim = self._store.claim(self._membership.node, now=now, room=room)
        self._dispatch(claim.runs)
        for job_id, newest in claim.replacing.items():
            executions.replace_running(job_id, newest=newest, now=now)
        self._leaves_due = claim.is_full
        return claim.due > 0

    def _take_queued(self, room: Room, *, now: datetime, manual_only: bool) -> bool:
        """Start queued executions while there is room; the executor rings when there is room again."""
        runs = []
        if room.total:
            runs = take_queued(self._membership.node, self._definitions, now=now, room=room, manual_only=manual_only)
            self._dispatch(runs)
        self._is_backlogged = not room.total
        return bool(runs)

    def _heed_orders(self, orders: int) -> None:
        """Cancel what somebody has asked to be cancelled."""
        cancelled = nodes.cancelled_executions(self._membership.node)
        now = time.monotonic()
        for execution_id, reason in cancelled.items():
            for executor in self._pool.values():
                executor.cancel(execution_id, reason, now=now)
        self._heeded_orders = orders

    def _take_outcome(self, outcome: Outcome) -> None:
        """Hand an outcome to the recorder, and failures to the log. Called by whichever thread saw the end."""
        if outcome.status in (Status.FAILED, Status.TIMED_OUT):
            run = outcome.run
            logger.warning("Job %s failed: %s", run.job_id, outcome.reason, extra={"action": "job_failed"})
        self._recorder.put(outcome)

    def _dispatch(self, runs: list[Run]) -> None:
        """Hand over runs whose rows are committed."""
        self._in_flight.update(run.execution_id for run in runs)
        for run in runs:
            self._pool[run.executor].submit_job(run, [run.scheduled_for])

    def _give_back_waiting(self, pool: Iterable[Executor]) -> None:
        """Return to the queue what no worker of these executors has begun."""
        waiting = [run.execution_id for executor in pool for run in executor.give_back()]
        if waiting:
            # First, so that what cannot be given back now is, once the database is there again.
            self._in_flight.difference_update(waiting)
            nodes.give_back_executions(self._membership.node, ids=waiting)

    def _forget(self, outcomes: Sequence[Outcome]) -> None:
        """Forget runs whose ends are in the ledger; what waited for them to end can start now."""
        self._in_flight.difference_update(outcome.run.execution_id for outcome in outcomes)
        self._note_idle()

    def _note_idle(self) -> None:
        """Look at the queue, where there is one, because something in it might start now."""
        if self._has_queue:
            self.wakeup()

    def _give_back_undispatched(self) -> None:
        """After a failure: what the ledger says we run, but we never dispatched, goes back into the queue.

        A commit whose answer was lost leaves such rows. What is in flight is read first: it only shrinks meanwhile.
        """
        in_flight = set(self._in_flight)
        undispatched = nodes.running_executions(self._membership.node) - in_flight
        if undispatched:
            count = nodes.give_back_executions(self._membership.node, ids=list(undispatched))
            logger.warning("%d claimed runs had not begun; queued again.", count, extra={"action": "runs_given_back"})

    def _seconds_until(self, pulse: Pulse) -> float:
        """Return the sleep until the next due instant, capped, so that every change is seen within a second."""
        if pulse.desired != DesiredState.RUNNING or pulse.next_run_time is None:
            return LONGEST_SLEEP
        return min(max((pulse.next_run_time - self._clock()).total_seconds(), SHORTEST_SLEEP), LONGEST_SLEEP)

    def _come_back(self) -> None:
        """Go on as a new node, after others have declared this one dead and its executions lost."""
        for executor in self._pool.values():
            self._in_flight.difference_update(run.execution_id for run in executor.give_back())
            executor.abandon()
        self._membership.join()
        self._is_buried, self._heeded_orders = False, 0
        logger.error("This node was declared dead; it goes on as a new one.", extra={"action": "node_came_back"})

    def _wait_for_bodies(self) -> None:
        """Wait until no body runs, for as long as a stopping node may; beat meanwhile, lest others bury it alive."""
        deadline = time.monotonic() + conf.shutdown_grace_seconds()
        while any(executor.held for executor in self._pool.values()) and time.monotonic() < deadline:
            self._guarded_beat()
            time.sleep(0.02)

    def _let_end(self, thread: Recorder | Warden) -> None:
        """Wait for the end of a thread's work, a while; beat meanwhile, as above."""
        thread.request_stop()
        deadline = time.monotonic() + THREAD_GRACE
        while thread.is_alive() and time.monotonic() < deadline:
            self._guarded_beat()
            thread.join(0.1)

    def _abandon_bodies(self) -> None:
        for executor in self._pool.values():
            executor.abandon()

    def _drain(self) -> None:
        """Stop in order: what has not begun goes back into the queue, what runs gets its grace, the rest is lost.

        Each step on its own, so that a database that is away now costs what it must, and not the steps after it. What
        can be ended is ended before it is declared lost, because another node may then run it again at once.
        """
        for step in (
            self._housekeeper.stop,
            lambda: self._give_back_waiting(self._pool.values()),
            self._wait_for_bodies,
            lambda: self._let_end(self._warden),
            lambda: self._let_end(self._recorder),
            self._abandon_bodies,
            lambda: super(BlockingScheduler, self).shutdown(wait=False),
            self._membership.retire,
        ):
            try:
                step()
            except Exception:
                logger.exception("A step of stopping failed.", extra={"action": "drain_failed"})
                connection.close()
        logger.info("Node %s stopped.", self._membership.node.name, extra={"action": "node_stopped"})


def _create_executors(threads: int | None) -> dict[str, Executor]:
    """Return the executors of SCHEDULER_EXECUTORS, the default one with so many threads if that is said."""
    return {
        alias: create_executor(options, max_workers=threads if alias == "default" else None)
        for alias, options in conf.executors().items()
    }
