"""Chooses the claim that says best which times of day certain hours, minutes and seconds make."""

from collections.abc import Collection, Sequence
from datetime import time
from itertools import pairwise

from scheduler.words.times import AtNumbers, AtTimes, Every, Times

# So many times are listed without a second thought, and so many at most.
_FEW = 4
_MOST_LISTED = 12
# A stretch of fewer times is no stretch, and more stretches than these are no help.
_LEAST_IN_STRETCH = 3
_MOST_STRETCHES = 4


def choose_times(hours: Collection[int], minutes: Collection[int], seconds: Collection[int]) -> Times:
    """Return the claim; all that it says it says exactly."""
    numbers = AtNumbers(tuple(sorted(hours)), tuple(sorted(minutes)), tuple(sorted(seconds)))
    count = len(hours) * len(minutes) * len(seconds)
    if count <= _FEW:
        return _list_times(numbers)
    if numbers.spans_the_day and _is_plain_in_hour(numbers):
        return numbers
    if every := _find_steps(numbers):
        return every
    return _list_times(numbers) if count <= _MOST_LISTED else numbers


def _list_times(numbers: AtNumbers) -> AtTimes:
    return AtTimes(
        tuple(
            time(hour, minute, second)
            for hour in numbers.hours
            for minute in numbers.minutes
            for second in numbers.seconds
        )
    )


def _is_plain_in_hour(numbers: AtNumbers) -> bool:
    """Tell whether "at minute 5 of every hour" is plainer than "every hour from 00:05 to 23:05"."""
    first = numbers.minutes[0] * 60 + numbers.seconds[0]
    return first > 0 and (len(numbers.minutes) <= _FEW or len(numbers.minutes) == 60) and len(numbers.seconds) <= _FEW


def _find_steps(numbers: AtNumbers) -> Every | None:
    minutes = [hour * 60 + minute for hour in numbers.hours for minute in numbers.minutes]
    seconds = numbers.seconds
    if len(seconds) == 1:
        return _steps_of([minute * 60 + seconds[0] for minute in minutes])
    if len(minutes) == 1:
        return _steps_of([minutes[0] * 60 + second for second in seconds])
    return _steps_through_minutes(minutes, seconds)


def _steps_of(points: Sequence[int]) -> Every | None:
    """Part the points into stretches, in each of which they lie equally far apart."""
    step = points[1] - points[0]
    stretches = [[points[0]]]
    for before, after in pairwise(points):
        if after - before == step:
            stretches[-1].append(after)
        else:
            stretches.append([after])
    if len(stretches) > _MOST_STRETCHES or min(map(len, stretches)) < _LEAST_IN_STRETCH:
        return None
    return Every(step, tuple((stretch[0], stretch[-1]) for stretch in stretches))


def _steps_through_minutes(minutes: Sequence[int], seconds: Sequence[int]) -> Every | None:
    """Find steps that go on from minute to minute, as 0, 20 and 40 seconds do."""
    step = seconds[1] - seconds[0]
    goes_on = [*seconds, seconds[0] + 60] == list(range(seconds[0], seconds[0] + 61, step))
    through = _steps_of(minutes) if goes_on else None
    if through is None or through.step != 1:
        return None
    return Every(step, tuple((first * 60 + seconds[0], last * 60 + seconds[-1]) for first, last in through.stretches))
