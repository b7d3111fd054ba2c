"""An executor whose bodies are acted: nothing waits, and each ends when the traveller's clock has come so far."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler import clock
from scheduler.engine.bodies import Body
from scheduler.engine.definitions import Run
from scheduler.engine.executors import Executor
from scheduler.engine.outcomes import Outcome, failure_texts, overdue_outcome
from scheduler.engine.retrying import names_of_error
from scheduler.engine.runner import call_body
from scheduler.engine.timetravel.acts import Act, Acting
from scheduler.models import Status


@dataclass(frozen=True, kw_only=True)
class Stay:
    """A body between its start and its end, which is known beforehand, unless somebody cancels it."""

    ends_at: datetime
    outcome: Outcome


class StubExecutor(Executor):
    """Begins a run as soon as it is handed over. What is cancelled ends at once, as a body does that listens."""

    default_workers = 1

    def __init__(self, max_workers: int, acting: Acting) -> None:
        super().__init__(max_workers)
        self._acting = acting
        self._stays: dict[int, Stay] = {}

    def _do_submit_job(self, job: Run, run_times: list[datetime]) -> None:
        act = self._acting if isinstance(self._acting, Act) else self._acting(job)
        outcome = _outcome_of(job, act or Act())
        self._stays[job.execution_id] = Stay(ends_at=outcome.finished_at, outcome=outcome)

    @property
    def held(self) -> int:
        """How many bodies run."""
        return len(self._stays)

    @property
    def next_end(self) -> datetime | None:
        """When the next body ends."""
        return min((stay.ends_at for stay in self._stays.values()), default=None)

    def free(self) -> int:
        """Return how many more runs to take now."""
        return max(self.max_workers - self.held, 0)

    def bodies(self) -> Iterable[Body]:
        """Return the bodies that run now."""
        return [_body_of(stay.outcome) for stay in self._stays.values()]

    def cancel(self, execution_id: int, reason: str, *, now: float) -> None:
        """End a body at this instant."""
        if stay := self._stays.pop(execution_id, None):
            self.outside.on_outcome(_cancelled(stay.outcome, reason))

    def tend(self, *, now: float) -> None:
        """Do nothing: each timeout is known beforehand."""

    def end_due(self, moment: datetime) -> None:
        """Tell the ends of all bodies that end at this moment, the first to end first."""
        if not self._stays:
            return
        due = sorted((stay.ends_at, run_id) for run_id, stay in self._stays.items() if stay.ends_at <= moment)
        for _ends_at, run_id in due:
            self.outside.on_outcome(self._stays.pop(run_id).outcome)

    def give_back(self) -> list[Run]:
        """Return nothing: whatever is here has begun."""
        return []

    def abandon(self) -> None:
        """Forget all bodies."""
        self._stays.clear()

    def shutdown(self, wait: bool = True) -> None:
        """Do nothing: there are no workers."""


def _outcome_of(run: Run, act: Act) -> Outcome:
    """Return how a run ends that starts now."""
    if run.timeout is not None and act.after > timedelta(seconds=run.timeout):
        return _ended_after(overdue_outcome(Body(run, now=0.0)), timedelta(seconds=run.timeout))
    if act.calls_task:
        return _ended_after(call_body(Body(run, now=0.0)), act.after)
    now = clock.now()
    if act.error is None:
        return Outcome(run=run, status=Status.SUCCEEDED, started_at=now, finished_at=now + act.after)
    reason, traceback = failure_texts(act.error)
    return Outcome(
        run=run,
        status=Status.FAILED,
        started_at=now,
        finished_at=now + act.after,
        reason=reason,
        traceback=traceback,
        error_types=names_of_error(act.error),
    )


def _body_of(outcome: Outcome) -> Body:
    body = Body(outcome.run, now=0.0)
    body.started_at = outcome.started_at
    return body


def _ended_after(outcome: Outcome, length: timedelta) -> Outcome:
    return outcome._replace(finished_at=outcome.started_at + length)


def _cancelled(outcome: Outcome, reason: str) -> Outcome:
    body = _body_of(outcome)
    body.cancel(reason, now=0.0, grace=0)
    return overdue_outcome(body)
