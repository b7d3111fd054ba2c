"""WorkCalendar: which days are working days, under a name that triggers use; CalendarDay: the company's own days."""

from collections.abc import Collection
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduler.calendars import WEEKEND, Source, make_calendar, read_weekdays, write_weekdays
from scheduler.models.fields import ExactCharField
from scheduler.triggers import Calendar, SpecialDay


class WorkCalendarQuerySet(models.QuerySet["WorkCalendar"]):
    """Predicates that chain."""

    def named(self, names: Collection[str]) -> Self:
        """The calendars of these names."""
        return self.filter(pk__in=names)

    def as_values(self) -> dict[str, Calendar]:
        """Return the calendars as triggers take them, by name, in two statements.

        One whose country is unknown, as after a downgrade, is left out: its jobs then lack their calendar.
        """
        calendars = self.prefetch_related("days")
        return {calendar.name: calendar.as_value() for calendar in calendars if calendar.is_readable}


class WorkCalendar(models.Model):
    """A named set of working days: a weekend, a country's public holidays, and the company's own days over them."""

    name = ExactCharField(
        _("name"), primary_key=True, max_length=255, help_text=_("Unique; triggers name the calendar by it.")
    )
    description = models.CharField(_("description"), max_length=255, default="", blank=True)
    weekend = models.CharField(
        _("weekend"),
        max_length=27,
        default=write_weekdays(WEEKEND),
        blank=True,
        help_text=_("Weekdays that are no working days, such as sat,sun."),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        default="",
        blank=True,
        help_text=_("Whose public holidays are no working days. Empty: there are none."),
    )
    subdivision = models.CharField(
        _("subdivision"),
        max_length=32,
        default="",
        blank=True,
        help_text=_("The code of a part of the country that has holidays of its own, such as BY for Bavaria."),
    )
    makeup_days = models.BooleanField(
        _("make-up days"),
        default=False,
        help_text=_("Work on the weekends that China declares working days in exchange for days off (调休)."),
    )

    objects = WorkCalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return str(self.name)

    @property
    def source(self) -> Source | None:
        """Where the public holidays come from, if any are wanted."""
        if not self.country:
            return None
        return Source(country=self.country, subdivision=self.subdivision, makeup_days=self.makeup_days)

    @property
    def is_readable(self) -> bool:
        """Whether the public holidays are known; somebody may have written another country past the services."""
        return self.source is None or self.source.is_known

    @property
    def known_until(self) -> date | None:
        """The last day of which the data is known; None: for ever."""
        return self.as_value().known_until if self.is_readable else None

    def as_value(self) -> Calendar:
        """Return what triggers take."""
        own_days = {each.day: each.as_value() for each in self.days.all()}
        return make_calendar(self.name, weekend=read_weekdays(self.weekend), source=self.source, own_days=own_days)


class CalendarDay(models.Model):
    """A day of the company's own, which goes over what the public calendar says of it."""

    calendar = models.ForeignKey(
        WorkCalendar, on_delete=models.CASCADE, related_name="days", verbose_name=_("calendar")
    )
    day = models.DateField(_("day"))
    is_working = models.BooleanField(_("working day"), default=False)
    name = models.CharField(_("name"), max_length=255, default="", blank=True)

    class Meta:
        verbose_name = _("own day")
        verbose_name_plural = _("own days")
        ordering: ClassVar = ["day"]
        # Who may change a calendar, may change its days.
        default_permissions = ()
        constraints: ClassVar = [
            # Its index also finds a calendar's days, and the last of them.
            models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once"),
        ]

    def __str__(self) -> str:
        return self.day.isoformat()

    def as_value(self) -> SpecialDay:
        """Return what triggers take."""
        return SpecialDay(is_working=self.is_working, name=self.name)
