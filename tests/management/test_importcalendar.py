"""`manage.py importcalendar`: days from a file."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from scheduler.models import CalendarDay
from scheduler.services.calendars import create_calendar

pytestmark = pytest.mark.django_db

EVENT = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261010\nEND:VEVENT\nEND:VCALENDAR\n"


def days() -> dict[date, bool]:
    return dict(CalendarDay.objects.values_list("day", "is_working"))


def write(directory: Path, name: str, text: str) -> str:
    (directory / name).write_text(text)
    return str(directory / name)


def test_days_of_a_table_are_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    create_calendar({"name": "ours", "days": [{"day": "2026-06-02", "working": False}]})

    call_command("importcalendar", "ours", write(tmp_path, "days.csv", "day,working\n2026-10-10,yes\n"))

    assert days() == {date(2026, 6, 2): False, date(2026, 10, 10): True}
    assert "1 days set in calendar ours." in capsys.readouterr().out


def test_events_may_be_working_days_and_all_there_are(tmp_path: Path) -> None:
    create_calendar({"name": "ours", "days": [{"day": "2026-06-02", "working": False}]})

    call_command("importcalendar", "ours", write(tmp_path, "days.ics", EVENT), "--working", "--replace")

    assert days() == {date(2026, 10, 10): True}


def test_mistake_is_said_with_its_line_and_nothing_is_set(tmp_path: Path) -> None:
    create_calendar({"name": "ours"})

    with pytest.raises(CommandError, match='Line 3: "x" is no day'):
        call_command("importcalendar", "ours", write(tmp_path, "days.csv", "day,working\n2026-10-10,yes\nx,yes\n"))

    assert days() == {}


def test_calendar_and_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Calendar ours not found"):
        call_command("importcalendar", "ours", write(tmp_path, "days.csv", "day,working\n"))
    with pytest.raises(CommandError, match="No such file"):
        call_command("importcalendar", "ours", str(tmp_path / "nosuch.csv"))
