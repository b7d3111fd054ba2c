"""The rows: Job (the truth), Execution (the ledger), Node and SchedulerState (who runs, and what they are told),
MaintenanceWindow (when jobs are not started), HistoricalJob (what jobs were), AuditEntry (who did what);
HourlyStatistics and Forecast are derived from these.

The schedule itself is django-apscheduler's DjangoJob: one row for each unfinished job, with its next run time, or null
while nothing is to come. It is a cache that can be derived from the job again; its job_state stays empty.
"""

from django_apscheduler.models import DjangoJob as Schedule

from scheduler.models.audit import OF_DEFINITIONS, OF_SCHEDULER, OF_STANDING, Action, AuditEntry, Kind
from scheduler.models.calendars import CalendarDay, WorkCalendar
from scheduler.models.executions import (
    ACTIVE,
    FAILURES,
    FINAL,
    UNSUCCESSFUL,
    Execution,
    ExecutionOutput,
    Origin,
    Status,
)
from scheduler.models.hours import A_BIN, AN_HOUR, BINS_PER_HOUR, Forecast, HourlyStatistics
from scheduler.models.ids import LARGEST_ID, first_id_of, id_in, moment_of_id, new_id, new_ids
from scheduler.models.jobs import (
    LONGEST_PAUSE_REASON,
    Job,
    JsonText,
    MaintenancePolicy,
    OnLost,
    Overlap,
)
from scheduler.models.nodes import DEAD_AFTER, HEARTBEAT_EVERY, DatabaseNow, DesiredState, Node, SchedulerState
from scheduler.models.revisions import RevisionColumns
from scheduler.models.tokens import ApiToken, digest_of, new_token
from scheduler.models.windows import MaintenanceWindow
from scheduler.models.zones import shown_zone, zone_named, zone_of

# The model of the table of revisions, which the library makes.
HistoricalJob = Job.history.model

__all__ = [
    "ACTIVE",
    "AN_HOUR",
    "A_BIN",
    "BINS_PER_HOUR",
    "DEAD_AFTER",
    "FAILURES",
    "FINAL",
    "HEARTBEAT_EVERY",
    "LARGEST_ID",
    "LONGEST_PAUSE_REASON",
    "OF_DEFINITIONS",
    "OF_SCHEDULER",
    "OF_STANDING",
    "UNSUCCESSFUL",
    "Action",
    "ApiToken",
    "AuditEntry",
    "CalendarDay",
    "DatabaseNow",
    "DesiredState",
    "Execution",
    "ExecutionOutput",
    "Forecast",
    "HistoricalJob",
    "HourlyStatistics",
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
    "id_in",
    "moment_of_id",
    "new_id",
    "new_ids",
    "new_token",
    "shown_zone",
    "zone_named",
    "zone_of",
]
