"""A site with something of everything on it, and the addresses of its pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group, User
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from scheduler import clock
from scheduler.models import AuditEntry, Execution, ExecutionOutput, MaintenanceWindow, Node, Status, WorkCalendar
from scheduler.services.calendars import create_calendar
from scheduler.services.jobs import change_job, create_job, pause_job
from scheduler.services.nodes import register_node
from scheduler.services.tokens import create_token
from scheduler.services.windows import create_window
from scheduler.words import reasons

PASSWORD = "right password"
# What answers a GET with JSON, JavaScript, a piece of a page or a redirect, ends the session, or wants a POST.
NO_PAGES = {
    "admin:autocomplete",
    "admin:jsi18n",
    "admin:login",
    "admin:logout",
    "admin:scheduler_execution_again",
    "admin:scheduler_execution_cancel",
    "admin:scheduler_execution_live",
    "admin:scheduler_execution_log",
    "admin:scheduler_job_live",
    "admin:scheduler_job_pause",
    "admin:scheduler_job_preview",
    "admin:scheduler_job_resume",
    "admin:scheduler_job_run",
    "admin:scheduler_job_tags",
    # Only after something was done that can be undone.
    "admin:scheduler_job_undo",
    "admin:search",
    "admin:view_on_site",
}
# What an address may name beside an object.
OTHERS: dict[str, object] = {"revision": 1}


@dataclass(frozen=True, kw_only=True)
class Samples:
    """One object of each model, as addresses name it, by the model's name."""

    keys: dict[str, str]

    def address_of(self, name: str) -> str:
        """Return the address of a page of the admin, such as that of admin:scheduler_job_change."""
        (pattern,) = [each for each in patterns_of_the_admin() if f"admin:{each.name}" == name]
        if name == "admin:app_list":
            return reverse(name, args=["scheduler"])
        if not pattern.pattern.converters and "(" not in str(pattern.pattern):
            return reverse(name)
        (key,) = [key for model, key in self.keys.items() if f"_{model}_" in name]
        others = [OTHERS[each] for each in list(pattern.pattern.converters)[1:]]
        return reverse(name, args=[key, *others])


def page_names() -> list[str]:
    """Return the names of all addresses of the admin that answer a GET with a page."""
    names = [f"admin:{pattern.name}" for pattern in patterns_of_the_admin() if pattern.name]
    return [name for name in dict.fromkeys(names) if name not in NO_PAGES]


def patterns_of_the_admin() -> Iterator[URLPattern]:
    """Yield all patterns of addresses of the admin."""
    for each in get_resolver().url_patterns:
        if isinstance(each, URLResolver) and each.namespace == "admin":
            yield from _flat(each)


def _flat(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        yield from _flat(each) if isinstance(each, URLResolver) else [each]


def make_samples() -> Samples:
    """Write something of everything."""
    user = User.objects.create_superuser("admin", email="admin@example.com", password=PASSWORD)
    node = register_node(name="tokyo-1", pid=7, threads=20, now=clock.now())
    day = {"day": "2031-05-12", "working": False, "name": "Anniversary"}
    create_calendar({"name": "china", "country": "CN", "days": [day]})
    create_window({"name": "night", "trigger": "cron", "hour": 2, "timezone": "Asia/Tokyo", "duration_seconds": 60})
    create_job(
        {"id": "report", "func": "jobs:add", "args": [2], "trigger": "cron", "hour": 3, "timezone": "Asia/Tokyo"}
    )
    create_job({"id": "ping", "func": "jobs:nothing", "trigger": "interval", "minutes": 5, "tags": ["billing"]})
    pause_job("ping")
    change_job("report", {"name": "Report", "args": [1]})
    executions = {status: _add_execution(status, node, hours=number) for number, status in enumerate(Status)}
    failed = executions[Status.FAILED]
    ExecutionOutput.objects.create(execution=failed, log="out\n" * 9, traceback="Traceback\n", progress_done=3)
    _token, token = create_token(user=user, name="deploy")
    keys = {
        "apitoken": token.pk,
        "auditentry": AuditEntry.objects.of_job("report").values_list("pk", flat=True)[0],
        "execution": failed.pk,
        "group": Group.objects.get_or_create(name="operators")[0].pk,
        "job": "report",
        "maintenancewindow": MaintenanceWindow.objects.get().pk,
        "node": node.pk,
        "user": user.pk,
        "workcalendar": WorkCalendar.objects.get().pk,
    }
    return Samples(keys={model: quote(str(key)) for model, key in keys.items()})


def _add_execution(status: Status, node: Node, *, hours: int) -> Execution:
    due = clock.now() - timedelta(hours=hours)
    moments = {"scheduled_for": due, "created_at": due, "started_at": due, "finished_at": due + timedelta(seconds=2)}
    reason = str(reasons.TIMED_OUT % {"seconds": 60})
    return Execution.objects.create(job_id="report", status=status, node=node, revision=1, reason=reason, **moments)
