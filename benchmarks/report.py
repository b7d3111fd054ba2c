"""Measurements: what was measured of whom, with the spread; printed as JSON lines and as tables."""

import json
import os
import platform
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

PACKAGES = (
    "Django",
    "djangorestframework",
    "mysqlclient",
    "gunicorn",
    "APScheduler",
    "Flask-APScheduler",
    "SQLAlchemy",
)


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One contestant at one workload: a sample for each round."""

    benchmark: str
    contestant: str
    workload: str
    unit: str
    samples: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the samples."""
        return statistics.median(self.samples)

    def as_dict(self) -> dict[str, Any]:
        """All of it, for machines."""
        return {
            "benchmark": self.benchmark,
            "contestant": self.contestant,
            "workload": self.workload,
            "unit": self.unit,
            "median": round(self.median, 2),
            "lowest": round(min(self.samples), 2),
            "highest": round(max(self.samples), 2),
            "samples": [round(sample, 2) for sample in self.samples],
        }

    def __str__(self) -> str:
        median, lowest, highest = map(_shown, (self.median, min(self.samples), max(self.samples)))
        return f"{median} ({lowest}-{highest})"


def ratio(ours: Measurement, theirs: Measurement) -> Measurement:
    """How many times ours is theirs, round by round: what slows the machine for a while slows both of a round."""
    return Measurement(
        benchmark=ours.benchmark,
        contestant=f"{ours.contestant} / {theirs.contestant}",
        workload=ours.workload,
        unit="x",
        samples=tuple(mine / other for mine, other in zip(ours.samples, theirs.samples, strict=True)),
    )


def machine() -> dict[str, Any]:
    """What the figures depend on: cores, Python, packages."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), **dict(_versions())}


def print_as_json(values: Mapping[str, Any]) -> None:
    """Print one line of JSON at once."""
    print(json.dumps(values), flush=True)


def print_tables(measurements: Iterable[Measurement]) -> None:
    """Print a Markdown table for each unit: a row for each contestant, a column for each workload."""
    measurements = list(measurements)
    for unit in _distinct(each.unit for each in measurements):
        _print_table(unit, [each for each in measurements if each.unit == unit])


def _shown(value: float) -> str:
    """Three digits that count."""
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2}f}"


def _versions() -> Iterable[tuple[str, str]]:
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue


def _print_table(unit: str, measurements: Sequence[Measurement]) -> None:
    workloads = _distinct(each.workload for each in measurements)
    cells = {(each.contestant, each.workload): str(each) for each in measurements}
    print(f"\n| {unit}, median (lowest-highest) | {' | '.join(workloads)} |")
    print(f"| --- |{' --- |' * len(workloads)}")
    for contestant in _distinct(each.contestant for each in measurements):
        row = [cells.get((contestant, workload), "") for workload in workloads]
        print(f"| {contestant} | {' | '.join(row)} |")


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
