"""The cron trigger: when the wall clock's fields match.

The fields have APScheduler's meaning (weekday 0 is Monday); a crontab expression has cron's own (0 is Sunday).
"""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from apscheduler.triggers.cron import CronTrigger

from scheduler.triggers.base import Bounds, Context, InvalidField, InvalidSpec, Spec, bounds_of, gettext_noop
from scheduler.triggers.cronrule import FIELDS, CronRule
from scheduler.triggers.crontab import canonical, read_crontab
from scheduler.triggers.crontab_rule import CrontabRule
from scheduler.triggers.fields import Reader, read_datetime, read_fields, read_instant, read_jitter
from scheduler.triggers.recurring import WallKind
from scheduler.triggers.wall import WallRule


class CronKind(WallKind):
    """Fields from `year` to `second`, or a `crontab` expression; `start_date`, `end_date`, `jitter`."""

    name = "cron"
    own_fields = (*FIELDS, "crontab", "start_date", "end_date", "jitter")

    def read(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Read the expressions that were sent, as texts without blanks."""
        if fields.get("crontab") is not None and any(fields.get(name) is not None for name in FIELDS):
            raise InvalidSpec({"crontab": gettext_noop("Send a crontab expression or single fields, not both.")})
        readers: dict[str, Reader] = {
            **{name: _expression_reader(name) for name in FIELDS},
            "crontab": _read_crontab,
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
        """Return the rule of the expression, or of the fields."""
        return _rule(spec, context.seed)

    def bounds(self, spec: Spec, zone: tzinfo) -> Bounds:
        """Return both dates."""
        return bounds_of(spec, "start_date", "end_date")

    def can_ever_fire(self, spec: Spec, context: Context) -> bool:
        """31 February is never, and so is 29 February 2031; 2001 is only over."""
        return _rule(spec, context.seed).can_ever_fire()


def _rule(spec: Spec, seed: str) -> CrontabRule | CronRule:
    if "crontab" in spec:
        return read_crontab(spec["crontab"], seed=seed)
    return CronRule({name: spec[name] for name in FIELDS if name in spec})


def _read_crontab(value: Any, context: Context) -> str:
    if not isinstance(value, str):
        raise InvalidField(gettext_noop("Enter a crontab expression as text."))
    read_crontab(value, seed=context.seed)
    return canonical(value)


def _expression_reader(name: str) -> Reader:
    def read_expression(value: Any, context: Context) -> str:
        if not isinstance(value, int | str):
            raise InvalidField(gettext_noop("Enter a cron expression as text."))
        try:
            return str(CronTrigger.FIELDS_MAP[name](name, str(value)))
        except (ValueError, IndexError, OverflowError) as error:
            raise InvalidField(f"{error}.") from error

    return read_expression
