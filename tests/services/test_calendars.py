"""Calendars: each change reaches the jobs that name one, and nothing is written by halves."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from scheduler.exceptions import CalendarAlreadyExists, CalendarInUse, CalendarNotFound, InvalidInput
from scheduler.models import CalendarDay, Execution, Job, SchedulerState, WorkCalendar
from scheduler.services.calendars import (
    change_calendar,
    create_calendar,
    delete_calendar,
    import_days,
    read_days_of_file,
    set_days,
)
from scheduler.services.jobs import change_job, create_job
from scheduler.services.runs import backfill_job
from scheduler.services.schedules import sync_stale_schedules
from scheduler.services.windows import create_window
from scheduler.triggers import SpecialDay
from tests.services.rows import executions_of, make_job, next_run_of

pytestmark = pytest.mark.django_db

OFF, WORKED = SpecialDay(is_working=False, name="outing"), SpecialDay(is_working=True)
DAILY: dict[str, Any] = {"trigger": "cron", "hour": "9", "calendar": "ours"}
TUESDAY = date(2026, 6, 2)


def make_calendar(name: str = "ours", **fields: Any) -> WorkCalendar:
    return create_calendar({"name": name, **fields})


def days_of(name: str = "ours") -> dict[date, bool]:
    return dict(CalendarDay.objects.filter(calendar=name).values_list("day", "is_working"))


def revision() -> int:
    return SchedulerState.objects.get().rules_revision


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=UTC)


def test_new_calendar_rests_on_the_weekend_and_on_no_holiday() -> None:
    calendar = make_calendar()

    assert (calendar.weekend, calendar.country, calendar.makeup_days) == ("sat,sun", "", False)
    assert calendar.known_until is None


def test_calendar_of_china_has_its_make_up_days_unless_they_are_not_wanted() -> None:
    assert make_calendar(country="CN").as_value().is_working(date(2026, 10, 10))
    assert not make_calendar("strict", country="cn", makeup_days=False).as_value().is_working(date(2026, 10, 10))


def test_names_are_told_apart_exactly() -> None:
    make_calendar("ours", country="DE")
    make_calendar("OURS")

    with pytest.raises(CalendarAlreadyExists):
        make_calendar("ours")
    assert WorkCalendar.objects.get(pk="ours").country == "DE"
    assert WorkCalendar.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "a/b"}, ["name"]),
        ({"name": ".."}, ["name"]),
        ({"name": " ours"}, ["name"]),
        ({"name": "a\0"}, ["name"]),
        ({"name": 5}, ["name"]),
        ({"weekend": ["saturday"]}, ["weekend"]),
        ({"weekend": [6]}, ["weekend"]),
        ({"weekend": "mon,tue,wed,thu,fri,sat,sun"}, ["weekend"]),
        ({"weekend": None}, ["weekend"]),
        ({"country": "XX"}, ["country"]),
        ({"country": 86}, ["country"]),
        ({"country": "DE", "subdivision": "ZZ"}, ["subdivision"]),
        ({"country": "DE", "subdivision": ["BY"]}, ["subdivision"]),
        ({"subdivision": "BY"}, ["subdivision"]),
        ({"country": "DE", "makeup_days": True}, ["makeup_days"]),
        ({"makeup_days": "yes"}, ["makeup_days"]),
        ({"country": "CN", "subdivision": "BJ"}, ["subdivision"]),
        ({"description": 5}, ["description"]),
        ({"description": "x" * 256}, ["description"]),
        ({"days": {}}, ["days"]),
        ({"days": [5]}, ["days"]),
        ({"days": [{"day": "2026-02-30", "working": True}]}, ["days"]),
        ({"days": [{"day": 5, "working": True}]}, ["days"]),
        ({"days": [{"day": "2026-02-03"}]}, ["days"]),
        ({"days": [{"day": "2026-02-03", "working": "no"}]}, ["days"]),
        ({"days": [{"day": "2026-02-03", "working": True, "name": "\0"}]}, ["days"]),
        ({"days": [{"day": "2026-02-03", "working": True, "nam": ""}]}, ["days"]),
        ({"days": 2 * [{"day": "2026-02-03", "working": True}]}, ["days"]),
        ({"nosuch": 1, "country": "XX"}, ["country", "nosuch"]),
    ],
)
def test_what_means_nothing_is_refused_by_name_and_leaves_nothing(fields: dict[str, Any], wrong: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        make_calendar(**{"name": "ours", **fields})

    assert sorted(caught.value.errors) == wrong
    assert not WorkCalendar.objects.exists()


@pytest.mark.parametrize("data", [None, [], "ours", {}])
def test_what_is_no_calendar_is_refused(data: Any) -> None:
    with pytest.raises(InvalidInput):
        create_calendar(data)


def test_change_keeps_what_was_not_sent() -> None:
    make_calendar(country="DE", subdivision="BY", description="Munich", weekend=["sun"])

    change_calendar("ours", {"description": "München"})

    calendar = WorkCalendar.objects.get()
    assert (calendar.description, calendar.subdivision, calendar.weekend) == ("München", "BY", "sun")


def test_another_country_takes_nothing_over_from_the_last() -> None:
    make_calendar(country="DE", subdivision="BY")

    assert change_calendar("ours", {"country": "CN"}).makeup_days is True
    assert change_calendar("ours", {"country": "DE"}).makeup_days is False
    assert WorkCalendar.objects.get().subdivision == ""


def test_name_stays() -> None:
    make_calendar()

    assert change_calendar("ours", {"name": "ours", "known_until": None}).name == "ours"
    with pytest.raises(InvalidInput):
        change_calendar("ours", {"name": "theirs"})


def test_days_of_a_change_are_all_there_are() -> None:
    make_calendar(days=[{"day": "2026-06-02", "working": False}, {"day": "2026-06-03", "working": False}])

    change_calendar("ours", {"days": [{"day": "2026-06-03", "working": True}, {"day": "2026-06-06", "working": True}]})

    assert days_of() == {date(2026, 6, 3): True, date(2026, 6, 6): True}


def test_days_that_are_set_leave_all_others() -> None:
    make_calendar(days=[{"day": "2026-06-02", "working": False}, {"day": "2026-06-03", "working": False}])

    set_days("ours", {date(2026, 6, 2): None, date(2026, 6, 6): WORKED})

    assert days_of() == {date(2026, 6, 3): False, date(2026, 6, 6): True}


def test_many_days_are_set_at_once() -> None:
    make_calendar()
    many = {date.fromordinal(TUESDAY.toordinal() + number): OFF for number in range(1_200)}

    set_days("ours", many)
    set_days("ours", dict.fromkeys(many, WORKED))

    assert len(days_of()) == 1_200
    assert all(days_of().values())


@pytest.mark.parametrize(
    "action", [lambda: change_calendar("x", {}), lambda: set_days("x", {}), lambda: delete_calendar("x")]
)
def test_what_is_not_there_is_not_found(action: Any) -> None:
    with pytest.raises(CalendarNotFound):
        action()
    with pytest.raises(CalendarNotFound):
        delete_calendar("\0")


def test_import_sets_what_the_file_lists_and_leaves_the_rest() -> None:
    make_calendar(days=[{"day": "2026-06-02", "working": False}, {"day": "2026-06-03", "working": False}])

    import_days("ours", "days.csv", b"day,working\n2026-06-03,yes\n2026-06-06,yes\n")

    assert days_of() == {TUESDAY: False, date(2026, 6, 3): True, date(2026, 6, 6): True}


def test_import_may_replace_all_days() -> None:
    make_calendar(days=[{"day": "2026-06-02", "working": False}])

    import_days("ours", "days.csv", b"day,working\n2026-06-06,yes\n", replace=True)

    assert days_of() == {date(2026, 6, 6): True}


def test_file_with_a_mistake_changes_nothing() -> None:
    make_calendar(days=[{"day": "2026-06-02", "working": False}])

    with pytest.raises(InvalidInput, match="file: Line 3"):
        import_days("ours", "days.csv", b"day,working\n2026-06-06,yes\nnever,yes\n", replace=True)

    assert days_of() == {TUESDAY: False}


def test_of_many_mistakes_the_first_are_said() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_days_of_file("days.csv", b"day,working\n" + b"never,yes\n" * 25)

    said = caught.value.errors["file"]
    assert said.count("Line ") == 10
    assert said.endswith("And 15 more mistakes.")


def test_every_change_is_counted_for_the_nodes() -> None:
    SchedulerState.objects.all().delete()
    make_calendar()
    first = revision()
    set_days("ours", {TUESDAY: OFF})
    change_calendar("ours", {"weekend": []})
    delete_calendar("ours")

    assert (first, revision()) == (1, 4)


def test_change_lets_the_schedules_of_the_jobs_that_name_it_be_derived_anew(clock: time_machine.Traveller) -> None:
    make_calendar()
    make_job(**DAILY)
    make_job("other", trigger="cron", hour="9")
    assert next_run_of() == at(2)

    set_days("ours", {TUESDAY: OFF})

    assert list(Job.objects.stale().values_list("pk", flat=True)) == ["job"]
    sync_stale_schedules(now=at(1, 12), limit=10)
    assert (next_run_of(), next_run_of("other")) == (at(3), at(2))
    assert not Job.objects.stale().exists()


def test_change_that_changes_nothing_leaves_the_jobs_alone() -> None:
    make_calendar(days=[{"day": "2026-06-02", "working": False, "name": "outing"}])
    make_job(**DAILY)

    set_days("ours", {TUESDAY: OFF})
    change_calendar("ours", {"weekend": ["sun", "sat"], "country": ""})

    assert not Job.objects.stale().exists()


def test_what_is_due_already_is_not_lost_to_a_change(clock: time_machine.Traveller) -> None:
    make_calendar()
    make_job(**DAILY)

    set_days("ours", {date(2026, 6, 3): OFF})
    sync_stale_schedules(now=at(2, 10), limit=10)

    assert next_run_of() == at(2)
    assert executions_of() == []


def test_what_is_due_on_a_day_that_is_now_off_leaves_a_row(clock: time_machine.Traveller) -> None:
    make_calendar()
    make_job(**DAILY)

    set_days("ours", {TUESDAY: OFF})
    sync_stale_schedules(now=at(2, 10), limit=10)

    assert next_run_of() == at(3)
    assert executions_of() == [("skipped", at(2))]


def test_row_of_what_a_calendar_took_says_so_and_counts_nothing_that_nobody_knows(
    clock: time_machine.Traveller,
) -> None:
    make_calendar()
    make_job(**DAILY)

    set_days("ours", {TUESDAY: OFF})
    sync_stale_schedules(now=at(2, 10), limit=10)

    row = Execution.objects.get()
    assert "calendar" in row.reason
    assert row.occurrences is None


def test_next_run_that_somebody_set_survives_a_change_of_the_calendar(clock: time_machine.Traveller) -> None:
    make_calendar()
    make_job(**DAILY)
    change_job("job", {"next_run_time": at(2, 15).isoformat()})

    set_days("ours", {TUESDAY: OFF})
    sync_stale_schedules(now=at(1, 12), limit=10)

    assert next_run_of() == at(2, 15)


def test_paused_job_stays_paused(clock: time_machine.Traveller) -> None:
    make_calendar()
    make_job(**DAILY, next_run_time=None)

    set_days("ours", {TUESDAY: OFF})
    sync_stale_schedules(now=at(1, 12), limit=10)

    assert next_run_of() is None


def test_calendar_in_use_cannot_be_deleted_and_its_jobs_are_named() -> None:
    make_calendar()
    make_job(**DAILY)

    with pytest.raises(CalendarInUse, match="is used by: job"):
        delete_calendar("ours")
    Job.objects.update(finished_at=at(1))
    delete_calendar("ours")

    assert not WorkCalendar.objects.exists()


def test_calendar_that_a_window_begins_by_cannot_be_deleted_either() -> None:
    make_calendar()
    create_window({"name": "night", **DAILY, "duration_seconds": 60})

    with pytest.raises(CalendarInUse, match="is used by: night"):
        delete_calendar("ours")


def test_refusal_names_no_more_jobs_than_one_can_read() -> None:
    make_calendar()
    for number in range(12):
        make_job(f"job{number:02}", **DAILY)

    with pytest.raises(CalendarInUse) as caught:
        delete_calendar("ours")

    assert "job09, ..." in str(caught.value)


def test_job_that_names_no_known_calendar_is_refused() -> None:
    for name in ("nosuch", "a\0b", "\ud800"):
        with pytest.raises(InvalidInput) as caught:
            make_job(**{**DAILY, "calendar": name})
        assert list(caught.value.errors) == ["calendar"]


def test_job_whose_calendar_vanished_is_quarantined_and_mended_when_it_is_back(clock: time_machine.Traveller) -> None:
    make_calendar()
    make_job(**DAILY)
    WorkCalendar.objects.all().delete()
    Job.objects.update(synced_trigger=None)
    sync_stale_schedules(now=at(1, 12), limit=10)
    assert "ours" in Job.objects.get().problem
    assert next_run_of() is None

    make_calendar()
    sync_stale_schedules(now=at(1, 12), limit=10)

    assert Job.objects.get().problem == ""
    assert next_run_of() == at(2)


def test_calendar_of_a_country_that_is_unknown_counts_as_not_there() -> None:
    make_calendar()
    WorkCalendar.objects.update(country="XX")

    with pytest.raises(InvalidInput):
        make_job(**DAILY)
    assert WorkCalendar.objects.get().known_until is None


def test_job_of_the_settings_that_names_a_calendar_is_read_like_any_other() -> None:
    make_calendar(country="CN")
    create_job({"id": "job", "func": "jobs:nothing", **DAILY}, declared={"id": "job"})

    assert Job.objects.get().trigger["calendar"] == "ours"


def test_change_reaches_jobs_that_name_it_within_other_triggers(clock: time_machine.Traveller) -> None:
    make_calendar()
    make_calendar("second")
    plain = {"trigger": "cron", "hour": "9"}
    make_job("nested", trigger="or", triggers=[{**plain, "calendar": "second"}, {**plain, "calendar": "ours"}])
    make_job("second", **{**DAILY, "calendar": "second"})

    set_days("ours", {TUESDAY: OFF})

    assert list(Job.objects.stale().values_list("pk", flat=True)) == ["nested"]
    with pytest.raises(CalendarInUse, match="nested"):
        delete_calendar("ours")


def test_finished_job_goes_on_when_its_calendar_has_days_again(clock: time_machine.Traveller) -> None:
    make_calendar(days=[{"day": "2026-06-02", "working": False}])
    make_job(**DAILY, end_date="2026-06-02T20:00:00+00:00", start_date="2026-06-01T10:00:00+00:00")
    Job.objects.update(finished_at=at(1))

    set_days("ours", {TUESDAY: None})
    sync_stale_schedules(now=at(1, 12), limit=10)

    assert next_run_of() == at(2)
    assert Job.objects.get().finished_at is None


def test_schedules_of_many_jobs_are_derived_with_their_calendars_read_once(
    clock: time_machine.Traveller, django_assert_max_num_queries: Any
) -> None:
    make_calendar()
    for number in range(20):
        make_job(f"job{number}", **DAILY)
    set_days("ours", {TUESDAY: OFF})

    with django_assert_max_num_queries(20):
        assert sync_stale_schedules(now=at(1, 12), limit=50) == 20


def test_backfill_follows_the_calendar(clock: time_machine.Traveller) -> None:
    make_calendar(days=[{"day": "2026-05-26", "working": False}])
    make_job(**DAILY)

    queued = backfill_job("job", start=datetime(2026, 5, 22, tzinfo=UTC), end=datetime(2026, 5, 28, tzinfo=UTC))

    assert [each.scheduled_for.day for each in queued] == [22, 25, 27]
