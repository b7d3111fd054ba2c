"""Who may do what."""

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from scheduler.models import Execution, Job, MaintenanceWindow, SchedulerState, Status, WorkCalendar
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import create_job
from scheduler.services.windows import create_window
from tests.api.endpoints import Endpoint, endpoints

pytestmark = pytest.mark.portable

NEEDED = {
    "info": "view_job",
    "list": "view_job",
    "retrieve": "view_job",
    "executions": "view_job",
    "why": "view_job",
    "preview": "view_job",
    "preview_job": "view_job",
    "simulate": "view_job",
    "create": "add_job",
    "partial_update": "change_job",
    "restore": "change_job",
    "destroy": "delete_job",
    "run": "operate_job",
    "backfill": "operate_job",
    "cancel": "operate_job",
    "start": "change_schedulerstate",
    "shutdown": "change_schedulerstate",
}
NEEDED_FOR_WINDOWS = {
    "list": "view_maintenancewindow",
    "retrieve": "view_maintenancewindow",
    "preview": "view_maintenancewindow",
    "create": "add_maintenancewindow",
    "partial_update": "change_maintenancewindow",
    "destroy": "delete_maintenancewindow",
}
NEEDED_FOR_CALENDARS = {
    action: name.replace("maintenancewindow", "workcalendar") for action, name in NEEDED_FOR_WINDOWS.items()
}
ALL = {"view_auditentry", *NEEDED.values(), *NEEDED_FOR_WINDOWS.values(), *NEEDED_FOR_CALENDARS.values()}
WINDOWS = "/scheduler/windows"
CALENDARS = "/scheduler/calendars"
WINDOW = '{"name": "new", "trigger": "interval", "hours": 1, "duration_seconds": 60}'
BODIES = {
    "preview": '{"trigger": "interval"}',
    "create": '{"id": "new", "func": "jobs:nothing", "trigger": "interval"}',
    "backfill": '{"start": "2026-01-01", "end": "2026-01-02"}',
}
NEW_CALENDAR = '{"name": "new"}'


@pytest.fixture
def user(db: None) -> User:
    """A user who may do nothing yet, and a job, an execution, a calendar and a window to do it to."""
    create_calendar({"name": "x"})
    create_window({"name": "x", "trigger": "interval", "hours": 1, "duration_seconds": 60})
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
    body = BODIES.get(endpoint.action, "{}")
    if endpoint.method == "POST" and endpoint.path.startswith((WINDOWS, CALENDARS)):
        body = WINDOW if endpoint.path.startswith(WINDOWS) else NEW_CALENDAR
    return client.generic(endpoint.method, endpoint.path, body, "application/json").status_code


def needed(endpoint: Endpoint) -> str:
    """Return the permission that the endpoint needs."""
    if endpoint.path == "/scheduler/audit":
        return "view_auditentry"
    if endpoint.path.startswith(CALENDARS):
        return NEEDED_FOR_CALENDARS[endpoint.action]
    if endpoint.path.startswith(WINDOWS):
        return NEEDED_FOR_WINDOWS[endpoint.action]
    if endpoint.action in ("pause", "resume"):
        return "operate_job" if "/jobs/" in endpoint.path else "change_schedulerstate"
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
    before = [list(model.objects.values()) for model in (Job, MaintenanceWindow, WorkCalendar)]

    assert send(user, endpoint) == 403

    assert [list(model.objects.values()) for model in (Job, MaintenanceWindow, WorkCalendar)] == before
    assert not SchedulerState.objects.exclude(desired="running").exists()
    assert Execution.objects.get().status == Status.QUEUED


def test_refusal_says_so_in_json(user: User) -> None:
    client = APIClient()
    client.force_authenticate(user)

    answer = client.get("/scheduler/jobs")

    assert answer.status_code == 403
    assert list(answer.json()) == ["error_message"]
