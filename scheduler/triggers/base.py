"""What every kind of trigger shares: reading a spec, and walking the occurrences of a trigger.

A spec is a flat JSON object, `{"trigger": "interval", "seconds": 10, "start_date": "..."}`: canonical, so that
two specs that mean the same are equal. Nothing here knows Django, a database or the time: `now` is an argument.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, ClassVar, TypeAlias

from apscheduler.triggers.base import BaseTrigger

from scheduler.triggers.workdays import Calendar

Spec: TypeAlias = dict[str, Any]

MICROSECOND = timedelta(microseconds=1)
# Every zone can show the instants between these; beyond them the calendar of some zone is over.
EARLIEST = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
COUNT_LIMIT = 1000
# What 31 bits hold; a count that needs more is as good as none.
LARGEST_COUNT = 2**31 - 1


class InvalidSpec(Exception):
    """A spec that means nothing; `errors` maps the field to a sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(errors)
        self.errors = dict(errors)


class InvalidField(Exception):
    """One field's value means nothing; `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the meaning of a spec depends on beside itself: the zone of dates without offset, the moment, the calendars.

    `calendars` are those that a spec may name; `seed`, the job's id, spreads what is to be spread.
    """

    zone: tzinfo
    now: datetime
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    seed: str = ""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What became of an occurrence on its way from the rule to the clock: a code for programs, a reason for people."""

    code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """One occurrence, as the rule names it and as it comes about.

    `planned` is the time on the wall clock that the rule names (naive); `at` the instant, in UTC, at which the job is
    due, or None where something has dropped it; `marks` say what moved, repeated or dropped it, in that order.
    """

    planned: datetime
    at: datetime | None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fold:
    """Several due occurrences seen as one: the latest of them, and how many there were (None: too many to count)."""

    latest: datetime
    count: int | None


class NeverTrigger(BaseTrigger):
    """Never fires."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return None."""
        return None


class Timetable:
    """The occurrences of one trigger, as instants. Stateless but for a memo of the last answer.

    Answers are in UTC: where the clocks go back, two instants of one zone compare and add up as if they were one hour.
    """

    def __init__(self, trigger: BaseTrigger) -> None:
        self.trigger = trigger
        self._memo: tuple[datetime | None, datetime | None] = (None, None)

    def first(self, now: datetime) -> datetime | None:
        """Return the occurrence with which a schedule made `now` begins."""
        return self.next_after(now - MICROSECOND)

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the first occurrence later than `moment`, or None when there is none left.

        Many jobs share one trigger and are due at one instant; the memo answers all but the first of them.
        """
        moment = utc(moment)
        asked, answer = self._memo
        if asked != moment:
            answer = self._search(moment)
            self._memo = (moment, answer)
        return answer

    def _search(self, moment: datetime) -> datetime | None:
        try:
            found = self.trigger.get_next_fire_time(None, moment + MICROSECOND)
            return utc(found) if found and found <= LATEST else None
        except (IndexError, OverflowError, ValueError):
            # Past the year 9999 there is no occurrence that a datetime can say; APScheduler's cron runs out of fields.
            return None

    def fold(self, first: datetime, until: datetime) -> Fold:
        """Fold the occurrences from `first` to `until`, both inclusive.

        They are counted one by one up to COUNT_LIMIT; then the latest is found by bisection, so that a year away costs
        little more than a day.
        """
        latest, until, count = utc(first), utc(until), 1
        while (following := self.next_after(latest)) is not None and following <= until:
            if count == COUNT_LIMIT:
                return Fold(latest=self._latest(following, until), count=None)
            latest, count = following, count + 1
        return Fold(latest=latest, count=count)

    def explain(self, start: datetime, end: datetime, *, zone: tzinfo) -> Iterator[Occurrence]:
        """Yield what the rule names from `start` to `end`, both inclusive, also what does not come about.

        Those with an instant are exactly what `next_after` answers.
        """
        moment = self.next_after(start - MICROSECOND)
        while moment is not None and moment <= utc(end):
            yield Occurrence(planned=moment.astimezone(zone).replace(tzinfo=None), at=moment)
            moment = self.next_after(moment)

    def _latest(self, latest: datetime, until: datetime) -> datetime:
        """Return the last occurrence up to `until`, `latest` being one of them."""
        upper = until
        while upper - latest > timedelta(seconds=1):
            middle = latest + (upper - latest) / 2
            found = self.next_after(middle)
            if found is not None and found <= until:
                latest = found
            else:
                upper = middle
        while (following := self.next_after(latest)) is not None and following <= until:
            latest = following
        return latest


class TriggerKind(ABC):
    """One kind of trigger: which fields its spec has, what they may hold, and the timetable they mean."""

    name: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]

    @abstractmethod
    def parse(self, fields: Mapping[str, Any], context: Context) -> Spec:
        """Return the canonical spec (without "trigger"), or raise InvalidSpec. `fields` holds known names only."""

    @abstractmethod
    def build(self, spec: Spec, zone: tzinfo) -> BaseTrigger:
        """Return the APScheduler trigger that computes the occurrences of a canonical spec."""

    def timetable(self, spec: Spec, zone: tzinfo) -> Timetable:
        """Return the occurrences of a canonical spec."""
        return Timetable(self.build(spec, zone))

    def can_ever_fire(self, spec: Spec, zone: tzinfo) -> bool:
        """Tell whether the schedule, its dates of start and end apart, has any occurrence at all."""
        return True


def utc(moment: datetime) -> datetime:
    """Return the same instant in UTC, where arithmetic follows elapsed time."""
    return moment.astimezone(UTC)


class Sentence(str):
    """A message in English that remembers how to be said in another language, values and all.

    The faces translate it by `said_by(gettext)`; this package stays free of Django.
    """

    __slots__ = ("_message", "_values")

    _message: str
    _values: Any

    def __mod__(self, values: Any) -> "Sentence":
        """Fill the values in, as a text does."""
        filled = Sentence(super().__mod__(values))
        filled._message, filled._values = str(self), values
        return filled

    def said_by(self, gettext: Callable[[str], str]) -> str:
        """Return the translation of the message, with the values filled in; values that are named sentences too."""
        if not hasattr(self, "_message"):
            return gettext(str(self))
        values = self._values
        if isinstance(values, Mapping):
            values = {name: _said(value, gettext) for name, value in values.items()}
        return str(gettext(self._message) % values)


def _said(value: Any, gettext: Callable[[str], str]) -> Any:
    return value.said_by(gettext) if isinstance(value, Sentence) else value


def gettext_noop(message: str) -> Sentence:
    """Mark a message for translation, by the name that makemessages looks for."""
    return Sentence(message)
