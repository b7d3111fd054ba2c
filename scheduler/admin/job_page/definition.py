"""What a job is defined to do, in words: its task, its arguments, and the policies that are not the usual ones."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from scheduler import conf
from scheduler.admin.entry_labels import label_of
from scheduler.exceptions import CarnationError
from scheduler.masking import without_secrets
from scheduler.models import Job
from scheduler.registry import find_task
from scheduler.services.values import POLICIES


def definition_of(job: Job) -> Mapping[str, Any]:
    """Return what the page says of a job's definition."""
    return {
        "summary": _summary(job.func),
        "args": _shown_arguments(job.args),
        "kwargs": _shown_arguments(job.kwargs),
        "policies": [(capfirst(label_of(name)), value) for name, value in _unusual(job).items()],
    }


def _shown_arguments(value: Any) -> str:
    """Return arguments as they are typed, without secrets; nothing for none."""
    return "" if value in ([], {}) else json.dumps(without_secrets(value), ensure_ascii=False)


def _summary(func: str) -> str:
    try:
        return find_task(func).summary
    except CarnationError:
        return ""


def _unusual(job: Job) -> dict[str, str]:
    """Return the policies that differ from what a job has that names none; its tags are shown elsewhere."""
    usual = {**conf.job_defaults(), "executor": "default"}
    own = {name: getattr(job, name) for name in POLICIES if name != "tags"}
    return {name: _shown(job, name, value) for name, value in own.items() if value != usual.get(name)}


def _shown(job: Job, name: str, value: Any) -> str:
    display = getattr(job, f"get_{name}_display", None)
    if display is not None:
        return str(display())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return _("unlimited")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
