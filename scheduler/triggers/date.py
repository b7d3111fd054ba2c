"""The date trigger: once, at one instant."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scheduler.triggers.base import Context, Spec, TriggerKind
from scheduler.triggers.fields import read_fields, read_instant
from scheduler.triggers.instants import utc
from scheduler.triggers.timetable import Steps, Timetable


class OnceTimetable(Timetable):
    """One instant, with which a schedule begins even if it is past: late runs are the misfire policy's matter."""

    def __init__(self, run_date: datetime) -> None:
        super().__init__()
        self._run_date = utc(run_date)

    def first(self, now: datetime) -> datetime | None:
        """Return the instant."""
        return self._run_date

    def find(self, moment: datetime, steps: Steps) -> datetime | None:
        """Return the instant unless it is past."""
        return self._run_date if self._run_date > moment else None


class DateKind(TriggerKind):
    """`run_date`: the instant; the moment of creation if none is given."""

    name = "date"
    fields = ("run_date",)

    def parse(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Read `run_date`; now when it is missing."""
        values = read_fields(fields, {"run_date": read_instant}, context)
        run_date = values.get("run_date") or context.now.astimezone(context.zone)
        return {"run_date": run_date.isoformat()}

    def timetable(self, spec: Spec, context: Context) -> Timetable:
        """Return that one instant."""
        return OnceTimetable(datetime.fromisoformat(spec["run_date"]))
