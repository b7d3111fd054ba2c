"""The rows: Job (the truth), Execution (the ledger), Node and SchedulerState (who runs, and what they are told),
MaintenanceWindow (when jobs are not started), HistoricalJob (what jobs were), and AuditEntry (who did what).

The schedule itself is django-apscheduler's DjangoJob: one row for each unfinished job, with its next run time, or null
while nothing is to come. It is a cache that can be derived from the job again; its job_state stays empty.
"""

from django_apscheduler.models import DjangoJob as Schedule

from scheduler.models.audit import OF_DEFINITIONS, OF_SCHEDULER, OF_STANDING, Action, AuditEntry, Kind
from scheduler.models.calendars import CalendarDay, WorkCalendar
from scheduler.models.executions import ACTIVE, FINAL, Execution, ExecutionOutput, Origin, Status
from scheduler.models.ids import first_id_of, new_id, new_ids
from scheduler.models.jobs import Job, JsonText, MaintenancePolicy, OnLost, Overlap, shown_zone
from scheduler.models.nodes import DEAD_AFTER, HEARTBEAT_EVERY, DatabaseNow, DesiredState, Node, SchedulerState
from scheduler.models.revisions import RevisionColumns
from scheduler.models.tokens import ApiToken, digest_of, new_token
from scheduler.models.windows import MaintenanceWindow

# The model of the table of revisions, which the library makes.
HistoricalJob = Job.history.model

__all__ = [
    "ACTIVE",
    "DEAD_AFTER",
    "FINAL",
    "HEARTBEAT_EVERY",
    "OF_DEFINITIONS",
    "OF_SCHEDULER",
    "OF_STANDING",
    "Action",
    "ApiToken",
    "AuditEntry",
    "CalendarDay",
    "DatabaseNow",
    "DesiredState",
    "Execution",
    "ExecutionOutput",
    "HistoricalJob",
    "Job",
    "JsonText",
    "Kind",
    "MaintenancePolicy",
    "MaintenanceWindow",
    "Node",
    "OnLost",
    "Origin",
    "Overlap",
    "RevisionColumns",
    "Schedule",
    "SchedulerState",
    "Status",
    "WorkCalendar",
    "digest_of",
    "first_id_of",
    "new_id",
    "new_ids",
    "new_token",
    "shown_zone",
]
