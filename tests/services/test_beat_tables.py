"""django-celery-beat's tables are read in this database and in others, whatever columns their version has."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections

from scheduler.exceptions import InvalidInput
from scheduler.services.beat_tables import has_beat_tables, read_beat_tables
from scheduler.services.import_sources import read_beat_database

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = {
    "django_celery_beat_periodictask": (
        "id integer, name varchar(200), task varchar(200), args text, kwargs text, enabled integer, one_off integer,"
        " total_run_count integer, expires {moment}, start_time {moment}, last_run_at {moment}, crontab_id integer,"
        " interval_id integer, clocked_id integer, solar_id integer"
    ),
    "django_celery_beat_crontabschedule": (
        "id integer, minute varchar(9), hour varchar(9), day_of_week varchar(9), day_of_month varchar(9),"
        " month_of_year varchar(9), timezone varchar(63)"
    ),
    "django_celery_beat_intervalschedule": "id integer, every integer, period varchar(24)",
    "django_celery_beat_clockedschedule": "id integer, clocked_time {moment}",
}
ROWS = (
    ("crontabschedule", "1, '30', '2', '1-5', '*', '*', 'Asia/Shanghai'"),
    ("intervalschedule", "7, 5, 'minutes'"),
    ("periodictask", "1, 'weekdays', 'jobs.nothing', '[]', '{}', 1, 0, 3, NULL, NULL, NULL, 1, NULL, NULL, NULL"),
    (
        "periodictask",
        "2, 'often', 'jobs.nothing', '', '', 0, 0, 3, NULL, NULL, '2026-06-01 12:00:00', NULL, 7, NULL, NULL",
    ),
)


def fill(alias: str = "default") -> None:
    """Make the tables, and two tasks in them."""
    moment = "datetime(6)" if connections[alias].vendor == "mysql" else "timestamp"
    with connections[alias].cursor() as cursor:
        for table, columns in TABLES.items():
            cursor.execute(f"CREATE TABLE {table} ({columns.format(moment=moment)})")
        for table, values in ROWS:
            cursor.execute(f"INSERT INTO django_celery_beat_{table} VALUES ({values})")


@pytest.fixture
def tables() -> Iterator[None]:
    fill()
    yield
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DROP TABLE {table}")


@pytest.mark.usefixtures("tables")
def test_tables_of_this_database_become_jobs() -> None:
    assert has_beat_tables()

    often, weekdays = read_beat_database("default").jobs

    assert (often.fields["start_date"], often.fields["paused"]) == ("2026-06-01T12:05:00+00:00", True)
    assert (weekdays.fields["day_of_week"], weekdays.fields["func"]) == ("mon,tue,wed,thu,fri", "jobs:nothing")


@pytest.mark.usefixtures("tables")
def test_dates_are_in_utc_whatever_the_driver_makes_of_them() -> None:
    often = read_beat_tables("default")[0]

    assert often.task["last_run_at"] == datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert often.interval == {"id": 7, "every": 5, "period": "minutes"}


def test_tables_of_another_database_are_read_by_its_url(tmp_path: Path) -> None:
    import sqlite3

    other = sqlite3.connect(tmp_path / "other.sqlite3")
    for table, columns in TABLES.items():
        other.execute(f"CREATE TABLE {table} ({columns.format(moment='timestamp')})")
    for table, values in ROWS:
        other.execute(f"INSERT INTO django_celery_beat_{table} VALUES ({values})")
    other.commit()
    other.close()

    assert [row.task["name"] for row in read_beat_tables(f"sqlite:///{tmp_path / 'other.sqlite3'}")] == [
        "often",
        "weekdays",
    ]


def test_database_without_the_tables_is_an_error() -> None:
    assert not has_beat_tables()
    with pytest.raises(DatabaseError):
        read_beat_tables("default")


@pytest.mark.parametrize("name", ["nowhere", "ftp://host/name", ""])
def test_what_is_no_database_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        read_beat_tables(name)
