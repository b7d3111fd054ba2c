"""The plugin for tests of one's own jobs, used just as docs/timetravel.md says."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from scheduler import testing
from scheduler.exceptions import InvalidInput
from scheduler.services.jobs import create_job
from scheduler.testing import Travel

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).parent.parent / "docs/timetravel.md"


def examples() -> dict[str, Callable[[Travel], None]]:
    """Return the tests that the page shows, by name; each block of it stands for itself."""
    found: dict[str, Callable[[Travel], None]] = {}
    for block in re.findall(r"^```python\n(.*?)^```", DOCS.read_text(), re.DOTALL | re.MULTILINE):
        names: dict[str, Any] = {}
        exec(compile(block, str(DOCS), "exec"), names)
        found |= {name: example for name, example in names.items() if name.startswith("test_")}
    return found


EXAMPLES = examples()


def test_page_has_examples() -> None:
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_of_the_page_holds(name: str, scheduler_travel: Travel) -> None:
    EXAMPLES[name](scheduler_travel)


def test_page_names_the_plugin_as_it_is_called() -> None:
    assert f'pytest_plugins = ["{testing.__name__}"]' in DOCS.read_text()


@pytest.mark.parametrize(
    "start",
    ["2026-10-01", date(2026, 10, 1), datetime(2026, 10, 1), datetime(2026, 9, 30, 16, tzinfo=UTC)],  # noqa: DTZ001
)
def test_moment_without_offset_is_in_the_zone_of_the_scheduler(
    start: str | date, scheduler_travel: Travel, settings: Any
) -> None:
    settings.SCHEDULER_TIMEZONE = "Asia/Shanghai"
    create_job({"id": "job", "func": "jobs:nothing", "trigger": "cron", "crontab": "0 0 * * *"})

    ledger = scheduler_travel(start, "2026-10-02")

    assert ledger.start == datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert [row.local.day for row in ledger] == [1, 2]


@pytest.mark.parametrize(
    ("start", "end", "name"), [("soon", "2026-10-02", "start"), ("2026-10-02", "2026-10-01", "end")]
)
def test_wrong_moment_is_named(start: str, end: str, name: str, scheduler_travel: Travel) -> None:
    with pytest.raises(InvalidInput) as caught:
        scheduler_travel(start, end)

    assert list(caught.value.errors) == [name]


def test_ledger_is_a_sequence_of_values_that_nobody_changes(scheduler_travel: Travel) -> None:
    create_job({"id": "job", "func": "jobs:greet", "args": ["Ada"], "trigger": "cron", "crontab": "0 9 * * *"})

    ledger = scheduler_travel("2026-10-01", "2026-10-02")

    (row,) = ledger
    assert (len(ledger), row.args, row.kwargs) == (1, ("Ada",), {})
    with pytest.raises(AttributeError):
        row.status = "failed"  # type: ignore[assignment, misc]
