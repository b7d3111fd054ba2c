"""Which zone's clock a row is read by."""

from datetime import UTC, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.models import Job, MaintenanceWindow, zone_named, zone_of

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("row", [Job, MaintenanceWindow])
def test_clock_is_that_of_the_trigger(row: type[Job | MaintenanceWindow]) -> None:
    assert zone_of(row(trigger={"trigger": "interval"}, timezone="Asia/Tokyo")) == ZoneInfo("Asia/Tokyo")


def test_date_has_the_offset_that_it_was_sent_with() -> None:
    job = Job(trigger={"trigger": "date", "run_date": "2031-05-06T12:00:00+05:30"}, timezone="Asia/Tokyo")

    assert zone_of(job) == timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize("trigger", [None, 5, {"run_date": 5}, {"run_date": "soon"}])
def test_broken_trigger_is_shown_in_utc(trigger: Any) -> None:
    assert zone_of(Job(trigger=trigger, timezone="Asia/Tokyo")) == UTC


@pytest.mark.parametrize("name", ["", None, "Mars/Base", "../../etc/passwd", "\0", 5])
def test_name_of_no_zone_is_shown_in_utc(name: Any) -> None:
    assert zone_named(name) == UTC
    assert zone_of(Job(trigger={"trigger": "interval"}, timezone=name)) == UTC
