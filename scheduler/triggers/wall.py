"""Rules that read a clock on the wall: times without a zone, one after the other."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime


class WallRule(ABC):
    """Which times of a wall clock a rule names. It knows no zone; what a clock change does to them is decided apart."""

    @property
    @abstractmethod
    def follows_the_clock(self) -> bool:
        """Whether it runs every hour or more often, so that it follows the clock as it ticks through a change.

        As in Vixie cron: the minute or the hour begins with `*`. All other rules name certain times of a day.
        """

    @abstractmethod
    def next_wall(self, after: datetime) -> datetime | None:
        """Return the first time later than `after`, both naive, or None when there is none left."""

    def seconds_on(self, day: date) -> Sequence[int] | None:
        """Return the times of a day that it names, in seconds since midnight; None where that takes a search."""
        return None
