"""The tasks: callables that jobs may run. Nothing else can be run, whatever a row in the database says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ParamSpec, TypeAlias, TypeVar, overload

from apscheduler.util import check_callable_args
from django.utils.module_loading import autodiscover_modules

from scheduler.exceptions import AmbiguousTask, UnknownTask
from scheduler.signatures import Signature, signature_of

P = ParamSpec("P")
R = TypeVar("R")
Convert: TypeAlias = Callable[[list[Any], dict[str, Any]], tuple[list[Any], dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Task:
    """A registered callable under its full reference, `module:function`."""

    reference: str
    function: Callable[..., Any]

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").strip().partition("\n")[0]

    @cached_property
    def signature(self) -> Signature:
        """What the function may be called with; read when it is asked for, as annotations may name what comes later."""
        return signature_of(self.function)

    def check_arguments(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Raise ValueError, with a sentence, where there are too many arguments, too few, or of wrong names."""
        check_callable_args(self.function, args, kwargs)

    @cached_property
    def convert(self) -> Convert | None:
        """What turns arguments that are JSON into those that the function is annotated for; None where they are."""
        return self.signature.convert if self.signature.converts else None


_tasks: dict[str, Task] = {}
# Short references that were looked up, until the next task is registered.
_found: dict[str, Task] = {}


@overload
def task(function: Callable[P, R]) -> Callable[P, R]: ...
@overload
def task() -> Callable[[Callable[P, R]], Callable[P, R]]: ...
def task(function: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Register a function as a task; it stays the function that it was."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        reference = f"{function.__module__}:{function.__qualname__}"
        _tasks[reference] = Task(reference=reference, function=function)
        _found.clear()
        return function

    return register(function) if function is not None else register


def all_tasks() -> list[Task]:
    """Return every registered task, ordered by reference."""
    return [_tasks[reference] for reference in sorted(_tasks)]


def find_task(reference: str) -> Task:
    """Return the task of a full reference, or of a short one (`jobs:job1`) when it fits exactly one task.

    Raises UnknownTask or AmbiguousTask.
    """
    if found := _tasks.get(reference) or _found.get(reference):
        return found
    candidates = [full for full in _tasks if full.endswith(f".{reference}")] if ":" in reference else []
    if len(candidates) > 1:
        raise AmbiguousTask(reference=reference, candidates=", ".join(sorted(candidates)))
    if not candidates:
        raise UnknownTask(reference=reference)
    _found[reference] = _tasks[candidates[0]]
    return _found[reference]


def is_same_task(reference: str, other: str) -> bool:
    """Tell whether two references name one task, as a short and a full one may; one may be of a task that is gone."""
    if reference == other:
        return True
    try:
        return find_task(reference) is find_task(other)
    except (AmbiguousTask, UnknownTask):
        return False


def discover_tasks() -> None:
    """Import the `jobs` module of every installed app."""
    autodiscover_modules("jobs")
