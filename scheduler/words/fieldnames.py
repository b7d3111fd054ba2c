"""What people call the fields of triggers; programs call them by the names in their specs."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

# Lazy texts.
FIELD_NAMES: Mapping[str, Any] = {
    "run_date": _("Date and time"),
    "years": _("Years"),
    "months": _("Months"),
    "weeks": _("Weeks"),
    "days": _("Days"),
    "hours": _("Hours"),
    "minutes": _("Minutes"),
    "seconds": _("Seconds"),
    "microseconds": _("Microseconds"),
    "year": _("Year"),
    "month": _("Month"),
    "day": _("Day of the month"),
    "week": _("Week of the year"),
    "day_of_week": _("Day of the week"),
    "hour": _("Hour"),
    "minute": _("Minute"),
    "second": _("Second"),
    "crontab": _("Crontab expression"),
    "rrule": _("Rule"),
    "triggers": _("Triggers"),
    "start_date": _("Start"),
    "end_date": _("End"),
    "jitter": _("Jitter"),
    "allowed_hours": _("Allowed hours"),
    "calendar": _("Calendar"),
    "calendar_days": _("On which days"),
    "working_day": _("Which working day"),
    "on_excluded": _("What falls on another day"),
    "dst_gap": _("When clocks go forward"),
    "dst_overlap": _("When clocks go back"),
}
# Whose `days` are a number; elsewhere they are those of the calendar.
_COUNT_DAYS = {"interval", "calendarinterval"}


def name_of_field(kind: str, field: str) -> str:
    """Return what people call a field of a kind of trigger."""
    name = "calendar_days" if field == "days" and kind not in _COUNT_DAYS else field
    return str(FIELD_NAMES[name])
