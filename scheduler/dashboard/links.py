"""Where the front page leads to."""

from django.contrib.admin.utils import quote
from django.urls import NoReverseMatch, reverse


def job_url(job_id: str) -> str:
    """Return the address of a job's page; of its form where there is no such page."""
    try:
        return reverse("admin:scheduler_job_overview", args=[quote(job_id)])
    except NoReverseMatch:
        return reverse("admin:scheduler_job_change", args=[quote(job_id)])


def execution_url(execution_id: int) -> str:
    """Return the address of an execution's page."""
    return reverse("admin:scheduler_execution_change", args=[execution_id])


def calendar_url(name: str) -> str:
    """Return the address of a calendar's form."""
    return reverse("admin:scheduler_workcalendar_change", args=[quote(name)])
