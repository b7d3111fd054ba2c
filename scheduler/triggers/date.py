"""The date trigger: once, at one instant."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from apscheduler.triggers.base import BaseTrigger

from scheduler.triggers.base import Context, Spec, Timetable, TriggerKind, utc
from scheduler.triggers.fields import read_fields, read_instant


class OnceTrigger(BaseTrigger):
    """Fires at `run_date`, and answers None after it (APScheduler's own answers None only after it has fired)."""

    def __init__(self, run_date: datetime) -> None:
        self.run_date = run_date

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return `run_date` unless it is past."""
        return self.run_date if previous_fire_time is None and self.run_date >= now else None


class OnceTimetable(Timetable):
    """One instant, with which a schedule begins even if it is past: late runs are the misfire policy's matter."""

    trigger: OnceTrigger

    def first(self, now: datetime) -> datetime | None:
        """Return `run_date`."""
        return utc(self.trigger.run_date)


class DateKind(TriggerKind):
    """`run_date`: the instant; the moment of creation if none is given."""

    name = "date"
    fields = ("run_date",)

    def parse(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Read `run_date`; now when it is missing."""
        values = read_fields(fields, {"run_date": read_instant}, context)
        run_date = values.get("run_date") or context.now.astimezone(context.zone)
        return {"run_date": run_date.isoformat()}

    def build(self, spec: Spec, zone: tzinfo) -> BaseTrigger:
        """Return the trigger of that one instant."""
        return OnceTrigger(datetime.fromisoformat(spec["run_date"]))

    def timetable(self, spec: Spec, zone: tzinfo) -> Timetable:
        """Return that one instant."""
        return OnceTimetable(self.build(spec, zone))
