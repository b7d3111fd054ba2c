"""Pages of the audit log, newest first, by filters of which an index finds each."""

from collections.abc import Mapping
from datetime import datetime

from scheduler.models import AuditEntry, first_id_of

# What the log can be filtered by, each exactly.
COLUMNS = ("action", "kind", "source", "actor", "job_id")


def page_of_entries(
    wanted: Mapping[str, str], *, since: datetime | None, before: int | None, limit: int
) -> list[AuditEntry]:
    """Return the newest entries with these values of COLUMNS, of which the first is older than the id `before`."""
    # Nothing that is stored holds a null character, and PostgreSQL would refuse the question.
    if any("\0" in value for value in wanted.values()):
        return []
    entries = AuditEntry.objects.filter(**wanted).order_by("-id")
    if since is not None:
        entries = entries.filter(pk__gte=first_id_of(since))
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return list(entries[:limit])
