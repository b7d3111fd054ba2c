"""Tests of one's own jobs by time travel: a plugin of pytest, used by `pytest_plugins = ["scheduler.testing"]`.

The fixture `scheduler_travel` carries out days in a moment, on the test's own database; see docs/timetravel.md.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pytest

from scheduler.engine.timetravel.acts import Act, Acting, call_task, fail, succeed

if TYPE_CHECKING:
    from scheduler.engine.timetravel.ledger import TravelLedger

__all__ = ["Act", "Travel", "call_task", "fail", "scheduler_travel", "succeed"]

# A datetime, a date, or a text of either; without an offset in SCHEDULER_TIMEZONE.
Moment: TypeAlias = "str | date"
SUCCEED = succeed()


class Travel(Protocol):
    """What the fixture `scheduler_travel` is."""

    def __call__(
        self,
        start: Moment,
        end: Moment,
        *,
        body: Acting = SUCCEED,
        down: Iterable[tuple[Moment, Moment]] = (),
        events: Mapping[Moment, Callable[[], object]] | None = None,
    ) -> "TravelLedger":
        """Carry out all jobs from `start` to `end`, both inclusive; return the rows that the engine wrote.

        `body` says how the bodies end: `succeed()`, `fail()` or `call_task()`, or a function that is given the run and
        returns one of these. In the periods `down` no node runs. `events` are called at their moments.
        """


@pytest.fixture
def scheduler_travel(db: None) -> Travel:
    """Travel in time: carry out the jobs of this test's database from one moment to another, in no time."""
    # Not before, as pytest may read this module before Django is set up.
    from scheduler.engine.timetravel.asking import read_moment, read_range  # noqa: PLC0415
    from scheduler.engine.timetravel.journey import travel  # noqa: PLC0415

    def travel_from(
        start: Moment,
        end: Moment,
        *,
        body: Acting = SUCCEED,
        down: Iterable[tuple[Moment, Moment]] = (),
        events: Mapping[Moment, Callable[[], object]] | None = None,
    ) -> "TravelLedger":
        first, last = read_range(("start", "end"), start, end)
        return travel(
            start=first,
            end=last,
            body=body,
            down=[read_range(("down", "down"), *period) for period in down],
            events=[(read_moment("events", moment), do) for moment, do in (events or {}).items()],
        )

    return travel_from
