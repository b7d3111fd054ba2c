"""Collects what contestants measure, one sample a round."""

import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.contestants import Contestant
from benchmarks.processes import ProcessFailed
from benchmarks.report import Measurement


class Samples:
    """The samples of one benchmark on one database."""

    def __init__(self, *, benchmark: str, database: str) -> None:
        self._benchmark = benchmark
        self._database = database
        self._samples: dict[tuple[str, str, str], list[float]] = {}
        self._failed: set[str] = set()

    def ask(self, contestant: Contestant, workload: str, **parameters: Any) -> dict[str, Any] | None:
        """Let a contestant do a workload; one that fails is said so of, once, and takes no further part."""
        if contestant.name in self._failed:
            return None
        try:
            return contestant.do(workload, **parameters)
        except ProcessFailed as error:
            print(f"{contestant.name} is out: {error}", file=sys.stderr)
            self._failed.add(contestant.name)
            return None

    def add(self, contestant: str, workload: str, unit: str, sample: float) -> None:
        """Keep a sample of this round."""
        self._samples.setdefault((contestant, workload, unit), []).append(sample)

    def of(self, contestant: str, workload: str, unit: str) -> Measurement | None:
        """What was measured of a contestant in every round; None where it was not there, or fell out."""
        samples = self._samples.get((contestant, workload, unit))
        if not samples or contestant in self._failed:
            return None
        return Measurement(
            benchmark=self._benchmark,
            database=self._database,
            contestant=contestant,
            workload=workload,
            unit=unit,
            samples=tuple(samples),
        )

    def all(self) -> Iterator[Measurement]:
        """All that was measured."""
        yield from filter(None, (self.of(*key) for key in self._samples))
