"""HourlyStatistics: what became of the executions of one hour; Forecast: how many runs will start, and when.

Both are derived, and only pictures are made of them: whoever empties these tables loses nothing but some waiting.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Floor, Greatest, Ln
from django.utils.translation import gettext_lazy as _

from scheduler.models.executions import Origin
from scheduler.models.ids import first_id_of

AN_HOUR = timedelta(hours=1)
# All zones have offsets of quarters of an hour: bins of five minutes are bins on every clock.
A_BIN = timedelta(minutes=5)
BINS_PER_HOUR = AN_HOUR // A_BIN
# Each bucket of the lateness reaches a quarter further than the one before, from 1 ms on: 80 of them make a day.
BUCKETS_PER_DECADE = 10
# In the place of a bucket: what did not start, and what started at a moment that no trigger named.
NOT_STARTED, NOT_SCHEDULED = -1, -2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class HourlyStatistics(models.Model):
    """What became of the executions that were made within one hour of UTC, as it was when they were counted."""

    hour = models.DateTimeField(_("hour"), primary_key=True, help_text=_("Its beginning."))
    counted_at = models.DateTimeField(_("counted at"))
    counts = models.JSONField(_("counts"), default=dict, help_text=_("How many executions, by status."))
    starts = models.JSONField(_("starts"), default=list, help_text=_("How many of them started, by five minutes."))
    lateness = models.JSONField(
        _("lateness"), default=dict, help_text=_("How many of them started so late, by the number of a bucket.")
    )

    class Meta:
        verbose_name = _("statistics of an hour")
        verbose_name_plural = _("statistics of hours")
        ordering: ClassVar = ["-hour"]

    def __str__(self) -> str:
        return self.hour.isoformat()


class Forecast(models.Model):
    """The one row that says how many runs the triggers let start in the coming days."""

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    made_at = models.DateTimeField(_("made at"))
    start = models.DateTimeField(_("start"), help_text=_("The beginning of the first five minutes."))
    starts = models.JSONField(_("starts"), default=list, help_text=_("How many runs start, by five minutes."))

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="forecast_is_one_row"),
        ]

    def __str__(self) -> str:
        return self.made_at.isoformat()


class Milliseconds(models.Func):
    """A duration, as the database has it, in milliseconds."""

    # SQLite, MariaDB and MySQL have durations as whole microseconds.
    template = "(%(expressions)s) / 1000.0"
    output_field = models.FloatField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        """PostgreSQL has intervals."""
        template = "CAST(EXTRACT(EPOCH FROM (%(expressions)s)) * 1000 AS double precision)"
        return self.as_sql(compiler, connection, template=template, **extra_context)


def bucket_of_lateness() -> models.Expression:
    """Return the expression of the bucket that an execution's lateness falls into, or why it falls into none.

    What had to wait, for the end of a window or before a retry, is not late for that.
    """
    return models.Case(
        models.When(started_at=None, then=models.Value(NOT_STARTED)),
        models.When(~models.Q(origin=Origin.SCHEDULE), then=models.Value(NOT_SCHEDULED)),
        default=_bucket(),
        output_field=models.FloatField(),
    )


def number_of_bin() -> models.Expression:
    """Return the expression of the number of the five minutes, since 1970, in which an execution was made."""
    return Floor(models.F("pk") / models.Value(first_id_of(_EPOCH + A_BIN)), output_field=models.FloatField())


def bin_of_number(number: int) -> datetime:
    """Return the beginning of the five minutes of this number."""
    return _EPOCH + number * A_BIN


def _bucket() -> models.Expression:
    due = Greatest(models.F("scheduled_for"), models.F("available_at"))
    late = models.ExpressionWrapper(models.F("started_at") - due, output_field=models.DurationField())
    at_least_1 = Greatest(Milliseconds(late), models.Value(1.0), output_field=models.FloatField())
    per_factor_e = models.Value(BUCKETS_PER_DECADE / 2.302585092994046)
    return Floor(models.ExpressionWrapper(Ln(at_least_1) * per_factor_e, output_field=models.FloatField()))


def seconds_of_bucket(bucket: int) -> float:
    """Return the upper end of a bucket."""
    return float(10 ** ((bucket + 1) / BUCKETS_PER_DECADE) / 1000)


def start_of_hour(moment: datetime) -> datetime:
    """Return the beginning of the hour of UTC that a moment lies in."""
    return moment.replace(minute=0, second=0, microsecond=0)


def start_of_bin(moment: datetime) -> datetime:
    """Return the beginning of the five minutes that a moment lies in."""
    return moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0)
