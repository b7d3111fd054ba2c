"""The original's paths: no trailing slashes. Read when the process starts, like every URL configuration."""

from django.urls import path

from scheduler import conf
from scheduler.api.audit import AuditViewSet
from scheduler.api.calendars import CalendarViewSet
from scheduler.api.previews import PreviewViewSet
from scheduler.api.revisions import RevisionViewSet
from scheduler.api.views import ExecutionViewSet, JobViewSet, SchedulerViewSet
from scheduler.api.windows import WindowViewSet

_prefix = conf.api_prefix().lstrip("/")

urlpatterns = (
    [
        path(_prefix, SchedulerViewSet.as_view({"get": "info"}), name="scheduler-info"),
        *(
            path(f"{_prefix}/{action}", SchedulerViewSet.as_view({"post": action}), name=f"scheduler-{action}")
            for action in ("pause", "resume", "start", "shutdown")
        ),
        path(f"{_prefix}/jobs", JobViewSet.as_view({"get": "list", "post": "create"}), name="job-list"),
        path(
            f"{_prefix}/jobs/<str:job_id>",
            JobViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
            name="job-detail",
        ),
        *(
            path(f"{_prefix}/jobs/<str:job_id>/{action}", JobViewSet.as_view({"post": action}), name=f"job-{action}")
            for action in ("pause", "resume", "run", "backfill")
        ),
        path(
            f"{_prefix}/jobs/<str:job_id>/executions",
            JobViewSet.as_view({"get": "executions"}),
            name="job-executions",
        ),
        path(f"{_prefix}/jobs/<str:job_id>/revisions", RevisionViewSet.as_view({"get": "list"}), name="job-revisions"),
        path(
            f"{_prefix}/jobs/<str:job_id>/revisions/<int:revision>/restore",
            RevisionViewSet.as_view({"post": "restore"}),
            name="job-restore",
        ),
        path(f"{_prefix}/preview", PreviewViewSet.as_view({"post": "preview"}), name="preview"),
        path(f"{_prefix}/simulate", PreviewViewSet.as_view({"post": "simulate"}), name="simulate"),
        path(
            f"{_prefix}/jobs/<str:job_id>/preview",
            PreviewViewSet.as_view({"get": "preview_job"}),
            name="job-preview",
        ),
        path(f"{_prefix}/jobs/<str:job_id>/why", JobViewSet.as_view({"get": "why"}), name="job-why"),
        path(
            f"{_prefix}/executions/<int:execution_id>",
            ExecutionViewSet.as_view({"get": "retrieve"}),
            name="execution-detail",
        ),
        path(
            f"{_prefix}/executions/<int:execution_id>/cancel",
            ExecutionViewSet.as_view({"post": "cancel"}),
            name="execution-cancel",
        ),
        path(f"{_prefix}/audit", AuditViewSet.as_view({"get": "list"}), name="audit-list"),
        path(f"{_prefix}/calendars", CalendarViewSet.as_view({"get": "list", "post": "create"}), name="calendar-list"),
        path(
            f"{_prefix}/calendars/<str:name>",
            CalendarViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
            name="calendar-detail",
        ),
        path(f"{_prefix}/windows", WindowViewSet.as_view({"get": "list", "post": "create"}), name="window-list"),
        path(f"{_prefix}/windows/preview", WindowViewSet.as_view({"post": "preview"}), name="window-preview"),
        path(
            f"{_prefix}/windows/<str:window_name>",
            WindowViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
            name="window-detail",
        ),
    ]
    if conf.api_enabled()
    else []
)
