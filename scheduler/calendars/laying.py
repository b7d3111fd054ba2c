"""Lays a company's own days over the public ones; the public ones are computed year by year, when somebody asks."""

from collections.abc import Iterator, Mapping
from datetime import date

from scheduler.calendars.sources import Source
from scheduler.triggers import Calendar, SpecialDay


class LaidDays(Mapping[date, SpecialDay]):
    """The own days, and below them those of the source. Looking one up costs a year of the source at most, once."""

    def __init__(self, own_days: Mapping[date, SpecialDay], source: Source | None) -> None:
        self._own_days = dict(own_days)
        self._source = source

    def __getitem__(self, day: date) -> SpecialDay:
        own = self._own_days.get(day)
        if own is None and self._source is not None:
            own = self._source.days_of(day.year).get(day)
        if own is None:
            raise KeyError(day)
        return own

    def __iter__(self) -> Iterator[date]:
        """Compute all years that the source knows, which takes a while."""
        public = {day for year in self._source.years for day in self._source.days_of(year)} if self._source else set()
        return iter(sorted(public | self._own_days.keys()))

    def __len__(self) -> int:
        return sum(1 for _day in self)


def make_calendar(
    name: str, *, weekend: frozenset[int], source: Source | None, own_days: Mapping[date, SpecialDay]
) -> Calendar:
    """Return a calendar. It is known until its source ends, whatever own days come later.

    One without a source until its last own day; one that has neither knows its weekdays, and that for ever.
    """
    known_until = source.known_until if source else max(own_days, default=None)
    return Calendar(name=name, weekend=weekend, special_days=LaidDays(own_days, source), known_until=known_until)
