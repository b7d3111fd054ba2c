"""Who may do what."""

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from scheduler.models import Execution, Job, SchedulerState, Status, WorkCalendar
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job
from tests.api.endpoints import Endpoint, endpoints

NEEDED = {
    "info": "view_job",
    "list": "view_job",
    "retrieve": "view_job",
    "executions": "view_job",
    "why": "view_job",
    "create": "add_job",
    "partial_update": "change_job",
    "destroy": "delete_job",
    "run": "change_job",
    "backfill": "change_job",
    "cancel": "change_job",
    "start": "change_schedulerstate",
    "shutdown": "change_schedulerstate",
}
ALL = {
    *(f"{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in ("job", "workcalendar")),
    "change_schedulerstate",
}
BODIES = {
    "create": '{"id": "new", "func": "jobs:nothing", "trigger": "interval"}',
    "backfill": '{"start": "2026-01-01", "end": "2026-01-02"}',
}
NEW_CALENDAR = '{"name": "new"}'


@pytest.fixture
def user(db: None) -> User:
    """A user who may do nothing yet, a job, an execution and a calendar to do it to."""
    create_calendar({"name": "x"})
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    Execution.objects.create(
        pk=1, job_id="x", scheduled_for="2030-01-01T00:00Z", revision=1, created_at="2030-01-01T00:00Z"
    )
    return User.objects.create_user("somebody")


def send(user: User, endpoint: Endpoint, *permissions: str) -> int:
    """Let the user try it, with these permissions, and return the status."""
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="scheduler", codename__in=permissions))
    client = APIClient()
    client.force_authenticate(User.objects.get(pk=user.pk))
    body = NEW_CALENDAR if endpoint.path.endswith("/calendars") else BODIES.get(endpoint.action, "{}")
    return client.generic(endpoint.method, endpoint.path, body, "application/json").status_code


def needed(endpoint: Endpoint) -> str:
    """Return the permission that the endpoint needs."""
    if "/calendars" in endpoint.path:
        return NEEDED[endpoint.action].replace("_job", "_workcalendar")
    if endpoint.action in ("pause", "resume"):
        return "change_job" if "/jobs/" in endpoint.path else "change_schedulerstate"
    return NEEDED[endpoint.action]


@pytest.mark.parametrize("endpoint", endpoints(), ids=str)
def test_permission_is_enough(user: User, endpoint: Endpoint) -> None:
    if endpoint.action == "start":
        SchedulerState.objects.update(desired="stopped")

    assert send(user, endpoint, needed(endpoint)) in (200, 204)


@pytest.mark.parametrize("endpoint", endpoints(), ids=str)
def test_all_other_permissions_are_not_enough(user: User, endpoint: Endpoint) -> None:
    assert send(user, endpoint, *(ALL - {needed(endpoint)})) == 403


@pytest.mark.parametrize("endpoint", endpoints(), ids=str)
def test_nothing_happens_without_permission(user: User, endpoint: Endpoint) -> None:
    before = [list(model.objects.values()) for model in (Job, WorkCalendar)]

    assert send(user, endpoint) == 403

    assert [list(model.objects.values()) for model in (Job, WorkCalendar)] == before
    assert not SchedulerState.objects.exclude(desired="running").exists()
    assert Execution.objects.get().status == Status.QUEUED


def test_refusal_says_so_in_json(user: User) -> None:
    client = APIClient()
    client.force_authenticate(user)

    answer = client.get("/scheduler/jobs")

    assert answer.status_code == 403
    assert list(answer.json()) == ["error_message"]
