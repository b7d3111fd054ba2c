"""Addresses of pages that several lists lead to."""

from django.contrib.admin.utils import quote
from django.urls import reverse


def job_url(job_id: str) -> str:
    """Return the address of a job's page."""
    return reverse("admin:scheduler_job_overview", args=[quote(job_id)])


def execution_url(execution_id: int) -> str:
    """Return the address of an execution's page."""
    return reverse("admin:scheduler_execution_change", args=[execution_id])
