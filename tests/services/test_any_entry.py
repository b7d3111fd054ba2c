"""Whatever an entry holds: it is planned, or its mistakes are told, and the database is never asked what it cannot."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.exceptions import ImportRefused
from scheduler.exchange import Document, Entry
from scheduler.services.comparisons import compare_plan
from scheduler.services.definitions import CHANGE_READERS, TRIGGER_FIELDS
from scheduler.services.import_planning import plan_import
from scheduler.services.import_sources import read_flask_settings
from scheduler.services.jobs import create_job
from tests.services.rows import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ANYTHING = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)
GOOD = st.sampled_from(["cron", "interval", "date", "jobs:nothing", "* * * * *", "2026-06-01", "UTC", 3, [], {}])
NAMES = sorted({*CHANGE_READERS, *TRIGGER_FIELDS, "paused", "weekend", "country", "days", "duration_seconds", "note"})
FIELDS = st.dictionaries(st.sampled_from(NAMES) | TEXTS, GOOD | JSON, max_size=6)
BASE: dict[str, Any] = {"func": "jobs:nothing", "trigger": "cron"}


@ANYTHING
@given(TEXTS, FIELDS, st.booleans())
def test_any_job_calendar_or_window(key: str, fields: dict[str, Any], is_complete: bool) -> None:
    entries = (Entry(key=key, fields={**BASE, **fields}, line=1), Entry(key="there", fields=fields, line=2))
    create_job({"id": "there", **BASE, "replace_existing": True})

    plan = plan_import(Document(jobs=entries, calendars=entries, windows=entries, is_complete=is_complete), now=NOW)

    assert len({(each.item, each.line) for each in plan.mistakes}) + len(plan.changes) >= 1
    assert all(mistake.message for mistake in plan.mistakes)
    assert plan.fingerprint


@ANYTHING
@given(st.dictionaries(st.sampled_from(["hour", "minute", "day", "day_of_week", "seconds", "minutes"]), GOOD | JSON))
def test_any_trigger_of_flask_is_compared(fields: dict[str, Any]) -> None:
    kind = "interval" if {"seconds", "minutes"} & set(fields) else "cron"
    try:
        document = read_flask_settings([{"id": "a", **BASE, "trigger": kind, "start_date": "2026-06-01", **fields}])
    except ImportRefused:
        return
    plan = plan_import(document, now=NOW)

    assert plan.mistakes or set(compare_plan(plan)) == {"a"}
