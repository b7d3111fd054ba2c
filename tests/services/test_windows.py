"""Maintenance windows are created, changed and deleted; what is wrong is said by field."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from scheduler.actors import acting
from scheduler.exceptions import InvalidInput, WindowAlreadyExists, WindowNotFound
from scheduler.models import MaintenanceWindow, SchedulerState
from scheduler.services.calendars import create_calendar
from scheduler.services.windows import change_window, create_window, delete_window
from scheduler.triggers.interval import GridTimetable
from scheduler.triggers.timetable import Steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NEW: dict[str, Any] = {"name": "night", "trigger": "cron", "hour": 2, "duration_seconds": 3600}


def errors_of(data: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        create_window(data)
    assert all(caught.value.errors.values())
    assert not MaintenanceWindow.objects.exists()
    return sorted(caught.value.errors)


def revision() -> int:
    return sum(SchedulerState.objects.values_list("rules_revision", flat=True))


def test_window_is_stored_in_canonical_form() -> None:
    with acting(name="alice", source="admin"):
        create_window({**NEW, "timezone": "Asia/Shanghai", "tags": ["b", " a ", "b"], "note": "Backups.\n"})

    window = MaintenanceWindow.objects.get()
    assert (window.trigger, window.timezone) == ({"trigger": "cron", "hour": "2"}, "Asia/Shanghai")
    assert (window.tags, window.note, window.created_by) == (["a", "b"], "Backups.\n", "alice")


def test_single_window_is_a_date() -> None:
    window = create_window(
        {"name": "deploy", "trigger": "date", "run_date": "2031-05-06T07:08", "duration_seconds": 60}
    )

    assert window.trigger == {"trigger": "date", "run_date": "2031-05-06T07:08:00+00:00"}


def test_trigger_may_be_sent_as_an_object() -> None:
    window = create_window({"name": "night", "trigger": {"type": "cron", "hour": 2}, "duration_seconds": 60})

    assert window.trigger == {"trigger": "cron", "hour": "2"}


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("body", []),
        ("body", None),
        ("name", {"name": ""}),
        ("name", {"name": "a/b"}),
        ("name", {"name": 5}),
        ("name", {"name": "\0"}),
        ("name", {"name": "preview"}),
        ("trigger", {"trigger": "nosuch"}),
        ("trigger", {"trigger": 5}),
        ("trigger", {"trigger": "manual"}),
        ("trigger", {"month": 2, "day": 31}),
        ("hour", {"hour": 24}),
        ("minutes", {"minutes": 5}),
        ("timezone", {"timezone": "Mars/Olympus"}),
        *(("duration_seconds", {"duration_seconds": value}) for value in (0, -1, 1.5, "60", True, 31 * 86400 + 1)),
        ("tags", {"tags": "billing"}),
        ("tags", {"tags": ["a,b"]}),
        ("note", {"note": 5}),
        ("note", {"note": "\0"}),
        ("note", {"note": "x" * 10_001}),
        ("bogus", {"bogus": 1}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field: str, data: Any) -> None:
    assert errors_of({**NEW, **data} if isinstance(data, dict) else data) == [field]


def test_all_that_is_missing_is_named_at_once() -> None:
    assert errors_of({}) == ["duration_seconds", "name", "trigger"]


def test_all_that_is_wrong_is_named_at_once() -> None:
    assert errors_of({**NEW, "hour": 24, "duration_seconds": 0, "tags": 5}) == ["duration_seconds", "hour", "tags"]


@pytest.mark.parametrize(
    ("trigger", "longest"),
    [
        ({"trigger": "interval", "hours": 1}, 3599),
        ({"trigger": "cron", "hour": "2,4"}, 7199),
        # Every year the clocks go forward once, and the night is shorter.
        ({"trigger": "cron", "hour": 2, "timezone": "Europe/London"}, 82799),
        ({"trigger": "date", "run_date": "2031-01-01"}, 31 * 86400),
        ({"trigger": "interval", "weeks": 5}, 31 * 86400),
    ],
)
def test_window_must_end_before_it_begins_again(trigger: dict[str, Any], longest: int) -> None:
    new = {"name": "night", **trigger}

    if longest < 31 * 86400:
        assert errors_of({**new, "duration_seconds": longest + 1}) == ["duration_seconds"]
    assert create_window({**new, "duration_seconds": longest}).duration_seconds == longest


def test_starts_that_are_hard_to_find_are_compared_as_far_as_that_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these is found after ten thousand steps."""
    asked, find = 0, GridTimetable.find

    def counted(table: GridTimetable, moment: datetime, steps: Steps) -> datetime | None:
        nonlocal asked
        asked += 1
        return find(table, moment, steps)

    monkeypatch.setattr(GridTimetable, "find", counted)
    grids = [{"trigger": "interval", "seconds": seconds, "start_date": "2026-01-01"} for seconds in (4993, 4999)]

    create_window({"name": "rare", "trigger": "and", "triggers": grids, "duration_seconds": 60})

    assert asked < 200_000


