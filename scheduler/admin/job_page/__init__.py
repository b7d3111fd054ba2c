"""The page of one job: what it does, how it goes, who changed it, and what can be asked of it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from scheduler.admin.job_page.backfilling import backfill
from scheduler.admin.job_page.overview import show_live, show_overview
from scheduler.admin.job_page.pausing import pause_with
from scheduler.admin.job_page.running import run_with
from scheduler.admin.job_page.tagging import set_tags

_PAGES: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
    "overview": ("overview/", show_overview),
    "live": ("overview/live/", show_live),
    "runwith": ("run-with/", run_with),
    "backfill": ("backfill/", backfill),
    "pausewith": ("pause-with/", pause_with),
    "tags": ("tags/", set_tags),
}


def urls_of(admin: Any) -> list[URLPattern]:
    """Return the addresses of a job's page, for the admin of jobs."""
    return [
        path(
            f"<path:object_id>/{tail}", admin.admin_site.admin_view(partial(view, admin)), name=f"scheduler_job_{name}"
        )
        for name, (tail, view) in _PAGES.items()
    ]
