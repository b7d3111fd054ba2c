"""How soon a node obeys what another process changes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from benchmarks.contestants import CARNATION, Contestant, carnation
from benchmarks.databases import open_server
from benchmarks.options import Options
from benchmarks.report import Measurement, Verdict, at_most
from benchmarks.samples import Samples

BENCHMARK = "pickup"
CHANGES = ("add", "edit", "run now", "pause")
P50, P99 = "s until obeyed, p50", "s until obeyed, p99"


def measure(options: Options) -> Iterator[Measurement | Verdict]:
    """Carnation's, each kind of change on a database and with a node of its own: they all but sleep."""
    for database in options.databases:
        samples = Samples(benchmark=BENCHMARK, database=database)
        with open_server(database) as make, ExitStack() as stack:
            places = {change: carnation(make, stack, name=change.replace(" ", "_")) for change in CHANGES}
            for _round in range(options.rounds):
                _race(places, samples, options.tries)
        for measured in samples.all():
            yield measured
            if measured.unit == P99:
                yield at_most(f"Pick-up of {measured.workload!r}, p99", measured, 1.1)


def _race(places: dict[str, Contestant], samples: Samples, tries: int) -> None:
    with ThreadPoolExecutor(len(places)) as pool:
        asked = {
            change: pool.submit(samples.ask, contestant, BENCHMARK, change=change, tries=tries)
            for change, contestant in places.items()
        }
    for change, answer in asked.items():
        if result := answer.result():
            samples.add(CARNATION, change, P50, result["p50"])
            samples.add(CARNATION, change, P99, result["p99"])
