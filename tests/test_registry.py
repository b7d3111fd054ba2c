"""The registry: nothing but registered tasks can be run."""

from collections.abc import Iterator

import pytest

from scheduler import registry
from scheduler.exceptions import AmbiguousTask, UnknownTask
from scheduler.registry import all_tasks, find_task, task
from tests.sample import jobs

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def _registry_is_restored() -> Iterator[None]:
    before = dict(registry._tasks)
    yield
    registry._tasks.clear()
    registry._found.clear()
    registry._tasks.update(before)


def test_task_stays_the_function_that_it_was() -> None:
    assert jobs.add(1, 2) == 3
    assert jobs.add.__name__ == "add"


def test_decorator_may_be_called() -> None:
    @task()
    def called() -> str:
        return "back"

    assert called() == "back"
    assert find_task(f"{__name__}:{called.__qualname__}").function is called


@pytest.mark.parametrize("reference", ["tests.sample.jobs:add", "sample.jobs:add", "jobs:add"])
def test_task_is_found_by_its_full_or_short_reference(reference: str) -> None:
    found = find_task(reference)

    assert found.function is jobs.add
    assert found.reference == "tests.sample.jobs:add"
    assert found.summary == "Return a sum."


@pytest.mark.parametrize(
    "reference", ["", ":", "add", "jobs:nosuch", "jobs:ad", "bs:add", "os:system", "jobs:add ", "jobs.add", ".jobs:add"]
)
def test_everything_else_is_unknown(reference: str) -> None:
    with pytest.raises(UnknownTask):
        find_task(reference)


def test_short_reference_that_fits_two_tasks_is_refused_naming_both() -> None:
    def add() -> None:
        """Be another add."""

    add.__module__, add.__qualname__ = "other.jobs", "add"
    task(add)

    with pytest.raises(AmbiguousTask, match=r"other\.jobs:add, tests\.sample\.jobs:add"):
        find_task("jobs:add")

    assert find_task("other.jobs:add").function is add


def test_tasks_are_listed_in_order() -> None:
    references = [each.reference for each in all_tasks()]

    assert references == sorted(references)
    assert "carnation.jobs:job1" in references


@pytest.mark.parametrize(
    ("args", "kwargs"),
    [([], {}), ([1, 2, 3], {}), ([1], {"first": 2}), ([1], {"nosuch": 2}), ([], {"second": 2})],
)
def test_arguments_that_do_not_fit_are_refused(args: list[object], kwargs: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"argument"):
        find_task("jobs:add").check_arguments(args, kwargs)


def test_arguments_that_fit_are_accepted() -> None:
    find_task("jobs:add").check_arguments([1], {"second": 2})
