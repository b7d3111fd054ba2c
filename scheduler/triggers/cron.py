"""The cron trigger: when the wall clock's fields match, with APScheduler's meaning of a field (weekday 0 is Monday)."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from scheduler.triggers.base import Context, InvalidField, Spec, Timetable, TriggerKind, gettext_noop
from scheduler.triggers.fields import Reader, read_datetime, read_fields, read_instant, read_jitter

FIELDS: tuple[str, ...] = CronTrigger.FIELD_NAMES
# Leap days and weekdays repeat after 28 years, so these hold every date that there is. In UTC, without gaps.
_CYCLE = {"start_date": datetime(2000, 1, 1, tzinfo=UTC), "end_date": datetime(2028, 1, 1, tzinfo=UTC)}
_FIRST_YEAR = {"start_date": datetime(1970, 1, 1, tzinfo=UTC)}


class CronKind(TriggerKind):
    """`year month day week day_of_week hour minute second`: expressions; `start_date`, `end_date`, `jitter`."""

    name = "cron"
    fields = (*FIELDS, "start_date", "end_date", "jitter")

    def parse(self, fields: Mapping[str, Any], context: Context) -> Spec:
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

    def build(self, spec: Spec, zone: tzinfo) -> BaseTrigger:
        """Return APScheduler's cron trigger."""
        dates = {name: datetime.fromisoformat(spec[name]) for name in ("start_date", "end_date") if name in spec}
        return CronTrigger(**_expressions(spec), **dates, timezone=zone)

    def can_ever_fire(self, spec: Spec, zone: tzinfo) -> bool:
        """Search the calendar from its first year: 31 February is never, and so is 29 February 2031; 2001 is only over.

        Without the year first, because what no year holds would be sought up to the year 9999.
        """
        expressions = _expressions(spec)
        yearly = {name: text for name, text in expressions.items() if name != "year"}
        if not _finds_any(yearly, _CYCLE):
            return False
        return yearly == expressions or _finds_any(expressions, _FIRST_YEAR)


def _finds_any(expressions: Mapping[str, str], dates: Mapping[str, datetime]) -> bool:
    trigger = CronTrigger(**expressions, **dates, timezone=UTC)
    return Timetable(trigger).first(dates["start_date"]) is not None


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
