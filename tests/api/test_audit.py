"""GET /scheduler/audit."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from scheduler.actors import acting
from scheduler.models import Action, AuditEntry, Job, first_id_of
from scheduler.services import audit
from scheduler.services.jobs import change_job, create_job

LOG = "/scheduler/audit"
START = datetime(2030, 1, 1, tzinfo=UTC)
QUERIES = 2  # The user of the token; the entries.


@pytest.fixture
def log(db: None) -> list[AuditEntry]:
    """One pause a minute, the oldest first."""
    entries = [audit.entry(Action.PAUSED, now=START + timedelta(minutes=number)) for number in range(120)]
    for entry in entries:
        entry.pk = first_id_of(entry.at)
    audit.write(entries)
    return entries


def ids(api: APIClient, **filters: str) -> list[int]:
    """Return the ids of the entries that are answered."""
    return [int(each["id"]) for each in api.get(LOG, filters).json()["results"]]


def test_entry_says_who_did_what(api: APIClient) -> None:
    with acting(name="eve", source="rest", address="192.0.2.7"):
        job = create_job({"id": "x", "func": "jobs:nothing", "name": "y", "trigger": "interval", "hours": 1})
        change_job("x", {"timeout": 60})
    entry = AuditEntry.objects.latest("id")

    found = api.get(LOG).json()["results"][0]

    assert found == {
        "id": str(entry.pk),
        "at": entry.at.isoformat(),
        "actor": "eve",
        "source": "rest",
        "address": "192.0.2.7",
        "action": "changed",
        "kind": "job",
        "name": job.name,
        "job_id": "x",
        "revision": 2,
        "details": {"timeout": [None, 60]},
    }


def test_page_holds_the_newest_first(api: APIClient, log: list[AuditEntry]) -> None:
    assert ids(api, action="paused") == [each.pk for each in reversed(log)][:50]


def test_following_the_pages_gives_each_entry_once(api: APIClient, log: list[AuditEntry]) -> None:
    seen, path = [], f"{LOG}?limit=50&action=paused&since={START.isoformat()}"
    while path:
        page = api.get(path).json()
        seen += [int(each["id"]) for each in page["results"]]
        path = page["next"]

    assert seen == [each.pk for each in reversed(log)]


@pytest.fixture
def two(db: None) -> dict[str, int]:
    """Two entries that differ in everything."""
    with acting(name="eve", source="rest"):
        audit.note(Action.RESTORED, now=datetime.now(UTC), of=Job(id="x", revision=3))
    with acting(name="bob", source="admin"):
        audit.note(Action.SCHEDULER_PAUSED, now=datetime.now(UTC))
    return {each.actor: each.pk for each in AuditEntry.objects.all()}


@pytest.mark.parametrize(
    ("name", "value"),
    [("action", "restored"), ("kind", "job"), ("source", "rest"), ("actor", "eve"), ("job_id", "x")],
)
def test_filter_chooses_what_has_exactly_that(api: APIClient, two: dict[str, int], name: str, value: str) -> None:
    assert ids(api, **{name: value}) == [two["eve"]]


def test_filters_hold_together(api: APIClient, two: dict[str, int]) -> None:
    assert ids(api, actor="eve", source="admin") == []


def test_since_chooses_what_was_done_from_then_on(api: APIClient, log: list[AuditEntry]) -> None:
    assert ids(api, action="paused", since="2030-01-01T01:58:00") == [log[119].pk, log[118].pk]


@pytest.mark.parametrize(
    ("name", "value"),
    [("action", "eaten"), ("kind", "x"), ("source", "x"), ("since", "soon"), ("before", "x"), ("limit", "-1")],
)
def test_value_that_means_nothing_names_the_field(api: APIClient, db: None, name: str, value: str) -> None:
    answer = api.get(LOG, {name: value})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


@pytest.mark.parametrize("name", ["actor", "job_id"])
def test_null_character_is_in_no_entry(api: APIClient, two: dict[str, int], name: str) -> None:
    assert ids(api, **{name: "\0"}) == []


@pytest.mark.parametrize("count", [0, 9])
def test_page_costs_the_same_however_long_the_log_is(
    api: APIClient, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audit.write(audit.entry(Action.SCHEDULER_PAUSED, now=START) for _number in range(count))

    with django_assert_num_queries(QUERIES):
        api.get(LOG)
