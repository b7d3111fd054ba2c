"""N hourly jobs that do nothing, due at one instant: fires each second, lags, and what is dropped."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from benchmarks.contestants import (
    BARE_CLAIM,
    CARNATION,
    CELERY_BEAT,
    DJANGO_APSCHEDULER,
    MEMORY_STORE,
    SQLALCHEMY_STORE,
    Contestant,
    bare_claim,
    by_default,
    carnation,
    is_wanted,
    peers,
)
from benchmarks.databases import open_server
from benchmarks.options import Options
from benchmarks.report import Measurement, Verdict, at_least, none_of, ratio
from benchmarks.samples import Samples

BENCHMARK = "burst"
FACTORS = {"SQLite": 12, "MariaDB": 40, "PostgreSQL": 40}
LARGEST = 10_000


def measure(options: Options) -> Iterator[Measurement | Verdict]:
    """All contestants in turn, round by round, on each database."""
    for database in options.databases:
        with open_server(database) as make, ExitStack() as stack:
            contestants = list(peers(make, stack, options.contestants))
            if is_wanted(CARNATION, options.contestants):
                contestants.insert(0, carnation(make, stack))
            if database != "SQLite" and is_wanted(BARE_CLAIM, options.contestants):
                contestants.append(bare_claim(make, stack))
            for jobs in options.jobs or (100, 1_000, LARGEST):
                measured = race(contestants, jobs, database, options)
                yield from measured.all()
                yield from ratios(measured, jobs, database)


def race(contestants: Sequence[Contestant], jobs: int, database: str, options: Options) -> Samples:
    """Let everybody fire so many jobs in each round; APScheduler's kin with its default grace, too."""
    lenient = [each for each in contestants if "grace" in each.parameters]
    samples = Samples(benchmark=BENCHMARK, database=database)
    for _round in range(options.rounds):
        for contestant in (*contestants, *map(by_default, lenient)):
            if result := samples.ask(contestant, BENCHMARK, jobs=jobs, limit=options.limit):
                add(samples, contestant.name, f"{jobs:,} jobs", result, jobs=jobs)
    return samples


def add(samples: Samples, name: str, workload: str, result: Mapping[str, Any], *, jobs: int) -> None:
    """Keep what one run of a contestant came to."""
    samples.add(name, workload, "fires/s", result["rate"])
    samples.add(name, workload, "ms of lag, p50", result["p50"] * 1_000)
    samples.add(name, workload, "ms of lag, p99", result["p99"] * 1_000)
    samples.add(name, workload, "not run", jobs - result["fires"])
    if "cores" in result:
        samples.add(name, workload, "cores busy", result["cores"])
        samples.add(name, workload, "us of a core a fire", result["cores"] / max(result["rate"], 1e-6) * 1_000_000)


def ratios(samples: Samples, jobs: int, database: str) -> Iterator[Measurement | Verdict]:
    """Carnation beside each peer, and whether the targets of the largest burst are met."""
    workload = f"{jobs:,} jobs"
    ours, dropped = samples.of(CARNATION, workload, "fires/s"), samples.of(CARNATION, workload, "not run")
    floors = {DJANGO_APSCHEDULER: FACTORS[database], MEMORY_STORE: 0.8}
    if dropped and jobs == LARGEST:
        yield none_of(f"A burst of {jobs:,} drops none", dropped)
    if (barely := samples.of(BARE_CLAIM, workload, "fires/s")) and (
        memory := samples.of(MEMORY_STORE, workload, "fires/s")
    ):
        yield ratio(barely, memory)
    for peer in (MEMORY_STORE, SQLALCHEMY_STORE, DJANGO_APSCHEDULER, CELERY_BEAT, BARE_CLAIM):
        theirs = samples.of(peer, workload, "fires/s")
        if ours and theirs:
            compared = ratio(ours, theirs)
            yield compared
            if jobs == LARGEST and peer in floors:
                yield at_least(f"A burst of {jobs:,}: fires/s / {peer}", compared, floors[peer])
