"""The cron trigger: when the wall clock's fields match.

The fields have APScheduler's meaning (weekday 0 is Monday); a crontab expression has cron's own (0 is Sunday).
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from scheduler.triggers.base import Bounds, Context, InvalidField, Spec, gettext_noop
from scheduler.triggers.cronrule import FIELDS, CronRule
from scheduler.triggers.fields import Reader, read_datetime, read_fields, read_instant, read_jitter
from scheduler.triggers.instants import clamped
from scheduler.triggers.recurring import WallKind
from scheduler.triggers.wall import WallRule


class CronKind(WallKind):
    """`year month day week day_of_week hour minute second`: expressions; `start_date`, `end_date`, `jitter`."""

    name = "cron"
    own_fields = (*FIELDS, "start_date", "end_date", "jitter")

    def read(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Read the expressions that were sent, as texts without blanks."""
        readers: dict[str, Reader] = {
            **{name: _expression_reader(name) for name in FIELDS},
            "start_date": read_instant,
            "end_date": read_datetime,
            "jitter": read_jitter,
        }
        values = read_fields(fields, readers, context)
        for name in ("start_date", "end_date"):
            if name in values:
                values[name] = values[name].isoformat()
        if not values.get("jitter"):
            values.pop("jitter", None)
        return values

    def rule(self, spec: Spec, context: Context) -> WallRule:
        """Return the rule of the fields."""
        return CronRule(_expressions(spec))

    def bounds(self, spec: Spec, zone: tzinfo) -> Bounds:
        """Return both dates."""
        names = [name for name in ("start", "end") if f"{name}_date" in spec]
        return Bounds(**{name: clamped(datetime.fromisoformat(spec[f"{name}_date"])) for name in names})

    def can_ever_fire(self, spec: Spec, context: Context) -> bool:
        """31 February is never, and so is 29 February 2031; 2001 is only over."""
        return CronRule(_expressions(spec)).can_ever_fire()


def _expressions(spec: Spec) -> dict[str, str]:
    return {name: spec[name] for name in FIELDS if name in spec}


def _expression_reader(name: str) -> Reader:
    def read_expression(value: Any, context: Context) -> str:
        if not isinstance(value, int | str):
            raise InvalidField(gettext_noop("Enter a cron expression as text."))
        try:
            return str(CronTrigger.FIELDS_MAP[name](name, str(value)))
        except (ValueError, IndexError, OverflowError) as error:
            raise InvalidField(f"{error}.") from error

    return read_expression
