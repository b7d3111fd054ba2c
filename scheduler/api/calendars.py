"""The endpoints of calendars."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from scheduler.api.contract import ContractViewSet
from scheduler.api.http import read_json
from scheduler.calendars import WEEKDAYS, read_weekdays
from scheduler.exceptions import CalendarNotFound
from scheduler.models import WorkCalendar
from scheduler.services import calendars


class CalendarViewSet(ContractViewSet):
    """Calendars of working days."""

    title = gettext_lazy("Calendars")
    about = gettext_lazy("Calendars of working days.")
    permissions: ClassVar = {
        "list": "scheduler.view_workcalendar",
        "retrieve": "scheduler.view_workcalendar",
        "create": "scheduler.add_workcalendar",
        "partial_update": "scheduler.change_workcalendar",
        "destroy": "scheduler.delete_workcalendar",
    }

    def list(self, request: Request) -> Response:
        """Answer all calendars, by name."""
        return Response([represent_calendar(each) for each in WorkCalendar.objects.prefetch_related("days")])

    def create(self, request: Request) -> Response:
        """Add a calendar."""
        return _answer(calendars.create_calendar(read_json(request)).name)

    def retrieve(self, request: Request, name: str) -> Response:
        """Answer one calendar."""
        return _answer(name)

    def partial_update(self, request: Request, name: str) -> Response:
        """Change what was sent, and keep the rest; days that were sent are all there are."""
        calendars.change_calendar(name, read_json(request))
        return _answer(name)

    def destroy(self, request: Request, name: str) -> HttpResponse:
        """Delete a calendar that no job names."""
        calendars.delete_calendar(name)
        return HttpResponse(status=204)


def _answer(name: str) -> Response:
    found = WorkCalendar.objects.filter(pk=name).prefetch_related("days").first() if name.isprintable() else None
    if found is None:
        raise CalendarNotFound(name=name)
    return Response(represent_calendar(found))


def represent_calendar(calendar: WorkCalendar) -> dict[str, Any]:
    """Return a calendar as a client may send it back; `known_until` is derived."""
    known_until = calendar.known_until
    return {
        "name": calendar.name,
        "description": calendar.description,
        "weekend": [WEEKDAYS[weekday] for weekday in sorted(read_weekdays(calendar.weekend))],
        "country": calendar.country,
        "subdivision": calendar.subdivision,
        "makeup_days": calendar.makeup_days,
        "known_until": known_until.isoformat() if known_until else None,
        "days": [
            {"day": each.day.isoformat(), "working": each.is_working, "name": each.name} for each in calendar.days.all()
        ],
    }
