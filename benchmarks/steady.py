"""The greatest number of jobs each second of which none is lost, and 99 in 100 begin within a second."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from benchmarks.contestants import (
    CARNATION,
    CELERY_BEAT,
    DJANGO_APSCHEDULER,
    MEMORY_STORE,
    SQLALCHEMY_STORE,
    Contestant,
    carnation,
    is_wanted,
    peers,
)
from benchmarks.databases import open_server
from benchmarks.options import Options
from benchmarks.processes import ProcessFailed
from benchmarks.report import Measurement, Verdict, at_least, ratio
from benchmarks.samples import Samples

BENCHMARK = "steady"
WORKLOAD, UNIT = "greatest rate held", "jobs each second"
ONE_NODE, TWO_NODES = f"{CARNATION}, one node", f"{CARNATION}, two nodes"
FLOORS = {"SQLite": 1_500, "MariaDB": 4_000, "PostgreSQL": 4_000}
# Where each search begins.
FIRST_GUESSES = {MEMORY_STORE: 2_000, SQLALCHEMY_STORE: 200, DJANGO_APSCHEDULER: 50, CELERY_BEAT: 25}
LARGEST_LAG_SECONDS = 1.0
FEWEST = 10


@dataclass(frozen=True, kw_only=True)
class Runner:
    """A contestant, how it is asked, and where the search for its rate begins."""

    name: str
    contestant: Contestant
    first_guess: int
    parameters: dict[str, Any] = field(default_factory=dict)


def measure(options: Options) -> Iterator[Measurement | Verdict]:
    """Search the rate of everybody, round by round, on each database."""
    for database in options.databases:
        samples = Samples(benchmark=BENCHMARK, database=database)
        with open_server(database) as make, ExitStack() as stack:
            runners = [_runner(each) for each in peers(make, stack, options.contestants)]
            if is_wanted(CARNATION, options.contestants):
                runners = [*_nodes(carnation(make, stack), FLOORS[database]), *runners]
            for _round in range(options.rounds):
                for runner in runners:
                    samples.add(runner.name, WORKLOAD, UNIT, search(runner, options))
        yield from samples.all()
        yield from _judge(samples, database)


def search(runner: Runner, options: Options) -> int:
    """Double while it holds, or halve until it does; then add a half of it, and a quarter, where that holds."""
    rate = options.jobs[0] if options.jobs else runner.first_guess
    if holds(runner, rate, options):
        while holds(runner, rate * 2, options):
            rate *= 2
    else:
        rate //= 2
        while rate >= FEWEST and not holds(runner, rate, options):
            rate //= 2
    if rate < FEWEST:
        return 0
    for more in (rate // 2, rate // 4):
        if holds(runner, rate + more, options):
            rate += more
    return rate


def holds(runner: Runner, rate: int, options: Options) -> bool:
    """Run so many jobs each second, and say what came of it; what fails does not hold."""
    step = {"step": runner.name, "jobs each second": rate}
    try:
        seconds = int(options.seconds)
        result = runner.contestant.do(BENCHMARK, jobs=rate, seconds=seconds, **runner.parameters)
    except ProcessFailed as error:
        print(json.dumps({**step, "failed": str(error)}), file=sys.stderr, flush=True)
        return False
    print(json.dumps({**step, "result": result}), file=sys.stderr, flush=True)
    return bool(result["lost"] == 0 and result["p99"] < LARGEST_LAG_SECONDS)


def _nodes(contestant: Contestant, floor: int) -> list[Runner]:
    return [
        Runner(name=name, contestant=contestant, first_guess=floor, parameters={"nodes": nodes})
        for name, nodes in ((ONE_NODE, 1), (TWO_NODES, 2))
    ]


def _runner(peer: Contestant) -> Runner:
    return Runner(name=peer.name, contestant=peer, first_guess=FIRST_GUESSES[peer.name])


def _judge(samples: Samples, database: str) -> Iterator[Measurement | Verdict]:
    one, two = samples.of(ONE_NODE, WORKLOAD, UNIT), samples.of(TWO_NODES, WORKLOAD, UNIT)
    if not one or not two:
        return
    yield at_least("Jobs each second, one node", one, FLOORS[database])
    if all(one.samples):
        both = ratio(two, one)
        yield both
        # Two that carry the same carry no more.
        yield at_least("Two nodes carry more than one", both, 1.01)
    for peer in FIRST_GUESSES:
        theirs = samples.of(peer, WORKLOAD, UNIT)
        if theirs and all(theirs.samples):
            yield ratio(one, theirs)
