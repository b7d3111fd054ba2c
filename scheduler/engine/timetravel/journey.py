"""The travel itself: a node without threads, whose clock jumps from one instant at which something happens to the next.

Its turns, claims, queue, records and retries are those of every node. At each instant first the bodies end that have
run so long, then what the traveller is to do is done, and then it makes turns until there is nothing left to do.
"""

import math
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime
from operator import itemgetter

from scheduler import clock, conf
from scheduler.engine.executors import create_executor
from scheduler.engine.executors.base import Connections
from scheduler.engine.outcomes import Outcome
from scheduler.engine.outputs import tell_starts
from scheduler.engine.pulse import Pulse
from scheduler.engine.recorder import BATCH, record
from scheduler.engine.scheduler import AT_ONCE, CarnationScheduler
from scheduler.engine.statements import as_moment, as_parameter, moment_of, select
from scheduler.engine.timetravel.acts import Act, Acting
from scheduler.engine.timetravel.beginning import set_schedules
from scheduler.engine.timetravel.ledger import TravelLedger, read_ledger
from scheduler.engine.timetravel.stubs import StubExecutor
from scheduler.exceptions import TimeStandsStill
from scheduler.models import Execution, Status, new_id
from scheduler.services.problems import review_problems

MOST_TURNS = 10_000
SUCCEED = Act()
# An instant, and what to do then.
Event = tuple[datetime, Callable[[], object]]
_NEXT_READY = f"""
    SELECT {{moment}} FROM {Execution._meta.db_table} WHERE status = '{Status.QUEUED.value}' AND available_at > %s
"""


def travel(
    *,
    start: datetime,
    end: datetime,
    body: Acting = SUCCEED,
    down: Iterable[tuple[datetime, datetime]] = (),
    events: Iterable[Event] = (),
) -> TravelLedger:
    """Travel from `start` to `end`, both inclusive, on the database at hand; return the rows that were written.

    `body` says what each body does. From the first instant of each pair in `down` until just before the second no
    node runs: what runs then is lost. `events` are done at their instants, before anything becomes due there.
    """
    with ExitStack() as stack:
        traveller = Traveller(start, body)
        stack.callback(traveller.close)
        set_schedules(start)
        stack.enter_context(clock.going_by(lambda: traveller.now))
        since = new_id()
        traveller.go(end, [*_outages(traveller, down), *events])
        ledger = read_ledger(since=since, start=start, end=end)
        # Only then, as this declares lost what still runs.
        traveller.leave()
    return ledger


