"""What each part of the front page shows, to whom."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from scheduler import clock, queries
from scheduler.dashboard.charts import DAYS_SHOWN, RANGES, draw_charts
from scheduler.dashboard.controls import may_control
from scheduler.dashboard.health import describe_health
from scheduler.dashboard.heat import DAYS_BEFORE, draw_heat
from scheduler.dashboard.rows import broken_rows, ending_rows, failure_rows, running_rows
from scheduler.dashboard.timeline import draw_timeline
from scheduler.models import Job
from scheduler.overview.hours import read_forecast, read_hours
from scheduler.overview.nodes import read_installation
from scheduler.overview.running import MOST_RUNNING, read_running
from scheduler.overview.trouble import MOST_SHOWN, read_broken_jobs, read_failures
from scheduler.services.timeline import read_timeline

_VIEWS = ("job", "execution", "node", "workcalendar", "schedulerstate")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the whole page shows."""
    return {
        "title": _("Dashboard"),
        "has_dashboard": True,
        "is_new": _sees(request)["job"] and not Job.objects.filter(declared__isnull=True).exists(),
        "may_add_job": request.user.has_perm("scheduler.add_job"),
        **live_context(request),
        **summary_context(request),
    }


def live_context(request: HttpRequest) -> dict[str, Any]:
    """Return what changes by the second."""
    now, sees = clock.now(), _sees(request)
    installation = read_installation()
    running = running_rows(read_running(), now=now) if sees["execution"] else []
    return {
        "now": now,
        "sees": sees,
        "may_control": may_control(request),
        "installation": installation,
        "health": describe_health(installation, now=now),
        "running": running[:MOST_RUNNING],
        "has_more_running": len(running) > MOST_RUNNING,
        "timeline": draw_timeline(read_timeline(now=now), with_past=sees["execution"]) if sees["job"] else None,
    }


def summary_context(request: HttpRequest) -> dict[str, Any]:
    """Return what changes by the minute."""
    now, sees = clock.now(), _sees(request)
    context: dict[str, Any] = {"now": now, "sees": sees, "ranges": RANGES}
    if sees["job"]:
        broken = broken_rows(read_broken_jobs())
        context |= {"broken": broken[:MOST_SHOWN], "has_more_broken": len(broken) > MOST_SHOWN}
    if sees["workcalendar"]:
        context["ending"] = ending_rows(queries.ending_calendars(today=timezone.localdate(now)))
    if sees["execution"]:
        failures = read_failures(now=now)
        context |= {"failures": failure_rows(failures.shown, now=now), "has_more_failures": failures.has_more}
        context |= _counted(request, now=now)
    return context


def _counted(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    chosen = request.GET.get("range", "")
    chosen = chosen if chosen in RANGES else next(iter(RANGES))
    # What is counted by days begins at a midnight, which may be up to a day earlier.
    days = max(DAYS_SHOWN if chosen == "fortnight" else 1, DAYS_BEFORE) + 1
    hours = read_hours(since=now - timedelta(days=days), now=now)
    return {
        "range": chosen,
        "charts": draw_charts(hours, chosen, now=now),
        "heat": draw_heat(hours, read_forecast(), now=now),
    }


def _sees(request: HttpRequest) -> dict[str, bool]:
    """Tell what somebody may see."""
    return {name: bool(request.user.has_perm(f"scheduler.view_{name}")) for name in _VIEWS}
