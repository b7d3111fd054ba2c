"""Which days are working days: public holidays, China's make-up days, and lists from files. Knows libraries, no Django.

china = make_calendar("china", weekend=WEEKEND, source=Source(country="CN", makeup_days=True), own_days={})
china.is_working(date(2026, 10, 10))
"""

from scheduler.calendars.files import InvalidFile, read_file
from scheduler.calendars.laying import make_calendar
from scheduler.calendars.looking import next_exceptions
from scheduler.calendars.naming import names_in
from scheduler.calendars.sources import Source, countries, has_makeup_days, subdivisions_of
from scheduler.calendars.weekdays import WEEKDAYS, WEEKEND, read_weekdays, write_weekdays

__all__ = [
    "WEEKDAYS",
    "WEEKEND",
    "InvalidFile",
    "Source",
    "countries",
    "has_makeup_days",
    "make_calendar",
    "names_in",
    "next_exceptions",
    "read_file",
    "read_weekdays",
    "subdivisions_of",
    "write_weekdays",
]
