"""How long it takes to travel in time: 30 days of 200 jobs, on the copy in memory that `manage.py timetravel` makes."""

from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks.contestants import CARNATION, carnation
from benchmarks.databases import open_server
from benchmarks.options import Options
from benchmarks.report import Measurement, Verdict, at_most
from benchmarks.samples import Samples

BENCHMARK = "timetravel"
DAYS = 30
LIMIT = 10.0
MIXES = {
    "mixed": "200 jobs at minutes of five",
    "spread": "200 jobs at any minute",
    "minutely": "1 job, each minute",
}
UNITS = {"seconds": "s", "of_core": "s of a core", "rows": "rows", "instants": "instants"}


def measure(options: Options) -> Iterator[Measurement | Verdict]:
    """Carnation's. Whatever the real database is, the copy is the same; so the jobs are stored in SQLite."""
    samples = Samples(benchmark=BENCHMARK, database="SQLite")
    with open_server("SQLite") as make, ExitStack() as stack:
        contestant = carnation(make, stack)
        for _round in range(options.rounds):
            for mix, workload in MIXES.items():
                if result := samples.ask(contestant, BENCHMARK, mix=mix, days=DAYS):
                    for name, unit in UNITS.items():
                        samples.add(CARNATION, workload, unit, result[name])
    yield from samples.all()
    for mix in ("mixed", "spread"):
        if measured := samples.of(CARNATION, MIXES[mix], "s"):
            yield at_most(f"{DAYS} days of {MIXES[mix]}, s", measured, LIMIT)
