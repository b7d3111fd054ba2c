"""Expected concurrency: how many runs are going on at once, if each takes as long as its job's runs mostly did."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from scheduler.simulation.courses import Course
from scheduler.simulation.heat import Peak
from scheduler.simulation.subjects import Subject
from scheduler.simulation.zones import SECOND


def concurrency_of(runs: Iterable[tuple[Subject, Course]]) -> Peak:
    """Return the most runs that go on within one second. One whose length is not known counts for its first second."""
    steps: defaultdict[int, int] = defaultdict(int)
    for subject, course in runs:
        length = max(ceil(subject.durations.median), 1) if subject.durations else 1
        starts = course.starts if length == 1 else _within_limit(course.starts, length, subject.max_instances)
        for stamp in starts:
            second = stamp // SECOND
            steps[second] += 1
            steps[second + length] -= 1
    return _peak_of(steps)


def _within_limit(starts: Sequence[int], length: int, most: int) -> Iterator[int]:
    """Yield the starts at which fewer than `most` runs of the job are going on."""
    ends: deque[int] = deque()
    for stamp in starts:
        while ends and ends[0] <= stamp:
            ends.popleft()
        if len(ends) < most:
            ends.append(stamp + length * SECOND)
            yield stamp


def _peak_of(steps: dict[int, int]) -> Peak:
    going_on, peak = 0, Peak()
    for second in sorted(steps):
        going_on += steps[second]
        if going_on > peak.count:
            peak = Peak(count=going_on, at=second * SECOND)
    return peak
