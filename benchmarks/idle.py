"""A node with many jobs and nothing to do."""

from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.contestants import CARNATION, carnation
from benchmarks.databases import open_server
from benchmarks.options import Options
from benchmarks.report import Measurement, Verdict, at_most
from benchmarks.samples import Samples

BENCHMARK = "idle"
CPU, STATEMENTS = "% of a core", "statements/s"
LIMITS = {CPU: 1.0, STATEMENTS: 4.0}


def measure(options: Options) -> Iterator[Measurement | Verdict]:
    """Carnation's."""
    for database in options.databases:
        samples = Samples(benchmark=BENCHMARK, database=database)
        with open_server(database) as make, ExitStack() as stack:
            contestant = carnation(make, stack)
            for jobs in options.jobs[:1] or (100_000,):
                contestant.do("store", jobs=jobs)
                for _round in range(options.rounds):
                    if result := samples.ask(contestant, BENCHMARK, seconds=options.seconds):
                        samples.add(CARNATION, f"{jobs:,} jobs", CPU, result["cpu"])
                        samples.add(CARNATION, f"{jobs:,} jobs", STATEMENTS, result["statements"])
        for measured in samples.all():
            yield measured
            yield at_most(f"Idle with {measured.workload}, {measured.unit}", measured, LIMITS[measured.unit])