def test_name_can_be_given_once() -> None:
    create_window(NEW)

    with pytest.raises(WindowAlreadyExists, match="night"):
        create_window(NEW)
    create_window({**NEW, "name": "Night"})


def test_change_keeps_what_it_does_not_name() -> None:
    create_window({**NEW, "tags": ["a"], "note": "n"})

    change_window("night", {"duration_seconds": 60})

    window = MaintenanceWindow.objects.get()
    assert (window.duration_seconds, window.tags, window.note) == (60, ["a"], "n")
    assert window.trigger == {"trigger": "cron", "hour": "2"}


def test_change_of_the_trigger_replaces_it() -> None:
    create_window(NEW)

    change_window("night", {"trigger": "interval", "days": 7, "timezone": "Asia/Shanghai"})

    window = MaintenanceWindow.objects.get()
    assert (window.trigger["weeks"], window.timezone) == (1, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("name", {"name": "day"}),
        ("hour", {"hour": 5}),
        ("timezone", {"timezone": "UTC"}),
        ("duration_seconds", {"duration_seconds": None}),
        ("duration_seconds", {"duration_seconds": 86400}),
        ("body", [1]),
    ],
)
def test_wrong_change_changes_nothing(field: str, data: Any) -> None:
    create_window(NEW)
    before = (MaintenanceWindow.objects.values().get(), revision())

    with pytest.raises(InvalidInput) as caught:
        change_window("night", data)

    assert list(caught.value.errors) == [field]
    assert (MaintenanceWindow.objects.values().get(), revision()) == before


def test_window_that_somebody_broke_by_hand_can_be_mended_and_deleted() -> None:
    create_window(NEW)
    MaintenanceWindow.objects.update(trigger=5, timezone="Mars")

    with pytest.raises(InvalidInput):
        change_window("night", {"duration_seconds": 60})
    change_window("night", {"trigger": "cron", "hour": 3})
    delete_window("night")


@pytest.mark.parametrize("name", ["nosuch", "\0", "NIGHT", "night "])
def test_what_is_not_there_cannot_be_changed_or_deleted(name: str) -> None:
    create_window(NEW)

    with pytest.raises(WindowNotFound):
        change_window(name, {"note": "x"})
    with pytest.raises(WindowNotFound):
        delete_window(name)


def test_every_write_tells_the_nodes(clock: Traveller) -> None:
    revisions = [revision()]
    for write in (
        lambda: create_window(NEW),
        lambda: change_window("night", {"note": "x"}),
        lambda: delete_window("night"),
    ):
        write()
        revisions.append(revision())

    assert revisions == [0, 1, 2, 3]


def test_no_calendar_goes_while_a_window_that_names_it_is_read() -> None:
    create_calendar({"name": "ours"})
    fields = {"name": "w", "trigger": "cron", "hour": 2, "calendar": "ours", "duration_seconds": 60}

    with CaptureQueriesContext(connection) as statements:
        create_window(fields)
    with CaptureQueriesContext(connection) as of_change:
        change_window("w", {"duration_seconds": 90})

    for each in (statements, of_change):
        tables = [query["sql"] for query in each.captured_queries]
        held = next(number for number, sql in enumerate(tables) if "rules_revision" in sql and "UPDATE" in sql)
        read = next(number for number, sql in enumerate(tables) if "scheduler_workcalendar" in sql)
        assert held < read
