"""Who may do what, of everything that there is: each page, action and endpoint has a line here, or a test fails.

A line names the first of the groups that may; those after it may, too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.test import APIClient

from scheduler.models import ApiToken, AuditEntry, Execution, Node, SchedulerState, Status
from scheduler.services import bulk
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import change_job, create_job
from scheduler.services.tokens import create_token
from scheduler.services.windows import create_window
from tests.api.endpoints import Endpoint, endpoints
from tests.api.test_permissions import BODIES, CALENDARS, NEW_CALENDAR, WINDOW, WINDOWS
from tests.groups import GROUPS, NOBODY, member_of

pytestmark = pytest.mark.django_db

ROLES = (NOBODY, *GROUPS)
VIEWERS, OPERATORS, EDITORS, ADMINISTRATORS = GROUPS
# Whoever is of the staff; whoever there is; only superusers.
APPS = ("scheduler_", "auth_")
# The namespaces of the admin's addresses, and what stands before their names here.
OURS = {"admin": "", "dashboard": "dashboard:"}
STAFF, ANYBODY, NO_GROUP = NOBODY, "anybody", "no group"

ENDPOINTS = {
    "scheduler-info": VIEWERS,
    "scheduler-pause": OPERATORS,
    "scheduler-resume": OPERATORS,
    "scheduler-start": OPERATORS,
    "scheduler-shutdown": OPERATORS,
    "job-list list": VIEWERS,
    "job-list create": EDITORS,
    "job-detail retrieve": VIEWERS,
    "job-detail partial_update": EDITORS,
    "job-detail destroy": EDITORS,
    "job-pause": OPERATORS,
    "job-resume": OPERATORS,
    "job-run": OPERATORS,
    "job-backfill": OPERATORS,
    "job-executions": VIEWERS,
    "job-preview": VIEWERS,
    "job-why": VIEWERS,
    "job-revisions": VIEWERS,
    "job-restore": EDITORS,
    "preview": VIEWERS,
    "simulate": VIEWERS,
    "execution-detail": VIEWERS,
    "execution-cancel": OPERATORS,
    "audit-list": EDITORS,
    "calendar-list list": VIEWERS,
    "calendar-list create": EDITORS,
    "calendar-detail retrieve": VIEWERS,
    "calendar-detail partial_update": EDITORS,
    "calendar-detail destroy": EDITORS,
    "window-list list": VIEWERS,
    "window-list create": EDITORS,
    "window-preview": VIEWERS,
    "window-detail retrieve": VIEWERS,
    "window-detail partial_update": EDITORS,
    "window-detail destroy": EDITORS,
}

# Pages, by their addresses' names. Those of which nothing is said are asked for; the others are posted to.
PAGES = {
    "index": STAFF,
    # What is in these parts of the front page, each permission decides: tests/dashboard.
    "dashboard:live": STAFF,
    "dashboard:summary": STAFF,
    "dashboard:control": OPERATORS,
    "login": ANYBODY,
    "logout POST": ANYBODY,
    "password_change": STAFF,
    "password_change_done": STAFF,
    "autocomplete": NO_GROUP,
    "jsi18n": STAFF,
    "view_on_site": NO_GROUP,
    "search": STAFF,
    "app_list": VIEWERS,
    "scheduler_job_changelist": VIEWERS,
    "scheduler_job_add": EDITORS,
    "scheduler_job_change": VIEWERS,
    "scheduler_job_delete": EDITORS,
    "scheduler_job_history": VIEWERS,
    "scheduler_job_overview": VIEWERS,
    "scheduler_job_live": VIEWERS,
    "scheduler_job_runwith": OPERATORS,
    "scheduler_job_backfill": OPERATORS,
    "scheduler_job_pausewith": OPERATORS,
    "scheduler_job_tags POST": EDITORS,
    "scheduler_job_preview POST": EDITORS,
    "scheduler_job_why": VIEWERS,
    "scheduler_job_revisions": VIEWERS,
    "scheduler_job_restore": EDITORS,
    "scheduler_job_undo": OPERATORS,
    "scheduler_job_export": VIEWERS,
    "scheduler_job_import": EDITORS,
    "scheduler_job_run POST": OPERATORS,
    "scheduler_job_pause POST": OPERATORS,
    "scheduler_job_resume POST": OPERATORS,
    "scheduler_execution_changelist": VIEWERS,
    "scheduler_execution_add": NO_GROUP,
    "scheduler_execution_change": VIEWERS,
    "scheduler_execution_delete": NO_GROUP,
    "scheduler_execution_history": VIEWERS,
    "scheduler_execution_live": VIEWERS,
    "scheduler_execution_log": VIEWERS,
    "scheduler_execution_again POST": OPERATORS,
    "scheduler_execution_cancel POST": OPERATORS,
    "scheduler_node_changelist": VIEWERS,
    "scheduler_node_add": NO_GROUP,
    "scheduler_node_change": VIEWERS,
    "scheduler_node_delete": NO_GROUP,
    "scheduler_node_history": VIEWERS,
    "scheduler_workcalendar_changelist": VIEWERS,
    "scheduler_workcalendar_add": EDITORS,
    "scheduler_workcalendar_change": VIEWERS,
    "scheduler_workcalendar_delete": EDITORS,
    "scheduler_workcalendar_history": VIEWERS,
    "scheduler_maintenancewindow_changelist": VIEWERS,
    "scheduler_maintenancewindow_add": EDITORS,
    "scheduler_maintenancewindow_change": VIEWERS,
    "scheduler_maintenancewindow_delete": EDITORS,
    "scheduler_maintenancewindow_history": VIEWERS,
    "scheduler_auditentry_changelist": EDITORS,
    "scheduler_auditentry_add": NO_GROUP,
    "scheduler_auditentry_change": EDITORS,
    "scheduler_auditentry_delete": NO_GROUP,
    "scheduler_auditentry_history": EDITORS,
    "scheduler_apitoken_changelist": ADMINISTRATORS,
    "scheduler_apitoken_add": ADMINISTRATORS,
    "scheduler_apitoken_change": ADMINISTRATORS,
    "scheduler_apitoken_delete": ADMINISTRATORS,
    "scheduler_apitoken_history": ADMINISTRATORS,
    "auth_user_changelist": ADMINISTRATORS,
    "auth_user_add": ADMINISTRATORS,
    "auth_user_change": ADMINISTRATORS,
    "auth_user_delete": ADMINISTRATORS,
    "auth_user_history": ADMINISTRATORS,
    "auth_user_password_change": ADMINISTRATORS,
    "auth_group_changelist": ADMINISTRATORS,
    "auth_group_add": ADMINISTRATORS,
    "auth_group_change": ADMINISTRATORS,
    "auth_group_delete": ADMINISTRATORS,
    "auth_group_history": ADMINISTRATORS,
}

# What can be done to the rows that are chosen in a list.
ACTIONS = {
    "job delete_selected": EDITORS,
    "job run_selected": OPERATORS,
    "job pause_selected": OPERATORS,
    "job resume_selected": OPERATORS,
    "job add_tag": EDITORS,
    "job remove_tag": EDITORS,
    "job export_selected": VIEWERS,
    "execution cancel_selected": OPERATORS,
    "execution run_again": OPERATORS,
    "maintenancewindow delete_selected": EDITORS,
    "apitoken delete_selected": ADMINISTRATORS,
    "user delete_selected": ADMINISTRATORS,
    "group delete_selected": ADMINISTRATORS,
}


def those_from(first: str) -> set[str]:
    """Return the roles that may."""
    if first == NO_GROUP:
        return set()
    return set(ROLES) if first == ANYBODY else set(ROLES[ROLES.index(first) :])


@pytest.fixture
def rows() -> dict[str, object]:
    """One of everything; return their keys, by the names of their models."""
    create_calendar({"name": "x"})
    create_window({"name": "x", "trigger": "interval", "hours": 1, "duration_seconds": 60})
    create_job({"id": "x", "func": "jobs:nothing", "trigger": "interval", "hours": 1})
    change_job("x", {"name": "y"})
    now = "2030-01-01T00:00Z"
    Execution.objects.create(pk=1, job_id="x", scheduled_for=now, revision=1, created_at=now)
    node = {"host": "h", "pid": 1, "version": "1", "threads": 1, "started_at": now}
    Node.objects.create(pk=1, name="n", heartbeat_at=now, last_turn_at=now, **node)
    owner = User.objects.create_user("owner")
    _token, token = create_token(user=owner, name="t")
    return {
        "job": "x",
        "workcalendar": "x",
        "maintenancewindow": "x",
        "execution": 1,
        "node": 1,
        "auditentry": AuditEntry.objects.latest("id").pk,
        "mark": int(bulk.pause_jobs(["x"]).mark),
        "apitoken": token.pk,
        "user": owner.pk,
        "group": Group.objects.create(name="others").pk,
    }


@dataclass(frozen=True, kw_only=True)
class Page:
    """One address of the admin, by its name."""

    name: str
    pattern: str

    def __str__(self) -> str:
        return self.name

    def address(self, rows: dict[str, object]) -> str:
        """Return an address that is there."""
        model = self.name.split("_")[1] if self.name.startswith(APPS) else ""
        arguments = {"object_id": rows.get(model), "id": rows.get(model), "revision": 1, "app_label": "scheduler"}
        arguments |= {"content_type_id": 1, "act": "pause", "mark": rows.get("mark")}
        used = {name: value for name, value in arguments.items() if re.search(rf"[:<]{name}>", self.pattern)}
        return reverse(self.name if ":" in self.name else f"admin:{self.name}", kwargs=used)


def pages() -> list[Page]:
    """Return every address of the admin that has a name, as the URL configuration has them."""
    resolvers = (each for each in get_resolver().url_patterns if isinstance(each, URLResolver))
    found = (page for each in resolvers if each.namespace in OURS for page in _pages_under(each, OURS[each.namespace]))
    return list({page.name: page for page in found}.values())


def _pages_under(resolver: URLResolver, prefix: str) -> Iterator[Page]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _pages_under(each, prefix)
        elif isinstance(each, URLPattern) and each.name:
            yield Page(name=f"{prefix}{each.name}", pattern=str(each.pattern))


def line_of(table: dict[str, str], *names: str) -> tuple[str, str]:
    """Return the line that one of these names has, and the name; fail where there is none."""
    for name in names:
        if name in table:
            return table[name], name
    pytest.fail(f"Nobody has said who may: add a line for {names[0]!r} to tests/test_access.py.")


@pytest.mark.parametrize("page", pages(), ids=str)
def test_page_is_there_on_every_database(page: Page, rows: dict[str, object], admin_client: Client) -> None:
    first, line = line_of(PAGES, page.name, f"{page.name} POST")
    address = page.address(rows)

    answer = admin_client.post(address) if line.endswith(" POST") else admin_client.get(address)

    assert answer.status_code in ((200, 302, 403, 404) if first == NO_GROUP else (200, 302))


@pytest.mark.portable
@pytest.mark.parametrize("page", pages(), ids=str)
def test_page_is_for_those_who_may(page: Page, rows: dict[str, object], client: Client) -> None:
    first, line = line_of(PAGES, page.name, f"{page.name} POST")
    address = page.address(rows)
    let_in = set()
    for role in ROLES:
        client.force_login(User.objects.filter(username=role).first() or member_of(role))
        answer = client.post(address) if line.endswith(" POST") else client.get(address)
        assert answer.status_code in (200, 302, 403, 404)
        # Somebody who may not see a row is led to the front page, as if there were none.
        is_led_away = page.name.startswith(APPS) and answer.headers.get("Location") == reverse("admin:index")
        if answer.status_code in (200, 302) and not is_led_away:
            let_in.add(role)

    assert let_in == those_from(first)


@pytest.mark.portable
@pytest.mark.parametrize("page", pages(), ids=str)
def test_page_asks_strangers_to_log_in(page: Page, rows: dict[str, object], client: Client) -> None:
    first, line = line_of(PAGES, page.name, f"{page.name} POST")
    address = page.address(rows)

    answer = client.post(address) if line.endswith(" POST") else client.get(address)

    assert (answer.status_code == 302 and "login" in answer.headers["Location"]) == (first != ANYBODY)


@pytest.mark.portable
@pytest.mark.parametrize("page", [page for page in pages() if page.name in PAGES], ids=str)
@pytest.mark.usefixtures("rows")
def test_viewers_cannot_write_by_any_page(page: Page, rows: dict[str, object], client: Client) -> None:
    """Whatever a page shows them, posting to it changes nothing."""
    if PAGES[page.name] in (STAFF, ANYBODY):
        return
    client.force_login(member_of(VIEWERS))
    before = list(AuditEntry.objects.values_list("pk", flat=True))

    client.post(page.address(rows), {"post": "yes", "_confirmed": "1", "action": "delete_selected"})

    assert list(AuditEntry.objects.values_list("pk", flat=True)) == before


@pytest.mark.portable
@pytest.mark.parametrize("endpoint", endpoints(), ids=str)
@pytest.mark.usefixtures("rows")
def test_endpoint_is_for_those_who_may(endpoint: Endpoint) -> None:
    first, _line = line_of(ENDPOINTS, f"{endpoint.name} {endpoint.action}", endpoint.name)
    body = BODIES.get(endpoint.action, "{}")
    if endpoint.method == "POST" and endpoint.path.startswith((WINDOWS, CALENDARS)):
        body = WINDOW if endpoint.path.startswith(WINDOWS) else NEW_CALENDAR
    if endpoint.action == "start":
        SchedulerState.objects.update(desired="stopped")
    refused = set()
    for role in ROLES:
        client = APIClient()
        client.force_authenticate(member_of(role))
        # Whoever is let in first may have deleted it, so that there is nothing more to do.
        if client.generic(endpoint.method, endpoint.path, body, "application/json").status_code == 403:
            refused.add(role)

    assert refused == set(ROLES) - those_from(first)


@pytest.mark.portable
@pytest.mark.parametrize("endpoint", endpoints(), ids=str)
@pytest.mark.usefixtures("rows")
def test_endpoint_asks_strangers_to_log_in(endpoint: Endpoint) -> None:
    assert APIClient().generic(endpoint.method, endpoint.path).status_code == 401


@pytest.mark.portable
@pytest.mark.parametrize("role", ROLES)
def test_actions_are_offered_to_those_who_may(role: str, rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = member_of(role)
    offered = {
        f"{model._meta.model_name} {name}"
        for model, pages_of_model in _registered()
        for name in pages_of_model.get_actions(request)
    }

    assert offered == {name for name, first in ACTIONS.items() if role in those_from(first)}


def _registered() -> list[tuple[type[Model], ModelAdmin]]:  # type: ignore[type-arg]
    """Return the models that have lists in the admin, each with its pages."""
    return list(admin.site._registry.items())


def test_no_line_is_left_of_what_is_gone() -> None:
    named = {page.name for page in pages()}
    reached = {f"{each.name} {each.action}" for each in endpoints()} | {each.name for each in endpoints()}

    assert {line.removesuffix(" POST") for line in PAGES} <= named
    assert set(ENDPOINTS) <= reached


def test_cancelled_execution_is_an_operators_doing(rows: dict[str, object], client: Client) -> None:
    client.force_login(member_of(OPERATORS))

    client.post(reverse("admin:scheduler_execution_cancel", args=[rows["execution"]]))

    execution = Execution.objects.get()
    assert (execution.status, execution.reason) == (Status.CANCELLED, "Cancelled by operators.")


def test_administrators_see_all_tokens_and_others_none(rows: dict[str, object], client: Client) -> None:
    client.force_login(member_of(ADMINISTRATORS))

    page = client.get(reverse("admin:scheduler_apitoken_changelist"))

    assert [token.pk for token in page.context["cl"].result_list] == [ApiToken.objects.get().pk]
