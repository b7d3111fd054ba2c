"""Where the pages of jobs and executions are, for all faces."""

from urllib.parse import urlencode

from django.contrib.admin.utils import quote
from django.urls import reverse


def job_url(job_id: str, page: str = "overview") -> str:
    """Return the address of one of a job's pages, by the end of its name; the job may be gone."""
    return reverse(f"admin:scheduler_job_{page}", args=[quote(job_id)])


def execution_url(execution_id: int | str) -> str:
    """Return the address of an execution's page."""
    return reverse("admin:scheduler_execution_change", args=[execution_id])


def calendar_url(name: str) -> str:
    """Return the address of a calendar's form."""
    return reverse("admin:scheduler_workcalendar_change", args=[quote(name)])


def list_url(model: str, **filters: str) -> str:
    """Return the address of a list with these filters."""
    query = f"?{urlencode(filters)}" if filters else ""
    return f"{reverse(f'admin:scheduler_{model}_changelist')}{query}"


def executions_url(job_id: str) -> str:
    """Return the address of the list of a job's executions."""
    return list_url("execution", job__id__exact=job_id)
