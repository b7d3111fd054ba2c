"""The door for calendars: reads what REST, admin and commands say of one, and collects what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from scheduler.calendars import WEEKDAYS, countries, has_makeup_days, subdivisions_of, write_weekdays
from scheduler.exceptions import InvalidInput
from scheduler.models import WorkCalendar
from scheduler.services.fields import FieldErrors, Reader, as_object
from scheduler.services.values import read_text, read_truth
from scheduler.triggers import InvalidField, SpecialDay

# A calendar's answer names them; what is derived may be sent back, and says nothing.
DERIVED = frozenset({"known_until"})


@dataclass(frozen=True, kw_only=True)
class CalendarDefinition:
    """Columns of the calendar to write, and all of its own days, or None where nothing was said about them."""

    columns: dict[str, Any]
    days: Mapping[date, SpecialDay] | None


def read_new_calendar(data: Any) -> CalendarDefinition:
    """Read a new calendar. A country's make-up days are wanted where they are known. Raises InvalidInput."""
    data, errors = _without_derived(data), FieldErrors()
    errors.require(["name"], data)
    values = _read_all(data, {"name": read_name, **_READERS}, errors)
    values.setdefault("makeup_days", has_makeup_days(values.get("country", "")))
    return _finish(values, values, errors)


def read_calendar_change(calendar: WorkCalendar, data: Any) -> CalendarDefinition:
    """Read a change. Another country takes neither subdivision nor make-up days from the last. Raises InvalidInput."""
    data, errors = _without_derived(data), FieldErrors()
    if data.pop("name", calendar.name) != calendar.name:
        errors.found["name"] = _("The name may not be changed.")
    values = _read_all(data, _READERS, errors)
    if values.get("country", calendar.country) != calendar.country:
        values = {"subdivision": "", "makeup_days": has_makeup_days(values["country"]), **values}
    before = {name: getattr(calendar, name) for name in ("country", "subdivision", "makeup_days")}
    return _finish(values, {**before, **values}, errors)


def _without_derived(data: Any) -> dict[str, Any]:
    return {name: value for name, value in as_object(data).items() if name not in DERIVED}


def _read_all(data: Mapping[str, Any], readers: Mapping[str, Reader], errors: FieldErrors) -> dict[str, Any]:
    errors.refuse_others(data, readers)
    values = errors.read_all(readers, data)
    return {name: value for name, value in values.items() if name not in errors.found}


def _finish(values: dict[str, Any], source: Mapping[str, Any], errors: FieldErrors) -> CalendarDefinition:
    """Check that the parts of the public calendar fit each other, once each of them has been read."""
    errors.raise_if_any()
    if mistakes := _mistakes_in(source):
        raise InvalidInput(mistakes)
    columns = {name: value for name, value in values.items() if name != "days"}
    return CalendarDefinition(columns=columns, days=values.get("days"))


def _mistakes_in(source: Mapping[str, Any]) -> dict[str, str]:
    country, subdivision = source.get("country", ""), source.get("subdivision", "")
    if subdivision and subdivision not in subdivisions_of(country):
        known = ", ".join(subdivisions_of(country))
        return {"subdivision": _("Choose one of: %s.") % known if known else _("None is known of this country.")}
    if source.get("makeup_days") and not has_makeup_days(country):
        return {"makeup_days": _("No make-up days are known of this country; they are of CN.")}
    if source.get("makeup_days") and subdivision:
        return {"subdivision": _("China's make-up days are those of the whole country.")}
    return {}


def read_name(value: Any) -> str:
    """Read a calendar's name: a text that fits into one segment of a path, and into a trigger."""
    text = read_text(value)
    if "/" in text or text in (".", "..") or not text.isprintable() or text != text.strip():
        raise InvalidField(
            _("A name must not contain slashes or control characters, begin or end with a blank, nor be only dots.")
        )
    return text


def _read_description(value: Any) -> str:
    return "" if value in ("", None) else read_text(value)


def read_weekend(value: Any) -> str:
    """Read weekdays by their names, as a list or in one text."""
    names = [name.strip().lower() for name in value.split(",") if name.strip()] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) and name in WEEKDAYS for name in names):
        raise InvalidField(_("Enter weekdays as a list of: %s.") % ", ".join(WEEKDAYS))
    if len(set(names)) == len(WEEKDAYS):
        raise InvalidField(_("At least one day of the week must be a working day."))
    return write_weekdays(WEEKDAYS.index(name) for name in names)


def _read_country(value: Any) -> str:
    code = value.upper() if isinstance(value, str) else value
    if code in ("", None):
        return ""
    if not isinstance(code, str) or code not in countries():
        raise InvalidField(_("Enter a country's code of two letters, such as CN."))
    return code


def _read_subdivision(value: Any) -> str:
    if not isinstance(value, str | None):
        raise InvalidField(_("Enter the code of a part of the country."))
    return value or ""


def read_days(value: Any) -> dict[date, SpecialDay]:
    """Read own days: a list of objects with `day`, `working`, and `name` where it has one."""
    if not isinstance(value, list | tuple):
        raise InvalidField(_("Enter a list of days."))
    days: dict[date, SpecialDay] = {}
    for number, each in enumerate(value, start=1):
        day, special = _read_day(number, each)
        if day in days:
            raise InvalidField(_("%s is there more than once.") % day.isoformat())
        days[day] = special
    return days


def _read_day(number: int, value: Any) -> tuple[date, SpecialDay]:
    if not isinstance(value, Mapping) or set(value) - {"day", "working", "name"}:
        raise InvalidField(_("Day %d: enter an object with day, working, and name.") % number)
    try:
        day = date.fromisoformat(value["day"])
        return day, SpecialDay(is_working=read_truth(value["working"]), name=_read_description(value.get("name")))
    except KeyError as error:
        raise InvalidField(_("Day %(number)d: %(field)s is missing.") % {"number": number, "field": error}) from error
    except (TypeError, ValueError) as error:
        raise InvalidField(_("Day %d: enter a day such as 2026-10-01.") % number) from error
    except InvalidField as error:
        raise InvalidField(_("Day %(number)d: %(error)s") % {"number": number, "error": error.sentence}) from error


_READERS: Mapping[str, Reader] = {
    "description": _read_description,
    "weekend": read_weekend,
    "country": _read_country,
    "subdivision": _read_subdivision,
    "makeup_days": read_truth,
    "days": read_days,
}
