"""What the engine asks of an executor."""

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime

from apscheduler.executors.base import BaseExecutor

from scheduler.engine.definitions import Run
from scheduler.engine.outcomes import Outcome


class Executor(BaseExecutor):
    """APScheduler's executor, of runs that are rows already.

    `max_instances` was settled by the claim, over all nodes, so the stock counting and its lock are left out.
    """

    def __init__(self, max_workers: int) -> None:
        super().__init__()
        self.max_workers = max_workers
        self.on_outcome: Callable[[Outcome], None]
        self.on_idle: Callable[[], None]

    def connect(self, *, on_outcome: Callable[[Outcome], None], on_idle: Callable[[], None]) -> None:
        """Set whom to tell how a run ended, and that more runs could be taken. Called once, before the start."""
        self.on_outcome, self.on_idle = on_outcome, on_idle

    def submit_job(self, job: Run, run_times: list[datetime]) -> None:
        """Hand over a run whose row is committed; returns at once."""
        self._do_submit_job(job, run_times)

    @abstractmethod
    def _do_submit_job(self, job: Run, run_times: list[datetime]) -> None: ...

    @property
    @abstractmethod
    def held(self) -> int:
        """How many runs are waiting or running here."""

    @abstractmethod
    def free(self) -> int:
        """Return how many more runs to take now."""

    @abstractmethod
    def give_back(self) -> list[Run]:
        """Return the runs that no worker has begun; they will not begin here."""

    @abstractmethod
    def shutdown(self, wait: bool = True) -> None:
        """Let the idle workers go. The engine has taken back before what had not begun, and waited for the rest."""
