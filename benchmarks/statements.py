"""Statements for each run of a burst, commits included."""

from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.contestants import CARNATION, carnation
from benchmarks.databases import open_server
from benchmarks.options import Options
from benchmarks.report import Measurement, Verdict, at_most
from benchmarks.samples import Samples

BENCHMARK = "statements"
UNIT = "statements a fire"


def measure(options: Options) -> Iterator[Measurement | Verdict]:
    """Carnation's, counted in its own process."""
    for database in options.databases:
        samples = Samples(benchmark=BENCHMARK, database=database)
        with open_server(database) as make, ExitStack() as stack:
            contestant = carnation(make, stack)
            for jobs in options.jobs or (10_000,):
                for _round in range(options.rounds):
                    if result := samples.ask(contestant, BENCHMARK, jobs=jobs, limit=options.limit):
                        samples.add(CARNATION, f"{jobs:,} jobs", UNIT, result["statements"])
                if measured := samples.of(CARNATION, f"{jobs:,} jobs", UNIT):
                    yield measured
                    yield at_most(f"Statements a fire in a burst of {jobs:,}", measured, 0.05)
