"""Expected concurrency: how many runs are going on at once, if each takes as long as its job's runs mostly did."""

from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import accumulate
from math import ceil

from scheduler.simulation.courses import Course
from scheduler.simulation.heat import Peak
from scheduler.simulation.subjects import Question, Subject
from scheduler.simulation.zones import SECOND
from scheduler.triggers.instants import stamp_of


def concurrency_of(runs: Iterable[tuple[Subject, Course]], question: Question) -> Peak:
    """Return the most runs that go on within one second. One whose length is not known counts for its first second."""
    first, size = stamp_of(question.start) // SECOND, question.length // timedelta(seconds=1) + 2
    # By how much more, or fewer, go on in each second than in the one before.
    steps = array("l", bytes(array("l").itemsize * (size + 1)))
    for subject, course in runs:
        length = max(ceil(subject.durations.median), 1) if subject.durations else 1
        starts = course.starts if length == 1 else _within_limit(course.starts, length, subject.max_instances)
        for stamp in starts:
            second = stamp // SECOND - first
            if second < size:
                steps[second] += 1
                steps[min(second + length, size)] -= 1
    going_on = array("l", accumulate(steps))
    count = max(going_on)
    return Peak(count=count, at=(first + going_on.index(count)) * SECOND) if count else Peak()


def _within_limit(starts: Sequence[int], length: int, most: int) -> Iterator[int]:
    """Yield the starts at which fewer than `most` runs of the job are going on."""
    ends: deque[int] = deque()
    for stamp in starts:
        while ends and ends[0] <= stamp:
            ends.popleft()
        if len(ends) < most:
            ends.append(stamp + length * SECOND)
            yield stamp
