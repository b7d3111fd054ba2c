"""`manage.py importbeat`."""

import sqlite3
from pathlib import Path

import pytest

from scheduler.models import Job
from tests.management.importing import lines_with, refuse, run
from tests.services.test_beat_tables import ROWS, TABLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(tmp_path: Path) -> str:
    other = sqlite3.connect(tmp_path / "other.sqlite3")
    for table, columns in TABLES.items():
        other.execute(f"CREATE TABLE {table} ({columns.format(moment='timestamp')})")
    for table, values in ROWS:
        other.execute(f"INSERT INTO django_celery_beat_{table} VALUES ({values})")
    other.commit()
    other.close()
    return f"sqlite:///{tmp_path / 'other.sqlite3'}"


def test_periodic_tasks_are_taken_over_and_compared(url: str) -> None:
    said = run("importbeat", "--database", url)

    assert len(lines_with(said.out, "equal to [", "in the next 1000 occurrences")) == 2
    assert dict(Job.objects.values_list("pk", "paused")) == {"often": True, "weekdays": False}
    assert Job.objects.get(pk="weekdays").timezone == "Asia/Shanghai"


def test_importing_again_changes_nothing(url: str) -> None:
    run("importbeat", "--database", url)

    assert "0 added, 0 changed, 2 unchanged" in run("importbeat", "--database", url).out


def test_database_without_tables_is_an_error() -> None:
    assert "cannot be read" in refuse("importbeat").out
    assert "alias" in refuse("importbeat", "--database", "nowhere").out
