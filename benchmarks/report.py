"""Measurements: what was measured of whom, with the spread; printed as JSON lines and as tables."""

import json
import operator
import os
import platform
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar

T = TypeVar("T")

PACKAGES = (
    "Django",
    "djangorestframework",
    "mysqlclient",
    "gunicorn",
    "APScheduler",
    "Flask-APScheduler",
    "SQLAlchemy",
    "django-apscheduler",
    "psycopg",
)


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One contestant at one workload: a sample for each round."""

    benchmark: str
    contestant: str
    workload: str
    unit: str
    samples: tuple[float, ...]
    database: str = ""

    @property
    def median(self) -> float:
        """The middle of the samples."""
        return statistics.median(self.samples)

    def as_dict(self) -> dict[str, Any]:
        """All of it, for machines."""
        return {
            "benchmark": self.benchmark,
            **({"database": self.database} if self.database else {}),
            "contestant": self.contestant,
            "workload": self.workload,
            "unit": self.unit,
            "median": round(self.median, 4),
            "lowest": round(min(self.samples), 4),
            "highest": round(max(self.samples), 4),
            "samples": [round(sample, 4) for sample in self.samples],
        }

    def __str__(self) -> str:
        median, lowest, highest = map(_shown, (self.median, min(self.samples), max(self.samples)))
        return f"{median} ({lowest}-{highest})"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A target, and whether what was measured meets it."""

    claim: str
    database: str
    target: str
    value: float
    met: bool

    def as_dict(self) -> dict[str, Any]:
        """All of it, for machines."""
        return {**asdict(self), "value": round(self.value, 4)}


def at_least(claim: str, measured: Measurement, target: float) -> Verdict:
    """Judge the median of what should be great."""
    return _verdict(claim, measured, f">= {target:g}", measured.median, measured.median >= target)


def at_most(claim: str, measured: Measurement, target: float) -> Verdict:
    """Judge the median of what should be small."""
    return _verdict(claim, measured, f"<= {target:g}", measured.median, measured.median <= target)


def none_of(claim: str, measured: Measurement) -> Verdict:
    """Judge what must not be in any round."""
    return _verdict(claim, measured, "0 in each round", max(measured.samples), not any(measured.samples))


def _verdict(claim: str, measured: Measurement, target: str, value: float, met: bool) -> Verdict:
    return Verdict(claim=claim, database=measured.database, target=target, value=value, met=met)


def ratio(ours: Measurement, theirs: Measurement) -> Measurement:
    """How many times ours is theirs, round by round: what slows the machine for a while slows both of a round."""
    return _compare(ours, theirs, "/", "x", operator.truediv)


def difference(more: Measurement, less: Measurement) -> Measurement:
    """What one is above another, round by round."""
    compared = _compare(more, less, "-", more.unit, operator.sub)
    return replace(compared, contestant=f"{more.contestant}, more than with {less.workload}")


def _compare(
    one: Measurement, other: Measurement, sign: str, unit: str, compare: Callable[[float, float], float]
) -> Measurement:
    return replace(
        one,
        contestant=f"{one.contestant} {sign} {other.contestant}",
        unit=unit,
        samples=tuple(compare(*pair) for pair in zip(one.samples, other.samples, strict=True)),
    )


def machine() -> dict[str, Any]:
    """What the figures depend on: cores, what else they do, Python, packages."""
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        **dict(_versions()),
    }


def print_as_json(values: Mapping[str, Any]) -> None:
    """Print one line of JSON at once."""
    print(json.dumps(values), flush=True)


def print_tables(measurements: Iterable[Measurement]) -> None:
    """Print a Markdown table for each unit: a row for each contestant, a column for each workload."""
    measurements = list(measurements)
    for database, unit in _distinct((each.database, each.unit) for each in measurements):
        chosen = [each for each in measurements if (each.database, each.unit) == (database, unit)]
        _print_table(f"{database}: {unit}" if database else unit, chosen)


def print_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Print a Markdown table of the targets."""
    if verdicts:
        print("\n| target | database | wanted | measured | met |\n| --- | --- | --- | --- | --- |")
    for each in verdicts:
        met = "yes" if each.met else "**no**"
        print(f"| {each.claim} | {each.database} | {each.target} | {_shown(each.value)} | {met} |", flush=True)


def _shown(value: float) -> str:
    """Three digits that count."""
    size = abs(value)
    return f"{value:.{0 if size >= 100 or not size else 1 if size >= 10 else 2 if size >= 0.1 else 3}f}"


def _versions() -> Iterable[tuple[str, str]]:
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            continue


def _print_table(title: str, measurements: Sequence[Measurement]) -> None:
    workloads = _distinct(each.workload for each in measurements)
    cells = {(each.contestant, each.workload): str(each) for each in measurements}
    print(f"\n| {title}, median (lowest-highest) | {' | '.join(workloads)} |")
    print(f"| --- |{' --- |' * len(workloads)}")
    for contestant in _distinct(each.contestant for each in measurements):
        row = [cells.get((contestant, workload), "") for workload in workloads]
        print(f"| {contestant} | {' | '.join(row)} |")


def _distinct(values: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(values))
