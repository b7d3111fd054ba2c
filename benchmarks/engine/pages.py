"""Asks for every page of the admin, through Django's test client: what a server adds is the same for all."""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote as quote_plus

from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, reverse

from benchmarks.engine.crowd import BUSY, TAGS
from scheduler.models import Execution, Job, Node

# Pages of other parts, by name; those that are not there are told of.
JOB_PAGES = (
    "scheduler_job_change", "scheduler_job_overview", "scheduler_job_why", "scheduler_job_revisions",
    "scheduler_job_runwith", "scheduler_job_backfill", "scheduler_job_pausewith", "scheduler_job_delete",
)  # fmt: skip
PLAIN_PAGES = (
    "index", "scheduler_job_add", "scheduler_job_export", "scheduler_job_import", "scheduler_node_changelist",
    "scheduler_workcalendar_changelist", "scheduler_workcalendar_add", "scheduler_maintenancewindow_changelist",
    "scheduler_maintenancewindow_add", "scheduler_auditentry_changelist", "scheduler_apitoken_changelist",
    "auth_user_changelist", "auth_group_changelist",
)  # fmt: skip
LIVE = "dashboard:live"
STATUSES = (
    "succeeded", "failed", "timed_out", "lost", "missed", "queued", "running", "unsuccessful", "active",
)  # fmt: skip
OF_DJANGO = ("_changelist", "_history", "_delete", "_add", "_change")
# Asked for by POST, or of objects that the lists above lead to.
NOT_PAGES = frozenset(
    {"scheduler_job_run", "scheduler_job_pause", "scheduler_job_resume", "scheduler_execution_cancel"}
)


def pages(*, rounds: int) -> dict[str, Any]:
    """Return, by page, the seconds of each round, the statements, and the status of the answer."""
    client = _log_in()
    found: dict[str, Any] = {}
    skipped: list[str] = []
    for page, url, data in _pages(skipped):
        _ask(client, url, data)
        with CaptureQueriesContext(connection) as captured:
            status = _ask(client, url, data)
        # The next request forgets them.
        queries = captured.captured_queries
        seconds = []
        for _round in range(rounds):
            began = time.perf_counter()
            _ask(client, url, data)
            seconds.append(time.perf_counter() - began)
        slowest = max(queries, key=lambda query: float(query["time"]))["sql"] if len(queries) else ""
        found[page] = {"seconds": seconds, "statements": len(queries), "status": status, "slowest": slowest[:2_000]}
    return {"pages": found, "skipped": skipped}


def _log_in() -> Client:
    """An ordinary user of a group that may do everything: a superuser's permissions are not looked up."""
    user = User.objects.create_user("benchmark", is_staff=True)
    with suppress(Group.DoesNotExist):
        user.groups.add(Group.objects.get(name="administrators"))
    if not user.has_perm("scheduler.view_job"):
        User.objects.filter(pk=user.pk).update(is_superuser=True)
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.force_login(user)
    return client


def _ask(client: Client, url: str, data: dict[str, Any] | None) -> int:
    response = client.get(url) if data is None else client.post(url, data)
    return response.status_code


def _pages(skipped: list[str]) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    for page, url in [*_job_lists(), *_execution_lists(), *_other_pages(skipped)]:
        yield page, url, None
    jobs = reverse("admin:scheduler_job_changelist")
    for action in ("pause_selected", "add_tag", "delete_selected"):
        data = {"action": action, "select_across": "1", "_selected_action": [BUSY]}
        yield f"jobs, question: {action} of a tag", f"{jobs}?tag={TAGS[1]}", data


