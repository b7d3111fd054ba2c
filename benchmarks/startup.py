"""The start of a node with many stored jobs, beside its start on an empty database."""

from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.contestants import CARNATION, Contestant, carnation
from benchmarks.databases import MakeDatabase, open_server
from benchmarks.options import Options
from benchmarks.report import Measurement, Verdict, at_most, difference
from benchmarks.samples import Samples

BENCHMARK = "startup"
EMPTY = "0 jobs"
SECONDS, MEGABYTES = "s until the first body", "MB at most"
LIMITS = {10_000: {SECONDS: 1.0}, 100_000: {SECONDS: 5.0, MEGABYTES: 200.0}}


def measure(options: Options) -> Iterator[Measurement | Verdict]:
    """Carnation's, on a database for each number of jobs."""
    sizes = options.jobs or tuple(LIMITS)
    for database in options.databases:
        samples = Samples(benchmark=BENCHMARK, database=database)
        with open_server(database) as make, ExitStack() as stack:
            filled = {size: _filled(make, stack, size) for size in (0, *sizes)}
            for _round in range(options.rounds):
                for size, contestant in filled.items():
                    if result := samples.ask(contestant, BENCHMARK):
                        samples.add(CARNATION, f"{size:,} jobs", SECONDS, result["seconds"])
                        samples.add(CARNATION, f"{size:,} jobs", MEGABYTES, result["megabytes"])
        yield from samples.all()
        for size in sizes:
            yield from _compare(samples, size)


def _filled(make: MakeDatabase, stack: ExitStack, jobs: int) -> Contestant:
    contestant = carnation(make, stack, name=f"jobs_{jobs}")
    contestant.do("store", jobs=jobs)
    return contestant


def _compare(samples: Samples, size: int) -> Iterator[Measurement | Verdict]:
    """What so many jobs add to what an empty database takes."""
    for unit in (SECONDS, MEGABYTES):
        full, empty = samples.of(CARNATION, f"{size:,} jobs", unit), samples.of(CARNATION, EMPTY, unit)
        if full and empty:
            added = difference(full, empty)
            yield added
            if limit := LIMITS.get(size, {}).get(unit):
                yield at_most(f"What {size:,} jobs add to a start, {unit}", added, limit)