class Traveller(CarnationScheduler):
    """A node that is its own clock."""

    def __init__(self, start: datetime, body: Acting) -> None:
        self.now = start
        self._stubs = {
            alias: StubExecutor(create_executor(options).max_workers, body)
            for alias, options in conf.executors().items()
        }
        super().__init__(name="time-travel", clock=lambda: self.now, executors=self._stubs)
        self._events: list[Event] = []
        self._ended: list[Outcome] = []
        # For how many reasons it is down, of which one is that it has not started yet.
        self._downs = 1
        # What the last turn saw; as long as it was idle, and nothing has happened since, the next would see the same.
        self._pulse: Pulse | None = None
        self._is_quiet = False
        self._next_ready: datetime | None = None
        # Whether anything may be queued for later; that need not be asked at each instant of a travel without retries.
        self._may_wait = True
        self._does_more_than_succeed = not isinstance(body, Act) or body.calls_task
        for executor in self._stubs.values():
            executor.connect(
                Connections(
                    on_outcome=self._ended.append,
                    on_idle=lambda: None,
                    is_ours=self._membership.is_ours,
                    may_begin=lambda: True,
                )
            )

    def go(self, end: datetime, events: Iterable[Event]) -> None:
        """Live through every instant until `end`, both inclusive, at which anything happens."""
        self._events = sorted(((max(moment, self.now), do) for moment, do in events), key=itemgetter(0))
        review_problems()
        self.come_up()
        moment: datetime | None = self.now
        while moment is not None and moment <= end:
            self.now = moment
            self._live()
            moment = self._next_moment()
        self.now = end
        self._tell_starts()

    def come_up(self) -> None:
        """Begin to work, as a node that starts, unless another outage goes on."""
        self._downs -= 1
        if not self._downs:
            self._membership.join()
            self._heeded_orders = 0

    def go_down(self) -> None:
        """End, as a node that is stopped: what runs here is lost."""
        if not self._downs:
            self._tell_starts()
            self.leave()
        self._downs += 1

    def leave(self) -> None:
        """Give up what runs here, and take leave of the others, if it is up."""
        for executor in self._stubs.values():
            executor.abandon()
        if not self._downs:
            self._membership.retire()

    def close(self) -> None:
        """Give back what the operating system has lent."""
        self._alarm.close()

    def _live(self) -> None:
        """Let happen what happens at this instant."""
        if self._record_ends() | self._do_events():
            self._is_quiet = False
        for _turn in range(MOST_TURNS):
            if self._downs:
                return
            is_busy = self._turn() == AT_ONCE
            if not (self._record_ends() or is_busy):
                self._is_quiet = True
                return
            self._is_quiet = False
        raise TimeStandsStill(turns=MOST_TURNS, moment=self.now.isoformat())

    def _record_ends(self) -> bool:
        """Record the bodies that have ended by now; tell whether any have."""
        for executor in self._stubs.values():
            executor.end_due(self.now)
        if not self._ended:
            return False
        ended = self._ended[:]
        self._ended.clear()
        for first in range(0, len(ended), BATCH):
            record(ended[first : first + BATCH])
        self._forget(ended)
        self._may_wait |= any(outcome.may_be_retried for outcome in ended)
        return True

    def _tell_starts(self) -> None:
        """Store when those began that still run, as a node does of all that run for a while."""
        tell_starts([body for executor in self._stubs.values() for body in executor.bodies()], now=math.inf)

    def _do_events(self) -> bool:
        """Do what is to be done by now; tell whether anything was."""
        due = [do for moment, do in self._events if moment <= self.now]
        del self._events[: len(due)]
        for do in due:
            do()
        self._may_wait |= bool(due)
        return bool(due)

    def _feel_pulse(self, *, now: datetime) -> Pulse:
        moments = (self._next_ready, self._pulse.next_resume if self._pulse else None)
        is_as_before = self._is_quiet and all(moment is None or now < moment for moment in moments)
        if self._pulse is None or not is_as_before:
            self._pulse = super()._feel_pulse(now=now)
        return self._pulse

    def _next_moment(self) -> datetime | None:
        """Return the next instant at which anything can happen."""
        moments = [executor.next_end for executor in self._stubs.values()]
        moments += [moment for moment, _do in self._events[:1]]
        if self._pulse and not self._downs:
            self._next_ready = self._find_next_ready() if self._may_wait else None
            self._may_wait = (
                self._next_ready is not None or self._does_more_than_succeed or bool(self._definitions.windows)
            )
            moments += [self._next_ready, self._pulse.next_run_time, self._pulse.next_resume]
        # What is due by now and still there waits for something else: for a scheduler that is paused to go on.
        return min((moment for moment in moments if moment is not None and moment > self.now), default=None)

    def _find_next_ready(self) -> datetime | None:
        """Return when the next of what is queued may start, such as a retry."""
        ((moment,),) = select(_NEXT_READY.format(moment=moment_of("MIN(available_at)")), [as_parameter(self.now)])
        found: datetime | None = as_moment(moment)
        return found


def _outages(traveller: Traveller, down: Iterable[tuple[datetime, datetime]]) -> Iterable[Event]:
    for first, until in down:
        yield first, traveller.go_down
        yield until, traveller.come_up
