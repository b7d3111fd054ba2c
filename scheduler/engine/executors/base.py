"""What the engine asks of an executor."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from apscheduler.executors.base import BaseExecutor

from scheduler.engine.bodies import Body
from scheduler.engine.definitions import Run
from scheduler.engine.outcomes import Outcome


@dataclass(frozen=True, kw_only=True)
class Connections:
    """Whom an executor tells, and asks.

    `on_outcome`: how a run ended. `on_idle`: more runs could be taken. `may_begin`: whether this node may still begin
    what it holds; it may not while it must fear that others have declared it dead. `is_ours`: whether a run is this
    node's at all, and not one that it claimed before it was declared dead.
    """

    on_outcome: Callable[[Outcome], None]
    on_idle: Callable[[], None]
    may_begin: Callable[[], bool]
    is_ours: Callable[[Run], bool]


class Executor(BaseExecutor):
    """APScheduler's executor, of runs that are rows already.

    `max_instances` was settled by the claim, over all nodes, so the stock counting and its lock are left out.
    """

    default_workers: ClassVar[int]

    def __init__(self, max_workers: int) -> None:
        super().__init__()
        self.max_workers = max_workers
        self.outside: Connections

    def connect(self, outside: Connections) -> None:
        """Set whom to tell and to ask. Called once, before the start."""
        self.outside = outside

    def submit_job(self, job: Run, run_times: list[datetime]) -> None:
        """Hand over a run whose row is committed; returns at once."""
        self._do_submit_job(job, run_times)

    @abstractmethod
    def _do_submit_job(self, job: Run, run_times: list[datetime]) -> None: ...

    @property
    @abstractmethod
    def held(self) -> int:
        """How many runs are waiting or running here."""

    @property
    def stuck(self) -> int:
        """How many bodies run on that were told to stop, and whose ends have been told."""
        return 0

    @abstractmethod
    def free(self) -> int:
        """Return how many more runs to take now."""

    def has_stalled(self) -> bool:
        """Tell whether runs wait here that had better wait in the queue, for whichever node has room."""
        return False

    @abstractmethod
    def bodies(self) -> Iterable[Body]:
        """Return the bodies that run now."""

    @abstractmethod
    def cancel(self, execution_id: int, reason: str, *, now: float) -> None:
        """Tell a run to end, if it is here; its outcome follows within a few seconds. `now` is monotonic."""

    @abstractmethod
    def tend(self, *, now: float) -> None:
        """End what is overdue. Called a few times a second, by one thread; `now` is monotonic."""

    @abstractmethod
    def give_back(self) -> list[Run]:
        """Return the runs that no worker has begun; they will not begin here."""

    @abstractmethod
    def abandon(self) -> None:
        """Tell every body to stop, and end those that can be ended: they are no longer this node's."""

    @abstractmethod
    def shutdown(self, wait: bool = True) -> None:
        """Let the idle workers go. The engine has taken back before what had not begun, and waited for the rest."""