def _job_lists() -> Iterator[tuple[str, str]]:
    jobs = reverse("admin:scheduler_job_changelist")
    node = Node.objects.alive().values_list("pk", flat=True).first() or 1
    queries = [
        "", "last page", "o=1", "o=-4", "o=3", "q=Invoice", "q=job-000123", "q=nothing-has-this",
        *(f"state={state}" for state in ("active", "paused", "finished", "broken")),
        *(f"runs={runs}" for runs in ("running", "late", "failed", "never")),
        *(f"last={status}" for status in ("succeeded", "failed", "lost", "queued")),
        f"tag={TAGS[1]}", "tag=nobody-has-this", f"task={quote_plus('benchmarks.engine.jobs:no_op')}",
        "executor=processes", f"node={node}", f"tag={TAGS[1]}&state=active&last=failed&q=report&o=-1",
    ]  # fmt: skip
    last = f"p={-(-Job.objects.count() // 50)}"
    for query in queries:
        shown = last if query == "last page" else query
        yield (f"jobs?{query}" if query else "jobs"), f"{jobs}?{shown}"


def _execution_lists() -> Iterator[tuple[str, str]]:
    executions = reverse("admin:scheduler_execution_changelist")
    middle = Execution.objects.order_by("-pk").values_list("pk", flat=True)[Execution.objects.count() // 2]
    node = Node.objects.order_by("pk").values_list("pk", flat=True)[Node.objects.count() // 2]
    some = "job-000123"
    queries = [
        "", "older", "oldest",
        *(f"status__exact={status}" for status in STATUSES),
        *(f"origin__exact={origin}" for origin in ("schedule", "manual", "retry", "recovery")),
        *(f"recorded={span}" for span in ("hour", "day", "week")),
        "start=late", "node=NODE", f"tag={TAGS[1]}", "tag=nobody-has-this", "executor=processes",
        f"task={quote_plus('carnation.jobs:job1')}", f"job__id__exact={some}", f"job__id__exact={BUSY}",
        f"job__id__exact={BUSY}&status__exact=failed", f"job__id__exact={BUSY}&start=late", "job__id__exact=gone",
        f"q={some}", "q=job-", "q=job-00012", "q=Invoice run 1", "q=nothing-has-this",
        "status__exact=failed&recorded=day", "status__exact=unsuccessful&recorded=day",
        "status__exact=failed&node=NODE", f"status__exact=lost&tag={TAGS[1]}",
        "origin__exact=manual&start=late&recorded=week",
        "from=2026-01-01T00:00&until=2030-01-01T00:00&origin__exact=recovery",
    ]  # fmt: skip
    for query in queries:
        shown = {"older": f"before={middle}", "oldest": "after=0"}.get(query, query).replace("NODE", str(node))
        yield (f"executions?{query}" if query else "executions"), f"{executions}?{shown}"


def _other_pages(skipped: list[str]) -> Iterator[tuple[str, str]]:
    failed = Execution.objects.filter(status="failed").order_by("-pk").values_list("pk", flat=True).first()
    wanted: list[tuple[str, list[Any]]] = [
        *((name, []) for name in PLAIN_PAGES),
        *((name, [quote(BUSY)]) for name in JOB_PAGES),
        ("scheduler_execution_change", [failed]),
        ("scheduler_workcalendar_change", ["china"]),
        ("scheduler_maintenancewindow_change", ["night"]),
        ("scheduler_node_change", [Node.objects.values_list("pk", flat=True).first()]),
        (LIVE, []),
    ]
    for name, arguments in wanted:
        try:
            url = reverse(name if ":" in name else f"admin:{name}", args=arguments)
        except NoReverseMatch:
            skipped.append(f"SKIPPED: there is no page {name} here.")
            continue
        yield name, url
        if name == "scheduler_job_why":
            moment = Execution.objects.filter(job_id=BUSY).order_by("-pk").values_list("scheduled_for", flat=True)[10]
            yield f"{name}?at", f"{url}?at={moment:%Y-%m-%dT%H:%M}"
    measured = {name for name, _arguments in wanted}
    others = sorted(_names_of_ours() - measured - NOT_PAGES)
    skipped += [f"NOT MEASURED: {name}" for name in others if not name.endswith(OF_DJANGO)]


def _names_of_ours() -> set[str]:
    """Return the names of all addresses of the admin that are ours."""
    _prefix, resolver = get_resolver().namespace_dict["admin"]
    return {name for name in resolver.reverse_dict if isinstance(name, str) and name.startswith("scheduler_")}
