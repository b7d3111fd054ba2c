"""The names, for people, of what an audit entry tells: fields of what was changed, and what the services add."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduler.models import ApiToken, HistoricalJob, Job, MaintenanceWindow, WorkCalendar

_MODELS = (Job, HistoricalJob, WorkCalendar, MaintenanceWindow, ApiToken, User)
_OTHERS: Mapping[str, str | Promise] = {
    "added_tag": _("tag added"),
    "again_of": _("repeats"),
    "bulk": _("bulk action"),
    "count": _("runs"),
    "days": _("own days"),
    "end": _("until"),
    "execution": _("execution"),
    "next_run_time": _("next run"),
    "removed_tag": _("tag removed"),
    "replaced": _("replaced"),
    "start": _("from"),
}


def label_of(name: str) -> str:
    """Return the name of a detail; what nobody knows is called by its own name."""
    if name in _OTHERS:
        return str(_OTHERS[name])
    for model in _MODELS:
        try:
            field: Any = model._meta.get_field(name)
            return str(field.verbose_name)
        except (AttributeError, FieldDoesNotExist):
            continue
    return name.replace("_", " ")
