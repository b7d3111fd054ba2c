"""Whatever is sent: it is read, or refused in words, and never breaks a reader."""

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.exchange import Mistake, Unreadable, read_beat, read_crontabs, read_document, read_flask, read_mapping
from scheduler.exchange.celerywhen import BeatRow

pytestmark = pytest.mark.pure

UTC = ZoneInfo("UTC")
PIECES = [
    "carnation: 1\n", "jobs:\n", "  a:\n", "    b: ", "{", "}", "[", "]", "- ", "&a ", "*a ", "!!x ", '"', "'", ": ",
    "\t", "\n", "|", ">", "#", "?", "%", "--- ", "1",
]  # fmt: skip
YAML_LIKE = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=20).map("".join)
CRON_WORDS = [
    "*", "*/5", "1-5", "0", "mon", "@daily", "@reboot", "%", r"\%", "root", "A=1", "CRON_TZ=", "UTC", "#", "\n", "L",
    "60", "~", '"',
]  # fmt: skip
CRON_LIKE = st.lists(st.sampled_from(CRON_WORDS) | st.text(max_size=3), max_size=20).map(" ".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)
NAMES = st.sampled_from(["id", "func", "trigger", "hour", "seconds", "start_date", "next_run_time", "timezone", "args"])
JOBS = st.lists(
    st.dictionaries(NAMES, JSON | st.sampled_from(["cron", "interval", "date", "UTC", "2026-06-01"])), max_size=3
)


def refused_or_read(read: Any) -> None:
    mistakes: tuple[Mistake, ...] | None = None
    try:
        read()
    except Unreadable as error:
        mistakes = error.mistakes

    assert mistakes is None or (mistakes and all(mistake.message for mistake in mistakes))


@given(YAML_LIKE)
def test_any_document_and_any_mapping(text: str) -> None:
    refused_or_read(lambda: read_document(text))
    refused_or_read(lambda: read_mapping(text))


@given(st.text())
def test_any_json(text: str) -> None:
    refused_or_read(lambda: read_document("{" + text))


@given(CRON_LIKE, st.booleans())
def test_any_crontab(text: str, has_users: bool) -> None:
    refused_or_read(lambda: read_crontabs(text, zone=UTC, task="f:f", has_users=has_users))


@given(JOBS)
def test_any_jobs_of_flask(jobs: list[dict[str, Any]]) -> None:
    refused_or_read(lambda: read_flask(json.dumps(jobs, allow_nan=True), zone=UTC))


@given(st.dictionaries(st.sampled_from(["minute", "hour", "day_of_week", "day_of_month", "month_of_year"]), st.text()))
def test_any_crontab_of_celery(fields: dict[str, str]) -> None:
    crontab = {"minute": "*", "hour": "*", "day_of_week": "*", "day_of_month": "*", "month_of_year": "*", **fields}
    task = {"name": "a", "task": "a.b", "enabled": 1}

    refused_or_read(lambda: read_beat([BeatRow(task=task, crontab=crontab)]))
